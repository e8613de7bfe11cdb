package workflow

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/rhysd/actionlint"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/matrix"
	"github.com/stagewall/stagewall/analyzers/interpolate"
	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/environ"
)

// test is a part of a condition that compares a name with texts. The patterns are those of a [analyzers.Guard].
type test struct {
	name     string // "github.ref_name", "inputs.stage"
	value    analyzers.Value
	patterns []string
	not      bool
}

// Names that tests have and that the linker gives no value.
const (
	branch = "github.ref_name"
	event  = "github.event_name"
	kind   = "github.ref_type"
)

// allows reports whether the test can hold if the name has that text.
func (t test) allows(text string) bool {
	return slices.ContainsFunc(t.patterns, func(p string) bool { return matches(strings.ToLower(p), strings.ToLower(text)) }) != t.not
}

// rulesOut reports whether the test can hold for no branch that a pattern of a trigger fits
// (https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#filter-pattern-cheat-sheet).
func (t test) rulesOut(pattern string) bool {
	prefix, _, several := strings.Cut(pattern, "*")
	switch {
	case strings.ContainsAny(pattern, "?[+"):
		return false
	case !several:
		return !t.allows(pattern)
	}
	suffix := pattern[strings.LastIndexByte(pattern, '*')+1:]
	return !t.not && !slices.ContainsFunc(t.patterns, func(p string) bool {
		return strings.Contains(p, "*") || strings.HasPrefix(p, prefix) && strings.HasSuffix(p, suffix)
	})
}

// matches reports whether a text matches a pattern with at most a leading and a trailing star.
func matches(pattern, text string) bool {
	middle := strings.Trim(pattern, "*")
	switch lead, trail := strings.HasPrefix(pattern, "*"), strings.HasSuffix(pattern, "*"); {
	case lead && trail:
		return strings.Contains(text, middle)
	case lead:
		return strings.HasSuffix(text, middle)
	case trail:
		return strings.HasPrefix(text, middle)
	}
	return pattern == text
}

// contradicts reports whether not both tests can hold.
func (t test) contradicts(u test) bool {
	if t.name != u.name || t.not && u.not {
		return false
	}
	if t.not {
		t, u = u, t
	}
	return !slices.ContainsFunc(t.patterns, func(p string) bool { return strings.ContainsAny(p, "*") || u.allows(p) })
}

// alias says which environments a condition stands for, where the job chooses its environment by it.
type alias struct{ holds, fails []string }

// key identifies what a test asks, whatever the answer.
func (t test) key() string { return t.name + "\x00" + strings.Join(t.patterns, "\x00") }

// asGuards returns those tests that can say something of what a run is for.
func (e *evaluator) asGuards(tests []test) []analyzers.Guard {
	var guards []analyzers.Guard
	for _, t := range tests {
		guard := analyzers.Guard{Value: t.value, Patterns: spellings(t.patterns), Not: t.not}
		if a, ok := e.aliases[t.key()]; ok {
			guard = analyzers.Guard{Value: matrix.Run(t.value.At), Patterns: a.holds}
			if t.not {
				guard.Patterns = a.fails
			}
		} else if t.name == event || t.name == kind {
			continue
		} else if t.name == branch && slices.ContainsFunc(t.patterns, saysNothing) {
			guard = reference(guard)
		}
		guards = append(guards, guard)
	}
	return guards
}

// saysNothing reports whether a branch's name is none of an environment.
func saysNothing(branch string) bool {
	environments := branchEnvironments(branch)
	return environments == 0 || environments != environ.Value(branch)
}

// heads is what the full name of a branch begins with.
const heads = "refs/heads/"

// reference makes the guard ask for the branch's full name, in which nobody sees words of environments: where the branch of a run is not
// known, a branch that stands for none, such as main, can be any run's.
func reference(g analyzers.Guard) analyzers.Guard {
	g.Value.Parts = append([]analyzers.Part{{Text: heads}}, g.Value.Parts...)
	g.Patterns = slices.Clone(g.Patterns)
	for i := range g.Patterns {
		g.Patterns[i] = heads + g.Patterns[i]
	}
	return g
}

// branchEnvironments returns the environments that a pattern of branches stands for; tags stand for none.
func branchEnvironments(pattern string) detectors.Environment {
	if strings.HasPrefix(pattern, "refs/") {
		return 0
	}
	return environ.Branch(strings.Trim(pattern, "*"))
}

// spellings adds the usual other cases of the patterns: expressions compare texts in any case
// (https://docs.github.com/en/actions/reference/workflows-and-actions/expressions#operators).
func spellings(patterns []string) []string {
	var all []string
	for _, p := range patterns {
		lower := strings.ToLower(p)
		all = append(all, p, lower, strings.ToUpper(p))
		if lower != "" {
			all = append(all, strings.ToUpper(lower[:1])+lower[1:])
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// condition returns the tests that must hold for the text of an `if`, with or without delimiters.
func (e *evaluator) condition(source interpolate.Text) []test {
	text := source
	if found := placeholders(source.String); len(found) > 0 {
		p := found[0]
		if len(found) > 1 || strings.TrimSpace(source.String[:p.start]+source.String[p.end:]) != "" {
			return nil // a text, which holds whatever it is
		}
		text = source.Slice(p.offset, p.offset+len(p.source))
	}
	tree := parse(text.String)
	if tree == nil {
		return nil
	}
	x := expression{e, text, e.place(text.Span(0, len(text.String)))}
	return x.tests(tree, false)
}

// tests returns tests that must all hold if the expression holds, or with not if it does not hold. There may be more to it.
func (x expression) tests(n actionlint.ExprNode, not bool) []test {
	switch n := n.(type) {
	case *actionlint.NotOpNode:
		return x.tests(n.Operand, !not)
	case *actionlint.LogicalOpNode:
		return x.both(n, not)
	case *actionlint.CompareOpNode:
		if n.Kind.IsEqualityOp() {
			return x.compare(n.Left, n.Right, not != (n.Kind == actionlint.CompareOpNodeKindNotEq))
		}
	case *actionlint.FuncCallNode:
		return x.function(n, not)
	case *actionlint.ObjectDerefNode, *actionlint.IndexAccessNode:
		if t, ok := x.operand(n); ok {
			t.patterns, t.not = []string{"false", ""}, !not
			return []test{t}
		}
	}
	return nil
}

// isInput reports whether a test says which values an input has.
func isInput(t test) bool { return strings.HasPrefix(t.name, "inputs.") && !t.not }

// startsWithout reports whether a test is for events that start a workflow without inputs.
func startsWithout(t test) bool {
	return t.name == event && !t.not && !t.allows("workflow_dispatch") && !t.allows("workflow_call")
}

// both returns the tests of an "and" or "or". What holds if one of two holds is a test only if both ask the same name, or if one is for an event
// that gives the other's input no value.
func (x expression) both(n *actionlint.LogicalOpNode, not bool) []test {
	left, right := x.tests(n.Left, not), x.tests(n.Right, not)
	if (n.Kind == actionlint.LogicalOpNodeKindAnd) != not {
		return append(left, right...)
	}
	if len(left) == 1 && len(right) == 1 {
		for _, sides := range [][2]test{{left[0], right[0]}, {right[0], left[0]}} {
			if t := sides[0]; isInput(t) && startsWithout(sides[1]) {
				t.patterns = append(slices.Clone(t.patterns), "")
				return []test{t}
			}
		}
	}
	if len(left) != 1 || len(right) != 1 || left[0].name != right[0].name || left[0].not || right[0].not {
		return nil
	}
	left[0].patterns = append(slices.Clone(left[0].patterns), right[0].patterns...)
	return left
}

// compare returns the test of an equation of a name and a text.
func (x expression) compare(a, b actionlint.ExprNode, not bool) []test {
	if text, ok := constant(a); ok {
		a, b = b, a
		return x.test(a, text, not)
	}
	if text, ok := constant(b); ok {
		return x.test(a, text, not)
	}
	return nil
}

func constant(n actionlint.ExprNode) (string, bool) {
	switch n := n.(type) {
	case *actionlint.StringNode:
		return n.Value, true
	case *actionlint.BoolNode:
		if n.Value {
			return "true", true
		}
		return "false", true
	}
	return "", false
}

func (x expression) test(n actionlint.ExprNode, text string, not bool) []test {
	t, ok := x.operand(n)
	if !ok || strings.ContainsAny(text, "*?") || !isWord(text) {
		return nil
	}
	if t.name == branch {
		text = strings.TrimPrefix(text, heads)
	}
	t.patterns, t.not = []string{text}, not
	return []test{t}
}

// isWord reports whether a text is short and plain enough to be a name, and not a credential.
func isWord(text string) bool {
	return len(text) <= 20 || len(text) <= 64 && !strings.ContainsAny(text, "0123456789")
}

// function returns the tests of contains, startsWith and endsWith.
func (x expression) function(n *actionlint.FuncCallNode, not bool) []test {
	if len(n.Args) != 2 {
		return nil
	}
	callee := strings.ToLower(n.Callee)
	if callee == "contains" {
		if list, ok := constants(n.Args[0]); ok {
			return x.among(list, n.Args[1], not)
		}
	}
	text, ok := constant(n.Args[1])
	if !ok {
		return nil
	}
	found := x.test(n.Args[0], text, not)
	for i := range found {
		p := found[i].patterns[0]
		switch callee {
		case "contains":
			p = "*" + p + "*"
		case "startswith":
			p += "*"
		case "endswith":
			p = "*" + p
		default:
			return nil
		}
		found[i].patterns[0] = p
	}
	return found
}

// constants returns the texts of fromJSON('["a", "b"]').
func constants(n actionlint.ExprNode) (list []string, ok bool) {
	call, ok := n.(*actionlint.FuncCallNode)
	if !ok || !strings.EqualFold(call.Callee, "fromJSON") || len(call.Args) != 1 {
		return nil, false
	}
	text, ok := call.Args[0].(*actionlint.StringNode)
	if !ok || json.Unmarshal([]byte(text.Value), &list) != nil {
		return nil, false
	}
	return list, len(list) > 0
}

func (x expression) among(list []string, n actionlint.ExprNode, not bool) []test {
	var all []test
	for _, text := range list {
		found := x.test(n, text, not)
		if len(found) == 0 {
			return nil
		}
		if all == nil {
			all = found
		} else {
			all[0].patterns = append(all[0].patterns, found[0].patterns...)
		}
	}
	return all
}

// operand returns the name that an operand asks for: (name || 'text') is a name of its own. References of git are asked for by the
// branch's name.
func (x expression) operand(n actionlint.ExprNode) (test, bool) {
	if or, ok := n.(*actionlint.LogicalOpNode); ok && or.Kind == actionlint.LogicalOpNodeKindOr {
		return x.fallingBack(or)
	}
	names, computed := x.path(n)
	if len(names) < 2 || computed != nil {
		return test{}, false
	}
	t := test{name: strings.Join(names, "."), value: x.name(n)}
	switch names[0] {
	case "inputs", "matrix", "env", "vars", "needs", "steps":
		return t, true
	case "github":
	default:
		return test{}, false
	}
	switch t.name {
	case "github.ref", "github.ref_name", "github.event.workflow_run.head_branch", "github.event.ref":
		t.name = branch
		t.value = hole(x.at, analyzers.Hole{Space: "github", Name: "ref_name"})
	case event, kind, "github.event.deployment.environment", "github.event.client_payload.environment":
	default:
		if names[1] != "event" || len(names) < 4 || names[2] != "inputs" {
			return test{}, false
		}
		t.name = "inputs." + names[3]
	}
	return t, true
}

// fallingBack returns the test of a name, or several, that fall back on a name or a text.
func (x expression) fallingBack(or *actionlint.LogicalOpNode) (test, bool) {
	first, ok := x.operand(or.Left)
	if !ok || first.name == branch {
		return test{}, false
	}
	rest, ok := constant(or.Right)
	if !ok {
		next, ok := x.operand(or.Right)
		if !ok || next.name == branch {
			return test{}, false
		}
		rest = next.name
	}
	return test{name: first.name + " || " + rest, value: x.value(or)}, true
}
