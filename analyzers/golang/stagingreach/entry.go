package stagingreach

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"go/ast"
	"go/types"
	"path"
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"
	"golang.org/x/tools/go/analysis"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/golang/tokens"
	"github.com/stagewall/stagewall/analyzers/verdict"
	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/environ"
)

// entry reports, at the package clause of a program that belongs to an environment other than production, the tokens that it has
// compiled in and that can touch production.
func (u *unit) entry(held []tokens.Held) {
	f := u.program()
	if f == nil {
		return
	}
	file := path.Join(tokens.Dir(u.Pass), tokens.Base(u.Fset.Position(f.Package).Filename))
	environments := u.environments(file) &^ detectors.Production
	if environments == 0 {
		return
	}
	held = slices.DeleteFunc(slices.Clone(held), func(h tokens.Held) bool {
		return u.accepted(h.Token) || u.accepted(crossingID(h.Token, file)) || h.Severity() < max(u.Severity, verdict.Low)
	})
	if len(held) == 0 {
		return
	}
	slices.SortStableFunc(held, func(a, b tokens.Held) int { return cmp.Compare(b.Severity(), a.Severity()) })
	u.Report(analysis.Diagnostic{
		Pos: f.Package, End: f.Name.End(), Category: "crossing", Message: u.crossing(file, environments, held) + tokens.More,
	})
}

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

// crossingID returns the id of the crossing from a program to a token that is compiled into it. It is made as the reports' ids are: from
// the token, the unit and the path's verbs.
func crossingID(token, file string) string {
	sum := sha256.Sum256([]byte(strings.Join([]string{"stagewall crossing 1", token, file, string(analyzers.Loads), string(analyzers.Holds)}, "\x00")))
	return "x_" + hex.EncodeToString(sum[:8])
}

func (u *unit) accepted(id string) bool { return slices.Contains(u.Accept, id) }
