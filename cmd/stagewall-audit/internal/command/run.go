package command

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"github.com/stagewall/stagewall/cmd/internal/program"
	"github.com/stagewall/stagewall/cmd/internal/report"
	"github.com/stagewall/stagewall/cmd/stagewall-audit/internal/look"
	"github.com/stagewall/stagewall/cmd/stagewall-audit/internal/mirror"
	"github.com/stagewall/stagewall/cmd/stagewall-audit/internal/news"
	"github.com/stagewall/stagewall/cmd/stagewall-audit/internal/night"
	"github.com/stagewall/stagewall/cmd/stagewall-audit/internal/store"
	"github.com/stagewall/stagewall/cmd/stagewall-audit/internal/target"
)

// databaseVariable names the database where its address, which can hold a password, should be in no command line.
const databaseVariable = "STAGEWALL_AUDIT_DATABASE"

// place is where an audit keeps what it knows.
type place struct {
	dir      string
	database string
}

func (p *place) flags(cmd *cobra.Command) {
	cmd.Flags().StringVar(&p.dir, "work-dir", "", "folder for mirrors and, unless --database names another, the database (default: stagewall-audit in the user's folder for state)")
	cmd.Flags().StringVar(&p.database, "database", "", "a file of SQLite, or postgres://…, from which several machines can work on one run (default: "+databaseVariable+", or audit.db in the work folder)")
}

// folder returns the work folder, https://specifications.freedesktop.org/basedir/latest/.
func (p *place) folder() (string, error) {
	if p.dir != "" {
		return filepath.Abs(p.dir)
	}
	if dir := os.Getenv("XDG_STATE_HOME"); filepath.IsAbs(dir) {
		return filepath.Join(dir, "stagewall-audit"), nil
	}
	home, err := os.UserHomeDir()
	return filepath.Join(home, ".local", "state", "stagewall-audit"), err
}

// name returns the name of the database: a file, or an address.
func (p *place) name() (string, error) {
	folder, err := p.folder()
	return cmp.Or(p.database, os.Getenv(databaseVariable), filepath.Join(folder, "audit.db")), err
}

// open opens the database.
func (p *place) open(ctx context.Context) (*store.Store, error) {
	name, err := p.name()
	if err != nil {
		return nil, err
	}
	return store.Open(ctx, name)
}

// output is how a report is written, and when it fails.
type output struct {
	format   string
	path     string
	verbose  bool
	noColour bool
	failOn   string
	still    bool
}

func (o *output) flags(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVarP(&o.format, "report-format", "f", "", "format of the report: "+news.Formats()+" (default text)")
	flags.StringVar(&o.format, "format", "", "the same as --report-format")
	flags.StringVarP(&o.path, "report-path", "r", "", "write the report to this file")
	flags.BoolVarP(&o.verbose, "verbose", "v", false, "list everything")
	flags.BoolVar(&o.noColour, "no-color", false, "do not colour the report")
	flags.StringVar(&o.failOn, "fail-on", "medium", "exit with 1 if a crossing is new, worse or back from this severity on: low, medium, high, critical; token: or any token; never")
	flags.BoolVar(&o.still, "still", false, "what is still there makes it fail too")
}

func (c Command) run() *cobra.Command {
	var at place
	var out output
	var list, config string
	var jobs int
	var limit time.Duration
	cmd := &cobra.Command{
		Use:   "run [REPO…]",
		Short: "Audit repositories",
		Long: `Run looks at each REPO: a folder that is a repository of git, bare or with a working tree, or an address from which git fetches one, by https,
http, ssh, git or file. What lies elsewhere is mirrored in the work folder. The tree of the commit that HEAD is, in a mirror the default branch, is
scanned for crossings and tokens, and every blob of the history once for tokens. A repository in which nothing changed is not scanned again.

If a run was ended before it was done, the same list goes on with it. With PostgreSQL, the same command on several machines works on one run.`,
		RunE: func(cmd *cobra.Command, args []string) error {
			threshold, err := out.check()
			switch {
			case err != nil:
				return err
			case jobs < 0:
				return fmt.Errorf("--jobs is how many repositories are looked at at a time, not %d", jobs)
			case limit < 0:
				return fmt.Errorf("--timeout is for how long a repository may be looked at, not %s", limit)
			}
			targets, err := c.targets(args, list)
			if err != nil {
				return err
			}
			if jobs == 0 {
				jobs = min(4, runtime.GOMAXPROCS(0))
			}
			folder, err := at.folder()
			if err != nil {
				return failed(err)
			}
			looker, err := look.New(look.Options{Jobs: max(1, runtime.GOMAXPROCS(0)/jobs), Cache: filepath.Join(folder, "cache"), Config: config})
			if err != nil {
				return err
			}
			mirrors, err := mirror.Open(folder)
			if err != nil {
				return failed(err)
			}
			defer mirrors.Close()
			worker, err := identity(folder)
			if err != nil {
				return failed(err)
			}
			db, err := at.open(cmd.Context())
			if err != nil {
				return failed(err)
			}
			defer db.Close()
			n := &night.Night{Store: db, Mirrors: mirrors, Looker: looker, Targets: targets, Worker: worker, Jobs: jobs, Limit: limit}
			return c.audit(cmd.Context(), n, out, threshold)
		},
	}
	flags := cmd.Flags()
	at.flags(cmd)
	out.flags(cmd)
	flags.StringVar(&list, "repos", "", "file with repositories, one a line, # before a comment; paths are relative to the file; - for standard input")
	flags.StringVarP(&config, "config", "c", "", "gitleaks configuration for all repositories (default: the .gitleaks.toml of each)")
	flags.IntVar(&jobs, "jobs", 0, "repositories at a time (default: one a processor, 4 at most)")
	flags.DurationVar(&limit, "timeout", time.Hour, "give a repository up after so long, as in 90m; 0: never")
	return cmd
}

// targets returns the repositories that are named.
func (c Command) targets(args []string, list string) ([]target.Target, error) {
	var targets []target.Target
	for i, arg := range args {
		t, err := target.Parse(arg, ".")
		if err != nil {
			return nil, fmt.Errorf("REPO %d: %w", i+1, err)
		}
		targets = append(targets, t)
	}
	if list != "" {
		in, folder := c.Stdin, "."
		if list != "-" {
			file, err := os.Open(list)
			if err != nil {
				return nil, failed(err)
			}
			defer file.Close()
			in, folder = file, filepath.Dir(list)
		}
		more, err := target.ReadList(in, folder)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", list, err)
		}
		targets = append(targets, more...)
	}
	if targets = target.Unique(targets); len(targets) == 0 {
		return nil, failed(errors.New("no repository is named, so that nothing was read"))
	}
	return targets, nil
}

// identity returns a name that is this folder's alone. A process that works in it is the only one, so that what was held under the name before is free.
func identity(folder string) (string, error) {
	name := filepath.Join(folder, "worker")
	data, err := os.ReadFile(name)
	if err == nil && len(data) > 0 {
		return string(data), nil
	}
	worker := rand.Text()
	return worker, os.WriteFile(name, []byte(worker), 0o600)
}

// audit works on the run of the targets, and writes its report.
func (c Command) audit(ctx context.Context, n *night.Night, out output, threshold report.Threshold) error {
	var names []string
	for _, t := range n.Targets {
		names = append(names, t.Name)
	}
	run, resumed, err := n.Store.Begin(ctx, names)
	if err != nil {
		return failed(err)
	}
	if resumed {
		c.say("the run of %s goes on: %d of %d repositories are left", run.Began.Format(second), run.Left, run.Repositories)
	}
	progress := program.NewProgress(c.Stderr, "repositories")
	n.Progress = progress.Update
	var unpacked complaints
	n.Mirrors.Unpacked = unpacked.add
	err = n.Run(ctx, run.ID)
	progress.Clear()
	for _, one := range unpacked.sorted() {
		c.say("%s", one)
	}
	switch {
	case ctx.Err() != nil:
		return failed(errors.New("the audit was interrupted; the same command goes on with it"))
	case err != nil:
		return failed(err)
	}
	return c.tell(ctx, n.Store, run.ID, out, threshold)
}

// complaints are mirrors that git cannot pack. Nothing of them is unseen, so that the report does not say it, but their disk fills up night by night.
type complaints struct {
	mutex sync.Mutex
	lines []string
}

func (c *complaints) add(name string, err error) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.lines = append(c.lines, fmt.Sprintf("%s: git gc cannot pack its mirror, which grows: %v", name, err))
}

func (c *complaints) sorted() []string {
	slices.Sort(c.lines)
	return c.lines
}

// tell writes the report of a run.
func (c Command) tell(ctx context.Context, s *store.Store, id int64, out output, threshold report.Threshold) error {
	run, err := s.Run(ctx, id)
	if err != nil {
		return failed(err)
	}
	r, err := news.Make(ctx, s, run, report.Tool{Name: name, Version: program.Version()}, threshold, out.still)
	if err != nil {
		return failed(err)
	}
	if err := c.write(r, out); err != nil {
		return failed(fmt.Errorf("the report could not be written: %w", err))
	}
	switch {
	case r.Summary.Errors > 0:
		return failed(fmt.Errorf("errors: %d; what could not be looked at is not known", r.Summary.Errors))
	case r.Summary.Bytes == 0:
		return failed(errors.New("nothing was read"))
	case r.Run.Ended == nil:
		return failed(errors.New("the run was not finished; the same run command goes on with it"))
	case r.Fails():
		return program.Exit{Status: program.ExitFindings}
	}
	return nil
}

// check checks the flags.
func (o *output) check() (report.Threshold, error) {
	if !news.Known(o.format) {
		return report.Threshold{}, fmt.Errorf("unknown format %q; there are: %s", o.format, news.Formats())
	}
	return report.ParseThreshold(o.failOn)
}

// write writes the report to where the flags say.
func (c Command) write(r *news.Report, o output) (err error) {
	out, format := c.Stdout, o.format
	if o.path != "" && o.path != "-" {
		file, err := os.OpenFile(o.path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, file.Close()) }()
		out = file
		if ending := strings.TrimPrefix(filepath.Ext(o.path), "."); format == "" && news.Known(ending) {
			format = ending
		}
	}
	return r.Write(out, format, program.Style(out, o.noColour, o.verbose))
}
