package providers

import (
	"strings"

	"github.com/stagewall/stagewall/detectors"
)

const (
	cratesTokens    = "https://doc.rust-lang.org/cargo/reference/publishing.html"
	cratesPublisher = "https://github.com/rust-lang/crates.io/blob/main/crates/crates_io_trustpub/src/access_token.rs"
	cargoCommands   = "https://doc.rust-lang.org/cargo/commands/"
)

// crates knows the tokens of crates.io. A registry has no environments: what is published is what production builds from. No token deletes a
// crate, only a person who is logged in: https://github.com/rust-lang/crates.io/blob/main/src/controllers/krate/delete.rs
func crates() detectors.Provider {
	const token, publisher = "api-token", "trusted-publishing-token"
	return detectors.Provider{
		Name:   "crates",
		Title:  "crates.io",
		Hosts:  []string{"crates.io"},
		Decode: decodeCrates,
		Rules: []detectors.Rule{
			{
				ID:          "crates-api-token",
				Description: "a person's API token",
				Pattern:     prefixed(`cio[A-Za-z0-9]{32}`),
				Group:       1,
				Keywords:    []string{"cio"},
				Entropy:     3.8,
				Kinds:       []string{token},
			},
			{
				ID:          "crates-publishing-token",
				Description: "the token that a workflow gets to publish a crate",
				Pattern:     prefixed(`cio_tp_[A-Za-z0-9]{32}`),
				Group:       1,
				Keywords:    []string{"cio_tp_"},
				Entropy:     3,
				Kinds:       []string{publisher},
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:      token,
				Title:     "API token",
				Scope:     detectors.ScopeAccount,
				Bound:     "the crates of its owner, or those that it was made for, which it does not show: a registry has no environments",
				AtMost:    detectors.Read | detectors.Write | detectors.Admin,
				Variables: []string{"CARGO_REGISTRY_TOKEN", "CARGO_REGISTRIES_CRATES_IO_TOKEN"},
				Shape:     `cio[A-Za-z0-9]{32}`,
				Cut:       "publish from the release job by trusted publishing, and revoke this token",
				Source:    cratesTokens,
			},
			{
				Name:   publisher,
				Title:  "trusted publishing token",
				Scope:  detectors.ScopeContainer,
				Bound:  "the crates that trust its workflow, for a short time",
				AtMost: detectors.Write,
				Shape:  `cio_tp_[A-Za-z0-9]{32}`,
				Cut:    "leave it to the job that it is made for",
				Source: "https://crates.io/docs/trusted-publishing",
			},
		},
		Tools: []detectors.Tool{{
			Name: "cargo", Variables: []string{"CARGO_REGISTRY_TOKEN", "CARGO_REGISTRIES_CRATES_IO_TOKEN"}, Selectors: []string{"--registry", "--index", "--package", "-p"},
			Source: "https://doc.rust-lang.org/cargo/reference/environment-variables.html",
		}},
		Operations: []detectors.Operation{
			{
				Name: "yank", Does: detectors.Write,
				Calls: []string{"cli cargo yank", "http DELETE /api/v1/crates/*/*/yank"}, Source: cargoCommands + "cargo-yank.html",
			},
			{Name: "publish", Does: detectors.Write, Calls: []string{"cli cargo publish", "http PUT /api/v1/crates/new"}, Source: cargoCommands + "cargo-publish.html"},
			{
				Name: "change owners", Does: detectors.Admin, Kinds: []string{token},
				Calls: []string{"cli cargo owner", "http PUT /api/v1/crates/*/owners", "http DELETE /api/v1/crates/*/owners"}, Source: cargoCommands + "cargo-owner.html",
			},
		},
	}
}

// decodeCrates checks the last character of a publishing token: all bytes before it, combined by exclusive or, choose it from the letters and
// digits, capitals first.
func decodeCrates(token string) detectors.Decoded {
	body, ok := strings.CutPrefix(token, "cio_tp_")
	const random, letters = 31, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
	if !ok || len(body) != random+1 {
		return detectors.Decoded{}
	}
	var sum byte
	for i := range random {
		sum ^= body[i]
	}
	if letters[int(sum)%len(letters)] != body[random] {
		return detectors.Decoded{Reject: "its checksum is wrong"}
	}
	return detectors.Decoded{Kind: "trusted-publishing-token"}
}
