package helm

import (
	"bytes"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/carry"
	"github.com/stagewall/stagewall/analyzers/internal/lazyregexp"
	"github.com/stagewall/stagewall/analyzers/internal/matrix"
	"github.com/stagewall/stagewall/analyzers/internal/yamltree"
)

// A file of helmfile is a program "helmfile": a block for each environment, by its name, of the sets and files of its values, and sources of the files
// that it takes in. Each of its releases is a program "application N", as Argo CD's are (https://helmfile.readthedocs.io/en/latest/).
const (
	helmfile = "helmfile"

	bases     = "bases"     // names of sources
	helmfiles = "helmfiles" // that have releases of their own
	state     = "Values."   // begins the names of an environment's values

	maxHelmfiles = 100 // that take in each other
)

// isHelmfile is a key that a file of helmfile begins with, and isNamedHelmfile what one is called; others are told by what is in them.
var (
	isHelmfile      = lazyregexp.New(`(?m)^(?:environments|helmDefaults|helmfiles|bases|releases):`)
	isNamedHelmfile = lazyregexp.New(`(?:^|/)helmfile(?:[.-][^/]*)?\.ya?ml(?:\.gotmpl)?$|(?:^|/)helmfile\.d/[^/]*\.ya?ml(?:\.gotmpl)?$`)
)

// Braces of templates, and signs of the same length that are plain text to YAML.
var (
	toPlain    = strings.NewReplacer("{{", "¦", "}}", "¬")
	toTemplate = strings.NewReplacer("¦", "{{", "¬", "}}")
	// wholeLine is a line that only an action stands on.
	wholeLine = lazyregexp.New(`(?m)^[ \t]*\{\{[^\n]*\}\}[ \t]*$`)
	computes  = lazyregexp.New(`\{\{-?\s*(?:range|if|with|template|include|else)\b`)
)

// plainly returns a template as YAML of the same length, without the lines that only compute, and where the first of those is that decide over others.
func plainly(data []byte) (out []byte, computed int) {
	out, computed = bytes.Clone(data), -1
	for _, m := range wholeLine.FindAllIndex(data, -1) {
		if computed < 0 && computes.Match(data[m[0]:m[1]]) {
			computed = m[0]
		}
		for i := m[0]; i < m[1]; i++ {
			out[i] = ' '
		}
	}
	return []byte(toPlain.Replace(string(out))), computed
}

// isOfHelmfile reports whether a document has releases of charts, or environments with values.
func isOfHelmfile(n *yamltree.Node) bool {
	for _, item := range n.Get("releases").Items() {
		if item.Get("chart").Str() != "" {
			return true
		}
	}
	found := false
	for _, environment := range n.Get("environments").Pairs() {
		for key := range environment.Pairs() {
			if !slices.Contains([]string{"values", "secrets", "kubeContext", "missingFileHandler", "missingFileHandlerConfig"}, key.Str()) {
				return false
			}
			found = true
		}
		if environment.Str() != "" || len(environment.Items()) > 0 {
			return false
		}
	}
	return found
}

// readHelmfile reads a file of helmfile, and reports whether it is one.
func readHelmfile(pass *analyzers.Pass) bool {
	data, computed := plainly(pass.Data)
	documents, err := yamltree.Read(data)
	if !isNamedHelmfile.MatchString(pass.Path) && !slices.ContainsFunc(documents, isOfHelmfile) {
		return false
	}
	if computed >= 0 {
		pass.Gap(pass.At(computed, computed), "parts of the helmfile are computed; which releases they make, and what those are given, is not known")
	}
	if err != nil {
		pass.Gap(yamltree.Broken(pass, err), "the helmfile does not parse as YAML; which values its releases are given is not known")
	}
	h := &argo{pass: pass, templated: true, plain: true}
	var own []analyzers.Step
	templates := map[string]*yamltree.Node{}
	var releases []*yamltree.Node
	for _, n := range documents {
		for _, name := range []string{bases, helmfiles} {
			for _, item := range n.Get(name).List() {
				if item.IsMapping() {
					item = item.Get("path")
				}
				if item.Str() != "" && !strings.Contains(item.Str(), "://") {
					v := analyzers.Value{At: h.at(item), Parts: h.beside(h.parts(item))}
					own = append(own, analyzers.Step{Op: analyzers.OpSource, At: v.At, Name: name, Ref: &analyzers.Ref{Path: v}, Optional: true})
				}
			}
		}
		for key, environment := range n.Get("environments").Pairs() {
			own = append(own, analyzers.Step{Op: analyzers.OpBlock, At: h.at(key), Name: key.Str(), Steps: h.values(state, environment)})
		}
		for key, one := range n.Get("templates").Pairs() {
			templates[key.Str()] = one
		}
		releases = append(releases, n.Get("releases").Items()...)
	}
	h.program(helmfile, pass.At(0, 0), own)
	for i, n := range releases {
		name := n.Get("name")
		if name.Str() == "" || n.Get("installed").Str() == "false" {
			continue
		}
		h.steps = nil
		if chart := n.Get("chart"); strings.HasPrefix(chart.Str(), ".") {
			h.chart(h.beside(h.parts(chart)), h.at(chart))
		}
		for _, item := range n.Get("inherit").Items() {
			h.steps = append(h.steps, h.values("", templates[item.Get("template").Str()])...)
		}
		h.steps = append(h.steps, h.values("", n)...)
		environment := analyzers.Value{At: h.at(name), Parts: []analyzers.Part{{Hole: &analyzers.Hole{Name: environmentName}}}}
		h.steps = append(h.steps, h.set(application, "name", name), h.set(application, "release", name),
			analyzers.Step{Op: analyzers.OpSet, At: environment.At, Space: application, Name: "environment", Value: environment})
		for _, key := range []string{"namespace", "kubeContext"} {
			if v := n.Get(key); v.Str() != "" {
				h.steps = append(h.steps, h.set(application, map[string]string{"namespace": "namespace", "kubeContext": "cluster"}[key], v))
			}
		}
		h.program(application+strconv.Itoa(i+1), h.at(n), h.steps)
	}
	return true
}

// environmentName is the parameter that the environment's name is.
const environmentName = "Environment.Name"

// beside returns a path in the folder of the file.
func (a *argo) beside(name []analyzers.Part) []analyzers.Part {
	if dir := path.Dir(a.pass.Path); dir != "." {
		return append([]analyzers.Part{{Text: dir + "/"}}, name...)
	}
	return name
}

// values returns the loads and sets of what a release or an environment is given: values, secrets and single values.
func (a *argo) values(prefix string, n *yamltree.Node) []analyzers.Step {
	outer := a.steps
	a.steps = nil
	for _, list := range []string{"values", "secrets"} {
		for _, item := range n.Get(list).Items() {
			switch {
			case item.Kind != yamltree.Scalar:
				a.object(strings.TrimSuffix(prefix+"values", "values"), item, 0)
			case item.Str() == "" || strings.Contains(item.Str(), "://"):
			case strings.HasSuffix(item.Str(), ".gotmpl"):
				v := analyzers.Value{At: a.at(item), Parts: a.beside(a.parts(item))}
				a.steps = append(a.steps, analyzers.Step{Op: analyzers.OpMount, At: v.At, File: &v, Says: "is given what the template comes to"})
			default:
				a.load(nil, a.beside(a.parts(item)), a.at(item), "is given its values")
			}
		}
	}
	for _, one := range n.Get("set").Items() {
		if v := one.Get("value"); v.Str() != "" {
			a.steps = append(a.steps, a.set("", one.Get("name").Str(), v))
		}
	}
	steps := a.steps
	a.steps = outer
	return steps
}

// programNamed returns a program of a file that this analyzer read.
func programNamed(index analyzers.Index, file, name string) *analyzers.Program {
	for _, f := range index.Facts(file) {
		for i := range f.Programs {
			if f.Analyzer == "helm" && f.Programs[i].Name == name {
				return &f.Programs[i]
			}
		}
	}
	return nil
}

// states returns, for each environment that a file of helmfile or one of its bases has, what names in templates stand for.
func (r *maker) states(file string, parents map[string]string) []matrix.Combination {
	byName := map[string]matrix.Combination{}
	var order []string
	seen := map[string]bool{}
	var visit func(file string)
	visit = func(file string) {
		p := programNamed(r.index, file, helmfile)
		if p == nil || seen[file] || len(seen) > maxHelmfiles {
			return
		}
		seen[file] = true
		for _, s := range p.Steps {
			if s.Op == analyzers.OpSource && s.Name == bases {
				text, _ := s.Refers().Path.Text()
				visit(path.Clean(text))
			}
			if s.Op != analyzers.OpBlock {
				continue
			}
			c := byName[s.Name]
			if c == nil {
				c = matrix.Combination{environmentName: analyzers.Value{At: s.At, Parts: []analyzers.Part{{Text: s.Name}}}}
				order, byName[s.Name] = append(order, s.Name), c
			}
			r.state(s.Steps, c)
		}
	}
	for visit(file); len(order) == 0 && parents[file] != "" && !seen[parents[file]]; visit(file) {
		file = parents[file]
	}
	if len(order) > 1 { // without a name one is meant that is called so, if there are no others
		order = slices.DeleteFunc(order, func(name string) bool { return name == "default" })
	}
	var all []matrix.Combination
	for _, name := range order {
		all = append(all, byName[name])
	}
	return all
}

// state adds the values of an environment.
func (r *maker) state(steps []analyzers.Step, to matrix.Combination) {
	c := carry.Carrier{Local: to}
	for _, s := range steps {
		switch s.Op {
		case analyzers.OpSet:
			to[s.Name] = c.Substitute(s.Value)
		case analyzers.OpLoad:
			text, _ := c.Substitute(s.Refers().Path).Text()
			if p := programNamed(r.index, path.Clean(text), values); p != nil {
				for _, one := range p.Steps {
					to[state+one.Name] = one.Value
				}
			}
		}
	}
}

// parents returns, by file of helmfile, the one that takes it in.
func parents(index analyzers.Index) map[string]string {
	all := map[string]string{}
	for _, p := range index.All() {
		program := programNamed(index, p, helmfile)
		if program == nil {
			continue
		}
		for _, s := range program.Steps {
			if text, known := s.Refers().Path.Text(); s.Op == analyzers.OpSource && s.Name == helmfiles && known {
				for _, file := range index.Match(path.Clean(text)) {
					all[file] = p
				}
			}
		}
	}
	return all
}
