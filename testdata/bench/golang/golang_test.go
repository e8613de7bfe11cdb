package golang

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/capslock/analyzer"
	"golang.org/x/tools/go/callgraph/cha"
	"golang.org/x/tools/go/callgraph/vta"
	"golang.org/x/tools/go/packages"
	"golang.org/x/tools/go/ssa"
	"golang.org/x/tools/go/ssa/ssautil"
)

// subjects are the modules that are measured, by rising size.
var subjects = []struct{ name, module string }{
	{"actionlint", "github.com/rhysd/actionlint@v1.7.12"},
	{"gitleaks", "github.com/zricethezav/gitleaks/v8@v8.30.1"},
	{"golangci-lint", "github.com/golangci/golangci-lint/v2@v2.15.0"},
}

// inside, set, makes the test's program one that analyses the module in its working directory in the way that it names.
const inside = "STAGEWALL_BENCH"

func TestMain(m *testing.M) {
	var err error
	switch way := os.Getenv(inside); way {
	case "":
		os.Exit(m.Run())
	case "program":
		err = program()
	case "capslock":
		err = capslock()
	default:
		err = fmt.Errorf("%q is no way", way)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(3)
	}
}

// program builds the whole program and its call graph.
func program() error {
	pkgs, err := packages.Load(&packages.Config{Mode: packages.LoadAllSyntax}, "./...")
	if err != nil {
		return err
	}
	whole, _ := ssautil.AllPackages(pkgs, ssa.InstantiateGenerics)
	whole.Build()
	graph := vta.CallGraph(ssautil.AllFunctions(whole), cha.CallGraph(whole))
	if len(graph.Nodes) == 0 {
		return errors.New("the program has no functions")
	}
	return nil
}

// capslock finds the capabilities of the packages.
func capslock() error {
	pkgs, err := analyzer.LoadPackages([]string{"./..."}, analyzer.LoadConfig{})
	if err != nil {
		return err
	}
	granularity, err := analyzer.GranularityFromString("function")
	if err != nil {
		return err
	}
	list := analyzer.GetCapabilityInfo(pkgs, analyzer.GetQueriedPackages(pkgs), &analyzer.Config{
		Classifier: analyzer.GetClassifier(true), Granularity: granularity,
	})
	if len(list.CapabilityInfo) == 0 {
		return errors.New("the packages have no capabilities")
	}
	return nil
}

// environment is what all processes run in: what stagewall gives the go command, but for the proxy.
func environment() []string {
	return append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS=", "GOWORK=off", "GOTOOLCHAIN=local")
}

// run runs a command and returns what it prints.
func run(b *testing.B, dir, name string, args ...string) []byte {
	b.Helper()
	c := exec.Command(name, args...)
	var said bytes.Buffer
	c.Dir, c.Env, c.Stderr = dir, environment(), &said
	out, err := c.Output()
	if err != nil {
		b.Fatalf("%s: %v\n%s", c, err, &said)
	}
	return out
}

// get downloads a module and returns the folder of a copy, built.
func get(b *testing.B, module string) string {
	b.Helper()
	var downloaded struct{ Dir string }
	if err := json.Unmarshal(run(b, ".", "go", "mod", "download", "-json", module), &downloaded); err != nil {
		b.Fatal(err)
	}
	dir := b.TempDir()
	if err := os.CopyFS(dir, os.DirFS(downloaded.Dir)); err != nil {
		b.Fatal(err)
	}
	run(b, dir, "go", "mod", "download")
	run(b, dir, "go", "build", "./...")
	return dir
}

// fresh and freshTool become flags with a value that no run had before: the go command keeps what vet says by its flags.
const (
	fresh     = "-printf.funcs=fresh"
	freshTool = "-stagewalltokens.accept=fresh"
)

// BenchmarkGo measures every way on every module.
func BenchmarkGo(b *testing.B) {
	tool := filepath.Join(b.TempDir(), "stagewall")
	run(b, "../../..", "go", "build", "-o", tool, "./cmd/stagewall")
	self, err := os.Executable()
	if err != nil {
		b.Fatal(err)
	}
	scan := func(mode string) []string {
		return []string{tool, "scan", "--go=" + mode, "--fail-on=never", "--no-cache", "-f", "jsonl", "-r", os.DevNull, "."}
	}
	for _, subject := range subjects {
		b.Run(subject.name, func(b *testing.B) {
			dir := get(b, subject.module)
			b.Logf("%s: %d packages with all that they import, of %d modules", subject.module,
				lines(run(b, dir, "go", "list", "-deps", "./...")), lines(run(b, dir, "go", "list", "-deps", "-f", "{{with .Module}}{{.Path}}{{end}}", "./...")))
			for _, way := range []struct {
				name string
				args []string
			}{
				{"vet", []string{"go", "vet", fresh, "./..."}},
				{"module", scan("module")},
				{"syntax", scan("syntax")},
				{"vettool", []string{"go", "vet", "-vettool=" + tool, freshTool, "./..."}},
				{"program", []string{self}},
				{"capslock", []string{self}},
			} {
				b.Run(way.name, func(b *testing.B) { measure(b, dir, way.name, way.args) })
			}
		})
	}
}

// lines counts the lines that differ.
func lines(out []byte) int {
	all := map[string]bool{}
	for line := range strings.Lines(string(out)) {
		all[line] = line != "\n"
	}
	return len(all)
}

// measure runs a command and reports what it and its children took. That it has something to report is no failure.
func measure(b *testing.B, dir, way string, args []string) {
	b.Helper()
	var cpu time.Duration
	var memory int64
	for b.Loop() {
		list := make([]string, len(args))
		for i, a := range args {
			if list[i] = a; a == fresh || a == freshTool {
				list[i] = fmt.Sprintf("%s%d", a, time.Now().UnixNano())
			}
		}
		c := exec.Command(list[0], list[1:]...)
		var said bytes.Buffer
		c.Dir, c.Env, c.Stdout, c.Stderr = dir, append(environment(), inside+"="+way), &said, &said
		err := c.Run()
		if c.ProcessState == nil || err != nil && c.ProcessState.ExitCode() != 1 {
			b.Fatalf("%s: %v\n%.2000s", c, err, &said)
		}
		cpu += c.ProcessState.UserTime() + c.ProcessState.SystemTime()
		if usage, ok := c.ProcessState.SysUsage().(*syscall.Rusage); ok {
			memory = max(memory, usage.Maxrss) // of the largest process; kilobytes on Linux
		}
	}
	b.ReportMetric(cpu.Seconds()/float64(b.N), "cpu-s/op")
	b.ReportMetric(float64(memory)/1024, "MB")
}
