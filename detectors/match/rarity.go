package match

import "math"

// frequency returns which part of all pairs of bytes in sources is the given one, in any case, roughly.
func frequency(a, b byte) float64 {
	return frequencyOfKinds(int(kindsByByte[a]), int(kindsByByte[b]))
}

func frequencyOfKinds(a, b int) float64 { return halfPowers[rarities[a*kindsOfBytes+b]] }

// kindsOf returns a 1 for every kind of bytes that the set has.
func kindsOf(set byteSet) (kinds [kindsOfBytes]float64) {
	for c := range set.all() {
		kinds[kindsByByte[c]] = 1
	}
	return kinds
}

// frequencyOfAll returns which part of all sequences of so many bytes in sources is the given one, in any case, if what a byte is depends on the
// one before only.
func frequencyOfAll(text string) float64 {
	part := frequency(text[0], text[1])
	for i := 1; i < len(text)-1; i++ {
		part *= frequency(text[i], text[i+1]) / shares[kindsByByte[text[i]]]
	}
	return part
}

// shares are the parts of all bytes in sources that are of a kind.
var shares = func() (shares [kindsOfBytes]float64) {
	for i, c := range []byte(rarities) {
		shares[i/kindsOfBytes] += halfPowers[c]
	}
	return shares
}()

// halfPowers are the powers of √½ by their exponents' letters in the table of rarities.
var halfPowers = func() (powers ['z' + 1]float64) {
	power := 1.0
	for _, c := range []byte(rarityScale) {
		powers[c] = power
		power /= math.Sqrt2
	}
	return powers
}()

// kindsOfBytes is how many kinds of bytes the table of rarities tells apart: each letter in any case, digits, some signs, and the rest.
const kindsOfBytes = 39

var kindsByByte = func() (kinds [256]uint8) {
	for c := range kinds {
		kinds[c] = kindsOfBytes - 1
	}
	for i := range uint8(26) {
		kinds['a'+i], kinds['A'+i] = i, i
	}
	for i, alike := range []string{"0123456789", " ", "\"'`", "_", "-", ".", ":", "/", "=", "(){}[]<>", "\n\r\t", ",;"} {
		for _, c := range []byte(alike) {
			kinds[c] = uint8(26 + i)
		}
	}
	return kinds
}()

// rarityScale is the scale of rarities: a pair of which there is one among 2 is a 2, one among 4 a 4, one among √2·2ⁿ the letter 2n+1.
const rarityScale = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

// rarities holds how rare a pair of bytes is in sources: a row for each kind of the first byte, in it a letter of [rarityScale] for each kind of
// the second. It was counted in three trees, each of which has the same weight: the library of Go 1.26 (Go),
// https://github.com/microsoft/playwright (TypeScript) and https://github.com/argoproj/argo-cd (YAML, Go, TypeScript). TestRarities counts it
// anew: go test -v -run TestRarities ./detectors/match -trees TREE,TREE,TREE.
const rarities = "" +

	"IJHIONITJUMFHGSHRFHEKMLOKSRKUTQNPRTTTPg" +
	"KQORIRSUMLRKSUKRULORKTUSLWSOVTUNSSVUUPg" +
	"HRMNHRQHMWJJOSFPTJMGMRTTPXRJUPUMQSTSTPh" +
	"JOOKFPRSIVTMPQKOSLLOMRRROWRGPPOMMQRQQNe" +
	"HMGGKJLPMSRHIFMJKDEFPJKGMURENNNIHPONNLc" +
	"JSQPLJTVHWVMPQIRWKNMJWVVRXRHVRUQPWURTQd" +
	"NRPTGRQLKWUNQNJQVLLOOSUVTTVJSPSMQPTROOf" +
	"ITSSGTTVIWVRRTJSWNPJOVUXQWWKTSTPOUUTUSi" +
	"LMHJJHJVSUSHIDGKUKGGRLVNWLWOWVSQPQWUVTg" +
	"RUVWLWWWVXWWUWQVVWNWTWUWXXZTbdbRZSbaaXi" +
	"OTSTJTPVLWWTSQSSVTOSOWUXVXUMUTTPTUUUTSi" +
	"IPQKFPTSGWTIPSHNUQKJJQSWMVWJRQRNPRSQRPg" +
	"HNRNFTTUKUTOMSJJWTLOMUVWRTVLURTNQPWTUTj" +
	"HRHGGKGSJTONPMINVPGELMTVOVWGPQOMLQTQPPe" +
	"LKIIOJMRMNMIIEJHWFJIHKJPSTXJSQPNNPVTUTi" +
	"GSONGSRNLXPIQRHJVHKILRSROWVMTQRNPTWSURi" +
	"SUUUVXVWVXVVUXWVUVVWKXWXWXXQYVdTYZWZYUl" +
	"HQJMDMJSGWMMLIFOTHIIJLQVLXRGQOOLNRTOQOf" +
	"KOJPFQQJHUNNOOIJTOIEJRPUKUVFONNIJMRPPNd" +
	"GOKNENQFFVSMNOGKUGIJIQOOHUQFOMMILOQNOMd" +
	"MLMOHOOWJWWILHTLVGIIVWVNWVXQZYaUYYXaYXl" +
	"ISRQHTTUKXVSRSOPSTQSUSRSWWRPTOVNURYVWUk" +
	"JTRSLTTMKXTTTOMQVLMSUSQWWWXMVUUQUWWWWUk" +
	"MNNPMNWVNWWUSUSKWUSJUUUQRWLLURRQQUVTUQg" +
	"QSQQQTUVRXVOOLPIWPMMUVNWWVWJSRROOSUSRRf" +
	"SVVWLXWWRXXWSXTXXUWXUXWVVUXUVYYVZYcbZZl" +
	"RSSSSRYXYZZWWYYWXYVVXWYMZXONVUUPRWaUSOe" +
	"FHGIGHKJFPMIIHHHRGFEJJIJNQL5JNKPJJGJWWU" +
	"QRQRRQSRRUVSRRTQaROPTSTWZaYNRYURNTXRRMd" +
	"ORNPQPQSOXUQPQQOXONOQQSWYXTQaQhWbbXZdRn" +
	"PQNQQQRSQWRQRRQPZQNPSRSVZXSLYgMUfXVZUYh" +
	"KOKMLMMOMQPNMMMLVLKKOPPTSVRLTOcLbQdVMZe" +
	"UTTWUVYWVaaVWSVUbUUUYXYaaaVESeZbRNJWLgh" +
	"NQOORSORQTTQRSTOXQOPRPQUVXWHWbXUcHeXPYb" +
	"TUUVTUXXWZYWVSVWaWWSVWXZaaWFQcZaiaKRXah" +
	"SSRTSSWURaXUTTTSbRQQVSWUZaWLRXXQUTVQMNg" +
	"PQORQNSUMWUSQRSQZMOOVOTTWZWGSTSWbLbQHdc" +
	"VUSVRVTXTbVXVTTWYTUTXVYaZcXFUcYbkfoYKei" +
	"ceedffghdhigfdfdfebcedgXlmgWfkhfdbahckk"
