package reach

import (
	"slices"
	"strings"

	"github.com/stagewall/stagewall/analyzers/golang/summary"
)

// option is a flag of github.com/urfave/cli: the literal of a struct with its name, its default, and the variables that it is read from.
// https://cli.urfave.org/v2/examples/flags/#values-from-the-environment
type option struct {
	in      *function
	literal *summary.Expr
}

// cli notes the flags of a package.
func (p *Program) cli(pkg *summary.Package) {
	note := func(e *summary.Expr, in *function) {
		walk(e, 0, func(e *summary.Expr) {
			if e.Op == summary.Literal && strings.HasPrefix(e.Text, "github.com/urfave/cli") && strings.HasSuffix(e.Text, "Flag") {
				o := &option{in, e}
				p.options = append(p.options, o)
				if i := slices.Index(e.Keys, "Destination"); i >= 0 && (e.Args[i].Op == summary.Name || e.Args[i].Op == summary.Member) {
					p.give(e.Args[i].Text, giving{call: &call{Call: &summary.Call{}, in: in}, option: o})
				}
			}
		})
	}
	for i := range pkg.Assigns {
		if a := &pkg.Assigns[i]; !a.Inside || !strings.HasPrefix(a.To, "github.com/urfave/cli") || strings.HasSuffix(a.To, ".Flags") {
			note(&a.From, p.funcs[a.Func])
		}
	}
	for i := range pkg.Funcs {
		f := p.funcs[pkg.Funcs[i].ID]
		for _, c := range f.calls {
			for j := range c.Args {
				note(&c.Args[j], f)
			}
		}
		for _, r := range f.Returns {
			for j := range r.Results {
				note(&r.Results[j], f)
			}
		}
	}
}

// walk visits an expression and all that is in it.
func walk(e *summary.Expr, depth int, visit func(*summary.Expr)) {
	if depth > maxNesting {
		return
	}
	visit(e)
	for i := range e.Args {
		walk(&e.Args[i], depth+1, visit)
	}
}

// option is the value of the flag that a value names.
func (p *Program) option(names value) value {
	texts, _ := names.texts()
	var out value
	for _, o := range p.options {
		if o.in != nil && o.in.reached && slices.ContainsFunc(p.optionNames(o), func(name string) bool { return slices.Contains(texts, name) }) {
			out = union(out, p.optionValue(o))
		}
	}
	return out
}

// field is the value of a field of the flag's literal.
func (o *option) field(p *Program, name string) value {
	if i := slices.Index(o.literal.Keys, name); i >= 0 {
		return p.value(&o.literal.Args[i], o.in, nil, 1)
	}
	return nil
}

// optionNames returns what a flag is called: Name "token, t" in version 1, Name and Aliases since.
func (p *Program) optionNames(o *option) []string {
	called, _ := o.field(p, "Name").texts()
	var names []string
	for _, text := range called {
		for name := range strings.SplitSeq(text, ",") {
			names = append(names, strings.TrimSpace(name))
		}
	}
	if i := slices.Index(o.literal.Keys, "Aliases"); i >= 0 {
		walk(&o.literal.Args[i], 0, func(e *summary.Expr) {
			if e.Op != summary.List {
				texts, _ := p.value(e, o.in, nil, 1).texts()
				names = append(names, texts...)
			}
		})
	}
	return names
}

// optionValue is the value of a flag: of the variables that it is read from, or its default.
func (p *Program) optionValue(o *option) value {
	fallback := o.field(p, "Value")
	var out value
	for _, name := range p.optionVariables(o) {
		out = union(out, value{{parts: []part{{variable: name, fallback: fallback}}}})
	}
	if names := p.optionNames(o); len(names) > 0 {
		out = union(out, value{{parts: []part{{variable: "--" + names[0], fallback: fallback}}}})
	}
	return out
}

// optionVariables returns the variables that a flag is read from: EnvVar "A,B" in version 1, EnvVars in 2, Sources in 3.
func (p *Program) optionVariables(o *option) []string {
	var names []string
	for i, key := range o.literal.Keys {
		if key != "EnvVar" && key != "EnvVars" && key != "Sources" {
			continue
		}
		walk(&o.literal.Args[i], 0, func(e *summary.Expr) {
			exprs := []summary.Expr{*e}
			if e.Op == summary.Result {
				if c := p.called(e); c != nil {
					exprs = c.Args
				}
			}
			for j := range exprs {
				if exprs[j].Op == summary.List {
					continue
				}
				texts, _ := p.value(&exprs[j], o.in, nil, 1).texts()
				for _, t := range texts {
					for name := range strings.SplitSeq(t, ",") {
						names = append(names, strings.TrimSpace(name))
					}
				}
			}
		})
	}
	return names
}
