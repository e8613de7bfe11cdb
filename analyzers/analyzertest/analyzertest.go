// Package analyzertest is the test kit of the second room.
//
// A case is a txtar file: a comment that states the rule and cites its source, the input files, and what is wanted:
//
//	-- reaches --
//	unit:compose.yaml#app [staging]: railway flow, stripe-live#2 loaded
//	unit:compose.yaml#db []:
//
// Each line of "reaches" names a unit, its environments, and exactly the tokens that it gets, each with its strength; units that are
// not listed are not checked. Tokens are written {{railway}} in the files and minted by detectortest; references are written
// store:name, or store:scope/name. A section "gaps", if there is one, names all gaps, as "path:line:column: what it says". With -update the lines
// are rewritten, of "reaches" for the units that are listed.
//
// The kit writes all facts down and reads them back before it links, so that nothing leans on a live tree or on another file.
package analyzertest

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/bmatcuk/doublestar/v4"
	"golang.org/x/tools/txtar"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/graph"
	"github.com/stagewall/stagewall/analyzers/settings"
	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/detectortest"
)

var update = flag.Bool("update", false, "rewrite the wanted sections of the cases")

// Run tests every case that the pattern matches, each as a subtest.
func Run(t *testing.T, pattern string, list ...*analyzers.Analyzer) {
	t.Helper()
	files, err := filepath.Glob(pattern)
	if err != nil || len(files) == 0 {
		t.Fatalf("no case matches %s (%v)", pattern, err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) { run(t, file, list) })
	}
}

func run(t *testing.T, file string, list []*analyzers.Analyzer) {
	archive, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var wanted, gaps *txtar.File
	var inputs []txtar.File
	for i, f := range archive.Files {
		switch f.Name {
		case "reaches":
			wanted = &archive.Files[i]
		case "gaps":
			gaps = &archive.Files[i]
		default:
			inputs = append(inputs, f)
		}
	}
	if wanted == nil {
		t.Fatalf("%s has no section \"reaches\"", file)
	}
	g, names := link(t, inputs, list, true)
	if full, names := link(t, inputs, list, false); Edges(g, names) != Edges(full, names) {
		t.Errorf("edges where files are read in full:\n%s\nwhere they are glanced at first:\n%s", Edges(full, names), Edges(g, names))
	}
	got := reaches(g, names, string(wanted.Data))
	found := unseen(g)
	if *update {
		wanted.Data = []byte(got)
		if gaps != nil {
			gaps.Data = []byte(found)
		}
		if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if want := string(wanted.Data); strings.TrimSpace(got) != strings.TrimSpace(want) {
		t.Errorf("%s\ngot:\n%s\nwant:\n%s\nedges:\n%s", archive.Comment, got, want, Edges(g, names))
	}
	if gaps != nil && found != string(gaps.Data) {
		t.Errorf("%s\ngot gaps:\n%s\nwant:\n%s", archive.Comment, found, gaps.Data)
	}
}

// Gaps returns the gaps of files that are too long to be written down, a line for each.
func Gaps(t testing.TB, files map[string]string, list ...*analyzers.Analyzer) string {
	t.Helper()
	g, _ := link(t, sorted(files), list, true)
	return unseen(g)
}

// Hands returns the names of the tokens that a unit of files which are made for the test reads and hands on, sorted.
func Hands(t testing.TB, files map[string]string, unit string, list ...*analyzers.Analyzer) []string {
	t.Helper()
	g, names := link(t, sorted(files), list, true)
	i := slices.IndexFunc(g.Units, func(u graph.Unit) bool { return u.ID == unit })
	if i < 0 {
		t.Fatalf("no unit:%s", unit)
	}
	var hands []string
	for name, strength := range best(g, names, g.Units[i]) {
		if strength == analyzers.Flow {
			hands = append(hands, name)
		}
	}
	slices.Sort(hands)
	return hands
}

func sorted(files map[string]string) []txtar.File {
	var inputs []txtar.File
	for _, name := range slices.Sorted(maps.Keys(files)) {
		inputs = append(inputs, txtar.File{Name: name, Data: []byte(files[name])})
	}
	return inputs
}

// Loaded returns, for each unit by its id, the tokens that it is loaded with or handed, as the fixtures name them, sorted.
func Loaded(t testing.TB, files map[string]string, list ...*analyzers.Analyzer) map[string][]string {
	t.Helper()
	g, names := link(t, sorted(files), list, true)
	loaded := map[string][]string{}
	for _, u := range g.Units {
		loaded[u.ID] = []string{}
		for name, strength := range best(g, names, u) {
			if strength >= analyzers.Loaded {
				loaded[u.ID] = append(loaded[u.ID], name)
			}
		}
		slices.Sort(loaded[u.ID])
	}
	return loaded
}

func unseen(g *graph.Graph) string {
	all := ""
	for _, gap := range g.Gaps {
		all += fmt.Sprintf("%s:%d:%d: %s\n", gap.At.Path, gap.At.Line, gap.At.Column, gap.Says)
	}
	return all
}

// link runs the analyzers over the files, writes the facts down, reads them back and links. It returns the graph and, by token id, the
// tokens' names in the fixtures. With glance, files without tokens are glanced at first, and read in full where that matters, as a scan does.
func link(t testing.TB, inputs []txtar.File, list []*analyzers.Analyzer, glance bool) (*graph.Graph, map[string]string) {
	t.Helper()
	index := graph.NewIndex()
	index.Programs = func(s detectors.Sink) ([]string, bool) {
		return takes[s.Tool], s.Tool != "flyctl" && s.Tool != "railway"
	}
	stands := map[string][]graph.Stand{}
	names, texts := map[string]string{}, map[string]string{}
	again := map[string][]func(graph.Unread){} // by path: reads the file in full if what is asked for stands in it
	for _, in := range inputs {
		text, minted := detectortest.Expand(string(in.Data))
		data := []byte(text)
		texts[in.Name] = text
		index.AddFile(in.Name, !strings.Contains(in.Name, "untracked"))
		var spans []detectors.Span
		for _, m := range minted {
			names["tok_"+m.Name] = m.Name
			for _, s := range find(analyzers.NewPass("", in.Name, data), m) {
				stands[in.Name] = append(stands[in.Name], s)
				spans = append(spans, s.At.Span)
			}
		}
		slices.SortFunc(stands[in.Name], func(a, b graph.Stand) int { return a.At.Span.Start - b.At.Span.Start })
		for _, a := range list {
			if !reads(a, in.Name, data) {
				continue
			}
			read := func(glance bool) *analyzers.Facts {
				pass := analyzers.NewPass(a.Name, in.Name, data)
				pass.Glance = glance
				if err := a.Run(pass); err != nil {
					t.Fatalf("%s: %s: %v", a.Name, in.Name, err)
				}
				if glance && a.Join == nil {
					pass.Facts.Lean(nil)
				}
				pass.Facts.Redact(spans)
				return decoded(t, pass.Facts, minted)
			}
			index.AddFacts(read(glance && len(spans) == 0))
			again[in.Name] = append(again[in.Name], func(u graph.Unread) {
				if u.MayMatter(data) {
					index.Replace(read(false))
				}
			})
		}
	}
	for _, a := range list {
		if a.Join != nil {
			for _, f := range a.Join(index) {
				index.AddFacts(decoded(t, f, nil))
			}
		}
	}
	in := graph.Input{
		Index:  index,
		Stands: stands,
		Keys: func(path string, at detectors.Span) ([]string, bool) {
			f, ok := settings.Read(path, []byte(texts[path]))
			if !ok {
				return nil, false
			}
			return f.Keys(at), true
		},
		Takes: func(s detectors.Sink) []string { return takes[cmp.Or(s.Library, s.Tool)] },
		Reference: func(r detectors.Reference) string {
			id := "ref_" + r.Store + "/" + r.Scope + "/" + r.Name
			names[id] = r.Store + ":" + strings.TrimPrefix(r.Scope+"/"+r.Name, "/")
			return id
		},
	}
	looked := map[string]bool{}
	for more := true; more; {
		more = false
		for _, u := range graph.NewLinker(in).Unread() {
			for _, word := range u.Words {
				if key := u.Path + " " + word; !looked[key] {
					looked[key], more = true, true
					for _, read := range again[u.Path] {
						read(graph.Unread{Path: u.Path, Words: []string{word}})
					}
				}
			}
		}
	}
	g, err := graph.Link(context.Background(), in)
	if err != nil {
		t.Fatal(err)
	}
	return g, names
}

// takes is what a few programs take from their environment, enough for cases about calls.
var takes = map[string][]string{
	"kubectl":   {"KUBECONFIG"},
	"flyctl":    {"FLY_API_TOKEN"},
	"railway":   {"RAILWAY_TOKEN", "RAILWAY_API_TOKEN"},
	"psql":      {"PGPASSWORD", "DATABASE_URL"},
	"terraform": {"TF_TOKEN_app_terraform_io"},
}

// find returns where a minted value stands: as it is, or in base64.
func find(pass *analyzers.Pass, m detectortest.Minted) []graph.Stand {
	var stands []graph.Stand
	for from := 0; ; {
		i := bytes.Index(pass.Data[from:], []byte(m.Value))
		if i < 0 {
			return stands
		}
		from += i
		stands = append(stands, graph.Stand{Token: "tok_" + m.Name, At: pass.At(from, from+len(m.Value))})
		from += len(m.Value)
	}
}

// Reads reports whether an analyzer reads the file.
func reads(a *analyzers.Analyzer, path string, data []byte) bool {
	for _, pattern := range a.Files {
		if ok, _ := doublestar.Match(pattern, path); ok {
			return true
		}
	}
	return a.Sniff != nil && a.Sniff(path, data[:min(len(data), 512)])
}

// decoded writes facts down and reads them back. It fails if that loses anything, and if a minted value is in them.
func decoded(t testing.TB, f *analyzers.Facts, minted []detectortest.Minted) *analyzers.Facts {
	t.Helper()
	data, err := json.Marshal(f)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range minted {
		if bytes.Contains(data, []byte(m.Value)) {
			t.Errorf("%s: the facts of %s hold the value of %s", f.Path, f.Analyzer, m.Name)
		}
	}
	back := new(analyzers.Facts)
	if err := json.Unmarshal(data, back); err != nil {
		t.Fatal(err)
	}
	again, err := json.Marshal(back)
	if err != nil || !reflect.DeepEqual(data, again) {
		t.Fatalf("%s: the facts of %s do not survive being written down (%v)", f.Path, f.Analyzer, err)
	}
	return back
}

// reaches says what the units that the wanted text lists get.
func reaches(g *graph.Graph, names map[string]string, wanted string) string {
	var b strings.Builder
	for line := range strings.Lines(wanted) {
		id, _, ok := strings.Cut(strings.TrimPrefix(strings.TrimSpace(line), "unit:"), " [")
		if !ok {
			b.WriteString(line)
			continue
		}
		i := slices.IndexFunc(g.Units, func(u graph.Unit) bool { return u.ID == id })
		if i < 0 {
			var ids []string
			for _, u := range g.Units {
				ids = append(ids, u.ID)
			}
			fmt.Fprintf(&b, "no unit:%s; there are: %s\n", id, strings.Join(ids, ", "))
			continue
		}
		b.WriteString(reach(g, names, g.Units[i]) + "\n")
	}
	return b.String()
}

// best returns the strengths of what a unit gets, by the names of the tokens.
func best(g *graph.Graph, names map[string]string, u graph.Unit) map[string]analyzers.Strength {
	best := map[string]analyzers.Strength{}
	runs := u.Environments.List()
	if len(runs) == 0 {
		runs = []detectors.Environment{0}
	}
	for _, env := range runs {
		for _, p := range g.Paths(u.ID, env, analyzers.Ambient) {
			best[names[p.Token]] = max(best[names[p.Token]], p.Strength)
		}
	}
	return best
}

func reach(g *graph.Graph, names map[string]string, u graph.Unit) string {
	best := best(g, names, u)
	var got []string
	for _, name := range slices.Sorted(maps.Keys(best)) {
		got = append(got, name+" "+best[name].String())
	}
	return strings.TrimSpace(fmt.Sprintf("unit:%s [%s]: %s", u.ID, strings.Join(u.Environments.Names(), ","), strings.Join(got, ", ")))
}

// Edges writes the graph's edges, one a line, in their order.
func Edges(g *graph.Graph, names map[string]string) string {
	var b strings.Builder
	show := func(n analyzers.Node) string {
		if name, ok := names[n.ID]; ok && n.Kind == "token" {
			return "token:" + name
		}
		if n.Scope != "" {
			return n.String() + "@" + n.Scope[:min(4, len(n.Scope))]
		}
		return n.String()
	}
	for _, e := range g.Edges {
		fmt.Fprintf(&b, "%s:%d:%d: %s %s %s\n", e.At.Path, e.At.Line, e.At.Column, show(e.From), e.Verb, show(e.To))
	}
	return b.String()
}
