package tag

import (
	"regexp"
	"slices"
	"testing"
)

// What is said of documents is what one pattern finds.
func FuzzSaid(f *testing.F) {
	whole := regexp.MustCompile(`\b(namespace|on-profile)["']?[ \t]*:[ \t]*["']?([A-Za-z0-9][A-Za-z0-9._-]{0,62})\b`)
	for _, document := range []string{
		"kind: Secret\nmetadata:\n  namespace: production\n  \"namespace\" : 'b.c'", "xnamespace: a\n_namespace: b\n-namespace: c\nénamespace: d",
		"namespace: on-profile: x\non-profile: namespace: y", "spring:\n  config.activate.on-profile: prod\n", "namespaces: a\nnamespace:\n b", "namespace: a-",
	} {
		f.Add([]byte(document))
	}
	f.Fuzz(func(t *testing.T, document []byte) {
		var got, want []string
		for word, value := range said(document) {
			got = append(got, word+" "+value)
		}
		for _, m := range whole.FindAllSubmatch(document, deepest) {
			want = append(want, string(m[1])+" "+string(m[2]))
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", document, got, want)
		}
	})
}
