package platform

import (
	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/tree"
	"github.com/stagewall/stagewall/detectors/environ"
)

// fly reads fly.toml: the variables of [env], the commands of the app's processes and of its release. The app's name is what flyctl
// selects it by. Secrets are kept by Fly. https://fly.io/docs/reference/configuration/
func fly(f *file) {
	app := f.root.Get("app")
	if app == nil {
		app = f.root.Get("app_name") // as fly launch once wrote it
	}
	s := f.stage("")
	s.declare(analyzers.Selector, app, environ.Value(app.Str()), "the app's name")
	means := environ.Value(app.Str()) | environ.Path(f.pass.Path)
	f.mention(app, means, "names an app of it")
	f.bind("app", app, means)
	if build := f.root.Get("build"); build.Get("image") == nil && build.Get("builder") == nil && build.Get("buildpacks") == nil {
		s.image(build.Get("dockerfile"))
	}
	s.variables(f.root.Get("env"))
	s.command(f.root.Get("deploy", "release_command"), "runs for a release")
	for _, process := range f.root.Get("processes").Keys() {
		s.command(process, "runs the process")
	}
	s.command(f.root.Get("experimental", "cmd"), "starts it")
	s.done(nodeOr(app, f.root), app.Str())
}

// nodeOr returns the first node if it is there.
func nodeOr(n, other *tree.Node) *tree.Node {
	if n != nil {
		return n
	}
	return other
}
