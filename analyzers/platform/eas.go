package platform

import (
	"slices"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/tree"
	"github.com/stagewall/stagewall/detectors/environ"
)

// maxExtended is how many profiles are put over each other.
const maxExtended = 16

// eas reads eas.json: the profiles of builds, each with its variables over those of the profile that it extends. The profile says whose variables on
// Expo's servers it has, or else is called after an environment. https://docs.expo.dev/eas/json/
func eas(f *file) {
	profiles := f.root.Get("build")
	for _, n := range profiles.Keys() {
		if n.Kind != tree.Object {
			continue
		}
		chain := []*tree.Node{n}
		for base := n; len(chain) < maxExtended && base.Get("extends").Str() != ""; {
			if base = profiles.Get(base.Get("extends").Str()); base == nil || slices.Contains(chain, base) {
				break
			}
			chain = append(chain, base)
		}
		slices.Reverse(chain)
		s := f.stage(n.Key)
		var declared *tree.Node
		for _, profile := range chain {
			declared = nodeOr(profile.Get("environment"), declared)
			s.variables(profile.Get("env"))
		}
		s.declare(analyzers.Declared, declared, environ.Value(declared.Str()), "the environment of the profile")
		s.declare(analyzers.Selector, n, environ.Value(n.Key), "the profile is called "+n.Key)
		f.mention(n, environ.Value(n.Key), "builds for it")
		s.done(n, "")
	}
}
