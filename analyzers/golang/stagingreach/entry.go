package stagingreach

import (
	"cmp"
	"context"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"
	"golang.org/x/tools/go/analysis"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/golang/reach"
	"github.com/stagewall/stagewall/analyzers/golang/summary"
	"github.com/stagewall/stagewall/analyzers/golang/tokens"
	"github.com/stagewall/stagewall/analyzers/graph"
	"github.com/stagewall/stagewall/analyzers/verdict"
	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/environ"
)

// entry reports what a program gets that belongs to an environment other than production.
func (u *unit) entry(held []tokens.Held, closure *summary.Closure) error {
	f := u.program()
	if f == nil {
		return nil
	}
	file := path.Join(tokens.Dir(u.Pass), tokens.Base(u.Fset.Position(f.Package).Filename))
	environments := u.environments(file)
	if environments == 0 && len(held) == 0 || environments == detectors.Production {
		return nil
	}
	program := u.solve(closure)
	if program == nil {
		return nil
	}
	if environments == 0 {
		for _, s := range program.Signs() {
			environments |= s.Environments
		}
	}
	if environments &^= detectors.Production; environments == 0 {
		return nil
	}
	j, err := u.join(program, file, environments, closure)
	if err != nil {
		return err
	}
	u.gaps(f, j.gaps)
	paths := j.paths(environments)
	unit := u.inRepository(f, file)
	lines := map[token.Pos][]got{} // by where they are said
	for _, h := range held {
		g := got{Held: h, strength: analyzers.Loaded, id: verdict.ID(h.Token, unit, analyzers.Loaded), pos: f.Package, end: f.Name.End()}
		if p, ok := paths[h.Token]; ok && p.Strength == analyzers.Flow {
			g.strength, g.hops = p.Strength, p.Hops
			g.in = j.funcs[tokens.InModule(u.Pass, h.At)]
			if pos := u.first(p.Hops); pos.IsValid() {
				g.pos, g.end = pos, token.NoPos
			}
		}
		if !u.accepted(h.Token) && !u.accepted(g.id) && g.severity() >= max(u.Severity, verdict.Low) {
			lines[g.pos] = append(lines[g.pos], g)
		}
	}
	for _, pos := range slices.Sorted(maps.Keys(lines)) {
		all := lines[pos]
		slices.SortStableFunc(all, func(a, b got) int { return cmp.Compare(b.severity(), a.severity()) })
		u.Report(analysis.Diagnostic{Pos: pos, End: all[0].end, Category: "crossing", Message: u.crossing(environments, all) + tokens.More})
	}
	return nil
}

// got is a token that the program gets.
type got struct {
	tokens.Held
	strength analyzers.Strength
	hops     []analyzers.Edge // for a flow
	id       string           // of the crossing
	in       string           // the function that the token stands in
	pos, end token.Pos        // where it is said
}

func (g got) severity() verdict.Severity {
	return verdict.Of(g.strength, detectors.Token{
		Provider: g.Provider, Reach: detectors.Reach{Known: g.Known, Environments: g.Reach}, AtLeast: g.AtLeast, AtMost: g.AtMost,
	})
}

// joined is what linking finds in the facts of the program's packages.
type joined struct {
	file  string
	graph *graph.Graph
	gaps  []analyzers.Gap
	funcs map[string]string // the functions that tokens stand in, by where these stand: file, colon, line
}

// solve finds out what the program reaches; nil if nothing is known of its package.
func (u *unit) solve(closure *summary.Closure) *reach.Program {
	main := closure.Find(u.Pkg.Path())
	if main == nil {
		return nil
	}
	program := reach.New(main, closure, func(name string) string { return tokens.InModule(u.Pass, name) })
	program.Solve()
	return program
}

// join links the facts of the program's packages.
func (u *unit) join(program *reach.Program, file string, environments detectors.Environment, closure *summary.Closure) (*joined, error) {
	inModule := func(name string) string { return tokens.InModule(u.Pass, name) }
	index := graph.NewIndex()
	stands := map[string][]graph.Stand{}
	keys := map[settingsAt][]string{}
	j := &joined{file: file, funcs: map[string]string{}}
	for _, pkg := range closure.Packages {
		for _, name := range pkg.Files {
			index.AddFile(inModule(name), true)
		}
		for _, s := range pkg.Stands {
			name := inModule(pkg.Files[s.At.File])
			j.funcs[fmt.Sprintf("%s:%d", name, s.At.Line)] = s.Func
			if s.Keyed {
				keys[settingsAt{name, s.At.Start}] = s.Keys
			}
			stands[name] = append(stands[name], graph.Stand{Token: s.Token, At: detectors.Place{
				Path: name, Line: s.At.Line, Column: s.At.Column, Span: detectors.Span{Start: s.At.Start, End: s.At.End},
			}})
		}
	}
	for i, facts := range program.Facts() {
		j.gaps = append(j.gaps, facts.Gaps...)
		if i == 0 {
			facts.Units = []analyzers.Unit{{
				ID: file, Name: u.name(), Kind: "go-main", At: detectors.Place{Path: file, Line: 1}, Runs: analyzers.PathTo(file, "", detectors.Place{}),
				Signs: []analyzers.Sign{{Class: analyzers.Inventory, Environments: environments}},
			}}
		}
		index.AddFacts(facts)
	}
	var err error
	j.graph, err = graph.Link(context.Background(), graph.Input{
		Index: index, Stands: stands, Takes: u.takes, Reference: func(detectors.Reference) string { return "" },
		Keys: func(file string, at detectors.Span) ([]string, bool) {
			found, known := keys[settingsAt{file, at.Start}]
			return found, known
		},
	})
	return j, err
}

// settingsAt is where something stands in a file of settings.
type settingsAt struct {
	file  string
	start int
}

// paths returns, by token, the best path of the program to it.
func (j *joined) paths(environments detectors.Environment) map[string]graph.Path {
	best := map[string]graph.Path{}
	for _, env := range environments.List() {
		for _, p := range j.graph.Paths(j.file, env, analyzers.Ambient) {
			if old, ok := best[p.Token]; !ok || p.Strength > old.Strength || p.Strength == old.Strength && len(p.Hops) < len(old.Hops) {
				best[p.Token] = p
			}
		}
	}
	return best
}

// gaps reports what of a program outside production cannot be seen: in its own package where it is, else at its package clause.
func (u *unit) gaps(main *ast.File, gaps []analyzers.Gap) {
	says := map[token.Pos][]string{}
	for _, g := range gaps {
		pos := main.Package
		text := g.Says
		if p := u.first([]analyzers.Edge{{At: g.At}}); p.IsValid() {
			pos = p
		} else if g.At.Line > 0 {
			text += fmt.Sprintf(" (%s:%d)", g.At.Path, g.At.Line)
		}
		if !slices.Contains(says[pos], text) {
			says[pos] = append(says[pos], text)
		}
	}
	for _, pos := range slices.Sorted(maps.Keys(says)) {
		all := says[pos]
		slices.Sort(all)
		if len(all) > listed {
			all = append(all[:listed], fmt.Sprintf("and %d more", len(all)-listed))
		}
		u.Report(analysis.Diagnostic{Pos: pos, Category: "gap", Message: "gap: " + strings.Join(all, "; ") + tokens.More})
	}
}

// first returns the position of the first hop that stands in the package.
func (u *unit) first(hops []analyzers.Edge) token.Pos {
	for _, h := range hops {
		if h.Says == "initialises the package" || strings.HasSuffix(h.Says, "'s function") && h.Verb == analyzers.Runs && u.owns(h.To.ID) {
			continue // what stands there says more
		}
		for _, f := range u.Files {
			file := u.Fset.File(f.FileStart)
			if h.At.Line > 0 && path.Join(tokens.Dir(u.Pass), tokens.Base(file.Name())) == h.At.Path && h.At.Span.Start <= file.Size() {
				return file.Pos(h.At.Span.Start)
			}
		}
	}
	return token.NoPos
}

// owns reports whether a file is one of the package's.
func (u *unit) owns(file string) bool { return path.Dir(file) == cmp.Or(tokens.Dir(u.Pass), ".") }

// inRepository returns the program's file relative to the repository, as the scan of a repository calls it; relative to the module if
// there is no repository around it.
func (u *unit) inRepository(main *ast.File, file string) string {
	name := u.Fset.File(main.FileStart).Name()
	if !filepath.IsAbs(name) {
		return file
	}
	for dir := filepath.Dir(name); ; dir = filepath.Dir(dir) {
		if _, err := os.Lstat(filepath.Join(dir, ".git")); err == nil {
			if rel, err := filepath.Rel(dir, name); err == nil {
				return filepath.ToSlash(rel)
			}
		}
		if dir == filepath.Dir(dir) {
			return file
		}
	}
}

// name is what the program is called.
func (u *unit) name() string { return cmp.Or(tokens.Dir(u.Pass), lastName(u.Pkg.Path())) }

// program returns the file of the package's func main, nil if it has none.
func (u *unit) program() *ast.File {
	if u.Pkg.Name() != "main" {
		return nil
	}
	main, ok := u.Pkg.Scope().Lookup("main").(*types.Func)
	if !ok {
		return nil
	}
	for _, f := range u.Files {
		if f.FileStart <= main.Pos() && main.Pos() < f.FileEnd {
			return f
		}
	}
	return nil
}

// environments returns where a program runs: as the options say, or else as its path in the module does. A program at the root of its
// module is called as the module is.
func (u *unit) environments(file string) detectors.Environment {
	switch {
	case matches(u.Staging, file):
		return detectors.Staging
	case matches(u.Production, file):
		return detectors.Production
	}
	if tokens.Dir(u.Pass) == "" && u.Module != nil {
		return environ.Identifier(lastName(u.Module.Path))
	}
	return environ.Path(file)
}

// lastName returns the name that the go command gives to a program of this path: the last element that is no version.
func lastName(importPath string) string {
	name := path.Base(importPath)
	if rest, ok := strings.CutPrefix(name, "v"); ok && strings.Trim(rest, "0123456789") == "" {
		return path.Base(path.Dir(importPath))
	}
	return name
}

// matches reports whether one of the patterns matches the file or a folder that it lies in.
func matches(patterns []string, file string) bool {
	for dir := file; dir != "." && dir != "/"; dir = path.Dir(dir) {
		if slices.ContainsFunc(patterns, func(p string) bool {
			ok, _ := doublestar.Match(strings.TrimSuffix(strings.TrimPrefix(p, "./"), "/"), dir)
			return ok
		}) {
			return true
		}
	}
	return false
}

func (u *unit) accepted(id string) bool { return slices.Contains(u.Accept, id) }
