package compose

import (
	"path"
	"slices"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/code"
	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/environ"
)

// signs returns what says in which environment a service runs.
func (j *joiner) signs(p *project, service string, last definition, merged []analyzers.Step, c *container) []analyzers.Sign {
	signs := slices.Concat(j.started(p, service, merged), p.name)
	file := func(class analyzers.Class, file, says string, at detectors.Place) {
		if e := environ.Path(file); e != 0 {
			signs = append(signs, analyzers.Sign{Class: class, Environments: e, Says: says + " says " + e.String(), At: at})
		}
	}
	for _, f := range slices.Concat(p.files, p.parts[service]) {
		if f != last.file {
			file(analyzers.File, f, "a compose file's name", detectors.Place{Path: f})
		}
	}
	for _, f := range p.env {
		if path.Base(f) != ".env" {
			file(analyzers.Given, path.Base(f), "the name of the project's variables' file", detectors.Place{Path: f})
		}
	}
	for _, s := range merged {
		switch s.Op {
		case analyzers.OpLoad:
			if text, known := j.text(s.Refers().Path, p.loads[service]); known {
				file(analyzers.Given, text, "an env_file's name", s.At)
			}
		case opProfile:
			if e := environ.Value(s.Name); e != 0 {
				signs = append(signs, analyzers.Sign{Class: analyzers.Selector, Environments: e, Says: "its profile says " + e.String(), At: s.At})
			}
		case opSign:
			sign := analyzers.Sign{Class: analyzers.Class(s.Phase), Environments: environments(s.Name), Says: s.Says, At: s.At}
			if len(s.Value.Parts) > 0 {
				value := s.Value
				sign.Value = &value
			}
			signs = append(signs, sign)
		}
	}
	signs = append(signs, j.selectors(p.loads[service], c.steps)...)
	if e := environ.Identifier(service); e != 0 {
		signs = append(signs, analyzers.Sign{Class: analyzers.Display, Environments: e, Says: "the service's name says " + e.String(), At: last.at})
	}
	return signs
}

// started returns what is known of the callers that start a service.
func (j *joiner) started(p *project, service string, merged []analyzers.Step) (signs []analyzers.Sign) {
	var profiles []string
	for _, s := range merged {
		if s.Op == opProfile {
			profiles = append(profiles, s.Name)
		}
	}
	var given []string // by the project's variables
	for _, env := range p.env {
		given = append(given, active(j.variables(env))...)
	}
	for _, call := range p.calls {
		call.profiles = slices.Concat(call.profiles, given)
		if call.starts(service, profiles) {
			signs = append(signs, call.signs...)
		}
	}
	return signs
}

// environments reads what detectors.Environment.String writes.
func environments(text string) detectors.Environment {
	var all detectors.Environment
	for _, name := range strings.Split(text, ", ") {
		if e, ok := detectors.EnvironmentNamed(name); ok {
			all |= e
		}
	}
	return all
}

// nameSign returns what the project's name says.
func (j *joiner) nameSign(s analyzers.Step, loads []analyzers.Step) []analyzers.Sign {
	text, _ := j.text(s.Value, loads)
	if e := environ.Identifier(text); e != 0 {
		return []analyzers.Sign{{Class: analyzers.File, Environments: e, Says: "the project's name says " + e.String(), At: s.At}}
	}
	return nil
}

// givenName returns what the name says that the project's variables give it.
// https://docs.docker.com/compose/how-tos/environment-variables/envvars/#compose_project_name
func (j *joiner) givenName(s set, loads []analyzers.Step) []analyzers.Sign {
	text, _ := j.variable("COMPOSE_PROJECT_NAME", loads, 0)
	if e := environ.Identifier(text); e != 0 {
		at := detectors.Place{Path: s.env[len(s.env)-1]}
		return []analyzers.Sign{{Class: analyzers.File, Environments: e, Says: "COMPOSE_PROJECT_NAME says " + e.String(), At: at}}
	}
	return nil
}

// selectors returns what the container's variables that select an environment say. Of several settings of one the last stands.
func (j *joiner) selectors(loads, steps []analyzers.Step) []analyzers.Sign {
	var names []string
	found := map[string]analyzers.Sign{}
	set := func(s analyzers.Step, at detectors.Place, class analyzers.Class) {
		if !environ.Selector(s.Name) || s.Space != "" {
			return
		}
		if _, ok := found[s.Name]; !ok {
			names = append(names, s.Name)
		}
		text, _ := j.text(s.Value, loads)
		e := environ.Value(text)
		if code.ClassOf(s.Name) == analyzers.Mode && e == detectors.Production {
			class = analyzers.Display
		}
		found[s.Name] = analyzers.Sign{Class: class, Environments: e, Says: s.Name + " says " + e.String(), At: at}
	}
	for _, s := range steps {
		switch {
		case s.Op == analyzers.OpSet:
			set(s, s.At, analyzers.Selector)
		case s.Op == analyzers.OpLoad && s.Space == "":
			if text, known := j.text(s.Refers().Path, loads); known {
				for _, v := range j.selecting(text) {
					set(v, s.At, analyzers.Given) // a file for production does not make what staging gives it to production
				}
			}
		}
	}
	var signs []analyzers.Sign
	for _, n := range names {
		if found[n].Environments != 0 {
			signs = append(signs, found[n])
		}
	}
	return signs
}

// variables returns what a dotenv file sets.
func (j *joiner) variables(file string) []analyzers.Step { return variablesOf(j.index, file) }

func variablesOf(index analyzers.Index, file string) []analyzers.Step {
	for _, f := range index.Facts(file) {
		for i := range f.Programs {
			if f.Programs[i].Name == "" && f.Analyzer == "dotenv" {
				return f.Programs[i].Steps
			}
		}
	}
	return nil
}

// selecting returns what of it selects an environment. It is looked for once: long files are given to many services.
func (j *joiner) selecting(file string) []analyzers.Step {
	found, ok := j.selects[file]
	if !ok {
		variables := j.variables(file)
		for i := range variables {
			if environ.Selector(variables[i].Name) {
				found = append(found, variables[i])
			}
		}
		j.selects[file] = found
	}
	return found
}

// text returns the text of a value with the project's variables filled in, as far as files say what they are.
func (j *joiner) text(v analyzers.Value, loads []analyzers.Step) (string, bool) {
	return j.fill(v, loads, 0)
}

// maxFill bounds variables that are filled from others.
const maxFill = 8

func (j *joiner) fill(v analyzers.Value, loads []analyzers.Step, depth int) (string, bool) {
	if depth > maxFill {
		return "", false
	}
	var b strings.Builder
	for _, p := range v.Parts {
		switch {
		case p.Hole == nil && p.Text == "" && !p.Span.Empty():
			return "", false // a token
		case p.Hole == nil:
			b.WriteString(p.Text)
		default:
			text, known := j.variable(p.Hole.Name, loads, depth)
			if p.Hole.Default != nil && (!known || text == "" && !p.Hole.Unset) {
				text, known = j.fill(*p.Hole.Default, loads, depth+1)
			}
			if !known {
				return "", false
			}
			b.WriteString(text)
		}
	}
	return b.String(), true
}

// variable returns a variable of the project.
func (j *joiner) variable(name string, loads []analyzers.Step, depth int) (text string, known bool) {
	for _, load := range loads {
		if load.Op == analyzers.OpSet {
			if load.Name != name {
				continue
			}
			if own, gives, tells := j.caller(&load).text(j, name); gives {
				text, known = own, tells
			}
			continue
		}
		file, _ := load.Refers().Path.Text()
		if load.IfUnset && known {
			continue
		}
		for _, s := range j.variables(file) {
			if s.Name == name {
				text, known = j.fill(s.Value, loads, depth+1)
			}
		}
	}
	return text, known
}
