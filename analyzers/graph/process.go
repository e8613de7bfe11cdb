package graph

import (
	"path"
	"strconv"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/detectors"
)

// What bounds the execution of one unit.
const (
	maxDepth        = 40         // programs that run or source each other
	maxSteps        = 200_000    // steps of one unit in one environment; every name that is handed on counts as one
	maxAll          = 10_000_000 // steps of all units, see work
	maxEdges        = 200_000    // of all units, beside a few for each unit and each token
	maxAlternatives = 64         // texts that a computed value can have
	maxEvery        = 1000       // files that a program takes all of, by a pattern
	maxShares       = 100_000    // names that programs known in the whole repository have for signs of units
	maxText         = 4096       // bytes of a text that is put together
	maxSourced      = 3          // times that one process sources one program
	sourceWork      = 4          // steps that take as long as to source a program
	sharedWork      = 24         // steps that take as long as to find what a program that is known in the whole repository has
)

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
	astray      bool                       // it went on to a folder that is not known
	via         []through                  // the load and source statements that the process is in, outermost first
	sourced     map[*analyzers.Program]int // how often they were, or are being
	packages    map[string]int             // by folder of Go, how many of its files were sourced, see rest
	lent        []string                   // files that were sourced and have functions
	depth       int
	filling     int                // lazy values that are being filled
	silent      bool               // evaluates only: makes no edges
	settled     bool               // what it has is loaded by it, but for what is fresh, see settle
	fresh       []string           // names of the environment that were set since
	naming      bool               // sets only names by which files of code know each other's values
	assigned    map[[2]string]bool // space and name of what was set or unset, where somebody asks
	blocks      int                // conditions that the process is in
	changes     []change           // within them
	mounted     []mount            // what has a place in the container that is described
	inside      *container         // that the process is in, nil if it works in the checkout
	tracked     bool               // it works in a checkout of its own, which has what git tracks and no more
	looking     *container         // where paths lead to at the moment, nil for the checkout
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
		p.dir, p.astray = t.Dir, false
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
		for _, l := range layers(s.Files(), func(v analyzers.Value) []string { return p.opened(v, at, s.Optional) }) {
			verb := analyzers.Opens
			if len(s.Named) > 0 && p.Keys != nil && p.Index.Exists(l.file) {
				p.openEntry(s, l, at)
				continue
			}
			switch {
			case l.file == ".":
				verb = analyzers.Sees
			case !p.Index.Exists(l.file):
				verb = analyzers.Mounts // a folder is given to the code; what it takes from it is not known
			}
			p.see(l.file, s.Except, false, at, s.Says, verb)
		}
	case analyzers.OpMount:
		for _, l := range layers(s.Files(), func(v analyzers.Value) []string { return p.files(v, at, true) }) {
			verb := analyzers.Mounts
			if p.covered(l) {
				continue
			}
			p.mount(s, l.file)
			if l.file == "." && !s.Copied {
				verb = analyzers.Sees // a mount of the whole checkout is no nearer than the checkout
			}
			p.see(l.file, s.Except, s.Tracked, at, s.Says, verb)
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
	case analyzers.OpContain:
		p.contain(s, at)
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
	if len(v.texts) != 1 || !v.known && len(s.Files().Parts) > 1 {
		if p.astray = true; !s.Optional {
			p.gap(at, analyzers.UnknownFolder)
		}
		return
	}
	if v.texts[0] == "" || path.IsAbs(v.texts[0]) {
		return
	}
	if dir := path.Join(p.dir, v.texts[0]); !strings.HasPrefix(dir, "..") && (dir == "." || p.Index.Folder(dir)) {
		p.dir, p.astray = dir, false
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
