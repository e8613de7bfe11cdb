package kubernetes

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stagewall/stagewall/detectors/detectortest"
)

var (
	seed  = flag.Uint64("seed", 1, "for other trees")
	count = flag.Int("count", 0, "how many trees to make of each sort")
)

var program string

func TestMain(m *testing.M) {
	flag.Parse()
	dir, err := os.MkdirTemp("", "oracle")
	if err == nil {
		program = filepath.Join(dir, "stagewall")
		build := exec.Command("go", "build", "-o", program, "./cmd/stagewall")
		build.Dir, build.Stderr = "../../..", os.Stderr
		err = build.Run()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	status := m.Run()
	os.RemoveAll(dir)
	os.Exit(status)
}

// rounds returns how many trees of a sort to make.
func rounds(few, many int) int {
	switch {
	case *count > 0:
		return *count
	case testing.Short():
		return few
	}
	return many
}

// tree is a made repository: files by name, and the tokens in them.
type tree struct {
	files  map[string]string
	tokens map[string]bool
}

// token mints another token.
func (t *tree) token() string {
	value, _ := detectortest.Expand(fmt.Sprintf("{{stripe-live#%d}}", len(t.tokens)))
	t.tokens[value] = true
	return value
}

func (t *tree) String() string {
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(t.files)) {
		fmt.Fprintf(&b, "-- %s --\n%s", name, t.files[name])
	}
	return b.String()
}

// drawn is the graph as the program writes it.
type drawn struct {
	Nodes []struct{ ID, Kind, Masked string }
	Edges []struct{ From, To, Verb, Strength string }
	Gaps  []struct{ Path, Says string }
}

// scan returns what the program says of a tree.
func scan(t *testing.T, made *tree) drawn {
	dir := t.TempDir()
	for name, text := range made.files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	out, err := exec.Command(program, "graph", "--no-cache", "--format", "json", dir).Output()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		t.Fatalf("%v\n%s", err, exit.Stderr)
	} else if err != nil {
		t.Fatal(err)
	}
	var d drawn
	if err := json.NewDecoder(bytes.NewReader(out)).Decode(&d); err != nil {
		t.Fatal(err)
	}
	return d
}

// loaded returns what a unit gets, otherwise than by its lying around: by the name by which it gets a token. A file's name is "a file".
func (d drawn) loaded(t *testing.T, made *tree, unit string) gets {
	tokens := map[string]string{} // by the id of a node
	for _, n := range d.Nodes {
		for value := range made.tokens {
			if n.Kind == "token" && strings.HasSuffix(value, n.Masked[len(n.Masked)-4:]) {
				if tokens[n.ID] != "" {
					t.Fatal("two tokens end alike: take another seed")
				}
				tokens[n.ID] = value
			}
		}
	}
	next := map[string][]string{}
	for _, e := range d.Edges {
		if e.Strength != "ambient" {
			next[e.From] = append(next[e.From], e.To)
		}
	}
	all := gets{}
	var visit func(node, name string, seen map[string]bool)
	visit = func(node, name string, seen map[string]bool) {
		if value := tokens[node]; value != "" {
			all.add(name, value)
		}
		if seen[node] {
			return
		}
		seen[node] = true
		for _, to := range next[node] {
			visit(to, name, seen)
		}
	}
	for _, node := range next[unit] {
		kind, name, _ := strings.Cut(node, ":")
		name, _, _ = strings.Cut(name, "~")
		if kind != "name" || strings.HasPrefix(name, "/") {
			name = "a file"
		}
		visit(node, name, map[string]bool{})
	}
	return all
}

// covers reports whether a value that a workload is given is one that the other side knows by the same name. A prefix with a star stands for all
// names that begin with it, and what is read from a file may be known by the file.
func (g gets) covers(name, value string) bool {
	for own, values := range g {
		prefix, _, all := strings.Cut(own, "*")
		same := own == name || all && strings.HasPrefix(name, prefix) || own == "a file" || strings.HasPrefix(own, "imagePullSecrets") && strings.HasPrefix(name, "imagePullSecrets")
		if same && values[value] {
			return true
		}
	}
	return false
}

// difference says what is in one and not in the other.
func (g gets) difference(other gets) []string {
	var all []string
	for name, values := range g {
		prefix, _, every := strings.Cut(name, "*")
		for value := range values {
			found := other.covers(name, value)
			if name == "a file" || every {
				for own, values := range other {
					found = found || values[value] && (name == "a file" || strings.HasPrefix(own, prefix))
				}
			}
			if !found {
				all = append(all, name+"="+value)
			}
		}
	}
	slices.Sort(all)
	return all
}

// tokensOf leaves of what a workload is given the tokens that are in it.
func (g gets) tokensOf(made *tree) gets {
	all := gets{}
	for name, values := range g {
		for value := range values {
			for token := range made.tokens {
				if strings.Contains(value, token) {
					all.add(name, token)
				}
			}
		}
	}
	return all
}
