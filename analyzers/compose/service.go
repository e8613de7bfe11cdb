package compose

import (
	"path"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/dockerfile"
	"github.com/stagewall/stagewall/analyzers/internal/command"
	"github.com/stagewall/stagewall/analyzers/internal/yamltree"
	"github.com/stagewall/stagewall/analyzers/interpolate"
	"github.com/stagewall/stagewall/analyzers/shell"
	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/environ"
)

// service is a service of one file while it is read.
type service struct {
	*file
	name  string
	at    detectors.Place // of its key
	steps []analyzers.Step
}

func (s *service) emit(step analyzers.Step) {
	s.steps = append(s.steps, step)
	s.count++
}

// reset takes away what files before this one say under a key, if the value's tag says so. It reports whether the value is then of no
// meaning.
func (s *service) reset(key *yamltree.Node, under string) bool {
	tag := s.tag(key)
	if tag != "" {
		s.emit(analyzers.Step{Op: opReset, At: s.file.at(key), Key: under})
	}
	return tag == "!reset"
}

func (s *service) read(key, n *yamltree.Node) {
	if s.reset(key, "") {
		return
	}
	for k, v := range n.Pairs() {
		if s.reset(k, k.Text) {
			continue
		}
		switch k.Text {
		case "image":
			s.emit(analyzers.Step{Op: opImage, At: s.file.at(k), Value: s.value(v), Key: k.Text, Phase: phaseOther})
		case "build":
			s.build(k, v)
		case "extends":
			s.extends(k, v)
		case "env_file":
			s.envFile(v)
		case "environment":
			s.environment(v)
		case "volumes":
			for _, e := range v.List() {
				s.volume(e)
			}
		case "volumes_from":
			for _, e := range v.List() {
				from, _, _ := strings.Cut(e.Str(), ":")
				s.emit(analyzers.Step{Op: opBorrow, At: s.file.at(e), Name: from, Key: "volumes_from:" + from, Phase: phaseMount})
			}
		case "secrets", "configs":
			for _, e := range v.List() {
				s.give(k.Text, e)
			}
		case "develop":
			for _, e := range v.Get("watch").List() {
				s.watch(e)
			}
		case "profiles":
			for _, e := range v.List() {
				s.emit(analyzers.Step{Op: opProfile, At: s.file.at(e), Name: e.Str(), Key: "profiles:" + e.Str(), Phase: phaseOther})
			}
		case "working_dir":
			s.emit(analyzers.Step{Op: opWorkdir, At: s.file.at(v), Name: v.Str(), Key: k.Text, Phase: phaseOther})
		case "container_name", "hostname":
			if e := environ.Identifier(v.Str()); e != 0 {
				s.sign(k.Text, analyzers.Sign{Class: analyzers.Display, Environments: e, Says: "the " + strings.ReplaceAll(k.Text, "_", "'s ") + " says " + e.String(), At: s.file.at(v)})
			}
		case "healthcheck":
			s.healthcheck(v)
		case "post_start", "pre_stop":
			for _, e := range v.List() {
				var c command.Command
				words(&c, e.Get("command"))
				s.block("", e, c)
			}
		}
	}
	s.command(n.Get("entrypoint"), n.Get("command"), n.Get("image"))
}

// build reads build: a context, or a mapping.
func (s *service) build(key, n *yamltree.Node) {
	step := analyzers.Step{Op: dockerfile.OpBuild, At: s.file.at(key), Key: "build", Phase: phaseImage}
	if !n.IsMapping() {
		step.File = new(s.path(n.Source()))
		s.emit(step)
		return
	}
	step.File = new(s.path(n.Get("context").Source()))
	step.Ref = &analyzers.Ref{Path: s.value(n.Get("dockerfile"))}
	if target, known := s.value(n.Get("target")).Text(); known {
		step.Ref.Name = target
	}
	for _, a := range s.pairs(n.Get("args")) {
		step.Steps = append(step.Steps, analyzers.Step{
			Op: analyzers.OpSet, Space: dockerfile.Space, Name: a.name, At: a.at, Value: a.value, Key: "args:" + a.name,
		})
	}
	if inline := n.Get("dockerfile_inline"); inline.Str() != "" {
		step.Says = s.inline(inline)
	}
	s.emit(step)
}

// inline reads a Dockerfile that stands in the file, and returns what its programs' names begin with.
func (s *service) inline(n *yamltree.Node) string {
	prefix := servicePrefix + s.name + "/"
	s.images = append(s.images, dockerfile.Inline(s.pass, dollars(n.Source()), prefix)...)
	return prefix
}

// dollars returns the text with "$$" as the dollar sign that it is. Variables of the project are not filled in.
func dollars(t interpolate.Text) interpolate.Text {
	var plain interpolate.Text
	for _, p := range (interpolate.Syntax{Doubled: true}).Pieces(t) {
		if p.Hole != nil {
			return t
		}
		plain.Add(p.Text)
	}
	return plain
}

func (s *service) extends(key, n *yamltree.Node) {
	step := analyzers.Step{Op: opExtends, At: s.file.at(key), Key: "extends", Phase: phaseOther}
	if n.IsMapping() {
		step.Ref = &analyzers.Ref{Path: s.value(n.Get("file")), Name: n.Get("service").Str()}
	} else {
		step.Ref = &analyzers.Ref{Name: n.Str()}
	}
	if step.Refers().Name != "" {
		s.emit(step)
	}
}

// envFileKey begins the keys of env_files. Of one that is written in several ways compose knows each as another:
// https://github.com/compose-spec/compose-go/blob/main/override/uncity.go
const envFileKey = "env_file:"

// envFile reads env_file: a path, or a list of paths and mappings.
func (s *service) envFile(n *yamltree.Node) {
	for _, e := range n.List() {
		p, optional := e, false
		if e.IsMapping() {
			p, optional = e.Get("path"), e.Get("required").Str() == "false"
		}
		if p.Str() == "" {
			continue
		}
		s.emit(analyzers.Step{
			Op: analyzers.OpLoad, At: s.file.at(p), Ref: &analyzers.Ref{Path: s.path(p.Source())}, Export: true, Optional: optional,
			Key: envFileKey + p.Text, Phase: phaseEnvFile, Says: "env_file",
		})
	}
}

// pair is a name with a value, of a mapping or a list.
type pair struct {
	name  string
	key   *yamltree.Node
	value analyzers.Value
	at    detectors.Place
}

// pairs reads names with values: as a mapping, or as a list of NAME=value. A name without a value has the project's.
func (s *service) pairs(n *yamltree.Node) []pair {
	var list []pair
	add := func(key *yamltree.Node, name string, at detectors.Place, value analyzers.Value, alone bool) {
		if name == "" {
			return
		}
		if alone {
			value = analyzers.Value{Parts: []analyzers.Part{{Hole: &analyzers.Hole{Space: projectSpace, Name: name}}}, At: at}
		}
		list = append(list, pair{name, key, value, at})
	}
	for k, v := range n.Pairs() {
		add(k, k.Text, s.file.at(k), s.value(v), v.Kind == yamltree.Scalar && v.Tag == "!!null")
	}
	for _, e := range n.Items() {
		text := e.Source()
		name, _, found := strings.Cut(text.String, "=")
		at := s.file.at(e)
		if name == "" {
			continue
		}
		span := text.Span(0, len(name))
		at = s.pass.At(span.Start, span.End)
		value := analyzers.Value{}
		if found {
			value = s.textValue(text.Slice(len(name)+1, len(text.String)))
		}
		add(nil, name, at, value, !found)
	}
	return list
}

func (s *service) environment(n *yamltree.Node) {
	for _, p := range s.pairs(n) {
		if p.key != nil && s.reset(p.key, "environment:"+p.name) {
			continue
		}
		s.emit(analyzers.Step{
			Op: analyzers.OpSet, Name: p.name, At: p.at, Value: p.value, Export: true, Key: "environment:" + p.name, Phase: phaseEnvironment,
			Says: "environment",
		})
	}
}

// volume reads a volume in its short form, SOURCE:TARGET:MODE, or its long one.
func (s *service) volume(n *yamltree.Node) {
	if n.IsMapping() {
		target := n.Get("target").Str()
		switch source := n.Get("source"); {
		case n.Get("type").Str() == "bind":
			s.mount("volumes", n, s.path(source.Source()), target)
		case source.Str() != "":
			s.volumeNamed(n, source.Text, target)
		default:
			s.volumeNamed(n, "", target)
		}
		return
	}
	text := n.Source()
	i := colon(text.String)
	if i < 0 {
		s.volumeNamed(n, "", text.String)
		return
	}
	target, _, _ := strings.Cut(text.String[i+1:], ":")
	source := text.Slice(0, i)
	if !strings.HasPrefix(source.String, "$") && !strings.ContainsAny(source.String, `/\`) && !strings.HasPrefix(source.String, ".") && !strings.HasPrefix(source.String, "~") {
		s.volumeNamed(n, source.String, target)
		return
	}
	s.mount("volumes", n, s.path(source), target)
}

// colon returns the offset of the first colon outside of braces, -1 if there is none.
func colon(text string) int {
	depth := 0
	for i := range len(text) {
		switch text[i] {
		case '{':
			depth++
		case '}':
			depth--
		case ':':
			if depth <= 0 {
				return i
			}
		}
	}
	return -1
}

// volumeNamed gives the service a volume of the project, which mostly holds nothing of the repository, but hides what is at the target.
func (s *service) volumeNamed(n *yamltree.Node, source, target string) {
	s.emit(analyzers.Step{
		Op: opGive, At: s.pass.At(n.Start, n.Start), Space: "volumes", Name: source, File: &analyzers.Value{Parts: []analyzers.Part{{Text: target}}},
		Key: "volumes:" + path.Clean(target), Phase: phaseMount,
	})
}

// mount mounts a path of the host. One in a home directory is no part of the repository.
func (s *service) mount(key string, n *yamltree.Node, source analyzers.Value, target string) {
	if len(source.Parts) == 0 || source.Parts[0].Hole != nil && source.Parts[0].Hole.Default == nil && homes[source.Parts[0].Hole.Name] {
		s.volumeNamed(n, "", target)
		return
	}
	s.emit(analyzers.Step{
		Op: analyzers.OpMount, At: source.At, Name: target, File: new(source), Optional: true,
		Key: key + ":" + path.Clean(target), Phase: phaseMount, Says: "mounted at " + target,
	})
}

// homes are variables of the shell that lead out of the repository.
var homes = map[string]bool{"HOME": true, "USERPROFILE": true, "APPDATA": true, "XDG_CONFIG_HOME": true, "XDG_RUNTIME_DIR": true, "TMPDIR": true}

// give reads an entry of secrets or configs.
func (s *service) give(space string, n *yamltree.Node) {
	source, target := n.Str(), ""
	if n.IsMapping() {
		source, target = n.Get("source").Str(), n.Get("target").Str()
	}
	if source == "" {
		return
	}
	folder := "/"
	if space == "secrets" {
		folder = "/run/secrets"
	}
	if target == "" {
		target = source
	}
	if !path.IsAbs(target) {
		target = path.Join(folder, target)
	}
	s.emit(analyzers.Step{
		Op: opGive, At: s.pass.At(n.Start, n.Start), Space: space, Name: source, File: &analyzers.Value{Parts: []analyzers.Part{{Text: target}}},
		Key: space + ":" + path.Clean(target), Phase: phaseMount,
	})
}

// watch reads an entry of develop.watch: what is synchronised is in the container.
func (s *service) watch(n *yamltree.Node) {
	if p := n.Get("path"); p.Str() != "" && strings.HasPrefix(n.Get("action").Str(), "sync") {
		s.mount("watch", n, s.path(p.Source()), n.Get("target").Str())
	}
}

func (s *service) sign(key string, sign analyzers.Sign) {
	step := analyzers.Step{Op: opSign, At: sign.At, Name: sign.Environments.String(), Phase: int(sign.Class), Key: key, Says: sign.Says}
	if sign.Value != nil {
		step.Value = *sign.Value
	}
	s.emit(step)
}

func (s *service) healthcheck(n *yamltree.Node) {
	test := n.Get("test")
	var c command.Command
	if items := test.Items(); len(items) > 0 {
		switch items[0].Str() {
		case "CMD":
			for _, e := range items[1:] {
				c.Word(syntax.Pieces(e.Source()))
			}
		case "CMD-SHELL":
			for _, e := range items[1:] {
				c.Line(syntax.Pieces(e.Source()))
			}
		}
	} else if test.Str() != "" {
		c.Line(syntax.Pieces(test.Source()))
	}
	if test != nil {
		s.block("healthcheck", test, c)
	}
}

// words adds a command: a list of words, or a text.
func words(c *command.Command, n *yamltree.Node) {
	for _, e := range n.Items() {
		c.Word(syntax.Pieces(e.Source()))
	}
	if n.Str() != "" {
		c.Line(syntax.Pieces(n.Source()))
	}
}

// command reads entrypoint and command. One that is there but empty still takes the image's place. Of some images it is known what they start.
func (s *service) command(entrypoint, arguments, image *yamltree.Node) {
	var c command.Command
	if program := shell.Entrypoint(image.Str()); entrypoint == nil && arguments != nil {
		c.Program(program)
	}
	if entrypoint != nil {
		var alone command.Command
		words(&alone, entrypoint)
		s.block("entrypoint", entrypoint, alone)
		words(&c, entrypoint)
	}
	if arguments != nil {
		words(&c, arguments)
		s.block("command", arguments, c)
	}
}

// block adds what a command does, in the container.
func (s *service) block(key string, n *yamltree.Node, c command.Command) {
	steps, signs := c.Steps(s.pass, "command")
	s.emit(analyzers.Step{Op: analyzers.OpBlock, At: s.pass.At(n.Start, n.Start), Key: key, Phase: phaseCommand, Steps: steps})
	for _, sign := range signs {
		sign.Class = analyzers.Display // what a container runs is often called after a mode: start:prod on every server
		s.sign("", sign)
	}
}
