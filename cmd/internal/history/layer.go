package history

import (
	"regexp/syntax"
	"sync"
	"sync/atomic"

	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/match"
)

// layer is a part of the rules, that are run together.
type layer struct {
	engine func() (*match.Engine, error) // made when a text first needs it
	rules  []detectors.Rule
	marks  []uint32 // by rule, for the numbers of its values
	coded  []bool   // by rule: only what was encoded counts, since another layer has the rule
	extent int      // of each rule, at most; unbounded: they have to see whole texts
	needs  []need   // one of which must be met by the text; nil if none needs to
	late   bool     // only texts are looked at in which the layers before found a value that needs a partner
	path   uint64   // a bit for the expression that the text's path must match; 0 for any path
	lines  bool     // known lines are not scanned
	reach  int      // how many chunks behind one decide what is found in it, as a rule
	salt   uint64   // tells hashes of this layer from those of others
	made   atomic.Bool
}

// timings returns what the rules have cost.
func (l *layer) timings() []match.Timing {
	if !l.made.Load() {
		return nil
	}
	engine, err := l.engine()
	if err != nil {
		return nil
	}
	return engine.Timings()
}

const (
	near      = 128 // the extent of most rules
	far       = 640 // of nearly all others
	mostAlone = 40  // layers of one rule
	mostPaths = 64

	mostTables = 6 << 20 // of automata, in bytes, for each layer and worker
)

// newLayers puts the rules into layers, and returns the expressions of the paths that some are bound to, by bit.
func newLayers(rules []detectors.Rule, opt match.Options) (layers []*layer, paths []string) {
	nearby, farther, tall := &layer{extent: near}, &layer{extent: far}, &layer{extent: unbounded}
	bound := map[string]uint64{}
	late := &layer{extent: unbounded, late: true}
	var alone, byPath []*layer
	partners := map[string]bool{}
	for _, r := range rules {
		for _, q := range r.Required {
			partners[q.Rule] = partners[q.Rule] || !r.SkipReport
		}
	}
	for _, r := range rules {
		if r.Pattern == "" || r.SkipReport && !partners[r.ID] {
			continue // it looks at paths only, or is nobody's partner
		}
		mark := markOf(r)
		if mark == isPartner {
			if r, _, words := widened(r); words { // else it is everywhere, such as any forty letters
				late.add(r, mark, false)
			}
			continue
		}
		path, keywords, elsewhere := r.Path, r.Keywords, false
		r, n, words := widened(r)
		switch {
		case path != "":
			bit, ok := bound[path]
			if !ok {
				bit = 1 << (len(paths) % mostPaths)
				bound[path] = bit
				paths = append(paths, path)
			}
			if !words {
				r.Keywords = nil
			}
			byPath = add(byPath, r, mark, n, bit)
			continue
		case n > far || !words && len(alone) == mostAlone:
			tall.add(r, mark, false)
			tall.needs = append(tall.needs, needOf(r, keywords))
			elsewhere = true
		case !words:
			other := r
			other.Keywords = nil
			one := &layer{extent: n, needs: []need{{all: [][]string{keywords}}}}
			one.add(other, mark, false)
			alone = append(alone, one)
			elsewhere = true
		case n > near:
			farther.add(r, mark, false)
			continue
		}
		nearby.add(r, mark, elsewhere)
	}
	for i, l := range append(append(append([]*layer{nearby, farther, tall}, alone...), byPath...), late) {
		if len(l.rules) == 0 {
			continue
		}
		l.lines, l.reach = l == nearby, 1+2*l.extent/leastChunk
		o := opt
		o.Apart, o.Tables = l.extent != unbounded, mostTables
		if l.needs != nil || l.late {
			o.DecodeDepth, o.Tables = 0, mostTables/3 // few rules, which few texts ask for
		}
		l.engine = sync.OnceValues(func() (*match.Engine, error) {
			l.made.Store(true)
			return match.New(l.rules, o)
		})
		l.salt = uint64(i+1) * 0x9e3779b97f4a7c15 >> 1 << 1
		layers = append(layers, l)
	}
	return layers, paths
}

// add adds a rule to the layer of those that are bound to the same path.
func add(layers []*layer, r detectors.Rule, mark uint32, extent int, path uint64) []*layer {
	if extent > far {
		extent = unbounded
	}
	for _, l := range layers {
		if l.path == path && (l.extent == unbounded) == (extent == unbounded) {
			l.add(r, mark, false)
			l.extent = max(l.extent, extent)
			return layers
		}
	}
	l := &layer{extent: extent, path: path}
	l.add(r, mark, false)
	return append(layers, l)
}

func (l *layer) add(r detectors.Rule, mark uint32, coded bool) {
	l.rules, l.marks, l.coded = append(l.rules, r), append(l.marks, mark), append(l.coded, coded)
}

// widened returns the rule as the sieve asks it: under any path, with or without partners, and, if its keywords may stand elsewhere than in its
// matches, with keywords that stand in them; its extent; and whether every match holds one of its keywords, or it has none.
func widened(r detectors.Rule) (wide detectors.Rule, n int, words bool) {
	r.Path, r.Required, r.SkipReport = "", nil, false
	re, err := syntax.Parse(r.Pattern, syntax.Perl)
	if err != nil {
		return r, unbounded, false
	}
	n = extent(re)
	if implied(re, r.Keywords) {
		return r, n, true
	}
	if own := wordsOf(re); own != nil {
		r.Keywords = own
		return r, n, true
	}
	return r, n, false
}
