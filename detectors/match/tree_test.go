package match

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stagewall/stagewall/detectors/gitleaks"
)

// BenchmarkTree measures one worker with gitleaks' rules, in its mode, on trees that are in memory, when all is made that is made once. The trees are
// given by -trees, separated by commas.
func BenchmarkTree(b *testing.B) {
	if *trees == "" {
		b.Skip("no trees are given")
	}
	var files []Input
	size := 0
	for _, root := range strings.Split(*trees, ",") {
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil || !d.Type().IsRegular() {
				return err
			}
			data, err := os.ReadFile(path)
			files = append(files, Input{Path: path, Data: data, Final: true})
			size += len(data)
			return err
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	c, err := gitleaks.Default()
	if err != nil {
		b.Fatal(err)
	}
	e, err := New(c.Rules, Options{DecodeDepth: 5, Global: c.Global, Gitleaks: true})
	if err != nil {
		b.Fatal(err)
	}
	s := e.Scanner()
	scan := func() (found int) {
		for _, f := range files {
			if err := s.Scan(b.Context(), f, func(Candidate) bool { found++; return true }); err != nil {
				b.Fatal(err)
			}
		}
		return found
	}
	want := scan()
	b.SetBytes(int64(size))
	for b.Loop() {
		if found := scan(); found != want {
			b.Fatalf("%d candidates, and %d before", found, want)
		}
	}
	b.ReportMetric(float64(want), "candidates")
}
