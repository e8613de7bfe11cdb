package load

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/stagewall/stagewall/analyzers/golang/reach"
)

// write writes the files of an archive to a folder.
func write(t *testing.T, dir, archive string) {
	t.Helper()
	for _, f := range txtar.Parse([]byte(archive)).Files {
		name := filepath.Join(dir, filepath.FromSlash(f.Name))
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, f.Data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// says loads a module and returns what is said of it in one line: the main packages, those that are broken in brackets, or the error.
func says(t *testing.T, c Config) string {
	t.Helper()
	if c.Most == 0 {
		c.Most = Most
	}
	m, err := Load(t.Context(), c)
	if failed := (*ErrLoad)(nil); errors.As(err, &failed) {
		return "error: " + failed.Says
	} else if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, main := range m.Mains {
		if _, broken := m.Broken[main.Path]; !broken {
			list = append(list, main.Path)
		}
	}
	for _, path := range slices.Sorted(maps.Keys(m.Broken)) {
		list = append(list, "["+path+"]")
	}
	return strings.Join(list, " ")
}

const sound = `
-- go.mod --
module example.com/acme

go 1.25
-- lib/lib.go --
package lib

import "strings"

func Get(b *strings.Builder) { b.WriteString("text") }
-- cmd/a/main.go --
package main

import (
	"strings"

	"example.com/acme/lib"
)

func main() { lib.Get(&strings.Builder{}) }
-- cmd/b/main.go --
package main

func main() {}
`

const unloadable = "error: the go command cannot load it"

// TestLoad: what loads, what is broken, and what does not load at all.
func TestLoad(t *testing.T) {
	for name, test := range map[string]struct {
		files string // beside those of sound
		drop  string // a file of sound
		want  string
		set   func(*Config)
	}{
		"sound":   {want: "example.com/acme/cmd/a example.com/acme/cmd/b"},
		"deep":    {want: "example.com/acme/cmd/a example.com/acme/cmd/b", set: func(c *Config) { c.Deep = true }},
		"limited": {want: "error: " + errLarge.Says, set: func(c *Config) { c.Most = 10_000 }},
		"no module": {
			want: "error: the go command finds no programs in it, or cannot read its go.mod", drop: "go.mod",
		},
		"not the source's": {
			want: "example.com/acme/cmd/b [example.com/acme/cmd/a]", set: func(c *Config) { c.Own = func(name string) bool { return name != "lib/lib.go" } },
		},
		"type error": {
			files: "-- lib/lib.go --\npackage lib\n\nvar Get int = \"words\"\n", want: "example.com/acme/cmd/b [example.com/acme/cmd/a]",
		},
		"syntax error": {
			files: "-- lib/more.go --\npackage lib\n\nfunc {\n", want: "example.com/acme/cmd/b [example.com/acme/cmd/a]",
		},
		"missing dependency": {
			files: "-- cmd/b/main.go --\npackage main\n\nimport \"example.com/nowhere\"\n\nfunc main() { nowhere.Do() }\n", want: "example.com/acme/cmd/a [example.com/acme/cmd/b]",
		},
		"import cycle": {
			files: "-- x/x.go --\npackage x\n\nimport _ \"example.com/acme/y\"\n-- y/y.go --\npackage y\n\nimport _ \"example.com/acme/x\"\n" +
				"-- cmd/b/main.go --\npackage main\n\nimport _ \"example.com/acme/x\"\n\nfunc main() {}\n",
			want: "example.com/acme/cmd/a [example.com/acme/cmd/b]",
		},
		"broken library that no program imports": {
			files: "-- other/other.go --\npackage other\n\nvar x int = \"words\"\n", want: "example.com/acme/cmd/a example.com/acme/cmd/b",
		},
		"nothing to embed yet": {
			files: "-- cmd/b/main.go --\npackage main\n\nimport \"embed\"\n\n//go:embed dist\nvar files embed.FS\n\nfunc main() { files.Open(\"dist\") }\n",
			want:  "example.com/acme/cmd/a example.com/acme/cmd/b",
		},
		"cgo": {
			files: "-- cmd/b/main.go --\npackage main\n\n// #include <stdio.h>\nimport \"C\"\n\nfunc main() { C.puts(nil) }\n", want: "example.com/acme/cmd/a",
		},
		"two packages in a folder": {
			files: "-- cmd/b/other.go --\npackage other\n", want: "example.com/acme/cmd/a [example.com/acme/cmd/b]",
		},
		"invalid UTF-8": {
			files: "-- lib/lib.go --\npackage lib\n\nimport \"strings\"\n\nfunc Get(*strings.Builder) { _ = \"\xff\xfe\" }\n",
			want:  "example.com/acme/cmd/b [example.com/acme/cmd/a]",
		},
		"unknown directive":  {files: "-- go.mod --\nmodule example.com/acme\n\nconjure everything\n", want: unloadable},
		"toolchain to come":  {files: "-- go.mod --\nmodule example.com/acme\n\ngo 1.999\n\ntoolchain go1.999.0\n", want: unloadable},
		"hostile toolchain":  {files: "-- go.mod --\nmodule example.com/acme\n\ngo 1.25\n\ntoolchain go1.25-$(touch ran)\n", want: unloadable},
		"odd module path":    {files: "-- go.mod --\nmodule \"example.com/ac me;$(touch ran)\"\n\ngo 1.25\n", want: unloadable},
		"folder called so":   {files: "-- lib/folder.go/text --\n", want: "example.com/acme/cmd/a example.com/acme/cmd/b"},
		"generator":          {files: "-- lib/gen.go --\npackage lib\n\n//go:generate touch ran\n", want: "example.com/acme/cmd/a example.com/acme/cmd/b"},
		"flags in a go.env":  {files: "-- go.env --\nGOFLAGS=-toolexec=/tmp/none -mod=mod\nGOTOOLCHAIN=go1.999.0\n", want: "example.com/acme/cmd/a example.com/acme/cmd/b"},
		"workspace not ours": {files: "-- go.work --\ngo 1.999\n\nuse ./nowhere\n", want: "example.com/acme/cmd/a example.com/acme/cmd/b"},
		"vendored": {
			files: "-- go.mod --\nmodule example.com/acme\n\ngo 1.25\n\nrequire example.com/v v1.0.0\n" +
				"-- vendor/modules.txt --\n# example.com/v v1.0.0\n## explicit; go 1.25\nexample.com/v\n-- vendor/example.com/v/v.go --\npackage v\n\nfunc V() { undefined() }\n" +
				"-- cmd/b/main.go --\npackage main\n\nimport \"example.com/v\"\n\nfunc main() { v.V() }\n",
			want: "example.com/acme/cmd/a example.com/acme/cmd/b", set: func(c *Config) { c.Vendor = true },
		},
		"a module of the repository in the place of another": {
			files: "-- go.mod --\nmodule example.com/acme\n\ngo 1.25\n\nrequire example.com/l v0.0.0\n\nreplace example.com/l => ./l\n-- l/go.mod --\nmodule example.com/l\n" +
				"-- l/l.go --\npackage l\n\nfunc L() { undefined() }\n-- cmd/b/main.go --\npackage main\n\nimport \"example.com/l\"\n\nfunc main() { l.L() }\n",
			want: "example.com/acme/cmd/a [example.com/acme/cmd/b]",
		},
		"doubled constants": {
			files: "-- lib/more.go --\npackage lib\n" + doubled("const c%d = c%d + c%d\n", "const c0 = \"0123456789\"\n") + "\nconst N = len(c39)\n",
			want:  "example.com/acme/cmd/b [example.com/acme/cmd/a]",
		},
		"doubled types": {
			files: "-- lib/more.go --\npackage lib\n" + doubled("type c%d = struct{ a c%d; b c%d }\n", "type c0 = int\n") + "\nvar x c39 = 1\n",
			want:  "example.com/acme/cmd/b [example.com/acme/cmd/a]",
		},
		"doubled type arguments": {
			files: "-- lib/more.go --\npackage lib\n\ntype p[T any] = struct{ a, b T }\n\nvar x " + strings.Repeat("p[", 40) + "int" + strings.Repeat("]", 40) + " = 1\n",
			want:  "example.com/acme/cmd/b [example.com/acme/cmd/a]",
		},
		"large": {
			files: "-- lib/more.go --\npackage lib\n\nvar Lines = []string{\n" + strings.Repeat("\t\"a line of a generated file\",\n", 600_000) + "}\n",
			want:  "example.com/acme/cmd/b [example.com/acme/cmd/a]",
		},
		"nested": {
			files: "-- lib/more.go --\npackage lib\n\nvar x = " + strings.Repeat("(", 20_000) + "1" + strings.Repeat(")", 20_000) + "\n",
			want:  "example.com/acme/cmd/b [example.com/acme/cmd/a]",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			write(t, dir, sound+test.files)
			if test.drop != "" {
				if err := os.Remove(filepath.Join(dir, test.drop)); err != nil {
					t.Fatal(err)
				}
			}
			c := Config{Root: dir, Dir: "."}
			if test.set != nil {
				test.set(&c)
			}
			if got := says(t, c); got != test.want {
				t.Errorf("%s, want %s", got, test.want)
			}
			if found, _ := filepath.Glob(filepath.Join(dir, "*", "ran")); len(found) > 0 {
				t.Error("something of the module was run")
			}
		})
	}
}

func doubled(line, first string) string {
	all := first
	for i := range 39 {
		all += fmt.Sprintf(line, i+1, i, i)
	}
	return all
}

// TestSurroundings: what the environment and a repository say of flags, toolchains, proxies, workspaces and programs is not obeyed.
func TestSurroundings(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, sound+"-- go.work --\ngo 1.999\n-- go.env --\nGOFLAGS=-mod=nonsense\n-- tool --\n#!/bin/sh\ntouch "+dir+"/ran\n")
	tool := filepath.Join(dir, "tool")
	if err := os.Chmod(tool, 0o700); err != nil {
		t.Fatal(err)
	}
	for name, value := range map[string]string{
		"GOENV": filepath.Join(dir, "go.env"), "GOFLAGS": "-toolexec=" + tool + " -mod=nonsense", "GOTOOLCHAIN": "go1.999.0", "GOPROXY": "file://" + dir, "GOWORK": filepath.Join(dir, "go.work"),
		"GOPACKAGESDRIVER": tool, "CC": tool, "CGO_ENABLED": "1", "GOVCS": "*:all", "GO111MODULE": "off", "GOEXPERIMENT": "nonsense", "GOOS": "plan9", "GOAUTH": tool, "GOCACHEPROG": tool,
	} {
		t.Setenv(name, value)
	}
	if got, want := says(t, Config{Root: dir, Dir: "."}), "example.com/acme/cmd/a example.com/acme/cmd/b"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if _, err := os.Stat(filepath.Join(dir, "ran")); err == nil {
		t.Error("a program of the surroundings was run")
	}
}

// TestOutside: nothing is read that lies outside the root, by links or by what a module names.
func TestOutside(t *testing.T) {
	dir := t.TempDir()
	root, other := filepath.Join(dir, "root"), filepath.Join(dir, "other")
	const uses = "package main\n\nimport \"example.com/acme/o\"\n\nfunc main() { o.O() }\n"
	write(t, other, "-- go.mod --\nmodule example.com/acme/o\n\ngo 1.25\n-- o.go --\npackage o\n\nfunc O() {}\n")
	link := func(t *testing.T, from, to string) {
		t.Helper()
		if err := os.Symlink(from, to); err != nil {
			t.Skip(err)
		}
	}
	want := "example.com/acme/cmd/a [example.com/acme/cmd/b]"
	for _, test := range []struct {
		name, files string
		config      Config
		link        func(t *testing.T)
	}{
		{name: "linked folder", link: func(t *testing.T) { link(t, other, filepath.Join(root, "o")) }},
		{name: "linked file", link: func(t *testing.T) {
			if err := os.Mkdir(filepath.Join(root, "o"), 0o700); err != nil {
				t.Fatal(err)
			}
			link(t, filepath.Join(other, "o.go"), filepath.Join(root, "o", "o.go"))
		}},
		{name: "replaced", files: "-- go.mod --\nmodule example.com/acme\n\ngo 1.25\n\nrequire example.com/acme/o v0.0.0\n\nreplace example.com/acme/o => ../other\n"},
		{
			name: "workspace", files: "-- go.work --\ngo 1.25\n\nuse (\n\t.\n\t../other\n)\n",
			config: Config{Modules: []string{"."}},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			os.RemoveAll(root)
			write(t, root, sound+test.files+"-- cmd/b/main.go --\n"+uses)
			if test.link != nil {
				test.link(t)
			}
			test.config.Root, test.config.Dir = root, "."
			if got := says(t, test.config); got != want {
				t.Errorf("%s, want %s", got, want)
			}
		})
	}
}

// TestTags: files are those that are built with the tag.
func TestTags(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, sound+"-- lib/staging.go --\n//go:build staging\n\npackage lib\n-- lib/other.go --\n//go:build !staging\n\npackage lib\n")
	for tag, want := range map[string]string{"": "lib/lib.go lib/other.go", "staging": "lib/lib.go lib/staging.go"} {
		m, err := Load(t.Context(), Config{Root: dir, Dir: ".", Tags: strings.Fields(tag), Most: Most})
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(m.Closure.Find("example.com/acme/lib").Files, " "); got != want {
			t.Errorf("with the tag %q the files are %s, want %s", tag, got, want)
		}
	}
}

// TestWorkspace: modules of a workspace are loaded together, and what is of the modules' own is told from what is not.
func TestWorkspace(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, `
-- work/go.work --
go 1.25

use (
	./a
	./b
)
-- work/a/go.mod --
module example.com/a

go 1.25
-- work/a/main.go --
package main

import "example.com/b"

func main() { b.B() }
-- work/b/go.mod --
module example.com/b

go 1.25
-- work/b/b.go --
package b

import "strings"

func B() { strings.ToLower("B") }
`)
	m, err := Load(t.Context(), Config{Root: dir, Dir: "work", Modules: []string{"a", "b"}, Most: Most})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, p := range m.Closure.Packages {
		got = append(got, p.Path+" "+strings.Join(p.Files, " "))
	}
	if want := []string{"example.com/a work/a/main.go", "example.com/b work/b/b.go"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

// TestSame: two loads say the same and read as much, however many processors there are; and one that is stopped says so.
func TestSame(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, sound)
	var read []int64
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	for _, processors := range []int{1, 8} {
		runtime.GOMAXPROCS(processors)
		m, err := Load(t.Context(), Config{Root: dir, Dir: ".", Most: Most})
		if err != nil {
			t.Fatal(err)
		}
		read = append(read, m.Read)
	}
	if read[0] != read[1] || read[0] == 0 {
		t.Errorf("%d bytes are read", read)
	}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if _, err := Load(ctx, Config{Root: dir, Dir: ".", Most: Most}); !errors.Is(err, context.Canceled) {
		t.Errorf("a load that is stopped says %v", err)
	}
}

// TestShared: modules say the same, and read as much by their account, whether or not they share what they depend on.
func TestShared(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"a", "b"} {
		write(t, dir, `
-- `+name+`/go.mod --
module example.com/`+name+`

go 1.25
-- `+name+`/main.go --
package main

import (
	"net/http"
	"os"
)

func main() {
	client := &http.Client{Transport: http.DefaultTransport}
	r, _ := http.NewRequest("GET", os.Getenv("`+name+`"), nil)
	client.Do(r)
}
`)
	}
	load := func(name string, shared *Shared) *Modules {
		m, err := Load(t.Context(), Config{Root: dir, Dir: name, Shared: shared, Most: Most})
		if err != nil || len(m.Broken) > 0 {
			t.Fatal(err, m)
		}
		return m
	}
	shared := &Shared{}
	load("a", shared)
	known := maps.Clone(shared.known)
	if len(known) < 10 {
		t.Errorf("%d packages are kept", len(known))
	}
	alone, after := load("b", nil), load("b", shared)
	if !reflect.DeepEqual(alone, after) {
		t.Errorf("shared %+v\nalone  %+v", after, alone)
	}
	if !maps.Equal(known, shared.known) {
		t.Errorf("%d packages are kept, %d after the second load", len(known), len(shared.known))
	}
	if got := says(t, Config{Root: dir, Dir: "b", Shared: shared, Most: alone.Read - 1}); !strings.HasPrefix(got, "error: it is too large") {
		t.Errorf("with a byte less: %s", got)
	}
}

// TestMissing: of a program that needs what is not there it is said where it begins, and nothing is read for it.
func TestMissing(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, `
-- go.mod --
module example.com/acme

go 1.25

require example.org/gone v1.0.0
-- cmd/api/flags.go --
package main

import "net/http"

var client http.Client
-- cmd/api/main.go --
package main

import "example.com/acme/lib"

// main starts the service.
func main() { lib.Run() }
-- cmd/job/main.go --
package main

func main() {}
-- lib/lib.go --
package lib

import "example.org/gone"

func Run() { gone.Run() }
`)
	m, err := Load(t.Context(), Config{Root: dir, Dir: ".", Most: Most})
	if err != nil {
		t.Fatal(err)
	}
	if m.Broken["example.com/acme/cmd/api"] == "" || len(m.Broken) != 1 || m.Read > 2000 {
		t.Errorf("broken: %q; %d bytes are read", m.Broken, m.Read)
	}
	if got := reach.New(m.Mains[0], m.Closure, func(file string) string { return file }).File(); len(m.Mains) != 2 || got != "cmd/api/main.go" {
		t.Errorf("%d programs, the first in %q", len(m.Mains), got)
	}
}

// TestNeeded: of a dependency nothing is missed that the module's own code, or what that needs, can ask for; and nothing is asked of what is left.
func TestNeeded(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, `
-- go.mod --
module example.com/acme

go 1.25

require example.com/v v1.0.0
-- main.go --
package main

import (
	_ "example.com/v/beside"
	. "example.com/v/dots"
	"example.com/v/lib"
)

type own struct{ *lib.Embedded }

type keyed interface{ Key() string }

var _ lib.Wide = own{}

func main() {
	var k keyed = lib.Renamed{}
	var n lib.Number = lib.Third
	lib.Sort([]lib.Item{{}})
	lib.Made.Deeper().Close()
	_ = lib.Table[lib.Second].Name + k.Key() + string(n) + Dotted().Text
	var err error = lib.Failure{}
	_ = lib.Choose[lib.Point](err)
}
-- vendor/modules.txt --
# example.com/v v1.0.0
## explicit; go 1.25
example.com/v/beside
example.com/v/dots
example.com/v/lib
-- vendor/example.com/v/beside/beside.go --
package beside

var broken int = missing
-- vendor/example.com/v/dots/dots.go --
package dots

import . "example.com/v/lib"

func Dotted() *Item { return nil }
-- vendor/example.com/v/lib/lib.go --
package lib

import (
	"fmt"
	named "strings"
)

type Number rune

const (
	First Number = iota + offset
	Second
	Third
)

const offset, unused = len("ab"), missing

type (
	Wide interface {
		narrow
		Wider(named.Builder) (string, error)
	}
	narrow interface{ Narrow() }
	Unused struct{ missing }
)

type Embedded struct{ base }

type base struct{}

func (base) Narrow()                            {}
func (*base) Wider(named.Builder) (string, error) { return "", nil }
func (base) Idle() missing                      { return nil }

type Other = Renamed

type Renamed struct{}

func (Other) Key() string { return "" }

type Item struct{ Name, Text string }

func (Item) Less(Item) bool { return false }

func Sort[T interface{ Less(T) bool }](all []T) {}

var Made = make1()

func make1() interface{ Deeper() closer } { return nil }

type closer interface{ Close() }

var Table = map[Number]struct{ Name string }{}

type Failure struct{ fmt.Stringer }

func (Failure) Error() string { return "" }

type Point struct{ X, Y int }

func Choose[T fmt.Stringer | Point](error) T { panic(0) }

func idle(missing) {}
`)
	if got, want := says(t, Config{Root: dir, Dir: ".", Vendor: true}), "example.com/acme"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}
