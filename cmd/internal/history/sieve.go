package history

import (
	"context"
	"hash/maphash"
	"slices"
	"sort"

	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/match"
)

// sieve tells which values the rules may find in a text under its paths. It is shared by all workers. Of a version that differs from
// another one in a few lines only these and their neighbours are scanned.
//
// # Idea
//
// Each line is known together with those behind it that a match can reach which begins in it, and with what was found to begin there. Of a line
// that changes, it and the few before it are not known; only these are scanned, up to where their matches can reach. So that not every line of
// every version is looked up, chunks of lines are known in the same way: by what they hold, together with their neighbours behind.
// Nearly all of a history are chunks that are known.
//
// Rules go into layers, since most are near: their matches weigh (see [extent]) no more than four full lines. Those that reach farther are a layer
// whose chunks, not lines, are scanned. Rules whose keyword may stand anywhere in the text have a layer each, for texts in which it stands, and those
// that are bound to a path one for each such path, for the blobs that have it. What has no bound sees whole texts, if they hold the words that one of
// these rules needs: see [need]; and partners are looked for, in plain, where something was found that needs one. Only the near layer has lines; what
// few texts ask for is not worth so many look-ups.
//
// # Why it is valid
//
// What begins in a line depends on nothing that stands before the line ([match.Options], Apart), and on nothing behind the last line that a match can
// reach: the lines behind its first that a match holds wholly weigh no more than its rule's extent, and what is scanned with a line weighs more. What
// is encoded stands in one line, and so the near layer looks for it for all other layers but the far one. So what is known of a line, or of a chunk
// whose matches end in the neighbours that it is known with, is what a scan of the whole text finds there, or more: an assertion can hold at an edge
// of what is scanned. TestSieve and TestHistory compare both.
//
// # Gain
//
// celery's history (25,788 commits, 59,392 blobs of 977 MB): the near layer scans 19 % of the bytes and the far one 42 %, where pairs of chunks that
// outweighed the farthest rule took 41 % for all rules. gitleaks' own, which is full of matches: 18 % and 37 %. There the rules that see whole
// texts look at 14 MB, not the 74 MB that one of their keywords stands in.
type sieve struct {
	layers []*layer
	reach  int      // the greatest of those of the layers that need not see whole texts
	paths  []string // expressions, that rules are bound to
	words  *words   // that layers need
	seed   maphash.Seed
	base   uint64 // see [lines]
	*known
	*numbers
}

// newSieve returns a sieve for the rules.
func newSieve(rules []detectors.Rule, opt match.Options) *sieve {
	s := &sieve{seed: maphash.MakeSeed(), known: newKnown()}
	s.numbers = &numbers{seed: s.seed, values: map[uint64]uint32{}}
	s.base = maphash.Bytes(s.seed, nil)%(modulus-1<<32) + 1<<32
	s.layers, s.paths = newLayers(rules, opt)
	s.words = newWords()
	for _, l := range s.layers {
		if l.extent != unbounded {
			s.reach = max(s.reach, l.reach)
		}
		for i := range l.needs {
			l.needs[i].add(s.words)
		}
	}
	return s
}

// worker sifts texts, one after the other.
type worker struct {
	*sieve
	scanners []*match.Scanner // by layer; nil until one is needed
	scanned  int64            // bytes

	text     []byte
	chunks   []chunk
	values   []uint32   // that the text holds
	spelled  []spelling // by a part of a chunk's hash: the last chunk that has it
	standing uint64     // words in the text
	quiet    []quiet    // by chunk
	unknown  []int      // chunks
	ends     []int      // by unknown chunk: what no match that begins in it reaches
	lines    lines
	looks    []look    // by line, or by chunk and gap between chunks
	holdings []holding // what begins in them
	found    []uint32
	touched  uint64 // what was read ahead, so that reading it is not left out: see [known.touch]
}

// spelling tells which words stand in a chunk.
type spelling struct{ chunk, words uint64 }

// look is what is known of a line, or of a chunk.
type look struct {
	start, to int    // no match that begins in it goes on to there
	hash      uint64 // of the lines up to there
	scan      bool   // it is not known
}

// holding is a value of a match that begins in a line, or in a chunk.
type holding struct {
	look  int
	value uint32
}

func (s *sieve) worker() *worker {
	return &worker{
		sieve: s, scanners: make([]*match.Scanner, len(s.layers)), spelled: make([]spelling, 1<<16), lines: lines{seed: s.seed, base: s.base},
	}
}

// sift returns the numbers of the values that the rules may find in the text, sorted, until the next call; on says which of the paths that
// rules are bound to it has.
func (w *worker) sift(ctx context.Context, text []byte, on uint64) ([]uint32, error) {
	w.text, w.values = text, w.values[:0]
	w.chunks = cut(w.chunks[:0], w.seed, text)
	w.stand()
	salt := w.hush(on)
	for i, l := range w.layers {
		if !w.asks(l, on) {
			continue
		}
		var err error
		if l.extent == unbounded {
			err = w.scan(ctx, i, detectors.Span{End: len(text)}, func(at int, value uint32) { w.values = append(w.values, value) })
		} else {
			err = w.layer(ctx, i)
		}
		if err != nil {
			return nil, err
		}
	}
	w.learn(salt)
	slices.Sort(w.values)
	return slices.Compact(w.values), nil
}

// asks reports whether a layer looks at the text.
func (w *worker) asks(l *layer, on uint64) bool {
	return (l.path == 0 || on&l.path != 0) && (!l.late || slices.ContainsFunc(w.values, isNeedy)) && (l.needs == nil || slices.ContainsFunc(l.needs, func(n need) bool { return n.met(w.standing) }))
}

// stand finds which words stand in the text.
func (w *worker) stand() {
	w.standing = 0
	for _, c := range w.chunks {
		w.touched ^= w.spelled[c.hash%uint64(len(w.spelled))].chunk
	}
	for _, c := range w.chunks {
		known := &w.spelled[c.hash%uint64(len(w.spelled))]
		if known.chunk != c.hash {
			*known = spelling{c.hash, w.words.in(w.text[c.Start:c.End])}
		}
		w.standing |= known.words
	}
}

// layer adds what the layer finds in the text.
func (w *worker) layer(ctx context.Context, n int) error {
	l := w.layers[n]
	w.unknown, w.ends = w.unknown[:0], w.ends[:0]
	w.mu.Lock()
	for i, c := range w.chunks {
		if w.quiet[i] == wasQuiet {
			continue
		}
		if values, ok := w.has(row(w.chunks[i:], l.reach) ^ l.salt); ok {
			w.values = append(w.values, values...)
			if len(values) > 0 {
				w.quiet[i] = loud
			}
			continue
		}
		w.unknown, w.ends = append(w.unknown, i), append(w.ends, forward(w.text, c.End, l.extent))
	}
	w.mu.Unlock()
	for first := 0; first < len(w.unknown); {
		part := detectors.Span{Start: w.chunks[w.unknown[first]].Start, End: w.ends[first]}
		after := first + 1
		for ; after < len(w.unknown) && w.chunks[w.unknown[after]].Start <= part.End; after++ {
			part.End = max(part.End, w.ends[after])
		}
		if err := w.sweep(ctx, n, part, first, after); err != nil {
			return err
		}
		first = after
	}
	return nil
}

// within reports whether an offset is in a chunk or one of as many behind it.
func (w *worker) within(i, offset, behind int) bool {
	return offset <= w.chunks[min(i+behind, len(w.chunks)-1)].End
}

// sweep adds what the layer finds in unknown chunks that stand in a part of the text, which goes on as far as a match that begins in them can.
func (w *worker) sweep(ctx context.Context, n int, part detectors.Span, first, after int) error {
	l := w.layers[n]
	unknown := w.unknown[first:after]
	w.look(l, part, unknown, w.ends[first:after])
	if err := w.scanUnknown(ctx, n); err != nil {
		return err
	}
	slices.SortStableFunc(w.holdings, func(a, b holding) int { return a.look - b.look })
	w.mu.Lock()
	defer w.mu.Unlock()
	at, held := 0, 0
	for n, i := range unknown {
		w.found = w.found[:0]
		for ; at < len(w.looks) && w.looks[at].start < w.chunks[i].End; at++ {
			first := len(w.found)
			for ; held < len(w.holdings) && w.holdings[held].look == at; held++ {
				w.found = append(w.found, w.holdings[held].value)
			}
			if w.looks[at].scan && l.lines {
				w.note(w.looks[at].hash, distinctValues(w.found[first:]))
			}
		}
		w.values = append(w.values, w.found...)
		if w.within(i, w.ends[first+n], l.reach) {
			w.note(row(w.chunks[i:], l.reach)^l.salt, distinctValues(w.found))
		} else {
			w.quiet[i] = loud
		}
		if len(w.found) > 0 {
			w.quiet[i] = loud
		}
	}
	return nil
}

// distinctValues returns a sorted copy of a list, nil if it is empty.
func distinctValues(list []uint32) []uint32 {
	if len(list) == 0 {
		return nil
	}
	list = slices.Clone(list)
	slices.Sort(list)
	return slices.Clip(slices.Compact(list))
}

// look finds what is known of the lines of a part of the text, or of its chunks if the layer does not look at lines.
func (w *worker) look(l *layer, part detectors.Span, unknown, ends []int) {
	w.looks, w.holdings = w.looks[:0], w.holdings[:0]
	if !l.lines {
		for n, i := range unknown {
			w.looks = append(w.looks, look{start: w.chunks[i].Start, to: ends[n], scan: true}, look{start: w.chunks[i].End})
		}
		return
	}
	w.lines.read(w.text, part)
	list := w.lines.list
	count := len(list) - 1
	to := 0
	for i := range count {
		for to = max(to, i+1); to < count && w.lines.weight(i+1, to) <= l.extent; to++ {
		}
		w.looks = append(w.looks, look{start: list[i].start, to: list[to].start, hash: w.lines.hash(i, to) ^ l.salt})
	}
	w.mu.Lock()
	for _, l := range w.looks {
		w.touched ^= w.touch(l.hash)
	}
	defer w.mu.Unlock()
	at := 0
	for _, i := range unknown {
		for ; at < count && list[at].start < w.chunks[i].End; at++ {
			if list[at].start < w.chunks[i].Start {
				continue
			}
			values, ok := w.has(w.looks[at].hash)
			w.looks[at].scan = !ok
			for _, v := range values {
				w.holdings = append(w.holdings, holding{at, v})
			}
		}
	}
}

// scanUnknown scans what is not known, up to where matches that begin there can reach, and notes the values of these.
func (w *worker) scanUnknown(ctx context.Context, n int) error {
	for i := 0; i < len(w.looks); {
		if !w.looks[i].scan {
			i++
			continue
		}
		part := detectors.Span{Start: w.looks[i].start, End: w.looks[i].to}
		first := i
		for i++; i < len(w.looks) && w.looks[i].start <= part.End; i++ {
			if w.looks[i].scan {
				part.End = max(part.End, w.looks[i].to)
			}
		}
		looks := w.looks[first:i]
		err := w.scan(ctx, n, part, func(at int, value uint32) {
			behind := sort.Search(len(looks), func(i int) bool { return looks[i].start > at })
			if behind > 0 && looks[behind-1].scan {
				w.holdings = append(w.holdings, holding{first + behind - 1, value})
			}
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// scan runs a layer's rules over a part of the text, and calls found with where a match begins, and its value.
func (w *worker) scan(ctx context.Context, layer int, part detectors.Span, found func(at int, value uint32)) error {
	if w.scanners[layer] == nil {
		engine, err := w.layers[layer].engine()
		if err != nil {
			return err
		}
		w.scanners[layer] = engine.Scanner()
	}
	w.scanned += int64(part.End - part.Start)
	return w.scanners[layer].Scan(ctx, match.Input{Data: w.text[part.Start:part.End], Final: true}, func(c match.Candidate) bool {
		if l := w.layers[layer]; !l.coded[c.Rule] || c.Depth > 0 {
			found(part.Start+c.Match.Start, w.number(c.Value)|l.marks[c.Rule])
		}
		return true
	})
}
