package providers

import (
	"encoding/base64"
	"strings"

	"github.com/stagewall/stagewall/detectors"
)

const (
	clerkInstances = "https://clerk.com/docs/guides/development/managing-environments"
	clerkAPI       = "https://clerk.com/docs/reference/backend-api"
)

// clerk writes live or test into its keys as Stripe does, so its own name must stand beside one. There are instances for development and
// for production only; staging is built as the production instance of an application of its own, and then has live keys,
// https://clerk.com/docs/guides/development/deployment/staging-alternatives
func clerk() detectors.Provider {
	const secret, publishable = "secret-key", "publishable-key"
	return detectors.Provider{
		Name:  "clerk",
		Title: "Clerk",
		Hosts: []string{"api.clerk.com", "api.clerk.dev"},
		Rules: []detectors.Rule{
			{
				ID:          "clerk-secret-key",
				Description: "a key for Clerk's backend API",
				Pattern:     beside(`clerk`, `sk_(?:live|test)_[0-9A-Za-z]{32,60}`),
				Group:       1,
				Keywords:    []string{"clerk"},
				Entropy:     3.5,
				Kinds:       []string{secret},
			},
			{
				ID:          "clerk-publishable-key",
				Description: "a Clerk key made to be published",
				Pattern:     beside(`clerk`, `pk_(?:live|test)_[0-9A-Za-z+/]{12,}={0,2}`),
				Group:       1,
				Keywords:    []string{"clerk"},
				Entropy:     3,
				Kinds:       []string{publishable},
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:      secret,
				Title:     "secret key",
				Scope:     detectors.ScopeText,
				Bound:     "one instance of one application, which it does not name; live may be the instance of staging's own application",
				AtMost:    detectors.Full,
				Variables: []string{"CLERK_SECRET_KEY"},
				Partners:  []detectors.Partner{{Title: "publishable key", Variables: []string{"CLERK_PUBLISHABLE_KEY", "NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY", "VITE_CLERK_PUBLISHABLE_KEY"}, Shape: `pk_(?:live|test)_[0-9A-Za-z+/]{12,}={0,2}`}},
				Cut:       "give staging the keys of an application of its own, and rotate this one",
				Source:    clerkInstances,
			},
			{
				Name:      publishable,
				Title:     "publishable key",
				Scope:     detectors.ScopePublic,
				Bound:     "made to be published: it holds the address of the instance",
				Variables: []string{"CLERK_PUBLISHABLE_KEY", "NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY", "VITE_CLERK_PUBLISHABLE_KEY"},
				Source:    clerkInstances,
			},
		},
		Operations: []detectors.Operation{
			{
				Name: "delete a user", Does: detectors.Destroy,
				Calls:  []string{"http DELETE /v1/users/*", "sdk users.deleteUser"},
				Source: "https://clerk.com/docs/reference/backend/user/delete-user",
			},
			{
				Name: "delete an organization", Does: detectors.Destroy,
				Calls:  []string{"http DELETE /v1/organizations/*", "sdk organizations.deleteOrganization"},
				Source: "https://clerk.com/docs/reference/backend/organization/delete-organization",
			},
			{
				Name: "sign in as somebody", Does: detectors.Admin,
				Calls:  []string{"http POST /v1/sign_in_tokens", "http POST /v1/actor_tokens"},
				Source: clerkAPI,
			},
			{
				Name: "make or ban a user", Does: detectors.Admin,
				Calls:  []string{"http POST /v1/users", "http POST /v1/users/*/ban", "http POST /v1/invitations"},
				Source: clerkAPI,
			},
		},
		Decode: func(key string) detectors.Decoded {
			kinds := map[string]string{"sk_": secret, "pk_": publishable}
			prefix, mode, _ := cutMode(key)
			d := detectors.Decoded{Kind: kinds[prefix]}
			if host := clerkHost(key); prefix == "pk_" && host != "" {
				d.Hosts = []string{host}
			}
			switch {
			case d.Kind == "":
			case mode.reach == notProduction:
				d.Reach = mode.reach
				d.Evidence = []detectors.Evidence{{About: "reach", Says: "the key's text says a development instance", Source: clerkInstances}}
			default:
				d.Evidence = []detectors.Evidence{{About: "reach", Says: "the key's text says a production instance, and staging may have one of its own", Source: clerkInstances}}
			}
			return d
		},
	}
}

// clerkHost returns the host of the instance that a publishable key holds: base64 of the host and a dollar sign
// (https://clerk.com/docs/guides/how-clerk-works/overview#publishable-key).
func clerkHost(key string) string {
	text := key[strings.LastIndexByte(key, '_')+1:]
	host, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(text, "="))
	if err != nil || len(host) < 2 || len(host) > 253 || host[len(host)-1] != '$' || strings.Trim(string(host[:len(host)-1]), "abcdefghijklmnopqrstuvwxyz0123456789.-") != "" {
		return ""
	}
	return string(host[:len(host)-1])
}
