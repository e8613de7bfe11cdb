// Package carry takes what a script writes to a file out of the script's process: variables for the steps and jobs after it, which see
// the file and not the process. Names of the process are replaced by their values.
package carry

import (
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/detectors"
)

// Limits of values.
const (
	maxNested       = 8   // how deep they stand in each other
	maxAlternatives = 64  // of a variable that was set under conditions
	maxParts        = 512 // that replacing names adds to a value: what holds another twice is twice as large
)

// Carrier walks over the steps of a script.
type Carrier struct {
	// Local holds the variables of the process, as far as they are set, or the names of another Space. The walk changes it.
	Local map[string]analyzers.Value
	Space string
	// Look, if not nil, is asked instead for what stands in a hole's place.
	Look func(h *analyzers.Hole) (v analyzers.Value, known bool)
	// Out returns what a set in a file means for those who see the file. The value holds no name of the process.
	Out func(set analyzers.Step, file string, v analyzers.Value) []analyzers.Step

	others  map[[2]string]analyzers.Value // by space and name: what the script keeps in spaces of its own
	blocks  int                           // conditions that the walk is under
	changes []change                      // within them
}

// change is what a name was before something set it.
type change struct {
	name  string
	old   analyzers.Value
	bound bool
}

// Steps returns the steps that happen outside. What a script does under a condition stays under it.
func (c *Carrier) Steps(body []analyzers.Step) []analyzers.Step {
	var out []analyzers.Step
	for _, s := range body {
		switch s.Op {
		case analyzers.OpSet:
			out = append(out, c.set(s)...)
		case analyzers.OpBlock:
			out = append(out, c.block(s)...)
		case analyzers.OpRun:
			if len(s.Refers().Path.Parts) == 0 && s.Refers().Name == "" {
				child := Carrier{Local: maps.Clone(c.Local), Out: c.Out, others: maps.Clone(c.others)}
				out = append(out, child.Steps(s.Steps)...)
			}
		}
	}
	return out
}

// block walks over the steps of a block. What was set in it under a condition is afterwards what was set or what was there before.
func (c *Carrier) block(s analyzers.Step) []analyzers.Step {
	guard := c.guard(s.Guard)
	start := len(c.changes)
	c.blocks++
	inner := c.owning(s)
	c.blocks--
	before := map[string]change{}
	for _, one := range c.changes[start:] {
		if _, later := before[one.name]; !later {
			before[one.name] = one
		}
	}
	c.changes = c.changes[:start]
	for name, one := range before {
		if slices.Contains(s.Own, name) {
			continue
		}
		if c.blocks > 0 {
			c.changes = append(c.changes, one)
		}
		if guard != nil && one.bound {
			c.Local[name] = either(guard, c.Local[name], one.old)
		}
	}
	if len(inner) > 0 && guard != nil {
		inner = []analyzers.Step{{Op: analyzers.OpBlock, At: s.At, Guard: guard, Steps: inner}}
	}
	return inner
}

// guard returns a condition as it is outside, nil for none.
func (c *Carrier) guard(g *analyzers.Guard) *analyzers.Guard {
	if g == nil {
		return nil
	}
	outside := *g
	outside.Value = c.Substitute(g.Value)
	return &outside
}

// either returns a value that is one thing if the condition holds, and another if it does not.
func either(guard *analyzers.Guard, then, otherwise analyzers.Value) analyzers.Value {
	both := []analyzers.Value{then, otherwise}
	if len(guard.Patterns) > 0 {
		not := *guard
		not.Not = !guard.Not
		both[0], both[1] = under(guard, then), under(&not, otherwise)
	}
	v := one(then.At, both)
	if leaves := alternatives(nil, v); len(leaves) > maxAlternatives {
		leaves[maxAlternatives] = one(then.At, nil) // any other
		v = one(then.At, leaves[:maxAlternatives+1])
	}
	return bounded(v, maxParts)
}

// one returns a value that is one of several, or not known.
func one(at detectors.Place, of []analyzers.Value) analyzers.Value {
	return analyzers.Value{At: at, Parts: []analyzers.Part{{Hole: &analyzers.Hole{Space: "elsewhere", Values: of}}}}
}

// under returns a value that is there only if the condition holds.
func under(guard *analyzers.Guard, v analyzers.Value) analyzers.Value {
	if v.If != nil {
		v = one(v.At, []analyzers.Value{v})
	}
	v.If = guard
	return v
}

// alternatives adds those of a value, without their conditions.
func alternatives(all []analyzers.Value, v analyzers.Value) []analyzers.Value {
	if len(v.Parts) != 1 || v.Parts[0].Hole == nil || len(v.Parts[0].Hole.Values) == 0 || len(all) > maxAlternatives {
		v.If = nil
		return append(all, v)
	}
	for _, inner := range v.Parts[0].Hole.Values {
		all = alternatives(all, inner)
	}
	return all
}

// owning walks over the steps of a block, after which its own variables are what they were before.
func (c *Carrier) owning(s analyzers.Step) []analyzers.Step {
	for _, name := range s.Own {
		old, bound := c.Local[name]
		defer func() {
			if c.Local[name] = old; !bound {
				delete(c.Local, name)
			}
		}()
	}
	return c.Steps(s.Steps)
}

func (c *Carrier) set(s analyzers.Step) []analyzers.Step {
	v := c.Substitute(s.Value)
	if s.Space == c.Space {
		if c.blocks > 0 {
			old, bound := c.Local[s.Name]
			c.changes = append(c.changes, change{s.Name, old, bound})
		}
		c.Local[s.Name] = v
		return nil
	}
	if file, ok := strings.CutPrefix(s.Space, "file:"); ok {
		return c.Out(s, file, v)
	}
	if c.others == nil {
		c.others = map[[2]string]analyzers.Value{}
	}
	c.others[[2]string{s.Space, s.Name}] = v
	return nil
}

// Substitute returns a value in which the names of the process are replaced by their values. Of one that becomes too large it is not known
// what it is.
func (c *Carrier) Substitute(v analyzers.Value) analyzers.Value {
	return bounded(c.substitute(v, 0), maxParts+size(v, math.MaxInt))
}

// bounded returns a value, or one that is not known instead of a value that is too large.
func bounded(v analyzers.Value, most int) analyzers.Value {
	if size(v, most) > most {
		return one(v.At, nil)
	}
	return v
}

// size returns how many parts a value has in all, those of its conditions included; once it is more than most, it is not counted on.
func size(v analyzers.Value, most int) int {
	n := 0
	var count func(v *analyzers.Value)
	count = func(v *analyzers.Value) {
		if v == nil || n > most {
			return
		}
		if n++; v.If != nil {
			count(&v.If.Value)
		}
		for i := range v.Parts {
			n++
			if h := v.Parts[i].Hole; h != nil && n <= most {
				count(h.Default)
				count(h.File)
				count(h.Computed)
				for j := range h.Values {
					count(&h.Values[j])
				}
			}
		}
	}
	count(&v)
	return n
}

func (c *Carrier) substitute(v analyzers.Value, depth int) analyzers.Value {
	if depth > maxNested {
		return v
	}
	out := analyzers.Value{At: v.At}
	out.If = c.guard(v.If)
	for _, part := range v.Parts {
		if part.Hole == nil {
			out.Parts = append(out.Parts, part)
			continue
		}
		if local, ok := c.look(part.Hole); ok {
			out.Parts = append(out.Parts, within(v.At.Path, local)...)
			continue
		}
		h := *part.Hole
		h.Values = nil
		for _, alternative := range part.Hole.Values {
			h.Values = append(h.Values, c.substitute(alternative, depth+1))
		}
		if h.Default != nil {
			fallback := c.substitute(*h.Default, depth+1)
			h.Default = &fallback
		}
		if h.Computed != nil {
			name := c.substitute(*h.Computed, depth+1)
			h.Computed = &name
		}
		out.Parts = append(out.Parts, analyzers.Part{Hole: &h})
	}
	return out
}

func (c *Carrier) look(h *analyzers.Hole) (analyzers.Value, bool) {
	if c.Look != nil {
		return c.Look(h)
	}
	v, ok := c.others[[2]string{h.Space, h.Name}]
	if h.Space == c.Space {
		v, ok = c.Local[h.Name]
	}
	return v, ok && !h.All
}

// Fill returns a copy of steps in whose values names are replaced as [Carrier.Substitute] does. rename, if not nil, does the same in names.
func (c *Carrier) Fill(steps []analyzers.Step, rename func(name string) string) []analyzers.Step {
	if rename == nil {
		rename = func(name string) string { return name }
	}
	out := slices.Clone(steps)
	for i := range out {
		s := &out[i]
		s.Name, s.Key = rename(s.Name), rename(s.Key)
		s.Value = c.Substitute(s.Value)
		if s.File != nil {
			s.File = new(c.Substitute(*s.File))
		}
		if s.Ref != nil {
			s.Ref = &analyzers.Ref{
				Name: rename(s.Ref.Name), Path: c.Substitute(s.Ref.Path), Args: c.all(s.Ref.Args), Here: s.Ref.Here, Above: s.Ref.Above,
			}
		}
		s.Named = slices.Clone(s.Named)
		for j := range s.Named {
			s.Named[j].Value = c.Substitute(s.Named[j].Value)
		}
		s.Guard = c.guard(s.Guard)
		s.Steps = c.Fill(s.Steps, rename)
	}
	return out
}

func (c *Carrier) all(values []analyzers.Value) []analyzers.Value {
	out := slices.Clone(values)
	for i := range out {
		out[i] = c.Substitute(out[i])
	}
	return out
}

// within returns the parts of a value for a value that is written in a file: the bytes of a literal are its own file's.
func within(file string, v analyzers.Value) []analyzers.Part {
	if file == v.At.Path || file == "" || v.At.Path == "" {
		return v.Parts
	}
	if text, known := v.Text(); known {
		return []analyzers.Part{{Text: text}}
	}
	return []analyzers.Part{{Hole: &analyzers.Hole{Space: "elsewhere", Values: []analyzers.Value{v}}}}
}
