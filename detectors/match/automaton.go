package match

// automaton finds words in a text in one pass, in any case of ASCII letters, after Aho and Corasick, "Efficient string matching: an
// aid to bibliographic search" (https://doi.org/10.1145/360825.360855). Bytes that no word holds share one class, which keeps the
// table small; the table holds the next state for every state and class, so that the search never follows a failure link.
type automaton struct {
	class   [256]uint8
	classes int
	next    []int32   // by state*classes + class: the next state, times classes; negative where words end at it (^state)
	ends    [][]int32 // by state: the words that end there, longest first
	lengths []int32   // by word
}

// newAutomaton returns an automaton for the words, which must be in lower case. Empty words are found nowhere.
func newAutomaton(words []string) *automaton {
	a := &automaton{lengths: make([]int32, len(words))}
	a.classify(words)
	a.insert(words)
	a.link()
	return a
}

// classify gives every byte that a word holds a class of its own, shared by both cases of a letter.
func (a *automaton) classify(words []string) {
	a.classes = 1
	for _, word := range words {
		for i := range len(word) {
			c := word[i]
			if a.class[c] != 0 {
				continue
			}
			a.class[c] = uint8(a.classes)
			if 'a' <= c && c <= 'z' {
				a.class[c-'a'+'A'] = uint8(a.classes)
			}
			a.classes++
		}
	}
}

// insert builds the tree of the words: next holds plain numbers of states, 0 where there is none.
func (a *automaton) insert(words []string) {
	states := 1
	for _, word := range words {
		states += len(word)
	}
	a.next = make([]int32, a.classes, states*a.classes)
	a.ends = make([][]int32, 1, states)
	for n, word := range words {
		a.lengths[n] = int32(len(word))
		state := 0
		for i := range len(word) {
			slot := state*a.classes + int(a.class[word[i]])
			if a.next[slot] == 0 {
				a.next[slot] = int32(len(a.ends))
				a.ends = append(a.ends, nil)
				a.next = a.next[:len(a.next)+a.classes]
			}
			state = int(a.next[slot])
		}
		if word != "" {
			a.ends[state] = append(a.ends[state], int32(n))
		}
	}
}

// link turns the tree into the table, level by level.
func (a *automaton) link() {
	fail := make([]int32, len(a.ends))
	queue := make([]int32, 0, len(a.ends))
	for c := range a.classes {
		if s := a.next[c]; s != 0 {
			queue = append(queue, s)
		}
	}
	for len(queue) > 0 {
		state := queue[0]
		queue = queue[1:]
		a.ends[state] = append(a.ends[state], a.ends[fail[state]]...)
		for c := range a.classes {
			slot := int(state)*a.classes + c
			after := a.next[int(fail[state])*a.classes+c]
			if s := a.next[slot]; s != 0 {
				fail[s] = after
				queue = append(queue, s)
			} else {
				a.next[slot] = after
			}
		}
	}
	for slot, state := range a.next {
		if len(a.ends[state]) > 0 {
			a.next[slot] = ^state
		} else {
			a.next[slot] = state * int32(a.classes)
		}
	}
}

// scan calls found for every place where a word ends, with the word's number and the offset after it, in order of offsets.
func (a *automaton) scan(text []byte, found func(word int32, end int)) {
	row := int32(0)
	for i, c := range text {
		row = a.next[row+int32(a.class[c])]
		if row < 0 {
			state := ^row
			for _, word := range a.ends[state] {
				found(word, i+1)
			}
			row = state * int32(a.classes)
		}
	}
}

// contains reports whether a word stands in the text.
func (a *automaton) contains(text []byte) bool {
	row := int32(0)
	for _, c := range text {
		row = a.next[row+int32(a.class[c])]
		if row < 0 {
			return true
		}
	}
	return false
}
