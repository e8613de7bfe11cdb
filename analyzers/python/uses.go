package python

import (
	"slices"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/code"
	"github.com/stagewall/stagewall/detectors"
)

// uses walks the tokens for calls that are handed values, and then for headers that no request was seen to take.
func (s *source) uses() {
	s.libraryKeys()
	for i := 0; i < len(s.toks); i++ {
		switch {
		case s.is(i, "(") && s.partner[i] > i && s.kind(i-1) == identifier && !s.is(i-2, "def") && !s.is(i-2, "class"):
			s.call(i)
		case s.is(i, "="):
			s.assigned(i)
		}
	}
	for i := range s.count {
		if key, ok := s.str(i); ok && s.is(i+1, ":") && code.Header(key) && !s.seen[i] {
			s.header(i, key, i+2, detectors.Sink{})
		}
	}
}

// hand notes that a value is handed to a sink.
func (s *source) hand(i int, parts []analyzers.Part, at int, sink detectors.Sink) {
	if code.Telling(parts) {
		s.handed(i, code.Sources(parts), at, sink)
	}
}

func (s *source) handed(i int, parts []analyzers.Part, at int, sink detectors.Sink) {
	if len(parts) > 0 {
		s.emit(i, running, analyzers.Step{Op: analyzers.OpUse, Value: s.of(at, parts), Sink: &sink, Named: s.carried})
	}
}

func (s *source) header(i int, key string, at int, sink detectors.Sink) {
	parts := s.eval(at).whole()
	sink.Header, sink.Scheme = key, code.Scheme(parts)
	s.handed(i, code.InHeader(key, parts), at, sink)
}

// assigned notes headers that are assigned by their name, session.headers["Authorization"] = x, and keys that are assigned to a library,
// stripe.api_key = x.
func (s *source) assigned(i int) {
	if s.is(i-1, "]") && s.partner[i-1] == i-3 {
		if key, ok := s.str(i - 2); ok && code.Header(key) {
			s.header(i-3, key, i+1, detectors.Sink{})
		}
		return
	}
	if s.kind(i-1) != identifier || !s.is(i-2, ".") {
		return
	}
	start := i - 1
	for s.is(start-1, ".") && s.kind(start-2) == identifier {
		start -= 2
	}
	if _, imported := s.imported[s.text(start)]; imported {
		dotted, _ := s.dotted(start)
		s.hand(start, s.flat(s.eval(i+1), 0), i+1, detectors.Sink{Tool: dotted})
	}
}

// call notes what a call is handed.
func (s *source) call(paren int) {
	name, start := s.callee(paren)
	last := lastWord(name)
	switch {
	case keywords[last] || s.kind(start) == end:
		return
	case last == "load_dotenv" || last == "read_env":
		return
	case last == "read" && strings.Contains(name, ".") && s.parses():
		s.parse(paren)
	case opens[last]:
		s.open(paren, start, name)
		return
	}
	s.gives(name, start, paren)
	if _, next := s.variable(start); next > 0 {
		return
	}
	if s.command(paren, start, name) || s.request(paren, start, name) {
		return
	}
	sink := detectors.Sink{Tool: strings.TrimPrefix(name, ".")}
	if parts, at := s.libraryKey(start, name); at > 0 {
		s.hand(start, parts, at, sink)
	}
	v, method := s.receiver(start, name), name
	if words, begin := s.chain(paren); v.client == "" && begin > 0 {
		v, method = s.known(s.text(begin), s.offset(begin), 0), strings.Join(words, ".")
	}
	if v.client == "" && name[0] == '.' { // boto3.client("s3").delete_bucket(…)
		dot := paren - 2
		v, method = s.before(s.beginning(dot), dot), name
	}
	if v.client == "" && maker(name) && s.name(start) != "" {
		if made := s.before(start, paren+1); made.library != "" {
			s.fetches(start, sink, made.library)
		}
	}
	if v.client != "" {
		sink.Tool = strings.ToLower(lastWord(v.client)) + methodOf(method)
		if at := s.argument(paren, 0); s.kind(at) == text {
			span, _, _ := content(s.pass.Data, s.toks[at])
			sink.Fields = code.Statement(s.pass.Data, span)
		}
		s.hand(start, v.parts, start, sink)
		if v.library != "" {
			s.fetches(start, sink, v.library)
		}
	}
	s.hand(start, s.arguments(paren, 0), paren, sink)
}

// fetches notes that a client takes its credential from the environment.
func (s *source) fetches(i int, sink detectors.Sink, library string) {
	sink.Library = library
	s.emit(i, running, analyzers.Step{Op: analyzers.OpCall, Sink: &sink})
}

// receiver returns the value of what a method is called on, as far as it is a name or an attribute of self.
func (s *source) receiver(start int, name string) value {
	if !strings.Contains(name, ".") || s.name(start) == "" {
		return value{}
	}
	if s.is(start, "self", ".") {
		if !s.is(start+3, ".") {
			return value{}
		}
		return s.known("self."+s.text(start+2), s.offset(start), 0)
	}
	return s.known(s.text(start), s.offset(start), 0)
}

// chain returns the words of a call that is called on the result of others, from the name that they all begin with: db, cursor and
// execute for db.cursor().execute(…). begin is that name's token, 0 if the call is no such chain.
func (s *source) chain(paren int) (words []string, begin int) {
	for i := paren - 1; s.kind(i) == identifier && len(words) < maxParts; i -= 2 {
		words = append(words, s.text(i))
		if !s.is(i-1, ".") {
			slices.Reverse(words)
			return words, i
		}
		for s.is(i-2, ")") && s.partner[i-2] > 0 && s.partner[i-2] < i {
			i = s.partner[i-2] + 1
		}
	}
	return nil, 0
}

// methodOf returns the words behind the variable of a client's method, from the first dot on.
func methodOf(name string) string {
	name = strings.TrimPrefix(name, "self.")
	if dot := strings.IndexByte(name, '.'); dot >= 0 {
		return name[dot:]
	}
	return "." + name
}

// libraryKey returns the key that the file gives to the library that a call belongs to: stripe.api_key = k before stripe.Customer.delete(…).
func (s *source) libraryKey(start int, name string) (parts []analyzers.Part, at int) {
	if s.kind(start) != identifier || !strings.Contains(name, ".") {
		return nil, 0
	}
	key, ok := s.keys[s.text(start)]
	if !ok {
		return nil, 0
	}
	return s.flat(s.eval(key), 0), key
}

// libraryKeys finds the keys that the file assigns to libraries.
func (s *source) libraryKeys() {
	s.keys = map[string]int{}
	for i := range s.count {
		if s.is(i, "=") && s.kind(i-1) == identifier && s.is(i-2, ".") && s.kind(i-3) == identifier && !s.is(i-4, ".") {
			if _, imported := s.imported[s.text(i-3)]; imported && keyProperty[s.text(i-1)] {
				s.keys[s.text(i-3)] = i + 1
			}
		}
	}
}

// keyProperty are the properties by which libraries take their key.
var keyProperty = map[string]bool{"api_key": true, "apikey": true, "key": true, "token": true, "access_token": true, "secret_key": true}

// beginning returns the token at which the operand begins that ends before the dot.
func (s *source) beginning(dot int) int {
	i := dot - 1
	for i > 0 {
		switch {
		case (s.is(i, ")") || s.is(i, "]")) && s.partner[i] > 0:
			i = s.partner[i]
			if s.kind(i-1) == identifier {
				i--
			}
		case s.kind(i) != identifier && s.kind(i) != text:
			return i
		}
		if !s.is(i-1, ".") {
			return i
		}
		i -= 2
	}
	return max(i, 0)
}

// before evaluates the operand from start up to a dot.
func (s *source) before(start, dot int) value {
	v, next := s.primary(start, 0)
	var receiver value
	for next < dot && next > start {
		switch {
		case s.is(next, "(") && s.partner[next] > next:
			v = s.called(next, v, receiver, 0)
			next = s.partner[next] + 1
		case s.is(next, "."):
			if s.is(next+2, "(") && s.partner[next+2] > next && s.partner[next+2] < dot {
				if result, ok := s.method(v, s.text(next+1), next+2, 0); ok {
					v, next = result, s.partner[next+2]+1
					continue
				}
			}
			receiver = v
			v = s.attribute(v, s.text(next+1), 0)
			next += 2
		default:
			return v
		}
	}
	return v
}
