package azurepipelines

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/carry"
	"github.com/stagewall/stagewall/analyzers/internal/code"
	"github.com/stagewall/stagewall/analyzers/internal/matrix"
	"github.com/stagewall/stagewall/analyzers/internal/pipeline"
	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/environ"
)

// place is where in a pipeline steps stand.
type place struct {
	*whole
	file     string                     // in which they stand
	template map[string]analyzers.Value // what names in template expressions stand for
	lists    map[string]list            // parameters that are lists of steps, jobs and stages
	defined  map[string]analyzers.Value // variables, by their names in lower case
	sets     []analyzers.Step           // of the variables in the environment
	groups   []group
	provided detectors.Environment // whose groups these are, by their names
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
	if h.Space == macro && h.Computed != nil {
		return p.composed(*h.Computed), true
	}
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
			out = p.stored(h.Store)
		}
		if p.binds { // a step can set it
			given := analyzers.Value{Parts: []analyzers.Part{{Hole: &out}}}
			return analyzers.Value{Parts: []analyzers.Part{{Hole: &analyzers.Hole{Space: cased, Name: named, Default: &given}}}}, true
		}
	}
	return analyzers.Value{Parts: []analyzers.Part{{Hole: &out}}}, true
}

// composed returns what the variable holds whose name is composed: of several, each on the condition that it is that name.
func (p *place) composed(name analyzers.Value) analyzers.Value {
	filled := p.fill(name)
	var all []analyzers.Value
	for _, text := range code.Texts(filled.Parts) {
		v, _ := p.look(&analyzers.Hole{Space: macro, Name: strings.ToLower(text), Store: text})
		v.If = &analyzers.Guard{Value: filled, Patterns: []string{text}}
		all = append(all, v)
	}
	switch len(all) {
	case 0:
		p.gap(name.At, "the name of a variable is computed; what it holds is not known")
	case 1:
		all[0].If = nil
	}
	return matrix.OneOf(name.At, all)
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
	if len(cases) > maxCases {
		for _, v := range cases[maxCases] {
			p.gap(detectors.Place{Path: v.At.Path, Line: v.At.Line}, "the values are too many to follow; what jobs are given with the rest of them is not known")
			break
		}
		cases = cases[:maxCases]
	}
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
	elements := map[string][]string{} // by the index of an element, what there is below it
	for named := range p.template {
		if rest, ok := strings.CutPrefix(named, over+"["); ok {
			if i, below, ok := strings.Cut(rest, "]"); ok && (below == "" || below[0] == '.' || below[0] == '[') {
				elements[i] = append(elements[i], below)
			}
		}
	}
	made := false
	for i := range maxEach {
		index := strconv.Itoa(i)
		if len(elements[index]) == 0 {
			break
		}
		made = true
		for _, below := range elements[index] {
			p.template[item+below] = p.template[over+"["+index+"]"+below]
		}
		p.walk(s.Steps, visit)
		for _, below := range elements[index] {
			delete(p.template, item+below)
		}
	}
	if len(elements) > maxEach {
		p.gap(s.At, "a loop goes over too much to follow; what the rest of it adds to the pipeline, and what that reaches, is not known")
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
		visit(handed(s, text), p)
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

// note notes what the steps behind it have from a variable, a setting or a sign.
func (p *place) note(s analyzers.Step) bool {
	switch {
	case s.Op != analyzers.OpSet:
		return false
	case s.Space == variable:
		p.variable(s)
	case pipeline.IsSign(s):
		if sign, ok := pipeline.Signed(s); ok {
			p.sign(sign)
		}
	case s.Space == setting && s.Name == "group":
		v := p.fill(s.Value)
		if text, known := v.Text(); known {
			p.groups = append(p.groups, group{text, p.guards})
			p.provided |= environ.Identifier(text)
			p.says(analyzers.Selector, environ.Identifier(text), "its group of variables is "+text, s.At)
		} else {
			p.groups = append(p.groups, group{starred(v), p.guards}) // which may be another one in each environment
			p.gap(s.At, "which group of variables the jobs have is computed; what is in it is not known")
		}
	case s.Space == setting && (s.Name == "name" || s.Name == "display"):
		s.Value = p.fill(s.Value)
		p.names = append(p.names, s)
	}
	return true
}

// starred returns a text with a star for each part that is not known.
func starred(v analyzers.Value) string {
	var b strings.Builder
	for _, part := range v.Parts {
		if part.Hole != nil {
			b.WriteByte('*')
		} else {
			b.WriteString(part.Text)
		}
	}
	return b.String()
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

// variable sets a variable, and notes what that says of the environment.
func (p *place) variable(s analyzers.Step) {
	v := p.fill(s.Value)
	if environ.Selector(exported(s.Name)) {
		p.sign(analyzers.Sign{Class: code.ClassOf(exported(s.Name)), Says: s.Name + " says so", At: v.At, Value: &v})
	}
	p.define(strings.ToLower(s.Name), s.At, v)
}

// define sets the variable of a name in lower case. In one of several cases it is set in that only.
func (p *place) define(lower string, at detectors.Place, v analyzers.Value) {
	if p.branch != nil {
		(*p.branch)[ofChosen+lower] = v
		return
	}
	p.defined[lower] = v
	delete(p.chosen, ofChosen+lower)
	p.sets = append(p.sets, both(at, ofChosen+lower, v)...)
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
