package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
)

// hostile is a stream in which every name tries to be more than a name.
func hostile() []Message {
	const path = "a\x1b[31m|*b*\u202e[x](y)<script>@me\n.sh"
	return []Message{
		{Start: &Start{Version: Version, Tool: Tool{Name: "stagewall"}, Target: Target{Path: ".", Mode: "tree", Files: 1, Bytes: 1}}},
		{Crossing: &Crossing{
			ID: "x_1", Severity: "critical", Strength: "ambient", From: "unit:" + path, Token: "tok_1", Says: "=cmd|' /C calc'!A0 " + path, Fix: path, Status: "new",
			Path: []Hop{{Verb: "sees", From: "unit:" + path, To: "file:" + path, Path: path, Line: 1}, {Verb: "holds", From: "file:" + path, To: "tok_1", Path: path, Line: 2, Frame: "x", Mark: 1}},
		}},
		{Token: &Token{ID: "tok_1", Masked: "a••••", Title: "token", Places: []Place{{Path: path, Line: 2, Column: 3, EndLine: 2, EndColumn: 9}}}},
		{Unit: &Unit{ID: "unit:" + path, Name: path, Kind: "script", Path: path, Line: 1}},
		{Gap: &Gap{Path: path, Line: 1, Says: path}},
		{Error: &Error{Path: path, Says: path}},
		{Summary: &Summary{Crossings: map[string]int{"critical": 1}, Tokens: 1}},
	}
}

func write(t *testing.T, format string, messages []Message) string {
	t.Helper()
	return styled(t, format, Style{Verbose: true}, messages)
}

func styled(t *testing.T, format string, style Style, messages []Message) string {
	t.Helper()
	var b bytes.Buffer
	h := New(format, &b, style)
	for _, m := range messages {
		if err := h.Handle(m); err != nil {
			t.Fatal(err)
		}
	}
	return b.String()
}

// TestHostileNames: no path or name writes to a terminal, ends its line or cell, or becomes markup, a mention or a formula.
func TestHostileNames(t *testing.T) {
	for format := range formats {
		bad := "\x1b"
		if format == "text" || format == "markdown" || format == "html" {
			bad += "\u202e" // programs read the others, and need the name as it is
		}
		if out := write(t, format, hostile()); strings.ContainsAny(out, bad) {
			t.Errorf("%s: control characters come through:\n%q", format, out)
		}
	}
	if out := write(t, "csv", hostile()); strings.Contains(out, ",=cmd") || !strings.Contains(out, "'=cmd") {
		t.Errorf("csv: %s", out)
	}
	if out := write(t, "markdown", hostile()); !strings.Contains(out, `\*b\*`) || strings.Contains(out, "- cut it: a�[31m|*b*") {
		t.Errorf("markdown: %s", out)
	}
}

// TestExplanation: nor does one in an explanation.
func TestExplanation(t *testing.T) {
	m := hostile()
	token := m[2].Token
	token.Evidence = []Evidence{{About: "reach", Says: m[4].Gap.Says, Path: m[4].Gap.Path}}
	var b bytes.Buffer
	e := Explanation{Token: token, Decisive: token.Evidence, Crossings: []*Crossing{m[1].Crossing}, Units: []*Unit{m[3].Unit}}
	if err := e.Write(&b); err != nil {
		t.Fatal(err)
	}
	if out := b.String(); strings.ContainsAny(out, "\x1b\u202e") || strings.Contains(out, "@me\n.sh") || !strings.Contains(out, "x_1  new  critical, ambient") {
		t.Errorf("%q", out)
	}
}

// TestNarrow: what is told in words is folded where the terminal ends.
func TestNarrow(t *testing.T) {
	m := hostile()
	m[1].Crossing.Fix = strings.Repeat("move the token out of the checkout ", 20)
	for width, longest := range map[int]int{80: 80, 20: 60, 500: 132, 0: 132} {
		_, fix, _ := strings.Cut(styled(t, "text", Style{Width: width}, m), "cut it")
		fix, _, _ = strings.Cut("          cut it"+fix, "\n\n")
		for line := range strings.Lines(fix) {
			if n := len(strings.TrimSuffix(line, "\n")); n > longest {
				t.Errorf("width %d: %q", width, line)
			}
		}
	}
}

// TestPage: what a page shows of a repository is no markup.
func TestPage(t *testing.T) {
	out := write(t, "html", hostile())
	if strings.Contains(out, "<script") || !strings.Contains(out, "&lt;script&gt;") {
		t.Error(out)
	}
}

// TestAlone: a token that fails a scan without a crossing is in every report.
func TestAlone(t *testing.T) {
	messages := []Message{
		{Start: &Start{Target: Target{Path: ".", Mode: "history", Files: 1, Bytes: 1}}},
		{Token: &Token{ID: "tok_1", Title: "Acme key", New: true, Places: []Place{{Path: "old.env", Line: 2, Column: 3, EndLine: 2, EndColumn: 9, Commit: "0123456789abcdef"}}}},
		{Summary: &Summary{Tokens: 1}},
	}
	for format := range formats {
		where := "old.env"
		if format == "baseline" {
			where = "tok_1" // wherever it stands
		}
		if out := write(t, format, messages); !strings.Contains(out, where) {
			t.Errorf("%s: %s", format, out)
		}
	}
	if out := write(t, "junit", messages); !strings.Contains(out, `tests="1" failures="1"`) {
		t.Error(out)
	}
}

// TestFormatOf: what the ending of a file says is a format.
func TestFormatOf(t *testing.T) {
	for _, ending := range []string{"html", "htm", "JSON", "md", "xml", "txt", "json", "sarif", "nothing"} {
		if name := FormatOf("report." + ending); !KnownFormat(name) || name == "" != (ending == "nothing") {
			t.Errorf("%s: %q", ending, name)
		}
	}
}

// TestReplay: every format can be written from a recorded stream.
func TestReplay(t *testing.T) {
	recorded := write(t, "jsonl", hostile())
	for format := range formats {
		var b bytes.Buffer
		if err := Replay(strings.NewReader(recorded), New(format, &b, Style{Verbose: true})); err != nil {
			t.Fatal(err)
		}
		if b.String() != write(t, format, hostile()) {
			t.Errorf("%s is another from the recording", format)
		}
	}
}

// TestJSONIsWhole: what is written entry by entry is what the document says as a whole.
func TestJSONIsWhole(t *testing.T) {
	for _, messages := range [][]Message{hostile(), {hostile()[0], {Summary: &Summary{}}}} {
		j := NewJSON(io.Discard)
		for _, m := range messages {
			if err := j.Handle(m); err != nil {
				t.Fatal(err)
			}
		}
		var whole bytes.Buffer
		e := json.NewEncoder(&whole)
		e.SetEscapeHTML(false)
		e.SetIndent("", " ")
		if err := e.Encode(j.doc); err != nil {
			t.Fatal(err)
		}
		if out := write(t, "json", messages); out != whole.String() {
			t.Errorf("got %s\nwant %s", out, &whole)
		}
	}
}

// TestJSONCannotBeWritten: who writes to a full disk is told so.
func TestJSONCannotBeWritten(t *testing.T) {
	r, w := io.Pipe()
	r.CloseWithError(errors.New("full"))
	j := NewJSON(w)
	var err error
	for _, m := range hostile() {
		err = j.Handle(m)
	}
	if err == nil {
		t.Error("no error")
	}
}

// TestListsAreNeverNull: who reads the JSON report need not ask.
func TestListsAreNeverNull(t *testing.T) {
	var doc map[string]any
	out := write(t, "json", []Message{{Start: &Start{}}, {Summary: &Summary{}}})
	if err := json.Unmarshal([]byte(out), &doc); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"tokens", "units", "crossings", "gaps", "errors"} {
		if list, ok := doc[name].([]any); !ok || len(list) != 0 {
			t.Errorf("%s is %v", name, doc[name])
		}
	}
}

// TestFolded: what differs in its line alone is said once, and names of settings are counted; all of it is there when asked for.
func TestFolded(t *testing.T) {
	messages := []Message{{Start: &Start{Target: Target{Path: ".", Mode: "tree", Files: 1, Bytes: 1}}}}
	for line := range 5 {
		id := "tok_" + string(rune('a'+line))
		messages = append(messages,
			Message{Crossing: &Crossing{
				ID: "x_" + id, Severity: "low", From: "unit:a", Token: id, Says: "work may touch production", Path: []Hop{{To: id, Path: "seed.sql", Line: line + 1}},
			}},
			Message{Token: &Token{ID: id, Places: []Place{{Path: "seed.sql", Line: line + 1, Column: 1}}}},
			Message{Gap: &Gap{Path: "run.sh", Line: line + 1, Says: "not seen"}},
			Message{Gap: &Gap{Path: fmt.Sprintf("%d.yaml", line), Says: "not read"}},
		)
	}
	messages = append(messages,
		Message{Token: &Token{ID: "tok_f", Reference: true, Masked: "ci:REGION", Reach: Reach{Known: true}, Places: []Place{{Path: "ci.yml", Line: 1}}}},
		Message{Summary: &Summary{}})
	short := styled(t, "text", Style{}, messages)
	for _, want := range []string{
		"  0.yaml; 1.yaml; and 3 more files  not read\n",
		"LOW       work may touch production  (seed.sql:1:1 and 4 more in this file, -v lists them)\n", "  run.sh:1, 2, 3 and 2 more lines  not seen\n",
		"  … and 1 reference to what is no credential by its name, such as ci:REGION (-v lists them)\n",
	} {
		if !strings.Contains(short, want) {
			t.Errorf("no line %q in\n%s", want, short)
		}
	}
	long := styled(t, "text", Style{Verbose: true}, messages)
	for _, want := range []string{"seed.sql:5:1", "run.sh:1, 2, 3, 4, 5  not seen", "ci.yml:1  ci:REGION   (its name says that it holds no credential)"} {
		if !strings.Contains(long, want) {
			t.Errorf("no %q in\n%s", want, long)
		}
	}
}
