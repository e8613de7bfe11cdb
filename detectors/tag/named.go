package tag

import (
	"slices"
	"strings"

	"github.com/stagewall/stagewall/detectors"
)

// A name that stands in no document can say all the same whose token it is and of which kind: OPENAI_KEY, AZURE_STORAGE_CONNECTION_STRING_EU.
// It is read in words. Either it is a documented name with words before or behind it, or it begins with the provider's name; then the
// kinds are those whose documented names have the same noun, and no word of their own that is missing here: OPENAI_KEY speaks of no admin
// key. A word that makes another thing of it, as in GITHUB_WEBHOOK_SECRET, takes the meaning away.

// speaksOf returns the provider and the kinds that a name speaks of, nothing if it speaks of none or of several providers. A documented name
// within it says more than a provider's name at its beginning: HEROKU_DNS_AWS_SECRET_ACCESS_KEY.
func (k *Knowledge) speaksOf(name string) (provider string, kinds []string) {
	words := wordsOf(name)
	provider, kinds, several := k.only(k.candidates().extended(words), words, k.extends)
	if provider == "" && !several {
		provider, kinds, _ = k.only(k.candidates().spoken(words), words, k.speaks)
	}
	return provider, kinds
}

// only returns the one of the providers that the words speak of, and the kinds; nothing if these are several.
func (k *Knowledge) only(providers, words []string, by func(*detectors.Provider, []string) []string) (provider string, kinds []string, several bool) {
	for _, p := range providers {
		found := by(k.providers[p], words)
		if len(found) == 0 {
			continue
		}
		if provider != "" {
			return "", nil, true
		}
		provider, kinds = p, found
	}
	return provider, kinds, false
}

// wordsOf returns the words of a name in lower case, without those of environments, of build tools, and numbers at its end.
func wordsOf(name string) []string {
	upper := withoutEnvironments(snake(name))
	for _, prefix := range wrappers {
		if rest, found := strings.CutPrefix(upper, prefix); found {
			upper = rest
			break
		}
	}
	return strings.FieldsFunc(strings.ToLower(upper), func(r rune) bool { return r == '_' })
}

// others are words that make something else of what a name is documented for.
var others = []string{
	"client", "webhook", "webhooks", "hook", "oauth", "sso", "signing", "signature", "encryption", "jwt", "session", "cookie", "public", "publishable",
	"username", "user", "id", "ids", "email", "endpoint", "host", "bypass", "verification", "verify", "invite", "salt", "hmac", "certificate", "cert", "ssh", "gpg", "deploy",
	"url", "uri", "version", "name", "region", "expiry", "expires",
}

// nouns are the words for a credential, each with the word that stands for its sort.
var nouns = map[string]string{
	"key": "key", "apikey": "key", "token": "token", "pat": "token", "secret": "secret", "password": "password", "pass": "password", "pwd": "password",
	"credentials": "credentials", "creds": "credentials", "dsn": "dsn", "string": "string", "webhook": "webhook",
}

// plainWords say nothing of the kind.
var plainWords = []string{"api", "access", "auth"}

// documentedWords returns the words of the names that providers document, by name: every name that is asked about is compared with all.
func documentedWords(providers map[string]*detectors.Provider) map[string][]string {
	words := map[string][]string{}
	for _, p := range providers {
		for i := range p.Kinds {
			for _, variable := range p.Kinds[i].Variables {
				words[variable] = wordsOf(variable)
			}
		}
	}
	return words
}

// speaks returns the kinds of the provider that a name speaks of which begins with the provider's. The secret of an access key is AWS's, or of a
// store that speaks its protocol, whoever uses it.
func (k *Knowledge) speaks(p *detectors.Provider, words []string) []string {
	n := mentions(p, words)
	if n == 0 || len(p.Hosts) == 0 || len(words) == n || strings.HasSuffix(strings.Join(words, " "), " secret access key") {
		return nil
	}
	rest, noun := particular(words[n:])
	if noun == "" || slices.ContainsFunc(rest, func(w string) bool { return slices.Contains(others, w) }) {
		return nil
	}
	var fitting, same, any []string
	most := 0
	for i := range p.Kinds {
		kind := &p.Kinds[i]
		for _, variable := range kind.Variables {
			documented := k.words()[variable]
			if m := mentions(p, documented); m > 0 {
				documented = documented[m:]
			}
			own, sort := particular(documented)
			missing := slices.ContainsFunc(own, func(w string) bool { return !slices.Contains(rest, w) })
			switch {
			case sort == noun && !missing && len(own) > most:
				fitting, most = []string{kind.Name}, len(own)
			case sort == noun && !missing && len(own) == most:
				fitting = append(fitting, kind.Name)
			}
			if sort == noun {
				same = append(same, kind.Name)
			}
			if !missing {
				any = append(any, kind.Name)
			}
		}
	}
	if len(same) > 0 || noun == "webhook" {
		any = nil
	}
	for i, found := range [][]string{fitting, same, any} {
		if i > 0 && slices.ContainsFunc(found, func(name string) bool { return isPublic(p, name) }) {
			continue // SUPABASE_KEY can be one that is made to be published
		}
		if len(found) > 0 {
			slices.Sort(found)
			return slices.Compact(found)
		}
	}
	return nil
}

func isPublic(p *detectors.Provider, kind string) bool {
	return slices.ContainsFunc(p.Kinds, func(k detectors.Kind) bool { return k.Name == kind && k.Scope == detectors.ScopePublic })
}

// extends returns the kinds whose documented names begin or end the name: those of the longest, if it is the provider's beyond doubt.
func (k *Knowledge) extends(p *detectors.Provider, words []string) []string {
	var kinds []string
	longest := 0
	for i := range p.Kinds {
		for _, variable := range p.Kinds[i].Variables {
			documented := k.words()[variable]
			n := len(documented)
			if n < 2 || n >= len(words) || n < longest || n < 3 && mentions(p, documented) == 0 {
				continue
			}
			var more []string
			switch {
			case slices.Equal(words[:n], documented):
				more = words[n:]
			case slices.Equal(words[len(words)-n:], documented):
				more = words[:len(words)-n]
			default:
				continue
			}
			if slices.ContainsFunc(more, func(w string) bool { return slices.Contains(others, w) || nouns[w] != "" }) {
				continue
			}
			if n > longest {
				kinds, longest = nil, n
			}
			kinds = append(kinds, p.Kinds[i].Name)
		}
	}
	slices.Sort(kinds)
	return slices.Compact(kinds)
}

// mentions returns how many words at the beginning are the provider's name: one for openai, two for new_relic, one for what it is called for short.
func mentions(p *detectors.Provider, words []string) int {
	if p.Short != "" && len(words) > 0 && words[0] == p.Short {
		return 1
	}
	name := strings.ReplaceAll(p.Name, "-", "")
	joined := ""
	for i, w := range words {
		joined += w
		if joined == name {
			return i + 1
		}
		if len(joined) >= len(name) {
			break
		}
	}
	return 0
}

// particular returns the words that say something of the kind, and the sort of the noun.
func particular(words []string) (own []string, noun string) {
	last := -1
	for i, w := range words {
		if nouns[w] != "" {
			noun, last = nouns[w], i
		}
	}
	for i, w := range words {
		if i != last && !slices.Contains(plainWords, w) {
			own = append(own, w) // a secret key is one of several keys
		}
	}
	return own, noun
}
