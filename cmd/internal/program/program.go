// Package program is what command lines have in common: the status to exit with, and how they speak to whoever is at the terminal.
package program

import (
	"errors"
	"fmt"
	"io"
	"runtime/debug"

	"github.com/stagewall/stagewall/cmd/internal/report"
)

// Exit statuses. Of several that apply the highest holds, so that what could not read everything never looks clean.
const (
	ExitClean    = 0 // nothing at or above the threshold
	ExitFindings = 1 // a crossing, or a token, at or above the threshold
	ExitUsage    = 2 // the command line, or a configuration file, is wrong
	ExitFailed   = 3 // could not finish, could not read something, or nothing was read
)

// Exit is an error that carries the status to exit with. Without another error there is nothing to be said.
type Exit struct {
	Status int
	Err    error
}

func (e Exit) Error() string {
	if e.Err == nil {
		return ""
	}
	return e.Err.Error()
}

func (e Exit) Unwrap() error { return e.Err }

// Failed marks an error as one that kept the program from its work.
func Failed(err error) error { return Exit{ExitFailed, err} }

// Status returns the status to exit with after an error of a command, nil if there was none, and says it on w. One that carries no status is
// about the command line.
func Status(w io.Writer, name string, err error) int {
	var e Exit
	switch {
	case err == nil:
		return ExitClean
	case !errors.As(err, &e):
		e = Exit{ExitUsage, err}
	}
	if e.Err != nil {
		Say(w, name, "%v", e.Err)
	}
	return e.Status
}

// Say says something to the user, on a line in which nothing of a repository writes to the terminal.
func Say(w io.Writer, name, format string, args ...any) {
	fmt.Fprintln(w, report.Line(name+": "+fmt.Sprintf(format, args...)))
}

// Version returns the version that the program was built as, "devel" for a build from a checkout.
func Version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" || info.Main.Version == "(devel)" {
		return "devel"
	}
	return info.Main.Version
}
