package main

import (
	"bytes"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp/syntax"
	"strings"
	"testing"

	"github.com/stagewall/stagewall/detectors/gitleaks"
	"github.com/stagewall/stagewall/detectors/match/matchtest"
)

// TestCompare compares the programs on texts that every rule of gitleaks matches, in small files and in one of several fragments.
func TestCompare(t *testing.T) {
	p, err := build(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	c, err := gitleaks.Default()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	var large bytes.Buffer
	for i, rule := range c.Rules {
		re, err := syntax.Parse(rule.Pattern, syntax.Perl)
		if err != nil {
			t.Fatal(err)
		}
		r := rand.New(rand.NewPCG(uint64(i), 11))
		spelled := matchtest.Spell(r, matchtest.Text(r, re))
		r.Shuffle(len(spelled), func(i, j int) { spelled[i], spelled[j] = spelled[j], spelled[i] })
		text := strings.Join(spelled[:6], []string{"\n", "\r\n", " ", "\n\n"}[r.IntN(4)])
		if err := os.WriteFile(filepath.Join(dir, rule.ID+".txt"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		large.WriteString(text + strings.Repeat("\nnothing stands in these lines", r.IntN(100)) + strings.Repeat("\n", r.IntN(3)))
	}
	if err := os.WriteFile(filepath.Join(dir, "large.txt"), large.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	found, err := p.findings(t.Context(), p.gitleaks, "dir", "--no-banner", "--log-level", "error", "--exit-code", "0", dir, "-r")
	if err != nil || len(found) < 1000 {
		t.Fatalf("gitleaks finds %d, %v: the texts are too thin", len(found), err)
	}
	minted, err := find(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.compare(t.Context(), []tree{minted}, 20); err != nil {
		t.Error(err)
	}
}
