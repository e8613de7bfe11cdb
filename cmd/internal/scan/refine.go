package scan

import (
	"context"
	"encoding/binary"
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

// refine lets somebody who knows better replace facts, and returns what of it is to be kept.
func refine(ctx context.Context, opt Options, files []*file) (*cache.Entry, error) {
	if opt.Refine == nil {
		return nil, nil
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
	better, kept, err := refined(ctx, opt, files, reads)
	if err != nil {
		return nil, err
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
	return kept, nil
}

// refined returns the better facts, those of the scan before if all is as it was then.
func refined(ctx context.Context, opt Options, files []*file, reads []Read) ([]*analyzers.Facts, *cache.Entry, error) {
	k := newKeeper(opt.Cache)
	var state cache.Sum
	known := false
	if k != nil && opt.RefinesBy != nil {
		if by := opt.RefinesBy(ctx, reads); by != nil {
			state, known = k.state(files, by)
		}
	}
	if e := k.refined(); known && e != nil && e.Content == state {
		if facts, err := k.facts(e.Said); err == nil {
			return facts, e, nil
		}
	}
	better, whole, err := opt.Refine(ctx, reads)
	if err != nil || !known || !whole {
		return better, nil, err
	}
	return better, &cache.Entry{Path: refinedName, Content: state, Said: k.full(better)}, nil
}

// refinedName is the name of the entry of better facts. No file has it.
const refinedName = "\x00refined"

// refined returns the entry of better facts, nil if there is none.
func (k *keeper) refined() *cache.Entry {
	if k == nil {
		return nil
	}
	return k.Find(refinedName)
}

// state returns a digest of what all files hold, of where tokens stand, and of something else. It reports false if that is not known of a file,
// and where a token stands in code of Go: then facts of programs are not to be kept, though they hold no token.
func (k *keeper) state(files []*file, by []byte) (cache.Sum, bool) {
	state := append([]byte(refinedName), by...)
	for _, f := range files {
		switch {
		case f.outer != "":
			continue
		case f.err != nil || len(f.gaps) > 0 || len(f.found) > 0 && strings.HasSuffix(f.Path, ".go") && !strings.HasSuffix(f.Path, "_test.go"):
			return cache.Sum{}, false
		}
		state = append(append(state, 0), f.Path...)
		if f.skipped {
			continue // it is no text
		}
		sum := f.sum
		if sum == (cache.Sum{}) && f.kept != nil {
			sum = f.kept.Content
		}
		if sum == (cache.Sum{}) {
			if f.version.ID == "" || !k.Settled(f.version) {
				return cache.Sum{}, false
			}
			sum = k.Version(f.version)
		}
		state = append(append(state, 0), sum[:]...)
		for _, found := range f.found {
			span := found.observation.At.Span
			state = binary.AppendUvarint(binary.AppendUvarint(state, uint64(span.Start)), uint64(span.End))
		}
	}
	return k.Content(state), true
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
