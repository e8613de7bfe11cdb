package reach

import (
	"slices"
	"strings"

	"github.com/stagewall/stagewall/analyzers/golang/library"
	"github.com/stagewall/stagewall/analyzers/golang/summary"
)

// koanf is what the program asks of github.com/knadh/koanf: settings of all its sources together.
// https://pkg.go.dev/github.com/knadh/koanf/v2#readme-reading-config
type koanf struct {
	separators []string
	read       value    // settings that are read of texts and files
	maps       []object // maps of the program's own, from keys to values
	prefixes   []string // of variables of the environment
}

// configures notes a source of settings.
func (p *Program) configures(c *call, row library.Row) {
	if row.Value >= len(c.Args) {
		return
	}
	source := &c.Args[row.Value]
	objects, _ := p.objectsIn(source, c.in, nil, 0)
	isMap := false
	for _, o := range objects {
		if o.Op == summary.List {
			isMap = true
			p.koanf.maps = append(p.koanf.maps, o)
		}
	}
	if !isMap {
		p.koanf.read = union(p.koanf.read, apart(decoded(p.value(source, c.in, nil, 0))))
	}
	if made := p.called(source); source.Op == summary.Result && made != nil && made.Callee != "" {
		if from := library.Of(made.Callee); from.Yields == library.Source && from.Value < len(made.Args) {
			prefix := &made.Args[from.Value]
			if i := slices.Index(prefix.Keys, "Prefix"); prefix.Op == summary.Literal && i >= 0 { // options
				prefix = &prefix.Args[i]
			}
			prefixes, known := p.value(prefix, made.in, nil, 0).texts()
			if !known || len(prefixes) == 0 {
				prefixes = []string{""}
			}
			p.koanf.prefixes = append(p.koanf.prefixes, prefixes...)
		}
	}
}

// split returns the keys that a path is of.
func (k *koanf) split(path string) []string {
	for _, s := range k.separators {
		if s != "" && strings.Contains(path, s) {
			return strings.Split(path, s)
		}
	}
	return []string{path}
}

// koanfAt is the value under a path.
func (p *Program) koanfAt(paths value) value {
	texts, _ := paths.texts()
	var out value
	for _, path := range texts {
		out = union(out, p.koanfSetting(p.koanf.split(path)))
	}
	return out
}

// koanfSetting is the value under keys: of all sources, for which of them comes last is not known. How variables become keys is up to a function
// of the program; the usual one takes the prefix away and reads underscores as separators.
func (p *Program) koanfSetting(keys []string) value {
	out := keyed(p.koanf.read, keys...)
	for _, o := range p.koanf.maps {
		out = union(out, apart(p.mapped(o, keys, 0)))
	}
	for _, prefix := range p.koanf.prefixes {
		out = union(out, value{{parts: []part{{variable: prefix + strings.ToUpper(strings.Join(keys, "_"))}}}})
	}
	return out
}

// mapped is what stands under keys in a map whose keys are paths, or maps in turn.
func (p *Program) mapped(o object, keys []string, depth int) value {
	var out value
	for i := range o.Args {
		if i >= len(o.Keys) || o.Op != summary.List || depth > maxFrames {
			continue
		}
		path := p.koanf.split(o.Keys[i])
		switch {
		case slices.Equal(path, keys):
			out = union(out, p.value(&o.Args[i], o.in, o.frame, 1))
		case len(path) < len(keys) && slices.Equal(path, keys[:len(path)]):
			inner, _ := p.objectsIn(&o.Args[i], o.in, o.frame, 1)
			for _, within := range inner {
				out = union(out, p.mapped(within, keys[len(path):], depth+1))
			}
		}
	}
	return out
}
