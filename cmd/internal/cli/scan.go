package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"github.com/stagewall/stagewall/analyzers/suite"
	"github.com/stagewall/stagewall/cmd/internal/config"
	"github.com/stagewall/stagewall/cmd/internal/git"
	"github.com/stagewall/stagewall/cmd/internal/modules"
	"github.com/stagewall/stagewall/cmd/internal/program"
	"github.com/stagewall/stagewall/cmd/internal/report"
	"github.com/stagewall/stagewall/cmd/internal/scan"
	"github.com/stagewall/stagewall/cmd/internal/source"
	"github.com/stagewall/stagewall/cmd/internal/staged"
	"github.com/stagewall/stagewall/detectors/gitleaks"
)

// scanFlags are the flags of scan. Their names are gitleaks' where the meaning is the same.
type scanFlags struct {
	config      string
	format      string
	path        string
	baseline    string
	ignore      string
	failOn      string
	exitCode    int
	jobs        int
	maxSize     size
	depth       int
	verbose     bool
	showSecrets bool
	unused      bool // flags that are accepted and change nothing
	redact      string
	staged      bool
	golang      string
	history     bool
	logOptions  string
	compat      string
	noColour    bool
	diagnostics diagnostics
	timings     bool
	noCache     bool
	decode      int
	only        []string
	noAllows    bool
	seconds     int
	cacheDir    string
}

func (c Command) scan() *cobra.Command {
	var f scanFlags
	cmd := &cobra.Command{
		Use:   "scan [PATH]",
		Short: "Scan a folder, a file, or standard input (-)",
		Long: `Scan reads a folder with all that lies in it, also what git does not track or ignores, since whoever works there can read it.
Without PATH it scans the present folder. PATH can be one file, or - for standard input.

With --staged it scans what the next commit will have, and what lies beside it untracked, and reports what is new: the tokens that the commit
adds, the crossings that the commit before it has not, and the gaps in files that it changes.

With --history it scans the history of the git repository that PATH is or lies in instead: every blob once, also those of dropped
stashes and of commits that were amended. A token is reported with each commit and path that brought it, or with the name of its
blob if no commit is left that has it. What lies in the history lies in nobody's checkout, so no crossings are looked for there; any
token that is new makes the scan fail. --log-opts chooses commits as git log does, and then only what these bring is reported.

What unchanged files say is kept for the next scan of the folder, or of what is staged, where nobody but the user can read it. Of files
in which anything looks like a token nothing is kept; they are read by every scan. The report is the same with --no-cache.

Without -r the report goes to standard output, and nothing else does; progress and errors go to standard error.`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 1 {
				return fmt.Errorf("scan takes one PATH, not %d: a folder that has them all, or one after the other", len(args))
			}
			return f.check()
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			target := "."
			if len(args) == 1 {
				target = args[0]
			}
			ctx, stop := f.limit(cmd.Context())
			defer stop()
			run := c.runScan
			if f.compat != "" {
				run = c.runCompat
			}
			return f.ended(ctx, run(ctx, target, f))
		},
	}
	flags := cmd.Flags()
	flags.StringVarP(&f.config, "config", "c", "", "gitleaks configuration with further rules (default: GITLEAKS_CONFIG, then .gitleaks.toml in PATH)")
	flags.StringVarP(&f.format, "report-format", "f", "", "format of the report: "+report.FormatList()+" (default text, or what the report path's ending says)")
	flags.StringVar(&f.format, "format", "", "the same as --report-format")
	flags.StringVarP(&f.path, "report-path", "r", "", "write the report to this file")
	flags.StringVarP(&f.baseline, "baseline-path", "b", "", "tokens and crossings in this baseline are known, and do not count")
	flags.StringVarP(&f.ignore, "gitleaks-ignore-path", "i", "", "file or folder of a .gitleaksignore, beside that of PATH (default: the present folder)")
	flags.StringVar(&f.failOn, "fail-on", "medium", "exit with 1 from this severity on: low, medium, high, critical; token: on any token; never")
	flags.IntVar(&f.exitCode, "exit-code", program.ExitFindings, "exit with this status instead of 1")
	flags.IntVar(&f.jobs, "jobs", 0, "workers (default: one a processor)")
	flags.Var(&f.maxSize, "max-file-size", "do not read files that are larger, as in 500k, 20M, 1G; each is a gap (default: no limit)")
	flags.IntVar(&f.depth, "max-archive-depth", 0, "open archives, one within the other up to this depth (default: none is opened)")
	flags.Var((*megabytes)(&f.maxSize), "max-target-megabytes", "the same, in megabytes")
	flags.BoolVarP(&f.verbose, "verbose", "v", false, "list everything, and say which rules and files were used, and what is no token and why")
	flags.BoolVar(&f.showSecrets, "show-secrets", false, "show secrets in the report")
	flags.StringVar(&f.redact, "redact", "", "accepted, and without effect: reports mask secrets")
	flags.BoolVar(&f.unused, "no-banner", false, "accepted, and without effect: there is no banner")
	flags.BoolVar(&f.noColour, "no-color", false, "do not colour the report")
	flags.BoolVar(&f.staged, "staged", false, "scan what is staged for the next commit")
	f.addCache(cmd)
	flags.BoolVar(&f.history, "history", false, "scan the history of the git repository, every blob once")
	flags.StringVar(&f.logOptions, "log-opts", "", "scan only the commits that git log chooses with these options, as in \"main..feature\" (implies --history)")
	flags.StringVar(&f.compat, "compat", "", "gitleaks: find and report what gitleaks does, and nothing else")
	flags.StringVar(&f.golang, "go", "", "how Go is read: module, with types; deep, with the bodies of dependencies too; syntax, without the go command (default: module where that can tell more)")
	flags.StringVar(&f.diagnostics.kinds, "diagnostics", "", "write profiles of the scan: cpu, mem, trace, or several with commas")
	flags.StringVar(&f.diagnostics.dir, "diagnostics-dir", ".", "folder for the profiles: cpu.pprof, mem.pprof, trace.out")
	flags.IntVar(&f.decode, "max-decode-depth", gitleaks.DecodeDepth, "undo encodings, one within the other up to this depth")
	flags.StringSliceVar(&f.only, "enable-rule", nil, "use only the rules with these ids, and what they require")
	flags.BoolVar(&f.noAllows, "ignore-gitleaks-allow", false, "report what comments such as stagewall:allow allow")
	flags.IntVar(&f.seconds, "timeout", 0, "give up after so many seconds (default: never)")
	flags.BoolVar(&f.timings, "rule-timings", false, "print to standard error what each rule costs")
	flags.Lookup("redact").NoOptDefVal = "100"
	flags.StringP("log-level", "l", "", "accepted, and without effect")
	flags.String("platform", "", "accepted, and without effect: there are no links to commits")
	flags.BoolVar(&f.unused, "pre-commit", false, "accepted, and without effect beside --staged")
	for _, name := range []string{"redact", "max-target-megabytes", "no-banner", "log-level", "platform", "pre-commit"} {
		flags.MarkHidden(name)
	}
	return cmd
}

// check refuses numbers that mean nothing.
func (f *scanFlags) check() error {
	switch {
	case f.exitCode < 0 || f.exitCode > 255: // a system keeps eight bits, so that 256 would be clean
		return fmt.Errorf("--exit-code is 0 to 255, not %d", f.exitCode)
	case f.jobs < 0:
		return fmt.Errorf("--jobs is how many work at a time, not %d", f.jobs)
	case f.depth < 0:
		return fmt.Errorf("--max-archive-depth is 0 or more, not %d", f.depth)
	case f.decode < 0:
		return fmt.Errorf("--max-decode-depth is 0 or more, not %d", f.decode)
	case f.seconds < 0:
		return fmt.Errorf("--timeout is seconds, not %d", f.seconds)
	}
	return nil
}

// checkGo refuses a way to read Go that there is not.
func (f *scanFlags) checkGo() error {
	if f.golang != "" && !slices.Contains(modules.Modes, f.golang) {
		return fmt.Errorf("--go is one of %s, not %q", strings.Join(modules.Modes, ", "), f.golang)
	}
	return nil
}

// limit returns a context that ends when the user does not want to wait any longer.
func (f *scanFlags) limit(ctx context.Context) (context.Context, context.CancelFunc) {
	if f.seconds == 0 {
		return context.WithCancel(ctx)
	}
	return context.WithTimeout(ctx, time.Duration(f.seconds)*time.Second)
}

// ended says of a scan that was ended by whom.
func (f *scanFlags) ended(ctx context.Context, err error) error {
	switch {
	case err == nil || ctx.Err() == nil:
		return err
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return failed(fmt.Errorf("the scan was ended after %d seconds (--timeout), and nothing is reported", f.seconds))
	}
	return failed(errors.New("the scan was interrupted, and nothing is reported"))
}

func (c Command) runScan(ctx context.Context, target string, f scanFlags) error {
	if !report.KnownFormat(f.format) {
		return fmt.Errorf("unknown format %q; there are: %s", f.format, report.FormatList())
	}
	if err := f.checkGo(); err != nil {
		return err
	}
	threshold, err := report.ParseThreshold(f.failOn)
	if err != nil {
		return err
	}
	opt, run, err := c.job(ctx, target, f)
	if err != nil {
		return err
	}
	stop, err := f.diagnostics.start()
	if err != nil {
		return err
	}
	passed := &passedOver{}
	if f.verbose {
		opt.PassedOver = passed.note
	}
	progress := program.NewProgress(c.Stderr, "files")
	opt.Progress = progress.Update
	result, err := run(ctx, opt)
	progress.Clear()
	if err := errors.Join(err, stop()); err != nil {
		return failed(err)
	}
	if f.verbose {
		passed.say(c)
		c.noteKept(opt.Cache)
	}
	if result.Start.Target.Mode == "tree" {
		c.noteAccepted(opt, result)
	}
	if f.timings {
		writeTimings(c.Stderr, slices.Concat(opt.Engine.Timings(), result.Timings))
	}
	if err := c.write(result, f); err != nil {
		return failed(fmt.Errorf("the report could not be written: %w", err))
	}
	return outcome(result, threshold, f)
}

// passedOver is what rules match that is no token.
type passedOver struct {
	mu    sync.Mutex
	lines []string
}

func (p *passedOver) note(path string, line int, rule, why string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.lines = append(p.lines, fmt.Sprintf("%s:%d: %s: no token: %s", path, line, rule, why))
}

// say says of each why it is none, so that whoever misses a token, or tries a rule, finds out.
func (p *passedOver) say(c Command) {
	slices.Sort(p.lines)
	for _, line := range slices.Compact(p.lines) {
		c.say("%s", line)
	}
}

// noteAccepted says of acceptances that accept nothing.
func (c Command) noteAccepted(opt *scan.Options, r *scan.Result) {
	for _, a := range opt.Config.Accept {
		switch {
		case !a.Holds(opt.Now):
			c.say("%s:%d: the acceptance of %s ended on %s", opt.Config.Path(), a.Line, a.Crossing, a.Until.Format(time.DateOnly))
		case opt.Config.Below != "": // it may be of another folder
		case !slices.ContainsFunc(r.Crossings, func(x *report.Crossing) bool { return x.ID == a.Crossing }):
			c.say("%s:%d: there is no crossing %s; its acceptance can go", opt.Config.Path(), a.Line, a.Crossing)
		}
	}
}

// job prepares what the flags ask for.
func (c Command) job(ctx context.Context, target string, f scanFlags) (*scan.Options, runner, error) {
	if f.history || f.logOptions != "" {
		return c.historyJob(ctx, target, f)
	}
	opt, err := c.options(ctx, target, f)
	return opt, runTree, err
}

// runTree scans a tree, or what is staged. Unless it is to tell of its rules, the engine is not held any longer than the scan needs it: linking
// needs the memory.
func runTree(ctx context.Context, opt *scan.Options) (*scan.Result, error) {
	own := *opt
	if !opt.Match.Timings {
		opt.Engine = nil
	}
	return scan.Run(ctx, own)
}

// runner runs a scan.
type runner func(context.Context, *scan.Options) (*scan.Result, error)

// outcome turns a result into an exit status.
func outcome(r *scan.Result, t report.Threshold, f scanFlags) error {
	if r.Start.Target.Bytes == 0 && r.Start.Target.Mode != "history" && len(r.Errors) == 0 {
		return failed(scan.ErrNothing)
	}
	if len(r.Errors) > 0 {
		return program.Exit{Status: program.ExitFailed, Err: fmt.Errorf("%d of the files could not be read; what stands in them is not known", len(r.Errors))}
	}
	if met(t, r, f.staged || r.Start.Target.Mode == "history") {
		return program.Exit{Status: f.exitCode}
	}
	return nil
}

// met reports whether a scan fails.
func met(t report.Threshold, r *scan.Result, anyToken bool) bool {
	return slices.ContainsFunc(r.Crossings, func(x *report.Crossing) bool { return x.Status == "new" && t.Crossing(x.Severity) }) ||
		slices.ContainsFunc(r.Tokens, func(k *report.Token) bool { return k.New && t.Token(k, anyToken) })
}

// options prepares a scan of the target.
func (c Command) options(ctx context.Context, target string, f scanFlags) (*scan.Options, error) {
	opt := &scan.Options{
		Analyzers: suite.Analyzers(),
		Version:   program.Version(),
		Now:       time.Now(),
		Jobs:      f.jobs,

		MaxFileSize:  int64(f.maxSize),
		ArchiveDepth: f.depth,
		IgnoreAllows: f.noAllows,
		Reveal:       f.showSecrets,
	}
	if f.staged {
		return c.stagedOptions(ctx, target, opt, f)
	}
	dir := target
	opt.Target.Path, opt.Target.Mode = filepath.ToSlash(filepath.Clean(target)), "tree"
	switch tree, err := source.OpenTree(ctx, target); {
	case target == "-":
		opt.Source, opt.Target.Mode, dir = source.Reader("stdin", c.Stdin), "stdin", ""
	case errors.Is(err, source.ErrFile):
		single, err := source.OpenFile(target)
		if err != nil {
			return nil, failed(err)
		}
		opt.Source, dir = single, ""
		folder := filepath.Dir(target)
		if repo, err := git.Open(ctx, folder); err == nil {
			opt.Below = repo.Below(ctx)
		}
		err = readInventory(opt, folder, func(name string) (io.ReadCloser, error) { return source.OpenIn(folder, name) })
		if err != nil {
			return nil, err
		}
	case errors.Is(err, os.ErrNotExist):
		return nil, failed(noTarget(target))
	case err != nil:
		return nil, failed(err)
	default:
		opt.Source = tree
		modules.Refine(opt, target, tree.Open, modules.Mode(f.golang))
		if repo := tree.Repository(); repo != nil {
			opt.Target.Commit, opt.Branches, opt.Below = repo.Head(ctx), repo.Branches(ctx), repo.Below(ctx)
		}
		if tree.IsRepository() {
			return nil, failed(fmt.Errorf("%s is git's own folder, in which nothing is checked out; --history scans the repository", target))
		}
		if err := readInventory(opt, target, tree.Open); err != nil {
			return nil, err
		}
	}
	opt.Target.Below = opt.Below
	if err := c.detection(opt, dir, f); err != nil {
		return nil, err
	}
	c.keep(opt, dir, f)
	return opt, nil
}

func noTarget(target string) error { return fmt.Errorf("%s: there is no such file or folder", target) }

// stagedOptions prepares a scan of what is staged in the repository that the target lies in.
func (c Command) stagedOptions(ctx context.Context, target string, opt *scan.Options, f scanFlags) (*scan.Options, error) {
	if _, err := os.Stat(target); errors.Is(err, os.ErrNotExist) {
		return nil, failed(noTarget(target))
	}
	index, err := staged.Open(ctx, target)
	if err != nil {
		return nil, failed(err)
	}
	top, err := index.Repository().Top(ctx)
	if err != nil {
		return nil, failed(err)
	}
	opt.Source, opt.Changed = index, index.Changed
	opt.Target.Path, opt.Target.Mode = ".", "staged"
	opt.Target.Commit, opt.Branches = index.Repository().Head(ctx), index.Repository().Branches(ctx)
	if err := readInventory(opt, top, index.Open); err != nil {
		return nil, err
	}
	if err := c.detection(opt, top, f); err != nil {
		return nil, err
	}
	opt.Before = func(ctx context.Context) (*scan.Options, error) { return c.committedOptions(ctx, index, *opt, f) }
	c.keep(opt, top, f)
	return opt, nil
}

// committedOptions prepares a scan of the commit that is checked out, nil if there is none, as what is staged in it is scanned.
func (c Command) committedOptions(ctx context.Context, index *staged.Index, opt scan.Options, f scanFlags) (*scan.Options, error) {
	committed, err := index.Committed(ctx)
	if err != nil || committed == nil {
		return nil, err
	}
	opt.Source, opt.Changed, opt.Config, opt.Before, opt.Cache = committed, committed.Changed, config.Config{}, nil, nil
	opt.Recalls = true
	top, err := index.Repository().Top(ctx)
	if err != nil {
		return nil, err
	}
	readInventory(&opt, top, committed.Open) // one that is wrong says nothing; the commit mends it
	c.Stderr = io.Discard                    // all has been said
	if err := c.detection(&opt, top, f); err != nil {
		return nil, err
	}
	c.keep(&opt, top, f)
	return &opt, nil
}

// readInventory reads the .stagewall.yaml that holds for what is scanned: the one that open opens in its folder, or else the nearest that lies
// above it in the same repository.
func readInventory(opt *scan.Options, dir string, open func(name string) (io.ReadCloser, error)) error {
	in, err := open(config.Name)
	below, rest := "", opt.Below
	for errors.Is(err, os.ErrNotExist) && rest != "" {
		above, name := path.Split(rest)
		below, rest = path.Join(name, below), strings.TrimSuffix(above, "/")
		dir += "/.."
		in, err = source.OpenIn(dir, config.Name)
	}
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	opt.Config.Below = below
	if err != nil {
		return failed(err)
	}
	defer in.Close()
	if file, ok := in.(*os.File); ok {
		if err := regular(file.Stat()); err != nil {
			return fmt.Errorf("%s %w", opt.Config.Path(), err)
		}
	}
	opt.Config, err = config.Read(in, below)
	if unread := new(fs.PathError); errors.As(err, &unread) {
		return failed(err)
	}
	return err
}

// regular says if something is no regular file: a pipe would be waited for, and a device has no end.
func regular(info fs.FileInfo, err error) error {
	if err == nil && !info.Mode().IsRegular() {
		return errors.New("is no regular file")
	}
	return err
}

// write writes the report to where the flags say.
func (c Command) write(r *scan.Result, f scanFlags) (err error) {
	out, name := c.Stdout, f.format
	if f.path != "" && f.path != "-" {
		file, err := os.Create(f.path)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, file.Close()) }() // a full disk says so only now
		out = file
		if name == "" {
			name = report.FormatOf(f.path)
		}
	}
	return r.Send(report.New(name, out, program.Style(out, f.noColour, f.verbose)))
}
