package circleci

import (
	"path"
	"slices"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/carry"
	"github.com/stagewall/stagewall/analyzers/internal/matrix"
	"github.com/stagewall/stagewall/analyzers/internal/yamltree"
	"github.com/stagewall/stagewall/analyzers/interpolate"
	"github.com/stagewall/stagewall/analyzers/shell"
	"github.com/stagewall/stagewall/detectors"
)

// list reads steps in a scope that is not deeper than the reader's.
func (s *scope) list(items []*yamltree.Node, in *scope) {
	for _, item := range items {
		if s.made++; in.depth > maxNested || s.made > maxSteps || s.scripts > maxScripts {
			s.tooMany(item)
			return
		}
		in.step(item)
	}
}

// tooMany reports, once a file, that not all steps are followed.
func (f *file) tooMany(n *yamltree.Node) {
	if !f.over {
		f.over = true
		f.pass.Gap(f.at(n), "the steps of the jobs are too many to follow; what the rest of them reach is not known")
	}
}

// step reads one step: a name, or a mapping of one name to settings.
func (s *scope) step(n *yamltree.Node) {
	if n.Str() != "" {
		s.call(n, nil)
	}
	for key, settings := range n.Pairs() {
		s.call(key, settings)
	}
}

// call reads a step by its name.
func (s *scope) call(key, settings *yamltree.Node) {
	name := key.Str()
	if m := placeholder.FindStringSubmatch(name); m != nil && m[1] != "" {
		if g, ok := s.steps[strings.TrimPrefix(m[1], "parameters.")]; ok {
			inner := *g.scope
			inner.depth = s.depth + 1
			s.list(g.items, &inner)
		}
		return
	}
	switch name {
	case "run", "deploy":
		s.run(settings)
	case "checkout":
		s.emit(analyzers.Step{
			Op: analyzers.OpSee, At: s.at(key), File: &analyzers.Value{Parts: []analyzers.Part{{Text: "."}}}, Tracked: true, Says: "checks the repository out",
		})
	case "add_ssh_keys":
		s.keys(key, settings)
	case "persist_to_workspace":
		s.persist(settings)
	case "attach_workspace":
		s.attach(key)
	case "save_cache":
		s.save(settings)
	case "restore_cache":
		s.restore(key, settings)
	case "when", "unless":
		s.conditional(settings, name == "unless")
	default:
		if command := s.root.Get("commands", name); command != nil {
			inner := s.declared(command, settings)
			s.list(command.Get("steps").Items(), inner)
		} else if strings.Contains(name, "/") {
			s.orb(key, settings)
		}
	}
}

// keys adds keys that the project has to those that ssh, and so git, takes in the job: the ones with the fingerprints, or else all.
// https://circleci.com/docs/guides/integration/add-ssh-key/
func (s *scope) keys(key, settings *yamltree.Node) {
	add := func(n *yamltree.Node, fingerprint string) {
		at := s.at(n)
		s.emit(analyzers.Step{
			Op: analyzers.OpUse, At: at, Sink: &detectors.Sink{Tool: "ssh"}, Says: "is added to the job's SSH keys",
			Value: hole(at, analyzers.Hole{Space: store.Name, Name: fingerprint, Store: store.Name, Scope: store.Scope + "/ssh-keys"}),
		})
	}
	fingerprints := settings.Get("fingerprints").Items()
	for _, n := range fingerprints {
		if text, ok := s.template(n).Text(); ok {
			add(n, text)
		}
	}
	if len(fingerprints) == 0 {
		add(key, "*")
	}
}

// orb hands the parameters of a command or job to the orb that it is of.
func (s *scope) orb(key, settings *yamltree.Node) {
	name, rest, _ := strings.Cut(key.Str(), "/")
	tool := key.Str()
	if full, _, _ := strings.Cut(s.root.Get("orbs", name).Str(), "@"); full != "" {
		tool = full + "/" + rest
	}
	for parameter, n := range settings.Pairs() {
		if n.Kind != yamltree.Scalar || ownSettings[parameter.Str()] {
			continue
		}
		v := s.expanded(n)
		s.emit(analyzers.Step{
			Op: analyzers.OpUse, At: s.at(parameter), Value: v, Sink: &detectors.Sink{Tool: tool}, Says: "is handed to " + tool,
		})
		if !s.decided && matrix.Selects(parameter.Str()) {
			s.sign(analyzers.Selector, "the parameter "+parameter.Str()+" "+described(v), v)
		}
		if continues[parameter.Str()] {
			s.pass.Facts.Programs = append(s.pass.Facts.Programs, analyzers.Program{Name: continued, At: s.at(n), Steps: []analyzers.Step{
				{Op: analyzers.OpSource, At: s.at(n), Ref: &analyzers.Ref{Path: v}, Optional: true},
			}})
		}
	}
	s.emit(analyzers.Step{Op: analyzers.OpCall, At: s.at(key), Sink: &detectors.Sink{Tool: tool}})
}

// continues are the parameters by which the orbs for dynamic configuration are told the file to go on with, and continued is the name of the
// programs that say which files those are. https://circleci.com/docs/guides/orchestrate/dynamic-config/
var continues = map[string]bool{"configuration_path": true, "configuration-path": true, "config-path": true, "config_path": true}

const continued = "goes on"

// ownSettings are the keys of a job's use that are no parameters (https://circleci.com/docs/reference/configuration-reference/#jobs-in-workflow).
var ownSettings = map[string]bool{"name": true, "context": true, "requires": true, "filters": true, "type": true, "matrix": true, "serial-group": true}

// conditional reads steps under a condition.
func (s *scope) conditional(n *yamltree.Node, not bool) {
	c := s.condition(n.Get("condition"), 0)
	if not {
		c = c.contrary()
	}
	if c.known && !c.holds {
		return
	}
	outer := s.out
	s.out = nil
	inner := *s
	inner.depth++
	s.list(n.Get("steps").Items(), &inner)
	s.out = append(outer, block(c.guards, s.out)...)
}

// condition is what is known of one: whether it holds, or guards that must allow it.
type condition struct {
	known, holds bool
	guards       []analyzers.Guard
}

func (c condition) contrary() condition {
	switch {
	case c.known:
		return condition{known: true, holds: !c.holds}
	case len(c.guards) == 1:
		guard := c.guards[0]
		guard.Not = !guard.Not
		return condition{guards: []analyzers.Guard{guard}}
	}
	return condition{}
}

// condition reads a logic statement (https://circleci.com/docs/reference/configuration-reference/#logic-statements).
func (s *scope) condition(n *yamltree.Node, depth int) condition {
	if depth > maxNested || n == nil {
		return condition{}
	}
	if n.Kind == yamltree.Scalar {
		return s.truth(n)
	}
	for key, v := range n.Pairs() {
		switch key.Str() {
		case "not":
			return s.condition(v, depth+1).contrary()
		case "and":
			return s.both(v.Items(), depth)
		case "or":
			return s.either(v.Items(), depth)
		case "equal":
			return s.equal(v.Items())
		}
	}
	return condition{}
}

// truth reads a value as a condition: it does not hold if it is false or empty.
func (s *scope) truth(n *yamltree.Node) condition {
	v := s.template(n)
	if strings.Contains(n.Str(), "==") || strings.HasPrefix(n.Str(), "pipeline.") || strings.HasPrefix(n.Str(), "not ") {
		return condition{} // an expression
	}
	falsy := []string{"false", "", "0", "null"}
	if text, known := v.Text(); known {
		return condition{known: true, holds: !slices.Contains(falsy, text)}
	}
	return condition{guards: []analyzers.Guard{{Value: v, Patterns: falsy, Not: true}}}
}

func (s *scope) both(items []*yamltree.Node, depth int) condition {
	all := condition{known: true, holds: true}
	for _, item := range items {
		c := s.condition(item, depth+1)
		if c.known && !c.holds {
			return c
		}
		all.known = all.known && c.known
		all.guards = append(all.guards, c.guards...)
	}
	return all
}

func (s *scope) either(items []*yamltree.Node, depth int) condition {
	var open []condition
	for _, item := range items {
		c := s.condition(item, depth+1)
		if c.known && c.holds {
			return c
		}
		if !c.known {
			open = append(open, c)
		}
	}
	switch len(open) {
	case 0:
		return condition{known: true}
	case 1:
		return open[0]
	}
	return condition{}
}

// equal compares values with each other: all must be the same.
func (s *scope) equal(items []*yamltree.Node) condition {
	if len(items) != 2 {
		return condition{}
	}
	a, b := s.template(items[0]), s.template(items[1])
	x, knownX := a.Text()
	y, knownY := b.Text()
	switch {
	case knownX && knownY:
		return condition{known: true, holds: x == y}
	case knownX:
		a, y = b, x
	case !knownY:
		return condition{}
	}
	if !isName(y) {
		return condition{}
	}
	return condition{guards: []analyzers.Guard{{Value: a, Patterns: []string{y}}}}
}

// run reads a step that runs a command.
func (s *scope) run(n *yamltree.Node) {
	command := n
	if n.IsMapping() {
		command = n.Get("command")
	}
	if command.Str() == "" {
		return
	}
	at := s.at(command)
	sets := s.variables(n.Get("environment"))
	s.selectors(n.Get("environment"))
	if !isShell(n.Get("shell").Str()) {
		v := s.template(command)
		use := analyzers.Step{Op: analyzers.OpUse, At: at, Value: v, Says: "is written into the script"}
		s.emit(analyzers.Step{Op: analyzers.OpRun, At: at, Steps: append(sets, use)})
		return
	}
	script, fills := s.script(command.Source())
	if script.String == "" {
		return
	}
	s.scripts += len(script.String)
	dir, _ := s.template(n.Get("working_directory")).Text()
	dir = inside(dir, s.workspace())
	body, signs := shell.Read(s.pass, []byte(script.String), 0, shell.Options{
		Name: "run step", Dir: dir, Fills: fills, Variables: true, Map: func(offset int) int { return offsetIn(script, offset) },
	})
	for _, sign := range signs {
		if !s.decided && !slices.ContainsFunc(s.signs, func(known analyzers.Sign) bool { return known.At == sign.At && known.Says == sign.Says }) {
			s.signs = append(s.signs, sign)
		}
	}
	all := append(sets, body...)
	s.emit(analyzers.Step{Op: analyzers.OpRun, At: at, Steps: all})
	for _, set := range carried(all) {
		if s.emit(set); set.Op == analyzers.OpSet {
			s.given[set.Name] = set.Value
		}
	}
	s.wrote(dir, all)
}

// offsetIn returns the file's offset of an offset of the text; the text's length is the end of its last byte.
func offsetIn(text interpolate.Text, offset int) int {
	if offset < len(text.String) {
		return text.Span(offset, offset+1).Start
	}
	return text.Span(offset-1, offset).End
}

// isShell reports whether a step's shell is one whose language is that of sh; without any it is bash.
func isShell(command string) bool {
	words := strings.Fields(command)
	return len(words) == 0 || strings.HasPrefix(command, "<<") || slices.ContainsFunc(words, func(word string) bool {
		switch path.Base(word) {
		case "bash", "sh", "dash", "ksh", "zsh", "bash.exe":
			return true
		}
		return false
	})
}

// carried returns the steps by which what a script appended to $BASH_ENV is there for the steps after it
// (https://circleci.com/docs/guides/security/set-environment-variable/#set-an-environment-variable-in-a-step).
func carried(body []analyzers.Step) []analyzers.Step {
	c := carry.Carrier{Local: map[string]analyzers.Value{}, Out: func(s analyzers.Step, file string, v analyzers.Value) []analyzers.Step {
		if strings.Trim(file, "${}") != "BASH_ENV" {
			return nil
		}
		out := set("", s.Name, sourced(v), s.At)
		out.Says = "was written to $BASH_ENV"
		return []analyzers.Step{out}
	}}
	return c.Steps(body)
}

// sourced returns what a line of a file comes to in a shell that reads the file: names that were written as they are get their values.
func sourced(v analyzers.Value) analyzers.Value {
	out := analyzers.Value{At: v.At}
	for _, part := range v.Parts {
		if part.Hole == nil && strings.Contains(part.Text, "$") && len(part.Text) == part.Span.End-part.Span.Start {
			out.Parts = append(out.Parts, interpolate.Syntax{Escape: '\\'}.Parts(interpolate.Plain(part.Text, part.Span.Start))...)
		} else {
			out.Parts = append(out.Parts, part)
		}
	}
	return out
}
