package python

import (
	"slices"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/code"
	"github.com/stagewall/stagewall/detectors"
)

// callee returns what is called at a parenthesis, in words joined by dots, the first of them as it was imported: "requests.post",
// "os.environ.get", "self.session.get"; one that is called on the result of something begins with a dot. start is its first token.
func (s *source) callee(paren int) (name string, start int) {
	i := paren - 1
	var words []string
	for s.kind(i) == identifier {
		words = append(words, s.text(i))
		if !s.is(i-1, ".") {
			slices.Reverse(words)
			return s.canonical(words), i
		}
		i -= 2
	}
	if len(words) == 0 {
		return "", paren
	}
	slices.Reverse(words)
	return "." + strings.Join(words, "."), i
}

func (s *source) canonical(words []string) string {
	if s.isEnvironment(words[0]) {
		words = append([]string{"os.environ"}, words[1:]...)
	}
	if full, ok := s.imported[words[0]]; ok && len(s.declared[words[0]]) == 0 {
		words = append([]string{full}, words[1:]...)
	}
	return strings.Join(words, ".")
}

// lastWord returns the last word of a callee.
func lastWord(name string) string { return name[strings.LastIndexByte(name, '.')+1:] }

// method evaluates the calls of methods that keep their receiver's text, or make a text of it.
func (s *source) method(v value, name string, paren, depth int) (value, bool) {
	switch name {
	case "get_secret_value": // of a field of pydantic's, if it is asked for nothing
		return v, s.argument(paren, 0) == 0 && len(s.members(paren)) == 0
	case "strip", "rstrip", "lstrip", "encode", "decode":
		return v, true
	case "join":
		return s.between(v, paren, depth)
	case "replace":
		return s.replaced(v, paren, depth)
	case "upper":
		return value{parts: code.Cased(analyzers.Upper, v.whole())}, v.client == "" && v.object == 0 && len(v.whole()) > 0
	case "lower", "casefold":
		return value{parts: code.Cased(analyzers.Lower, v.whole())}, v.client == "" && v.object == 0 && len(v.whole()) > 0
	case "resolve", "absolute", "expanduser", "as_posix":
		return v, v.folder
	case "read", "readline", "read_text", "read_bytes":
		file := v.whole()
		if content := code.Content(s.of(paren, file)); content != nil && (v.opened || v.folder) && code.Locates(file) {
			return value{parts: content}, true
		}
	case "joinpath":
		return joined(v, s.path(paren, depth)), true
	case "format":
		return s.formatCall(paren, v, depth), true
	case "get":
		if key, ok := s.str(paren + 1); ok && (v.object != 0 || v.module != "" && v.client == "") {
			return s.attribute(v, key, depth), true
		}
		if v.object != 0 && v.client == "" && s.is(v.object, "{") && s.argument(paren, 0) > 0 {
			found := s.lookUp(v, paren+1, depth)
			if at := s.argument(paren, 1); at > 0 {
				other, _ := s.expression(at, depth+1)
				found = chosen(found, other)
			}
			return found, true
		}
	}
	return value{}, false
}

// secret returns what a call looks up in a secret store, nothing if it is no such call.
func (s *source) secret(paren, depth int) (parts []analyzers.Part) {
	if code.ByClient(s.text(paren - 1)) {
		return s.kept(paren, depth)
	}
	store, member := code.LookUp(s.text(paren - 1))
	if store == "" || s.kind(paren-1) != identifier {
		return nil
	}
	at := s.field(paren, member, depth)
	if request := s.field(paren, "request", depth); at == 0 && request > 0 {
		v, _ := s.expression(request, depth+1)
		at = s.field(v.object, member, depth)
	}
	if at == 0 {
		return nil
	}
	if parameter := s.parameterPath(at); parameter != nil {
		return code.Secret(store, s.of(at, code.Sought(s.eval(at).whole(), parameter)))
	}
	for _, name := range s.list(at) {
		parts = append(parts, code.Secret(store, name)...)
	}
	return parts
}

// kept returns what a method of a client looks up in the store that the client is for: Azure's vaults, and the key-value engines of Vault, of whose
// secrets the field is named behind the call.
func (s *source) kept(paren, depth int) []analyzers.Part {
	name, start := s.callee(paren)
	client := s.receiver(start, name)
	given := func(of, n int, key string) []analyzers.Part {
		at := s.argument(of, n)
		if at == 0 {
			at = s.field(of, key, depth)
		}
		if at == 0 {
			return nil
		}
		v, _ := s.expression(at, depth+1)
		return v.whole()
	}
	in := func(store string, scope, name []analyzers.Part) []analyzers.Part {
		hole := code.SecretIn(store, s.place(paren-1, paren), scope, name)
		return []analyzers.Part{{Hole: &hole}}
	}
	switch class := lastWord(client.client); {
	case class == "SecretClient" && s.text(paren-1) == "get_secret":
		if name := given(paren, 0, "name"); len(name) > 0 {
			return in(detectors.KeyVault, code.KeyVault(given(client.object, 0, "vault_url")), name)
		}
	case class == "Client" && strings.Contains(name, ".kv."):
		path, mount := given(paren, 0, "path"), given(paren, -1, "mount_point")
		if len(path) == 0 {
			return nil
		}
		if len(mount) == 0 {
			mount = []analyzers.Part{{Text: "secret"}}
		}
		path = slices.Concat(mount, []analyzers.Part{{Text: "/"}}, path)
		for j := s.partner[paren] + 1; s.is(j, "[") && s.partner[j] == j+2; j += 3 {
			if key, ok := s.str(j + 1); ok && key != "data" {
				return in(detectors.Vault, path, []analyzers.Part{{Text: key}})
			}
		}
		return in(detectors.Vault, nil, path)
	}
	return nil
}

// called evaluates a call whose callee has the value v. A method is called on receiver.
func (s *source) called(paren int, v, receiver value, depth int) value {
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
	case "os.path.join", "posixpath.join":
		return s.path(paren, depth)
	case "pathlib.Path", "Path", "pathlib.PurePath":
		p := s.path(paren, depth)
		if len(p.parts) == 0 {
			p = value{parts: []analyzers.Part{{Text: "."}}, folder: true}
		}
		return p
	case "os.path.dirname":
		return directory(arg(0))
	case "os.path.abspath", "os.path.realpath", "os.path.expanduser", "os.path.normpath", "str", "bytes", "json.loads", "dict.get":
		return arg(0)
	case "open":
		file := arg(0)
		file.opened = true
		return file
	case "os.getcwd", "pathlib.Path.cwd", "Path.cwd":
		return value{parts: []analyzers.Part{{Text: "."}}, folder: true}
	case "dict":
		return value{object: paren}
	case "importlib.import_module":
		if name := code.Module(arg(0).whole(), "."); name != nil {
			return value{parts: code.Entry(name)}
		}
	case "dotenv.find_dotenv":
		return synthetic(".env")
	}
	if lastWord(name) == "secret_version_path" {
		one := func(n int, key string) []analyzers.Part {
			at := s.argument(paren, n)
			if at == 0 {
				at = s.field(paren, key, depth)
			}
			v, _ := s.expression(at, depth+1)
			return v.whole()
		}
		return value{parts: code.SecretVersion(one(0, "project"), one(1, "secret"))}
	}
	if parts := s.secret(paren, depth); len(parts) > 0 {
		return value{parts: parts}
	}
	if v.class != nil {
		return value{class: v.class, client: v.class.name, parts: code.Opaque(s.arguments(paren, depth))}
	}
	if v.function != nil {
		result := s.result(v.function, depth+1)
		result.parts = code.Opaque(result.parts)
		return result
	}
	result := value{parts: code.Opaque(s.arguments(paren, depth))}
	if receiver.client == "" {
		result.parts = append(code.Opaque(slices.Clip(receiver.parts)), result.parts...)
		result.parts = result.parts[:min(len(result.parts), maxParts)]
	}
	if receiver.client != "" && pieces[lastWord(name)] {
		receiver.client = lastWord(name)
		return receiver
	}
	if maker(name) {
		result.client, result.object = name, paren
		result.library = s.library(paren, name, receiver)
		if receiver.client != "" { // what is made of a client has the client's credential
			result.parts = append(slices.Clip(receiver.parts), result.parts...)
		}
	}
	if v.module != "" {
		result.module = v.module + "()"
	}
	return result
}

// library returns the package of a client that a call makes, if nothing gives the client a credential.
func (s *source) library(paren int, name string, receiver value) string {
	library := receiver.library
	if receiver.client == "" {
		if _, start := s.callee(paren); s.imported[s.text(start)] == "" {
			return ""
		}
		library = name
	}
	for _, m := range s.members(paren) {
		if m.spread || code.Credential(m.key) {
			return ""
		}
	}
	for n := 0; s.argument(paren, n) > 0 && s.room(n, maxParts); n++ {
		if v, _ := s.expression(s.argument(paren, n), 1); code.Credentials(v.parts) {
			return ""
		}
	}
	return library
}

// pieces are the methods of clients that return a part of the client: what is done with it is done with the client's credential.
var pieces = map[string]bool{
	"cursor": true, "begin": true, "Table": true, "Bucket": true, "Instance": true, "Volume": true, "Snapshot": true, "bucket": true,
	"get_bucket": true, "get_database": true, "get_repo": true, "get_organization": true, "Index": true, "index": true, "table": true, "collection": true,
}

// maker reports whether a call makes a client: that of a class, or of a function that is named so.
func maker(name string) bool {
	last := lastWord(name)
	return last != "" && last[0] >= 'A' && last[0] <= 'Z' || last == "connect" || last == "client" || last == "resource" ||
		last == "create_engine" || last == "create_client" || last == "init" || last == "from_url"
}

// path is the path that a call's arguments make.
func (s *source) path(paren, depth int) value {
	var all []value
	for n := 0; s.argument(paren, n) > 0 && s.room(n, maxParts); n++ {
		one, _ := s.expression(s.argument(paren, n), depth+1)
		all = append(all, one)
	}
	if len(all) == 1 {
		all[0].folder = true
		return all[0]
	}
	return joined(all...)
}

// formatCall is "…{}…".format(x, y).
func (s *source) formatCall(paren int, format value, depth int) value {
	template, ok := code.Text(format.parts)
	if !ok || len(format.parts) != 1 {
		return value{parts: code.Opaque(append(slices.Clip(format.parts), s.arguments(paren, depth)...))}
	}
	var given []value
	for n := 0; s.argument(paren, n) > 0 && s.room(n, maxParts); n++ {
		one, _ := s.expression(s.argument(paren, n), depth+1)
		given = append(given, one)
	}
	if strings.Contains(template, "{}") {
		return fill(format.parts[0], template, "{}", given)
	}
	if open := strings.IndexByte(template, '{'); open >= 0 && strings.Count(template, "{") == 1 {
		if end := strings.IndexByte(template[open:], '}'); end > 0 {
			mark := template[open : open+end+1]
			if at := s.field(paren, mark[1:len(mark)-1], 0); at > 0 {
				one, _ := s.expression(at, depth+1)
				given = []value{one}
			}
			return fill(format.parts[0], template, mark, given)
		}
	}
	return value{parts: code.Opaque(append(slices.Clip(format.parts), s.arguments(paren, depth)...))}
}

// arguments returns the parts of all arguments of a call.
func (s *source) arguments(paren, depth int) []analyzers.Part {
	var parts []analyzers.Part
	for j := paren + 1; j < s.partner[paren]; j++ {
		at := j
		if s.is(j+1, "=") {
			at = j + 2
		}
		v, _ := s.expression(at, depth+1)
		if !s.gather(&parts, s.flat(v, depth+1)) {
			break
		}
		for j < s.partner[paren] && !s.is(j, ",") {
			j = s.skip(j)
		}
	}
	return parts
}

// variable returns the name that is looked up in the environment at i, and the token after the look-up; without a name the look-up is
// computed. There is none if next is 0.
func (s *source) variable(i int) (name string, next int) {
	if s.is(i-1, ".") || s.name(i) == "" {
		return "", 0
	}
	dotted, after := s.dotted(i)
	words := strings.Split(dotted, ".")
	full := s.canonical(words)
	paren := s.is(after, "(") && s.partner[after] > after
	switch {
	case full == "os.environ" && s.is(after, "[") && s.partner[after] > after:
		name, _ = s.constant(after + 1)
		return name, s.partner[after] + 1
	case paren && (full == "os.environ.get" || full == "os.getenv" || full == "os.environ.pop"):
		name, _ = s.constant(after + 1)
		return name, s.partner[after] + 1
	case paren && s.asks(words, full):
		if name, ok := s.str(after + 1); ok && s.past(after+1) == after+2 && code.ConstantName(name) {
			return s.prefix(i) + name, s.partner[after] + 1
		}
		if s.importsSettings() && s.prefix(i) == "" && code.Varies(s.eval(after+1).whole()) {
			return "", s.partner[after] + 1
		}
	}
	return "", 0
}

// prefix returns what with env.prefixed("X_") puts before the names that are asked for at i.
// https://github.com/sloria/environs#handling-prefixes
func (s *source) prefix(i int) string {
	prefix := ""
	for _, p := range s.prefixes {
		if p.from <= i && i < p.to {
			prefix += p.text
		}
	}
	return prefix
}

// asks reports whether a function looks up what it is asked for: env("X"), env.str("X"), config("X"), get_env("X").
func (s *source) asks(words []string, full string) bool {
	first := strings.ToLower(words[0])
	last := strings.ToLower(words[len(words)-1])
	return full == "decouple.config" || first == "env" || first == "config" || strings.Contains(last, "env") && last != "environment"
}

// importsSettings reports whether the file imports a library whose functions look up what they are asked for.
func (s *source) importsSettings() bool {
	for _, full := range s.imported {
		switch library, _, _ := strings.Cut(full, "."); library {
		case "decouple", "environs", "environ", "starlette":
			return true
		}
	}
	return false
}

// defaultOf returns where the default of a look-up begins that is written from i to next, 0 if it has none.
func (s *source) defaultOf(i, next int) int {
	close := next - 1
	if !s.is(close, ")") || s.partner[close] < i {
		return 0
	}
	paren := s.partner[close]
	if at := s.field(paren, "default", 0); at > 0 {
		return at
	}
	return s.argument(paren, 1)
}

// constant returns the text of the expression at i if it is known.
func (s *source) constant(i int) (string, bool) {
	if text, ok := s.str(i); ok && s.past(i) == i+1 {
		return text, true
	}
	return code.Text(s.eval(i).parts)
}
