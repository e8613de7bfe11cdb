package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/stagewall/stagewall/cmd/internal/compat"
	"github.com/stagewall/stagewall/cmd/internal/detection"
	"github.com/stagewall/stagewall/cmd/internal/program"
	"github.com/stagewall/stagewall/cmd/internal/source"
	"github.com/stagewall/stagewall/detectors/gitleaks"
	"github.com/stagewall/stagewall/detectors/match"
)

// runCompat scans as another program does, and reports as it does.
func (c Command) runCompat(ctx context.Context, target string, f scanFlags) error {
	format, err := compatFormat(f)
	if err != nil {
		return err
	}
	opt := compat.Options{Root: filepath.ToSlash(target), Jobs: f.jobs, Skip: []string{f.config, f.baseline}, IgnoreAllows: f.noAllows}
	dir := target
	switch tree, err := source.OpenTree(ctx, target); {
	case target == "-":
		opt.Source, opt.Root, dir = source.Reader("", c.Stdin), "", ""
	case errors.Is(err, source.ErrFile):
		single, err := source.OpenFile(target)
		if err != nil {
			return failed(err)
		}
		opt.Source, opt.Root = single, filepath.ToSlash(filepath.Dir(target))
	case err != nil:
		return failed(err)
	default:
		tree.ListAll()
		opt.Source, opt.Walked = tree, true
	}
	if err := c.compatDetection(&opt, dir, f); err != nil {
		return err
	}
	stop, err := f.diagnostics.start()
	if err != nil {
		return err
	}
	result, err := compat.Run(ctx, opt)
	if err := errors.Join(err, stop()); err != nil {
		return failed(err)
	}
	if err := c.to(f.path, func(w io.Writer) error { return result.Write(w, format, f.showSecrets) }); err != nil {
		return failed(fmt.Errorf("the report could not be written: %w", err))
	}
	for _, p := range result.Problems {
		c.say("%s: %v", p.Path, p.Err)
	}
	switch {
	case len(result.Problems) > 0:
		return program.Exit{Status: program.ExitFailed, Err: fmt.Errorf("%d of the files could not be read; what stands in them is not known", len(result.Problems))}
	case len(result.Findings) > 0 && f.failOn != "never":
		return program.Exit{Status: f.exitCode}
	}
	return nil
}

// compatFormat returns the format of the report, after checking that the flags go together.
func compatFormat(f scanFlags) (string, error) {
	switch {
	case f.compat != "gitleaks":
		return "", fmt.Errorf("--compat is gitleaks, not %q", f.compat)
	case f.staged:
		return "", errors.New("--compat scans files, not what is staged: leave out --staged")
	case f.history, f.logOptions != "":
		return "", errors.New("--compat scans files, not the history: leave out --history and --log-opts, or --compat")
	case f.depth > 0, f.maxSize > 0, f.timings, f.golang != "", f.cacheDir != "":
		return "", errors.New("--compat goes without --max-archive-depth, --max-file-size, --rule-timings, --cache-dir and --go")
	case f.format == "" && strings.HasSuffix(f.path, ".json"):
		return "json", nil
	case f.format == "":
		return "text", nil
	case !slices.Contains(compat.Formats, f.format):
		return "", fmt.Errorf("with --compat the formats are %s, not %q", strings.Join(compat.Formats, " and "), f.format)
	}
	return f.format, nil
}

// compatDetection prepares the rules and what is to be passed over.
func (c Command) compatDetection(opt *compat.Options, dir string, f scanFlags) error {
	user, _, err := rules(dir, f.config)
	if err != nil {
		return err
	}
	some, err := detection.Enabled(user.Rules, f.only)
	if err != nil {
		return err
	}
	opt.Engine, err = match.New(some, match.Options{DecodeDepth: f.decode, Global: user.Global, Gitleaks: true})
	if err != nil {
		return err
	}
	ignore, err := c.ignored(dir, f.ignore)
	if err != nil {
		return err
	}
	base := gitleaks.Baseline{}
	if f.baseline != "" {
		data, err := os.ReadFile(f.baseline)
		if err != nil {
			return failed(fmt.Errorf("the baseline cannot be read: %w", err))
		}
		if base, err = gitleaks.ParseBaseline(data, f.baseline); err != nil {
			return err
		}
	}
	opt.Ignored = func(path, rule, secret string, line int) bool {
		return ignore.Has("", path, rule, line) || base.Has(rule, path, "", secret, line)
	}
	c.note(user.Notes)
	return nil
}

// to opens what a report is written to, standard output if no path is given, and writes it.
func (c Command) to(path string, write func(io.Writer) error) error {
	if path == "" || path == "-" {
		return write(c.Stdout)
	}
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	return errors.Join(write(file), file.Close())
}
