// Package mise reads the configuration of mise.
//
// # Analyzer mise
//
// What [env] has is in every shell below the configuration's folder, as with direnv, and in every task: variables, those of files (_.file), and what
// scripts export (_.source). A configuration is loaded on top of that of the nearest folder above, mise.local.toml on top of mise.toml, and
// mise.ENVIRONMENT.toml on top of it for who selects the environment. One that gives shells something is a unit, and so is each task, at its line.
//
//	https://mise.jdx.dev/configuration.html
//	https://mise.jdx.dev/environments/
//	https://mise.jdx.dev/tasks/toml-tasks.html
//
// # What is not seen
//
// Templates: what stands in double braces is not evaluated. Tasks that are files in a folder are scripts.
package mise

import (
	"path"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/code"
	"github.com/stagewall/stagewall/analyzers/internal/commandline"
	"github.com/stagewall/stagewall/analyzers/internal/tree"
	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/environ"
)

// Analyzer reads configurations of mise.
var Analyzer = &analyzers.Analyzer{
	Name:    "mise",
	Doc:     "Reads mise's configuration: what shells below its folder, and its tasks, are given and run.",
	Version: 2,
	Files:   []string{"**/{mise,.mise}{,.*}.toml", "**/{.config/mise,.mise}{,.*}.toml", "**/{.config/mise,mise,.mise}/config{,.*}.toml"},
	Run:     run,
}

func run(pass *analyzers.Pass) error {
	root, err := tree.TOML(pass.Data)
	if err != nil {
		pass.Gap(detectors.Place{Path: pass.Path}, "mise's configuration is no TOML; what shells below its folder are given, and what its tasks run, is known in part at most")
	}
	r := &reader{pass: pass, dir: folder(pass.Path)}
	own := r.environment(root.Get("env"))
	r.program("", nil, append(r.before(), append(own, r.after()...)...))
	if len(own) > 0 {
		signs := append(r.signs, analyzers.Sign{
			Class: analyzers.Display, Environments: detectors.Development, Says: "mise loads it into the shells of those who work here", At: pass.At(0, 1),
		})
		r.unit("", "script", pass.At(0, 1), signs)
	}
	for _, n := range root.Get("tasks").Keys() {
		r.signs = nil
		r.task(n)
	}
	return nil
}

// folder returns the folder for which a configuration is.
func folder(file string) string {
	dir := path.Dir(file)
	for _, inner := range []string{"mise", ".mise", ".config"} {
		if path.Base(dir) == inner {
			dir = path.Dir(dir)
		}
	}
	return dir
}

// reader is one configuration while it is read.
type reader struct {
	pass  *analyzers.Pass
	dir   string
	signs []analyzers.Sign
}

func (r *reader) program(name string, n *tree.Node, steps []analyzers.Step) {
	dir := r.dir
	if dir == "." {
		dir = ""
	}
	r.pass.Facts.Programs = append(r.pass.Facts.Programs, analyzers.Program{Name: name, At: n.Place(r.pass), Dir: dir, Steps: steps})
}

func (r *reader) unit(name, kind string, at detectors.Place, signs []analyzers.Sign) {
	id, display := r.pass.Path, path.Base(r.pass.Path)
	if name != "" {
		id, display = id+"#"+name, name
	}
	r.pass.Facts.Units = append(r.pass.Facts.Units, analyzers.Unit{
		ID: id, Name: display, Kind: kind, At: at, Signs: signs, Runs: analyzers.PathTo(r.pass.Path, name, at),
	})
}

// source takes in another configuration, if there is one.
func (r *reader) source(file string, above bool) analyzers.Step {
	at := r.pass.At(0, 1)
	ref := analyzers.PathTo(file, "", at)
	ref.Above = above
	return analyzers.Step{Op: analyzers.OpSource, At: at, Ref: &ref, Optional: true, Says: "is loaded with it"}
}

// before returns the configurations on top of which this one is loaded.
func (r *reader) before() []analyzers.Step {
	base := path.Base(r.pass.Path)
	if strings.Count(strings.TrimPrefix(base, "."), ".") > 1 { // mise.staging.toml
		name := base[:strings.IndexByte(base[1:], '.')+1] + ".toml"
		if name != base && !strings.Contains(base, ".local.") {
			return []analyzers.Step{r.source(path.Join(path.Dir(r.pass.Path), name), false)}
		}
		return nil
	}
	return []analyzers.Step{r.source(base, true)}
}

// after returns the configurations that are loaded on top of this one: that of the environment which MISE_ENV selects, and the local one.
// https://mise.jdx.dev/configuration/environments.html
func (r *reader) after() []analyzers.Step {
	stem := strings.TrimSuffix(r.pass.Path, ".toml")
	if strings.HasSuffix(stem, ".local") {
		return nil
	}
	selected := r.source("", false) // nothing, where no environment is selected
	selected.Ref.Path.Parts = []analyzers.Part{
		{Text: stem + "."}, {Hole: &analyzers.Hole{Name: "MISE_ENV", Default: &analyzers.Value{Parts: []analyzers.Part{{}}}}}, {Text: ".toml"},
	}
	return []analyzers.Step{selected, r.source(stem+".local.toml", false)}
}

// list returns the elements of an array, and another node that is there as the only one.
func list(n *tree.Node) []*tree.Node {
	if n == nil || n.Kind == tree.Array {
		return n.Elements()
	}
	return []*tree.Node{n}
}

// environment returns the sets and loads of a table of variables, or of several.
func (r *reader) environment(n *tree.Node) []analyzers.Step {
	var steps []analyzers.Step
	for _, one := range list(n) {
		for _, v := range one.Keys() {
			if v.Key == "_" {
				steps = append(steps, r.directives(v)...)
				continue
			}
			value := v
			if v.Kind == tree.Object {
				value = v.Get("value")
			}
			switch {
			case value.Is("false"):
				steps = append(steps, analyzers.Step{Op: analyzers.OpUnset, At: v.Place(r.pass), Name: v.Key})
			case value != nil && (value.Kind == tree.String || value.Kind == tree.Other):
				steps = append(steps, analyzers.Step{Op: analyzers.OpSet, At: v.Place(r.pass), Name: v.Key, Value: value.Value(r.pass), Export: true})
				if e := environ.Value(value.Text); e != 0 && environ.Selector(v.Key) {
					r.signs = append(r.signs, analyzers.Sign{Class: code.ClassOf(v.Key), Environments: e, Says: v.Key + " says " + e.String(), At: v.Place(r.pass)})
				}
			}
		}
	}
	return steps
}

// directives returns the loads of files and the scripts that are sourced.
func (r *reader) directives(n *tree.Node) []analyzers.Step {
	var steps []analyzers.Step
	for _, kind := range []string{"file", "source"} {
		for _, one := range list(n.Get(kind)) {
			if one.Kind == tree.Object {
				one = one.Get("path")
			}
			if one.Str() == "" || path.IsAbs(one.Str()) || strings.HasPrefix(one.Str(), "~") || strings.Contains(one.Str(), "{{") {
				continue
			}
			at := one.Place(r.pass)
			step := analyzers.Step{Op: analyzers.OpLoad, At: at, Ref: new(analyzers.PathTo(path.Join(r.dir, one.Str()), "", at)), Export: true, Optional: true}
			if kind == "source" {
				step.Op, step.Export = analyzers.OpSource, false
			}
			steps = append(steps, step)
		}
	}
	return steps
}

// task adds the program and the unit of a task: a command line, a list of them, or a table.
func (r *reader) task(n *tree.Node) {
	at := n.Place(r.pass)
	steps := []analyzers.Step{{Op: analyzers.OpSource, At: at, Ref: new(analyzers.PathTo(r.pass.Path, "", at))}}
	run := n
	if n.Kind == tree.Object {
		run = n.Get("run")
		steps = append(steps, r.environment(n.Get("env"))...)
		for _, key := range []string{"depends", "depends_post"} {
			for _, other := range list(n.Get(key)) {
				name, _, _ := strings.Cut(other.Str(), " ")
				steps = append(steps, analyzers.Step{Op: analyzers.OpRun, At: other.Place(r.pass), Ref: new(analyzers.PathTo(r.pass.Path, name, at)), Optional: true})
			}
		}
		if file := n.Get("file"); file.Str() != "" {
			ref := analyzers.PathTo(path.Join(r.dir, file.Str()), "", file.Place(r.pass))
			steps = append(steps, analyzers.Step{Op: analyzers.OpRun, At: file.Place(r.pass), Ref: &ref, Optional: true})
		}
	}
	for _, command := range list(run) {
		if other := command.Get("task"); other.Str() != "" {
			steps = append(steps, analyzers.Step{Op: analyzers.OpRun, At: other.Place(r.pass), Ref: new(analyzers.PathTo(r.pass.Path, other.Str(), at)), Optional: true})
		}
		if command.Str() == "" {
			continue
		}
		var line commandline.Line
		line.Add(command.Value(r.pass).Parts)
		inner, signs := line.Read(r.pass, n.Get("dir").Str())
		r.signs = append(r.signs, signs...)
		steps = append(steps, analyzers.Step{Op: analyzers.OpRun, At: command.Place(r.pass), Steps: inner})
	}
	if e := environ.Identifier(n.Key); e != 0 {
		r.signs = []analyzers.Sign{{Class: analyzers.Selector, Environments: e, Says: "its name says " + e.String(), At: at}}
	}
	r.program(n.Key, n, steps)
	r.unit(n.Key, "task", at, r.signs)
}
