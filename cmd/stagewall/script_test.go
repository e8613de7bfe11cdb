package main

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/stagewall/stagewall/cmd/internal/cli"
	"github.com/stagewall/stagewall/cmd/internal/report"
	"github.com/stagewall/stagewall/cmd/internal/scripttest"
)

func TestMain(m *testing.M) {
	scripttest.Main(m, "stagewall", func(args []string, stdout, stderr io.Writer) int {
		return cli.Command{Stdin: os.Stdin, Stdout: stdout, Stderr: stderr}.Run(args)
	})
}

// TestScripts runs what a user would type.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "../../testdata/script",
		RequireExplicitExec: true,
		UpdateScripts:       os.Getenv("UPDATE_SCRIPTS") != "",
		Setup:               scripttest.Setup("$XDG_CACHE_HOME/stagewall/*"),
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"crossings": crossings,
			"reaches":   reaches,
			"places":    places,
		},
		Condition: scripttest.Installed,
	})
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
