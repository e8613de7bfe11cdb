package suite

import (
	"net/url"
	"strings"
	"testing"

	"github.com/stagewall/stagewall/detectors"
)

// TestSources: whatever is said of a kind, a program or an operation, and above all that something destroys, for how long it can be undone
// and what becomes of backups, names the document that says so.
func TestSources(t *testing.T) {
	claims, promises := 0, 0
	for _, p := range Providers() {
		for _, k := range p.Kinds {
			document(t, p.Name+"/"+k.Name, k.Source)
		}
		for _, tool := range p.Tools {
			document(t, p.Name+", "+tool.Name, tool.Source)
		}
		for _, o := range p.Operations {
			document(t, p.Name+", "+o.Name, o.Source)
			if o.Does&detectors.Destroy != 0 || o.DeletesBackups {
				claims++
			}
			if o.Undo == "" && o.Backups == "" {
				continue
			}
			promises++
			if o.Does&detectors.Destroy == 0 {
				t.Errorf("%s, %s: says what becomes of what it does not destroy", p.Name, o.Name)
			}
		}
	}
	t.Logf("%d operations that destroy, %d with a word on undoing them or on backups", claims, promises)
	if claims < 100 || promises < 20 {
		t.Error("the catalogue has lost what it is for")
	}
}

// document checks that a source is the address of a document: a host with a path to it, not a search or a bare domain.
func document(t *testing.T, what, source string) {
	t.Helper()
	u, err := url.Parse(source)
	switch {
	case err != nil || u.Scheme != "https" || !strings.Contains(u.Host, "."):
		t.Errorf("%s: no source: %q", what, source)
	case strings.Trim(u.Path, "/") == "" && u.Fragment == "" && strings.Count(u.Host, ".") < 2:
		t.Errorf("%s: %s is a whole site, not a document", what, source)
	case strings.ContainsAny(source, " ?"):
		if !strings.Contains(u.RawQuery, "=") || strings.Contains(source, " ") {
			t.Errorf("%s: no address: %q", what, source)
		}
	}
}
