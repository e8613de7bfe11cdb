package circleci

import (
	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/injected"
	"github.com/stagewall/stagewall/analyzers/internal/lazyregexp"
)

// store has the variables of projects and of contexts. own are variables that exist without anybody giving them
// (https://circleci.com/docs/reference/variables/#built-in-environment-variables).
var (
	own   = lazyregexp.New(`^CIRCLE(?:CI$|_)`)
	store = injected.Store{Name: "circleci", Scope: "project", Own: own, Title: "CircleCI"}
)

// join makes the programs that set the names which jobs and the scripts that they run read, and which nothing sets.
func join(index analyzers.Index) []*analyzers.Facts { return store.Join(index, "circleci") }
