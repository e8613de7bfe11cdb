package python

import (
	"path"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/code"
	"github.com/stagewall/stagewall/detectors"
)

// source is one file while it is read.
type source struct {
	pass    *analyzers.Pass
	carried []analyzers.Named // the ids that the request being read sends along
	toks    []token           // the expressions within formatted strings are appended when they are met
	partner []int
	lines   []logical
	count   int // of the file's own tokens

	taken        []taken
	imported     map[string]string // local names: the dotted names that they stand for
	declared     map[string][]*declaration
	functions    []*function
	classes      []*class
	calls        map[string][]int // by the last word of what is called: the parentheses
	evaluated    map[int]evaluation
	dictionaries map[int]*dictionary // by their brackets
	seen         map[int]bool        // keys of headers that a request has taken in
	keys         map[string]int      // by local name of a library: where the key begins that the file gives it
	configured   bool                // it says itself which settings Django has
	launches     int                 // the parenthesis of a call that starts Django, 0 for none
	spent        int
	copies       map[string]bool // see isEnvironment
	cut          bool            // some list was too long to look at all of it
	nested       int             // expressions that are being evaluated

	prefixes []prefixed

	found  []code.Placed
	guards []code.Guarded
	signs  []analyzers.Sign
}

// prefixed is a stretch of tokens in which names are asked for without their beginning.
type prefixed struct {
	from, to int
	text     string
}

// The phases of what a program does: files are loaded into the environment before modules are imported.
const (
	loading = iota
	importing
	running
)

func newSource(pass *analyzers.Pass) *source {
	s := &source{
		pass: pass, imported: map[string]string{}, declared: map[string][]*declaration{}, calls: map[string][]int{},
		evaluated: map[int]evaluation{}, seen: map[int]bool{}, copies: map[string]bool{},
	}
	s.toks, s.lines = lex(pass.Data, 0)
	s.partner = pairs(pass.Data, s.toks, 0)
	s.count = len(s.toks)
	return s
}

func (s *source) kind(i int) kind {
	if i < 0 || i >= len(s.toks) {
		return end
	}
	return s.toks[i].kind
}

// text returns a token as it is written.
func (s *source) text(i int) string { return string(s.raw(i)) }

// raw is text for those who only compare it.
func (s *source) raw(i int) []byte {
	if i < 0 || i >= len(s.toks) {
		return nil
	}
	return s.pass.Data[s.toks[i].start:s.toks[i].end]
}

// is reports whether the tokens from i on are these words.
func (s *source) is(i int, words ...string) bool {
	for n, w := range words {
		if string(s.raw(i+n)) != w {
			return false
		}
	}
	return true
}

// name returns the name that a token is, nothing for a keyword.
func (s *source) name(i int) string {
	if s.kind(i) != identifier || keywords[string(s.raw(i))] {
		return ""
	}
	return s.text(i)
}

var keywords = map[string]bool{
	"False": true, "None": true, "True": true, "and": true, "as": true, "assert": true, "async": true, "await": true, "break": true,
	"class": true, "continue": true, "def": true, "del": true, "elif": true, "else": true, "except": true, "finally": true, "for": true,
	"from": true, "global": true, "if": true, "import": true, "in": true, "is": true, "lambda": true, "nonlocal": true, "not": true,
	"or": true, "pass": true, "raise": true, "return": true, "try": true, "while": true, "with": true, "yield": true,
}

func (s *source) offset(i int) int {
	if i < 0 || len(s.toks) == 0 {
		return 0
	}
	if i >= len(s.toks) {
		return len(s.pass.Data)
	}
	return s.toks[i].start
}

// place returns the place of the tokens from i to j.
func (s *source) place(i, j int) detectors.Place {
	if i < 0 || i >= len(s.toks) || j >= len(s.toks) || j < i {
		return s.pass.At(s.offset(i), s.offset(i))
	}
	return s.pass.At(s.toks[i].start, s.toks[j].end)
}

// of returns the template of an expression that begins at i.
func (s *source) of(i int, parts []analyzers.Part) analyzers.Value {
	return analyzers.Value{At: s.place(i, max(i, s.past(i)-1)), Parts: parts}
}

func (s *source) emit(i, phase int, step analyzers.Step) {
	if step.At.Path == "" {
		step.At = s.place(i, i)
	}
	s.found = append(s.found, code.Placed{Step: &step, Offset: s.offset(i), Phase: phase})
}

// skip returns the token after the bracket or word at i.
func (s *source) skip(i int) int {
	if i >= 0 && i < len(s.toks) && s.partner[i] > i {
		return s.partner[i] + 1
	}
	return i + 1
}

// past returns the token that ends the expression which begins at i: a comma, a colon, an equals sign, a closing bracket, or the first of
// the next logical line.
func (s *source) past(i int) int {
	if i < 0 || i >= len(s.toks) {
		return i
	}
	lambda := 0
	for line := s.toks[i].line; i < len(s.toks) && s.toks[i].line == line; i = s.skip(i) {
		switch s.text(i) {
		case "lambda":
			lambda++
		case ":":
			if lambda == 0 {
				return i
			}
			lambda--
		case ",", ")", "]", "}", "=", "for":
			if lambda == 0 {
				return i
			}
		}
	}
	return i
}

// suite returns the tokens of the block that the logical line is the head of.
func (s *source) suite(line int) (from, to int) {
	head := s.lines[line]
	for i := head.from; i < head.to; i = s.skip(i) {
		if s.is(i, ":") && i+1 < head.to { // on the same line
			return i + 1, head.to
		}
	}
	last := line
	for last+1 < len(s.lines) && s.lines[last+1].indent > head.indent {
		last++
	}
	return head.to, s.lines[last].to
}

// str returns the text of a string that is not formatted.
func (s *source) str(i int) (string, bool) {
	if s.kind(i) != text {
		return "", false
	}
	span, raw, formatted := content(s.pass.Data, s.toks[i])
	if formatted {
		return "", false
	}
	return unescape(string(s.pass.Data[span.Start:span.End]), raw), true
}

// unescape returns what a string's content means.
func unescape(content string, raw bool) string {
	if strings.IndexByte(content, filler) >= 0 {
		content = strings.ReplaceAll(content, string(filler), "")
	}
	if raw || !strings.Contains(content, `\`) {
		return content
	}
	var b strings.Builder
	for i := 0; i < len(content); i++ {
		if content[i] != '\\' || i+1 == len(content) {
			b.WriteByte(content[i])
			continue
		}
		i++
		switch content[i] {
		case 'n':
			b.WriteByte('\n')
		case 't':
			b.WriteByte('\t')
		case '\n':
		case '\\', '\'', '"':
			b.WriteByte(content[i])
		default:
			b.WriteByte('\\')
			b.WriteByte(content[i])
		}
	}
	return b.String()
}

// folder returns the folder of the file.
func (s *source) folder() string { return path.Dir(s.pass.Path) }
