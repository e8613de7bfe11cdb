package analyzertest

import (
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/code"
)

// Glance tests that of a file which an analyzer leaves at an outline a full reading finds no more than the outline says: the same files that
// are taken in, uses of values, clients of its libraries, and names that begin with its keys and of which the first word stands in the text.
// It reports whether there is an outline.
func Glance(t testing.TB, a *analyzers.Analyzer, file string, src []byte) bool {
	t.Helper()
	glanced, full := analyzers.NewPass(a.Name, file, src), analyzers.NewPass(a.Name, file, src)
	glanced.Glance = true
	for _, pass := range []*analyzers.Pass{glanced, full} {
		if err := a.Run(pass); err != nil {
			t.Fatal(err)
		}
	}
	o := glanced.Facts.Outline
	if o == nil {
		return false
	}
	if len(glanced.Facts.Gaps) > 0 || len(glanced.Facts.Programs) != 1 || len(full.Facts.Units) > 0 || len(full.Facts.Programs) != 1 {
		t.Fatalf("%s: %+v\nof a full reading: %+v", file, glanced.Facts, full.Facts)
	}
	g := &glance{t: t, file: file, src: src, outline: o, takes: o.Steps(file, nil)}
	g.check(full.Facts.Programs[0].Steps)
	if len(g.takes) > 0 {
		t.Errorf("%s: only an outline takes in %+v\n%s", file, g.takes, src)
	}
	return true
}

// glance compares the steps of a file with its outline.
type glance struct {
	t       testing.TB
	file    string
	src     []byte
	outline *analyzers.Outline
	takes   []analyzers.Step // of the outline, which were not met yet
}

func (g *glance) check(steps []analyzers.Step) {
	for _, s := range steps {
		ok := true
		switch s.Op {
		case analyzers.OpSource:
			ok = len(g.takes) > 0 && g.takes[0].At == s.At && g.takes[0].Says == s.Says && slices.Equal(paths(g.takes[0].Refers().Path), paths(s.Refers().Path))
			g.takes = g.takes[min(1, len(g.takes)):]
		case analyzers.OpSet:
			ok = strings.Contains(s.Name, "#")
			g.name(s.Name)
		case analyzers.OpCall:
			ok = slices.Contains(g.outline.Libraries, s.Sink.Library) || strings.HasPrefix(s.Sink.Library, ".")
		case analyzers.OpBlock, analyzers.OpUse:
		default:
			ok = false
		}
		if !ok {
			g.t.Errorf("%s: the outline does not tell of %+v\n%s\nbut of %+v", g.file, s, g.src, g.outline)
		}
		g.value(s.Value)
		g.check(s.Steps)
	}
}

// paths returns the texts of a path.
func paths(v analyzers.Value) []string {
	all := []string{""}
	for _, p := range v.Parts {
		var longer []string
		for _, before := range all {
			for _, text := range code.Texts([]analyzers.Part{p}) {
				longer = append(longer, before+text)
			}
		}
		all = longer
	}
	for i := range all {
		all[i] = path.Clean(all[i])
	}
	return all
}

func (g *glance) value(v analyzers.Value) {
	for _, p := range v.Parts {
		if p.Hole == nil {
			continue
		}
		if p.Hole.Name != "" {
			g.name(p.Hole.Name)
		}
		for _, inner := range []*analyzers.Value{p.Hole.Default, p.Hole.Computed} {
			if inner != nil {
				g.value(*inner)
			}
		}
		for _, inner := range p.Hole.Values {
			g.value(inner)
		}
	}
}

func (g *glance) name(name string) {
	key, word, hashed := strings.Cut(name, "#")
	word = word[:min(len(word), max(0, strings.IndexAny(word+".", ".()[]*")))]
	if !hashed || key != g.outline.Key && !slices.Contains(g.outline.Keys, key) || word != "default" && !code.Stands(g.src, word) {
		g.t.Errorf("%s: the outline does not tell of the name %q\n%s", g.file, name, g.src)
	}
}
