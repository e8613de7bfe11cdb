package azurepipelines

import (
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/pipeline"
	"github.com/stagewall/stagewall/analyzers/internal/yamltree"
)

// Analyzer reads pipelines.
var Analyzer = &analyzers.Analyzer{
	Name:    "azurepipelines",
	Doc:     "reads the pipelines of Azure DevOps: what their jobs are given and run",
	Version: 1,
	Files:   []string{"**/azure-pipelines*.{yml,yaml}", "**/azure-pipeline*.{yml,yaml}", "**/.azure-pipelines/**/*.{yml,yaml}", "**/.azuredevops/**/*.{yml,yaml}"},
	Run:     read,
}

// store has the variables of pipelines and of groups.
const store = "azure-pipelines"

func read(pass *analyzers.Pass) error {
	f := pipeline.Read(pass)
	for _, document := range f.Documents {
		r := &reader{File: f}
		r.read(document, place{})
	}
	return nil
}

// reader is one file while it is read.
type reader struct {
	*pipeline.File
}

// place is what surrounds a job.
type place struct {
	names     []*yamltree.Node // of stages
	variables []*yamltree.Node // of the pipeline and of stages, outermost first
	tests     []*yamltree.Node // conditions
}

// read reads a pipeline, or a stage: it has stages, jobs or steps.
func (r *reader) read(n *yamltree.Node, in place) {
	in = in.with(n)
	for _, stage := range r.items(n.Get("stages")) {
		inner := in.with(stage)
		inner.names = append(inner.names[:len(inner.names):len(inner.names)], first(stage, "stage", "displayName"), stage.Get("displayName"))
		r.jobs(stage.Get("jobs"), inner)
	}
	r.jobs(n.Get("jobs"), in)
	if steps := n.Get("steps"); steps != nil {
		r.job(n, []*yamltree.Node{steps}, in)
	}
}

// with returns the place inside a node.
func (p place) with(n *yamltree.Node) place {
	if v := n.Get("variables"); v != nil {
		p.variables = append(p.variables[:len(p.variables):len(p.variables)], v)
	}
	if c := n.Get("condition"); c != nil {
		p.tests = append(p.tests[:len(p.tests):len(p.tests)], c)
	}
	return p
}

// items returns the items of a list, with those that stand under template expressions; what a template brings is a gap.
func (r *reader) items(list *yamltree.Node) []*yamltree.Node {
	var items []*yamltree.Node
	var each func(list *yamltree.Node, depth int)
	each = func(list *yamltree.Node, depth int) {
		for _, item := range list.Items() {
			if template := item.Get("template"); template.Str() != "" {
				r.Pass.Gap(r.At(template), "the template "+template.Str()+" is not followed; what it adds to the pipeline, and what that reaches, is not known")
				continue
			}
			expression := false
			for key, inner := range item.Pairs() {
				if strings.HasPrefix(key.Str(), "${{") {
					if expression = true; !r.IsDeep(key, depth+1) {
						each(inner, depth+1)
					}
				}
			}
			if !expression {
				items = append(items, item)
			}
		}
	}
	each(list, 0)
	return items
}

func (r *reader) jobs(list *yamltree.Node, in place) {
	for _, n := range r.items(list) {
		inner := in.with(n)
		var lists []*yamltree.Node
		if steps := n.Get("steps"); steps != nil {
			lists = append(lists, steps)
		}
		for _, strategy := range n.Get("strategy").Pairs() { // runOnce, rolling, canary
			lists = append(lists, r.lifecycle(strategy, 0)...)
		}
		if len(lists) > 0 {
			r.job(n, lists, inner)
		}
	}
}

// first returns the first of the values that is there.
func first(n *yamltree.Node, names ...string) *yamltree.Node {
	for _, name := range names {
		if v := n.Get(name); v.Str() != "" {
			return v
		}
	}
	return nil
}
