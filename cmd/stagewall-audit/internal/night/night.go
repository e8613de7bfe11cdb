// Package night works through the repositories of a run, several at a time, until none is left. Other processes, on other machines, may work
// on the same run. A repository that cannot be looked at never stops the others.
package night

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/stagewall/stagewall/cmd/internal/git"
	"github.com/stagewall/stagewall/cmd/stagewall-audit/internal/look"
	"github.com/stagewall/stagewall/cmd/stagewall-audit/internal/mirror"
	"github.com/stagewall/stagewall/cmd/stagewall-audit/internal/store"
	"github.com/stagewall/stagewall/cmd/stagewall-audit/internal/target"
)

// Night is what it takes to work on a run.
type Night struct {
	Store   *store.Store
	Mirrors *mirror.Mirrors
	Looker  *look.Looker
	Targets []target.Target
	Worker  string        // a name that no other process has, and that this one has again when it is started again
	Jobs    int           // repositories at a time
	Limit   time.Duration // for one repository; 0: none
	Lease   time.Duration // for which a task is held; 0: the usual time

	Progress func(done, total int) // may be nil
}

const (
	lease  = time.Minute // a killed worker's tasks wait so long for another machine
	pause  = time.Second // between looks for a task, when others hold all that are left
	trials = 3           // after so many ends of the process with a repository in hand it is that repository's fault
)

// Run works on a run until nothing of it is left.
func (n *Night) Run(ctx context.Context, run int64) error {
	if n.Lease == 0 {
		n.Lease = lease
	}
	if err := n.Store.Release(ctx, n.Worker); err != nil { // what an earlier process of this name had in hand
		return err
	}
	defer n.Store.GiveBack(context.WithoutCancel(ctx), n.Worker)
	targets := map[string]target.Target{}
	for _, t := range n.Targets {
		targets[t.Name] = t
	}
	all, working := errgroup.WithContext(ctx)
	beating, stop := context.WithCancel(working)
	all.Go(func() error { return n.renew(beating, run) })
	all.Go(func() error {
		defer stop()
		workers, ctx := errgroup.WithContext(working)
		for i := range n.Jobs {
			// What the process ended with in hand one worker looks at, when nothing else is left: it may end again, and this once with nothing beside it.
			workers.Go(func() error { return n.work(ctx, run, targets, i == 0) })
		}
		return workers.Wait()
	})
	if err := all.Wait(); err != nil {
		return err
	}
	return n.Store.Finish(ctx, run)
}

// renew renews the leases until the context ends. A database that is away for less than a lease harms nothing.
func (n *Night) renew(ctx context.Context, run int64) error {
	tick := time.NewTicker(n.Lease / 4)
	defer tick.Stop()
	renewed := time.Now()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
			began := time.Now()
			limited, stop := context.WithTimeout(ctx, n.Lease/4)
			err := n.Store.Renew(limited, run, n.Worker, n.Lease)
			stop()
			switch {
			case ctx.Err() != nil:
				return nil
			case err == nil:
				renewed = began
			case time.Since(renewed) > n.Lease: // others take what this worker has in hand
				return err
			}
		}
	}
}

// work does one task after the other, with again also those that were taken before.
func (n *Night) work(ctx context.Context, run int64, targets map[string]target.Target, again bool) error {
	for {
		task, err := n.Store.Take(ctx, run, n.Worker, n.Lease, again)
		if err != nil {
			return err
		}
		if task != nil {
			if err := n.end(ctx, task, targets[task.Repository]); err != nil && !errors.Is(err, store.ErrLost) {
				return err
			}
		}
		now, err := n.Store.Run(ctx, run)
		if err != nil {
			return err
		}
		if n.Progress != nil {
			n.Progress(now.Repositories-now.Left, now.Repositories)
		}
		switch {
		case now.Left == 0:
			return nil
		case task == nil:
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-time.After(pause):
			}
		}
	}
}

// end does a task and stores how it ended. The error is for what keeps the worker from going on.
func (n *Night) end(ctx context.Context, task *store.Task, t target.Target) error {
	if task.Attempt > trials {
		return n.Store.Failed(ctx, task, fmt.Sprintf("given up: the audit was ended %d times while it looked at this repository", trials))
	}
	limited, stop := ctx, context.CancelFunc(func() {})
	if n.Limit > 0 {
		limited, stop = context.WithTimeout(ctx, n.Limit)
	}
	scan, unchanged, err := n.look(limited, t)
	late := limited.Err() != nil
	stop()
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case late && err != nil:
		return n.Store.Failed(ctx, task, fmt.Sprintf("it was not done after %s (--timeout)", n.Limit))
	case err != nil:
		return n.Store.Failed(ctx, task, err.Error())
	case unchanged:
		return n.Store.Unchanged(ctx, task)
	}
	return n.Store.Scanned(ctx, task, scan)
}

// look looks at a repository, unless the last result stands.
func (n *Night) look(ctx context.Context, t target.Target) (scan store.Scan, unchanged bool, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = errors.New("the program failed on it; this is a bug") // what it says may hold what a file holds
		}
	}()
	repo, err := n.open(ctx, t)
	if err != nil {
		return scan, false, err
	}
	fingerprint, err := n.Looker.Fingerprint(ctx, repo)
	if err != nil {
		return scan, false, err
	}
	if stands, err := n.Store.Stands(ctx, t.Name, fingerprint); err != nil || stands {
		return scan, stands, err
	}
	scan, err = n.Looker.Look(ctx, t.Name, repo)
	if scan.Whole { // or the next night tries again
		scan.Fingerprint = fingerprint
	}
	return scan, false, err
}

// open opens the repository of a target, or its mirror, which is made what it is now.
func (n *Night) open(ctx context.Context, t target.Target) (*git.Repository, error) {
	if t.Remote != nil {
		return n.Mirrors.Update(ctx, t)
	}
	if _, err := os.Stat(t.Path); errors.Is(err, os.ErrNotExist) {
		return nil, errors.New("there is no such folder")
	}
	repo, err := git.Open(ctx, t.Path)
	if err != nil {
		return nil, err
	}
	if below := repo.Below(ctx); below != "" {
		return nil, fmt.Errorf("it is the folder %s of a repository; name the repository", below)
	}
	return repo, nil
}
