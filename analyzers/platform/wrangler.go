package platform

import (
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/tree"
	"github.com/stagewall/stagewall/analyzers/shell"
	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/environ"
)

// wrangler reads the configuration of a Cloudflare worker. Variables and bindings belong to one environment each, and those of the top
// level are not inherited; the program and the routes are. A deployment without --env is that of the top level: production, where
// there are other environments and none of them is. Secrets are kept by Cloudflare, and for local development in .dev.vars.
// https://developers.cloudflare.com/workers/wrangler/environments/
func wrangler(f *file) {
	name := f.root.Get("name")
	environments := f.root.Get("env").Keys()
	var all detectors.Environment
	for _, n := range environments {
		means := environ.Value(n.Key)
		all |= means
		f.mention(n, means, "env names it")
		s := f.stage(n.Key)
		s.declare(analyzers.Declared, n, means, "the environment's name in the file")
		s.worker(n)
		f.hosts(n, means)
		f.bind("account", n.Get("account_id"), means)
		s.done(n, workerName(name, n))
		f.local(n, n)
	}
	top := f.stage("")
	var means detectors.Environment
	if len(environments) > 0 && all != 0 && !all.Touches(detectors.Production) {
		means = detectors.Production
		top.declare(analyzers.Branch, nodeOr(name, f.root), means, "what is deployed without naming an environment, beside environments of which none is production")
	}
	top.declare(analyzers.Selector, name, environ.Value(name.Str()), "the worker's name")
	top.worker(f.root)
	f.hosts(f.root, means)
	f.bind("account", f.root.Get("account_id"), 0) // of every environment without one of its own
	top.done(name, name.Str())

	f.local(f.root, name)
}

// local reads what `wrangler dev` has, by itself or with --env. An environment's own file of secrets stands for .dev.vars: which one is there is
// not known here, and what both have comes from the environment's.
// https://developers.cloudflare.com/workers/local-development/environment-variables/
func (f *file) local(config, at *tree.Node) {
	name, files := shell.WranglerDev, []string{".dev.vars"}
	if config != f.root {
		name, files = name+" "+config.Key, []string{".dev.vars." + config.Key, ".dev.vars"}
	}
	s := f.stage(name)
	s.declare(analyzers.Declared, config, detectors.Development, "local development")
	for _, file := range files {
		s.steps = append(s.steps, analyzers.Step{
			Op: analyzers.OpLoad, At: at.Place(f.pass), Ref: new(analyzers.PathTo(file, "", at.Place(f.pass))), Export: true, Optional: true, IfUnset: true,
			Says: "local development loads it",
		})
	}
	s.worker(config)
	if config != f.root {
		s.publish(at.Place(f.pass)) // nobody need do it
		return
	}
	s.done(at, "")
}

// workerName returns the name under which an environment is deployed.
func workerName(name, environment *tree.Node) string {
	if own := environment.Get("name").Str(); own != "" {
		return own
	}
	if name.Str() == "" {
		return ""
	}
	return name.Str() + "-" + environment.Key
}

// worker sets the variables of an environment and runs the program.
func (s *stage) worker(config *tree.Node) {
	for _, n := range config.Get("vars").Keys() {
		if n.Kind == tree.String && !strings.HasPrefix(s.name, shell.WranglerDev) {
			s.set(n, n.Key, n.Value(s.pass))
		} else if n.Kind == tree.String {
			s.steps = append(s.steps, analyzers.Step{
				Op: analyzers.OpSet, At: n.Place(s.pass), Name: n.Key, Value: n.Value(s.pass), Export: true, IfUnset: true,
			})
		}
	}
	s.command(named(config, []string{"build", "command"}), "builds with it")
	if main := nodeOr(config.Get("main"), s.root.Get("main")); main.Str() != "" {
		s.steps = append(s.steps, analyzers.Step{
			Op: analyzers.OpRun, At: main.Place(s.pass), Ref: &analyzers.Ref{Path: main.Value(s.pass)}, Optional: true, Says: "is the worker",
		})
	}
}
