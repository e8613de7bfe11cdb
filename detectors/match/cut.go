package match

import (
	"regexp/syntax"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// cut is an expression in two halves, such that each of its matches holds one of a few words at the place where the halves meet: the
// match is one of before, then one of after, and the part that after matches begins with one of the words, in any case.
type cut struct {
	words  []string // in lower case
	before prefix
	head   []*syntax.Regexp // what before was made of
	after  []*syntax.Regexp
}

// prefix says what can stand in a match before a cut.
type prefix struct {
	longest int // in bytes; unbounded if there is no limit
	bytes   [256]bool
}

const unbounded = 1 << 29 // twice as much is an int still, on every machine

// follow extends a prefix by what an expression can match.
func (p *prefix) follow(re *syntax.Regexp) {
	p.longest = min(unbounded, p.longest+p.add(re, 1))
}

// add adds to the prefix's bytes those of an expression that is repeated up to times, and returns how many it can match.
func (p *prefix) add(re *syntax.Regexp, times int) int {
	longest := 0
	switch re.Op {
	case syntax.OpLiteral:
		for _, r := range re.Rune {
			longest = min(unbounded, longest+p.addRune(r, re.Flags&syntax.FoldCase != 0))
		}
	case syntax.OpCharClass:
		longest = p.addClass(re.Rune)
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		newline := p.bytes['\n']
		for i := range p.bytes {
			p.bytes[i] = true
		}
		p.bytes['\n'] = newline || re.Op == syntax.OpAnyChar
		longest = utf8.UTFMax
	case syntax.OpCapture, syntax.OpQuest, syntax.OpConcat:
		for _, sub := range re.Sub {
			longest = min(unbounded, longest+p.add(sub, 1))
		}
	case syntax.OpAlternate:
		for _, sub := range re.Sub {
			longest = max(longest, p.add(sub, 1))
		}
	case syntax.OpStar, syntax.OpPlus:
		longest = p.add(re.Sub[0], unbounded)
	case syntax.OpRepeat:
		if re.Max < 0 {
			longest = p.add(re.Sub[0], unbounded)
		} else {
			longest = p.add(re.Sub[0], re.Max)
		}
	}
	if longest == 0 || times == 0 {
		return 0
	}
	if times > unbounded/longest {
		return unbounded
	}
	return min(unbounded, longest*times)
}

func (p *prefix) addRune(r rune, fold bool) int {
	longest := 0
	for f := r; ; {
		var encoded [utf8.UTFMax]byte
		n := utf8.EncodeRune(encoded[:], f)
		for _, c := range encoded[:n] {
			p.bytes[c] = true
		}
		if f == utf8.RuneError {
			p.addInvalid()
		}
		longest = max(longest, n)
		if f = unicode.SimpleFold(f); !fold || f == r {
			return longest
		}
	}
}

// addInvalid adds what U+FFFD matches beside itself: every byte that is no part of valid UTF-8.
func (p *prefix) addInvalid() {
	for c := utf8.RuneSelf; c < len(p.bytes); c++ {
		p.bytes[c] = true
	}
}

func (p *prefix) addClass(ranges []rune) int {
	longest := 0
	for i := 0; i+1 < len(ranges); i += 2 {
		low, high := ranges[i], ranges[i+1]
		for r := low; r <= min(high, utf8.RuneSelf-1); r++ {
			p.bytes[r] = true
		}
		longest = max(longest, width(high))
		if high >= utf8.RuneSelf {
			p.addInvalid()
		}
	}
	return longest
}

// width returns how many bytes the largest character up to r takes. Unlike [utf8.RuneLen] it knows an answer for surrogates.
func width(r rune) int {
	switch {
	case r < utf8.RuneSelf:
		return 1
	case r < 1<<11:
		return 2
	case r < 1<<16:
		return 3
	}
	return utf8.UTFMax
}

// start returns the first offset that a match can have whose cut stands at the given offset. The bytes between are those that can stand
// before the cut.
func (p *prefix) start(text []byte, at int) int { return p.startAfter(text, at, 0) }

// startAfter is like start, but the offset that it returns is not before the least.
func (p *prefix) startAfter(text []byte, at, least int) int {
	first := max(least, at-p.longest)
	for at > first && p.bytes[text[at-1]] {
		at--
	}
	return at
}

// findCuts returns cuts that together cover every match of the sequence, or nil if there are none, and whether their words are keywords. They
// are chosen from those, which are in lower case, or freely if none of them tells where a match can be.
func findCuts(seq []*syntax.Regexp, keywords []string) (best []cut, byKeyword bool) {
	score := 0
	for _, words := range []choice{{keywords: keywords}, {shortest: 3}, {shortest: 2}} {
		if words.shortest == 0 && len(keywords) == 0 || words.shortest == 2 && score > 0 {
			continue
		}
		if cuts, s := bestCuts(nil, seq, nil, words); s > vague || s > 0 && score == 0 {
			best, score, byKeyword = cuts, s, words.shortest == 0
		}
		if score > vague {
			break
		}
	}
	return best, byKeyword
}

// choice says which words will do: some keywords, or any that is no shorter.
type choice struct {
	keywords []string
	shortest int
}

// bestCuts returns the best cuts at a place within the sequence, which stands between the expressions before and rest, and how good
// they are; 0 if there are none.
func bestCuts(before, seq, rest []*syntax.Regexp, words choice) (best []cut, score int) {
	try := func(cuts []cut, s int) {
		if s > score {
			best, score = cuts, s
		}
	}
	for i, re := range seq {
		if !words.mayBegin(re) && re.Op != syntax.OpLiteral && re.Op != syntax.OpAlternate {
			continue
		}
		before := slices.Concat(before, seq[:i])
		after := slices.Concat(seq[i+1:], rest)
		if words.begins(re) {
			try(cutHere(before, slices.Concat([]*syntax.Regexp{re}, after), words))
		}
		switch re.Op {
		case syntax.OpLiteral:
			for k := 1; k < len(re.Rune); k++ {
				if words.mayBeginWith(re.Rune[k]) {
					head, tail := *re, *re
					head.Rune, tail.Rune = re.Rune[:k], re.Rune[k:]
					try(cutHere(append(slices.Clip(before), &head), slices.Concat([]*syntax.Regexp{&tail}, after), words))
				}
			}
		case syntax.OpAlternate:
			try(cutEach(before, re.Sub, after, words))
		case syntax.OpPlus:
			star := *re
			star.Op = syntax.OpStar
			try(bestCuts(before, flatten(re.Sub[0]), slices.Concat([]*syntax.Regexp{&star}, after), words))
		case syntax.OpRepeat:
			if re.Min > 0 {
				fewer := *re
				fewer.Min--
				fewer.Max = max(fewer.Max-1, -1)
				try(bestCuts(before, flatten(re.Sub[0]), slices.Concat([]*syntax.Regexp{&fewer}, after), words))
			}
		}
	}
	return best, score
}

// mayBegin reports whether a word may begin with what the expression matches, as far as that can be told soon.
func (c choice) mayBegin(re *syntax.Regexp) bool {
	switch re.Op {
	case syntax.OpLiteral:
		return c.mayBeginWith(re.Rune[0])
	case syntax.OpCharClass:
		return members(re.Rune) != nil
	case syntax.OpStar, syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		return false
	case syntax.OpRepeat:
		return re.Min > 0
	}
	return true
}

// mayBeginWith is mayBegin for what begins with a character.
func (c choice) mayBeginWith(first rune) bool {
	return c.shortest > 0 || first >= utf8.RuneSelf ||
		slices.ContainsFunc(c.keywords, func(k string) bool { return k != "" && k[0] == lower(byte(first)) })
}

// begins is like mayBegin, but says no where only a part of the expression begins with a word: it tells most of what [leadingWords] would, for less.
func (c choice) begins(re *syntax.Regexp) bool {
	switch re.Op {
	case syntax.OpCharClass:
		all := members(re.Rune)
		return all != nil && !slices.ContainsFunc(all, func(r rune) bool {
			return r < utf8.RuneSelf && !c.mayBeginWith(unicode.ToLower(r))
		})
	case syntax.OpQuest, syntax.OpCapture, syntax.OpPlus:
		return c.begins(re.Sub[0])
	case syntax.OpRepeat:
		return re.Min > 0 && c.begins(re.Sub[0])
	case syntax.OpConcat:
		return c.begins(re.Sub[0])
	case syntax.OpAlternate:
		return !slices.ContainsFunc(re.Sub, func(sub *syntax.Regexp) bool { return !c.begins(sub) })
	}
	return c.mayBegin(re)
}

// cutEach cuts every alternative, and is as good as the worst of them, but for all their words.
func cutEach(before, alternatives, rest []*syntax.Regexp, words choice) (all []cut, score int) {
	score = unbounded
	for _, alternative := range alternatives {
		cuts, s := bestCuts(before, flatten(alternative), rest, words)
		if s == 0 {
			return nil, 0
		}
		cost, costs := perWord*countWords(all), perWord*countWords(cuts)
		all, score = append(all, cuts...), max(1, min(score-costs, s-cost))
	}
	return all, score
}

func countWords(cuts []cut) (n int) {
	for _, c := range cuts {
		n += len(c.words)
	}
	return n
}

// cutHere cuts between before and after. Long words are good, and so are few words and short prefixes. A prefix that can be anything is better than none.
func cutHere(before, after []*syntax.Regexp, choice choice) ([]cut, int) {
	words, shortest := leadingWords(after, choice)
	if len(words) == 0 || len(words) > mostWords {
		return nil, 0
	}
	c := cut{words: words, head: before, after: after}
	for _, re := range before {
		c.before.follow(re)
	}
	if c.before.longest == unbounded && c.before.anything() {
		return []cut{c}, min(shortest, vague)
	}
	return []cut{c}, 1000*min(shortest, longestWord) - min(c.before.longest, 900) - perWord*len(words)
}

const (
	vague   = longestWord // the greatest score of cuts that hardly say where a match begins, but only whether there can be one
	perWord = 3           // what a word costs of the score
)

// anything reports whether every character can stand before the cut. If but one cannot, be it a quotation mark or a brace, windows end there.
func (p *prefix) anything() bool {
	for c := ' '; c <= '~'; c++ {
		if !p.bytes[c] {
			return false
		}
	}
	return p.bytes['\n']
}

// flatten returns the expressions that follow each other in re, without groups.
func flatten(re *syntax.Regexp) []*syntax.Regexp {
	switch re.Op {
	case syntax.OpCapture, syntax.OpConcat:
		var seq []*syntax.Regexp
		for _, sub := range re.Sub {
			seq = append(seq, flatten(sub)...)
		}
		return seq
	case syntax.OpEmptyMatch:
		return nil
	}
	return []*syntax.Regexp{re}
}

// The limits of what is known of a text's beginning.
const (
	mostLeads   = 64
	mostWords   = 64 // of a cut
	longestWord = 12 // that is chosen freely
	few         = 4
)

// lead is how a text can begin, in lower case. It is closed where what follows is unknown or of no interest.
type lead struct {
	text   string
	closed bool
}

// beginnings finds out how the texts that a sequence matches can begin, as far as needed to choose words that they begin with.
type beginnings struct {
	choice
	failed bool // some text begins with no word
}

// leadingWords returns words such that every text that the sequence matches begins with one of them, and the length of the shortest; none
// if there are no such words.
func leadingWords(seq []*syntax.Regexp, choice choice) (words []string, shortest int) {
	b := beginnings{choice: choice}
	leads := []lead{{}}
	for _, re := range seq {
		leads = b.extend(leads, re)
		if b.failed {
			return nil, 0
		}
		if !slices.ContainsFunc(leads, func(l lead) bool { return !l.closed }) {
			break
		}
	}
	shortest = unbounded
	for _, l := range leads {
		word := b.word(l.text)
		if word == "" {
			return nil, 0
		}
		shortest = min(shortest, len(word))
		if !slices.Contains(words, word) {
			words = append(words, word)
		}
	}
	return words, shortest
}

// word returns the longest word that the text begins with, or "".
func (b *beginnings) word(text string) string {
	if b.shortest > 0 && len(text) >= b.shortest {
		return text[:min(len(text), longestWord)]
	}
	best := ""
	for _, k := range b.keywords {
		if len(k) > len(best) && strings.HasPrefix(text, k) {
			best = k
		}
	}
	return best
}

// open reports whether more of the text than its beginning could make a longer word.
func (b *beginnings) open(text string) bool {
	if b.shortest > 0 {
		return len(text) < longestWord
	}
	return slices.ContainsFunc(b.keywords, func(k string) bool { return len(k) > len(text) && strings.HasPrefix(k, text) })
}

// sufficient reports whether words can be chosen from the leads as they are, so that they had better not multiply.
func (b *beginnings) sufficient(leads []lead) bool {
	return b.shortest > 0 && !slices.ContainsFunc(leads, func(l lead) bool { return len(l.text) < b.shortest })
}

// extend returns the leads that arise when re follows.
func (b *beginnings) extend(leads []lead, re *syntax.Regexp) []lead {
	switch re.Op {
	case syntax.OpEmptyMatch, syntax.OpBeginLine, syntax.OpEndLine, syntax.OpBeginText, syntax.OpEndText,
		syntax.OpWordBoundary, syntax.OpNoWordBoundary:
		return leads
	case syntax.OpLiteral:
		if !slices.ContainsFunc(re.Rune, func(r rune) bool { return r >= utf8.RuneSelf }) {
			return b.extendBy(leads, strings.ToLower(string(re.Rune)))
		}
		for _, r := range re.Rune {
			leads = b.extendByAny(leads, []rune{r})
		}
		return leads
	case syntax.OpCharClass:
		return b.extendByAny(leads, members(re.Rune))
	case syntax.OpCapture, syntax.OpConcat:
		for _, sub := range re.Sub {
			leads = b.extend(leads, sub)
		}
		return leads
	case syntax.OpAlternate:
		var all []lead
		for _, sub := range re.Sub {
			all = append(all, b.extend(leads, sub)...)
		}
		return b.limit(leads, all)
	case syntax.OpQuest:
		return b.limit(leads, slices.Concat(leads, b.extend(leads, re.Sub[0])))
	case syntax.OpPlus:
		return b.closed(b.extend(leads, re.Sub[0]))
	case syntax.OpRepeat:
		for range re.Min {
			if leads = b.extend(leads, re.Sub[0]); b.failed || !slices.ContainsFunc(leads, func(l lead) bool { return !l.closed }) {
				return leads
			}
		}
		if re.Max == re.Min {
			return leads
		}
	}
	return b.closed(leads)
}

// limit returns the longer leads without duplicates, unless they are too many: then the shorter ones have to do.
func (b *beginnings) limit(shorter, longer []lead) []lead {
	slices.SortFunc(longer, func(a, b lead) int { return strings.Compare(a.text, b.text) })
	longer = slices.CompactFunc(longer, func(a, b lead) bool { return a == b })
	if len(longer) > mostLeads {
		return b.closed(shorter)
	}
	return longer
}

// members returns the characters of a class, or nil for one that is too large to spell out.
func members(ranges []rune) []rune {
	var all []rune
	for i := 0; i+1 < len(ranges); i += 2 {
		for r := ranges[i]; r <= ranges[i+1]; r++ {
			if len(all) == 16 {
				return nil
			}
			all = append(all, r)
		}
	}
	return all
}

// extendBy returns the leads that arise when the text follows, as [beginnings.extendByAny] does for its characters one after the other.
func (b *beginnings) extendBy(leads []lead, follow string) []lead {
	longer := slices.Clone(leads)
	for i, l := range leads {
		if l.closed {
			continue
		}
		text := l.text + follow
		for n := len(l.text) + 1; n <= len(text) && !longer[i].closed; n++ {
			longer[i] = lead{text[:n], !b.open(text[:n])}
		}
		b.failed = b.failed || longer[i].closed && b.word(longer[i].text) == ""
	}
	return longer
}

// extendByAny returns the leads that arise when one of the characters follows, or closed ones if that cannot be told in ASCII.
func (b *beginnings) extendByAny(leads []lead, follow []rune) []lead {
	lower := make([]byte, 0, 16)
	for _, r := range follow {
		switch r {
		case 'ſ', '\u212a': // in classes because they fold to s and k; the search for words does not know them
			continue
		}
		if r >= utf8.RuneSelf {
			return b.closed(leads)
		}
		if c := byte(unicode.ToLower(r)); !slices.Contains(lower, c) {
			lower = append(lower, c)
		}
	}
	if len(lower) == 0 || len(lower) > few && b.sufficient(leads) {
		return b.closed(leads)
	}
	longer := make([]lead, 0, len(leads)*len(lower))
	for _, l := range leads {
		if l.closed {
			longer = append(longer, l)
			continue
		}
		for _, c := range lower {
			text := l.text + string(c)
			open := b.open(text)
			b.failed = b.failed || !open && b.word(text) == ""
			longer = append(longer, lead{text, !open})
		}
	}
	if len(longer) > mostLeads {
		return b.closed(leads)
	}
	return longer
}

// closed returns the leads closed.
func (b *beginnings) closed(leads []lead) []lead {
	all := slices.Clone(leads)
	for i := range all {
		all[i].closed = true
		b.failed = b.failed || b.word(all[i].text) == ""
	}
	return all
}
