package jenkinsfile

import (
	"iter"
	"path"
	"slices"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/code"
	"github.com/stagewall/stagewall/analyzers/internal/lazyregexp"
	"github.com/stagewall/stagewall/analyzers/internal/matrix"
	"github.com/stagewall/stagewall/analyzers/internal/pipeline"
	"github.com/stagewall/stagewall/analyzers/interpolate"
	"github.com/stagewall/stagewall/analyzers/shell"
	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/environ"
)

// Analyzer reads pipelines.
var Analyzer = &analyzers.Analyzer{
	Name:    "jenkinsfile",
	Doc:     "reads Jenkins' pipelines: what their stages are given and run",
	Version: 5,
	Files:   []string{"**/Jenkinsfile", "**/Jenkinsfile.*", "**/Jenkinsfile-*", "**/Jenkinsfile_*", "**/*.jenkinsfile", "**/*.Jenkinsfile"},
	Run:     read,
}

const (
	store   = "jenkins" // where credentials are kept
	maxSize = 1 << 20   // of a file in bytes
)

func read(pass *analyzers.Pass) error {
	if pass.TooLarge(maxSize, "a pipeline") {
		return nil
	}
	p := &parser{data: pass.Data}
	var all []*statement
	for p.at < len(p.data) { // a brace too many ends a block that nobody opened
		all = append(all, p.statements(0)...)
	}
	if p.over {
		pass.Gap(pass.At(0, 0), "the pipeline is too long or nests too deeply; what the rest of it reaches is not known")
	}
	r := &reader{File: pipeline.New(pass), lists: map[string][]element{}, bound: map[string]thing{}}
	outside := r.JobAt(path.Base(pass.Path), pass.At(0, 1))
	r.block(r.define(all), place{job: outside}, 0)
	for _, f := range r.defined {
		if !f.called {
			r.block(f.block, place{job: outside}, 0)
		}
	}
	if r.outside {
		outside.Done()
	}
	return nil
}

// reader is one file while it is read.
type reader struct {
	*pipeline.File
	outside bool // something stands in no stage
	library bool // it was said that there is one

	lists     map[string][]element // of texts, by name
	bound     map[string]thing     // what names come to, so far
	returning []*function          // whose result is asked for
	nested    int                  // strings within expressions within strings that are being read
	exported  []analyzers.Step     // what the pipeline sets env's variables to, so far
	functions map[string]*function
	defined   []*function // in order
	copied    int         // bytes
	over      bool        // those were too many
}

// place is what surrounds a statement.
type place struct {
	job   *pipeline.Job
	stage bool
	given []analyzers.Step // what the blocks around it set
	signs []analyzers.Sign

	guards []*analyzers.Guard // conditions on which it is done, from the outermost; nil is one that is not known
	within []*function        // the functions that it is in
}

// add returns the place with more that is set.
func (p place) add(steps ...analyzers.Step) place {
	p.given = append(p.given[:len(p.given):len(p.given)], steps...)
	return p
}

// block reads statements. What `environment`, `when` and `parameters` say is for all of them.
func (r *reader) block(all []*statement, in place, depth int) {
	if depth > maxDepth {
		return
	}
	for _, s := range all {
		if len(s.words) == 0 || s.words[0].quoted {
			continue
		}
		switch s.words[0].text.String {
		case "environment":
			var sets []analyzers.Step
			for _, variable := range s.block {
				sets = append(sets, r.variable(variable)...)
			}
			in = in.add(sets...)
		case "when":
			in.signs = append(in.signs[:len(in.signs):len(in.signs)], r.when(s.block, 0)...)
			in = in.on(r.insists(s.block)...)
			in.given = append(r.branches(s.block), in.given...) // first, since what the pipeline gives can ask for it
		case "parameters":
			signs, sets := r.parameters(s.block)
			in.signs = append(in.signs[:len(in.signs):len(in.signs)], signs...)
			in = in.add(sets...)
		case "axes":
			signs, sets := r.axes(s.block)
			in.signs = append(in.signs[:len(in.signs):len(in.signs)], signs...)
			in = in.add(sets...)
		}
	}
	if in.stage {
		for _, sign := range in.signs {
			in.job.Sign(sign)
		}
	}
	r.conditional(all, in, func(s *statement, in place) { r.statement(s, in, depth) })
}

func (r *reader) statement(s *statement, in place, depth int) {
	if len(s.words) == 0 {
		r.block(s.block, in, depth+1)
		return
	}
	r.list(s)
	r.assign(s, in)
	if rounds := r.rounds(s); rounds != nil {
		for _, block := range rounds {
			r.block(block, in, depth+1)
		}
		return
	}
	head := s.words[0].text.String
	switch {
	case s.words[0].quoted:
	case head == "environment" || head == "when" || head == "parameters" || head == "axes":
		return
	case strings.HasPrefix(head, "@Library") || head == "library":
		if !r.library {
			r.library = true
			r.Pass.Gap(r.at(s.words[0]), "the shared library is not followed; what its steps reach is not known")
		}
	case head == "stage" && s.open:
		r.stage(s, in, depth)
		return
	case head == "withCredentials":
		in = in.add(r.bindings(s.words)...)
	case head == "withEnv":
		in = in.add(r.variables(s.words)...)
	case head == "withVault":
		in = in.add(r.vault(s.words)...)
	case head == "dir":
		in = in.add(r.enter(s.words)...)
	case strings.HasPrefix(head, "env.") && len(s.words) > 2 && s.words[1].is("="):
		r.export(s.words, in)
	default:
		in = in.add(r.wraps(s.words[0], s.words[1:])...)
	}
	for i, w := range s.words {
		if w.is("sh") {
			r.script(s.words[i+1:], in)
		}
	}
	r.calls(s, in, depth)
	r.block(s.block, in, depth+1)
}

// enter reads dir('FOLDER'), in which scripts run from where the blocks around it are, at first in the workspace.
// https://www.jenkins.io/doc/pipeline/steps/workflow-basic-steps/#dir-change-current-directory
func (r *reader) enter(words []word) []analyzers.Step {
	at := r.at(words[0])
	v := analyzers.Value{At: at, Parts: r.evaluate(words[1:]).text()}
	if len(v.Parts) > 1 && v.Parts[0].Hole != nil && v.Parts[0].Hole.Name == "WORKSPACE" && strings.HasPrefix(v.Parts[1].Text, "/") {
		v.Parts = append([]analyzers.Part{{Text: strings.TrimLeft(v.Parts[1].Text, "/")}}, v.Parts[2:]...)
	}
	return []analyzers.Step{{Op: analyzers.OpEnter, At: at, File: &v}}
}

// stage reads a stage as a unit of its own; a stage around others is none if nothing stands in it itself.
func (r *reader) stage(s *statement, in place, depth int) {
	label := argument(s.words[1:])
	if label == nil {
		r.block(s.block, in, depth+1)
		return
	}
	name := label.string()
	if name == "" {
		name = "stage"
	}
	in.job, in.stage = r.JobAt(name, r.at(*label)), true
	if !label.filled || !strings.Contains(name, "$") {
		if environments := environ.Job(name); environments != 0 {
			in.job.Sign(analyzers.Sign{Class: analyzers.Display, Environments: environments, Says: "the name " + name + " says so", At: in.job.At})
		}
	}
	r.block(s.block, in, depth+1)
	if !in.job.Idle() || !slices.ContainsFunc(s.block, holdsStages) {
		in.job.Checkout(in.job.At)
		in.job.Done()
	}
}

// holdsStages reports whether a statement is a stage or has one in it.
func holdsStages(s *statement) bool {
	return s.open && (len(s.words) > 0 && s.words[0].is("stage") || slices.ContainsFunc(s.block, holdsStages))
}

func (r *reader) at(w word) detectors.Place {
	spans := w.text.Spans()
	if len(spans) == 0 {
		return r.Pass.At(w.start, w.start+1)
	}
	return r.Pass.At(spans[0].Start, spans[len(spans)-1].End)
}

// argument returns the first string, nil if there is none.
func argument(words []word) *word {
	for i := range words {
		if words[i].quoted {
			return &words[i]
		}
	}
	return nil
}

// script runs what is given to sh: a string, or one under the name script.
func (r *reader) script(words []word, in place) {
	script := argument(words)
	for i, w := range words {
		if w.is("script") && i+2 < len(words) && words[i+1].is(":") && words[i+2].quoted {
			script = &words[i+2]
		}
	}
	if script == nil {
		if len(words) > 0 && (words[0].is("(") || !words[0].is("=")) {
			r.Pass.Gap(r.at(words[0]), "the script that sh runs is computed; what it reaches is not known")
		}
		return
	}
	r.outside = r.outside || !in.stage
	j := in.job
	j.Fills = nil
	if script.filled {
		j.Fills = func(text interpolate.Text) []shell.Fill { return r.fills(script.fillers, text) }
	}
	j.Emit(in.guarded(j.Lines("", slices.Concat(r.exported, in.given), script.text))...)
}

// fills returns what Groovy puts into a string, wherever a shell would not. What stands behind a backslash is the shell's.
func (r *reader) fills(given []filler, script interpolate.Text) []shell.Fill {
	var fills []shell.Fill
	for _, f := range given {
		fills = append(fills, shell.Fill{Start: f.start, End: f.end, Value: r.value(f.word)})
	}
	for put := range puts(script) {
		if slices.ContainsFunc(given, func(f filler) bool { return f.start < put.End && put.Start < f.end }) {
			continue
		}
		span := script.Span(put.Start, put.End)
		at := r.Pass.At(span.Start, span.End)
		fills = append(fills, shell.Fill{Start: put.Start, End: put.End, Value: analyzers.Value{At: at, Parts: r.filling(script, put)}})
	}
	slices.SortFunc(fills, func(a, b shell.Fill) int { return a.Start - b.Start })
	return fills
}

// puts yields where Groovy puts something into a string, without the full stops behind it. What stands behind a backslash is the shell's.
func puts(text interpolate.Text) iter.Seq[detectors.Span] {
	return func(yield func(detectors.Span) bool) {
		for _, m := range put.FindAllStringIndex(text.String, -1) {
			end := m[0] + len(strings.TrimRight(text.String[m[0]:m[1]], "."))
			if !escaped(text, m[0]) && !yield(detectors.Span{Start: m[0], End: end}) {
				return
			}
		}
	}
}

// named returns what stands in a string for a name that Groovy puts there: a parameter of the job, or a variable.
func named(put string) analyzers.Hole {
	hole := analyzers.Hole{Name: strings.Trim(put, "${}")}
	if name, ok := strings.CutPrefix(hole.Name, "params."); ok {
		hole.Space, hole.Name = parametersSpace, name
	}
	if hole.Name = strings.TrimPrefix(hole.Name, "env."); strings.ContainsFunc(hole.Name, func(r rune) bool { return r > 0x7f || r == '.' || !isName(byte(r)) }) {
		return analyzers.Hole{Space: "unknown"} // an expression
	}
	return hole
}

// filling returns what Groovy puts into a string at a place: what a name or an expression comes to.
func (r *reader) filling(text interpolate.Text, put detectors.Span) []analyzers.Part {
	name := strings.Trim(text.String[put.Start:put.End], "${}")
	span := text.Span(put.Start, put.End)
	source := string(r.Pass.Data[span.Start:span.End])
	if source != text.String[put.Start:put.End] || r.nested > maxNested {
		hole := named(name)
		return []analyzers.Part{{Hole: &hole}}
	}
	begin, end := span.Start+1, span.End
	if strings.HasPrefix(source, "${") {
		begin, end = span.Start+2, max(span.Start+2, span.End-1)
	}
	p := &parser{data: r.Pass.Data[:end], at: begin}
	all := p.statements(0)
	if len(all) != 1 || all[0].open {
		return []analyzers.Part{code.Unknown()}
	}
	r.nested++
	defer func() { r.nested-- }()
	return r.evaluate(all[0].words).text()
}

// export reads env.NAME = EXPRESSION, which all that is done later has: https://www.jenkins.io/doc/pipeline/tour/environment/. What the blocks around it
// give by name it takes with it.
func (r *reader) export(words []word, in place) {
	parts := slices.Clone(r.evaluate(words[2:]).text())
	for i, p := range parts {
		if p.Hole == nil || p.Hole.Space != "" {
			continue
		}
		for _, set := range slices.Backward(in.given) {
			if set.Name == p.Hole.Name && len(set.Value.Parts) == 1 {
				parts[i] = set.Value.Parts[0]
				break
			}
		}
	}
	name := strings.TrimPrefix(words[0].text.String, "env.")
	r.exported = append(r.exported, in.guarded([]analyzers.Step{r.set(words[0], name, analyzers.Value{At: r.at(words[2]), Parts: parts})})...)
}

// parametersSpace is the space of the job's parameters.
const parametersSpace = "parameters"

// value returns a string's value.
func (r *reader) value(w word) analyzers.Value {
	v := analyzers.Value{At: r.at(w)}
	for _, p := range w.pieces() {
		from := 0
		if p.filled {
			for put := range puts(p.text) {
				v.Parts = append(append(v.Parts, p.text.Slice(from, put.Start).Literal()...), r.filling(p.text, put)...)
				from = put.End
			}
		}
		v.Parts = append(v.Parts, p.text.Slice(from, len(p.text.String)).Literal()...)
	}
	return v
}

func (r *reader) set(at word, name string, v analyzers.Value) analyzers.Step {
	step := setVariable(name, v)
	step.At = r.at(at)
	return step
}

// put is what Groovy puts into a string (https://groovy-lang.org/syntax.html#_string_interpolation).
var put = lazyregexp.New(`\$\{[^}]*\}|\$[A-Za-z_][A-Za-z0-9_.]*`)

// escaped reports whether a dollar sign stands behind a backslash, so that it is the shell's.
func escaped(text interpolate.Text, at int) bool {
	dollar := text.Span(at, at+1)
	return dollar.End-dollar.Start > 1
}

// credential returns the value of a credential, by its id.
func (r *reader) credential(at word, id []analyzers.Part) analyzers.Value {
	v := analyzers.Value{At: r.at(at)}
	hole := code.SecretIn(store, v.At, nil, id)
	if hole.Computed == nil && slices.ContainsFunc(id, func(p analyzers.Part) bool { return p.Hole != nil && len(p.Hole.Values) > 0 }) {
		hole.Computed = &analyzers.Value{At: v.At, Parts: id}
	}
	v.Parts = []analyzers.Part{{Hole: &hole}}
	return v
}

// variable reads NAME = EXPRESSION and NAME = credentials(ID). Of a user name and a password the parts have names of their own
// (https://www.jenkins.io/doc/book/pipeline/jenkinsfile/#usernames-and-passwords).
func (r *reader) variable(s *statement) []analyzers.Step {
	if len(s.words) < 3 || !s.words[1].is("=") {
		return nil
	}
	name, v := s.words[0], s.words[2]
	t := r.evaluate(s.words[2:])
	if !t.known() {
		return nil
	}
	sets := []analyzers.Step{r.set(name, name.text.String, analyzers.Value{At: r.at(v), Parts: t.text()})}
	if v.is("credentials") {
		sets = append(sets, r.set(name, name.text.String+"_PSW", sets[0].Value))
	}
	return sets
}

// variables reads withEnv(['NAME=text', …]).
func (r *reader) variables(words []word) []analyzers.Step {
	var sets []analyzers.Step
	for _, w := range words {
		name, _, ok := strings.Cut(w.text.String, "=")
		if !w.quoted || !ok || name == "" {
			continue
		}
		v := r.value(w.after(len(name) + 1))
		sets = append(sets, r.set(w, strings.TrimSuffix(name, "+"), v))
	}
	return sets
}

// bindings reads the bindings of withCredentials: each has an id, and variables that get parts of the credential. Names of users are left out.
func (r *reader) bindings(words []word) []analyzers.Step {
	var sets []analyzers.Step
	var at *word
	var id []analyzers.Part
	amazon, named := false, false
	var pending []word
	flush := func() {
		if at != nil {
			for _, w := range pending {
				sets = append(sets, r.set(w, w.text.String, r.credential(*at, id)))
			}
			if amazon && !named {
				sets = append(sets, r.set(*at, "AWS_SECRET_ACCESS_KEY", r.credential(*at, id)))
			}
		}
		at, id, pending, amazon, named = nil, nil, nil, false, false
	}
	depth := 0
	for i, w := range words {
		switch {
		case w.is("(") || w.is("["):
			depth++
		case w.is(")") || w.is("]"):
			if depth--; depth <= 2 {
				flush()
			}
		case w.quoted && strings.HasPrefix(w.text.String, "AmazonWebServicesCredentials"), w.is("aws"):
			amazon = true
		case w.is(":") && i >= 1 && i+1 < len(words) && words[i-1].is("credentialsId"):
			at, id = &words[i+1], r.evaluate(first(words[i+1:])).text()
		case w.quoted && i >= 2 && words[i-1].is(":"):
			key := words[i-2].text.String
			if strings.HasSuffix(key, "ariable") && key != "usernameVariable" && key != "accessKeyVariable" {
				pending, named = append(pending, w), named || amazon
			}
		}
	}
	flush()
	return sets
}

// insists returns the conditions that `when` makes by an expression or a comparison, all of which must hold.
func (r *reader) insists(all []*statement) []*analyzers.Guard {
	var guards []*analyzers.Guard
	for _, s := range all {
		switch {
		case len(s.words) == 0:
		case s.words[0].is("expression") && len(s.block) > 0:
			last := s.block[len(s.block)-1].words
			if len(last) > 0 && last[0].is("return") {
				last = last[1:]
			}
			guards = append(guards, r.evaluate(last).truth.yes)
		case s.words[0].is("equals"):
			var sides = map[string]thing{}
			for _, one := range arguments(s.words[1:]) {
				if len(one) > 2 && one[1].is(":") {
					sides[one[0].text.String] = r.evaluate(one[2:])
				}
			}
			guards = append(guards, equals(sides["actual"], sides["expected"]).yes)
		case s.words[0].is("allOf"):
			guards = append(guards, r.insists(s.block)...)
		}
	}
	return guards
}

// when returns the signs of a condition: branch 'main', branch pattern: 'x', and environment name: 'X', value: 'y'.
func (r *reader) when(all []*statement, depth int) []analyzers.Sign {
	var signs []analyzers.Sign
	if depth > maxDepth {
		return nil
	}
	for _, s := range all {
		if len(s.words) == 0 || s.words[0].is("not") {
			continue
		}
		switch v := argument(s.words); {
		case s.words[0].is("branch") && v != nil:
			if environments := environ.Branch(v.string()); environments != 0 {
				signs = append(signs, analyzers.Sign{Class: analyzers.Branch, Environments: environments, Says: "runs for branch " + v.string(), At: r.at(*v)})
			}
		case s.words[0].is("environment") && v != nil && environ.Selector(v.text.String):
			value := s.words[len(s.words)-1]
			signs = append(signs, r.selected(value, value.string(), v.text.String)...)
		}
		signs = append(signs, r.when(s.block, depth+1)...)
	}
	return signs
}

// branches returns the sets of the branches that `when` insists on, where it names them: those are what BRANCH_NAME is then.
// https://www.jenkins.io/doc/book/pipeline/multibranch/#additional-environment-variables
func (r *reader) branches(all []*statement) []analyzers.Step {
	if len(all) == 1 && len(all[0].words) == 1 && (all[0].words[0].is("anyOf") || all[0].words[0].is("allOf")) {
		all = all[0].block
	}
	var values []analyzers.Value
	for _, s := range all {
		v := argument(s.words)
		if len(s.words) == 0 || !s.words[0].is("branch") || v == nil || strings.ContainsAny(v.string(), "*?$") || len(s.words) > 4 {
			return nil // or another condition is enough
		}
		values = append(values, analyzers.Literal(v.string(), r.at(*v)))
	}
	if values == nil {
		return nil
	}
	return []analyzers.Step{setVariable("BRANCH_NAME", matrix.OneOf(values[0].At, values))}
}

func (r *reader) selected(w word, value, name string) []analyzers.Sign {
	environments := environ.Value(value)
	if !w.quoted || environments == 0 {
		return nil
	}
	return []analyzers.Sign{{Class: analyzers.Selector, Environments: environments, Says: name + " is " + value, At: r.at(w)}}
}

// parameters returns the signs of the choices that select an environment, and the sets of all choices: a parameter is a variable of scripts too
// (https://www.jenkins.io/doc/book/pipeline/syntax/#parameters).
func (r *reader) parameters(all []*statement) (signs []analyzers.Sign, sets []analyzers.Step) {
	for _, s := range all {
		name := ""
		for i, w := range s.words {
			if w.quoted && i >= 2 && words(s, i-2, "name", ":") {
				name = w.text.String
			}
		}
		if len(s.words) == 0 || !s.words[0].is("choice") || name == "" {
			continue
		}
		var choices []word
		for i, w := range s.words {
			if w.quoted && w.text.String != name && !(i >= 2 && words(s, i-2, "description", ":")) {
				choices = append(choices, w)
			}
		}
		chosen, given := r.choices(name, "the parameter "+name, choices, setParameter, setVariable)
		signs, sets = append(signs, chosen...), append(sets, given...)
	}
	return signs, sets
}

// axes is like parameters for the axes of a matrix, whose values are variables of the stages in it
// (https://www.jenkins.io/doc/book/pipeline/syntax/#declarative-matrix).
func (r *reader) axes(all []*statement) (signs []analyzers.Sign, sets []analyzers.Step) {
	for _, axis := range all {
		name := ""
		var values []word
		for _, s := range axis.block {
			switch {
			case len(s.words) < 2:
			case s.words[0].is("name"):
				name = s.words[1].string()
			case s.words[0].is("values"):
				values = slices.DeleteFunc(slices.Clone(s.words), func(w word) bool { return !w.quoted })
			}
		}
		chosen, given := r.choices(name, "the axis "+name, values, setVariable)
		signs, sets = append(signs, chosen...), append(sets, given...)
	}
	return signs, sets
}

// choices returns the signs of the values that a name can have if it selects an environment, and the sets of the values in every way.
func (r *reader) choices(name, says string, all []word, ways ...func(string, analyzers.Value) analyzers.Step) (signs []analyzers.Sign, sets []analyzers.Step) {
	var values []analyzers.Value
	var signing []analyzers.Sign
	for _, w := range all {
		for line := range strings.Lines(w.string()) { // a list, or one text of lines
			choice := strings.TrimSpace(line)
			values = append(values, analyzers.Literal(choice, r.at(w)))
			signing = append(signing, r.selected(w, choice, says)...)
		}
	}
	if environ.Selector(name) || matrix.Selector(matrix.Single(name, values)) != "" {
		signs = signing
	}
	for _, set := range ways {
		if choices := matrix.Single(name, values); matrix.Selector(choices) != "" {
			sets = append(sets, matrix.ByEnvironmentOrAny(choices, name, set)...)
		} else {
			sets = append(sets, matrix.Any(choices, set)...)
		}
	}
	return signs, sets
}

func setParameter(name string, v analyzers.Value) analyzers.Step {
	return analyzers.Step{Op: analyzers.OpSet, At: v.At, Space: parametersSpace, Name: name, Value: v}
}

func setVariable(name string, v analyzers.Value) analyzers.Step {
	return analyzers.Step{Op: analyzers.OpSet, At: v.At, Name: name, Value: v, Export: true}
}

// words reports whether words stand in a statement at an index.
func words(s *statement, at int, texts ...string) bool {
	for i, text := range texts {
		if at+i >= len(s.words) || !s.words[at+i].is(text) {
			return false
		}
	}
	return true
}
