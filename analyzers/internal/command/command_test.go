package command

import (
	"testing"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/interpolate"
)

func TestLine(t *testing.T) {
	var c Command
	syntax := interpolate.Syntax{Space: "project"}
	c.Word(syntax.Pieces(interpolate.Plain("echo", 10)))
	c.Word(nil)
	c.Word(syntax.Pieces(interpolate.Plain("it's $A", 20)))
	c.Line(syntax.Pieces(interpolate.Plain("&& true", 40)))
	if want := `'echo' '' 'it'\''s '_ && true`; c.text.String != want {
		t.Fatalf("%s, want %s", c.text.String, want)
	}
	for offset, want := range map[int]int{1: 10, 4: 13, 6: 14, 11: 20, 18: 24, 22: 40, len(c.text.String): 47} {
		if got := c.offset(offset); got != want {
			t.Errorf("the byte %d is at %d, want %d", offset, got, want)
		}
	}
	if len(c.fills) != 1 || c.fills[0].Start != 20 {
		t.Errorf("holes at %v", c.fills)
	}
}

// The words of a command keep the bytes that they are read from, whatever quotes are put around them.
func TestSteps(t *testing.T) {
	const file = `x: [curl, "-H", "Authorization: Bearer it's"]`
	pass := analyzers.NewPass("", "compose.yaml", []byte(file))
	var c Command
	for _, word := range []struct{ start, end int }{{4, 8}, {11, 13}, {17, 43}} {
		c.Word(interpolate.Syntax{}.Pieces(interpolate.Plain(file[word.start:word.end], word.start)))
	}
	steps, _ := c.Steps(pass, "command")
	found := false
	walk(steps, func(v analyzers.Value) {
		for _, p := range v.Parts {
			if p.Span.Start >= 17 && p.Span.End == 43 {
				found = true
			}
		}
	})
	if !found {
		t.Errorf("no step hands on the bytes of the header: %+v", steps)
	}
}

func walk(steps []analyzers.Step, visit func(analyzers.Value)) {
	for _, s := range steps {
		visit(s.Value)
		walk(s.Steps, visit)
	}
}
