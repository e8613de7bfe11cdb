package js

import (
	"slices"
	"strings"

	lexer "github.com/tdewolff/parse/v2/js"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/code"
	"github.com/stagewall/stagewall/detectors"
)

// callee returns what is called at a parenthesis, in words joined by dots. The first word is that of the package it was imported from,
// where one is known: "dotenv.config", "fs.readFileSync", "this.client.get". It is empty for what has no name. start is the token at
// which the words begin.
func (s *source) callee(paren int) (name string, start int) {
	i := s.beforeTypes(paren - 1)
	var words []string
	for s.name(i) != "" {
		words = append(words, s.text(i))
		if !s.dot(i - 1) {
			slices.Reverse(words)
			return s.canonical(words), i
		}
		i -= 2
		if s.kind(i) == lexer.NotToken {
			i--
		}
	}
	if s.required(i) {
		open := s.partner[i]
		if spec, ok := s.str(open + 1); ok {
			slices.Reverse(words)
			return strings.Join(append([]string{packageName(spec)}, words...), "."), open - 1
		}
	}
	if len(words) == 0 {
		return "", paren
	}
	slices.Reverse(words)
	return "." + strings.Join(words, "."), i // called on the result of something
}

// beforeTypes returns the token before the list of types that ends at i: axios.get<T>.
func (s *source) beforeTypes(i int) int {
	const longest = 40
	if k := s.kind(i); k != lexer.GtToken && k != lexer.GtGtToken {
		return i
	}
	for j := i; j > max(0, i-longest); j-- {
		if s.kind(j) == lexer.LtToken && s.angle(j) == i+1 {
			return j - 1
		}
	}
	return i
}

// canonical puts the package's name in the place of a local one.
func (s *source) canonical(words []string) string {
	if m, ok := s.imported[words[0]]; ok {
		first := packageName(m.path)
		if local(m.path) {
			first = words[0]
		} else if m.name != "" && m.name != "default" {
			first += "." + m.name
		}
		words = append([]string{first}, words[1:]...)
	}
	return strings.Join(words, ".")
}

// packageName returns a package's own name: without the scheme of Node's own packages, and without their parts for promises.
func packageName(spec string) string {
	return strings.TrimSuffix(strings.TrimPrefix(spec, "node:"), "/promises")
}

// secret returns what a call looks up in a secret store, nothing if it is no such call.
func (s *source) secret(paren, depth int) (parts []analyzers.Part) {
	method := s.name(s.beforeTypes(paren - 1))
	store, member := code.LookUp(method)
	at := s.argument(paren, 0)
	if (code.ByClient(method) || method == "read") && at > 0 {
		return s.kept(paren, depth)
	}
	if store == "" || at == 0 {
		return nil
	}
	request, _ := s.expression(at, depth+1)
	if request.object == 0 {
		return nil // a function of the repository's that is called so
	}
	if at = s.field(request.object, member, depth); at == 0 {
		return nil
	}
	one := func(at int) {
		v, _ := s.expression(at, depth+1)
		parts = append(parts, code.Secret(store, s.of(at, code.Sought(v.whole(), s.parameterPath(at))))...)
	}
	if s.kind(at) != lexer.OpenBracketToken {
		one(at)
		return parts
	}
	for n := range maxParts {
		element := s.argument(at, n)
		if element == 0 {
			break
		}
		one(element)
	}
	return parts
}

// kept returns what a method of a client looks up in the store that the client is for: a vault of Azure, or Vault.
//
//	https://learn.microsoft.com/javascript/api/@azure/keyvault-secrets/secretclient
//	https://github.com/nodevault/node-vault#write-read-and-delete-secrets
func (s *source) kept(paren, depth int) []analyzers.Part {
	name, start := s.callee(paren)
	client := s.receiver(start, name)
	store := detectors.KeyVault
	switch {
	case client.client == "SecretClient" && strings.HasSuffix(name, ".getSecret"):
	case client.client == nodeVault && strings.HasSuffix(name, ".read"):
		store = detectors.Vault
	default:
		return nil
	}
	v, _ := s.expression(s.argument(paren, 0), depth+1)
	secret := v.whole()
	if len(secret) == 0 {
		return nil
	}
	hole := code.SecretIn(store, s.place(paren-1, paren), code.KeyVault(client.address), secret)
	return []analyzers.Part{{Hole: &hole}}
}

// transformed evaluates a call of a method of which it is known what it makes of the value that it is called on.
func (s *source) transformed(v value, name string, paren, depth int) (value, bool) {
	switch plain := len(v.whole()) > 0 && v.object == 0 && v.client == ""; {
	case name == "get":
		return s.convicted(v, paren, depth)
	case name == "join":
		return s.between(paren, depth)
	case !plain:
	case name == "replace", name == "replaceAll":
		return s.replaced(v, paren, depth)
	case name == "toUpperCase", name == "toLocaleUpperCase":
		return value{parts: code.Cased(analyzers.Upper, v.whole())}, true
	case name == "toLowerCase", name == "toLocaleLowerCase":
		return value{parts: code.Cased(analyzers.Lower, v.whole())}, true
	}
	return value{}, false
}

// between is [x, y].join(sign), of an array that is written out.
func (s *source) between(paren, depth int) (v value, ok bool) {
	sign, known := s.constant(s.argument(paren, 0))
	if !known || s.kind(paren-3) != lexer.CloseBracketToken || s.partner[paren-3] < 0 {
		return value{}, false
	}
	bracket := s.partner[paren-3]
	for n := 0; s.argument(bracket, n) > 0; n++ {
		one, _ := s.expression(s.argument(bracket, n), depth+1)
		if len(one.whole()) == 0 || !s.room(len(v.parts), maxParts) {
			return value{}, false
		}
		if n > 0 {
			v.parts = append(v.parts, analyzers.Part{Text: sign})
		}
		v.parts = append(v.parts, one.whole()...)
	}
	return v, len(v.parts) > 1
}

// replaced is "x_KEY".replace("x", y).
func (s *source) replaced(template value, paren, depth int) (v value, ok bool) {
	text, known := code.Text(template.whole())
	mark, ok := s.constant(s.argument(paren, 0))
	by, _ := s.expression(s.argument(paren, 1), depth+1)
	if !known || !ok || mark == "" || len(by.whole()) == 0 {
		return value{}, false
	}
	before, after, found := strings.Cut(text, mark)
	if !found {
		return template, true
	}
	return value{parts: slices.Concat(synthetic(before).parts, by.whole(), synthetic(after).parts)}, true
}

// called evaluates a call: its parenthesis is at paren, its callee begins at i and has the value v.
func (s *source) called(i, paren int, v value, depth int) value {
	name, _ := s.callee(paren)
	arg := func(n int) value {
		at := s.argument(paren, n)
		if at == 0 {
			return value{}
		}
		one, _ := s.expression(at, depth+1)
		return one
	}
	switch name {
	case "require", "import":
		spec, ok := s.str(paren + 1)
		if !ok || s.kind(paren+2) != lexer.CloseParenToken {
			if name := code.Module(arg(0).whole(), "/"); name != nil {
				return value{parts: code.Entry(name)}
			}
			return value{}
		}
		return value{module: module{path: spec}.key()}
	case "path.join", "path.resolve", "path.posix.join", "upath.join":
		var all []value
		for n := 0; s.argument(paren, n) > 0 && s.room(n, maxParts); n++ {
			all = append(all, arg(n))
		}
		return joined(all...)
	case "path.dirname", "dirname":
		return directory(arg(0))
	case "path.normalize", "url.fileURLToPath", "fileURLToPath", "String", "Object.freeze", "Object.assign", "defineConfig":
		if name == "Object.assign" {
			return either(arg(1), arg(0), arg(2))
		}
		return arg(0)
	}
	if strings.HasSuffix(name, ".secretVersionPath") {
		return value{parts: code.SecretVersion(arg(0).whole(), arg(1).whole())}
	}
	if parts := s.secret(paren, depth); len(parts) > 0 {
		return value{parts: parts}
	}
	if last := name[strings.LastIndexByte(name, '.')+1:]; opens[last] {
		if file := arg(0).whole(); code.Locates(file) {
			if content := code.Content(s.of(s.argument(paren, 0), file)); content != nil {
				return value{parts: content}
			}
		}
	}
	if f := v.function; f != nil {
		result := s.result(f, depth+1)
		return value{parts: code.Opaque(result.whole()), object: result.object, function: result.function, client: result.client, library: result.library}
	}
	switch last := name[strings.LastIndexByte(name, '.')+1:]; last {
	case "trim", "toString", "valueOf", "trimEnd", "trimStart", "asString", "default", "min", "nonempty":
		return v
	}
	if last := name[strings.LastIndexByte(name, '.')+1:]; answers(name) || predicate(last) || v.client != "" && verbs[last] != "" {
		return value{}
	}
	first := arg(0)
	result := value{parts: code.Opaque(s.arguments(paren, depth+1))}
	if first.object != 0 && s.argument(paren, 1) == 0 {
		result.object = first.object // a function that wraps an object
	}
	if v.client == "" && v.module == "" {
		result.parts = append(code.Opaque(v.parts), result.parts...)
		result.parts = result.parts[:min(len(result.parts), maxParts)]
	}
	if factory(name) {
		result.client, result.library = name, s.library(i, paren)
	}
	if name == nodeVault {
		return value{client: nodeVault}
	}
	if name == "stripe" { // require('stripe')(key): https://github.com/stripe/stripe-node#usage
		result.client = "Stripe"
	}
	if last := name[strings.LastIndexByte(name, '.')+1:]; v.client != "" && pieces[last] {
		return value{parts: v.parts, client: last, library: v.library}
	}
	return result
}

// nodeVault is the package of a client of Vault.
const nodeVault = "node-vault"

// answers reports whether a call sends a request: its result is the answer, not what was sent.
func answers(name string) bool {
	first, rest, _ := strings.Cut(name, ".")
	switch first {
	case "fetch", "$fetch", "ofetch", "node-fetch", "axios", "got", "ky", "needle":
		return rest != "create" && rest != "extend"
	}
	return false
}

// predicate reports whether a function's name says that its result is true or false, whatever it is given: isValid, includes.
func predicate(last string) bool {
	for _, word := range []string{"is", "has"} {
		if rest, ok := strings.CutPrefix(last, word); ok && rest != "" && 'A' <= rest[0] && rest[0] <= 'Z' {
			return true
		}
	}
	switch last {
	case "includes", "startsWith", "endsWith", "indexOf", "timingSafeEqual", "equals", "Boolean":
		return true
	}
	return false
}

// pieces are the methods of clients that return a part of the client: what is done with it is done with the client's credential.
var pieces = map[string]bool{
	"db": true, "collection": true, "database": true, "container": true, "index": true, "Index": true, "initIndex": true, "namespace": true,
	"bucket": true, "from": true, "table": true,
}

// factory reports whether a function makes a client of a service from what it is given.
func factory(name string) bool {
	last := name[strings.LastIndexByte(name, '.')+1:]
	return strings.HasPrefix(last, "create") || last == "connect" || last == "init" || last == "Stripe" || last == "postgres" ||
		last == "neon" || last == "knex"
}
