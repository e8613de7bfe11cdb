package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/stagewall/stagewall/cmd/internal/cli"
	"github.com/stagewall/stagewall/cmd/internal/report"
	"github.com/stagewall/stagewall/detectors/detectortest"
)

// transcript names the file to which all that the program prints in a script is copied, so that it can be searched for secrets.
const transcript = "STAGEWALL_TRANSCRIPT"

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"stagewall": func() {
			command := cli.Command{Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr}
			if f, err := os.OpenFile(os.Getenv(transcript), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600); err == nil && !slices.Contains(os.Args, "--show-secrets") {
				defer f.Close()
				command.Stdout, command.Stderr = io.MultiWriter(os.Stdout, f), io.MultiWriter(os.Stderr, f)
			}
			os.Exit(command.Run(os.Args[1:]))
		},
	})
}

// TestScripts runs what a user would type. In the files of a script, {{railway}} and its like become tokens; afterwards nothing that the
// program printed, no report that it wrote, and nothing that it kept for the next scan, may hold one of them, but for those of a call with --show-secrets.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "../../testdata/script",
		RequireExplicitExec: true,
		UpdateScripts:       os.Getenv("UPDATE_SCRIPTS") != "",
		Setup:               setup,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"crossings": crossings,
			"reaches":   reaches,
			"places":    places,
		},
		Condition: func(name string) (bool, error) {
			_, err := exec.LookPath(name)
			return err == nil, nil
		},
	})
}

func setup(env *testscript.Env) error {
	log := filepath.Join(env.Getenv("TMPDIR"), "transcript")
	env.Setenv(transcript, log)
	env.Setenv("HOME", env.Getenv("TMPDIR"))
	env.Setenv("XDG_CACHE_HOME", filepath.Join(env.Getenv("TMPDIR"), "cache"))
	if cache, err := os.UserCacheDir(); err == nil && os.Getenv("GOCACHE") == "" {
		env.Setenv("GOCACHE", filepath.Join(cache, "go-build")) // what the go command compiled before need not be compiled again
	}
	env.Setenv("GIT_CONFIG_GLOBAL", filepath.Join(env.Getenv("TMPDIR"), "gitconfig"))
	config := "[user]\n\tname = A\n\temail = a@example.com\n[init]\n\tdefaultBranch = main\n"
	if err := os.WriteFile(env.Getenv("GIT_CONFIG_GLOBAL"), []byte(config), 0o600); err != nil {
		return err
	}
	minted := map[string]string{} // value: the file that holds it
	err := filepath.WalkDir(env.WorkDir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		text, tokens := detectortest.Expand(string(data))
		for _, m := range tokens {
			minted[m.Value] = path
		}
		if len(tokens) == 0 {
			return nil
		}
		return os.WriteFile(path, []byte(text), 0o644)
	})
	env.Defer(func() {
		printed, err := os.ReadFile(log)
		if err != nil {
			return
		}
		for _, kind := range []string{"sarif", "json", "jsonl", "csv", "xml", "md", "html", "dot", "svg", "baseline"} {
			reports, _ := filepath.Glob(filepath.Join(env.WorkDir, "*."+kind))
			for _, r := range reports {
				if data, err := os.ReadFile(r); err == nil {
					printed = append(printed, data...)
				}
			}
		}
		kept, _ := filepath.Glob(filepath.Join(env.Getenv("XDG_CACHE_HOME"), "stagewall", "*"))
		for _, name := range kept {
			if data, err := os.ReadFile(name); err == nil {
				printed = append(printed, data...)
			}
		}
		for value := range minted {
			if bytes.Contains(printed, []byte(value)) {
				env.T().Fatal("the program printed or kept a secret")
			}
		}
	})
	return err
}

// read returns the report that stands in a file, or on the last command's standard output.
func read(ts *testscript.TestScript, name string) report.Document {
	var doc report.Document
	if err := json.Unmarshal([]byte(ts.ReadFile(name)), &doc); err != nil {
		ts.Fatalf("%s is no report: %v", name, err)
	}
	return doc
}

// crossings compares the crossings of a JSON report with a file, one a line: severity, strength, unit, and where the token stands.
func crossings(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 2 || neg {
		ts.Fatalf("usage: crossings stdout|FILE wanted")
	}
	doc := read(ts, args[0])
	var b strings.Builder
	for _, x := range doc.Crossings {
		last := x.Path[len(x.Path)-1]
		fmt.Fprintf(&b, "%s %s %s %s:%d\n", x.Severity, x.Strength, x.From, last.Path, last.Line)
	}
	if want := ts.ReadFile(args[1]); strings.TrimSpace(b.String()) != strings.TrimSpace(want) {
		ts.Fatalf("crossings:\n%swant:\n%s", b.String(), want)
	}
}

// reaches compares what is known of each token with a file, one a line: where it stands first, provider, kind, and its reach.
func reaches(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 2 || neg {
		ts.Fatalf("usage: reaches stdout|FILE wanted")
	}
	doc := read(ts, args[0])
	var lines []string
	for _, t := range doc.Tokens {
		reach := "unknown"
		if t.Reach.Known {
			reach = strings.Join(t.Reach.Environments, ",")
		}
		place := t.Masked
		if len(t.Places) > 0 {
			place = fmt.Sprintf("%s:%d", t.Places[0].Path, t.Places[0].Line)
		}
		lines = append(lines, fmt.Sprintf("%s %s %s %s", place, t.Provider, t.Kind, reach))
	}
	got := strings.Join(lines, "\n")
	if want := ts.ReadFile(args[1]); strings.TrimSpace(got) != strings.TrimSpace(want) {
		ts.Fatalf("tokens:\n%s\nwant:\n%s", got, want)
	}
}

// places compares the places of all tokens of a JSON report with a file, one a line: the subject of the commit, of the repository in
// $WORK/repo, the path, the line and the column.
func places(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 2 || neg {
		ts.Fatalf("usage: places stdout|FILE wanted")
	}
	lines := map[string]bool{}
	for _, t := range read(ts, args[0]).Tokens {
		for _, p := range t.Places {
			subject, err := exec.Command("git", "-C", ts.Getenv("WORK")+"/repo", "log", "-1", "--format=%s", p.Commit).Output()
			ts.Check(err)
			lines[fmt.Sprintf("%s %s:%d:%d", strings.TrimSpace(string(subject)), p.Path, p.Line, p.Column)] = true
		}
	}
	got, want := slices.Sorted(maps.Keys(lines)), strings.Split(strings.TrimSpace(ts.ReadFile(args[1])), "\n")
	slices.Sort(want)
	if !slices.Equal(got, want) {
		ts.Fatalf("places:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}
