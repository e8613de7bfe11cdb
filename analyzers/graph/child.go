package graph

import (
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/detectors"
)

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
		astray:      p.astray,
		sourced:     map[*analyzers.Program]int{},
		depth:       p.depth + 1,
		inside:      p.inside,
		tracked:     p.tracked,
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
		closed: p.closed, stores: p.stores, dir: p.dir, astray: p.astray, via: p.via, sourced: map[*analyzers.Program]int{}, depth: p.depth + 1,
		inside: p.inside, tracked: p.tracked, assigned: map[[2]string]bool{},
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
		c.dir, c.astray = t.Dir, false
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
	write(t.file, p.dir, p.environment.String(), strconv.FormatBool(p.closed), strconv.FormatBool(p.tracked), strconv.FormatBool(p.astray))
	if t.Program != nil {
		write(t.Name)
	}
	write(slices.Sorted(maps.Keys(p.stores))...)
	if p.inside != nil {
		write("inside", p.inside.id)
	}
	write("lent")
	write(p.lent...)
	for _, space := range slices.Insert(slices.Sorted(maps.Keys(p.spaces)), 0, "") {
		write("space", space)
		m := p.space(space)
		for _, name := range slices.Sorted(maps.Keys(m)) {
			b := m[name]
			if b.lazy != nil {
				write("lazy", b.lazy.at.Path, strconv.Itoa(b.lazy.at.Span.Start))
			}
			write(name, b.node.Scope, strconv.FormatBool(b.exported), strconv.FormatBool(b.known), strconv.FormatBool(b.filled), strings.Join(b.texts, "\x00"))
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
	names := p.leading(p.env.byName, "")
	p.work(len(names))
	for _, name := range names {
		b := p.env.byName[name]
		p.edge(p.node, b.node, analyzers.Loads, b.via, b.says)
	}
	args := p.space("args")
	for _, name := range p.leading(args, "") {
		b := args[name]
		p.edge(p.node, b.node, analyzers.Loads, b.via, b.says)
	}
}
