package agentfiles

import (
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/lazyregexp"
	"github.com/stagewall/stagewall/analyzers/internal/tree"
)

// holeExpr finds the variables in settings: ${NAME}, ${NAME:-default}, ${env:NAME} and ${input:id}
// (https://code.claude.com/docs/en/mcp, https://cursor.com/docs/mcp.md), opencode's {env:NAME}, and $NAME where a tool expands it.
var holeExpr = lazyregexp.New(`\$\{([^{}]*)\}|\{env:([A-Za-z_][A-Za-z0-9_]*)\}|\$([A-Za-z_][A-Za-z0-9_]*)`)

// literal returns the value of a node in which nothing is expanded.
func (s *session) literal(n *tree.Node) analyzers.Value { return n.Value(s.pass) }

// template returns the value of a node in which the tool's variables are expanded.
func (s *session) template(n *tree.Node) analyzers.Value {
	value := analyzers.Value{At: s.pass.At(n.Span.Start, n.Span.End)}
	from := 0
	for _, m := range holeExpr.FindAllStringSubmatchIndex(n.Text, -1) {
		hole := s.hole(n, m)
		if hole == nil {
			continue
		}
		if m[0] > from {
			value.Parts = append(value.Parts, n.Part(s.pass.Data, from, m[0]))
		}
		value.Parts = append(value.Parts, analyzers.Part{Hole: hole})
		from = m[1]
	}
	if from < len(n.Text) {
		value.Parts = append(value.Parts, n.Part(s.pass.Data, from, len(n.Text)))
	}
	return value
}

// hole returns what a match of holeExpr in the node's text stands for, nil if it is text after all.
func (s *session) hole(n *tree.Node, m []int) *analyzers.Hole {
	group := func(i int) string {
		if m[2*i] < 0 {
			return ""
		}
		return n.Text[m[2*i]:m[2*i+1]]
	}
	switch {
	case m[2] >= 0:
		name, _, defaulted := strings.Cut(group(1), ":-")
		if id, ok := strings.CutPrefix(name, "input:"); ok { // asked of a person, who may give anything
			return &analyzers.Hole{Space: "inputs", Name: id}
		}
		hole := &analyzers.Hole{Name: strings.TrimPrefix(name, "env:")}
		if defaulted {
			at := m[2] + len(name) + len(":-")
			fallback := analyzers.Value{At: s.pass.At(n.Span.Start, n.Span.End), Parts: []analyzers.Part{n.Part(s.pass.Data, at, m[3])}}
			hole.Default = &fallback
		}
		return hole
	case m[4] >= 0 && s.tool.name == "opencode":
		return &analyzers.Hole{Name: group(2)}
	case m[6] >= 0 && s.tool.bare:
		return &analyzers.Hole{Name: group(3)}
	}
	return nil
}

// variable returns the value of the variable that a node names.
func (s *session) variable(n *tree.Node) analyzers.Value {
	return analyzers.Value{At: s.pass.At(n.Span.Start, n.Span.End), Parts: []analyzers.Part{{Hole: &analyzers.Hole{Name: n.Str()}}}}
}

// folderExpr is the project's own folder at the beginning of a path.
var folderExpr = lazyregexp.New(`^\$\{?(?:workspaceFolder|workspaceRoot|CLAUDE_PROJECT_DIR|PWD)\}?/`)

// path returns the path that a node names, relative to the project's folder.
func (s *session) path(n *tree.Node) analyzers.Value {
	if m := folderExpr.FindString(n.Text); m != "" {
		return analyzers.Value{At: s.pass.At(n.Span.Start, n.Span.End), Parts: []analyzers.Part{n.Part(s.pass.Data, len(m), len(n.Text))}}
	}
	return s.template(n)
}
