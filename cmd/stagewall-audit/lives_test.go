package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/stagewall/stagewall/cmd/stagewall-audit/internal/news"
)

// lives writes what a JSON report says to a file. For each repository it has a line with the last part of its name and how the run ended with it, and
// below that a line for each crossing and each token: what became of it, and where it stands.
func lives(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 2 || neg {
		ts.Fatalf("usage: lives stdout|FILE into")
	}
	var r struct{ Repositories []*news.Repository }
	if err := json.Unmarshal([]byte(ts.ReadFile(args[0])), &r); err != nil {
		ts.Fatalf("%s is no report: %v", args[0], err)
	}
	var b strings.Builder
	for _, one := range r.Repositories {
		fmt.Fprintf(&b, "%s %s\n", path.Base(one.Name), one.Outcome)
		for _, x := range one.Crossings {
			fmt.Fprintf(&b, "  %s %s %s\n", x.State, x.Severity, x.Place)
		}
		for _, k := range one.Tokens {
			history := ""
			if k.History {
				history = " in the history only"
			}
			fmt.Fprintf(&b, "  %s token %s%s\n", k.State, k.Place, history)
		}
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), []byte(b.String()), 0o600))
}
