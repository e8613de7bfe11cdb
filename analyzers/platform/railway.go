package platform

import (
	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/tree"
	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/environ"
)

// railway reads railway.json and railway.toml. What an environment says is put over what the file says without one; "pr" is what
// environments of pull requests have. https://docs.railway.com/config-as-code/reference
func railway(f *file) {
	environments := f.root.Get("environments").Keys()
	for _, n := range environments {
		means := environ.Value(n.Key)
		if n.Key == "pr" {
			means = detectors.Preview
		}
		f.mention(n, means, "environments names it")
		s := f.stage(n.Key)
		s.declare(analyzers.Declared, n, means, "the environment's name in the file")
		s.railway(n, f.root)
		s.done(n, "")
	}
	if len(environments) == 0 {
		s := f.stage("")
		s.railway(f.root)
		s.done(nil, "")
	}
}

// railway does what configurations say of a deployment, of which the first that says something counts.
func (s *stage) railway(configurations ...*tree.Node) {
	first := func(path ...string) *tree.Node {
		for _, c := range configurations {
			if n := c.Get(path...); n != nil {
				return n
			}
		}
		return nil
	}
	s.image(first("build", "dockerfilePath"))
	s.command(first("build", "buildCommand"), "builds with it")
	s.command(first("deploy", "preDeployCommand"), "runs before the deployment")
	s.command(first("deploy", "startCommand"), "starts it")
}
