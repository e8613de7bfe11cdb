package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	_ "modernc.org/sqlite" // registers itself with database/sql
)

// dialect is in what databases differ.
type dialect struct {
	now      string // the present second, by the clock of the database: those of several machines differ
	id       string // the type of a key that counts
	lock     string // has whoever looks for a row pass over those that others have in hand
	numbered bool   // arguments have numbers
}

var (
	sqlite   = dialect{now: "unixepoch()", id: "INTEGER PRIMARY KEY AUTOINCREMENT"}
	postgres = dialect{
		now: "extract(epoch from clock_timestamp())::bigint", id: "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY", lock: "FOR UPDATE SKIP LOCKED",
		numbered: true,
	}
)

// text returns a statement as the database takes it.
func (d *dialect) text(query string) string {
	if !d.numbered {
		return query
	}
	var b strings.Builder
	for n := 1; ; n++ {
		before, after, ok := strings.Cut(query, "?")
		b.WriteString(before)
		if !ok {
			return b.String()
		}
		b.WriteString("$" + strconv.Itoa(n))
		query = after
	}
}

// schema is that of version 1. Times are seconds since 1970.
const schema = `
CREATE TABLE version (version BIGINT NOT NULL);
INSERT INTO version VALUES (1);
CREATE TABLE run (
	id    {id},
	list  TEXT NOT NULL, -- a digest of the names of its repositories
	began BIGINT NOT NULL,
	ended BIGINT
);
CREATE UNIQUE INDEX run_open ON run (list) WHERE ended IS NULL;
CREATE TABLE task (
	run        BIGINT NOT NULL,
	repository TEXT NOT NULL,
	position   BIGINT NOT NULL,
	worker     TEXT NOT NULL DEFAULT '',
	attempts   BIGINT NOT NULL DEFAULT 0,
	lease      BIGINT NOT NULL DEFAULT 0, -- until when the worker holds it
	outcome    TEXT NOT NULL DEFAULT '', -- scanned, unchanged, failed; empty: it has not ended
	says       TEXT NOT NULL DEFAULT '', -- why it failed
	PRIMARY KEY (run, repository)
);
CREATE INDEX task_left ON task (run, position) WHERE outcome = '';
CREATE TABLE repository (
	name        TEXT PRIMARY KEY,
	looked      BIGINT NOT NULL DEFAULT 0, -- when it was scanned, or found unchanged, last
	previous    BIGINT NOT NULL DEFAULT 0, -- and before that
	fingerprint TEXT NOT NULL DEFAULT '',
	until       BIGINT NOT NULL DEFAULT 0,
	document    TEXT NOT NULL DEFAULT ''
);
CREATE TABLE finding (
	repository TEXT NOT NULL,
	id         TEXT NOT NULL,
	kind       TEXT NOT NULL,
	severity   TEXT NOT NULL,
	says       TEXT NOT NULL,
	place      TEXT NOT NULL,
	first_seen BIGINT NOT NULL,
	last_seen  BIGINT NOT NULL, -- before it was gone
	state      TEXT NOT NULL,   -- what became of it last: new, worse, back, gone
	run        BIGINT NOT NULL, -- in which
	was        TEXT NOT NULL,
	PRIMARY KEY (repository, id)
);`

// Open opens a database, and makes its tables if it has none: a file, or what an address that begins with postgres:// names.
func Open(ctx context.Context, name string) (*Store, error) {
	if scheme, _, ok := strings.Cut(name, "://"); ok {
		if scheme != "postgres" && scheme != "postgresql" {
			return nil, errors.New("a database is a file, or postgres://…")
		}
		return openPostgres(ctx, name)
	}
	return openSQLite(ctx, name)
}

func openSQLite(ctx context.Context, name string) (*Store, error) {
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		return nil, err
	}
	f, err := os.OpenFile(name, os.O_CREATE|os.O_RDWR, 0o600) // so that nobody else can read it
	if err != nil {
		return nil, err
	}
	f.Close()
	query := url.Values{"_pragma": {"busy_timeout(60000)", "journal_mode(wal)", "synchronous(normal)"}, "_txlock": {"immediate"}}
	db, err := sql.Open("sqlite", (&url.URL{Scheme: "file", Opaque: (&url.URL{Path: filepath.ToSlash(name)}).EscapedPath(), RawQuery: query.Encode()}).String())
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1) // there is one writer anyway, and so it waits here and not by asking again and again
	return prepared(ctx, &Store{db, sqlite})
}

func openPostgres(ctx context.Context, address string) (*Store, error) {
	config, err := pgx.ParseConfig(address)
	if err != nil {
		return nil, errors.New("the address of the database cannot be read") // the error repeats some of it
	}
	config.RuntimeParams["search_path"] = "stagewall"
	config.RuntimeParams["application_name"] = "stagewall-audit"
	return prepared(ctx, &Store{stdlib.OpenDB(*config), postgres})
}

// prepared makes the tables if there are none, one process at a time.
func prepared(ctx context.Context, s *Store) (*Store, error) {
	if err := s.change(ctx, s.prepare); err != nil {
		s.Close()
		return nil, fmt.Errorf("the database cannot be used: %w", err)
	}
	return s, nil
}

func (s *Store) prepare(tx *tx) error {
	tables := `SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'version'`
	if s.numbered {
		if _, err := tx.exec(`SELECT pg_advisory_xact_lock(7234018293)`); err != nil {
			return err
		}
		tables = `SELECT count(*) FROM pg_tables WHERE schemaname = 'stagewall' AND tablename = 'version'`
	}
	var n int
	if err := tx.row(tables).Scan(&n); err != nil {
		return err
	}
	if n == 0 {
		return s.create(tx)
	}
	var version int
	if err := tx.row(`SELECT version FROM version`).Scan(&version); err != nil || version == 1 {
		return err
	}
	return fmt.Errorf("it is of version %d, which this program does not know", version)
}

// create makes the tables, and in PostgreSQL the schema, unless somebody made it for a user that may make none.
func (s *Store) create(tx *tx) error {
	if s.numbered {
		var n int
		if err := tx.row(`SELECT count(*) FROM pg_namespace WHERE nspname = 'stagewall'`).Scan(&n); err != nil {
			return err
		}
		if n == 0 {
			if _, err := tx.exec(`CREATE SCHEMA stagewall`); err != nil {
				return err
			}
		}
	}
	_, err := tx.ExecContext(tx.ctx, strings.ReplaceAll(schema, "{id}", s.id))
	return err
}
