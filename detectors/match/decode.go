package match

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"slices"
	"unicode/utf8"

	"github.com/stagewall/stagewall/detectors"
)

// encodings is a set of encodings. Those that encode only parts of a text have the lower bits: they are undone first where two meet.
type encodings uint8

const (
	asPercent encodings = 1 << iota
	asEscapes
	asHex
	asBase64
)

var encodingNames = [...]string{"percent", "unicode", "hex", "base64"}

// names returns the names of the set's encodings; nil for none.
func (e encodings) names() []string {
	var names []string
	for i, name := range encodingNames {
		if e&(1<<i) != 0 {
			names = append(names, name)
		}
	}
	return names
}

// encoded is a part of a text that looks encoded.
type encoded struct {
	detectors.Span
	kind    encodings
	decodes bool // it is a segment of the next text
}

// layer is one pass of decoding: the segments of a text that were replaced, in order.
type layer []segment

// segment is a replaced part of a text.
type segment struct {
	from, to detectors.Span // in the text before, and in the text after
	kinds    encodings      // all that were undone so far to get it
	origin   detectors.Span // in the first text, as gitleaks has it; see [Scanner.gitleaksOrigin]
}

// decode makes the layer after depth others of the text, and returns in the memory of dst the text with what is encoded in it decoded, which is no
// longer. Without segments there is none.
func (s *Scanner) decode(dst []byte, depth int) ([]byte, layer) {
	for len(s.layers) <= depth {
		s.layers = append(s.layers, nil)
	}
	text, l := s.text, s.layers[depth][:0]
	var previous layer
	if depth > 0 {
		previous = s.layers[depth-1]
	}
	s.encoded = findEncoded(s.encoded[:0], text)
	done, passed := 0, 0
	for i, e := range s.encoded {
		if yields(s.encoded, i) {
			continue
		}
		decoded, segments, ok := s.decodeOne(text, e)
		if !ok {
			continue
		}
		if done == 0 {
			dst = slices.Grow(dst[:0], len(text))
		}
		dst = append(dst, text[done:e.Start]...)
		for _, g := range segments {
			g.to.Start += len(dst)
			g.to.End += len(dst)
			for passed < len(previous) && previous[passed].to.End < g.from.Start {
				passed++
			}
			g.kinds = e.kind | previous[passed:].kinds(g.from, s.engine.options.Gitleaks)
			if s.engine.options.Gitleaks {
				g.origin = s.gitleaksOrigin(depth, g.from)
			}
			l = append(l, g)
		}
		dst = append(dst, decoded...)
		done = e.End
		s.encoded[i].decodes = true
	}
	s.layers[depth] = l
	if len(l) == 0 {
		return dst[:0], nil
	}
	return append(dst, text[done:]...), l
}

// yields reports whether the i-th part waits for the next pass, because it meets one whose encoding is undone first.
func yields(all []encoded, i int) bool {
	meets := func(j int) bool {
		return all[j].kind < all[i].kind && all[j].Start <= all[i].End && all[i].Start <= all[j].End
	}
	return i > 0 && meets(i-1) || i+1 < len(all) && meets(i+1)
}

// decodeOne returns what the part decodes to, and its segments, as if the text made began with it. Both are valid until the next call.
func (s *Scanner) decodeOne(text []byte, e encoded) ([]byte, []segment, bool) {
	dst, segments := s.decoded[:0], s.segments[:0]
	ok := true
	switch whole := text[e.Start:e.End]; e.kind {
	case asPercent:
		dst, segments, ok = decodePercent(dst, segments, whole)
	case asEscapes:
		dst, segments = decodeEscapes(dst, segments, whole)
	case asHex:
		dst, ok = decodeHex(dst, whole)
	case asBase64:
		dst, ok = decodeBase64(dst, whole, !s.engine.options.Gitleaks)
	}
	if len(segments) == 0 || s.engine.options.Gitleaks {
		segments = append(segments[:0], segment{from: detectors.Span{End: e.End - e.Start}, to: detectors.Span{End: len(dst)}})
	}
	for i := range segments {
		segments[i].from.Start += e.Start
		segments[i].from.End += e.Start
	}
	s.decoded, s.segments = dst, segments
	return dst, segments, ok && len(dst) > 0
}

// kinds returns the encodings that were undone to get the bytes of the text that the layer made; 0 where none was. Touching is
// what gitleaks takes for overlapping.
func (l layer) kinds(span detectors.Span, touching bool) encodings {
	if touching {
		span.Start--
		span.End++
	}
	var kinds encodings
	for i := l.from(span.Start); i < len(l) && l[i].to.Start < span.End; i++ {
		kinds |= l[i].kinds
	}
	return kinds
}

// from returns the index of the first segment whose replacement ends after the offset.
func (l layer) from(offset int) int {
	if len(l) == 0 || l[0].to.End > offset { // as it is for who goes on from the last one
		return 0
	}
	i, _ := slices.BinarySearchFunc(l, offset, func(s segment, offset int) int { return cmp.Compare(s.to.End, offset+1) })
	return i
}

// origin returns the bytes of the text before that hold what became the span.
func (l layer) origin(span detectors.Span) detectors.Span {
	i := l.from(span.Start)
	start := span.Start + l.shift(i)
	if i < len(l) && l[i].to.Start <= span.Start {
		start = l[i].from.Start
	}
	i = l.from(span.End - 1)
	end := span.End + l.shift(i)
	if i < len(l) && l[i].to.Start < span.End {
		end = l[i].from.End
	}
	return detectors.Span{Start: start, End: end}
}

// shift returns by how much the texts before and after differ in length before the i-th segment.
func (l layer) shift(i int) int {
	if i == 0 {
		return 0
	}
	return l[i-1].from.End - l[i-1].to.End
}

// What a byte can be part of. The letters of base64 are those of both alphabets.
const (
	isBase64 uint8 = 1 << iota
	isHex
	isDigit
	isSpecial // neither letter nor digit, in base64
	isForURLs // the same, in that for addresses
	isPrintable
)

var byteClass = func() (class [256]uint8) {
	for c := range class {
		switch c := byte(c); {
		case '0' <= c && c <= '9':
			class[c] = isBase64 | isHex | isDigit
		case 'a' <= c|0x20 && c|0x20 <= 'f':
			class[c] = isBase64 | isHex
		case 'g' <= c|0x20 && c|0x20 <= 'z':
			class[c] = isBase64
		case c == '+', c == '/':
			class[c] = isBase64 | isSpecial
		case c == '-', c == '_':
			class[c] = isBase64 | isForURLs
		}
		if '\b' < c && c < 0x7f {
			class[c] |= isPrintable
		}
	}
	return class
}()

func hasClass(text []byte, class uint8) bool {
	return slices.ContainsFunc(text, func(c byte) bool { return byteClass[c]&class != 0 })
}

// The shortest runs that are taken for encoded.
const (
	shortestBase64 = 16
	shortestHex    = 32
)

// findEncoded appends the parts of the text that look encoded, in order: per cent signs with the rest of their line up to the last of
// them, sequences of \u0041 or U+0041, long runs of hexadecimal digits, and of the letters of base64. Of parts that overlap the one
// that begins first counts.
func findEncoded(found []encoded, text []byte) []encoded {
	f := finder{text: text, found: found, sign: -1, slash: -1, point: -1, run: detectors.Span{Start: -1}}
	for i := 0; ; {
		f.advance(i)
		switch first := min(f.sign, f.slash, f.point, f.run.Start); {
		case first == len(text):
			return f.found
		case first == f.sign:
			i = f.add(first, percentEnd(text, first), asPercent)
		case first == f.slash:
			i = f.add(first, escapesEnd(text, first), asEscapes)
		case first == f.point && codePointsEnd(text, first) > first:
			i = f.add(first, codePointsEnd(text, first), asEscapes)
		case first == f.run.Start:
			i = f.addRun()
		default:
			i = first + 1
		}
	}
}

// finder finds what looks encoded. Its offsets are those of the next candidates, or the length of the text.
type finder struct {
	text  []byte
	found []encoded
	sign  int            // a per cent sign
	slash int            // a backslash
	point int            // U+
	run   detectors.Span // letters of base64, enough of them
}

// advance moves the candidates to the first ones at or after i.
func (f *finder) advance(i int) {
	next := func(at *int, pattern string) {
		if *at >= i {
			return
		}
		if *at = bytes.Index(f.text[i:], []byte(pattern)); *at < 0 {
			*at = len(f.text)
		} else {
			*at += i
		}
	}
	next(&f.sign, "%")
	next(&f.slash, `\`)
	next(&f.point, "U+")
	if f.run.Start < i {
		f.run = nextRun(f.text, i)
	}
}

// add adds what looks encoded, if it is not empty, and returns where to go on.
func (f *finder) add(start, end int, kind encodings) int {
	if start == end {
		return start + 1
	}
	f.found = append(f.found, encoded{Span: detectors.Span{Start: start, End: end}, kind: kind})
	return end
}

// addRun adds the hexadecimal digits that the run begins with, if they are enough, or else the run with its padding.
func (f *finder) addRun() int {
	digits := f.run.Start
	for digits < f.run.End && byteClass[f.text[digits]]&isHex != 0 {
		digits++
	}
	if digits-f.run.Start >= shortestHex {
		return f.add(f.run.Start, digits, asHex)
	}
	end := f.run.End
	for end < len(f.text) && f.text[end] == '=' && end < f.run.End+2 {
		end++
	}
	return f.add(f.run.Start, end, asBase64)
}

// nextRun returns the first run of letters of base64 that is long enough, not looking before i.
//
// The text is looked at in blocks of eight bytes. A run holds one of them whole, and nearly all others hold a blank, a quote or another
// byte below the letters, which is found out for eight bytes at once.
func nextRun(text []byte, i int) detectors.Span {
	for b := i; b+eight <= len(text); b += eight {
		if !allAbove(binary.LittleEndian.Uint64(text[b:])) || !areLetters(text[b:b+eight]) {
			continue
		}
		start, end := b, b+eight
		for start > i && byteClass[text[start-1]]&isBase64 != 0 {
			start--
		}
		for end < len(text) && byteClass[text[end]]&isBase64 != 0 {
			end++
		}
		if end-start >= shortestBase64 {
			return detectors.Span{Start: start, End: end}
		}
		b = end - eight // what follows it is no letter, and no run begins there
		i = end
	}
	return detectors.Span{Start: len(text), End: len(text)}
}

// allAbove reports whether all of eight bytes are in ASCII and none comes before the first letter of base64, a plus sign.
func allAbove(eight uint64) bool {
	const each, high = 0x0101010101010101, 0x8080808080808080
	return ((eight|high)-'+'*each)&^eight&high == high
}

func areLetters(text []byte) bool {
	for _, c := range text {
		if byteClass[c]&isBase64 == 0 {
			return false
		}
	}
	return true
}

// isByte reports whether %XX stands at the offset.
func isByte(text []byte, i int) bool {
	return i+2 < len(text) && text[i] == '%' && byteClass[text[i+1]]&isHex != 0 && byteClass[text[i+2]]&isHex != 0
}

// percentEnd returns the end of the last %XX of the line, if there is one at the offset.
func percentEnd(text []byte, i int) int {
	if !isByte(text, i) {
		return i
	}
	line := text[i:]
	if n := bytes.IndexByte(line, '\n'); n >= 0 {
		line = line[:n]
	}
	for last := bytes.LastIndexByte(line, '%'); last >= 3; last = bytes.LastIndexByte(line[:last], '%') {
		if isByte(line, last) {
			return i + last + 3
		}
	}
	return i + 3
}

// escapesEnd returns the end of the sequence of \uXXXX or \\uXXXX that begins at the offset.
func escapesEnd(text []byte, i int) int {
	for {
		u := i
		for u < len(text) && u < i+2 && text[u] == '\\' {
			u++
		}
		if u == i || u+4 >= len(text) || text[u]|0x20 != 'u' || !isHex4(text[u+1:]) {
			return i
		}
		i = u + 5
	}
}

// codePointsEnd returns the end of the sequence of U+XXXX, each with a blank or the end of the text behind it, that begins at the offset.
func codePointsEnd(text []byte, i int) int {
	for i+5 < len(text) && text[i] == 'U' && text[i+1] == '+' && isHex4(text[i+2:]) {
		switch {
		case i+6 == len(text):
			return i + 6
		case !isBlank(text[i+6]):
			return i
		}
		i += 7
	}
	return i
}

func isHex4(text []byte) bool {
	return byteClass[text[0]]&byteClass[text[1]]&byteClass[text[2]]&byteClass[text[3]]&isHex != 0
}

func isBlank(c byte) bool { return c == ' ' || '\t' <= c && c <= '\r' && c != '\v' }

// value returns the value of a hexadecimal digit.
func value(c byte) byte {
	if c <= '9' {
		return c - '0'
	}
	return c | 0x20 - 'a' + 10
}

// decodePercent undoes %XX, with a segment for each. Text that is not printable is none that somebody encoded.
func decodePercent(dst []byte, segments []segment, text []byte) ([]byte, []segment, bool) {
	for i := 0; i < len(text); {
		if !isByte(text, i) {
			dst = append(dst, text[i])
			i++
			continue
		}
		c := value(text[i+1])<<4 | value(text[i+2])
		if byteClass[c]&isPrintable == 0 {
			return dst, segments, false
		}
		segments = append(segments, segment{
			from: detectors.Span{Start: i, End: i + 3}, to: detectors.Span{Start: len(dst), End: len(dst) + 1},
		})
		dst = append(dst, c)
		i += 3
	}
	return dst, segments, true
}

// decodeEscapes undoes \uXXXX and U+XXXX, with a segment for each, and drops the blanks between.
func decodeEscapes(dst []byte, segments []segment, text []byte) ([]byte, []segment) {
	for i := 0; i < len(text); {
		digits := i + 2 // after U+ or \u
		if text[i+1] == '\\' {
			digits++
		}
		r := rune(0)
		for _, c := range text[digits : digits+4] {
			r = r<<4 | rune(value(c))
		}
		end := digits + 4
		if text[i] == 'U' && end < len(text) {
			end++ // the blank
		}
		start := len(dst)
		dst = utf8.AppendRune(dst, r)
		segments = append(segments, segment{
			from: detectors.Span{Start: i, End: end}, to: detectors.Span{Start: start, End: len(dst)},
		})
		i = end
	}
	return dst, segments
}

func decodeHex(dst, text []byte) ([]byte, bool) {
	if len(text)%2 != 0 || !hasClass(text, isDigit) {
		return dst, false
	}
	for i := 0; i < len(text); i += 2 {
		c := value(text[i])<<4 | value(text[i+1])
		if byteClass[c]&isPrintable == 0 {
			return dst, false
		}
		dst = append(dst, c)
	}
	return dst, true
}

// decodeBase64 undoes either alphabet of base64. Gitleaks wants padding with the one and none with the other; the lenient take both with
// both. Without a digit or one of the special letters it is taken for a word. Most of what looks encoded is none, and shows it in the
// first few bytes.
func decodeBase64(dst, text []byte, lenient bool) ([]byte, bool) {
	body := bytes.TrimRight(text, "=")
	padding := len(text) - len(body)
	if len(body)%4 == 1 || padding > 0 && len(text)%4 != 0 {
		return dst, false
	}
	bits, n, seen := uint32(0), 0, uint8(0)
	for _, c := range body {
		seen |= byteClass[c] & (isDigit | isSpecial | isForURLs)
		bits, n = bits<<6|uint32(sextets[c]), n+6
		if n < 8 {
			continue
		}
		n -= 8
		c := byte(bits >> n)
		if byteClass[c]&isPrintable == 0 {
			return dst, false
		}
		dst = append(dst, c)
	}
	standard, forURLs := seen&isSpecial != 0, seen&isForURLs != 0
	switch {
	case seen == 0, standard && forURLs:
		return dst, false
	case !lenient && (forURLs && padding > 0 || standard && len(text)%4 != 0):
		return dst, false
	}
	return dst, true
}

// sextets are the values of the letters of base64.
var sextets = func() (values [256]byte) {
	for i := range 26 {
		values['A'+i], values['a'+i] = byte(i), byte(26+i)
	}
	for i := range 10 {
		values['0'+i] = byte(52 + i)
	}
	values['+'], values['-'] = 62, 62
	values['/'], values['_'] = 63, 63
	return values
}()
