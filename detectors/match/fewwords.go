package match

import (
	"cmp"
	"encoding/binary"
	"math"
	"slices"
)

// fewWords finds a few words in a text in one pass, in any case of ASCII letters.
//
// The idea: of every word three bytes in a row are looked for, those that sources hold least often. Two pairs of bytes are in them, and one of these
// begins at an even offset of the text. So looking at every other pair is enough. Six bits of each, in which a letter and its capital are alike,
// say by a small table whether a word is to be compared there, and four such pairs are taken from eight bytes at once.
//
// It is valid for words of any length, since what stands beside a shorter one can be anything.
//
// An automaton took two to six times as long for a rule's words, since it waits for each byte before the next. So the words of rules whose keywords need not
// stand in their matches may be looked for in some texts, and need not be in everybody's way in all others.
type fewWords struct {
	words []string
	first [1 << (2 * slotBits)]uint32 // by slot: the first of the words to be compared there, none at 0
	tries []try                       // by slot, after one that is none
}

// try is a word to be compared, so many bytes before the pair.
type try struct{ slot, word, before int32 }

const (
	slotBits = 6
	letter   = 1 << 6 // what tells letters from digits and most signs
)

// slot returns where the table has a pair.
func slot(a, b byte) int { return int(folded(a)) | int(folded(b))<<slotBits }

// folded returns the bits that a letter and its capital share, but for the highest.
func folded(c byte) byte { return c&0x1f | c&letter>>1 }

// newFewWords returns what finds the words, which must be in lower case. Empty words are found nowhere.
func newFewWords(words []string) *fewWords {
	f := &fewWords{words: words, tries: make([]try, 1)}
	for n, word := range words {
		if word == "" {
			continue
		}
		rarest := rarestThree(word)
		for _, offset := range []int{rarest, rarest + 1} {
			for _, a := range bytesAt(word, offset) {
				for _, b := range bytesAt(word, offset+1) {
					f.tries = append(f.tries, try{slot: int32(slot(a, b)), word: int32(n), before: int32(offset)})
				}
			}
		}
	}
	slices.SortStableFunc(f.tries[1:], func(a, b try) int { return cmp.Compare(a.slot, b.slot) })
	for i := len(f.tries) - 1; i > 0; i-- {
		f.first[f.tries[i].slot] = uint32(i)
	}
	return f
}

// rarestThree returns the offset of the three bytes in a row of the word that sources hold least often; -1 if it has one byte, so that this is in both pairs.
func rarestThree(word string) (offset int) {
	if len(word) == 1 {
		return -1
	}
	least := math.Inf(1)
	for o := range len(word) - 2 {
		if often := frequency(word[o], word[o+1]) + frequency(word[o+1], word[o+2]); often < least {
			offset, least = o, often
		}
	}
	return offset
}

// bytesAt returns what can stand at an offset of the word or beside it: one byte of each that share a slot.
func bytesAt(word string, offset int) []byte {
	if 0 <= offset && offset < len(word) {
		return []byte{word[offset]}
	}
	all := make([]byte, 1<<slotBits)
	for i := range all {
		all[i] = byte(i&0x1f | i<<1&letter)
	}
	return all
}

// scan calls found for every place where a word stands, with the word's number and the offset after it, roughly in order, until it returns false.
func (f *fewWords) scan(text []byte, found func(word int32, end int) bool) {
	const (
		each    = 0x0101_0101_0101_0101 // byte
		firsts  = 0x003f_003f_003f_003f // bytes of four pairs, folded
		seconds = firsts << slotBits
		one     = 1<<(2*slotBits) - 1
	)
	at := 0
	for ; at+8 <= len(text); at += 8 {
		pairs := binary.LittleEndian.Uint64(text[at:])
		pairs = pairs&(0x1f*each) | pairs&(letter*each)>>1
		pairs = pairs&firsts | pairs>>(8-slotBits)&seconds
		a, b, c, d := f.first[pairs&one], f.first[pairs>>16&one], f.first[pairs>>32&one], f.first[pairs>>48&one]
		if a|b|c|d == 0 {
			continue
		}
		for i, first := range [...]uint32{a, b, c, d} {
			if first != 0 && !f.compare(text, at+2*i, first, found) {
				return
			}
		}
	}
	for ; at < len(text); at += 2 {
		second := byte(0) // if nothing is there, it can be anything
		if at+1 < len(text) {
			second = text[at+1]
		}
		if first := f.first[slot(text[at], second)]; first != 0 && !f.compare(text, at, first, found) {
			return
		}
	}
}

// compare calls found for the words of a slot, given by its first, that stand where the pair at the place says.
func (f *fewWords) compare(text []byte, at int, first uint32, found func(word int32, end int) bool) bool {
	for i := int(first); i < len(f.tries) && f.tries[i].slot == f.tries[first].slot; i++ {
		t := &f.tries[i]
		word := f.words[t.word]
		start := at - int(t.before)
		if start >= 0 && start+len(word) <= len(text) && isWord(text[start:], word) && !found(t.word, start+len(word)) {
			return false
		}
	}
	return true
}

// stand reports whether a word stands in the text.
func (f *fewWords) stand(text []byte) (any bool) {
	f.scan(text, func(int32, int) bool { any = true; return false })
	return any
}
