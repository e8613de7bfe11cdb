package azurepipelines

import (
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/carry"
	"github.com/stagewall/stagewall/analyzers/internal/lazyregexp"
	"github.com/stagewall/stagewall/analyzers/internal/matrix"
	"github.com/stagewall/stagewall/analyzers/internal/pipeline"
	"github.com/stagewall/stagewall/analyzers/shell"
	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/environ"
)

// Bounds of Azure's own, and of what is worth following (https://learn.microsoft.com/en-us/azure/devops/pipelines/process/templates#imposed-limits).
const (
	maxTemplates = 100
	maxJobs      = 1000
	maxEach      = 64
	maxSteps     = 50000   // of a pipeline, counted as often as loops and templates repeat them
	maxText      = 1 << 10 // of a parameter; templates can take themselves in with ever more
)

// join puts the pipelines together with the templates that they take in.
func join(index analyzers.Index) []*analyzers.Facts {
	taken := map[string]bool{}
	var roots []string
	for _, p := range index.All() {
		program := programOf(index, p)
		if program == nil {
			continue
		}
		if slices.ContainsFunc(program.Steps, func(s analyzers.Step) bool { return s.Space == setting && s.Name == root }) {
			roots = append(roots, p)
		}
		each(program.Steps, func(s analyzers.Step) {
			if s.Name == template && s.Op == analyzers.OpSource {
				text, _ := s.Refers().Path.Text()
				if file, ok := find(index, p, text); ok && file != p {
					taken[file] = true
				}
			}
		})
	}
	var joined []*analyzers.Facts
	for _, p := range roots {
		if taken[p] {
			continue
		}
		var artifacts carry.Artifacts
		w := &whole{index: index, root: p, facts: &analyzers.Facts{Path: p, Analyzer: "azurepipelines"}, names: map[string]int{}, kept: artifacts.Job()}
		if w.start(programOf(index, p).Steps); artifacts.Over {
			w.gap(detectors.Place{Path: p, Line: 1}, carry.Overflow)
		}
		if len(w.facts.Units)+len(w.facts.Gaps) > 0 {
			joined = append(joined, w.facts)
		}
	}
	return joined
}

// programOf returns what a file says.
func programOf(index analyzers.Index, file string) *analyzers.Program {
	for _, f := range index.Facts(file) {
		if f.Analyzer == "azurepipelines" && len(f.Programs) > 0 && f.Programs[0].Name == "" {
			return &f.Programs[0]
		}
	}
	return nil
}

// each visits steps and those in them.
func each(steps []analyzers.Step, visit func(analyzers.Step)) {
	for _, s := range steps {
		visit(s)
		each(s.Steps, visit)
	}
}

// find returns the file that a template's path means: from the root if it begins with a slash, else beside the file that names it. @self is the
// repository itself (https://learn.microsoft.com/en-us/azure/devops/pipelines/process/templates#reference-template-paths).
func find(index analyzers.Index, from, text string) (string, bool) {
	text = strings.TrimSuffix(text, "@self")
	if text == "" || strings.Contains(text, "@") {
		return "", false
	}
	candidates := []string{path.Join(path.Dir(from), text), path.Clean(text)}
	if rest, ok := strings.CutPrefix(text, "/"); ok {
		candidates = []string{path.Clean(rest)}
	}
	for _, c := range candidates {
		if index.Exists(c) {
			return c, true
		}
	}
	return "", false
}

// whole is a pipeline with all that it takes in.
type whole struct {
	index analyzers.Index
	root  string
	facts *analyzers.Facts
	names map[string]int // how often a job's name was used
	taken int            // templates
	steps int            // that were walked over
	kept  *carry.Kept    // what the jobs so far publish
}

func (w *whole) gap(at detectors.Place, says string) {
	if g := (analyzers.Gap{At: at, Says: says}); !slices.Contains(w.facts.Gaps, g) {
		w.facts.Gaps = append(w.facts.Gaps, g)
	}
}

// list is a list of steps, jobs or stages, which is handed on as it is written. Names in it mean what they do where it is.
type list struct {
	steps    []analyzers.Step
	file     string
	template map[string]analyzers.Value
	lists    map[string]list
}

// place is where in a pipeline steps stand.
type place struct {
	*whole
	file     string                     // in which they stand
	template map[string]analyzers.Value // what names in template expressions stand for
	lists    map[string]list            // parameters that are lists of steps, jobs and stages
	defined  map[string]analyzers.Value // variables, by their names in lower case
	sets     []analyzers.Step           // of the variables in the environment
	groups   []string
	signs    []analyzers.Sign
	names    []analyzers.Step             // of the stage and the job, for people
	combos   [][]matrix.Combination       // what names are together, in one of several cases
	branch   *matrix.Combination          // the case in which the present steps stand
	chosen   map[string][]analyzers.Value // by a name of the combinations, what it can be
	used     map[string]bool              // of these, those that are used
	guards   []analyzers.Guard            // conditions that are not decided
	binds    bool                         // names of variables stay names
}

// inner returns a place within this one.
func (p *place) inner() *place {
	c := *p
	c.template, c.lists, c.defined, c.chosen = maps.Clone(p.template), maps.Clone(p.lists), maps.Clone(p.defined), maps.Clone(p.chosen)
	c.sets, c.groups, c.signs, c.names = slices.Clip(p.sets), slices.Clip(p.groups), slices.Clip(p.signs), slices.Clip(p.names)
	c.combos, c.guards = slices.Clip(p.combos), slices.Clip(p.guards)
	return &c
}

// carrier puts values in the places of names.
func (p *place) carrier() *carry.Carrier { return &carry.Carrier{Look: p.look} }

func (p *place) fill(v analyzers.Value) analyzers.Value { return p.carrier().Substitute(v) }

const (
	cased    = "matrix"     // the space of what cases give values to
	ofChosen = "variables." // begins the names of variables there
)

// uses notes that the job has a say in a value if a case has.
func (p *place) uses(v analyzers.Value) {
	for _, part := range v.Parts {
		if part.Hole != nil && part.Hole.Space == cased && p.used != nil {
			p.used[part.Hole.Name] = true
		}
	}
}

func (p *place) look(h *analyzers.Hole) (analyzers.Value, bool) {
	named := h.Name
	switch h.Space {
	case macro:
		named = ofChosen + named
	case template:
	default:
		return analyzers.Value{}, false
	}
	if values := p.chosen[named]; len(values) > 0 {
		v := analyzers.Value{At: values[0].At, Parts: []analyzers.Part{{Hole: &analyzers.Hole{Space: cased, Name: named, Values: values}}}}
		p.uses(v)
		return v, true
	}
	v, ok := p.template[named]
	if variable, is := strings.CutPrefix(named, ofChosen); !ok && is {
		v, ok = p.defined[variable]
	}
	if ok {
		p.uses(v)
		if p.binds && h.Space == macro { // it is looked up when the step runs, so that it is known where it was set
			v = analyzers.Value{At: v.At, Parts: []analyzers.Part{{Hole: &analyzers.Hole{Space: cased, Name: named, Values: []analyzers.Value{v}}}}}
		}
		return v, true
	}
	out := analyzers.Hole{Space: "unknown"}
	if h.Space == macro {
		if h.Store != "" {
			groups := slices.Sorted(slices.Values(p.groups))
			out = analyzers.Hole{Space: store, Name: h.Store, Store: store, Scope: strings.Join(slices.Compact(groups), "+")}
		}
		if p.binds { // a step can set it
			given := analyzers.Value{Parts: []analyzers.Part{{Hole: &out}}}
			return analyzers.Value{Parts: []analyzers.Part{{Hole: &analyzers.Hole{Space: cased, Name: named, Default: &given}}}}, true
		}
	}
	return analyzers.Value{Parts: []analyzers.Part{{Hole: &out}}}, true
}

// walk hands the steps of a list on, each with its place: those under conditions that can hold, once for each element of what a loop goes over, and
// those of templates.
func (p *place) walk(steps []analyzers.Step, visit func(s analyzers.Step, p *place)) {
	settled := false             // a condition of the chain held
	var failed []analyzers.Guard // conditions of the chain that may not have held
	var cases []matrix.Combination
	for i, s := range steps {
		if p.steps++; p.steps > maxSteps {
			p.gap(detectors.Place{Path: p.root, Line: 1}, "the pipeline is too much to follow; what the rest of it reaches is not known")
			return
		}
		switch {
		case s.Op == analyzers.OpSource && s.Name == template:
			p.include(s, visit)
		case s.Op == analyzers.OpSource && s.Name == insert:
			if l, ok := p.lists[s.Key]; ok {
				file, template, lists := p.file, p.template, p.lists
				p.file, p.template, p.lists = l.file, l.template, l.lists
				p.walk(l.steps, visit)
				p.file, p.template, p.lists = file, template, lists
			}
		case s.Op == analyzers.OpBlock && s.Name == ofEach:
			p.loop(s, visit)
		case s.Op == analyzers.OpBlock && (s.Name == ofIf || s.Name == ofElseIf || s.Name == ofElse):
			if s.Name == ofIf {
				settled, failed = false, nil
			}
			guards, holds, known := p.decide(s)
			if settled || known && !holds {
				break
			}
			settled = known
			outer, branch := p.guards, p.branch
			one := matrix.Combination{}
			if !known || len(failed) > 0 || len(cases) > 0 {
				p.guards, p.branch = slices.Concat(p.guards, failed, guards), &one
			}
			p.walk(s.Steps, visit)
			p.guards, p.branch = outer, branch
			if len(one) > 0 {
				cases = append(cases, one)
			}
			if len(guards) == 1 && len(s.Steps[0].Steps) == 1 {
				not := guards[0]
				not.Not = !not.Not
				failed = append(failed, not)
			}
		default:
			visit(s, p)
		}
		if next := i + 1; len(cases) > 0 && (next == len(steps) || steps[next].Name != ofElseIf && steps[next].Name != ofElse) {
			p.choose(cases)
			cases = nil
		}
	}
}

// choose notes what names are in one of several cases. What a name is otherwise is another.
func (p *place) choose(cases []matrix.Combination) {
	p.combos = append(p.combos, cases)
	for _, named := range matrix.Names(cases) {
		values := matrix.Distinct(cases, named)
		if v, ok := p.defined[strings.TrimPrefix(named, ofChosen)]; ok && strings.HasPrefix(named, ofChosen) {
			values = append(values, v)
		}
		p.chosen[named] = values
	}
}

// decide says whether the condition of a block holds, if that is known, and else what of it is for whoever runs the job.
func (p *place) decide(s analyzers.Step) (guards []analyzers.Guard, holds, known bool) {
	holds, known = true, true
	if s.Name == ofElse {
		return nil, true, true
	}
	for _, test := range s.Steps[0].Steps {
		g := *test.Guard
		g.Value = p.fill(g.Value)
		text, ok := g.Value.Text()
		switch {
		case len(g.Patterns) == 0:
			known = false
		case ok:
			equal := slices.ContainsFunc(g.Patterns, func(one string) bool { return strings.EqualFold(one, text) })
			if equal == g.Not {
				return nil, false, true
			}
		default:
			known = false
			guards = append(guards, g)
		}
	}
	return guards, holds, known
}

// loop walks once for each element of a list, or over the list that the loop hands on.
func (p *place) loop(s analyzers.Step, visit func(s analyzers.Step, p *place)) {
	item, over, _ := strings.Cut(s.Key, " in ")
	if l, ok := p.lists[over]; ok {
		outer, had := p.lists[item]
		p.lists[item] = l
		p.walk(s.Steps, visit)
		if p.lists[item] = outer; !had {
			delete(p.lists, item)
		}
		return
	}
	made := false
	for i := range maxEach {
		element := over + "[" + strconv.Itoa(i) + "]"
		var bound []string
		for _, named := range slices.Sorted(maps.Keys(p.template)) {
			if rest, ok := strings.CutPrefix(named, element); ok && (rest == "" || rest[0] == '.' || rest[0] == '[') {
				p.template[item+rest] = p.template[named]
				bound = append(bound, item+rest)
			}
		}
		if len(bound) == 0 {
			break
		}
		made = true
		p.walk(s.Steps, visit)
		for _, named := range bound {
			delete(p.template, named)
		}
	}
	if !made {
		p.gap(s.At, "what a loop goes over is not known; what it adds to the pipeline, and what that reaches, is not known")
	}
}

// include walks over what a template has.
func (p *place) include(s analyzers.Step, visit func(s analyzers.Step, p *place)) {
	text, known := p.fill(s.Refers().Path).Text()
	file, ok := find(p.index, p.file, text)
	var program *analyzers.Program
	if ok {
		program = programOf(p.index, file)
	}
	switch {
	case !known:
		p.gap(s.At, "which template is taken in is computed; what it adds to the pipeline, and what that reaches, is not known")
		return
	case program == nil:
		p.gap(s.At, "the template "+text+" is not followed; what it adds to the pipeline, and what that reaches, is not known")
		return
	case p.taken == maxTemplates:
		p.gap(s.At, "the templates are too many to follow; what the rest of them add to the pipeline is not known")
		return
	}
	p.taken++
	outer, template, lists := p.file, p.template, p.lists
	given, defaults, own := p.at(file), p.at(file), p.at(file)
	p.arguments(s.Steps, given)
	p.file, p.template, p.lists = file, own.template, own.lists
	p.arguments(program.Steps, defaults)
	for named, v := range defaults.template {
		if head := argument(named); !given.has(head) {
			p.template[named] = v
		}
	}
	for named, l := range defaults.lists {
		if !given.has(named) {
			p.lists[named] = l
		}
	}
	maps.Copy(p.template, given.template)
	maps.Copy(p.lists, given.lists)
	p.walk(program.Steps, visit)
	p.file, p.template, p.lists = outer, template, lists
}

// argument returns the parameter that a name is, or is in: parameters.a of parameters.a[0].b.
func argument(named string) string {
	rest := strings.TrimPrefix(named, "parameters.")
	if i := strings.IndexAny(rest, ".["); i >= 0 {
		rest = rest[:i]
	}
	return "parameters." + rest
}

// has reports whether the parameter is given.
func (p *place) has(named string) bool {
	if _, ok := p.lists[named]; ok {
		return true
	}
	for other := range p.template {
		if argument(other) == named {
			return true
		}
	}
	return false
}

// arguments notes the sets of parameters among steps in another place, with what stands in this place for the names in them.
func (p *place) arguments(steps []analyzers.Step, to *place) {
	p.walk(slices.DeleteFunc(slices.Clone(steps), func(s analyzers.Step) bool {
		return s.Op == analyzers.OpSource || s.Op == analyzers.OpBlock && !slices.Contains([]string{ofIf, ofElseIf, ofElse, ofList}, s.Name)
	}), func(s analyzers.Step, p *place) {
		switch {
		case s.Space == parameter:
			v := p.fill(s.Value)
			if text, _ := v.Text(); len(text) > maxText {
				v = matrix.OneOf(v.At, nil)
			}
			to.template["parameters."+s.Name] = v
		case s.Name == ofList && s.Op == analyzers.OpBlock:
			to.lists[s.Key] = list{s.Steps, p.file, p.template, p.lists}
		}
	})
}

// start reads the pipeline itself, whose parameters whoever starts it chooses.
func (w *whole) start(steps []analyzers.Step) {
	p := w.at(w.root)
	p.defined, p.chosen = map[string]analyzers.Value{}, map[string][]analyzers.Value{}
	p.arguments(steps, p)
	for _, s := range steps {
		if s.Name == ofChoices && s.Op == analyzers.OpBlock {
			var values []analyzers.Value
			for _, choice := range s.Steps {
				values = append(values, choice.Value)
			}
			p.choose(matrix.Single(s.Key, values))
		}
	}
	w.body(steps, p)
}

// at returns a place in a file, without anything.
func (w *whole) at(file string) *place {
	return &place{whole: w, file: file, template: map[string]analyzers.Value{}, lists: map[string]list{}}
}

// body reads what a file, a stage or a job list has, in order.
func (w *whole) body(steps []analyzers.Step, p *place) {
	p.walk(steps, func(s analyzers.Step, p *place) {
		switch {
		case p.note(s):
		case s.Op != analyzers.OpBlock:
		case s.Name == ofStage:
			w.body(s.Steps, p.inner())
		case s.Name == ofJob:
			w.job(s, p.inner())
		case s.Name == ofSteps:
			w.job(analyzers.Step{Op: s.Op, At: s.At, Name: ofJob, Steps: []analyzers.Step{s}}, p.inner())
		}
	})
}

// note notes what the steps behind it have from a variable, a setting or a sign.
func (p *place) note(s analyzers.Step) bool {
	switch {
	case s.Op != analyzers.OpSet:
		return false
	case s.Space == variable:
		p.define(s)
	case pipeline.IsSign(s):
		if sign, ok := pipeline.Signed(s); ok {
			p.sign(sign)
		}
	case s.Space == setting && s.Name == "group":
		v := p.fill(s.Value)
		if text, known := v.Text(); known {
			p.groups = append(p.groups, text)
			p.says(analyzers.Selector, environ.Identifier(text), "its group of variables is "+text, s.At)
		} else {
			p.gap(s.At, "which group of variables the jobs have is computed; what is in it is not known")
		}
	case s.Space == setting && (s.Name == "name" || s.Name == "display"):
		s.Value = p.fill(s.Value)
		p.names = append(p.names, s)
	}
	return true
}

func (p *place) says(class analyzers.Class, environments detectors.Environment, says string, at detectors.Place) {
	if environments != 0 {
		p.signs = append(p.signs, analyzers.Sign{Class: class, Environments: environments, Says: says, At: at})
	}
}

// sign adds a sign, with what stands for the names in it.
func (p *place) sign(sign analyzers.Sign) {
	if sign.Value != nil {
		sign.Value = new(p.fill(*sign.Value))
	}
	if !slices.ContainsFunc(p.signs, func(s analyzers.Sign) bool { return s.At == sign.At && s.Says == sign.Says }) {
		p.signs = append(p.signs, sign)
	}
}

// define sets a variable. In one of several cases it is set in that only.
func (p *place) define(s analyzers.Step) {
	lower, v := strings.ToLower(s.Name), p.fill(s.Value)
	if environ.Selector(exported(s.Name)) {
		p.sign(analyzers.Sign{Class: analyzers.Selector, Says: s.Name + " says so", At: v.At, Value: &v})
	}
	if p.branch != nil {
		(*p.branch)[ofChosen+lower] = v
		return
	}
	p.defined[lower] = v
	delete(p.chosen, ofChosen+lower)
	p.sets = append(p.sets, both(s.At, ofChosen+lower, v)...)
}

// both sets a name to a value; a variable is in the environment too.
func both(at detectors.Place, named string, v analyzers.Value) []analyzers.Step {
	sets := []analyzers.Step{{Op: analyzers.OpSet, At: at, Space: cased, Name: named, Value: v}}
	if variable, ok := strings.CutPrefix(named, ofChosen); ok {
		sets = append(sets, analyzers.Step{Op: analyzers.OpSet, At: at, Name: exported(variable), Value: v, Export: true})
	}
	return sets
}

// exported returns the name under which a variable is in the environment
// (https://learn.microsoft.com/en-us/azure/devops/pipelines/process/variables#environment-variables).
func exported(name string) string {
	return strings.ToUpper(strings.NewReplacer(".", "_", " ", "_").Replace(name))
}

// job makes a job.
func (w *whole) job(s analyzers.Step, p *place) {
	if len(w.facts.Units) == maxJobs {
		w.gap(s.At, "the jobs are too many to follow; what the rest of them reach is not known")
		return
	}
	p.used = map[string]bool{}
	checkout, label := "", len(p.names)
	downloads := false
	var steps []analyzers.Step
	var environment *analyzers.Step
	var do func(s analyzers.Step, p *place)
	do = func(s analyzers.Step, p *place) {
		switch {
		case s.Op == analyzers.OpSet && s.Space == setting && s.Name == "checkout":
			checkout, _ = p.fill(s.Value).Text()
		case s.Op == analyzers.OpSet && s.Space == setting && s.Name == "publish":
			w.kept.Keep(p.published(s, steps))
		case s.Op == analyzers.OpSet && s.Space == setting && s.Name == "download":
			if from, _ := s.Value.Text(); from == "" || from == "current" {
				steps = append(steps, w.kept.Loaded(s.Key, s.At, ", which a job before it publishes")...)
			}
			downloads = true
		case s.Op == analyzers.OpSet && s.Space == setting && s.Name == "environment":
			s.Value = p.fill(s.Value)
			environment = &s
		case p.note(s):
		case s.Op != analyzers.OpBlock:
		case s.Name == ofSteps:
			p.walk(s.Steps, do)
		case s.Name == ofStep:
			var own []analyzers.Step
			p.binds = true
			for _, one := range p.carrier().Fill(s.Steps, nil) {
				if sign, ok := pipeline.Signed(one); ok {
					p.sign(sign)
				} else {
					own = append(own, one)
				}
			}
			p.binds = false
			steps = append(steps, under(p.guards, append(own, p.logged(own, steps)...))...)
		}
	}
	p.choose(entries(s.Steps, p))
	p.walk(s.Steps, do)
	if environment != nil {
		p.sign(analyzers.Sign{Class: analyzers.Declared, Says: "its key environment names it", At: environment.At, Value: &environment.Value})
		w.doubt(environment)
	}
	var all []analyzers.Step
	all = append(all, p.sets...)
	all = append(all, p.cases(s.At)...)
	if checkout != "none" {
		all = append(all, analyzers.Step{
			Op: analyzers.OpSee, At: s.At, File: &analyzers.Value{Parts: []analyzers.Part{{Text: "."}}}, Tracked: true, Says: "has the repository checked out",
		})
	}
	if checkout == "none" && environment != nil && !downloads {
		// https://learn.microsoft.com/en-us/azure/devops/pipelines/process/deployment-jobs#artifacts
		all = append(all, w.kept.Loaded("", s.At, ", which a job before it publishes")...)
	}
	w.publish(s.At, p, label, append(all, steps...))
}

// published returns what an artifact holds of what a job's steps wrote to files.
func (p *place) published(s analyzers.Step, steps []analyzers.Step) (a carry.Artifact, all bool) {
	all = true
	var files carry.Files
	c := carry.Carrier{Local: map[string]analyzers.Value{}, Out: func(s analyzers.Step, file string, v analyzers.Value) []analyzers.Step {
		all = files.Add("", file, s.Name, v) && all
		return nil
	}}
	c.Steps(slices.Concat(p.sets, steps))
	folder, _ := s.Value.Text()
	return carry.Artifact{Name: s.Key, Files: files.In("", []string{asVariable(folder)})}, all
}

// asVariable returns a path that begins with the macro of a predefined variable as scripts have it.
// https://learn.microsoft.com/en-us/azure/devops/pipelines/build/variables
func asVariable(file string) string {
	return aMacro.ReplaceAllStringFunc(file, func(m string) string { return "$" + exported(aMacro.FindStringSubmatch(m)[1]) })
}

var aMacro = lazyregexp.New(`^\$\(([A-Za-z.]+)\)`)

// logged returns the sets of the variables that a step sets for those behind it, by lines in its log.
func (p *place) logged(own, before []analyzers.Step) []analyzers.Step {
	c := carry.Carrier{Local: map[string]analyzers.Value{}, Out: func(s analyzers.Step, file string, v analyzers.Value) []analyzers.Step {
		if file != shell.Logged {
			return nil
		}
		sets := both(s.At, ofChosen+strings.ToLower(s.Name), v)
		for i := range sets {
			sets[i].Says = "was set by a step before"
		}
		return sets
	}}
	for _, s := range slices.Concat(p.sets, before) {
		if s.Op == analyzers.OpSet && s.Space == "" {
			c.Local[s.Name] = s.Value
		}
	}
	return c.Steps(own)
}

// doubt says of an environment's name that it is computed, if nothing is known of it.
func (w *whole) doubt(s *analyzers.Step) {
	if slices.ContainsFunc(s.Value.Parts, func(part analyzers.Part) bool { return part.Hole != nil && len(part.Hole.Values) == 0 }) {
		w.gap(s.At, "the name of the environment is computed; which the job is for is not known")
	}
}

// under puts steps under guards.
func under(guards []analyzers.Guard, steps []analyzers.Step) []analyzers.Step {
	for i := len(guards) - 1; i >= 0 && len(steps) > 0; i-- {
		steps = []analyzers.Step{{Op: analyzers.OpBlock, At: guards[i].Value.At, Guard: &guards[i], Steps: steps}}
	}
	return steps
}

// entries returns the combinations of a job's matrix. A job is run for each of its entries
// (https://learn.microsoft.com/en-us/azure/devops/pipelines/yaml-schema/jobs-job-strategy).
func entries(steps []analyzers.Step, p *place) []matrix.Combination {
	var all []matrix.Combination
	for _, s := range steps {
		if s.Name != ofEntry || s.Op != analyzers.OpBlock {
			continue
		}
		one := matrix.Combination{}
		for _, v := range s.Steps {
			one[ofChosen+strings.ToLower(v.Name)] = p.fill(v.Value)
		}
		all = append(all, one)
	}
	return all
}

// cases returns the steps that set, in a run for an environment, the names to what they are in its cases, and elsewhere to any of what they can be.
func (p *place) cases(at detectors.Place) []analyzers.Step {
	var steps []analyzers.Step
	for _, combos := range p.combos {
		set := func(named string, v analyzers.Value) analyzers.Step {
			if p.chosen[named] == nil { // it was set anew
				return analyzers.Step{Op: analyzers.OpBlock, At: at}
			}
			return analyzers.Step{Op: analyzers.OpBlock, At: at, Steps: both(v.At, named, v)}
		}
		for _, named := range matrix.Names(combos) {
			steps = append(steps, set(named, matrix.OneOf(at, p.chosen[named])))
		}
		selector := matrix.Selector(combos)
		if selector == "" {
			continue
		}
		last := selector[strings.LastIndexByte(selector, '.')+1:]
		values := matrix.Distinct(combos, selector)
		if p.used[selector] || environ.Selector(exported(last)) && strings.HasPrefix(selector, ofChosen) {
			v := matrix.OneOf(at, values)
			p.sign(analyzers.Sign{Class: analyzers.Selector, Says: last + " chooses it", At: values[0].At, Value: &v})
		}
		steps = append(steps, matrix.ByEnvironment(combos, selector, set)...)
	}
	return steps
}

// publish writes a job down. Its own names begin at label.
func (w *whole) publish(at detectors.Place, p *place, label int, steps []analyzers.Step) {
	text := func(names []analyzers.Step) string {
		for _, n := range names {
			if text, known := n.Value.Text(); known && n.Name == "name" && text != "" {
				return text
			}
		}
		return ""
	}
	job, stage := text(p.names[label:]), text(p.names[:label])
	if job == "" {
		job = "steps"
	}
	if stage != "" {
		job = stage + "/" + job
	}
	w.names[job]++
	if times := w.names[job]; times > 1 {
		job += "-" + strconv.Itoa(times)
	}
	for _, n := range slices.Concat(p.names[label:], p.names[:label]) {
		if text, known := n.Value.Text(); known {
			p.says(analyzers.Display, environ.Job(text), "the name "+text+" says so", n.At)
		}
	}
	id := at.Path + "#" + job
	if at.Path != w.root {
		id += "@" + w.root
		p.says(analyzers.File, environ.Path(w.root), "the pipeline's path says so", detectors.Place{Path: w.root})
	}
	program := "jobs." + job
	w.facts.Programs = append(w.facts.Programs, analyzers.Program{Name: program, At: at, Steps: steps})
	w.facts.Units = append(w.facts.Units, analyzers.Unit{
		ID: id, Name: job, Kind: "ci-job", At: at, Signs: p.signs, Runs: analyzers.PathTo(w.root, program, at),
	})
}
