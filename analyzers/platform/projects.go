package platform

import (
	"path"
	"slices"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/lazyregexp"
	"github.com/stagewall/stagewall/analyzers/internal/table"
	"github.com/stagewall/stagewall/analyzers/internal/tree"
	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/environ"
)

// firebase reads the aliases of .firebaserc: https://firebase.google.com/docs/projects/multiprojects. The alias default is what is taken
// where none is named: beside one of production it says nothing of its own, otherwise it may be production's.
func firebase(f *file) {
	aliases := f.root.Get("projects").Keys()
	production := slices.ContainsFunc(aliases, func(n *tree.Node) bool { return environ.Value(n.Key).Touches(detectors.Production) })
	for _, n := range aliases {
		means := environ.Value(n.Key)
		f.mention(n, means, "an alias of a project")
		if n.Key != "default" || !production {
			f.bind("project", n, means)
		}
	}
}

// firebaseHooks reads the commands that firebase deploy runs before and after it deploys the parts of a project, which are objects or lists of such:
// https://firebase.google.com/docs/cli/#hooks
func firebaseHooks(f *file) {
	s := f.stage("")
	for _, part := range f.root.Keys() {
		targets := part.Elements()
		if part.Kind == tree.Object {
			targets = []*tree.Node{part}
		}
		for _, one := range targets {
			for _, hook := range []string{"predeploy", "postdeploy"} {
				s.command(one.Get(hook), hook+" of "+part.Key)
			}
		}
	}
	if len(s.steps) > 0 {
		s.done(f.root, "")
	}
}

// supabase reads config.toml. The local stack has all that it says; a remote has that too, with its own values over it.
// https://supabase.com/docs/guides/local-development/managing-config
// https://supabase.com/docs/guides/deployment/branching/configuration
func supabase(f *file) {
	local := f.stage("")
	local.declare(analyzers.Declared, f.root, detectors.Development, "the local stack")
	at := f.root.Place(f.pass)
	for _, env := range []string{".env", "../.env"} {
		local.steps = append(local.steps, analyzers.Step{
			Op: analyzers.OpLoad, At: at, Ref: new(analyzers.PathTo(env, "", at)), IfUnset: true, Optional: true, Space: "env",
			Says: "env() is replaced from it",
		})
	}
	local.settings(f.root, "")
	local.done(nil, "")
	for _, n := range f.root.Get("remotes").Keys() {
		means := environ.Value(n.Key)
		f.mention(n, means, "remotes names it")
		f.bind("project", n.Get("project_id"), means)
		s := f.stage(n.Key)
		s.declare(analyzers.Declared, n, means, "the remote's name in the file")
		s.settings(f.root, "")
		s.settings(n, "")
		s.done(n, "")
	}
}

var envExpr = lazyregexp.New(`^env\(([A-Za-z_][A-Za-z0-9_]*)\)$`)

// settings sets every text of a table under its path.
func (s *stage) settings(n *tree.Node, prefix string) {
	for _, member := range n.Keys() {
		if prefix == "" && member.Key == "remotes" {
			continue
		}
		switch member.Kind {
		case tree.Object:
			s.settings(member, prefix+member.Key+".")
		case tree.String:
			value := member.Value(s.pass)
			if m := envExpr.FindStringSubmatch(member.Text); m != nil {
				value.Parts = []analyzers.Part{{Hole: &analyzers.Hole{Space: "env", Name: m[1]}}}
			}
			s.steps = append(s.steps, analyzers.Step{
				Op: analyzers.OpSet, At: member.Place(s.pass), Name: prefix + member.Key, Value: value,
			})
		}
	}
}

// databricks reads the targets of a bundle: https://docs.databricks.com/dev-tools/bundles/settings#targets. A mode of development or
// production is how a target is deployed, and says what it is for where its name does not.
func databricks(f *file) {
	for _, n := range f.root.Get("targets").Keys() {
		means := environ.Value(n.Key)
		if means == 0 {
			means = environ.Value(n.Get("mode").Str())
		}
		f.mention(n, means, "targets names it")
		f.bind("host", hostOf(n.Get("workspace", "host")), means)
	}
	f.bind("host", hostOf(f.root.Get("workspace", "host")), 0) // of every target without one of its own
}

// hostOf returns a node whose text is the host of an address.
func hostOf(n *tree.Node) *tree.Node {
	if n.Str() == "" {
		return nil
	}
	host := *n
	host.Text = table.Host(n.Text)
	return &host
}

// vercelProject reads the project that a folder is linked to. Its environments are Vercel's own, so that only a project that is named
// after one, or lies in its folder, is an environment's: https://vercel.com/docs/cli/link.
func vercelProject(f *file) {
	linked := func(n *tree.Node, name *tree.Node, folder string) {
		f.bind("project", n, environ.Value(name.Str())|environ.Path(folder))
	}
	linked(f.root.Get("projectId"), f.root.Get("projectName"), path.Dir(f.pass.Path)+"/")
	for _, p := range f.root.Get("projects").Elements() {
		linked(p.Get("id"), p.Get("name"), p.Get("directory").Str()+"/")
	}
}

// neon reads the context that neonctl works in: https://neon.com/docs/reference/cli-set-context. It is one folder's.
func neon(f *file) {
	means := environ.Path(path.Dir(f.pass.Path) + "/")
	f.bind("project", f.root.Get("projectId"), means)
	f.bind("project", f.root.Get("branchId"), means)
}

// doppler reads which configuration a folder uses: https://docs.doppler.com/docs/install-cli#project-setup. Tokens name theirs themselves.
func doppler(f *file) {
	setups := f.root.Get("setup").Elements()
	if one := f.root.Get("setup"); one.Get("config") != nil {
		setups = append(setups, one)
	}
	for _, n := range setups {
		config := n.Get("config")
		f.mention(config, environ.Value(config.Str()), "a folder uses the configuration of it")
	}
}

// infisical reads which environment a folder and its branches use: https://infisical.com/docs/cli/project-config.
func infisical(f *file) {
	used := append(slices.Clone(f.root.Get("gitBranchToEnvironmentMapping").Keys()), f.root.Get("defaultEnvironment"))
	for _, n := range used {
		f.mention(n, environ.Value(n.Str()), "a folder uses the secrets of it")
	}
}
