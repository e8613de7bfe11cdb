package cli

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"

	"github.com/spf13/cobra"

	"github.com/stagewall/stagewall/cmd/internal/git"
	"github.com/stagewall/stagewall/cmd/internal/install"
	"github.com/stagewall/stagewall/cmd/internal/program"
	"github.com/stagewall/stagewall/detectors/gitleaks"
)

func (c Command) init() *cobra.Command {
	f := scanFlags{decode: gitleaks.DecodeDepth}
	var dry bool
	cmd := &cobra.Command{
		Use:   "init [PATH]",
		Short: "Install the hook, the workflow, golangci-lint's plugin and rules for coding agents",
		Long: `Init says what it will do in the repository that PATH is or lies in (default: the present folder), and does it. What is there already is
not done again, what somebody else wrote is not written over, and nothing of the repository is run. Without a flag it does all that the
repository has a use for:

--hook      Every commit is scanned before it is made: by pre-commit, if .pre-commit-config.yaml is there, or else by a hook of git's, where
            core.hooksPath says. A hook that is there is moved aside, and run first.
--workflow  .github/workflows/stagewall.yml, for repositories on GitHub: what is pushed, pull requests, and every night, with the report
            uploaded to code scanning. A job for GitLab is printed.
--golangci  .custom-gcl.yml and .golangci.stagewall.yml, where Go is: golangci-lint with the plugin.
--agents    Rules by which coding agents that have files at the root must not read the files that hold tokens which can touch production, as a
            scan finds them. It is said what each rule keeps from them, and what not.

Exit status: 0 done, or nothing to do; 2 wrong usage; 3 something could not be done or read, which is said.`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 1 {
				return fmt.Errorf("init takes one PATH, not %d", len(args))
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			target := "."
			if len(args) == 1 {
				target = args[0]
			}
			var parts []string
			for _, part := range install.Parts() {
				if asked, _ := cmd.Flags().GetBool(part); asked {
					parts = append(parts, part)
				}
			}
			return c.runInit(cmd.Context(), target, f, parts, dry)
		},
	}
	flags := cmd.Flags()
	flags.Bool("hook", false, "the hook")
	flags.Bool("workflow", false, "the workflow")
	flags.Bool("golangci", false, "golangci-lint's plugin")
	flags.Bool("agents", false, "rules for coding agents")
	flags.BoolVarP(&dry, "dry-run", "n", false, "say what would be done, and what would be in the files, and write nothing")
	flags.StringVarP(&f.config, "config", "c", "", "gitleaks configuration with further rules, for the scan")
	f.addCache(cmd)
	return cmd
}

func (c Command) runInit(ctx context.Context, target string, f scanFlags, parts []string, dry bool) error {
	info, err := os.Stat(target)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return failed(noTarget(target))
	case err != nil:
		return failed(err)
	case !info.IsDir():
		return failed(fmt.Errorf("%s is no folder", target))
	}
	opt := install.Options{Dir: target, Version: program.Version(), Parts: parts}
	switch opt.Repo, err = git.Open(ctx, target); {
	case err == nil:
		if opt.Dir, err = opt.Repo.Top(ctx); err != nil {
			return failed(fmt.Errorf("%s is in no working tree: it is a bare repository, or in git's own folder", target))
		}
	case !errors.Is(err, git.ErrNone) && git.Marked(target): // where there is no repository, git need not be there either
		return failed(fmt.Errorf("%s: %w", target, err))
	}
	opt.Denied = func(ctx context.Context) (install.Denied, error) { return c.dangerous(ctx, opt.Dir, f) }
	plan := install.NewPlan(ctx, opt)
	if err := plan.Write(c.Stdout, dry); err != nil {
		return failed(err)
	}
	switch n := plan.Files(); {
	case dry:
		fmt.Fprintln(c.Stdout, "nothing is written")
	case n == 0:
		fmt.Fprintln(c.Stdout, "nothing to write")
	default:
		if err := plan.Do(); err != nil {
			return failed(err)
		}
		fmt.Fprintf(c.Stdout, "written: %d\n", n)
	}
	if plan.Lacks {
		return failed(errors.New("not everything can be done, as said above"))
	}
	return nil
}

// dangerous scans a tree and returns the files in which tokens stand that can touch production: that are known to reach it, or are in a crossing.
// One whose name holds a token is only counted.
func (c Command) dangerous(ctx context.Context, dir string, f scanFlags) (install.Denied, error) {
	opt, err := c.options(ctx, dir, f)
	if err != nil {
		return install.Denied{}, err
	}
	progress := program.NewProgress(c.Stderr, "files")
	opt.Progress = progress.Update
	result, err := runTree(ctx, opt)
	progress.Clear()
	if err != nil {
		return install.Denied{}, err
	}
	crossed, found := map[string]bool{}, map[string]bool{}
	for _, x := range result.Crossings {
		crossed[x.Token] = true
	}
	for _, t := range result.Tokens {
		if !t.Reference && (crossed[t.ID] || t.Reach.Known && slices.Contains(t.Reach.Environments, "production")) {
			for _, p := range t.Places {
				found[p.Path] = true
			}
		}
	}
	denied := install.Denied{Complete: len(result.Errors) == 0}
	for _, file := range slices.Sorted(maps.Keys(found)) {
		if result.Hides(file) {
			denied.Named++
		} else {
			denied.Files = append(denied.Files, file)
		}
	}
	return denied, nil
}
