package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/stagewall/stagewall/cmd/internal/git"
	"github.com/stagewall/stagewall/cmd/internal/program"
	"github.com/stagewall/stagewall/cmd/internal/scan"
	"github.com/stagewall/stagewall/cmd/internal/source"
)

// historyJob prepares a scan of the history of the repository that the target is or lies in.
func (c Command) historyJob(ctx context.Context, target string, f scanFlags) (*scan.Options, runner, error) {
	if f.staged {
		return nil, nil, errors.New("--history and --staged are two scans: leave out one")
	}
	if f.depth > 0 {
		return nil, nil, errors.New("--max-archive-depth: archives in a history are not opened")
	}
	log, err := logOptions(f.logOptions)
	if err != nil {
		return nil, nil, err
	}
	repo, err := git.Open(ctx, target)
	if err != nil {
		return nil, nil, failed(fmt.Errorf("%s: %w", target, err))
	}
	opt := &scan.Options{Version: program.Version(), Now: time.Now(), Jobs: f.jobs, Reveal: f.showSecrets, MaxFileSize: int64(f.maxSize), IgnoreAllows: f.noAllows}
	opt.Target.Path, opt.Target.Mode, opt.Target.Commit = ".", "history", repo.Head(ctx)
	top, err := repo.Top(ctx)
	if err != nil {
		top = "" // bare
	} else {
		tree, err := source.OpenTree(ctx, top)
		if err != nil {
			return nil, nil, failed(err)
		}
		opt.Source = tree
		if err := readInventory(opt, top, tree.Open); err != nil {
			return nil, nil, err
		}
	}
	h := scan.History{Repository: repo, Log: log}
	run := func(ctx context.Context, opt *scan.Options) (*scan.Result, error) {
		ofHistories.keep()
		return scan.RunHistory(ctx, *opt, h)
	}
	return opt, run, c.detection(opt, top, f)
}

// refused are options of git log that write, run or ask for something, or change the form of what is read.
var refused = []string{
	"--output", "--ext-diff", "--textconv", "--show-signature", "--graph", "--patch", "-p", "-u", "--stat", "--numstat", "--shortstat",
	"--name-only", "--name-status", "--summary", "--word-diff", "--check", "-c", "--cc", "--combined", "-O", "-R", "--oneline", "--format", "--pretty",
	"--stdin", "--walk-reflogs", "-g", "-L",
}

// logOptions splits options of git log as gitleaks does, at blanks.
func logOptions(text string) ([]string, error) {
	if text == "" {
		return nil, nil
	}
	options := strings.Fields(text)
	for _, o := range options {
		if o == "--" {
			break
		}
		name, _, _ := strings.Cut(o, "=")
		for _, r := range refused {
			long := strings.HasPrefix(r, "--")
			// git takes beginnings of long options, and values right behind the letter of short ones
			if name == r || long && len(name) > 3 && strings.HasPrefix(r, name) || !long && strings.HasPrefix(o, r) && len(r) == 2 && !strings.HasPrefix(o, "--") && r == strings.ToUpper(r) {
				return nil, fmt.Errorf("--log-opts chooses commits; %s does something else", o)
			}
		}
	}
	return options, nil
}
