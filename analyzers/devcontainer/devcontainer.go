package devcontainer

import (
	"path"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/dockerfile"
	"github.com/stagewall/stagewall/analyzers/internal/command"
	"github.com/stagewall/stagewall/analyzers/internal/lazyregexp"
	"github.com/stagewall/stagewall/analyzers/internal/tree"
	"github.com/stagewall/stagewall/analyzers/interpolate"
	"github.com/stagewall/stagewall/detectors"
)

// Analyzer reads devcontainer.json files.
var Analyzer = &analyzers.Analyzer{
	Name:    name,
	Doc:     "Reads devcontainer.json: what a dev container gets.",
	Version: 1,
	Files:   []string{"**/devcontainer.json", "**/.devcontainer.json"},
	Run:     run,
	Join:    join,
}

const name = "devcontainer"

// The programs of a file. Linking runs what joining makes of them.
const (
	variables = "variables" // what the container's environment is, and what is mounted
	commands  = "commands"  // what runs in it
	origin    = "origin"    // where it comes from: a build, or a call of compose with the service as its last word
)

func run(pass *analyzers.Pass) error {
	root, err := tree.JSON(pass.Data)
	if err != nil {
		pass.Gap(pass.At(0, 0), "the file does not parse as JSON with comments, so what the dev container gets is not seen")
		return nil
	}
	r := &reader{pass: pass, folder: path.Dir(pass.Path), workspace: workspace(pass.Path)}
	r.read(root)
	at := pass.At(root.Span.Start, root.Span.Start)
	pass.Facts.Programs = append(pass.Facts.Programs, // the reader of shell has put in pieces that commands hold
		analyzers.Program{Name: origin, At: at, Steps: r.origin},
		analyzers.Program{Name: variables, At: at, Steps: r.steps},
		analyzers.Program{Name: commands, At: at, Steps: r.commands},
	)
	return nil
}

// workspace returns the folder that a dev container is for: the one that holds .devcontainer.json or the folder .devcontainer.
func workspace(file string) string {
	for folder := path.Dir(file); folder != "."; folder = path.Dir(folder) {
		if path.Base(folder) == ".devcontainer" {
			return path.Dir(folder)
		}
	}
	return path.Dir(file)
}

// reader reads one file.
type reader struct {
	pass      *analyzers.Pass
	folder    string // the file's
	workspace string
	steps     []analyzers.Step
	commands  []analyzers.Step
	origin    []analyzers.Step
}

func (r *reader) read(root *tree.Node) {
	r.build(root)
	r.compose(root)
	r.options(root.Get("runArgs").Elements())
	for _, key := range []string{"containerEnv", "remoteEnv"} { // the second is what tools in the container see over the first
		for _, n := range root.Get(key).Keys() {
			r.steps = append(r.steps, analyzers.Step{
				Op: analyzers.OpSet, Name: n.Key, At: r.pass.At(n.KeySpan.Start, n.KeySpan.End), Value: r.value(r.text(n)), Export: true, Says: key,
			})
		}
	}
	for _, n := range root.Get("mounts").Elements() {
		if n.Kind != tree.Object {
			r.mountText(n, r.text(n))
		} else if n.Get("type").Str() == "bind" {
			r.mount(n, r.value(r.text(n.Get("source"))), n.Get("target").Str())
		}
	}
	if folder := root.Get("workspaceFolder"); folder.Str() != "" {
		r.steps = append(r.steps, analyzers.Step{Op: opWorkspace, Name: folder.Str(), At: r.at(folder)})
	}
	r.steps = append(r.steps, analyzers.Step{
		Op: analyzers.OpSee, At: r.pass.At(root.Span.Start, root.Span.Start), File: new(plain(".")), Says: "the checkout is mounted into the dev container",
	})
	for _, key := range []string{"onCreateCommand", "updateContentCommand", "postCreateCommand", "postStartCommand", "postAttachCommand"} {
		r.command(key, root.Get(key))
	}
}

// opWorkspace is a step that linking passes over: Name is where in the container the workspace is.
const opWorkspace analyzers.Op = "workspace"

func plain(text string) analyzers.Value {
	return analyzers.Value{Parts: []analyzers.Part{{Text: text}}}
}

func (r *reader) at(n *tree.Node) detectors.Place { return r.pass.At(n.Span.Start, n.Span.End) }

// text returns a string and where it lies.
func (r *reader) text(n *tree.Node) interpolate.Text {
	if n.Str() == "" {
		return interpolate.Text{}
	}
	return interpolate.JSON(interpolate.Plain(string(r.pass.Data[n.Span.Start:n.Span.End]), n.Span.Start))
}

var variable = lazyregexp.New(`\$\{(?:(localEnv|env|containerEnv):([A-Za-z_]\w*)(?::([^}]*))?|(localWorkspaceFolder|containerWorkspaceFolder)\})`)

// localSpace is where the variables of the developer's machine are, of which nothing is known.
const localSpace = "local"

// pieces returns the text with its variables as holes. The folder of the workspace is left out, since paths are relative to it.
func pieces(t interpolate.Text) []interpolate.Piece {
	var list []interpolate.Piece
	literal := func(start, end int) {
		if start < end {
			list = append(list, interpolate.Piece{Text: t.Slice(start, end)})
		}
	}
	from := 0
	for _, m := range variable.FindAllStringSubmatchIndex(t.String, -1) {
		literal(from, m[0])
		from = m[1]
		if m[8] >= 0 {
			if from < len(t.String) && t.String[from] == '/' {
				from++
			}
			continue
		}
		from++ // the brace
		hole := &analyzers.Hole{Name: t.String[m[4]:m[5]], Space: localSpace}
		if t.String[m[2]:m[3]] == "containerEnv" {
			hole.Space = ""
		}
		if m[6] >= 0 {
			fallback := analyzers.Value{Parts: t.Slice(m[6], m[7]).Literal()}
			hole.Default = &fallback
		}
		list = append(list, interpolate.Piece{Hole: hole})
	}
	literal(from, len(t.String))
	return list
}

func (r *reader) value(t interpolate.Text) analyzers.Value {
	if t.String == "" {
		return analyzers.Value{}
	}
	span := t.Span(0, len(t.String))
	return analyzers.Value{Parts: interpolate.Parts(pieces(t)), At: r.pass.At(span.Start, span.End)}
}

// build reads the image's build, in its present and its old form.
func (r *reader) build(root *tree.Node) {
	n, file, context := root.Get("build"), root.Get("build", "dockerfile"), root.Get("build", "context")
	if file == nil {
		file, context = root.Get("dockerFile"), root.Get("context")
	}
	if file.Str() == "" {
		return
	}
	folder := path.Join(r.folder, context.Str())
	dockerFile := path.Join(r.folder, file.Text)
	step := analyzers.Step{
		Op: dockerfile.OpBuild, At: r.at(file), File: new(plain(folder)), Ref: &analyzers.Ref{Path: plain(relative(folder, dockerFile)), Name: n.Get("target").Str()},
	}
	for _, a := range n.Get("args").Keys() {
		step.Steps = append(step.Steps, analyzers.Step{
			Op: analyzers.OpSet, Space: dockerfile.Space, Name: a.Key, At: r.pass.At(a.KeySpan.Start, a.KeySpan.End), Value: r.value(r.text(a)),
		})
	}
	r.origin = append(r.origin, step)
}

// relative returns the path of a file as it is seen from a folder. Both are relative to the root.
func relative(folder, file string) string {
	up := ""
	for folder != "." && file != folder && !strings.HasPrefix(file, folder+"/") {
		folder, up = path.Dir(folder), up+"../"
	}
	if folder == "." {
		return up + file
	}
	return up + strings.TrimPrefix(file, folder+"/")
}

// compose reads the compose files and the service. The step is a call that starts it, by which the files are known as a set.
func (r *reader) compose(root *tree.Node) {
	files, service := root.Get("dockerComposeFile"), root.Get("service")
	if files == nil || service.Str() == "" {
		return
	}
	argv := []detectors.Word{{Text: "docker"}, {Text: "compose"}}
	for _, f := range files.Elements() {
		argv = append(argv, detectors.Word{Text: "-f"}, detectors.Word{Text: path.Join(r.folder, f.Str())})
	}
	argv = append(argv, detectors.Word{Text: "up"}, detectors.Word{Text: service.Text, Span: service.Span})
	r.origin = append(r.origin, analyzers.Step{Op: analyzers.OpCall, At: r.at(service), Sink: &detectors.Sink{Tool: "docker", Argv: argv}})
}

// options reads the options for docker run.
func (r *reader) options(args []*tree.Node) {
	for i := 0; i < len(args); i++ {
		t := r.text(args[i])
		option, value := t.String, interpolate.Text{}
		if n := strings.IndexByte(t.String, '='); n >= 0 && strings.HasPrefix(t.String, "--") {
			option, value = t.String[:n], t.Slice(n+1, len(t.String))
		} else if i+1 < len(args) {
			value = r.text(args[i+1])
		}
		if value.String == "" {
			continue
		}
		span := value.Span(0, len(value.String))
		at := r.pass.At(span.Start, span.End)
		switch option {
		case "--env-file":
			r.steps = append(r.steps, analyzers.Step{
				Op: analyzers.OpLoad, At: at, Ref: &analyzers.Ref{Path: r.inWorkspace(r.value(value))}, Export: true, Says: "--env-file",
			})
		case "-e", "--env":
			r.env(value, at)
		case "-v", "--volume":
			if n := strings.IndexByte(value.String, ':'); n > 0 {
				target, _, _ := strings.Cut(value.String[n+1:], ":")
				r.mount(args[i], r.value(value.Slice(0, n)), target)
			}
		case "--mount":
			r.mountText(args[i], value)
		}
	}
}

// env reads NAME=value; a NAME alone is given from the developer's machine.
func (r *reader) env(t interpolate.Text, at detectors.Place) {
	name, _, found := strings.Cut(t.String, "=")
	step := analyzers.Step{Op: analyzers.OpSet, Name: name, At: at, Export: true, Says: "--env"}
	if found {
		step.Value = r.value(t.Slice(len(name)+1, len(t.String)))
	} else {
		step.Value = analyzers.Value{Parts: []analyzers.Part{{Hole: &analyzers.Hole{Space: localSpace, Name: name}}}}
	}
	r.steps = append(r.steps, step)
}

// mountText reads source=…,target=…,type=bind.
func (r *reader) mountText(n *tree.Node, t interpolate.Text) {
	var source analyzers.Value
	target, bind := "", false
	from := 0
	for _, field := range strings.SplitAfter(t.String, ",") {
		key, value, found := strings.Cut(strings.TrimSuffix(field, ","), "=")
		start := from + len(key) + 1
		from += len(field)
		if !found {
			continue
		}
		switch key {
		case "source", "src":
			source = r.value(t.Slice(start, start+len(value)))
		case "target", "dst", "destination":
			target = value
		case "type":
			bind = value == "bind"
		}
	}
	if bind {
		r.mount(n, source, target)
	}
}

func (r *reader) mount(n *tree.Node, source analyzers.Value, target string) {
	if len(source.Parts) == 0 || source.Parts[0].Hole != nil {
		return // a home directory, or something else that is not in the repository
	}
	r.steps = append(r.steps, analyzers.Step{
		Op: analyzers.OpMount, At: r.at(n), Name: target, File: new(r.inWorkspace(source)), Optional: true, Says: "mounted at " + target,
	})
}

// inWorkspace returns a path that is relative to the workspace as one relative to the root.
func (r *reader) inWorkspace(v analyzers.Value) analyzers.Value {
	if text, known := v.Text(); known && !path.IsAbs(text) {
		v.Parts = []analyzers.Part{{Text: path.Join(r.workspace, text)}}
	}
	return v
}

// command reads a lifecycle command: a line of shell, a list of words, or an object of such.
func (r *reader) command(key string, n *tree.Node) {
	if n == nil {
		return
	}
	for _, one := range n.Keys() {
		r.command(key, one)
	}
	if n.Kind == tree.Object {
		return
	}
	var c command.Command
	if n.Kind == tree.Array {
		for _, e := range n.Members {
			c.Word(pieces(r.text(e)))
		}
	} else {
		c.Line(pieces(r.text(n)))
	}
	steps, _ := c.Steps(r.pass, key)
	r.commands = append(r.commands, steps...)
}
