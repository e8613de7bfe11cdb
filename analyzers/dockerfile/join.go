package dockerfile

import (
	"path"
	"slices"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/environ"
)

// join makes a unit of every Dockerfile whose name says an environment and that nothing builds which is a unit itself.
func join(index analyzers.Index) []*analyzers.Facts {
	var joined []*analyzers.Facts
	var builds map[string]build
	for _, file := range index.All() {
		facts := factsOf(index, file)
		if facts == nil || nameSays(file) == 0 {
			continue
		}
		if builds == nil {
			builds = find(index)
		}
		b := builds[file]
		if b.service {
			continue
		}
		if b.context == "" {
			b.context = guess(index, facts)
		}
		if image := FromFacts(index, facts, b.target, b.context); image != nil {
			joined = append(append(joined, unit(index, image, facts, b)), image.Facts...)
		}
	}
	return joined
}

// nameSays returns the environment that a Dockerfile's name says, without its folder's.
func nameSays(file string) detectors.Environment { return environ.Path(path.Base(file)) }

// build is how a Dockerfile is built.
type build struct {
	context string
	target  string
	args    []analyzers.Step
	service bool // by a compose service, whose image it is
}

// unit makes the unit of an image: whoever runs it.
func unit(index analyzers.Index, image *Image, facts *analyzers.Facts, b build) *analyzers.Facts {
	at := detectors.Place{Path: image.Path, Line: 1, Column: 1}
	program := analyzers.Program{Name: "image", At: at, Dir: ".", Steps: slices.Concat(named(b.args, image), image.Steps)}
	dir := "."
	if found, ok := Locate(index, image.Mounts, image.Dir, image.Dir); ok {
		dir = found
	}
	command := analyzers.Program{Name: "command", At: at, Dir: dir}
	for _, steps := range [][]analyzers.Step{image.Command, image.Health} {
		command.Steps = append(command.Steps, Place(index, image.Mounts, image.Dir, steps)...)
	}
	if len(command.Steps) > 0 {
		program.Steps = append(program.Steps, image.Contain(dir, command.Steps[0].At)...)
		program.Steps = append(program.Steps, analyzers.Step{
			Op: analyzers.OpRun, At: command.Steps[0].At, Ref: new(analyzers.PathTo(image.Path, command.Name, at)), Says: "the container's command",
		})
	}
	return &analyzers.Facts{
		Path:     image.Path,
		Analyzer: name,
		Programs: []analyzers.Program{program, command},
		Units: []analyzers.Unit{{
			ID: image.Path, Name: path.Base(image.Path), Kind: "image", At: at, Runs: analyzers.PathTo(image.Path, program.Name, at),
		}},
	}
}

// find returns how Dockerfiles are built, by their paths: what commands and compose services say.
func find(index analyzers.Index) map[string]build {
	builds := map[string]build{}
	for _, file := range index.All() {
		for _, f := range index.Facts(file) {
			for i := range f.Programs {
				walk(f.Programs[i].Steps, func(s *analyzers.Step) {
					switch {
					case s.Op == OpBuild:
						if p, ok := serviceBuild(index, file, s); ok {
							builds[p] = build{service: true}
						}
					case s.Op == analyzers.OpCall && s.Sink != nil:
						if p, b, ok := commandBuild(index, file, s); ok && !builds[p].service {
							builds[p] = b
						}
					}
				})
			}
		}
	}
	return builds
}

func walk(steps []analyzers.Step, visit func(*analyzers.Step)) {
	for i := range steps {
		visit(&steps[i])
		walk(steps[i].Steps, visit)
	}
}

// OpBuild is the step by which another analyzer says that it runs the image of a Dockerfile: File is the build context and Ref.Path
// the Dockerfile, relative to the context. Linking passes over it.
const OpBuild analyzers.Op = "build"

func serviceBuild(index analyzers.Index, file string, s *analyzers.Step) (string, bool) {
	context, ok := s.Files().Text()
	if !ok || strings.Contains(context, "://") {
		return "", false
	}
	dockerfile, ok := s.Refers().Path.Text()
	if !ok {
		return "", false
	}
	if dockerfile == "" {
		dockerfile = "Dockerfile"
	}
	for _, folder := range []string{path.Dir(file), "."} {
		if p := path.Join(folder, context, dockerfile); factsOf(index, p) != nil {
			return p, true
		}
	}
	return "", false
}

// valued are the options of docker build and podman build that take a value and matter here, or would be taken for the context.
var valued = map[string]bool{
	"-f": true, "--file": true, "-t": true, "--tag": true, "--target": true, "--build-arg": true, "--platform": true, "--label": true,
	"--secret": true, "--ssh": true, "--cache-from": true, "--cache-to": true, "-o": true, "--output": true, "--network": true,
	"--progress": true, "--build-context": true, "--builder": true, "--iidfile": true, "--add-host": true, "--metadata-file": true,
	"--memory": true, "-m": true, "--shm-size": true, "--ulimit": true, "--annotation": true, "--attest": true,
}

// commandBuild reads docker build, docker buildx build and podman build.
// https://docs.docker.com/reference/cli/docker/buildx/build/
func commandBuild(index analyzers.Index, file string, s *analyzers.Step) (string, build, bool) {
	argv := s.Sink.Argv
	if s.Sink.Tool != "docker" && s.Sink.Tool != "podman" && s.Sink.Tool != "nerdctl" || len(argv) < 2 {
		return "", build{}, false
	}
	argv = argv[1:]
	for _, word := range []string{"buildx", "image"} {
		if len(argv) > 1 && argv[0].Text == word {
			argv = argv[1:]
		}
	}
	if argv[0].Text != "build" {
		return "", build{}, false
	}
	var b build
	dockerfile, context := "", ""
	for i := 1; i < len(argv); i++ {
		option, value, joined := strings.Cut(argv[i].Text, "=")
		if !strings.HasPrefix(option, "-") {
			if argv[i].Text != "" {
				context = argv[i].Text
			}
			continue
		}
		word := detectors.Word{Text: value, Span: argv[i].Span}
		if !joined && valued[option] && i+1 < len(argv) {
			i++
			word = argv[i]
		}
		switch option {
		case "-f", "--file":
			dockerfile = word.Text
		case "--target":
			b.target = word.Text
		case "--build-arg":
			b.args = append(b.args, argument(file, s, word))
		}
	}
	if context == "" || strings.Contains(context, "://") {
		return "", build{}, false
	}
	if dockerfile == "" {
		dockerfile = path.Join(context, "Dockerfile")
	}
	for _, folder := range []string{".", path.Dir(file)} {
		if p := path.Join(folder, dockerfile); factsOf(index, p) != nil {
			b.context = path.Join(folder, context)
			return p, b, true
		}
	}
	return "", build{}, false
}

// argument sets what --build-arg NAME=value gives. Where the value is a token the word is withheld, and its name with it.
func argument(file string, s *analyzers.Step, word detectors.Word) analyzers.Step {
	name, value, _ := strings.Cut(word.Text, "=")
	at := s.At
	if at.Path == "" {
		at.Path = file
	}
	return analyzers.Step{
		Op: analyzers.OpSet, Space: Space, Name: name, At: at,
		Value: analyzers.Value{At: at, Parts: []analyzers.Part{{Text: value, Span: word.Span}}},
	}
}

// named returns the settings of arguments; one whose name is withheld can be of any argument that no other names.
func named(args []analyzers.Step, image *Image) []analyzers.Step {
	var settled []analyzers.Step
	given := map[string]bool{}
	for _, a := range args {
		if given[a.Name] = true; a.Name != "" {
			settled = append(settled, a)
		}
	}
	for _, a := range args {
		for _, s := range image.Steps {
			if a.Name == "" && s.Space == Space && !given[s.Name] {
				a := a
				a.Name = s.Name
				settled = append(settled, a)
			}
		}
	}
	return settled
}

// guess returns the folder in which a Dockerfile is most likely built: the nearest one, from its own upward, in which the most of its
// sources exist. Its own folder does not count if nothing else lies in it.
func guess(index analyzers.Index, facts *analyzers.Facts) string {
	var sources []string
	for _, p := range facts.Programs {
		for _, s := range p.Steps {
			if text, known := s.Files().Text(); known && s.Op == analyzers.OpMount {
				if full := path.Join("/", text); full != "/" {
					sources = append(sources, strings.TrimPrefix(full, "/"))
				}
			}
		}
	}
	own := path.Dir(facts.Path)
	best, most := "", -1
	for folder := own; ; folder = path.Dir(folder) {
		found := 0
		for _, source := range sources {
			o := opener{index: index}
			if len(o.sources(path.Join(folder, source))) > 0 {
				found++
			}
		}
		if found > most && (folder != own || !lonely(index, own)) {
			best, most = folder, found
		}
		if folder == "." {
			break
		}
	}
	if best == "" {
		return own
	}
	return best
}

// lonely reports whether a folder holds nothing but Dockerfiles and what belongs to them.
func lonely(index analyzers.Index, folder string) bool {
	for _, p := range index.Match(path.Join(escape(folder), "**")) {
		base := strings.ToLower(path.Base(p))
		if !strings.Contains(base, "docker") && !strings.Contains(base, "container") {
			return false
		}
	}
	return true
}
