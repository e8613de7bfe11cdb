package providers

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"hash/crc32"
	"strings"

	"github.com/stagewall/stagewall/detectors"
)

const (
	grafanaAccounts = "https://grafana.com/docs/grafana/latest/administration/service-accounts/"
	grafanaPolicies = "https://grafana.com/docs/grafana-cloud/account-management/authentication-and-permissions/access-policies/"
	grafanaAPI      = "https://grafana.com/docs/grafana/latest/developer-resources/api-reference/http-api/"
)

// grafana binds a service account's token to one instance, chosen by the host; a policy's token to realms of Grafana Cloud, of which its
// text names the organization and what somebody called it.
func grafana() detectors.Provider {
	const policy, account, legacy = "access-policy-token", "service-account-token", "legacy-api-key"
	instance := []string{account, legacy}
	return detectors.Provider{
		Name:  "grafana",
		Title: "Grafana",
		Hosts: []string{".grafana.net", "grafana.com"},
		Rules: []detectors.Rule{
			{
				ID:          "grafana-service-account-token",
				Description: "a Grafana service account's token",
				Pattern:     prefixed(`glsa_[0-9A-Za-z]{32}_[0-9a-f]{8}`),
				Group:       1,
				Keywords:    []string{"glsa_"},
				Kinds:       []string{account},
			},
			{
				ID:          "grafana-access-policy-token",
				Description: "a Grafana Cloud policy's token",
				Pattern:     left + `(glc_eyJ[0-9A-Za-z+/]{50,}={0,2})`,
				Group:       1,
				Keywords:    []string{"glc_"},
				Kinds:       []string{policy},
			},
			{
				ID:          "grafana-legacy-api-key",
				Description: "a Grafana API key of the old form, base64 of an object with k, n and id",
				Pattern:     left + `(eyJrIjoi[0-9A-Za-z]{60,}={0,2})`,
				Group:       1,
				Keywords:    []string{"eyjrijoi"},
				Kinds:       []string{legacy},
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:      policy,
				Title:     "access policy token",
				Scope:     detectors.ScopeAccount,
				Bound:     "the organization or stacks and the scopes of its policy, which it does not show",
				AtMost:    detectors.Full,
				Variables: []string{"GRAFANA_CLOUD_ACCESS_POLICY_TOKEN", "GRAFANA_CLOUD_API_KEY"},
				Cut:       "make a policy whose realm is staging's stack and whose scopes are what staging sends, and delete this token",
				Source:    grafanaPolicies,
			},
			{
				Name:      account,
				Title:     "service account token",
				Scope:     detectors.ScopeHost,
				Bound:     "one instance, within its service account's role, which it does not show",
				AtMost:    detectors.Full,
				Variables: []string{"GRAFANA_TOKEN", "GRAFANA_API_KEY", "GRAFANA_AUTH", "GRAFANA_SERVICE_ACCOUNT_TOKEN"},
				Shape:     `glsa_[0-9A-Za-z]{32}_[0-9a-f]{8}`,
				Cut:       "make a token on staging's instance with the least role, and delete this one",
				Source:    grafanaAccounts,
			},
			{
				Name:   legacy,
				Title:  "legacy API key",
				Scope:  detectors.ScopeHost,
				Bound:  "one organization of one instance, within a role that it does not show",
				AtMost: detectors.Full,
				Cut:    "make a service account's token on staging's instance, and delete this key",
				Source: grafanaAPI + "auth/",
			},
		},
		Operations: []detectors.Operation{
			{
				Name: "delete a dashboard", Does: detectors.Destroy, Kinds: instance,
				Calls:  []string{"http DELETE /api/dashboards/uid/*"},
				Source: grafanaAPI + "dashboard/",
			},
			{
				Name: "delete a folder", Does: detectors.Destroy, Kinds: instance,
				Calls:  []string{"http DELETE /api/folders/*"},
				Source: grafanaAPI + "folder/",
			},
			{
				Name: "delete a data source", Does: detectors.Destroy, Kinds: instance,
				Calls:  []string{"http DELETE /api/datasources/**"},
				Source: grafanaAPI + "data_source/",
			},
			{
				Name: "delete an alert rule", Does: detectors.Destroy, Kinds: instance,
				Calls:  []string{"http DELETE /api/v1/provisioning/alert-rules/*"},
				Source: grafanaAPI + "alerting_provisioning/",
			},
			{
				Name: "delete a stack", Does: detectors.Destroy, Kinds: []string{policy},
				Calls:  []string{"http DELETE /api/instances/*"},
				Source: "https://grafana.com/docs/grafana-cloud/developer-resources/api-reference/cloud-api/",
			},
			{
				Name: "make a token", Does: detectors.Admin,
				Calls:  []string{"http POST /api/serviceaccounts/*/tokens", "http POST /api/v1/tokens", "http POST /api/v1/accesspolicies"},
				Source: grafanaAPI + "serviceaccount/",
			},
			{
				Name: "change a dashboard", Does: detectors.Write, Kinds: instance,
				Calls:  []string{"http POST /api/dashboards/db"},
				Source: grafanaAPI + "dashboard/",
			},
		},
		Decode: decodeGrafana,
	}
}

// decodeGrafana checks a service account's token, which ends with its checksum,
// https://github.com/grafana/grafana/blob/main/pkg/components/satokengen/tokengen.go, and reads who a policy's token belongs to.
func decodeGrafana(token string) detectors.Decoded {
	switch {
	case strings.HasPrefix(token, "glsa_"):
		body, checksum, _ := cutLast(token, "_")
		sum := crc32.ChecksumIEEE([]byte(body))
		if hex.EncodeToString([]byte{byte(sum), byte(sum >> 8), byte(sum >> 16), byte(sum >> 24)}) != checksum {
			return detectors.Decoded{Reject: "its checksum is wrong"}
		}
		return detectors.Decoded{Kind: "service-account-token"}
	case strings.HasPrefix(token, "glc_"):
		var says struct{ O, N string }
		if !decodeObject(token[len("glc_"):], &says) || says.O == "" {
			return undecodable("access-policy-token")
		}
		return detectors.Decoded{Kind: "access-policy-token", IDs: []detectors.ID{{What: "account", Value: says.O}}}
	}
	var says struct{ K, N string }
	if !decodeObject(token, &says) || says.K == "" {
		return detectors.Decoded{Reject: "a key that does not decode"}
	}
	return detectors.Decoded{Kind: "legacy-api-key"}
}

// decodeObject decodes base64 of a JSON object into v.
func decodeObject(text string, v any) bool {
	decoded, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(text, "="))
	return err == nil && json.Unmarshal(decoded, v) == nil
}

// cutLast cuts text around the last separator.
func cutLast(text, separator string) (before, after string, found bool) {
	if i := strings.LastIndex(text, separator); i >= 0 {
		return text[:i], text[i+len(separator):], true
	}
	return text, "", false
}
