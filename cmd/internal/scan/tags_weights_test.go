package scan_test

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/stagewall/stagewall/cmd/internal/report"
	"github.com/stagewall/stagewall/detectors"
)

// weighed counts, of one sort of cue, the rows whose label is production and those whose label is not.
type weighed struct{ production, other int }

// TestTagsWeights prints what the labelled intents of the training half say of the weights of cues in detectors/tag: for each sort of
// cue and its weight, how often it stands beside tokens that are meant for production and beside others, and the likelihood ratio of the
// two in decibans, each count half a row more so that none is without end. It fails where the labels contradict a weight's sign.
func TestTagsWeights(t *testing.T) {
	counts := map[string]*weighed{}
	var all weighed
	var training []*labelled
	for _, c := range readCorpus(t) {
		if !c.held {
			training = append(training, c)
		}
	}
	for _, r := range scanCorpus(t, training) {
		if r.label.question != "intent" || r.said.token == nil {
			continue
		}
		production := r.label.answers[0].environments.Touches(detectors.Production)
		all.add(production)
		for _, cue := range cuesOf(r.said.token) {
			if counts[cue] == nil {
				counts[cue] = &weighed{}
			}
			counts[cue].add(production)
		}
	}
	for _, cue := range slices.Sorted(maps.Keys(counts)) {
		c := counts[cue]
		ratio := 10 * math.Log10((float64(c.production)+0.5)/(float64(all.production)+1)*(float64(all.other)+1)/(float64(c.other)+0.5))
		t.Logf("%-22s %3d of %d of production, %3d of %d others: %+.1f dB", cue, c.production, all.production, c.other, all.other, ratio)
		if c.production+c.other >= 10 && strings.Contains(cue, "+") != (ratio > 0) {
			t.Errorf("%s: the labels say the opposite", cue)
		}
	}
}

func (w *weighed) add(production bool) {
	if production {
		w.production++
	} else {
		w.other++
	}
}

// cuesOf returns the sorts of cues of intent in a token's ledger, with their weights, each once.
func cuesOf(k *report.Token) []string {
	var cues []string
	for _, e := range k.Evidence {
		if e.About != "intent" || e.Decibans == 0 {
			continue
		}
		sort := "unit"
		for _, s := range []string{"variable", "enclosing", "path"} {
			if strings.HasPrefix(e.Says, "the "+s+" ") {
				sort = s
			}
		}
		if cue := fmt.Sprintf("%s %+d", sort, e.Decibans); !slices.Contains(cues, cue) {
			cues = append(cues, cue)
		}
	}
	return cues
}
