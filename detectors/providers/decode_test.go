package providers

import (
	"testing"

	"github.com/stagewall/stagewall/detectors/detectortest"
)

// Decoders get whatever a rule matched, or a sink was handed: any bytes.
func FuzzDecode(f *testing.F) {
	for _, name := range []string{"fly", "fly-bundle", "gitlab-routable-project", "azure-storage", "aws-id", "github-classic", "cloudflare-tunnel", "vercel-oidc-preview"} {
		f.Add(detectortest.Mint(name))
	}
	f.Add(`"type": "service_account", "project_id": "acme", "private_key": ""`)
	f.Add("https://acme.blob.core.windows.net/c?sv=2022-11-02&sp=rwdl&sig=x")
	f.Add("AccountEndpoint=https://acme.documents.azure.com:443/;AccountKey=x")
	f.Add("fm2_lP//////////")
	providers := All()
	f.Fuzz(func(t *testing.T, secret string) {
		for _, p := range providers {
			if p.Decode != nil {
				p.Decode(secret)
			}
		}
	})
}
