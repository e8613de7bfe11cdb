package code

import (
	"bytes"
	"net/url"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/lazyregexp"
	"github.com/stagewall/stagewall/detectors"
)

// Header reports whether a name is that of a header that carries a credential.
func Header(name string) bool {
	name = strings.ToLower(name)
	if name == "authorization" || name == "apikey" {
		return true
	}
	if !strings.Contains(name, "-") || strings.Contains(name, " ") {
		return false
	}
	for _, word := range [...]string{"token", "key", "auth", "secret", "password"} {
		if strings.Contains(name, word) {
			return true
		}
	}
	return false
}

// Scheme returns the word before the value in a header, and nothing if the header begins with something else.
func Scheme(parts []analyzers.Part) string {
	if len(parts) == 0 || parts[0].Hole != nil {
		return ""
	}
	word, _, ok := strings.Cut(parts[0].Text, " ")
	if !ok {
		return ""
	}
	switch strings.ToLower(word) {
	case "bearer", "basic", "token", "bot", "apikey", "api-key", "key", "digest", "oauth":
		return word
	}
	return ""
}

// Address is where a request goes.
type Address struct {
	Host string
	Path detectors.Word
}

// Locate reads an address that is written as a template. A hole in it stands for one segment.
func Locate(parts []analyzers.Part) Address {
	var t template
	for i, p := range parts {
		t.add(p, i == 0, i == len(parts)-1)
	}
	if len(t.spans) == 0 {
		return Address{}
	}
	var a Address
	from := 0
	if scheme := strings.Index(t.text, "://"); scheme > 0 && scheme < len("postgres+ssl") {
		end := strings.IndexAny(t.text[scheme+3:], "/?#")
		if end < 0 {
			end = len(t.text) - scheme - 3
		}
		from = scheme + 3 + end
		if u, err := url.Parse(t.text[:from]); err == nil && !strings.Contains(u.Host, "*") {
			a.Host = strings.ToLower(u.Hostname())
		}
	} else if !strings.HasPrefix(t.text, "/") && !strings.HasPrefix(t.text, "*/") {
		return Address{}
	}
	to := len(t.text)
	if i := strings.IndexAny(t.text[from:], "?#"); i >= 0 {
		to = from + i
	}
	if from < to {
		a.Path = detectors.Word{Text: strings.TrimPrefix(t.text[from:to], "*"), Span: t.span(from, to)}
	}
	return a
}

// template is the text of a value in which holes are stars, and where its literals lie.
type template struct {
	text   string
	starts []int // of the literals in text
	spans  []detectors.Span
}

func (t *template) add(p analyzers.Part, first, last bool) {
	switch {
	case p.Hole == nil:
		t.starts, t.spans = append(t.starts, len(t.text)), append(t.spans, p.Span)
		t.text += p.Text
	case first && fallback(p.Hole) != nil: // ${BASE_URL:-https://…}/path
		for _, q := range fallback(p.Hole).Parts {
			if q.Hole == nil {
				t.add(q, false, false)
			}
		}
	case last && IsUnknown(p.Hole) && p.Hole.Values == nil: // an opaque value's end
	default:
		t.text += "*"
	}
}

// fallback returns the value that a hole has if nothing else gives it one.
func fallback(h *analyzers.Hole) *analyzers.Value {
	if h.Default != nil {
		return h.Default
	}
	if len(h.Values) > 0 {
		return &h.Values[0]
	}
	return nil
}

// span returns the span of the literals that make up the bytes [from, to) of the text.
func (t *template) span(from, to int) detectors.Span {
	var all detectors.Span
	for i, span := range t.spans {
		end := t.starts[i] + span.End - span.Start
		if span.Empty() || end <= from || t.starts[i] >= to {
			continue
		}
		if all.Empty() {
			all = span
		}
		all.Start, all.End = min(all.Start, span.Start), max(all.End, span.End)
	}
	return all
}

var queryExpr = lazyregexp.New(`[?&]([A-Za-z0-9_.-]{1,40})=$`)

// Query returns the parameter of an address that carries its first hole.
func Query(parts []analyzers.Part) string {
	for i := 1; i < len(parts); i++ {
		if parts[i].Hole != nil && parts[i-1].Hole == nil {
			if m := queryExpr.FindStringSubmatch(parts[i-1].Text); m != nil {
				return m[1]
			}
		}
	}
	return ""
}

// maxFields bounds the identifiers of a document that are noted.
const maxFields = 64

// documentExpr is compiled on first need: its bounded repetition costs a millisecond.
var documentExpr = lazyregexp.New(`^\s*(?:#[^\n]*\s*)*(?:(?:mutation|query|subscription)\b[^{]{0,400})?\{`)

var identifierExpr = lazyregexp.New(`[$@"]?[A-Za-z_][A-Za-z0-9_]*`)

// Document returns the identifiers of the GraphQL document that stands in the span, nothing if none does.
func Document(data []byte, span detectors.Span) []detectors.Word {
	if span.Empty() || !documentExpr.Match(data[span.Start:span.End]) {
		return nil
	}
	return words(data, span, identifierExpr, maxFields)
}

// Documents returns the identifiers of all GraphQL documents among the literals of a value.
func Documents(data []byte, parts []analyzers.Part) []detectors.Word {
	var fields []detectors.Word
	for _, p := range parts {
		if len(fields) >= maxFields {
			break
		}
		if p.Hole == nil {
			fields = append(fields, Document(data, p.Span)...)
			continue
		}
		for _, v := range p.Hole.Values {
			fields = append(fields, Documents(data, v.Parts)...)
		}
	}
	return fields[:min(len(fields), maxFields)]
}

var (
	statementExpr = lazyregexp.New(`^(?i)\s*(?:select|insert|update|delete|drop|truncate|alter|create|grant)\b`)
	wordExpr      = lazyregexp.New(`[A-Za-z_][A-Za-z0-9_.]*`)
)

// Statement returns the leading words of the SQL statements that stand in the span, nothing if none does.
func Statement(data []byte, span detectors.Span) []detectors.Word {
	const leading, most = 4, 8
	if span.Empty() || !statementExpr.Match(data[span.Start:span.End]) {
		return nil
	}
	var all []detectors.Word
	at := span.Start
	for statement := range bytes.SplitSeq(data[span.Start:span.End], []byte(";")) {
		one := detectors.Span{Start: at, End: at + len(statement)}
		at = one.End + 1
		if len(all) >= most*leading || !statementExpr.Match(statement) {
			continue
		}
		if i := bytes.IndexByte(statement, '\''); i >= 0 { // what stands in quotes is no part of what is done
			one.End = one.Start + i
		}
		all = append(all, words(data, one, wordExpr, leading)...)
	}
	return all
}

// words returns the matches in a span, without variables, directives and strings.
func words(data []byte, span detectors.Span, expr *lazyregexp.Regexp, most int) []detectors.Word {
	raw := data[span.Start:span.End]
	var all []detectors.Word
	for _, m := range expr.FindAllIndex(raw, most) {
		if c := raw[m[0]]; c == '$' || c == '@' || c == '"' {
			continue
		}
		all = append(all, detectors.Word{
			Text: string(raw[m[0]:m[1]]), Span: detectors.Span{Start: span.Start + m[0], End: span.Start + m[1]},
		})
	}
	return all
}
