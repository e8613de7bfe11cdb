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
	joined  []*analyzers.Facts // facts that were made of others
	same    *same              // what is known of an earlier linking of the same, nil if nothing is
}

// secret is one secret and all that was observed of it.
type secret struct {
	value        detectors.Secret
	rules        []string
	observations []tag.Observation
}

// collect brings together what the files say.
func collect(opt Options, listing source.Listing, files []*file, same *same) *collection {
	c := &collection{
		opt: opt, index: graph.NewIndex(), stands: map[string][]graph.Stand{}, secrets: map[string]*secret{}, target: opt.Target,
		same: same,
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
		case f.unsaid: // it is counted already
			for _, facts := range f.facts {
				c.index.AddFacts(facts)
			}
			f.facts = nil
			continue
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
	if same != nil {
		c.target.Files += same.Rest.Files
		c.target.Skipped += same.Rest.Skipped
		c.target.Bytes += same.Rest.Bytes
		for _, facts := range same.Beside {
			c.index.AddFacts(facts)
		}
	}
	c.join()
	for _, stands := range c.stands {
		slices.SortStableFunc(stands, func(a, b graph.Stand) int { return cmp.Compare(a.At.Span.Start, b.At.Span.Start) })
	}
	return c
}

// join adds what several files say together.
func (c *collection) join() {
	if c.same != nil && !c.same.Whole {
		for _, facts := range c.same.Joined {
			c.index.AddFacts(facts)
		}
		return
	}
	for _, a := range c.opt.Analyzers {
		if a.Join == nil {
			continue
		}
		for _, facts := range a.Join(c.index) {
			c.index.AddFacts(facts)
			c.joined = append(c.joined, facts)
		}
	}
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
