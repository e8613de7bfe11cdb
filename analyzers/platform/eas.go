package platform

import (
	"cmp"
	"slices"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/tree"
	"github.com/stagewall/stagewall/detectors/environ"
)

// maxExtended is how many profiles are put over each other.
const maxExtended = 16

// eas reads eas.json: the profiles of builds, each with its variables over those of the profile that it extends. A profile is for the environment that it
// is called after, or else for the one whose variables on Expo's servers it is given. https://docs.expo.dev/eas/json/
func eas(f *file) {
	profiles := f.root.Get("build")
	keeps := slices.ContainsFunc(profiles.Keys(), func(n *tree.Node) bool { return n.Get("environment") != nil })
	for _, n := range profiles.Keys() {
		if n.Kind != tree.Object {
			continue
		}
		p := profileOf(n, profiles)
		s := f.stage(n.Key)
		for _, one := range slices.Backward(p) {
			s.variables(one.Get("env"))
		}
		if keeps {
			at, environment := p.environment()
			hole := analyzers.Hole{Space: easStore, Name: environment, Store: easStore}
			s.set(at, "EAS_SECRETS", analyzers.Value{At: at.Place(f.pass), Parts: []analyzers.Part{{Hole: &hole}}})
			s.declare(analyzers.Given, at, environ.Value(environment), "it is given "+environment+"'s variables")
		}
		s.declare(analyzers.Selector, n, environ.Value(n.Key), "the profile is called "+n.Key)
		f.mention(n, environ.Value(n.Key), "builds for it")
		s.done(n, "")
	}
}

// easStore is where Expo's servers keep variables, by environment.
const easStore = "eas"

// profile is a profile of builds, and what it extends: the nearest has the say.
type profile []*tree.Node

func profileOf(n *tree.Node, profiles *tree.Node) profile {
	p := profile{n}
	for base := n; len(p) < maxExtended && base.Get("extends").Str() != ""; {
		if base = profiles.Get(base.Get("extends").Str()); base == nil || slices.Contains(p, base) {
			break
		}
		p = append(p, base)
	}
	return p
}

// get returns a setting.
func (p profile) get(key string) *tree.Node {
	for _, one := range p {
		if n := one.Get(key); n != nil {
			return n
		}
	}
	return nil
}

// environment returns whose variables a build is given, and where that is said. Where it is not, it is by what is built, which is for the stores by
// default (https://docs.expo.dev/eas/environment-variables/usage/#using-environment-variables-with-eas-build).
func (p profile) environment() (at *tree.Node, name string) {
	if n := p.get("environment"); n.Str() != "" {
		return n, n.Str()
	}
	distribution := p.get("distribution")
	switch client := p.get("developmentClient"); {
	case client.Is("true"):
		return client, "development"
	case cmp.Or(distribution.Str(), "store") == "store":
		return cmp.Or(distribution, p[0]), "production"
	}
	return distribution, "preview"
}
