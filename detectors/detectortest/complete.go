package detectortest

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stagewall/stagewall/detectors"
)

// complete checks what the provider says of itself.
func complete(t testing.TB, p detectors.Provider) {
	t.Helper()
	if p.Name == "" || p.Title == "" || p.Name != strings.ToLower(p.Name) || strings.ContainsAny(p.Name, " \t") {
		t.Errorf("%q, titled %q: bad name or title", p.Name, p.Title)
	}
	kinds := map[string]bool{}
	for _, k := range p.Kinds {
		if kinds[k.Name] || !kindName.MatchString(k.Name) {
			t.Errorf("kind %q: bad name, or used twice", k.Name)
		}
		kinds[k.Name] = true
		if k.Title == "" || k.Bound == "" || !isSource(k.Source) {
			t.Errorf("kind %s: no title, bound or source", k.Name)
		}
		if (k.AtMost == 0) != (k.Scope == detectors.ScopePublic) {
			t.Errorf("kind %s: no privilege, or one for a public kind", k.Name)
		}
		if strings.HasSuffix(k.Cut, ".") || k.Cut == "" && k.Scope != detectors.ScopePublic {
			t.Errorf("kind %s: no cut, or one that ends with a full stop", k.Name)
		}
		if _, err := regexp.Compile(k.Shape); err != nil {
			t.Errorf("kind %s: %v", k.Name, err)
		}
	}
	completeRules(t, p, kinds)
	for _, o := range p.Operations {
		if o.Name == "" || o.Does == 0 || !isSource(o.Source) || len(o.Calls) == 0 {
			t.Errorf("operation %q: no name, power, source or call", o.Name)
		}
		if strings.HasPrefix(o.Undo, "no ") && o.Undo != "no undo" { // what is said before it reads "undo"
			t.Errorf("operation %s: undo %q", o.Name, o.Undo)
		}
		for _, c := range o.Calls {
			if !callForm.MatchString(c) {
				t.Errorf("operation %s: bad call %q", o.Name, c)
			}
		}
		for _, k := range o.Kinds {
			if !kinds[k] {
				t.Errorf("operation %s: no kind %q", o.Name, k)
			}
		}
	}
	for _, tool := range p.Tools {
		if tool.Name == "" || !isSource(tool.Source) {
			t.Errorf("tool %q: no name or source", tool.Name)
		}
	}
	for _, l := range p.Libraries {
		if len(l.Names) == 0 || len(l.Variables) == 0 || !isSource(l.Source) {
			t.Errorf("library %q: no name, variable or source", l.Names)
		}
	}
	for _, k := range p.Kinds {
		destroys := func(o detectors.Operation) bool {
			return o.Does&detectors.Destroy != 0 && (len(o.Kinds) == 0 || slices.Contains(o.Kinds, k.Name))
		}
		if k.AtMost&detectors.Destroy != 0 && k.AtMost != detectors.UnknownPower && !slices.ContainsFunc(p.Operations, destroys) {
			t.Errorf("kind %s may destroy, and no operation destroys", k.Name)
		}
	}
}

// isSource reports whether a source is an address that people can open.
func isSource(source string) bool {
	u, err := url.Parse(source)
	return err == nil && u.Scheme == "https" && strings.Contains(u.Host, ".")
}

var (
	kindName = regexp.MustCompile(`^[a-z0-9]+(?:-[a-z0-9]+)*$`)
	callForm = regexp.MustCompile(`^(?:graphql [A-Za-z_]\w*|http (?:GET|HEAD|POST|PUT|PATCH|DELETE) /\S*|cli \S+(?: \S+)*|sdk [A-Za-z_][\w.-]*|sql .+)$`)
)

func completeRules(t testing.TB, p detectors.Provider, kinds map[string]bool) {
	t.Helper()
	ids := map[string]bool{}
	for _, r := range p.Rules {
		if ids[r.ID] || !strings.HasPrefix(r.ID, p.Name+"-") || !kindName.MatchString(r.ID) {
			t.Errorf("rule %q: bad id, or used twice", r.ID)
		}
		ids[r.ID] = true
		if len(r.Keywords) == 0 && r.Path == "" || r.Description == "" || r.Pattern == "" && r.Path == "" {
			t.Errorf("rule %s: no keyword or path, description, or pattern or path", r.ID)
		}
		if !r.SkipReport && len(r.Kinds) == 0 {
			t.Errorf("rule %s: no kind", r.ID)
		}
		for _, k := range r.Kinds {
			if !kinds[k] {
				t.Errorf("rule %s: no kind %q", r.ID, k)
			}
		}
	}
	for _, r := range p.Rules {
		for _, q := range r.Required {
			if !ids[q.Rule] {
				t.Errorf("rule %s: no partner %q", r.ID, q.Rule)
			}
		}
	}
}
