package analyzers

import (
	"reflect"
	"strings"

	"github.com/stagewall/stagewall/detectors"
)

// What files say is kept until all are read, and lies in memory among all that was made on the way.
//
// Idea: once it is known what is kept of a file, it is copied into pages that hold nothing else, and a text that many files have is kept
// once.
//
// Why it is valid: facts do not change any more, but for being left out as a whole.
//
// Gain: the pages that are in use when all files of Kubernetes 1.34 are read are 66 MB in place of 91 MB.

// Packer copies facts. It is for one goroutine; facts that one packer copied share memory.
type Packer struct {
	steps  pages[Step]
	refs   pages[Ref]
	values pages[Value]
	parts  pages[Part]
	holes  pages[Hole]
	guards pages[Guard]
	named  pages[Named]
	sinks  pages[detectors.Sink]
	words  pages[detectors.Word]
	takes  pages[Take]
	names  pages[string]
	texts  map[string]string

	// What several parts of the present facts share stays shared.
	packedHoles  map[*Hole]*Hole
	packedParts  map[*Part][]Part
	packedValues map[*Value][]Value
}

// NewPacker returns a packer.
func NewPacker() *Packer {
	return &Packer{
		texts: map[string]string{}, packedHoles: map[*Hole]*Hole{}, packedParts: map[*Part][]Part{}, packedValues: map[*Value][]Value{},
	}
}

// Pack moves what the facts hold into memory of its own.
func (p *Packer) Pack(f *Facts) {
	for i := range f.Programs {
		program := &f.Programs[i]
		program.Name = p.text(program.Name)
		program.Steps = p.stepList(program.Steps)
	}
	for i := range f.Units {
		runs := &f.Units[i].Runs
		p.value(&runs.Path)
		runs.Args = p.valueList(runs.Args)
	}
	if o := f.Outline; o != nil {
		o.Key = p.text(o.Key)
		o.Takes = p.takes.copy(o.Takes)
		for i := range o.Takes {
			o.Takes[i].Path = p.text(o.Takes[i].Path)
		}
		for _, list := range []*[]string{&o.Keys, &o.Roots, &o.Libraries} {
			*list = p.textList(*list)
		}
	}
	if l := f.Left; l != nil {
		for _, list := range l.lists() {
			*list = p.textList(*list)
		}
	}
	clear(p.packedHoles)
	clear(p.packedParts)
	clear(p.packedValues)
}

func (p *Packer) stepList(list []Step) []Step {
	list = p.steps.copy(list)
	for i := range list {
		s := &list[i]
		for _, text := range []*string{&s.Name, &s.Space, &s.Except, &s.Key, &s.Says} {
			*text = p.text(*text)
		}
		p.place(&s.At)
		p.value(&s.Value)
		if s.File != nil {
			s.File = p.values.one(s.File)
			p.value(s.File)
		}
		if s.Ref != nil {
			s.Ref = p.refs.one(s.Ref)
			p.value(&s.Ref.Path)
			s.Ref.Name = p.text(s.Ref.Name)
			s.Ref.Args = p.valueList(s.Ref.Args)
		}
		s.Own = p.textList(s.Own)
		s.Named = p.named.copy(s.Named)
		for j := range s.Named {
			s.Named[j].Name = p.text(s.Named[j].Name)
			p.value(&s.Named[j].Value)
		}
		s.Guard = p.guard(s.Guard)
		if s.Sink != nil {
			s.Sink = p.sinks.one(s.Sink)
			p.sink(s.Sink)
		}
		s.Steps = p.stepList(s.Steps)
	}
	return list
}

func (p *Packer) sink(s *detectors.Sink) {
	for _, text := range []*string{&s.Tool, &s.Library, &s.Host, &s.Method, &s.Path.Text, &s.Header, &s.Scheme, &s.Query, &s.Variable} {
		*text = p.text(*text)
	}
	for _, words := range []*[]detectors.Word{&s.Argv, &s.Fields} {
		*words = p.words.copy(*words)
		for i := range *words {
			(*words)[i].Text = p.text((*words)[i].Text)
		}
	}
}

func (p *Packer) guard(g *Guard) *Guard {
	if g == nil {
		return nil
	}
	g = p.guards.one(g)
	p.value(&g.Value)
	g.Patterns = p.textList(g.Patterns)
	return g
}

func (p *Packer) value(v *Value) {
	p.place(&v.At)
	v.If = p.guard(v.If)
	if len(v.Parts) == 0 {
		return
	}
	first := &v.Parts[0]
	if packed, ok := p.packedParts[first]; ok && len(packed) >= len(v.Parts) {
		v.Parts = packed[:len(v.Parts):len(v.Parts)]
		return
	}
	v.Parts = p.parts.copy(v.Parts)
	p.packedParts[first] = v.Parts
	for i := range v.Parts {
		part := &v.Parts[i]
		part.Text = p.text(part.Text)
		part.Hole = p.hole(part.Hole)
	}
}

func (p *Packer) valueList(list []Value) []Value {
	if len(list) == 0 {
		return list
	}
	first := &list[0]
	if packed, ok := p.packedValues[first]; ok && len(packed) >= len(list) {
		return packed[:len(list):len(list)]
	}
	list = p.values.copy(list)
	p.packedValues[first] = list
	for i := range list {
		p.value(&list[i])
	}
	return list
}

func (p *Packer) hole(h *Hole) *Hole {
	if h == nil {
		return nil
	}
	if packed, ok := p.packedHoles[h]; ok {
		return packed
	}
	packed := p.holes.one(h)
	p.packedHoles[h] = packed
	for _, text := range []*string{&packed.Space, &packed.Name, &packed.Store, &packed.Scope, &packed.Spelled} {
		*text = p.text(*text)
	}
	for _, inner := range []**Value{&packed.Default, &packed.File, &packed.Computed} {
		if *inner != nil {
			*inner = &p.values.copy([]Value{**inner})[0]
			p.value(*inner)
		}
	}
	packed.Values = p.valueList(packed.Values)
	packed.Keys = p.textList(packed.Keys)
	return packed
}

func (p *Packer) place(at *detectors.Place) {
	at.Path = p.text(at.Path)
}

// longText is the length of the longest text that is looked for among those of other files.
const longText = 64

func (p *Packer) text(s string) string {
	if s == "" {
		return ""
	}
	if len(s) > longText {
		return strings.Clone(s)
	}
	packed, ok := p.texts[s]
	if !ok {
		packed = strings.Clone(s)
		p.texts[packed] = packed
	}
	return packed
}

func (p *Packer) textList(list []string) []string {
	list = p.names.copy(list)
	for i := range list {
		list[i] = p.text(list[i])
	}
	return list
}

// pages hands out memory in large pieces.
type pages[T any] struct{ free []T }

// pageSize is the size of a piece, in bytes.
const pageSize = 32 << 10

// copy returns a copy of the list.
func (p *pages[T]) copy(list []T) []T {
	n := len(list)
	if n == 0 {
		return list
	}
	if n > cap(p.free) {
		p.free = make([]T, 0, max(n, pageSize/int(reflect.TypeFor[T]().Size())))
	}
	copied := append(p.free[:0:n], list...)
	p.free = p.free[n:n:cap(p.free)]
	return copied
}

// one returns a copy of what is pointed to.
func (p *pages[T]) one(v *T) *T { return &p.copy([]T{*v})[0] }
