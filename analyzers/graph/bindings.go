package graph

import (
	"maps"
	"slices"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/environ"
)

// binding is what a name is bound to in a process. Processes hand on whole maps of them, so that it is small.
type binding struct {
	*content
	exported bool
}

// content is what a name holds. It does not change.
type content struct {
	node   analyzers.Node  // the name's node; the zero node if the value holds nothing that leads to a token
	texts  []string        // the texts that the value can have, as far as they are known
	known  bool            // the texts are all that it can have
	filled bool            // it is not empty, whatever its text
	via    detectors.Place // where the process got it: the statement that loads the file, or the assignment itself
	says   string
	alias  *analyzers.Value // the beginning of the names that those below this one stand for
	lazy   *lazy            // what the value is filled from where the name is looked up
	mixed  int              // of how many values, one after the other, it may be one, see either
}

// unknown reports whether nothing is known of what a name holds. It may well be nothing.
func (c *content) unknown() bool {
	return c.node == (analyzers.Node{}) && len(c.texts) == 0 && c.lazy == nil
}

// emptied are the spaces of names that may be empty, which then counts as having no value; in others what is set is set.
var emptied = map[string]bool{"": true, "args": true, "project": true, "build": true}

// leaves reports whether a hole is filled with its default although its name is bound: nobody knows to what, and it may be empty.
func (c *content) leaves(h *analyzers.Hole) bool {
	return h.Default != nil && emptied[h.Space] && !h.Unset && c.unknown() && !c.filled
}

// unset is what a name holds that is exported and not set yet.
var unset = &content{}

// bindings are what the names of one of a process' spaces are bound to.
type bindings struct {
	byName   map[string]binding
	borrowed bool // it is the map of the process that this one comes from, who goes on when this one has ended
}

// borrow returns the names for a process that comes from this one. Of the many that do, most change none.
func (b bindings) borrow() bindings { return bindings{b.byName, true} }

// space returns what the names of a space are bound to, to be read.
func (p *process) space(name string) map[string]binding {
	if name == "" {
		return p.env.byName
	}
	return p.spaces[name].byName
}

// put binds a name of a space.
func (p *process) put(space, name string, b binding) {
	p.writable(space)[name] = b
	switch space {
	case "":
		p.fresh = append(p.fresh, name)
	case "args":
		p.settled = false
	}
}

// writable returns what the names of a space are bound to, to be changed: from then on it is the process' own.
func (p *process) writable(name string) map[string]binding {
	b := p.env
	if name != "" {
		b = p.spaces[name]
	}
	switch {
	case b.byName == nil:
		b.byName = map[string]binding{}
	case b.borrowed:
		p.charge(len(b.byName) / 16) // copying takes less than handing on
		b = bindings{byName: maps.Clone(b.byName)}
	default:
		return b.byName
	}
	if name == "" {
		p.env = b
	} else {
		p.spaces[name] = b
	}
	return b.byName
}

func (p *process) set(s *analyzers.Step, at detectors.Place) {
	old, bound := p.space(s.Space)[s.Name]
	if s.IfUnset && bound && (old.node != (analyzers.Node{}) || len(old.texts) > 0 || !old.exported) {
		return
	}
	if s.IfExported && !(bound && old.exported) {
		return
	}
	if s.Lazy {
		p.change(s.Space, s.Name)
		p.put(s.Space, s.Name, binding{content: &content{lazy: &lazy{s.Value, at, s.Says, slices.Clone(p.via)}}})
		p.note(s.Space, s.Name)
		return
	}
	v := p.evaluate(s.Value, at)
	if !bound && len(v.sources)+len(v.texts) == 0 && isOf(s.Value, s.Name) && s.Value.Parts[0].Hole.Space != "" {
		return // a name that stands alone in a file of variables, and that nobody has: it is not set
	}
	if bound && s.Space == "" && isParameter(s.Name) && old.node == (analyzers.Node{}) && len(v.sources) == 0 {
		v = union(value{texts: old.texts, known: old.known}, v) // a function is called more than once
		slices.Sort(v.texts)
		v.texts = slices.Compact(v.texts)
	}
	b := p.bind(s.Name, v, at, s.Says)
	if p.aliases[s.Name] && analyzers.IsAlias(s.Value) {
		b.alias = p.alsoNamed(old, bound, s.Value.Parts[0].Hole.Computed)
	}
	b.exported = s.Space == "" && (s.Export || p.exportAll || bound && old.exported)
	p.change(s.Space, s.Name)
	p.put(s.Space, s.Name, b)
	p.note(s.Space, s.Name)
}

// isOf reports whether a value is what a name has, wherever that is looked up.
func isOf(v analyzers.Value, name string) bool {
	if len(v.Parts) != 1 {
		return false
	}
	h := v.Parts[0].Hole
	if h == nil || h.Store != "" || h.Computed != nil || h.File != nil {
		return false
	}
	if len(h.Values) > 0 {
		return h.Default == nil && !slices.ContainsFunc(h.Values, func(one analyzers.Value) bool { return !isOf(one, name) })
	}
	empties := emptied[h.Space] || strings.HasPrefix(h.Space, analyzers.CallerSpace)
	return empties && h.Name == name && (h.Default == nil || isOf(*h.Default, name))
}

// lazy is a value that is filled where it is looked up, and where it was set.
type lazy struct {
	value analyzers.Value
	at    detectors.Place
	says  string
	via   []through
}

// maxFilling bounds the lazy values that are filled inside each other: one can lead to itself.
const maxFilling = 24

// current returns what a name is bound to, with what it holds at this moment.
func (p *process) current(name string, b binding) binding {
	if b.content == nil || b.lazy == nil {
		return b
	}
	if p.filling >= maxFilling || !p.spend(b.lazy.at.Path) {
		return binding{unset, b.exported}
	}
	p.filling++
	via := p.via
	p.via = b.lazy.via
	now := p.bind(name, p.evaluate(b.lazy.value, b.lazy.at), b.lazy.at, b.lazy.says)
	p.via = via
	p.filling--
	return now
}

// differs reports whether a name is bound to something else than it was.
func (b binding) differs(old binding) bool {
	return b.node != old.node || b.lazy != old.lazy || !slices.Equal(b.texts, old.texts)
}

// alsoNamed adds to what a name is an alias of: a file can hand on the names of several.
func (p *process) alsoNamed(old binding, bound bool, name *analyzers.Value) *analyzers.Value {
	if !bound || old.alias == nil || old.alias == name {
		return name
	}
	return &analyzers.Value{Parts: []analyzers.Part{{Hole: &analyzers.Hole{Space: "unknown", Values: []analyzers.Value{*old.alias, *name}}}}}
}

// isParameter reports whether a name is that of a parameter which other files give a function its values by: config#load(0).
func isParameter(name string) bool {
	return strings.HasSuffix(name, ")") && !strings.HasSuffix(name, "()") && strings.Contains(name, "#")
}

func (p *process) note(space, name string) {
	if p.assigned != nil {
		p.assigned[[2]string{space, name}] = true
	}
}

func (p *process) export(s *analyzers.Step) {
	if s.Name == "" {
		p.exportAll = s.Export
		return
	}
	p.change("", s.Name)
	b, ok := p.env.byName[s.Name]
	if !ok {
		b.content = unset // a later assignment is exported
	}
	b.exported = true
	p.put("", s.Name, b)
}

// own returns a function that makes names of the environment what they are now.
func (p *process) own(names []string) (restore func()) {
	before := make([]change, len(names))
	for i, name := range names {
		old, bound := p.env.byName[name]
		before[i] = change{"", name, old, bound}
	}
	return func() {
		for _, c := range before {
			p.change("", c.name)
			if c.bound {
				p.put("", c.name, c.old)
			} else {
				delete(p.writable(""), c.name)
			}
		}
	}
}

// valued returns the environments that a value names. Conditions compare with the same few words over and over.
func (l *linker) valued(text string) detectors.Environment {
	env, ok := l.values[text]
	if !ok {
		env = environ.Value(text)
		l.values[text] = env
	}
	return env
}
