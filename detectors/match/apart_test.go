package match

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/stagewall/stagewall/detectors"
)

// TestApart: what begins in a line is found whatever stands before it, and with it whatever an ordinary scan finds.
func TestApart(t *testing.T) {
	rules := []detectors.Rule{
		{ID: "pair", Pattern: `key=\s*(\S+)`, Keywords: []string{"key="}},
		{ID: "other", Pattern: `key=(b)`, Keywords: []string{"key="}, Provider: "other"},
	}
	for _, test := range []struct{ text, want string }{
		{"key=\nkey=b\n", "key=b b b"}, // the first goes over the second
		{"key=\nkey=\nkey=a\n", "key= key= key=a a"},
		{"key=\n\n \nkey=a key=c\n", "key=a a c"},
		{"key=b key=c\n", "b b c"},
	} {
		engine, err := New(rules, Options{Apart: true})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		err = engine.Scanner().Scan(context.Background(), Input{Data: []byte(test.text), Final: true}, func(c Candidate) bool {
			got = append(got, string(c.Value))
			return true
		})
		if err != nil {
			t.Fatal(err)
		}
		slices.Sort(got)
		want := strings.Fields(test.want)
		slices.Sort(want)
		if got = slices.Compact(got); !slices.Equal(got, slices.Compact(want)) {
			t.Errorf("%q: %q, want %q", test.text, got, want)
		}
	}
}

// TestApartOverLines: many lines within one match cost no more than their number.
func TestApartOverLines(t *testing.T) {
	engine, err := New([]detectors.Rule{{ID: "pair", Pattern: `key=\s*(\S+)`, Keywords: []string{"key="}}}, Options{Apart: true})
	if err != nil {
		t.Fatal(err)
	}
	text := "key=" + strings.Repeat(" \n\n", 1<<18) + "a\n" + strings.Repeat("key=\nkey=\n", 1<<12)
	n := 0
	err = engine.Scanner().Scan(context.Background(), Input{Data: []byte(text), Final: true}, func(Candidate) bool {
		n++
		return true
	})
	if err != nil || n < 1<<13-1 {
		t.Errorf("%d, %v", n, err)
	}
}
