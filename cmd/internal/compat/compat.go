// Package compat scans as gitleaks v8 does (https://github.com/gitleaks/gitleaks): the files that it reads, cut into its fragments, its
// rules, its precedence, its lines and columns, its report; no graph, and nothing of what the providers know. It is for those who
// compare, and for those who come from there.
package compat

import (
	"cmp"
	"context"
	"path"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"github.com/stagewall/stagewall/cmd/internal/source"
	"github.com/stagewall/stagewall/detectors/match"
)

// Options is what a scan needs.
type Options struct {
	Source source.Source
	Root   string        // what is scanned, as it was named: findings, rules and allowlists see the paths of files behind it
	Walked bool          // Root is the folder that is scanned, and not that of the file
	Engine *match.Engine // in gitleaks' mode
	Jobs   int           // workers; 0: one a processor
	Skip   []string      // paths of files that are not scanned: the configuration and the baseline

	IgnoreAllows bool // comments that allow a finding allow none

	Ignored func(file, rule, secret string, line int) bool // .gitleaksignore and a baseline; may be nil
}

// Result is what a scan found.
type Result struct {
	Findings []Finding // by file, then place
	Problems []source.Problem
	Bytes    int64 // that were scanned
}

// Run scans everything in the source.
func Run(ctx context.Context, opt Options) (*Result, error) {
	listing, err := opt.Source.List(ctx)
	if err != nil {
		return nil, err
	}
	if opt.Jobs <= 0 {
		opt.Jobs = runtime.GOMAXPROCS(0)
	}
	workers := make([]*worker, min(opt.Jobs, max(1, len(listing.Files))))
	group, ctx := errgroup.WithContext(ctx)
	var next atomic.Int64
	for i := range workers {
		w := &worker{opt: &opt, scanner: opt.Engine.Scanner(), skips: map[string]bool{}}
		workers[i] = w
		group.Go(func() error {
			for {
				i := int(next.Add(1)) - 1
				if i >= len(listing.Files) {
					return nil
				}
				if err := ctx.Err(); err != nil {
					return err
				}
				w.file(ctx, listing.Files[i])
			}
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	r := &Result{Problems: listing.Problems}
	for _, w := range workers {
		r.Findings = append(r.Findings, w.findings...)
		r.Problems = append(r.Problems, w.problems...)
		r.Bytes += w.bytes
	}
	slices.SortFunc(r.Findings, func(a, b Finding) int {
		return cmp.Or(
			strings.Compare(a.File, b.File), cmp.Compare(a.StartLine, b.StartLine), cmp.Compare(a.StartColumn, b.StartColumn),
			cmp.Compare(a.EndLine, b.EndLine), cmp.Compare(a.EndColumn, b.EndColumn), strings.Compare(a.RuleID, b.RuleID),
			strings.Compare(a.Secret, b.Secret), strings.Compare(a.Match, b.Match),
		)
	})
	slices.SortFunc(r.Problems, func(a, b source.Problem) int { return strings.Compare(a.Path, b.Path) })
	return r, nil
}

// skipped reports whether gitleaks does not go into one of the folders that a path lies in, or does not open the file: a global
// allowlist has the folder's path, or the file's.
func (w *worker) skipped(name string) bool {
	skip, known := w.skips[name]
	if known {
		return skip
	}
	if root := path.Clean(w.opt.Root); name != root && w.opt.Walked {
		skip = w.skipped(path.Dir(name))
	}
	skip = skip || w.scanner.Skips(name)
	w.skips[name] = skip
	return skip
}
