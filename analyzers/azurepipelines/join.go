package azurepipelines

import (
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/carry"
	"github.com/stagewall/stagewall/analyzers/internal/lazyregexp"
	"github.com/stagewall/stagewall/analyzers/internal/matrix"
	"github.com/stagewall/stagewall/analyzers/internal/pipeline"
	"github.com/stagewall/stagewall/analyzers/shell"
	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/environ"
)

// Bounds of Azure's own, and of what is worth following (https://learn.microsoft.com/en-us/azure/devops/pipelines/process/templates#imposed-limits).
const (
	maxTemplates = 100
	maxJobs      = 1000
	maxEach      = 64
	maxCases     = 256
	maxSteps     = 50000   // of a pipeline, counted as often as loops and templates repeat them
	maxSets      = 200_000 // that set what all jobs are given: jobs that are all given what the pipeline says come to the product
	maxLooks     = 5 << 20 // at steps, for what those behind them are given by lines in the log
	maxText      = 1 << 10 // of a parameter; templates can take themselves in with ever more
)

// join puts the pipelines together with the templates that they take in.
func join(index analyzers.Index) []*analyzers.Facts {
	taken := map[string]bool{}
	var roots []string
	for _, p := range index.All() {
		program := programOf(index, p)
		if program == nil {
			continue
		}
		if slices.ContainsFunc(program.Steps, func(s analyzers.Step) bool { return s.Space == setting && s.Name == root }) {
			roots = append(roots, p)
		}
		each(program.Steps, func(s analyzers.Step) {
			if s.Name == template && s.Op == analyzers.OpSource {
				text, _ := s.Refers().Path.Text()
				if file, ok := find(index, p, text); ok && file != p {
					taken[file] = true
				}
			}
		})
	}
	var joined []*analyzers.Facts
	for _, p := range roots {
		if taken[p] {
			continue
		}
		var artifacts carry.Artifacts
		w := &whole{index: index, root: p, facts: &analyzers.Facts{Path: p, Analyzer: "azurepipelines"}, said: map[analyzers.Gap]bool{}, names: map[string]int{}, kept: artifacts.Job()}
		if w.start(programOf(index, p).Steps); artifacts.Over {
			w.gap(detectors.Place{Path: p, Line: 1}, carry.Overflow)
		}
		if len(w.facts.Units)+len(w.facts.Gaps) > 0 {
			joined = append(joined, w.facts)
		}
	}
	return joined
}

// programOf returns what a file says.
func programOf(index analyzers.Index, file string) *analyzers.Program {
	for _, f := range index.Facts(file) {
		if f.Analyzer == "azurepipelines" && len(f.Programs) > 0 && f.Programs[0].Name == "" {
			return &f.Programs[0]
		}
	}
	return nil
}

// each visits steps and those in them.
func each(steps []analyzers.Step, visit func(analyzers.Step)) {
	for _, s := range steps {
		visit(s)
		each(s.Steps, visit)
	}
}

// find returns the file that a template's path means: from the root if it begins with a slash, else beside the file that names it. @self is the
// repository itself (https://learn.microsoft.com/en-us/azure/devops/pipelines/process/templates#reference-template-paths).
func find(index analyzers.Index, from, text string) (string, bool) {
	text = strings.TrimSuffix(text, "@self")
	if text == "" || strings.Contains(text, "@") {
		return "", false
	}
	candidates := []string{path.Join(path.Dir(from), text), path.Clean(text)}
	if rest, ok := strings.CutPrefix(text, "/"); ok {
		candidates = []string{path.Clean(rest)}
	}
	for _, c := range candidates {
		if index.Exists(c) {
			return c, true
		}
	}
	return "", false
}

// whole is a pipeline with all that it takes in.
type whole struct {
	index analyzers.Index
	root  string
	facts *analyzers.Facts
	said  map[analyzers.Gap]bool
	names map[string]int // how often a job's name was used
	taken int            // templates
	steps int            // that were walked over
	sets  int            // of maxSets
	looks int            // of maxLooks
	kept  *carry.Kept    // what the jobs so far publish
}

func (w *whole) gap(at detectors.Place, says string) {
	if g := (analyzers.Gap{At: at, Says: says}); !w.said[g] {
		w.said[g] = true
		w.facts.Gaps = append(w.facts.Gaps, g)
	}
}

// list is a list of steps, jobs or stages, which is handed on as it is written. Names in it mean what they do where it is.
type list struct {
	steps    []analyzers.Step
	file     string
	template map[string]analyzers.Value
	lists    map[string]list
}

const (
	cased    = "matrix"     // the space of what cases give values to
	ofChosen = "variables." // begins the names of variables there
)

// start reads the pipeline itself, whose parameters whoever starts it chooses.
func (w *whole) start(steps []analyzers.Step) {
	p := w.at(w.root)
	p.defined, p.chosen = map[string]analyzers.Value{}, map[string][]analyzers.Value{}
	p.arguments(steps, p)
	for _, s := range steps {
		if s.Name == ofChoices && s.Op == analyzers.OpBlock {
			var values []analyzers.Value
			for _, choice := range s.Steps {
				values = append(values, choice.Value)
			}
			p.choose(matrix.Single(s.Key, values))
		}
	}
	w.body(steps, p)
}

// at returns a place in a file, without anything.
func (w *whole) at(file string) *place {
	return &place{whole: w, file: file, template: map[string]analyzers.Value{}, lists: map[string]list{}}
}

// body reads what a file, a stage or a job list has, in order.
func (w *whole) body(steps []analyzers.Step, p *place) {
	p.walk(steps, func(s analyzers.Step, p *place) {
		switch {
		case p.note(s):
		case s.Op != analyzers.OpBlock:
		case s.Name == ofStage:
			w.body(s.Steps, p.inner())
		case s.Name == ofJob:
			w.job(s, p.inner())
		case s.Name == ofSteps:
			w.job(analyzers.Step{Op: s.Op, At: s.At, Name: ofJob, Steps: []analyzers.Step{s}}, p.inner())
		}
	})
}

// job makes a job.
func (w *whole) job(s analyzers.Step, p *place) {
	if len(w.facts.Units) == maxJobs {
		w.gap(s.At, "the jobs are too many to follow; what the rest of them reach is not known")
		return
	}
	p.within(s.At)
	p.used = map[string]bool{}
	checkout, label := "", len(p.names)
	downloads := false
	var steps []analyzers.Step
	var environment *analyzers.Step
	var do func(s analyzers.Step, p *place)
	do = func(s analyzers.Step, p *place) {
		switch {
		case s.Op == analyzers.OpSet && s.Space == setting && s.Name == "checkout":
			checkout, _ = p.fill(s.Value).Text()
		case s.Op == analyzers.OpSet && s.Space == setting && s.Name == "publish":
			w.kept.Keep(p.published(s, steps))
		case s.Op == analyzers.OpSet && s.Space == setting && s.Name == "download":
			if from, _ := s.Value.Text(); from == "" || from == "current" {
				steps = append(steps, w.kept.Loaded(s.Key, s.At, ", which a job before it publishes")...)
			}
			downloads = true
		case s.Op == analyzers.OpSet && s.Space == setting && s.Name == "environment":
			s.Value = p.fill(s.Value)
			environment = &s
			p.define("environment.name", s.At, s.Value) // https://learn.microsoft.com/en-us/azure/devops/pipelines/build/variables
		case p.note(s):
		case s.Op != analyzers.OpBlock:
		case s.Name == ofSteps:
			p.walk(s.Steps, do)
		case s.Name == ofStep:
			var own []analyzers.Step
			p.binds = true
			for _, one := range p.carrier().Fill(s.Steps, nil) {
				if sign, ok := pipeline.Signed(one); ok {
					p.sign(sign)
				} else {
					own = append(own, one)
				}
			}
			p.binds = false
			steps = append(steps, under(p.guards, append(own, p.logged(own, steps)...))...)
		}
	}
	p.choose(entries(s.Steps, p))
	p.walk(s.Steps, do)
	if environment != nil {
		p.sign(analyzers.Sign{Class: analyzers.Declared, Says: "its key environment names it", At: environment.At, Value: &environment.Value})
		w.doubt(environment)
	}
	var all []analyzers.Step
	all = append(all, p.sets...)
	all = append(all, p.cases(s.At)...)
	if checkout != "none" {
		all = append(all, analyzers.Step{
			Op: analyzers.OpSee, At: s.At, File: &analyzers.Value{Parts: []analyzers.Part{{Text: "."}}}, Tracked: true, Says: "has the repository checked out",
		})
	}
	if checkout == "none" && environment != nil && !downloads {
		// https://learn.microsoft.com/en-us/azure/devops/pipelines/process/deployment-jobs#artifacts
		all = append(all, w.kept.Loaded("", s.At, ", which a job before it publishes")...)
	}
	w.publish(s.At, p, label, append(all, steps...))
}

// within leaves what a job is given out where that is too much for all jobs.
func (p *place) within(at detectors.Place) {
	if p.whole.sets += len(p.sets); p.whole.sets > maxSets {
		p.sets, p.defined = nil, map[string]analyzers.Value{}
		p.gap(detectors.Place{Path: at.Path}, "the pipeline's jobs are given too many variables; what the last of them are given is not followed")
	}
}

// published returns what an artifact holds of what a job's steps wrote to files.
func (p *place) published(s analyzers.Step, steps []analyzers.Step) (a carry.Artifact, all bool) {
	all = true
	var files carry.Files
	c := carry.Carrier{Local: map[string]analyzers.Value{}, Out: func(s analyzers.Step, file string, v analyzers.Value) []analyzers.Step {
		all = files.Add("", file, s.Name, v) && all
		return nil
	}}
	c.Steps(slices.Concat(p.sets, steps))
	folder, _ := s.Value.Text()
	return carry.Artifact{Name: s.Key, Files: files.In("", []string{asVariable(folder)})}, all
}

// asVariable returns a path that begins with the macro of a predefined variable as scripts have it.
// https://learn.microsoft.com/en-us/azure/devops/pipelines/build/variables
func asVariable(file string) string {
	return aMacro.ReplaceAllStringFunc(file, func(m string) string { return "$" + exported(aMacro.FindStringSubmatch(m)[1]) })
}

var aMacro = lazyregexp.New(`^\$\(([A-Za-z.]+)\)`)

// logged returns the sets of the variables that a step sets for those behind it, by lines in its log.
func (p *place) logged(own, before []analyzers.Step) []analyzers.Step {
	c := carry.Carrier{Local: map[string]analyzers.Value{}, Out: func(s analyzers.Step, file string, v analyzers.Value) []analyzers.Step {
		if file != shell.Logged {
			return nil
		}
		sets := both(s.At, ofChosen+strings.ToLower(s.Name), v)
		for i := range sets {
			sets[i].Says = "was set by a step before"
		}
		return sets
	}}
	if p.looks += len(p.sets) + len(before); p.looks > maxLooks {
		p.gap(detectors.Place{Path: p.root}, "the pipeline's jobs have too many steps; what the last of them set for those behind is not followed")
		return nil
	}
	for _, steps := range [][]analyzers.Step{p.sets, before} {
		for i := range steps {
			if s := &steps[i]; s.Op == analyzers.OpSet && s.Space == "" {
				c.Local[s.Name] = s.Value
			}
		}
	}
	return c.Steps(own)
}

// doubt says of an environment's name that it is computed, if nothing is known of it.
func (w *whole) doubt(s *analyzers.Step) {
	if slices.ContainsFunc(s.Value.Parts, func(part analyzers.Part) bool { return part.Hole != nil && len(part.Hole.Values) == 0 }) {
		w.gap(s.At, "the name of the environment is computed; which the job is for is not known")
	}
}

// under puts steps under guards.
func under(guards []analyzers.Guard, steps []analyzers.Step) []analyzers.Step {
	for i := len(guards) - 1; i >= 0 && len(steps) > 0; i-- {
		steps = []analyzers.Step{{Op: analyzers.OpBlock, At: guards[i].Value.At, Guard: &guards[i], Steps: steps}}
	}
	return steps
}

// entries returns the combinations of a job's matrix. A job is run for each of its entries
// (https://learn.microsoft.com/en-us/azure/devops/pipelines/yaml-schema/jobs-job-strategy).
func entries(steps []analyzers.Step, p *place) []matrix.Combination {
	var all []matrix.Combination
	for _, s := range steps {
		if s.Name != ofEntry || s.Op != analyzers.OpBlock {
			continue
		}
		one := matrix.Combination{}
		for _, v := range s.Steps {
			one[ofChosen+strings.ToLower(v.Name)] = p.fill(v.Value)
		}
		all = append(all, one)
	}
	return all
}

// cases returns the steps that set, in a run for an environment, the names to what they are in its cases, and elsewhere to any of what they can be.
func (p *place) cases(at detectors.Place) []analyzers.Step {
	var steps []analyzers.Step
	for _, combos := range p.combos {
		set := func(named string, v analyzers.Value) analyzers.Step {
			if p.chosen[named] == nil { // it was set anew
				return analyzers.Step{Op: analyzers.OpBlock, At: at}
			}
			return analyzers.Step{Op: analyzers.OpBlock, At: at, Steps: both(v.At, named, v)}
		}
		for _, named := range matrix.Names(combos) {
			steps = append(steps, set(named, matrix.OneOf(at, p.chosen[named])))
		}
		selector := matrix.Selector(combos)
		if selector == "" {
			continue
		}
		last := selector[strings.LastIndexByte(selector, '.')+1:]
		values := matrix.Distinct(combos, selector)
		if p.used[selector] || environ.Selector(exported(last)) && strings.HasPrefix(selector, ofChosen) {
			v := matrix.OneOf(at, values)
			p.sign(analyzers.Sign{Class: analyzers.Selector, Says: last + " chooses it", At: values[0].At, Value: &v})
		}
		steps = append(steps, matrix.ByEnvironment(combos, selector, set)...)
	}
	return steps
}

// publish writes a job down. Its own names begin at label.
func (w *whole) publish(at detectors.Place, p *place, label int, steps []analyzers.Step) {
	text := func(names []analyzers.Step) string {
		for _, n := range names {
			if text, known := n.Value.Text(); known && n.Name == "name" && text != "" {
				return text
			}
		}
		return ""
	}
	job, stage := text(p.names[label:]), text(p.names[:label])
	if job == "" {
		job = "steps"
	}
	if stage != "" {
		job = stage + "/" + job
	}
	w.names[job]++
	if times := w.names[job]; times > 1 {
		job += "-" + strconv.Itoa(times)
	}
	for _, n := range slices.Concat(p.names[label:], p.names[:label]) {
		if text, known := n.Value.Text(); known {
			sign := pipeline.Called(text, p.provided, n.At)
			p.says(sign.Class, sign.Environments, sign.Says, sign.At)
		}
	}
	id := at.Path + "#" + job
	if at.Path != w.root {
		id += "@" + w.root
		p.says(analyzers.File, environ.Path(w.root), "the pipeline's path says so", detectors.Place{Path: w.root})
	}
	program := "jobs." + job
	w.facts.Programs = append(w.facts.Programs, analyzers.Program{Name: program, At: at, Steps: steps})
	w.facts.Units = append(w.facts.Units, analyzers.Unit{
		ID: id, Name: job, Kind: "ci-job", At: at, Signs: p.signs, Runs: analyzers.PathTo(w.root, program, at),
	})
}
