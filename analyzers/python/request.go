package python

import (
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/code"
	"github.com/stagewall/stagewall/detectors"
)

// verbs are the methods by which requests are sent, and the requests' own.
var verbs = map[string]string{
	"get": "GET", "post": "POST", "put": "PUT", "patch": "PATCH", "delete": "DELETE", "head": "HEAD", "options": "OPTIONS", "request": "",
	"Request": "", "urlopen": "GET", "stream": "", "execute": "POST",
}

// request notes what a request carries; it reports whether the call is one.
func (s *source) request(paren, start int, name string) bool {
	last := lastWord(name)
	method, isVerb := verbs[last]
	if !isVerb {
		return false
	}
	first := s.argument(paren, 0)
	if url := s.field(paren, "url", 0); url > 0 {
		first = url
	} else if last == "request" || last == "stream" {
		if text, ok := s.str(first); ok {
			method = strings.ToUpper(text)
		}
		if second := s.argument(paren, 1); second > 0 {
			first = second
		}
	}
	if first == 0 {
		return false
	}
	if at := s.field(paren, "method", 0); at > 0 {
		text, _ := s.constant(at)
		method = strings.ToUpper(text)
	}
	target := s.eval(first)
	address := code.Locate(target.whole())
	headers := s.field(paren, "headers", 0)
	client := s.receiver(start, name)
	if client.client != "" && address.Host == "" {
		base := code.Locate(s.base(client).whole())
		if base.Host == "" && address.Path.Text == "" {
			return false
		}
		address.Host = base.Host
	}
	if address.Host == "" && headers == 0 && client.client == "" {
		return false
	}
	sink := detectors.Sink{Tool: strings.TrimPrefix(name, "."), Host: address.Host, Path: address.Path, Method: method}
	var body []analyzers.Part
	var members []analyzers.Named
	for _, key := range []string{"json", "data", "content", "body"} {
		if at := s.field(paren, key, 0); at > 0 {
			v := s.eval(at)
			body = append(body, s.flat(v, 0)...)
			members = s.sending(members, v, 0)
		}
	}
	s.carried = code.Named(body, members)
	defer func() { s.carried = nil }()
	sink.Fields = code.Documents(s.pass.Data, body)
	if len(sink.Fields) == 0 && strings.Contains(address.Path.Text, "graphql") {
		sink.Fields = s.documents()
	}
	s.headers(start, headers, sink, 0)
	for _, key := range []string{"auth", "params", "cookies"} {
		if at := s.field(paren, key, 0); at > 0 {
			s.hand(start, s.flat(s.eval(at), 0), at, sink)
		}
	}
	carried := sink
	carried.Query = code.Query(target.parts)
	s.hand(start, target.whole(), first, carried)
	if client.client != "" {
		s.hand(start, client.parts, start, sink)
	}
	s.hand(start, body, paren, sink)
	return true
}

// sending adds what the dictionaries in a request's body give to names.
func (s *source) sending(all []analyzers.Named, v value, depth int) []analyzers.Named {
	const deepest, most = 4, 32
	if v.object == 0 || depth > deepest {
		return all
	}
	for _, m := range s.members(v.object) {
		if inner := s.eval(m.value); inner.object != 0 && inner.object != v.object {
			all = s.sending(all, inner, depth+1)
		} else if parts := inner.whole(); m.key != "" && len(parts) > 0 && len(all) < most {
			all = append(all, analyzers.Named{Name: m.key, Value: s.of(m.value, parts)})
		}
	}
	return all
}

// base is the address that a client was made with.
func (s *source) base(client value) value {
	for _, key := range []string{"base_url", "url", "endpoint_url"} {
		if at := s.field(client.object, key, 0); at > 0 {
			return s.eval(at)
		}
	}
	return value{}
}

// headers notes the values of a request's headers.
func (s *source) headers(i, at int, sink detectors.Sink, depth int) {
	if at == 0 || depth > 4 {
		return
	}
	v := s.eval(at)
	if v.object == 0 {
		s.hand(i, v.whole(), at, sink)
		return
	}
	for _, m := range s.members(v.object) {
		s.seen[m.token] = true
		switch {
		case m.spread:
			s.headers(m.token, m.value, sink, depth+1)
		case m.key != "":
			s.header(m.token, m.key, m.value, sink)
		}
	}
}

// documents returns the identifiers of all GraphQL documents in the file.
func (s *source) documents() []detectors.Word {
	var parts []analyzers.Part
	for i := range s.count {
		if s.kind(i) == text {
			span, _, _ := content(s.pass.Data, s.toks[i])
			parts = append(parts, analyzers.Part{Span: span})
		}
	}
	return code.Documents(s.pass.Data, parts)
}
