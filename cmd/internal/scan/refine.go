package scan

import (
	"context"
	"slices"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/cmd/internal/cache"
	"github.com/stagewall/stagewall/detectors"
)

// Read is what was read of a file, for [Options.Refine].
type Read struct {
	Path       string
	Facts      []*analyzers.Facts
	Tokens     []detectors.Span // where tokens stand
	References bool             // it looks something up in a secret store
}

// refine lets somebody who knows better replace facts, unless it is known what it would say.
func (p *past) refine(ctx context.Context, opt Options, files []*file) error {
	if p.same != nil {
		replace(files, p.same.better)
		return nil
	}
	if opt.Refine == nil {
		p.learns = p.now.known
		return nil
	}
	reads := make([]Read, 0, len(files))
	for _, f := range files {
		if f.err != nil || f.skipped {
			continue
		}
		r := Read{Path: f.Path, Facts: f.facts}
		for _, found := range f.found {
			r.Tokens = append(r.Tokens, found.observation.At.Span)
		}
		r.References = slices.ContainsFunc(f.facts, refers)
		reads = append(reads, r)
	}
	if opt.Refines != nil && !opt.Refines(reads) {
		p.learns = p.now.known
		return nil
	}
	p.some = true
	by, identified := p.refinedBy(ctx, &opt, reads)
	better, known := p.recallRefined(by, identified)
	if !known {
		var whole bool
		var err error
		if better, whole, err = opt.Refine(ctx, reads); err != nil {
			return err
		}
		if identified && whole && !(tell(better) && codeHolds(files)) {
			p.refined = &cache.Entry{Path: refinedName, Content: by, Said: p.full(better)}
		}
	}
	p.learns = p.refined != nil
	replace(files, better)
	return nil
}

// replace puts better facts in the place of others.
func replace(files []*file, better []*analyzers.Facts) {
	byPath := map[string]*file{}
	for _, f := range files {
		if f.err == nil && !f.skipped && len(better) > 0 {
			byPath[f.Path] = f
		}
	}
	for _, facts := range better {
		f := byPath[facts.Path]
		if f == nil {
			continue
		}
		f.refined = true
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
}

// refinedName is the name of the entry of better facts. No file has it.
const refinedName = "\x00refined"

// refinedBy returns a digest of all that better facts depend on; ok is false if that is not known.
func (p *past) refinedBy(ctx context.Context, opt *Options, files []Read) (sum cache.Sum, ok bool) {
	if !p.now.known || opt.RefinesBy == nil {
		return sum, false
	}
	by := opt.RefinesBy(ctx, files)
	if by == nil {
		return sum, false
	}
	return p.Content(slices.Concat([]byte(refinedName), p.now.sum[:], by)), true
}

// recallRefined returns the better facts of the scan before, if all is as it was then.
func (p *past) recallRefined(by cache.Sum, identified bool) (better []*analyzers.Facts, known bool) {
	if !identified {
		return nil, false
	}
	e := p.Find(refinedName)
	if e == nil || e.Content != by {
		return nil, false
	}
	facts, err := p.facts(e.Said)
	if err != nil {
		return nil, false
	}
	p.refined = e
	return facts, true
}

// codeHolds reports whether a token stands in code of Go.
func codeHolds(files []*file) bool {
	return slices.ContainsFunc(files, func(f *file) bool {
		return len(f.found) > 0 && strings.HasSuffix(f.Path, ".go") && !strings.HasSuffix(f.Path, "_test.go")
	})
}

// tell reports whether facts say anything of programs.
func tell(list []*analyzers.Facts) bool {
	return slices.ContainsFunc(list, func(f *analyzers.Facts) bool { return len(f.Programs)+len(f.Units) > 0 })
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
