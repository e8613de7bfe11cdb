package workflow

import (
	"maps"
	"slices"
	"strings"

	"github.com/rhysd/actionlint"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/code"
	"github.com/stagewall/stagewall/analyzers/internal/matrix"
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

// agentSetup is the job whose steps are done before the sessions of GitHub's coding agent, which have what it leaves:
// https://docs.github.com/en/copilot/how-tos/use-copilot-agents/coding-agent/customize-the-agent-environment
const agentSetup = "copilot-setup-steps"

// signs adds what the workflow and the job's settings say of the job's environment.
func (w *workflow) signs(r *reader, j *job, n *yamltree.Node, tests []test) {
	r.selectors(w.root.Get("env"))
	r.selectors(n.Get("env"))
	r.tested(tests)
	before := len(r.signs)
	w.branches(r, tests)
	w.labels(r, tests)
	r.conditional = append(r.conditional, r.signs[before:]...)
	if j.key.Str() == agentSetup {
		r.named(analyzers.Selector, detectors.Development|detectors.Staging, "it prepares the sessions of GitHub's coding agent", j.at)
	}
	names := displayed(j.key.Str(), j.at)
	if name := n.Get("name"); !strings.Contains(name.Str(), "${{") {
		names = append(names, displayed(name.Str(), r.at(name))...)
	}
	if len(names) == 0 {
		names = w.titled()
	}
	if len(names) == 0 {
		names = w.proposed(n, tests)
		r.conditional = append(r.conditional, names...)
		r.proposed = len(names) > 0 && len(r.signs) == 0
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

// proposals are the events that run a job as the pull request has it. One on pull_request_target is run as its base has it, and works on what is
// proposed only if it checks that out (https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows).
var proposals = map[string]bool{"pull_request": true, "pull_request_review": true, "pull_request_review_comment": true}

// checksOutHead reports whether one of a job's steps checks out what a pull request proposes.
func checksOutHead(job *yamltree.Node) bool {
	return slices.ContainsFunc(job.Get("steps").Items(), func(step *yamltree.Node) bool {
		for _, n := range []*yamltree.Node{step.Get("with").Get("ref"), step.Get("with").Get("repository"), step.Get("run")} {
			for _, head := range []string{"github.event.pull_request.head.", "github.head_ref", "refs/pull/", "gh pr checkout"} {
				if strings.Contains(n.Str(), head) {
					return true
				}
			}
		}
		return false
	})
}

// proposed returns the sign that a job works on what nobody merged yet: only pull requests start it, and not when they end.
func (w *workflow) proposed(n *yamltree.Node, tests []test) []analyzers.Sign {
	var at *yamltree.Node
	for trigger, settings := range w.triggers {
		if slices.ContainsFunc(tests, func(t test) bool { return t.name == event && !t.allows(trigger) }) {
			continue
		}
		types := settings.Get("types").List()
		ended := len(types) > 0 && !slices.ContainsFunc(types, func(n *yamltree.Node) bool { return n.Str() != "closed" })
		if ended || !proposals[trigger] && !(trigger == "pull_request_target" && checksOutHead(n)) {
			return nil
		}
		at = w.root.Key("on")
	}
	if at == nil || w.asksIfMerged(n, map[string]bool{}) {
		return nil
	}
	return []analyzers.Sign{{Class: analyzers.Display, Environments: detectors.Development, Says: "only pull requests start it", At: w.at(at)}}
}

// asksIfMerged reports whether a job, or one that it needs, runs by whether the pull request was merged: then it can work on what was
// (https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows#running-your-pull_request-workflow-when-a-pull-request-merges).
func (w *workflow) asksIfMerged(n *yamltree.Node, seen map[string]bool) bool {
	if strings.Contains(n.Get("if").Str(), "pull_request.merged") {
		return true
	}
	return slices.ContainsFunc(n.Get("needs").List(), func(name *yamltree.Node) bool {
		if seen[name.Str()] {
			return false
		}
		seen[name.Str()] = true
		return w.asksIfMerged(w.root.Get("jobs").Get(name.Str()), seen)
	})
}

// selectors adds the variables that select an environment.
func (r *reader) selectors(env *yamltree.Node) {
	r.selectorsIn(env, func(key, value *yamltree.Node) {
		v := r.flatly(value)
		r.sign(code.ClassOf(key.Str()), key.Str()+" "+described(v, value.Str()), v)
	})
}

// selected adds the sign that a value is which selects an environment.
func (r *reader) selected(who string, n *yamltree.Node) {
	v := r.flatly(n)
	r.sign(analyzers.Selector, who+" "+described(v, n.Str()), v)
}

// told returns the signs of a script. Those that name variables, or what other steps put out, say which environments that is what the job sets them to.
func (r *reader) told(env *yamltree.Node, signs []analyzers.Sign) (all []analyzers.Sign) {
	for _, s := range signs {
		if s.Value == nil || slices.ContainsFunc(s.Value.Parts, func(p analyzers.Part) bool { return p.Hole != nil && p.Hole.Space != "" && p.Hole.Space != r.steps }) {
			all = append(all, s)
			continue
		}
		found, _ := spelled(*s.Value, func(p analyzers.Part) ([]string, bool) { return r.heldIn(env, p.Hole), true })
		var named []string
		for _, one := range found {
			if e := environ.Value(one.text); e != 0 && !slices.Contains(named, one.text) {
				named = append(named, one.text)
				s.Environments |= e
			}
		}
		if len(named) > 0 {
			s.Says, s.Value = s.Says+", which is "+strings.Join(named, " or "), nil
			all = append(all, s)
		}
	}
	return all
}

// heldIn returns the texts that a variable of a step, or an output of those before it, can have.
func (r *reader) heldIn(env *yamltree.Node, h *analyzers.Hole) (all []string) {
	values := r.written[h.Name]
	if h.Space == "" {
		values = r.holds(env, h.Name)
	}
	for _, v := range values {
		found, _ := texts(v)
		all = append(all, found...)
	}
	return all
}

// holds returns what a variable can be in a step: what the step itself says, or what steps before it wrote, or the nearest declaration.
func (r *reader) holds(env *yamltree.Node, name string) []analyzers.Value {
	if v := env.Get(name); v != nil {
		return []analyzers.Value{r.flatly(v)}
	}
	if written := r.exported[name]; len(written) > 0 {
		return written
	}
	for _, env := range slices.Backward(r.envs) {
		if v := env.Get(name); v != nil {
			return []analyzers.Value{r.flatly(v)}
		}
	}
	return nil
}

// tested adds what a condition insists on.
func (r *reader) tested(tests []test) {
	for _, t := range tests {
		if t.not || t.name == event || t.name == kind {
			continue
		}
		for _, p := range t.patterns {
			if t.name == branch {
				r.runsFor(p, branchEnvironments(p), "runs for branch "+p, t.value.At)
			} else {
				r.named(analyzers.Selector, environ.Value(p), "its condition is that "+t.name+" is "+p, t.value.At)
			}
		}
	}
}

// started says what starts a job, by the event.
var started = map[string]string{"push": "a push to branch ", "workflow_run": "a workflow's run for branch "}

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
			if !slices.ContainsFunc(tests, func(t test) bool { return t.name == branch && t.rulesOut(name) }) {
				r.runsFor(name, environ.Branch(name), started[trigger]+name+" starts it", w.at(b))
			}
		}
	}
}

// labels adds the tags, and the types of events that others send, which start the workflow and are called after environments.
//
//	https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows#repository_dispatch
func (w *workflow) labels(r *reader, tests []test) {
	started := func(trigger string) bool {
		return !slices.ContainsFunc(tests, func(t test) bool {
			return t.name == event && !t.allows(trigger) || t.name == kind && !t.allows("tag") || t.name == branch && !t.not
		})
	}
	if started("push") {
		for _, tag := range w.triggers["push"].Get("tags").List() {
			if !strings.HasPrefix(tag.Str(), "!") {
				r.named(analyzers.Branch, environ.Branch(strings.Trim(tag.Str(), "*")), "a push of tag "+tag.Str()+" starts it", w.at(tag))
			}
		}
	}
	if started("repository_dispatch") {
		for _, sent := range w.triggers["repository_dispatch"].Get("types").List() {
			environments := environ.Identifier(sent.Str()) &^ (detectors.Test | detectors.Preview) // what is to be done, rather than where
			r.named(analyzers.Branch, environments, "the event "+sent.Str()+" starts it", w.at(sent))
		}
	}
}

// run is a branch for which a job runs, and the environments that it stands for.
type run struct {
	branch       string
	environments detectors.Environment
	at           detectors.Place
}

// runsFor adds the sign of a branch for which the job runs.
func (r *reader) runsFor(branch string, environments detectors.Environment, says string, at detectors.Place) {
	r.named(analyzers.Branch, environments, says, at)
	if environments != 0 {
		r.runs = append(r.runs, run{branch, environments, at})
	}
}

// refs returns the steps by which a run for an environment is one of the branch that stands for it, if nothing but branches says which
// environments the job runs in.
func (r *reader) refs() []analyzers.Step {
	if len(r.runs) == 0 || environ.Path(r.pass.Path) != 0 {
		return nil
	}
	var guards []analyzers.Guard
	for _, s := range r.signs {
		if s.Class <= analyzers.Branch {
			continue
		}
		if h, ok := saidElsewhere(s); ok {
			guards = append(guards, unsaid(s.At, h))
		} else if s.Environments != 0 || s.Value != nil && canName(*s.Value) {
			return nil
		}
	}
	var steps []analyzers.Step
	for _, environment := range detectors.Unscoped.List() {
		var branches []analyzers.Value
		for _, run := range r.runs {
			if !run.environments.Touches(environment) {
				continue
			}
			if strings.ContainsAny(run.branch, "*?[+!") {
				branches = nil // it can be any that fits
				break
			}
			branches = append(branches, analyzers.Value{At: run.at, Parts: []analyzers.Part{{Text: run.branch}}})
		}
		if len(branches) > 0 {
			guard := analyzers.Guard{Value: matrix.Run(branches[0].At), Patterns: environment.Names()}
			steps = append(steps, block([]analyzers.Guard{guard}, onBranch(matrix.OneOf(branches[0].At, branches)))...)
		}
	}
	if len(steps) == 0 {
		return nil
	}
	at := steps[0].At
	steps = append(steps, unsettled("github", []string{"ref", "ref_name"}, at)...)
	steps = append(steps, unsettled("", []string{"GITHUB_REF", "GITHUB_REF_NAME"}, at)...)
	return block(append(guards, r.notCalled(at)), steps)
}

// saidElsewhere returns the name that a sign is of which another file says whether it is there.
func saidElsewhere(s analyzers.Sign) (analyzers.Hole, bool) {
	if s.Value == nil || len(s.Value.Parts) == 0 || s.Value.Parts[0].Hole == nil {
		return analyzers.Hole{}, false
	}
	h := *s.Value.Parts[0].Hole
	return h, strings.HasPrefix(h.Space, "@")
}

// unsaid returns the guard that no file says the name.
func unsaid(at detectors.Place, h analyzers.Hole) analyzers.Guard {
	const nowhere = "nowhere"
	fallback := literal(nowhere)
	h.Default = &fallback
	return analyzers.Guard{Value: hole(at, h), Patterns: []string{nowhere}}
}

// canName reports whether a value can name an environment.
func canName(v analyzers.Value) bool {
	all, known := texts(v)
	return !known || slices.ContainsFunc(all, func(text string) bool { return environ.Value(text) != 0 })
}

// onBranch returns the steps that make a run one of the branch
// (https://docs.github.com/en/actions/reference/workflows-and-actions/variables#default-environment-variables).
func onBranch(name analyzers.Value) []analyzers.Step {
	full := analyzers.Value{At: name.At, Parts: append([]analyzers.Part{{Text: heads}}, name.Parts...)}
	return []analyzers.Step{
		set("github", "ref_name", name), set("github", "ref", full), set("", "GITHUB_REF_NAME", name), set("", "GITHUB_REF", full),
	}
}

// learn notes the conditions by which the job chooses its environment: condition && 'production' || 'staging'.
func (r *reader) learn(n *yamltree.Node) {
	source := n.Source()
	for _, p := range placeholders(source.String) {
		var all []alternative
		switch tree := parse(p.source).(type) {
		case *actionlint.LogicalOpNode:
			all = alternatives(tree)
		case *actionlint.FuncCallNode:
			if strings.EqualFold(tree.Callee, "case") {
				all = cases(tree.Args)
			}
		}
		r.choices(expression{r.evaluator, source.Slice(p.offset, p.offset+len(p.source)), r.at(n)}, all)
	}
}

// learnBranches notes the conditions on the branch or the event by which anything that the job is given is called after one environment or the other:
// where nothing else says in which environment it runs, that says it.
func (r *reader) learnBranches(w *workflow, job *yamltree.Node) {
	all := []*yamltree.Node{w.root.Get("env"), job.Get("env"), job.Get("with")}
	for _, step := range job.Get("steps").Items() {
		all = append(all, step.Get("env"), step.Get("with"))
		r.learn(step.Get("run"))
	}
	for _, given := range all {
		for key, value := range given.Pairs() {
			if key.Str() != "NODE_ENV" && code.ClassOf(key.Str()) != analyzers.Mode {
				r.learn(value)
			}
		}
	}
	maps.DeleteFunc(r.aliases, func(key string, _ alias) bool {
		return !strings.HasPrefix(key, branch+"\x00") && !strings.HasPrefix(key, event+"\x00")
	})
}

// choices notes for each condition the environments that it stands for, and those that its contrary does.
func (r *reader) choices(x expression, all []alternative) {
	if len(all) < 2 || len(all) > maxValues {
		return
	}
	names := make([]string, len(all))
	asked := make([]*test, len(all))
	for i, a := range all {
		name, ok := constant(a.value)
		own := slices.DeleteFunc(slices.Clone(a.conditions), func(c condition) bool { return c.not })
		if !ok || environ.Value(name) == 0 || len(own) > 1 || len(own) == 0 && i+1 < len(all) {
			return
		}
		names[i] = name
		if tests := x.all(own); len(tests) == 1 && !r.saysItself(tests[0]) {
			asked[i] = &tests[0]
		}
	}
	for i, t := range asked {
		if t == nil {
			continue
		}
		others := slices.Delete(slices.Clone(names), i, i+1)
		a := alias{holds: names[i : i+1], fails: others}
		if t.not {
			a = alias{holds: others, fails: names[i : i+1]}
		}
		r.aliases[t.key()] = a
	}
}

// saysItself reports whether a test's own texts say which environment it is about.
func (r *reader) saysItself(t test) bool {
	return t.name != branch && t.name != event && slices.ContainsFunc(t.patterns, func(p string) bool { return environ.Value(p) != 0 })
}

func (r *reader) learnSelectors(env *yamltree.Node) {
	r.selectorsIn(env, func(_, value *yamltree.Node) { r.learn(value) })
}
