package platform

import (
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/tree"
	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/environ"
)

// vercel reads vercel.json: variables of deployments and of builds, and the commands of a build. A deployment is a preview unless it is
// one for production. A value that begins with an at sign is the name of a secret that Vercel keeps.
// https://vercel.com/docs/project-configuration
func vercel(f *file) {
	for _, branch := range f.root.Get("git", "deploymentEnabled").Keys() {
		f.mention(branch, environ.Branch(branch.Key), "deploys a branch of it")
	}
	if named(f.root, []string{"env"}, []string{"build", "env"}, []string{"buildCommand"}, []string{"installCommand"}) == nil {
		return
	}
	for _, target := range []struct {
		name         string
		environments detectors.Environment
	}{{"production", detectors.Production}, {"preview", detectors.Preview}} {
		s := f.stage(target.name)
		s.declare(analyzers.Declared, f.root, target.environments, "what Vercel calls the deployment")
		s.vercelVariables(f.root.Get("env"))
		s.vercelVariables(f.root.Get("build", "env"))
		s.command(f.root.Get("installCommand"), "installs with it")
		s.command(f.root.Get("buildCommand"), "builds with it")
		s.done(nil, "")
	}
}

func (s *stage) vercelVariables(object *tree.Node) {
	for _, n := range object.Keys() {
		if n.Kind != tree.String {
			continue
		}
		value := n.Value(s.pass)
		if secret, ok := strings.CutPrefix(n.Text, "@"); ok {
			value.Parts = []analyzers.Part{{Hole: &analyzers.Hole{Space: "secrets", Name: secret, Store: "vercel"}}}
		}
		s.set(n, n.Key, value)
	}
}
