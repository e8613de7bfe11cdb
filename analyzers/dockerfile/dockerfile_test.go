package dockerfile

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/bmatcuk/doublestar/v4"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/analyzertest"
	"github.com/stagewall/stagewall/analyzers/golang"
	"github.com/stagewall/stagewall/analyzers/shell"
)

func TestReaches(t *testing.T) {
	analyzertest.Run(t, "testdata/*.txtar", Analyzer, golang.Analyzer, shell.Analyzer)
}

func facts(t *testing.T, path, data string) *analyzers.Facts {
	t.Helper()
	pass := analyzers.NewPass(name, path, []byte(data))
	if err := run(pass); err != nil {
		t.Fatal(err)
	}
	return pass.Facts
}

// show writes what the stages do, one step a line.
func show(data string, f *analyzers.Facts) string {
	var b strings.Builder
	for _, p := range f.Programs {
		fmt.Fprintf(&b, "%s:\n", p.Name)
		for _, s := range p.Steps {
			fmt.Fprintf(&b, "  %d %s %s", s.At.Line, s.Op, s.Name)
			for _, v := range []analyzers.Value{s.Value, s.Files()} {
				for _, part := range v.Parts {
					if part.Hole != nil {
						fmt.Fprintf(&b, " <%s %s>", part.Hole.Space, part.Hole.Name)
						continue
					}
					fmt.Fprintf(&b, " %q", data[part.Span.Start:part.Span.End])
				}
			}
			b.WriteString("\n")
		}
	}
	return b.String()
}

func TestRun(t *testing.T) {
	const data = "# escape=`\r\n" +
		"# not a directive any more\n" +
		"from golang AS Build\r\n" +
		"ENV A=1 `\n" +
		"# in between\n" +
		"\n" +
		"  B=\"2 3\"\n" +
		"COPY <<-\"ONE\" <<TWO /to/\n" +
		"\tkeep $A\n" +
		"\tONE\n" +
		"take $A\n" +
		"TWO\n" +
		"FROM build\n" +
		"ONBUILD ENV C=4\n" +
		"FROM 1\n" +
		"nonsense\n" +
		"ADD --chown=a:b [\"x y\", \"/z/\"]\n"
	want := `stage:build:
  4 set A "1"
  7 set B "2 3"
  8 set /to "keep $A\n"
  8 set /to "take " < A> "\n"
stage:1:
  4 set A "1"
  7 set B "2 3"
  8 set /to "keep $A\n"
  8 set /to "take " < A> "\n"
stage:2:
  4 set A "1"
  7 set B "2 3"
  8 set /to "keep $A\n"
  8 set /to "take " < A> "\n"
  14 set C "4"
  17 mount /z "x y"
:
  15 source ` + "\n"
	if got := show(data, facts(t, "Dockerfile", data)); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

func TestFiles(t *testing.T) {
	for path, want := range map[string]bool{
		"Dockerfile": true, "a/Dockerfile.staging": true, "staging.Dockerfile": true, "Containerfile": true, "dockerfile": true,
		"a/.dockerignore": true, "Dockerfile.staging.dockerignore": true, "build.Dockerfile.dockerignore": true, "Dockerfile-dev": true, "dockerfiles/x": false, "docker.go": false,
	} {
		got := false
		for _, pattern := range Analyzer.Files {
			if ok, _ := doublestar.Match(pattern, path); ok {
				got = true
			}
		}
		if got != want {
			t.Errorf("%s: read %v, want %v", path, got, want)
		}
	}
	if !sniff("build/image", []byte("# syntax=docker/dockerfile:1\nFROM x\n")) || sniff("a", []byte("# syntax=other\n")) {
		t.Error("the first line decides wrongly")
	}
	if f := facts(t, "dockerfile.go", "package x"); len(f.Programs) != 0 {
		t.Error("a source file is read")
	}
}

func TestTooMany(t *testing.T) {
	var b strings.Builder
	b.WriteString("FROM scratch AS s\n" + strings.Repeat("ENV A=1\n", 200))
	b.WriteString(strings.Repeat("FROM s AS s\n", 2000))
	f := facts(t, "Dockerfile", b.String())
	if len(f.Gaps) != 1 {
		t.Fatalf("%d gaps, want 1", len(f.Gaps))
	}
}

// TestLongText has arguments that double, folders that nest and an image whose name repeats: their texts are put together up to a bound, and said to be.
func TestLongText(t *testing.T) {
	double := "FROM x\nARG A0=ab\n"
	for i := range 20 {
		double += fmt.Sprintf("ARG A%d=$A%d$A%d\n", i+1, i, i)
	}
	for name, data := range map[string]string{
		"arguments": double + "WORKDIR $A20\n",
		"folders":   "FROM x\n" + strings.Repeat("WORKDIR abcdefgh\n", 1000),
		"image":     "ARG A=" + strings.Repeat("a", 1000) + "\nFROM " + strings.Repeat("$A", 10) + "\n",
	} {
		f := facts(t, "Dockerfile", data)
		if len(f.Gaps) != 1 {
			t.Errorf("%s: gaps %v", name, f.Gaps)
		}
		for _, p := range f.Programs {
			for _, s := range p.Steps {
				if len(s.Name) > maxText {
					t.Errorf("%s: a text of %d bytes", name, len(s.Name))
				}
			}
		}
	}
}

func FuzzRun(f *testing.F) {
	files, err := os.ReadDir("testdata")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		data, err := os.ReadFile("testdata/" + file.Name())
		if err == nil && !file.IsDir() {
			f.Add(data)
		}
	}
	f.Add([]byte("FROM a\nRUN <<A <<B\nA\nB\nCOPY --from=0 a b\nFROM 0\nCMD [\"\\u0041\"]\n"))
	f.Fuzz(analyzertest.Fuzz(Analyzer, "Dockerfile"))
}
