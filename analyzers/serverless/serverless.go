package serverless

import (
	"path"
	"slices"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/tree"
	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/environ"
)

// Analyzer reads services.
var Analyzer = &analyzers.Analyzer{
	Name:    "serverless",
	Doc:     "reads the Serverless Framework's services: what the functions of each stage are given and run",
	Version: 2,
	Files:   []string{"**/serverless.{yml,yaml,json}", "**/serverless.*.{yml,yaml}", "**/serverless-*.{yml,yaml}"},
	Run:     read,
	Join:    join,
}

const (
	project   = "project"    // the space of the environment that the framework itself has
	selected  = "serverless" // the space in which a unit's program sets its stage
	service   = "service"    // the program that does what every stage does
	stageUnit = "stage "     // begins the names of stages' programs
	maxStages = 64           // of a service
)

// usualStages are stages that a file is resolved for, beside those that it names: which there are can be known from elsewhere alone.
var usualStages = []string{
	"dev", "development", "local", "test", "testing", "qa", "uat", "stage", "staging", "stg", "preprod", "preview", "sandbox", "prod", "production", "prd", "live",
}

func read(pass *analyzers.Pass) error {
	parse := tree.YAML
	if path.Ext(pass.Path) == ".json" {
		parse = tree.JSON
	}
	root, err := parse(pass.Data)
	if err != nil {
		pass.Gap(detectors.Place{Path: pass.Path}, "the service's file cannot be read as what it is; what its functions reach is not known")
	}
	if root.Get("provider") == nil || root.Get("service") == nil && root.Get("functions") == nil {
		return nil
	}
	f := &file{pass: pass, root: root}
	f.read()
	return nil
}

// file is one service while it is read.
type file struct {
	pass   *analyzers.Pass
	root   *tree.Node
	stages []string // of which values are looked for
	steps  []analyzers.Step
	sets   int // of maxSets
}

const tooManyStages = "the service's stages are too many to follow; what the rest of them reach is not known"

// usual returns the stage that is deployed where none is given.
func (f *file) usual() string {
	n := f.root.Get("provider", "stage")
	if n.Str() != "" && !strings.Contains(n.Text, "sls:stage") {
		r := &resolver{file: f}
		if text, known := r.value(n, 0).Text(); known && text != "" {
			return text
		}
	}
	return "dev" // https://www.serverless.com/framework/docs/providers/aws/guide/serverless.yml#general-function-settings
}

func (f *file) read() {
	own := []string{f.usual()}
	at := map[string]*tree.Node{own[0]: f.root.Get("provider", "stage")}
	tooMany := false
	for _, n := range []*tree.Node{f.root.Get("params"), f.root.Get("stages"), f.root.Get("custom")} {
		f.named(n, 0, func(key *tree.Node) {
			if !slices.Contains(own, key.Key) {
				if len(own) == maxStages {
					tooMany = true
					return
				}
				own = append(own, key.Key)
			}
			if at[key.Key] == nil {
				at[key.Key] = key
			}
		})
	}
	if tooMany {
		f.pass.Gap(f.pass.At(0, 0), tooManyStages)
	}
	f.stages = slices.Clone(own)
	for _, stage := range usualStages {
		if !slices.Contains(f.stages, stage) {
			f.stages = append(f.stages, stage)
		}
	}
	place := f.place(f.root.Get("provider"))
	f.dotenv()
	provided := f.variables(f.root.Get("provider", "environment"))
	f.steps = append(f.steps, analyzers.Step{Op: analyzers.OpRun, At: place, Isolated: true, Steps: provided, Says: "deploys with it"})
	for _, function := range f.root.Get("functions").Keys() {
		f.function(function, provided)
	}
	dir := path.Dir(f.pass.Path)
	if dir == "." {
		dir = ""
	}
	f.pass.Facts.Programs = append(f.pass.Facts.Programs, analyzers.Program{Name: service, At: place, Dir: dir, Steps: f.steps})
	for _, stage := range own {
		unit(f.pass.Facts, stage, f.place(at[stage]), at[stage] != nil)
	}
}

// named visits the keys that are stages: those of params and stages, and those in custom that are named for environments: objects, and what
// stands in objects. A value of custom's own is the same in every stage.
func (f *file) named(n *tree.Node, depth int, visit func(key *tree.Node)) {
	for _, key := range n.Keys() {
		if depth > maxDepth || key.Key == "default" {
			continue
		}
		if n.Key == "params" || n.Key == "stages" || environ.Value(key.Key) != 0 && (depth > 0 || key.Kind == tree.Object) {
			visit(key)
		} else if key.Kind == tree.Object {
			f.named(key, depth+1, visit)
		}
	}
}

// place returns a node's place; of none it is the file's beginning.
func (f *file) place(n *tree.Node) detectors.Place {
	if n == nil {
		return f.pass.At(0, 1)
	}
	return n.Place(f.pass)
}

// unit adds the unit of a stage. One that nobody names, which is the framework's own default, says nothing of an environment.
func unit(facts *analyzers.Facts, stage string, at detectors.Place, named bool) {
	name := stageUnit + stage
	facts.Programs = append(facts.Programs, analyzers.Program{Name: name, At: at, Steps: []analyzers.Step{
		{Op: analyzers.OpSet, At: at, Space: selected, Name: "stage", Value: analyzers.Value{At: at, Parts: []analyzers.Part{{Text: stage}}}},
		{Op: analyzers.OpSource, At: at, Ref: new(analyzers.PathTo(facts.Path, service, at))},
	}})
	u := analyzers.Unit{ID: facts.Path + "#" + stage, Name: stage, Kind: "deploy-context", At: at, Runs: analyzers.PathTo(facts.Path, name, at)}
	if environments := environ.Value(stage); environments != 0 && named {
		u.Signs = append(u.Signs, analyzers.Sign{Class: analyzers.Selector, Environments: environments, Says: "its stage is " + stage, At: at})
	}
	facts.Units = append(facts.Units, u)
}

// each returns the steps that something comes to: once, or for every stage if it depends on that.
func (f *file) each(at detectors.Place, steps func(r *resolver) []analyzers.Step) []analyzers.Step {
	r := &resolver{file: f}
	if once := steps(r); !r.used {
		return once
	}
	var all []analyzers.Step
	for _, stage := range f.stages {
		inner := steps(&resolver{file: f, stage: stage})
		if len(inner) == 0 || !f.spend(len(inner), at) {
			continue
		}
		guard := &analyzers.Guard{Patterns: []string{stage}, Value: analyzers.Value{
			At: at, Parts: []analyzers.Part{{Hole: &analyzers.Hole{Space: selected, Name: "stage"}}},
		}}
		all = append(all, analyzers.Step{Op: analyzers.OpBlock, At: at, Guard: guard, Steps: inner})
	}
	return all
}

// dotenv loads what the framework loads into its own environment: the stage's file, or else the one for all.
func (f *file) dotenv() {
	n := f.root.Get("useDotenv")
	if n == nil || n.Text != "true" {
		return
	}
	at := n.Place(f.pass)
	f.steps = append(f.steps, f.each(at, func(r *resolver) []analyzers.Step {
		r.used = true
		var loads []analyzers.Step
		for _, name := range []string{".env." + r.stage, ".env"} {
			loads = append(loads, analyzers.Step{
				Op: analyzers.OpLoad, At: at, Space: project, IfUnset: true, Optional: true, Says: "loads it for variables",
				Ref: new(analyzers.PathTo(path.Join(path.Dir(f.pass.Path), name), "", at)),
			})
		}
		return loads
	})...)
}

// maxSets bounds what all functions are given in all stages: functions that are all given what the provider says come to the product.
const maxSets = 100_000

// spend counts sets and reports whether there may be so many. That there may not is a gap, once a file.
func (f *file) spend(sets int, at detectors.Place) bool {
	before := f.sets
	if f.sets += sets; f.sets > maxSets && before <= maxSets {
		f.pass.Gap(at, "functions and stages are given too many variables; what this one and those after it are given is not followed")
	}
	return f.sets <= maxSets
}

// variables returns the sets of a mapping of variables, which may stand elsewhere in the file or in another one.
func (f *file) variables(n *tree.Node) []analyzers.Step {
	if n == nil {
		return nil
	}
	at := n.Place(f.pass)
	outer := func(r *resolver) []analyzers.Step {
		set := func(at detectors.Place, name string, v analyzers.Value) analyzers.Step {
			return analyzers.Step{Op: analyzers.OpSet, At: at, Name: name, Value: v, Export: true}
		}
		object := r.node(n, 0)
		if object.Kind != tree.Object { // all that a file holds, under names that stand in it
			v := r.value(object, 0)
			return []analyzers.Step{set(at, "environment", v)}
		}
		var sets []analyzers.Step
		for _, one := range object.Keys() {
			if v := r.node(one, 0); v.Kind == tree.String || v.Kind == tree.Other {
				sets = append(sets, set(one.Place(f.pass), one.Key, r.value(v, 0)))
			}
		}
		return sets
	}
	return f.each(at, outer)
}

// function runs a function's handler with what the provider and the function give it.
func (f *file) function(n *tree.Node, provided []analyzers.Step) {
	at := n.Place(f.pass)
	if !f.spend(len(provided), at) {
		provided = nil
	}
	steps := append(slices.Clip(provided), f.variables(n.Get("environment"))...)
	run := analyzers.Step{Op: analyzers.OpRun, At: at, Isolated: true, Steps: steps, Says: "runs the function"}
	if handler := n.Get("handler"); handler.Str() != "" && !strings.Contains(handler.Text, "$") {
		at := handler.Place(f.pass)
		stem := path.Join(path.Dir(f.pass.Path), strings.TrimSuffix(handler.Text, path.Ext(handler.Text)))
		hole := &analyzers.Hole{Space: "unknown"}
		for _, ext := range []string{".js", ".mjs", ".cjs", ".ts", ".py", ".rb"} {
			hole.Values = append(hole.Values, analyzers.Value{At: at, Parts: []analyzers.Part{{Text: stem + ext}}})
		}
		run.At = at
		run.Ref = &analyzers.Ref{Path: analyzers.Value{At: at, Parts: []analyzers.Part{{Hole: hole}}}}
	}
	f.steps = append(f.steps, run)
}

// join adds the stages that command lines beside or above a service deploy, and those for which there are files.
func join(index analyzers.Index) []*analyzers.Facts {
	var services []*analyzers.Facts
	for _, p := range index.All() {
		for _, f := range index.Facts(p) {
			if f.Analyzer == "serverless" && len(f.Units) > 0 {
				services = append(services, f)
			}
		}
	}
	if services == nil {
		return nil
	}
	called := map[string]map[string]bool{} // by folder, the stages
	for _, p := range index.All() {
		for _, f := range index.Facts(p) {
			for i := range f.Programs {
				calls(f.Programs[i].Steps, 0, func(stage string) {
					dir := path.Dir(p)
					if called[dir] == nil {
						called[dir] = map[string]bool{}
					}
					called[dir][stage] = true
				})
			}
		}
	}
	var joined []*analyzers.Facts
	for _, s := range services {
		facts := &analyzers.Facts{Path: s.Path, Analyzer: s.Analyzer}
		var stages []string
		for dir := path.Dir(s.Path); ; dir = path.Dir(dir) {
			for stage := range called[dir] {
				stages = append(stages, stage)
			}
			if dir == "." || dir == "/" {
				break
			}
		}
		for i := range s.Programs {
			if s.Programs[i].Name == service {
				stages = append(stages, filed(index, s.Programs[i].Steps)...)
			}
		}
		slices.Sort(stages)
		stages = slices.DeleteFunc(slices.Compact(stages), func(stage string) bool {
			return slices.ContainsFunc(s.Units, func(u analyzers.Unit) bool { return u.Name == stage })
		})
		if len(stages) > maxStages {
			facts.Gaps, stages = []analyzers.Gap{{At: detectors.Place{Path: s.Path}, Says: tooManyStages}}, stages[:maxStages]
		}
		for _, stage := range stages {
			unit(facts, stage, s.Units[0].At, true)
		}
		if len(stages) > 0 {
			joined = append(joined, facts)
		}
	}
	return joined
}

// filed returns the stages for which the service reads a file that is there, and that it does not read for all.
func filed(index analyzers.Index, steps []analyzers.Step) []string {
	var stages []string
	for i := range steps {
		s := &steps[i]
		if s.Op == analyzers.OpRun {
			stages = append(stages, filed(index, s.Steps)...)
		}
		if s.Guard == nil {
			continue
		}
		stage := s.Guard.Patterns[0]
		isThere := func(v analyzers.Value) bool {
			text, known := v.Text()
			return known && strings.Contains(text, stage) && index.Exists(text)
		}
		for _, inner := range s.Steps {
			found := isThere(inner.Refers().Path)
			for _, part := range inner.Value.Parts {
				found = found || part.Hole != nil && part.Hole.File != nil && isThere(*part.Hole.File)
			}
			if found {
				stages = append(stages, stage)
			}
		}
	}
	return stages
}

// calls visits the stages that steps call the framework for.
func calls(steps []analyzers.Step, depth int, visit func(stage string)) {
	const deepest = 64
	for i := range steps {
		s := &steps[i]
		if depth < deepest {
			calls(s.Steps, depth+1, visit)
		}
		if s.Op != analyzers.OpCall || s.Sink == nil || len(s.Sink.Argv) == 0 {
			continue
		}
		isFramework := slices.ContainsFunc(s.Sink.Argv, func(w detectors.Word) bool { return w.Text == "serverless" || w.Text == "sls" })
		for i, w := range s.Sink.Argv {
			stage, ok := strings.CutPrefix(w.Text, "--stage=")
			if (w.Text == "--stage" || w.Text == "-s") && i+1 < len(s.Sink.Argv) {
				stage, ok = s.Sink.Argv[i+1].Text, true
			}
			if isFramework && ok && stage != "" {
				visit(stage)
			}
		}
	}
}
