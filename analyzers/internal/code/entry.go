package code

import (
	"path"
	"slices"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
)

// Entry is what another file has under a name that is computed: keys[process.env.STAGE]; where nothing tells the name, it is otherwise.
func Entry(name []analyzers.Part, otherwise ...analyzers.Part) []analyzers.Part {
	hole := &analyzers.Hole{Computed: &analyzers.Value{Parts: name}}
	if len(otherwise) > 0 {
		hole.Default = &analyzers.Value{Parts: otherwise}
	}
	return []analyzers.Part{{Hole: hole}}
}

// Alias is what another file has under a name, and below it.
func Alias(name string) []analyzers.Part {
	otherwise := Imported(name)
	if strings.HasSuffix(name, "#") {
		otherwise = Everything(name)
	}
	return Entry([]analyzers.Part{{Text: name}}, otherwise)
}

// Everything is what other files have under the names that begin so.
func Everything(above string) analyzers.Part {
	return analyzers.Part{Hole: &analyzers.Hole{Name: above, All: true}}
}

// Below returns what is below such an entry under a key, and whether the parts are one.
func Below(parts []analyzers.Part, key string) ([]analyzers.Part, bool) {
	if len(parts) != 1 || !analyzers.IsAlias(analyzers.Value{Parts: parts}) {
		return nil, false
	}
	hole := *parts[0].Hole
	name := hole.Computed.Parts
	if !strings.HasSuffix(name[len(name)-1].Text, "#") {
		key = "." + key
	}
	hole.Computed = &analyzers.Value{Parts: append(slices.Clip(name), analyzers.Part{Text: key})}
	return []analyzers.Part{{Hole: &hole}}, true
}

// Module returns the beginning of the names of the file that has a computed path, or dotted name: its last word, without its ending, and a hash.
// There is none if nothing of that is computed, or nothing known.
func Module(file []analyzers.Part, separator string) []analyzers.Part {
	from := len(file)
	for from > 0 && !strings.Contains(file[from-1].Text, separator) {
		from--
	}
	name := slices.Clone(file[from:])
	if from > 0 {
		if text := file[from-1].Text; !strings.HasSuffix(text, separator) {
			name = slices.Insert(name, 0, analyzers.Part{Text: text[strings.LastIndex(text, separator)+1:]})
		}
	}
	last := len(name) - 1
	if last < 0 || !slices.ContainsFunc(name, func(p analyzers.Part) bool { return p.Hole != nil && !IsOpaque([]analyzers.Part{p}) }) {
		return nil
	}
	if text := name[last].Text; text != "" {
		name[last] = analyzers.Part{Text: strings.TrimSuffix(text, path.Ext(text))}
	}
	return append(name, analyzers.Part{Text: "#"})
}
