package tree

import (
	"bytes"

	"github.com/stagewall/stagewall/detectors"
	"github.com/tailscale/hujson"
)

// JSON reads JSON, with comments and trailing commas, as the editors' and agents' settings allow them.
func JSON(data []byte) (*Node, error) {
	if mark := []byte("\ufeff"); bytes.HasPrefix(data, mark) { // kept as blanks, for the offsets
		data = append([]byte("   "), data[len(mark):]...)
	}
	if depth(data) > maxDepth {
		return nil, errDeep
	}
	v, err := hujson.Parse(data)
	if err != nil {
		return nil, err
	}
	return fromJSON(v, data), nil
}

func fromJSON(v hujson.Value, data []byte) *Node {
	n := &Node{Span: detectors.Span{Start: v.StartOffset, End: v.EndOffset}}
	switch value := v.Value.(type) {
	case *hujson.Object:
		n.Kind = Object
		for _, m := range value.Members {
			member := fromJSON(m.Value, data)
			key := fromJSON(m.Name, data)
			member.Key, member.KeySpan = key.Text, key.Span
			n.Members = append(n.Members, member)
		}
	case *hujson.Array:
		n.Kind = Array
		for _, e := range value.Elements {
			n.Members = append(n.Members, fromJSON(e, data))
		}
	case hujson.Literal:
		n.Text = string(value)
		if value.Kind() == '"' {
			n.Kind, n.Text = String, value.String()
			n.Span = detectors.Span{Start: n.Span.Start + 1, End: n.Span.End - 1}
		}
	}
	return n
}

// depth returns how deep brackets nest outside of strings and comments.
func depth(data []byte) int {
	deepest, now := 0, 0
	for i := 0; i < len(data); i++ {
		switch data[i] {
		case '[', '{':
			now++
			deepest = max(deepest, now)
		case ']', '}':
			now--
		case '"':
			for i++; i < len(data) && data[i] != '"'; i++ {
				if data[i] == '\\' {
					i++
				}
			}
		case '/':
			i = commentEnd(data, i)
		}
	}
	return deepest
}

// commentEnd returns the offset of the last byte of the comment that begins at i, i if none does.
func commentEnd(data []byte, i int) int {
	end := -1
	switch {
	case bytes.HasPrefix(data[i:], []byte("//")):
		end = bytes.IndexByte(data[i:], '\n')
	case bytes.HasPrefix(data[i:], []byte("/*")):
		if end = bytes.Index(data[i+2:], []byte("*/")); end >= 0 {
			end += len("/*") + 1
		}
	default:
		return i
	}
	if end < 0 {
		return len(data)
	}
	return i + end
}
