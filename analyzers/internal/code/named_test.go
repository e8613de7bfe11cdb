package code_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/code"
)

// Named reads ids by the names of their arguments, from JSON and from GraphQL, and leaves other values alone.
func TestNamed(t *testing.T) {
	hole := analyzers.Part{Hole: &analyzers.Hole{Name: "X"}}
	text := func(s string) analyzers.Part { return analyzers.Part{Text: s} }
	for _, test := range []struct {
		body []analyzers.Part
		want string
	}{
		{[]analyzers.Part{text(`{"query":"mutation($v: ID!) { volumeDelete(volumeId: $v) }","variables":{"v":"vol-1","name":"x"}}`)}, "volumeId=vol-1"},
		{[]analyzers.Part{text(`{"query":"mutation { volumeDelete(volumeId: \"vol-1\") }"}`)}, "volumeId=vol-1"},
		{[]analyzers.Part{text(`{"variables":{"project_id":"`), hole, text(`"}}`)}, "project_id=$X"},
		{[]analyzers.Part{text(`mutation($projectId: String!) { projectDelete(id: $projectId) }`)}, ""},
		{[]analyzers.Part{text(`{"id":"a-1","paid":"b-1","title":"c-1"}`)}, ""},
		{[]analyzers.Part{text(strings.Repeat(`"aId":"x1",`, 100_000))}, ""},
		{nil, ""},
	} {
		var got []string
		for _, n := range code.Named(test.body, nil) {
			value := "?"
			if p := n.Value.Parts[0]; p.Hole != nil {
				value = "$" + p.Hole.Name
			} else {
				value = p.Text
			}
			got = append(got, n.Name+"="+value)
		}
		if s := strings.Join(slices.Compact(got), " "); s != test.want {
			t.Errorf("%.200v: %s, want %s", test.body, s, test.want)
		}
	}
}
