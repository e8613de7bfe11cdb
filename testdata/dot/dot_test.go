// Package dot_test has Graphviz read the graph, compiled for any machine, as go-graphviz carries it. It is a module of its own so that nobody
// who installs the program pays for that.
package dot_test

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/goccy/go-graphviz"

	"github.com/stagewall/stagewall/detectors/detectortest"
)

// names are of services, and try to be more than names: to end what is quoted, to be markup, an entity or an escape that a label knows, to be
// no text at all.
var names = []string{
	`app`, `a"b`, `a\`, `a\"`, `a\\`, `\N\G\l`, `&quot;&lt;`, `<b>x</b>`, "a\tb", "ä→漢", `]; } digraph x {`, `a -> b`, `x // y`, `x /* y`, `#`, `$`, `%s`, `\u202e`,
}

func TestGraphvizReads(t *testing.T) {
	program := filepath.Join(t.TempDir(), "stagewall")
	build := exec.Command("go", "build", "-o", program, "./cmd/stagewall")
	build.Dir = "../.."
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	dir := t.TempDir()
	text := "services:\n"
	for _, name := range names {
		text += fmt.Sprintf("  %q:\n    image: acme/app\n    environment:\n      STRIPE_SECRET_KEY: {{stripe-live}}\n", name)
	}
	expanded, _ := detectortest.Expand(text)
	if err := os.WriteFile(filepath.Join(dir, "compose.staging.yaml"), []byte(expanded), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{nil, {"--all"}, {"--max-nodes", "5"}} {
		run := func(format string) []byte {
			out, err := exec.Command(program, append([]string{"graph", "--no-cache", dir, "-f", format}, args...)...).Output()
			if err != nil {
				t.Fatal(err)
			}
			return out
		}
		var wanted struct{ Nodes []struct{ ID string } }
		if err := json.Unmarshal(run("json"), &wanted); err != nil {
			t.Fatal(err)
		}
		out := run("dot")
		g, err := graphviz.ParseBytes(out)
		if err != nil {
			t.Fatalf("%v: %v\n%s", args, err, out)
		}
		if n, err := g.NodeNum(); err != nil || n != len(wanted.Nodes) {
			t.Errorf("%v: %d nodes, want %d: %v\n%s", args, n, len(wanted.Nodes), err, out)
		}
	}
}
