package compose

import (
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/dockerfile"
	"github.com/stagewall/stagewall/detectors"
)

// starts are the steps of which one is enough to start a service.
var starts = map[analyzers.Op]bool{opImage: true, dockerfile.OpBuild: true, opExtends: true}

func isService(p analyzers.Program) bool {
	return strings.HasPrefix(p.Name, servicePrefix) && !strings.Contains(p.Name, "/")
}

// join makes the units: one for each service of each set of files.
func join(index analyzers.Index) []*analyzers.Facts {
	files := map[string]*analyzers.Facts{}
	var paths []string
	for _, p := range index.All() {
		for _, f := range index.Facts(p) {
			if f.Analyzer == name && files[p] == nil && len(f.Programs) > 0 {
				files[p] = f
				paths = append(paths, p)
			}
		}
	}
	j := &joiner{
		index:   index,
		files:   files,
		ids:     map[string]bool{},
		byPath:  map[string]*analyzers.Facts{},
		made:    map[detectors.Place][]made{},
		named:   services(files),
		selects: map[string][]analyzers.Step{},
		callers: map[string]*given{},
	}
	sets, cut := find(index, files, paths)
	for _, s := range sorted(sets) {
		j.set(s)
	}
	for _, gap := range cut {
		j.gap(gap.At, gap.Says)
	}
	return j.facts
}

// joiner makes units.
type joiner struct {
	index  analyzers.Index
	files  map[string]*analyzers.Facts
	ids    map[string]bool
	facts  []*analyzers.Facts
	byPath map[string]*analyzers.Facts
	made   map[detectors.Place][]made
	named  map[string]map[string]*analyzers.Program // by file and service
	size   int                                      // steps of all units

	selects map[string][]analyzers.Step // see selecting
	callers map[string]*given           // by their spaces
}

// made is a unit that was made, to see whether another one is the same.
type made struct {
	unit  analyzers.Unit
	steps []analyzers.Step
}

// Limits of what is joined. Sets multiply what the files hold.
const (
	maxJoined  = 500_000 // steps
	maxInclude = 8       // files that include each other
	maxExtends = 16      // services that extend each other
)

// definition is what one file says of a service, with its paths relative to the root.
type definition struct {
	file  string
	at    detectors.Place
	steps []analyzers.Step
}

// project is a set of files with those that it includes.
type project struct {
	set
	services []string // in the order in which they are first mentioned
	layers   map[string][]definition
	loads    map[string][]analyzers.Step // by service: the files of the variables that its definitions are filled from
	shared   []analyzers.Step            // secrets, configs and volumes
	folders  map[string]string           // by service: the project's folder
	name     []analyzers.Sign            // what the project's own name says
	parts    map[string][]string         // by service: the files of the set that defines it
	builds   map[string]analyzers.Step   // by image: how a service builds it
}

func (j *joiner) set(s *set) {
	p := j.project(*s, nil, nil)
	p.builds = j.builds(p)
	for _, service := range p.services {
		if j.size > maxJoined {
			first := p.layers[service][0]
			j.gap(first.at, "the sets of compose files are too many to follow; what the services of the rest of them get is not known")
			return
		}
		j.unit(p, service)
	}
}

// project reads a set and what it includes. loads are those of the projects that include it.
func (j *joiner) project(s set, loads []analyzers.Step, within []string) *project {
	p := &project{
		set: s, layers: map[string][]definition{}, loads: map[string][]analyzers.Step{}, folders: map[string]string{},
		parts: map[string][]string{},
	}
	var fills []analyzers.Step // before the project's files too: these may ask for what they give
	if s.given != nil && len(within) == 0 {
		fills = s.given.fills(asked(j.index, j.files, &s), s.files[len(s.files)-1])
		j.callers[s.given.space(0)] = s.given
		j.facts = append(j.facts, s.given.facts())
	}
	loads = slices.Concat(loads, fills)
	for _, env := range s.env {
		at := detectors.Place{Path: s.files[len(s.files)-1]}
		loads = append(slices.Clone(loads), analyzers.Step{
			Op: analyzers.OpLoad, At: at, Space: projectSpace, Ref: new(analyzers.PathTo(env, "", at)), IfUnset: len(within) > 0 && len(loads) > 0,
			Optional: true, Says: "variables of the project",
		})
	}
	loads = slices.Concat(loads, fills)
	var own []definition
	var includes []analyzers.Step
	for _, file := range s.files {
		for i := range j.files[file].Programs {
			program := &j.files[file].Programs[i]
			switch {
			case program.Name == "":
				for _, step := range rooted(program.Steps, s.folder, file) {
					switch step.Op {
					case opInclude:
						includes = append(includes, step)
					case opFile:
						p.shared = append(p.shared, step)
					case opName:
						p.name = append(p.name, j.nameSign(step, loads)...)
					}
				}
			case isService(*program):
				d := definition{file, program.At, nil}
				if d.at.Path == "" {
					d.at.Path = file
				}
				d.steps = j.extended(s, file, strings.TrimPrefix(program.Name, servicePrefix), 0)
				own = append(own, d)
				p.add(strings.TrimPrefix(program.Name, servicePrefix))
			}
		}
	}
	if len(within) == 0 {
		p.name = append(p.name, j.givenName(s, loads)...)
	}
	for _, include := range includes {
		j.include(p, include, loads, append(slices.Clone(within), s.files...))
	}
	k := 0
	for _, file := range s.files {
		for i := range j.files[file].Programs {
			if program := &j.files[file].Programs[i]; isService(*program) {
				service := strings.TrimPrefix(program.Name, servicePrefix)
				p.layers[service] = append(p.layers[service], own[k])
				p.loads[service] = loads
				p.folders[service] = s.folder
				p.parts[service] = s.files
				k++
			}
		}
	}
	return p
}

func (p *project) add(service string) {
	if !slices.Contains(p.services, service) {
		p.services = append(p.services, service)
	}
}

// include adds the services of an included project. What the including one says of them goes over it.
func (j *joiner) include(p *project, step analyzers.Step, loads []analyzers.Step, within []string) {
	s := set{included: true}
	for _, v := range step.Refers().Args {
		text, _ := j.text(v, loads)
		if file := inFolder(p.folder, text); j.files[file] != nil && !slices.Contains(within, file) {
			s.files = append(s.files, file)
		}
	}
	if len(s.files) == 0 {
		return
	}
	if len(within) > maxInclude {
		j.gap(step.At, "compose files include each other too deeply; what the services of the innermost get is not known")
		return
	}
	s.folder = path.Dir(s.files[0])
	if text, known := step.Files().Text(); known && text != "" {
		s.folder = inFolder(p.folder, text)
	}
	for _, load := range slices.Backward(step.Steps) { // the last has what stands, and what the project that includes this one has stays
		if text, known := j.text(load.Refers().Path, loads); known {
			s.env = append(s.env, inFolder(p.folder, text))
		}
	}
	if file := path.Join(s.folder, ".env"); len(step.Steps) == 0 && j.index.Exists(file) {
		s.env = []string{file}
	}
	inner := j.project(s, loads, within)
	p.shared = append(inner.shared, p.shared...)
	for _, service := range inner.services {
		p.add(service)
		p.layers[service] = append(p.layers[service], inner.layers[service]...)
		p.loads[service] = inner.loads[service]
		p.folders[service] = inner.folders[service]
		p.parts[service] = inner.parts[service]
	}
}

// extended returns the steps of a service of a file, merged over those of the service that it extends.
func (j *joiner) extended(s set, file, service string, depth int) []analyzers.Step {
	steps, ok := j.service(file, service)
	if !ok {
		return nil
	}
	folder := s.folder
	if !slices.Contains(s.files, file) {
		folder = path.Dir(file) // a file that is only extended
	}
	own := rooted(steps, folder, file)
	if s.included || folder != s.folder {
		seenFrom(s.folder, own)
	}
	i := slices.IndexFunc(own, func(step analyzers.Step) bool { return step.Op == opExtends })
	if i < 0 {
		return own
	}
	if depth == maxExtends {
		j.gap(own[i].At, "services extend each other too deeply; what this one has of the innermost is not known")
		return own
	}
	from := own[i].Refers().Name
	base := file
	if text, known := own[i].Refers().Path.Text(); known && text != "" {
		base = inFolder(folder, text)
		if j.files[base] == nil {
			base = inFolder(path.Dir(file), text)
		}
	}
	if base == file && from == service {
		return own
	}
	below := j.extended(s, base, from, depth+1)
	if below == nil && base == file { // the service that is extended may stand in another file of the set
		for _, other := range s.files {
			if _, ok := j.service(other, from); ok && other != file {
				below = j.extended(s, other, from, depth+1)
				break
			}
		}
	}
	resets := slices.DeleteFunc(slices.Clone(own), func(step analyzers.Step) bool { return step.Op != opReset })
	return append(resets, merge([][]analyzers.Step{below, own})...) // they also hold against what other files say of the service
}

func (j *joiner) service(file, service string) ([]analyzers.Step, bool) {
	if p := j.named[file][service]; p != nil {
		return p.Steps, true
	}
	return nil, false
}

// services returns the programs of services by file and name; of several of one name the first.
func services(files map[string]*analyzers.Facts) map[string]map[string]*analyzers.Program {
	all := map[string]map[string]*analyzers.Program{}
	for file, f := range files {
		all[file] = map[string]*analyzers.Program{}
		for i := range f.Programs {
			if p := &f.Programs[i]; isService(*p) && all[file][strings.TrimPrefix(p.Name, servicePrefix)] == nil {
				all[file][strings.TrimPrefix(p.Name, servicePrefix)] = p
			}
		}
	}
	return all
}

func (j *joiner) gap(at detectors.Place, says string) {
	f := j.at(at.Path)
	f.Gaps = append(f.Gaps, analyzers.Gap{At: at, Says: says})
}

// at returns the facts to which what is joined of a file is added.
func (j *joiner) at(file string) *analyzers.Facts {
	f, ok := j.byPath[file]
	if !ok {
		f = &analyzers.Facts{Path: file, Analyzer: name}
		j.byPath[file] = f
		j.facts = append(j.facts, f)
	}
	return f
}

// unit makes the unit of a service.
func (j *joiner) unit(p *project, service string) {
	definitions := p.layers[service]
	merged := p.merged(service)
	if len(merged) == 0 {
		return // taken away, or nothing at all
	}
	last := definitions[len(definitions)-1]
	c := j.container(p, service, merged)
	unit := analyzers.Unit{
		Name: service, Kind: "compose-service", At: last.at, Files: p.files,
		Signs: j.signs(p, service, last, merged, c),
	}
	if !slices.Equal(p.parts[service], p.files) {
		unit.Files = slices.Concat(p.files, p.parts[service])
	}
	steps := c.all()
	if slices.ContainsFunc(j.made[unit.At], func(m made) bool { return sameUnit(m, unit, steps) }) {
		return
	}
	j.made[unit.At] = append(j.made[unit.At], made{unit, steps})
	unit.ID = j.id(p, last.file, service)
	facts := j.at(last.file)
	run := analyzers.Program{Name: "unit " + unit.ID, At: last.at, Dir: ".", Steps: c.steps}
	unit.Runs = analyzers.PathTo(last.file, run.Name, last.at)
	if len(c.command) > 0 {
		command := analyzers.Program{Name: "command of " + unit.ID, At: c.command[0].At, Dir: c.dir, Steps: c.command}
		if c.image != nil {
			run.Steps = append(run.Steps, c.image.Contain(c.dir, c.command[0].At)...)
		}
		run.Steps = append(run.Steps, analyzers.Step{
			Op: analyzers.OpRun, At: c.command[0].At, Ref: new(analyzers.PathTo(last.file, command.Name, last.at)), Says: "the container's command",
		})
		facts.Programs = append(facts.Programs, command)
	}
	facts.Programs = append(facts.Programs, run)
	facts.Units = append(facts.Units, unit)
	j.facts = append(j.facts, c.facts...)
	j.size += len(steps)
}

// id returns the unit's id: its own place, and what else is needed to tell it from those of other sets.
func (j *joiner) id(p *project, file, service string) string {
	id := file + "#" + service
	details := []string{}
	if last := p.files[len(p.files)-1]; last != file {
		details = append(details, last)
	}
	for _, env := range p.env {
		if path.Base(env) != ".env" {
			details = append(details, env)
		}
	}
	if p.given != nil {
		details = append(details, p.given.file)
	}
	for _, detail := range details {
		if !j.ids[id] {
			break
		}
		if strings.Contains(id, "@") {
			id += "," + detail
		} else {
			id += "@" + detail
		}
	}
	for n, base := 2, id; j.ids[id]; n++ {
		id = base + "@" + strconv.Itoa(n)
	}
	j.ids[id] = true
	return id
}

// sameUnit reports whether a unit is there already: a file that is included where it would be started anyway.
func sameUnit(m made, u analyzers.Unit, steps []analyzers.Step) bool {
	return equalSigns(m.unit.Signs, u.Signs) && equalSteps(m.steps, steps)
}
