package helm

import (
	"cmp"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/carry"
	"github.com/stagewall/stagewall/analyzers/internal/matrix"
	"github.com/stagewall/stagewall/analyzers/internal/yamltree"
	"github.com/stagewall/stagewall/analyzers/shell"
	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/environ"
)

// An application is a program "application N", by the number of its document, whose steps may have parameters in them; what it is called and
// where it is deployed to are sets in the space "application". The generators of a set of applications are the steps of "generators N".
const (
	application = "application "
	generators  = "generators "
)

// applications reads Argo CD's applications, and the templates of sets of them.
func applications(pass *analyzers.Pass) {
	documents, err := yamltree.Read(pass.Data)
	if err != nil {
		pass.Gap(yamltree.Broken(pass, err), "the application does not parse as YAML; which values it is given is not known")
	}
	for i, n := range documents {
		a := &argo{pass: pass, node: n}
		switch n.Get("kind").Str() {
		case "Application":
		case "ApplicationSet":
			a.node, a.templated = n.Get("spec", "template"), true
			a.patched(n.Get("spec", "templatePatch"))
		default:
			continue
		}
		if a.read(i + 1); a.templated && len(a.steps) > 0 {
			a.generators(n.Get("spec"), i+1)
		}
	}
}

// argo is one application while it is read.
type argo struct {
	pass      *analyzers.Pass
	node      *yamltree.Node
	patch     *yamltree.Node // what a set's patch has in place of what the template has
	templated bool
	steps     []analyzers.Step
	plain     bool // braces of templates are written as plain text
	over      bool // there are more values or parameters than are followed
}

func (a *argo) at(n *yamltree.Node) detectors.Place {
	if n.Span.Empty() {
		return a.pass.At(n.Start, n.Start+1)
	}
	return a.pass.At(n.Span.Start, n.Span.End)
}

func (a *argo) program(name string, at detectors.Place, steps []analyzers.Step) {
	a.pass.Facts.Programs = append(a.pass.Facts.Programs, analyzers.Program{Name: name, At: at, Steps: steps})
}

// set returns a step that sets a name to a scalar.
func (a *argo) set(space, name string, n *yamltree.Node) analyzers.Step {
	return analyzers.Step{Op: analyzers.OpSet, At: a.at(n), Space: space, Name: name, Value: analyzers.Value{At: a.at(n), Parts: a.parts(n)}}
}

// patched reads the patch that a set puts over its template: its maps are merged, and its lists replace the template's.
// https://argo-cd.readthedocs.io/en/stable/operator-manual/applicationset/Template/#template-patch
func (a *argo) patched(n *yamltree.Node) {
	if n == nil {
		return
	}
	text := n.Source()
	plain, computed := plainly([]byte(text.String))
	text.String = string(plain)
	documents, err := yamltree.ReadWithin(text)
	if err != nil || computed >= 0 || len(documents) != 1 {
		a.pass.Gap(a.at(n), "what the patch of the template changes is not followed")
		return
	}
	a.patch = documents[0]
}

// get returns what an application has under keys: the patch's, or else the template's. The patch's is written as plain text.
func (a *argo) get(n *yamltree.Node, keys ...string) (found *yamltree.Node, plain bool) {
	if own := a.patch.Get(keys...); own != nil {
		return own, true
	}
	return n.Get(keys[len(keys)-1]), false
}

func (a *argo) read(number int) {
	n := a.node
	sources := append(n.Get("spec", "sources").Items(), n.Get("spec", "source"))
	if n.Get("spec", "source") == nil && a.patch.Get("spec", "source") != nil {
		sources = append(sources, a.patch.Get("spec", "source"))
	}
	for _, source := range sources {
		a.source(source)
	}
	if len(a.steps) == 0 {
		return
	}
	key := n.Key("metadata")
	if key == nil {
		key = n
	}
	destination := n.Get("spec", "destination")
	for _, says := range []struct {
		name  string
		value *yamltree.Node
	}{
		{"name", n.Get("metadata", "name")}, {"namespace", destination.Get("namespace")}, {"cluster", destination.Get("name")}, {"server", destination.Get("server")},
	} {
		if says.value.Str() != "" {
			a.steps = append(a.steps, a.set(application, says.name, says.value))
		}
	}
	a.program(application+strconv.Itoa(number), a.at(key), a.steps)
}

// source loads the values of one source: the chart's, those of files, its own, and parameters. Files are of the repository if there are such.
func (a *argo) source(n *yamltree.Node) {
	patched := n == a.node.Get("spec", "source") || n == a.patch.Get("spec", "source")
	own := func(from *yamltree.Node, keys ...string) *yamltree.Node {
		if patched {
			found, plain := a.get(from, keys...)
			a.plain = plain
			return found
		}
		return from.Get(keys[len(keys)-1])
	}
	helm := n.Get("helm")
	folder := own(n, "spec", "source", "path")
	in := a.parts(folder)
	if helm == nil && folder.Str() == "" && a.patch.Get("spec", "source", "helm") == nil {
		return
	}
	if folder.Str() != "" {
		a.chart(in, a.at(folder))
	}
	for _, f := range own(helm, "spec", "source", "helm", "valueFiles").Items() {
		text, in := a.text(f), in
		if strings.Contains(text.String, "://") {
			continue
		}
		if rest, ok := strings.CutPrefix(text.String, "/"); ok {
			text, in = text.Slice(len(text.String)-len(rest), len(text.String)), nil
		}
		if reference, rest, ok := strings.Cut(text.String, "/"); ok && strings.HasPrefix(reference, "$") { // another source's root
			text, in = text.Slice(len(text.String)-len(rest), len(text.String)), nil
		}
		a.load(in, a.fields(text), a.at(f), "is given its values")
	}
	if values := own(helm, "spec", "source", "helm", "values"); values.Str() != "" {
		a.written(values)
	}
	a.object("", own(helm, "spec", "source", "helm", "valuesObject"), 0)
	for _, p := range append(own(helm, "spec", "source", "helm", "parameters").Items(), n.Get("plugin", "env").Items()...) {
		if v := p.Get("value"); v != nil {
			a.steps = append(a.steps, a.set("", p.Get("name").Str(), v))
		}
	}
	a.plain = false
}

// written sets the values of a text of YAML, as a whole if it is a template.
func (a *argo) written(n *yamltree.Node) {
	documents, err := yamltree.ReadWithin(n.Source())
	if err != nil || len(documents) != 1 || a.templated && strings.Contains(n.Str(), "{{") {
		a.steps = append(a.steps, a.set("", "values", n))
		return
	}
	a.object("", documents[0], 0)
}

// chart loads the values of a chart, and what its templates hold.
func (a *argo) chart(in []analyzers.Part, at detectors.Place) {
	a.load(in, []analyzers.Part{{Text: "values.yaml"}}, at, "the values of its chart")
	a.steps = append(a.steps, deploys(analyzers.Value{At: at, Parts: slices.Concat(in, []analyzers.Part{{Text: "/" + templates}})}))
}

// load loads a file of values in a folder.
func (a *argo) load(in, name []analyzers.Part, at detectors.Place, says string) {
	parts := name
	if len(in) > 0 {
		parts = slices.Concat(in, []analyzers.Part{{Text: "/"}}, name)
	}
	ref := &analyzers.Ref{Path: analyzers.Value{At: at, Parts: parts}, Name: values}
	a.steps = append(a.steps, analyzers.Step{Op: analyzers.OpLoad, At: at, Ref: ref, Optional: true, Says: says})
}

// object sets the values of a node by their paths.
func (a *argo) object(name string, n *yamltree.Node, depth int) {
	switch {
	case n == nil || a.over:
	case depth > maxDepth || len(a.steps) > maxValues:
		a.over = true
		a.pass.Gap(a.at(n), "the values are too many to follow; what the rest of them give the application is not known")
	case n.Kind == yamltree.Scalar:
		a.steps = append(a.steps, a.set("", name, n))
	default:
		for key, v := range n.Pairs() {
			a.object(strings.TrimPrefix(strings.TrimSuffix(name, ".")+"."+key.Str(), "."), v, depth+1)
		}
		for i, v := range n.Items() {
			a.object(name+"["+strconv.Itoa(i)+"]", v, depth+1)
		}
	}
}

// releases makes a release of every application.
func releases(index analyzers.Index) []*analyzers.Facts {
	var joined []*analyzers.Facts
	above := parents(index)
	left := maxReleases
	for _, p := range index.All() {
		for _, f := range index.Facts(p) {
			if f.Analyzer != "helm" {
				continue
			}
			own := &analyzers.Facts{Path: p, Analyzer: f.Analyzer}
			numbers := map[string]int{} // of programs, by name
			for i, program := range f.Programs {
				if _, earlier := numbers[program.Name]; !earlier {
					numbers[program.Name] = i
				}
			}
			_, ofHelmfile := numbers[helmfile]
			made := made{count: map[string]int{}, units: map[string]bool{}, gaps: map[analyzers.Gap]bool{}, left: &left}
			var states []matrix.Combination
			looked := false
			deploys := map[string][]analyzers.Unit{} // by the name of an environment of helmfile
			for _, template := range f.Programs {
				number, ok := strings.CutPrefix(template.Name, application)
				if !ok {
					continue
				}
				r := &maker{index: index, facts: own, template: template, number: number, asks: len(f.Gaps) > 0, made: made}
				if ofHelmfile {
					if !looked {
						states, looked = r.states(p, above), true
					}
					for _, state := range states {
						if !r.make(state, "@") {
							break
						}
						name, _ := state[environmentName].Text()
						deploys[name] = append(deploys[name], own.Units[len(own.Units)-1])
					}
					if len(states) == 0 && r.make(matrix.Combination{environmentName: analyzers.Value{Parts: []analyzers.Part{{Text: "default"}}}}, "") {
						deploys["default"] = append(deploys["default"], own.Units[len(own.Units)-1])
					}
					continue
				}
				i, generated := numbers[generators+number]
				if !generated {
					r.make(matrix.Combination{}, "")
					continue
				}
				for _, parameters := range r.all(f.Programs[i].Steps) {
					r.make(parameters, "@")
				}
			}
			for _, name := range slices.Sorted(maps.Keys(deploys)) {
				var steps []analyzers.Step
				for _, u := range deploys[name] {
					steps = append(steps, analyzers.Step{Op: analyzers.OpRun, At: u.At, Ref: new(u.Runs), Says: "deploys " + u.Name})
				}
				own.Programs = append(own.Programs, analyzers.Program{Name: shell.Helmfile + name, At: steps[0].At, Steps: steps})
			}
			if len(own.Programs) > 0 || len(own.Gaps) > 0 {
				joined = append(joined, own)
			}
		}
	}
	return joined
}

// maker makes the applications of a template.
type maker struct {
	index    analyzers.Index
	facts    *analyzers.Facts
	template analyzers.Program
	number   string
	asks     bool // a gap says already that what makes them is not known
	made     made
}

// made is what a file's templates came to so far.
type made struct {
	count map[string]int  // how many programs, by how their names begin
	units map[string]bool // their ids
	gaps  map[analyzers.Gap]bool
	left  *int // of maxReleases
}

// maxReleases bounds the releases and applications of all files: each of helmfile's releases is one in each of its environments.
const maxReleases = 20_000

// make makes the application that a template comes to with some parameters, unless there are too many. Of those of a set, what parts them stands
// before their names.
func (r *maker) make(parameters matrix.Combination, parts string) bool {
	if *r.made.left--; *r.made.left < 0 {
		if *r.made.left == -1 {
			r.gap(r.template.At, "releases come to too many to make all of them; what the rest of them are given is not known")
		}
		return false
	}
	c := carry.Carrier{Local: parameters}
	u := analyzers.Unit{ID: r.facts.Path + "#" + r.number, Kind: "workload", At: r.template.At}
	sign := func(class analyzers.Class, environments detectors.Environment, says string, at detectors.Place) {
		if environments != 0 {
			u.Signs = append(u.Signs, analyzers.Sign{Class: class, Environments: environments, Says: says, At: at})
		}
	}
	for _, name := range matrix.Names([]matrix.Combination{parameters}) {
		if text, _ := parameters[name].Text(); matrix.Selects(name[strings.LastIndex(name, ".")+1:]) {
			sign(analyzers.Selector, environ.Value(text), "its parameter "+name+" says so", parameters[name].At)
		}
	}
	var steps []analyzers.Step
	unknown, environment := false, ""
	for _, s := range r.template.Steps {
		s.Value = c.Substitute(s.Value)
		text, known := s.Value.Text()
		switch {
		case s.Space == application:
			unknown = unknown || !known
			switch s.Name {
			case "name":
				u.Name = text
				sign(analyzers.Display, environ.Identifier(text), "the name "+text+" says so", s.At)
			case "release":
				u.ID = r.facts.Path + "#" + text
			case "environment":
				environment = text
				sign(analyzers.Selector, environ.Value(text), "its environment of helmfile is "+text, parameters[environmentName].At)
			case "namespace":
				sign(analyzers.Selector, environ.Identifier(text), "its namespace says so", s.At)
			case "cluster":
				sign(analyzers.Selector, environ.Value(text), "its cluster is named so", s.At)
			case "server":
				_, host, _ := strings.Cut(text, "://")
				sign(analyzers.Selector, environ.Host(host), "its cluster's address says so", s.At)
			}
			continue
		case s.Op == analyzers.OpLoad:
			if text, known = c.Substitute(s.Refers().Path).Text(); !known {
				r.gap(s.At, "which file of values it is given is computed; what that holds is not known")
				continue
			}
			file := path.Clean(text)
			sign(analyzers.Given, environ.Path(file), "it is given "+file, s.At)
			if s.Ref = new(analyzers.PathTo(file, values, s.At)); programNamed(r.index, file, values) == nil {
				s = analyzers.Step{Op: analyzers.OpMount, At: s.At, File: new(analyzers.PathTo(file, "", s.At).Path), Says: s.Says} // named so that nobody read it as values
			}
		case s.Op == analyzers.OpMount && s.Name == chart:
			if text, known = c.Substitute(*s.File).Text(); !known { // which chart it is is said of its values
				continue
			}
			s.File = new(analyzers.PathTo(path.Clean(text), "", s.At).Path)
		case s.Op == analyzers.OpMount:
			s.File = new(c.Substitute(*s.File))
			if text, known = s.File.Text(); !known {
				r.gap(s.At, "which template of values it is given is computed; what that holds is not known")
				continue
			}
			file := path.Clean(text)
			sign(analyzers.Given, environ.Path(file), "it is given "+file, s.At)
			steps = append(steps, r.asked(file, s.At, parameters)...)
		}
		steps = append(steps, s)
	}
	sign(analyzers.File, environ.Path(r.facts.Path), "its file is named so", r.template.At)
	if unknown && !r.asks && len(u.Signs) == 0 {
		r.gap(u.At, "where the application is deployed to is computed; for which environment it is is not known")
	}
	program := r.name(&u, parts, environment)
	u.Runs = analyzers.PathTo(r.facts.Path, program, u.At)
	r.facts.Programs = append(r.facts.Programs, analyzers.Program{Name: program, At: u.At, Steps: []analyzers.Step{
		{Op: analyzers.OpRun, At: u.At, Isolated: true, Steps: steps, Says: "deploys with it"},
	}})
	r.facts.Units = append(r.facts.Units, u)
	return true
}

// name gives the unit its id, and one of a set its name, and returns the name of its program.
func (r *maker) name(u *analyzers.Unit, parts, environment string) (program string) {
	program = release + " " + r.number
	if parts != "" {
		made := r.made.count[program+parts]
		r.made.count[program+parts]++
		if u.Name == "" {
			u.Name = strconv.Itoa(made + 1)
		}
		u.ID, program = u.ID+parts+cmp.Or(environment, u.Name), program+parts+strconv.Itoa(made+1)
		if r.made.units[u.ID] {
			u.ID += "-" + strconv.Itoa(made+1)
		}
	}
	r.made.units[u.ID] = true
	return program
}

// gap says, once a place, what is not known.
func (r *maker) gap(at detectors.Place, says string) {
	if gap := (analyzers.Gap{At: at, Says: says}); !r.made.gaps[gap] {
		r.made.gaps[gap] = true
		r.facts.Gaps = append(r.facts.Gaps, gap)
	}
}
