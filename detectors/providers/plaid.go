package providers

import (
	"strings"

	"github.com/stagewall/stagewall/detectors"
)

// plaid writes the environment into the tokens of an Item; the secret of an account has one for each environment, of one form.
func plaid() detectors.Provider {
	const account, item = "secret", "item-token"
	return detectors.Provider{
		Name:  "plaid",
		Title: "Plaid",
		Hosts: []string{"production.plaid.com", "sandbox.plaid.com", "development.plaid.com"},
		Rules: []detectors.Rule{
			{
				ID:          "plaid-secret",
				Description: "a value whose variable is named as Plaid's secret",
				Pattern:     assigned(named(`plaid`, `secret`), `[0-9a-f]{30}`),
				Group:       1,
				Keywords:    []string{"plaid"},
				Entropy:     3,
				Kinds:       []string{account},
			},
			{
				ID:          "plaid-token",
				Description: "a token of a Plaid Item",
				Pattern:     prefixed(`(?:access|processor|assets)-(?:sandbox|development|production)-` + uuid),
				Group:       1,
				Keywords:    []string{"access-sandbox-", "access-development-", "access-production-", "processor-", "assets-"},
				Entropy:     3,
				Kinds:       []string{item},
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:      account,
				Title:     "secret",
				Scope:     detectors.ScopeHost,
				Bound:     "every Item of one environment, which the host chooses",
				AtMost:    detectors.UnknownPower,
				Variables: []string{"PLAID_SECRET"},
				Shape:     `[0-9a-f]{30}`,
				Partners:  []detectors.Partner{{Title: "client id", Variables: []string{"PLAID_CLIENT_ID"}, Needed: true}},
				Cut:       "use the sandbox's secret, and rotate this one",
				Source:    "https://plaid.com/docs/account/security/",
			},
			{
				Name:   item,
				Title:  "Item's token",
				Scope:  detectors.ScopeText,
				Bound:  "one Item of one environment, together with the secret",
				AtMost: detectors.UnknownPower,
				Shape:  `(?:access|processor|assets)-(?:sandbox|development|production)-` + uuid,
				Cut:    "use an Item of the sandbox, and rotate this token with /item/access_token/invalidate",
				Source: "https://plaid.com/docs/quickstart/glossary/",
			},
		},
		Containers: []detectors.Container{{Variable: "PLAID_ENV", Names: true, What: "environment"}}, // https://github.com/plaid/quickstart/blob/master/.env.example
		Operations: []detectors.Operation{
			{
				Name: "remove an Item", Does: detectors.Destroy,
				Calls:  []string{"http POST /item/remove", "http POST /user/remove"},
				Source: "https://plaid.com/docs/api/items/#itemremove",
			},
			{
				Name: "remove a report", Does: detectors.Destroy,
				Calls:  []string{"http POST /asset_report/remove"},
				Source: "https://plaid.com/docs/api/products/assets/#asset_reportremove",
			},
			{
				Name: "move money", Does: detectors.Write,
				Calls:  []string{"http POST /transfer/create", "http POST /payment_initiation/payment/create"},
				Source: "https://plaid.com/docs/api/products/transfer/",
			},
		},
		Decode: func(text string) detectors.Decoded {
			kind, rest, _ := strings.Cut(text, "-")
			if kind != "access" && kind != "processor" && kind != "assets" {
				return detectors.Decoded{}
			}
			if strings.HasPrefix(rest, "production-") {
				return textual(item, detectors.Production, "the token's text says production", "https://plaid.com/docs/quickstart/glossary/")
			}
			return textual(item, notProduction, "the token's text says sandbox or development", "https://plaid.com/docs/quickstart/glossary/")
		},
	}
}
