package detectortest

import (
	"crypto/ed25519"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/pem"
	"math/big"
	"math/rand/v2"
	"time"
)

// certificate makes the certificate of a client in a kubeconfig.
func certificate(group, user string) func(*rand.Rand) string {
	return func(r *rand.Rand) string {
		certificate, _ := issued(r, x509.Certificate{
			Subject: pkix.Name{CommonName: user, Organization: []string{group}}, NotAfter: lasting, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
		})
		return base64.StdEncoding.EncodeToString([]byte(certificate))
	}
}

// certified makes a certificate and its key.
func certified(template x509.Certificate) func(*rand.Rand) string {
	return func(r *rand.Rand) string {
		certificate, key := issued(r, template)
		return certificate + key[:len(key)-1]
	}
}

// When the certificates end.
var (
	lasting = time.Date(2035, 1, 2, 0, 0, 0, 0, time.UTC)
	expired = time.Date(2024, 1, 2, 0, 0, 0, 0, time.UTC)
)

// issued returns a certificate that signs itself, and its key, in PEM.
func issued(r *rand.Rand, template x509.Certificate) (certificate, key string) {
	seed := make([]byte, ed25519.SeedSize)
	for i := range seed {
		seed[i] = byte(r.UintN(256))
	}
	private := ed25519.NewKeyFromSeed(seed)
	template.SerialNumber = big.NewInt(int64(r.Uint32()))
	template.NotBefore = time.Date(2023, 1, 2, 0, 0, 0, 0, time.UTC)
	der, err := x509.CreateCertificate(nil, &template, &template, private.Public(), private)
	if err != nil {
		panic(err)
	}
	pkcs8, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		panic(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})), string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE " + "KEY", Bytes: pkcs8}))
}

var (
	servers = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	clients = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}
)
