package providers

import (
	"strings"

	"github.com/stagewall/stagewall/detectors"
)

const (
	shopifyTokens = "https://shopify.dev/docs/apps/build/authentication-authorization"
	shopifyScopes = "https://shopify.dev/docs/api/usage/access-scopes"
	shopifyAdmin  = "https://shopify.dev/docs/api/admin-graphql/latest/mutations/"
)

// shopify binds a token to one shop, which is chosen by the host that it is sent to.
func shopify() detectors.Provider {
	const secret, access, theme = "app-secret", "access-token", "theme-access-password"
	tokens := []string{access}
	return detectors.Provider{
		Name:  "shopify",
		Title: "Shopify",
		Hosts: []string{".myshopify.com"},
		Rules: []detectors.Rule{
			{
				ID:          "shopify-token",
				Description: "a token for a Shopify shop",
				Pattern:     prefixed(`shp(?:at|ca|pa|ua|tka)_[0-9a-fA-F]{32}`),
				Group:       1,
				Keywords:    []string{"shpat_", "shpca_", "shppa_", "shpua_", "shptka_"},
				Entropy:     3,
				Kinds:       []string{access, theme},
			},
			{
				ID:          "shopify-app-secret",
				Description: "the secret of a Shopify app",
				Pattern:     prefixed(`shpss_[0-9a-fA-F]{32}`),
				Group:       1,
				Keywords:    []string{"shpss_"},
				Entropy:     3,
				Kinds:       []string{secret},
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:      secret,
				Title:     "app secret",
				Scope:     detectors.ScopeContainer,
				Bound:     "one app, which it does not name, in every shop that installed it",
				AtMost:    detectors.UnknownPower,
				Variables: []string{"SHOPIFY_API_SECRET", "SHOPIFY_API_SECRET_KEY"},
				Shape:     `shpss_[0-9a-fA-F]{32}`,
				Cut:       "make an app of its own for staging, and rotate this secret",
				Source:    shopifyTokens,
			},
			{
				Name:      access,
				Title:     "access token",
				Scope:     detectors.ScopeHost,
				Bound:     "one shop, within the app's scopes, which it does not show",
				AtMost:    detectors.UnknownPower,
				Variables: []string{"SHOPIFY_ACCESS_TOKEN", "SHOPIFY_ADMIN_ACCESS_TOKEN"},
				Headers:   []string{"X-Shopify-Access-Token"},
				Shape:     `shp(?:at|ca|pa|ua)_[0-9a-fA-F]{32}`,
				Cut:       "install the app in a development shop and use that shop's token, and uninstall to revoke this one",
				Source:    shopifyScopes,
			},
			{
				Name:      theme,
				Title:     "Theme Access password",
				Scope:     detectors.ScopeHost,
				Bound:     "the themes of one shop",
				AtMost:    detectors.UnknownPower,
				Variables: []string{"SHOPIFY_CLI_THEME_TOKEN"},
				Shape:     `shptka_[0-9a-fA-F]{32}`,
				Cut:       "make a password for the staging shop, and delete this one",
				Source:    "https://shopify.dev/docs/storefronts/themes/tools/theme-access",
			},
		},
		Tools: []detectors.Tool{{
			Name:      "shopify",
			Aliases:   []string{"@shopify/cli"},
			Variables: []string{"SHOPIFY_CLI_THEME_TOKEN", "SHOPIFY_CLI_PARTNERS_TOKEN"},
			Selectors: []string{"--store", "-s", "--environment", "-e", "--config", "-c"},
			Source:    "https://shopify.dev/docs/api/shopify-cli",
		}},
		Operations: []detectors.Operation{
			{
				Name: "delete a product", Does: detectors.Destroy, Kinds: tokens,
				Calls:  []string{"graphql productDelete", "http DELETE /admin/api/*/products/*"},
				Source: shopifyAdmin + "productDelete",
			},
			{
				Name: "delete a customer", Does: detectors.Destroy, Kinds: tokens,
				Calls:  []string{"graphql customerDelete", "http DELETE /admin/api/*/customers/*"},
				Source: shopifyAdmin + "customerDelete",
			},
			{
				Name: "delete an order", Does: detectors.Destroy, Kinds: tokens,
				Calls:  []string{"graphql orderDelete", "http DELETE /admin/api/*/orders/*"},
				Source: shopifyAdmin + "orderDelete",
			},
			{
				Name: "run mutations in bulk", Does: detectors.Destroy, Kinds: tokens,
				Calls:  []string{"graphql bulkOperationRunMutation"},
				Source: shopifyAdmin + "bulkOperationRunMutation",
			},
			{
				Name: "delete a theme", Does: detectors.Destroy, Kinds: []string{access, theme},
				Calls:  []string{"graphql themeDelete", "cli shopify theme delete", "http DELETE /admin/api/*/themes/*"},
				Source: shopifyAdmin + "themeDelete",
			},
			{
				Name: "push a theme", Does: detectors.Write, Kinds: []string{access, theme},
				Calls:  []string{"cli shopify theme push", "graphql themeFilesUpsert"},
				Source: "https://shopify.dev/docs/api/shopify-cli/theme/theme-push",
			},
		},
		Decode: func(token string) detectors.Decoded {
			switch {
			case strings.HasPrefix(token, "shptka_"):
				return detectors.Decoded{Kind: theme}
			case strings.HasPrefix(token, "shpss_"):
				return detectors.Decoded{Kind: secret}
			case strings.HasPrefix(token, "shp"):
				return detectors.Decoded{Kind: access}
			}
			return detectors.Decoded{}
		},
	}
}
