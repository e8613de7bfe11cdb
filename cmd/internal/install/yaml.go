package install

import (
	"bytes"
	"errors"
	"reflect"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

var errForm = errors.New("it is not written in a form that can be added to")

// prepend puts an item, lines of YAML, at the beginning of a list in a document that is otherwise left as it is: the list of a key at the top,
// written in lines of its own, or empty, or not there. The first lines of a list are the one place that is known from the key alone, whatever
// comments, block scalars and anchors stand in the rest.
func prepend(data []byte, key, item string) ([]byte, error) {
	var doc yaml.Node
	if err := yaml.Unmarshal(data, &doc); err != nil {
		return nil, err
	}
	newline := "\n"
	if bytes.Contains(data, []byte("\r\n")) {
		newline = "\r\n"
	}
	lines := strings.SplitAfter(string(data), "\n")
	if last := len(lines) - 1; lines[last] == "" {
		lines = lines[:last]
	}
	at, indent, list := len(lines), "  ", (*yaml.Node)(nil)
	if len(doc.Content) > 0 {
		top := doc.Content[0]
		if top.Kind != yaml.MappingNode || top.Style&yaml.FlowStyle != 0 {
			return nil, errForm
		}
		for i := 0; i+1 < len(top.Content); i += 2 {
			if top.Content[i].Value == key {
				at, list = top.Content[i].Line, top.Content[i+1]
			}
		}
	}
	switch {
	case list == nil:
		item = key + ":\n" + indented(item)
		indent = ""
	case list.Kind == yaml.ScalarNode && list.Tag == "!!null" && list.Value == "":
	case list.Kind != yaml.SequenceNode:
		return nil, errForm
	case list.Style&yaml.FlowStyle != 0:
		line := lines[at-1]
		before, after, found := strings.Cut(line, "[]")
		if len(list.Content) > 0 || !found || strings.TrimSpace(before) != key+":" {
			return nil, errForm
		}
		lines[at-1] = strings.TrimRight(before, " \t") + after
	case list.Line <= at:
		return nil, errForm
	default:
		indent = strings.Repeat(" ", list.Column-1)
	}
	if at == len(lines) && at > 0 && !strings.HasSuffix(lines[at-1], "\n") {
		lines[at-1] += newline
	}
	var added []string
	for line := range strings.Lines(item) {
		added = append(added, indent+strings.TrimRight(line, "\n")+newline)
	}
	after := []byte(strings.Join(slices.Concat(lines[:at], added, lines[at:]), ""))
	return after, proveYAML(data, after, key)
}

// proveYAML checks that a list has one item more, and that nothing else is said.
func proveYAML(before, after []byte, key string) error {
	var old, now map[string]any
	if yaml.Unmarshal(before, &old) != nil || yaml.Unmarshal(after, &now) != nil {
		return errForm
	}
	list, _ := now[key].([]any)
	rest, _ := old[key].([]any)
	if len(list) != len(rest)+1 || !reflect.DeepEqual(append([]any{}, list[1:]...), append([]any{}, rest...)) {
		return errForm
	}
	delete(old, key)
	delete(now, key)
	if len(old)+len(now) > 0 && !reflect.DeepEqual(old, now) {
		return errForm
	}
	return nil
}
