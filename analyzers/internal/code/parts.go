package code

import (
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
)

// maxSources bounds what one value is noted to come from.
const maxSources = 24

// unknownSpace is the space of holes that nothing fills.
const unknownSpace = "unknown"

// Unknown is a part of which the text is not known.
func Unknown() analyzers.Part { return analyzers.Part{Hole: &analyzers.Hole{Space: unknownSpace}} }

// IsUnknown reports whether the hole is one that nothing fills.
func IsUnknown(h *analyzers.Hole) bool { return h != nil && h.Space == unknownSpace }

// Alternatives is a part that is one of several values.
func Alternatives(all ...[]analyzers.Part) analyzers.Part {
	hole := &analyzers.Hole{Space: unknownSpace}
	for _, parts := range all {
		hole.Values = append(hole.Values, analyzers.Value{Parts: parts})
	}
	return analyzers.Part{Hole: hole}
}

// Cased is a value in capitals, or in small letters: as is the space [analyzers.Upper] or [analyzers.Lower].
func Cased(as string, parts []analyzers.Part) []analyzers.Part {
	if len(parts) == 0 || IsOpaque(parts) {
		return parts
	}
	hole := &analyzers.Hole{Space: as, Values: []analyzers.Value{{Parts: parts}}}
	if texts := Texts(parts); len(texts) == 1 && !Varies(parts) {
		return []analyzers.Part{{Text: hole.Cased(texts[0])}}
	}
	return []analyzers.Part{{Hole: hole}}
}

// isChoice reports whether a hole is one of the values that it lists.
func isChoice(h *analyzers.Hole) bool {
	return IsUnknown(h) || h != nil && (h.Space == analyzers.Upper || h.Space == analyzers.Lower)
}

// Varies reports whether what a value comes to is told by what the process is given: by a name, or by a condition.
func Varies(parts []analyzers.Part) bool {
	return slices.ContainsFunc(parts, func(p analyzers.Part) bool {
		return p.Hole != nil && !isChoice(p.Hole) || p.Hole != nil && slices.ContainsFunc(p.Hole.Values, func(v analyzers.Value) bool {
			return v.If != nil || Varies(v.Parts)
		})
	})
}

// Under is a value that is taken only if all of the guards allow. Without any it is the value itself.
func Under(guards []analyzers.Guard, parts []analyzers.Part) []analyzers.Part {
	if len(parts) == 0 {
		return parts
	}
	for i := range guards {
		parts = []analyzers.Part{{Hole: &analyzers.Hole{Space: unknownSpace, Values: []analyzers.Value{{Parts: parts, If: &guards[i]}}}}}
	}
	return parts
}

// Imported is what another module has under a name, with all that is below it.
func Imported(name string) analyzers.Part {
	var made struct { // there are many: each is one piece of memory
		hole, below analyzers.Hole
		all         analyzers.Value
		parts       [1]analyzers.Part
	}
	made.below = analyzers.Hole{Name: name + ".", All: true}
	made.parts[0].Hole = &made.below
	made.all.Parts = made.parts[:]
	made.hole = analyzers.Hole{Name: name, Default: &made.all}
	return analyzers.Part{Hole: &made.hole}
}

// Opaque is a value that holds others and whose text is not known.
func Opaque(parts []analyzers.Part) []analyzers.Part {
	if len(parts) == 0 || IsOpaque(parts) {
		return parts
	}
	return append(slices.Clip(parts), Unknown())
}

// IsOpaque reports whether the parts are those of an opaque value.
func IsOpaque(parts []analyzers.Part) bool {
	return len(parts) > 0 && IsUnknown(parts[len(parts)-1].Hole) && parts[len(parts)-1].Hole.Values == nil
}

// maxSize bounds the parts of a value, those within its alternatives and defaults counted.
const maxSize = 256

// Bounded returns parts that are few: alternatives of alternatives grow without end. What is too large keeps what it can come from and
// has no known text.
func Bounded(parts []analyzers.Part) []analyzers.Part {
	if size(parts, 0) <= maxSize {
		return parts
	}
	return Opaque(Sources(parts))
}

// size counts parts up to a little more than maxSize.
func size(parts []analyzers.Part, count int) int {
	for _, p := range parts {
		if count++; count > maxSize {
			return count
		}
		if p.Hole == nil {
			continue
		}
		if p.Hole.Default != nil {
			count = size(p.Hole.Default.Parts, count)
		}
		for _, v := range p.Hole.Values {
			count = size(v.Parts, count)
		}
	}
	return count
}

// Text returns the text of parts, if it is known.
func Text(parts []analyzers.Part) (string, bool) {
	if len(parts) == 0 {
		return "", false
	}
	return analyzers.Value{Parts: parts}.Text()
}

// Exported returns the parts of a value for a name that other files know: as they are if they are few and simple, otherwise what they
// can come from.
func Exported(parts []analyzers.Part) []analyzers.Part {
	simple := len(parts) <= maxSources && !IsOpaque(parts) && !slices.ContainsFunc(parts, func(p analyzers.Part) bool {
		return p.Hole != nil && len(p.Hole.Values) > 0
	})
	if simple {
		return parts
	}
	return Sources(parts)
}

// Content returns the part of what a file holds, as a value: none of a file that holds several, by the ending of its name, or whose name is not
// written.
func Content(file analyzers.Value) []analyzers.Part {
	last := len(file.Parts) - 1
	if last < 0 || last > 0 && !strings.Contains(file.Parts[last].Text, "/") && !strings.HasSuffix(file.Parts[last-1].Text, "/") {
		return nil
	}
	name := strings.TrimLeft(path.Base(file.Parts[last].Text), ".")
	switch path.Ext(name) {
	case "", ".txt", ".token", ".key", ".secret", ".pass", ".password":
		if name != "" && name != "/" && name != "env" {
			return []analyzers.Part{{Hole: &analyzers.Hole{Space: "file", File: &file}}}
		}
	}
	return nil
}

// maxTexts bounds the texts of a value that is put together of several.
const maxTexts = 64

// Texts returns the texts that a value can have, as far as they are known: several, if it is one of several, or has such in it. Of what is put
// together of more than a few, and of what has an unknown part, nothing is known.
func Texts(parts []analyzers.Part) []string {
	if len(parts) == 0 {
		return nil
	}
	all := []string{""}
	for _, part := range parts {
		found := []string{part.Text}
		switch {
		case part.Hole != nil:
			found = nil
			for _, v := range part.Hole.Values {
				for _, text := range Texts(v.Parts) {
					found = append(found, part.Hole.Cased(text))
				}
			}
		case part.Text == "" && !part.Span.Empty():
			return nil
		}
		if len(found) == 0 || len(all) > maxTexts/len(found) && len(parts) > 1 {
			return nil
		}
		var next []string
		for _, head := range all {
			for _, tail := range found {
				next = append(next, head+tail)
			}
		}
		all = next
	}
	return slices.DeleteFunc(all, func(text string) bool { return text == "" })
}

// Holds reports whether a value's parts can hold a token: they name something, or are a text that is long enough.
func Holds(parts []analyzers.Part) bool {
	return each(parts, func(analyzers.Part) bool { return true })
}

// Tells reports whether parts can hold a token, or be the name of one.
func Tells(parts []analyzers.Part) bool {
	text, known := Text(parts)
	return Holds(parts) || known && ConstantName(text)
}

// Sources returns the parts that can hold a token, each once, for values of which the text does not matter. What consists of nothing
// else is returned as it is, and what is taken on a condition stays under it.
func Sources(parts []analyzers.Part) []analyzers.Part {
	if settled(parts) {
		return parts
	}
	return sources(nil, parts, nil)
}

// sources appends the sources of parts that are taken under guards.
func sources(found, parts []analyzers.Part, guards []analyzers.Guard) []analyzers.Part {
	for _, p := range parts {
		if len(found) >= maxSources {
			break
		}
		if isChoice(p.Hole) {
			for _, v := range p.Hole.Values {
				under := guards
				if v.If != nil {
					under = append([]analyzers.Guard{*v.If}, guards...)
				}
				found = sources(found, v.Parts, under)
			}
			continue
		}
		if one := []analyzers.Part{p}; Holds(one) && !known(found, p) {
			found = append(found, Under(guards, []analyzers.Part{simple(p)})...)
		}
	}
	return found
}

// Gather adds to parts those of others that can hold a token and are not there, most of them at most. whole is false if there are more. Where there is
// nothing else, one says that something is.
func Gather(parts, others []analyzers.Part, most int) (all []analyzers.Part, whole bool) {
	if len(parts) == 0 && len(others) > 0 {
		parts = others[:1:1]
	}
	for _, p := range others {
		if !Holds([]analyzers.Part{p}) || known(parts, p) && (p.Hole == nil || len(p.Hole.Values) == 0) {
			continue
		}
		if len(parts) >= most {
			return parts, false
		}
		parts = append(parts, p)
	}
	return parts, true
}

// each calls visit for the parts that can hold a token, those of alternatives too, until it returns true; it reports whether it did.
func each(parts []analyzers.Part, visit func(analyzers.Part) bool) bool {
	for _, p := range parts {
		switch {
		case p.Hole == nil:
			if !p.Span.Empty() && weighty(p.Text) && visit(p) {
				return true
			}
		case isChoice(p.Hole):
			for i := range p.Hole.Values {
				if each(p.Hole.Values[i].Parts, visit) {
					return true
				}
			}
		case visit(p):
			return true
		}
	}
	return false
}

// known reports whether one of the parts comes from where p does: the same text in the file, or the same name.
func known(parts []analyzers.Part, p analyzers.Part) bool {
	return slices.ContainsFunc(parts, func(q analyzers.Part) bool {
		if p.Hole == nil || q.Hole == nil {
			return p.Hole == nil && q.Hole == nil && p.Span == q.Span
		}
		return p.Hole.Space == q.Hole.Space && p.Hole.Name == q.Hole.Name && p.Hole.Computed == q.Hole.Computed &&
			p.Hole.Store == q.Hole.Store && p.Hole.Scope == q.Hole.Scope && p.Hole.File == q.Hole.File
	})
}

// settled reports whether the parts are what Sources would return for them.
func settled(parts []analyzers.Part) bool {
	if len(parts) > maxSources {
		return false
	}
	for i, p := range parts {
		switch h := p.Hole; {
		case h == nil && (p.Span.Empty() || !weighty(p.Text)), IsUnknown(h), known(parts[:i], p):
			return false
		case h != nil && !h.All && (h.Values != nil || h.Default != nil && !settled(h.Default.Parts)):
			return false
		}
	}
	return true
}

// simple returns a part with what Sources keeps of it: of a name its default's sources.
func simple(p analyzers.Part) analyzers.Part {
	h := p.Hole
	if h == nil || h.All || settled([]analyzers.Part{p}) {
		return p
	}
	one := analyzers.Hole{Space: h.Space, Name: h.Name, Store: h.Store, Scope: h.Scope, Computed: h.Computed}
	if h.Default != nil {
		if rest := Sources(h.Default.Parts); len(rest) > 0 {
			one.Default = &analyzers.Value{At: h.Default.At, Parts: rest}
		}
	}
	return analyzers.Part{Hole: &one}
}

// InHeader returns the parts of the value of a header that can hold a token. In one that carries a credential any text
// and any name does.
func InHeader(header string, parts []analyzers.Part) []analyzers.Part {
	const shortest = 6
	found := Sources(parts)
	if !Header(header) && !Telling(found) {
		found = nil
	}
	if len(found) > 0 || !Header(header) {
		return found
	}
	for _, p := range parts {
		if p.Hole == nil && len(p.Text) >= shortest && !p.Span.Empty() {
			found = append(found, analyzers.Part{Text: p.Text, Span: p.Span})
		}
	}
	return found
}

// weighty reports whether a text can be a credential or hold one: one of its few words is long, and neither a path nor a plain word.
func weighty(text string) bool {
	const most = 4
	if strings.ContainsAny(text, "<>{}") {
		return false
	}
	words, heavy := 0, false
	for word := range strings.FieldsSeq(text) {
		words++
		if words > most {
			return false
		}
		heavy = heavy || weightyWord(word)
	}
	return heavy
}

func weightyWord(word string) bool {
	scheme, rest, address := strings.Cut(word, "://")
	if !address {
		return long(word) && word[0] != '/' && word[0] != '.' && !(ConstantName(word) && strings.Contains(word, "_"))
	}
	if strings.ContainsAny(scheme, "/?") || strings.Contains(rest, "@") {
		return true
	}
	host := strings.IndexAny(rest, "/?#")
	if host < 0 {
		return false
	}
	return slices.ContainsFunc(strings.FieldsFunc(rest[host:], func(r rune) bool { return strings.ContainsRune("/?&=#", r) }), long)
}

// long reports whether a word is as long as credentials are, and no plain word.
func long(word string) bool {
	const shortest = 12
	return len(word) >= shortest && strings.ContainsAny(word, "0123456789")
}

// ConstantName reports whether a name is written as variables of the environment are: UPPER_CASE.
func ConstantName(name string) bool {
	letters := 0
	for i := range len(name) {
		switch c := name[i]; {
		case 'A' <= c && c <= 'Z':
			letters++
		case '0' <= c && c <= '9' && i > 0, c == '_':
		default:
			return false
		}
	}
	return letters > 1
}

// Telling reports whether one of the parts says by itself that it may be a credential. A name that another file exports (they have a
// hash in them) says so only if it is one of configuration, or can be that of a plain value: most exports are functions and types.
func Telling(parts []analyzers.Part) bool {
	return each(parts, func(p analyzers.Part) bool {
		if p.Hole == nil {
			return true
		}
		_, name, exported := strings.Cut(p.Hole.Name, "#")
		return !exported || Configuring(name) || capitals(name)
	})
}

// Exports reports whether one of the parts is a name that another file exports and that can be that of a plain value: no call's result.
func Exports(parts []analyzers.Part) bool {
	return each(parts, func(p analyzers.Part) bool {
		return p.Hole != nil && strings.Contains(p.Hole.Name, "#") && !strings.Contains(p.Hole.Name, "(")
	})
}

// capitals reports whether an exported name is written as constants are: TOKEN, settings.RAILWAY.
func capitals(name string) bool {
	last := name[strings.LastIndexByte(name, '.')+1:]
	return len(last) > 1 && last == strings.ToUpper(last) && !strings.ContainsAny(last, "()[]*")
}

// Credential reports whether the name of an argument or of a variable says that it is a credential, or who has it.
func Credential(name string) bool {
	name = strings.ToLower(name)
	for _, word := range [...]string{"token", "key", "secret", "pass", "pwd", "cred", "auth", "dsn", "conn", "profile", "sid", "header"} {
		if strings.Contains(name, word) {
			return true
		}
	}
	return false
}

// Credentials reports whether what is given without a name can be a credential: a text that looks like one, what is read from outside,
// unless it is named after a place, or what another file exports under a credential's name.
func Credentials(parts []analyzers.Part) bool {
	return each(parts, func(p analyzers.Part) bool {
		if p.Hole == nil || Credential(p.Hole.Name) {
			return true
		}
		return !strings.Contains(p.Hole.Name, "#") && !placing(strings.ToLower(p.Hole.Name))
	})
}

// placing reports whether a variable says where a service is, not who may use it.
func placing(name string) bool {
	for _, word := range [...]string{"region", "endpoint", "zone", "project", "stage", "account_id", "org"} {
		if strings.Contains(name, word) {
			return true
		}
	}
	return false
}

// Configuring reports whether a name is one of configuration.
func Configuring(name string) bool {
	name = strings.ToLower(name)
	for _, word := range [...]string{
		"token", "key", "secret", "pass", "pwd", "cred", "auth", "url", "uri", "dsn", "conn", "conf", "env", "setting", "option", "header",
	} {
		if strings.Contains(name, word) {
			return true
		}
	}
	return false
}

// Locates reports whether a path can lead to a file: some of it is written, or is what another file calls by name, or a variable of the
// environment. What a function is handed is too often anything.
func Locates(parts []analyzers.Part) bool {
	return slices.ContainsFunc(parts, func(p analyzers.Part) bool {
		h := p.Hole
		if h == nil {
			return p.Text != ""
		}
		return h.Space == "" && h.Name != "" && !strings.Contains(h.Name, "(") ||
			slices.ContainsFunc(h.Values, func(v analyzers.Value) bool { return Locates(v.Parts) })
	})
}

// IsPath reports whether a value can be the path of a file, or of a folder in which one lies.
func IsPath(parts []analyzers.Part) bool {
	text, ok := Text(parts)
	return ok && strings.ContainsAny(text, "/.") && !strings.ContainsAny(text, " \n\t:*?<>{}|,;()=") && strings.Trim(text, "/.") != ""
}

// Looked reports whether a value is a text that other files may look for by its name: the path of a file, or the name of a variable.
func Looked(parts []analyzers.Part) bool {
	text, ok := Text(parts)
	return IsPath(parts) || ok && ConstantName(text)
}

// Owners returns what the names with a hash in them begin with that stand in a value: the files of code that have them, each once.
func Owners(parts []analyzers.Part) []string {
	var owners []string
	each(parts, func(p analyzers.Part) bool {
		if p.Hole != nil {
			if owner, _, ok := strings.Cut(p.Hole.Name, "#"); ok && !slices.Contains(owners, owner) {
				owners = append(owners, owner)
			}
		}
		return false
	})
	return owners
}

// Given returns the name under which other files give a function that they know by a name its argument n, from 0 on.
func Given(function string, n int) string { return function + "(" + strconv.Itoa(n) + ")" }

// Parameter reports whether a part is what a function is given by other files, which say so by a name.
func Parameter(p analyzers.Part) bool {
	return p.Hole != nil && p.Hole.Space == "" && strings.Contains(p.Hole.Name, "#") && strings.HasSuffix(p.Hole.Name, ")") &&
		!strings.HasSuffix(p.Hole.Name, "()")
}
