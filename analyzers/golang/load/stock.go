package load

import (
	"errors"
	"slices"
	"strings"
	"sync"

	"golang.org/x/tools/go/packages"
)

// stock is what a dependency declares: its text, cut into declarations that nobody has parsed.
type stock struct {
	files   []string // the package's clause and imports
	pieces  []piece
	named   map[string][]int // by the names that they declare, pieces that are no methods
	methods map[string][]int // by the type, pieces that are its methods
	aliased []int            // methods of types that have another name
	spent   int64            // bytes that were read
}

// piece is one declaration, which can be of several names in brackets.
type piece struct {
	file   int
	text   string
	method string // its name, if it is one
}

// take reads the files of a dependency, or knows them from a load before.
func (c *checker) take(p *packages.Package) (*stock, error) {
	if s := c.l.Shared.recall(p); s != nil {
		return s, c.spend(s.spent)
	}
	s := &stock{named: map[string][]int{}, methods: map[string][]int{}}
	others := map[string]bool{} // names for types
	for _, name := range p.GoFiles {
		data, err := c.data(name, false)
		if errors.Is(err, errLarge) {
			return nil, err
		}
		if err == nil {
			s.spent += int64(len(data))
			s.add(data, others)
		}
	}
	for name := range others {
		s.aliased = append(s.aliased, s.methods[name]...)
	}
	c.l.Shared.keep(c.l, p, s)
	return s, nil
}

// add adds a file, and notes its other names for types.
func (s *stock) add(data []byte, others map[string]bool) {
	data, begin := declared(data)
	text := string(data)
	head := text
	for i, from := range begin {
		to := len(text)
		if i+1 < len(begin) {
			to = begin[i+1]
		}
		if !strings.HasPrefix(text[from:], "import") {
			head = head[:min(len(head), from)]
			s.declare(piece{file: len(s.files), text: text[from:to]}, others)
		}
	}
	s.files = append(s.files, head)
}

// declare adds a declaration.
func (s *stock) declare(p piece, others map[string]bool) {
	number := len(s.pieces)
	note := func(name string) { s.named[name] = append(s.named[name], number) }
	l := lexer{text: p.text}
	switch keyword := l.next(); keyword {
	case "func":
		name := l.next()
		if name != "(" {
			note(name)
			break
		}
		of := l.receiver()
		p.method = l.next()
		s.methods[of] = append(s.methods[of], number)
	default:
		l.names(note, func(name string) { others[name] = keyword == "type" || others[name] })
	}
	s.pieces = append(s.pieces, p)
}

// lexer reads the tokens of a declaration without comments.
type lexer struct {
	text string
	at   int
}

// next returns the next token: a word, a literal, or one byte; nothing at the end.
func (l *lexer) next() string {
	for l.at < len(l.text) && (l.text[l.at] == ' ' || l.text[l.at] == '\t' || l.text[l.at] == '\r') {
		l.at++
	}
	from := l.at
	switch rest := l.text[from:]; {
	case rest == "":
	case letter(rest[0]):
		for l.at < len(l.text) && letter(l.text[l.at]) {
			l.at++
		}
	case rest[0] == '"' || rest[0] == '`' || rest[0] == '\'':
		l.at += quoted(rest)
	default:
		l.at++
	}
	return l.text[from:l.at]
}

// receiver returns the type in the brackets of a method's receiver, of which the first one has been read: (m *Map[K, V]).
func (l *lexer) receiver() (of string) {
	for depth, known := 1, false; depth > 0; {
		switch t := l.next(); {
		case t == "":
			return ""
		case t == "(":
			depth++
		case t == ")":
			depth--
		case t == "[":
			known = true
		case letter(t[0]) && !known:
			of = t
		}
	}
	return of
}

// names calls name for what a declaration of types, variables or constants declares, of which the keyword has been read, and other for types that
// may have a name besides.
func (l *lexer) names(name, other func(string)) {
	outer, depth := 0, 0
	begins, listed, last := true, false, "" // a name can come; the last token was one; the last one
	for t := l.next(); t != ""; t = l.next() {
		was := listed
		listed = false
		switch {
		case t == "(" && begins && outer == 0 && last == "":
			outer, depth = 1, 1
		case t == "(" || t == "[" || t == "{":
			begins = false
			depth++
		case t == ")" || t == "]" || t == "}":
			if depth--; depth < outer {
				return
			}
		case depth > outer:
		case t == "\n" || t == ";":
			begins = true
		case t == "," && was:
			begins = true
		case t == "=":
			begins = false
			other(last)
		case letter(t[0]) && begins:
			name(t)
			begins, listed, last = false, true, t
		case outer == 0:
			return
		default:
			begins = false
		}
	}
}

// mostShared bounds the bytes of source of which declarations are kept for further loads.
const mostShared = 128 << 20

// Shared is what was read of dependencies, for several calls of [Load]: the modules of a repository need the same packages of the standard
// library and of the module cache.
//
// Why it is valid: what a package declares depends on its files alone, and nobody changes files outside the root while a repository is read. The
// limit of what is read counts what is shared, so it does not depend on it.
//
// Gain: a program that serves HTTP and asks a database is loaded once more in a quarter of the processor time.
type Shared struct {
	mu    sync.Mutex
	known map[string]*stock // by the files' names
	spent int64
}

// recall returns what a package declares, nil if it was not kept.
func (s *Shared) recall(p *packages.Package) *stock {
	if s == nil {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.known[strings.Join(p.GoFiles, "\x00")]
}

// keep keeps what a package declares, if its files lie outside the root.
func (s *Shared) keep(l *loader, p *packages.Package, all *stock) {
	if s == nil || slices.ContainsFunc(p.GoFiles, func(name string) bool { _, below := l.relative(name); return below }) {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.spent+all.spent > mostShared {
		return
	}
	if s.known == nil {
		s.known = map[string]*stock{}
	}
	s.spent += all.spent
	s.known[strings.Join(p.GoFiles, "\x00")] = all
}
