package interpolate_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/interpolate"
)

// show writes parts as a reader would: literals in quotes, holes in angle brackets with what is taken without a value.
func show(parts []analyzers.Part) string {
	var words []string
	for _, p := range parts {
		switch {
		case p.Hole == nil:
			words = append(words, fmt.Sprintf("%q", p.Text))
		case len(p.Hole.Values) > 0:
			words = append(words, "<"+choice(p.Hole.Values)+">")
		case p.Hole.Default == nil:
			words = append(words, "<"+p.Hole.Name+">")
		default:
			words = append(words, "<"+p.Hole.Name+" or "+show(p.Hole.Default.Parts)+">")
		}
	}
	return strings.Join(words, " ")
}

func choice(values []analyzers.Value) string {
	var all []string
	for _, v := range values {
		is := "is"
		if v.If.Not {
			is = "is not"
		}
		all = append(all, strings.TrimSpace(fmt.Sprintf("%s if %s %s %s", show(v.Parts), v.If.Value.Parts[0].Hole.Name, is, v.If.Patterns[0])))
	}
	return strings.Join(all, "; ")
}

func TestParts(t *testing.T) {
	compose := interpolate.Syntax{Doubled: true}
	backslash := interpolate.Syntax{Escape: '\\'}
	for _, test := range []struct {
		name   string
		syntax interpolate.Syntax
		text   string
		want   string
	}{
		{"nothing", compose, "", ``},
		{"literal", compose, "plain", `"plain"`},
		{"bare", compose, "a$B_1-c", `"a" <B_1> "-c"`},
		{"braced", compose, "${A}${B}", `<A> <B>`},
		{"default", compose, "x${A:-y}z", `"x" <A or "y"> "z"`},
		{"default if unset", compose, "${A-y}", `<A or "y">`},
		{"empty default", compose, "${A:-}", `<A or >`},
		{"nested default", compose, "${A:-b${C:-d}e}", `<A or "b" <C or "d"> "e">`},
		{"default with braces", compose, `${A:-{"k":1}}`, `<A or "{\"k\":1}">`},
		{"required", compose, "${A:?say so}", `<A>`},
		{"alternative", compose, "x${A:+b$C}", `"x" <"b" <C> if A is not; if A is>`},
		{"alternative if set", compose, "${A+b}", `<"b" if A is *; if A is not *>`},
		{"doubled", compose, "a$$B$${C}", `"a$B${C}"`},
		{"doubled is no escape elsewhere", backslash, "$$B", `"$" <B>`},
		{"backslash", backslash, `a\$B`, `"a$B"`},
		{"backslash is a letter elsewhere", compose, `\$B`, `"\\" <B>`},
		{"dollar alone", compose, "5$ or $5", `"5$ or $5"`},
		{"not closed", compose, "${A", `"${A"`},
		{"no name", compose, "${}", `"${}"`},
		{"inner closed only", compose, "${A ${B}", `"${A " <B>`},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := show(test.syntax.Parts(interpolate.Plain(test.text, 7))); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

// A literal's bytes are those that it was read from, whatever was left out of them.
func TestPartsSpans(t *testing.T) {
	const file = `key: 'it''s ${A:-don''t} over'`
	var text interpolate.Text
	for i := 6; i < len(file)-1; i++ {
		if file[i] == '\'' {
			text.Append("'", i, i+2)
			i++
			continue
		}
		text.Append(file[i:i+1], i, i+1)
	}
	parts := interpolate.Syntax{}.Parts(text)
	for i, want := range []string{`it''s `, "", ` over`} {
		span := parts[i].Span
		if got := file[span.Start:span.End]; got != want {
			t.Errorf("part %d is written %q, want %q", i, got, want)
		}
	}
	span := parts[1].Hole.Default.Parts[0].Span
	if got := file[span.Start:span.End]; got != `don''t` {
		t.Errorf("the default is written %q", got)
	}
}

// Copies of a text go their own ways.
func TestTextCopies(t *testing.T) {
	var a interpolate.Text
	a.Append("x", 0, 1)
	b := a
	a.Append("y", 1, 2)
	b.Append("z", 5, 8)
	b.Add(a)
	if a.String != "xy" || b.String != "xzxy" || b.Span(1, 2).End != 8 || b.Span(3, 4).Start != 1 {
		t.Errorf("got %q and %q", a.String, b.String)
	}
}

func TestJSON(t *testing.T) {
	const raw = `a\n\"\u0041\ud83d\ude00\\ z`
	text := interpolate.JSON(interpolate.Plain(raw, 10))
	if want := "a\n\"A\U0001f600\\ z"; text.String != want {
		t.Fatalf("%q, want %q", text.String, want)
	}
	if span := text.Span(3, 4); raw[span.Start-10:span.End-10] != `\u0041` {
		t.Errorf("A is written %q", raw[span.Start-10:span.End-10])
	}
	for _, broken := range []string{`\`, `\u`, `\u00`, `\q`, `\ud83d\u`} {
		interpolate.JSON(interpolate.Plain(broken, 0))
	}
}

func FuzzParts(f *testing.F) {
	for _, seed := range []string{"a$B", "${A:-${B:-c}}", "$$${", `\$a${b`, strings.Repeat("${a:-", 40) + strings.Repeat("}", 40)} {
		f.Add(seed, true)
	}
	f.Fuzz(func(t *testing.T, text string, doubled bool) {
		syntax := interpolate.Syntax{Doubled: doubled, Escape: '\\'}
		check(t, text, syntax.Parts(interpolate.Plain(text, 0)))
	})
}

// check fails if a literal's bytes do not spell it once escapes are gone.
func check(t *testing.T, file string, parts []analyzers.Part) {
	t.Helper()
	for _, p := range parts {
		if p.Hole != nil {
			if p.Hole.Default != nil {
				check(t, file, p.Hole.Default.Parts)
			}
			continue
		}
		written := file[p.Span.Start:p.Span.End]
		if written != p.Text && !strings.Contains(written, `\$`) && !strings.Contains(written, "$$") {
			t.Errorf("%q is written %q", p.Text, written)
		}
	}
}
