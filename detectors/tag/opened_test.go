package tag

import (
	"fmt"
	"testing"

	"github.com/stagewall/stagewall/detectors"
)

// TestRecipients has keys that are known by name, the files that are encrypted for keys, and what follows for the key.
func TestRecipients(t *testing.T) {
	const sort = detectors.AgeRecipient
	file := func(name, keys string, e detectors.Environment) detectors.Binding {
		return detectors.Binding{What: sort, Value: keys, Environments: e, At: detectors.Place{Path: name}}
	}
	has := func(unit string, e detectors.Environment, scoped bool) detectors.Holder {
		return detectors.Holder{Unit: unit, Environments: e, Scoped: scoped}
	}
	for _, test := range []struct {
		name    string
		rows    []detectors.Binding
		holders []detectors.Holder
		want    string
	}{
		{"one key for all", []detectors.Binding{file("p", "a", prod), file("s", "a", stg)}, []detectors.Holder{has("s", stg, true)}, "production, staging; whichever"},
		{"a key each", []detectors.Binding{file("p", "a", prod), file("s", "b", stg)}, []detectors.Holder{has("s", stg, true)}, "staging"},
		{"a key each, of one name", []detectors.Binding{file("p", "a", prod), file("s", "b", stg)}, []detectors.Holder{has("s", stg, true), has("p", prod, true)}, "production, staging; apart"},
		{"of one name and one value", []detectors.Binding{file("p", "a", prod), file("s", "b", stg)}, []detectors.Holder{has("s", stg, false), has("p", prod, false)}, "production, staging"},
		{"more keys open production's", []detectors.Binding{file("p", "a b c", prod), file("s", "a b", stg)}, []detectors.Holder{has("s", stg, true)}, "production, staging; whichever"},
		{"some of the keys open production's", []detectors.Binding{file("p", "a c", prod), file("s", "a b", stg)}, []detectors.Holder{has("s", stg, true)}, "unknown"},
		{"two applications", []detectors.Binding{file("p", "a c", prod), file("s", "a", stg), file("s2", "b", stg)}, []detectors.Holder{has("s", stg, true)}, "unknown"},
		{"a file of nobody", []detectors.Binding{file("p", "a", prod), file("x", "b", 0), file("s", "b", stg)}, []detectors.Holder{has("s", stg, true)}, "unknown"},
		{"files of nobody alone", []detectors.Binding{file("x", "b", 0)}, []detectors.Holder{has("s", stg, true)}, "unknown"},
		{"what is nobody's has production's key", []detectors.Binding{file("p", "b", prod), file("x", "b", 0)}, []detectors.Holder{has("s", stg, true)}, "production, staging; whichever"},
		{"no file of production's", []detectors.Binding{file("s", "a", stg)}, []detectors.Holder{has("s", stg, true)}, "unknown"},
		{"no file", nil, []detectors.Holder{has("s", stg, true)}, "unknown"},
		{"no holder", []detectors.Binding{file("p", "a", prod)}, nil, "unknown"},
		{"a holder of nobody", []detectors.Binding{file("p", "a", prod), file("s", "a", stg)}, []detectors.Holder{has("x", 0, false)}, "unknown"},
	} {
		kind := detectors.Kind{Name: "key", Title: "key", Scope: detectors.ScopeContainer, Opens: sort, Variables: []string{"OPENING_KEY"}, AtMost: detectors.Read}
		k := NewKnowledge([]detectors.Provider{{Name: "keys", Title: "Keys", Kinds: []detectors.Kind{kind}}})
		token := k.Decide(Subject{Reference: &detectors.Reference{Store: "github", Name: "OPENING_KEY"}, Names: []detectors.Naming{{Name: "OPENING_KEY"}}, Holders: test.holders}, test.rows)
		got := "unknown"
		if r := token.Reach; r.Known {
			got = r.Environments.String()
			if r.Whichever {
				got += "; whichever"
			}
			if r.Apart {
				got += "; apart"
			}
		}
		if got != test.want {
			t.Errorf("%s: got %s, want %s: %s", test.name, got, test.want, fmt.Sprint(token.Evidence))
		}
	}
}
