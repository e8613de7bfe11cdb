package platform

import (
	"path"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/tree"
	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/environ"
)

// render reads render.yaml: each service is a deployment, with its variables and those of the groups that it names, wherever in the file these are.
// A service of a project belongs to an environment of it. Of a preview some variables have values of their own.
// https://render.com/docs/blueprint-spec
func render(f *file) {
	groups := map[string]*tree.Node{}
	grouped := func(n *tree.Node) {
		for _, group := range n.Get("envVarGroups").Elements() {
			groups[group.Get("name").Str()] = group
		}
	}
	var environments []*tree.Node
	for _, project := range f.root.Get("projects").Elements() {
		environments = append(environments, project.Get("environments").Elements()...)
	}
	grouped(f.root)
	for _, environment := range environments {
		grouped(environment)
	}
	for _, service := range f.root.Get("services").Elements() {
		f.service(service, nil, groups)
	}
	for _, environment := range environments {
		for _, service := range environment.Get("services").Elements() {
			f.service(service, environment.Get("name"), groups)
		}
	}
}

// service reads a service of an environment, and its previews.
func (f *file) service(n, environment *tree.Node, groups map[string]*tree.Node) {
	name := n.Get("name")
	if name.Str() == "" {
		return
	}
	s := f.stage(name.Str())
	if environment.Str() != "" {
		means := environ.Identifier(environment.Str())
		s.declare(analyzers.Declared, environment, means, "the project's environment")
		f.mention(environment, means, "a project has it")
	}
	s.declare(analyzers.Selector, name, environ.Identifier(name.Str()), "the service's name")
	if branch := n.Get("branch"); branch.Str() != "" {
		s.declare(analyzers.Branch, branch, environ.Branch(branch.Str()), "the branch that the service is deployed from")
	}
	s.render(n, groups, false)
	s.done(name, "")
	if generation := n.Get("previews", "generation").Str(); generation == "automatic" || generation == "manual" {
		s := f.stage(name.Str() + "@preview")
		s.declare(analyzers.Declared, n.Get("previews"), detectors.Preview, "previews are made of the service")
		s.render(n, groups, true)
		s.done(name, "")
	}
}

// render sets a service's variables and runs its commands.
func (s *stage) render(n *tree.Node, groups map[string]*tree.Node, preview bool) {
	s.dir = n.Get("rootDir").Str()
	var set func(all []*tree.Node, nested bool)
	set = func(all []*tree.Node, nested bool) {
		for _, v := range all {
			if group := groups[v.Get("fromGroup").Str()]; group != nil && !nested {
				set(group.Get("envVars").Elements(), true)
			}
			value := v.Get("value")
			if preview {
				value = nodeOr(v.Get("previewValue"), value)
			}
			if key := v.Get("key"); key.Str() != "" && value.Str() != "" {
				s.set(value, key.Str(), value.Value(s.pass))
			}
		}
	}
	set(n.Get("envVars").Elements(), false)
	switch n.Get("runtime").Str() + n.Get("env").Str() { // the older name of the same
	case "docker":
		s.image(n.Get("dockerfilePath"))
		s.command(n.Get("dockerCommand"), "runs it")
	case "image":
		s.command(n.Get("dockerCommand"), "runs it")
	default:
		for _, key := range []string{"buildCommand", "preDeployCommand", "startCommand"} {
			s.command(n.Get(key), "runs it")
		}
	}
}

// folder returns the folder that a deployment's commands run in.
func (s *stage) folder() string {
	if dir := path.Join(path.Dir(s.pass.Path), s.dir); dir != "." {
		return dir
	}
	return ""
}
