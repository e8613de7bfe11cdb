package store_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stagewall/stagewall/cmd/stagewall-audit/internal/cluster"
	"github.com/stagewall/stagewall/cmd/stagewall-audit/internal/store"
)

// databases runs a test over each kind of database.
func databases(t *testing.T, test func(t *testing.T, open func() *store.Store)) {
	over := func(name string, address func(t *testing.T) string) {
		t.Run(name, func(t *testing.T) {
			where := address(t)
			test(t, func() *store.Store {
				s, err := store.Open(t.Context(), where)
				if err != nil {
					t.Fatal(err)
				}
				t.Cleanup(func() { s.Close() })
				return s
			})
		})
	}
	over("sqlite", func(t *testing.T) string { return filepath.Join(t.TempDir(), "a b?%#", "audit.db") })
	over("postgres", func(t *testing.T) string { return cluster.Start(t).Database(t) })
}

func must[T any](t *testing.T) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func take(t *testing.T, s *store.Store, run int64, worker string) *store.Task {
	t.Helper()
	return must[*store.Task](t)(s.Take(t.Context(), run, worker, time.Hour, true))
}

func TestResume(t *testing.T) {
	databases(t, func(t *testing.T, open func() *store.Store) {
		ctx, s := t.Context(), open()
		if _, err := s.Last(ctx); !errors.Is(err, store.ErrNoRun) {
			t.Error(err)
		}
		run, resumed, err := s.Begin(ctx, []string{"a", "b", "c"})
		if err != nil || resumed || run.Left != 3 {
			t.Fatal(run, resumed, err)
		}
		done, held := take(t, s, run.ID, "one"), take(t, s, run.ID, "one")
		if err := s.Scanned(ctx, done, store.Scan{Whole: true}); err != nil {
			t.Fatal(err)
		}

		// Another process comes; what is done is not done again, and what the first holds is not taken.
		s = open()
		again, resumed, err := s.Begin(ctx, []string{"c", "b", "a"})
		if err != nil || !resumed || again.ID != run.ID || again.Left != 2 {
			t.Fatal(again, resumed, err)
		}
		if other, resumed, err := s.Begin(ctx, []string{"a"}); err != nil || resumed || other.ID == run.ID {
			t.Fatal("another list is another run", err)
		}
		rest := take(t, s, run.ID, "two")
		if rest == nil || rest.Repository != "c" || take(t, s, run.ID, "two") != nil {
			t.Fatal(rest)
		}

		// What is given back counts as if it had not been taken.
		if err := s.GiveBack(ctx, "two"); err != nil {
			t.Fatal(err)
		}
		if rest = take(t, s, run.ID, "two"); rest == nil || rest.Attempt != 1 {
			t.Fatal(rest)
		}
		if err := s.Failed(ctx, rest, "broken \x00\xff"); err != nil {
			t.Fatal(err)
		}
		if err := s.Finish(ctx, run.ID); err != nil || !must[store.Run](t)(s.Run(ctx, run.ID)).Ended.IsZero() {
			t.Fatal("a run ended of which something is left", err)
		}

		// The first has been killed and is started again. Whatever it still says of what it held counts for nothing.
		if err := s.Release(ctx, "one"); err != nil {
			t.Fatal(err)
		}
		more := take(t, s, run.ID, "two")
		if more == nil || more.Repository != held.Repository || more.Attempt != 2 {
			t.Fatal(more)
		}
		if err := s.Scanned(ctx, held, store.Scan{Whole: true, Findings: []store.Finding{{ID: "x", Kind: store.Crossing}}}); !errors.Is(err, store.ErrLost) {
			t.Error(err)
		}
		if err := s.Unchanged(ctx, more); err != nil {
			t.Fatal(err)
		}
		if err := s.Finish(ctx, run.ID); err != nil || must[store.Run](t)(s.Run(ctx, run.ID)).Ended.IsZero() {
			t.Fatal("the run has not ended", err)
		}
		var got []string
		for _, name := range must[[]string](t)(s.Repositories(ctx, run.ID)) {
			r := must[*store.Result](t)(s.Result(ctx, run.ID, name))
			got = append(got, fmt.Sprint(r.Repository, " ", r.Outcome, " ", r.Says, len(r.Lives)))
		}
		if all := strings.Join(got, ", "); all != "a scanned 0, b unchanged 0, c failed broken \uFFFD\uFFFD0" {
			t.Error(all)
		}
	})
}

// TestAbandoned: what was begun long ago says nothing of tonight, and is forgotten some day.
func TestAbandoned(t *testing.T) {
	databases(t, func(t *testing.T, open func() *store.Store) {
		ctx, s := t.Context(), open()
		begin := func(want bool) store.Run {
			t.Helper()
			run, resumed, err := s.Begin(ctx, []string{"a"})
			if err != nil || resumed != want {
				t.Fatal(run, resumed, err)
			}
			return run
		}
		first := begin(false)
		if err := s.Age(ctx, 1); err != nil {
			t.Fatal(err)
		}
		second := begin(false)
		if second.ID == first.ID {
			t.Fatal("last night's run goes on")
		}
		if err := s.Age(ctx, 2); err != nil {
			t.Fatal(err)
		}
		must[*store.Task](t)(s.Take(ctx, second.ID, "w", time.Hour, true))
		begin(true) // somebody has worked on it
		if err := s.Age(ctx, 40); err != nil {
			t.Fatal(err)
		}
		last := begin(false)
		if err := s.Unchanged(ctx, take(t, s, last.ID, "w")); err != nil {
			t.Fatal(err)
		}
		if err := s.Finish(ctx, last.ID); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Run(ctx, first.ID); err == nil {
			t.Error("an old run is kept")
		}
		if got := must[store.Run](t)(s.Last(ctx)); got.ID != last.ID || got.Left != 0 || got.Ended.IsZero() {
			t.Error(got)
		}
	})
}

// TestWorkers has several workers take everything at once.
func TestWorkers(t *testing.T) {
	databases(t, func(t *testing.T, open func() *store.Store) {
		const workers, repositories = 4, 60
		var names []string
		for i := range repositories {
			names = append(names, fmt.Sprint("r", i))
		}
		var mu sync.Mutex
		var taken []string
		var group sync.WaitGroup
		for w := range workers {
			s := open()
			group.Go(func() {
				run, _, err := s.Begin(context.Background(), names)
				if err != nil {
					t.Error(err)
					return
				}
				for {
					task, err := s.Take(context.Background(), run.ID, fmt.Sprint(w), time.Hour, true)
					if err != nil || task == nil {
						if err != nil {
							t.Error(err)
						}
						return
					}
					mu.Lock()
					taken = append(taken, task.Repository)
					mu.Unlock()
					if err := s.Scanned(context.Background(), task, store.Scan{Whole: true}); err != nil {
						t.Error(err)
					}
				}
			})
		}
		group.Wait()
		slices.Sort(taken)
		slices.Sort(names)
		if !slices.Equal(taken, names) {
			t.Errorf("taken: %v", taken)
		}
	})
}

// TestAgain: what somebody had in hand who was ended comes last, and is left alone by who does not ask for it.
func TestAgain(t *testing.T) {
	databases(t, func(t *testing.T, open func() *store.Store) {
		ctx, s := t.Context(), open()
		run, _, err := s.Begin(ctx, []string{"a", "b", "c"})
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			again bool
			want  string
		}{{true, "a"}, {false, "b"}, {true, "c"}, {false, ""}, {true, "a"}} {
			task, err := s.Take(ctx, run.ID, "w", time.Hour, c.again)
			switch {
			case err != nil:
				t.Fatal(err)
			case task == nil && c.want != "", task != nil && task.Repository != c.want:
				t.Errorf("took %v; want %q", task, c.want)
			}
			if err := s.Release(ctx, "w"); err != nil {
				t.Fatal(err)
			}
		}
	})
}

// night stores what one scan of a repository finds, in a run of its own.
func night(t *testing.T, s *store.Store, whole bool, ids ...string) (lives []string) {
	t.Helper()
	run, _, err := s.Begin(t.Context(), []string{"a"})
	if err != nil {
		t.Fatal(err)
	}
	scan := store.Scan{Whole: whole, Document: []byte("{}"), Fingerprint: strings.Join(ids, " ")}
	for _, id := range ids {
		id, severity, _ := strings.Cut(id, ":")
		scan.Findings = append(scan.Findings, store.Finding{Kind: store.Crossing, ID: id, Severity: severity, Says: "says \x00\xff", Place: "é\xff"})
	}
	if err := s.Scanned(t.Context(), take(t, s, run.ID, "w"), scan); err != nil {
		t.Fatal(err)
	}
	if err := s.Finish(t.Context(), run.ID); err != nil {
		t.Fatal(err)
	}
	for _, l := range must[*store.Result](t)(s.Result(t.Context(), run.ID, "a")).Lives {
		life := strings.TrimSpace(l.ID + " " + string(l.In(run.ID)))
		if l.In(run.ID) == store.Worse {
			life += " " + l.Was
		}
		lives = append(lives, life)
	}
	slices.Sort(lives)
	return lives
}

func TestLives(t *testing.T) {
	databases(t, func(t *testing.T, open func() *store.Store) {
		s := open()
		for i, c := range []struct {
			partly bool
			found  string
			want   string
		}{
			{found: "x:low y:high", want: "x new, y new"},
			{found: "x:low y:high", want: "x still, y still"},
			{found: "x:medium", want: "x worse low, y gone"},
			{found: "x:low", want: "x still, y"},
			{found: "x:low y:low x:low", want: "x still, y back"},
			{partly: true, found: "z:low", want: "x still, y still, z new"},
			{found: "", want: "x gone, y gone, z gone"},
			{found: "z:critical", want: "x, y, z back"},
		} {
			if got := strings.Join(night(t, s, !c.partly, strings.Fields(c.found)...), ", "); got != c.want {
				t.Errorf("night %d: %s; want %s", i+1, got, c.want)
			}
		}
		if !must[bool](t)(s.Stands(t.Context(), "a", "z:critical")) || must[bool](t)(s.Stands(t.Context(), "a", "z:low")) {
			t.Error("it is not known whether the last result stands")
		}
	})
}

// TestSchema: whoever may make no schema uses one that was made for it.
func TestSchema(t *testing.T) {
	address := cluster.Start(t).Database(t)
	db, err := sql.Open("pgx", address)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(t.Context(), `CREATE ROLE narrow LOGIN; CREATE SCHEMA stagewall AUTHORIZATION narrow`); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		s, err := store.Open(t.Context(), strings.Replace(address, "user=audit", "user=narrow", 1))
		if err != nil {
			t.Fatal(err)
		}
		s.Close()
	}
}

func TestAddress(t *testing.T) {
	for _, address := range []string{"mysql://user:secret@host/x", "postgres://user:secret@host:port/x", "postgres://user:se%zzcret@host/x?sslmode=no"} {
		if s, err := store.Open(t.Context(), address); err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v, %v", address, s, err)
		}
	}
}
