package dotenv

import (
	"fmt"
	"strings"
	"testing"

	"github.com/bmatcuk/doublestar/v4"

	"github.com/stagewall/stagewall/analyzers"
)

// show writes the steps of the file's program, one a line: the name, then the parts of the value, literals as they are written.
func show(t *testing.T, data string) string {
	t.Helper()
	pass := analyzers.NewPass("dotenv", ".env", []byte(data))
	if err := run(pass); err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, p := range pass.Facts.Programs {
		for _, s := range p.Steps {
			fmt.Fprintf(&b, "%s=%s\n", s.Name, value(data, s.Value))
		}
	}
	return b.String()
}

func value(data string, v analyzers.Value) string {
	var words []string
	for _, p := range v.Parts {
		switch {
		case p.Hole == nil:
			words = append(words, fmt.Sprintf("%q", data[p.Span.Start:p.Span.End]))
		default:
			words = append(words, "<"+holeText(data, p.Hole)+">")
		}
	}
	return strings.Join(words, " ")
}

func holeText(data string, h *analyzers.Hole) string {
	name := h.Name
	if h.Space != "" {
		name = h.Space + "." + name
	}
	if h.Default == nil {
		return name
	}
	return name + " or " + value(data, *h.Default)
}

func TestRun(t *testing.T) {
	for _, test := range []struct{ name, data, want string }{
		{"plain", "A=b\nC=d\n", "A=\"b\"\nC=\"d\"\n"},
		{"no end of line", "A=b", "A=\"b\"\n"},
		{"empty", "A=\nB=''\nC=\"\"\n", "A=\nB=\nC=\n"},
		{"export", "export A=b\n\texport  B=c\n", "A=\"b\"\nB=\"c\"\n"},
		{"a name that begins like export", "exported=1\n", "exported=\"1\"\n"},
		{"spaces", "  A = b c  \n", "A=\"b c\"\n"},
		{"colon", "A: b\n", "A=\"b\"\n"},
		{"colon in a value", "A=b:c\n", "A=\"b:c\"\n"},
		{"comments", "# A=b\n#\nB=c # no\nC=d#e\n", "B=\"c\"\nC=\"d#e\"\n"},
		{"comment only", "A= # no\n", "A=\n"},
		{"double", "A=\"b # c\" # no\n", "A=\"b # c\"\n"},
		{"escaped quote", `A="b\"c"` + "\n", `A="b\\\"c"` + "\n"},
		{"single", "A='b \"$C\"'\n", "A=\"b \\\"$C\\\"\"\n"},
		{"backtick", "A=`b 'c'`\n", "A=\"b 'c'\"\n"},
		{"many lines", "A=\"b\nc=d\n\"\nE=f\n", "A=\"b\\nc=d\\n\"\nE=\"f\"\n"},
		{"quote not closed", "A=\"b\nC=d\n", "A=\"b\"\nC=\"d\"\n"},
		{"quote within", "A=b'c\nD=e\n", "A=\"b'c\"\nD=\"e\"\n"},
		{"carriage return", "A=b\r\nC='d'\r\n", "A=\"b\"\nC=\"d\"\n"},
		{"byte order mark", "\ufeffA=b\n", "A=\"b\"\n"},
		{"variables", "A=$B-${C:-d}\n", "A=<project.B or <B>> \"-\" <project.C or <C or \"d\">>\n"},
		{"variables in double quotes", "A=\"x${B}\"\n", "A=\"x\" <project.B or <B>>\n"},
		{"escaped dollar", `A=\$B` + "\n", "A=\"$B\"\n"},
		{"name alone", "A\nB=c\n", "A=<project.A or <A>>\nB=\"c\"\n"},
		{"names with dots and dashes", "a.b-c=d\n", "a.b-c=\"d\"\n"},
		{"prose", "this is prose\nA=b\n", "A=\"b\"\n"},
		{"no name", "=b\n1 2=3\n", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := show(t, test.data); got != test.want {
				t.Errorf("got\n%swant\n%s", got, test.want)
			}
		})
	}
}

// Every file that something loads as a dotenv file should be read, and no source file that only is called so.
func TestFiles(t *testing.T) {
	assignment := []byte("# x\n\nKEY=value\n")
	for path, want := range map[string]bool{
		".env": true, "app/.env.staging": true, "deploy/staging.env": true, ".dev.vars": true, ".dev.vars.staging": true, ".flaskenv": true,
		".env.example": true, "env.staging": true, "config/app.env.sample": true, "env/staging": true, ".envs/.production/.django": true, "envs/prod.conf": true,
		"env.ts": false, "vite.env.d.ts": false, "src/.env.d.ts": false, ".envrc": false, "env.go": false, "environment": true, "notes.txt": false,
		".env.js": false, ".env.yml": false, ".env.json": false, "README.env.md": false,
	} {
		if got := reads(path, assignment); got != want {
			t.Errorf("%s: read %v, want %v", path, got, want)
		}
	}
	if reads("env.staging", []byte("not an assignment\n")) {
		t.Error("a file without assignments is read")
	}
}

func reads(path string, head []byte) bool {
	for _, pattern := range Analyzer.Files {
		if ok, _ := doublestar.Match(pattern, path); ok {
			return dotenvName(path)
		}
	}
	return Analyzer.Sniff(path, head)
}

func TestCipher(t *testing.T) {
	for _, test := range []struct {
		name, data string
		want       bool
	}{
		{"plain", "A=b\n", false},
		{"nothing", "", false},
		{"dotenvx", "DOTENV_PUBLIC_KEY=\"03ab\"\nA=\"encrypted:BGh0\"\nB=\"\"\n", true},
		{"dotenvx with a plain value", "DOTENV_PUBLIC_KEY=\"03ab\"\nA=\"encrypted:BGh0\"\nB=c\n", false},
		{"sops", "A=ENC[AES256_GCM,data:x,iv:y,tag:z,type:str]\nsops_version=3.9.0\nsops_mac=ENC[AES256_GCM,data:x]\n", true},
	} {
		pass := analyzers.NewPass("dotenv", ".env", []byte(test.data))
		if err := run(pass); err != nil || pass.Facts.Cipher != test.want {
			t.Errorf("%s: cipher %v, want %v (%v)", test.name, pass.Facts.Cipher, test.want, err)
		}
	}
}

func TestPlaces(t *testing.T) {
	pass := analyzers.NewPass("dotenv", ".env", []byte("# x\n  export A = \"b c\"\n"))
	if err := run(pass); err != nil {
		t.Fatal(err)
	}
	step := pass.Facts.Programs[0].Steps[0]
	if step.At.Line != 2 || step.At.Column != 10 || step.Value.At.Column != 15 || step.Value.At.Span.End != 21 {
		t.Errorf("the name is at %+v, the value at %+v", step.At, step.Value.At)
	}
}

func TestMentions(t *testing.T) {
	pass := analyzers.NewPass("dotenv", "deploy/.env.production", []byte("APP_ENV=staging\nNODE_ENV=test\nOTHER=preview\n"))
	if err := run(pass); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, m := range pass.Facts.Mentions {
		got = append(got, m.Environments.String())
	}
	if strings.Join(got, " ") != "production staging" {
		t.Errorf("mentions %v", got)
	}
}

func FuzzRun(f *testing.F) {
	f.Add([]byte("A=b\nexport C=\"d\\n$E\"\nF='g\nh'\n# i\nJ: k # l\r\n"))
	f.Add([]byte("\xef\xbb\xbfA=`${B:-${C}}`"))
	f.Fuzz(func(t *testing.T, data []byte) {
		pass := analyzers.NewPass("dotenv", ".env", data)
		if err := run(pass); err != nil {
			t.Fatal(err)
		}
		end := 0
		for _, p := range pass.Facts.Programs {
			for _, s := range p.Steps {
				if s.At.Span.Start < end || s.Value.At.Span.Start < s.At.Span.Start {
					t.Fatalf("%s is out of order", s.Name)
				}
				end = s.Value.At.Span.End
				name := string(data[s.At.Span.Start:s.At.Span.End])
				if !strings.HasPrefix(name, s.Name) {
					t.Fatalf("%s is written %q", s.Name, name)
				}
				checkSpans(t, data, s.Value)
			}
		}
	})
}

// checkSpans fails if a literal's text is not what its bytes spell.
func checkSpans(t *testing.T, data []byte, v analyzers.Value) {
	t.Helper()
	for _, p := range v.Parts {
		if p.Hole != nil {
			if p.Hole.Default != nil {
				checkSpans(t, data, *p.Hole.Default)
			}
			continue
		}
		written := string(data[p.Span.Start:p.Span.End])
		if !strings.Contains(written, "\\") && !strings.Contains(written, "$$") && written != p.Text {
			t.Fatalf("%q is written %q", p.Text, written)
		}
	}
}

// A file of any name that holds assignments and nothing else is read, since whoever loads it says what it is.
func TestOnlyAssigns(t *testing.T) {
	for text, want := range map[string]bool{
		"A=b\n": true, "# c\nA=b\n\nexport B='c d'\n": true, "A=b\nB=cut of": true,
		"": false, "# c\n": false, "A: b\n": false, "A = b\n": false, "[section]\nA=b\n": false, "A=b\nserver {\n": false, "key value\n": false,
	} {
		if got := onlyAssigns([]byte(text)); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}
