package scan

import (
	"reflect"
	"slices"
	"testing"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/match"
)

// What is kept with other settings is something else's. Options that are not named here must not change what is read in a file: whoever adds
// one says which it is.
func TestSettings(t *testing.T) {
	rule := detectors.Rule{ID: "r", Pattern: "abc[0-9]+", Keywords: []string{"abc"}}
	settings := func(change func(*Options, *[]detectors.Rule)) string {
		opt, rules := Options{Analyzers: []*analyzers.Analyzer{{Name: "a", Files: []string{"*.a"}}}}, []detectors.Rule{rule}
		if change != nil {
			change(&opt, &rules)
		}
		var err error
		if opt.Engine, err = match.New(rules, opt.Match); err != nil {
			t.Fatal(err)
		}
		sum, err := Settings(opt)
		if err != nil {
			t.Fatal(err)
		}
		return string(sum)
	}
	usual := settings(nil)
	if settings(nil) != usual || settings(func(o *Options, _ *[]detectors.Rule) { o.Jobs, o.Reveal, o.Match.Timings = 3, true, true }) != usual {
		t.Error("the digest of the same settings differs")
	}
	for name, change := range map[string]func(*Options, *[]detectors.Rule){
		"pattern": func(_ *Options, r *[]detectors.Rule) { (*r)[0].Pattern = "abc[0-8]+" },
		"rule":    func(_ *Options, r *[]detectors.Rule) { *r = append(*r, detectors.Rule{ID: "s", Pattern: "x"}) },
		"entropy": func(_ *Options, r *[]detectors.Rule) { (*r)[0].Entropy = 3 },
		"allowlist": func(_ *Options, r *[]detectors.Rule) {
			(*r)[0].Allowlists = []detectors.Allowlist{{StopWords: []string{"w"}}}
		},
		"global":    func(o *Options, _ *[]detectors.Rule) { o.Match.Global = []detectors.Allowlist{{Paths: []string{"p"}}} },
		"decoding":  func(o *Options, _ *[]detectors.Rule) { o.Match.DecodeDepth = 1 },
		"size":      func(o *Options, _ *[]detectors.Rule) { o.MaxFileSize = 1 },
		"archives":  func(o *Options, _ *[]detectors.Rule) { o.ArchiveDepth = 1 },
		"mode":      func(o *Options, _ *[]detectors.Rule) { o.Target.Mode = "staged" },
		"files":     func(o *Options, _ *[]detectors.Rule) { o.Analyzers[0].Files = []string{"*.b"} },
		"analyzers": func(o *Options, _ *[]detectors.Rule) { o.Analyzers = nil },
	} {
		if settings(change) == usual {
			t.Errorf("%s changes nothing", name)
		}
	}
	for what, known := range map[reflect.Type][]string{
		reflect.TypeFor[match.Options](): {
			"DecodeDepth", "Global", "Gitleaks", "Apart", // in the digest
			"Tables", "Like", "Timings", // these change what it costs
		},
		reflect.TypeFor[Options](): {
			"Target", "Engine", "Match", "Analyzers", "MaxFileSize", "ArchiveDepth", "sizes", // in the digest, as far as they matter
			"Source", "Version", "Config", "Branches", "Below", "Now", "Jobs", "Reveal", "Changed", "Before", "Refine", "Refines", "RefinesBy", "RefineMode", "Known", "Cache", "Recalls", "Progress", "Draws",
			"everything", "onSame",
			"Knowledge", "Ignored", "IgnoreAllows", "PassedOver", // these see files with candidates only
		},
	} {
		for i := range what.NumField() {
			if name := what.Field(i).Name; !slices.Contains(known, name) {
				t.Errorf("does %s.%s change what a file says? See Settings", what, name)
			}
		}
	}
}

// Words are looked for up to the first that stands.
func TestLook(t *testing.T) {
	for _, c := range []struct {
		words []string
		want  words
	}{
		{[]string{"one", "three", "two"}, words{Stand: []string{"two"}, Lack: []string{"one", "three"}}},
		{[]string{"", "one"}, words{Stand: []string{""}}},
		{[]string{"one"}, words{Lack: []string{"one"}}},
		{nil, words{}},
	} {
		if got := look(c.words, []byte("func two() {}")); !slices.Equal(got.Stand, c.want.Stand) || !slices.Equal(got.Lack, c.want.Lack) {
			t.Errorf("%q: %q", c.words, got)
		}
	}
}
