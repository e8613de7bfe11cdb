package history

import (
	"context"
	"hash/maphash"
	"slices"
	"sort"
	"sync"

	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/match"
)

// sieve tells which values the rules may find in a text under some path, but for values that overlap another one: where two rules match the
// same bytes one stands for both. It is shared by all workers.
type sieve struct {
	all   *match.Engine
	tall  *match.Engine // of the rules that have to see whole texts; nil if there are none
	words *words        // their keywords
	seed  maphash.Seed
	cache *cache

	mu     sync.Mutex
	values map[uint64]uint32 // by hash
}

// newSieve returns a sieve for the rules.
func newSieve(rules []detectors.Rule, opt match.Options) (*sieve, error) {
	s := &sieve{seed: maphash.MakeSeed(), cache: newCache(), values: map[uint64]uint32{}}
	var all, tallOnes []detectors.Rule
	var keywords []string
	for _, r := range rules {
		if r.Pattern == "" || r.SkipReport {
			continue // it looks at paths only, or is a partner only
		}
		r, tall := widened(r, chunkWeight)
		all = append(all, r)
		if !tall {
			continue
		}
		tallOnes = append(tallOnes, r)
		keywords = append(keywords, r.Keywords...)
		if len(r.Keywords) == 0 {
			keywords = append(keywords, "")
		}
	}
	s.words = newWords(keywords)
	var err error
	if s.all, err = match.New(all, opt); err != nil {
		return nil, err
	}
	if len(tallOnes) > 0 {
		opt.DecodeDepth = 0 // what is encoded stands in one line, which the other engine sees
		s.tall, err = match.New(tallOnes, opt)
	}
	return s, err
}

// number returns the number of a value.
func (s *sieve) number(value []byte) uint32 {
	key := maphash.Bytes(s.seed, value)
	s.mu.Lock()
	defer s.mu.Unlock()
	n, ok := s.values[key]
	if !ok {
		n = uint32(len(s.values))
		s.values[key] = n
	}
	return n
}

// worker sifts texts, one after the other.
type worker struct {
	*sieve
	scanner, tallScanner *match.Scanner
	chunks               []chunk
	scanned              int64 // bytes
}

func (s *sieve) worker() *worker {
	w := &worker{sieve: s, scanner: s.all.Scanner()}
	if s.tall != nil {
		w.tallScanner = s.tall.Scanner()
	}
	return w
}

// sift returns the numbers of the values that the rules may find in the text, sorted.
func (w *worker) sift(ctx context.Context, text []byte) ([]uint32, error) {
	w.chunks = cut(w.chunks[:0], w.seed, text)
	if runs := w.cache.unknown(w.chunks); len(runs) > 0 {
		found := map[int]*notable{}
		for _, run := range runs {
			if err := w.scan(ctx, text, run, found); err != nil {
				return nil, err
			}
		}
		w.cache.note(w.chunks, runs, found)
	}
	values, whole := w.cache.recall(w.chunks)
	if whole {
		err := w.tallScanner.Scan(ctx, match.Input{Data: text, Final: true}, func(c match.Candidate) bool {
			values = append(values, w.number(c.Value))
			return true
		})
		if err != nil {
			return nil, err
		}
	}
	slices.Sort(values)
	return slices.Compact(values), nil
}

// scan scans a run of chunks.
func (w *worker) scan(ctx context.Context, text []byte, run [2]int, found map[int]*notable) error {
	chunks := w.chunks[run[0]:run[1]]
	base := chunks[0].Start
	part := text[base:chunks[len(chunks)-1].End]
	w.scanned += int64(len(part))
	at := func(i int) *notable {
		n, ok := found[run[0]+i]
		if !ok {
			n = &notable{}
			found[run[0]+i] = n
		}
		return n
	}
	holding := func(offset int) int { // the chunk that holds the byte
		return sort.Search(len(chunks)-1, func(i int) bool { return chunks[i].End > base+offset })
	}
	err := w.scanner.Scan(ctx, match.Input{Data: part, Final: true}, func(c match.Candidate) bool {
		first, last := holding(c.Match.Start), holding(max(c.Match.Start, c.Match.End-1))
		covered := chunks[first : last+1]
		at(first).add(held{w.number(c.Value), len(covered), row(covered)})
		return true
	})
	for i, k := range chunks {
		if w.words.in(text[k.Start:k.End]) {
			at(i).word = true
		}
	}
	return err
}
