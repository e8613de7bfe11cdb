package tag

import (
	"bytes"
	"path"
	"slices"
	"strings"

	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/environ"
)

// Observation is what the text around one candidate shows. It holds nothing of the secret and encodes to JSON and back without loss.
type Observation struct {
	At       detectors.Place
	Rule     string
	Handed   bool     // by this rule it is a token only if code hands it on as one
	Provider string   // of the rule; empty if it names none
	Kinds    []string // of the provider, still open
	Variable string   // the name that the value is assigned to, as written
	Keys     []string // enclosing keys, sections and blocks, outermost first
	Section  string   // the outermost key, where the provider's program chooses by it, and no other section takes it over
	Header   string   // the header that the value is sent in, as written
	Scheme   string   // the word before the value in that header
	Hosts    []string // in its statement, in its record of a data file, or in the variable that goes with its; lower case, sorted
	Own      []string // of these the ones that go with it, by a name or a flag: they say where it reaches, the others only where it may
	Decoded  detectors.Decoded
	IDs      []detectors.ID // of containers that stand beside it, by the provider's table
	Parts    []Beside       // of its partners, those that stand beside it
	Lacks    []string       // the titles of the partners that it needs and that do not

	Intent  []detectors.Evidence
	Intends detectors.Environment
	Aside   bool   // in a test, an example or a document
	Ignore  string // why it is no token: a placeholder, a published fake, a local default
	Allowed string // the comment on its line that says that it is no leak to report
}

// Ignores returns why a candidate is no token, "" if it may be one. [File.Observe] says the same, and more at a greater cost.
func (f *File) Ignores(rule detectors.Rule, value []byte, span detectors.Span) string {
	var o Observation
	if f.k.judge(&o, rule, value); o.Ignore == "" {
		t := f.at(span)
		o.bind(f.k, t)
		o.fill(t, rule, value)
		o.fillExample(f.path, pathAside(f.path))
	}
	return o.Ignore
}

// judge reads the value alone.
func (k *Knowledge) judge(o *Observation, rule detectors.Rule, value []byte) {
	if p := k.providers[rule.Provider]; p != nil && p.Decode != nil {
		o.Decoded = p.Decode(string(value))
		o.Ignore = o.Decoded.Reject
		if o.Decoded.Kind != "" {
			o.Kinds = []string{o.Decoded.Kind}
		}
	}
	switch {
	case o.Ignore != "":
	case bytes.HasPrefix(value, []byte(pemBegin)): // an address or an ellipsis below a block is not of it
		if o.Ignore = placeholder(pemBlock(value)); o.Ignore == "" && emptyFrame(value) {
			o.Ignore = "the frame of a key, without one"
		}
	case rule.Provider == "" && manifestEntry(value) != "":
		o.Ignore = manifestEntry(value)
	case !bytes.Contains(value, []byte("://")):
		o.Ignore = placeholder(value)
	case crossedOut(string(value)): // the rest of an address says nothing of the credential in it
		o.Ignore = "crossed out"
	}
}

// fill ignores what a form shows, what a baseline has and what names an entry, by the variable, and an image's tag, by what stands before it.
func (o *Observation) fill(t text, rule detectors.Rule, value []byte) {
	switch {
	case o.Ignore != "":
	case rule.Provider == "" && t.isTag():
		o.Ignore = "the tag of an image"
	case strings.EqualFold(o.Variable, "placeholder"):
		o.Ignore = "what a form shows in an empty field"
	case o.Variable == "hashed_secret": // https://github.com/Yelp/detect-secrets/blob/master/docs/design.md#potentialsecret
		o.Ignore = "a digest in a baseline of detect-secrets"
	case rule.Generic && rule.Provider == "" && t.isMember(string(value)):
		o.Ignore = "a name in code"
	case rule.Generic && rule.Provider == "" && t.isRecord(string(value)):
		o.Ignore = "the id of a record, beside others"
	case rule.Generic && rule.Provider == "" && isLock(t.path):
		o.Ignore = "in a list of versions and digests"
	case rule.Generic && rule.Provider == "" && isTemplateFile(t.path):
		o.Ignore = "in a file that others are made from, and like no service's tokens"
	case rule.Generic && rule.Provider == "" && namesDigest(o.Variable) && isDigest(string(value)):
		o.Ignore = "a digest" // of what nobody can read out of it, if that is random
	case rule.Generic && rule.Provider == "" && namesEntry(o.Variable) && isEntry(string(value)):
		o.Ignore = "the name of an entry"
	case rule.Generic && rule.Provider == "" && isHostName(string(value)) && !namesSecret(o.Variable):
		o.Ignore = "the name of a host"
	}
}

// Observe returns what the file shows about a candidate. value is the secret, decoded; at is where it stands as it is written.
func (f *File) Observe(rule detectors.Rule, value []byte, at detectors.Place) Observation {
	k, path := f.k, f.path
	o := Observation{At: at, Rule: rule.ID, Handed: rule.Handed, Provider: rule.Provider, Kinds: slices.Clone(rule.Kinds)}
	p := k.providers[rule.Provider]
	k.judge(&o, rule, value)
	t := f.at(at.Span)
	o.Allowed = t.allowed()
	o.bind(k, t)
	o.Handed = o.Handed && o.Header == "" // what the text puts into a header is handed on, in whatever language
	o.fill(t, rule, value)
	o.Keys = t.keys()
	if p != nil && p.HasSections(path) {
		o.Section = t.topKey()
	}
	o.Hosts, o.Own = t.hosts(k, o.Variable)
	if p != nil {
		o.IDs = k.ids(p, t)
	}
	o.Parts, o.Lacks = k.partners(&o, t, path, string(value))
	o.intend(path)
	o.Aside = f.isAside(t, &o)
	o.fillExample(path, o.Aside)
	return o
}

// fillExample ignores, in tests and in examples, what these write for a credential. What somebody notes in a document can be real.
func (o *Observation) fillExample(path string, aside bool) {
	if o.Ignore == "" && (isTemplateFile(path) || aside && !IsDocument(path)) {
		o.Ignore = o.Decoded.Example
	}
}

// ids returns the containers that stand beside the candidate. A credential beside it, such as the id of a pair whose secret it is, names
// those that its text names, and is none itself.
func (k *Knowledge) ids(p *detectors.Provider, t text) []detectors.ID {
	var ids []detectors.ID
	for _, c := range p.Containers {
		value := t.beside(c.Variable)
		if value == "" {
			continue
		}
		var named []detectors.ID
		if p.Decode != nil {
			named = p.Decode(value).IDs
		}
		if provider, _, credential := k.Variable(c.Variable); named == nil && !(credential && provider == p.Name) {
			named = []detectors.ID{{What: c.What, Value: value}}
		}
		for _, id := range named {
			if !slices.Contains(ids, id) {
				ids = append(ids, id)
			}
		}
	}
	return ids
}

// bind finds the variable or the header that the value is given to.
func (o *Observation) bind(k *Knowledge, t text) {
	name, scheme := t.name()
	if name == "" && t.isAll() {
		name, _, _ = strings.Cut(strings.TrimLeft(path.Base(t.path), "."), ".")
	}
	o.Scheme = scheme
	switch lower := strings.ToLower(name); {
	case lower == "authorization", lower == "proxy-authorization", strings.HasPrefix(lower, "x-"),
		strings.ContainsRune(name, '-') && scheme != "",
		k.headers[lower] && t.mentionsHeader():
		o.Header = name
	default:
		o.Variable = name
		o.Header, o.Scheme = t.sentAs(k, name, scheme)
	}
}

// How the cues of intent begin, which tells their group.
const (
	saysVariable = "the variable "
	saysName     = "the name " // of what is no variable, such as an account
	saysKey      = "the enclosing "
	saysPath     = "the path "
)

// intend collects the cues of intent: the variable, the enclosing keys, the path.
func (o *Observation) intend(path string) {
	add := func(says string, weigh func(environ.Cue) int, line int, cues []environ.Cue) {
		for _, c := range cues {
			o.Intends |= c.Environments
			o.Intent = append(o.Intent, detectors.Evidence{About: "intent", Says: says + " says " + c.Environments.String(), Decibans: weigh(c), Path: path, Line: line})
		}
	}
	add(saysVariable+o.Variable, weighName, o.At.Line, environ.IdentifierCues(o.Variable))
	for _, key := range o.Keys {
		add(saysKey+key, weighKey, o.At.Line, keyCues(key))
	}
	add(saysPath+path, weighPath, 0, environ.PathCues(path))
}

// keyCues reads an enclosing key: as a value where the key is a single word (production:, stage:), else as an identifier.
func keyCues(key string) []environ.Cue {
	if !strings.ContainsAny(key, "_-. :/") {
		if cues := environ.ValueCues(key); cues != nil {
			return cues
		}
	}
	return environ.IdentifierCues(key)
}
