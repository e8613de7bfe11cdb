// Package cluster runs a PostgreSQL server for tests: a real one, of its own, that nobody else can reach.
package cluster

import (
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"database/sql"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib" // registers itself with database/sql
)

// Cluster is a server.
type Cluster struct {
	dir string
	bin string
}

// Start starts a server for as long as the test takes. A test is skipped with -short, and where PostgreSQL is not installed, but not in CI.
func Start(t *testing.T) *Cluster {
	t.Helper()
	if testing.Short() {
		t.Skip("a server is started")
	}
	bin := programs()
	if bin == "" {
		if os.Getenv("CI") != "" {
			t.Fatal("PostgreSQL is not installed")
		}
		t.Skip("PostgreSQL is not installed")
	}
	dir, err := os.MkdirTemp("", "pg") // the name of a socket is short, and the server's user must get there
	if err != nil {
		t.Fatal(err)
	}
	c := &Cluster{dir, bin}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if err := c.own(); err != nil {
		t.Skip(err)
	}
	c.run(t, "initdb", "--pgdata="+c.data(), "--auth=trust", "--username=audit", "--no-sync", "--encoding=UTF8", "--no-locale")
	c.run(t, "pg_ctl", "--pgdata="+c.data(), "--log="+filepath.Join(dir, "log"), "--wait", "--options=-F -c listen_addresses='' -k "+dir, "start")
	t.Cleanup(func() { c.run(t, "pg_ctl", "--pgdata="+c.data(), "--mode=immediate", "stop") })
	return c
}

// programs returns the folder of the server's programs, of several versions the newest, "" if there is none.
func programs() string {
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb") // where Debian puts them, which is not on the PATH
	if len(found) > 0 {
		return filepath.Dir(slices.MaxFunc(found, func(a, b string) int {
			return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b))
		}))
	}
	if path, err := exec.LookPath("initdb"); err == nil {
		return filepath.Dir(path)
	}
	return ""
}

func (c *Cluster) data() string { return filepath.Join(c.dir, "data") }

func (c *Cluster) run(t *testing.T, program string, args ...string) {
	t.Helper()
	cmd := exec.Command(filepath.Join(c.bin, program), args...)
	cmd.Dir = c.dir
	as(cmd)
	// The server keeps what it was started with open, so that a pipe would never end.
	out, err := os.CreateTemp(c.dir, "out")
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	cmd.Stdout, cmd.Stderr = out, out
	if err := cmd.Run(); err != nil {
		said, _ := os.ReadFile(out.Name())
		t.Fatalf("%s: %v\n%s", program, err, said)
	}
}

// Database makes a new database, and returns its address.
func (c *Cluster) Database(t testing.TB) string {
	t.Helper()
	db, err := sql.Open("pgx", c.address("postgres"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	name := "d" + strings.ToLower(rand.Text())
	if _, err := db.ExecContext(context.Background(), "CREATE DATABASE "+name); err != nil {
		t.Fatal(err)
	}
	return c.address(name)
}

func (c *Cluster) address(name string) string {
	return "postgres:///" + name + "?" + url.Values{"host": {c.dir}, "user": {"audit"}}.Encode()
}

// Dump returns all that a database holds.
func (c *Cluster) Dump(address string) ([]byte, error) {
	var out bytes.Buffer
	cmd := exec.Command(filepath.Join(c.bin, "pg_dump"), "--dbname="+address)
	cmd.Stdout = &out
	err := cmd.Run()
	return out.Bytes(), err
}
