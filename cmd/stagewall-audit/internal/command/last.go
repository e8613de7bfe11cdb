package command

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/stagewall/stagewall/cmd/internal/report"
	"github.com/stagewall/stagewall/cmd/stagewall-audit/internal/store"
)

// second is how moments are said, which all are in UTC.
const second = time.DateTime + " MST"

// last opens the database and finds the last run. Who only asks makes no database.
func (c Command) last(ctx context.Context, at place) (*store.Store, store.Run, error) {
	name, err := at.name()
	if err == nil && !strings.Contains(name, "://") {
		if _, missing := os.Stat(name); errors.Is(missing, os.ErrNotExist) {
			err = store.ErrNoRun
		}
	}
	if err != nil {
		return nil, store.Run{}, failed(err)
	}
	db, err := store.Open(ctx, name)
	if err != nil {
		return nil, store.Run{}, failed(err)
	}
	run, err := db.Last(ctx)
	if err != nil {
		db.Close()
		return nil, run, failed(err)
	}
	return db, run, nil
}

func (c Command) report() *cobra.Command {
	var at place
	var out output
	cmd := &cobra.Command{
		Use:   "report",
		Short: "Write the report of the last run again",
		Long:  "Report writes the report of the last run again, from what is kept, and exits as the run did.",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			threshold, err := out.check()
			if err != nil {
				return err
			}
			db, run, err := c.last(cmd.Context(), at)
			if err != nil {
				return err
			}
			defer db.Close()
			return c.tell(cmd.Context(), db, run.ID, out, threshold)
		},
	}
	at.flags(cmd)
	out.flags(cmd)
	return cmd
}

func (c Command) status() *cobra.Command {
	var at place
	cmd := &cobra.Command{
		Use:   "status",
		Short: "Say how far the last run is",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			db, run, err := c.last(cmd.Context(), at)
			if err != nil {
				return err
			}
			defer db.Close()
			ended := fmt.Sprintf("%d left", run.Left)
			if !run.Ended.IsZero() {
				ended = "ended " + run.Ended.Format(second)
			}
			_, err = fmt.Fprintln(c.Stdout, report.Line(fmt.Sprintf("run %d, began %s, %d repositories, %s", run.ID, run.Began.Format(second), run.Repositories, ended)))
			return err
		},
	}
	at.flags(cmd)
	return cmd
}
