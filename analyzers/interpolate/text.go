package interpolate

import (
	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/detectors"
)

// Text is a piece of a file as a parser has read it: quotes, escapes and indentation are gone, so its bytes need not lie side by side
// in the file. The zero value is empty.
type Text struct {
	String string

	start int              // where the text begins, if its bytes are those of the file
	bytes []detectors.Span // else what each byte is written as
}

// Plain returns the text of a file that begins at the offset start and is read as it is written.
func Plain(text string, start int) Text { return Text{String: text, start: start} }

// Append adds what is written at [start, end) of the file and read as text.
func (t *Text) Append(text string, start, end int) {
	if t.bytes == nil {
		t.bytes = make([]detectors.Span, len(t.String), len(t.String)+len(text))
		for i := range t.bytes {
			t.bytes[i] = detectors.Span{Start: t.start + i, End: t.start + i + 1}
		}
	}
	t.String += text
	for i := range len(text) {
		span := detectors.Span{Start: start, End: end}
		if end-start == len(text) {
			span = detectors.Span{Start: start + i, End: start + i + 1}
		}
		t.bytes = append(t.bytes, span)
	}
}

// Span returns the bytes of the file that String[start:end] is read from, which must not be empty.
func (t Text) Span(start, end int) detectors.Span {
	if t.bytes == nil {
		return detectors.Span{Start: t.start + start, End: t.start + end}
	}
	return detectors.Span{Start: t.bytes[start].Start, End: t.bytes[end-1].End}
}

// Slice returns String[start:end] and where it lies.
func (t Text) Slice(start, end int) Text {
	if t.bytes == nil {
		return Plain(t.String[start:end], t.start+start)
	}
	return Text{String: t.String[start:end], bytes: t.bytes[start:end:end]}
}

// Literal returns the text as the parts of a value without holes.
func (t Text) Literal() []analyzers.Part {
	if t.String == "" {
		return nil
	}
	return []analyzers.Part{{Text: t.String, Span: t.Span(0, len(t.String))}}
}
