package tag

import (
	"bytes"
	"encoding/base64"
	"strings"
	"time"
)

// placeholder returns why a value is no token, "" if nothing shows that: a template, a text that stands for a value, a published
// example, a value without variety. Random values may hold a word of four letters by chance, so words count only if nothing
// else is left beside them.
func placeholder(value []byte) string {
	v := string(bytes.TrimSpace(value))
	switch {
	case v == "":
		return "empty"
	case crossedOut(v):
		return "crossed out"
	case isTemplate(v):
		return "a template, filled in later"
	case published(v):
		return "a published example"
	case onlyWords(v):
		return "words that stand for a value"
	case isSelector(v):
		return "a name in code"
	case isConstant(v):
		return "the name of a variable"
	case isPath(v):
		return "a path of words"
	case isVersion(v):
		return "a version"
	case isDuration(strings.TrimPrefix(v, "default=")):
		return "a duration" // `env:"API_KEY_MAX_AGE, default=720h"`, as tags of structs have it
	case isResource(v):
		return "an id of a resource of AWS"
	case isARN(v):
		return "the name of a resource of AWS"
	case isAccount(v):
		return "an account's address"
	case countsUp(v):
		return "digits that count up"
	case isOwnID(v):
		return "an id in a report"
	case lowVariety(v):
		return "too little variety for a credential"
	}
	return ""
}

// manifestEntry returns why an entry of a cluster's secret is none, whose name and colon gitleaks' rule for manifests takes too: its name says so, or
// what it encodes is a word that everybody knows, such as that which a database starts with. It is empty of anything else.
func manifestEntry(value []byte) string {
	name, rest, found := strings.Cut(string(value), ":")
	plain, err := base64.StdEncoding.DecodeString(strings.Trim(strings.TrimSpace(rest), `"'`))
	if !found || err != nil || len(plain) == 0 || strings.ContainsFunc(name, func(r rune) bool { return r != '.' && r != '-' && (r >= 0x80 || !isNameByte(byte(r))) }) {
		return ""
	}
	if isIdentifier(name) {
		return "its name says that it holds no credential"
	}
	const short = 16
	if len(plain) < short && !bytes.ContainsFunc(plain, func(r rune) bool { return r < 'a' || r > 'z' }) {
		return "a word"
	}
	return placeholder(plain)
}

// crossedOut reports whether somebody wrote x for what the value is: no random value has so many of them in a row.
func crossedOut(v string) bool { return strings.Contains(strings.ToLower(v), "xxxxxxxxxxxx") }

// What a block of PEM begins with, and its last line. https://www.rfc-editor.org/rfc/rfc7468
const (
	pemBegin = "-----BEGIN "
	pemEnd   = "-----END "
)

// pemBlock returns the first block of what begins as PEM. An expression for keys goes on over a block that holds none, up to the next.
func pemBlock(value []byte) []byte {
	body := value[len(pemBegin):]
	for _, mark := range []string{pemBegin, pemEnd} {
		if i := bytes.Index(body, []byte(mark)); i >= 0 {
			body = body[:i]
		}
	}
	return value[:len(pemBegin)+len(body)]
}

// emptyFrame reports whether the first block of PEM has nothing in it that can be of a key: lines of base 64 have 64 characters, and so has the
// shortest key, that of Ed25519 in PKCS #8 (https://www.rfc-editor.org/rfc/rfc8410#section-10.3). So it is with a text that only says how keys
// begin, and with one whose rest was left out, or is words: base 64 has letters in both cases.
func emptyFrame(value []byte) bool {
	const shortest = 24 // also where somebody broke the lines anew
	run, upper, lower := 0, false, false
	for _, c := range pemBlock(value)[len(pemBegin):] {
		switch {
		case 'A' <= c && c <= 'Z':
			upper = true
		case 'a' <= c && c <= 'z':
			lower = true
		case '0' <= c && c <= '9', c == '+', c == '/', c == '=':
		default:
			run, upper, lower = 0, false, false
			continue
		}
		if run++; run >= shortest && upper && lower {
			return false
		}
	}
	return true
}

// isVariable reports whether the text is a variable of the shell and nothing else.
func isVariable(v string) bool {
	return len(v) > 1 && len(v) <= longestReference && v[0] == '$' && isNameByte(v[1]) &&
		strings.IndexFunc(v[1:], func(r rune) bool { return r > 0x7f || !isNameByte(byte(r)) }) < 0
}

// isTemplate reports whether the value is, or holds, what something else replaces.
func isTemplate(v string) bool {
	for _, mark := range []string{"${", "{{", "$(", "<%", "#{", "%("} {
		if strings.Contains(v, mark) {
			return true
		}
	}
	first, last := v[0], v[len(v)-1]
	switch {
	case first == '<' && last == '>', first == '[' && last == ']', first == '{' && last == '}':
		return true
	case first == '%' && last == '%' && len(v) > 2, enclosed(v, "__"), enclosed(v, "@@"):
		return true
	case isVariable(v):
		return true
	}
	if user, password, login := strings.Cut(strings.Trim(v, `"'`), ":"); login && (isVariable(password) || password == "" && isVariable(user)) {
		return true // curl -u "$KEY:"
	}
	if strings.HasPrefix(v, "-----BEGIN ") && strings.Contains(v, "%s") {
		return true // the frame of a key, for a function that formats
	}
	return strings.Contains(v, "...") || strings.Contains(v, "***") || strings.Contains(v, "…") || strings.Contains(v, "•")
}

// longestReference is the length of what is still taken for a variable, its dollar sign included. Keys of Asaas begin with a dollar sign too, and are longer.
const longestReference = 64

// examples are parts of credentials that documents publish: https://docs.aws.amazon.com/IAM/latest/UserGuide/security-creds.html
// and the like. Each is long enough not to stand in a random value.
var examples = []string{"EXAMPLEKEY", "IOSFODNN7EXAMPLE", "I44QH8DHBEXAMPLE", "1234567890abcdef1234", "abcdef1234567890", "0123456789abcdef01", "deadbeefdeadbeef",
	"abcdefghijklmnop", "your-256-bit-secret",
	"IxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9l", // https://jwt.io, of the sample that it shows
	"Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1",       // https://learn.microsoft.com/azure/storage/common/storage-connect-azurite
	"C2y6yDjf5/R+ob0N8A7Cgv30VRDJIWEHLM",     // https://learn.microsoft.com/azure/cosmos-db/emulator
	"4eC39HqLyjWDarjtT1zdp7dc",               // https://docs.stripe.com/api/authentication, of the key that its examples use; whatever prefix it is given
	// https://getfoundry.sh/anvil/overview, of the keys of accounts that local chains start with; Hardhat's node has the same
	"ac0974bec39a17e36ba4a6b4d238ff94", "59c6995e998f97a5a0044966f0945389", "5de4111afa1a4b94908f83103eb1f170", "7c852118294e51e653712a81e05800f4",
	"47e179ec197488593b187f80a00eb0da", "8b3a350cf5c34c9194ca85829a2df0ec", "92db14e403b83dfe3df233f83dfa3a0d", "4bbbf85ce3377467afe5d46f804f2218",
	"dbda1821b80551c9d65939329250298a", "2a871d0798f97d79848a013d4936a73b",
}

// enclosed reports whether the mark stands at both ends of the value: __TOKEN__, @@TOKEN@@.
func enclosed(v, mark string) bool {
	return len(v) > 2*len(mark) && strings.HasPrefix(v, mark) && strings.HasSuffix(v, mark)
}

func published(v string) bool {
	folded := strings.ToLower(v)
	for _, e := range examples {
		if strings.Contains(folded, strings.ToLower(e)) {
			return true
		}
	}
	return strings.HasSuffix(v, "EXAMPLE")
}

// standIns are words that stand for a value. A value is a placeholder if nothing else but separators and digits is left of it.
var standIns = []string{
	"placeholder", "changeme", "change", "replaceme", "replace", "redacted", "example", "examples", "sample", "dummy", "insert", "enter",
	"password", "passwd", "secret", "token", "apikey", "credential", "credentials", "access", "private", "public", "default", "value", "string",
	"todo", "fixme", "yours", "your", "mine", "this", "that", "here", "with", "from", "some", "real", "fake", "mock", "test", "testing", "live",
	"prod", "production", "staging", "development", "local", "demo", "none", "null", "undefined", "empty", "hidden", "masked", "secure",
	"super", "strong", "random", "foobar", "foo", "bar", "baz", "user", "admin", "root", "pass", "auth", "bearer", "basic", "key", "keys",
	"api", "app", "the", "and", "you", "put", "set", "not", "goes", "hash", "generated", "generate", "for", "jwt", "validation", "signing",
	"encryption", "session", "my", "me", "to", "be", "in", "it", "is", "an", "of", "or", "id", "a", "sk", "pk", "rk", "org", "client",
	"database", "db", "dev", "name", "account", "service", "abc", "xyz", "invalid", "wrong", "incorrect", "expired", "bogus", "unknown",
}

// onlyWords reports whether the value is made of stand-in words, digits that count up, separators and runs of x.
func onlyWords(v string) bool {
	if len(v) > 128 {
		return false
	}
	folded := strings.ToLower(v)
	reached := make([]bool, len(folded)+1) // reached[i]: folded[:i] is made of such words
	reached[0] = true
	letters := false
	for i := range len(folded) {
		c := folded[i]
		letters = letters || 'a' <= c && c <= 'z'
		if !reached[i] {
			continue
		}
		if !isNameByte(c) && c < 0x80 || c == '_' || c == 'x' {
			reached[i+1] = true
		}
		if n := counting(folded[i:]); n > 0 {
			reached[i+n] = true
		}
		if n := alphabetical(folded[i:]); n >= len("abc") {
			reached[i+n] = true
		}
		for _, word := range standIns {
			if strings.HasPrefix(folded[i:], word) {
				reached[i+len(word)] = true
			}
		}
	}
	return letters && reached[len(folded)]
}

// alphabetical returns the length of the run of letters that s begins with and that follow each other in the alphabet: abc, def.
func alphabetical(s string) int {
	n := 0
	for n < len(s) && 'a' <= s[n] && s[n] <= 'z' && (n == 0 || s[n] == s[n-1]+1) {
		n++
	}
	return n
}

// isResource reports whether the value is what AWS calls an endpoint, a network, a machine or the like: vpce- and 8 or 17 digits
// (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/resource-ids.html).
func isResource(v string) bool {
	kind, digits, _ := strings.Cut(v, "-")
	return len(kind) > 0 && len(kind) <= len("eipalloc") && strings.Trim(kind, "abcdefghijklmnopqrstuvwxyz") == "" &&
		(len(digits) == 8 || len(digits) == 17) && strings.Trim(digits, "0123456789abcdef") == ""
}

// isARN reports whether the value begins as the name of a resource of AWS, all of which is no secret: of arn:aws:ssm:eu-west-2:${local.account}:parameter/key
// only what stands before a variable may be left (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html).
func isARN(v string) bool {
	partition, _, found := strings.Cut(strings.TrimPrefix(v, "arn:"), ":")
	return found && strings.HasPrefix(v, "arn:") && (partition == "aws" || strings.HasPrefix(partition, "aws-"))
}

// isAccount reports whether the value is the address of an account or a contract on a chain of blocks: everybody sees it, and it opens nothing
// (https://ethereum.org/developers/docs/accounts/).
func isAccount(v string) bool {
	const digits = 40
	rest, ok := strings.CutPrefix(v, "0x")
	return ok && len(rest) == digits && strings.Trim(rest, "0123456789abcdefABCDEF") == ""
}

// isSelector reports whether the value is written as code names things: words of small letters, joined by two or more dots. So do
// Terraform and others refer to a value: aws_rds_cluster.db.master_user_secret.
func isSelector(v string) bool {
	if strings.Count(v, ".") < 2 || strings.Contains(v, "..") || v[0] == '.' || v[len(v)-1] == '.' {
		return false
	}
	for part := range strings.SplitSeq(v, ".") {
		name := strings.TrimRight(part, "0123456789[]")
		if name == "" && part != "0" || strings.Trim(name, "abcdefghijklmnopqrstuvwxyz_") != "" {
			return false
		}
	}
	return true
}

// isConstant reports whether the value is words of capitals, joined by two or more underscores, as variables are called: of its own variable it is
// the name, or stands for what is to be put there.
func isConstant(v string) bool {
	return strings.Count(v, "_") >= 2 && v == strings.ToUpper(v) && isWords(v)
}

// isWords reports whether the value is words of letters in one case, or with a capital, and numbers beside them, joined by anything else. Of random
// values hardly one has so many letters in a row without a digit or a change of case.
func isWords(v string) bool { return words(v) >= 2 }

// words returns how many words such a value has, 0 if it is none.
func words(v string) int {
	const shortest, longestNumber = 3, 5
	words, letters := 0, 0
	for _, part := range strings.FieldsFunc(v, func(r rune) bool { return r < 0x80 && (!isNameByte(byte(r)) || r == '_') }) {
		word := strings.Trim(part, "0123456789")
		lower := strings.ToLower(word)
		if strings.Trim(lower, "abcdefghijklmnopqrstuvwxyz") != "" || len(part)-len(word) > longestNumber {
			return 0
		}
		if word != lower && word != strings.ToUpper(word) && word[1:] != lower[1:] {
			return 0
		}
		if len(word) >= shortest {
			words++
		}
		letters += len(word)
	}
	if 10*letters < 6*len(v) {
		return 0
	}
	return words
}

// isEntry reports whether the value is words, or one word and more apart from it: 30_exemptions.
func isEntry(v string) bool { return isWords(v) || words(v) > 0 && strings.ContainsAny(v, "_-.:/ ") }

// isHostName reports whether the value is written as names of hosts are: labels of small letters, digits and dashes, of which the last is letters.
func isHostName(v string) bool {
	dot := strings.LastIndexByte(v, '.')
	return dot > 0 && len(v)-dot > 2 && strings.Trim(v[dot+1:], "abcdefghijklmnopqrstuvwxyz") == "" &&
		strings.Trim(v, "abcdefghijklmnopqrstuvwxyz0123456789.-") == "" && !strings.Contains(v, "..")
}

// isPath reports whether the value is words of small letters, joined by slashes, as stores of secrets call what they keep: acme/billing/mail.
// Of base 64 hardly one value in ten thousand is that short of capitals and digits.
func isPath(v string) bool {
	const shortest = 12
	return len(v) >= shortest && strings.Contains(v, "/") && strings.Trim(v, "abcdefghijklmnopqrstuvwxyz_-/") == ""
}

// isVersion reports whether the value begins as versions do, with three small numbers: v1.2.3, 10.0.1-rc.1, v0.6.5-login-prod.
func isVersion(v string) bool {
	rest := strings.TrimPrefix(v, "v")
	for i := range 3 {
		n := len(rest) - len(strings.TrimLeft(rest, "0123456789"))
		if n == 0 || n > 4 {
			return false
		}
		rest = rest[n:]
		if i < 2 {
			if !strings.HasPrefix(rest, ".") {
				return false
			}
			rest = rest[1:]
		}
	}
	return rest == "" || rest[0] == '-' || rest[0] == '+'
}

// isDuration reports whether the value is a duration of Go's: 720h, 1h30m.
func isDuration(v string) bool {
	_, err := time.ParseDuration(v)
	return err == nil
}

// isDigest reports whether the value is written as digests of the common functions are: 40 to 128 hexadecimal digits, or 32 of MD5.
func isDigest(v string) bool {
	switch len(v) {
	case 32, 40, 56, 64, 96, 128:
		return strings.Trim(v, "0123456789abcdefABCDEF") == ""
	}
	return false
}

// isOwnID reports whether the value is what reports, baselines and acceptances call a token or a crossing.
func isOwnID(v string) bool {
	digits, token := strings.CutPrefix(v, "tok_")
	if !token {
		digits = strings.TrimPrefix(v, "x_")
	}
	return len(digits) == 16 && len(digits) < len(v) && strings.Trim(digits, "0123456789abcdef") == ""
}

// counting returns the length of the run of digits that s begins with, if it is short or counts up: 1, 123, 1234567890.
func counting(s string) int {
	n := 0
	for n < len(s) && '0' <= s[n] && s[n] <= '9' {
		n++
	}
	for i := 1; i < n; i++ {
		if n > 4 && s[i] != (s[i-1]-'0'+1)%10+'0' && s[i] != s[i-1] {
			return 0
		}
	}
	return n
}

// countsUp reports whether most of the value is digits that count up, as what people type: SAK123456789.
func countsUp(v string) bool {
	const enough = 8
	run, longest := 1, 1
	for i := 1; i < len(v); i++ {
		if '1' <= v[i] && v[i] <= '9' && v[i] == v[i-1]+1 || v[i] == '0' && v[i-1] == '9' {
			run++
		} else {
			run = 1
		}
		longest = max(longest, run)
	}
	return longest >= enough && 3*longest >= 2*len(v)
}

// lowVariety reports whether the value repeats itself, or counts: xxxxxxxx, 12345678, abcdefgh, abababab. A prefix up to the last
// underscore or dash is left out: sk_live_xxxxxxxxxxxx.
func lowVariety(v string) bool {
	body := v
	if i := strings.LastIndexAny(v, "_-."); i >= 0 && len(v)-i > 8 {
		body = v[i+1:]
	}
	if len(body) < 4 {
		return false
	}
	seen := [256]bool{}
	distinct, steps := 0, 0
	for i := range len(body) {
		if c := body[i]; !seen[c] {
			seen[c] = true
			distinct++
		}
		if i > 0 {
			if d := int(body[i]) - int(body[i-1]); d == 0 || d == 1 || d == -1 || body[i-1] == '9' && body[i] == '0' {
				steps++
			}
		}
	}
	return distinct <= 2 && len(body) >= 6 || len(body) >= 8 && distinct <= min(len(body)/8+1, 6) || steps >= len(body)*4/5 && len(body) >= 8
}
