package compose

import (
	"path"
	"reflect"
	"slices"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/dockerfile"
)

// container is what a service's container does and gets.
type container struct {
	steps   []analyzers.Step // what it gets, in the order of precedence
	command []analyzers.Step // what it does
	dir     string           // the folder of the repository that it works in
	image   *dockerfile.Image
	facts   []*analyzers.Facts // of ignore files
}

func (c *container) all() []analyzers.Step { return slices.Concat(c.steps, c.command) }

func equalSteps(a, b []analyzers.Step) bool { return reflect.DeepEqual(a, b) }

func equalSigns(a, b []analyzers.Sign) bool { return reflect.DeepEqual(a, b) }

// container puts together what a service's merged steps say, its image, and the project's variables.
func (j *joiner) container(p *project, service string, merged []analyzers.Step) *container {
	c := &container{steps: slices.Clone(p.loads[service]), dir: p.folders[service]}
	var mounts []dockerfile.Mount
	var environment []analyzers.Step // behind all that the project's variables fill: its env_files are shown more than these
	dir, shown := "", false
	if build, ok := j.built(p, service, merged); ok {
		merged = slices.Concat([]analyzers.Step{build}, merged)
	}
	for _, s := range merged {
		switch s.Op {
		case dockerfile.OpBuild:
			j.build(c, s, p.loads[service])
			if c.image != nil {
				mounts, dir = append(mounts, c.image.Mounts...), c.image.Dir
			}
		case analyzers.OpLoad:
			if !shown && j.refers(s, p.loads[service]) {
				environment = append(environment, show(merged)...)
				shown = true
			}
			environment = append(environment, j.load(s, p.loads[service]))
		case opGive:
			c.steps = append(c.steps, p.give(s)...)
		case opBorrow:
			c.steps = append(c.steps, j.borrow(p, s.Name)...)
		case opWorkdir:
			dir = s.Name
		case analyzers.OpMount:
			if text, known := j.text(s.Files(), p.loads[service]); known {
				mounts = append(mounts, dockerfile.Mount{Place: path.Clean(s.Name), Path: text})
			}
			c.steps = append(c.steps, s)
		case analyzers.OpSet:
			if shown {
				s.Value = hole(serviceSpace, s)
			}
			environment = append(environment, s)
		}
	}
	c.steps = append(c.steps, environment...)
	if found, ok := dockerfile.Locate(j.index, mounts, dir, dir); ok && dir != "" {
		c.dir = found
	}
	c.command = dockerfile.Place(j.index, mounts, dir, commands(merged, c.image))
	return c
}

// built returns the build of a service's image by another service, where it has none of its own.
func (j *joiner) built(p *project, service string, merged []analyzers.Step) (analyzers.Step, bool) {
	image, own := j.image(merged, p.loads[service])
	if own != nil || image == "" {
		return analyzers.Step{}, false
	}
	build, ok := p.builds[image]
	return build, ok
}

// builds returns the builds of a project's services by the names of the images.
func (j *joiner) builds(p *project) map[string]analyzers.Step {
	builds := map[string]analyzers.Step{}
	for _, service := range p.services {
		if name, build := j.image(p.merged(service), p.loads[service]); build != nil && name != "" {
			builds[name] = *build
		}
	}
	return builds
}

// image returns the name of a service's image and the step that builds it, nil if nothing does.
func (j *joiner) image(merged, loads []analyzers.Step) (name string, build *analyzers.Step) {
	for i := range merged {
		switch merged[i].Op {
		case opImage:
			name, _ = j.text(merged[i].Value, loads)
		case dockerfile.OpBuild:
			build = &merged[i]
		}
	}
	return name, build
}

// merged returns what all files say of a service.
func (p *project) merged(service string) []analyzers.Step {
	var layers [][]analyzers.Step
	for _, d := range p.layers[service] {
		layers = append(layers, d.steps)
	}
	return merge(layers)
}

// commands returns what a container does: the service's own entrypoint and command, or the image's.
func commands(merged []analyzers.Step, image *dockerfile.Image) []analyzers.Step {
	find := func(key string) *analyzers.Step {
		i := slices.IndexFunc(merged, func(s analyzers.Step) bool { return s.Op == analyzers.OpBlock && s.Key == key })
		if i < 0 {
			return nil
		}
		return &merged[i]
	}
	entrypoint, command, health := find("entrypoint"), find("command"), find("healthcheck")
	if image == nil {
		image = &dockerfile.Image{}
	}
	var steps []analyzers.Step
	switch {
	case entrypoint == nil && command == nil:
		steps = append(steps, image.Command...)
	case entrypoint == nil:
		steps = append(append(steps, image.Entrypoint...), command.Steps...)
	case command == nil:
		steps = append(steps, entrypoint.Steps...)
	default:
		if command.At.Path != entrypoint.At.Path { // else the entrypoint is a part of the command
			steps = append(steps, entrypoint.Steps...)
		}
		steps = append(steps, command.Steps...)
	}
	if health != nil {
		steps = append(steps, health.Steps...)
	} else {
		steps = append(steps, image.Health...)
	}
	for _, s := range merged {
		if s.Op == analyzers.OpBlock && s.Key == "" {
			steps = append(steps, s.Steps...)
		}
	}
	return steps
}

// build adds what the service's image holds.
func (j *joiner) build(c *container, s analyzers.Step, loads []analyzers.Step) {
	context, known := j.text(s.Files(), loads)
	if !known || context == nowhere {
		return
	}
	if s.Says != "" { // it stands in the compose file
		c.image = dockerfile.FromFacts(j.index, j.inline(s), s.Refers().Name, context)
	} else {
		file, _ := j.text(s.Refers().Path, loads)
		if file == "" {
			file = "Dockerfile"
		}
		c.image = dockerfile.Open(j.index, inFolder(context, file), s.Refers().Name, context)
	}
	if c.image == nil {
		return
	}
	c.facts = append(c.facts, c.image.Facts...)
	c.steps = append(c.steps, s.Steps...)
	c.steps = append(c.steps, c.image.Steps...)
}

// inline returns the facts of a Dockerfile that stands in a compose file.
func (j *joiner) inline(s analyzers.Step) *analyzers.Facts {
	facts := &analyzers.Facts{Path: s.At.Path}
	if f := j.files[s.At.Path]; f != nil {
		for _, p := range f.Programs {
			if stage, ok := strings.CutPrefix(p.Name, s.Says); ok {
				p.Name = stage
				facts.Programs = append(facts.Programs, p)
			}
		}
	}
	return facts
}

// load returns the step that loads an env_file. A file that nobody could read as one is taken as a whole.
func (j *joiner) load(s analyzers.Step, loads []analyzers.Step) analyzers.Step {
	text, known := j.text(s.Refers().Path, loads)
	if !known || !j.index.Exists(text) {
		return s
	}
	for _, f := range j.index.Facts(text) {
		for i := range f.Programs {
			if f.Programs[i].Name == "" {
				return s
			}
		}
	}
	return analyzers.Step{Op: analyzers.OpMount, At: s.At, File: new(s.Refers().Path), Says: s.Says}
}

// refers reports whether a value in an env_file is filled from a variable. It can be one that the service sets itself.
func (j *joiner) refers(load analyzers.Step, loads []analyzers.Step) bool {
	file, _ := j.text(load.Refers().Path, loads)
	return slices.ContainsFunc(j.variables(file), func(s analyzers.Step) bool {
		return slices.ContainsFunc(s.Value.Parts, func(p analyzers.Part) bool { return p.Hole != nil })
	})
}

// serviceSpace is where a service's own variables are while its env_files are read.
const serviceSpace = "service"

// show lets the values in env_files see the service's own variables: behind those of the project, but before their own file's.
func show(merged []analyzers.Step) []analyzers.Step {
	var own, seen []analyzers.Step
	for _, s := range merged {
		if s.Op != analyzers.OpSet {
			continue
		}
		s.Export = false
		s.Space = serviceSpace
		own = append(own, s)
		if !alone(s) { // else it may have no value, and hides nothing
			s.Space, s.IfUnset, s.Value = projectSpace, true, hole(serviceSpace, s)
			seen = append(seen, s)
		}
	}
	return slices.Concat(own, seen)
}

// alone reports whether a variable is only named, and has the project's value.
func alone(s analyzers.Step) bool {
	if len(s.Value.Parts) != 1 {
		return false
	}
	h := s.Value.Parts[0].Hole
	return h != nil && h.Name == s.Name && h.Default == nil
}

// hole returns the value that a name has in a space.
func hole(space string, s analyzers.Step) analyzers.Value {
	return analyzers.Value{At: s.Value.At, Parts: []analyzers.Part{{Hole: &analyzers.Hole{Space: space, Name: s.Name}}}}
}

// give returns what having a secret, config or volume of the project means.
func (p *project) give(s analyzers.Step) []analyzers.Step {
	target, _ := s.Files().Text()
	for _, shared := range slices.Backward(p.shared) {
		if shared.Space != s.Space || shared.Name != s.Name || s.Name == "" {
			continue
		}
		steps := slices.Clone(shared.Steps)
		for i := range steps {
			steps[i].Name = target
			steps[i].Says = strings.TrimSuffix(s.Space, "s") + " " + s.Name
			if steps[i].Op == analyzers.OpMount {
				steps[i].Optional = true
			}
		}
		return steps
	}
	return nil
}

// borrow returns the volumes of another service.
func (j *joiner) borrow(p *project, service string) []analyzers.Step {
	var steps []analyzers.Step
	for _, s := range p.merged(service) {
		switch {
		case s.Op == opGive && s.Space == "volumes":
			steps = append(steps, p.give(s)...)
		case s.Op == analyzers.OpMount:
			steps = append(steps, s)
		}
	}
	return steps
}
