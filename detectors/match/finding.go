package match

import (
	"bytes"
	"regexp"
	"slices"

	"github.com/stagewall/stagewall/detectors"
)

// Longest is the number of bytes that a secret may have: more than the longest keys and signed tokens do, and less than half of what
// windows over a large file overlap by. What is longer is data in which a token's letters go on and on.
const Longest = 24 << 10

// finding is a candidate in the making.
type finding struct {
	rule          int
	begin         int // where the match begins, with the line breaks that were trimmed
	match, secret detectors.Span
	value         []byte
	text          []byte // the match, decoded; in gitleaks' mode only
	depth         int
	encodings     encodings
	entropy       float64
	texts         []detectors.Span // of the secret, by depth, in the text of each pass; nil for depth 0
	outranked     bool
}

// secretAt returns the span of the secret in the text that so many passes of decoding made.
func (f *finding) secretAt(depth int) detectors.Span {
	if f.texts == nil {
		return f.secret
	}
	return f.texts[depth]
}

func (f *finding) candidate() Candidate {
	return Candidate{
		Rule: f.rule, Match: f.match, Secret: f.secret, Value: f.value,
		Depth: f.depth, Encodings: f.encodings.names(), Entropy: f.entropy,
	}
}

// consider adds a match, given by the offsets of its groups, unless it is empty, cut off or allowed, was found before, or its secret is
// too regular.
func (s *Scanner) consider(n int32, re *regexp.Regexp, groups []int) {
	r := s.engine.compiled[n]
	whole := detectors.Span{Start: groups[0], End: groups[1]}
	match := trim(s.text, whole)
	if match.Empty() && !s.engine.options.Gitleaks {
		return
	}
	if s.engine.options.Gitleaks {
		groups = s.regroup(n, re, match)
	}
	secret := secretOf(r, match, groups)
	if (secret.Empty() || secret.End-secret.Start > Longest) && !s.engine.options.Gitleaks {
		return
	}
	f := finding{rule: int(n), begin: whole.Start, match: match, secret: secret, value: s.text[secret.Start:secret.End], depth: s.depth}
	if s.engine.options.Gitleaks {
		f.text = s.text[match.Start:match.End]
	}
	if !s.locate(&f, whole) {
		return
	}
	f.entropy = entropy(f.value)
	if r.Entropy != 0 && f.entropy <= r.Entropy {
		return
	}
	if s.allowed(r, &subject{f.value, match, whole}) {
		return
	}
	if s.depth > 0 { // the text will be overwritten
		f.value, f.text = s.keep(f.value), s.keep(f.text)
	}
	s.found = append(s.found, f)
}

// keep returns a copy that lasts until the next piece.
func (s *Scanner) keep(text []byte) []byte {
	first := len(s.values)
	s.values = append(s.values, text...)
	return s.values[first:]
}

// trim returns the span without the line breaks at its ends.
func trim(text []byte, span detectors.Span) detectors.Span {
	whole := text[span.Start:span.End]
	span.Start = span.End - len(bytes.TrimLeft(whole, "\n"))
	return detectors.Span{Start: span.Start, End: span.Start + len(bytes.Trim(whole, "\n"))}
}

// secretOf returns where the secret stands: the rule's group, or the first that is not empty, or else the match.
func secretOf(r *rule, match detectors.Span, groups []int) detectors.Span {
	group := func(n int) detectors.Span {
		if 2*n+1 >= len(groups) || groups[2*n] < 0 {
			return detectors.Span{Start: match.Start, End: match.Start}
		}
		start, end := max(groups[2*n], match.Start), min(groups[2*n+1], match.End)
		return detectors.Span{Start: min(start, end), End: end}
	}
	if r.Group > 0 && len(groups) > 2 {
		return group(r.Group)
	}
	for n := 1; 2*n < len(groups); n++ {
		if span := group(n); !span.Empty() {
			return span
		}
	}
	return match
}

// locate moves a finding from the text to the data. It returns false for what is cut off, and for what needed no decoding: an earlier
// pass saw it.
func (s *Scanner) locate(f *finding, whole detectors.Span) bool {
	if s.depth > 0 && !s.trace(f, &whole) {
		return false
	}
	for _, offset := range []*int{&f.begin, &whole.Start, &whole.End, &f.match.Start, &f.match.End, &f.secret.Start, &f.secret.End} {
		*offset += s.start
	}
	cut := s.in.Base > 0 && whole.Start == 0 || !s.in.Final && whole.End == len(s.in.Data)
	return !cut
}

// trace moves a finding, and the match with the line breaks around it, to where they stood before anything was decoded. It returns false
// if no byte of the match was.
func (s *Scanner) trace(f *finding, whole *detectors.Span) bool {
	last := s.layers[s.depth-1]
	if s.engine.options.Gitleaks {
		f.encodings = last.kinds(*whole, true)
		f.match = s.gitleaksOrigin(s.depth, *whole)
		f.begin, f.secret = f.match.Start, f.match // which says nothing of the secret
		return f.encodings != 0
	}
	f.encodings = last.kinds(f.match, false)
	if f.encodings == 0 && !s.partners {
		return false
	}
	f.texts = make([]detectors.Span, s.depth+1)
	f.texts[s.depth] = f.secret
	for depth := s.depth - 1; depth >= 0; depth-- {
		l := s.layers[depth]
		*whole, f.match, f.secret = l.origin(*whole), l.origin(f.match), l.origin(f.secret)
		f.texts[depth] = f.secret
	}
	return true
}

// allowed reports whether an allowlist allows the match.
func (s *Scanner) allowed(r *rule, m *subject) bool {
	allows := func(a *allowlist) bool { return s.allows(a, m) }
	return slices.ContainsFunc(s.engine.global, allows) || slices.ContainsFunc(r.allowlists, allows)
}
