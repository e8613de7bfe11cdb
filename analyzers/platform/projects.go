package platform

import (
	"regexp"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/tree"
	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/environ"
)

// firebase reads the aliases of .firebaserc: https://firebase.google.com/docs/projects/multiprojects.
func firebase(f *file) {
	for _, n := range f.root.Get("projects").Keys() {
		means := environ.Value(n.Key)
		f.mention(n, means, "an alias of a project")
		f.bind("project", n, means)
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
			Op: analyzers.OpLoad, At: at, Ref: analyzers.PathTo(env, "", at), IfUnset: true, Optional: true, Space: "env",
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

var envExpr = regexp.MustCompile(`^env\(([A-Za-z_][A-Za-z0-9_]*)\)$`)

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
