package workflow

import (
	"maps"
	"path"
	"reflect"
	"slices"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/carry"
	"github.com/stagewall/stagewall/analyzers/internal/lazyregexp"
	"github.com/stagewall/stagewall/analyzers/internal/yamltree"
	"github.com/stagewall/stagewall/analyzers/interpolate"
	"github.com/stagewall/stagewall/analyzers/shell"
	"github.com/stagewall/stagewall/detectors"
)

// reader reads the steps of a job or of an action.
type reader struct {
	*evaluator
	defaults    []*yamltree.Node // the settings defaults.run, the nearest first
	windows     bool
	unsure      bool   // what the job runs on is computed
	root        string // the folder below the workspace into which the repository is checked out
	env         []analyzers.Step
	sourced     map[string]int               // by path of an action: how often it was taken in
	passed      map[string][]string          // likewise: the inputs that it was ever given
	written     map[string][]analyzers.Value // what steps wrote as outputs, by "id.outputs.name"
	given       map[string]analyzers.Value   // variables that all steps have
	envs        []*yamltree.Node             // where they are declared, the workflow's first
	exported    map[string][]analyzers.Value // what steps wrote as variables of later steps, by name
	files       carry.Files                  // what steps wrote to files
	more        bool                         // and there was more
	kept        *carry.Kept                  // what the job has uploaded so far, and what the jobs that it needs have
	saves       []cached
	choosers    []chooser
	signs       []analyzers.Sign
	conditional []analyzers.Sign // those of them that a call need not show: of what else starts the workflow, and of steps on which an input decides
	runs        []run            // for branches that stand for environments
	proposed    bool             // nothing says its environment but that only pull requests start it
	done        []analyzers.Step
}

// reader returns one that has read nothing yet.
func (f *file) reader(e *evaluator) *reader {
	return &reader{
		evaluator: e, sourced: map[string]int{}, passed: map[string][]string{}, written: map[string][]analyzers.Value{},
		given: map[string]analyzers.Value{}, exported: map[string][]analyzers.Value{}, kept: f.artifacts.Job(),
	}
}

// maxSourced is how often the linker takes one program into a process. An action that is used more often runs apart.
const maxSourced = 3

// emit adds steps, after those that their values need.
func (r *reader) emit(steps ...analyzers.Step) {
	r.done = append(append(r.done, r.flush()...), steps...)
}

// maxDeclared bounds the variables of all jobs: each is given those of the workflow.
const maxDeclared = 100_000

// declare sets the variables of the workflow or the job, without those that its steps override.
func (r *reader) declare(env *yamltree.Node, overridden map[string]bool) {
	if r.declared > maxDeclared {
		r.gap(r.at(env), "the workflow's jobs are given too many variables to follow all; what some of them have of these is not known")
		return
	}
	sets := slices.DeleteFunc(r.variables(env), func(s analyzers.Step) bool { return overridden[s.Name] })
	r.declared += len(sets)
	r.env, r.envs = append(r.env, sets...), append(r.envs, env)
	for _, s := range sets {
		r.given[s.Name] = s.Value
	}
	r.emit(sets...)
}

// variables returns the steps that set the variables of a mapping.
func (r *reader) variables(env *yamltree.Node) []analyzers.Step {
	var sets []analyzers.Step
	for key, v := range env.Pairs() {
		step := set("", key.Str(), r.scalar(v))
		step.At = r.at(key)
		sets = append(sets, step)
	}
	return sets
}

// container sets what the job's container gives to all steps.
func (r *reader) container(n *yamltree.Node) {
	r.emit(r.variables(n.Get("env"))...)
	r.logIn(n)
}

// service loads what a service is given, in a process that shares nothing with the steps.
func (r *reader) service(key, n *yamltree.Node) {
	if sets := r.variables(n.Get("env")); len(sets) > 0 {
		r.emit(analyzers.Step{Op: analyzers.OpRun, At: r.at(key), Isolated: true, Steps: sets})
	}
	r.logIn(n)
}

// logIn hands the credentials of an image's registry on.
func (r *reader) logIn(n *yamltree.Node) {
	for key, v := range n.Get("credentials").Pairs() {
		r.emit(analyzers.Step{Op: analyzers.OpUse, At: r.at(key), Value: r.scalar(v), Sink: &detectors.Sink{Tool: "docker"}})
	}
}

// step makes the steps of one step.
func (r *reader) step(n *yamltree.Node) {
	if !n.IsMapping() {
		return
	}
	tests := r.condition(n.Get("if").Source())
	before := len(r.signs)
	r.tested(tests)
	r.selectors(n.Get("env"))
	if name := n.Get("name").Str(); isDeployment(name) {
		r.signs = append(r.signs, displayed(name, r.at(n.Get("name")))...)
	}
	outer := r.done
	r.done = nil
	sets := r.variables(n.Get("env"))
	r.emit()
	switch {
	case n.Get("run").Str() != "":
		r.run(n, sets)
	case n.Get("uses").Str() != "":
		r.use(n, sets)
	}
	r.done = append(outer, block(r.asGuards(tests), r.done)...)
	if _, decides := decidesBy(tests); decides {
		r.conditional = append(r.conditional, r.signs[before:]...)
	}
}

var deployment = lazyregexp.New(`(?i)\b(deploy|release|publish|promote|ship|roll ?out)`)

// isDeployment reports whether a step's name says that it brings something somewhere; other names tell too little.
func isDeployment(name string) bool {
	return deployment.MatchString(name) && !strings.Contains(name, "${{")
}

// run makes the steps of a script.
func (r *reader) run(n *yamltree.Node, sets []analyzers.Step) {
	script := n.Get("run").Source()
	at := r.at(n.Key("run"))
	fills := r.fills(script)
	r.emit()
	if !isShell(r.shell(n)) {
		code := append(sets, r.foreign(script)...)
		r.emit(analyzers.Step{Op: analyzers.OpRun, At: at, Steps: code})
		return
	}
	sets = append(sets, shell.Held([]byte(script.String), fills)...)
	for _, place := range r.directories(n) {
		opt := shell.Options{
			Name: "run step", Dir: place.dir, Fills: fills, Variables: true, Given: r.givenTo(sets),
			Map: func(offset int) int { return offsetIn(script, offset) },
		}
		body, signs := shell.Read(r.pass, []byte(script.String), 0, opt)
		for _, s := range r.told(n.Get("env"), signs) {
			if !slices.ContainsFunc(r.signs, func(known analyzers.Sign) bool { return known.At == s.At && known.Says == s.Says }) {
				r.signs = append(r.signs, s)
			}
		}
		steps := []analyzers.Step{{Op: analyzers.OpRun, At: at, Steps: slices.Concat(place.enter, sets, body)}}
		steps = append(steps, r.carried(n.Get("id"), place.dir, append(slices.Clone(sets), body...))...)
		r.emit(block(place.guards, steps)...)
	}
}

// givenTo returns what tells what a variable is in a step that sets some itself.
func (r *reader) givenTo(sets []analyzers.Step) func(name string) (analyzers.Value, bool) {
	return func(name string) (analyzers.Value, bool) {
		for _, s := range sets {
			if s.Name == name {
				return s.Value, true
			}
		}
		v, ok := r.given[name]
		return v, ok
	}
}

// offsetIn returns the file's offset of an offset of the text; the text's length is the end of its last byte.
func offsetIn(text interpolate.Text, offset int) int {
	if offset < len(text.String) {
		return text.Span(offset, offset+1).Start
	}
	return text.Span(offset-1, offset).End
}

// fills returns what stands in a script's placeholders: they are replaced before the shell starts.
func (r *reader) fills(script interpolate.Text) []shell.Fill {
	var fills []shell.Fill
	for _, p := range placeholders(script.String) {
		at := r.place(script.Span(p.start, p.end))
		fills = append(fills, shell.Fill{Start: p.start, End: p.end, Value: r.expression(script.Slice(p.offset, p.offset+len(p.source)), at)})
	}
	return fills
}

// setting returns a setting of a run step: its own, or the nearest default.
func (r *reader) setting(n *yamltree.Node, name string) *yamltree.Node {
	for _, settings := range append([]*yamltree.Node{n}, r.defaults...) {
		if own := settings.Get(name); own.Str() != "" {
			return own
		}
	}
	return nil
}

// shell returns the shell that reads a script
// (https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idstepsshell).
func (r *reader) shell(n *yamltree.Node) string {
	if own := r.setting(n, "shell"); own != nil {
		return own.Str()
	}
	if r.windows || r.unsure && isPowerShell(n.Get("run").Str()) {
		return "pwsh"
	}
	return "bash"
}

// isPowerShell reports whether a script calls something, gives something to a variable, or reads its environment as PowerShell does, and no shell
// of Unix, unless that has a variable called env.
// https://learn.microsoft.com/en-us/powershell/module/microsoft.powershell.core/about/about_environment_variables
// https://learn.microsoft.com/en-us/powershell/module/microsoft.powershell.core/about/about_operators#call-operator-
func isPowerShell(script string) bool {
	return powerShell.MatchString(script) || readsAsPowerShell.MatchString(script) && !strings.Contains(script, "env=")
}

var (
	powerShell        = lazyregexp.New(`(?m)^[ \t]*(?:& |\$\w+ = )`)
	readsAsPowerShell = lazyregexp.New(`\$env:[A-Za-z_]`)
)

// isShell reports whether a `shell` is one whose language is that of sh, as itself or in a command line.
func isShell(command string) bool {
	return slices.ContainsFunc(strings.Fields(command), func(word string) bool {
		switch path.Base(word) {
		case "bash", "sh", "dash", "ksh", "zsh":
			return true
		}
		return false
	})
}

// directory is a folder in which a script can run, and what must hold for it.
type directory struct {
	dir    string
	enter  []analyzers.Step // by which it is gone to, if only the caller knows it
	guards []analyzers.Guard
}

// directories returns the folders in which a step can run.
func (r *reader) directories(n *yamltree.Node) []directory {
	setting := r.setting(n, "working-directory")
	if setting == nil {
		return []directory{{dir: r.relative("")}}
	}
	v := r.flatly(setting)
	all, known := texts(v)
	if !known || len(all) > maxCombinations/16 {
		return []directory{{dir: r.relative(""), enter: r.entered(v)}}
	}
	if len(all) == 1 {
		return []directory{{dir: r.relative(all[0])}}
	}
	var found []directory
	for _, text := range all {
		found = append(found, directory{dir: r.relative(text), guards: []analyzers.Guard{{Value: v, Patterns: []string{text}}}})
	}
	return found
}

// entered returns the step by which a script runs in a folder that only the caller knows. Where the repository lies below a path nothing tells which it is.
func (r *reader) entered(dir analyzers.Value) []analyzers.Step {
	if r.root != "" {
		return []analyzers.Step{{Op: analyzers.OpGap, At: dir.At, Says: analyzers.UnknownFolder}}
	}
	return []analyzers.Step{{Op: analyzers.OpEnter, At: dir.At, File: &dir}}
}

// relative returns the folder of the repository that a folder of the workspace is.
func (r *reader) relative(dir string) string {
	dir = path.Clean(dir)
	if r.root != "" {
		if dir == r.root {
			return ""
		}
		dir = strings.TrimPrefix(dir, r.root+"/")
	}
	if dir == "." || path.IsAbs(dir) || strings.HasPrefix(dir, "../") {
		return ""
	}
	return dir
}

// reads of variables in the languages that `shell` can name.
var environmentRead = lazyregexp.New(
	`(?i:\$\{?env:)(\w+)|os\.environ(?:\.get\(|\[)\s*['"](\w+)|os\.getenv\(\s*['"](\w+)|process\.env\.(\w+)|process\.env\[\s*['"](\w+)|ENV(?:\.fetch\(|\[)\s*['"](\w+)`)

// foreign returns the steps of code in another language than the shell's: the variables that it reads, and what is written into it.
func (r *reader) foreign(code interpolate.Text) []analyzers.Step {
	v := r.template(code)
	steps := r.flush()
	steps = append(steps, analyzers.Step{Op: analyzers.OpUse, At: v.At, Value: v, Says: "is written into the script"})
	for _, m := range environmentRead.FindAllStringSubmatchIndex(code.String, maxValues) {
		for i := 2; i < len(m); i += 2 {
			if m[i] >= 0 {
				steps = append(steps, analyzers.Step{Op: analyzers.OpRead, At: r.place(code.Span(m[i], m[i+1])), Name: code.String[m[i]:m[i+1]]})
			}
		}
	}
	return steps
}

// carried returns the steps by which what a script appended to the runner's files is there for the steps after it, and notes its
// outputs (https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#environment-files).
func (r *reader) carried(id *yamltree.Node, dir string, body []analyzers.Step) []analyzers.Step {
	given := carry.Carrier{Local: r.given}
	c := carry.Carrier{Local: map[string]analyzers.Value{}, Out: func(s analyzers.Step, file string, v analyzers.Value) []analyzers.Step {
		out := set("", s.Name, v)
		switch strings.Trim(file, "${}") {
		case "GITHUB_ENV":
			out.Says = "was written to $GITHUB_ENV"
			r.given[s.Name] = given.Substitute(v)
			r.exported[s.Name] = append(r.exported[s.Name], r.given[s.Name])
		case "GITHUB_OUTPUT":
			if lower(id) == "" {
				return nil
			}
			name := lower(id) + ".outputs." + strings.ToLower(s.Name)
			r.written[name] = append(r.written[name], given.Substitute(v))
			out = set(r.steps, name, v)
		default:
			r.more = !r.files.Add(dir, file, s.Name, given.Substitute(v)) || r.more
			return nil
		}
		out.At = s.At
		return []analyzers.Step{out}
	}}
	steps := c.Steps(body)
	return append(r.empty(steps), steps...)
}

// empty returns the steps that make outputs empty that are written under conditions: they are that if no condition holds.
func (r *reader) empty(steps []analyzers.Step) []analyzers.Step {
	certain, perhaps := r.certain(steps), map[string]detectors.Place{}
	var walk func([]analyzers.Step)
	walk = func(steps []analyzers.Step) {
		for _, s := range steps {
			if s.Space == r.steps && !certain[s.Name] {
				perhaps[s.Name] = s.At
			}
			walk(s.Steps)
		}
	}
	walk(steps)
	var sets []analyzers.Step
	for _, name := range slices.Sorted(maps.Keys(perhaps)) {
		nothing := analyzers.Value{At: perhaps[name], Parts: []analyzers.Part{{}}}
		sets = append(sets, set(r.steps, name, nothing))
		r.written[name] = append(r.written[name], nothing)
	}
	return sets
}

// certain returns the outputs that are written whatever holds: by a step under no condition, or in each arm of a choice. Arms of which
// nothing is known are taken for those of one choice.
func (r *reader) certain(steps []analyzers.Step) map[string]bool {
	sure := map[string]bool{}
	arms := map[string][]*analyzers.Guard{}
	for _, s := range steps {
		switch {
		case s.Op == analyzers.OpBlock && s.Guard != nil:
			for name := range r.certain(s.Steps) {
				arms[name] = append(arms[name], s.Guard)
			}
		case s.Space == r.steps:
			sure[s.Name] = true
		}
	}
	for name, guards := range arms {
		sure[name] = sure[name] || slices.ContainsFunc(guards, func(last *analyzers.Guard) bool { return isRest(last, guards) })
	}
	return sure
}

// isRest reports whether a condition holds where none of the others does.
func isRest(last *analyzers.Guard, others []*analyzers.Guard) bool {
	if len(last.Patterns) == 0 {
		return len(others) > 1
	}
	return last.Not && !slices.ContainsFunc(last.Patterns, func(pattern string) bool {
		return !slices.ContainsFunc(others, func(g *analyzers.Guard) bool {
			return !g.Not && slices.Contains(g.Patterns, pattern) && reflect.DeepEqual(g.Value, last.Value)
		})
	})
}

// results returns what the job's outputs can be, by name. What may hold a secret is redacted on the runner and reaches no other job
// (https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idoutputs).
func (r *reader) results(outputs *yamltree.Node) map[string][]analyzers.Value {
	all := map[string][]analyzers.Value{}
	for key, n := range outputs.Pairs() {
		v := r.flatly(n)
		values := []analyzers.Value{v}
		if len(v.Parts) == 1 && v.Parts[0].Hole != nil && v.Parts[0].Hole.Space == r.steps {
			values = r.written[v.Parts[0].Hole.Name]
		}
		for _, one := range values[:min(len(values), maxValues)] {
			if _, known := texts(one); known {
				all[lower(key)] = append(all[lower(key)], one)
			}
		}
	}
	return all
}
