package install

import (
	"bytes"
	"encoding/json"
	"reflect"
	"slices"
	"strings"

	"github.com/tailscale/hujson"
)

// add adds texts to a list in a document of JSON, which may have comments, under two keys, and leaves all else as it is. What is not there is made.
// It returns the texts that were not there yet.
func add(data []byte, outer, inner string, texts []string) (after []byte, added []string, err error) {
	if len(bytes.TrimSpace(data)) == 0 {
		data = []byte("{}\n")
	}
	const most = 10_000 // brackets: who reads them goes as deep as they nest
	if bytes.Count(data, []byte("["))+bytes.Count(data, []byte("{")) > most {
		return nil, nil, errForm
	}
	doc, err := hujson.Parse(data)
	if err != nil {
		return nil, nil, errForm // what it says may hold a part of the text
	}
	e := &editor{data: data, unit: "  "}
	top, ok := doc.Value.(*hujson.Object)
	if !ok {
		return nil, nil, errForm
	}
	if len(top.Members) > 0 {
		if _, indent := e.before(top.Members[0].Name.StartOffset); indent != "" {
			e.unit = indent
		}
	}
	of := member(top, outer)
	if of == nil {
		return e.finish(e.member(doc, 1, outer, e.object(inner, texts)), outer, inner, texts)
	}
	object, ok := of.Value.(*hujson.Object)
	if !ok {
		return nil, nil, errForm
	}
	in := member(object, inner)
	if in == nil {
		return e.finish(e.member(*of, 2, inner, e.list(2, texts)), outer, inner, texts)
	}
	list, ok := in.Value.(*hujson.Array)
	if !ok {
		return nil, nil, errForm
	}
	for _, text := range texts {
		if !slices.ContainsFunc(list.Elements, func(v hujson.Value) bool {
			literal, ok := v.Value.(hujson.Literal)
			return ok && literal.Kind() == '"' && literal.String() == text
		}) {
			added = append(added, text)
		}
	}
	switch {
	case len(added) == 0:
		return data, nil, nil
	case len(list.Elements) == 0:
		return e.finish(e.replace(in.StartOffset, in.EndOffset, e.list(2, added)), outer, inner, added)
	}
	last := list.Elements[len(list.Elements)-1]
	lines, indent := e.before(last.StartOffset)
	var b strings.Builder
	for _, text := range added {
		b.WriteString(",")
		if lines {
			b.WriteString("\n" + indent)
		} else {
			b.WriteString(" ")
		}
		b.WriteString(quoted(text))
	}
	return e.finish(e.replace(last.EndOffset, last.EndOffset, b.String()), outer, inner, added)
}

// member returns the value of an object's key, the last if there are several, as programs read it.
func member(o *hujson.Object, key string) (value *hujson.Value) {
	for i := range o.Members {
		if name, ok := o.Members[i].Name.Value.(hujson.Literal); ok && name.String() == key {
			value = &o.Members[i].Value
		}
	}
	return value
}

// editor adds to a text.
type editor struct {
	data []byte
	unit string // of indentation
}

// before returns whether what stands at an offset begins its line, and how far that is indented.
func (e *editor) before(offset int) (lines bool, indent string) {
	start := bytes.LastIndexByte(e.data[:offset], '\n') + 1
	indent = string(e.data[start:offset])
	if start == 0 || strings.Trim(indent, " \t") != "" {
		return false, ""
	}
	return true, indent
}

func (e *editor) replace(start, end int, text string) []byte {
	if bytes.Contains(e.data, []byte("\r\n")) {
		text = strings.ReplaceAll(text, "\n", "\r\n")
	}
	return slices.Concat(e.data[:start], []byte(text), e.data[end:])
}

// member adds a member to an object at a depth.
func (e *editor) member(of hujson.Value, depth int, key, value string) []byte {
	text := quoted(key) + ": " + value
	object := of.Value.(*hujson.Object)
	if n := len(object.Members); n > 0 {
		at := object.Members[n-1].Value.EndOffset
		if lines, indent := e.before(object.Members[n-1].Name.StartOffset); lines {
			return e.replace(at, at, ",\n"+indent+text)
		}
		return e.replace(at, at, ", "+text)
	}
	// what stands in an empty object is blanks and comments, which stay before its end
	at := of.EndOffset - len("}")
	return e.replace(at, at, "\n"+strings.Repeat(e.unit, depth)+text+"\n"+strings.Repeat(e.unit, depth-1))
}

func (e *editor) object(key string, texts []string) string {
	return "{\n" + e.unit + e.unit + quoted(key) + ": " + e.list(2, texts) + "\n" + e.unit + "}"
}

// list returns a list whose key stands at a depth.
func (e *editor) list(depth int, texts []string) string {
	var b strings.Builder
	indent := strings.Repeat(e.unit, depth)
	separator := "["
	for _, text := range texts {
		b.WriteString(separator + "\n" + indent + e.unit + quoted(text))
		separator = ","
	}
	return b.String() + "\n" + indent + "]"
}

func quoted(text string) string {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.Encode(text) // of a text there is no error
	return strings.TrimSuffix(b.String(), "\n")
}

// finish checks that the list has the texts behind what it had, and that nothing else is said.
func (e *editor) finish(after []byte, outer, inner string, texts []string) ([]byte, []string, error) {
	old, now := decoded(e.data), decoded(after)
	if old == nil || now == nil {
		return nil, nil, errForm
	}
	object, _ := old[outer].(map[string]any)
	if object == nil {
		object = map[string]any{}
		old[outer] = object
	}
	list, _ := object[inner].([]any)
	for _, text := range texts {
		list = append(list, text)
	}
	object[inner] = list
	if !reflect.DeepEqual(old, now) {
		return nil, nil, errForm
	}
	return after, texts, nil
}

func decoded(data []byte) (object map[string]any) {
	standard, err := hujson.Standardize(slices.Clone(data))
	if err != nil || json.Unmarshal(standard, &object) != nil {
		return nil
	}
	return object
}
