// Package command is the command line of the audit: flags in, exit status out.
package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/stagewall/stagewall/cmd/internal/report"
)

// Exit statuses, those of the scanner. Of several that apply the highest holds.
const (
	exitClean    = 0
	exitFindings = 1 // something at or above the threshold is new, worse or back
	exitUsage    = 2
	exitFailed   = 3 // not finished, or something could not be read, or nothing was read
)

// Command runs the program in a given surrounding.
type Command struct {
	Stdin          io.Reader
	Stdout, Stderr io.Writer
}

// exit is an error that carries the status to exit with.
type exit struct {
	status int
	err    error
}

func (e exit) Error() string {
	if e.err == nil {
		return ""
	}
	return e.err.Error()
}

func failed(err error) error { return exit{exitFailed, err} }

// Run runs the program with its arguments and returns the status to exit with.
func (c Command) Run(args []string) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	root := c.root()
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	var e exit
	switch {
	case err == nil:
		return exitClean
	case !errors.As(err, &e):
		e = exit{exitUsage, err}
	}
	if e.err != nil {
		c.say("%v", e.err)
	}
	return e.status
}

// say says something to the user, on a line in which nothing that others named writes to the terminal.
func (c Command) say(format string, args ...any) {
	fmt.Fprintln(c.Stderr, report.Line("stagewall-audit: "+fmt.Sprintf(format, args...)))
}

func (c Command) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "stagewall-audit",
		Short: "Say every night which crossings and tokens of many repositories are new, gone and still there",
		Long: `Stagewall-audit looks at many repositories, at the tree and at the whole history of each, keeps what it found, and says what is new, what is gone
and what is still there since it looked before.

Exit status: 0 nothing new at the threshold, 1 something new, 2 wrong usage, 3 something could not be read or finished.`,
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          cobra.NoArgs,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.SetIn(c.Stdin)
	root.SetOut(c.Stdout)
	root.SetErr(c.Stderr)
	root.AddCommand(c.run(), c.report(), c.status())
	return root
}

// Flags returns the flags of all commands, which the page names.
func Flags() (all []*pflag.Flag) {
	for _, cmd := range (Command{}).root().Commands() {
		cmd.Flags().VisitAll(func(f *pflag.Flag) { all = append(all, f) })
	}
	return all
}
