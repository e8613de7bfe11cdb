package providers

import (
	"net/netip"
	"slices"
	"strings"
	"unicode"
)

// fake returns why the connection is no credential: a template, a placeholder, or what an installation on the own machine starts with.
func (c connection) fake(e engine) string {
	switch {
	case isTemplate(c.password):
		return "the password is a template"
	case isMasked(c.password):
		return "the password is masked"
	case madeOf(c.password, placeholderWords) && strings.ContainsFunc(c.password, unicode.IsLetter):
		return "the password is a placeholder"
	case isName(c.password):
		return "the password is the name of a variable"
	case e.strict && (weak(c.password) || c.trivial(e.defaults) || !strings.ContainsFunc(c.password, unicode.IsDigit)):
		return "a password as examples have it"
	case slices.ContainsFunc(c.hosts, isPlaceholderHost):
		return "the host is a placeholder"
	case len(c.hosts) == 0 && c.trivial(e.defaults):
		return "a default password, and no host"
	case len(c.hosts) == 0 && !c.template && !strings.ContainsFunc(c.password, unicode.IsDigit):
		return "a word, and no host" // a variable's value that is code, as in os.Setenv("PGPASSWORD", settings.Password)
	case len(c.hosts) > 0 && all(c.hosts, isLocalHost):
		return "a login on the own machine"
	case len(c.hosts) > 0 && all(c.hosts, isNearHost) && c.trivial(e.defaults):
		return "a local default"
	}
	return ""
}

// trivial reports whether the password is one that examples and local set-ups use: it is made of the user's, the database's or a host's
// name, of an installation's default and of words that stand for a password, and of digits; or it is weak.
func (c connection) trivial(defaults []string) bool {
	words := slices.Concat(placeholderWords, trivialWords, defaults, wordsOf(c.user), wordsOf(c.database))
	for _, host := range c.hosts {
		words = append(words, wordsOf(host)...)
	}
	return weak(c.password) || madeOf(c.password, words)
}

// fakePassword returns why a password that a variable's name identifies is none: it is a template, stands for a password, or is a word. The
// further words are the product's own, of which placeholders are made too.
func fakePassword(password string, words ...string) string {
	const longest = 256
	switch {
	case len(password) > longest:
		return "too long for a password"
	case isTemplate(password), isMasked(password):
		return "a template"
	case isFlag(password):
		return "a flag" // the name before it is that of another, which takes no value: --ask-vault-pass --limit=x
	case isName(password), madeOf(password, slices.Concat(placeholderWords, words)):
		return "a placeholder"
	case weak(password), madeOf(password, slices.Concat(placeholderWords, trivialWords, words)):
		return "a word or a default"
	case !strings.ContainsFunc(password, unicode.IsDigit):
		return "letters alone"
	}
	return ""
}

// isFlag reports whether a text is a flag of a command's: --limit=web.
func isFlag(text string) bool {
	name, found := strings.CutPrefix(text, "--")
	return found && name != "" && 'a' <= name[0] && name[0] <= 'z'
}

// isMasked reports whether a password is signs alone, as logs and documents write over one: user:**@host.
func isMasked(password string) bool {
	return password != "" && !strings.ContainsFunc(password, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) })
}

// isName reports whether a password is what a variable that holds one is called: POSTGRES_PASSWORD.
func isName(password string) bool {
	capitals := strings.IndexFunc(password, func(r rune) bool { return r != '_' && (r < 'A' || r > 'Z') }) < 0
	return capitals && (strings.HasSuffix(password, "_PASSWORD") || strings.HasSuffix(password, "_PASS"))
}

// weak reports whether a password is one that people think up: short, or letters of one case without anything else.
func weak(password string) bool {
	short := len(password) < 8
	plain := len(password) < 16 && !strings.ContainsFunc(password, func(r rune) bool { return r < 'a' || r > 'z' })
	return short || plain
}

// placeholderWords make up a text that stands for a password and is none.
var placeholderWords = []string{
	"actual", "auth", "change", "db", "database", "enter", "example", "foo", "bar", "baz", "great", "here", "hidden", "insert", "it", "me", "mysecret", "my", "new", "not a", "not_a", "not-a", "nota",
	"p@ssw0rd", "p@ssword", "pa55word", "pass", "passw0rd", "passwd", "password", "pw", "pwd", "placeholder", "redacted", "replace", "s3cret", "sample", "secret", "secure", "some", "something", "string", "strong", "super", "the", "this",
	"to", "user", "with", "x", "xx", "xxx", "your", "yourpassword",
}

// trivialWords are what local set-ups add to them.
var trivialWords = []string{
	"admin", "app", "abc", "ci", "default", "demo", "key", "token", "dev", "development", "docker", "dummy", "fake", "guest", "hello", "hunter2", "letmein", "local", "qwerty",
	"root", "scott", "service", "server", "test", "tester", "testing", "tiger", "toor", "world",
}

// madeOf reports whether text is nothing but words, in any case, digits and punctuation.
func madeOf(text string, words []string) bool {
	text = strings.ToLower(text)
	if len(text) > 64 {
		return false
	}
	reached := make([]bool, len(text)+1) // reached[i]: text[:i] is made of words
	reached[0] = true
	for i := range len(text) {
		if !reached[i] {
			continue
		}
		if c := text[i]; c < 'a' || c > 'z' && c < 0x80 {
			reached[i+1] = true
		}
		for _, word := range words {
			if word != "" && strings.HasPrefix(text[i:], word) {
				reached[i+len(word)] = true
			}
		}
	}
	return reached[len(text)]
}

// wordsOf returns the lower-case words of a name, and the name.
func wordsOf(name string) []string {
	name = strings.ToLower(name)
	words := strings.FieldsFunc(name, func(r rune) bool { return r < 'a' || r > 'z' })
	words = slices.DeleteFunc(words, func(word string) bool { return len(word) < 2 })
	return append(words, name)
}

// isTemplate reports whether something else puts the value there later, or a person hid it.
func isTemplate(value string) bool {
	if value == "" {
		return false
	}
	for _, opening := range []string{"${", "$(", "{{", "#{", "%(", "...", "***", "•", "…"} {
		if strings.Contains(value, opening) {
			return true
		}
	}
	for _, mark := range []string{"__", "@@"} {
		if len(value) > 2*len(mark) && strings.HasPrefix(value, mark) && strings.HasSuffix(value, mark) {
			return true
		}
	}
	switch value[:1] + value[len(value)-1:] {
	case "[]", "<>", "{}":
		return true
	}
	switch value[0] {
	case '$', '{', '%':
		return strings.IndexFunc(value[1:], func(r rune) bool {
			return r != '_' && r != '}' && r != '.' && r != '%' && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
		}) < 0
	}
	return false
}

// isLocalHost reports whether the host is the machine itself, or the machine around a container.
func isLocalHost(host string) bool {
	switch host {
	case "localhost", "host.docker.internal", "host.containers.internal", "gateway.docker.internal", "kubernetes.docker.internal", "localhost.localdomain":
		return true
	}
	if strings.HasSuffix(host, ".localhost") {
		return true
	}
	address, err := netip.ParseAddr(host)
	return err == nil && (address.IsLoopback() || address.IsUnspecified())
}

// isPlaceholderHost reports whether a document means "put your host here".
func isPlaceholderHost(host string) bool {
	switch host {
	case "host", "hostname", "your-host", "yourhost", "your_host", "my-host", "myhost", "server", "servername", "db-host", "dbhost", "endpoint", "ip", "address":
		return true
	}
	return strings.HasPrefix(host, "your-") || strings.HasPrefix(host, "your_") || slices.ContainsFunc(documentDomains, func(domain string) bool {
		return host == domain || strings.HasSuffix(host, "."+domain)
	})
}

// documentDomains are reserved for documents, and nobody's server is there: https://www.rfc-editor.org/rfc/rfc2606#section-3
var documentDomains = []string{"example.com", "example.org", "example.net"}

// isNearHost reports whether the name or address can only be found nearby, as one of a compose file can, or is reserved for tests and
// examples.
func isNearHost(host string) bool {
	if !strings.Contains(host, ".") {
		return true
	}
	if address, err := netip.ParseAddr(host); err == nil {
		return slices.ContainsFunc(nearAddresses, func(near string) bool { return strings.HasPrefix(address.String(), near) })
	}
	if service, ok := strings.CutSuffix(host, ".cluster.local"); ok { // a cluster's own names: local-db.local-infra.svc.cluster.local
		return slices.ContainsFunc(strings.FieldsFunc(service, func(r rune) bool { return r == '.' || r == '-' }), func(word string) bool {
			return word == "local" || word == "localdev"
		})
	}
	for _, domain := range nearDomains {
		if host == domain || strings.HasSuffix(host, "."+domain) {
			return true
		}
	}
	return false
}

// nearAddresses are those of networks at home, of Docker's default bridge (https://docs.docker.com/reference/cli/dockerd/) and of documents
// (https://www.rfc-editor.org/rfc/rfc5737).
var nearAddresses = []string{"192.168.", "172.17.", "192.0.2.", "198.51.100.", "203.0.113."}

// nearDomains are reserved, https://www.rfc-editor.org/rfc/rfc2606 and https://www.rfc-editor.org/rfc/rfc6762, or no domain at all.
var nearDomains = []string{"example", "test", "invalid", "local", "lan", "localdomain"}

// all reports whether every one of the hosts is so.
func all(hosts []string, is func(string) bool) bool {
	return !slices.ContainsFunc(hosts, func(host string) bool { return !is(host) })
}
