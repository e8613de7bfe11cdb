package providers

import (
	"encoding/base32"
	"encoding/base64"
	"encoding/binary"
	"hash/crc32"
	"strconv"
	"strings"
	"time"

	"github.com/stagewall/stagewall/detectors"
)

const (
	azureMetadata = azureFormats + "/blob/main/src/Microsoft.Security.Utilities.Core/IdentifiableMetadata.cs"
	azureCask     = azureFormats + "/blob/main/src/Microsoft.Security.Utilities.Core/IdentifiableSecrets.cs"
)

// azureRole is what the seed of a key's checksum says that the key is for.
type azureRole struct {
	seed   string // eight characters
	says   string
	atMost detectors.Privilege // exactly what it allows; 0: the role does not tell
}

// azureService is a service whose keys hold its mark, right before the six characters that end with the checksum.
type azureService struct {
	mark, kind string
	roles      []azureRole
}

// azureServices lists the marks and the seeds of checksums.
// https://github.com/microsoft/security-utilities/blob/main/src/Microsoft.Security.Utilities.Core/IdentifiableMetadata.cs
func azureServices() []azureService {
	messaging := []azureRole{
		{"Manage00", "a key that manages", detectors.Full},
		{"Send0000", "a key that sends", detectors.Write},
		{"Listen00", "a key that listens", detectors.Read | detectors.Destroy}, // who listens takes messages away
		{"System00", "a key of the system", 0},
		{"Unknown0", "a key of a custom policy", 0},
	}
	return []azureService{
		{"+ASt", azureStorageKey, []azureRole{{"Default0", "the key of a storage account", 0}}},
		{"ACDb", azureCosmosKey, []azureRole{
			{"MastRW00", "a key that reads and writes", detectors.Full},
			{"MastRO00", "a read-only key", detectors.Read},
			{"SystRW00", "a key of the system that reads and writes", 0},
			{"SystRO00", "a read-only key of the system", detectors.Read},
			{"SysAll00", "a key of the system", 0},
			{"Resour00", "a key of a resource", 0},
			{"Encryp00", "a key that encrypts data", 0},
		}},
		{"+ASb", azureMessagingKey, messaging},
		{"+AEh", azureMessagingKey, messaging},
		{"+ARm", azureMessagingKey, messaging},
		{"AIoT", azureMessagingKey, []azureRole{
			{"IoTHub00", "a key of an IoT hub", 0}, {"DpsKey00", "a key that provisions devices", 0}, {"Device00", "a key of a device", 0},
		}},
		{"AzCa", azureServiceKey, []azureRole{{"Access00", "the access key of a cache", detectors.UnknownPower}}},
		{"AzSe", azureServiceKey, []azureRole{
			{"PAdmin00", "an admin key of a search service", detectors.Full}, {"Query000", "a query key of a search service", detectors.Read},
		}},
		{"AzFu", azureServiceKey, []azureRole{
			{"Master00", "the master key of a function app", detectors.Full}, {"System00", "a system key of a function app", 0},
			{"Functi00", "the key of a function", 0},
		}},
		{"+ACR", azureServiceKey, []azureRole{{"ACRDflt0", "the key of a registry", 0}}},
	}
}

// decodeAzureKey reads a key that ends with its service's mark and a checksum. Which of the service's seeds the checksum was made with
// says what the key is for; if it was made with none of them, the text only looks like a key.
func decodeAzureKey(key string) (detectors.Decoded, bool) {
	const checksum = 6 // characters: the last two bits of key before it, and 4 bytes
	body := strings.TrimRight(key, "=")
	if len(key) > 128 || len(body) < 40 {
		return detectors.Decoded{}, false
	}
	at := len(body) - checksum - 4
	for _, service := range azureServices() {
		if body[at:at+4] != service.mark {
			continue
		}
		raw, err := base64.RawStdEncoding.DecodeString(strings.NewReplacer("-", "+", "_", "/").Replace(body))
		if err != nil {
			return detectors.Decoded{}, false
		}
		for _, role := range service.roles {
			if azureChecksum(raw, role.seed, service.mark == "AzCa") {
				return role.decoded(service.kind), true
			}
		}
		return detectors.Decoded{Reject: "its checksum is wrong"}, true
	}
	return detectors.Decoded{}, false
}

func (r azureRole) decoded(kind string) detectors.Decoded {
	return detectors.Decoded{
		Kind: kind, AtMost: r.atMost, Exact: r.atMost != 0,
		Evidence: []detectors.Evidence{{About: "privilege", Says: "its checksum says that it is " + r.says, Source: azureMetadata}},
	}
}

// azureChecksum reports whether the last four bytes are the checksum of the others. In a cache's keys + and / of the base 64 are replaced,
// after the checksum was made.
func azureChecksum(raw []byte, seed string, plain bool) bool {
	cut := len(raw) - 4
	var sum [4]byte
	binary.LittleEndian.PutUint32(sum[:], marvin32(raw[:cut], binary.BigEndian.Uint64([]byte(seed))))
	if !plain {
		return string(sum[:]) == string(raw[cut:])
	}
	made := base64.RawStdEncoding.EncodeToString(append(raw[:cut:cut], sum[:]...))
	return strings.NewReplacer("+", "P", "/", "F").Replace(made) == strings.NewReplacer("+", "P", "/", "F").Replace(base64.RawStdEncoding.EncodeToString(raw))
}

// decodeAzureCask reads a key of the common form, of 84 or 88 characters: 52 random ones, JQQJ, two for who made it, its year and its month
// (A is 2024, and January), 16 that are reserved, the service's name and a checksum. The checksum is not checked: its form differs between
// the makers of keys.
func decodeAzureCask(key string) (detectors.Decoded, bool) {
	const mark, year, month, provider, end = 52, 58, 59, 76, 80
	if len(key) < end || len(key) > 88 {
		return detectors.Decoded{}, false
	}
	d := detectors.Decoded{Kind: azureServiceKey}
	if name := key[provider:end]; name == "AZDO" {
		d.Kind = azureDevOpsToken
	} else if key[mark:mark+4] != "JQQJ" {
		return detectors.Decoded{}, false
	}
	if y, m := int(key[year]-'A'), int(key[month]-'A'); key[mark:mark+4] == "JQQJ" && y >= 0 && y < 26 && m >= 0 && m < 12 {
		says := "its text says that it was made in " + time.Month(m+1).String() + " " + strconv.Itoa(2024+y)
		d.Evidence = []detectors.Evidence{{About: "kind", Says: says, Source: azureCask}}
	}
	return d, true
}

// isAzureDevOpsToken checks the checksum of a personal access token of the old form: 52 characters of base 32 are 32 bytes, of which four
// are the CRC-32 of the others, combined with one of two numbers.
// https://github.com/microsoft/security-utilities/blob/main/src/Microsoft.Security.Utilities.Core/PreciselyClassifiedSecurityKeys/SEC101_102_AdoPat.cs
func isAzureDevOpsToken(token string) bool {
	raw, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(strings.ToUpper(token))
	if err != nil || len(raw) != 32 {
		return false
	}
	var random []byte
	for _, part := range [][]byte{raw[:2], raw[3:7], raw[9:22], raw[23:]} {
		random = append(random, part...)
	}
	const user, application = 0xE0B9692D, 0x1019F92E
	crc := crc32.ChecksumIEEE(random)
	sum := binary.LittleEndian.Uint32([]byte{raw[22], raw[8], raw[7], raw[2]})
	return sum == crc^user || sum == crc^application
}
