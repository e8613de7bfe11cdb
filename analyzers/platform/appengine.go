package platform

import "github.com/stagewall/stagewall/analyzers"

// appEngine reads app.yaml of App Engine: the variables of the service, and the command that starts it. What it includes is not followed.
// https://cloud.google.com/appengine/docs/standard/reference/app-yaml
func appEngine(f *file) {
	if f.root.Get("runtime") == nil {
		return
	}
	service := f.root.Get("service")
	s := f.stage("")
	s.declare(analyzers.Selector, service, environmentOf(service), "the service's name")
	f.mention(service, environmentOf(service), "names a service of it")
	s.variables(f.root.Get("env_variables"))
	s.variables(f.root.Get("build_env_variables"))
	s.command(f.root.Get("entrypoint"), "starts it")
	if includes := f.root.Get("includes"); includes != nil {
		f.pass.Gap(includes.Place(f.pass), "what App Engine's configuration includes is not followed; what it gives the service is not known")
	}
	s.done(nodeOr(service, f.root), service.Str())
}
