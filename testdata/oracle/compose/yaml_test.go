package compose

import (
	"strings"
)

// node is a node of a compose file that is being made.
type node struct {
	text   string   // of a scalar
	null   bool     // a scalar that is nothing
	keys   []string // of a mapping
	values []*node  // of a mapping or a sequence
	kind   kind
	tag    string
	anchor string
	alias  string
}

type kind int

const (
	scalar kind = iota
	sequence
	mapping
)

func text(s string) *node { return &node{text: s} }

func nothing() *node { return &node{null: true} }

func list(values ...*node) *node { return &node{kind: sequence, values: values} }

func texts(words ...string) *node {
	n := list()
	for _, w := range words {
		n.values = append(n.values, text(w))
	}
	return n
}

// object returns a mapping without keys.
func object() *node { return &node{kind: mapping} }

// with adds a key to a mapping, which has it once only.
func (n *node) with(key string, value *node) *node {
	for i, k := range n.keys {
		if k == key {
			n.values[i] = value
			return n
		}
	}
	n.keys, n.values = append(n.keys, key), append(n.values, value)
	return n
}

// document writes a mapping as a file.
func (m *maker) document(n *node) string {
	var b strings.Builder
	for i, key := range n.keys {
		b.WriteString(key + ":" + m.block(n.values[i], "  "))
	}
	return b.String()
}

// block writes a node as it stands behind its key or dash: on that line, or on lines of its own.
func (m *maker) block(n *node, indent string) string {
	if n.alias != "" {
		return " *" + n.alias + "\n"
	}
	head := properties(n)
	if n.kind == scalar {
		return head + m.scalar(n, indent) + "\n"
	}
	if len(n.values) == 0 || m.chance(12) && !anchored(n) && len(n.values) < 4 {
		return head + " " + m.flow(n) + "\n"
	}
	var b strings.Builder
	b.WriteString(head + "\n")
	for i, v := range n.values {
		if n.kind == mapping {
			b.WriteString(indent + n.keys[i] + ":")
		} else {
			b.WriteString(indent + "-")
		}
		b.WriteString(m.block(v, indent+"  "))
	}
	return b.String()
}

func properties(n *node) string {
	head := ""
	if n.anchor != "" {
		head += " &" + n.anchor
	}
	if n.tag != "" {
		head += " " + n.tag
	}
	return head
}

// anchored reports whether there is an anchor, an alias or a tag below a node: these are written in blocks.
func anchored(n *node) bool {
	for _, v := range n.values {
		if v.anchor != "" || v.alias != "" || v.tag != "" || anchored(v) {
			return true
		}
	}
	return false
}

func (m *maker) flow(n *node) string {
	var parts []string
	for i, v := range n.values {
		part := ""
		if v.kind == scalar {
			part = m.quoted(v)
		} else {
			part = m.flow(v)
		}
		if n.kind == mapping {
			part = n.keys[i] + ": " + part
		}
		parts = append(parts, part)
	}
	if n.kind == mapping {
		return "{" + strings.Join(parts, ", ") + "}"
	}
	return "[" + strings.Join(parts, ", ") + "]"
}

// scalar writes a scalar in one of the ways that YAML has for it.
func (m *maker) scalar(n *node, indent string) string {
	if n.null {
		return m.one("", " null", " ~")
	}
	if m.chance(40) || !plain(n.text) {
		return " " + m.quoted(n)
	}
	if m.chance(5) && n.tag == "" {
		return m.one(" >-\n", " |-\n") + indent + n.text
	}
	return " " + n.text
}

func (m *maker) quoted(n *node) string {
	if n.null {
		return "null"
	}
	if m.chance(50) {
		return "'" + strings.ReplaceAll(n.text, "'", "''") + "'"
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace(n.text) + `"`
}

// plain reports whether a text can stand without quotes.
func plain(s string) bool {
	return s != "" && !strings.ContainsAny(s[:1], "!&*?|>@`\"'%#{}[],:- ~") && !strings.Contains(s, ": ") && !strings.Contains(s, " #") &&
		!strings.HasSuffix(s, ":") && !strings.HasSuffix(s, " ") && !strings.Contains(s, "\n") && s != "true" && s != "false" && s != "null"
}
