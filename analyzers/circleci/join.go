package circleci

import (
	"maps"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/detectors"
)

const (
	project      = "project" // the scope of variables that no context holds
	contextSpace = "context" // a job's program sets the name of what holds its variables in it
)

// taken returns the name of the program that sets what a job's program takes from its contexts.
func taken(file, program string) string { return "@circleci/" + file + "/" + program }

// join makes the programs that set the names which jobs and the scripts that they run read, and which nothing sets.
func join(index analyzers.Index) []*analyzers.Facts {
	var joined []*analyzers.Facts
	for _, file := range index.All() {
		for _, f := range index.Facts(file) {
			if f.Analyzer != "circleci" {
				continue
			}
			own := &analyzers.Facts{Path: f.Path, Analyzer: f.Analyzer}
			for _, p := range f.Programs {
				if strings.HasPrefix(p.Name, jobPrefix) {
					own.Programs = append(own.Programs, provided(index, f.Path, p))
				}
			}
			if len(own.Programs) > 0 {
				joined = append(joined, own)
			}
		}
	}
	return joined
}

// provided returns the program that sets what a job takes from its contexts.
func provided(index analyzers.Index, file string, p analyzers.Program) analyzers.Program {
	w := &walk{index: index, file: file, set: map[string]bool{}, found: map[string][]reading{}, visited: map[string]bool{}}
	w.steps(p.Steps, 0)
	given := analyzers.Program{Name: taken(file, p.Name), At: p.At}
	for _, s := range p.Steps {
		if s.Space != contextSpace {
			continue
		}
		for _, name := range slices.Sorted(maps.Keys(w.found)) {
			for _, r := range w.found[name] {
				v := hole(r.at, analyzers.Hole{Space: "circleci", Name: name, Store: "circleci", Scope: s.Name})
				given.Steps = append(given.Steps, block(r.guards, []analyzers.Step{set("", name, v, r.at)})...)
			}
		}
	}
	return given
}

// walk follows a job's program through the scripts that it runs, in the order of their steps.
type walk struct {
	index   analyzers.Index
	file    string               // in which the present steps stand
	set     map[string]bool      // names that were set so far
	found   map[string][]reading // names that were read before anything set them
	visited map[string]bool      // programs of files
	guards  []analyzers.Guard    // under which the present steps happen
	count   int
}

// reading is where a name is read, and under which guards.
type reading struct {
	at     detectors.Place
	guards []analyzers.Guard
}

func (w *walk) steps(steps []analyzers.Step, depth int) {
	for i := range steps {
		if w.count++; w.count > maxSteps || depth > maxNested*2 {
			return
		}
		w.step(&steps[i], depth)
	}
}

func (w *walk) step(s *analyzers.Step, depth int) {
	at := s.At
	if at.Path == "" {
		at.Path = w.file
	}
	w.value(s.Value, at, depth)
	for _, arg := range s.Refers().Args {
		w.value(arg, at, depth)
	}
	switch s.Op {
	case analyzers.OpSet:
		if s.Space == "" {
			w.set[s.Name] = true
		}
	case analyzers.OpRead:
		if s.Space == "" && !s.All {
			w.read(s.Name, at)
		}
	case analyzers.OpBlock:
		before := w.guards
		if s.Guard != nil && settled(s.Guard.Value) {
			w.guards = append(slices.Clone(before), *s.Guard)
		}
		w.steps(s.Steps, depth+1)
		w.guards = before
	case analyzers.OpSource, analyzers.OpLoad:
		w.program(s.Refers(), depth)
	case analyzers.OpRun:
		before := w.set
		w.set = maps.Clone(before)
		w.steps(s.Steps, depth+1)
		w.program(s.Refers(), depth)
		w.set = before
	}
}

// program follows a reference to a program of a file of the repository, once.
func (w *walk) program(r analyzers.Ref, depth int) {
	text, known := r.Path.Text()
	if !known || text == "" || path.IsAbs(text) {
		return
	}
	for _, file := range []string{path.Clean(text), path.Join(path.Dir(w.file), text)} {
		key := file + "\x00" + r.Name + "\x00" + strconv.FormatBool(len(w.guards) > 0)
		if !w.index.Exists(file) || w.visited[key] {
			continue
		}
		w.visited[key] = true
		before := w.file
		w.file = file
		for _, f := range w.index.Facts(file) {
			for _, p := range f.Programs {
				if p.Name == r.Name {
					w.steps(p.Steps, depth+1)
				}
			}
		}
		w.file = before
		return
	}
}

// value notes the names in a value. One that has a default is a setting.
func (w *walk) value(v analyzers.Value, at detectors.Place, depth int) {
	if depth > maxNested*2 {
		return
	}
	for _, part := range v.Parts {
		h := part.Hole
		if h == nil {
			continue
		}
		if h.Default != nil {
			w.value(*h.Default, at, depth+1)
		}
		if h.Space == "" && !h.All && (h.Default == nil || len(h.Default.Parts) == 0) {
			w.read(h.Name, at)
		}
		for _, alternative := range h.Values {
			w.value(alternative, at, depth+1)
		}
	}
}

// read notes a name that nothing set so far, unless it is one of the shell's, the system's or CircleCI's own.
func (w *walk) read(name string, at detectors.Place) {
	if w.set[name] || !variable.MatchString(name) || own.MatchString(name) {
		return
	}
	for _, r := range w.found[name] {
		if len(r.guards) == 0 {
			return // it is there in any case
		}
	}
	if len(w.guards) == 0 {
		w.found[name] = nil
	}
	if len(w.found[name]) < maxValues {
		w.found[name] = append(w.found[name], reading{at, w.guards})
	}
}

// settled reports whether a guard's value is decided before the job starts: by parameters alone.
func settled(v analyzers.Value) bool {
	return !slices.ContainsFunc(v.Parts, func(p analyzers.Part) bool {
		return p.Hole != nil && p.Hole.Space != "pipeline" && p.Hole.Space != "matrix" && p.Hole.Space != "run"
	})
}

var (
	variable = regexp.MustCompile(`^[A-Z][A-Z0-9_]{2,}$`)
	// own are variables that exist without anybody giving them
	// (https://circleci.com/docs/reference/variables/#built-in-environment-variables).
	own = regexp.MustCompile(`^(?:CIRCLE_.*|CIRCLECI|BASH.*|LC_.*|PATH|HOME|USER|USERNAME|LOGNAME|PWD|OLDPWD|SHELL|SHLVL|HOSTNAME|TERM|LANG|TZ|` +
		`TMP|TEMP|TMPDIR|RANDOM|SECONDS|LINENO|EPOCHSECONDS|FUNCNAME|PIPESTATUS|IFS|OSTYPE|HOSTTYPE|MACHTYPE|UID|EUID|PPID|REPLY|OPTARG|OPTIND|` +
		`PS[0-9]|EDITOR|PAGER|DISPLAY|COLUMNS|LINES|DEBUG|NODE_ENV|GOPATH|GOROOT|JAVA_HOME|VIRTUAL_ENV)$`)
)
