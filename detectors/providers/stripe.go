package providers

import "github.com/stagewall/stagewall/detectors"

const (
	stripeKeys      = "https://docs.stripe.com/keys"
	stripeCustomers = "https://docs.stripe.com/api/customers/delete"
	stripeLibrary   = "https://github.com/stripe/stripe-go/blob/master/" // with the API's own words on each method
)

// The kinds that Stripe's keys say by their prefix, and the one of webhooks.
const (
	stripeOrganization = "organization-key"
	stripeSecret       = "secret-key"
	stripeRestricted   = "restricted-key"
	stripeSandbox      = "claimable-sandbox-key"
	stripeWebhook      = "webhook-secret"
	stripePublishable  = "publishable-key"
)

// stripe writes the mode into its keys: live is the account's real money, test is a sandbox. Other providers took over its prefixes
// (Clerk, Paystack, WorkOS), so what names one of them, and a body that is base64 of "key_", is left to them.
func stripe() detectors.Provider {
	others := []detectors.Allowlist{
		{Description: "a WorkOS key: base64 of key_", Regexes: []string{`^[a-z]+_(?:live|test)_a2V5X`}},
		{Description: "the line names another provider that uses these prefixes", Target: "line",
			Regexes: []string{`(?i)clerk|highnote|moyasar|pagar.?me|paystack|workos`}},
	}
	spending := []string{stripeOrganization, stripeSecret, stripeRestricted}
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
				Kinds:       []string{stripeOrganization, stripeSecret, stripeRestricted},
			},
			{
				ID:          "stripe-claimable-sandbox-key",
				Description: "a Stripe key of a sandbox that nobody has claimed yet",
				Pattern:     prefixed(`rkcs_test_[0-9A-Za-z]{16,}`),
				Group:       1,
				Keywords:    []string{"rkcs_test_"},
				Entropy:     3,
				Kinds:       []string{stripeSandbox},
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
				Kinds: []string{stripeWebhook},
			},
			{
				ID:          "stripe-publishable-key",
				Description: "a Stripe key made to be published",
				// Of the forms the one in the middle has 00 behind what the first one is, as in
				// https://github.com/guardian/support-frontend/blob/main/support-config/src/main/resources/touchpoint.CODE.conf.
				Pattern:    prefixed(`pk_(?:live|test)_(?:[0-9A-Za-z]{24}(?:00[0-9A-Za-z]{8})?|51[0-9A-Za-z]{60,})`),
				Group:      1,
				Keywords:   []string{"pk_live_", "pk_test_"},
				Entropy:    3,
				Allowlists: others,
				Kinds:      []string{stripePublishable},
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:   stripeOrganization,
				Title:  "organization key",
				Scope:  detectors.ScopeText,
				Bound:  "one mode, live or sandbox, of every account of the organization",
				AtMost: detectors.Full,
				Cut:    "give staging a restricted key of a sandbox, and expire this key in the Dashboard",
				Source: "https://docs.stripe.com/keys#organization-api-keys",
			},
			{
				Name:      stripeSecret,
				Title:     "secret key",
				Scope:     detectors.ScopeText,
				Bound:     "one mode of one account: live, which is real money, or a sandbox",
				AtMost:    detectors.Full,
				Variables: []string{"STRIPE_SECRET_KEY", "STRIPE_API_KEY", "STRIPE_SECRET", "STRIPE_KEY"},
				Shape:     `sk_(?:live|test)_[0-9A-Za-z]{16,}`,
				Partners:  []detectors.Partner{{Title: "publishable key", Variables: []string{"STRIPE_PUBLISHABLE_KEY", "NEXT_PUBLIC_STRIPE_PUBLISHABLE_KEY"}, Shape: `pk_(?:live|test)_[0-9A-Za-z]{16,}`}},
				Cut:       "give staging a sandbox's restricted key, and rotate this key in the Dashboard",
				Source:    stripeKeys,
			},
			{
				Name:      stripeRestricted,
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
				Name:   stripeSandbox,
				Title:  "claimable sandbox key",
				Scope:  detectors.ScopeText,
				Bound:  "one sandbox that no account has claimed yet",
				AtMost: detectors.UnknownPower,
				Cut:    "expire the key in the Dashboard once the sandbox is claimed",
				Source: "https://docs.stripe.com/sandboxes/claimable-sandboxes",
			},
			{
				Name:      stripeWebhook,
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
				Name:      stripePublishable,
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
				Calls:  []string{"http DELETE /v1/customers/*", "cli stripe customers delete", "sdk customers.del", "sdk customers.delete", "sdk customer.del", "sdk customer.delete"},
				Source: stripeCustomers,
			},
			{
				Name: "void an invoice", Does: detectors.Destroy, Undo: "no undo", Kinds: spending,
				Calls:  []string{"http POST /v1/invoices/*/void", "cli stripe invoices void_invoice", "sdk invoices.voidInvoice", "sdk invoice.voidInvoice"},
				Source: "https://docs.stripe.com/api/invoices/void",
			},
			{
				Name: "delete a draft invoice", Does: detectors.Destroy, Undo: "no undo", Kinds: spending,
				Calls:  []string{"http DELETE /v1/invoices/*", "cli stripe invoices delete", "sdk invoices.del", "sdk invoices.delete", "sdk invoice.del", "sdk invoice.delete"},
				Source: "https://docs.stripe.com/api/invoices/delete",
			},
			{
				Name: "close a dispute", Does: detectors.Destroy, Undo: "no undo", Kinds: spending,
				Calls:  []string{"http POST /v1/disputes/*/close", "cli stripe disputes close", "sdk disputes.close", "sdk dispute.close"},
				Source: stripeLibrary + "dispute_service.go",
			},
			{
				Name: "detach a payment method", Does: detectors.Destroy, Undo: "no undo", Kinds: spending,
				Calls:  []string{"http POST /v1/payment_methods/*/detach", "cli stripe payment_methods detach", "sdk paymentMethods.detach", "sdk paymentMethod.detach"},
				Source: stripeLibrary + "paymentmethod_service.go",
			},
			{
				Name: "redact an identity", Does: detectors.Destroy, Undo: "no undo", Kinds: spending,
				Calls:  []string{"http POST /v1/identity/verification_sessions/*/redact", "sdk verificationSessions.redact", "sdk verificationSession.redact"},
				Source: stripeLibrary + "identity_verificationsession_service.go",
			},
			{
				Name: "delete a connected account", Does: detectors.Destroy, Kinds: spending,
				Calls:  []string{"http DELETE /v1/accounts/*", "cli stripe accounts delete", "sdk accounts.del", "sdk accounts.delete", "sdk account.delete"},
				Source: stripeLibrary + "account_service.go",
			},
			{
				Name: "delete what is sold", Does: detectors.Destroy, Kinds: spending,
				Calls: []string{
					"http DELETE /v1/products/*", "http DELETE /v1/plans/*", "http DELETE /v1/coupons/*", "cli stripe products delete", "cli stripe plans delete",
					"cli stripe coupons delete",
				},
				Source: stripeLibrary + "product_service.go",
			},
			{
				Name: "delete a webhook endpoint", Does: detectors.Destroy, Kinds: spending,
				Calls:  []string{"http DELETE /v1/webhook_endpoints/*", "cli stripe webhook_endpoints delete"},
				Source: stripeLibrary + "webhookendpoint_service.go",
			},
			{
				Name: "cancel a subscription", Does: detectors.Destroy, Kinds: spending,
				Calls:  []string{"http DELETE /v1/subscriptions/*", "cli stripe subscriptions cancel", "sdk subscriptions.cancel", "sdk subscriptions.del", "sdk subscription.cancel", "sdk subscription.delete"},
				Source: "https://docs.stripe.com/api/subscriptions/cancel",
			},
			{
				Name: "pay out", Does: detectors.Write, Kinds: spending,
				Calls:  []string{"http POST /v1/payouts", "cli stripe payouts create", "sdk payouts.create", "sdk payout.create", "sdk payout.new"},
				Source: "https://docs.stripe.com/api/payouts/create",
			},
			{
				Name: "refund a charge", Does: detectors.Write, Kinds: spending,
				Calls:  []string{"http POST /v1/refunds", "cli stripe refunds create", "sdk refunds.create", "sdk refund.create", "sdk refund.new"},
				Source: "https://docs.stripe.com/api/refunds/create",
			},
		},
		Decode: decodeStripe,
	}
}

// decodeStripe reads the kind and the mode from a key's prefix.
func decodeStripe(key string) detectors.Decoded {
	kinds := map[string]string{
		"sk_org_": stripeOrganization, "rk_org_": stripeOrganization, "sk_": stripeSecret, "rk_": stripeRestricted,
		"rkcs_": stripeSandbox, "pk_": stripePublishable,
	}
	prefix, mode, _ := cutMode(key)
	if kinds[prefix] == "" {
		return detectors.Decoded{}
	}
	return textual(kinds[prefix], mode.reach, mode.says, stripeKeys)
}
