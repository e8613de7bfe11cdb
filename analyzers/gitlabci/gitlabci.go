package gitlabci

import (
	"path"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/lazyregexp"
	"github.com/stagewall/stagewall/analyzers/internal/yamltree"
	"github.com/stagewall/stagewall/detectors"
)

// Analyzer reads pipelines and the files that they include.
var Analyzer = &analyzers.Analyzer{
	Name:    "gitlabci",
	Doc:     "reads GitLab's pipelines: what their jobs are given, run and hand on",
	Version: 6,
	Files:   []string{"**/.gitlab-ci.{yml,yaml}", "**/*.gitlab-ci.{yml,yaml}", ".gitlab/**/*.{yml,yaml}"},
	Sniff:   sniff,
	Run:     read,
	Join:    join,
}

// maxSize is the size beyond which a file is no pipeline; GitLab reads none larger than 2 MiB
// (https://docs.gitlab.com/administration/instance_limits/#cicd-limits).
const maxSize = 4 << 20

var isPart = lazyregexp.New(`(?m)^(?:stages|before_script|default|include|variables):|^ {1,4}(?:script|stage|before_script|extends):|^spec:\s+inputs:`)

// sniff reports whether a file can be one that a pipeline includes.
func sniff(name string, head []byte) bool {
	ext := path.Ext(name)
	return (ext == ".yml" || ext == ".yaml") && !strings.HasPrefix(name, ".github/") && isPart.Match(head)
}

// A file's programs are parts of a pipeline that are yet to be merged. Their steps have keys; of the steps with one key, the last holds:
//
//	variables/NAME      a set of the variable
//	setting/NAME        a set in the space "setting"
//	section/NAME        a block of the steps that a list of commands, rules and the like come to
//
// What stands for an input of the file is a hole of the space "inputs", or in names as it is written.
//
// The program "" is of the file: it has the files that it includes, as sources, and the pipeline's variables. "default" has the
// settings of all jobs, and "job NAME" what the file says of a job.
const (
	variables = "variables/"
	setting   = "setting/"
	artifacts = "artifacts"
	cache     = "cache"
	section   = "section/"
	jobPrefix = "job "
	defaults  = "default"
)

func read(pass *analyzers.Pass) error {
	if pass.TooLarge(maxSize, "a pipeline") {
		return nil
	}
	documents, err := yamltree.Read(pass.Data)
	if err != nil && named(pass.Path) {
		pass.Gap(yamltree.Broken(pass, err), "the pipeline does not parse as YAML; what its jobs reach is not known")
	}
	if len(documents) == 0 {
		return nil
	}
	f := &file{pass: pass, root: documents[len(documents)-1]} // inputs are declared in a document before
	if len(documents) > 1 {
		f.inputs = documents[0].Get("spec", "inputs")
	}
	f.read()
	return nil
}

// named reports whether a file is a pipeline by its name; others are only if they are included.
func named(name string) bool { return strings.Contains(path.Base(name), ".gitlab-ci.") }

// keywords are the keys of a pipeline that are no jobs (https://docs.gitlab.com/ci/yaml/#global-keywords).
var keywords = map[string]bool{
	"include": true, "variables": true, "default": true, "stages": true, "workflow": true, "spec": true, "image": true, "services": true,
	"before_script": true, "script": true, "after_script": true, "cache": true, "types": true,
}

// file is one file while it is read.
type file struct {
	pass   *analyzers.Pass
	root   *yamltree.Node
	inputs *yamltree.Node
}

func (f *file) read() {
	steps := append(f.declared(), f.includes(f.root.Get("include"), include)...)
	steps = append(steps, f.variables(f.root.Get("variables"))...)
	for _, stage := range f.root.Get("stages").Items() {
		steps = append(steps, f.set("stages", stage, ""))
	}
	f.program("", f.pass.At(0, 0), steps)
	own := &job{file: f, node: f.root.Get("default")}
	global := &job{file: f, node: f.root} // the older way to say the same
	all := append(global.sections("before_script", "after_script"), own.steps()...)
	if len(all) > 0 {
		f.program(defaults, f.pass.At(0, 0), all)
	}
	for key, n := range f.root.Pairs() {
		if !keywords[key.Str()] && n.IsMapping() {
			j := &job{file: f, node: n}
			f.program(jobPrefix+key.Str(), f.at(key), j.steps())
		}
	}
}

func (f *file) program(name string, at detectors.Place, steps []analyzers.Step) {
	f.pass.Facts.Programs = append(f.pass.Facts.Programs, analyzers.Program{Name: name, At: at, Steps: steps})
}

func (f *file) at(n *yamltree.Node) detectors.Place {
	if n == nil {
		return f.pass.At(0, 0)
	}
	if n.Span.Empty() {
		return f.pass.At(n.Start, n.Start+1)
	}
	return f.pass.At(n.Span.Start, n.Span.End)
}

// include is the name of a step that takes another file in.
const include = "include"

// includes returns a source for each file of the repository that is included, with the inputs that it is given. Their paths are from the root,
// with or without a slash. What lies elsewhere or is computed is a gap of whoever takes this file in.
func (f *file) includes(n *yamltree.Node, name string) []analyzers.Step {
	var steps []analyzers.Step
	gap := func(n *yamltree.Node, says string) {
		steps = append(steps, analyzers.Step{Op: analyzers.OpGap, At: f.at(n), Says: says + "; what its jobs reach is not known"})
	}
	for _, item := range n.List() {
		local := item
		if item.IsMapping() {
			local = item.Get("local")
			for _, kind := range []string{"project", "remote", "component", "template", "artifact"} {
				switch from := item.Get(kind); {
				case from == nil || kind == "template" && scans.MatchString(from.Str()):
				case kind == "artifact":
					gap(from, "the pipeline that a job generates is not followed")
				default:
					gap(from, "the pipeline that is included from a "+kind+" is not followed")
				}
			}
		}
		for _, one := range local.List() {
			p := strings.TrimPrefix(one.Str(), "/")
			switch {
			case p == "":
			case strings.Contains(p, "://"):
				gap(one, "the pipeline that is included from elsewhere is not followed")
			case strings.Contains(p, "$"):
				gap(one, "which pipeline is included is computed")
			default:
				steps = append(steps, analyzers.Step{
					Op: analyzers.OpSource, At: f.at(one), Name: name, Ref: new(analyzers.PathTo(path.Clean(p), "", f.at(one))), Optional: true,
					Steps: f.given(item.Get("inputs")),
				})
			}
		}
	}
	return steps
}

// scans are GitLab's own templates whose jobs deploy nothing (https://gitlab.com/gitlab-org/gitlab/-/tree/master/lib/gitlab/ci/templates).
var scans = lazyregexp.New(`^(?:Security|Workflows|Verify)/|^Jobs/(?:Build|Test|Code|SAST|Secret|License|Browser|Load|[A-Za-z-]*Scanning)|Quality|^Pages/`)

// set returns a step that notes a setting.
func (f *file) set(name string, n *yamltree.Node, key string) analyzers.Step {
	return analyzers.Step{Op: analyzers.OpSet, At: f.at(n), Space: "setting", Name: name, Key: key, Value: f.scalar(n)}
}

// variables returns the sets of a mapping of variables. A variable can have a description beside its value.
func (f *file) variables(n *yamltree.Node) []analyzers.Step {
	var steps []analyzers.Step
	for key, v := range n.Pairs() {
		if v.IsMapping() {
			v = v.Get("value")
		}
		steps = append(steps, analyzers.Step{
			Op: analyzers.OpSet, At: f.at(key), Name: key.Str(), Value: f.scalar(v), Export: true, Key: variables + key.Str(),
		})
	}
	return steps
}

// scalar returns a scalar's value, with the variables in it: $NAME and ${NAME}; two dollar signs are one
// (https://docs.gitlab.com/ci/variables/#use-cicd-variables-in-other-variables).
func (f *file) scalar(n *yamltree.Node) analyzers.Value {
	return analyzers.Value{At: f.at(n), Parts: parts(n.Source())}
}
