package dockerfile

import (
	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/interpolate"
	"github.com/stagewall/stagewall/detectors"
)

// Inline returns the programs of a Dockerfile that stands in another file, under names that begin with the prefix. Gaps are reported to
// the pass.
func Inline(pass *analyzers.Pass, text interpolate.Text, prefix string) []analyzers.Program {
	if text.String == "" {
		return nil
	}
	own := analyzers.NewPass(name, pass.Path, []byte(text.String))
	stages(own)
	m := &mover{pass: pass, text: text, prefix: prefix}
	for i := range own.Facts.Programs {
		p := &own.Facts.Programs[i]
		p.Name = prefix + p.Name
		p.At = m.place(p.At)
		m.steps(p.Steps)
	}
	for _, gap := range own.Facts.Gaps {
		pass.Gap(m.place(gap.At), gap.Says)
	}
	return own.Facts.Programs
}

// mover turns places in a text into places in the file that it is read from.
type mover struct {
	pass   *analyzers.Pass
	text   interpolate.Text
	prefix string
}

func (m *mover) span(s detectors.Span) detectors.Span {
	end := min(s.End, len(m.text.String))
	start := min(s.Start, end)
	if start == end {
		if start == len(m.text.String) {
			start--
		}
		at := m.text.Span(start, start+1).Start
		return detectors.Span{Start: at, End: at}
	}
	return m.text.Span(start, end)
}

func (m *mover) place(at detectors.Place) detectors.Place {
	if at.Path == "" {
		return at
	}
	s := m.span(at.Span)
	return m.pass.At(s.Start, s.End)
}

func (m *mover) steps(steps []analyzers.Step) {
	for i := range steps {
		s := &steps[i]
		s.At = m.place(s.At)
		m.value(&s.Value)
		if s.File != nil {
			s.File = new(*s.File)
			m.value(s.File)
		}
		if s.Ref != nil {
			s.Ref = new(*s.Ref)
			m.value(&s.Ref.Path)
			if file, known := s.Ref.Path.Text(); known && file == m.pass.Path && s.Ref.Name != "" {
				s.Ref.Name = m.prefix + s.Ref.Name
			}
			for j := range s.Ref.Args {
				m.value(&s.Ref.Args[j])
			}
		}
		if s.Guard != nil {
			m.value(&s.Guard.Value)
		}
		if s.Sink != nil {
			for _, words := range [][]detectors.Word{s.Sink.Argv, s.Sink.Fields} {
				for j := range words {
					m.word(&words[j])
				}
			}
			m.word(&s.Sink.Path)
		}
		m.steps(s.Steps)
	}
}

func (m *mover) word(w *detectors.Word) {
	if !w.Span.Empty() {
		w.Span = m.span(w.Span)
	}
}

func (m *mover) value(v *analyzers.Value) {
	v.At = m.place(v.At)
	for i := range v.Parts {
		p := &v.Parts[i]
		if !p.Span.Empty() {
			p.Span = m.span(p.Span)
		}
		if p.Hole != nil && p.Hole.Default != nil {
			m.value(p.Hole.Default)
		}
		for j := 0; p.Hole != nil && j < len(p.Hole.Values); j++ {
			m.value(&p.Hole.Values[j])
		}
	}
}
