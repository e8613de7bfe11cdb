package providers

import (
	"strings"

	"github.com/stagewall/stagewall/detectors"
)

const (
	stripeKeys      = "https://docs.stripe.com/keys"
	stripeCustomers = "https://docs.stripe.com/api/customers/delete"
)

// stripe writes the mode into its keys: live is the account's real money, test is a sandbox. Other providers took over its prefixes
// (Clerk, Paystack, WorkOS), so what names one of them, and a body that is base64 of "key_", is left to them.
func stripe() detectors.Provider {
	const (
		organization = "organization-key"
		secret       = "secret-key"
		restricted   = "restricted-key"
		sandbox      = "claimable-sandbox-key"
		webhook      = "webhook-secret"
		publishable  = "publishable-key"
	)
	others := []detectors.Allowlist{
		{Description: "a WorkOS key: base64 of key_", Regexes: []string{`^[a-z]+_(?:live|test)_a2V5X`}},
		{Description: "the line names another provider that uses these prefixes", Target: "line",
			Regexes: []string{`(?i)clerk|highnote|moyasar|paystack|workos`}},
	}
	spending := []string{organization, secret, restricted}
	return detectors.Provider{
		Name:  "stripe",
		Title: "Stripe",
		Hosts: []string{"api.stripe.com", "files.stripe.com", "meter-events.stripe.com"},
		Rules: []detectors.Rule{
			{
				ID:          "stripe-secret-key",
				Description: "a Stripe key for server-side use",
				Pattern:     prefixed(`[sr]k_(?:org_)?(?:live|test)_[0-9A-Za-z]{16,}`),
				Group:       1,
				Keywords:    []string{"k_live_", "k_test_", "k_org_live_", "k_org_test_"},
				Entropy:     3,
				Allowlists:  others,
				Kinds:       []string{organization, secret, restricted},
			},
			{
				ID:          "stripe-claimable-sandbox-key",
				Description: "a Stripe key of a sandbox that nobody has claimed yet",
				Pattern:     prefixed(`rkcs_test_[0-9A-Za-z]{16,}`),
				Group:       1,
				Keywords:    []string{"rkcs_test_"},
				Entropy:     3,
				Kinds:       []string{sandbox},
			},
			{
				ID:          "stripe-webhook-secret",
				Description: "a secret that proves that an event comes from Stripe",
				Pattern:     prefixed(`whsec_[0-9A-Za-z]{32,64}`),
				Group:       1,
				Keywords:    []string{"whsec_"},
				Entropy:     3,
				Allowlists: []detectors.Allowlist{{Description: "the line names another provider that uses this prefix", Target: "line",
					Regexes: []string{`(?i)clerk|polar|resend|standard.?webhook|svix|v1,whsec_`}}},
				Kinds: []string{webhook},
			},
			{
				ID:          "stripe-publishable-key",
				Description: "a Stripe key made to be published",
				Pattern:     prefixed(`pk_(?:live|test)_(?:[0-9A-Za-z]{24}|51[0-9A-Za-z]{60,})`),
				Group:       1,
				Keywords:    []string{"pk_live_", "pk_test_"},
				Entropy:     3,
				Allowlists:  others,
				Kinds:       []string{publishable},
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:   organization,
				Title:  "organization key",
				Scope:  detectors.ScopeText,
				Bound:  "one mode, live or sandbox, of every account of the organization",
				AtMost: detectors.Full,
				Cut:    "give staging a restricted key of a sandbox, and expire this key in the Dashboard",
				Source: "https://docs.stripe.com/keys#organization-api-keys",
			},
			{
				Name:      secret,
				Title:     "secret key",
				Scope:     detectors.ScopeText,
				Bound:     "one mode of one account: live, which is real money, or a sandbox",
				AtMost:    detectors.Full,
				Variables: []string{"STRIPE_SECRET_KEY", "STRIPE_API_KEY", "STRIPE_SECRET", "STRIPE_KEY"},
				Shape:     `sk_(?:live|test)_[0-9A-Za-z]{16,}`,
				Cut:       "give staging a sandbox's restricted key, and rotate this key in the Dashboard",
				Source:    stripeKeys,
			},
			{
				Name:      restricted,
				Title:     "restricted key",
				Scope:     detectors.ScopeText,
				Bound:     "one mode of one account, and the resources chosen when it was made, which it does not show",
				AtMost:    detectors.UnknownPower,
				Variables: []string{"STRIPE_RESTRICTED_KEY"},
				Shape:     `rk_(?:live|test)_[0-9A-Za-z]{16,}`,
				Cut:       "give staging a sandbox's restricted key, and expire this key in the Dashboard",
				Source:    "https://docs.stripe.com/keys/restricted-api-keys",
			},
			{
				Name:   sandbox,
				Title:  "claimable sandbox key",
				Scope:  detectors.ScopeText,
				Bound:  "one sandbox that no account has claimed yet",
				AtMost: detectors.UnknownPower,
				Cut:    "expire the key in the Dashboard once the sandbox is claimed",
				Source: "https://docs.stripe.com/sandboxes/claimable-sandboxes",
			},
			{
				Name:      webhook,
				Title:     "webhook signing secret",
				Scope:     detectors.ScopeContainer,
				Bound:     "one webhook endpoint of one account and mode, which it does not name",
				AtMost:    detectors.Write,
				Variables: []string{"STRIPE_WEBHOOK_SECRET", "STRIPE_WEBHOOK_SIGNING_SECRET", "STRIPE_ENDPOINT_SECRET"},
				Shape:     `whsec_[0-9A-Za-z]{32,64}`,
				Cut:       "register an endpoint of its own for staging, and roll this endpoint's secret",
				Source:    "https://docs.stripe.com/webhooks",
			},
			{
				Name:      publishable,
				Title:     "publishable key",
				Scope:     detectors.ScopePublic,
				Bound:     "made to be published: it can only start payments from a browser or an app",
				Variables: []string{"STRIPE_PUBLISHABLE_KEY", "NEXT_PUBLIC_STRIPE_PUBLISHABLE_KEY"},
				Shape:     `pk_(?:live|test)_[0-9A-Za-z]{16,}`,
				Source:    stripeKeys,
			},
		},
		Tools: []detectors.Tool{{
			Name:      "stripe",
			Variables: []string{"STRIPE_API_KEY"},
			Selectors: []string{"--project-name", "-p", "--live"},
			Source:    "https://docs.stripe.com/stripe-cli/keys",
		}},
		Operations: []detectors.Operation{
			{
				Name: "delete a customer", Does: detectors.Destroy, Undo: "no undo", Kinds: spending,
				Calls:  []string{"http DELETE /v1/customers/*", "cli stripe customers delete"},
				Source: stripeCustomers,
			},
			{
				Name: "void an invoice", Does: detectors.Destroy, Undo: "no undo", Kinds: spending,
				Calls:  []string{"http POST /v1/invoices/*/void", "cli stripe invoices void_invoice"},
				Source: "https://docs.stripe.com/api/invoices/void",
			},
			{
				Name: "delete a draft invoice", Does: detectors.Destroy, Undo: "no undo", Kinds: spending,
				Calls:  []string{"http DELETE /v1/invoices/*", "cli stripe invoices delete"},
				Source: "https://docs.stripe.com/api/invoices/delete",
			},
			{
				Name: "cancel a subscription", Does: detectors.Destroy, Kinds: spending,
				Calls:  []string{"http DELETE /v1/subscriptions/*", "cli stripe subscriptions cancel"},
				Source: "https://docs.stripe.com/api/subscriptions/cancel",
			},
			{
				Name: "pay out", Does: detectors.Write, Kinds: spending,
				Calls:  []string{"http POST /v1/payouts", "cli stripe payouts create"},
				Source: "https://docs.stripe.com/api/payouts/create",
			},
			{
				Name: "refund a charge", Does: detectors.Write, Kinds: spending,
				Calls:  []string{"http POST /v1/refunds", "cli stripe refunds create"},
				Source: "https://docs.stripe.com/api/refunds/create",
			},
		},
		Decode: decodeStripe,
	}
}

// decodeStripe reads the kind and the mode from a key's prefix.
func decodeStripe(key string) detectors.Decoded {
	var d detectors.Decoded
	prefix, mode, _ := cutMode(key)
	switch prefix {
	case "sk_org_", "rk_org_":
		d.Kind = "organization-key"
	case "sk_":
		d.Kind = "secret-key"
	case "rk_":
		d.Kind = "restricted-key"
	case "rkcs_":
		d.Kind = "claimable-sandbox-key"
	case "pk_":
		d.Kind = "publishable-key"
	default:
		return d
	}
	d.Reach, d.Evidence = mode.reach, []detectors.Evidence{{About: "reach", Says: mode.says, Source: stripeKeys}}
	return d
}

// mode is one of the two modes that payment providers write into their keys.
type mode struct {
	reach detectors.Environment
	says  string
}

// cutMode cuts a key around live_ or test_, whichever stands first.
func cutMode(key string) (prefix string, m mode, ok bool) {
	live, test := strings.Index(key, "live_"), strings.Index(key, "test_")
	switch {
	case live >= 0 && (test < 0 || live < test):
		return key[:live], mode{detectors.Production, "the key's text says live mode"}, true
	case test >= 0:
		return key[:test], mode{notProduction, "the key's text says test mode"}, true
	}
	return key, mode{}, false
}

// notProduction is every environment that a key for tests can touch.
const notProduction = detectors.Unscoped &^ detectors.Production
