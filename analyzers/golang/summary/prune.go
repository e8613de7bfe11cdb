package summary

import (
	"strings"

	"github.com/stagewall/stagewall/analyzers/golang/library"
)

// mostTexts is how many constants and variables of one package that are plain texts, and that nothing in the package names, are kept for
// those who import it. Generated tables have hundreds of thousands.
const mostTexts = 5000

// prune leaves out what nobody can ask for: since a fact repeats those of its imports, its size counts for every importer.
//
// What is left out is never looked at: values of unexported names that nothing in the package mentions, calls of functions that only compute and
// whose results nothing takes, and returns of nothing that is known. Functions stay, if only by name, for what has no summary is taken for
// somebody else's.
func (b *builder) prune() {
	u := uses{names: map[string]bool{}, results: map[result]bool{}}
	for i := range b.out.Assigns {
		u.expr(&b.out.Assigns[i].From)
	}
	for i := range b.out.Funcs {
		u.function(&b.out.Funcs[i])
	}
	for i := range b.out.Funcs {
		f := &b.out.Funcs[i]
		for j := range f.Calls {
			if idle(&f.Calls[j]) && !u.results[result{f.ID, j}] {
				f.Calls[j] = Call{At: f.Calls[j].At, Guard: -1}
			}
		}
		f.Returns = telling(f.Returns)
	}
	b.out.Assigns = b.assigns(u)
}

type result struct {
	function string
	call     int
}

// uses is what the expressions of a package mention.
type uses struct {
	names   map[string]bool
	results map[result]bool
}

func (u uses) expr(e *Expr) {
	switch e.Op {
	case Name, Member:
		u.names[e.Text] = true
	case Result:
		u.results[result{e.Text, e.Call}] = true
	}
	for i := range e.Args {
		u.expr(&e.Args[i])
	}
}

func (u uses) function(f *Func) {
	for _, p := range f.Params { // what is stored through one is asked for by who shares it
		u.names[p] = true
	}
	for i := range f.Calls {
		for j := range f.Calls[i].Args {
			u.expr(&f.Calls[i].Args[j])
		}
		if v := f.Calls[i].Value; v != nil {
			u.expr(v)
		}
	}
	for i := range f.Returns {
		for j := range f.Returns[i].Results {
			u.expr(&f.Returns[i].Results[j])
		}
	}
	for i := range f.Guards {
		u.expr(&f.Guards[i].Cond)
	}
}

// idle reports whether a call does nothing but compute a result.
func idle(c *Call) bool {
	if c.Callee == "" || c.Value != nil || !library.Standard(library.Package(c.Callee)) || library.Of(c.Callee).Does != library.Computes {
		return false
	}
	for i := range c.Args {
		switch c.Args[i].Op {
		case Unknown, Text, Join:
		default:
			return false // it can be a function, or hold one, which whoever gets it can call
		}
	}
	return true
}

// telling leaves out returns of which nothing is known.
func telling(all []Return) []Return {
	var kept []Return
	for _, r := range all {
		for i := range r.Results {
			if r.Results[i].Op != Unknown {
				kept = append(kept, r)
				break
			}
		}
	}
	return kept
}

// assigns returns the assignments that somebody can ask for.
func (b *builder) assigns(u uses) []Assign {
	var kept []Assign
	texts, dropped := 0, false
	for _, a := range b.out.Assigns {
		if !u.names[a.To] {
			if !exported(a.To) {
				continue
			}
			if a.From.Op == Text && (a.From.Text != "" || a.From.At.End <= a.From.At.Start) {
				if texts++; texts > mostTexts {
					dropped = true
					continue
				}
			}
		}
		kept = append(kept, a)
	}
	if dropped {
		b.gap(At{}, "the package has too many texts to keep; those that only its importers name are not all known")
	}
	return kept
}

// exported reports whether others can name a variable, a constant or a field.
func exported(id string) bool {
	name := id[strings.LastIndexAny(id, "#.")+1:]
	if strings.Contains(id, "#") && strings.Contains(id[:strings.LastIndexByte(id, '#')], ":") {
		return false // of a function
	}
	return name != "" && name[0] >= 'A' && name[0] <= 'Z' || name != "" && name[0] >= 0x80
}
