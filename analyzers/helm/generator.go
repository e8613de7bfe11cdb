package helm

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
	"github.com/stagewall/stagewall/analyzers/internal/yamltree"
	"github.com/stagewall/stagewall/analyzers/interpolate"
	"github.com/stagewall/stagewall/detectors"
)

const (
	maxSets  = 200 // applications of one set that are made
	maxInner = 3   // generators in each other; Argo CD allows two
)

// field is a parameter in a template, with functions behind it that leave it the name of what it names. Parameters of Go's templates begin
// with a dot (https://argo-cd.readthedocs.io/en/stable/operator-manual/applicationset/GoTemplate/).
var (
	field   = lazyregexp.New(`\{\{-?\s*(.*?)\s*-?\}\}`)
	plain   = lazyregexp.New(`^\.?([A-Za-z_][\w.\-]*(?:\[[0-9]+\])?)((?:\s*\|\s*(?:quote|squote|trim|lower|toString|b64enc|default "[^"]*"))*)$`)
	segment = lazyregexp.New(`^\(?index \.((?:[\w\-]+\.)*path)\.segments ([0-9]+)\)?$`)
)

// parts returns a scalar's parts: of a template, its parameters are names.
func (a *argo) parts(n *yamltree.Node) []analyzers.Part {
	return a.fields(a.text(n))
}

// text returns a scalar's text, with the braces of templates.
func (a *argo) text(n *yamltree.Node) interpolate.Text {
	text := n.Source()
	if a.plain {
		text.String = toTemplate.Replace(text.String)
	}
	return text
}

func (a *argo) fields(text interpolate.Text) []analyzers.Part {
	if !a.templated {
		return text.Literal()
	}
	var parts []analyzers.Part
	from := 0
	for _, m := range field.FindAllStringSubmatchIndex(text.String, -1) {
		parts = append(parts, text.Slice(from, m[0]).Literal()...)
		from = m[1]
		parts = append(parts, analyzers.Part{Hole: parameter(text.String[m[2]:m[3]])})
	}
	return append(parts, text.Slice(from, len(text.String)).Literal()...)
}

// parameter returns the hole that an expression is.
func parameter(expression string) *analyzers.Hole {
	if m := plain.FindStringSubmatch(expression); m != nil {
		name := m[1]
		if prefix, ok := strings.CutSuffix(name, "path.path"); ok { // the folder, in Go's templates
			name = prefix + "path"
		}
		if strings.HasPrefix(name, "Environment.Values.") || strings.HasPrefix(name, "StateValues.") {
			name = stateName(name)
		}
		return &analyzers.Hole{Name: name}
	}
	if m := segment.FindStringSubmatch(expression); m != nil {
		return &analyzers.Hole{Name: m[1] + "[" + m[2] + "]"}
	}
	return &analyzers.Hole{Space: "unknown"}
}

// asks are the generators that ask a cluster or a service.
var asks = map[string]bool{"clusters": true, "clusterDecisionResource": true, "scmProvider": true, "plugin": true}

// generators notes what makes the applications of a set.
func (a *argo) generators(spec *yamltree.Node, number int) {
	list := spec.Get("generators")
	if list == nil {
		return
	}
	a.program(generators+strconv.Itoa(number), a.at(list), a.each(list, 0))
}

// each returns a block for each generator of a list, named for its kind.
func (a *argo) each(list *yamltree.Node, depth int) []analyzers.Step {
	var steps []analyzers.Step
	for _, generator := range list.Items() {
		for key, n := range generator.Pairs() {
			step := analyzers.Step{Op: analyzers.OpBlock, At: a.at(key), Name: key.Str()}
			switch key.Str() {
			case "list":
				step.Steps = a.elements(n)
			case "git":
				step.Steps = a.git(n)
			case "matrix", "merge":
				if depth < maxInner {
					step.Steps = a.each(n.Get("generators"), depth+1)
				}
				for _, name := range n.Get("mergeKeys").Items() {
					step.Own = append(step.Own, name.Str())
				}
			case "template":
				a.pass.Gap(a.at(key), "the template of a generator is not followed; what the applications that it makes are given is not known")
				continue
			case "selector":
				continue
			case "clusters":
				step.Steps = a.labels(n.Get("selector"))
				a.asks(key)
			case "pullRequest":
			default:
				if !asks[key.Str()] {
					continue
				}
				a.asks(key)
			}
			if selector := generator.Get("selector"); selector != nil {
				step = analyzers.Step{Op: analyzers.OpBlock, At: a.at(selector), Name: "selector", Steps: append([]analyzers.Step{step}, a.selected(selector)...)}
			}
			steps = append(steps, step)
		}
	}
	return steps
}

// asks says that what a generator asks is not known.
func (a *argo) asks(key *yamltree.Node) {
	a.pass.Gap(a.at(key), "what the generator "+key.Str()+" asks is not known; which applications it makes, and for which environments, is not known")
}

// labels returns the sets of the labels that the clusters have which a generator asks for
// (https://argo-cd.readthedocs.io/en/stable/operator-manual/applicationset/Generators-Cluster/).
func (a *argo) labels(selector *yamltree.Node) []analyzers.Step {
	var steps []analyzers.Step
	for key, v := range selector.Get("matchLabels").Pairs() {
		if v.Str() != "" {
			steps = append(steps, a.set("", "metadata.labels."+key.Str(), v))
		}
	}
	return steps
}

// selected returns a guard for each thing that a selector insists on
// (https://argo-cd.readthedocs.io/en/stable/operator-manual/applicationset/Generators-Post-Selector/).
func (a *argo) selected(selector *yamltree.Node) []analyzers.Step {
	var steps []analyzers.Step
	add := func(at *yamltree.Node, name string, not bool, values ...*yamltree.Node) {
		g := &analyzers.Guard{Value: analyzers.Value{At: a.at(at), Parts: []analyzers.Part{{Hole: &analyzers.Hole{Name: name}}}}, Not: not}
		for _, v := range values {
			g.Patterns = append(g.Patterns, v.Str())
		}
		steps = append(steps, analyzers.Step{Op: analyzers.OpBlock, At: g.Value.At, Guard: g})
	}
	for key, v := range selector.Get("matchLabels").Pairs() {
		add(key, key.Str(), false, v)
	}
	for _, e := range selector.Get("matchExpressions").Items() {
		switch key := e.Get("key"); e.Get("operator").Str() {
		case "In":
			add(key, key.Str(), false, e.Get("values").Items()...)
		case "NotIn":
			add(key, key.Str(), true, e.Get("values").Items()...)
		}
	}
	return steps
}

// leaves reports whether guards leave parameters. What is not known may be so.
func leaves(guards []analyzers.Step, parameters matrix.Combination) bool {
	c := carry.Carrier{Local: parameters}
	for _, g := range guards {
		if text, known := c.Substitute(g.Guard.Value).Text(); known && slices.Contains(g.Guard.Patterns, text) == g.Guard.Not {
			return false
		}
	}
	return true
}

// elements returns a block for each element of a list, with its parameters.
func (a *argo) elements(n *yamltree.Node) []analyzers.Step {
	if computed := n.Get("elementsYaml"); computed != nil {
		a.pass.Gap(a.at(computed), "the elements of the list are computed; which applications they make is not known")
	}
	var steps []analyzers.Step
	for _, element := range n.Get("elements").Items() {
		step := analyzers.Step{Op: analyzers.OpBlock, At: a.at(element)}
		a.nested(&step, "", element, 0)
		steps = append(steps, step)
	}
	return steps
}

// nested adds the parameters of a node by their paths.
func (a *argo) nested(to *analyzers.Step, name string, n *yamltree.Node, depth int) {
	if over := depth > maxDepth || len(to.Steps) > maxValues; over || a.over {
		if !a.over {
			a.over = true
			a.pass.Gap(a.at(n), "the parameters are too many to follow; what the rest of them give the applications is not known")
		}
		return
	}
	if n.Kind == yamltree.Scalar {
		to.Steps = append(to.Steps, a.set("", name, n))
	}
	for key, v := range n.Pairs() {
		a.nested(to, strings.TrimPrefix(name+"."+key.Str(), "."), v, depth+1)
	}
}

// git returns the patterns of a generator's folders and files, as sets, and the values that it adds.
func (a *argo) git(n *yamltree.Node) []analyzers.Step {
	var steps []analyzers.Step
	for _, list := range []string{"directories", "files"} {
		for _, item := range n.Get(list).Items() {
			if pattern := item.Get("path"); pattern.Str() != "" {
				step := a.set(list, n.Get("pathParamPrefix").Str(), pattern)
				step.All = item.Get("exclude").Str() == "true"
				steps = append(steps, step)
			}
		}
	}
	if values := n.Get("values"); values != nil {
		step := analyzers.Step{Op: analyzers.OpBlock, At: a.at(values)}
		a.nested(&step, "values", values, 0)
		steps = append(steps, step)
	}
	return steps
}

// all returns the parameters of each application that generators make.
func (r *maker) all(steps []analyzers.Step) []matrix.Combination {
	var all []matrix.Combination
	for _, s := range steps {
		all = append(all, r.generated(s, matrix.Combination{})...)
	}
	if len(all) > maxSets {
		r.gap(r.template.At, "the applications are too many to follow; what the rest of them are given is not known")
	}
	return all[:min(len(all), maxSets)]
}

// generated returns the parameters of each application that a generator makes. It may itself be a template, of the parameters that the one
// before it in a matrix makes.
func (r *maker) generated(generator analyzers.Step, given matrix.Combination) []matrix.Combination {
	c := carry.Carrier{Local: given}
	var all []matrix.Combination
	switch generator.Name {
	case "list":
		for _, element := range generator.Steps {
			all = append(all, with(given, element.Steps, &c))
		}
	case "git":
		all = r.found(generator.Steps, &c)
	case "selector":
		all = r.generated(generator.Steps[0], given)
		all = slices.DeleteFunc(all, func(one matrix.Combination) bool { return !leaves(generator.Steps[1:], one) })
	case "pullRequest":
		preview := analyzers.Value{At: generator.At, Parts: []analyzers.Part{{Text: detectors.Preview.String()}}}
		all = []matrix.Combination{joined(given, matrix.Combination{"environment": preview})}
	case "matrix":
		all = []matrix.Combination{given}
		for _, inner := range generator.Steps {
			var next []matrix.Combination
			for _, one := range all {
				if len(next) <= maxSets {
					next = append(next, r.generated(inner, one)...)
				}
			}
			all = next
		}
	case "merge":
		for i, inner := range generator.Steps {
			for _, one := range r.generated(inner, given) {
				if i == 0 || asksElsewhere(generator.Steps[0]) {
					all = append(all, one)
					continue
				}
				for j, base := range all {
					if agree(base, one, generator.Own) {
						all[j] = joined(base, one)
					}
				}
			}
		}
	default: // what it asks elsewhere is not known
		all = []matrix.Combination{with(given, generator.Steps, &c)}
	}
	return all[:min(len(all), maxSets+1)]
}

// asksElsewhere reports whether a generator asks a cluster or a service.
func asksElsewhere(generator analyzers.Step) bool {
	return asks[generator.Name] || generator.Name == "selector" && asksElsewhere(generator.Steps[0])
}

// with returns parameters with those that steps set.
func with(given matrix.Combination, sets []analyzers.Step, c *carry.Carrier) matrix.Combination {
	own := matrix.Combination{}
	for _, s := range sets {
		own[s.Name] = c.Substitute(s.Value)
	}
	return joined(given, own)
}

func joined(a, b matrix.Combination) matrix.Combination {
	all := matrix.Combination{}
	for _, one := range []matrix.Combination{a, b} {
		for name, v := range one {
			all[name] = v
		}
	}
	return all
}

// agree reports whether two sets of parameters have the same values under some names.
func agree(a, b matrix.Combination, names []string) bool {
	return !slices.ContainsFunc(names, func(name string) bool {
		x, known := a[name].Text()
		y, also := b[name].Text()
		return !known || !also || x != y
	})
}

// found returns parameters for each folder that the patterns of a generator match, and for each file, or each element of a list in it, what it
// holds too, if it is called so that it was read.
// https://argo-cd.readthedocs.io/en/stable/operator-manual/applicationset/Generators-Git/
func (r *maker) found(steps []analyzers.Step, c *carry.Carrier) []matrix.Combination {
	var all []matrix.Combination
	names := map[string]string{}
	at := map[string]detectors.Place{}
	for _, excluding := range []bool{false, true} {
		for _, s := range steps {
			pattern, known := c.Substitute(s.Value).Text()
			if s.Op != analyzers.OpSet || s.All != excluding || !known {
				continue
			}
			if s.Space == "files" {
				for _, file := range r.index.Match(pattern) {
					if names[file], at[file] = s.Name, s.At; excluding {
						delete(at, file)
					}
				}
				continue
			}
			depth := strings.Count(pattern, "/") + 1
			for _, file := range r.index.Match(pattern + "/**") {
				parts := strings.Split(file, "/")
				if len(parts) <= depth {
					continue
				}
				folder := path.Join(parts[:depth]...) + "/"
				if names[folder], at[folder] = s.Name, s.At; excluding {
					delete(at, folder)
				}
			}
		}
	}
	for _, found := range slices.Sorted(maps.Keys(at)) {
		folder := path.Dir(found)
		prefix := names[found]
		if prefix != "" {
			prefix += "."
		}
		set := matrix.Combination{}
		add := func(name, text string) {
			set[prefix+name] = analyzers.Value{At: at[found], Parts: []analyzers.Part{{Text: text}}}
		}
		add("path", folder)
		add("path.basename", path.Base(folder))
		add("path.basenameNormalized", path.Base(folder))
		add("path.filename", path.Base(found))
		for i, part := range strings.Split(folder, "/") {
			add("path["+strconv.Itoa(i)+"]", part)
		}
		set = joined(c.Local, set)
		for _, own := range r.held(found, prefix) {
			own = joined(set, own)
			for _, s := range steps {
				if s.Op == analyzers.OpBlock {
					own = with(own, s.Steps, &carry.Carrier{Local: own})
				}
			}
			all = append(all, own)
		}
	}
	return all
}

// held returns what a file holds: one set of parameters, or one for each element of a list.
func (r *maker) held(file, prefix string) []matrix.Combination {
	all := []matrix.Combination{{}}
	p := programNamed(r.index, file, parametersOf)
	if p == nil {
		p = programNamed(r.index, file, values)
	}
	if p == nil {
		return all
	}
	last := ""
	for i, s := range p.Steps {
		name := s.Name
		if element, rest, ok := strings.Cut(name, "]."); ok && strings.HasPrefix(name, "[") {
			if name = rest; i > 0 && element != last {
				all = append(all, matrix.Combination{})
			}
			last = element
		}
		all[len(all)-1][prefix+name] = s.Value
	}
	return all
}
