package match

import (
	"encoding/binary"
	"errors"
	"math"
	"regexp/syntax"
	"slices"
	"unicode/utf8"

	"github.com/stagewall/stagewall/detectors"
)

// program is an expression as instructions over characters. It accepts what the expression matches: a byte that is no part of valid UTF-8 is a
// character U+FFFD of its own.
type program struct {
	inst    []syntax.Inst
	start   uint32
	longest int       // match, in bytes; unbounded if there is no limit
	sets    []byteSet // of bytes that instructions take, each once; the first is empty
	beyond  [][]rune  // by set: ranges of the characters outside ASCII
	taken   []uint16  // by instruction: the set that it takes
	class   [256]uint8
	sample  []rune // by class: one of its characters
	classes int    // without the class that stands for the end of the text

	alternatives int // that it tells apart: a match is of the one that its last instruction has as argument; 0 if it tells none apart

	decodes     bool    // it takes characters outside ASCII
	firsts      []rune  // of ranges of them, which follow each other
	classBeyond []uint8 // by range
}

// newProgram compiles a sequence of expressions, unless it is enormous.
func newProgram(seq []*syntax.Regexp) (*program, error) {
	p, err := newInstructions(seq)
	if err != nil {
		return nil, err
	}
	var whole prefix
	for _, re := range seq {
		whole.follow(re)
	}
	p.longest = whole.longest
	if err := p.classify(); err != nil {
		return nil, err
	}
	return p, nil
}

// newInstructions is like newProgram, but what it returns is no program for an automaton yet: neither classes nor the longest match are known.
func newInstructions(seq []*syntax.Regexp) (*program, error) {
	re := &syntax.Regexp{Op: syntax.OpConcat, Sub: seq}
	compiled, err := syntax.Compile(re.Simplify())
	if err != nil {
		return nil, err
	}
	if len(compiled.Inst) > math.MaxUint16 {
		return nil, errors.New("too many instructions")
	}
	p := &program{inst: compiled.Inst, start: uint32(compiled.Start)}
	p.note()
	return p, nil
}

// kind is what assertions want to know of the byte beside them.
type kind uint8

const (
	kindEdge kind = iota // none: the text's edge
	kindNewline
	kindWord
	kindOther
	kinds = iota
)

func kindOf[T byte | rune](b T) kind {
	switch {
	case b == '\n':
		return kindNewline
	case b == '_' || '0' <= b && b <= '9' || 'a' <= b|0x20 && b|0x20 <= 'z':
		return kindWord
	}
	return kindOther
}

// assertions returns the assertions that hold between two bytes.
func assertions(before, after kind) syntax.EmptyOp {
	holds := syntax.EmptyNoWordBoundary
	if (before == kindWord) != (after == kindWord) {
		holds = syntax.EmptyWordBoundary
	}
	switch before {
	case kindEdge:
		holds |= syntax.EmptyBeginText | syntax.EmptyBeginLine
	case kindNewline:
		holds |= syntax.EmptyBeginLine
	}
	switch after {
	case kindEdge:
		holds |= syntax.EmptyEndText | syntax.EmptyEndLine
	case kindNewline:
		holds |= syntax.EmptyEndLine
	}
	return holds
}

// dfa runs a program over a text, one table look-up a byte, or two for a character outside ASCII. Its states are sets of instructions, made when first needed. Whatever the
// text, the table stays below a limit: when it is too large it is thrown away.
type dfa struct {
	*program
	anywhere bool   // a match may begin at every byte, not only at the first
	word     string // in lower case: what stands before the first byte, in any case; matches begin with it

	next   []int32 // by row + class: an entry
	unmade []int32 // a row of entries that are not made yet
	states []state // by row / stride
	rows   map[string]int32
	begins [kinds]int32 // by kind of the byte before: the entry to begin with
	size   int          // of all this, in bytes, roughly
	limit  int          // of size
	shared *tables      // with other dfas
	resets int          // how often this or all got too large
	ran    int          // bytes since then

	ended             uint32   // of the step that was made last: the alternatives of which a match ends before the byte
	set, ready, queue []uint32 // scratch
	key               []byte
	on                []uint32 // by instruction: the round in which it was reached
	round             uint32
}

// state is a set of instructions, among them assertions that wait for the next byte.
type state struct {
	pcs    string // two bytes each
	before kind   // the last byte, where an assertion asks for it
	match  bool   // a match ends here, whatever follows
	idle   bool   // no match has begun: the set is what begins one
	ended  uint32 // the alternatives of which a match ends here or, as the last byte tells, before that
}

// An entry of the table is the next row, shifted, and flags. It is negative if it is not made yet.
const (
	unmade     = -1
	matchFlag  = 1 // a match ends before the byte, or after it
	idleFlag   = 2
	entryShift = 2

	dead = 0 // the row of the state from which nothing is accepted

	largestTable  = 1 << 21
	largestTables = 1 << 25 // unless the options say something else
	mostResets    = 8
	bytesPerState = 2 // with fewer of them for each state that was made, the table is not worth its making
)

// tables is the memory that some dfas share.
type tables struct {
	size int // of all of them, in bytes
	most int
}

// newDFA returns a dfa for the program, which shares memory with others.
func newDFA(p *program, anywhere bool, shared *tables) *dfa {
	d := &dfa{program: p, anywhere: anywhere, on: make([]uint32, len(p.inst)), limit: largestTable, shared: shared}
	d.unmade = slices.Repeat([]int32{unmade}, int(d.stride()))
	d.reset()
	return d
}

func (d *dfa) stride() int32 {
	if d.decodes {
		return int32(d.classes + 2)
	}
	return int32(d.classes + 1)
}

// reset empties the table but for the dead state, which stays dead.
func (d *dfa) reset() {
	d.shared.size -= d.size
	d.size = 0
	d.states = append(d.states[:0], state{})
	d.rows = map[string]int32{}
	d.next = append(d.next[:0], make([]int32, d.stride())...)
	for i := range d.begins {
		d.begins[i] = unmade
	}
}

// begin returns the entry for the state before the first byte, given what stands before that and the word.
func (d *dfa) begin(before kind) int32 {
	if d.begins[before] == unmade {
		d.round++
		d.ended = 0
		d.set = d.close(d.set[:0], d.program.start)
		row := d.row(before, true)
		match := d.states[row/d.stride()].match
		for _, c := range []byte(d.word) {
			from := d.states[row/d.stride()]
			match = d.resolve(from.pcs, assertions(from.before, kindOf(c))) || match
			d.set = d.set[:0]
			row = d.row(kindOf(c), d.consume(rune(c), rune(upper(c))))
			match = match || d.states[row/d.stride()].match
		}
		d.begins[before] = row << entryShift
		if match {
			d.begins[before] |= matchFlag
		}
	}
	return d.begins[before]
}

// close adds to the set the instruction and those that follow it without a byte and without an assertion.
func (d *dfa) close(set []uint32, pc uint32) []uint32 {
	for {
		if d.on[pc] == d.round {
			return set
		}
		d.on[pc] = d.round
		switch inst := &d.inst[pc]; inst.Op {
		case syntax.InstFail:
			return set
		case syntax.InstAlt, syntax.InstAltMatch:
			set = d.close(set, inst.Out)
			pc = inst.Arg
		case syntax.InstNop, syntax.InstCapture:
			pc = inst.Out
		default:
			return append(set, pc)
		}
	}
}

// row returns the row of the state that d.set makes, and makes it if there is none.
func (d *dfa) row(before kind, idle bool) int32 {
	if len(d.set) == 0 {
		return dead
	}
	slices.Sort(d.set)
	asserts, match := false, false
	d.key = append(d.key[:0], 0)
	for _, pc := range d.set {
		switch inst := &d.inst[pc]; inst.Op {
		case syntax.InstEmptyWidth:
			asserts = true
		case syntax.InstMatch:
			match = true
			d.ended |= 1 << inst.Arg
		}
		d.key = binary.LittleEndian.AppendUint16(d.key, uint16(pc))
	}
	if !asserts {
		before = kindEdge
	}
	d.key[0] = byte(before)
	if idle {
		d.key[0] |= 0x80
	}
	own := len(d.key) // what is behind is told apart beside the instructions
	if d.alternatives > 0 {
		d.key = binary.LittleEndian.AppendUint32(d.key, d.ended)
	}
	if row, ok := d.rows[string(d.key)]; ok {
		return row
	}
	key := string(d.key)
	row := int32(len(d.next))
	d.rows[key] = row
	d.states = append(d.states, state{pcs: key[1:own], before: before, match: match, idle: idle, ended: d.ended})
	const overhead = 100 // of a state and an entry of a map
	size := len(key) + 4*int(d.stride()) + overhead
	d.size += size
	d.shared.size += size
	d.next = append(d.next, d.unmade...)
	return row
}

// step makes the entry of the table for a row and a class and returns it. If the table is full it is emptied first; the row then
// exists no longer, and the caller has to go on with the entry.
func (d *dfa) step(row int32, class int) int32 {
	from := d.states[row/d.stride()]
	full := d.size >= d.limit || d.shared.size >= d.shared.most
	if full {
		if d.resets++; d.ran < bytesPerState*len(d.states) {
			d.resets = mostResets + 1
		}
		d.ran = 0
		d.reset()
	}
	after, r := kindEdge, rune(0)
	if class < d.classes {
		r = d.sample[class]
		after = kindOf(r)
	}
	match := d.resolve(from.pcs, assertions(from.before, after))
	d.set = d.set[:0]
	idle := false
	if class < d.classes {
		idle = d.consume(r, r)
	}
	to := d.row(after, idle)
	entry := to << entryShift
	if s := &d.states[to/d.stride()]; match || s.match {
		entry |= matchFlag
	}
	if d.states[to/d.stride()].idle {
		entry |= idleFlag
	}
	if !full {
		d.next[row+int32(class)] = entry
	}
	return entry
}

// stepOn returns the entry for what the text begins with, and how many bytes that has.
func (d *dfa) stepOn(row int32, text []byte) (entry int32, width int) {
	if !d.decodes || text[0] < utf8.RuneSelf {
		return d.step(row, int(d.class[text[0]])), 1
	}
	r, width := utf8.DecodeRune(text)
	return d.stepBeyond(row, r), width
}

// stepBack returns the entry for what the text ends with, and how many bytes that has.
func (d *dfa) stepBack(row int32, text []byte) (entry int32, width int) {
	last := text[len(text)-1]
	if !d.decodes || last < utf8.RuneSelf {
		return d.step(row, int(d.class[last])), 1
	}
	r, width := utf8.DecodeLastRune(text)
	return d.stepBeyond(row, r), width
}

// stepBeyond returns the entry for a character outside ASCII, which may be made already.
func (d *dfa) stepBeyond(row int32, r rune) int32 {
	class := d.decode(r)
	if entry := d.next[row+class]; entry >= 0 {
		return entry
	}
	return d.step(row, int(class))
}

// resolve sets ready to the instructions of the set that take bytes, after following the assertions that hold, and reports whether a
// match ends behind one.
func (d *dfa) resolve(pcs string, holds syntax.EmptyOp) (match bool) {
	d.round++
	d.ended = 0
	d.ready, d.queue = d.ready[:0], d.queue[:0]
	for i := 0; i < len(pcs); i += 2 {
		pc := uint32(pcs[i]) | uint32(pcs[i+1])<<8
		d.queue = append(d.queue, pc)
		d.on[pc] = d.round
	}
	for i := 0; i < len(d.queue); i++ {
		pc := d.queue[i]
		switch inst := &d.inst[pc]; inst.Op {
		case syntax.InstMatch:
			match = true
			d.ended |= 1 << inst.Arg
		case syntax.InstEmptyWidth:
			if syntax.EmptyOp(inst.Arg)&^holds == 0 {
				d.queue = d.close(d.queue, inst.Out)
			}
		default:
			d.ready = append(d.ready, pc)
		}
	}
	return match
}

// consume sets d.set, which is empty, to what one of the characters makes of the ready instructions, and reports whether only what begins a match
// is left.
func (d *dfa) consume(r, or rune) (idle bool) {
	d.round++
	for _, pc := range d.ready {
		if set := int(d.taken[pc]); d.has(set, r) || d.has(set, or) {
			d.set = d.close(d.set, d.inst[pc].Out)
		}
	}
	if !d.anywhere {
		return false
	}
	idle = len(d.set) == 0
	d.set = d.close(d.set, d.program.start)
	return idle
}

// exhausted reports whether tables were thrown away too often for this to be worth while, and starts to count anew.
func (d *dfa) exhausted() bool {
	if d.resets <= mostResets {
		return false
	}
	d.resets = 0
	return true
}

// run runs over the text from an offset on, behind the word if there is one, until nothing more can be accepted, the text ends, the limit is reached after a
// match, or the most, which is no less, without one. It returns where it stopped, whether a match ended on the way, and whether it could have gone on. If
// the dfa is exhausted it pretends that a match ends with the text.
func (d *dfa) run(text []byte, from, limit, most int) (stop int, match, alive bool) {
	entry := d.begin(before(text, from-len(d.word)))
	row, last := entry>>entryShift, from // up to where bytes were counted
	end, asked := most, int32(matchFlag) // where to stop, and which flag is still of interest
	if entry&matchFlag != 0 {
		match, end, asked = true, limit, 0
	}
	class := &d.class
	for i := from; i < len(text); i++ {
		next, until := d.next, len(text)
		if end < until {
			until = max(i, end) + 1
		}
		for ; i < until; i++ { // most bytes lead to a state that is made already, and is like the one before
			if entry = next[row+int32(class[text[i]])]; entry < 1<<entryShift || entry&asked != 0 {
				break
			}
			row = entry >> entryShift
		}
		if i == until {
			if i--; i >= end {
				d.ran += i - last
				return i, match, true
			}
			break
		}
		at := i
		if entry < 0 {
			if d.resets > mostResets {
				return len(text), true, false
			}
			d.ran += i - last
			last = i
			var width int
			entry, width = d.stepOn(row, text[i:])
			i += width - 1
		}
		if row = entry >> entryShift; entry&matchFlag != 0 {
			match, end, asked = true, limit, 0
		}
		if row == dead {
			d.ran += i - last
			return at, match, false
		}
		if i >= end {
			d.ran += i - last
			return i, match, true
		}
	}
	d.ran += len(text) - last
	return len(text), match || d.ends(row), false
}

// search yields the parts of the text that hold the matches that begin at the offset or after it; none of these matches reaches out of
// them. The dfa must be one that begins anywhere.
//
// A match ends where the table says so. It begins behind the last byte at which none had begun, and no further back than it can be long.
func (d *dfa) search(text []byte, from int, yield func(start, end int)) {
	row, begun := d.begin(before(text, from))>>entryShift, -1
	var part detectors.Span     // that was not yielded yet
	ends := func(at, end int) { // a match, at one of the offsets
		start := max(begun, at-d.longest, from)
		if part.End > start {
			part.End = end
			return
		}
		if !part.Empty() {
			yield(part.Start, part.End)
		}
		part = detectors.Span{Start: start, End: end}
	}
	last := from // up to where bytes were counted
	for i := from; i < len(text); i++ {
		at := i
		entry := d.next[row+int32(d.class[text[i]])]
		if entry < 0 {
			if d.resets > mostResets {
				if begun < 0 {
					begun = i
				}
				if !part.Empty() {
					begun = min(begun, part.Start)
				}
				yield(begun, len(text))
				return
			}
			d.ran += i - last
			last = i
			var width int
			entry, width = d.stepOn(row, text[i:])
			i += width - 1
		}
		row = entry >> entryShift
		if begun < 0 {
			if entry&idleFlag != 0 {
				continue
			}
			begun = at
		}
		if entry&matchFlag != 0 {
			ends(at, i+1)
		}
		if entry&idleFlag != 0 {
			begun = -1
		}
	}
	if begun >= 0 && d.ends(row) {
		ends(len(text), len(text))
	}
	if !part.Empty() {
		yield(part.Start, part.End)
	}
}

// searchBack yields where matches end of what the program accepts when the text is read from its end down to the offset, from the last on: for a
// program whose expression is reversed these are the places where the expression's matches begin. Each is the first byte of the span yielded, or the
// one behind the character that begins there. The dfa must be one that begins anywhere. If it is exhausted it yields all that is left.
func (d *dfa) searchBack(text []byte, from int, yield func(start, end int)) {
	row := d.begin(kindEdge) >> entryShift
	last := len(text) // down to where bytes were counted
	i := len(text) - 1
	for ; i >= max(0, from-1); i-- { // the byte before the offset is asked for by assertions
		end := i + 1
		entry := d.next[row+int32(d.class[text[i]])]
		if entry < 0 {
			if d.resets > mostResets {
				yield(from, i+1)
				return
			}
			d.ran += last - i
			last = i
			var width int
			entry, width = d.stepBack(row, text[:end])
			i -= width - 1
		}
		row = entry >> entryShift
		if entry&matchFlag != 0 {
			yield(i, end+1)
		}
	}
	d.ran += last - i - 1
	if i < 0 && d.ends(row) {
		yield(0, 1)
	}
}

// ends reports whether a match ends at the end of the text.
func (d *dfa) ends(row int32) bool {
	entry := d.next[row+int32(d.classes)]
	if entry < 0 {
		entry = d.step(row, d.classes)
	}
	return entry&matchFlag != 0
}

// before returns the kind of the byte before the offset.
func before(text []byte, offset int) kind {
	if offset == 0 {
		return kindEdge
	}
	return kindOf(text[offset-1])
}
