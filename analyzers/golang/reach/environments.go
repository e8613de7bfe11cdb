package reach

import (
	"fmt"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/environ"
)

// Signs returns what the program's own conditions say of where it runs: a program that does something only in staging runs there. That it does
// something in production, or anywhere else, says nothing. Solve comes first.
func (p *Program) Signs() []analyzers.Sign {
	var signs []analyzers.Sign
	var named detectors.Environment
	for _, f := range p.reached {
		for _, c := range f.calls {
			for _, g := range p.guards(f, c.Guard, nil, 0) {
				env := outside(g) &^ named
				if env == 0 {
					continue
				}
				named |= env
				signs = append(signs, analyzers.Sign{
					Class: analyzers.Display, Environments: env, Says: fmt.Sprintf("it does something in %s only", env), At: g.Value.At,
				})
			}
		}
	}
	return signs
}

// outside returns the environments other than production in which alone a guard lets something happen: those that a variable or flag, which
// says where a program runs, is compared with.
func outside(g analyzers.Guard) detectors.Environment {
	if g.Not || len(g.Value.Parts) != 1 || g.Value.Parts[0].Hole == nil {
		return 0
	}
	if name := g.Value.Parts[0].Hole.Name; !environ.Selector(name) && !environ.SelectorFlag(name) {
		return 0
	}
	var env detectors.Environment
	for _, word := range g.Patterns {
		env |= environ.Value(word)
	}
	return env &^ detectors.Production
}
