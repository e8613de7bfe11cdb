package circleci

import (
	"maps"
	"slices"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/carry"
	"github.com/stagewall/stagewall/analyzers/internal/lazyregexp"
	"github.com/stagewall/stagewall/analyzers/internal/matrix"
	"github.com/stagewall/stagewall/analyzers/internal/pipeline"
	"github.com/stagewall/stagewall/analyzers/internal/yamltree"
	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/environ"
)

// job is one use of a job while it is read.
type job struct {
	*file
	use
	node   *yamltree.Node // what the job is; nil for an orb's
	matrix []matrix.Combination
	used   map[string]bool            // the pipeline's parameters that were looked up
	holder string                     // of what the job is given by contexts or the project; "" if it is not known
	given  map[string]analyzers.Value // variables that all steps have
	files  carry.Files                // what steps wrote to files
	more   bool                       // and there was more
	kept   *carry.Kept                // what it has of the workspace and adds to it
	signs  []analyzers.Sign
	out    []analyzers.Step

	provided detectors.Environment // whose contexts it has, by their names
}

// jobPrefix begins the names of jobs' programs.
const jobPrefix = "jobs."

// job reads a use of a job, after those that it requires. It returns nil for one that requires itself.
func (f *file) job(r *run) *job {
	if r.begun {
		return r.job
	}
	if f.chain == maxChain {
		f.artifacts.Over = true
		return nil
	}
	f.chain++
	defer func() { f.chain-- }()
	r.begun = true
	u := r.use
	j := &job{
		file: f, use: u, node: f.root.Get("jobs", u.key.Str()), used: map[string]bool{}, given: map[string]analyzers.Value{}, kept: f.artifacts.Job(),
	}
	f.before(j)
	outer := &scope{job: j}
	j.matrix = outer.combinations(u.entry.Get("matrix"))
	given := outer.contexts(r.named)
	own := outer.declared(j.node, u.entry)
	if j.node != nil {
		own.environment()
	}
	own.list(u.entry.Get("pre-steps").Items(), outer)
	if j.node == nil {
		outer.orb(u.key, u.entry)
	}
	own.list(j.node.Get("steps").Items(), own)
	own.list(u.entry.Get("post-steps").Items(), outer)

	at := f.at(u.key)
	var before []analyzers.Step
	before = append(before, j.chosen("matrix", j.matrix)...)
	for _, parameter := range slices.Sorted(maps.Keys(j.used)) {
		values := j.choices(f.root.Get("parameters", parameter))
		if !slices.ContainsFunc(values, func(v analyzers.Value) bool { _, known := v.Text(); return !known }) {
			before = append(before, j.chosen("pipeline", matrix.Single(parameter, values))...)
		}
	}
	before = append(before, given...)
	j.filtered()
	j.named(at)
	j.out = append(before, j.out...)
	r.job = j
	return j
}

// publish writes a job down.
func (f *file) publish(r *run) {
	j, at := r.job, f.at(r.key)
	f.pass.Facts.Programs = append(f.pass.Facts.Programs, analyzers.Program{Name: jobPrefix + r.named, At: at, Steps: j.out})
	f.pass.Facts.Units = append(f.pass.Facts.Units, analyzers.Unit{
		ID: f.pass.Path + "#" + r.named, Name: r.named, Kind: "ci-job", At: at, Signs: j.signs, Runs: analyzers.PathTo(f.pass.Path, jobPrefix+r.named, at),
	})
}

func (j *job) emit(steps ...analyzers.Step) {
	j.made += len(steps)
	j.out = append(j.out, steps...)
}

// sign adds a sign whose environment is a template, once.
func (j *job) sign(class analyzers.Class, says string, v analyzers.Value) {
	if !slices.ContainsFunc(j.signs, func(s analyzers.Sign) bool { return s.At == v.At && s.Says == says }) {
		j.signs = append(j.signs, analyzers.Sign{Class: class, Says: says, At: v.At, Value: &v})
	}
}

// says adds a sign of known environments, if there are any.
func (j *job) says(class analyzers.Class, environments detectors.Environment, says string, at detectors.Place) bool {
	if environments != 0 {
		j.signs = append(j.signs, analyzers.Sign{Class: class, Environments: environments, Says: says, At: at})
	}
	return environments != 0
}

// environment sets the variables of the job's container, executor and own, and loads what its other containers are given.
func (s *scope) environment() {
	executor := s.node.Get("executor")
	outer := s
	settings := s.node
	if executor != nil {
		name := executor
		if executor.IsMapping() {
			name = executor.Get("name")
		}
		text, _ := s.template(name).Text()
		settings = s.root.Get("executors", text)
		outer = s.declared(settings, executor)
	}
	var primary *yamltree.Node // the container in which steps run
	for i, container := range settings.Get("docker").Items() {
		if i == 0 {
			primary = container.Get("environment")
		} else if sets := outer.variables(container.Get("environment")); len(sets) > 0 {
			s.emit(analyzers.Step{Op: analyzers.OpRun, At: s.at(container), Isolated: true, Steps: sets})
		}
		for _, login := range []string{"auth", "aws_auth"} {
			for key, v := range container.Get(login).Pairs() {
				s.emit(analyzers.Step{Op: analyzers.OpUse, At: s.at(key), Value: outer.expanded(v), Sink: &detectors.Sink{Tool: "docker"}})
			}
		}
	}
	s.emit(outer.variables(primary)...)
	outer.selectors(primary)
	if executor != nil {
		s.emit(outer.variables(settings.Get("environment"))...)
		outer.selectors(settings.Get("environment"))
	}
	s.emit(s.variables(s.node.Get("environment"))...)
	s.selectors(s.node.Get("environment"))
	for _, set := range s.out {
		if set.Op == analyzers.OpSet {
			s.given[set.Name] = set.Value
		}
	}
}

// variables returns the steps that set the variables of a mapping, or of a list of mappings. Their values are taken as they are.
func (s *scope) variables(env *yamltree.Node) []analyzers.Step {
	var sets []analyzers.Step
	for _, one := range env.List() {
		for key, v := range one.Pairs() {
			sets = append(sets, set("", key.Str(), s.template(v), s.at(key)))
		}
	}
	return sets
}

// combinations returns those of a matrix of parameters (https://circleci.com/docs/reference/configuration-reference/#matrix).
func (s *scope) combinations(n *yamltree.Node) []matrix.Combination {
	const most = 128 // jobs that a matrix can make
	combos := []matrix.Combination{{}}
	for key, values := range n.Get("parameters").Pairs() {
		var dimension []analyzers.Value
		for _, v := range values.List() {
			if v.Kind == yamltree.Scalar {
				dimension = append(dimension, s.template(v))
			}
		}
		some, whole := matrix.Product(combos, matrix.Single(key.Str(), dimension), most)
		if !whole {
			s.pass.Gap(s.at(n), "the matrix has too many combinations; what the rest of them are given is not known")
		}
		combos = some
	}
	for _, item := range n.Get("exclude").Items() {
		combos = slices.DeleteFunc(combos, func(c matrix.Combination) bool { return excluded(c, item) })
	}
	if len(combos) == 1 && len(combos[0]) == 0 {
		return nil
	}
	return combos
}

// excluded reports whether a combination is the one that an item says.
func excluded(c matrix.Combination, item *yamltree.Node) bool {
	some := false
	for key, v := range item.Pairs() {
		some = true
		if text, known := c[key.Str()].Text(); !known || text != v.Str() {
			return false
		}
	}
	return some
}

// chosen makes a run for an environment have the values of the combinations in which it occurs; a run for none in particular has all.
func (j *job) chosen(space string, combos []matrix.Combination) []analyzers.Step {
	selector := matrix.Selector(combos)
	if selector == "" {
		return nil
	}
	values := matrix.Distinct(combos, selector)
	v := matrix.OneOf(values[0].At, values)
	j.sign(analyzers.Selector, "the parameter "+selector+" "+described(v), v)
	steps := matrix.ByEnvironment(combos, selector, func(name string, v analyzers.Value) analyzers.Step { return set(space, name, v, v.At) })
	var unsets []analyzers.Step
	for _, name := range matrix.Names(combos) {
		unsets = append(unsets, analyzers.Step{Op: analyzers.OpUnset, At: v.At, Space: space, Name: name})
	}
	one := detectors.Production.Names()
	never := []analyzers.Guard{{Value: matrix.Run(v.At), Patterns: one}, {Value: matrix.Run(v.At), Patterns: one, Not: true}}
	return append(steps, block(never, unsets)...) // both hold only where no environment decides
}

// contexts returns the steps that give the job the names of its contexts, and says what their names say. A name with parameters in it is each that these
// can make of it.
func (s *scope) contexts(program string) []analyzers.Step {
	type choice struct {
		names  []string
		guards []analyzers.Guard
	}
	choices := []choice{{}}
	for _, n := range s.entry.Get("context").List() {
		v := s.template(n)
		names, open := alternatives(v)
		if open {
			s.pass.Gap(s.at(n), "the name of the context is computed; what the job takes from it is not known")
		}
		if len(names) == 1 {
			s.provided |= environ.Identifier(names[0])
			s.says(analyzers.Selector, environ.Identifier(names[0]), "its context is "+names[0], s.at(n))
		}
		var next []choice
		for _, c := range choices {
			for _, name := range names {
				one := choice{append(slices.Clone(c.names), name), slices.Clone(c.guards)}
				if len(names) > 1 {
					one.guards = append(one.guards, analyzers.Guard{Value: v, Patterns: []string{name}})
				}
				next = append(next, one)
			}
		}
		if len(next) > maxValues {
			s.pass.Gap(s.at(n), "the contexts are too many to follow; what the job takes from them is not known")
		}
		if len(next) == 0 || len(next) > maxValues {
			return nil
		}
		choices = next
	}
	var steps []analyzers.Step
	for _, c := range choices {
		slices.Sort(c.names)
		holder := strings.Join(slices.Compact(c.names), "+")
		if holder == "" {
			holder = store.Scope
		}
		if len(choices) == 1 {
			s.holder = holder
		}
		steps = append(steps, block(c.guards, store.Asks(s.pass.Path, jobPrefix+program, holder, s.at(s.key)))...)
	}
	return steps
}

// filtered adds the branches to which filters, schedules and conditions limit the job.
func (j *job) filtered() {
	j.branches(j.entry.Get("filters"))
	for _, trigger := range j.settings.Get("triggers").Items() {
		j.branches(trigger.Get("schedule", "filters"))
	}
	j.asked(j.settings.Get("when"), 0)
}

func (j *job) branches(filters *yamltree.Node) {
	for _, n := range filters.Get("branches", "only").List() {
		j.branch(n.Str(), n)
	}
	j.asked(filters, 0)
}

func (j *job) branch(name string, n *yamltree.Node) {
	text := name
	if strings.HasPrefix(text, "/") {
		text = regular.ReplaceAllString(strings.Trim(text, "/"), "")
	}
	j.says(analyzers.Branch, environ.Branch(text), "runs for branch "+name, j.at(n))
}

var (
	// regular are the parts of a regular expression that are no text.
	regular = lazyregexp.New(`\\.|[\^$.*+?()\[\]|]`)
	// onBranch is a comparison in an expression (https://circleci.com/docs/reference/configuration-reference/#expression-based-job-filters).
	onBranch = lazyregexp.New(`pipeline\.git\.branch\s*==\s*["']([^"']+)["']`)
)

// asked adds the branches on which a condition insists.
func (j *job) asked(n *yamltree.Node, depth int) {
	if depth > maxNested {
		return
	}
	for _, m := range onBranch.FindAllStringSubmatch(n.Str(), maxValues) {
		j.branch(m[1], n)
	}
	for key, v := range n.Pairs() {
		switch key.Str() {
		case "and", "or":
			for _, item := range v.Items() {
				j.asked(item, depth+1)
			}
		case "equal":
			sides := v.Items()
			isBranch := slices.ContainsFunc(sides, func(side *yamltree.Node) bool { return strings.Contains(side.Str(), "pipeline.git.branch") })
			for _, side := range sides {
				if isBranch && !strings.Contains(side.Str(), "<<") {
					j.branch(side.Str(), side)
				}
			}
		}
	}
}

// named adds what names for people say: the use's, else the job's, else the workflow's.
func (j *job) named(at detectors.Place) {
	for _, name := range []string{j.name(), j.key.Str(), j.workflow} {
		sign := pipeline.Called(name, j.provided, at)
		if !strings.Contains(name, "<<") && j.says(sign.Class, sign.Environments, sign.Says, at) {
			return
		}
	}
}
