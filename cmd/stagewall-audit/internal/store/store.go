// Package store keeps what audits found: in a file of SQLite, or in PostgreSQL, from which several machines can work on one run.
//
// # What is kept
//
// Of every repository the result of the last scan, and of every finding its life: when it was first seen, and what became of it last. A
// secret is in none of it: only ids, masked forms and places.
//
// # Runs
//
// A run is a list of repositories, each of which is a task. Whoever works on the run takes a task and holds it by a lease, which has to be renewed; a
// task whose lease ran out is taken again, since whoever had it has been ended. A result is stored together with the end of its task, in one
// transaction, and only if the task is still held: it is stored once, or not at all. A run that was not finished goes on when the same list is audited again.
//
// A queue that is a library of its own, River, was considered for PostgreSQL. It knows of a worker that was ended only by how long a job has taken,
// so that a resumed run would wait an hour for what the killed one had in hand; and there would be two queues, since River has none for SQLite at that version.
// Here the tasks have to be kept anyway, as they are what a report tells of, and both databases take them by the same statements.
package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Store is a database.
type Store struct {
	db *sql.DB
	dialect
}

// Close closes the database.
func (s *Store) Close() error { return s.db.Close() }

// Run is an audit of a list of repositories.
type Run struct {
	ID           int64
	Began, Ended time.Time // Ended is zero while repositories are left
	Repositories int
	Left         int // repositories that nobody has ended with
}

const (
	day       = 24 * 60 * 60
	abandoned = day / 2  // after so long nobody goes on with a run that nobody works on: the next night looks at everything
	kept      = 30 * day // for which it is known what runs did
)

// Begin returns the run of a list of repositories that is not finished, or else a new one.
func (s *Store) Begin(ctx context.Context, names []string) (run Run, resumed bool, err error) {
	list := listOf(names)
	err = s.change(ctx, func(tx *tx) error {
		_, err := tx.exec(`UPDATE run SET ended = `+s.now+` WHERE list = ? AND ended IS NULL AND began < `+s.now+` - ?
			AND NOT EXISTS (SELECT 1 FROM task WHERE run = run.id AND lease > `+s.now+` - ?)`, list, abandoned, abandoned)
		if err != nil {
			return err
		}
		// The update changes nothing; it has whoever begins the same run wait here until it is begun.
		var tasks int
		err = tx.row(`INSERT INTO run (list, began) VALUES (?, `+s.now+`) ON CONFLICT (list) WHERE ended IS NULL DO UPDATE SET list = excluded.list RETURNING id`,
			list).Scan(&run.ID)
		if err != nil {
			return err
		}
		if err := tx.row(`SELECT count(*) FROM task WHERE run = ?`, run.ID).Scan(&tasks); err != nil {
			return err
		}
		if resumed = tasks > 0; resumed {
			return nil
		}
		for i, name := range names {
			if _, err := tx.exec(`INSERT INTO task (run, repository, position) VALUES (?, ?, ?)`, run.ID, name, i); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil {
		run, err = s.Run(ctx, run.ID)
	}
	return run, resumed, err
}

// listOf names a list of repositories, in whatever order.
func listOf(names []string) string {
	sum := sha256.Sum256([]byte(strings.Join(slices.Sorted(slices.Values(names)), "\x00")))
	return hex.EncodeToString(sum[:])
}

// Run returns a run.
func (s *Store) Run(ctx context.Context, id int64) (Run, error) {
	r := Run{ID: id}
	var began int64
	var ended sql.NullInt64
	err := s.db.QueryRowContext(ctx, s.text(`SELECT began, ended, (SELECT count(*) FROM task WHERE run = id),
		(SELECT count(*) FROM task WHERE run = id AND outcome = '') FROM run WHERE id = ?`), id).Scan(&began, &ended, &r.Repositories, &r.Left)
	r.Began = moments(began)
	if ended.Valid {
		r.Ended = moments(ended.Int64)
	}
	return r, err
}

// ErrNoRun says that nothing was audited yet.
var ErrNoRun = errors.New("nothing is kept of any run here; is it the right --work-dir or --database?")

// Last returns the newest run.
func (s *Store) Last(ctx context.Context) (Run, error) {
	var id sql.NullInt64
	if err := s.db.QueryRowContext(ctx, `SELECT max(id) FROM run`).Scan(&id); err != nil {
		return Run{}, err
	}
	if !id.Valid {
		return Run{}, ErrNoRun
	}
	return s.Run(ctx, id.Int64)
}

// Finish ends a run of which nothing is left, and forgets old ones.
func (s *Store) Finish(ctx context.Context, run int64) error {
	return s.change(ctx, func(tx *tx) error {
		_, err := tx.exec(`UPDATE run SET ended = `+s.now+` WHERE id = ? AND ended IS NULL
			AND NOT EXISTS (SELECT 1 FROM task WHERE run = run.id AND outcome = '')`, run)
		if err != nil {
			return err
		}
		if _, err := tx.exec(`DELETE FROM task WHERE run IN (SELECT id FROM run WHERE ended < `+s.now+` - ?)`, kept); err != nil {
			return err
		}
		_, err = tx.exec(`DELETE FROM run WHERE ended < `+s.now+` - ?`, kept)
		return err
	})
}

// Task is a repository of a run that somebody holds.
type Task struct {
	Run        int64
	Repository string
	Attempt    int // how often it was taken
	worker     string
}

// Take takes a task of the run that nobody holds, or whose lease ran out; nil if there is none. Tasks that nobody has taken come first; those that
// somebody has, who was ended, are taken only if again says so.
func (s *Store) Take(ctx context.Context, run int64, worker string, lease time.Duration, again bool) (*Task, error) {
	which := ` AND attempts = 0`
	if again {
		which = ``
	}
	t := &Task{Run: run, worker: worker}
	err := s.change(ctx, func(tx *tx) error {
		err := tx.row(`SELECT repository, attempts FROM task WHERE run = ? AND outcome = '' AND lease <= `+s.now+which+`
			ORDER BY attempts, position LIMIT 1 `+s.lock, run).Scan(&t.Repository, &t.Attempt)
		if err != nil {
			return err
		}
		t.Attempt++
		_, err = tx.exec(`UPDATE task SET worker = ?, attempts = ?, lease = `+s.now+` + ? WHERE run = ? AND repository = ?`,
			worker, t.Attempt, int64(lease.Seconds()), run, t.Repository)
		return err
	})
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return t, err
}

// Renew renews the leases of all tasks that a worker holds.
func (s *Store) Renew(ctx context.Context, run int64, worker string, lease time.Duration) error {
	_, err := s.db.ExecContext(ctx, s.text(`UPDATE task SET lease = `+s.now+` + ? WHERE run = ? AND worker = ? AND outcome = ''`),
		int64(lease.Seconds()), run, worker)
	return err
}

// Release gives back what a worker that was ended held.
func (s *Store) Release(ctx context.Context, worker string) error {
	_, err := s.db.ExecContext(ctx, s.text(`UPDATE task SET lease = 0 WHERE worker = ? AND outcome = ''`), worker)
	return err
}

// GiveBack gives back what a worker holds that ends of its own accord: it counts as if it had not been taken.
func (s *Store) GiveBack(ctx context.Context, worker string) error {
	_, err := s.db.ExecContext(ctx, s.text(`UPDATE task SET lease = 0, attempts = attempts - 1 WHERE worker = ? AND outcome = '' AND lease > 0`), worker)
	return err
}

// Outcomes of tasks.
const (
	Scanned   = "scanned"
	Unchanged = "unchanged" // nothing that a scan depends on is other than it was: the last result stands
	Failed    = "failed"
)

// Scan is what a scan of a repository found.
type Scan struct {
	Fingerprint string    // of all that it depends on
	Until       time.Time // until when it holds; zero: as long as the fingerprint does
	Whole       bool      // all could be read, so that what is not found is gone
	Findings    []Finding
	Document    []byte
}

// ErrLost says that a task is held by somebody else by now, or was ended: what was found is not stored.
var ErrLost = errors.New("somebody else has taken the repository")

// Scanned ends a task with what a scan found.
func (s *Store) Scanned(ctx context.Context, t *Task, scan Scan) error {
	return s.change(ctx, func(tx *tx) error {
		if err := tx.end(t, Scanned, ""); err != nil {
			return err
		}
		if _, err := tx.exec(`INSERT INTO repository (name) VALUES (?) ON CONFLICT (name) DO UPDATE SET name = excluded.name`, t.Repository); err != nil {
			return err // from here on nobody else stores anything of it
		}
		now := moment{run: t.Run}
		var at, previous int64
		if err := tx.row(`SELECT `+s.now+`, looked FROM repository WHERE name = ?`, t.Repository).Scan(&at, &previous); err != nil {
			return err
		}
		now.at, now.previous = moments(at), moments(previous)
		lives, err := tx.lives(t.Repository)
		if err != nil {
			return err
		}
		for i := range scan.Findings {
			f := &scan.Findings[i]
			f.Says, f.Place = storable(f.Says), storable(f.Place)
		}
		for _, l := range live(lives, scan.Findings, scan.Whole, now) {
			if err := tx.keep(t.Repository, l); err != nil {
				return err
			}
		}
		until := int64(0)
		if !scan.Until.IsZero() {
			until = scan.Until.Unix()
		}
		_, err = tx.exec(`UPDATE repository SET previous = looked, looked = ?, fingerprint = ?, until = ?, document = ? WHERE name = ?`,
			at, scan.Fingerprint, until, string(scan.Document), t.Repository)
		return err
	})
}

// Unchanged ends a task whose last result stands.
func (s *Store) Unchanged(ctx context.Context, t *Task) error {
	return s.change(ctx, func(tx *tx) error {
		if err := tx.end(t, Unchanged, ""); err != nil {
			return err
		}
		_, err := tx.exec(`UPDATE repository SET previous = looked, looked = `+s.now+` WHERE name = ?`, t.Repository)
		return err
	})
}

// Failed ends a task with the reason why there is no result.
func (s *Store) Failed(ctx context.Context, t *Task, reason string) error {
	return s.change(ctx, func(tx *tx) error { return tx.end(t, Failed, storable(reason)) })
}

// end ends a task if it is still held.
func (tx *tx) end(t *Task, outcome, says string) error {
	n, err := tx.exec(`UPDATE task SET outcome = ?, says = ? WHERE run = ? AND repository = ? AND worker = ? AND attempts = ? AND outcome = ''`,
		outcome, says, t.Run, t.Repository, t.worker, t.Attempt)
	if err == nil && n != 1 {
		err = ErrLost
	}
	return err
}

// Stands reports whether the last result of a repository holds for a fingerprint.
func (s *Store) Stands(ctx context.Context, name, fingerprint string) (bool, error) {
	var n int
	err := s.db.QueryRowContext(ctx, s.text(`SELECT count(*) FROM repository WHERE name = ? AND fingerprint = ? AND (until = 0 OR until > `+s.now+`)`),
		name, fingerprint).Scan(&n)
	return n > 0, err
}

// Result is what is known of a repository at the end of a run.
type Result struct {
	Repository string
	Outcome    string    // "" if the run has not come to it
	Says       string    // why it failed
	Attempts   int       // how often somebody took it
	Looked     time.Time // when it was looked at last; zero if it never was
	Previous   time.Time // and before that
	Document   []byte    // of its last scan; nil if there was none
	Lives      []*Life
}

// Repositories returns the names of the repositories of a run, sorted.
func (s *Store) Repositories(ctx context.Context, run int64) (names []string, err error) {
	rows, err := s.db.QueryContext(ctx, s.text(`SELECT repository FROM task WHERE run = ?`), run)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, err
		}
		names = append(names, name)
	}
	slices.Sort(names) // databases sort as their locale says
	return names, rows.Err()
}

// Result returns what is known of a repository of a run.
func (s *Store) Result(ctx context.Context, run int64, name string) (*Result, error) {
	r := &Result{Repository: name}
	return r, s.change(ctx, func(tx *tx) (err error) {
		var looked, previous sql.NullInt64
		var document sql.NullString
		err = tx.row(`SELECT outcome, says, attempts, looked, previous, document FROM task
			LEFT JOIN repository ON name = repository WHERE task.run = ? AND repository = ?`, run, name).
			Scan(&r.Outcome, &r.Says, &r.Attempts, &looked, &previous, &document)
		if err != nil {
			return err
		}
		r.Looked, r.Previous = moments(looked.Int64), moments(previous.Int64)
		if document.String != "" {
			r.Document = []byte(document.String)
		}
		r.Lives, err = tx.lives(name)
		return err
	})
}

func (tx *tx) lives(repository string) (lives []*Life, err error) {
	rows, err := tx.query(`SELECT kind, id, severity, says, place, first_seen, last_seen, state, run, was FROM finding WHERE repository = ?`, repository)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		l := &Life{}
		var first, last int64
		if err := rows.Scan(&l.Kind, &l.ID, &l.Severity, &l.Says, &l.Place, &first, &last, &l.State, &l.Run, &l.Was); err != nil {
			return nil, err
		}
		l.FirstSeen, l.LastSeen = moments(first), moments(last)
		lives = append(lives, l)
	}
	return lives, rows.Err()
}

// keep stores a life.
func (tx *tx) keep(repository string, l *Life) error {
	last := int64(0)
	if !l.LastSeen.IsZero() {
		last = l.LastSeen.Unix()
	}
	_, err := tx.exec(`INSERT INTO finding (repository, id, kind, severity, says, place, first_seen, last_seen, state, run, was)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (repository, id) DO UPDATE SET severity = excluded.severity, says = excluded.says,
		place = excluded.place, last_seen = excluded.last_seen, state = excluded.state, run = excluded.run, was = excluded.was`,
		repository, l.ID, l.Kind, l.Severity, l.Says, l.Place, l.FirstSeen.Unix(), last, l.State, l.Run, l.Was)
	return err
}

// moments returns what seconds say; 0 is no time.
func moments(seconds int64) time.Time {
	if seconds == 0 {
		return time.Time{}
	}
	return time.Unix(seconds, 0).UTC()
}

// storable returns a text as databases take it.
func storable(text string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(text, "\uFFFD"), "\x00", "\uFFFD")
}

// change runs f in a transaction.
func (s *Store) change(ctx context.Context, f func(*tx) error) error {
	began, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer began.Rollback()
	if err := f(&tx{ctx, began, &s.dialect}); err != nil {
		return err
	}
	if err := began.Commit(); err != nil {
		return fmt.Errorf("the database: %w", err)
	}
	return nil
}

// tx is a transaction.
type tx struct {
	ctx context.Context
	*sql.Tx
	*dialect
}

func (tx *tx) exec(query string, args ...any) (int64, error) {
	r, err := tx.ExecContext(tx.ctx, tx.text(query), args...)
	if err != nil {
		return 0, err
	}
	return r.RowsAffected()
}

func (tx *tx) row(query string, args ...any) *sql.Row {
	return tx.QueryRowContext(tx.ctx, tx.text(query), args...)
}

func (tx *tx) query(query string, args ...any) (*sql.Rows, error) {
	return tx.QueryContext(tx.ctx, tx.text(query), args...)
}
