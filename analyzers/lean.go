package analyzers

import (
	"slices"
	"strings"
)

// Files of code hand on thousands of values of which hardly any is a token's, make hundreds of clients of libraries of which few take a
// token by themselves, and have functions that nobody calls but for the few that other files know by name.
//
// Idea: such steps and programs are left out of the facts of a file in which no token stands, and what would make them matter is kept: the
// libraries, the programs' names, and the names that the values mention and that are set. Of names that are set it is only those with a
// hash in them: what becomes of a variable of the environment is not known. So it is of names that are handed on, since variables are called alike in
// most scripts, and hardly any script would not be read again.
//
// Why it is valid: handing a value on makes an edge only if one of the names that it mentions can come to hold a token, setting a name
// matters only then or if the name is asked for, using a client only if its library is known to take something, and a program that stands
// apart is run only by who names it. analyzers/graph knows all of this, and has the file read again if it is so.
//
// Gain: of the steps of Go in Kubernetes 1.34, where half of the files' steps hand on, and of Python in saleor, where a third are clients,
// that much of the memory; of those of the scripts of Kubernetes, of which functions have more than half, that half. Of its 269
// scripts 39 are read again, and of 559 of loa-freeside, which took 444 before, 205; for a third and a fifth of these files' functions.

// Left is what was left out of facts.
type Left struct {
	Names     []string // that values mention which are handed on
	Below     []string // the same, with all names that begin so
	Libraries []string // whose clients are used
	Programs  []string // that stand apart
	Sets      []string // names with a hash in them that are set
}

// InSpace returns what a name in a space, see [Hole], is called where it is asked whether it can hold a token. Positional parameters are of
// their own; of other spaces one can be loaded into another.
func InSpace(space, name string) string {
	if space == "args" {
		return "args\x00" + name
	}
	return name
}

// Lean leaves out the steps that matter only if what they mention does, and the programs that stand apart, and notes what that is. matters,
// which may be nil, says of what one of them mentions whether it is known to matter: then it stays.
func (f *Facts) Lean(matters func(*Left) bool) {
	l := leaner{matters: matters, left: &Left{}}
	if f.Left != nil {
		l.left = f.Left
	}
	f.Programs = slices.DeleteFunc(f.Programs, l.apart)
	for i := range f.Programs {
		f.Programs[i].Steps = l.steps(f.Programs[i].Steps)
	}
	for _, names := range l.left.lists() {
		slices.Sort(*names)
		*names = slices.Clone(slices.Compact(*names))
	}
	if l.left.some() {
		f.Left = l.left
	}
}

// Leave notes what an analyzer left out at a glance.
func (f *Facts) Leave(some Left) {
	if f.Left == nil {
		f.Left = &Left{}
	}
	f.Left.add(some)
}

// Partial reports whether the file can say more than the facts.
func (f *Facts) Partial() bool { return f.Outline != nil || f.Left != nil }

// lists returns all that was left out.
func (l *Left) lists() []*[]string {
	return []*[]string{&l.Names, &l.Below, &l.Libraries, &l.Programs, &l.Sets}
}

func (l *Left) some() bool {
	return slices.ContainsFunc(l.lists(), func(list *[]string) bool { return len(*list) > 0 })
}

func (l *Left) add(some Left) {
	own := l.lists()
	for i, list := range some.lists() {
		*own[i] = append(*own[i], *list...)
	}
}

type leaner struct {
	matters func(*Left) bool
	left    *Left
}

// apart notes a program that stands apart, and reports whether it is left out.
func (l *leaner) apart(p Program) bool {
	if !p.Apart || l.matters != nil && l.matters(&Left{Programs: []string{p.Name}}) {
		return false
	}
	l.left.Programs = append(l.left.Programs, p.Name)
	return true
}

// steps returns the steps that stay.
func (l *leaner) steps(steps []Step) []Step {
	var few [64]bool // of most lists
	stay := few[:0]
	if len(steps) > len(few) {
		stay = make([]bool, 0, len(steps))
	}
	stay = stay[:len(steps)]
	n := 0
	for i := range steps {
		s := &steps[i]
		some := len(s.Steps) > 0
		s.Steps = l.steps(s.Steps)
		if stay[i] = !l.leave(s) && !(s.Op == OpBlock && some && len(s.Steps) == 0); stay[i] {
			n++
		}
	}
	switch n {
	case 0:
		return nil
	case len(steps):
		return steps
	}
	kept := make([]Step, 0, n)
	for i := range steps {
		if stay[i] {
			kept = append(kept, steps[i])
		}
	}
	return kept
}

// leave notes what a step mentions if it is to be left out, and reports whether it is.
func (l *leaner) leave(s *Step) bool {
	sets := s.Op == OpSet && s.Space == "" && !s.Export && strings.Contains(s.Name, "#") && !IsAlias(s.Value)
	hands := s.Sink != nil && len(s.Sink.Argv) == 0 && s.Op == OpUse
	calls := s.Sink != nil && len(s.Sink.Argv) == 0 && s.Op == OpCall && s.Sink.Library != "" && len(s.Value.Parts) == 0
	if !sets && !hands && !calls {
		return false
	}
	var own Left
	switch {
	case calls:
		own.Libraries = []string{s.Sink.Library}
	case !own.mentions(&s.Value):
		return false
	case sets:
		own.Sets = []string{s.Name}
	case slices.ContainsFunc(own.Names, unhashed) || slices.ContainsFunc(own.Below, unhashed):
		return false
	}
	if l.matters != nil && l.matters(&own) {
		return false
	}
	l.left.add(own)
	return true
}

func unhashed(name string) bool { return !strings.Contains(name, "#") }

// mentions notes the names that a value mentions, and reports whether those are all that can make it a token.
func (l *Left) mentions(v *Value) bool {
	for _, p := range v.Parts {
		h := p.Hole
		switch {
		case h == nil: // no token stands in the file
			continue
		case h.Store != "", h.File != nil, h.Computed != nil && h.Default == nil:
			return false
		case strings.HasPrefix(h.Space, "@"), InSpace(h.Space, h.Name) == "" && h.All:
			return false
		case h.All:
			l.Below = append(l.Below, InSpace(h.Space, h.Name))
		case h.Name != "":
			l.Names = append(l.Names, InSpace(h.Space, h.Name))
		}
		if h.Default != nil && !l.mentions(h.Default) {
			return false
		}
		for i := range h.Values {
			if !l.mentions(&h.Values[i]) {
				return false
			}
		}
	}
	return true
}
