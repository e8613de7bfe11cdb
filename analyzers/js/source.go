package js

import (
	"bytes"
	"path"
	"strings"

	lexer "github.com/tdewolff/parse/v2/js"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/code"
	"github.com/stagewall/stagewall/analyzers/internal/lazyregexp"
	"github.com/stagewall/stagewall/detectors"
)

// source is one file while it is read: its words, what they declare, and what was found.
type source struct {
	pass    *analyzers.Pass
	carried []analyzers.Named // the ids that the request being read sends along
	toks    []token
	partner []int // of brackets and of templates' pieces, see pairs
	around  []int // the innermost open brace, see blocks

	declared  map[string][]*declaration
	unset     map[string]*declaration // variables that are declared without a value
	imported  map[string]module       // by local name
	imports   []document              // JSON that is imported
	functions map[int]*function       // by the token at which the parameters begin
	calls     map[string][]int        // by the last word of what is called: the opening parentheses
	members   map[int][]member        // by an object's opening brace
	seen      map[int]bool            // tokens of headers that a request has taken in
	alias     map[string]bool         // see isAlias
	evaluated map[int]evaluation      // expressions, by their first tokens
	spent     int                     // expressions evaluated
	cut       bool                    // some list was too long to look at all of it
	workflow  bool                    // the source is a script in a workflow

	allFields []detectors.Word // the identifiers of all GraphQL documents; nil until they are needed

	found  []code.Placed // offsets are tokens
	guards []code.Guarded
	signs  []analyzers.Sign
}

// The phases of what a program does. Files are loaded into the environment before other files are imported: what an imported file reads
// when it is called is not known, and a reader that is never too early is on the safe side.
const (
	loading = iota
	importing
	running
)

// read makes the source of a file.
func read(pass *analyzers.Pass) (s *source, whole bool) {
	toks, whole := lex(scripts(pass.Path, pass.Data))
	return newSource(pass, toks), whole
}

// newSource makes the source of the tokens of a file.
func newSource(pass *analyzers.Pass, toks []token) *source {
	s := &source{
		pass: pass, toks: toks, partner: pairs(toks),
		declared: map[string][]*declaration{}, unset: map[string]*declaration{}, imported: map[string]module{}, functions: map[int]*function{},
		calls: map[string][]int{}, members: map[int][]member{}, seen: map[int]bool{}, alias: map[string]bool{}, evaluated: map[int]evaluation{},
	}
	s.around = blocks(toks, s.partner)
	return s
}

var scriptExpr = lazyregexp.New(`(?is)<script\b[^>]*>(.*?)</script>`)

// scripts returns the file with everything blanked that is no code: of a component, what stands outside of its scripts.
func scripts(file string, data []byte) []byte {
	if ext := path.Ext(file); ext != ".vue" && ext != ".svelte" {
		return data
	}
	blanked := bytes.Repeat([]byte{' '}, len(data))
	for _, m := range scriptExpr.FindAllSubmatchIndex(data, -1) {
		copy(blanked[m[2]:m[3]], data[m[2]:m[3]])
	}
	return blanked
}

// emit notes a step that is written at a token.
func (s *source) emit(i, phase int, step analyzers.Step) {
	if step.At.Path == "" {
		step.At = s.place(i, i)
	}
	s.found = append(s.found, code.Placed{Step: &step, Offset: i, Phase: phase})
}

// kind returns a token's kind; of a token that is not there ErrorToken.
func (s *source) kind(i int) lexer.TokenType {
	if i < 0 || i >= len(s.toks) {
		return lexer.ErrorToken
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

// name returns the name that a token is, keywords included, as they can be names of properties; otherwise nothing.
func (s *source) name(i int) string {
	if k := s.kind(i); lexer.IsIdentifierName(k) || k == lexer.PrivateIdentifierToken {
		return s.text(i)
	}
	return ""
}

// isName reports whether a token can be a name, keywords included.
func (s *source) isName(i int) bool {
	k := s.kind(i)
	return lexer.IsIdentifierName(k) || k == lexer.PrivateIdentifierToken
}

// dot reports whether a token leads to a property.
func (s *source) dot(i int) bool {
	return s.kind(i) == lexer.DotToken || s.kind(i) == lexer.OptChainToken
}

// begins reports whether the token is the first of its line.
func (s *source) begins(i int) bool { return i < len(s.toks) && s.toks[i].line }

// place returns the place of the tokens from i to j.
func (s *source) place(i, j int) detectors.Place {
	if i < 0 || j >= len(s.toks) || len(s.toks) == 0 {
		return s.pass.At(0, 0)
	}
	return s.pass.At(int(s.toks[i].start), int(s.toks[j].end))
}

// beside returns a path that is relative to the file as one that is relative to the root.
func (s *source) beside(relative string) string { return path.Join(path.Dir(s.pass.Path), relative) }

// str returns the text of a string, or of a template without holes, at a token.
func (s *source) str(i int) (string, bool) {
	if k := s.kind(i); k != lexer.StringToken && k != lexer.TemplateToken {
		return "", false
	}
	span := s.toks[i].inner()
	return unescape(string(s.pass.Data[span.Start:span.End])), true
}

// unescape returns what a string's content means. An escape of which the meaning does not matter here is left out.
func unescape(raw string) string {
	if !strings.Contains(raw, `\`) {
		return raw
	}
	var b strings.Builder
	for i := 0; i < len(raw); i++ {
		if raw[i] != '\\' || i+1 == len(raw) {
			b.WriteByte(raw[i])
			continue
		}
		i++
		switch raw[i] {
		case 'n':
			b.WriteByte('\n')
		case 't':
			b.WriteByte('\t')
		case 'r', '\n', '\r':
		default:
			b.WriteByte(raw[i])
		}
	}
	return b.String()
}

// skip returns the token after the bracket, template or word at i.
func (s *source) skip(i int) int {
	for isTemplate(s.kind(i)) && s.partner[i] > i {
		i = s.partner[i]
	}
	if i < len(s.toks) && s.partner[i] > i {
		return s.partner[i] + 1
	}
	return i + 1
}

// past returns the token that ends the expression which begins at i: a comma, a semicolon, a closing bracket, or the first of a line
// that does not go on with it.
func (s *source) past(i int) int {
	for start := i; i < len(s.toks); i = s.skip(i) {
		switch s.kind(i) {
		case lexer.CommaToken, lexer.SemicolonToken, lexer.CloseBraceToken, lexer.CloseParenToken, lexer.CloseBracketToken,
			lexer.TemplateMiddleToken, lexer.TemplateEndToken:
			return i
		}
		if i > start && s.begins(i) && !s.goesOn(i) {
			return i
		}
	}
	return i
}

// goesOn reports whether a line that begins with the token continues the expression before it.
func (s *source) goesOn(i int) bool {
	before, here := s.kind(i-1), s.kind(i)
	if lexer.IsOperator(before) || s.dot(i-1) || before == lexer.ColonToken || before == lexer.ArrowToken || s.dot(i) {
		return true
	}
	return lexer.IsOperator(here) && here != lexer.IncrToken && here != lexer.DecrToken && here != lexer.NotToken ||
		here == lexer.ColonToken || here == lexer.ArrowToken
}
