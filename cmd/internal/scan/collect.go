package scan

import (
	"cmp"
	"slices"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/graph"
	"github.com/stagewall/stagewall/cmd/internal/report"
	"github.com/stagewall/stagewall/cmd/internal/source"
	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/tag"
)

// collection is all that was read, by file and by secret.
type collection struct {
	opt     Options
	index   *graph.Index
	stands  map[string][]graph.Stand
	secrets map[string]*secret
	target  report.Target
	errors  []*report.Error
}

// secret is one secret and all that was observed of it.
type secret struct {
	value        detectors.Secret
	rules        []string
	observations []tag.Observation
}

// collect brings together what the files say.
func collect(opt Options, listing source.Listing, files []*file) *collection {
	c := &collection{
		opt: opt, index: graph.NewIndex(), stands: map[string][]graph.Stand{}, secrets: map[string]*secret{}, target: opt.Target,
	}
	c.index.Programs = opt.Knowledge.Needs
	c.target.Skipped = listing.Skipped
	for _, p := range listing.Problems {
		c.errors = append(c.errors, &report.Error{Path: p.Path, Says: reason(p.Err)})
	}
	for _, f := range files {
		if c.target.Mode != "history" && f.outer == "" { // old versions are in nobody's checkout
			c.index.AddFile(f.Path, f.Tracked)
		}
		switch {
		case f.err != nil:
			c.errors = append(c.errors, &report.Error{Path: f.Path, Says: reason(f.err)})
			continue
		case f.skipped:
			c.target.Skipped++
		default:
			c.target.Files++
			c.target.Bytes += f.bytes
		}
		c.gap(f)
		for _, facts := range f.facts {
			c.index.AddFacts(facts)
		}
		f.facts = nil // the index has them
		for _, found := range f.found {
			c.add(cmp.Or(f.outer, f.Path), found)
		}
	}
	for _, a := range opt.Analyzers {
		if a.Join != nil {
			for _, facts := range a.Join(c.index) {
				c.index.AddFacts(facts)
			}
		}
	}
	for _, stands := range c.stands {
		slices.SortStableFunc(stands, func(a, b graph.Stand) int { return cmp.Compare(a.At.Span.Start, b.At.Span.Start) })
	}
	return c
}

// gap notes what of a file was not read.
func (c *collection) gap(f *file) {
	if len(f.gaps) == 0 {
		return
	}
	facts := &analyzers.Facts{Path: f.Path, Analyzer: "reading"}
	for _, says := range f.gaps {
		facts.Gaps = append(facts.Gaps, analyzers.Gap{At: detectors.Place{Path: f.Path}, Says: says})
	}
	c.index.AddFacts(facts)
}

func (c *collection) add(path string, f found) {
	s, ok := c.secrets[f.key]
	if !ok {
		s = &secret{value: f.secret}
		c.secrets[f.key] = s
	}
	s.rules = append(s.rules, f.rule)
	s.observations = append(s.observations, f.observation)
	if c.target.Mode == "history" {
		return
	}
	c.stands[path] = append(c.stands[path], graph.Stand{Token: f.key, At: f.observation.At})
}
