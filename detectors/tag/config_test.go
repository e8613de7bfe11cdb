package tag_test

import (
	"testing"

	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/tag"
)

// What a store keeps for production is production's; what it keeps for others may be any value.
func TestConfigs(t *testing.T) {
	k := tag.NewKnowledge(nil)
	for _, test := range []struct {
		ref  detectors.Reference
		want detectors.Environment
	}{
		{detectors.Reference{Store: "doppler", Name: "acme/prd"}, detectors.Production},
		{detectors.Reference{Store: "doppler", Scope: "acme/prd", Name: "STRIPE_KEY"}, detectors.Production},
		{detectors.Reference{Store: "doppler", Name: "acme/stg"}, 0},
		{detectors.Reference{Store: "doppler", Scope: "acme/stg", Name: "PROD_KEY"}, 0},
		{detectors.Reference{Store: "infisical", Name: "prod"}, detectors.Production},
		{detectors.Reference{Store: "infisical", Scope: "prod/api", Name: "KEY"}, detectors.Production},
		{detectors.Reference{Store: "sops", Name: "secrets/production.enc.env"}, detectors.Production},
		{detectors.Reference{Store: "sops", Scope: "secrets/production.enc.yaml", Name: "stripe.key"}, detectors.Production},
		{detectors.Reference{Store: "sops", Name: "secrets/staging.enc.env"}, 0},
		{detectors.Reference{Store: "sops", Name: "secrets/all.enc.env"}, 0},
		{detectors.Reference{Store: "vercel", Name: "production"}, detectors.Production},
		{detectors.Reference{Store: "heroku", Name: "acme-production-host"}, detectors.Production},
		{detectors.Reference{Store: detectors.Bucket, Name: "acme-production/api/.env"}, detectors.Production},
		{detectors.Reference{Store: detectors.Bucket, Name: "acme/staging/.env"}, 0},
		{detectors.Reference{Store: detectors.Host, Name: "deploy@prod-1.acme.example:/srv/.env"}, detectors.Production},
		{detectors.Reference{Store: detectors.Host, Name: "acme.example:/srv/production/.env"}, detectors.Production},
		{detectors.Reference{Store: detectors.AWSConfig, Name: "acme-prod"}, detectors.Production},
		{detectors.Reference{Store: detectors.ParameterStore, Name: "/prod/stripe"}, detectors.Production},
		{detectors.Reference{Store: detectors.ParameterStore, Name: "/prod"}, detectors.Production},
		{detectors.Reference{Store: detectors.ParameterStore, Name: "/staging/prod-key"}, 0},
		{detectors.Reference{Store: detectors.KeyVault, Scope: "acme-prod", Name: "stripe"}, detectors.Production},
		{detectors.Reference{Store: detectors.SecretManager, Scope: "acme-prod", Name: "stripe"}, detectors.Production},
		{detectors.Reference{Store: detectors.SecretManager, Scope: "acme", Name: "prod-stripe"}, 0},
		{detectors.Reference{Store: "vercel", Name: "preview"}, 0},
		{detectors.Reference{Store: "pulumi", Scope: "acme/shop/production", Name: "key"}, detectors.Production},
		{detectors.Reference{Store: "heroku", Scope: "acme-production", Name: "KEY"}, detectors.Production},
		{detectors.Reference{Store: "heroku", Name: "acme"}, 0},
		{detectors.Reference{Store: "kubernetes", Scope: "shop-prod/stripe", Name: "key"}, detectors.Production},
		{detectors.Reference{Store: "kubernetes", Scope: "/production", Name: "key"}, 0},
		{detectors.Reference{Store: "vault", Name: "production/token"}, 0},
	} {
		reach := k.Decide(tag.Subject{Reference: &test.ref}, nil).Reach
		got := reach.Environments
		if !reach.Known {
			got = 0
		}
		if got != test.want {
			t.Errorf("%+v: %v, want %v", test.ref, got, test.want)
		}
	}
}
