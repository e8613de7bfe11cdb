package scan

import (
	"context"
	"slices"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/detectors"
)

// Read is what was read of a file, for [Options.Refine].
type Read struct {
	Path       string
	Facts      []*analyzers.Facts
	Tokens     []detectors.Span // where tokens stand
	References bool             // it looks something up in a secret store
}

// refine lets somebody who knows better replace facts.
func refine(ctx context.Context, opt Options, files []*file) error {
	if opt.Refine == nil {
		return nil
	}
	byPath := map[string]*file{}
	reads := make([]Read, 0, len(files))
	for _, f := range files {
		if f.err != nil || f.skipped {
			continue
		}
		byPath[f.Path] = f
		r := Read{Path: f.Path, Facts: f.facts}
		for _, found := range f.found {
			r.Tokens = append(r.Tokens, found.observation.At.Span)
		}
		r.References = slices.ContainsFunc(f.facts, refers)
		reads = append(reads, r)
	}
	better, err := opt.Refine(ctx, reads)
	if err != nil {
		return err
	}
	for _, facts := range better {
		f := byPath[facts.Path]
		if f == nil {
			continue
		}
		i := -1
		if len(facts.Units) > 0 {
			i = slices.IndexFunc(f.facts, func(old *analyzers.Facts) bool { return old.Analyzer == facts.Analyzer && len(old.Units) > 0 })
		}
		if i < 0 {
			f.facts = append(f.facts, facts)
			continue
		}
		f.facts = slices.Clone(f.facts)
		f.facts[i] = facts
		facts.Outline, facts.Left = nil, nil // reading the file again tells no more
	}
	return nil
}

// refers reports whether facts look something up in a secret store.
func refers(f *analyzers.Facts) bool {
	return slices.ContainsFunc(f.Programs, func(p analyzers.Program) bool { return slices.ContainsFunc(p.Steps, referring) })
}

func referring(s analyzers.Step) bool {
	return stored(s.Value) || stored(s.Files()) || slices.ContainsFunc(s.Steps, referring)
}

func stored(v analyzers.Value) bool {
	return slices.ContainsFunc(v.Parts, func(p analyzers.Part) bool {
		return p.Hole != nil && (p.Hole.Store != "" || p.Hole.Default != nil && stored(*p.Hole.Default) || slices.ContainsFunc(p.Hole.Values, stored))
	})
}
