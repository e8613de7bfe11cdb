package analyzertest

import (
	"context"
	"reflect"
	"testing"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/graph"
	"github.com/stagewall/stagewall/detectors"
)

// Fuzz returns what a fuzz target does with any bytes: an analyzer reads them as the file of each of the paths, together these are joined and
// linked, and all that is said lies within the file.
func Fuzz(a *analyzers.Analyzer, paths ...string) func(*testing.T, []byte) {
	return func(t *testing.T, data []byte) {
		index := graph.NewIndex()
		for _, path := range paths {
			pass := analyzers.NewPass(a.Name, path, data)
			if err := a.Run(pass); err != nil {
				t.Fatalf("%s: %v", path, err)
			}
			within(t, reflect.ValueOf(pass.Facts), len(data))
			index.AddFile(path, true)
			index.AddFacts(pass.Facts)
		}
		if a.Join != nil {
			for _, facts := range a.Join(index) {
				index.AddFacts(facts)
			}
		}
		if _, err := graph.Link(context.Background(), graph.Input{Index: index}); err != nil {
			t.Fatal(err)
		}
	}
}

// within fails if a span of a value, or of what it holds, is none of a file of so many bytes.
func within(t *testing.T, v reflect.Value, size int) {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			within(t, v.Elem(), size)
		}
	case reflect.Slice:
		for i := range v.Len() {
			within(t, v.Index(i), size)
		}
	case reflect.Map:
		for _, key := range v.MapKeys() {
			within(t, v.MapIndex(key), size)
		}
	case reflect.Struct:
		if s, ok := reflect.TypeAssert[detectors.Span](v); ok {
			if s.Start < 0 || s.End < s.Start || s.End > size {
				t.Fatalf("%v lies outside of the file's %d bytes", s, size)
			}
			return
		}
		for i := range v.NumField() {
			within(t, v.Field(i), size)
		}
	}
}
