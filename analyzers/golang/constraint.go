package golang

import (
	"go/build/constraint"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/code"
	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/environ"
)

// constrained is what a file's build constraint says.
type constrained struct {
	alone bool             // the file is in no package: go run takes it by its name
	guard *analyzers.Guard // the environments that the file is compiled for
	signs []analyzers.Sign
	at    detectors.Place
}

// constraint reads the file's build constraint. Only one that is a single tag, or the opposite of one, says something of environments.
func (f *file) constraint() constrained {
	for _, group := range f.tree.Comments {
		if group.Pos() > f.tree.Package {
			break
		}
		for _, c := range group.List {
			if !constraint.IsGoBuild(c.Text) {
				continue
			}
			expr, err := constraint.Parse(c.Text)
			if err != nil {
				return constrained{}
			}
			return f.constrainedBy(expr, f.at(c))
		}
	}
	return constrained{}
}

func (f *file) constrainedBy(expr constraint.Expr, at detectors.Place) constrained {
	result := constrained{at: at}
	not := false
	if n, ok := expr.(*constraint.NotExpr); ok {
		not = true
		expr = n.X
	}
	tag, ok := expr.(*constraint.TagExpr)
	if !ok {
		result.alone = strings.Contains(expr.String(), "ignore")
		return result
	}
	if tag.Tag == "ignore" && !not {
		result.alone = true
		return result
	}
	environments := environ.Value(tag.Tag)
	if environments == 0 {
		return result
	}
	result.guard = &analyzers.Guard{
		Value: analyzers.Value{At: at, Parts: []analyzers.Part{code.Unknown()}}, Patterns: []string{tag.Tag}, Not: not,
	}
	if !not {
		result.signs = []analyzers.Sign{{
			Class: analyzers.Selector, Environments: environments, Says: "the build constraint says " + tag.Tag, At: at,
		}}
	}
	return result
}
