package scan_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stagewall/stagewall/analyzers"
	analyzersuite "github.com/stagewall/stagewall/analyzers/suite"
	"github.com/stagewall/stagewall/cmd/internal/cache"
	"github.com/stagewall/stagewall/cmd/internal/config"
	"github.com/stagewall/stagewall/cmd/internal/report"
	"github.com/stagewall/stagewall/cmd/internal/scan"
	"github.com/stagewall/stagewall/cmd/internal/source"
	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/detectortest"
	"github.com/stagewall/stagewall/detectors/match"
	"github.com/stagewall/stagewall/detectors/tag"
)

// folder is a source of files that knows their versions.
type folder struct {
	memory
	versions map[string]source.Version
	opened   sync.Map // paths
}

func (f *folder) Version(path string) source.Version { return f.versions[path] }

func (f *folder) Open(path string) (io.ReadCloser, error) {
	f.opened.Store(path, true)
	return f.memory.Open(path)
}

// versions are ways in which a source can tell versions.
var versions = map[string]func(path, content string, edits int) source.Version{
	"by content": func(_, content string, _ int) source.Version {
		return source.Version{ID: fmt.Sprintf("%x", sha256.Sum256([]byte(content)))}
	},
	"by time": func(path, _ string, edits int) source.Version {
		return source.Version{ID: fmt.Sprint(path, edits), Since: time.Unix(1e9, 0)}
	},
	"by time, all just written": func(path, _ string, _ int) source.Version {
		return source.Version{ID: path, Since: time.Now()}
	},
	"by nothing": func(string, string, int) source.Version { return source.Version{} },
}

// scanner scans files, with a cache or without.
type scanner struct {
	engine    *match.Engine
	knowledge *tag.Knowledge
	dir       string // of the cache
	same      int    // scans of which it was known what linking says
}

// report returns what a scan says; root is that of the cache, empty for none.
func (s *scanner) report(t *testing.T, from source.Source, root string) string {
	t.Helper()
	reads, says := s.scan(t, from, root, true)
	return reads + says
}

// scan returns what a scan read and what it says. If nobody is shown what it read, it can know what linking says.
func (s *scanner) scan(t *testing.T, from source.Source, root string, shown bool) (reads, says string) {
	t.Helper()
	opt := scan.Options{
		Source: from, Target: report.Target{Mode: "tree"}, Engine: s.engine, Match: match.Options{DecodeDepth: 5}, Knowledge: s.knowledge,
		Analyzers: analyzersuite.Analyzers(), Now: time.Unix(0, 0), Jobs: 2,
		Config: config.Config{Units: []config.UnitRule{{Pattern: "**", Environments: detectors.Staging}}}, // so that what any unit gets is reported
	}
	opt.OnSame(func() { s.same++ })
	var in, out bytes.Buffer
	if shown {
		opt.Refine = func(_ context.Context, files []scan.Read) ([]*analyzers.Facts, bool, error) { // it decides by what files said first
			return nil, true, json.NewEncoder(&in).Encode(files)
		}
	}
	if root != "" {
		settings, err := scan.Settings(opt)
		if err != nil {
			t.Fatal(err)
		}
		if opt.Cache, err = cache.Open(s.dir, cache.Of{Root: root, Settings: settings}); err != nil {
			t.Fatal(err)
		}
	}
	result, err := scan.Run(context.Background(), opt)
	if err != nil {
		t.Fatal(err)
	}
	if opt.Cache != nil && opt.Cache.Err() != nil {
		t.Fatal(opt.Cache.Err())
	}
	for _, format := range []string{"json", "text"} {
		if err := result.Send(report.New(format, &out, report.Style{Verbose: true})); err != nil {
			t.Fatal(err)
		}
	}
	return in.String(), out.String()
}

// edited changes some of the files: one gets what another holds, two change places, one goes, one comes, and one is written again as it is.
// It notes how often each was written.
func edited(files map[string]string, edits map[string]int, random *rand.Rand) map[string]string {
	after := maps.Clone(files)
	names := slices.Sorted(maps.Keys(files))
	if len(names) == 0 {
		return after
	}
	some := func() string { return names[random.IntN(len(names))] }
	write := func(name, content string) {
		after[name] = content
		edits[name]++
	}
	a, b, c, d := some(), some(), some(), some()
	write(a, files[b])
	write(c, files[d])
	write(d, files[c])
	delete(after, some())
	write("more/"+some(), files[some()])
	if again := some(); after[again] != "" {
		write(again, after[again])
	}
	if e := some(); after[e] != "" {
		write(e, after[e]+"\n")
	}
	return after
}

// A scan says the same whatever is kept of the files, and however they changed since.
func TestCache(t *testing.T) {
	s := &scanner{dir: t.TempDir()}
	s.engine, s.knowledge = detection(t)
	all, tokens := repositories(t)
	for i, name := range slices.Sorted(maps.Keys(all)) {
		if testing.Short() && i%20 != 0 {
			continue
		}
		of := fnv.New64()
		io.WriteString(of, name)
		random := rand.New(rand.NewPCG(of.Sum64(), 0))
		// Each case has one or two of the ways, which is enough for all.
		ways := [][]string{{"by content", "by time"}, {"by time", "by nothing"}, {"by time, all just written"}}
		states := []map[string]string{all[name], all[name]}
		edits := []map[string]int{{}, {}}
		for range 2 {
			last := len(states) - 1
			count := maps.Clone(edits[last])
			states, edits = append(states, edited(states[last], count, random)), append(edits, count)
		}
		back := maps.Clone(edits[len(edits)-1]) // and all is put back
		for name := range all[name] {
			back[name]++
		}
		states, edits = append(states, all[name]), append(edits, back)
		for step, files := range states {
			freshReads, fresh := s.scan(t, memory(files), "", true)
			for n, way := range ways[i%3] {
				version := versions[way]
				from := &folder{memory: files, versions: map[string]source.Version{}}
				for path, content := range files {
					from.versions[path] = version(path, content, edits[step][path])
				}
				root := "/" + name + "/" + way
				if n == 0 {
					if reads, got := s.scan(t, from, root, true); reads+got != freshReads+fresh {
						t.Errorf("%s, step %d, versions %s:\n%s%s\nwithout a cache:\n%s%s", name, step, way, reads, got, freshReads, fresh)
					}
					continue
				}
				for range 2 {
					if _, got := s.scan(t, from, root, false); got != fresh {
						t.Errorf("%s, step %d, versions %s, known %d:\n%s", name, step, way, s.same, changes(fresh, got))
					}
				}
			}
		}
	}
	if s.same == 0 {
		t.Error("it was never known what linking says")
	}
	t.Log(s.same, "scans of which it was known what linking says")
	noSecrets(t, s.dir, tokens)
}

// noSecrets fails if something in a folder holds a token that the cases have.
func noSecrets(t *testing.T, dir string, tokens map[string]bool) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(files) < 2 || len(tokens) == 0 {
		t.Fatal(err, files, len(tokens))
	}
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for value := range tokens {
			if i := bytes.Index(data, []byte(value)); i >= 0 {
				t.Errorf("%s holds a token behind %q", name, data[max(0, i-100):i])
			}
		}
	}
}

// What is compared in TestCache differs if versions are wrong, so that it says something.
func TestWrongVersions(t *testing.T) {
	s := &scanner{dir: t.TempDir()}
	s.engine, s.knowledge = detection(t)
	before := map[string]string{
		"compose.staging.yml": "services:\n  app:\n    image: app\n    env_file: a.env\n", "a.env": "X=${Y}\n", "b.env": "X={{stripe-live}}\n",
	}
	after := maps.Clone(before)
	after["compose.staging.yml"] = strings.Replace(before["compose.staging.yml"], "a.env", "b.env", 1)
	for _, content := range []map[string]string{before, after} {
		for path, text := range content {
			content[path], _ = detectortest.Expand(text)
		}
	}
	same := func(files map[string]string) source.Source {
		f := &folder{memory: files, versions: map[string]source.Version{}}
		for path := range files {
			f.versions[path] = source.Version{ID: path, Since: time.Unix(1e9, 0)}
		}
		return f
	}
	s.report(t, same(before), "/wrong")
	if s.report(t, same(after), "/wrong") == s.report(t, memory(after), "") {
		t.Error("a file whose version did not change is read all the same")
	}
}

// A file of which something is kept is not opened.
func TestUnopened(t *testing.T) {
	s := &scanner{dir: t.TempDir()}
	s.engine, s.knowledge = detection(t)
	files := memory{"a.py": "import os\nprint(os.environ['A'])\n", "main.go": "package main\n\nfunc main() {}\n", "b.bin": "\x00\x01", "c.txt": "text"}
	opened := func() (paths []string) {
		from := &folder{memory: files, versions: map[string]source.Version{}}
		for path := range files {
			from.versions[path] = source.Version{ID: path, Since: time.Unix(1e9, 0)}
		}
		s.report(t, from, "/unopened")
		from.opened.Range(func(path, _ any) bool {
			paths = append(paths, path.(string))
			return true
		})
		return paths
	}
	if got := opened(); len(got) < len(files) {
		t.Error("the first scan opened nothing but", got)
	}
	if got := opened(); len(got) > 0 {
		t.Error("the second scan opened", got)
	}
	files["d.env"], _ = detectortest.Expand("STRIPE={{stripe-live}}\n")
	for range 2 {
		if got := opened(); !slices.Equal(got, []string{"d.env"}) {
			t.Error("a scan with one file that holds a token opened", got)
		}
	}
}

// A scan that does not end keeps nothing, and leaves nothing behind.
func TestCancelledKeepsNothing(t *testing.T) {
	s := &scanner{dir: t.TempDir()}
	s.engine, s.knowledge = detection(t)
	files := memory{}
	for i := range 2000 {
		files[fmt.Sprintf("%d.sh", i)] = fmt.Sprintf("A=$B%d\ncurl -H \"X: $A\" https://example.com\n", i)
	}
	from := &folder{memory: files, versions: map[string]source.Version{}}
	for path := range files {
		from.versions[path] = source.Version{ID: path, Since: time.Unix(1e9, 0)}
	}
	ctx, cancel := context.WithCancel(context.Background())
	opt := scan.Options{
		Source: from, Target: report.Target{Mode: "tree"}, Engine: s.engine, Knowledge: s.knowledge, Analyzers: analyzersuite.Analyzers(), Jobs: 2,
		Progress: func(done, total int) {
			if done == total {
				cancel()
			}
		},
	}
	var err error
	if opt.Cache, err = cache.Open(s.dir, cache.Of{Root: "/cancelled"}); err != nil {
		t.Fatal(err)
	}
	if _, err := scan.Run(ctx, opt); err == nil {
		t.Fatal("it was not cancelled")
	}
	if list, err := os.ReadDir(s.dir); err != nil || len(list) != 1 || list[0].Name() != "key" {
		t.Error(list, err)
	}
}
