package match

import (
	"cmp"
	"encoding/binary"
	"math"
	"slices"
)

// sieve finds words in a text in one pass, in any case of ASCII letters.
//
// The idea: of every word four bytes in a row are looked for, those that sources hold least often, and if the word is shorter, what can
// stand beside it. A table says for every pair of bytes which words' four begin with it, which go on with it after a byte, and which after two, by
// groups of words. Where the pair at a place and the two that follow it share no group, no word stands. That takes one look-up a byte, none of
// which waits for another, where an automaton waits for each before the next, and there is nothing to decide but once in eight bytes. Most
// places end there, without being told apart. At the others a hash of the bytes says whether there are words to be compared. Short words are
// looked for with what stands behind them, or before them, whichever is rarer.
//
// Words are put into groups such that the pairs of a group seldom follow each other, see [chain], and the four bytes of a word are those that are rarest in
// the texts themselves, see [sample]. An automaton took half as long again on sources that are full of words, and more where they are rare.
//
// Short words of both kinds have two groups each, as they are many of which little is known: with one, 172 thousand places in prisma, outline and playwright had
// to be told apart for the letters "eado" alone. With 21 groups, not 10, all rules look at a sixth fewer blocks of eight places.
//
// Over the sources of Go's library the search took 0.111 s of processor time for gitleaks' words and 0.140 s for all. With pairs at a place and two
// bytes on only, told apart in all blocks of eight places, it took 0.145 and 0.175 s; there were twice as many blocks with a place for a word, and
// three times as many words were compared.
type sieve struct {
	pairs   []uint64 // by pair, the first byte lowest: the groups that begin with it; [groups] bits higher those that go on with it after a byte, and so on
	lists   []uint32 // by hash: the first of the words to be compared; of those whose four bytes begin at them, ahead of them, or in them
	words   []word   // those of a list stand together; the first is none
	lengths []int32  // by number
	longest int      // of them
}

// sought is a word to be found, in lower case, and beside what. Without surroundings it is found everywhere.
type sought struct {
	text   string
	around *surroundings
}

// word is a word to be compared.
type word struct {
	mask, value uint64 // the bytes at the place where the four are looked for, as far as they are of the word, where letters lack the bit that makes their case
	sought
	number int32
	offset int32 // of the four bytes in the word; -1 if they begin with what stands before it
	last   bool  // of its list
}

const (
	groups      = 21 // three times as many bits are a number's
	shortGroups = 2  // of each kind

	here       = 1<<shortGroups - 1     // the groups of short words of which the first three bytes are looked for, with what follows
	ahead      = here << shortGroups    // the groups of short words of which what stands before them is looked for too
	longer     = 1 << (2 * shortGroups) // the first of the groups of words of four bytes or more
	longGroups = groups - 2*shortGroups

	window  = 4     // the bytes of a word that are looked for
	deepest = 8     // how far from a word's beginning they can be
	eight   = 8     // places at once
	beyond  = 2 * 8 // the bytes that are looked at for them, and for what stands at the last of them

	hereLists, aheadLists, longLists = 0, 1 << 8, 1 << 9 // where the lists of each kind begin
	hashes                           = 1 << 12           // of longer words

	toCompare = 0.1 // what it costs to compare a word, by what it costs to look at a place at which one may be

	anyCase = 0xdf // clears the bit that makes a letter's case
)

// newSieve returns a sieve for the words. Empty ones are found nowhere.
func newSieve(all []sought, texts *sample) *sieve {
	s := &sieve{pairs: make([]uint64, 1<<16), lists: make([]uint32, longLists+hashes), words: make([]word, 1), lengths: make([]int32, len(all))}
	members := make([][]word, len(s.lists))
	add := func(list int, w word) { members[list] = append(members[list], w) }
	everywhere := uint64(0)
	var long []int32
	for n, w := range all {
		s.lengths[n] = int32(len(w.text))
		s.longest = max(s.longest, len(w.text))
		switch {
		case w.text == "":
		case len(w.text) >= window:
			long = append(long, int32(n))
		case w.around != nil && w.often(-1) < w.often(0):
			everywhere |= s.noteAll(w, -1, 1<<shortGroups<<(n%shortGroups))
			for _, list := range shortLists(w.text) {
				add(aheadLists+list, newWord(w, n, -1))
			}
		default:
			everywhere |= s.noteAll(w, 0, 1<<(n%shortGroups))
			for _, list := range shortLists(w.text) {
				add(hereLists+list, newWord(w, n, 0))
			}
		}
	}
	list := func(four string) int { return longLists + hash(binary.LittleEndian.Uint32([]byte(four))) }
	s.group(all, long, texts,
		func(four string) int { return len(members[list(four)]) },
		func(n int32, offset int) { add(list(all[n].text[offset:][:window]), newWord(all[n], int(n), offset)) })
	if everywhere != 0 {
		for p := range s.pairs {
			s.pairs[p] |= everywhere
		}
	}
	for list, words := range members {
		if len(words) > 0 {
			words[len(words)-1].last = true
			s.lists[list] = uint32(len(s.words))
			s.words = append(s.words, words...)
		}
	}
	return s
}

// group puts the long words into groups and says for each where its four bytes begin: such that, one word after the other, the least is
// added to the share of places in texts at which the pairs of a group stand, and to the number of words that are compared at these. The most
// frequent words come first.
func (s *sieve) group(all []sought, long []int32, texts *sample, listed func(four string) int, put func(n int32, offset int)) {
	shares := make([]float64, len(all))
	for _, n := range long {
		text := all[n].text
		shares[n] = 1
		for o := 0; o <= min(deepest, len(text)-window); o++ {
			shares[n] = min(shares[n], texts.frequency(text[o:o+window]))
		}
	}
	slices.SortStableFunc(long, func(a, b int32) int { return cmp.Compare(shares[b], shares[a]) })
	var chains [longGroups]chain
	for _, n := range long {
		text := all[n].text
		best, offset, in := math.Inf(1), 0, 0
		for o := 0; o <= min(deepest, len(text)-window); o++ {
			four := text[o : o+window]
			compared := (1 + toCompare*float64(1+listed(four))) * texts.frequency(four)
			if compared >= best {
				continue
			}
			all := linksOf(four)
			for g := range longGroups {
				l := s.lacking(four, g, all)
				if added := compared + chains[g].added(&l); added < best {
					best, offset, in = added, o, g
				}
			}
		}
		four := text[offset:][:window]
		l := s.lacking(four, in, linksOf(four))
		chains[in].add(&l)
		for i := range window - 1 {
			s.note(four[i], four[i+1], longer<<in<<(groups*i))
		}
		put(n, offset)
	}
}

// lacking returns the links with nothing for those that the group has.
func (s *sieve) lacking(four string, group int, l links) links {
	for i, often := range []*float64{&l.first, &l.middle, &l.after} {
		if s.pairs[firstPair(four[i:])]&(longer<<group<<(groups*i)) != 0 {
			*often = 0
		}
	}
	return l
}

// firstPair returns the pair that the text begins with.
func firstPair(text string) uint16 { return uint16(text[0]) | uint16(text[1])<<8 }

// note adds a flag to a pair in every case.
func (s *sieve) note(a, b byte, flag uint64) {
	for _, a := range []byte{a, upper(a)} {
		for _, b := range []byte{b, upper(b)} {
			s.pairs[uint16(a)|uint16(b)<<8] |= flag
		}
	}
}

// noteAll adds the group to the pairs that can stand at an offset of a short word and behind it. It returns the flags that all pairs have.
func (s *sieve) noteAll(w sought, offset int, group uint64) (everywhere uint64) {
	for i := range window - 1 {
		flag := group << (groups * i)
		a, b := w.at(offset+i), w.at(offset+i+1)
		if a == everyByte && b == everyByte {
			everywhere |= flag
			continue
		}
		for x := range a.all() {
			for y := range b.all() {
				s.pairs[uint16(x)|uint16(y)<<8] |= flag
			}
		}
	}
	return everywhere
}

// often returns roughly which part of the places in sources has four bytes that can stand at an offset of a short word.
func (w *sought) often(offset int) (part float64) {
	ends := kindsOf(w.at(offset)) // with each kind
	for c := range ends {
		ends[c] *= shares[c]
	}
	for i := 1; i < window; i++ {
		longer := kindsOf(w.at(offset + i))
		for c := range longer {
			sum := 0.0
			for b, part := range ends {
				sum += part * frequencyOfKinds(b, c) / shares[b]
			}
			longer[c] *= sum
		}
		ends = longer
	}
	for _, p := range ends {
		part += p
	}
	return part
}

// at returns the bytes that can stand at an offset from the word's beginning.
func (w *sought) at(offset int) (set byteSet) {
	switch after := offset - len(w.text); {
	case offset >= 0 && after < 0:
		set.add(w.text[offset])
		set.add(upper(w.text[offset]))
		return set
	case w.around == nil, after >= len(w.around.after):
		return everyByte
	case offset < 0:
		return w.around.before
	default:
		return w.around.after[after]
	}
}

func newWord(w sought, number, offset int) word {
	made := word{sought: w, number: int32(number), offset: int32(offset)}
	for i := max(0, -offset); i < min(eight, len(w.text)-offset); i++ {
		c, mask := w.text[offset+i], byte(0xff)
		if upper(c) != c {
			mask = anyCase
		}
		made.mask |= uint64(mask) << (8 * i)
		made.value |= uint64(c&mask) << (8 * i)
	}
	return made
}

// hash returns the list of the words whose four bytes, in any case, are given.
func hash(four uint32) int { return int(mixed(four) >> 20) }

// mixed returns bits that four bytes have in any case, of which the highest depend on all of them.
func mixed(four uint32) uint32 { return (four & 0xdfdfdfdf) * 0x9e3779b1 }

// hash2 returns the list of the short words that begin with two bytes, in any case.
func hash2(two uint16) int { return int(two & 0xdfdf * 0x9e37 >> 8) }

// shortLists returns the lists in which a short word is, once each: more than one if it is of one byte.
func shortLists(text string) []int {
	if len(text) > 1 {
		return []int{hash2(firstPair(text))}
	}
	var lists []int
	for c := range 256 {
		if list := hash2(uint16(text[0]) | uint16(c)<<8); !slices.Contains(lists, list) {
			lists = append(lists, list)
		}
	}
	return lists
}

func upper(c byte) byte {
	if 'a' <= c && c <= 'z' {
		return c - 'a' + 'A'
	}
	return c
}

func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c - 'A' + 'a'
	}
	return c
}

// scan calls found for every place where a word stands, with the word's number and the offset after it, roughly in order.
func (s *sieve) scan(text []byte, found func(word int32, end int)) {
	pairs := (*[1 << 16]uint64)(s.pairs)
	lists := (*[longLists + hashes]uint32)(s.lists)
	if len(text) > 0 { // what stands before the first byte is anything
		value := valueAt(text, 0) << 8
		s.compare(text, -1, value, lists[aheadLists+hash2(uint16(value>>8))], found)
	}
	at := 0
	for {
		if at = nextPlaces(pairs, text, at); at+beyond > len(text) {
			break
		}
		for i, which := range placesAt(pairs, text[at:]) {
			if which == 0 {
				continue
			}
			i += at
			value := binary.LittleEndian.Uint64(text[i:])
			if which >= longer {
				s.compare(text, i, value, lists[longLists+hash(uint32(value))], found)
			}
			if which&here != 0 {
				s.compare(text, i, value, lists[hereLists+hash2(uint16(value))], found)
			}
			if which&ahead != 0 {
				s.compare(text, i, value, lists[aheadLists+hash2(uint16(value>>8))], found)
			}
		}
		at += eight
	}
	for ; at < len(text); at++ {
		value := valueAt(text, at)
		s.compare(text, at, value, lists[longLists+hash(uint32(value))], found)
		s.compare(text, at, value, lists[hereLists+hash2(uint16(value))], found)
		s.compare(text, at, value, lists[aheadLists+hash2(uint16(value>>8))], found)
	}
}

// valueAt returns the eight bytes at the offset; behind the text's end they are 0.
func valueAt(text []byte, at int) uint64 {
	if at+eight <= len(text) {
		return binary.LittleEndian.Uint64(text[at:])
	}
	var rest [eight]byte
	copy(rest[:], text[at:])
	return binary.LittleEndian.Uint64(rest[:])
}

// pairAt returns what the table says of the pair that the text begins with.
func pairAt(pairs *[1 << 16]uint64, text []byte) uint64 {
	return pairs[binary.LittleEndian.Uint16(text)]
}

// placesAt returns for each of the first eight places of a text of which groups a word can be there.
func placesAt(pairs *[1 << 16]uint64, text []byte) [eight]uint64 {
	t := text[:beyond]
	p0, p1, p2, p3, p4 := pairAt(pairs, t), pairAt(pairs, t[1:]), pairAt(pairs, t[2:]), pairAt(pairs, t[3:]), pairAt(pairs, t[4:])
	p5, p6, p7, p8, p9 := pairAt(pairs, t[5:]), pairAt(pairs, t[6:]), pairAt(pairs, t[7:]), pairAt(pairs, t[8:]), pairAt(pairs, t[9:])
	const one, two = groups, 2 * groups
	return [eight]uint64{
		p0 & (p1 >> one) & (p2 >> two), p1 & (p2 >> one) & (p3 >> two), p2 & (p3 >> one) & (p4 >> two), p3 & (p4 >> one) & (p5 >> two),
		p4 & (p5 >> one) & (p6 >> two), p5 & (p6 >> one) & (p7 >> two), p6 & (p7 >> one) & (p8 >> two), p7 & (p8 >> one) & (p9 >> two),
	}
}

// nextPlaces returns the first offset, from the given one on in steps of eight, at which or at one of the seven places behind which a word can be; or one
// behind which there are too few bytes to tell.
func nextPlaces(pairs *[1 << 16]uint64, text []byte, at int) int {
	if at+beyond > len(text) {
		return at
	}
	p0, p1 := pairAt(pairs, text[at:]), pairAt(pairs, text[at+1:])
	for ; at+beyond <= len(text); at += eight {
		t := text[at : at+beyond : at+beyond]
		p2, p3, p4, p5 := pairAt(pairs, t[2:]), pairAt(pairs, t[3:]), pairAt(pairs, t[4:]), pairAt(pairs, t[5:])
		p6, p7, p8, p9 := pairAt(pairs, t[6:]), pairAt(pairs, t[7:]), pairAt(pairs, t[8:]), pairAt(pairs, t[9:])
		const one, two = groups, 2 * groups
		if p0&(p1>>one)&(p2>>two)|p1&(p2>>one)&(p3>>two)|p2&(p3>>one)&(p4>>two)|p3&(p4>>one)&(p5>>two)|
			p4&(p5>>one)&(p6>>two)|p5&(p6>>one)&(p7>>two)|p6&(p7>>one)&(p8>>two)|p7&(p8>>one)&(p9>>two) != 0 {
			return at
		}
		p0, p1 = p8, p9
	}
	return at
}

// compare calls found for the words of the list, given by its first, that stand at the place, beside what they have to.
func (s *sieve) compare(text []byte, at int, value uint64, first uint32, found func(word int32, end int)) {
	if first == 0 {
		return
	}
	for i := int(first); ; i++ {
		w := &s.words[i]
		if value&w.mask == w.value && w.stands(text, at-int(w.offset)) {
			found(w.number, at-int(w.offset)+len(w.text))
		}
		if w.last {
			return
		}
	}
}

// stands reports whether the word stands at the offset, given that its bytes that were looked for do, up to the text's end.
func (w *word) stands(text []byte, start int) bool {
	end := start + len(w.text)
	if start < 0 || end > len(text) {
		return false
	}
	if w.offset > 0 && !isWord(text[start:], w.text[:w.offset]) {
		return false
	}
	if compared := int(w.offset) + eight; compared < len(w.text) && !isWord(text[start+compared:], w.text[compared:]) {
		return false
	}
	return w.around == nil || w.around.are(text, start, end)
}

// isWord reports whether the text begins with the word, in any case.
func isWord(text []byte, word string) bool {
	for i := range len(word) {
		if lower(text[i]) != word[i] {
			return false
		}
	}
	return true
}
