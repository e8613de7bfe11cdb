package analyzertest

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stagewall/stagewall/analyzers"
)

// Rows returns the rows of tables that an analyzer finds in a file, sorted, one a line: the line, what it is, the id, its environments.
func Rows(t *testing.T, a *analyzers.Analyzer, path, src string) string {
	t.Helper()
	pass := analyzers.NewPass(a.Name, path, []byte(src))
	if err := a.Run(pass); err != nil {
		t.Fatal(err)
	}
	var rows []string
	for _, b := range pass.Facts.Bindings {
		rows = append(rows, fmt.Sprintf("%d %s %s %s", b.At.Line, b.What, b.Value, b.Environments))
	}
	slices.Sort(rows)
	return strings.Join(rows, "\n")
}
