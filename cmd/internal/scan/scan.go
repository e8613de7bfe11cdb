// Package scan is the main job: it reads a source, finds tokens, compiles every file to facts, links and solves them, decides what each
// token is, and says what crosses.
package scan

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/graph"
	"github.com/stagewall/stagewall/analyzers/settings"
	"github.com/stagewall/stagewall/cmd/internal/cache"
	"github.com/stagewall/stagewall/cmd/internal/config"
	"github.com/stagewall/stagewall/cmd/internal/picture"
	"github.com/stagewall/stagewall/cmd/internal/report"
	"github.com/stagewall/stagewall/cmd/internal/source"
	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/environ"
	"github.com/stagewall/stagewall/detectors/match"
	"github.com/stagewall/stagewall/detectors/tag"
)

// Options is what a scan needs.
type Options struct {
	Source    source.Source
	Target    report.Target // Path, Mode and Commit; the scan counts the rest
	Version   string        // of the program, for the report
	Engine    *match.Engine
	Match     match.Options // that the engine was made with
	Knowledge *tag.Knowledge
	Analyzers []*analyzers.Analyzer
	Config    config.Config
	Branches  []string // of the repository
	Below     string   // what is scanned, relative to the root of its repository; empty if that is the root, or there is none
	Now       time.Time
	Jobs      int  // workers; 0: one a processor
	Reveal    bool // reports show secrets

	MaxFileSize  int64 // larger files are not read, in bytes; 0: no limit
	ArchiveDepth int   // archives one within the other that are opened; 0: none

	// Changed, if not nil, limits what is reported to what a commit is about to do: to tokens and gaps in changed files, and to crossings that
	// were not there before.
	Changed func(path string) bool
	// Before, if not nil, returns how to scan what was there before the commit, limited to what git tracked: what was so then is no news, and
	// not reported. It returns nil if there was nothing.
	Before func(context.Context) (*Options, error)

	// Refine, if not nil, sees what was read and returns better facts: those with units take the place of the facts of the same file and
	// analyzer that have some, all others are added. It is called if Refines, which may be nil, says that there is something to be refined.
	// What it returns is kept for the next scan if it is whole, that is, if another run could tell no more, and if no file changes, nor the
	// mode, nor what RefinesBy returns: a digest of all else that it depends on, nil if that is not known. It sees the files' paths only.
	Refine     func(ctx context.Context, files []Read) (better []*analyzers.Facts, whole bool, err error)
	Refines    func(files []Read) bool
	RefinesBy  func(ctx context.Context, files []Read) []byte
	RefineMode string

	Ignored func(commit, file, rule, secret string, line int) bool // .gitleaksignore and a baseline of gitleaks; may be nil
	Known   func(id string) bool                                   // the baseline: tokens and crossings that are known; may be nil
	// PassedOver, if not nil, is told of what rules match that is no token for all that, and why. It is called by several goroutines.
	PassedOver func(path string, line int, rule, why string)

	IgnoreAllows bool // comments that allow a token allow none

	Draws *picture.Choice // the result has the graph, of which All is looked at here; nil: it has none

	Cache   *cache.Cache // what files said before, see [Settings]; may be nil; Run closes it
	Recalls bool         // the cache is read only, and left as it is
	sizes   sizes        // for tests; zero: the usual ones

	everything bool   // for tests: see [graph.Input]
	onSame     func() // for tests: called if it is known what linking says; may be nil

	Progress func(done, total int) // may be nil; called by several goroutines
}

// ErrNothing says that there was nothing to read, so that nothing can be said.
var ErrNothing = errors.New("nothing was read")

// Run scans and returns what it found. The error is for a scan that cannot say anything; what could not be read is in the result.
func Run(ctx context.Context, opt Options) (*Result, error) {
	if opt.Jobs <= 0 {
		opt.Jobs = runtime.GOMAXPROCS(0)
	}
	defer opt.Cache.Close()
	listing, err := opt.Source.List(ctx)
	if err != nil {
		return nil, err
	}
	read, err := readAll(ctx, opt, listing.Files)
	if err != nil {
		return nil, err
	}
	p := newPast(ctx, &opt, read)
	if err := p.readRest(ctx, opt, read); err != nil {
		return nil, err
	}
	if err := p.refine(ctx, opt, read); err != nil {
		return nil, err
	}
	opt.Engine = nil // it is large, and nothing is searched any more
	result, err := conclude(ctx, opt, listing, read, p)
	if err == nil && !opt.Recalls {
		save(opt.Cache, read, p.refined, p.linked)
	}
	if err == nil && opt.Before != nil {
		err = result.forget(ctx, opt.Before)
	}
	return result, err
}

// conclude links what was read, decides about the tokens and judges the crossings.
func conclude(ctx context.Context, opt Options, listing source.Listing, files []*file, p *past) (*Result, error) {
	c := collect(opt, listing, files, p.same)
	in := graph.Input{
		Index:     c.index,
		Stands:    c.stands,
		Takes:     opt.Knowledge.Takes,
		Opens:     c.opens,
		WorksOn:   opt.Knowledge.WorksOn,
		Keys:      keys(opt.Source),
		Reference: func(r detectors.Reference) string { return tag.ReferenceID(r) },
		Declare:   opt.Config.Declare,
		Mentions:  slices.Concat(mentions(opt), p.signs(listing.Files, files)),

		Everything: opt.everything,
	}
	p.prepare(&in, files)
	linker, err := c.prepare(ctx, in, files)
	if err != nil {
		return nil, err
	}
	g, err := linker.Link(ctx)
	if err != nil {
		return nil, err
	}
	p.learn(c, linker, files)
	result := c.judge(g, c.decide(g))
	for _, p := range listing.Unknown {
		result.Gaps = append(result.Gaps, &report.Gap{Path: p.Path, Says: fmt.Sprintf("branches, and which files are tracked, are not known: %v", p.Err)})
	}
	result.sort()
	if result.Graph != nil {
		result.hidePaths()
		result.Graph.Gaps, result.Graph.Errors = append([]*report.Gap{}, result.Gaps...), append([]*report.Error{}, result.Errors...)
	}
	return result, nil
}

// keys returns a function that says under which keys something stands in a file of the source. It is asked of the few files that code reads
// settings from.
func keys(files source.Source) func(string, detectors.Span) ([]string, bool) {
	read := map[string]*settings.File{}
	type place struct {
		path string
		span detectors.Span
	}
	known := map[place][]string{} // every module that takes settings in asks the same
	return func(path string, at detectors.Span) ([]string, bool) {
		if under, ok := known[place{path, at}]; ok {
			return under, true
		}
		f, ok := read[path]
		if !ok {
			f = openSettings(files, path)
			read[path] = f
		}
		if f == nil {
			return nil, false
		}
		under := f.Keys(at)
		known[place{path, at}] = under
		return under, true
	}
}

// openSettings reads a file of settings, nil if it cannot be read as one.
func openSettings(files source.Source, path string) *settings.File {
	opened, err := files.Open(path)
	if err != nil {
		return nil
	}
	defer opened.Close()
	data, err := io.ReadAll(io.LimitReader(opened, settings.Longest+1))
	if err != nil {
		return nil
	}
	f, ok := settings.Read(path, data)
	if !ok {
		return nil
	}
	return f
}

// mentions returns signs that an environment exists which no facts hold: branches and the inventory.
func mentions(opt Options) []analyzers.Sign {
	var signs []analyzers.Sign
	for _, branch := range opt.Branches {
		env := environ.Branch(branch)
		for _, b := range opt.Config.Inventory {
			if b.What == "branch" && b.Value == branch {
				env |= b.Environments
			}
		}
		if env != 0 {
			signs = append(signs, analyzers.Sign{Class: analyzers.Branch, Environments: env, Says: "there is a branch " + branch})
		}
	}
	for _, b := range opt.Config.Inventory {
		signs = append(signs, analyzers.Sign{Class: analyzers.Inventory, Environments: b.Environments, Says: "the inventory names it", At: b.At})
	}
	return signs
}

// named returns the signs that names of configuration files are.
func named(files []source.File) (signs []analyzers.Sign) {
	for _, f := range files {
		if !configures(f.Path) {
			continue
		}
		if env := environ.Path(f.Path); env != 0 {
			signs = append(signs, analyzers.Sign{
				Class: analyzers.File, Environments: env, Says: "the file's name says so", At: detectors.Place{Path: f.Path, Line: 1},
			})
		}
	}
	return signs
}

// configures reports whether a file can be the configuration of an environment, so that its name says that the environment exists. Test
// data, and models and sources called "staging" by those who move data about, say nothing.
func configures(path string) bool {
	dir, name := "", path
	if i := strings.LastIndexByte(path, '/'); i >= 0 {
		dir, name = path[:i], path[i+1:]
	}
	for segment := range strings.SplitSeq(dir, "/") {
		switch strings.ToLower(segment) {
		case "models", "testdata", "test", "tests", "fixtures", "examples", "docs", "vendor", "node_modules", "spec", "__tests__":
			return false
		}
	}
	if strings.HasPrefix(name, ".env") {
		return true
	}
	i := strings.LastIndexByte(name, '.')
	switch {
	case i < 0:
		return false
	case slices.Contains([]string{".py", ".exs", ".js", ".cjs", ".mjs", ".ts", ".php"}, name[i:]):
		return holdsSettings(dir[strings.LastIndexByte(dir, '/')+1:]) || slices.ContainsFunc(strings.FieldsFunc(name[:i], isSeparator), holdsSettings)
	}
	return slices.Contains([]string{
		".yml", ".yaml", ".json", ".toml", ".tfvars", ".tf", ".hcl", ".env", ".ini", ".conf", ".properties", ".rb",
	}, name[i:])
}

// holdsSettings reports whether a folder, or a word of a file's name, says that what is code is settings: settings/staging.py, config/staging.exs,
// environment.staging.ts.
//
//	https://docs.djangoproject.com/en/stable/topics/settings/#designating-the-settings
//	https://hexdocs.pm/elixir/Config.html
//	https://angular.dev/tools/cli/environments
func holdsSettings(word string) bool {
	return slices.Contains([]string{"settings", "config", "configs", "conf", "environment", "environments"}, strings.ToLower(word))
}

func isSeparator(r rune) bool { return r == '.' || r == '_' || r == '-' }
