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
	"github.com/stagewall/stagewall/analyzers/settings"
	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/environ"
)

// What bounds the execution of one unit.
const (
	maxDepth        = 40         // programs that run or source each other
	maxSteps        = 200_000    // steps of one unit in one environment; every name that is handed on counts as one
	maxAll          = 10_000_000 // steps of all units, see work
	maxEdges        = 200_000    // of all units, beside a few for each unit and each token
	maxAlternatives = 64         // texts that a computed value can have
	maxText         = 4096       // bytes of a text that is put together
	maxSourced      = 3          // times that one process sources one program
	sourceWork      = 4          // steps that take as long as to source a program
)

// binding is what a name is bound to in a process. Processes hand on whole maps of them, so that it is small.
type binding struct {
	*content
	exported bool
}

// content is what a name holds. It does not change.
type content struct {
	node  analyzers.Node  // the name's node; the zero node if the value holds nothing that leads to a token
	texts []string        // the texts that the value can have, as far as they are known
	known bool            // the texts are all that it can have
	via   detectors.Place // where the process got it: the statement that loads the file, or the assignment itself
	says  string
	alias *analyzers.Value // the beginning of the names that those below this one stand for
	mixed int              // of how many values, one after the other, it may be one, see either
}

// unset is what a name holds that is exported and not set yet.
var unset = &content{}

// process is one instance of a program.
type process struct {
	*linker
	node        analyzers.Node
	environment detectors.Environment
	env         bindings            // the environment, and the shell's own variables
	spaces      map[string]bindings // all other maps, by space
	closed      bool                // spaces that are not set are empty: no store is asked
	exportAll   bool
	stores      map[string]bool            // stores of which the values may differ by environment
	dir         string                     // the working directory, relative to the root
	via         []through                  // the load and source statements that the process is in, outermost first
	sourced     map[*analyzers.Program]int // how often they were, or are being
	packages    map[string]int             // by folder of Go, how many of its files were sourced, see rest
	lent        []string                   // files that were sourced and have functions
	depth       int
	silent      bool               // evaluates only: makes no edges
	settled     bool               // what it has is loaded by it, but for what is fresh, see settle
	fresh       []string           // names of the environment that were set since
	naming      bool               // sets only names by which files of code know each other's values
	assigned    map[[2]string]bool // space and name of what was set or unset, where somebody asks
	blocks      int                // conditions that the process is in
	changes     []change           // within them
}

// through is a statement that brings another file's steps into the process.
type through struct {
	at   detectors.Place
	file string
	says string
}

// target is a program that a [analyzers.Ref] leads to; without a program it is a file that nobody could read as one.
type target struct {
	program
	file string
}

// start does the steps of a program in this process.
func (p *process) start(t target, args []analyzers.Value) {
	if t.Program == nil {
		return
	}
	if t.Dir != "" {
		p.dir = t.Dir
	}
	p.arguments(args, t)
	p.run(p.body(t.program), t.path)
	if t.Shell {
		p.text(t.path)
	}
}

// arguments binds the positional parameters.
func (p *process) arguments(args []analyzers.Value, t target) {
	if len(args) == 0 {
		return
	}
	positional := map[string]binding{}
	for i, a := range args {
		positional[strconv.Itoa(i+1)] = p.bind(strconv.Itoa(i+1), p.evaluate(a, a.At), a.At, "")
	}
	p.spaces["args"] = bindings{byName: positional}
}

// text makes the tokens that stand in a program's text, and that no step of it mentions, loaded by the process.
func (p *process) text(file string) {
	for _, s := range p.unmentioned(file) {
		p.edge(p.node, tokenNode(s.Token), analyzers.Loads, s.At, "in the program's own text")
	}
}

// run does steps that stand in a file.
func (p *process) run(steps []analyzers.Step, file string) {
	p.enter(file)
	for i := range steps {
		s := &steps[i]
		if p.idles[s] {
			continue
		}
		if !p.spend(file) {
			return
		}
		p.step(s, inFile(s.At, file))
	}
}

// spend counts a step of a file and reports whether it may be done.
func (p *process) spend(file string) bool {
	p.steps++
	p.all++
	if p.steps == maxSteps+1 || p.all == maxAll+1 { // what the file is in, and what follows, is not said again
		p.gap(detectors.Place{Path: file}, "the programs that this one is part of are too many to follow; what the rest of them reach is not known")
	}
	return p.steps <= maxSteps && p.all <= maxAll
}

// charge counts names that are handed on as steps.
func (p *process) charge(names int) {
	if p.steps <= maxSteps { // the step after next is one too many, and says so
		p.steps = min(p.steps+names, maxSteps)
	}
	p.work(names)
}

// work counts what takes as long as some steps: of one unit that is no matter, but units can be many.
func (p *process) work(steps int) {
	if p.all <= maxAll {
		p.all = min(p.all+steps, maxAll)
	}
}

func (p *process) step(s *analyzers.Step, at detectors.Place) {
	if p.naming && !names(s) {
		return
	}
	switch s.Op {
	case analyzers.OpSet:
		p.set(s, at)
	case analyzers.OpUnset:
		p.change(s.Space, s.Name)
		delete(p.writable(s.Space), s.Name)
		p.note(s.Space, s.Name)
	case analyzers.OpExport:
		p.export(s)
	case analyzers.OpLoad:
		p.load(s, at)
	case analyzers.OpSource:
		p.source(s, at)
	case analyzers.OpRun:
		p.child(s, at, p.starts(s, at))
	case analyzers.OpRead:
		p.read(s, at)
	case analyzers.OpUse, analyzers.OpCall:
		p.call(s, at)
	case analyzers.OpOpen:
		for _, file := range p.files(s.Files(), at, s.Optional) {
			verb := analyzers.Opens
			if len(s.Named) > 0 && p.Keys != nil && p.Index.Exists(file) {
				p.openEntry(s, file, at)
				continue
			}
			switch {
			case file == ".":
				verb = analyzers.Sees
			case !p.Index.Exists(file):
				verb = analyzers.Mounts // a folder is given to the code; what it takes from it is not known
			}
			p.see(file, s.Except, false, at, s.Says, verb)
		}
	case analyzers.OpMount:
		for _, file := range p.files(s.Files(), at, true) {
			verb := analyzers.Mounts
			if file == "." && !s.Copied {
				verb = analyzers.Sees // a mount of the whole checkout is no nearer than the checkout
			}
			p.see(file, s.Except, s.Tracked, at, s.Says, verb)
		}
	case analyzers.OpSee:
		for _, file := range p.files(s.Files(), at, true) {
			p.see(file, s.Except, s.Tracked, at, s.Says, analyzers.Sees)
		}
	case analyzers.OpBlock:
		p.block(s, at)
	case analyzers.OpGap:
		p.gap(at, s.Says)
	case analyzers.OpEnter:
		p.goTo(s, at)
	case analyzers.OpScope:
		if p.stores == nil {
			p.stores = map[string]bool{}
		}
		p.stores[s.Name] = true
	}
}

// goTo goes to a folder, if it is one that is known and lies in the repository. The root is the folder above all.
func (p *process) goTo(s *analyzers.Step, at detectors.Place) {
	v := p.evaluate(s.Files(), at)
	if len(v.texts) != 1 || !v.known && len(s.Files().Parts) > 1 || v.texts[0] == "" || path.IsAbs(v.texts[0]) {
		return
	}
	if dir := path.Join(p.dir, v.texts[0]); !strings.HasPrefix(dir, "..") && (dir == "." || p.Index.Folder(dir)) {
		p.dir = dir
	}
}

// names reports whether a step can set a name by which files of code know each other's values.
func names(s *analyzers.Step) bool {
	switch s.Op {
	case analyzers.OpSet:
		return strings.Contains(s.Name, "#")
	case analyzers.OpSource, analyzers.OpBlock:
		return true
	}
	return false
}

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
	v := p.evaluate(s.Value, at)
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

// load does the sets of a program that is no code: an env file, a secret's keys.
func (p *process) load(s *analyzers.Step, at detectors.Place) {
	p.each(p.resolveRef(s, at), s, func(t target) {
		if t.Program == nil {
			return
		}
		steps := p.body(t.program)
		p.within(t, at, s.Says, func() {
			for i := range steps {
				set := steps[i]
				if p.idles[&steps[i]] {
					continue
				}
				if set.Op != analyzers.OpSet {
					p.run(steps[i:i+1], t.path)
					continue
				}
				set.IfUnset = set.IfUnset || s.IfUnset
				set.Export = set.Export && s.Space == "" || s.Export
				if set.Space == "" {
					set.Space = s.Space
				}
				for j := range set.Value.Parts { // a hole of the file is filled from the space that the file is loaded into
					if h := set.Value.Parts[j].Hole; h != nil && h.Space == "" && s.Space != "" {
						set.Value.Parts = slices.Clone(set.Value.Parts)
						moved := *h
						moved.Space = s.Space
						set.Value.Parts[j].Hole = &moved
					}
				}
				if !p.spend(t.path) {
					return
				}
				p.set(&set, inFile(set.At, t.path))
			}
		})
	})
}

// each does what a statement does with the files that its path leads to. Of a path that is not known each of them may be the one: it is
// done with each in the state before, and a name has afterwards what any of them leaves in it.
func (p *process) each(targets []target, s *analyzers.Step, do func(target)) {
	_, one := s.Refers().Path.Text()
	if one || len(targets) < 2 || importedOnce(targets[0].path) { // modules keep their names apart
		for _, t := range targets {
			do(t)
		}
		return
	}
	m := p.writable(s.Space)
	before, after := maps.Clone(m), map[string]binding{}
	for _, t := range targets {
		clear(m)
		maps.Copy(m, before)
		p.settled = false
		do(t)
		for _, name := range sortedNames(m) {
			now := m[name]
			if b, earlier := after[name]; earlier && (b.node != now.node || !slices.Equal(b.texts, now.texts)) {
				now = p.either(name, b, now)
			}
			after[name] = now
		}
	}
	clear(m)
	maps.Copy(m, after)
	p.settled = false
}

// inFile completes a place that leaves its file out.
func inFile(at detectors.Place, file string) detectors.Place {
	if at.Path == "" {
		at.Path = file
	}
	return at
}

// source does the steps of a program in this process.
func (p *process) source(s *analyzers.Step, at detectors.Place) {
	if s.Names && !p.naming { // what happens now happens once more when the program is taken in
		sourced, packages, lent := p.sourced, p.packages, p.lent
		p.naming, p.sourced, p.packages = true, map[*analyzers.Program]int{}, nil
		defer func() { p.naming, p.sourced, p.packages, p.lent = false, sourced, packages, lent }()
	}
	text, _ := s.Refers().Path.Text()
	folder, ofGo := p.goFolder(text, at)
	if ofGo && (folder == "" || p.motionOf(taken{folder: folder}) == still) {
		return
	}
	within := p.within
	if strings.HasPrefix(text, packagePrefix) {
		within = p.beside
	}
	takeIn := func(t target) {
		if s.Refers().Name == "" && p.lends(t.file) && !slices.Contains(p.lent, t.file) {
			p.lent = append(slices.Clip(p.lent), t.file)
		}
		if t.Program == nil {
			if p.hold(t.file) && !p.naming {
				p.edge(p.node, fileNode(t.file), analyzers.Loads, at, s.Says)
			}
			return
		}
		limit := maxSourced
		if importedOnce(t.path) {
			limit = 1
		}
		if p.sourced[t.Program] >= limit || p.motion(t) == still {
			return
		}
		p.sourced[t.Program]++
		p.work(sourceWork)
		if t.Apart { // it may be called as often as one likes, and is only kept from calling itself
			defer func() { p.sourced[t.Program]-- }()
		}
		if positional := p.positional(s.Refers().Args, at); positional != nil {
			outer, was := p.spaces["args"]
			p.spaces["args"], p.settled = bindings{byName: positional}, false
			defer func() {
				p.settled = false
				if p.spaces["args"] = outer; !was {
					delete(p.spaces, "args")
				}
			}()
		}
		within(t, at, s.Says, func() {
			p.run(p.body(t.program), t.path)
			if t.Shell && !p.naming {
				p.sourcedText(t.path, at)
			}
		})
	}
	if targets := p.takenBy(s, at); ofGo {
		p.rest(folder, targets, takeIn)
	} else {
		p.each(targets, s, takeIn)
	}
}

// rest does what a statement does with those of a package's files that no statement did it with before. Each of its files takes the package
// in, so that what is taken in within another goes on from there.
func (p *process) rest(folder string, files []target, do func(target)) {
	if p.packages == nil {
		p.packages = map[string]int{}
	}
	for p.packages[folder] < len(files) {
		t := files[p.packages[folder]]
		p.packages[folder]++
		do(t)
	}
}

// takenBy returns the programs that a step takes in. A file of a package of Go is among those that it takes in of its own.
func (p *process) takenBy(s *analyzers.Step, at detectors.Place) []target {
	text, _ := s.Refers().Path.Text()
	if folder, ok := p.goFolder(text, at); ok {
		return p.ofPackage(folder, s.Refers().Name)
	}
	if files, known := p.sources(s, at, p.dir); known {
		return p.targets(p.fittingFiles(slices.Clone(files)), s.Refers().Name)
	}
	return p.resolveRef(s, at)
}

// ofPackage returns the programs of a name in the files that the files of a package take in. One with a func main is none of them: it takes in
// the others, and where several have one, as in a folder of programs of one file each, no two are in one program.
func (p *process) ofPackage(folder, name string) []target {
	key := [2]string{folder, name}
	targets, ok := p.members[key]
	if !ok {
		files := slices.DeleteFunc(slices.Clone(p.goPackage(folder)), func(file string) bool {
			return slices.ContainsFunc(p.programs[folder], func(main target) bool { return main.file == file })
		})
		targets = p.targets(files, name)
		p.members[key] = targets
	}
	return targets
}

// importedOnce reports whether the file is in a language whose imports run once in a process, however often they are written.
func importedOnce(file string) bool {
	switch path.Ext(file) {
	case ".go", ".js", ".mjs", ".cjs", ".jsx", ".ts", ".mts", ".cts", ".tsx", ".py", ".rb":
		return true
	}
	return false
}

// sourcedText is [process.text] for a file that the process took in: its path begins with the statement that did.
func (p *process) sourcedText(file string, at detectors.Place) {
	for _, s := range p.unmentioned(file) {
		mid := p.chain(analyzers.Node{Kind: "token", ID: s.Token})
		p.edge(p.node, mid, analyzers.Loads, p.via[0].at, p.via[0].says)
		p.edgeFrom(mid, tokenNode(s.Token), s.At)
	}
}

// within runs f inside a statement that brings another file in.
func (p *process) within(t target, at detectors.Place, says string, f func()) {
	p.touch(t.path)
	if p.depth >= maxDepth {
		if importedOnce(at.Path) {
			at = detectors.Place{Path: at.Path} // modules import each other in circles, by any of their imports: it is said once
		}
		p.gap(at, "files that include each other are nested too deeply; what the innermost reach is not known")
		return
	}
	p.depth++
	p.via = append(p.via, through{at, t.path, says})
	f()
	p.via = p.via[:len(p.via)-1]
	p.depth--
}

// beside runs f inside another file of the package that the process is in. Files of a package take each other in, so that each does what it
// does after those that it may need; they are one program, nested in nothing, and the way to each is the way to the package.
func (p *process) beside(t target, at detectors.Place, says string, f func()) {
	outer := p.via
	within := slices.Clone(outer)
	if n := len(within); n > 0 && path.Dir(within[n-1].file) == path.Dir(t.path) {
		within[n-1].file = t.path
	} else {
		within = append(within, through{at, t.path, says})
	}
	p.via = within
	f()
	p.via = outer
}

// starts returns the programs that a step runs.
func (p *process) starts(s *analyzers.Step, at detectors.Place) []target {
	targets := p.resolveRef(s, at)
	if text, known := s.Refers().Path.Text(); len(targets) == 0 && known && text != "" && s.Refers().Name == "" {
		if file, ok := p.transpiled(text, at); ok {
			return p.targets([]string{file}, "")
		}
		return p.built(text, at)
	}
	return targets
}

// child starts programs, or does steps, in a process of its own.
func (p *process) child(s *analyzers.Step, at detectors.Place, targets []target) {
	p.settle(at)
	if p.depth >= maxDepth {
		p.gap(at, "programs that run each other are nested too deeply; what the innermost reach is not known")
		return
	}
	if len(s.Refers().Path.Parts) == 0 && s.Refers().Name == "" {
		p.inline(s, at)
		return
	}
	given := p.given(s, at)
	if len(targets) == 0 { // a program that is installed: what it does with what it is handed is its own affair
		for _, a := range s.Refers().Args {
			for _, src := range p.evaluate(a, at).sources {
				p.edge(p.node, src.node, analyzers.Passes, at, s.Says)
			}
		}
		c := p.heir(s)
		for _, g := range given {
			if g.space == "" && g.bound {
				c.writable("")[g.name] = g.binding
			}
		}
		c.settle(at)
	}
	for _, t := range targets {
		c := p.heir(s)
		if !s.Isolated {
			for name, b := range p.env.byName {
				if b.exported {
					c.writable("")[name] = b
				}
			}
		}
		if t.file == at.Path { // a part of the same script, as in bash -c 'f'
			c.lent = p.lent
		}
		delete(c.spaces, "args")
		for _, g := range given {
			switch {
			case g.space == "args":
			case !g.bound:
				delete(c.writable(g.space), g.name)
			default:
				c.writable(g.space)[g.name] = g.binding
			}
		}
		if positional := p.positional(s.Refers().Args, at); positional != nil {
			c.spaces["args"] = bindings{byName: positional}
		}
		p.launch(c, t, at, s.Says)
	}
}

// heir returns a process that has what a step's process inherits, but for the environment.
func (p *process) heir(s *analyzers.Step) *process {
	c := &process{
		linker:      p.linker,
		node:        p.node,
		environment: p.environment,
		spaces:      map[string]bindings{},
		closed:      p.closed || s.Closed,
		stores:      maps.Clone(p.stores),
		dir:         p.dir,
		sourced:     map[*analyzers.Program]int{},
		depth:       p.depth + 1,
	}
	if !s.Closed {
		for name, n := range p.spaces {
			c.spaces[name] = n.borrow()
		}
	}
	return c
}

// inline does a part of the same program in a process of its own (a subshell, a step): it also sees what is not exported.
func (p *process) inline(s *analyzers.Step, at detectors.Place) {
	c := p.heir(s)
	if !s.Isolated {
		c.env = p.env.borrow()
	}
	c.via = p.via
	c.sourced, c.packages = maps.Clone(p.sourced), maps.Clone(p.packages)
	c.lent = p.lent
	c.exportAll = p.exportAll
	c.settled = true // what it has its parent has, who is settled, and of whose edges its own are
	c.closed = p.closed
	c.silent = p.silent
	c.run(s.Steps, at.Path)
	c.settle(at)
	for name, b := range c.spaces {
		if strings.HasPrefix(name, analyzers.OnDisk) && !b.borrowed && !s.Isolated {
			p.spaces[name] = b
		}
	}
}

// gift is a name that a child process is given, or freed of.
type gift struct {
	space, name string
	binding
	bound bool
}

// given returns what a child process is given. It is evaluated in the parent's maps, as the one who starts it does.
func (p *process) given(s *analyzers.Step, at detectors.Place) []gift {
	if len(s.Steps) == 0 {
		return nil // most often
	}
	g := &process{
		linker: p.linker, node: p.node, environment: p.environment, env: p.env.borrow(), spaces: map[string]bindings{},
		closed: p.closed, stores: p.stores, dir: p.dir, via: p.via, sourced: map[*analyzers.Program]int{}, depth: p.depth + 1,
		assigned: map[[2]string]bool{},
	}
	for name, n := range p.spaces {
		g.spaces[name] = n.borrow()
	}
	g.run(s.Steps, at.Path)
	var gifts []gift
	for key := range g.assigned {
		b, bound := g.space(key[0])[key[1]]
		b.exported = b.exported || key[0] == ""
		gifts = append(gifts, gift{key[0], key[1], b, bound})
	}
	return gifts
}

func (p *process) positional(args []analyzers.Value, at detectors.Place) map[string]binding {
	if len(args) == 0 {
		return nil
	}
	positional := map[string]binding{}
	for i, a := range args {
		name := strconv.Itoa(i + 1)
		positional[name] = p.bind(name, p.evaluate(a, at), at, "")
	}
	return positional
}

// launch executes a child instance, unless an equal one was executed before, and joins it to its parent.
func (p *process) launch(c *process, t target, at detectors.Place, says string) {
	if t.Program != nil && t.Dir != "" {
		c.dir = t.Dir
	}
	for space := range c.spaces {
		p.charge(len(c.space(space)))
	}
	p.charge(len(c.env.byName))
	key := c.key(t)
	c.node = analyzers.Node{Kind: "file", ID: t.file, Scope: key}
	p.edge(p.node, c.node, analyzers.Runs, at, says)
	if by, executed := p.processes[key]; executed {
		p.follows(by)
		return
	}
	p.processes[key] = p.lesson
	if t.Program == nil {
		if p.hold(t.file) {
			p.edge(c.node, fileNode(t.file), analyzers.Loads, detectors.Place{Path: t.file}, "in the program's own text")
		}
	} else {
		c.run(p.body(t.program), t.path)
		if t.Shell {
			c.text(t.path)
		}
	}
	c.settle(at)
}

// key identifies an instance: the program, its maps, its environment.
func (p *process) key(t target) string {
	h := sha256.New()
	write := func(parts ...string) {
		for _, s := range parts {
			h.Write([]byte(strconv.Itoa(len(s))))
			h.Write([]byte{':'})
			h.Write([]byte(s))
		}
	}
	write(t.file, p.dir, p.environment.String(), strconv.FormatBool(p.closed))
	if t.Program != nil {
		write(t.Name)
	}
	write(slices.Sorted(maps.Keys(p.stores))...)
	write("lent")
	write(p.lent...)
	for _, space := range slices.Insert(slices.Sorted(maps.Keys(p.spaces)), 0, "") {
		write("space", space)
		m := p.space(space)
		for _, name := range slices.Sorted(maps.Keys(m)) {
			b := m[name]
			write(name, b.node.Scope, strconv.FormatBool(b.exported), strconv.FormatBool(b.known), strings.Join(b.texts, "\x00"))
		}
	}
	return hex.EncodeToString(h.Sum(nil)[:12])
}

// settle makes what the process has at this moment in its environment, and was given as arguments, loaded by it. Every statement that hands something
// on settles first; while nothing of that has changed since, it makes no edge that is not there, and so does nothing. Of code, whose statements change
// nothing of the kind, that is nearly always: with it Argo CD is linked in four fifths of the processor time.
func (p *process) settle(at detectors.Place) {
	if p.settled {
		for _, name := range p.fresh {
			if b := p.env.byName[name]; b.content != nil && b.node != (analyzers.Node{}) {
				p.edge(p.node, b.node, analyzers.Loads, b.via, b.says)
			}
		}
		p.fresh = nil
		return
	}
	p.settled, p.fresh = true, nil
	for _, name := range p.leading(p.env.byName, "") {
		b := p.env.byName[name]
		p.edge(p.node, b.node, analyzers.Loads, b.via, b.says)
	}
	args := p.space("args")
	for _, name := range p.leading(args, "") {
		b := args[name]
		p.edge(p.node, b.node, analyzers.Loads, b.via, b.says)
	}
}

func (p *process) read(s *analyzers.Step, at detectors.Place) {
	m := p.space(s.Space)
	if len(s.Value.Parts) > 0 {
		v := p.evaluate(s.Value, at)
		if len(v.texts) == 0 {
			p.gap(at, "the name that code reads from its environment is computed; what it reads is not known")
		}
		for _, name := range v.texts {
			if b, ok := m[name]; ok && b.node != (analyzers.Node{}) {
				p.edge(p.node, b.node, analyzers.Reads, at, s.Says)
			}
		}
		return
	}
	if !s.All {
		if b, ok := m[s.Name]; ok && b.node != (analyzers.Node{}) {
			p.edge(p.node, b.node, analyzers.Reads, at, s.Says)
		}
		return
	}
	for _, name := range p.leading(m, s.Name) {
		if s.Space == "" && strings.Contains(name, "/") {
			continue // a file that is mounted, and no variable
		}
		p.edge(p.node, m[name].node, analyzers.Reads, at, s.Says)
	}
}

// openEntry reads what stands under the keys of the step in a file of settings, and what stands there under no key that is known.
func (p *process) openEntry(s *analyzers.Step, file string, at detectors.Place) {
	if len(p.Stands[file]) == 0 {
		return
	}
	name := file
	var keys []value
	for _, n := range s.Named {
		key := p.evaluate(n.Value, at)
		keys = append(keys, key)
		name += " " + strings.Join(key.texts, "|")
	}
	held := value{}
	for _, stand := range p.Stands[file] {
		under, known := p.Keys(file, stand.At.Span)
		if !known || len(keys) <= len(under) && p.leadTo(keys, under) {
			held.sources = append(held.sources, source{tokenNode(stand.Token), stand.At})
		}
	}
	if len(held.sources) > 0 {
		p.edge(p.node, p.bind(name, held, at, "").node, analyzers.Reads, at, s.Says)
	}
}

// leadTo reports whether keys can be the first ones of those under which something stands. Of a key that is not known, and that is no default,
// those are left out that name other environments than the process'.
func (p *process) leadTo(keys []value, under []string) bool {
	for i, key := range keys {
		fits := func(text string) bool { return text == settings.Any || strings.EqualFold(text, under[i]) }
		switch {
		case key.known && len(key.texts) > 0:
			if !slices.ContainsFunc(p.fitting(key.texts), fits) {
				return false
			}
		case slices.ContainsFunc(key.texts, fits), p.environment == 0:
		default:
			if env := p.valued(under[i]); env != 0 && !env.Touches(p.environment) {
				return false
			}
		}
	}
	return true
}

// call hands a value to a sink; a command line program also takes what it documents from its environment.
func (p *process) call(s *analyzers.Step, at detectors.Place) {
	if s.Op == analyzers.OpUse && !p.isAlive(&s.Value, at.Path) {
		return
	}
	sink := detectors.Sink{}
	if s.Sink != nil {
		sink = *s.Sink
	}
	var taken []string
	if s.Op == analyzers.OpCall {
		if p.plain(s, at) {
			p.settle(at)
			return
		}
		if p.Takes != nil {
			taken = p.Takes(sink)
		}
	}
	if sink.Library != "" && len(taken) == 0 {
		return
	}
	p.settle(at)
	sink.IDs = append(slices.Clip(sink.IDs), p.ids(s.Named, at)...)
	things := p.worksOn(s, sink, at)
	var handed map[int][]analyzers.Node
	for _, part := range s.Value.Parts {
		for _, src := range p.sourcesOf(part, s.Value.At, at) {
			if handed == nil {
				handed = map[int][]analyzers.Node{}
			}
			where := at
			if _, ok := p.graph.References[src.node.ID]; ok && src.at.Path == at.Path && s.Value.At.Span.Overlaps(src.at.Span) {
				where = src.at // it stands where it is looked up, and not where what is handed on begins
			}
			p.edge(p.node, src.node, analyzers.Passes, where, s.Says)
			arg := sink.ArgAt(part.Span)
			handed[arg] = append(handed[arg], src.node)
		}
	}
	for _, arg := range slices.Sorted(maps.Keys(handed)) {
		by := sink
		by.Arg = arg
		p.graph.uses = append(p.graph.uses, use{p.node, handed[arg], by, at, things})
	}
	if s.Op != analyzers.OpCall {
		return
	}
	if len(sink.Argv) > 0 && sink.Argv[0].Text != "" {
		if built := p.built(sink.Argv[0].Text, at); len(built) > 0 {
			run := analyzers.Step{Op: analyzers.OpRun, At: s.At, Ref: new(analyzers.PathTo(built[0].file, "", at)), Says: "runs the program"}
			run.Ref.Args = []analyzers.Value{s.Value}
			p.child(&run, at, built)
		}
	}
	for _, name := range taken {
		b, ok := p.env.byName[name]
		switch who := cmp.Or(sink.Library, sink.Tool); {
		case !ok || !b.exported:
		case b.node != (analyzers.Node{}):
			p.edge(p.node, b.node, analyzers.Passes, at, who+" takes "+name+" from its environment")
			sink.Variable = name
			p.graph.uses = append(p.graph.uses, use{p.node, []analyzers.Node{b.node}, sink, at, things})
		case b.known:
			p.takesFiles(b.texts, at, who+" takes the file that "+name+" names")
		}
	}
}

// takesFiles opens the files of the repository that the value of a documented variable names: KUBECONFIG=a.yaml:b.yaml,
// GOOGLE_APPLICATION_CREDENTIALS=sa.json.
func (p *process) takesFiles(texts []string, at detectors.Place, says string) {
	for _, text := range texts {
		for name := range strings.SplitSeq(text, ":") {
			if file, ok := p.file(name, at); ok && p.Index.Exists(file) {
				p.see(file, "", false, at, says, analyzers.Opens)
			}
		}
	}
}

// ids returns the ids that are sent along, as far as their texts are known.
func (p *process) ids(named []analyzers.Named, at detectors.Place) []detectors.ID {
	var ids []detectors.ID
	for _, n := range named {
		for _, text := range p.fitting(p.evaluate(n.Value, at).texts) {
			ids = append(ids, detectors.ID{What: n.Name, Value: text})
		}
	}
	return ids
}

// worksOn makes the edges to what a call works on, which the step says alone unless ids are sent along.
func (p *process) worksOn(s *analyzers.Step, sink detectors.Sink, at detectors.Place) []analyzers.Node {
	if p.WorksOn == nil || p.silent {
		return nil
	}
	ids, known := p.worked[s]
	if !known {
		ids = p.WorksOn(sink)
		if len(s.Named) == 0 {
			p.worked[s] = ids
		}
	}
	var nodes []analyzers.Node
	for _, id := range ids {
		n := targetNode(id)
		p.edge(p.node, n, analyzers.Opens, at, "works on it")
		nodes = append(nodes, n)
	}
	return nodes
}

// see makes the tokens in a file, or in the files below a folder, gained by the verb.
func (p *process) see(file, except string, tracked bool, at detectors.Place, says string, verb analyzers.Verb) {
	files, bulk := []string{file}, false
	if !p.Index.Exists(file) {
		files, bulk = p.withTokens(file), true
	}
	ignored := p.ignored(except)
	for _, f := range files {
		if tracked && !p.Index.Tracked(f) || ignored != nil && ignored(f) || !p.hold(f) {
			continue
		}
		hop := at
		if hop.Path == "" {
			hop = detectors.Place{Path: f}
		}
		p.edge(p.node, fileNode(f), verb, hop, says)
		if bulk {
			p.graph.bulk[[2]analyzers.Node{p.node, fileNode(f)}] = true
		}
	}
}

// withTokens returns the files below the folder in which tokens stand, sorted.
func (p *process) withTokens(folder string) []string {
	var files []string
	for f := range p.Stands {
		if folder == "." || strings.HasPrefix(f, folder+"/") {
			files = append(files, f)
		}
	}
	slices.Sort(files)
	return files
}

// block does the steps of a block if its condition can hold. If it can also not hold, what a name had before is what it may still have.
func (p *process) block(s *analyzers.Step, at detectors.Place) {
	possible, certain := p.allows(s.Guard, at)
	if !possible {
		return
	}
	if len(s.Own) > 0 {
		defer p.own(s.Own)()
	}
	if certain || !p.alters(s.Steps) {
		p.run(s.Steps, at.Path)
		return
	}
	start := len(p.changes)
	p.blocks++
	p.run(s.Steps, at.Path)
	p.blocks--
	firsts := p.firsts(p.changes[start:])
	for _, c := range firsts {
		if !c.bound {
			continue
		}
		if now, bound := p.space(c.space)[c.name]; !bound {
			p.change(c.space, c.name)
			p.put(c.space, c.name, c.old)
		} else if now.node != c.old.node || !slices.Equal(now.texts, c.old.texts) {
			p.change(c.space, c.name)
			p.put(c.space, c.name, p.either(c.name, c.old, now))
		}
	}
	p.changes = p.changes[:start]
	if p.blocks > 0 { // of the block around this one, too, they are the first since
		p.changes = append(p.changes, firsts...)
	}
}

// firsts returns the first change of each name of each space, which says what was before, by name. It is good until the next call.
func (l *linker) firsts(changes []change) []change {
	l.first = append(l.first[:0], changes...) // a copy, since more is noted behind them
	changes = l.first
	if len(changes) < 2 {
		return changes
	}
	slices.SortStableFunc(changes, func(a, b change) int {
		return cmp.Or(strings.Compare(a.name, b.name), strings.Compare(a.space, b.space))
	})
	return slices.CompactFunc(changes, func(a, b change) bool { return a.name == b.name && a.space == b.space })
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

// change is what a name of a space was bound to before something changed it.
type change struct {
	space, name string
	old         binding
	bound       bool
}

// change notes, within a block, what a name is bound to before that changes. Environments are large and blocks many, and most change a
// name or two: noting these costs less than keeping a copy of all. Of a block that is over the first change of each name stays.
func (p *process) change(space, name string) {
	if p.blocks > 0 {
		old, bound := p.space(space)[name]
		p.changes = append(p.changes, change{space, name, old, bound})
	}
}

// either returns a binding that may be one or the other.
func (p *process) either(name string, a, b binding) binding {
	v := union(value{texts: a.texts, known: a.known}, value{texts: b.texts, known: b.known})
	for _, one := range []binding{a, b} {
		if one.node != (analyzers.Node{}) {
			v.sources = append(v.sources, source{one.node, one.via})
		}
	}
	both := *b.content
	both.texts, both.known, both.mixed = v.texts, v.known, max(a.mixed, b.mixed)+1
	switch len(v.sources) {
	case 0:
	case 1:
		both.node = v.sources[0].node
	default:
		if a.mixed >= maxAlternatives { // from then on what it may be is not told by when it came to be so
			both.node, both.via, both.says = a.node, a.via, a.says
			p.edge(a.node, b.node, analyzers.Binds, b.via, "")
			break
		}
		via := p.via
		p.via = nil // the names before say how they came
		both.node = p.bind(name, v, b.via, b.says).node
		p.via = via
	}
	return binding{&both, a.exported || b.exported}
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

// fitting returns those of several texts that can be in the process' environment: a matrix over staging and production is, in staging's
// execution, staging.
func (p *process) fitting(texts []string) []string {
	if len(texts) < 2 || p.environment == 0 {
		return texts
	}
	var fit []string
	for _, text := range texts {
		if env := p.valued(text); env == 0 || env.Touches(p.environment) {
			fit = append(fit, text)
		}
	}
	if fit == nil {
		return texts
	}
	return fit
}

// allows reports whether a condition can hold, and whether it surely does.
func (p *process) allows(g *analyzers.Guard, at detectors.Place) (possible, certain bool) {
	switch {
	case g == nil:
		return true, true
	case len(g.Patterns) == 0:
		return true, false
	}
	v := p.evaluate(g.Value, at)
	if v.known && len(v.texts) > 0 {
		certain = true
		for _, text := range p.fitting(v.texts) {
			matched := slices.ContainsFunc(g.Patterns, func(pattern string) bool { return matches(pattern, text) })
			possible = possible || matched != g.Not
			certain = certain && matched != g.Not
		}
		return possible, certain
	}
	var named detectors.Environment
	for _, pattern := range g.Patterns {
		named |= p.valued(pattern)
	}
	if p.environment == 0 || named == 0 {
		return true, false
	}
	holds := named.Touches(p.environment) != g.Not
	if !holds && !g.Not && p.environment != detectors.Production && named.Touches(detectors.Development) && isBranch(g.Value) {
		return true, false // the branch that development is merged to is, as often as not, what staging is deployed from
	}
	byDefault := slices.ContainsFunc(v.texts, func(text string) bool { // what is taken where nobody gives another
		if env := p.valued(text); p.environment == detectors.Production && env != 0 && !env.Touches(p.environment) {
			return false // who runs it for production gives another
		}
		return slices.ContainsFunc(g.Patterns, func(pattern string) bool { return matches(pattern, text) }) != g.Not
	})
	return holds || byDefault, holds
}

// isBranch reports whether a value is the name of a git branch that nobody tells.
func isBranch(v analyzers.Value) bool {
	return slices.ContainsFunc(v.Parts, func(part analyzers.Part) bool { return part.Hole != nil && environ.HoldsBranch(part.Hole.Name) })
}
