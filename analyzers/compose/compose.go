package compose

import (
	"bytes"
	"path"

	"github.com/bmatcuk/doublestar/v4"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/lazyregexp"
	"github.com/stagewall/stagewall/analyzers/internal/yamltree"
	"github.com/stagewall/stagewall/analyzers/interpolate"
	"github.com/stagewall/stagewall/detectors"
)

// Analyzer reads compose files.
var Analyzer = &analyzers.Analyzer{
	Name:    name,
	Doc:     "Reads compose files: the services that they start, and what their containers get.",
	Version: 2,
	Files:   []string{namePattern},
	Sniff:   sniff,
	Run:     run,
	Join:    join,
}

const name = "compose"

// namePattern is how compose files are called. Others are known by their content, and by the commands that name them.
const namePattern = "**/{*[-_.],}{compose,docker-stack}{[-_.]*,}.{yml,yaml}"

// named reports whether a file is called like a compose file.
func named(p string) bool {
	ok, _ := doublestar.Match(namePattern, p)
	return ok
}

var servicesKey = lazyregexp.New(`(?m)^services:[ \t]*(?:#.*)?\r?$`)

// sniff takes YAML that has services.
func sniff(p string, head []byte) bool {
	ext := path.Ext(p)
	return (ext == ".yml" || ext == ".yaml") && servicesKey.Match(head)
}

// maxSize bounds a compose file; those that are written by hand are a thousandth of it.
const maxSize = 8 << 20

func run(pass *analyzers.Pass) error {
	if len(pass.Data) > maxSize && !named(pass.Path) || pass.TooLarge(maxSize, "a compose file; its services are not seen") {
		return nil
	}
	documents, err := yamltree.Read(pass.Data)
	if err != nil && named(pass.Path) {
		pass.Gap(yamltree.Broken(pass, err), "the file does not parse as YAML, so its services are not seen; \"docker compose config\" says what is wrong with it")
	}
	f := &file{pass: pass}
	for _, document := range documents {
		f.document(document)
	}
	if len(f.services) == 0 && len(f.steps) == 0 {
		return nil
	}
	pass.Facts.Programs = append(pass.Facts.Programs, analyzers.Program{At: pass.At(0, 0), Steps: f.steps})
	for _, s := range f.services {
		pass.Facts.Programs = append(pass.Facts.Programs, analyzers.Program{Name: servicePrefix + s.name, At: s.at, Steps: s.steps})
	}
	pass.Facts.Programs = append(pass.Facts.Programs, f.images...)
	return nil
}

// servicePrefix begins the names of services' programs.
const servicePrefix = "services."

// Some facts of a compose file only matter when files are joined. They are steps that linking passes over. That of a service's build
// is dockerfile.OpBuild: its Ref.Name is the target, Steps are the arguments.
const (
	opName    analyzers.Op = "name"         // of a file: Value is the project's name
	opInclude analyzers.Op = "include"      // of a file: Ref.Args are the paths, File the project's folder, Steps load variables
	opFile    analyzers.Op = "file"         // of a file: Space and Name are those of a secret, config or volume, Steps what having it means
	opReset   analyzers.Op = "reset"        // what files before this one say under Key, or below it, is taken away; "" is all
	opExtends analyzers.Op = "extends"      // Ref.Name is the extended service, Ref.Path its file if it is another one
	opImage   analyzers.Op = "image"        // the service has an image; Value is its name
	opGive    analyzers.Op = "give"         // the service is given the file of Space and Name; File is its place in the container
	opBorrow  analyzers.Op = "volumes_from" // Name is a service whose volumes this one has too
	opProfile analyzers.Op = "profile"      // Name is one of the service's profiles
	opWorkdir analyzers.Op = "working_dir"  // Name is the working directory in the container
	opSign    analyzers.Op = "sign"         // a sign of the environment: Phase is its class, Name the environment's name, Value a template
)

// The order of a container's steps.
const (
	phaseImage = iota
	phaseEnvFile
	phaseEnvironment
	phaseMount
	phaseCommand
	phaseOther
)

// file is a file while it is read.
type file struct {
	pass     *analyzers.Pass
	steps    []analyzers.Step
	services []*service
	images   []analyzers.Program // of Dockerfiles that stand in the file
	count    int                 // steps of all services
}

// maxSteps bounds the steps of a file: aliases repeat what they stand for.
const maxSteps = 100_000

func (f *file) document(root *yamltree.Node) {
	services := root.Get("services")
	if !f.isCompose(root, services) {
		return
	}
	if services == nil { // the first version of the format had nothing else
		services = root
	}
	if n := root.Get("name"); n.Str() != "" {
		f.steps = append(f.steps, analyzers.Step{Op: opName, At: f.at(n), Value: f.value(n)})
	}
	for _, n := range root.Get("include").List() {
		f.include(n)
	}
	for _, space := range []string{"secrets", "configs", "volumes"} {
		for key, n := range root.Get(space).Pairs() {
			if step, ok := f.shared(space, key, n); ok {
				f.steps = append(f.steps, step)
			}
		}
	}
	for key, n := range services.Pairs() {
		s := &service{file: f, name: key.Text, at: f.at(key)}
		s.read(key, n)
		f.services = append(f.services, s)
		if f.count > maxSteps {
			f.pass.Gap(s.at, "the services from here on are too many to follow; what they get is not known")
			return
		}
	}
}

// serviceKeys are keys of which a service has at least one.
var serviceKeys = []string{"image", "build", "extends", "env_file", "environment", "command", "volumes", "ports", "deploy", "depends_on"}

// isCompose reports whether the document is one of a compose file. Others have services too: frameworks, pipelines, hosts.
func (f *file) isCompose(root, services *yamltree.Node) bool {
	if named(f.pass.Path) && services.IsMapping() || root.Get("include") != nil && named(f.pass.Path) {
		return true
	}
	if services == nil && !named(f.pass.Path) {
		return false
	}
	all := true
	any := false
	if services == nil {
		services = root
	}
	for _, n := range services.Pairs() {
		has := false
		for _, key := range serviceKeys {
			has = has || n.Get(key) != nil
		}
		all, any = all && has, true
	}
	return all && any
}

// at returns the place of a scalar, or where another node begins.
func (f *file) at(n *yamltree.Node) detectors.Place {
	if n.Span.Empty() {
		return f.pass.At(n.Start, n.Start)
	}
	return f.pass.At(n.Span.Start, n.Span.End)
}

// projectSpace is where the project's variables are.
const projectSpace = "project"

var syntax = interpolate.Syntax{Doubled: true, Space: projectSpace}

// value returns the value of a scalar.
func (f *file) value(n *yamltree.Node) analyzers.Value { return f.textValue(n.Source()) }

func (f *file) textValue(t interpolate.Text) analyzers.Value {
	if t.String == "" {
		return analyzers.Value{}
	}
	span := t.Span(0, len(t.String))
	return analyzers.Value{Parts: syntax.Parts(t), At: f.pass.At(span.Start, span.End)}
}

// tag returns a custom tag of a key's value: !reset or !override.
func (f *file) tag(key *yamltree.Node) string {
	rest := f.pass.Data[min(key.Span.End, len(f.pass.Data)):]
	rest = bytes.TrimLeft(bytes.TrimLeft(rest, `"'`), " \t")
	rest, found := bytes.CutPrefix(rest, []byte(":"))
	if !found {
		return ""
	}
	rest = bytes.TrimLeft(rest, " \t")
	for _, tag := range []string{"!reset", "!override"} {
		if bytes.HasPrefix(rest, []byte(tag)) {
			return tag
		}
	}
	return ""
}

// include reads an entry of include: a path, or a mapping of paths, variables' files and the project's folder.
func (f *file) include(n *yamltree.Node) {
	step := analyzers.Step{Op: opInclude, At: f.pass.At(n.Start, n.Start)}
	paths := n
	if n.IsMapping() {
		paths = n.Get("path")
		step.File = new(f.value(n.Get("project_directory")))
		for _, e := range n.Get("env_file").List() {
			step.Steps = append(step.Steps, analyzers.Step{Op: analyzers.OpLoad, At: f.at(e), Ref: &analyzers.Ref{Path: f.value(e)}})
		}
	}
	ref := analyzers.Ref{}
	for _, p := range paths.List() {
		if p.Str() != "" {
			step.At = f.at(p)
			ref.Args = append(ref.Args, f.value(p))
		}
	}
	step.Ref = &ref
	f.steps = append(f.steps, step)
}

// shared reads a secret, config or volume of the project: the file, the variable or the text that it is. The path in the container is
// filled in for each service that it is given to.
func (f *file) shared(space string, key, n *yamltree.Node) (analyzers.Step, bool) {
	step := analyzers.Step{Op: opFile, At: f.at(key), Space: space, Name: key.Text, Key: space + ":" + key.Text}
	options := n.Get("driver_opts")
	switch {
	case space == "volumes" && (options.Get("device").Str() == "" || options.Get("o").Str() != "bind" && options.Get("o").Str() != "rbind"):
		return step, false
	case space == "volumes":
		step.Steps = []analyzers.Step{{Op: analyzers.OpMount, At: f.at(options.Get("device")), File: new(f.path(options.Get("device").Source()))}}
	case n.Get("file").Str() != "":
		step.Steps = []analyzers.Step{{Op: analyzers.OpMount, At: f.at(n.Get("file")), File: new(f.path(n.Get("file").Source()))}}
	case n.Get("environment").Str() != "":
		from := n.Get("environment")
		hole := &analyzers.Hole{Space: projectSpace, Name: from.Text}
		step.Steps = []analyzers.Step{{Op: analyzers.OpSet, At: f.at(from), Value: analyzers.Value{Parts: []analyzers.Part{{Hole: hole}}, At: f.at(from)}}}
	case n.Get("content").Str() != "":
		step.Steps = []analyzers.Step{{Op: analyzers.OpSet, At: f.at(n.Get("content")), Value: f.value(n.Get("content"))}}
	default:
		return step, false
	}
	return step, true
}

// path returns the value of a path. The working directory of whoever calls compose is taken to be the project's.
func (f *file) path(t interpolate.Text) analyzers.Value {
	v := f.textValue(t)
	if len(v.Parts) > 0 && v.Parts[0].Hole != nil && v.Parts[0].Hole.Name == "PWD" {
		v.Parts = v.Parts[1:]
		if len(v.Parts) == 0 {
			v.Parts = []analyzers.Part{{Text: "."}}
		} else if p := &v.Parts[0]; p.Hole == nil && p.Text != "" && p.Text[0] == '/' {
			p.Text = "." + p.Text
		}
	}
	return v
}
