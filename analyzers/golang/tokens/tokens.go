package tokens

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"go/token"
	"go/types"
	"path"
	"reflect"
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"
	"golang.org/x/tools/go/analysis"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/verdict"
	"github.com/stagewall/stagewall/detectors"
)

// File is a text in which tokens are looked for. Its path is slash-separated and relative to the root of the module.
type File struct {
	Path string
	Data []byte
}

// Token is a token that was found, and what it is called.
type Token struct {
	detectors.Token
	Title string // for people: "Railway account or workspace token"
}

// Finder finds the tokens that stand in the files of a package and says what they are. The paths of their places are those of the
// files, and the spans are offsets in the files' data. It is called from several goroutines.
type Finder func(ctx context.Context, files []File) ([]Token, error)

// Options are what a user can choose. The zero value reports everything.
type Options struct {
	Staging    []string         // doublestar patterns of paths in the module: main packages below are staging's, whatever they are called
	Production []string         // likewise production's: they may hold its tokens. Staging counts before it
	Accept     []string         // ids of tokens and crossings that somebody accepted
	Severity   verdict.Severity // what is less severe is not reported
}

// New returns the analyzer. Its flags change a copy of the options.
func New(find Finder, opt Options) *analysis.Analyzer {
	opt.Staging, opt.Production, opt.Accept = slices.Clone(opt.Staging), slices.Clone(opt.Production), slices.Clone(opt.Accept)
	a := &analysis.Analyzer{
		Name:       "stagewalltokens",
		Doc:        "report tokens in Go source\n\nA token is a credential: an API token, a password, a database URL.",
		URL:        "https://pkg.go.dev/github.com/stagewall/stagewall/analyzers/golang/tokens",
		FactTypes:  []analysis.Fact{new(Holds)},
		ResultType: reflect.TypeFor[*Result](),
		Run: func(pass *analysis.Pass) (any, error) {
			return (&unit{Pass: pass, Options: opt, find: find}).run()
		},
	}
	opt.Flags(&a.Flags, false)
	return a
}

// Validate returns an error that names a pattern that is none.
func (o Options) Validate() error {
	for _, p := range slices.Concat(o.Staging, o.Production) {
		if !doublestar.ValidatePattern(p) {
			return fmt.Errorf("%q is no pattern of paths", p)
		}
	}
	return nil
}

// Flags defines the flags that change the options; programs are those about main packages.
func (o *Options) Flags(fs *flag.FlagSet, programs bool) {
	list := func(name, usage string, to *[]string) {
		fs.Func(name, usage, func(value string) error {
			*to = append(*to, value)
			return o.Validate()
		})
	}
	if programs {
		list("staging", "a `pattern` of paths in the module whose main packages are staging's; can be repeated", &o.Staging)
		list("production", "a `pattern` of paths in the module whose main packages are production's; can be repeated", &o.Production)
	}
	list("accept", "the `id` of a token or crossing that is accepted; can be repeated", &o.Accept)
	fs.Func("severity", "report nothing below this `severity`: low, medium, high, critical", func(name string) error {
		s, ok := verdict.Named(name)
		if !ok {
			return fmt.Errorf("%q is no severity", name)
		}
		o.Severity = s
		return nil
	})
}

// unit is the analysis of one package.
type unit struct {
	*analysis.Pass
	Options
	find  Finder
	lines map[line][]string // what is reported, by where
	first map[line]extent   // the leftmost place of the line
}

type line struct {
	file string
	line int
}

type extent struct{ pos, end token.Pos }

// Result is what the analyzer hands to those that require it.
type Result struct {
	Held     []Held     // what the package and its imports have compiled in and can touch production
	Stands   []Stand    // where tokens stand in the package's own files
	Embedded []Embedded // where they stand in files that it embeds
	Own      bool       // the package is somebody's own: not of the standard library, nor of a module in the module cache
}

// Stand is where a token stands in a file.
type Stand struct {
	Token    Token
	Pos, End token.Pos // of the literal's part, or of the whole expression that it is put together in
	Compiled bool      // it gets into a program
}

// Embedded is where a token stands in an embedded file. The path begins with the package's import path.
type Embedded struct {
	Token Token
	At    detectors.Place
	Keys  []string // under which it stands, if the file is one of settings
	Keyed bool     // it is one
}

func (u *unit) run() (*Result, error) {
	r := &Result{}
	if strings.HasSuffix(u.Pkg.Path(), ".test") {
		return r, nil // the go command's main package of tests
	}
	r.Held = u.inherited()
	if r.Own = firstParty(u.Pass); r.Own {
		own, err := u.own(r)
		if err != nil {
			return nil, err
		}
		r.Held = merge(own, r.Held)
	}
	if len(r.Held) > 0 {
		u.ExportPackageFact(&Holds{Tokens: r.Held})
	}
	return r, nil
}

// firstParty reports whether the package is somebody's own: neither of the standard library nor of a module in the module cache or a
// vendor folder. Drivers tell different parts of a module, so what all tell is used: path, version, and the names of files.
func firstParty(u *analysis.Pass) bool {
	if len(u.Files) == 0 {
		return false
	}
	if m := u.Module; m == nil || m.Path == "" {
		// The go command keeps import paths whose first element has no dot to the standard library, https://go.dev/ref/mod#go-mod-file-ident.
		first, _, _ := strings.Cut(u.Pkg.Path(), "/")
		return strings.Contains(first, ".") || first == "command-line-arguments"
	}
	if u.Module.Version == "" {
		return true
	}
	file := strings.ReplaceAll(u.Fset.File(u.Files[0].FileStart).Name(), `\`, "/")
	return !strings.Contains(file, "@v") && !strings.Contains(file, "/vendor/")
}

// Dir returns the package's folder, relative to the root of the module where one is known.
func Dir(u *analysis.Pass) string {
	dir := u.Pkg.Path()
	if strings.HasSuffix(u.Pkg.Name(), "_test") {
		dir = strings.TrimSuffix(dir, "_test")
	}
	if dir == "command-line-arguments" {
		return ""
	}
	return InModule(u, dir)
}

// InModule returns an import path, or a path that begins with one, relative to the module if it is of the module.
func InModule(u *analysis.Pass, importPath string) string {
	if u.Module == nil || u.Module.Path == "" {
		return importPath
	}
	if rest, ok := strings.CutPrefix(importPath+"/", u.Module.Path+"/"); ok {
		return strings.TrimSuffix(rest, "/")
	}
	return importPath
}

// own reports the tokens that stand in the package's files and returns those that are compiled into it and can touch production.
func (u *unit) own(r *Result) ([]Held, error) {
	sources, err := u.sources()
	if err != nil {
		return nil, err
	}
	files := make([]File, len(sources))
	for i, s := range sources {
		files[i] = File{Path: s.path, Data: s.data}
	}
	embedded := u.embedded()
	for _, e := range embedded {
		files = append(files, e.File)
	}
	found, err := u.find(context.Background(), files)
	if err != nil {
		return nil, fmt.Errorf("looking for tokens: %w", err)
	}
	var held []Held
	for _, t := range found {
		for _, at := range t.Places {
			i := slices.IndexFunc(sources, func(s *source) bool { return s.path == at.Path })
			if i < 0 {
				if e, ok := u.inEmbedded(embedded, t, at); ok {
					r.Embedded = append(r.Embedded, e)
					if verdict.Of(analyzers.Loaded, t.Token) != verdict.None {
						held = append(held, newHeld(t, fmt.Sprintf("%s:%d", e.At.Path, e.At.Line)))
					}
				}
				continue
			}
			if sources[i].quotes(at.Span) {
				continue
			}
			s := sources[i]
			e := s.extent(at.Span)
			u.literal(t, e)
			compiled := s.compiled(at.Span)
			r.Stands = append(r.Stands, Stand{Token: t, Pos: e.pos, End: e.end, Compiled: compiled})
			if compiled && verdict.Of(analyzers.Loaded, t.Token) != verdict.None {
				held = append(held, newHeld(t, u.where(e.pos)))
			}
		}
	}
	u.report()
	return merge(held), nil
}

// literal notes that a token stands at a place.
func (u *unit) literal(t Token, at extent) {
	if t.Allowed != "" || t.Public || slices.Contains(u.Accept, t.ID) || verdict.Of(analyzers.Ambient, t.Token) < u.Severity {
		return
	}
	u.note(at, describe(t))
}

// note keeps what is to be said of a line: drivers show one diagnostic of an analyzer a line.
func (u *unit) note(at extent, says string) {
	if u.lines == nil {
		u.lines, u.first = map[line][]string{}, map[line]extent{}
	}
	p := u.Fset.PositionFor(at.pos, false)
	l := line{p.Filename, p.Line}
	if first, ok := u.first[l]; !ok || at.pos < first.pos {
		u.first[l] = at
	}
	if !slices.Contains(u.lines[l], says) {
		u.lines[l] = append(u.lines[l], says)
	}
}

// report reports what was noted, in the order of the lines.
func (u *unit) report() {
	lines := make([]line, 0, len(u.lines))
	for l := range u.lines {
		lines = append(lines, l)
	}
	slices.SortFunc(lines, func(a, b line) int { return cmp.Or(cmp.Compare(a.file, b.file), cmp.Compare(a.line, b.line)) })
	for _, l := range lines {
		says := u.lines[l]
		slices.Sort(says)
		at := u.first[l]
		u.Report(analysis.Diagnostic{Pos: at.pos, End: at.end, Category: "token", Message: strings.Join(says, "; also ") + More})
	}
}

// where writes a position as the import path and name of the file, with the line: the same on every machine.
func (u *unit) where(pos token.Pos) string {
	p := u.Fset.Position(pos)
	return fmt.Sprintf("%s:%d", path.Join(u.Pkg.Path(), Base(p.Filename)), p.Line)
}

// Base returns the last element of a file's name, whatever the system.
func Base(name string) string { return name[strings.LastIndexAny(name, `/\`)+1:] }

// imports returns the package's direct imports, sorted by path.
func (u *unit) imports() []*types.Package {
	return slices.SortedFunc(slices.Values(u.Pkg.Imports()), func(a, b *types.Package) int { return cmp.Compare(a.Path(), b.Path()) })
}
