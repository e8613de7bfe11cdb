package agentfiles

import (
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/tree"
	"github.com/stagewall/stagewall/detectors"
)

// session is what one settings file says.
type session struct {
	pass   *analyzers.Pass
	tool   *tool
	root   *tree.Node
	folder string // the folder that the settings are for
	steps  []analyzers.Step
}

// at returns a node's place.
func (s *session) at(n *tree.Node) detectors.Place { return n.Place(s.pass) }

// environment sets what the settings define for the session.
func (s *session) environment() {
	switch s.tool.name {
	case "claude":
		s.steps = append(s.steps, s.sets(s.root.Get("env"), s.literal)...)
	case "codex":
		s.steps = append(s.steps, s.sets(s.root.Get("shell_environment_policy", "set"), s.literal)...)
	case "gemini": // https://geminicli.com/docs/reference/configuration.md: the first of these files, no variable twice
		for _, file := range []string{".gemini/.env", ".env"} {
			s.steps = append(s.steps, s.load(file, detectors.Place{Path: s.pass.Path, Line: 1, Column: 1}, "Gemini loads it when it starts"))
		}
	case "copilot": // https://code.visualstudio.com/docs/terminal/profiles: the terminals that the agent uses have it
		for _, system := range []string{"linux", "osx", "windows"} {
			s.steps = append(s.steps, s.sets(s.root.Get("terminal.integrated.env."+system), s.template)...)
		}
	}
}

// sets returns the steps that set an object's members.
func (s *session) sets(object *tree.Node, value func(*tree.Node) analyzers.Value) []analyzers.Step {
	var steps []analyzers.Step
	for _, member := range object.Keys() {
		if member.Kind == tree.String || member.Kind == tree.Other {
			steps = append(steps, analyzers.Step{
				Op: analyzers.OpSet, At: s.at(member), Name: member.Key, Value: value(member), Export: true,
			})
		}
	}
	return steps
}

func (s *session) load(file string, at detectors.Place, says string) analyzers.Step {
	return analyzers.Step{
		Op: analyzers.OpLoad, At: at, Ref: new(analyzers.PathTo(file, "", at)), Export: true, IfUnset: true, Optional: true, Says: says,
	}
}

// checkout makes the session see the checkout, but for what the tool keeps from it.
func (s *session) checkout() {
	except := ""
	switch {
	case s.tool.name == "claude":
		except = deniedBy(s.pass.Path) // made by join, if anything is denied
		if patterns := s.denied(); len(patterns) > 0 {
			s.pass.Facts.Ignores = &analyzers.Ignores{Syntax: "git", Tool: s.tool.name, Patterns: patterns}
		}
	case s.tool.ignore != "" && s.shellExcluded():
		except = strings.TrimPrefix(s.folder+"/"+s.tool.ignore, "/")
	}
	s.steps = append(s.steps, sight(s.at(nil), s.folder, except, s.unasked()))
}

// sight is the step of seeing the checkout. The session's program starts in the folder that the settings are for; what lies above is
// seen as well.
func sight(at detectors.Place, folder, except, says string) analyzers.Step {
	root := "."
	if folder != "" {
		root = strings.TrimSuffix(strings.Repeat("../", strings.Count(folder, "/")+1), "/")
	}
	return analyzers.Step{
		Op: analyzers.OpSee, At: at, File: &analyzers.Value{Parts: []analyzers.Part{{Text: root}}}, Except: except, Says: says,
	}
}

// unit returns the session's unit with what it may do unasked.
func (s *session) unit() analyzers.Unit {
	unit := unitOf(s.pass.Path, s.tool.title, analyzers.PathTo(s.pass.Path, "", s.at(nil)))
	for _, g := range s.grants() {
		unit.Signs = append(unit.Signs, analyzers.Sign{Class: analyzers.Declared, Says: g.says, At: s.at(g.node)})
	}
	return unit
}
