package providers

import (
	"bytes"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"math/big"
	"slices"
	"strings"
	"time"

	"github.com/stagewall/stagewall/detectors"
)

const certificateSource = "https://www.rfc-editor.org/rfc/rfc5280"

// certificate is what matters here of a certificate. The standard library's own package is not used: it brings a network with it.
type certificate struct {
	subject, issuer pkix.Name
	until           time.Time
	names           []string // of hosts
	authority       bool     // it signs other certificates
	server, client  bool     // what it may be used for; neither is said where it may be used for all
}

// certificateText is a certificate in DER, up to what is read of it.
type certificateText struct {
	Body struct {
		Version    int `asn1:"optional,explicit,default:0,tag:0"`
		Serial     *big.Int
		Algorithm  pkix.AlgorithmIdentifier
		Issuer     asn1.RawValue
		Validity   struct{ From, Until time.Time }
		Subject    asn1.RawValue
		Key        asn1.RawValue
		IssuerID   asn1.BitString   `asn1:"optional,tag:1"`
		SubjectID  asn1.BitString   `asn1:"optional,tag:2"`
		Extensions []pkix.Extension `asn1:"omitempty,optional,explicit,tag:3"`
	}
	Algorithm pkix.AlgorithmIdentifier
	Signature asn1.BitString
}

// What a certificate's extensions are called: https://www.rfc-editor.org/rfc/rfc5280#section-4.2
var (
	extensionNames  = asn1.ObjectIdentifier{2, 5, 29, 17}
	extensionBasic  = asn1.ObjectIdentifier{2, 5, 29, 19}
	extensionUsage  = asn1.ObjectIdentifier{2, 5, 29, 37}
	usageServerAuth = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 3, 1}
	usageClientAuth = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 3, 2}
)

// readCertificate reads the first certificate of a text in PEM.
func readCertificate(text []byte) (c certificate, ok bool) {
	if len(text) > longestText {
		return c, false
	}
	block, _ := pem.Decode(text)
	for block != nil && block.Type != "CERTIFICATE" {
		_, text, _ = bytes.Cut(text, []byte("-----END"))
		block, _ = pem.Decode(text)
	}
	var der certificateText
	if block == nil {
		return c, false
	}
	if _, err := asn1.Unmarshal(block.Bytes, &der); err != nil {
		return c, false
	}
	c.subject, c.issuer, c.until = nameOf(der.Body.Subject), nameOf(der.Body.Issuer), der.Body.Validity.Until
	for _, e := range der.Body.Extensions {
		c.extension(e)
	}
	return c, true
}

func nameOf(raw asn1.RawValue) pkix.Name {
	var sequence pkix.RDNSequence
	var name pkix.Name
	if _, err := asn1.Unmarshal(raw.FullBytes, &sequence); err == nil {
		name.FillFromRDNSequence(&sequence)
	}
	return name
}

func (c *certificate) extension(e pkix.Extension) {
	switch {
	case e.Id.Equal(extensionNames):
		const dns, most = 2, 64
		var names []asn1.RawValue
		if _, err := asn1.Unmarshal(e.Value, &names); err != nil {
			return
		}
		for _, n := range names {
			if n.Class == asn1.ClassContextSpecific && n.Tag == dns && len(c.names) < most {
				c.names = append(c.names, strings.ToLower(strings.TrimPrefix(string(n.Bytes), "*.")))
			}
		}
	case e.Id.Equal(extensionBasic):
		var basic struct {
			Authority bool `asn1:"optional"`
			Length    int  `asn1:"optional,default:-1"`
		}
		_, err := asn1.Unmarshal(e.Value, &basic)
		c.authority = err == nil && basic.Authority
	case e.Id.Equal(extensionUsage):
		var usages []asn1.ObjectIdentifier
		if _, err := asn1.Unmarshal(e.Value, &usages); err == nil {
			c.server = slices.ContainsFunc(usages, usageServerAuth.Equal)
			c.client = slices.ContainsFunc(usages, usageClientAuth.Equal)
		}
	}
}

// says returns what a certificate says of its key: whose it is, who issued it, and until when it lasts.
func (c certificate) says(d detectors.Decoded) detectors.Decoded {
	about := "its certificate is for " + shown(c.subject)
	if issuer := shown(c.issuer); issuer != shown(c.subject) {
		about += ", issued by " + issuer
	}
	d.Evidence = append(d.Evidence, detectors.Evidence{About: "kind", Says: about, Source: certificateSource})
	return until(d, float64(c.until.Unix()), certificateSource+"#section-4.1.2.5")
}

// shown is a name for people: its common name, or its organisation, without control characters.
func shown(n pkix.Name) string {
	name := n.CommonName
	if name == "" {
		name = strings.Join(n.Organization, ", ")
	}
	if name = plain(name); name == "" {
		return "nobody that it names"
	}
	return name
}

// plain returns a text without control characters, cut to what a line holds.
func plain(text string) string {
	const longest = 80
	text = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r == '�' {
			return -1
		}
		return r
	}, text)
	if runes := []rune(text); len(runes) > longest {
		text = string(runes[:longest])
	}
	return text
}

// decodeCertificateKey reads a private key with the certificate beside it. The names of a server's certificate are the hosts that the key can
// pass for; a client's are its own. The key of an authority signs certificates of any name.
func decodeCertificateKey(text string) detectors.Decoded {
	c, ok := readCertificate([]byte(text))
	if !ok {
		return detectors.Decoded{}
	}
	d := detectors.Decoded{Kind: certificateKey}
	switch {
	case c.authority:
		d.AtMost, d.Exact = detectors.Full, true
		d.Evidence = append(d.Evidence, detectors.Evidence{About: "privilege", Says: "its certificate signs others", Source: certificateSource + "#section-4.2.1.9"})
	case c.server || !c.client:
		d.Hosts = c.names
	}
	return c.says(d)
}
