package tag

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/environ"
)

// Knowledge is an index of what is known of providers. It does not change and can be shared.
type Knowledge struct {
	providers map[string]*detectors.Provider
	names     []string                         // of the providers, sorted
	variables map[string][]kindOf              // by documented name, upper case
	stores    map[string]kindOf                // of references: what is assumed, by the store
	tools     map[string][]toolOf              // by program
	libraries map[string][]libraryOf           // by the first word of their names
	hosts     map[string][]string              // by exact host
	domains   []domain                         // hosts below a domain
	headers   map[string]bool                  // names of headers that kinds are sent in, lower case
	shapes    map[kindOf]func() *regexp.Regexp // anchored, compiled on first need; nil for a bad expression

	partnerShapes map[string]func() *regexp.Regexp // by their text, not anchored
	words         func() map[string][]string       // see documentedWords
	candidates    func() *candidates
}

type kindOf struct{ provider, kind string }

type toolOf struct {
	provider string
	tool     detectors.Tool
}

// libraryOf is one name of a library.
type libraryOf struct {
	provider, name string
	variables      []string
}

type domain struct{ suffix, provider string }

// NewKnowledge returns an index of the providers, which must not change afterwards.
func NewKnowledge(providers []detectors.Provider) *Knowledge {
	k := &Knowledge{
		providers: map[string]*detectors.Provider{},
		variables: map[string][]kindOf{},
		stores:    map[string]kindOf{},
		tools:     map[string][]toolOf{},
		libraries: map[string][]libraryOf{},
		hosts:     map[string][]string{},
		headers:   map[string]bool{"authorization": true},
		shapes:    map[kindOf]func() *regexp.Regexp{},

		partnerShapes: map[string]func() *regexp.Regexp{},
	}
	k.words = sync.OnceValue(func() map[string][]string { return documentedWords(k.providers) })
	k.candidates = sync.OnceValue(func() *candidates { return newCandidates(k.providers, k.words()) })
	for i := range providers {
		k.add(&providers[i])
	}
	k.names = slices.Sorted(maps.Keys(k.providers))
	return k
}

func (k *Knowledge) add(p *detectors.Provider) {
	k.providers[p.Name] = p
	for _, kind := range p.Kinds {
		of := kindOf{p.Name, kind.Name}
		for _, name := range kind.Variables {
			key := strings.ToUpper(name)
			k.variables[key] = append(k.variables[key], of)
		}
		if kind.Store != "" {
			k.stores[kind.Store] = of
		}
		for _, header := range kind.Headers {
			name, _, _ := strings.Cut(header, " ")
			k.headers[strings.ToLower(name)] = true
		}
		for _, partner := range kind.Partners {
			if partner.Shape != "" {
				k.partnerShapes[partner.Shape] = sync.OnceValue(func() *regexp.Regexp { re, _ := regexp.Compile(partner.Shape); return re })
			}
		}
		if kind.Shape != "" {
			k.shapes[of] = sync.OnceValue(func() *regexp.Regexp { return compile(kind.Shape) })
		}
	}
	for _, tool := range p.Tools {
		for _, name := range append([]string{tool.Name}, tool.Aliases...) {
			k.tools[name] = append(k.tools[name], toolOf{p.Name, tool})
		}
	}
	for _, library := range p.Libraries {
		for _, name := range library.Names {
			head := firstWord(name)
			k.libraries[head] = append(k.libraries[head], libraryOf{p.Name, name, library.Variables})
		}
	}
	for _, host := range p.Hosts {
		if strings.HasPrefix(host, ".") {
			k.domains = append(k.domains, domain{host, p.Name})
		} else {
			k.hosts[host] = append(k.hosts[host], p.Name)
		}
	}
}

// compile returns the expression anchored at both ends, nil if RE2 refuses it.
func compile(shape string) *regexp.Regexp {
	re, err := regexp.Compile(`\A(?:` + shape + `)\z`)
	if err != nil {
		return nil
	}
	return re
}

// Provider returns what is known of a provider, nil if nothing is.
func (k *Knowledge) Provider(name string) *detectors.Provider { return k.providers[name] }

// Kind returns a kind of a provider's tokens, nil if there is none of that name.
func (k *Knowledge) Kind(provider, kind string) *detectors.Kind {
	p := k.providers[provider]
	if p == nil {
		return nil
	}
	for i := range p.Kinds {
		if p.Kinds[i].Name == kind {
			return &p.Kinds[i]
		}
	}
	return nil
}

// IsAssumed reports whether a reference is to what a job or a program is let be, such as a role: only where something says that it is
// production's it is more than the way in which staging should work.
func (k *Knowledge) IsAssumed(r *detectors.Reference) bool {
	return r != nil && k.stores[r.Store] != kindOf{}
}

// Variable returns the provider and the kind that a variable's name is documented for. Case and the style of separators do not matter
// (railwayApiToken), nor do the prefixes of build tools (VITE_, TF_VAR_) and words of environments (STAGING_RAILWAY_TOKEN,
// RAILWAY_TOKEN_PROD). A name that several providers document decides nothing.
func (k *Knowledge) Variable(name string) (provider, kind string, ok bool) {
	_, kinds := k.variable(name)
	if len(kinds) == 0 || slices.ContainsFunc(kinds, func(of kindOf) bool { return of.provider != kinds[0].provider }) {
		return "", "", false
	}
	return kinds[0].provider, kinds[0].kind, true
}

// variable returns the documented name that a variable's name is taken for, and the kinds that it is documented for.
func (k *Knowledge) variable(name string) (documented string, kinds []kindOf) {
	for _, candidate := range spellings(name) {
		if kinds := k.variables[candidate]; len(kinds) > 0 {
			return candidate, kinds
		}
	}
	return "", nil
}

// taken says for people which documented name a variable's name is taken for, if they do not see that they are one.
func (k *Knowledge) taken(name string) string {
	if documented, _ := k.variable(name); documented != "" && documented != snake(name) {
		return name + " reads like " + documented + ", which"
	}
	return name
}

// wrappers are prefixes that build tools and habits put before documented names.
var wrappers = []string{"NEXT_PUBLIC_", "VITE_", "REACT_APP_", "EXPO_PUBLIC_", "NUXT_PUBLIC_", "NUXT_", "GATSBY_", "PUBLIC_", "TF_VAR_", "INPUT_", "SECRET_", "CI_", "MY_"}

// spellings returns the forms in which a name is looked up, the one as written first.
func spellings(name string) []string {
	if i := strings.LastIndexByte(name, '.'); i >= 0 && name[i+1:] == strings.ToUpper(name[i+1:]) {
		name = name[i+1:] // process.env.RAILWAY_TOKEN
	}
	upper := snake(name)
	forms := []string{strings.ToUpper(name), upper}
	add := func(form string) {
		if form != "" && !slices.Contains(forms, form) {
			forms = append(forms, form)
		}
	}
	add(withoutEnvironments(upper))
	for _, form := range slices.Clone(forms) {
		for _, prefix := range wrappers {
			if rest, found := strings.CutPrefix(form, prefix); found {
				add(rest)
				add(withoutEnvironments(rest))
			}
		}
	}
	for _, form := range slices.Clone(forms) {
		if strings.HasSuffix(form, "_ROLE") { // people leave out that it is the role's key
			add(form + "_KEY")
		}
	}
	return forms
}

// snake writes a name in any style as UPPER_SNAKE.
func snake(name string) string {
	var b strings.Builder
	for i := range len(name) {
		c := name[i]
		switch {
		case 'a' <= c && c <= 'z':
			b.WriteByte(c - 'a' + 'A')
		case 'A' <= c && c <= 'Z':
			if i > 0 && (isLower(name[i-1]) || i+1 < len(name) && isLower(name[i+1]) && isUpper(name[i-1])) {
				b.WriteByte('_')
			}
			b.WriteByte(c)
		case '0' <= c && c <= '9':
			b.WriteByte(c)
		default:
			b.WriteByte('_')
		}
	}
	return strings.Trim(b.String(), "_")
}

func isLower(c byte) bool { return 'a' <= c && c <= 'z' }
func isUpper(c byte) bool { return 'A' <= c && c <= 'Z' }

// withoutEnvironments cuts the words of environments out of an UPPER_SNAKE name, and a number at its end.
func withoutEnvironments(name string) string {
	cues := environ.IdentifierCues(name)
	for i := len(cues) - 1; i >= 0; i-- {
		at := cues[i].Span
		name = strings.Trim(name[:at.Start], "_") + "_" + strings.Trim(name[at.End:], "_")
	}
	name = strings.Trim(name, "_")
	return strings.TrimRight(strings.TrimRight(name, "0123456789"), "_")
}

// Tool returns what is known of a command line program, by its name, an alias or a path to it. Of a program that several providers
// list, the variables and flags are joined.
func (k *Knowledge) Tool(program string) (tool detectors.Tool, ok bool) {
	for _, of := range k.tools[programName(program)] {
		if !ok {
			tool, ok = of.tool, true
			continue
		}
		tool.Variables = append(slices.Clip(tool.Variables), of.tool.Variables...)
		tool.Selectors = append(slices.Clip(tool.Selectors), of.tool.Selectors...)
		tool.Values = append(slices.Clip(tool.Values), of.tool.Values...)
	}
	return tool, ok
}

// ToolProviders returns the providers whose tokens a program takes.
func (k *Knowledge) ToolProviders(program string) []string {
	var names []string
	for _, of := range k.tools[programName(program)] {
		if !slices.Contains(names, of.provider) {
			names = append(names, of.provider)
		}
	}
	return names
}

// Takes returns the names of the variables from which what is called takes a credential by itself, by its documentation: a program, or the
// client of a library that code gave none.
func (k *Knowledge) Takes(s detectors.Sink) []string {
	if s.Library == "" {
		tool, _ := k.Tool(s.Tool)
		return tool.Variables
	}
	var names []string
	for _, of := range k.libraries[firstWord(s.Library)] {
		if !of.has(s.Library) {
			continue
		}
		for _, name := range of.variables {
			if !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	return names
}

// Needs returns the names of the variables by which a program takes the credential without which it does nothing; with machine, unless the
// machine has an identity. There are none where several providers list the program.
func (k *Knowledge) Needs(s detectors.Sink) (names []string, machine bool) {
	of := k.tools[programName(s.Tool)]
	if len(of) != 1 || of[0].tool.Needs == detectors.NeedsNone {
		return nil, false
	}
	return of[0].tool.Variables, of[0].tool.Needs == detectors.NeedsIdentity
}

// firstWord returns the first word of the name under which code imports a package: "google" of google.cloud.storage, "@aws-sdk" of
// @aws-sdk/client-s3.
func firstWord(imported string) string {
	head, _, slash := strings.Cut(imported, "/")
	if !slash {
		head, _, _ = strings.Cut(imported, ".")
	}
	return head
}

// has reports whether what is imported is the library or lies below it.
func (l libraryOf) has(imported string) bool {
	if prefix, open := strings.CutSuffix(l.name, "*"); open {
		return strings.HasPrefix(imported, prefix)
	}
	rest, ok := strings.CutPrefix(imported, l.name)
	return ok && (rest == "" || rest[0] == '.' || rest[0] == '/')
}

// programName cuts folders, an extension and a version off: ./node_modules/.bin/wrangler, flyctl.exe, @railway/cli@latest.
func programName(program string) string {
	if i := strings.LastIndexByte(program, '@'); i > 0 {
		program = program[:i]
	}
	if !strings.HasPrefix(program, "@") {
		program = program[strings.LastIndexAny(program, `/\`)+1:]
	}
	return strings.TrimSuffix(program, ".exe")
}

// Host returns the providers that have this host, with or without a port.
func (k *Knowledge) Host(host string) []string {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	if i := strings.LastIndexByte(host, ':'); i >= 0 {
		host = host[:i]
	}
	names := slices.Clone(k.hosts[host])
	for _, d := range k.domains {
		if strings.HasSuffix(host, d.suffix) && !slices.Contains(names, d.provider) {
			names = append(names, d.provider)
		}
	}
	return names
}

// fits reports whether the value has the kind's shape. A kind without one fits nothing that its provider's rules did not match.
func (k *Knowledge) fits(of kindOf, value string) bool {
	shape, ok := k.shapes[of]
	if !ok {
		return false
	}
	re := shape()
	return re != nil && re.MatchString(value)
}
