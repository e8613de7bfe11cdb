package platform

import (
	"bytes"
	"path"
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/code"
	"github.com/stagewall/stagewall/analyzers/internal/commandline"
	"github.com/stagewall/stagewall/analyzers/internal/table"
	"github.com/stagewall/stagewall/analyzers/internal/tree"
	"github.com/stagewall/stagewall/analyzers/shell"
	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/environ"
)

// Analyzer reads the configuration of hosting platforms.
var Analyzer = &analyzers.Analyzer{
	Name: "platform",
	Doc: `platform reads the configuration of hosting platforms

Each stage that a file describes is a unit, with the variables and commands that the file gives it.`,
	Version: 5,
	Files:   patterns(),
	Sniff:   isTask,
	Run:     run,
}

// format is one platform's file.
type format struct {
	pattern string
	title   string
	read    func(f *file)
	holds   string // a word in it, where files of other programs have the name too
}

// formats are the files, each by its pattern. The documents are named at each reader.
var formats = []format{
	{"**/{railway,railway.*}.{json,toml}", "Railway", railway, ""},
	{"**/{fly,fly.*,fly-*,fly_*,*.fly}.toml", "Fly", fly, ""},
	{"**/vercel.json", "Vercel", vercel, ""},
	{"**/now.json", "Vercel", vercel, ""},
	{"**/netlify.toml", "Netlify", netlify, ""},
	{"**/wrangler.{toml,json,jsonc}", "Cloudflare", wrangler, ""},
	{"**/eas.json", "Expo", eas, "\"build\""},
	{"**/.firebaserc", "Firebase", firebase, ""},
	{"**/firebase.json", "Firebase", firebaseHooks, ""},
	{"**/supabase/config.toml", "Supabase", supabase, ""},
	{"**/databricks.{yml,yaml}", "Databricks", databricks, ""},
	{"**/.vercel/{project,repo}.json", "Vercel", vercelProject, ""},
	{"**/.neon", "Neon", neon, ""},
	{"**/doppler.{yaml,yml}", "Doppler", doppler, ""},
	{"**/.infisical.json", "Infisical", infisical, ""},
	{"**/app.json", "Heroku", heroku, ""},
	{"**/heroku.yml", "Heroku", herokuYML, ""},
	{"**/render.{yaml,yml}", "Render", render, ""},
	{"**/.do/*.{yaml,yml}", "App Platform", appPlatform, ""},
	{"**/app{,-*,.*,_*}.{yml,yaml}", "App Engine", appEngine, "runtime:"},
	{"**/*{taskdef,task-def,task_def,taskDef}*.json", "ECS", task, ""},
	{"**/apprunner.yaml", "App Runner", appRunner, ""},
}

// headSize is how much of a file is looked at to tell what it is.
const headSize = 512

func patterns() []string {
	var all []string
	for _, f := range formats {
		all = append(all, f.pattern)
	}
	return all
}

func run(pass *analyzers.Pass) error {
	for _, f := range formats {
		if doublestar.MatchUnvalidated(f.pattern, pass.Path) && bytes.Contains(pass.Data, []byte(f.holds)) {
			read(pass, f)
			return nil
		}
	}
	if isTask(pass.Path, pass.Data[:min(len(pass.Data), headSize)]) {
		read(pass, format{title: "ECS", read: task})
	}
	return nil
}

func read(pass *analyzers.Pass, format format) {
	root, err := tree.Read(pass)
	if err != nil {
		pass.Gap(detectors.Place{Path: pass.Path}, format.title+"'s file cannot be read as what it is; what it defines is known in part at most")
	}
	if root != nil {
		format.read(&file{pass: pass, title: format.title, root: root})
	}
}

// file is one file while it is read.
type file struct {
	pass  *analyzers.Pass
	title string
	root  *tree.Node
}

// stage is a deployment that a file describes: a unit and its program.
type stage struct {
	*file
	name  string // the environment's name in the file, empty for a deployment without one
	dir   string // in which its commands run, if it is not the file's own
	steps []analyzers.Step
	signs []analyzers.Sign
}

// stage begins a deployment.
func (f *file) stage(name string) *stage { return &stage{file: f, name: name} }

// declare notes that a key of the file says which environment the deployment is.
func (s *stage) declare(class analyzers.Class, n *tree.Node, environments detectors.Environment, says string) {
	if environments != 0 {
		s.signs = append(s.signs, analyzers.Sign{Class: class, Environments: environments, Says: says, At: n.Place(s.pass)})
	}
}

// set sets a variable of the deployment.
func (s *stage) set(n *tree.Node, name string, value analyzers.Value) {
	s.steps = append(s.steps, analyzers.Step{Op: analyzers.OpSet, At: n.Place(s.pass), Name: name, Value: value, Export: true})
	text, ok := value.Text()
	if ok && environ.Selector(name) {
		s.declare(code.ClassOf(name), n, environ.Value(text), "sets "+name)
	}
}

// variables sets the members of an object.
func (s *stage) variables(object *tree.Node) {
	for _, n := range object.Keys() {
		if n.Kind == tree.String || n.Kind == tree.Other {
			s.set(n, n.Key, n.Value(s.pass))
		}
	}
}

// command runs a command line, or each of a list.
func (s *stage) command(n *tree.Node, says string) {
	for _, one := range n.Elements() {
		if one.Str() == "" {
			continue
		}
		var line commandline.Line
		line.Add(one.Value(s.pass).Parts)
		steps, signs := line.Read(s.pass, "")
		s.signs = append(s.signs, signs...)
		s.steps = append(s.steps, analyzers.Step{Op: analyzers.OpRun, At: one.Place(s.pass), Steps: steps, Says: says})
	}
}

// image gives the deployment what the image of a Dockerfile has.
func (s *stage) image(n *tree.Node) {
	at := n.Place(s.pass)
	ref := analyzers.PathTo("Dockerfile", "", at)
	if n.Str() != "" {
		ref.Path = n.Value(s.pass)
	}
	s.steps = append(s.steps, analyzers.Step{Op: analyzers.OpSource, At: at, Ref: new(ref), Optional: true, Says: "is built from it"})
}

// done writes the deployment down. It stands at a node of the file.
func (s *stage) done(n *tree.Node, display string) {
	id := s.pass.Path
	if s.name != "" {
		id += "#" + s.name
	}
	if display == "" {
		display = path.Base(id)
	}
	at := n.Place(s.pass)
	s.publish(at)
	s.pass.Facts.Units = append(s.pass.Facts.Units, analyzers.Unit{
		ID: id, Name: display, Kind: "deploy-context", At: at, Signs: s.signs,
		Runs: analyzers.PathTo(s.pass.Path, shell.Stage+s.name, at),
	})
}

// publish makes the deployment a program, for those who run it.
func (s *stage) publish(at detectors.Place) {
	s.pass.Facts.Programs = append(s.pass.Facts.Programs, analyzers.Program{Name: shell.Stage + s.name, At: at, Dir: s.folder(), Steps: s.steps})
}

// mention notes that the file says that an environment exists.
func (f *file) mention(n *tree.Node, environments detectors.Environment, says string) {
	if environments != 0 {
		f.pass.Facts.Mentions = append(f.pass.Facts.Mentions, analyzers.Sign{
			Class: analyzers.Declared, Environments: environments, Says: says, At: n.Place(f.pass),
		})
	}
}

// bind notes that an id of the platform belongs to environments; to none, where the file gives it a name that says nothing.
func (f *file) bind(what string, n *tree.Node, environments detectors.Environment) {
	table.Add(f.pass, what, n.Str(), table.Key(environments), n.Place(f.pass))
}

// named returns the node at the first of the paths where there is one.
func named(root *tree.Node, paths ...[]string) *tree.Node {
	for _, p := range paths {
		if n := root.Get(p...); n != nil {
			return n
		}
	}
	return nil
}

// hosts binds the hosts of a worker's routes.
func (f *file) hosts(config *tree.Node, environments detectors.Environment) {
	routes := slices.Clip(config.Get("routes").Elements())
	routes = append(routes, config.Get("route").Elements()...)
	for _, n := range append(routes, config.Get("route")) {
		if n != nil && n.Kind == tree.Object {
			n = n.Get("pattern")
		}
		host, _, _ := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(n.Str(), "https://"), "http://"), "/")
		if !strings.HasPrefix(host, "*") {
			table.Add(f.pass, "host", strings.ToLower(host), table.Key(environments), n.Place(f.pass))
		}
	}
}
