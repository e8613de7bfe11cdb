package graph

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/code"
	"github.com/stagewall/stagewall/analyzers/settings"
	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/environ"
)

// source is something that a value comes from: a token at a place, or another name.
type source struct {
	node analyzers.Node
	at   detectors.Place
}

// value is what a template comes to in a process.
type value struct {
	sources []source
	texts   []string // the texts that it can have; empty if none is known
	known   bool     // the texts are all
	filled  bool     // it is not empty, whatever its text: a token stands in it
	none    bool     // it is a choice of which nothing can be taken
}

// evaluate fills a template's holes from the process' maps.
func (p *process) evaluate(v analyzers.Value, at detectors.Place) value {
	if v.At.Path != "" {
		at = v.At
	}
	result := value{texts: []string{""}, known: true}
	for _, part := range v.Parts {
		var one value
		if part.Hole != nil {
			one = p.fill(part.Hole, at)
		} else {
			one = p.literal(part, at)
		}
		result.sources = append(result.sources, one.sources...)
		result.known = result.known && one.known
		result.none = result.none || one.none
		result.filled = result.filled || one.filled
		result.texts = cross(result.texts, one.texts)
		if result.texts == nil {
			result.known = false
		}
	}
	return result
}

// cross returns all concatenations, nil if a side has none or there are too many.
func cross(a, b []string) []string {
	switch {
	case len(a)*len(b) == 0, len(a)*len(b) > maxAlternatives:
		return nil
	case len(a) == 1 && a[0] == "": // most often: it is the first part
		return b
	case len(b) == 1 && b[0] == "":
		return a
	}
	texts := make([]string, 0, len(a)*len(b))
	for _, x := range a {
		for _, y := range b {
			if x != "" && y != "" && len(x)+len(y) > maxText {
				return nil
			}
			texts = append(texts, x+y)
		}
	}
	return texts
}

// literal returns the tokens that stand in the literal, and its text unless that is withheld.
func (p *process) literal(part analyzers.Part, at detectors.Place) value {
	v := value{sources: p.stand(part.Span, at)}
	v.filled = len(v.sources) > 0
	if !v.filled && (part.Text != "" || part.Span.Empty()) {
		v.texts, v.known = []string{part.Text}, true
	}
	return v
}

// stand returns, as sources, the tokens that stand in a span of a file.
func (p *process) stand(span detectors.Span, at detectors.Place) []source {
	var sources []source
	for s := range p.standing(span, at.Path) {
		sources = append(sources, source{tokenNode(s.Token), s.At})
	}
	return sources
}

// sourcesOf returns those of one part of a template, whatever its text.
func (p *process) sourcesOf(part analyzers.Part, of, at detectors.Place) []source {
	if of.Path != "" {
		at = of
	}
	if part.Hole != nil {
		return p.fill(part.Hole, at).sources
	}
	return p.stand(part.Span, at)
}

// fill returns what a hole is filled with.
func (p *process) fill(h *analyzers.Hole, at detectors.Place) value {
	if h.File != nil {
		return p.content(h, at)
	}
	if h.Computed != nil {
		if h.Store != "" {
			return p.named(h, at)
		}
		return p.entry(h, at)
	}
	if strings.HasPrefix(h.Space, "@") {
		return p.shared(h, at)
	}
	m := p.space(h.Space)
	if h.All {
		v := value{}
		for _, name := range p.leading(m, h.Name) {
			v.sources = append(v.sources, source{m[name].node, m[name].via})
		}
		if h.Store != "" && !p.closed {
			for _, name := range p.stored(h.Store, h.Scope) {
				if _, bound := m[name]; !bound {
					v.sources = append(v.sources, p.reference(&analyzers.Hole{Store: h.Store, Scope: h.Scope, Name: name}, at).sources...)
				}
			}
		}
		return v
	}
	b, bound := m[h.Name]
	b = p.current(h.Name, b)
	if !bound && h.Space == "" && len(p.aliases) > 0 {
		if v, ok := p.aliased(h.Name, at); ok {
			return v
		}
	}
	switch {
	case bound && !b.leaves(h) && !(b.unknown() && b.known):
		v := value{texts: b.texts, known: b.known, filled: b.filled}
		if b.node != (analyzers.Node{}) {
			v.sources = []source{{b.node, b.via}}
			if h.Space == "secrets" && p.stores[h.Store] {
				// What an environment has itself goes before what the caller gives:
				// https://docs.github.com/en/actions/how-tos/reuse-automations/reuse-workflows#using-inputs-and-secrets-in-a-reusable-workflow
				v.sources = []source{{p.itsOwn(h, b.node, at), at}}
			}
		}
		if h.Default != nil && !h.Unset && slices.Contains(b.texts, "") {
			v.texts = slices.DeleteFunc(slices.Clone(v.texts), func(text string) bool { return text == "" })
			v = union(v, p.evaluate(*h.Default, at))
		}
		return v
	case h.Default != nil:
		if v := p.chosen(h, at); !v.none {
			return v
		}
		v := p.evaluate(*h.Default, at)
		if h.Space == "" || h.Space == "args" { // the caller may give another
			v.known = v.known && len(h.Values) == 0 && p.depth > 0 && h.Space == "args"
		}
		return v
	case len(h.Values) > 0:
		v := p.choose(h.Values, at)
		if h.Space == analyzers.Upper || h.Space == analyzers.Lower {
			v.texts = slices.Clone(v.texts)
			for i, text := range v.texts {
				v.texts[i] = h.Cased(text)
			}
		}
		return v
	case h.Space == "args" && len(m) > 0:
		return value{texts: []string{""}, known: true} // fewer arguments were given
	case h.Store != "" && p.closed && (h.Space == "secrets" || p.aside): // other stores, such as vaults, are asked by whoever can
		return value{texts: []string{""}, known: true}
	case h.Store != "":
		return p.reference(h, at)
	}
	return value{}
}

// chosen returns what a unit is given by who runs it for an environment, where it says by which text it knows the environment; none otherwise.
func (p *process) chosen(h *analyzers.Hole, at detectors.Place) value {
	if p.depth > 0 || p.environment == 0 || len(h.Values) == 0 || h.Space != "" && h.Space != "args" {
		return value{none: true}
	}
	v := p.choose(h.Values, at)
	v.known = false
	return v
}

// choose returns what a choice comes to: all of its alternatives that can be taken, which may be choices themselves.
func (p *process) choose(of []analyzers.Value, at detectors.Place) value {
	var some []value
	sure := true
	for _, alternative := range of {
		possible, certain := p.allows(alternative.If, at)
		if !possible {
			continue
		}
		sure = sure && certain
		if one := p.evaluate(alternative, at); !one.none {
			some = append(some, one)
		}
	}
	all := union(some...)
	all.none = len(some) == 0
	all.filled = all.filled && sure
	return all
}

// content is what the files of a hole hold under its keys, by way of the place where they are read.
func (p *process) content(h *analyzers.Hole, at detectors.Place) value {
	v := value{}
	for _, file := range p.opened(*h.File, at, true) {
		held := value{}
		for _, s := range p.Stands[file] {
			if p.under(file, s.At.Span, h.Keys) {
				held.sources = append(held.sources, source{tokenNode(s.Token), s.At})
			}
		}
		if len(held.sources) > 0 {
			read := inFile(h.File.At, at.Path)
			b := p.bind(strings.Join(append([]string{file}, h.Keys...), " "), held, read, "")
			v.sources = append(v.sources, source{b.node, read})
		}
	}
	return v
}

// under reports whether what stands in a file is part of what is read under some keys of it.
func (p *process) under(file string, at detectors.Span, read []string) bool {
	if len(read) == 0 || p.Keys == nil {
		return true
	}
	keys, known := p.Keys(file, at)
	return !known || settings.Under(read, keys)
}

// stored returns the names in a store that the repository knows, sorted: whoever is given the whole store is given these at least.
func (l *linker) stored(store, scope string) []string {
	key := [2]string{store, scope}
	names, ok := l.names[key]
	if !ok {
		for _, file := range l.Index.All() {
			for _, f := range l.Index.Facts(file) {
				for i := range f.Programs {
					walkValues(f.Programs[i].Steps, func(v *analyzers.Value) {
						for _, part := range v.Parts {
							if h := part.Hole; h != nil && h.Store == store && h.Scope == scope && h.Name != "" && !h.All {
								names = append(names, h.Name)
							}
						}
					})
				}
			}
		}
		slices.Sort(names)
		names = slices.Compact(names)
		l.names[key] = names
	}
	return names
}

// isFilled reports whether a value is not empty, whichever it is of those that it can be.
func (v value) isFilled() bool {
	return v.filled || v.known && len(v.texts) > 0 && !slices.Contains(v.texts, "")
}

// union returns what may be any of several values.
func union(values ...value) value {
	all := value{known: true, filled: len(values) > 0}
	for _, v := range values {
		all.sources, all.texts, all.known = append(all.sources, v.sources...), append(all.texts, v.texts...), all.known && v.known
		all.filled = all.filled && v.isFilled()
	}
	all.sources, all.texts = distinct(all.sources), distinct(all.texts)
	if len(all.texts) > maxAlternatives {
		all.texts, all.known = nil, false
	}
	return all
}

// distinct returns a list without what it has already, in its place.
func distinct[T comparable](list []T) []T {
	if len(list) < 2 {
		return list
	}
	seen := make(map[T]bool, len(list))
	return slices.DeleteFunc(list, func(one T) bool {
		again := seen[one]
		seen[one] = true
		return again
	})
}

// reference returns a token that is known by name only.
func (p *process) reference(h *analyzers.Hole, at detectors.Place) value {
	if p.silent || p.Reference == nil {
		return value{}
	}
	ref := p.inAccount(canonical(detectors.Reference{Store: h.Store, Scope: h.Scope, Name: h.Name}))
	if ref.Name == "" { // of a path that is put together nothing is known but what the store calls its parts
		p.gap(at, code.UnknownSecret)
		return value{}
	}
	id := p.Reference(ref)
	if ref.Name = cmp.Or(h.Spelled, ref.Name); h.Spelled != "" || p.graph.References[id].Name == "" {
		p.graph.References[id] = ref
	}
	p.meet()
	node := analyzers.Node{Kind: "token", ID: id}
	if p.stores[h.Store] && h.Scope == "" || p.stores[h.From] || p.environment != 0 && strings.Contains(h.Scope, "*") {
		node = p.itsOwn(h, node, at)
	}
	return value{sources: []source{{node, at}}}
}

// itsOwn returns a node between a name in a store and what it has everywhere: the name's own value in this environment may be another one than the shared
// value. So it is where a part of the scope is computed, as in config:get DATABASE_URL --app "acme-$STAGE".
func (p *process) itsOwn(h *analyzers.Hole, shared analyzers.Node, at detectors.Place) analyzers.Node {
	place := at.Path + ":" + strconv.Itoa(at.Line)
	own := analyzers.Node{Kind: "name", ID: cmp.Or(h.Spelled, h.Name), Scope: strings.Join([]string{h.Store, "in", p.environment.String(), place, shared.ID, shared.Scope}, " ")}
	p.edge(own, shared, analyzers.Binds, at, "the value may be "+p.environment.String()+"'s own")
	p.graph.scoped[own] = true
	return own
}

// named returns the tokens of the names that a computed name comes to: what is known of the name, if nothing tells its text.
func (p *process) named(h *analyzers.Hole, at detectors.Place) value {
	one := *h
	one.Computed = nil
	texts := slices.DeleteFunc(slices.Clone(p.evaluate(*h.Computed, at).texts), func(text string) bool { return text == "" || strings.HasSuffix(text, analyzers.ScopeEnd) })
	switch {
	case len(texts) > 0:
	case h.Name != "":
		texts = p.starred(h, at)
	default:
		texts = p.inAnyScope(h.Computed, at)
	}
	if len(texts) == 0 {
		p.gap(inFile(h.Computed.At, at.Path), code.UnknownSecret)
	}
	all := value{}
	for _, text := range texts {
		if scope, name, scoped := strings.Cut(text, analyzers.ScopeEnd); scoped {
			one.Scope, text = scope, name
		}
		one.Name = text
		all.sources = append(all.sources, p.reference(&one, at).sources...)
	}
	return all
}

// inAnyScope returns the texts of a computed name of which only the scope is not known, with a star for that.
func (p *process) inAnyScope(name *analyzers.Value, at detectors.Place) []string {
	end := slices.IndexFunc(name.Parts, func(part analyzers.Part) bool { return part.Text == analyzers.ScopeEnd })
	if end < 0 || len(p.evaluate(analyzers.Value{At: name.At, Parts: name.Parts[:end]}, at).texts) > 0 {
		return nil
	}
	texts := p.evaluate(analyzers.Value{At: name.At, Parts: name.Parts[end+1:]}, at).texts
	return cross([]string{"*" + analyzers.ScopeEnd}, texts)
}

// starred returns the texts of a computed name of which something is known: what this process knows of it, with stars for the rest.
func (p *process) starred(h *analyzers.Hole, at detectors.Place) []string {
	all := []string{""}
	for _, part := range h.Computed.Parts {
		texts := p.evaluate(analyzers.Value{At: h.Computed.At, Parts: []analyzers.Part{part}}, at).texts
		if len(texts) == 0 {
			texts = []string{"*"}
		}
		if all = cross(all, texts); all == nil {
			return []string{h.Scope + analyzers.ScopeEnd + h.Name}
		}
	}
	return all
}

// entry is what has a name that is computed: of what files of code know by name, also what is below it.
func (p *process) entry(h *analyzers.Hole, at detectors.Place) value {
	name := p.evaluate(*h.Computed, at)
	texts := name.texts
	if len(texts) > 0 && !name.known && h.Space == "" {
		texts = slices.Concat(texts, p.handed(*h.Computed, at))
	}
	some := []value{{}}
	if h.Space != "" && name.known {
		some = nil
	}
	for _, text := range texts {
		if h.Space == "" {
			some = append(some, p.below(text, at))
		} else {
			some = append(some, p.fill(&analyzers.Hole{Space: h.Space, Name: text}, at))
		}
	}
	all := union(some...)
	if h.Default != nil && len(all.sources) == 0 && len(all.texts) == 0 {
		return p.evaluate(*h.Default, at)
	}
	return all
}

// handed returns what a computed name can be, beside what it is by default, if the one who runs the program gives the name of the environment.
func (p *process) handed(name analyzers.Value, at detectors.Place) (texts []string) {
	if p.environment == 0 || !slices.ContainsFunc(name.Parts, p.byDefault) {
		return nil
	}
	before, after, _ := strings.Cut(p.pattern(name, at), "*")
	for _, bound := range p.leading(p.space(""), before) {
		key, _, _ := strings.Cut(bound[len(before):], ".")
		key, _, _ = strings.Cut(key, "#")
		if text := before + key + after; p.valued(key).Touches(p.environment) && !slices.Contains(texts, text) && !strings.Contains(after, "*") {
			texts = append(texts, text)
		}
	}
	return texts
}

// below is what has a name, or else a name that begins with it.
func (p *process) below(name string, at detectors.Place) value {
	one := analyzers.Hole{Name: name}
	if strings.HasSuffix(name, "#") {
		return p.fill(&analyzers.Hole{Name: name, All: true}, at)
	}
	below := analyzers.Value{Parts: []analyzers.Part{{Hole: &analyzers.Hole{Name: name + ".", All: true}}}}
	one.Default = &below
	return p.fill(&one, at)
}

// maxAliases bounds how often a name stands for another one.
const maxAliases = 8

// aliased is what has the name for which a name stands, if the name is below one that has an alias for its value.
func (p *process) aliased(name string, at detectors.Place) (v value, ok bool) {
	if p.renamed >= maxAliases {
		return value{}, false
	}
	beginnings(name, func(above string) bool {
		b, bound := p.env.byName[above]
		if !bound || b.alias == nil {
			return false
		}
		p.renamed++
		for _, text := range p.evaluate(*b.alias, at).texts {
			rest := name[len(above):]
			if strings.HasSuffix(text, "#") {
				rest = strings.TrimPrefix(rest, ".")
			} else if !strings.HasPrefix(rest, ".") {
				rest = "." + rest
			}
			v, ok = union(v, p.below(text+rest, at)), true
		}
		p.renamed--
		return ok
	})
	return v, ok
}

// beginnings calls visit with the names that a name with a hash in it is below, the longest first, until it returns true.
func beginnings(name string, visit func(above string) bool) bool {
	hash := strings.IndexByte(name, '#')
	if hash < 0 {
		return false
	}
	for i := len(name) - 1; i > hash; i-- {
		if name[i] == '.' && visit(name[:i]) {
			return true
		}
	}
	return hash+1 < len(name) && visit(name[:hash+1])
}

// shared looks a name up in the programs of the whole repository that have the space's name.
func (p *process) shared(h *analyzers.Hole, at detectors.Place) value {
	var some []value
	for _, names := range p.sharedNames(h.Space, at) {
		lookedUp := []string{h.Name}
		if h.All {
			lookedUp = slices.DeleteFunc(sortedNames(names), func(name string) bool { return !strings.HasPrefix(name, h.Name) })
		}
		for _, name := range lookedUp {
			b, ok := names[name]
			if !ok || !b.exported && strings.HasPrefix(h.Space, analyzers.CallerSpace) {
				continue
			}
			one := value{texts: b.texts, known: b.known}
			if b.node != (analyzers.Node{}) {
				one.sources = []source{{b.node, b.via}}
			}
			some = append(some, one)
		}
	}
	switch {
	case len(some) > 0:
		return union(some...)
	case h.Store != "" && len(p.global[h.Space]) == 0:
		v := p.reference(h, at)
		if h.Default != nil { // it need not be there
			v.sources = distinct(append(slices.Clone(v.sources), p.evaluate(*h.Default, at).sources...))
		}
		return v
	case h.Default != nil:
		return p.evaluate(*h.Default, at)
	}
	return value{}
}

// sharing is what the names depend on that a process finds in the programs of the whole repository.
type sharing struct {
	space       string
	at          detectors.Place
	node        analyzers.Node
	environment detectors.Environment
	stores      string
	depth       int
	silent      bool
}

// sharedNames returns what the names are bound to in each of the programs that have a space's name. A unit asks the same again and again, where
// what one program is given is what another one is given.
func (p *process) sharedNames(space string, at detectors.Place) []map[string]binding {
	key := sharing{space, at, p.node, p.environment, strings.Join(slices.Sorted(maps.Keys(p.stores)), " "), p.depth, p.silent}
	if p.silent {
		key.at = detectors.Place{} // it makes no edges, which would say where
	}
	sharings := p.sharings
	if p.node == (analyzers.Node{}) {
		sharings = p.signSharings
	}
	if all, known := sharings[key]; known {
		return all
	}
	var all []map[string]binding
	for _, g := range p.global[space] {
		if p.depth >= maxDepth || p.node == (analyzers.Node{}) && !p.mayShare(g.path) {
			break
		}
		p.work(sharedWork)
		other := &process{
			linker: p.linker, node: p.node, environment: p.environment,
			spaces: map[string]bindings{}, stores: p.stores, sourced: map[*analyzers.Program]int{}, dir: path.Dir(g.path), silent: p.silent,
			depth: p.depth + 1,
		}
		other.via = []through{{at, g.path, ""}}
		other.run(g.Steps, g.path)
		all = append(all, other.env.byName)
		if p.node == (analyzers.Node{}) {
			p.shares += len(other.env.byName)
		}
	}
	sharings[key] = all
	return all
}

// mayShare reports whether more names may be found for the signs of units. Workflows that all call each other name each other's environments over
// and over, down to the last level.
func (l *linker) mayShare(file string) bool {
	if l.shares <= maxShares {
		return true
	}
	l.gap(detectors.Place{Path: file}, "files that call each other name more environments for each other than can be followed; in which ones their units run is not all known")
	return false
}

// leading returns the names of the map that have the prefix and lead to a token, sorted. Maps can be large and are asked often, for each
// value as a whole that is taken; the names that ever led to a token are few, so those are looked through, unless the map has fewer.
func (l *linker) leading(m map[string]binding, prefix string) []string {
	var names []string
	first, _ := slices.BinarySearch(l.leads, prefix)
	if len(m) < len(l.leads)/4 {
		for name, b := range m {
			if b.node != (analyzers.Node{}) && strings.HasPrefix(name, prefix) {
				names = append(names, name)
			}
		}
		slices.Sort(names)
		return names
	}
	for _, name := range l.leads[first:] {
		if !strings.HasPrefix(name, prefix) {
			break
		}
		if b, ok := m[name]; ok && b.node != (analyzers.Node{}) {
			names = append(names, name)
		}
	}
	return names
}

// lead notes that the name led to a token, in whichever process.
func (l *linker) lead(name string) {
	if i, found := slices.BinarySearch(l.leads, name); !found {
		l.leads = slices.Insert(l.leads, i, name)
	}
}

func sortedNames(m map[string]binding) []string {
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// bind makes the node of a name with a value. The node is its content: equal names with equal values are one node.
func (p *process) bind(name string, v value, at detectors.Place, says string) binding {
	b := &content{texts: v.texts, known: v.known, filled: v.filled, via: at, says: says}
	if len(p.via) > 0 {
		b.via = p.via[0].at
		if p.via[0].says != "" {
			b.says = p.via[0].says
		}
	}
	if len(v.sources) == 0 || p.silent {
		return binding{content: b}
	}
	p.work(2 * (len(p.via) + len(v.sources))) // as many edges are made
	h := sha256.New()
	h.Write([]byte(name))
	for _, t := range p.via {
		h.Write([]byte("\x00via " + t.file + ":" + strconv.Itoa(t.at.Line) + t.at.Path))
	}
	for _, s := range v.sources {
		h.Write([]byte("\x00" + s.node.Kind + "\x00" + s.node.ID + "\x00" + s.node.Scope + "\x00" + s.at.Path + ":" + strconv.Itoa(s.at.Line)))
	}
	p.lead(name)
	b.node = analyzers.Node{Kind: "name", ID: name, Scope: hex.EncodeToString(h.Sum(nil)[:12])}
	end := p.chain(b.node)
	for _, s := range v.sources {
		written := at
		if _, looked := p.graph.References[s.node.ID]; looked && s.at.Path == at.Path && s.at.Line == at.Line {
			written = s.at // a reference stands where it is looked up, and not where the name is; where that is below, the name says more
		}
		p.edgeFrom(end, s.node, written)
	}
	return binding{content: b}
}

// chain makes the hops from a node through the files that the process is in, and returns the last node.
func (p *process) chain(from analyzers.Node) analyzers.Node {
	start := from
	for i, t := range p.via {
		to := analyzers.Node{Kind: "file", ID: t.file, Scope: start.ID + " " + start.Scope + strconv.Itoa(i)}
		if from.Kind != "token" {
			p.edge(from, to, analyzers.Binds, t.at, t.says)
		}
		from = to
	}
	return from
}

// edgeFrom makes the last hop of a binding: a file holds a token, a name binds another name or a token.
func (p *process) edgeFrom(from, to analyzers.Node, at detectors.Place) {
	verb := analyzers.Binds
	if from.Kind == "file" && to.Kind == "token" {
		verb = analyzers.Holds
	}
	p.edge(from, to, verb, at, "")
}

// isEvery returns what a path stands for, if it is all files that fit: [analyzers.EveryFile] or [analyzers.EveryOwn].
func isEvery(v analyzers.Value) string {
	for _, part := range v.Parts {
		if part.Hole != nil && (part.Hole.Space == analyzers.EveryFile || part.Hole.Space == analyzers.EveryOwn) {
			return part.Hole.Space
		}
	}
	return ""
}

// ownFiles returns the files that are no other environment's than that of the process, by what of their paths stands behind a beginning.
func (p *process) ownFiles(files []string, behind string) []string {
	if p.environment == 0 {
		return files
	}
	return slices.DeleteFunc(files, func(f string) bool {
		env := environ.Path(strings.TrimPrefix(f, behind))
		return env != 0 && !env.Touches(p.environment)
	})
}
