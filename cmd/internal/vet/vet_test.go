package vet

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/stagewall/stagewall/detectors/detectortest"
)

// TestMain lets the test's own program be the tool of go vet.
func TestMain(m *testing.M) {
	if IsVet(os.Args[1:]) {
		Main()
	}
	os.Exit(m.Run())
}

// TestGoVet runs go vet, with this program as its tool, over modules, and compares what it prints with the section "want", one expression a line.
func TestGoVet(t *testing.T) {
	if testing.Short() {
		t.Skip("go vet calls the tool for every package of the standard library that is imported")
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no modules", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			dir, want, minted := unpack(t, file)
			command := exec.Command("go", "vet", "-vettool="+self, "./...")
			command.Dir = dir
			command.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=-mod=mod", "PWD="+dir)
			printed, err := command.CombinedOutput()
			if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
				t.Fatal(err)
			}
			got := comments.ReplaceAllString(string(printed), "")
			if !matches(got, want) {
				t.Errorf("go vet prints\n%swant\n%s", got, want)
			}
			for _, m := range minted {
				if strings.Contains(got, m.Value) {
					t.Errorf("{{%s}} is printed", m.Name)
				}
			}
		})
	}
}

// comments are the lines with which go vet names the package that diagnostics are of.
var comments = regexp.MustCompile(`(?m)^#.*\n`)

// matches reports whether each line matches an expression of its own and none is left, one expression a line. The order is not compared: go
// vet prints packages that import nothing of each other as they are done.
func matches(lines, expressions string) bool {
	left := strings.Split(lines, "\n")
	for expression := range strings.SplitSeq(expressions, "\n") {
		i := slices.IndexFunc(left, regexp.MustCompile("^"+expression+"$").MatchString)
		if i < 0 {
			return false
		}
		left = slices.Delete(left, i, i+1)
	}
	return len(left) == 0
}

// unpack writes the files of an archive, tokens minted, to a new folder.
func unpack(t *testing.T, file string) (dir, want string, minted []detectortest.Minted) {
	t.Helper()
	archive, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	dir = t.TempDir()
	for _, f := range archive.Files {
		text, tokens := detectortest.Expand(string(f.Data))
		minted = append(minted, tokens...)
		if f.Name == "want" {
			want = text
			continue
		}
		name := filepath.Join(dir, f.Name)
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir, want, minted
}

func TestIsVet(t *testing.T) {
	for args, want := range map[string]bool{
		"":                               false,
		"-V=full":                        true,
		"-flags":                         true,
		"/tmp/b001/vet.cfg":              true,
		"-json /tmp/b001/vet.cfg":        true,
		"-a.severity=high -json vet.cfg": true,
		"scan":                           false,
		"scan tool.cfg":                  false,
		"--config x.cfg scan":            false,
		"-V=full scan":                   false,
		"scan -flags":                    false,
		"--config=x.cfg":                 false,
		"--help":                         false,
	} {
		if got := IsVet(strings.Fields(args)); got != want {
			t.Errorf("IsVet(%q) = %t", args, got)
		}
	}
}
