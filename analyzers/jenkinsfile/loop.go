package jenkinsfile

import (
	"slices"
	"strings"
)

// A loop over a list of texts that the file tells is done once for each of them, with the text put in: pipelines deploy so to one environment after
// the other. Of a loop over anything else the block is read once, and its variable is not known.
//
//	https://groovy-lang.org/semantics.html#_looping_structures
//	https://groovy-lang.org/groovy-dev-kit.html#List-Iteration

const (
	maxRounds   = 64   // how often the block of one loop is done
	longestList = 1000 // of the words of a list that a method is called of
)

// iterating are the methods of lists and maps whose block is called for each element.
var iterating = []string{"each", "eachWithIndex", "collect", "collectEntries"}

// element is one of a list, or of a map with its key.
type element struct{ key, value *word }

// list notes what NAME = [ … ] has.
func (r *reader) list(s *statement) {
	equals := slices.IndexFunc(s.words, func(w word) bool { return w.is("=") })
	if equals < 1 || s.open {
		return
	}
	if all := elements(s.words[equals+1:]); all != nil {
		r.lists[s.words[equals-1].text.String] = all
	}
}

// elements returns those of a list or map of texts that is written out, nil if it is something else.
func elements(words []word) []element {
	if len(words) < 3 || !words[0].is("[") || !words[len(words)-1].is("]") {
		return nil
	}
	var all []element
	for _, one := range arguments(words) {
		switch {
		case len(one) == 0: // behind the last comma
		case len(one) == 1 && one[0].quoted:
			all = append(all, element{value: &one[0]})
		case len(one) == 3 && one[1].is(":") && one[2].quoted:
			key := one[0]
			key.quoted = true
			all = append(all, element{&key, &one[2]})
		default:
			return nil
		}
	}
	return all
}

// rounds returns the blocks that a loop does one after the other; nil if the statement is no loop over a list that is known.
func (r *reader) rounds(s *statement) [][]*statement {
	if !s.open {
		return nil
	}
	all, variables, block := r.forIn(s)
	if all == nil {
		all, variables, block = r.forEach(s)
	}
	var rounds [][]*statement
	if len(all) > maxRounds {
		r.Pass.Gap(r.at(s.words[0]), "the loop is done too often to be followed; what its last rounds reach is not known")
		all = all[:maxRounds]
	}
	for _, e := range all {
		rounds = append(rounds, r.filled(block, e.given(variables)))
	}
	return rounds
}

// forIn reads for (TYPE NAME in LIST), also with a colon.
func (r *reader) forIn(s *statement) (all []element, variables []string, block []*statement) {
	open := slices.IndexFunc(s.words, func(w word) bool { return w.is("for") }) + 1
	if open == 0 || open >= len(s.words) || !s.words[open].is("(") || !s.words[len(s.words)-1].is(")") {
		return nil, nil, nil
	}
	words := s.words[open+1 : len(s.words)-1]
	in := slices.IndexFunc(words, func(w word) bool { return w.is("in") || w.is(":") })
	if in < 1 {
		return nil, nil, nil
	}
	return r.known(words[in+1:]), []string{words[in-1].text.String}, s.block
}

// forEach reads LIST.each { NAME -> … }.
func (r *reader) forEach(s *statement) (all []element, variables []string, block []*statement) {
	open := 0 // the last bracket
	for i, w := range s.words {
		if w.is("[") {
			open = i
		}
		list, ok := called(w, iterating)
		if !ok {
			continue
		}
		if list != "" {
			all = r.lists[list]
		} else if i-open < longestList {
			all = elements(s.words[open:i])
		}
		if all != nil {
			variables, block = closure(s.block)
			return all, variables, block
		}
	}
	return nil, nil, nil
}

// called returns what a method in a list is called of, as far as that is written with it, if it is called: envs.each.
func called(w word, methods []string) (of string, ok bool) {
	for _, method := range methods {
		if of, ok := strings.CutSuffix(w.text.String, "."+method); ok && !w.quoted {
			return of, true
		}
	}
	return "", false
}

// known returns the elements of a list that is written out or has a name.
func (r *reader) known(words []word) []element {
	if len(words) == 1 && !words[0].quoted {
		return r.lists[words[0].text.String]
	}
	return elements(words)
}

// closure returns the names of a block's parameters, and the block without them.
func closure(block []*statement) (names []string, rest []*statement) {
	if len(block) == 0 {
		return nil, nil
	}
	first := block[0]
	arrow := slices.IndexFunc(first.words, func(w word) bool { return w.is("-") })
	if arrow < 1 || arrow+1 >= len(first.words) || !first.words[arrow+1].is(">") {
		return []string{"it"}, block
	}
	for _, one := range arguments(first.words[:arrow]) {
		if len(one) > 0 {
			names = append(names, one[len(one)-1].text.String)
		}
	}
	begun := *first
	begun.words = first.words[arrow+2:]
	return names, append([]*statement{&begun}, block[1:]...)
}

// given returns what the names of a block's parameters come to for an element: of a map's entry the key and the value, or one with both.
func (e element) given(names []string) map[string]word {
	given := map[string]word{}
	switch {
	case len(names) == 0:
	case e.key == nil:
		given[names[0]] = *e.value
	case len(names) == 1:
		given[names[0]+".key"], given[names[0]+".value"] = *e.key, *e.value
	default:
		given[names[0]], given[names[1]] = *e.key, *e.value
	}
	return given
}
