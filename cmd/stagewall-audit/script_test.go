package main

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/stagewall/stagewall/cmd/internal/scripttest"
	"github.com/stagewall/stagewall/cmd/stagewall-audit/internal/cluster"
	"github.com/stagewall/stagewall/cmd/stagewall-audit/internal/command"
)

func TestMain(m *testing.M) {
	scripttest.Main(m, "stagewall-audit", func(args []string, stdout, stderr io.Writer) int {
		return command.Command{Stdin: os.Stdin, Stdout: stdout, Stderr: stderr}.Run(args)
	})
}

// TestScripts runs what a user would type, over a file of SQLite in $STATE.
func TestScripts(t *testing.T) {
	scripts(t, "testdata/script", func(*testscript.Env) error { return nil })
}

// TestScriptsPostgres runs the same over PostgreSQL, and what several machines do with it. What a database holds at the end is searched for secrets
// too.
func TestScriptsPostgres(t *testing.T) {
	server := cluster.Start(t)
	database := func(env *testscript.Env) error {
		address := server.Database(t)
		env.Setenv("STAGEWALL_AUDIT_DATABASE", address)
		env.Defer(func() {
			dump, err := server.Dump(address)
			if err != nil || !bytes.Contains(dump, []byte("CREATE TABLE stagewall.finding")) {
				env.T().Fatal("the database cannot be searched for secrets: ", err)
			}
			if err := errors.Join(os.MkdirAll(env.Getenv("STATE"), 0o700), os.WriteFile(filepath.Join(env.Getenv("STATE"), "dump"), dump, 0o600)); err != nil {
				env.T().Fatal(err)
			}
		})
		return nil
	}
	t.Run("script", func(t *testing.T) { scripts(t, "testdata/script", database) })
	t.Run("machines", func(t *testing.T) { scripts(t, "testdata/machines", database) })
}

func scripts(t *testing.T, dir string, database func(*testscript.Env) error) {
	state := scripttest.Setup("$STATE/*", "$STATE/cache/*")
	testscript.Run(t, testscript.Params{
		Dir:                 dir,
		RequireExplicitExec: true,
		UpdateScripts:       os.Getenv("UPDATE_SCRIPTS") != "",
		Condition:           scripttest.Installed,
		Setup: func(env *testscript.Env) error {
			env.Setenv("XDG_STATE_HOME", env.Getenv("TMPDIR"))
			env.Setenv("STATE", env.Getenv("TMPDIR")+"/stagewall-audit")
			if err := state(env); err != nil {
				return err
			}
			return database(env)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"lives": lives,
			"await": await,
		},
	})
}

// await waits until there is a file.
func await(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 1 || neg {
		ts.Fatalf("usage: await FILE")
	}
	for range 600 {
		if _, err := os.Stat(ts.MkAbs(args[0])); err == nil {
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	ts.Fatalf("%s did not come", args[0])
}
