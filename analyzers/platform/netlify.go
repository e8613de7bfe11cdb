package platform

import (
	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/tree"
	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/environ"
)

// contexts are the contexts that Netlify knows by itself; any other is the name of a branch.
var contexts = []struct {
	name         string
	environments detectors.Environment
}{
	{"production", detectors.Production},
	{"deploy-preview", detectors.Preview},
	{"branch-deploy", detectors.Preview},
	{"preview-server", detectors.Preview},
	{"dev", detectors.Development},
}

// netlify reads netlify.toml: the build's variables and command, and what a context puts over them. The context of a branch is put over
// that of all branches. https://docs.netlify.com/build/configure-builds/file-based-configuration
func netlify(f *file) {
	known := map[string]bool{}
	for _, c := range contexts {
		known[c.name] = true
		n := f.root.Get("context", c.name)
		usual := c.name == "production" || c.name == "deploy-preview"
		if n == nil && !usual {
			continue
		}
		s := f.stage(c.name)
		s.declare(analyzers.Declared, n, c.environments, "the deploy context")
		s.netlify(n)
		s.done(n, "")
	}
	done := map[string]bool{}
	for _, n := range f.root.Get("context").Keys() {
		if known[n.Key] || done[n.Key] {
			continue
		}
		done[n.Key] = true
		means := environ.Value(n.Key) | environ.Branch(n.Key)
		f.mention(n, means, "deploys a branch of it")
		s := f.stage(n.Key)
		s.declare(analyzers.Branch, n, means, "the branch that the deploy context is for")
		s.netlify(f.root.Get("context", "branch-deploy"), f.root.Get("context", n.Key))
		s.done(n, "")
	}
}

// netlify sets the build's variables and those of the contexts, each over what is before it, and runs the last command.
func (s *stage) netlify(contexts ...*tree.Node) {
	s.variables(s.root.Get("build", "environment"))
	command := s.root.Get("build", "command")
	for _, c := range contexts {
		s.variables(c.Get("environment"))
		command = nodeOr(c.Get("command"), command)
	}
	s.command(command, "builds with it")
}
