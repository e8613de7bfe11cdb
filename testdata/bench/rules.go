package main

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/gitleaks"
	"github.com/stagewall/stagewall/detectors/match"
	"github.com/stagewall/stagewall/detectors/suite"
)

// which rules the engine is measured with.
const (
	rulesOfGitleaks = "gitleaks"
	rulesOfAll      = "all"
)

// scanWith scans a tree with the engine and some of the rules, and nothing else: what the process takes is what these rules cost. It prints how many
// candidates there are.
func scanWith(ctx context.Context, which, dir string) error {
	debug.SetGCPercent(800) // as the program has it for so small a heap
	user, err := gitleaks.Default()
	if err != nil {
		return err
	}
	var rules []detectors.Rule
	switch which {
	case rulesOfGitleaks:
		rules = user.Rules
	case rulesOfAll:
		rules = suite.Rules(suite.Providers(), user)
	default:
		return fmt.Errorf("there are no rules %q: %s, %s", which, rulesOfGitleaks, rulesOfAll)
	}
	engine, err := match.New(rules, match.Options{DecodeDepth: 5, Global: user.Global})
	if err != nil {
		return err
	}
	var found atomic.Int64
	paths := make(chan string, 256)
	group, ctx := errgroup.WithContext(ctx)
	for range runtime.NumCPU() {
		group.Go(func() error {
			scanner, buffer := engine.Scanner(), bytes.Buffer{}
			for path := range paths {
				if err := fill(&buffer, path); err != nil {
					return err
				}
				data := buffer.Bytes()
				if bytes.IndexByte(data[:min(len(data), 8<<10)], 0) >= 0 {
					continue
				}
				in := match.Input{Path: path, Data: data, Final: true}
				if err := scanner.Scan(ctx, in, func(match.Candidate) bool { found.Add(1); return true }); err != nil {
					return err
				}
			}
			return nil
		})
	}
	group.Go(func() error {
		defer close(paths)
		return filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err != nil || !d.Type().IsRegular() {
				return err
			}
			select {
			case paths <- path:
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		})
	})
	if err := group.Wait(); err != nil {
		return err
	}
	fmt.Println(found.Load(), "candidates")
	return nil
}

// fill puts what is in a file in the place of what is in the buffer.
func fill(buffer *bytes.Buffer, path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	buffer.Reset()
	_, err = buffer.ReadFrom(f)
	return err
}
