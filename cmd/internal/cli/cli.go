// Package cli is the command line: flags in, exit status out.
package cli

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"

	"github.com/spf13/cobra"

	"github.com/stagewall/stagewall/cmd/internal/program"
	"github.com/stagewall/stagewall/detectors/providers"
	"github.com/stagewall/stagewall/detectors/tag"
)

// Command runs the program in a given surrounding.
type Command struct {
	Stdin          io.Reader
	Stdout, Stderr io.Writer
}

// failed marks an error as one that kept the program from its work.
func failed(err error) error { return program.Failed(err) }

// Run runs the program with its arguments, the program's name left out, and returns the status to exit with.
func (c Command) Run(args []string) int {
	paceCollections()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	root := c.root()
	root.SetArgs(args)
	return program.Status(c.Stderr, name, root.ExecuteContext(ctx))
}

const name = "stagewall"

func (c Command) say(format string, args ...any) { program.Say(c.Stderr, name, format, args...) }

func (c Command) root() *cobra.Command {
	root := &cobra.Command{
		Use:   name,
		Short: "Say which tokens staging can reach that can touch production, and by which path",
		Long: `Stagewall finds the credentials in a repository, says of each which environments it reaches and what it may do there, works out
what every staging process, job, container, script and checkout can get hold of, and reports the crossings.

It sends nothing anywhere and runs nothing of the repository; only init writes into it.

Exit status: 0 clean, 1 findings at the threshold, 2 wrong usage, 3 something could not be read or finished.`,
		Version:       program.Version(),
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          known,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },

		SuggestionsMinimumDistance: 2,
	}
	root.SetIn(c.Stdin)
	root.SetOut(c.Stdout)
	root.SetErr(c.Stderr)
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		if unknown := known(cmd, cmd.Flags().Args()); cmd == root && unknown != nil { // whose flags they are
			return unknown
		}
		return program.Misused(cmd, err)
	})
	root.SetHelpCommand(help(root))
	root.SetVersionTemplate("stagewall {{.Version}}\n")
	root.AddCommand(c.scan(), c.explain(), c.graph(), c.init(), c.rules(), topic("providers", "what is known of tokens, and how to read it", providers.Page()),
		topic("tags", "how a token's reach, intent and power are decided", tag.Page()))
	return root
}

// theirs are gitleaks' commands and what does here what they do.
var theirs = map[string]string{
	"dir": "scan PATH", "directory": "scan PATH", "file": "scan PATH", "files": "scan PATH", "detect": "scan PATH, or scan --history PATH",
	"git": "scan --history PATH", "protect": "scan --staged", "stdin": "scan -", "version": "--version",
}

// known refuses an unknown command, and says which one may be meant.
func known(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	err := fmt.Errorf("unknown command %q", args[0])
	if same, ok := theirs[args[0]]; ok {
		return fmt.Errorf("%w: what it does in gitleaks is done by stagewall %s; --compat=gitleaks finds just what gitleaks does", err, same)
	}
	if like := cmd.SuggestionsFor(args[0]); len(like) > 0 {
		return fmt.Errorf("%w; did you mean %s?", err, strings.Join(like, " or "))
	}
	return fmt.Errorf("%w; stagewall help lists all", err)
}

// help is the command that prints help, which refuses what there is none of.
func help(root *cobra.Command) *cobra.Command {
	return &cobra.Command{
		Use:   "help [COMMAND | TOPIC]",
		Short: "Say more of a command or a topic",
		RunE: func(_ *cobra.Command, args []string) error {
			cmd, rest, err := root.Find(args)
			if err == nil && cmd == root {
				err = known(root, rest)
			}
			if err != nil {
				return err
			}
			return cmd.Help()
		},
	}
}

// topic is a page of help: a command that does nothing, which help lists apart.
func topic(name, short, page string) *cobra.Command {
	return &cobra.Command{Use: name, Short: short, Long: strings.TrimSpace(page)}
}
