package js

import (
	"slices"
	"strings"

	lexer "github.com/tdewolff/parse/v2/js"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/code"
	"github.com/stagewall/stagewall/detectors"
)

// uses walks the tokens for calls that are handed values, and then for headers that no request was seen to take.
func (s *source) uses() {
	for i := range s.toks {
		switch s.kind(i) {
		case lexer.OpenParenToken:
			if s.functions[i] == nil && (s.name(i-1) != "" || s.kind(i-1) == lexer.GtToken || s.required(i-1)) {
				s.call(i)
			}
		case lexer.EqToken:
			s.assignedHeader(i)
		case lexer.IdentifierToken:
			if s.is(i, "$") || s.is(i, "$$") {
				s.tagged(i)
			}
		}
	}
	for i := range s.toks {
		key := s.name(i)
		if s.kind(i) == lexer.StringToken {
			key, _ = s.str(i)
		}
		if s.kind(i+1) == lexer.ColonToken && code.Header(key) && !s.seen[i] {
			s.headerAt(i, key, i+2, detectors.Sink{})
		}
	}
}

// required reports whether the parenthesis at i closes a require: require('stripe')(key) calls what it returns.
func (s *source) required(i int) bool {
	return s.kind(i) == lexer.CloseParenToken && s.partner[i] > 0 && s.is(s.partner[i]-1, "require")
}

// call notes what a call is handed.
func (s *source) call(paren int) {
	name, start := s.callee(paren)
	if name == "" || lexer.IsReservedWord(s.kind(start)) && s.kind(start) != lexer.ThisToken || s.partner[paren] < paren {
		return
	}
	if load, ok := loaders[name]; ok {
		s.loads(start, load(s, start, paren))
		return
	}
	s.gives(name, start, paren)
	if s.open(paren, name) || s.command(paren, name) {
		return
	}
	last := name[strings.LastIndexByte(name, '.')+1:]
	if last == "set" || last == "append" || last == "setHeader" || last == "header" {
		if key, ok := s.str(paren + 1); ok && code.Header(key) && s.argument(paren, 1) > 0 {
			s.headerAt(start, key, s.argument(paren, 1), detectors.Sink{})
			return
		}
	}
	if s.request(paren, start, name) {
		return
	}
	sink := detectors.Sink{Tool: strings.TrimPrefix(name, ".")}
	v, method := s.receiver(start, name), name
	if words, begin := s.chain(paren); v.client == "" && begin > 0 {
		v, method = s.known(s.text(begin), begin, 0), strings.Join(words, ".")
	}
	if library := s.madeOf(start, paren); library != "" && v.client == "" {
		s.takes(start, sink, library)
	}
	command := s.sentCommand(paren)
	switch {
	case v.client != "":
		sink.Tool = tool(v.client, sent(method, command))
		sink.Fields = s.statement(paren)
		s.use(start, v.parts, start, sink)
		s.takes(start, sink, v.library)
	case command != "" || v.module != "" && strings.Contains(method, "."): // what may be a client of another file
		sink.Tool = sent(method, command)
		s.use(start, v.whole(), start, sink)
		if !code.Credentials(v.parts) {
			s.takes(start, sink, s.imported[command].path)
		}
	}
	for n := 0; s.room(n, maxParts); n++ {
		at := s.argument(paren, n)
		if at == 0 {
			return
		}
		v, _ := s.expression(at, 0)
		s.use(start, s.flat(v, 0), at, sink)
	}
}

// receiver returns the value of what a method is called on, as far as it is a variable or a field.
func (s *source) receiver(start int, name string) value {
	if !strings.Contains(name, ".") || s.name(start) == "" {
		return value{}
	}
	if s.kind(start) == lexer.ThisToken {
		if s.name(start+2) == "" {
			return value{}
		}
		return s.known("this."+s.text(start+2), start, 0)
	}
	return s.known(s.text(start), start, 0)
}

// chain returns the words of a call that is called on the result of others, from the name that they all begin with: db, from and delete
// for db.from('x').delete(). begin is that name's token, 0 if the call is no such chain.
func (s *source) chain(paren int) (words []string, begin int) {
	for i := s.beforeTypes(paren - 1); s.name(i) != "" && s.room(len(words), maxParts); i -= 2 {
		words = append(words, s.text(i))
		if !s.dot(i - 1) {
			slices.Reverse(words)
			return words, i
		}
		for s.kind(i-2) == lexer.CloseParenToken && s.partner[i-2] > 0 && s.partner[i-2] < i {
			i = s.beforeTypes(s.partner[i-2]-1) + 2
		}
	}
	return nil, 0
}

// madeOf returns the package of the client that a call makes, if code gives it no credential.
func (s *source) madeOf(start, paren int) string {
	if s.kind(start-1) == lexer.NewToken && !strings.HasSuffix(s.text(paren-1), isCommand) {
		return s.library(start, paren)
	}
	if name, _ := s.callee(paren); factory(name) {
		return s.library(start, paren)
	}
	return ""
}

// takes notes that a client takes its credential from the environment, if it is one of a package that was given none.
func (s *source) takes(i int, sink detectors.Sink, library string) {
	if library == "" {
		return
	}
	sink.Library = library
	s.emit(i, running, analyzers.Step{Op: analyzers.OpCall, Sink: &sink})
}

// sentCommand returns the name of the command that a client is sent, client.send(new DeleteBucketCommand(…)), "" if there is none.
func (s *source) sentCommand(paren int) string {
	if first := s.argument(paren, 0); first > 0 && s.is(paren-1, "send") {
		if v, _ := s.expression(first, 1); strings.HasSuffix(v.client, isCommand) {
			return v.client
		}
	}
	return ""
}

// isCommand is the end of the names of classes whose instances clients are sent.
// https://docs.aws.amazon.com/AWSJavaScriptSDK/v3/latest/introduction/
const isCommand = "Command"

// sent returns the method that a call stands for: where a client is sent a command, the command.
func sent(method, command string) string {
	if client, isSend := strings.CutSuffix(method, ".send"); isSend && command != "" {
		return client + "." + command
	}
	return method
}

// tool is the name of a client's method: that of the client's class and the words behind the variable.
func tool(client, name string) string {
	words := strings.TrimPrefix(name, "this.")
	if dot := strings.IndexByte(words, '.'); dot >= 0 {
		words = words[dot:]
	}
	if dot := strings.IndexByte(client, '.'); dot > 0 { // axios.create
		client = client[:dot]
	}
	return strings.ToLower(client) + words
}

// headerAt notes a header's value.
func (s *source) headerAt(i int, key string, at int, sink detectors.Sink) {
	v, _ := s.expression(at, 0)
	parts := v.whole()
	sink.Header, sink.Scheme = key, code.Scheme(parts)
	s.handed(i, code.InHeader(key, parts), at, sink)
}

// assignedHeader notes headers['Authorization'] = x, headers.Authorization = x, and keys that are assigned to a library.
func (s *source) assignedHeader(i int) {
	key, start := "", i-1
	if s.kind(i-1) == lexer.CloseBracketToken && s.partner[i-1] == i-3 {
		key, _ = s.str(i - 2)
		start = i - 3
	} else if s.dot(i - 2) {
		key = s.name(i - 1)
	}
	switch {
	case code.Header(key):
		s.headerAt(start, key, i+1, detectors.Sink{})
	case keyProperty[key] && s.kind(i-3) != lexer.ThisToken:
		v, _ := s.expression(i+1, 0)
		s.use(start, v.whole(), i+1, detectors.Sink{Tool: strings.ToLower(s.text(i-3)) + "." + key})
	}
}

// keyProperty are the properties by which libraries take their key: Stripe.apiKey = x.
var keyProperty = map[string]bool{"apiKey": true, "api_key": true, "accessToken": true, "secretKey": true, "token": true}

// verbs are the methods of clients that send a request, and the requests' methods.
var verbs = map[string]string{
	"get": "GET", "post": "POST", "put": "PUT", "patch": "PATCH", "delete": "DELETE", "del": "DELETE", "head": "HEAD",
	"options": "OPTIONS", "fetch": "", "$fetch": "", "ofetch": "", "got": "", "ky": "", "axios": "", "request": "", "needle": "",
	"graphql": "POST", "gql": "POST",
}

// request notes what a request carries; it reports whether the call is one.
func (s *source) request(paren, start int, name string) bool {
	last := name[strings.LastIndexByte(name, '.')+1:]
	method, isVerb := verbs[last]
	first := s.argument(paren, 0)
	if first == 0 {
		return false
	}
	target, _ := s.expression(first, 0)
	options := s.requestOptions(paren)
	headers, _ := s.option(options, "headers")
	client := s.receiver(start, name)
	address := s.address(target, options, client)
	if headers.object == 0 && len(headers.parts) == 0 && (!isVerb || address.Host == "" && (client.client == "" || address.Path.Text == "")) {
		return false
	}
	if s.kind(start-1) == lexer.NewToken && headers.object == 0 {
		return false
	}
	sink := detectors.Sink{Tool: name, Host: address.Host, Path: address.Path, Method: s.methodOf(options, method, last)}
	sink.Tool = strings.TrimPrefix(sink.Tool, ".")
	body := s.payload(paren, options, first, last)
	sink.Fields = s.sent(body, address)
	s.carried = code.Named(body, s.sending(paren, options))
	defer func() { s.carried = nil }()
	s.headers(start, headers, sink)
	for _, key := range []string{"auth", "params", "searchParams", "query"} {
		if v, at := s.option(options, key); at > 0 {
			s.use(start, s.flat(v, 0), at, sink)
		}
	}
	if v := target; v.object == 0 {
		carried := sink
		carried.Query = code.Query(v.parts)
		s.use(start, v.whole(), first, carried)
	}
	if client.client != "" {
		s.use(start, client.parts, start, sink)
	}
	s.use(start, body, paren, sink)
	return true
}

// requestOptions returns the object with a request's options: the first argument of the call that has one of the usual members.
func (s *source) requestOptions(paren int) int {
	for n := range 3 {
		object := s.options(paren, n)
		if object == 0 {
			continue
		}
		for _, key := range []string{"headers", "method", "url", "uri", "baseURL", "hostname", "host", "body", "auth"} {
			if s.field(object, key, 0) > 0 {
				return object
			}
		}
	}
	return 0
}

// methodOf returns a request's method: as its options say, or as the function that sends it is called.
func (s *source) methodOf(options int, byName, last string) string {
	if v, at := s.option(options, "method"); at > 0 {
		text, ok := analyzers.Value{Parts: v.parts}.Text()
		if ok && len(text) <= len("OPTIONS") {
			return strings.ToUpper(text)
		}
		return ""
	}
	if byName == "" && (last == "fetch" || last == "$fetch") {
		return "GET"
	}
	return byName
}

// headers notes the values of a request's headers.
func (s *source) headers(i int, headers value, sink detectors.Sink) {
	if headers.object == 0 {
		s.use(i, headers.whole(), i, sink)
		return
	}
	for _, m := range s.object(headers.object) {
		s.seen[m.token] = true
		switch {
		case m.spread:
			if v, _ := s.expression(m.value, 1); v.object != headers.object {
				s.headers(i, v, sink)
			}
		case m.key != "":
			s.headerAt(m.token, m.key, m.value, sink)
		}
	}
}

// address returns where a request goes, from its first argument, its options, or the client's.
func (s *source) address(target value, options int, client value) code.Address {
	candidates := []value{}
	if target.object == 0 {
		candidates = append(candidates, target)
	}
	for _, object := range []int{options, client.object} {
		for _, key := range []string{"url", "uri", "baseURL", "prefixUrl", "baseUrl", "hostname", "host"} {
			if v, at := s.option(object, key); at > 0 {
				candidates = append(candidates, v)
			}
		}
	}
	if client.client != "" && client.object == 0 && len(client.parts) > 0 {
		candidates = append(candidates, client) // new GraphQLClient(url, …)
	}
	var found code.Address
	for _, v := range candidates {
		a := code.Locate(v.parts)
		if found.Host == "" {
			found.Host = a.Host
		}
		if found.Path.Text == "" {
			found.Path = a.Path
		}
	}
	for _, key := range []string{"hostname", "host"} { // Node's own: the parts of an address
		if v, at := s.option(options, key); at > 0 && found.Host == "" {
			if text, ok := code.Text(v.parts); ok && !strings.ContainsAny(text, "/ @") {
				found.Host = strings.ToLower(text)
			}
		}
	}
	if v, at := s.option(options, "path"); at > 0 && found.Path.Text == "" {
		found.Path = code.Locate(v.parts).Path
	}
	return found
}

// payload returns the parts of what a request carries beside its headers.
func (s *source) payload(paren, options, first int, last string) []analyzers.Part {
	var parts []analyzers.Part
	for _, key := range []string{"body", "data", "json", "form"} {
		if v, at := s.option(options, key); at > 0 {
			parts = append(parts, s.flat(v, 0)...)
		}
	}
	switch last {
	case "post", "put", "patch", "request", "graphql":
		at := s.argument(paren, 1)
		if at == 0 && (last == "request" || last == "graphql") {
			at = first
		}
		if v, _ := s.expression(at, 0); at > 0 && (v.object == 0 || v.object != options) {
			parts = append(parts, s.flat(v, 0)...)
		}
	}
	return parts[:min(len(parts), maxParts)]
}

// sending returns what the objects in a request's body give to names.
func (s *source) sending(paren, options int) []analyzers.Named {
	var all []analyzers.Named
	var add func(brace, depth int)
	add = func(brace, depth int) {
		const deepest, most = 4, 32
		if brace == 0 || depth > deepest {
			return
		}
		for _, m := range s.object(brace) {
			v, _ := s.expression(m.value, depth+1)
			switch {
			case len(all) >= most:
				return
			case v.object != 0 && v.object != brace:
				add(v.object, depth+1)
			case m.key != "" && len(v.whole()) > 0:
				all = append(all, analyzers.Named{Name: m.key, Value: s.of(m.value, v.whole())})
			}
		}
	}
	for _, key := range []string{"body", "data", "json", "variables"} {
		if v, at := s.option(options, key); at > 0 {
			add(v.object, 0)
		}
	}
	for n := 1; n < 3; n++ { // post(url, {…}), request(document, {…})
		if object := s.options(paren, n); object != options {
			add(object, 0)
		}
	}
	return all
}

// sent returns the identifiers of the GraphQL documents that a request carries. Where the request goes to GraphQL and its document is
// put together elsewhere, all of the file's documents count.
func (s *source) sent(body []analyzers.Part, a code.Address) []detectors.Word {
	fields := code.Documents(s.pass.Data, body)
	if len(fields) == 0 && strings.Contains(a.Path.Text, "graphql") {
		return s.documents()
	}
	return fields
}

// documents returns the identifiers of all GraphQL documents in the file.
func (s *source) documents() []detectors.Word {
	if s.allFields == nil {
		s.allFields = []detectors.Word{}
		for _, t := range s.toks {
			switch t.kind {
			case lexer.StringToken, lexer.TemplateToken, lexer.TemplateStartToken:
				if len(s.allFields) < maxParts {
					s.allFields = append(s.allFields, code.Document(s.pass.Data, t.inner())...)
				}
			}
		}
	}
	return s.allFields
}

// statement returns the leading words of the SQL statement that is a call's first argument, nothing if it is none.
func (s *source) statement(paren int) []detectors.Word {
	at := s.argument(paren, 0)
	switch s.kind(at) {
	case lexer.StringToken, lexer.TemplateToken, lexer.TemplateStartToken:
		return code.Statement(s.pass.Data, s.toks[at].inner())
	}
	return nil
}
