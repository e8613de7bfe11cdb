package cache

import (
	"reflect"
	"strings"
	"testing"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/detectors"
)

type node struct {
	Name   string
	Number int16
	Size   uint32
	Part   float64
	Yes    bool
	Flags  []bool
	Names  []string
	Links  []*node
	One    *node
	List   []node
	Kind   detectors.Environment
}

func codec[T any](t testing.TB) *Codec[T] {
	t.Helper()
	c, err := NewCodec[T]()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// turn writes a value and reads it.
func turn[T any](t *testing.T, v T) T {
	t.Helper()
	c := codec[T](t)
	text, err := c.Encoder().Encode(&v)
	if err != nil {
		t.Fatal(err)
	}
	back, err := c.Decoder().Decode(string(text))
	if err != nil {
		t.Fatal(err)
	}
	return back
}

func TestCodec(t *testing.T) {
	leaf := &node{Name: "leaf", Number: -7, Size: 1 << 31, Part: -0.5, Yes: true}
	shared := []node{{Name: "a"}, {Name: "b", One: leaf}}
	for _, v := range []node{
		{},
		{Names: []string{}, Links: []*node{}, List: []node{}, Flags: []bool{}},
		{Name: "root", Names: []string{"", "root", "leaf"}, Flags: []bool{true, false}, Links: []*node{nil, leaf, leaf}, One: leaf, List: shared, Kind: detectors.Staging},
		{List: []node{{List: shared}, {List: shared}, {List: shared[:1]}}},
	} {
		back := turn(t, v)
		if !reflect.DeepEqual(back, v) {
			t.Errorf("%+v, not %+v", back, v)
		}
		if len(v.Links) == 3 && (back.Links[1] != back.One || back.Links[2] != back.One) {
			t.Error("what several pointers point to was taken apart")
		}
	}
}

// A value that shares is written once, so that one that would fill the memory as a tree stays small.
func TestShared(t *testing.T) {
	v := analyzers.Value{Parts: []analyzers.Part{{Text: "end"}}}
	for range 100 {
		inner := v
		h := &analyzers.Hole{Values: []analyzers.Value{v, v}, Default: &inner}
		v = analyzers.Value{Parts: []analyzers.Part{{Hole: h}, {Hole: h}}}
	}
	text, err := codec[analyzers.Value](t).Encoder().Encode(&v)
	if err != nil || len(text) > 10_000 {
		t.Fatal(len(text), err)
	}
	back := turn(t, v)
	if back.Parts[0].Hole != back.Parts[1].Hole {
		t.Error("what two parts share was taken apart")
	}
}

// One worker writes and reads many values; none knows of another.
func TestReused(t *testing.T) {
	c := codec[node](t)
	e, d := c.Encoder(), c.Decoder()
	var all, read []node
	for i := range 300 {
		v := node{Name: strings.Repeat("x", i%7), Names: []string{"a", strings.Repeat("y", i%5)}, Links: []*node{{Number: int16(i)}}}
		text, err := e.Encode(&v)
		if err != nil {
			t.Fatal(err)
		}
		back, err := d.Decode(string(text))
		if err != nil {
			t.Fatal(err)
		}
		all, read = append(all, v), append(read, back)
	}
	if !reflect.DeepEqual(all, read) {
		t.Error("what was read last changed what was read before")
	}
	for _, text := range d.d.texts[:cap(d.d.texts)] {
		if text != "" {
			t.Errorf("%q lives as long as who read it", text)
		}
	}
	for _, list := range d.d.done {
		for _, v := range list[:cap(list)] {
			if v.IsValid() {
				t.Errorf("%v lives as long as who read it", v)
			}
		}
	}
	read[0].Names = append(read[0].Names, "more")
	if !reflect.DeepEqual(all[1:], read[1:]) {
		t.Error("a list grew into another")
	}
}

func TestTooDeep(t *testing.T) {
	top := &node{}
	for range 2 * deepest {
		top = &node{One: top}
	}
	if _, err := codec[node](t).Encoder().Encode(top); err == nil {
		t.Error("it was written")
	}
}

func TestUnkept(t *testing.T) {
	for name, err := range map[string]error{
		"map":       second(NewCodec[map[string]int]()),
		"function":  second(NewCodec[struct{ F func() }]()),
		"interface": second(NewCodec[struct{ F any }]()),
		"secret":    second(NewCodec[struct{ S detectors.Secret }]()),
		"hidden":    second(NewCodec[[]struct{ f int }]()),
	} {
		if err == nil {
			t.Errorf("%s: there is a codec", name)
		}
	}
}

func second[T any](_ *Codec[T], err error) error { return err }

// Types that differ have fingerprints that do.
func TestFingerprint(t *testing.T) {
	seen := map[string]bool{}
	for _, sum := range [][]byte{
		codec[struct{ A, B string }](t).Fingerprint(), codec[struct{ B, A string }](t).Fingerprint(), codec[struct{ A string }](t).Fingerprint(),
		codec[struct{ A, B *string }](t).Fingerprint(), codec[struct{ A, B []string }](t).Fingerprint(),
	} {
		if seen[string(sum)] {
			t.Error("two types have one")
		}
		seen[string(sum)] = true
	}
}

// Values that differ have digests that do, also if they only hold the same letters.
func TestDigest(t *testing.T) {
	c := codec[node](t)
	seen := map[string]int{}
	for i, v := range []node{
		{}, {Name: "ab"}, {Names: []string{"ab"}}, {Names: []string{"a", "b"}}, {Names: []string{"", "ab"}}, {Name: "a", Names: []string{"b"}}, {Yes: true},
		{Flags: []bool{true}}, {Names: []string{}}, {One: &node{}}, {Links: []*node{{}}}, {Links: []*node{nil}},
	} {
		sum, err := c.Digest(&v)
		if again, _ := c.Digest(&v); err != nil || string(again) != string(sum) {
			t.Error(i, err)
		}
		if other, ok := seen[string(sum)]; ok {
			t.Errorf("%d and %d have one", i, other)
		}
		seen[string(sum)] = i
	}
}

// FuzzDecode: whatever is read, it is a value or an error; and a value is what it is when it is written and read again.
func FuzzDecode(f *testing.F) {
	c := codec[[]*analyzers.Facts](f)
	hole := &analyzers.Hole{Name: "X", Values: []analyzers.Value{analyzers.Literal("a", detectors.Place{Path: "p", Line: 1})}}
	for _, facts := range [][]*analyzers.Facts{
		nil,
		{nil, {Path: "p", Analyzer: "a", Gaps: []analyzers.Gap{{Says: "why"}}, Outline: &analyzers.Outline{Acts: true, Keys: []string{"k"}}}},
		{{Programs: []analyzers.Program{{Steps: []analyzers.Step{
			{Op: analyzers.OpSet, Name: "X", Value: analyzers.Value{Parts: []analyzers.Part{{Hole: hole}, {Hole: hole}}}},
			{Op: analyzers.OpBlock, Steps: []analyzers.Step{{Op: analyzers.OpUse, Sink: &detectors.Sink{Tool: "t"}}}},
		}}}}},
	} {
		text, err := c.Encoder().Encode(&facts)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text))
		f.Add(string(text[:len(text)/2]))
	}
	f.Add("\x00\x01\xff\xff\xff\xff\xff\xff\xff\xff\x7f")
	f.Fuzz(func(t *testing.T, in string) {
		if len(in) > 1<<14 {
			return // what it holds would be some hundred times as large
		}
		v, err := c.Decoder().Decode(in)
		if err != nil {
			return
		}
		text, err := c.Encoder().Encode(&v)
		if err != nil {
			t.Fatal(err)
		}
		back, err := c.Decoder().Decode(string(text))
		if err != nil || !reflect.DeepEqual(v, back) {
			t.Fatal("it became something else", err)
		}
	})
}

// FuzzParse: whatever is read, it is entries or none, and their texts are in it.
func FuzzParse(f *testing.F) {
	c := &Cache{}
	put := func(text string) Text { return c.Put([]byte(text)) }
	out := c.append([]byte{2}, &Entry{Path: "a", Settled: true, Said: put("s"), Again: put("again"), Matters: put("m"), Words: put("w")})
	f.Add(string(c.append(out, &Entry{Path: "b"})))
	f.Fuzz(func(t *testing.T, in string) {
		entries, ok := parse(in)
		c := &Cache{loaded: in}
		for path, e := range entries {
			if !ok || e.Path != path {
				t.Fatal(path)
			}
			for _, text := range []Text{e.Said, e.Again, e.Matters, e.Words} {
				if len(c.Text(text)) != text.size {
					t.Fatal(path, text)
				}
			}
		}
	})
}
