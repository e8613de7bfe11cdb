package gitlabci

import (
	"maps"
	"slices"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/carry"
	"github.com/stagewall/stagewall/analyzers/internal/code"
	"github.com/stagewall/stagewall/analyzers/internal/injected"
	"github.com/stagewall/stagewall/analyzers/internal/lazyregexp"
	"github.com/stagewall/stagewall/analyzers/internal/matrix"
	"github.com/stagewall/stagewall/analyzers/internal/pipeline"
	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/environ"
)

// result is a job while it is put together.
type result struct {
	*whole
	keyed []analyzers.Step
	steps []analyzers.Step
	signs []analyzers.Sign
}

// variables returns the job's variables by name.
func (r *result) variables() map[string]analyzers.Value {
	all := map[string]analyzers.Value{}
	for _, s := range r.keyed {
		if strings.HasPrefix(s.Key, variables) {
			all[s.Name] = s.Value
		}
	}
	return all
}

// build makes the job's steps and signs. reported are the sets that jobs before it bring.
func (r *result) build(reported []analyzers.Step) {
	runs, rules := r.matrix(), r.ruled()
	combos := slices.Concat(runs, rules)
	names := carry.Carrier{Local: r.variables()}
	for _, name := range matrix.Names(combos) {
		if name == branch {
			continue // it is the pipeline's
		}
		values := matrix.Distinct(combos, name)
		if v, ok := names.Local[name]; ok {
			values = append(values, v)
		}
		names.Local[name] = matrix.OneOf(values[0].At, values)
	}
	for _, name := range matrix.Names(r.given) { // these beat what the pipeline says itself
		values := matrix.Distinct(r.given, name)
		names.Local[name] = matrix.OneOf(values[0].At, values)
	}
	r.declare(names)

	var plain, computed []analyzers.Step
	for _, s := range r.keyed {
		if !strings.HasPrefix(s.Key, variables) {
			continue
		}
		if _, known := s.Value.Text(); known || len(s.Value.Parts) == 1 && s.Value.Parts[0].Hole == nil {
			plain = append(plain, s)
		} else {
			computed = append(computed, s)
		}
	}
	r.steps = append(r.steps, checkedOut(find(r.keyed, section+"script").At))
	r.steps = append(r.steps, plain...)
	r.steps = append(r.steps, r.chosen(runs)...)
	r.steps = append(r.steps, r.chosen(rules)...)
	r.steps = append(r.steps, r.deployed(names)...)
	r.steps = append(r.steps, computed...)
	r.steps = append(r.steps, r.chosen(r.given)...)
	r.steps = append(r.steps, find(r.keyed, section+"secrets").Steps...)
	r.steps = append(r.steps, reported...)
	strategy, _ := names.Local["GIT_STRATEGY"].Text()
	at := find(r.keyed, section+"script").At
	starts := find(r.keyed, section+child).Op != "" // such a job is no process
	if strategy != "none" && strategy != "empty" && !starts {
		r.steps = append(r.steps, analyzers.Step{
			Op: analyzers.OpSee, At: at, File: &analyzers.Value{Parts: []analyzers.Part{{Text: "."}}}, Tracked: true, Says: "has the repository checked out",
		})
	}
	shell := slices.Concat(r.section("before_script", 0), r.section("script", 0))
	r.steps = append(r.steps, analyzers.Step{Op: analyzers.OpRun, At: at, Steps: shell})
	if after := r.section("after_script", 0); len(after) > 0 {
		r.steps = append(r.steps, analyzers.Step{Op: analyzers.OpRun, At: after[0].At, Steps: after})
	}
	for _, name := range []string{"rules", "only"} {
		for _, s := range find(r.keyed, section+name).Steps {
			r.sign(s)
			for _, inner := range s.Steps {
				r.sign(inner)
			}
		}
	}
}

// checkedOut returns the set of the variable that names the folder of the repository (https://docs.gitlab.com/ci/variables/predefined_variables/).
func checkedOut(at detectors.Place) analyzers.Step {
	return analyzers.Step{Op: analyzers.OpSet, At: at, Name: "CI_PROJECT_DIR", Value: analyzers.Literal(".", detectors.Place{}), Export: true}
}

// deployed returns the sets of the variables that tell a job its environment (https://docs.gitlab.com/ci/variables/predefined_variables/). The name
// without what an address cannot have is the same where it has nothing of that.
func (r *result) deployed(names carry.Carrier) []analyzers.Step {
	var steps []analyzers.Step
	set := func(name string, v analyzers.Value) {
		steps = append(steps, analyzers.Step{Op: analyzers.OpSet, At: v.At, Name: name, Value: v, Export: true, Says: "is set by GitLab"})
	}
	if environment := find(r.keyed, setting+"environment"); environment.Op != "" {
		v := names.Substitute(environment.Value)
		set("CI_ENVIRONMENT_NAME", v)
		if text, known := v.Text(); known && slug.MatchString(text) {
			set("CI_ENVIRONMENT_SLUG", v)
		}
	}
	if tier := find(r.keyed, setting+"tier"); tier.Op != "" {
		set("CI_ENVIRONMENT_TIER", names.Substitute(tier.Value))
	}
	return steps
}

// slug are names of environments that addresses can have as they are (https://docs.gitlab.com/ci/environments/#predefined-variables).
var slug = lazyregexp.New(`^[a-z][a-z0-9-]{0,22}[a-z0-9]$`)

// provided returns the job's steps behind those that give it the variables of its project and of the project's groups. In a job with an
// environment they may be the environment's own.
func (r *result) provided(f *analyzers.Facts, at detectors.Place) []analyzers.Step {
	store := injected.Store{Name: gitlab, Own: own, Title: "GitLab"}
	var steps []analyzers.Step
	if environment := find(r.keyed, setting+"environment"); environment.Op != "" {
		steps = append(steps, analyzers.Step{Op: analyzers.OpScope, At: environment.At, Name: gitlab, Value: environment.Value})
	}
	steps = append(steps, store.Steps(r.index, f, r.steps, at)...)
	return append(steps, r.steps...)
}

const gitlab = "gitlab" // the store of the variables of a project and of its groups

// own are variables that exist without anybody giving them (https://docs.gitlab.com/ci/variables/predefined_variables/,
// https://docs.gitlab.com/ci/runners/configure_runners/).
var own = lazyregexp.New(`^(?:CI|GITLAB_CI|CHAT_CHANNEL|CHAT_INPUT|TRIGGER_PAYLOAD|KUBECONFIG|GET_SOURCES_ATTEMPTS|(?:CI|FF|GIT|GITLAB_USER|GITLAB_FEATURES|KUBERNETES|DOCKER|ARTIFACT|CACHE|RUNNER|TRANSFER)_.*|GITLAB_FEATURES)$`)

// sign notes a sign, if the step is one.
func (r *result) sign(s analyzers.Step) {
	if sign, ok := pipeline.Signed(s); ok {
		r.signs = append(r.signs, sign)
	}
}

// section returns the steps of a list of commands, with those that it takes from other jobs. Signs are noted and left out.
func (r *result) section(name string, depth int) []analyzers.Step {
	return r.expand(find(r.keyed, section+name).Steps, depth)
}

func (r *result) expand(steps []analyzers.Step, depth int) []analyzers.Step {
	var out []analyzers.Step
	for _, s := range steps {
		switch {
		case pipeline.IsSign(s):
			r.sign(s)
		case s.Op == analyzers.OpSource && s.Name == reference:
			if depth < maxNested {
				out = append(out, r.expand(find(r.resolve(s.Refers().Name, 0), s.Key).Steps, depth+1)...)
			}
		default:
			out = append(out, s)
		}
	}
	return out
}

// declare adds what the job's settings and variables say of its environment.
func (r *result) declare(names carry.Carrier) {
	if tier := find(r.keyed, setting+"tier"); tier.Op != "" {
		r.template(analyzers.Declared, "its deployment tier says so", tier, names)
	} else if environment := find(r.keyed, setting+"environment"); environment.Op != "" {
		r.template(analyzers.Declared, "its key environment names it", environment, names)
	}
	for _, s := range r.keyed {
		if strings.HasPrefix(s.Key, variables) && environ.Selector(s.Name) {
			r.template(code.ClassOf(s.Name), s.Name+" says so", s, names)
		}
	}
}

func (r *result) template(class analyzers.Class, says string, s analyzers.Step, names carry.Carrier) {
	v := matrix.Numbered(names.Substitute(s.Value), func(h *analyzers.Hole) bool { return strings.HasPrefix(h.Name, "CI_") })
	r.signs = append(r.signs, analyzers.Sign{Class: class, Says: says, At: s.At, Value: &v})
}

// named adds what the job's own name says.
func (r *result) named(name string, at detectors.Place) {
	if environments := environ.Job(name); environments != 0 {
		r.signs = append(r.signs, analyzers.Sign{Class: analyzers.Display, Environments: environments, Says: "its name says " + environments.String(), At: at})
	}
}

// matrix returns the combinations of the job's matrix: within an entry, each value of a variable with each of the others'.
func (r *result) matrix() []matrix.Combination {
	var all []matrix.Combination
	for _, entry := range find(r.keyed, section+"matrix").Steps {
		combos := []matrix.Combination{{}}
		byName := map[string][]analyzers.Value{}
		var order []string
		for _, s := range entry.Steps {
			if byName[s.Name] == nil {
				order = append(order, s.Name)
			}
			byName[s.Name] = append(byName[s.Name], s.Value)
		}
		for _, name := range order {
			var next []matrix.Combination
			for _, c := range combos {
				for _, v := range byName[name][:min(len(byName[name]), maxJobs-len(next))] {
					one := maps.Clone(c)
					one[name] = v
					next = append(next, one)
				}
			}
			combos = next
		}
		all = append(all, combos...)
	}
	return all
}

// maxJobs is how many jobs a matrix can make (https://docs.gitlab.com/ci/yaml/#parallelmatrix).
const maxJobs = 200

// ruled returns the combinations of the variables that rules set. Where one asks for the branch of an environment the branch is one of them, and a rule that asks for
// none has a combination for each such branch.
func (r *result) ruled() []matrix.Combination {
	var all []matrix.Combination
	var telling []analyzers.Value // one branch of each environment
	sets, told := false, detectors.Environment(0)
	for _, rule := range find(r.keyed, section+"rules").Steps {
		c := matrix.Combination{}
		var branches []analyzers.Value
		for _, s := range rule.Steps {
			switch {
			case strings.HasPrefix(s.Key, variables):
				c[s.Name], sets = s.Value, true
			case s.Key == branch:
				branches = append(branches, s.Value)
				if text, _ := s.Value.Text(); environ.Value(text)&^told != 0 {
					telling, told = append(telling, s.Value), told|environ.Value(text)
				}
			}
		}
		all = append(all, with(c, branches)...)
	}
	if !sets {
		return nil
	}
	var apart []matrix.Combination
	for _, c := range all {
		switch _, asks := c[branch]; {
		case len(telling) == 0:
			delete(c, branch)
			apart = append(apart, c)
		case asks:
			apart = append(apart, c)
		default:
			apart = append(apart, with(c, telling)...)
		}
	}
	return apart
}

// chosen returns the steps that set the combinations' variables: those of its environment, in a run for one, and else any of them.
func (r *result) chosen(combos []matrix.Combination) []analyzers.Step {
	set := func(name string, v analyzers.Value) analyzers.Step {
		return analyzers.Step{Op: analyzers.OpSet, At: v.At, Name: name, Value: v, Export: true}
	}
	selector := selector(combos)
	switch selector {
	case "":
		return matrix.Any(combos, set)
	case branch: // The rules that ask for it have said so. Where something stronger says what the job is for, it may run for that on any of them.
		return matrix.ByEnvironmentOrAny(combos, selector, set)
	}
	values := matrix.Distinct(combos, selector)
	v := matrix.OneOf(values[0].At, values)
	r.signs = append(r.signs, analyzers.Sign{Class: analyzers.Selector, Says: selector + " chooses it", At: v.At, Value: &v})
	return matrix.ByEnvironment(combos, selector, set)
}
