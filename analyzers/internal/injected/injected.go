// Package injected finds the names that a job takes from what its service gives it.
//
// Services such as CircleCI and GitLab put the variables of a project, a context or a group into the environment of a job, and no file says
// which. What the job's commands and scripts read, and nothing sets, is one of them; so is the credential without which a command line
// program does nothing.
package injected

import (
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/lazyregexp"
	"github.com/stagewall/stagewall/detectors"
)

const (
	maxSteps  = 10000 // of a job and all that it runs
	maxNested = 32    // programs and blocks in each other
	maxValues = 64    // places at which one name is read
)

// Store is where a service keeps what it gives to jobs.
type Store struct {
	Name  string             // "circleci"
	Scope string             // of references to what every job is given: "project", or empty
	Own   *lazyregexp.Regexp // names that exist without anybody giving them, beside those of shells and systems
	Title string             // the service's name for people: "CircleCI"

	named bool // the job names the scope: it is known that it is given something
}

// space is where a job's program says from which scope it is given something.
const space = "injected"

// Asks returns the steps by which a program of a file is given what its service has in a scope, once [Store.Join] knows what that is.
func (s Store) Asks(file, program, scope string, at detectors.Place) []analyzers.Step {
	return []analyzers.Step{
		{Op: analyzers.OpSet, At: at, Space: space, Name: scope},
		{Op: analyzers.OpSource, At: at, Ref: &analyzers.Ref{Name: s.taken(file, program, scope)}, Optional: true, Says: "is given by " + s.Title},
	}
}

// taken returns the name of the program that sets what a job's program is given of a scope.
func (s Store) taken(file, program, scope string) string {
	return "@" + s.Name + "/" + file + "/" + program + "/" + scope
}

// asks returns the steps among a program's, also under conditions, that say from which scope it is given something.
func asks(steps []analyzers.Step) []analyzers.Step {
	var all []analyzers.Step
	for _, step := range steps {
		if step.Space == space {
			all = append(all, step)
		} else if step.Op == analyzers.OpBlock {
			all = append(all, asks(step.Steps)...)
		}
	}
	return all
}

// Join returns, for the programs of an analyzer that ask, those that set what they are given: the names that they, and the scripts that they
// run, read and that nothing sets.
func (s Store) Join(index analyzers.Index, analyzer string) []*analyzers.Facts {
	var joined []*analyzers.Facts
	for _, file := range index.All() {
		for _, f := range index.Facts(file) {
			if f.Analyzer != analyzer {
				continue
			}
			own := &analyzers.Facts{Path: f.Path, Analyzer: f.Analyzer}
			for _, p := range f.Programs {
				for _, asked := range asks(p.Steps) {
					from := s
					from.Scope, from.named = asked.Name, asked.Name != s.Scope
					own.Programs = append(own.Programs, analyzers.Program{
						Name: s.taken(f.Path, p.Name, asked.Name), At: p.At, Steps: from.Steps(index, own, p.Steps, asked.At),
					})
				}
			}
			if len(own.Programs) > 0 || len(own.Gaps) > 0 {
				joined = append(joined, own)
			}
		}
	}
	return joined
}

// Steps returns the steps that give a job, which stands at a place and does steps of the facts' file, what it takes from the store. What is not
// known of that are gaps of the facts.
func (s Store) Steps(index analyzers.Index, facts *analyzers.Facts, steps []analyzers.Step, at detectors.Place) []analyzers.Step {
	w := &walk{index: index, store: s, file: facts.Path, set: map[string]bool{}, found: map[string][]reading{}, visited: map[string]bool{}, logged: map[string]bool{}}
	if w.steps(steps, 0); w.over {
		w.gap(at, "what the job runs is too much to follow; what the rest of it takes of what "+s.Title+" gives it is not known")
	}
	var given []analyzers.Step
	for _, name := range slices.Sorted(maps.Keys(w.found)) {
		for _, r := range w.found[name] {
			given = append(given, block(r.guards, analyzers.Step{
				Op: analyzers.OpSet, At: r.at, Name: name, Value: s.value(name, r.at), Export: true, Says: "is given by " + s.Title,
			}))
		}
	}
	if s.named && len(given) == 0 && len(w.gaps) == 0 {
		w.gap(at, "nothing that the job runs says what it takes of "+s.Scope+", which "+s.Title+" gives it whole; what that holds is not known")
	}
	facts.Gaps = append(facts.Gaps, w.gaps...)
	return given
}

// Given returns what a job has under a name that nothing sets, if the store can be what gives it one.
func (s Store) Given(name string, at detectors.Place) (v analyzers.Value, ok bool) {
	if !s.gives(name) {
		return analyzers.Value{}, false
	}
	return s.value(name, at), true
}

// gives reports whether a name is none of the shell's, the system's or the service's own.
func (s Store) gives(name string) bool {
	return variable.MatchString(name) && !own.MatchString(name) && !s.Own.MatchString(name)
}

func (s Store) value(name string, at detectors.Place) analyzers.Value {
	return analyzers.Value{At: at, Parts: []analyzers.Part{{Hole: &analyzers.Hole{Space: s.Name, Name: name, Store: s.Name, Scope: s.Scope}}}}
}

// block puts a step under guards.
func block(guards []analyzers.Guard, step analyzers.Step) analyzers.Step {
	for i := len(guards) - 1; i >= 0; i-- {
		step = analyzers.Step{Op: analyzers.OpBlock, At: guards[i].Value.At, Guard: &guards[i], Steps: []analyzers.Step{step}}
	}
	return step
}

// walk follows a job's program through the scripts that it runs, in the order of their steps.
type walk struct {
	index   analyzers.Index
	store   Store
	file    string               // in which the present steps stand
	set     map[string]bool      // names that were set so far, in their spaces
	found   map[string][]reading // names that were read before anything set them
	visited map[string]bool      // programs of files
	logged  map[string]bool      // programs that were logged in, or of which it was said that they are not
	guards  []analyzers.Guard    // under which the present steps happen
	gaps    []analyzers.Gap
	count   int
	over    bool // there are more steps, or deeper ones, than are followed
}

// reading is where a name is read, and under which guards.
type reading struct {
	at     detectors.Place
	guards []analyzers.Guard
}

func (w *walk) steps(steps []analyzers.Step, depth int) {
	for i := range steps {
		if w.count++; w.count > maxSteps || depth > maxNested {
			w.over = true
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
		w.set[in(s.Space, s.Name)] = true
	case analyzers.OpRead:
		if s.Space == "" && !s.All {
			w.read(s.Name, at)
		}
	case analyzers.OpUse:
		if s.Sink != nil && s.Sink.Tool == "ssh" {
			w.logged["ssh"] = true
		}
	case analyzers.OpCall:
		if s.Sink != nil && s.Sink.Library == "" {
			w.call(s.Sink, len(s.Value.Parts) > 0, at)
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

// in returns a name as it is kept for its space. That of the environment is the name alone.
func in(space, name string) string {
	if space == "" {
		return name
	}
	return space + " " + name
}

// value notes the names in a value. One that has a default is a setting, and so is one of a space in which it was set, as a variable of make.
func (w *walk) value(v analyzers.Value, at detectors.Place, depth int) {
	if depth > maxNested {
		return
	}
	for _, part := range v.Parts {
		h := part.Hole
		if h == nil {
			continue
		}
		if h.Default != nil && !w.set[in(h.Space, h.Name)] {
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

// read notes a name that nothing set so far, unless it is one of the shell's, the system's or the service's own.
func (w *walk) read(name string, at detectors.Place) {
	if w.set[name] || !w.store.gives(name) {
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

// call notes the credential without which a program does nothing: under the first of the names by which it takes one. Of a program that may
// as well work as whom the machine is, it is not known whether the service gives it one.
func (w *walk) call(sink *detectors.Sink, handed bool, at detectors.Place) {
	if sink.Tool == "ssh-add" {
		w.logged["ssh"] = true
	}
	if remote := pushedTo(sink); remote != "" && !w.keyed() {
		w.logged["ssh"] = true
		w.gap(at, "nothing here gives git a key for "+remote+"; whether "+w.store.Title+" has one, and what else that opens, is not known")
	}
	names, machine := w.index.Needs(*sink)
	if len(names) == 0 || w.logged[sink.Tool] {
		return
	}
	for i, word := range sink.Argv {
		text := strings.ToLower(word.Text)
		if i == 1 && atHome[text] {
			return
		}
		isLogin := text == "login" || text == "auth" || text == "configure"
		if isLogin || handed && strings.HasPrefix(text, "-") && (strings.Contains(text, "token") || strings.Contains(text, "key") || text == givesToken[sink.Tool]) {
			w.logged[sink.Tool] = w.logged[sink.Tool] || isLogin
			return
		}
	}
	for _, name := range names {
		if w.set[name] || len(w.found[name]) > 0 {
			return
		}
	}
	if !machine {
		w.read(names[0], at)
		return
	}
	w.logged[sink.Tool] = true
	w.gap(at, "nothing here says as whom "+sink.Tool+" works; whether "+w.store.Title+" gives it a credential ("+strings.Join(names, ", ")+") is not known")
}

// pushedTo returns the host that git pushes to over SSH, as to a platform that deploys what is pushed; "" if it does not, or if an earlier command says where to.
//
//	https://git-scm.com/docs/git-push#_git_urls
func pushedTo(sink *detectors.Sink) string {
	if sink.Tool != "git" || !slices.ContainsFunc(sink.Argv, func(w detectors.Word) bool { return w.Text == "push" }) {
		return ""
	}
	for _, w := range sink.Argv[1:] {
		rest := strings.TrimPrefix(w.Text, "ssh://")
		_, host, user := strings.Cut(rest, "@")
		if !user || strings.Contains(rest, "://") {
			continue
		}
		if i := strings.IndexAny(host, ":/"); i > 0 {
			return host[:i]
		}
	}
	return ""
}

// keyed reports whether something gave ssh a key: a step that adds one, an agent, or a variable that is called one.
func (w *walk) keyed() bool {
	isKey := func(name string) bool {
		return strings.Contains(name, "SSH") || strings.Contains(name, "KEY") && !strings.Contains(name, "PUBLIC")
	}
	if w.logged["ssh"] {
		return true
	}
	for name := range w.found {
		if isKey(name) {
			return true
		}
	}
	for name := range w.set {
		if isKey(name) {
			return true
		}
	}
	return false
}

func (w *walk) gap(at detectors.Place, says string) {
	w.gaps = append(w.gaps, analyzers.Gap{At: at, Says: says})
}

// givesToken are the flags by which programs are given a token and that do not say so (https://fly.io/docs/flyctl/,
// https://vercel.com/docs/cli/global-options#token, https://cli.netlify.com/).
var givesToken = map[string]string{"flyctl": "-t", "fly": "-t", "vercel": "-t", "netlify": "--auth"}

// atHome are sub-commands that ask no service, of whichever program.
var atHome = map[string]bool{
	"version": true, "--version": true, "-v": true, "help": true, "--help": true, "-h": true, "completion": true, "init": true, "dev": true, "build": true,
	"start": true, "stop": true, "serve": true, "test": true, "lint": true, "validate": true, "types": true, "generate": true, "gen": true, "template": true,
	"dependency": true, "dep": true, "package": true, "repo": true, "show": true, "kustomize": true, "config": true, "plugin": true, "synth": true,
}

// settled reports whether a guard's value is decided before the job starts: by parameters alone.
func settled(v analyzers.Value) bool {
	return !slices.ContainsFunc(v.Parts, func(p analyzers.Part) bool {
		return p.Hole != nil && p.Hole.Space != "pipeline" && p.Hole.Space != "matrix" && p.Hole.Space != "run"
	})
}

// Expressions are compiled on first need: most repositories have no such job.
var (
	variable = lazyregexp.New(`^[A-Z][A-Z0-9_]{2,}$`)
	own      = lazyregexp.New(`^(?:BASH.*|LC_.*|PATH|HOME|USER|USERNAME|LOGNAME|PWD|OLDPWD|SHELL|SHLVL|HOSTNAME|TERM|LANG|TZ|` +
		`TMP|TEMP|TMPDIR|RANDOM|SECONDS|LINENO|EPOCHSECONDS|FUNCNAME|PIPESTATUS|IFS|OSTYPE|HOSTTYPE|MACHTYPE|UID|EUID|PPID|REPLY|OPTARG|OPTIND|` +
		`PS[0-9]|EDITOR|PAGER|DISPLAY|COLUMNS|LINES|DEBUG|NODE_ENV|GOPATH|GOROOT|JAVA_HOME|VIRTUAL_ENV)$`)
)
