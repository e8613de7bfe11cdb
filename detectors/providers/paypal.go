package providers

import "github.com/stagewall/stagewall/detectors"

// paypal gives an application a client id, which is public, and a secret. Neither says whether it is the sandbox's: the host chooses.
func paypal() detectors.Provider {
	const secret = "client-secret"
	return detectors.Provider{
		Name:  "paypal",
		Title: "PayPal",
		Hosts: []string{"api-m.paypal.com", "api.paypal.com", "api-m.sandbox.paypal.com", "api.sandbox.paypal.com"},
		Rules: []detectors.Rule{
			{
				ID:          "paypal-secret",
				Description: "a value whose variable is named as PayPal's secret",
				Pattern:     assigned(named(`paypal`, `secret(?:[_-]?key)?`), `[0-9A-Za-z_-]{60,100}`),
				Group:       1,
				Keywords:    []string{"paypal"},
				Entropy:     4,
				Kinds:       []string{secret},
			},
			{
				ID:          "paypal-login-secret",
				Description: "the password of a login to PayPal's API",
				Pattern:     `(?:-u|--user)[ \t=]{1,4}["']?[^\s"':]{1,100}:([0-9A-Za-z_-]{60,100})` + right,
				Group:       1,
				Keywords:    []string{"paypal.com"},
				Entropy:     4,
				Required:    []detectors.Required{{Rule: "paypal-host", WithinLines: within(5)}},
				Kinds:       []string{secret},
			},
			{
				ID:          "paypal-host",
				Description: "a host of PayPal's API",
				Pattern:     `\bapi(?:-m)?(?:\.sandbox)?\.paypal\.com\b`,
				Keywords:    []string{"paypal.com"},
				SkipReport:  true,
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:      secret,
				Title:     "application's secret",
				Scope:     detectors.ScopeHost,
				Bound:     "one application, live or in the sandbox, within the features that it was given",
				AtMost:    detectors.UnknownPower,
				Variables: []string{"PAYPAL_CLIENT_SECRET", "PAYPAL_SECRET"},
				Shape:     `[0-9A-Za-z_-]{60,100}`,
				Partners:  []detectors.Partner{{Title: "client id", Variables: []string{"PAYPAL_CLIENT_ID"}, Needed: true}},
				Cut:       "use the sandbox application's secret, and replace this one in the dashboard",
				Source:    "https://developer.paypal.com/api/rest/authentication/",
			},
		},
		Containers: []detectors.Container{
			{Variable: "PAYPAL_MODE", Names: true, What: "environment"},
			{Variable: "PAYPAL_ENVIRONMENT", Names: true, What: "environment"},
		},
		Operations: []detectors.Operation{
			{
				Name: "cancel a subscription", Does: detectors.Destroy,
				Calls:  []string{"http POST /v1/billing/subscriptions/*/cancel"},
				Source: "https://developer.paypal.com/docs/api/subscriptions/v1/#subscriptions_cancel",
			},
			{
				Name: "void an authorization", Does: detectors.Destroy,
				Calls:  []string{"http POST /v2/payments/authorizations/*/void"},
				Source: "https://developer.paypal.com/docs/api/payments/v2/#authorizations_void",
			},
			{
				Name: "refund a payment", Does: detectors.Write,
				Calls:  []string{"http POST /v2/payments/captures/*/refund"},
				Source: "https://developer.paypal.com/docs/api/payments/v2/#captures_refund",
			},
			{
				Name: "pay out", Does: detectors.Write,
				Calls:  []string{"http POST /v1/payments/payouts"},
				Source: "https://developer.paypal.com/docs/api/payments.payouts-batch/v1/",
			},
		},
	}
}
