package providers

import (
	"testing"

	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/detectortest"
)

// The colon of a kubeconfig's lines does not fit into a line of the examples.
func TestKubernetesCertificate(t *testing.T) {
	key := "\"\n    client-key-data: " + detectortest.Mint("kubernetes-key")
	for name, want := range map[string]detectors.Decoded{
		"kubernetes-certificate":      {Kind: kubernetesCertificate, AtMost: detectors.Full, Exact: true},
		"kubernetes-certificate-user": {Kind: kubernetesCertificate},
	} {
		got := decodeKubernetes(detectortest.Mint(name) + key)
		if got, want := detectortest.Describe(got), detectortest.Describe(want); got != want {
			t.Errorf("%s says %q, want %q", name, got, want)
		}
	}
}

func FuzzKubernetes(f *testing.F) {
	f.Add("eyJ.eyJ.x")
	f.Add("LS0tLS1CRUdJTg==\nclient-key-data: ")
	f.Fuzz(func(t *testing.T, text string) { decodeKubernetes(text) })
}
