package main

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
)

// finding is what both programs say of a finding, under the names of gitleaks' report.
type finding struct {
	File, RuleID                               string
	StartLine, EndLine, StartColumn, EndColumn int
	Match, Secret                              string
	Entropy                                    float32
}

// compare scans each tree with both programs, stagewall in gitleaks' mode and in its own, and says what differs.
func (p *programs) compare(ctx context.Context, trees []tree, show int) error {
	differ := 0
	fmt.Printf("%-28s %7s %9s %9s %8s %8s\n", "", "files", "MB", "findings", "missing", "surplus")
	for _, t := range trees {
		theirs, err := p.findings(ctx, p.gitleaks, "dir", "--no-banner", "--log-level", "error", "--exit-code", "0", t.dir, "-r")
		if err != nil {
			return err
		}
		ours, err := p.findings(ctx, p.stagewall, "scan", "--compat=gitleaks", "--show-secrets", "--fail-on", "never", t.dir, "-r")
		if err != nil {
			return err
		}
		missing, surplus := without(theirs, ours), without(ours, theirs)
		differ += len(missing) + len(surplus)
		fmt.Printf("%-28s %7d %9.1f %9d %8d %8d\n", t.name, t.files, float64(t.bytes)/1e6, len(theirs), len(missing), len(surplus))
		shown("missing", missing, show)
		shown("surplus", surplus, show)
		if err := wholeFiles(ctx, t); err != nil {
			return err
		}
	}
	if differ > 0 {
		return fmt.Errorf("%d findings differ", differ)
	}
	return nil
}

// findings runs a program that writes its report to the path after its last argument.
func (p *programs) findings(ctx context.Context, program string, args ...string) ([]finding, error) {
	report := filepath.Join(p.dir, "report.json")
	if _, err := measure(ctx, append([]string{program}, append(args, report)...)); err != nil {
		return nil, err
	}
	data, err := os.ReadFile(report)
	if err != nil {
		return nil, err
	}
	var found []finding
	return found, json.Unmarshal(data, &found)
}

// without returns the elements of a that are not in b, each as often as it is in a more often.
func without[T comparable](a, b []T) []T {
	count := map[T]int{}
	for _, x := range b {
		count[x]++
	}
	var only []T
	for _, x := range a {
		if count[x]--; count[x] < 0 {
			only = append(only, x)
		}
	}
	return only
}

// shown prints the first findings, without secrets.
func shown(what string, found []finding, show int) {
	for _, f := range found[:min(show, len(found))] {
		fmt.Printf("  %s %s:%d:%d-%d:%d %s\n", what, f.File, f.StartLine, f.StartColumn, f.EndLine, f.EndColumn, f.RuleID)
	}
}

// counts prints how often each thing was counted.
func counts(title string, n map[string]int) {
	for _, key := range slices.Sorted(maps.Keys(n)) {
		fmt.Printf("  %s %6d  %s\n", title, n[key], key)
	}
}
