package providers

import "github.com/stagewall/stagewall/detectors"

// adyen has a test and a live platform with hosts of their own; an API key does not say whose it is.
func adyen() detectors.Provider {
	const key, hmac = "api-key", "hmac-key"
	return detectors.Provider{
		Name:  "adyen",
		Title: "Adyen",
		Hosts: []string{".adyen.com", ".adyenpayments.com"},
		Rules: []detectors.Rule{
			{
				// Keys begin so in https://github.com/Adyen/adyen-dotnet-api-library/blob/main/Adyen.Test/TerminalApi/BaseTest.cs
				ID:          "adyen-api-key",
				Description: "a value whose variable or header is named as Adyen's API key",
				Pattern:     assigned(`(?:adyen[A-Za-z0-9_.-]{0,30}api[_-]?key|x-api-key)`, `AQ[0-9A-Za-z]{2}hm[0-9A-Za-z+/=-]{60,}`),
				Group:       1,
				Keywords:    []string{"apikey", "api_key", "api-key"},
				Entropy:     4,
				Kinds:       []string{key},
			},
			{
				ID:          "adyen-hmac-key",
				Description: "a value whose variable is named as Adyen's HMAC key",
				Pattern:     assigned(named(`adyen`, `hmac[_-]?key`), `[0-9A-Fa-f]{64}`),
				Group:       1,
				Keywords:    []string{"adyen"},
				Entropy:     3,
				Kinds:       []string{hmac},
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:      key,
				Title:     "API key",
				Scope:     detectors.ScopeHost,
				Bound:     "the merchant accounts of its credential on the test or the live platform, within its roles",
				AtMost:    detectors.Full,
				Variables: []string{"ADYEN_API_KEY"},
				Shape:     `AQ[0-9A-Za-z]{2}hm[0-9A-Za-z+/=-]{60,}`,
				Cut:       "use a key of the test platform, and generate a new one in place of this",
				Source:    "https://docs.adyen.com/development-resources/api-credentials",
			},
			{
				Name:      hmac,
				Title:     "webhook's HMAC key",
				Scope:     detectors.ScopeContainer,
				Bound:     "one webhook of one account, which it does not name",
				AtMost:    detectors.Write,
				Variables: []string{"ADYEN_HMAC_KEY"},
				Shape:     `[0-9A-Fa-f]{64}`,
				Cut:       "make a webhook with a key of its own for staging, and generate a new key here",
				Source:    "https://docs.adyen.com/development-resources/webhooks/verify-hmac-signatures",
			},
		},
		Operations: []detectors.Operation{
			{
				Name: "refund a payment", Does: detectors.Write,
				Calls:  []string{"http POST /*/payments/*/refunds"},
				Source: "https://docs.adyen.com/api-explorer/Checkout/latest/post/payments/(paymentPspReference)/refunds",
			},
			{
				Name: "erase a shopper", Does: detectors.Destroy,
				Calls:  []string{"http POST /ca/services/DataProtectionService/v1/requestSubjectErasure"},
				Source: "https://docs.adyen.com/development-resources/data-protection-api",
			},
			{
				Name: "make a credential", Does: detectors.Admin,
				Calls:  []string{"http POST /v3/merchants/*/apiCredentials", "http POST /v3/companies/*/apiCredentials"},
				Source: "https://docs.adyen.com/api-explorer/Management/latest/overview",
			},
		},
	}
}
