package workflow

import (
	"slices"
	"strings"

	"github.com/rhysd/actionlint"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/yamltree"
	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/environ"
)

// sign adds a sign whose environment is a template.
func (r *reader) sign(class analyzers.Class, says string, v analyzers.Value) {
	r.signs = append(r.signs, analyzers.Sign{Class: class, Says: says, At: v.At, Value: &v})
}

// declares adds the sign that a called workflow may give.
func (r *reader) declares(says string, v analyzers.Value) { r.sign(analyzers.Declared, says, v) }

// named adds a sign of known environments, if there are any.
func (r *reader) named(class analyzers.Class, environments detectors.Environment, says string, at detectors.Place) {
	if environments != 0 {
		r.signs = append(r.signs, analyzers.Sign{Class: class, Environments: environments, Says: says, At: at})
	}
}

// flatly returns a scalar's value without the help of steps: of a choice, all that is possible.
func (r *reader) flatly(n *yamltree.Node) analyzers.Value {
	flat := *r.evaluator
	flat.flat = true
	return flat.scalar(n)
}

// signs adds what the workflow and the job's settings say of the job's environment.
func (w *workflow) signs(r *reader, j *job, n *yamltree.Node, tests []test) {
	r.selectors(w.root.Get("env"))
	r.selectors(n.Get("env"))
	r.tested(tests)
	w.branches(r, tests)
	names := displayed(j.key.Str(), j.at)
	if name := n.Get("name"); !strings.Contains(name.Str(), "${{") {
		names = append(names, displayed(name.Str(), r.at(name))...)
	}
	if len(names) == 0 {
		names = w.titled()
	}
	r.signs = append(r.signs, names...)
}

// titled returns the sign that the workflow's name is for a job whose own name says nothing. That there are tests in a workflow says
// nothing of its other jobs.
func (w *workflow) titled() []analyzers.Sign {
	name := w.root.Get("name")
	signs := displayed(name.Str(), w.at(name))
	return slices.DeleteFunc(signs, func(s analyzers.Sign) bool { return s.Environments.Touches(detectors.Test) })
}

// selectors adds the variables that select an environment.
func (r *reader) selectors(env *yamltree.Node) {
	selectorsIn(env, func(key, value *yamltree.Node) {
		r.selected(key.Str(), value)
	})
}

// selected adds the sign that a value is which selects an environment.
func (r *reader) selected(who string, n *yamltree.Node) {
	v := r.flatly(n)
	r.sign(analyzers.Selector, who+" says "+described(v), v)
}

// tested adds what a condition insists on.
func (r *reader) tested(tests []test) {
	for _, t := range tests {
		if t.not || t.name == event || t.name == kind {
			continue
		}
		for _, p := range t.patterns {
			if t.name == branch {
				r.named(analyzers.Branch, branchEnvironments(p), "it is for a branch of that name", t.value.At)
			} else {
				r.named(analyzers.Selector, environ.Value(p), "its condition asks for it", t.value.At)
			}
		}
	}
}

// branches adds the branches that trigger the workflow and that the job's condition does not rule out.
func (w *workflow) branches(r *reader, tests []test) {
	for _, trigger := range []string{"push", "workflow_run"} {
		if slices.ContainsFunc(tests, func(t test) bool {
			return t.name == event && !t.allows(trigger) || t.name == kind && !t.allows("branch")
		}) {
			continue
		}
		for _, b := range w.triggers[trigger].Get("branches").List() {
			name := b.Str()
			if strings.HasPrefix(name, "!") {
				continue
			}
			ruledOut := func(t test) bool { return t.name == branch && !strings.ContainsAny(name, "*?[+") && !t.allows(name) }
			if !slices.ContainsFunc(tests, ruledOut) {
				r.named(analyzers.Branch, environ.Branch(name), "a "+trigger+" of that branch triggers it", w.at(b))
			}
		}
	}
}

// learn notes the condition by which the job chooses its environment: condition && 'production' || 'staging'.
func (r *reader) learn(n *yamltree.Node) {
	source := n.Source()
	for _, p := range placeholders(source.String) {
		or, ok := parse(p.source).(*actionlint.LogicalOpNode)
		if !ok || or.Kind != actionlint.LogicalOpNodeKindOr {
			continue
		}
		and, ok := or.Left.(*actionlint.LogicalOpNode)
		if !ok || and.Kind != actionlint.LogicalOpNodeKindAnd {
			continue
		}
		holds, ok1 := constant(and.Right)
		fails, ok2 := constant(or.Right)
		x := expression{r.evaluator, source.Slice(p.offset, p.offset+len(p.source)), r.at(n)}
		tests := x.tests(and.Left, false)
		if !ok1 || !ok2 || environ.Value(holds) == 0 || environ.Value(fails) == 0 || len(tests) != 1 {
			continue
		}
		t := tests[0]
		if t.name != branch && t.name != event && slices.ContainsFunc(t.patterns, func(p string) bool { return environ.Value(p) != 0 }) {
			continue // it says itself which environment it is about
		}
		a := alias{holds: []string{holds}, fails: []string{fails}}
		if t.not {
			a = alias{holds: []string{fails}, fails: []string{holds}}
		}
		r.aliases[t.key()] = a
	}
}

func (r *reader) learnSelectors(env *yamltree.Node) {
	selectorsIn(env, func(_, value *yamltree.Node) { r.learn(value) })
}
