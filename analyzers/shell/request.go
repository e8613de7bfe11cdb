package shell

import (
	"net/url"
	"slices"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/code"
	"github.com/stagewall/stagewall/analyzers/internal/lazyregexp"
	"github.com/stagewall/stagewall/detectors"
)

// request is an HTTP request that a command sends.
type request struct {
	url     word
	method  string
	headers []word // "Name: value"
	bodies  []word
	users   []word // user:password
	bearers []word
	files   []word // read and sent along
	other   []word // further words in which values may stand
}

// curl reads curl (https://curl.se/docs/manpage.html).
func (r *reader) curl(c command) {
	takes := flags("-X --request -H --header -d --data --data-raw --data-binary --data-ascii --data-urlencode --json -u --user -F --form " +
		"--form-string --oauth2-bearer -o --output -A --user-agent -e --referer -b --cookie -c --cookie-jar -m --max-time --connect-timeout " +
		"--retry --retry-delay --retry-max-time -w --write-out -x --proxy -U --proxy-user --cacert --capath -E --cert --key --pass --cert-type " +
		"-T --upload-file -K --config -r --range --resolve --url -D --dump-header -Y -y -z --limit-rate --interface --unix-socket --aws-sigv4 " +
		"--ciphers --tls-max --url-query --variable --netrc-file -t -Q -C --max-redirs --proxy-header --expand-header --rate --parallel-max")
	found, operands := options(c.args(), takes, true)
	if from, ok := last(found, "-K --config"); ok && from.text == "-" && r.in != nil {
		found = append(found, configured(r.in.value)...)
	}
	q := request{}
	for _, o := range found {
		switch o.name {
		case "-X", "--request":
			q.method = strings.ToUpper(r.textOf(o.value))
		case "-H", "--header", "--expand-header":
			q.headers = append(q.headers, o.value)
		case "-d", "--data", "--data-raw", "--data-binary", "--data-ascii", "--data-urlencode", "--json":
			q.bodies = append(q.bodies, o.value)
		case "-F", "--form", "--form-string":
			q.bodies = append(q.bodies, o.value)
		case "-u", "--user":
			q.users = append(q.users, o.value)
		case "--oauth2-bearer":
			q.bearers = append(q.bearers, o.value)
		case "-T", "--upload-file", "-E", "--cert", "--key", "-K", "--config", "--netrc-file":
			q.files = append(q.files, o.value)
		case "--url":
			operands = append(operands, o.value)
		case "-b", "--cookie", "-U", "--proxy-user", "--url-query":
			q.other = append(q.other, o.value)
		}
	}
	switch _, get := last(found, "-G --get"); {
	case q.method != "":
	case get:
		q.method = "GET"
	case len(q.bodies) > 0:
		q.method = "POST"
	default:
		if _, ok := last(found, "-I --head"); ok {
			q.method = "HEAD"
		} else if _, ok := last(found, "-T --upload-file"); ok {
			q.method = "PUT"
		} else {
			q.method = "GET"
		}
	}
	if len(operands) == 0 {
		operands = []word{{}}
	}
	for _, address := range operands {
		one := q
		one.url = address
		r.request(c, one)
	}
}

var configLine = lazyregexp.New(`^\s*(?:--)?([a-z][a-z0-9.-]*)\s*[=: ]\s*("?)`)

// configured returns the options that curl is given as a file of them: name = "value" (https://curl.se/docs/manpage.html#-K).
func configured(v analyzers.Value) []option {
	var found []option
	for _, line := range split(v) {
		text := word{value: line}
		m := configLine.FindStringSubmatch(text.head())
		if m == nil {
			continue
		}
		value := text.from(len(m[0]))
		if n := len(value.value.Parts); m[2] != "" && n > 0 {
			last := value.value.Parts[n-1]
			value.value.Parts = append(slices.Clip(value.value.Parts[:n-1]), cut(last, 0, len(strings.TrimRight(last.Text, "\" \t")))...)
			value.text, value.literal = value.value.Text()
		}
		found = append(found, option{name: "--" + m[1], value: value})
	}
	return found
}

// wget reads wget (https://www.gnu.org/software/wget/manual/wget.html).
func (r *reader) wget(c command) {
	takes := flags("--header --post-data --post-file --body-data --body-file --method --user --password --http-user --http-password -O -o -P -U " +
		"--output-document --directory-prefix --user-agent -T --timeout -t --tries --certificate --private-key --ca-certificate -i")
	found, operands := options(c.args(), takes, true)
	q := request{
		headers: all(found, "--header"),
		bodies:  all(found, "--post-data --body-data"),
		other:   all(found, "--user --password --http-user --http-password"),
		files:   all(found, "--post-file --body-file --private-key"),
	}
	q.method = "GET"
	if _, post := last(found, "--post-data --post-file"); post {
		q.method = "POST"
	}
	if m, ok := last(found, "--method"); ok {
		q.method = strings.ToUpper(r.textOf(m))
	}
	q.users, q.other = passwords(q.other), nil
	for _, address := range operands {
		q.url = address
		r.request(c, q)
	}
}

// passwords joins the values of options for a user and a password.
func passwords(words []word) []word {
	if len(words) == 0 {
		return nil
	}
	var joined analyzers.Value
	for i, w := range words {
		if i > 0 {
			joined.Parts = append(joined.Parts, synthetic(":")...)
		}
		joined.Parts = append(joined.Parts, w.value.Parts...)
	}
	joined.At = words[0].value.At
	return []word{{value: joined}}
}

var httpieItem = lazyregexp.New(`^([A-Za-z0-9-]+):([^:=/]|$)`)

// httpie reads HTTPie and xh: METHOD URL Header:value field=value (https://httpie.io/docs/cli).
func (r *reader) httpie(c command) {
	found, operands := options(c.args(), "-a --auth -A --auth-type --session -o --output --timeout --cert --cert-key --raw --proxy", true)
	q := request{users: all(found, "-a --auth"), bodies: all(found, "--raw"), files: all(found, "--cert-key")}
	if kind, ok := last(found, "-A --auth-type"); ok && kind.text == "bearer" {
		q.users, q.bearers = nil, q.users
	}
	if len(operands) > 0 && operands[0].text != "" && strings.ToUpper(operands[0].text) == operands[0].text && isName(operands[0].text) {
		q.method = operands[0].text
		operands = operands[1:]
	}
	if len(operands) == 0 {
		return
	}
	q.url = operands[0]
	for _, item := range operands[1:] {
		head := item.head()
		switch {
		case httpieItem.MatchString(head):
			q.headers = append(q.headers, item)
		case strings.Contains(head, "@"):
			q.files = append(q.files, item.from(strings.IndexByte(head, '@')+1))
		default:
			q.bodies = append(q.bodies, item)
		}
	}
	if q.method == "" {
		q.method = "GET"
		if len(q.bodies) > 0 || r.in != nil {
			q.method = "POST"
		}
	}
	r.request(c, q)
}

// request emits the uses that a request is: of its headers, its user, its body and its address.
func (r *reader) request(c command, q request) {
	sink := r.sink(c)
	sink.Method = q.method
	sink.Host, sink.Path = r.address(q.url)
	for _, f := range q.files {
		r.opens(f)
	}
	var bodies []analyzers.Value
	for _, b := range q.bodies {
		bodies = append(bodies, r.body(b)...)
	}
	for _, b := range bodies {
		sink.Fields = append(sink.Fields, r.fields(b)...)
	}
	var sent []analyzers.Part
	for _, b := range bodies {
		sent = append(sent, b.Parts...)
	}
	r.carried = code.Named(sent, nil)
	defer func() { r.carried = nil }()
	before := len(r.steps)
	for _, h := range q.headers {
		r.header(c, *sink, h)
	}
	for _, u := range q.users {
		r.sends(c, *sink, "Authorization", "Basic", u.value)
	}
	for _, b := range q.bearers {
		r.sends(c, *sink, "Authorization", "Bearer", b.value)
	}
	r.addressed(c, *sink, q.url)
	for _, o := range q.other {
		r.sends(c, *sink, "", "", o.value)
	}
	for _, b := range bodies {
		r.sends(c, *sink, "", "", b)
	}
	if len(r.steps) == before {
		r.perform(c, analyzers.Step{Op: analyzers.OpUse, At: c.at, Sink: sink})
	}
	r.filterCall(c)
}

// sends emits the use of a value in a request.
func (r *reader) sends(c command, sink detectors.Sink, header, scheme string, value analyzers.Value) {
	if len(value.Parts) == 0 {
		return
	}
	sink.Header, sink.Scheme = header, scheme
	at := value.At
	if at.Path == "" {
		at = c.at
	}
	r.perform(c, analyzers.Step{Op: analyzers.OpUse, At: at, Value: value, Sink: &sink, Named: r.carried})
}

// header sends a header, "Name: value" or "Name: Scheme value". @file reads headers from a file.
func (r *reader) header(c command, sink detectors.Sink, h word) {
	head := h.head()
	if strings.HasPrefix(head, "@") {
		r.opens(h.from(1))
		return
	}
	name, rest, ok := strings.Cut(head, ":")
	if !ok {
		if text, known := r.resolve(h.value); known { // -H "$AUTH"
			name, rest, _ = strings.Cut(text, ":")
			r.sends(c, sink, strings.TrimSpace(name), scheme(rest, true), h.value)
			return
		}
		k := r.know(h.value)
		name, rest, ok = strings.Cut(k.prefix, ":")
		if !ok {
			name = ""
		}
		r.sends(c, sink, strings.TrimSpace(name), scheme(rest, true), h.value)
		return
	}
	value := h.from(len(name) + 1)
	r.sends(c, sink, strings.TrimSpace(name), scheme(rest, len(rest) == len(value.head()) && !value.literal), value.value)
}

var schemeWord = lazyregexp.New(`^\s*([A-Za-z][A-Za-z0-9_-]*)\s+(\S|$)`)

// scheme returns the word before a header's value, if there is one. open: more follows that is not known as text.
func scheme(rest string, open bool) string {
	m := schemeWord.FindStringSubmatch(rest)
	if m == nil || m[2] == "" && !open {
		return ""
	}
	return m[1]
}

var hostName = lazyregexp.New(`^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$`)

// address returns the host and the path that a request's address has, as far as they are known.
func (r *reader) address(address word) (host string, path detectors.Word) {
	k := r.pattern(address.value)
	text := k.prefix
	if i := strings.Index(text, "://"); i >= 0 {
		text = text[i+len("://"):]
	}
	if i := strings.LastIndexByte(text[:end(text, "/?#")], '@'); i >= 0 {
		text = text[i+1:]
	}
	authority := text[:end(text, "/?#")]
	if i := strings.LastIndexByte(authority, ':'); i >= 0 {
		authority = authority[:i]
	}
	if hostName.MatchString(authority) && (strings.Contains(authority, ".") || authority == "localhost" || strings.Contains(k.prefix, "://")) {
		host = strings.ToLower(authority)
	}
	rest := text[end(text, "/?#"):]
	if rest = rest[:end(rest, "?#")]; rest != "" {
		path = detectors.Word{Text: rest, Span: cover(k.parts)}
		if decoded, err := url.PathUnescape(rest); err == nil {
			path.Text = decoded
		}
	}
	return host, path
}

// pattern returns what is known of a text, with a star for each piece of it that is not known.
func (r *reader) pattern(v analyzers.Value) knowledge {
	k := knowledge{whole: true}
	for _, p := range v.Parts {
		one := r.knowPart(p)
		k.prefix += one.prefix
		k.parts = append(k.parts, one.parts...)
		if !one.whole {
			k.prefix += "*"
		}
		if len(k.prefix) > maxLiteral || len(k.parts) > maxFields {
			return knowledge{}
		}
	}
	return k
}

// cover returns the smallest span that holds all of the parts.
func cover(parts []analyzers.Part) detectors.Span {
	var all detectors.Span
	for _, p := range parts {
		switch {
		case p.Span.Empty():
		case all.Empty():
			all = p.Span
		default:
			all.Start, all.End = min(all.Start, p.Span.Start), max(all.End, p.Span.End)
		}
	}
	return all
}

// end returns the offset of the first of the characters, or the text's length.
func end(text, characters string) int {
	if i := strings.IndexAny(text, characters); i >= 0 {
		return i
	}
	return len(text)
}

// addressed sends what an address carries: a user and password, query parameters, and values in its path.
func (r *reader) addressed(c command, sink detectors.Sink, address word) {
	parts := address.value.Parts
	if len(parts) == 0 {
		return
	}
	text := shape(parts)
	rest := text
	if i := strings.Index(rest, "://"); i >= 0 {
		rest = rest[i+len("://"):]
	}
	if authority := rest[:end(rest, "/?#")]; strings.Contains(authority, "@") {
		r.sends(c, sink, "Authorization", "Basic", address.value)
		return
	}
	if i := strings.IndexByte(text, '?'); i >= 0 {
		for _, pair := range strings.Split(text[i+1:], "&") {
			name, value, _ := strings.Cut(pair, "=")
			if !strings.Contains(name, "\x00") && value != "" {
				one := sink
				one.Query = name
				at := strings.Index(text, pair) + len(name) + 1
				r.sends(c, one, "", "", analyzers.Value{At: address.value.At, Parts: slice(parts, at, at+len(value))})
			}
		}
		parts = slice(parts, 0, i)
	}
	r.sends(c, sink, "", "", analyzers.Value{At: address.value.At, Parts: parts})
}

// shape returns the text of the parts, a zero byte for each that is not known.
func shape(parts []analyzers.Part) string {
	var b strings.Builder
	for _, p := range parts {
		if p.Hole != nil || p.Text == "" {
			b.WriteByte(0)
		} else {
			b.WriteString(p.Text)
		}
	}
	return b.String()
}

// slice returns the parts between two offsets of their [shape].
func slice(parts []analyzers.Part, start, end int) (out []analyzers.Part) {
	at := 0
	for _, p := range parts {
		size := len(p.Text)
		if p.Hole != nil || size == 0 {
			size = 1
		}
		switch from, to := max(start-at, 0), min(end-at, size); {
		case from >= to:
		case p.Hole != nil || p.Text == "":
			out = append(out, p)
		default:
			out = append(out, cut(p, from, to)...)
		}
		at += size
	}
	return out
}

// body returns what a request's body is: the word, what is read from the input, or nothing where it is a file, which is opened.
func (r *reader) body(b word) []analyzers.Value {
	head := b.head()
	if i := strings.IndexByte(head, '@'); i == 0 || i > 0 && head[i-1] == '=' {
		if file := b.from(i + 1); file.text == "-" {
			if r.in != nil {
				return []analyzers.Value{r.in.value}
			}
		} else {
			r.opens(file)
		}
		return nil
	}
	return []analyzers.Value{b.value}
}

var (
	graphQL    = lazyregexp.New(`(?:^|[^\w$])(?:query|mutation|subscription)\b`)
	identifier = lazyregexp.New(`[A-Za-z_][A-Za-z0-9_]*`)
)

// maxFields bounds the identifiers that are kept of a document.
const maxFields = 64

// fields returns the identifiers of the GraphQL document that a body holds.
func (r *reader) fields(body analyzers.Value) []detectors.Word {
	var fields []detectors.Word
	seen := map[string]bool{}
	for _, p := range body.Parts {
		for _, literal := range r.knowPart(p).parts {
			if len(fields) == 0 && !graphQL.MatchString(literal.Text) {
				continue
			}
			for _, m := range identifier.FindAllStringIndex(literal.Text, -1) {
				name := literal.Text[m[0]:m[1]]
				if seen[name] || len(fields) >= maxFields || m[0] > 0 && literal.Text[m[0]-1] == '$' {
					continue
				}
				seen[name] = true
				fields = append(fields, detectors.Word{Text: name, Span: cut(literal, m[0], m[1])[0].Span})
			}
		}
	}
	return fields
}
