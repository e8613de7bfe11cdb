package providers

import "github.com/stagewall/stagewall/detectors"

// basicAuth knows URLs of any service with a user and a password in them. What a password is by its own form belongs to whoever issued
// it, and so does what a more specific URL is.
func basicAuth() detectors.Provider {
	server := engine{
		name:     "basic-auth",
		schemes:  `[a-z][a-z0-9+.-]{1,24}`, // https://www.rfc-editor.org/rfc/rfc3986#section-3.1
		keywords: []string{"://"},
		strict:   true,
		defaults: []string{"elastic", "grafana", "jenkins", "kibana", "nginx", "proxy", "solr"},
	}
	rules := server.urlRules()[:1]
	rules[0].Generic = true
	return detectors.Provider{
		Name:   server.name,
		Title:  "basic authentication",
		Common: true,
		Rules:  rules,
		Kinds:  []detectors.Kind{server.login("https://www.rfc-editor.org/rfc/rfc7617")},
		Operations: []detectors.Operation{{
			Name: "delete", Does: detectors.Write,
			Calls:  []string{"http DELETE /**"},
			Source: "https://www.rfc-editor.org/rfc/rfc9110#name-delete",
		}},
		Decode: server.decode,
	}
}
