package scan

import (
	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/detectors"
)

// within reports whether all that facts say stands in certain files.
func within(f *analyzers.Facts, in func(path string) bool) bool {
	w := walker{in: in}
	if !in(f.Path) {
		return false
	}
	w.signs(f.Mentions)
	for _, b := range f.Bindings {
		w.place(b.At)
	}
	for _, g := range f.Gaps {
		w.place(g.At)
	}
	for i := range f.Programs {
		w.place(f.Programs[i].At)
		w.steps(f.Programs[i].Steps)
	}
	for i := range f.Units {
		u := &f.Units[i]
		w.place(u.At)
		w.signs(u.Signs)
		w.ref(&u.Runs)
	}
	return !w.outside
}

// walker goes through the places in facts.
type walker struct {
	in      func(path string) bool
	outside bool
}

func (w *walker) place(at detectors.Place) {
	w.outside = w.outside || at.Path != "" && !w.in(at.Path)
}

func (w *walker) signs(list []analyzers.Sign) {
	for _, s := range list {
		w.place(s.At)
		if s.Value != nil {
			w.value(s.Value)
		}
	}
}

func (w *walker) steps(steps []analyzers.Step) {
	for i := range steps {
		s := &steps[i]
		w.place(s.At)
		w.value(&s.Value)
		if s.File != nil {
			w.value(s.File)
		}
		if s.Ref != nil {
			w.ref(s.Ref)
		}
		if s.Guard != nil {
			w.value(&s.Guard.Value)
		}
		for j := range s.Named {
			w.value(&s.Named[j].Value)
		}
		w.steps(s.Steps)
	}
}

func (w *walker) ref(r *analyzers.Ref) {
	w.value(&r.Path)
	for i := range r.Args {
		w.value(&r.Args[i])
	}
}

func (w *walker) value(v *analyzers.Value) {
	w.place(v.At)
	if v.If != nil {
		w.value(&v.If.Value)
	}
	for _, p := range v.Parts {
		if h := p.Hole; h != nil {
			for _, inner := range []*analyzers.Value{h.Default, h.File} {
				if inner != nil {
					w.value(inner)
				}
			}
			for i := range h.Values {
				w.value(&h.Values[i])
			}
		}
	}
}
