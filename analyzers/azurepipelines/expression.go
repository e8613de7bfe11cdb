package azurepipelines

import (
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/code"
	"github.com/stagewall/stagewall/analyzers/internal/lazyregexp"
	"github.com/stagewall/stagewall/analyzers/internal/pipeline"
	"github.com/stagewall/stagewall/analyzers/internal/yamltree"
	"github.com/stagewall/stagewall/analyzers/interpolate"
	"github.com/stagewall/stagewall/analyzers/shell"
	"github.com/stagewall/stagewall/detectors"
)

// Names in texts are holes until it is known what stands for them: those of template expressions, ${{ parameters.a }} and ${{ variables.b }}, in
// the space "template", and those of macros, $(b), and of runtime expressions, $[variables.b], in the space "macro". Case does not matter to them;
// the store of a macro's hole has the name as it is written.
const macro = "macro"

// mark is a name in a text, or an expression of which nothing else is known. Template expressions in the name of a macro are put in before it is looked
// up: https://learn.microsoft.com/en-us/azure/devops/pipelines/process/variables#understand-variable-syntax
var mark = lazyregexp.New(`\$\(((?:[\w.-]*\$\{\{[^{}]*\}\})+[\w.-]*)\)|\$\{\{\s*(.*?)\s*\}\}|\$\(([A-Za-z_][A-Za-z0-9_.-]*)\)|^\s*\$\[\s*(.*?)\s*\]\s*$`)

var (
	// look is a look-up, with functions around it that leave it the name of what it names.
	look   = lazyregexp.New(`^(?i:(?:lower|upper|trim|string|convertToJson)\()?\s*([A-Za-z_]\w*)((?:\.[A-Za-z_][\w-]*|\[\s*'[^']*'\s*\]|\[[0-9]+\])*)\s*\)?$`)
	member = lazyregexp.New(`\.([A-Za-z_][\w-]*)|\[\s*'([^']*)'\s*\]|(\[[0-9]+\])`)
)

// predefined are variables that every job has (https://learn.microsoft.com/en-us/azure/devops/pipelines/build/variables).
var predefined = lazyregexp.New(`(?i)^(?:agent|build|system|pipeline|environment|release|strategy|checks|tf_build|rev|date|counter)(?:[.:]|$)`)

// commands are what a shell can run where no variable is called so: a macro that names nothing stays what it is.
var commands = lazyregexp.New(`^(?:pwd|hostname|whoami|uname|nproc|mktemp|arch|id|ls)$`)

// lookUp returns the name that an expression is, in lower case: "parameters.a", "variables.b", "item.c[0]"; "" if it is another.
func lookUp(expression string) string {
	m := look.FindStringSubmatch(expression)
	if m == nil {
		return ""
	}
	all := m[1]
	for _, s := range member.FindAllStringSubmatch(m[2], -1) {
		if s[3] != "" {
			all += s[3]
		} else {
			all += "." + s[1] + s[2]
		}
	}
	return strings.ToLower(all)
}

// replaced is a mark in a text and what stands for it.
type replaced struct {
	start, end int
	hole       analyzers.Hole
}

// logged is a line in a log that sets a variable, in whatever language it is written: https://learn.microsoft.com/en-us/azure/devops/pipelines/process/set-variables-scripts
var logged = lazyregexp.New(`##vso\[task\.setvariable [^\]\n]*?\bvariable=([A-Za-z0-9_.]+)`)

// logs returns the names, in lower case, of the variables that steps of the file set: these are none that the pipeline is given.
func logs(data []byte) map[string]bool {
	var names map[string]bool
	for _, m := range logged.FindAllSubmatch(data, -1) {
		if names == nil {
			names = map[string]bool{}
		}
		names[strings.ToLower(string(m[1]))] = true
	}
	return names
}

// marks returns the marks of a text.
func (r *reader) marks(text string) []replaced {
	all := marks(text)
	for i := range all {
		if h := &all[i].hole; h.Space == macro && r.logs[h.Name] {
			h.Store = ""
		}
	}
	return all
}

func marks(text string) []replaced {
	var all []replaced
	for _, m := range mark.FindAllStringSubmatchIndex(text, -1) {
		one := replaced{m[0], m[1], analyzers.Hole{Space: "unknown"}}
		switch {
		case m[2] >= 0:
			one.hole = analyzers.Hole{Space: macro, Computed: &analyzers.Value{Parts: composed(text[m[2]:m[3]])}}
		case m[6] >= 0:
			written := text[m[6]:m[7]]
			if commands.MatchString(written) {
				continue
			}
			if predefined.MatchString(written) {
				one.hole = analyzers.Hole{Name: exported(written)}
				break
			}
			one.hole = analyzers.Hole{Space: macro, Name: strings.ToLower(written), Store: written}
		case m[4] >= 0:
			if named := lookUp(text[m[4]:m[5]]); named != "" {
				one.hole = analyzers.Hole{Space: template, Name: named}
			}
		default:
			if named, ok := strings.CutPrefix(lookUp(text[m[8]:m[9]]), "variables."); ok {
				one.hole = analyzers.Hole{Space: macro, Name: named, Store: named}
			}
		}
		all = append(all, one)
	}
	return all
}

// inCase is a template expression whose result is in capitals, or in small letters.
var inCase = lazyregexp.New(`^\$\{\{\s*(?i:(upper)|(lower))\(`)

// composed returns the parts of a name in which there are template expressions.
func composed(name string) []analyzers.Part {
	var parts []analyzers.Part
	from := 0
	for _, m := range marks(name) {
		if m.start > from {
			parts = append(parts, analyzers.Part{Text: name[from:m.start]})
		}
		part := []analyzers.Part{{Hole: &m.hole}}
		switch in := inCase.FindStringSubmatch(name[m.start:m.end]); {
		case in == nil:
		case in[1] != "":
			part = code.Cased(analyzers.Upper, part)
		default:
			part = code.Cased(analyzers.Lower, part)
		}
		parts, from = append(parts, part...), m.end
	}
	if from < len(name) {
		parts = append(parts, analyzers.Part{Text: name[from:]})
	}
	return parts
}

// placed says where the mark of a text stands if its name is computed.
func (r *reader) placed(m *replaced, text interpolate.Text) {
	if m.hole.Computed != nil {
		span := text.Span(m.start, m.end)
		m.hole.Computed.At = r.Pass.At(span.Start, span.End)
	}
}

// parts returns a text as the parts of a value.
func (r *reader) parts(text interpolate.Text) []analyzers.Part {
	var parts []analyzers.Part
	from := 0
	for _, m := range r.marks(text.String) {
		if m.hole.Space == "" { // what every job has says nothing, and its text can be compared
			continue
		}
		r.placed(&m, text)
		parts = append(append(parts, text.Slice(from, m.start).Literal()...), analyzers.Part{Hole: &m.hole})
		from = m.end
	}
	return append(parts, text.Slice(from, len(text.String)).Literal()...)
}

// fills returns the names in a script.
func (r *reader) fills(script interpolate.Text) []shell.Fill {
	var fills []shell.Fill
	for _, m := range r.marks(script.String) {
		r.placed(&m, script)
		span := script.Span(m.start, m.end)
		fills = append(fills, shell.Fill{Start: m.start, End: m.end, Value: analyzers.Value{
			At: r.Pass.At(span.Start, span.End), Parts: []analyzers.Part{{Hole: &m.hole}},
		}})
	}
	return fills
}

// directive is a key of a mapping that is a template expression.
type directive struct {
	kind string // "if", "elseif", "else", "each", or "insert"
	rest string
}

var isDirective = lazyregexp.New(`(?s)^\s*\$\{\{\s*(if|elseif|else|each|insert)\b\s*(.*?)\s*\}\}\s*$`)

// directive reads a key; ok is false if it is none.
func (r *reader) directive(key *yamltree.Node) (d directive, at detectors.Place, ok bool) {
	m := isDirective.FindStringSubmatch(key.Str())
	if m == nil {
		return directive{}, detectors.Place{}, false
	}
	return directive{m[1], m[2]}, r.At(key), true
}

// eachOf is what a loop says: a name in a list.
var eachOf = lazyregexp.New(`^([A-Za-z_]\w*)\s+in\s+(.+)$`)

// under returns the steps that stand under a directive.
func (r *reader) under(d directive, at detectors.Place, key *yamltree.Node, inner func() []analyzers.Step) []analyzers.Step {
	block := analyzers.Step{Op: analyzers.OpBlock, At: at, Name: d.kind}
	switch d.kind {
	case ofEach:
		m := eachOf.FindStringSubmatch(d.rest)
		if m == nil {
			return nil
		}
		block.Key = strings.ToLower(m[1]) + " in " + lookUp(m[2])
	case insert:
		return inner()
	case ofIf, ofElseIf:
		block.Steps = []analyzers.Step{{Op: analyzers.OpBlock, At: at, Name: ofTests, Steps: r.tests(d.rest, key, 0)}}
	}
	block.Steps = append(block.Steps, inner()...)
	return []analyzers.Step{block}
}

// call is a function with its arguments.
var call = lazyregexp.New(`(?s)^(?i)(and|eq|ne|not|in|notin)\((.*)\)$`)

// tests returns a step with a guard for each comparison that a condition insists on, as far as it is of a name with texts
// (https://learn.microsoft.com/en-us/azure/devops/pipelines/process/expressions#functions). One of which nothing is known has no patterns.
func (r *reader) tests(condition string, key *yamltree.Node, depth int) []analyzers.Step {
	test := func(named string, not bool, patterns ...string) []analyzers.Step {
		v := analyzers.Value{At: r.At(key), Parts: []analyzers.Part{{Hole: &analyzers.Hole{Space: template, Name: named}}}}
		return []analyzers.Step{{Op: analyzers.OpBlock, At: v.At, Guard: &analyzers.Guard{Value: v, Patterns: patterns, Not: not}}}
	}
	condition = strings.TrimSpace(condition)
	if named := lookUp(condition); named != "" && strings.Contains(named, ".") {
		return test(named, false, "true")
	}
	m := call.FindStringSubmatch(condition)
	if m == nil || depth > pipeline.MaxNested {
		return test("", false)
	}
	args, function := arguments(m[2]), strings.ToLower(m[1])
	if function == "and" {
		var all []analyzers.Step
		for _, a := range args {
			all = append(all, r.tests(a, key, depth+1)...)
		}
		return all
	}
	if function == "not" && len(args) == 1 {
		inner := r.tests(args[0], key, depth+1)
		if len(inner) != 1 || len(inner[0].Guard.Patterns) == 0 {
			return test("", false)
		}
		inner[0].Guard.Not = !inner[0].Guard.Not
		return inner
	}
	named, texts := "", []string(nil)
	for _, a := range args {
		if text, ok := constant(a); ok {
			texts = append(texts, text)
		} else if found := lookUp(a); found != "" && named == "" {
			named = found
		} else {
			return test("", false)
		}
	}
	if named == "" || len(texts) == 0 {
		return test("", false)
	}
	return test(named, function == "ne" || function == "notin", texts...)
}

// constant returns the text of a string, a boolean or a number.
func constant(expression string) (string, bool) {
	if len(expression) > 1 && expression[0] == '\'' && expression[len(expression)-1] == '\'' {
		return strings.ReplaceAll(expression[1:len(expression)-1], "''", "'"), true
	}
	switch strings.ToLower(expression) {
	case "true", "false":
		return strings.ToLower(expression), true
	}
	return expression, expression != "" && strings.Trim(expression, "0123456789.") == ""
}

// arguments takes apart what stands between parentheses.
func arguments(text string) []string {
	var all []string
	depth, from, quoted := 0, 0, false
	for i := range len(text) {
		switch c := text[i]; {
		case c == '\'':
			quoted = !quoted
		case quoted:
		case c == '(':
			depth++
		case c == ')':
			depth--
		case c == ',' && depth == 0:
			all = append(all, strings.TrimSpace(text[from:i]))
			from = i + 1
		}
	}
	return append(all, strings.TrimSpace(text[from:]))
}
