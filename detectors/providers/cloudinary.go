package providers

import (
	"strings"

	"github.com/stagewall/stagewall/detectors"
)

// cloudinary binds keys to a product environment, which the URL that holds them names.
func cloudinary() detectors.Provider {
	const secret, key = "api-secret", "url"
	return detectors.Provider{
		Name:  "cloudinary",
		Title: "Cloudinary",
		Hosts: []string{"api.cloudinary.com", "api-eu.cloudinary.com"},
		Rules: []detectors.Rule{
			{
				ID:          "cloudinary-url",
				Description: "a Cloudinary key and secret as a URL",
				Pattern:     left + `(cloudinary://[0-9]{12,18}:[0-9A-Za-z_-]{24,30}@[0-9A-Za-z_-]+)`,
				Group:       1,
				Keywords:    []string{"cloudinary://"},
				Entropy:     3.5,
				Kinds:       []string{key},
			},
			{
				ID:          "cloudinary-secret",
				Description: "a value whose variable is named as a Cloudinary secret",
				Pattern:     assigned(named(`cloudinary`, `secret`), `[0-9A-Za-z_-]{27}`),
				Group:       1,
				Keywords:    []string{"cloudinary"},
				Entropy:     3.5,
				Kinds:       []string{secret},
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:      secret,
				Title:     "key's secret",
				Scope:     detectors.ScopeContainer,
				Bound:     "one product environment, which it does not name",
				AtMost:    detectors.UnknownPower,
				Variables: []string{"CLOUDINARY_API_SECRET"},
				Shape:     `[0-9A-Za-z_-]{27}`,
				Partners:  []detectors.Partner{{Title: "API key", Variables: []string{"CLOUDINARY_API_KEY"}, Needed: true}},
				Cut:       "use a key of staging's product environment, and delete this one",
				Source:    "https://cloudinary.com/documentation/developer_onboarding_faq_find_credentials",
			},
			{
				Name:      key,
				Title:     "URL with key and secret",
				Scope:     detectors.ScopeText,
				Bound:     "one product environment, which it names",
				AtMost:    detectors.UnknownPower,
				Variables: []string{"CLOUDINARY_URL"},
				Cut:       "use a key of staging's product environment, and delete this one",
				Source:    "https://cloudinary.com/documentation/developer_onboarding_faq_find_credentials",
			},
		},
		Tools: []detectors.Tool{
			{
				Name:      "cld",
				Aliases:   []string{"cloudinary"},
				Variables: []string{"CLOUDINARY_URL"},
				Selectors: []string{"-C", "--config_saved", "-c"},
				Source:    "https://cloudinary.com/documentation/cloudinary_cli",
			},
		},
		Containers: []detectors.Container{
			{Variable: "CLOUDINARY_CLOUD_NAME", Names: true, What: "environment"},
		},
		Operations: []detectors.Operation{
			{
				Name: "delete assets", Does: detectors.Destroy,
				Calls:  []string{"http DELETE /v1_1/*/resources/**", "http POST /v1_1/*/image/destroy", "cli cld admin delete_all_resources", "cli cld admin delete_resources", "cli cloudinary.api.delete_all_resources", "cli cloudinary.uploader.destroy"},
				Source: "https://cloudinary.com/documentation/delete_assets",
			},
			{
				Name: "delete folders", Does: detectors.Destroy,
				Calls:  []string{"http DELETE /v1_1/*/folders/*"},
				Source: "https://cloudinary.com/documentation/admin_api#delete_folder",
			},
			{
				Name: "upload", Does: detectors.Write,
				Calls:  []string{"http POST /v1_1/*/image/upload", "cli cld uploader upload"},
				Source: "https://cloudinary.com/documentation/image_upload_api_reference",
			},
		},
		Decode: func(text string) detectors.Decoded {
			rest, ok := strings.CutPrefix(text, "cloudinary://")
			_, cloud, ok2 := strings.Cut(rest, "@")
			if !ok || !ok2 {
				return detectors.Decoded{}
			}
			return detectors.Decoded{Kind: key, IDs: []detectors.ID{{What: "environment", Value: cloud}}}
		},
	}
}
