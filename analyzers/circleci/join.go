package circleci

import (
	"regexp"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/injected"
)

const (
	project      = "project" // the scope of variables that no context holds
	contextSpace = "context" // a job's program sets the name of what holds its variables in it
)

// taken returns the name of the program that sets what a job's program takes from its contexts.
func taken(file, program string) string { return "@circleci/" + file + "/" + program }

// join makes the programs that set the names which jobs and the scripts that they run read, and which nothing sets.
func join(index analyzers.Index) []*analyzers.Facts {
	var joined []*analyzers.Facts
	for _, file := range index.All() {
		for _, f := range index.Facts(file) {
			if f.Analyzer != "circleci" {
				continue
			}
			own := &analyzers.Facts{Path: f.Path, Analyzer: f.Analyzer}
			for _, p := range f.Programs {
				if strings.HasPrefix(p.Name, jobPrefix) {
					own.Programs = append(own.Programs, provided(index, f.Path, p))
				}
			}
			if len(own.Programs) > 0 {
				joined = append(joined, own)
			}
		}
	}
	return joined
}

// provided returns the program that sets what a job takes from its contexts.
func provided(index analyzers.Index, file string, p analyzers.Program) analyzers.Program {
	taking := analyzers.Program{Name: taken(file, p.Name), At: p.At}
	for _, s := range p.Steps {
		if s.Space == contextSpace {
			store := injected.Store{Name: "circleci", Scope: s.Name, Own: own, Title: "CircleCI", Named: s.Name != project}
			taking.Steps = append(taking.Steps, store.Steps(index, file, p.Steps, s.At)...)
		}
	}
	return taking
}

// own are variables that exist without anybody giving them
// (https://circleci.com/docs/reference/variables/#built-in-environment-variables).
var own = regexp.MustCompile(`^CIRCLE(?:CI$|_)`)
