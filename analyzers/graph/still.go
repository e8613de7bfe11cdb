package graph

import (
	"slices"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/detectors"
)

// Programs take in hundreds of files of code, each with those that it takes in, and most have nothing but idle steps.
//
// Idea: what a file leads to by taking in others is found once for all processes, and one that leads only to files without steps that do
// anything, and without tokens, is still: taking it in is passed over.
//
// Why it is valid: which files are taken in follows from the file and the working directory, unless their path is computed from what the
// process holds; then the file is not still. Where a step does nothing, so does reaching it.
//
// Gain: with idle steps left out, linking Kubernetes 1.34, where each of 57 programs takes in up to 3000 files, takes a tenth of a scan's
// processor time; before it took a quarter of a larger one.

// motion is what comes of taking in a file, at most. A larger one includes the smaller ones.
type motion uint8

const (
	still   motion = iota
	acting         // something reads, opens, runs or hands on
	setting        // something is set, or a token stands in a text, so that it matters what comes before
)

// taken is the program of a file that is taken in, or a whole package of Go. On the working directory depends what is not Go.
type taken struct{ dir, file, name, folder string }

// motion returns what comes of taking in a program in the process' working directory.
func (p *process) motion(t target) motion {
	return p.motionOf(p.takenIn(t, p.dir))
}

func (l *linker) takenIn(t target, dir string) taken {
	if isGo(t.file) {
		dir = ""
	}
	if t.Program == nil {
		return taken{dir: dir, file: t.file}
	}
	return taken{dir: dir, file: t.file, name: t.Name}
}

// motionOf explores all that is taken in from the start and is not known yet, and then carries what it found back to those that take it in.
func (l *linker) motionOf(start taken) motion {
	if l.Everything {
		return setting
	}
	if m, ok := l.motions[start]; ok {
		return m
	}
	by := map[taken][]taken{} // who takes it in
	var found [setting + 1][]taken
	queue := []taken{start}
	l.motions[start] = still
	for len(queue) > 0 {
		t := queue[0]
		queue = queue[1:]
		own := l.takes(t, func(inner taken) {
			m, known := l.motions[inner]
			if !known {
				l.motions[inner] = still
				queue = append(queue, inner)
			}
			by[inner] = append(by[inner], t)
			if known && m > still {
				found[m] = append(found[m], inner)
			}
		})
		if own > still {
			l.motions[t] = own
			found[own] = append(found[own], t)
		}
	}
	for m := setting; m > still; m-- {
		for queue := found[m]; len(queue) > 0; {
			t := queue[0]
			queue = queue[1:]
			for _, outer := range by[t] {
				if l.motions[outer] < m {
					l.motions[outer] = m
					queue = append(queue, outer)
				}
			}
		}
	}
	return l.motions[start]
}

// takes calls visit for all that is taken in directly, and returns what comes of the rest.
func (l *linker) takes(t taken, visit func(taken)) motion {
	if t.folder != "" {
		for _, file := range l.goPackage(t.folder) {
			visit(taken{file: file})
		}
		return still
	}
	own := still
	switch {
	case len(l.Stands[t.file]) > 0:
		own = setting
	case t.name == "" && l.lends(t.file):
		own = acting
	}
	program, ok := l.find(t.file, t.name)
	switch {
	case !ok:
	case program.outline != nil && !program.outline.Acts:
		l.outlineTakes(program.outline, t, visit)
	default:
		own = max(own, l.stepsTake(l.body(program), t, visit))
	}
	return own
}

// outlineTakes calls visit for what an outline takes in.
func (l *linker) outlineTakes(o *analyzers.Outline, t taken, visit func(taken)) {
	at := detectors.Place{Path: t.file}
	nobody := l.nobody(t.dir)
	for _, take := range o.Takes {
		if l.packageTaken(take.Path, at, visit) {
			continue
		}
		for _, p := range o.Paths(take) {
			if file, ok := nobody.file(p, at); ok {
				visit(l.takenIn(target{file: file}, t.dir))
			}
		}
	}
}

// nobody is a process that only evaluates, in a working directory.
func (l *linker) nobody(dir string) *process {
	return &process{linker: l, spaces: map[string]bindings{}, dir: dir, silent: true}
}

func (l *linker) stepsTake(steps []analyzers.Step, t taken, visit func(taken)) motion {
	own := still
	for i := range steps {
		s := &steps[i]
		if l.idles[s] {
			continue
		}
		switch s.Op {
		case analyzers.OpSource:
			own = max(own, l.sourceTakes(s, t, visit))
		case analyzers.OpBlock:
			own = max(own, l.stepsTake(s.Steps, t, visit))
		case analyzers.OpSet, analyzers.OpUnset, analyzers.OpExport, analyzers.OpLoad, analyzers.OpScope:
			own = setting
		default:
			own = max(own, acting)
		}
	}
	return own
}

// sourceTakes calls visit for what a step takes in. What is not known without a process can be anything.
func (l *linker) sourceTakes(s *analyzers.Step, t taken, visit func(taken)) motion {
	at := inFile(s.At, t.file)
	if text, known := s.Refers().Path.Text(); known && l.packageTaken(text, at, visit) {
		return still
	}
	from := l.sources(s, at, t.dir)
	if !from.known {
		return setting
	}
	for _, file := range slices.Concat(from.any, from.every) {
		visit(l.takenIn(target{program{Program: &analyzers.Program{Name: s.Refers().Name}}, file}, t.dir))
	}
	return still
}

// sourced is what a step takes in, in one working directory: any of some files, and every one of others.
type sourced struct {
	any, every []string
	known      bool
}

// sources returns the files that a step can mean which takes in others, and whether those are known without a process: then all
// processes in the working directory mean the same.
func (l *linker) sources(s *analyzers.Step, at detectors.Place, dir string) sourced {
	key := stepIn{s, dir}
	found, ok := l.sourcing[key]
	if !ok {
		var texts []string
		nobody := l.nobody(dir)
		text, _ := s.Refers().Path.Text()
		_, ofGo := l.goFolder(text, at)
		if r := s.Refers(); !ofGo && len(r.Path.Parts) > 0 && r.Name != analyzers.MainOf && r.Name != analyzers.ModuleOf && !r.Here && !r.Above && written(&r.Path) {
			texts = nobody.evaluate(r.Path, at).texts
		}
		if found.known = len(texts) > 0; found.known {
			found.any, found.every = nobody.meant(texts, at)
		}
		l.sourcing[key] = found
	}
	return found
}

// written reports whether a path is one of several that are written out: no name stands in it.
func written(v *analyzers.Value) bool {
	return !slices.ContainsFunc(v.Parts, func(p analyzers.Part) bool {
		h := p.Hole
		return h != nil && (h.Name != "" || h.All || h.Default != nil || len(h.Values) == 0 ||
			slices.ContainsFunc(h.Values, func(v analyzers.Value) bool { return !written(&v) }))
	})
}

// stepIn is a step in a working directory.
type stepIn struct {
	step *analyzers.Step
	dir  string
}

// packageTaken calls visit for the package that a path means, and reports whether it means one of Go.
func (l *linker) packageTaken(text string, at detectors.Place, visit func(taken)) bool {
	folder, ok := l.goFolder(text, at)
	if folder != "" {
		visit(taken{folder: folder})
	}
	return ok
}
