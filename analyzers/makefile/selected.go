package makefile

import (
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/detectors"
)

// selection is a variable that the file sets to an environment, unless the command line or the environment says another one.
type selection struct {
	signs      []analyzers.Sign
	variables  map[string]bool // it, and those whose values expand it
	everywhere bool            // every target has it: it is exported, or the name of an included file expands it
	recipes    map[string]bool // by target: whether its own recipe expands one of them
}

// Limits of a file: the variables that select an environment, and how often it is read for those that expand them.
const (
	maxSelections = 8
	maxRounds     = 8
)

// selected returns the selections of the file.
func (r *reader) selected() []selection {
	var all []selection
	for _, s := range r.statements {
		if s.kind != assigns || len(s.guards) > 0 || len(all) == maxSelections {
			continue
		}
		signs := r.selector(s.assign)
		if len(signs) == 0 {
			continue
		}
		one := selection{signs: signs, variables: map[string]bool{s.assign.name: true}, everywhere: s.assign.export, recipes: map[string]bool{}}
		for round, grown := 0, true; grown && round < maxRounds; round++ { // a variable may be set before the one that it expands
			grown = false
			for _, other := range r.statements {
				if other.kind == assigns && !one.variables[other.assign.name] && r.works(1) && r.expands(other.assign.value, one.variables) {
					one.variables[other.assign.name] = true
					grown = true
				}
			}
		}
		for _, other := range r.statements {
			switch {
			case len(other.guards) > 0:
			case other.kind == exports:
				words := strings.Fields(r.string(other.words))
				for _, w := range words {
					one.everywhere = one.everywhere || w == s.assign.name
				}
				one.everywhere = one.everywhere || len(words) == 0
			case other.kind == includes:
				one.everywhere = one.everywhere || r.expands(other.words, one.variables)
			}
		}
		all = append(all, one)
	}
	return all
}

func (r *reader) string(s detectors.Span) string { return string(r.data[s.Start:s.End]) }

// expands reports whether a text of the file expands one of the variables.
func (r *reader) expands(span detectors.Span, variables map[string]bool) bool {
	text := r.string(span)
	for {
		i := strings.IndexByte(text, '$')
		if i < 0 || i+1 >= len(text) {
			return false
		}
		open := text[i+1]
		text = text[i+2:]
		if open != '(' && open != '{' {
			continue
		}
		if end := strings.IndexAny(text, "):}"); end >= 0 && variables[text[:end]] {
			return true
		}
	}
}

// uses reports whether a target, or one that it needs, expands one of the variables.
func (r *reader) uses(t *target, one *selection, seen map[string]bool) bool {
	seen[t.name] = true
	used, known := one.recipes[t.name]
	if !known {
		for _, p := range t.parts {
			for _, l := range p.recipe {
				used = used || r.expands(l.span, one.variables)
			}
		}
		one.recipes[t.name] = used
	}
	if used {
		return true
	}
	for _, p := range t.parts {
		for _, need := range p.needs {
			for name := range strings.FieldsSeq(r.string(need)) {
				if of, ok := r.targets[name]; ok && !seen[name] && len(seen) < maxNeeded && r.works(1) && r.uses(of, one, seen) {
					return true
				}
			}
		}
	}
	return false
}

// maxNeeded bounds the targets that are looked at for one.
const maxNeeded = 32
