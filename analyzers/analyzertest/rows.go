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

// Row is a file's path, its text, and the rows wanted of it, as [Rows] writes them.
type Row [3]string

// RunRows tests that the analyzer finds in each file the rows that are wanted.
func RunRows(t *testing.T, a *analyzers.Analyzer, tests []Row) {
	t.Helper()
	for _, test := range tests {
		path, src, want := test[0], test[1], test[2]
		if got := Rows(t, a, path, src); got != want {
			t.Errorf("%s\n%s\ngot:\n%s\nwant:\n%s", path, src, got, want)
		}
	}
}
