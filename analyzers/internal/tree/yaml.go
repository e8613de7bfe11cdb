package tree

import (
	"github.com/stagewall/stagewall/analyzers/internal/yamltree"
	"github.com/stagewall/stagewall/detectors"
)

// YAML reads the first document of a file.
func YAML(data []byte) (*Node, error) {
	documents, err := yamltree.Read(data)
	if len(documents) == 0 {
		return nil, err
	}
	return fromYAML(documents[0]), err
}

func fromYAML(y *yamltree.Node) *Node {
	n := &Node{Text: y.Text, Span: y.Span}
	switch y.Kind {
	case yamltree.Mapping:
		n.Kind, n.Span = Object, detectors.Span{Start: y.Start, End: y.Start}
		for key, value := range y.Pairs() {
			member := fromYAML(value)
			member.Key, member.KeySpan = key.Text, key.Span
			n.Members = append(n.Members, member)
		}
	case yamltree.Sequence:
		n.Kind, n.Span = Array, detectors.Span{Start: y.Start, End: y.Start}
		for _, item := range y.Items() {
			n.Members = append(n.Members, fromYAML(item))
		}
	default:
		if y.Tag == "!!str" {
			n.Kind = String
		}
	}
	return n
}
