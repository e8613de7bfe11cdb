package workflow

import (
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/matrix"
	"github.com/stagewall/stagewall/detectors"
)

// A reference whose name is computed is another token for each text that the name can be. Where this file knows them all, they are told
// apart here. Where others give an input that the name is computed from, the file asks: a program named "computed" and a number sets
// the name of the store to the computed text, and join answers with a program that sets the token of each text.
const (
	computedSpace = "computed"
	question      = "computed "
	unknownName   = "the name of the secret is computed; which one is read here is not known"
)

// answerTo returns the name of the program that answers a question.
func answerTo(path, question string) string { return published(path, question) }

// lookedUp returns the token that a text of a workflow with secrets of its own looks up in a store.
func lookedUp(own, store, text string) (analyzers.Hole, bool) {
	switch store {
	case githubStore, giteaStore, forgejoStore:
		h := keptAs(store, text)
		return h, h.Name != "" && !isAutomatic(store, h.Name)
	case detectors.OnePassword:
		return onePasswordReference(text)
	case detectors.Vault:
		l, ok := vaultLine(text)
		return l.hole, ok
	case roles, accounts, apps:
		h := analyzers.Hole{Space: store, Name: text, Store: store}
		if settings.MatchString(text) {
			h.From = own
		}
		return h, assumables[store].MatchString(text)
	case detectors.SecretsManager:
		l, ok := awsLine(text)
		return l.hole, ok
	}
	return analyzers.Hole{}, false
}

// computed returns what a computed text looks up in a store.
func (e *evaluator) computed(store string, v analyzers.Value, at detectors.Place) analyzers.Value {
	all, complete := spelled(v, func(part analyzers.Part) ([]string, bool) {
		if e.open && part.Hole.Space == e.inputs {
			return nil, false
		}
		return texts(analyzers.Value{Parts: []analyzers.Part{part}})
	})
	switch {
	case complete:
		var values []analyzers.Value
		for _, s := range all {
			if h, ok := lookedUp(e.store, store, s.text); ok {
				values = append(values, e.when(s.guards, hole(at, h)))
			}
		}
		return matrix.OneOf(at, values)
	case e.flat || !slices.ContainsFunc(v.Parts, func(p analyzers.Part) bool { return p.Hole != nil && setElsewhere(p.Hole.Space) }):
		e.gap(at, unknownName)
		return anyOf(store, at)
	}
	e.sequence++
	name := question + strconv.Itoa(e.sequence)
	e.program(name, at, []analyzers.Step{{Op: analyzers.OpSet, At: at, Space: computedSpace, Name: store, Value: v}})
	answer := answerTo(e.pass.Path, name)
	e.prelude = append(e.prelude, analyzers.Step{Op: analyzers.OpSource, At: at, Ref: &analyzers.Ref{Name: answer}, Optional: true, Says: "computes the name"})
	fallback := anyOf(store, at)
	return hole(at, analyzers.Hole{Space: computedSpace, Name: answer, Default: &fallback})
}

// anyOf returns what is known of a look-up whose name is not known: of the secrets of the workflow, those that its caller gave.
func anyOf(store string, at detectors.Place) analyzers.Value {
	switch store {
	case githubStore, giteaStore, forgejoStore:
		return hole(at, analyzers.Hole{Space: "secrets", All: true})
	}
	return unknown(at)
}

// spelling is one text that a value can be, if the guards allow.
type spelling struct {
	text   string
	guards []analyzers.Guard
}

// spelled returns the texts that a value can be, and whether that is all. find returns those of a hole.
func spelled(v analyzers.Value, find func(analyzers.Part) ([]string, bool)) (all []spelling, complete bool) {
	all, complete = []spelling{{}}, true
	for _, part := range v.Parts {
		if part.Hole == nil {
			if part.Text == "" {
				return nil, false
			}
			for i := range all {
				all[i].text += part.Text
			}
			continue
		}
		found, ok := find(part)
		complete = complete && ok
		value := analyzers.Value{At: v.At, Parts: []analyzers.Part{part}}
		var next []spelling
		for _, s := range all {
			for _, text := range found {
				guard := analyzers.Guard{Value: value, Patterns: []string{text}}
				next = append(next, spelling{s.text + text, append(slices.Clone(s.guards), guard)})
			}
		}
		if len(next) > maxValues {
			return nil, false
		}
		all = next
	}
	return all, complete && len(all) > 0
}

// setElsewhere reports whether other files, or steps, set the names of a space.
func setElsewhere(space string) bool {
	switch {
	case space == "", space == "steps":
		return true
	}
	return strings.HasPrefix(space, inputsOf("")) || strings.HasPrefix(space, outputsOf("")) || strings.HasPrefix(space, "steps of ")
}

// given holds what steps of all workflows and actions set names to.
type given map[[3]string][]analyzers.Value

// key identifies a name; those of jobs are known in their file only.
func (g given) key(file, space, name string) [3]string {
	if space == "" || space == "steps" {
		return [3]string{file, space, name}
	}
	return [3]string{"", space, name}
}

// collect notes what steps of a file set.
func (g given) collect(file string, steps []analyzers.Step) {
	for _, s := range steps {
		if s.Op == analyzers.OpSet && setElsewhere(s.Space) {
			k := g.key(file, s.Space, s.Name)
			g[k] = append(g[k], s.Value)
		}
		g.collect(file, s.Steps)
	}
}

// maxGiven bounds how often a name is handed on before it is known.
const maxGiven = 8

// texts returns the texts that a hole of a file can be filled with, and whether that is all. That a name is empty is left out: it names
// nothing.
func (g given) texts(file string, h *analyzers.Hole, depth int) (all []string, complete bool) {
	values := slices.Clone(h.Values)
	if h.Default != nil {
		values = append(values, *h.Default)
	}
	if setElsewhere(h.Space) {
		values = append(values, g[g.key(file, h.Space, h.Name)]...)
	}
	complete = len(values) > 0 && depth < maxGiven
	for _, v := range values[:min(len(values), maxValues*4)] {
		from := file
		if v.At.Path != "" {
			from = v.At.Path
		}
		more, ok := spelled(v, func(part analyzers.Part) ([]string, bool) {
			if depth >= maxGiven {
				return nil, false
			}
			return g.texts(from, part.Hole, depth+1)
		})
		complete = complete && (ok || len(v.Parts) == 0)
		for _, s := range more {
			if s.text != "" && !slices.Contains(all, s.text) {
				all = append(all, s.text)
			}
		}
	}
	slices.Sort(all)
	return all, complete && len(all) <= maxValues
}

// answers answers the questions of all files.
func answers(files []*analyzers.Facts) []*analyzers.Facts {
	g := given{}
	for _, f := range files {
		for _, p := range f.Programs {
			g.collect(f.Path, p.Steps)
		}
	}
	var all []*analyzers.Facts
	for _, f := range files {
		answered := &analyzers.Facts{Path: f.Path, Analyzer: f.Analyzer}
		for _, p := range f.Programs {
			if strings.HasPrefix(p.Name, question) && len(p.Steps) == 1 {
				g.answer(answered, p)
			}
		}
		if len(answered.Programs)+len(answered.Gaps) > 0 {
			all = append(all, answered)
		}
	}
	return all
}

// answer adds the program that sets the token of each text that the asked one can be, and a gap if there can be more.
func (g given) answer(f *analyzers.Facts, asked analyzers.Program) {
	v, store := asked.Steps[0].Value, asked.Steps[0].Name
	all, complete := spelled(v, func(part analyzers.Part) ([]string, bool) { return g.texts(f.Path, part.Hole, 0) })
	if !complete && assumables[store] == nil { // a role's account is often a setting, and no gap as little as other settings
		f.Gaps = append(f.Gaps, analyzers.Gap{At: asked.At, Says: unknownName})
	}
	name := answerTo(f.Path, asked.Name)
	var steps []analyzers.Step
	var values []analyzers.Value
	for i, s := range all {
		h, ok := lookedUp(stores[path.Dir(f.Path)], store, s.text)
		if !ok {
			continue
		}
		one := name + " " + strconv.Itoa(i)
		steps = append(steps, analyzers.Step{Op: analyzers.OpUnset, At: asked.At, Space: computedSpace, Name: one})
		steps = append(steps, block(s.guards, []analyzers.Step{set(computedSpace, one, hole(asked.At, h))})...)
		values = append(values, hole(asked.At, analyzers.Hole{Space: computedSpace, Name: one}))
	}
	if len(values) > 0 {
		steps = append(steps, set(computedSpace, name, matrix.OneOf(asked.At, values)))
		f.Programs = append(f.Programs, analyzers.Program{Name: name, At: asked.At, Steps: steps})
	}
}
