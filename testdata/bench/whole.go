package main

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/gitleaks"
	"github.com/stagewall/stagewall/detectors/match"
)

// told is a candidate as both modes tell it.
type told struct {
	rule, secret string
	depth        int
	line         int // in which the match begins, counted from 0; -1 for a path
}

// heard is what a mode tells of a file.
type heard struct {
	all []told
	at  map[told]detectors.Span // where the match stands
}

// wholeFiles says how the engine's own mode, which scans files whole, differs from gitleaks' mode with the same rules, and why.
func wholeFiles(ctx context.Context, t tree) error {
	c, err := gitleaks.Default()
	if err != nil {
		return err
	}
	var scanners [2]*match.Scanner
	for i := range scanners {
		e, err := match.New(c.Rules, match.Options{DecodeDepth: 5, Global: c.Global, Gitleaks: i == 0})
		if err != nil {
			return err
		}
		scanners[i] = e.Scanner()
	}
	more, less, same := map[string]int{}, map[string]int{}, 0
	err = filepath.WalkDir(t.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		in := match.Input{Path: filepath.ToSlash(path), Data: data, Final: true}
		fragments, err := tell(ctx, scanners[0], c.Rules, in)
		if err != nil {
			return err
		}
		whole, err := tell(ctx, scanners[1], c.Rules, in)
		if err != nil {
			return err
		}
		only := without(fragments.all, whole.all)
		same += len(fragments.all) - len(only)
		for _, f := range without(whole.all, fragments.all) {
			why := whyMore(f, fragments, len(data))
			if why == unexplained {
				rest, err := tell(ctx, scanners[0], c.Rules, match.Input{Path: in.Path, Data: data[whole.at[f].Start:], Final: true})
				if err != nil {
					return err
				}
				if slices.ContainsFunc(rest.all, func(g told) bool { return g.rule == f.rule && g.secret == f.secret }) {
					why = "gitleaks has its beginning for the end of a match before"
				}
			}
			more[f.rule+": "+why]++
		}
		for _, f := range only {
			less[f.rule+": "+whyLess(f, fragments.at[f], whole, len(data))]++
		}
		return nil
	})
	if err != nil {
		return err
	}
	fmt.Printf("  files whole: %d the same\n", same)
	counts("more", more)
	counts("less", less)
	return nil
}

// tell returns what a mode finds in a file.
func tell(ctx context.Context, s *match.Scanner, rules []detectors.Rule, in match.Input) (heard, error) {
	h := heard{at: map[told]detectors.Span{}}
	err := s.Scan(ctx, in, func(c match.Candidate) bool {
		f := told{rule: rules[c.Rule].ID, secret: string(c.Value), depth: c.Depth, line: -1}
		if !c.Match.Empty() {
			f.line = bytes.Count(in.Data[:c.Match.Start], []byte{'\n'})
		}
		h.all = append(h.all, f)
		h.at[f] = c.Match
		return true
	})
	return h, err
}

const fragment = 100_000 // the least that gitleaks scans at once of a larger file

const unexplained = "not explained"

// whyMore says why a finding is one only where files are scanned whole.
func whyMore(f told, fragments heard, size int) string {
	for _, g := range fragments.all {
		switch {
		case g.rule == f.rule && g.secret == f.secret:
			return "gitleaks has another place for what it decoded"
		case g.line == f.line && strings.Contains(g.secret, f.secret):
			return "gitleaks has it yield to " + g.rule + " on the same line, whose bytes are others"
		}
	}
	switch {
	case size > fragment:
		return "it, or what it needs, stands on both sides of a border between fragments"
	case f.depth > 0:
		return "it is encoded in a way that gitleaks does not undo"
	}
	return unexplained
}

// whyLess says why a finding is none where files are scanned whole.
func whyLess(f told, at detectors.Span, whole heard, size int) string {
	for _, w := range whole.all {
		switch overlap := whole.at[w].Overlaps(at); {
		case w.rule == f.rule && w.secret == f.secret:
			return "it is said once, or of another place for what was decoded"
		case w.rule == f.rule && overlap:
			return "it is said once, encoded or decoded"
		case w.rule != f.rule && overlap:
			return "it yields to " + w.rule + ", which has its bytes"
		}
	}
	switch {
	case f.secret == "":
		return "it has no secret"
	case size > fragment:
		return "a border between fragments made it"
	}
	return unexplained
}
