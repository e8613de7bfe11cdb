package cloudformation

import (
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/code"
	"github.com/stagewall/stagewall/analyzers/internal/lazyregexp"
	"github.com/stagewall/stagewall/analyzers/internal/yamltree"
	"github.com/stagewall/stagewall/analyzers/interpolate"
	"github.com/stagewall/stagewall/analyzers/shell"
	"github.com/stagewall/stagewall/detectors"
)

const (
	maxDepth = 64  // nodes in each other
	maxFound = 500 // look-ups of a template
	unfilled = "\x00"
)

// template is a template while it is read for what it looks up.
type template struct {
	pass       *analyzers.Pass
	steps      []analyzers.Step
	parameters map[string]bool
	found      int
}

// read adds the program of those who deploy the template.
func (t *template) read(root *yamltree.Node) {
	t.parameters = map[string]bool{}
	for name, parameter := range root.Get("Parameters").Pairs() {
		t.parameters[name.Str()] = true
		if otherwise := parameter.Get("Default"); otherwise != nil && otherwise.Kind == yamltree.Scalar {
			place := at(t.pass, otherwise)
			t.steps = append(t.steps, analyzers.Step{
				Op: analyzers.OpSet, At: place, Space: shell.Stack, Name: name.Str(), Value: analyzers.Literal(otherwise.Str(), place), IfUnset: true,
			})
		}
	}
	for _, resource := range root.Get("Resources").Pairs() {
		properties := resource.Get("Properties")
		t.values(properties, 0)
		if resource.Get("Type").Str() == "AWS::ECS::TaskDefinition" {
			t.task(properties)
		}
	}
	if t.found > 0 {
		t.pass.Facts.Programs = append(t.pass.Facts.Programs, analyzers.Program{Name: shell.StackTemplate, At: t.pass.At(0, 0), Steps: t.steps})
	}
}

// values looks for dynamic references in all texts below a node.
func (t *template) values(n *yamltree.Node, depth int) {
	if n == nil || depth > maxDepth {
		return
	}
	pieces := t.pieces(n, 0)
	if pieces != nil {
		t.references(n, pieces)
	}
	function, argument := call(n)
	switch {
	case pieces == nil:
		for _, v := range n.Pairs() {
			t.values(v, depth+1)
		}
		for _, item := range n.Items() {
			t.values(item, depth+1)
		}
	case function == "Sub" && len(argument.Items()) > 1: // what some names in the text are
		for _, v := range argument.Items()[1].Pairs() {
			t.values(v, depth+1)
		}
	case function == "Join":
		for _, item := range argument.Items()[1].Items() {
			if t.pieces(item, 0) == nil {
				t.values(item, depth+1)
			}
		}
	}
}

// task reads what the containers of a task get of secrets: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-ecs-taskdefinition-secret.html
func (t *template) task(properties *yamltree.Node) {
	for _, container := range properties.Get("ContainerDefinitions").Items() {
		for _, secret := range container.Get("Secrets").Items() {
			for _, n := range chosen(secret.Get("ValueFrom"), 0) {
				t.addressed(n)
			}
		}
	}
}

// addressed notes the secret that has an address, or the parameter that has a name. What the template makes itself has an address that nothing tells.
func (t *template) addressed(n *yamltree.Node) {
	pieces := t.pieces(n, 0)
	flat := flatten(pieces)
	store := detectors.ParameterStore
	if strings.Contains(flat, ":secretsmanager:") || strings.Contains(flat, ":secret:") {
		store = detectors.SecretsManager
	}
	function, argument := call(n)
	if function == "Ref" && t.parameters[argument.Str()] || strings.Trim(flat, unfilled+"/:") != "" {
		t.looksUp(n, store, nil, interpolate.Parts(pieces))
	}
}

// chosen returns the values between which conditions choose.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-conditions.html#intrinsic-function-reference-conditions-if
func chosen(n *yamltree.Node, depth int) []*yamltree.Node {
	function, argument := call(n)
	if function != "If" || len(argument.Items()) != 3 || depth > maxDepth {
		return []*yamltree.Node{n}
	}
	return append(chosen(argument.Items()[1], depth+1), chosen(argument.Items()[2], depth+1)...)
}

// dynamic is a reference to a parameter or to a secret; the parts of the latter stand behind its name or its address, which has colons too.
var dynamic = lazyregexp.New(`\{\{resolve:(ssm|ssm-secure|secretsmanager):((?:arn:[^:{}]*:[^:{}]*:[^:{}]*:[^:{}]*:secret:)?[^:{}]+)(?::([^:{}]*))?(?::([^:{}]*))?[^{}]*\}\}`)

// references looks for dynamic references in a text.
func (t *template) references(n *yamltree.Node, pieces []interpolate.Piece) {
	flat := flatten(pieces)
	if !strings.Contains(flat, "{{resolve:") {
		return
	}
	for _, m := range dynamic.FindAllStringSubmatchIndex(flat, -1) {
		name := between(pieces, m[4], m[5])
		switch secret := flat[m[2]:m[3]] == "secretsmanager"; {
		case secret && m[8] < m[9]: // a key of its JSON
			t.looksUp(n, detectors.SecretsManager, name, between(pieces, m[8], m[9]))
		case secret:
			t.looksUp(n, detectors.SecretsManager, nil, name)
		case !strings.HasPrefix(flat[m[4]:], "/aws/"): // AWS publishes those
			t.looksUp(n, detectors.ParameterStore, nil, name)
		}
	}
}

func (t *template) looksUp(n *yamltree.Node, store string, scope, name []analyzers.Part) {
	if t.found++; t.found > maxFound {
		if t.found == maxFound+1 {
			t.pass.Gap(at(t.pass, n), "the template looks up too many secrets; what the rest of them are is not known")
		}
		return
	}
	place := at(t.pass, n)
	h := code.SecretIn(store, place, scope, name)
	t.steps = append(t.steps, code.Asks(place, []analyzers.Part{{Hole: &h}})...)
}

// pieces returns what the text of a node is made of; nil for what is no text, or one that a condition or a mapping chooses.
func (t *template) pieces(n *yamltree.Node, depth int) []interpolate.Piece {
	unknown := []interpolate.Piece{{Hole: code.Unknown().Hole}}
	function, argument := call(n)
	switch {
	case n == nil || depth > maxDepth:
		return unknown
	case function == "" && n.Kind == yamltree.Scalar:
		return []interpolate.Piece{{Text: n.Source()}}
	case function == "":
		return nil
	case function == "Ref" && argument.Kind == yamltree.Scalar:
		return []interpolate.Piece{parameter(argument.Str())}
	case function == "Sub" && argument.Kind == yamltree.Scalar:
		return substituted(argument.Source())
	case function == "Sub" && len(argument.Items()) > 0: // a text, and what some names in it are
		return substituted(argument.Items()[0].Source())
	case function == "Join" && len(argument.Items()) == 2:
		var all []interpolate.Piece
		for i, item := range argument.Items()[1].Items() {
			if i > 0 {
				all = append(all, interpolate.Piece{Text: argument.Items()[0].Source()})
			}
			one := t.pieces(item, depth+1)
			if one == nil {
				one = unknown
			}
			all = append(all, one...)
		}
		return all
	}
	return nil
}

// call returns the function that a node calls, as a tag or as a key, and its argument.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
func call(n *yamltree.Node) (function string, argument *yamltree.Node) {
	if n == nil {
		return "", nil
	}
	if tag, ok := strings.CutPrefix(n.Tag, "!"); ok && !strings.HasPrefix(tag, "!") {
		return tag, n
	}
	count := 0
	for key, v := range n.Pairs() {
		if count++; key.Str() == "Ref" || strings.HasPrefix(key.Str(), "Fn::") {
			function, argument = strings.TrimPrefix(key.Str(), "Fn::"), v
		}
	}
	if count != 1 || argument == nil {
		return "", nil
	}
	return function, argument
}

// parameter is the value of a parameter; what else has a name is not known.
func parameter(name string) interpolate.Piece {
	if strings.ContainsAny(name, ":.") {
		return interpolate.Piece{Hole: code.Unknown().Hole}
	}
	return interpolate.Piece{Hole: &analyzers.Hole{Space: shell.Stack, Name: name}}
}

// substituted returns what a text for Fn::Sub is made of.
func substituted(text interpolate.Text) []interpolate.Piece {
	var all []interpolate.Piece
	from := 0
	for _, m := range placeholder.FindAllStringIndex(text.String, -1) {
		name := text.String[m[0]+2 : m[1]-1]
		if strings.HasPrefix(name, "!") {
			continue
		}
		all = append(all, interpolate.Piece{Text: text.Slice(from, m[0])}, parameter(strings.TrimSpace(name)))
		from = m[1]
	}
	return append(all, interpolate.Piece{Text: text.Slice(from, len(text.String))})
}

// flatten returns the text of pieces, with one byte for each hole.
func flatten(pieces []interpolate.Piece) string {
	var b strings.Builder
	for _, p := range pieces {
		if p.Hole != nil {
			b.WriteString(unfilled)
		} else {
			b.WriteString(p.Text.String)
		}
	}
	return b.String()
}

// between returns the parts of what lies between two offsets of the text that [flatten] returns.
func between(pieces []interpolate.Piece, from, to int) []analyzers.Part {
	var cut []interpolate.Piece
	offset := 0
	for _, p := range pieces {
		length := len(p.Text.String)
		if p.Hole != nil {
			length = len(unfilled)
		}
		start, end := max(from-offset, 0), min(to-offset, length)
		offset += length
		switch {
		case start >= end:
		case p.Hole != nil:
			cut = append(cut, p)
		default:
			cut = append(cut, interpolate.Piece{Text: p.Text.Slice(start, end)})
		}
	}
	return interpolate.Parts(cut)
}
