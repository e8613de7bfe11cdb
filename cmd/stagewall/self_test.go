package main

import (
	"bytes"
	"testing"

	"github.com/stagewall/stagewall/cmd/internal/cli"
)

// The project's own tree holds no token: its tests mint theirs.
func TestOwnTree(t *testing.T) {
	var out, problems bytes.Buffer
	command := cli.Command{Stdin: bytes.NewReader(nil), Stdout: &out, Stderr: &problems}
	if code := command.Run([]string{"scan", "../..", "--fail-on", "token", "--no-cache"}); code != 0 {
		t.Errorf("exit %d\n%s%s", code, out.String(), problems.String())
	}
}
