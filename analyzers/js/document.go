package js

import (
	"fmt"
	"slices"
	"strings"

	lexer "github.com/tdewolff/parse/v2/js"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/code"
)

// document is settings that are imported: a file, or those of the package config.
type document struct {
	token int    // of the import
	spec  string // the path as it is written
	file  analyzers.Value
	says  string
}

// maxChains bounds the entries of a document that are told apart.
const maxChains = 64

// importedSettings notes what of the JSON that is imported the file reads: the entries that it names, or all of it where that is given on as a whole. All
// of it is in the program.
func (s *source) importedSettings() {
	for _, d := range s.imports {
		chains, all := s.chainsOf(d)
		if all || len(chains) > maxChains {
			s.emit(d.token, running, analyzers.Step{Op: analyzers.OpOpen, File: &d.file, Optional: true, Says: d.says})
			continue
		}
		s.emit(d.token, running, analyzers.Step{Op: analyzers.OpMount, File: &d.file, Says: d.says})
		for _, c := range chains {
			s.emit(c.token, running, analyzers.Step{
				Op: analyzers.OpOpen, File: &d.file, Named: c.keys, Optional: true, Says: "reads an entry of the file",
			})
		}
	}
}

// chain is a look-up of an entry: the keys on the way to it.
type chain struct {
	token int
	keys  []analyzers.Named
}

// chainsOf returns the entries of a document that are looked up; whole says that it is used in other ways too.
func (s *source) chainsOf(d document) (chains []chain, whole bool) {
	said := map[string]bool{}
	add := func(i int, keys []analyzers.Named) {
		text := fmt.Sprint(keys)
		switch {
		case len(keys) == 0:
			whole = true
		case !said[text]:
			said[text] = true
			chains = append(chains, chain{i, keys})
		}
	}
	names := s.localNames(d.spec)
	if paren := d.token + 1; s.kind(paren) == lexer.OpenParenToken && s.partner[paren] > paren { // require('./x.json'), import('./x.json')
		keys, _ := s.keysAt(s.partner[paren] + 1)
		before := s.kind(s.beforeCall(d.token))
		switch {
		case len(keys) > 0 || before != lexer.EqToken:
			add(d.token, keys)
			return chains, whole
		case len(names) == 0:
			return nil, true
		}
	} else if s.kind(d.token) != lexer.ImportToken {
		return nil, true // export … from
	}
	for i := range s.toks {
		if !s.isName(i) || s.dot(i-1) {
			continue
		}
		name, ok := names[string(s.raw(i))]
		if !ok || s.declares(i, d) {
			continue
		}
		if d.spec == nodeConfigPackage && s.dot(i+1) {
			paren := i + 3
			if s.kind(paren) == lexer.LtToken { // config.get<string>('a.b')
				paren = s.angle(paren)
			}
			if s.kind(paren) == lexer.OpenParenToken {
				if path, known := s.constant(paren + 1); s.is(i+2, "get") {
					add(i, dotted(path, known))
				}
				continue // others, such as has, give no value
			}
			if s.is(i+2, "util") { // config.util.toObject()
				add(i, nil)
				continue
			}
		}
		keys, next := s.keysAt(i + 1)
		if len(name) > 0 {
			keys = append(slices.Clone(name), keys...)
		}
		if len(keys) == len(name) && s.kind(next) != lexer.OpenParenToken {
			if brace := s.patternOf(i); brace > 0 {
				for _, m := range s.object(brace) {
					if m.key == "" {
						whole = true
						continue
					}
					add(m.token, append(slices.Clone(name), dotted(m.key, true)...))
				}
				continue
			}
		}
		add(i, keys)
	}
	return chains, whole
}

// dotted are the keys of a path of keys, none if it is not known.
func dotted(path string, known bool) (keys []analyzers.Named) {
	if !known {
		return nil
	}
	for key := range strings.SplitSeq(path, ".") {
		keys = append(keys, analyzers.Named{Value: analyzers.Value{Parts: []analyzers.Part{{Text: key}}}})
	}
	return keys
}

// localNames returns the names by which the file knows a document or an entry of it, with the keys of the entry.
func (s *source) localNames(spec string) map[string][]analyzers.Named {
	names := map[string][]analyzers.Named{}
	for name, m := range s.imported {
		if m.path != spec {
			continue
		}
		var keys []analyzers.Named
		if m.name != "" && m.name != "default" {
			keys = dotted(m.name, true)
		}
		names[name] = keys
	}
	return names
}

// beforeCall returns the token before a call's first word, without the words for waiting.
func (s *source) beforeCall(i int) int {
	for i--; s.kind(i) == lexer.AwaitToken || s.kind(i) == lexer.OpenParenToken; i-- {
	}
	return i
}

// declares reports whether the name at i stands in the declaration by which the document gets it.
func (s *source) declares(i int, d document) bool {
	if s.kind(d.token) == lexer.ImportToken && s.kind(d.token+1) != lexer.OpenParenToken {
		return i > d.token && i < s.specifier(d.token+1)
	}
	equals := s.beforeCall(d.token)
	if s.kind(equals-1) == lexer.CloseBraceToken && s.partner[equals-1] >= 0 {
		return i >= s.partner[equals-1] && i < equals
	}
	return i == equals-1
}

// patternOf returns the brace of the pattern to whose names what is named at i is given as a whole: const {a, b} = name. It is 0 if there is
// none.
func (s *source) patternOf(i int) int {
	if s.kind(i-1) != lexer.EqToken || s.kind(i-2) != lexer.CloseBraceToken || s.partner[i-2] < 0 {
		return 0
	}
	return s.partner[i-2]
}

// keysAt returns the keys by which what stands before i is looked up, and the token after them. What is called is no key.
func (s *source) keysAt(i int) (keys []analyzers.Named, next int) {
	for {
		var key analyzers.Value
		switch {
		case s.dot(i) && s.name(i+1) != "":
			key, next = s.of(i+1, []analyzers.Part{{Text: s.text(i + 1)}}), i+2
		case s.kind(i) == lexer.OptChainToken && s.kind(i+1) == lexer.OpenBracketToken:
			i++
			continue
		case s.kind(i) == lexer.OpenBracketToken && s.partner[i] > i:
			next = s.partner[i] + 1
			v, _ := s.expression(i+1, 1)
			if parts := v.whole(); len(parts) > 0 {
				key = s.of(i+1, parts)
			} else {
				key = s.of(i+1, []analyzers.Part{code.Unknown()})
			}
			if strings.Trim(s.text(i+1), "0123456789") == "" && next == i+3 { // an element of a list, which has no key of its own
				i = next
				continue
			}
		case s.kind(i) == lexer.NotToken && !s.begins(i): // x!.y
			i++
			continue
		default:
			return keys, i
		}
		if s.kind(next) == lexer.OpenParenToken {
			return keys, i
		}
		if text, _ := key.Text(); text != "default" || len(keys) > 0 {
			keys = append(keys, analyzers.Named{Value: key})
		}
		i = next
	}
}
