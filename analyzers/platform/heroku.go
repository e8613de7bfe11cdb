package platform

import (
	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/tree"
	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/environ"
)

// heroku reads app.json: the variables of apps that are made from it, and what an environment puts over them. Other tools have files of
// that name. https://devcenter.heroku.com/articles/app-json-schema
func heroku(f *file) {
	if f.root.Get("expo") != nil || named(f.root, []string{"env"}, []string{"environments"}, []string{"scripts"}) == nil {
		return
	}
	s := f.stage("")
	s.app(f.root)
	s.done(nil, "")
	for _, n := range f.root.Get("environments").Keys() {
		means := map[string]detectors.Environment{"review": detectors.Preview, "test": detectors.Test}[n.Key] | environ.Value(n.Key)
		f.mention(n, means, "environments names it")
		s := f.stage(n.Key)
		s.declare(analyzers.Declared, n, means, "the environment's name in the file")
		s.app(f.root, n)
		s.done(n, "")
	}
}

// app sets the variables of configurations, each over those before it, and runs the last one's scripts.
func (s *stage) app(configurations ...*tree.Node) {
	var scripts *tree.Node
	for _, c := range configurations {
		scripts = nodeOr(c.Get("scripts"), scripts)
		for _, n := range c.Get("env").Keys() {
			value := n
			if n.Kind == tree.Object { // {"description": …, "value": …}
				value = n.Get("value")
			}
			if value.Str() != "" {
				s.set(n, n.Key, value.Value(s.pass))
			}
		}
	}
	for _, script := range scripts.Keys() {
		s.command(script, "runs the script")
	}
}

// herokuYML reads heroku.yml: https://devcenter.heroku.com/articles/build-docker-images-heroku-yml.
func herokuYML(f *file) {
	s := f.stage("")
	s.image(f.root.Get("build", "docker", "web"))
	s.variables(f.root.Get("build", "config"))
	s.variables(f.root.Get("setup", "config"))
	s.processCommand(f.root.Get("release"))
	for _, process := range f.root.Get("run").Keys() {
		s.processCommand(process)
	}
	s.done(nil, "")
}

// processCommand runs a process: its command alone, or under its key.
func (s *stage) processCommand(n *tree.Node) {
	if command := n.Get("command"); command != nil {
		n = command
	}
	s.command(n, "runs the process")
}
