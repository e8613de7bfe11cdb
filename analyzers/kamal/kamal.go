// Package kamal reads the configuration of Kamal.
//
// # Analyzer kamal
//
// A destination is a unit, of kind "deploy-context": config/deploy.staging.yml, merged over config/deploy.yml. The latter is one too, unless it
// requires a destination. Its containers have what the image has, the clear variables, and the secrets that it lists, by their names or by
// others (NAME:SECRET). Roles and accessories have their own over them.
//
//	https://kamal-deploy.org/docs/configuration/overview/
//	https://kamal-deploy.org/docs/configuration/environment-variables/
//
// Secrets come from .kamal/secrets-common and, for a destination, .kamal/secrets.DESTINATION, or else from .kamal/secrets. Their lines are
// assignments with commands in them, read as shell, which knows what kamal secrets fetch and extract print.
//
// # Environments
//
// The destination selects it.
//
// # What is not seen
//
// What Ruby in the configuration computes: what it prints is a part of a text that is not known, and of a choice both sides hold. What the machine
// that deploys has in its environment.
package kamal

import (
	"bytes"
	"path"
	"slices"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/lazyregexp"
	"github.com/stagewall/stagewall/analyzers/internal/tree"
	"github.com/stagewall/stagewall/analyzers/shell"
	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/environ"
)

// Analyzer reads destinations and the secrets that they are given.
var Analyzer = &analyzers.Analyzer{
	Name:    "kamal",
	Doc:     "reads Kamal's configuration: what the containers of each destination are given",
	Version: 2,
	Files:   []string{"**/config/deploy.yml", "**/config/deploy.*.yml", "**/.kamal/secrets", "**/.kamal/secrets-common", "**/.kamal/secrets.*"},
	Run:     read,
	Join:    join,
}

const (
	secretSpace = "kamal"      // the space of what the files of secrets set
	part        = "deploy"     // a file's program: keyed steps, to be merged
	required    = "require"    // the key of a step that is there if a destination is required
	maxSize     = 1 << 20      // of a file in bytes
	listKey     = "secret"     // the key of the list of secrets, which is replaced as a whole
	clearKey    = "clear/"     // begins the keys of variables
	containers  = "container/" // begins the keys of roles and accessories
)

func read(pass *analyzers.Pass) error {
	if strings.HasPrefix(path.Base(pass.Path), "secrets") {
		switch {
		case strings.HasSuffix(pass.Path, ".example"):
		case pass.TooLarge(maxSize, "one of secrets"):
		default:
			steps := shell.Body(pass, pass.Data, 0, shell.Options{Name: "file of secrets"})
			pass.Facts.Programs = append(pass.Facts.Programs, analyzers.Program{At: pass.At(0, 0), Steps: steps})
		}
		return nil
	}
	root, err := tree.YAML(withoutRuby(pass.Data))
	if err != nil {
		pass.Gap(detectors.Place{Path: pass.Path}, "the configuration is no YAML as it stands; what its destination is given is not known")
	}
	if root.Get("service") == nil && root.Get("servers") == nil && root.Get("env") == nil && root.Get("accessories") == nil || root.Get("kind") != nil {
		return nil // another tool's
	}
	f := &file{pass: pass, root: root}
	f.read()
	return nil
}

// printed stands for what Ruby prints: a character of nobody's, which YAML takes in a plain text.
const printed = "\ue000"

// withoutRuby returns the configuration with blanks for the tags of ERB, and marks for those that print something, so that whatever else is in it stands
// where it stood. https://kamal-deploy.org/docs/configuration/overview/ https://docs.ruby-lang.org/en/master/ERB.html
func withoutRuby(data []byte) []byte {
	if !bytes.Contains(data, []byte("<%")) {
		return data
	}
	out := slices.Clone(data)
	for at := 0; ; {
		start := bytes.Index(data[at:], []byte("<%"))
		if start < 0 {
			return out
		}
		start += at
		end := bytes.Index(data[start:], []byte("%>"))
		if end < 0 {
			return out
		}
		at = start + end + len("%>")
		tag := out[start:at]
		prints := tag[len("<%")] == '='
		for i := range tag {
			switch {
			case prints && i%len(printed) == 0 && i+len(printed) <= len(tag):
				copy(tag[i:], printed)
			case prints && i >= len(tag)/len(printed)*len(printed):
				tag[i] = '_'
			case !prints && tag[i] != '\n' && tag[i] != '\r':
				tag[i] = ' '
			}
		}
	}
}

// file is one configuration while it is read.
type file struct {
	pass  *analyzers.Pass
	root  *tree.Node
	steps []analyzers.Step
}

func (f *file) read() {
	if f.root.Get("require_destination").Is("true") {
		f.steps = append(f.steps, analyzers.Step{Op: analyzers.OpBlock, Key: required})
	}
	f.steps = append(f.steps, f.environment(f.root.Get("env"))...)
	var given []analyzers.Step // to Kamal itself
	for _, n := range []*tree.Node{f.root.Get("registry", "username"), f.root.Get("registry", "password"), f.root.Get("builder", "secrets")} {
		given = append(given, f.secrets(n)...)
	}
	if len(given) > 0 {
		f.steps = append(f.steps, analyzers.Step{Op: analyzers.OpRun, At: given[0].At, Steps: given, Isolated: true, Key: "registry", Says: "builds and pulls with it"})
	}
	for _, group := range []string{"servers", "accessories"} {
		for _, n := range f.root.Get(group).Keys() {
			if own := f.environment(n.Get("env")); len(own) > 0 {
				f.steps = append(f.steps, analyzers.Step{
					Op: analyzers.OpBlock, At: n.Place(f.pass), Name: group, Steps: own, Key: containers + group + "/" + n.Key,
				})
			}
		}
	}
	at := f.pass.At(0, 1)
	if n := f.root.Get("service"); n != nil {
		at = n.Place(f.pass)
	}
	f.pass.Facts.Programs = append(f.pass.Facts.Programs, analyzers.Program{Name: part, At: at, Steps: f.steps})
}

// environment returns the keyed sets of variables: all of them clear, or some clear and some secret.
func (f *file) environment(n *tree.Node) []analyzers.Step {
	var steps []analyzers.Step
	clearly := n
	if n.Get("clear") != nil || n.Get("secret") != nil || n.Get("tags") != nil {
		clearly = n.Get("clear")
	}
	for _, v := range clearly.Keys() {
		if v.Kind == tree.String || v.Kind == tree.Other {
			at, value := v.Place(f.pass), v.Value(f.pass)
			if strings.Contains(v.Text, printed) {
				value.Parts = []analyzers.Part{{Span: v.Span}} // tokens may stand in what is left of it
			}
			steps = append(steps, analyzers.Step{Op: analyzers.OpSet, At: at, Name: v.Key, Value: value, Export: true, Key: clearKey + v.Key})
		}
	}
	if list := n.Get("secret"); list != nil {
		steps = append(steps, analyzers.Step{Op: analyzers.OpBlock, At: list.Place(f.pass), Steps: f.secrets(list), Key: listKey})
	}
	return steps
}

// secrets returns the sets of a list of secrets. A text that is no list is no secret.
func (f *file) secrets(list *tree.Node) []analyzers.Step {
	if list == nil || list.Kind != tree.Array {
		return nil
	}
	var sets []analyzers.Step
	for _, n := range list.Elements() {
		name, secret, aliased := strings.Cut(n.Str(), ":")
		if !aliased {
			secret = name
		}
		if name == "" {
			continue
		}
		at := n.Place(f.pass)
		sets = append(sets, analyzers.Step{Op: analyzers.OpSet, At: at, Name: name, Export: true, Value: analyzers.Value{
			At: at, Parts: []analyzers.Part{{Hole: &analyzers.Hole{Space: secretSpace, Name: secret}}},
		}})
	}
	return sets
}

var destination = lazyregexp.New(`^deploy(?:\.([A-Za-z0-9_-]+))?\.yml$`)

// join merges each destination's file over the one for all.
func join(index analyzers.Index) []*analyzers.Facts {
	var joined []*analyzers.Facts
	for _, p := range index.All() {
		m := destination.FindStringSubmatch(path.Base(p))
		own := program(index, p)
		if m == nil || own == nil {
			continue
		}
		steps, files := own.Steps, []string(nil)
		if m[1] == "" && slices.ContainsFunc(steps, func(s analyzers.Step) bool { return s.Key == required }) {
			continue
		}
		if m[1] != "" {
			base := path.Join(path.Dir(p), "deploy.yml")
			all := program(index, base)
			if all == nil {
				continue // Kamal refuses it
			}
			steps, files = merge(all.Steps, base, own.Steps, p), []string{base}
		}
		joined = append(joined, deploy(p, m[1], own.At, steps, files))
	}
	return joined
}

// program returns what a configuration says, nil if it is none.
func program(index analyzers.Index, file string) *analyzers.Program {
	for _, f := range index.Facts(file) {
		if f.Analyzer != "kamal" {
			continue
		}
		for i := range f.Programs {
			if f.Programs[i].Name == part {
				return &f.Programs[i]
			}
		}
	}
	return nil
}

// merge returns the steps of both files; of those with one key, the last. Their places say which file they are of.
func merge(base []analyzers.Step, baseFile string, own []analyzers.Step, ownFile string) []analyzers.Step {
	var all []analyzers.Step
	for _, s := range placed(base, baseFile) {
		if !slices.ContainsFunc(own, func(o analyzers.Step) bool { return o.Key == s.Key }) {
			all = append(all, s)
		}
	}
	return append(all, placed(own, ownFile)...)
}

// placed returns steps whose places name their file.
func placed(steps []analyzers.Step, file string) []analyzers.Step {
	all := slices.Clone(steps)
	for i := range all {
		if all[i].At.Path == "" {
			all[i].At.Path = file
		}
		if all[i].Value.At.Path == "" {
			all[i].Value.At.Path = file
		}
		all[i].Steps = placed(all[i].Steps, file)
	}
	return all
}

// deploy returns the facts of a destination.
func deploy(file, name string, at detectors.Place, steps []analyzers.Step, files []string) *analyzers.Facts {
	root := path.Dir(path.Dir(file))
	secrets := []string{"secrets-common", "secrets"}
	if name != "" {
		secrets[1] += "." + name
	}
	var own, containing []analyzers.Step
	for _, s := range secrets {
		own = append(own, analyzers.Step{
			Op: analyzers.OpLoad, At: at, Ref: new(analyzers.PathTo(path.Join(root, ".kamal", s), "", at)), Space: secretSpace, Optional: true, Says: "takes secrets from it",
		})
	}
	container := []analyzers.Step{{
		Op: analyzers.OpSource, At: at, Ref: new(analyzers.PathTo(path.Join(root, "Dockerfile"), "", at)), Optional: true, Says: "is built from it",
	}}
	for _, s := range steps {
		switch {
		case s.Op == analyzers.OpRun:
			own = append(own, s)
		case strings.HasPrefix(s.Key, containers):
			containing = append(containing, s)
		default:
			container = append(container, s)
		}
	}
	own = append(own, analyzers.Step{Op: analyzers.OpRun, At: at, Isolated: true, Steps: container, Says: "runs with it"})
	for _, c := range containing {
		steps := c.Steps
		if c.Name == "servers" {
			steps = slices.Concat(container, c.Steps)
		}
		own = append(own, analyzers.Step{Op: analyzers.OpRun, At: c.At, Isolated: true, Steps: steps, Says: "runs with it"})
	}
	u := analyzers.Unit{ID: file, Name: path.Base(file), Kind: "deploy-context", At: at, Runs: analyzers.PathTo(file, "destination", at), Files: files}
	if environments := environ.Value(name); environments != 0 {
		u.Signs = append(u.Signs, analyzers.Sign{Class: analyzers.Selector, Environments: environments, Says: "its destination is " + name, At: at})
	}
	dir := root
	if dir == "." {
		dir = ""
	}
	return &analyzers.Facts{Path: file, Analyzer: "kamal", Units: []analyzers.Unit{u}, Programs: []analyzers.Program{
		{Name: "destination", At: at, Dir: dir, Steps: own},
	}}
}
