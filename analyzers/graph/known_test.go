package graph

import (
	"context"
	"reflect"
	"slices"
	"testing"

	"github.com/stagewall/stagewall/analyzers"
)

// learned links and returns what is learned if nothing may be kept of files with tokens, and an index of the facts that the next linking needs.
func learned(t *testing.T, in Input) (*Known, *Index) {
	t.Helper()
	in.Keeps = func(file string) bool { return len(in.Stands[file]) == 0 }
	linker := NewLinker(in)
	if _, err := linker.Link(context.Background()); err != nil {
		t.Fatal(err)
	}
	known, needs, ok := linker.Learned(func(*analyzers.Facts) bool { return false })
	if !ok {
		t.Fatal("nothing was learned")
	}
	index := NewIndex()
	for _, file := range in.Index.Match("**") {
		index.AddFile(file, in.Index.Tracked(file))
		for _, f := range in.Index.Facts(file) {
			if in.Keeps(file) && !needs(f) {
				one := *f
				one.Programs = slices.Clone(f.Programs)
				for i := range one.Programs {
					one.Programs[i].Steps = nil
				}
				f = &one
			}
			index.AddFacts(f)
		}
	}
	return known, index
}

// linkAgain fails if what was learned changes what linking says.
func linkAgain(t *testing.T, in Input, want *Graph) {
	t.Helper()
	in.Known, in.Index = learned(t, in)
	got, err := Link(context.Background(), in)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got.Units, want.Units) || !slices.Equal(got.Gaps, want.Gaps) || !reflect.DeepEqual(got.References, want.References) ||
		!reflect.DeepEqual(got.Findings(), want.Findings()) {
		t.Errorf("linked again:\n%v %v %v %v\nwant:\n%v %v %v %v", got.Units, got.Gaps, got.References, got.Findings(), want.Units, want.Gaps, want.References, want.Findings())
	}
	for _, u := range want.Units {
		for _, env := range u.runs() {
			got, want := got.Paths(u.ID, env, analyzers.Ambient), want.Paths(u.ID, env, analyzers.Ambient)
			if len(got) != len(want) || !slices.EqualFunc(got, want, func(a, b Path) bool {
				return a.Token == b.Token && a.Strength == b.Strength && a.Scoped == b.Scoped && slices.Equal(a.Hops, b.Hops)
			}) {
				t.Errorf("%s linked again: %v, want %v", u.ID, got, want)
			}
		}
	}
}

func TestLearned(t *testing.T) {
	files := map[string]string{
		"barren.sh":  "A=1\nrun child.sh\nread A",
		"child.sh":   "B=2",
		"follows.sh": "A=1\nrun lent.sh\nread SECRET",
		"lent.sh":    "C=3",
		"main.sh":    "run lent.sh\nsource .env\nread SECRET",
		".env":       "SECRET=@t\nONLY=$SECRET",
	}
	in := input(files, 0)
	known, index := learned(t, in)
	// follows.sh is the first to run lent.sh, which main.sh finds executed.
	if want := []string{"barren.sh", "child.sh", "lent.sh"}; !slices.Equal(known.Barren, want) {
		t.Errorf("barren are %q, want %q", known.Barren, want)
	}
	if want := []string{"SECRET"}; !slices.Equal(known.Alive, want) { // ONLY stands in the file with the token alone
		t.Errorf("alive are %q, want %q", known.Alive, want)
	}
	for file, needed := range map[string]bool{"barren.sh": false, "child.sh": false, "follows.sh": true, "lent.sh": true, "main.sh": true} {
		if got := len(index.Facts(file)[0].Programs[0].Steps) > 0; got != needed {
			t.Errorf("%s is needed: %v", file, got)
		}
	}
}
