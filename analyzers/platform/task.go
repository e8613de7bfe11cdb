package platform

import (
	"bytes"
	"path"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/code"
	"github.com/stagewall/stagewall/analyzers/internal/tree"
	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/environ"
)

// environmentOf returns the environment that a name speaks of.
func environmentOf(n *tree.Node) detectors.Environment { return environ.Identifier(n.Str()) }

// isTask reports whether a file, however it is called, is a task definition of ECS.
func isTask(file string, head []byte) bool {
	return path.Ext(file) == ".json" && bytes.Contains(head, []byte(`"containerDefinitions"`))
}

// task reads a task definition of ECS: what its containers are given, and the secrets that are looked up for them. It belongs to its family.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html
func task(f *file) {
	if n := f.root.Get("taskDefinition"); n != nil { // as aws ecs describe-task-definition shows it
		f.root = n
	}
	family := f.root.Get("family")
	s := f.stage("")
	s.declare(analyzers.Selector, family, environmentOf(family), "the family's name")
	f.mention(family, environmentOf(family), "names tasks of it")
	containers := f.root.Get("containerDefinitions").Elements()
	if f.root.Kind == tree.Array { // the containers alone, for a tool that makes the rest
		containers = f.root.Elements()
	}
	for _, container := range containers {
		s.entries(container.Get("environment"), "name")
		for _, secret := range container.Get("secrets").Elements() {
			s.secret(secret.Get("name"), secret.Get("valueFrom"))
		}
		if files := container.Get("environmentFiles"); len(files.Elements()) > 0 {
			f.pass.Gap(files.Place(f.pass), "files of variables in a bucket are not read; what they give the task's containers is not known")
		}
	}
	s.done(nodeOr(family, f.root), family.Str())
}

// appRunner reads apprunner.yaml: what the service is given where it runs, and where it is built, and the commands of both.
// https://docs.aws.amazon.com/apprunner/latest/dg/config-file-ref.html
func appRunner(f *file) {
	s := f.stage("")
	run := f.root.Get("run")
	s.entries(f.root.Get("build", "env"), "name")
	for _, list := range f.root.Get("build", "commands").Keys() {
		s.command(list, "builds it")
	}
	s.entries(run.Get("env"), "name")
	for _, secret := range run.Get("secrets").Elements() {
		s.secret(secret.Get("name"), secret.Get("value-from"))
	}
	s.command(run.Get("pre-run"), "is run before it starts")
	s.command(run.Get("command"), "starts it")
	s.done(nodeOr(run, f.root), "")
}

// appPlatform reads the specification of an app of DigitalOcean's App Platform: each component has its own variables, and those of the app.
// https://docs.digitalocean.com/products/app-platform/reference/app-spec/
func appPlatform(f *file) {
	app := f.root.Get("name")
	f.mention(app, environmentOf(app), "names an app of it")
	for _, kind := range []string{"services", "workers", "jobs", "functions", "static_sites"} {
		for _, component := range f.root.Get(kind).Elements() {
			name := component.Get("name")
			if name.Str() == "" {
				continue
			}
			s := f.stage(name.Str())
			s.dir = component.Get("source_dir").Str()
			s.declare(analyzers.Selector, app, environmentOf(app), "the app's name")
			for _, source := range []string{"github", "gitlab", "git"} {
				if branch := component.Get(source, "branch"); branch.Str() != "" {
					s.declare(analyzers.Branch, branch, environ.Branch(branch.Str()), "the branch that it is deployed from")
				}
			}
			s.entries(f.root.Get("envs"), "key")
			s.entries(component.Get("envs"), "key")
			s.command(component.Get("build_command"), "builds it")
			s.command(component.Get("run_command"), "starts it")
			if dockerfile := component.Get("dockerfile_path"); dockerfile != nil {
				s.image(dockerfile)
			}
			s.done(name, "")
		}
	}
}

// entries sets variables that are listed with their names and values.
func (s *stage) entries(list *tree.Node, name string) {
	for _, entry := range list.Elements() {
		if key, value := entry.Get(name), entry.Get("value"); key.Str() != "" && value.Str() != "" {
			s.set(value, key.Str(), value.Value(s.pass))
		}
	}
}

// secret sets a variable to what Secrets Manager or the parameter store has under an address or a name.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/specifying-sensitive-data.html
func (s *stage) secret(name, from *tree.Node) {
	text := from.Str()
	if name.Str() == "" || text == "" {
		return
	}
	if strings.ContainsAny(text, "{}<>$ ") {
		s.pass.Gap(from.Place(s.pass), "the name of a secret is a template; which one "+name.Str()+" is given is not known")
		return
	}
	store := detectors.ParameterStore
	if strings.HasPrefix(text, "arn:") && strings.Contains(text, ":secretsmanager:") {
		store = detectors.SecretsManager
	}
	v := from.Value(s.pass)
	v.Parts = code.Secret(store, v)
	s.set(from, name.Str(), v)
}
