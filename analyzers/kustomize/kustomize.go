package kustomize

import (
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/lazyregexp"
	"github.com/stagewall/stagewall/analyzers/internal/yamltree"
	"github.com/stagewall/stagewall/analyzers/interpolate"
	"github.com/stagewall/stagewall/analyzers/kube"
	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/environ"
)

// Analyzer reads kustomizations.
var Analyzer = &analyzers.Analyzer{
	Name:    "kustomize",
	Doc:     "reads kustomizations and builds every overlay",
	Version: 4,
	Files:   []string{"**/kustomization.{yml,yaml}", "**/Kustomization"},
	Sniff:   sniff,
	Run:     read,
	Join:    join,
}

// What a kustomization's own program says: its steps are sources named by the list that they stand in, and sets in the space
// "kustomize".
const (
	resource  = "resource"
	component = "component"
	patch     = "patch"
	space     = "kustomize"
)

const maxSize = 4 << 20

func read(pass *analyzers.Pass) error {
	if pass.TooLarge(maxSize, "a kustomization") {
		return nil
	}
	documents, err := yamltree.Read(pass.Data)
	if isDeployer.Match(pass.Data) { // what does not parse of it is said by others
		f := &file{pass: pass}
		f.deployers(documents)
		pass.Facts.Programs = f.programs
		return nil
	}
	if err != nil {
		pass.Gap(yamltree.Broken(pass, err), "the kustomization does not parse as YAML; what it deploys is not known")
	}
	if len(documents) > 0 && slices.ContainsFunc(documents[0].Items(), isOperation) {
		f := &file{pass: pass}
		f.operations(documents[0])
		pass.Facts.Programs = f.programs
		return nil
	}
	if len(documents) == 0 || !documents[0].IsMapping() {
		return nil
	}
	f := &file{pass: pass, root: documents[0], dir: path.Dir(pass.Path)}
	f.mention()
	f.lists()
	f.settings()
	f.patches()
	f.replacements()
	f.generators("secretGenerator", "Secret")
	f.generators("configMapGenerator", "ConfigMap")
	pass.Facts.Programs = append([]analyzers.Program{{At: pass.At(0, 0), Steps: f.steps}}, f.programs...)
	return nil
}

// file is one kustomization while it is read.
type file struct {
	pass     *analyzers.Pass
	root     *yamltree.Node
	dir      string
	steps    []analyzers.Step
	programs []analyzers.Program
	inline   int // patches that are written in the file
}

func (f *file) at(n *yamltree.Node) detectors.Place {
	if n.Span.Empty() {
		return f.pass.At(n.Start, n.Start+1)
	}
	return f.pass.At(n.Span.Start, n.Span.End)
}

// mention notes the environment that the folder is for.
func (f *file) mention() {
	if environments := environ.Path(f.pass.Path); environments != 0 {
		f.pass.Facts.Mentions = append(f.pass.Facts.Mentions, analyzers.Sign{
			Class: analyzers.File, Environments: environments, Says: "there is an overlay for " + environments.String(), At: f.pass.At(0, 0),
		})
	}
}

// local returns the path, relative to the root of the repository, of a path that the kustomization names.
func (f *file) local(name string) (string, bool) {
	if name == "" || path.IsAbs(name) || strings.Contains(name, "://") || strings.Contains(name, "\n") {
		return "", false
	}
	joined := path.Join(f.dir, name)
	return joined, joined != ".." && !strings.HasPrefix(joined, "../")
}

func (f *file) source(list string, n *yamltree.Node, target string) {
	if p, ok := f.local(n.Str()); ok {
		f.steps = append(f.steps, analyzers.Step{
			Op: analyzers.OpSource, At: f.at(n), Name: list, Key: target, Ref: new(analyzers.PathTo(p, "", f.at(n))), Optional: true,
			Says: "lists it as a " + list,
		})
	}
}

func (f *file) lists() {
	for _, list := range [][2]string{{"resources", resource}, {"bases", resource}, {"components", component}} {
		for _, n := range f.root.Get(list[0]).Items() {
			f.source(list[1], n, "")
		}
	}
}

func (f *file) set(name string, n *yamltree.Node) {
	if n.Str() != "" {
		f.steps = append(f.steps, analyzers.Step{
			Op: analyzers.OpSet, At: f.at(n), Space: space, Name: name, Value: analyzers.Value{At: f.at(n), Parts: n.Source().Literal()},
		})
	}
}

// settings notes what changes everything that the kustomization holds.
func (f *file) settings() {
	for _, name := range []string{"namespace", "namePrefix", "nameSuffix"} {
		f.set(name, f.root.Get(name))
	}
	labels := []*yamltree.Node{f.root.Get("commonLabels"), f.root.Get("commonAnnotations")}
	for _, item := range f.root.Get("labels").Items() {
		labels = append(labels, item.Get("pairs"))
	}
	for _, n := range labels {
		for key, value := range n.Pairs() {
			if kube.IsEnvironmentLabel(key.Str()) {
				f.set("label", value)
			}
		}
	}
}

// patches notes patches in files, and reads those that are written in the kustomization.
func (f *file) patches() {
	for _, list := range []string{"patches", "patchesJson6902"} {
		for _, item := range f.root.Get(list).Items() {
			target, ok := f.target(item.Get("target"))
			if !ok {
				continue
			}
			f.source(patch, item.Get("path"), target)
			f.written(item.Get("patch"), target)
		}
	}
	for _, item := range f.root.Get("patchesStrategicMerge").Items() {
		if strings.Contains(item.Str(), "\n") {
			f.written(item, "")
		} else {
			f.source(patch, item, "")
		}
	}
}

// replacements notes that what workloads are given is replaced, which is not followed
// (https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/replacements/).
func (f *file) replacements() {
	for _, item := range f.root.Get("replacements").Items() {
		for _, target := range item.Get("targets").Items() {
			for _, field := range target.Get("fieldPaths").Items() {
				if replaced.MatchString(field.Str()) {
					f.pass.Gap(f.at(field), "what replaces "+field.Str()+" is not followed; what workloads are given there is not known")
				}
			}
		}
		if own := item.Get("path"); own != nil {
			f.pass.Gap(f.at(own), "the replacements in "+own.Str()+" are not followed; what they give to workloads is not known")
		}
	}
}

// replaced is a field by which a workload is given something.
var replaced = lazyregexp.New(`(?:^|\.)(?:env|envFrom|data|stringData|volumes)(?:\.|$)`)

// prefix begins the names of the programs of the next patch that is written in the file.
func (f *file) prefix() string { return "patch " + strconv.Itoa(f.inline) + ": " }

// written reads a patch that stands in a string.
func (f *file) written(n *yamltree.Node, target string) {
	text := n.Source()
	if text.String == "" {
		return
	}
	if !isPlain(f.pass.Data, text) {
		f.pass.Gap(f.at(n), "the patch is written in a string with escapes; what it changes is not followed")
		return
	}
	inner := f.pass.Apart("kube")
	documents := kube.ReadWithin(inner, text)
	if len(inner.Facts.Gaps) == 0 && len(documents) > 0 && documents[0].Kind == yamltree.Sequence {
		f.operations(documents[0])
		f.note(n, target)
		return
	}
	for _, p := range inner.Facts.Programs {
		p.Name = f.prefix() + p.Name
		f.programs = append(f.programs, p)
	}
	f.note(n, target)
}

// note adds the step that says that the last patch is one.
func (f *file) note(n *yamltree.Node, target string) {
	f.steps = append(f.steps, analyzers.Step{
		Op: analyzers.OpSource, At: f.at(n), Name: patch, Key: target, Says: "patches it",
		Ref: new(analyzers.PathTo(f.pass.Path, f.prefix(), f.at(n))),
	})
	f.inline++
}

// isPlain reports whether the bytes of a text are those of the file, but for where its lines end.
func isPlain(data []byte, text interpolate.Text) bool {
	for i := range len(text.String) {
		span := text.Span(i, i+1)
		if text.String[i] != '\n' && (span.End-span.Start != 1 || data[span.Start] != text.String[i]) {
			return false
		}
	}
	return true
}

// generators reads the generators of secrets or of config maps: each is a program "generated KIND/NAME".
func (f *file) generators(field, kind string) {
	for _, g := range f.root.Get(field).Items() {
		name := g.Get("name")
		if name.Str() == "" {
			continue
		}
		program := analyzers.Program{Name: generated + kind + "/" + name.Str(), At: f.at(name)}
		if behavior := g.Get("behavior"); behavior.Str() != "" {
			program.Steps = append(program.Steps, analyzers.Step{
				Op: analyzers.OpSet, At: f.at(behavior), Space: space, Name: "behavior", Value: analyzers.Value{Parts: []analyzers.Part{{Text: behavior.Str()}}},
			})
		}
		for _, n := range append(g.Get("envs").Items(), g.Get("env").List()...) {
			program.Steps = append(program.Steps, f.variables(n)...)
		}
		for _, n := range g.Get("files").Items() {
			program.Steps = append(program.Steps, f.whole(n)...)
		}
		for _, n := range g.Get("literals").Items() {
			program.Steps = append(program.Steps, f.literal(n)...)
		}
		f.programs = append(f.programs, program)
	}
}

const generated = "generated "

// variables returns the steps that take in a file of variables. A file that is not called like one is taken in as a whole.
func (f *file) variables(n *yamltree.Node) []analyzers.Step {
	p, ok := f.local(n.Str())
	if !ok {
		return nil
	}
	at := f.at(n)
	steps := []analyzers.Step{{Op: analyzers.OpLoad, At: at, Ref: new(analyzers.PathTo(p, "", at)), Export: true, Says: "is generated from the file"}}
	if !strings.Contains(path.Base(p), "env") {
		steps = append(steps, analyzers.Step{Op: analyzers.OpMount, At: at, File: &analyzers.Value{At: at, Parts: []analyzers.Part{{Text: p}}}, Says: "is generated from the file"})
	}
	return steps
}

// whole returns the step that takes in a file as one key: "file" or "key=file".
func (f *file) whole(n *yamltree.Node) []analyzers.Step {
	key, file, named := strings.Cut(n.Str(), "=")
	if !named {
		key, file = path.Base(n.Str()), n.Str()
	}
	p, ok := f.local(file)
	if !ok {
		return nil
	}
	at := f.at(n)
	held := analyzers.Hole{File: &analyzers.Value{At: at, Parts: []analyzers.Part{{Text: p}}}}
	return []analyzers.Step{{
		Op: analyzers.OpSet, At: at, Name: key, Value: analyzers.Value{At: at, Parts: []analyzers.Part{{Hole: &held}}}, Export: true,
		Says: "is generated from the file",
	}}
}

// literal returns the step for "KEY=value"; quotes around the value are not a part of it.
func (f *file) literal(n *yamltree.Node) []analyzers.Step {
	text := n.Source()
	key, value, ok := strings.Cut(text.String, "=")
	if !ok || key == "" {
		return nil
	}
	start, end := len(key)+1, len(text.String)
	if len(value) > 1 && (value[0] == '"' || value[0] == '\'') && value[len(value)-1] == value[0] {
		start, end = start+1, end-1
	}
	return []analyzers.Step{{
		Op: analyzers.OpSet, At: f.at(n), Name: key, Export: true, Value: analyzers.Value{At: f.at(n), Parts: text.Slice(start, end).Literal()},
	}}
}
