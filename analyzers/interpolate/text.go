package interpolate

import (
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/detectors"
)

// Text is a piece of a file as a parser has read it: quotes, escapes and indentation are gone, so its bytes need not lie side by side
// in the file. The zero value is empty.
type Text struct {
	String string

	start int              // where the text begins, if its bytes are those of the file
	bytes []detectors.Span // else what each byte is written as
	tail  *tail            // where more can be added, if nobody else did
}

// tail is shared by a text and its copies, so that adding byte by byte takes linear time. Only the longest of them goes on in it.
type tail struct {
	text  strings.Builder
	bytes []detectors.Span
}

// Plain returns the text of a file that begins at the offset start and is read as it is written.
func Plain(text string, start int) Text { return Text{String: text, start: start} }

// Append adds what is written at [start, end) of the file and read as text.
func (t *Text) Append(text string, start, end int) {
	same := end-start == len(text)
	t.add(text, func(i int) detectors.Span {
		if same {
			return detectors.Span{Start: start + i, End: start + i + 1}
		}
		return detectors.Span{Start: start, End: end}
	})
}

// Add adds another text of the same file, wherever it lies.
func (t *Text) Add(other Text) {
	if t.String == "" {
		*t = other
		return
	}
	t.add(other.String, func(i int) detectors.Span { return other.Span(i, i+1) })
}

func (t *Text) add(text string, span func(i int) detectors.Span) {
	if t.tail == nil || t.tail.text.Len() != len(t.String) {
		t.tail = &tail{}
		t.tail.text.WriteString(t.String)
		for i := range len(t.String) {
			t.tail.bytes = append(t.tail.bytes, t.Span(i, i+1))
		}
	}
	t.tail.text.WriteString(text)
	for i := range len(text) {
		t.tail.bytes = append(t.tail.bytes, span(i))
	}
	t.String, t.bytes = t.tail.text.String(), t.tail.bytes
}

// Span returns the bytes of the file that String[start:end] is read from, which must not be empty.
func (t Text) Span(start, end int) detectors.Span {
	if t.bytes == nil {
		return detectors.Span{Start: t.start + start, End: t.start + end}
	}
	return detectors.Span{Start: t.bytes[start].Start, End: t.bytes[end-1].End}
}

// Spans returns the bytes of the file that the text is read from, without what lies in between.
func (t Text) Spans() []detectors.Span {
	if t.String == "" {
		return nil
	}
	if t.bytes == nil {
		return []detectors.Span{t.Span(0, len(t.String))}
	}
	spans := []detectors.Span{t.bytes[0]}
	for _, b := range t.bytes[1:len(t.String)] {
		if last := &spans[len(spans)-1]; b.Start <= last.End && b.End >= last.End {
			last.End = b.End
		} else {
			spans = append(spans, b)
		}
	}
	return spans
}

// Slice returns String[start:end] and where it lies.
func (t Text) Slice(start, end int) Text {
	if t.bytes == nil {
		return Plain(t.String[start:end], t.start+start)
	}
	return Text{String: t.String[start:end], bytes: t.bytes[start:end]}
}

// Within returns a text that was read from String, with where its bytes lie in the file.
func (t Text) Within(inner Text) Text {
	out := Text{String: inner.String}
	for i := range len(inner.String) {
		read := inner.Span(i, i+1)
		out.bytes = append(out.bytes, t.Span(read.Start, read.End))
	}
	return out
}

// Literal returns the text as the parts of a value without holes.
func (t Text) Literal() []analyzers.Part {
	if t.String == "" {
		return nil
	}
	return []analyzers.Part{{Text: t.String, Span: t.Span(0, len(t.String))}}
}
