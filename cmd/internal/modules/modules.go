// Package modules replaces what syntax says of Go programs by what their types say, for the modules for which that is worth a run of the
// go command.
package modules

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"path"
	"slices"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/golang/load"
	"github.com/stagewall/stagewall/analyzers/golang/reach"
	"github.com/stagewall/stagewall/analyzers/golang/summary"
	"github.com/stagewall/stagewall/cmd/internal/scan"
	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/environ"
)

// Mode says how Go is read.
type Mode string

// The modes.
const (
	Auto   Mode = ""       // with types, where syntax finds a program outside production and something that it could get
	Types  Mode = "module" // every module that has a program, with types; bodies of its own packages
	Deep   Mode = "deep"   // the same, with the bodies of dependencies
	Syntax Mode = "syntax" // no module
)

// Modes are the names of the modes that a user can force.
var Modes = []string{string(Types), string(Deep), string(Syntax)}

// Refine has a scan refine what it reads: root is the folder that is scanned, and open opens its files.
func Refine(opt *scan.Options, root string, open func(string) (io.ReadCloser, error), mode Mode) {
	of := func(files []scan.Read) *refiner {
		r := &refiner{root: root, open: open, mode: mode, files: map[string]*scan.Read{}, left: load.Most, whole: true}
		for i := range files {
			r.files[files[i].Path] = &files[i]
		}
		return r
	}
	opt.Refine = func(ctx context.Context, files []scan.Read) ([]*analyzers.Facts, bool, error) {
		r := of(files)
		facts, err := r.refine(ctx, files)
		return facts, r.whole, err
	}
	opt.Refines = func(files []scan.Read) bool {
		r := of(files)
		return slices.ContainsFunc(r.modules(files), func(m *module) bool { return r.worth(m, files) })
	}
	opt.RefinesBy = func(ctx context.Context, files []scan.Read) []byte { return of(files).by(ctx, files) }
	opt.RefineMode = string(mode)
}

// by returns a digest of what the result depends on beside the files and the mode, nil if the go command does not say it: what is read elsewhere is
// in the module cache and in the go command's own tree.
func (r *refiner) by(ctx context.Context, files []scan.Read) []byte {
	var sums [][]byte
	for _, f := range files {
		if name := path.Base(f.Path); name == "go.sum" || name == "go.work.sum" {
			sums = append(sums, r.head(f.Path))
		}
	}
	state, err := load.State(ctx, r.root, sums...)
	if err != nil {
		return nil
	}
	sum := sha256.Sum256([]byte(state))
	return sum[:]
}

type refiner struct {
	root  string
	open  func(string) (io.ReadCloser, error)
	mode  Mode
	files map[string]*scan.Read
	left  int64 // bytes of source that may still be read
	known load.Shared
	whole bool // nothing took too long that can be quick another time
}

// module is a module, or a workspace of several.
type module struct {
	dir     string   // relative to the root
	file    string   // go.mod or go.work
	modules []string // of a workspace, relative to dir
	mains   []string // files of func main
	reads   bool     // one of its files reads, opens or loads something
	holds   bool     // tokens stand in it

	constrained []string // files with a build constraint that is an environment's name
}

func (r *refiner) refine(ctx context.Context, files []scan.Read) ([]*analyzers.Facts, error) {
	var all []*analyzers.Facts
	for _, m := range r.modules(files) {
		if !r.worth(m, files) {
			continue
		}
		facts, err := r.module(ctx, m)
		var failed *load.ErrLoad
		switch {
		case errors.As(err, &failed):
			r.whole = r.whole && !failed.Slow
			facts = []*analyzers.Facts{r.gap(m.file, failed.Says+"; its programs are read by their syntax, which tells less exactly what they hand on")}
		case err != nil:
			return nil, err
		}
		all = append(all, facts...)
	}
	return all, nil
}

func (r *refiner) gap(file, says string) *analyzers.Facts {
	return &analyzers.Facts{Path: file, Analyzer: reach.Analyzer, Gaps: []analyzers.Gap{{At: detectors.Place{Path: file}, Says: says}}}
}

// worth reports whether types can tell something of a module that syntax does not.
func (r *refiner) worth(m *module, files []scan.Read) bool {
	switch {
	case r.mode == Syntax || len(m.mains) == 0:
		return false
	case r.mode != Auto || m.holds:
		return true
	}
	return m.reads && slices.ContainsFunc(files, func(f scan.Read) bool { return len(f.Tokens) > 0 || f.References })
}

// module loads a module with each set of build tags that names an environment, and returns the facts of its programs.
func (r *refiner) module(ctx context.Context, m *module) ([]*analyzers.Facts, error) {
	config := load.Config{
		Root: r.root, Dir: m.dir, Modules: m.modules, Shared: &r.known, Deep: r.mode == Deep, Vendor: r.files[path.Join(m.dir, "vendor/modules.txt")] != nil,
		Own: func(file string) bool { return r.files[file] != nil }, Holds: map[string][][2]int{},
	}
	for name, f := range r.files {
		for _, s := range f.Tokens {
			config.Holds[name] = append(config.Holds[name], [2]int{s.Start, s.End})
		}
	}
	variants := map[string][]variant{} // by file of func main
	var order []string
	var all []*analyzers.Facts
	for i, tag := range append([]string{""}, r.tags(m)...) {
		if config.Tags = nil; tag != "" {
			config.Tags = []string{tag}
		}
		config.Most = r.left
		built, err := load.Load(ctx, config)
		if err != nil {
			if i > 0 {
				var failed *load.ErrLoad
				r.whole = r.whole && errors.As(err, &failed) && !failed.Slow
				continue // what is built without the tag is known all the same
			}
			return nil, err
		}
		r.left -= built.Read
		if i == 0 {
			all = append(all, r.needCgo(m, built)...)
		}
		for _, main := range built.Mains {
			program := reach.New(main, built.Closure, func(name string) string { return name })
			if tag != "" {
				program.Variant = " -tags " + tag
			}
			file := program.File()
			if file == "" || r.files[file] == nil {
				continue
			}
			if says, broken := built.Broken[main.Path]; broken {
				if i == 0 {
					all = append(all, r.gap(file, says+"; this program is read by its syntax, which tells less exactly what it hands on"))
				}
				continue
			}
			made := program.Files()
			if slices.ContainsFunc(variants[file], func(v variant) bool { return slices.Equal(v.files, made) }) {
				continue // the tag changes nothing
			}
			program.Solve()
			if program.TooLarge() { // half of what it reaches is less than what its syntax tells
				if i == 0 {
					all = append(all, r.gap(file, "it is too large to follow every value with its types; this program is read by its syntax, which tells less exactly what it hands on"))
				}
				continue
			}
			if variants[file] == nil {
				order = append(order, file)
			}
			variants[file] = append(variants[file], variant{tag, made, program.Facts(), program.Signs()})
		}
	}
	for _, file := range order {
		var signs []analyzers.Sign
		for _, v := range variants[file] {
			signs = append(signs, v.signs...)
		}
		all = append(all, r.merged(joined(variants[file]), signs)...)
	}
	return all, nil
}

// needCgo returns gaps for programs that are not there without cgo.
func (r *refiner) needCgo(m *module, built *load.Modules) []*analyzers.Facts {
	var gaps []*analyzers.Facts
	for _, file := range m.mains {
		if slices.ContainsFunc(built.Mains, func(p *summary.Package) bool { return slices.Contains(p.Files, file) }) || !bytes.Contains(r.head(file), []byte(`import "C"`)) {
			continue
		}
		gaps = append(gaps, r.gap(file, "it needs cgo, which is not run; this program is read by its syntax, which tells less exactly what it hands on"))
	}
	return gaps
}

// head returns the beginning of a file, empty if it cannot be read.
func (r *refiner) head(file string) []byte {
	f, err := r.open(file)
	if err != nil {
		return nil
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, 1<<20))
	if err != nil {
		return nil
	}
	return data
}

// variant is a program as it is built with a tag, and the files that it is made of.
type variant struct {
	tag   string
	files []string
	facts []*analyzers.Facts
	signs []analyzers.Sign // of the environments that it runs in
}

// joined puts the variants of a program together: with a tag that is the name of an environment it is built for that environment.
func joined(variants []variant) []*analyzers.Facts {
	if len(variants) == 1 && variants[0].tag == "" {
		return variants[0].facts
	}
	var tags []string
	for _, v := range variants {
		if v.tag != "" {
			tags = append(tags, v.tag)
		}
	}
	var facts []*analyzers.Facts
	program := analyzers.Program{}
	for _, v := range variants {
		own := &v.facts[0].Programs[slices.IndexFunc(v.facts[0].Programs, func(p analyzers.Program) bool { return p.Name == "" })]
		guard := &analyzers.Guard{
			Value: analyzers.Value{Parts: []analyzers.Part{{Hole: &analyzers.Hole{Space: "unknown"}}}}, Patterns: []string{v.tag},
		}
		if v.tag == "" {
			guard.Patterns, guard.Not = tags, true
		}
		program.At = own.At
		program.Steps = append(program.Steps, analyzers.Step{Op: analyzers.OpBlock, At: own.At, Guard: guard, Steps: own.Steps})
		own.Name = "@go/" + own.At.Path + " built with " + v.tag
		facts = append(facts, v.facts...)
	}
	facts[0].Programs = append([]analyzers.Program{program}, facts[0].Programs...)
	return facts
}

// maxTags bounds the build tags with which a module is loaded.
const maxTags = 4

// tags returns the build tags in the module's constraints that are names of environments.
func (r *refiner) tags(m *module) []string {
	var tags []string
	for _, file := range m.constrained {
		for _, f := range r.files[file].Facts {
			for i := range f.Programs {
				if tag := constraint(&f.Programs[i]); tag != "" && !slices.Contains(tags, tag) {
					tags = append(tags, tag)
				}
			}
		}
	}
	slices.Sort(tags)
	return tags[:min(len(tags), maxTags)]
}

// constraint returns the build tag that syntax says a file is compiled with, or without.
func constraint(p *analyzers.Program) string {
	if len(p.Steps) != 1 || p.Steps[0].Op != analyzers.OpBlock || p.Steps[0].Guard == nil {
		return ""
	}
	g := p.Steps[0].Guard
	if len(g.Patterns) != 1 || len(g.Value.Parts) != 1 || g.Value.Parts[0].Hole == nil || g.Value.Parts[0].Hole.Space != "unknown" ||
		environ.Value(g.Patterns[0]) == 0 {
		return ""
	}
	return g.Patterns[0]
}

// merged puts the program, and the signs of where it runs, into the facts that syntax has of the main file, and leaves all else as it is.
func (r *refiner) merged(facts []*analyzers.Facts, signs []analyzers.Sign) []*analyzers.Facts {
	if len(facts) == 0 {
		return nil
	}
	for _, f := range facts {
		for i := range f.Programs {
			r.commands(f.Programs[i].Steps)
		}
	}
	main := facts[0]
	for _, old := range r.files[main.Path].Facts {
		if old.Analyzer != reach.Analyzer {
			continue
		}
		merged := *old
		merged.Programs = slices.Clone(main.Programs)
		for _, p := range old.Programs {
			if p.Name != "" {
				merged.Programs = append(merged.Programs, p)
			}
		}
		merged.Gaps = main.Gaps
		merged.Units = slices.Clone(old.Units)
		for i, u := range merged.Units {
			if u.Kind == "go-main" {
				merged.Units[i].Signs = append(slices.Clone(u.Signs), signs...)
			}
		}
		facts[0] = &merged
	}
	return facts
}

// commands gives the commands that code runs the programs of the repository, and the variables, which a shell finds in their words: bash x.sh,
// make deploy. Syntax says these as well as types.
func (r *refiner) commands(steps []analyzers.Step) {
	for i := range steps {
		s := &steps[i]
		if s.Op != analyzers.OpRun || s.Ref != nil || slices.ContainsFunc(s.Steps, runsProgram) {
			r.commands(s.Steps)
			continue
		}
		if f := r.files[s.At.Path]; f != nil {
			for _, facts := range f.Facts {
				for j := range facts.Programs {
					s.Steps = append(s.Steps, programsAt(facts.Programs[j].Steps, s.At.Span.Start)...)
				}
			}
		}
	}
}

// programsAt returns the steps by which the command that stands at an offset runs programs of the repository.
func programsAt(steps []analyzers.Step, offset int) []analyzers.Step {
	var found []analyzers.Step
	for _, s := range steps {
		switch {
		case s.Op == analyzers.OpRun && s.Ref == nil && s.At.Span.Start == offset:
			for _, inner := range s.Steps {
				if runsProgram(inner) || inner.Op == analyzers.OpSource || len(inner.Steps) > 0 || takesVariable(inner) {
					found = append(found, inner)
				}
			}
		case s.Op == analyzers.OpBlock:
			found = append(found, programsAt(s.Steps, offset)...)
		}
	}
	return found
}

// takesVariable reports whether a step hands on what a variable of the environment has: sh -c "curl -u $TOKEN: …".
func takesVariable(s analyzers.Step) bool {
	return s.Op == analyzers.OpUse && slices.ContainsFunc(s.Value.Parts, func(p analyzers.Part) bool { return p.Hole != nil && p.Hole.Space == "" && p.Hole.Name != "" })
}

func runsProgram(s analyzers.Step) bool { return s.Op == analyzers.OpRun && s.Ref != nil }

// modules returns the modules of the repository, those of a workspace together, sorted by folder.
func (r *refiner) modules(files []scan.Read) []*module {
	byDir := map[string]*module{}
	var list []*module
	for _, f := range files {
		if dir := path.Dir(f.Path); path.Base(f.Path) == "go.mod" && !aside(dir) {
			m := &module{dir: dir, file: f.Path}
			byDir[dir] = m
			list = append(list, m)
		}
	}
	for _, f := range files {
		if path.Base(f.Path) != "go.work" || aside(path.Dir(f.Path)) {
			continue
		}
		work := &module{dir: path.Dir(f.Path), file: f.Path}
		for _, used := range r.uses(f.Path) {
			if dir := path.Join(work.dir, used); byDir[dir] != nil {
				work.modules = append(work.modules, path.Clean(used))
				list = slices.DeleteFunc(list, func(m *module) bool { return m == byDir[dir] })
				byDir[dir] = work
			}
		}
		if len(work.modules) > 0 {
			list = append(list, work)
		}
	}
	for i := range files {
		if m := nearest(byDir, path.Dir(files[i].Path)); m != nil {
			m.add(&files[i])
		}
	}
	slices.SortFunc(list, func(a, b *module) int { return strings.Compare(a.dir, b.dir) })
	return list
}

// uses returns the folders of the modules that a go.work uses: https://go.dev/ref/mod#go-work-file-use.
func (r *refiner) uses(file string) []string {
	var dirs []string
	block := false
	for line := range strings.Lines(string(r.head(file))) {
		line, _, _ = strings.Cut(line, "//")
		words := strings.Fields(strings.ReplaceAll(line, "(", " ( "))
		switch {
		case len(words) == 0:
		case block && words[0] == ")":
			block = false
		case block:
			dirs = append(dirs, strings.Trim(words[0], "\"`"))
		case len(words) == 2 && words[0] == "use":
			if block = words[1] == "("; !block {
				dirs = append(dirs, strings.Trim(words[1], "\"`"))
			}
		}
	}
	return dirs
}

// aside reports whether a folder is one that the go command passes over.
func aside(dir string) bool {
	for segment := range strings.SplitSeq(dir, "/") {
		if segment == "vendor" || segment == "testdata" || strings.HasPrefix(segment, "_") || len(segment) > 1 && segment[0] == '.' {
			return true
		}
	}
	return false
}

// nearest returns the module that a folder is of.
func nearest(byDir map[string]*module, dir string) *module {
	for {
		if m := byDir[dir]; m != nil {
			return m
		}
		if dir == "." || dir == "/" {
			return nil
		}
		dir = path.Dir(dir)
	}
}

// add notes what a file of the module has.
func (m *module) add(f *scan.Read) {
	m.holds = m.holds || len(f.Tokens) > 0 && (strings.HasSuffix(f.Path, ".go") && !strings.HasSuffix(f.Path, "_test.go"))
	for _, facts := range f.Facts {
		if facts.Analyzer != reach.Analyzer {
			continue
		}
		for _, u := range facts.Units {
			if u.Kind == "go-main" && environments(u) != detectors.Production {
				m.mains = append(m.mains, f.Path)
			}
		}
		for i := range facts.Programs {
			if constraint(&facts.Programs[i]) != "" {
				m.constrained = append(m.constrained, f.Path)
			}
			m.reads = m.reads || reads(facts.Programs[i].Steps)
		}
	}
}

// environments are those that a unit's place and signs name.
func environments(u analyzers.Unit) detectors.Environment {
	env := environ.Path(u.At.Path)
	for _, s := range u.Signs {
		env |= s.Environments
	}
	return env
}

func reads(steps []analyzers.Step) bool {
	return slices.ContainsFunc(steps, func(s analyzers.Step) bool {
		switch s.Op {
		case analyzers.OpRead, analyzers.OpOpen, analyzers.OpLoad, analyzers.OpMount, analyzers.OpRun:
			return true
		}
		return reads(s.Steps)
	})
}
