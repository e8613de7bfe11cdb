package dockerfile

import (
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/detectors"
)

// Image is what a container of an image starts with. Paths in its steps are relative to the root of the repository.
type Image struct {
	Path  string           // of the Dockerfile
	Steps []analyzers.Step // variables and files, in order; arguments of the build are read from [Space]
	Dir   string           // the working directory in the image, absolute; "" where it is not known

	Command    []analyzers.Step // what a container does
	Entrypoint []analyzers.Step // what it does when it is given a command instead of the image's
	Health     []analyzers.Step

	Mounts []Mount
	// Facts are those of ignore files that lie elsewhere than in the build context, as if they lay in it. They are to be joined.
	Facts []*analyzers.Facts
}

// Mount says that a file or folder of the repository has a place in a container.
type Mount struct {
	Place string // in the container, absolute
	Path  string // relative to the root of the repository
}

// Contain returns the step by which a container of the image has no other files than were copied or mounted before; its working directory is a folder
// of the repository. There is none where it is not known with what the programs of an image came: nothing is copied into it, or what is copied is computed.
func (i *Image) Contain(folder string, at detectors.Place) []analyzers.Step {
	computed := slices.ContainsFunc(i.Steps, func(s analyzers.Step) bool {
		_, known := s.Files().Text()
		return s.Op == analyzers.OpMount && !known
	})
	compiled := slices.ContainsFunc(i.Steps, func(s analyzers.Step) bool { return s.Op == analyzers.OpCompile })
	if computed || len(i.Mounts) == 0 && !compiled {
		return nil
	}
	return []analyzers.Step{{
		Op: analyzers.OpContain, At: at, Name: i.Dir, File: &analyzers.Value{At: at, Parts: []analyzers.Part{{Text: folder}}},
	}}
}

// Open returns the image that a Dockerfile describes when it is built in a context, a folder relative to the root. The target is the
// name or number of the stage, "" for the last. It returns nil if there is no such Dockerfile or stage.
func Open(index analyzers.Index, file, target, context string) *Image {
	return FromFacts(index, factsOf(index, file), target, context)
}

func factsOf(index analyzers.Index, file string) *analyzers.Facts {
	for _, f := range index.Facts(file) {
		if f.Analyzer == name && len(f.Programs) > 0 {
			return f
		}
	}
	return nil
}

// FromFacts is [Open] for facts at hand.
func FromFacts(index analyzers.Index, facts *analyzers.Facts, target, context string) *Image {
	if facts == nil {
		return nil
	}
	program := stageProgram(facts, target)
	if program == nil {
		return nil
	}
	o := &opener{index: index, context: path.Clean(context), image: &Image{Path: facts.Path}}
	o.ignore, o.patterns = o.ignoreFile()
	for _, s := range program.Steps {
		o.step(s)
	}
	return o.image
}

// stageProgram returns the program of a target.
func stageProgram(facts *analyzers.Facts, target string) *analyzers.Program {
	var stages []*analyzers.Program
	for i := range facts.Programs {
		if p := &facts.Programs[i]; strings.HasPrefix(p.Name, stagePrefix) {
			stages = append(stages, p)
		}
	}
	if target == "" && len(stages) > 0 {
		return stages[len(stages)-1]
	}
	for _, p := range slices.Backward(stages) {
		if p.Name == stagePrefix+strings.ToLower(target) {
			return p
		}
	}
	if n, err := strconv.Atoi(target); err == nil && n >= 0 && n < len(stages) {
		return stages[n]
	}
	return nil
}

// opener places a stage's steps in a build context.
type opener struct {
	index    analyzers.Index
	context  string
	image    *Image
	ignore   string   // the ignore file, "" if there is none
	patterns []string // its patterns
}

func (o *opener) step(s analyzers.Step) {
	if s.At.Path == "" {
		s.At.Path = o.image.Path
	}
	switch {
	case s.Op == opPublish:
	case s.Op == opWorkdir:
		o.image.Dir = s.Name
	case s.Op == opEntrypoint:
		o.image.Entrypoint = s.Steps
	case s.Op == analyzers.OpBlock && s.Key == keyCommand:
		o.image.Command = s.Steps
	case s.Op == analyzers.OpBlock && s.Key == keyHealth:
		o.image.Health = s.Steps
	case s.Op == analyzers.OpMount:
		o.mount(s)
	default:
		o.image.Steps = append(o.image.Steps, s)
	}
}

// maxMatches bounds the files that one source with wildcards is.
const maxMatches = 1000

// mount adds the files of the context that a copied source is.
func (o *opener) mount(s analyzers.Step) {
	s.Except, s.Guard = o.except(s), nil
	text, known := s.Files().Text()
	if !known {
		file := s.Files()
		file.Parts = append([]analyzers.Part{{Text: o.context + "/"}}, file.Parts...)
		s.File = &file
		o.image.Steps = append(o.image.Steps, s)
		return
	}
	full := path.Join(o.context, path.Join("/", text))
	if s.Name != "" && !strings.ContainsAny(text, "*?[") {
		o.image.Mounts = append(o.image.Mounts, Mount{s.Name, full})
	}
	for i, file := range o.sources(full) {
		if i == maxMatches {
			says := "the files that this copies are too many to follow; what the image has of the rest of them is not known"
			o.image.Steps = append(o.image.Steps, analyzers.Step{Op: analyzers.OpGap, At: s.At, Says: says})
			break
		}
		one := s
		one.File = new(analyzers.Literal(file, s.At))
		one.File.Parts[0].Span = s.At.Span
		if len(s.Files().Parts) > 0 {
			one.File.Parts[0].Span = s.Files().Parts[0].Span
		}
		o.image.Steps = append(o.image.Steps, one)
	}
}

// sources returns the files and folders that a path, perhaps with wildcards, is.
func (o *opener) sources(full string) []string {
	if !strings.ContainsAny(full, "*?[") {
		if exists(o.index, full) {
			return []string{full}
		}
		return nil
	}
	files := o.index.Match(full)
	return append(slices.Clone(files), o.index.Match(full+"/**")...)
}

// exists reports whether the path is a file or a folder of the repository.
func exists(index analyzers.Index, p string) bool {
	return p == "." || index.Exists(p) || len(index.Match(escape(p)+"/**")) > 0
}

// escape takes the meaning of a pattern away from a path.
func escape(p string) string {
	return strings.NewReplacer(`\`, `\\`, "*", `\*`, "?", `\?`, "[", `\[`, "{", `\{`).Replace(p)
}

// ignoreFile returns the ignore file of the build: the Dockerfile's own before the context's.
func (o *opener) ignoreFile() (string, []string) {
	for _, file := range []string{
		o.image.Path + ".dockerignore", path.Join(o.context, ".containerignore"), path.Join(o.context, ".dockerignore"),
	} {
		for _, f := range o.index.Facts(file) {
			if f.Ignores != nil {
				return file, f.Ignores.Patterns
			}
		}
	}
	return "", nil
}

// except returns the path of the ignore file that holds for a source. Its patterns are relative to the context; where it lies
// elsewhere, or the instruction leaves out more, facts stand for a file in the context that says so.
func (o *opener) except(s analyzers.Step) string {
	var excluded []string
	if s.Guard != nil {
		excluded = s.Guard.Patterns
	}
	if len(excluded) == 0 && (o.ignore == "" || path.Dir(o.ignore) == o.context) {
		return o.ignore
	}
	patterns := slices.Clone(o.patterns)
	text, _ := s.Files().Text()
	for _, pattern := range excluded { // those of COPY are relative to its source
		patterns = append(patterns, strings.TrimPrefix(path.Join(path.Join("/", text), pattern), "/"))
	}
	file := path.Join(o.context, ".dockerignore of "+strings.ReplaceAll(o.image.Path, "/", " ")+":"+strconv.Itoa(s.At.Line))
	if !slices.ContainsFunc(o.image.Facts, func(f *analyzers.Facts) bool { return f.Path == file }) {
		o.image.Facts = append(o.image.Facts, &analyzers.Facts{
			Path: file, Analyzer: name, Ignores: &analyzers.Ignores{Syntax: "docker", Tool: "docker", Patterns: patterns},
		})
	}
	return file
}

// Locate returns where in the repository a path in a container lies, relative to the root. Later mounts hide earlier ones.
func Locate(index analyzers.Index, mounts []Mount, dir, p string) (string, bool) {
	if !path.IsAbs(p) {
		if dir == "" {
			return "", false
		}
		p = path.Join(dir, p)
	}
	p = path.Clean(p)
	for _, m := range slices.Backward(mounts) {
		if !below(p, m.Place) {
			continue
		}
		rest := strings.TrimPrefix(strings.TrimPrefix(p, m.Place), "/")
		candidates := []string{path.Join(m.Path, rest)}
		if first, after, _ := strings.Cut(rest, "/"); first == path.Base(m.Path) { // it was copied into the folder under its own name
			candidates = append(candidates, path.Join(m.Path, after))
		}
		for _, c := range candidates {
			if exists(index, c) {
				return c, true
			}
		}
	}
	return "", false
}

// Place returns steps that are done in a container with the paths in them as they lie in the repository. A path that no mount leads
// to stays as it is: if it is relative, the folder that an image from elsewhere works in is not known, else it leads nowhere.
func Place(index analyzers.Index, mounts []Mount, dir string, steps []analyzers.Step) []analyzers.Step {
	p := placer{index, mounts, dir}
	return p.steps(steps, 0)
}

// placer places steps.
type placer struct {
	index  analyzers.Index
	mounts []Mount
	dir    string
}

// maxInner bounds pieces of shell within each other.
const maxInner = 8

func (p placer) steps(steps []analyzers.Step, depth int) []analyzers.Step {
	placed := slices.Clone(steps)
	for i := range placed {
		s := &placed[i]
		if inner := p.inner(s); inner != nil && depth < maxInner {
			*s = analyzers.Step{Op: analyzers.OpRun, At: s.At, Steps: p.steps(inner, depth+1)}
			continue
		}
		if s.File != nil {
			s.File = new(p.value(*s.File))
		}
		if s.Ref != nil {
			ref := *s.Ref
			ref.Path = p.value(ref.Path)
			s.Ref = &ref
		}
		s.Steps = p.steps(s.Steps, depth)
		if s.Op == analyzers.OpCall && s.Sink != nil && len(s.Sink.Argv) > 0 {
			program := s.Sink.Argv[0].Text
			if found, ok := Locate(p.index, p.mounts, p.dir, program); ok && strings.Contains(program, "/") && p.index.Exists(found) {
				*s = started(*s, found)
			}
		}
	}
	return placed
}

// inner returns the steps of a piece of shell that stands in the command, as that of sh -c does: it is done in the container too.
func (p placer) inner(s *analyzers.Step) []analyzers.Step {
	file, known := s.Refers().Path.Text()
	if s.Op != analyzers.OpRun || !known || s.Refers().Name == "" || file != s.At.Path {
		return nil
	}
	for _, f := range p.index.Facts(file) {
		for i := range f.Programs {
			if f.Programs[i].Name == s.Refers().Name {
				return slices.Concat(s.Steps, f.Programs[i].Steps)
			}
		}
	}
	return nil
}

func (p placer) value(v analyzers.Value) analyzers.Value {
	text, known := v.Text()
	if !known || text == "" {
		return v
	}
	if found, ok := Locate(p.index, p.mounts, p.dir, text); ok {
		return analyzers.Value{At: v.At, Parts: []analyzers.Part{{Text: found}}}
	}
	return v
}

// started turns the call of a program that turned out to be one of the repository into its run.
func started(call analyzers.Step, file string) analyzers.Step {
	run := analyzers.Step{Op: analyzers.OpRun, At: call.At, Ref: new(analyzers.PathTo(file, "", call.At)), Optional: true}
	for _, word := range call.Sink.Argv[1:] {
		run.Ref.Args = append(run.Ref.Args, analyzers.Value{At: call.At, Parts: []analyzers.Part{{Text: word.Text, Span: word.Span}}})
	}
	return run
}
