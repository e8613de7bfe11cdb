package python

import (
	"fmt"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/code"
)

// parsers are functions that make a dictionary of a file, or of its text.
// https://docs.python.org/3/library/json.html https://docs.python.org/3/library/tomllib.html https://pyyaml.org/wiki/PyYAMLDocumentation
var parsers = map[string]bool{
	"json.load": true, "json.loads": true, "tomllib.load": true, "tomllib.loads": true, "tomli.load": true, "tomli.loads": true, "toml.loads": true,
	"yaml.load": true, "yaml.safe_load": true, "yaml.full_load": true, "yaml.unsafe_load": true,
}

// maxEntries bounds the entries of a document that are told apart.
const maxEntries = 64

// lookUps returns the keys of the entries that are looked up of the file which the call between two tokens opens, none if all of it may be used.
func (s *source) lookUps(start, paren int) [][]analyzers.Named {
	var all [][]analyzers.Named
	said := map[string]bool{}
	for _, q := range s.parsings(start, s.partner[paren]+1) {
		found := s.entriesOf(q)
		if len(found) == 0 || len(all)+len(found) > maxEntries {
			return nil
		}
		for _, keys := range found {
			if text := fmt.Sprint(keys); !said[text] {
				said[text] = true
				all = append(all, keys)
			}
		}
	}
	return all
}

// parsings returns the parentheses of the calls that parse an opened file: the call around it, or those that are handed the name which a with statement
// gives it. It is nil if it is used in other ways too.
func (s *source) parsings(start, end int) []int {
	if q := s.parsing(start, end); q > 0 {
		return []int{q}
	}
	name := s.name(end + 1)
	if !s.is(end, "as") || name == "" {
		return nil
	}
	var all []int
	from, to := s.suite(s.toks[end].line)
	for i := max(from, end+2); i < to; i++ {
		if s.kind(i) != identifier || !s.is(i, name) || s.is(i-1, ".") {
			continue
		}
		q := s.parsing(i, i+1)
		if q == 0 {
			return nil
		}
		all = append(all, q)
	}
	return all
}

// parsing returns the parenthesis of the call that parses what stands between two tokens, or what its method read returns; 0 if there is none.
func (s *source) parsing(start, end int) int {
	if s.is(end, ".", "read", "(") {
		end = s.skip(end + 2)
	}
	q := start - 1
	if !s.is(q, "(") || !s.is(end, ")") && !s.is(end, ",") {
		return 0
	}
	if name, _ := s.callee(q); !parsers[name] {
		return 0
	}
	return q
}

// entriesOf returns the keys by which the result of a call is looked up, at once or under the name that it is given; none if it is used in other ways too.
// What a module sets, other modules may look up.
func (s *source) entriesOf(q int) (all [][]analyzers.Named) {
	_, start := s.callee(q)
	end := s.partner[q] + 1
	if keys := s.keysAt(end); len(keys) > 0 {
		return [][]analyzers.Named{keys}
	}
	target := start - 2
	line := s.lines[s.toks[q].line]
	name := s.name(target)
	if !s.is(start-1, "=") || target != line.from || name == "" || end != line.to {
		return nil
	}
	if s.functionAt(s.offset(q)) == nil && !s.script() {
		return nil
	}
	from, to := s.scope(s.offset(q))
	for i := range s.count {
		if at := s.offset(i); i == target || at < from || at >= to || s.kind(i) != identifier || !s.is(i, name) || s.is(i-1, ".") {
			continue
		}
		keys := s.keysAt(i + 1)
		if len(keys) == 0 {
			return nil
		}
		all = append(all, keys)
	}
	return all
}

// keysAt returns the keys by which what stands before i is looked up: ["a"], .get("a"). The elements of a list have none of their own.
func (s *source) keysAt(i int) (keys []analyzers.Named) {
	for {
		at := 0
		switch {
		case s.is(i, "[") && s.partner[i] > i:
			at = i + 1
		case s.is(i, ".", "get", "(") && s.partner[i+2] > i:
			i += 2
			at = s.argument(i, 0)
		}
		if at == 0 {
			return keys
		}
		if strings.Trim(s.text(at), "0123456789") != "" || at+1 != s.partner[i] {
			parts := s.eval(at).whole()
			if end := s.past(at); len(parts) == 0 || !s.is(end, ",") && end != s.partner[i] {
				parts = []analyzers.Part{code.Unknown()}
			}
			keys = append(keys, analyzers.Named{Value: s.of(at, parts)})
		}
		i = s.partner[i] + 1
	}
}
