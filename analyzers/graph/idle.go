package graph

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/detectors"
)

// Files of Go, JavaScript and Python know each other's values by names with a hash in them, scripts set variables for themselves, and both do
// so thousands of times, while hardly any of the names ever is a token's. Nor does a token ever stand in most variables that are read.
//
// Idea: before anything is executed, find the names that are alive, that is, can come to hold a token: those that some step sets to a
// text in which a token stands, to a reference, or to what mentions a name that is alive. Then find the names that are asked for: to begin with
// those that a unit mentions, or a step that does anything, and those that a program which is called takes from its environment, and then those
// that the values of such names mention. Steps that neither do anything nor change a name that is alive or asked for are idle, and left out.
//
// Why it is valid: a name is bound to a node only by a step that sets it, or as an argument, and only if its value leads to a token; a
// reading, or a use, of names that are not alive makes no edge. What else a name holds is looked at only by who mentions the name, by a
// program that is known to take it, and where all names of a store are given away; and for a name that somebody looks at all steps that change
// it stay, with their conditions. In which space a name is does not matter here, since one can be loaded into another: a name that is alive
// or asked for anywhere is so everywhere. Positional parameters are always kept.
//
// Gain: linking Kubernetes 1.34, where it is mostly scripts that are followed, takes two thirds of the processor time that it takes if only names
// with a hash can be idle, and does a third of the steps; those of Go, of which a third was left out, are as many.

// item is a step that may be idle, the conditions that it stands under, and its file.
type item struct {
	step   *analyzers.Step
	guards []*analyzers.Value
	file   string
}

// idleness finds what is idle.
type idleness struct {
	*linker
	units []*analyzers.Unit
	items []item              // steps that change no name
	sets  map[string][]item   // by name, steps that change it
	users map[string][]string // by name, names whose values mention it
	below map[string][]string // the same for names of which everything below is mentioned
	queue []string            // names that were found alive and are not followed yet
	reads []reading

	sorted  []string        // names of sets, sorted, once somebody asks
	entries map[string]bool // the beginnings of computed names of which all that are known were asked for
}

// reading is a name that can have what is read of the files with a path.
type reading struct {
	name string
	path *analyzers.Value
}

// findIdle finds the names that are alive, and those that are asked for.
func (l *linker) findIdle() {
	w := &idleness{linker: l, sets: map[string][]item{}, users: map[string][]string{}, below: map[string][]string{}, entries: map[string]bool{}}
	n := 0
	for _, p := range l.Index.All() {
		for _, f := range l.Index.Facts(p) {
			for i := range f.Programs {
				n += doing(f.Programs[i].Steps)
			}
		}
	}
	w.items = make([]item, 0, n)
	for _, p := range l.Index.All() {
		for _, f := range l.Index.Facts(p) {
			for i := range f.Programs {
				w.gather(f.Programs[i].Steps, nil, p)
			}
			for i := range f.Units {
				w.arguments(f.Units[i].Runs.Args, p)
				w.named[f.Units[i].Runs.Name] = true
				w.units = append(w.units, &f.Units[i])
			}
		}
	}
	if w.Known != nil {
		for _, name := range w.Known.Alive {
			w.live(name)
		}
	}
	w.followReads()
	w.useAliases()
	w.follow()
	w.askAll()
	w.wanted = w.asked
	if w.followEnds(); len(w.nowhere) > 0 {
		w.asked, w.entries = map[string]bool{}, map[string]bool{}
		w.askAll()
	}
}

// askAll finds the names that are asked for.
func (w *idleness) askAll() {
	if w.Known != nil {
		for _, name := range w.Known.Asked {
			w.askName(name)
		}
	}
	for _, u := range w.units {
		w.askFor(&u.Runs.Path)
		for i := range u.Runs.Args {
			w.askFor(&u.Runs.Args[i])
		}
		for _, sign := range u.Signs {
			if sign.Value != nil {
				w.askFor(sign.Value)
			}
		}
	}
	for _, it := range w.items {
		if it.step.Op == analyzers.OpCompile || !w.idle(it.step, it.file) { // what is built is asked by whoever starts it
			w.ask(it)
		}
	}
	for name, items := range w.sets {
		if w.alive[name] {
			for _, it := range items {
				w.ask(it)
			}
		}
	}
}

// doing counts the steps that change no name.
func doing(steps []analyzers.Step) int {
	n := 0
	for i := range steps {
		if _, ok := changed(&steps[i]); !ok && steps[i].Op != analyzers.OpBlock {
			n++
		}
		n += doing(steps[i].Steps)
	}
	return n
}

// gather notes the steps and what they set.
func (w *idleness) gather(steps []analyzers.Step, guards []*analyzers.Value, file string) {
	for i := range steps {
		s := &steps[i]
		it := item{s, guards, file}
		switch {
		case s.Op == analyzers.OpSet:
			w.given(analyzers.InSpace(s.Space, s.Name), &s.Value, file)
			if analyzers.IsAlias(s.Value) {
				w.aliases[s.Name] = true
			}
		case s.Op == analyzers.OpCall: // what is called may be a program of the repository
			w.given(argument(0), &s.Value, file)
		}
		if s.Ref != nil {
			w.arguments(s.Ref.Args, file)
			if s.Ref.Name != "" {
				w.named[s.Ref.Name] = true
			}
		}
		if name, ok := changed(s); ok {
			w.sets[name] = append(w.sets[name], it)
		} else if s.Op != analyzers.OpBlock {
			w.items = append(w.items, it)
		}
		if len(s.Steps) > 0 {
			inner := guards
			if s.Guard != nil && len(s.Guard.Value.Parts) > 0 {
				inner = append(slices.Clip(guards), &s.Guard.Value)
			}
			w.gather(s.Steps, inner, file)
		}
	}
}

// changed returns the name that a step changes, if it does nothing else.
func changed(s *analyzers.Step) (name string, ok bool) {
	switch s.Op {
	case analyzers.OpSet, analyzers.OpUnset, analyzers.OpExport:
		return analyzers.InSpace(s.Space, s.Name), s.Name != "" && s.Space != "args"
	}
	return "", false
}

func (w *idleness) arguments(args []analyzers.Value, file string) {
	for i := range args {
		w.given(argument(i), &args[i], file)
	}
}

// argument returns the name of a positional parameter, counted from 0.
func argument(i int) string { return analyzers.InSpace("args", strconv.Itoa(i+1)) }

// given notes that a name can have a value.
func (w *idleness) given(name string, v *analyzers.Value, file string) {
	if v.At.Path != "" {
		file = v.At.Path
	}
	for _, p := range v.Parts {
		h := p.Hole
		if h != nil && h.File != nil {
			w.reads = append(w.reads, reading{name, h.File})
		} else if w.holding(p, file) {
			w.live(name)
		}
		if h == nil {
			continue
		}
		if from := analyzers.InSpace(h.Space, h.Name); h.All {
			w.below[from] = append(w.below[from], name)
		} else if users := w.users[from]; len(users) == 0 || users[len(users)-1] != name {
			w.users[from] = append(users, name)
		}
		if h.Default != nil {
			w.given(name, h.Default, file)
		}
		for i := range h.Values {
			w.given(name, &h.Values[i], file)
		}
	}
}

// holding reports whether a part is a token, a reference, or what a file holds, in itself, or can be what any file has under a name.
func (l *linker) holding(p analyzers.Part, file string) bool {
	if p.Hole != nil {
		return p.Hole.Store != "" || p.Hole.Computed != nil && p.Hole.Default == nil || p.Hole.File != nil && !l.empty[p.Hole.File]
	}
	for range l.standing(p.Span, file) {
		return true
	}
	return false
}

func (w *idleness) live(name string) {
	if !w.alive[name] {
		w.alive[name] = true
		w.queue = append(w.queue, name)
	}
}

// useAliases lets names whose values mention one below a name that stands for others be alive if this one is.
func (w *idleness) useAliases() {
	if len(w.aliases) == 0 {
		return
	}
	for _, name := range slices.Sorted(maps.Keys(w.users)) {
		beginnings(name, func(above string) bool {
			if w.aliases[above] {
				w.users[above] = append(w.users[above], w.users[name]...)
			}
			return false
		})
	}
}

// standsFor reports whether a name is below one that stands for others and is alive.
func (l *linker) standsFor(name string) bool {
	return len(l.aliases) > 0 && beginnings(name, func(above string) bool { return l.aliases[above] && l.alive[above] })
}

// follow finds all names that names which are alive make alive.
func (w *idleness) follow() {
	for len(w.queue) > 0 {
		name := w.queue[0]
		w.queue = w.queue[1:]
		for _, user := range w.users[name] {
			w.live(user)
		}
		for n := range len(name) + 1 {
			for _, user := range w.below[name[:n]] {
				w.live(user)
			}
		}
	}
	for name := range w.alive {
		w.living = append(w.living, name)
	}
	slices.Sort(w.living)
}

// ask notes the names that a step which stays mentions, and those that stand in the conditions on it.
func (w *idleness) ask(it item) {
	s := it.step
	if s.File != nil {
		w.askFor(s.File)
	}
	if s.Ref != nil {
		w.askFor(&s.Ref.Path)
		for i := range s.Ref.Args {
			w.askFor(&s.Ref.Args[i])
		}
	}
	if s.Op != analyzers.OpCall || w.mayBuild(s) || w.isAlive(&s.Value, it.file) {
		w.askFor(&s.Value)
	}
	for i := range s.Named {
		w.askFor(&s.Named[i].Value)
	}
	for _, g := range it.guards {
		w.askFor(g)
	}
	if s.Op == analyzers.OpCall && s.Sink != nil && w.Takes != nil {
		for _, name := range w.Takes(*s.Sink) {
			w.askName(name)
		}
	}
}

// askName notes that what a name holds matters.
func (w *idleness) askName(name string) {
	if w.asked[name] {
		return
	}
	w.asked[name] = true
	for _, it := range w.sets[name] {
		w.ask(it)
	}
	if len(w.aliases) > 0 {
		beginnings(name, func(above string) bool {
			if w.aliases[above] {
				w.askName(above)
			}
			return false
		})
	}
}

// askEntries asks for the names that a computed one can come to.
func (w *idleness) askEntries(h *analyzers.Hole) {
	if len(h.Computed.Parts) < 2 || h.Computed.Parts[0].Text == "" {
		return
	}
	begins := analyzers.InSpace(h.Space, h.Computed.Parts[0].Text)
	if w.entries[begins] {
		return
	}
	w.entries[begins] = true
	if w.sorted == nil {
		w.sorted = slices.Sorted(maps.Keys(w.sets))
	}
	for first, _ := slices.BinarySearch(w.sorted, begins); first < len(w.sorted) && strings.HasPrefix(w.sorted[first], begins); first++ {
		w.askName(w.sorted[first])
	}
}

// mayBuild reports whether what a step calls can be a program that the repository builds: one that is installed does not get its arguments'
// texts read.
func (l *linker) mayBuild(s *analyzers.Step) bool {
	if s.Sink == nil || len(s.Sink.Argv) == 0 || s.Sink.Argv[0].Text == "" {
		return false
	}
	called := s.Sink.Argv[0].Text
	name := programName(called)
	return len(l.compiled[name]) > 0 || len(l.ofPackages(name)) > 0 || strings.Contains(called, "/") && len(l.compiled[nameUnknown]) > 0
}

// askSet asks for what steps set. What others set that these take in can be called anything.
func (w *idleness) askSet(steps []analyzers.Step) {
	for i := range steps {
		s := &steps[i]
		name, ok := changed(s)
		switch {
		case ok:
			w.askName(name)
		case s.Op == analyzers.OpLoad, s.Op == analyzers.OpSource:
			for name := range w.sets {
				w.askName(name)
			}
		}
		w.askSet(s.Steps)
	}
}

func (w *idleness) askFor(v *analyzers.Value) {
	for _, p := range v.Parts {
		h := p.Hole
		if h == nil {
			continue
		}
		switch {
		case !h.All:
			w.askName(analyzers.InSpace(h.Space, h.Name))
		case strings.HasPrefix(h.Space, "@"): // it can be any text that one of the names holds
			for _, g := range w.global[h.Space] {
				w.askSet(g.Steps)
			}
		case h.Store != "": // what is bound is not looked up in the store
			for _, name := range w.stored(h.Store, h.Scope) {
				w.askName(name)
			}
		}
		if h.Computed != nil && h.Store == "" {
			w.askEntries(h)
		}
		for _, inner := range [...]*analyzers.Value{h.Default, h.File, h.Computed} {
			if inner != nil {
				w.askFor(inner)
			}
		}
		for i := range h.Values {
			if g := h.Values[i].If; g != nil {
				w.askFor(&g.Value)
			}
			w.askFor(&h.Values[i])
		}
	}
}

// idle reports whether a step of a file does nothing that anybody could see.
func (l *linker) idle(s *analyzers.Step, file string) bool {
	if l.Everything {
		return false
	}
	switch s.Op {
	case analyzers.OpCompile:
		return true
	case analyzers.OpCall:
		return s.Sink != nil && s.Sink.Library != "" && len(s.Value.Parts) == 0 && !l.fetches(s.Sink.Library)
	case analyzers.OpSet, analyzers.OpUnset, analyzers.OpExport:
		name, ok := changed(s)
		return ok && !l.alive[name] && !l.asked[name]
	case analyzers.OpUse:
		return !l.isAlive(&s.Value, inFile(s.At, file).Path)
	case analyzers.OpOpen:
		return l.leadsNowhere(s, file)
	case analyzers.OpRead:
		if len(s.Value.Parts) > 0 {
			return false
		}
		name := analyzers.InSpace(s.Space, s.Name)
		return !s.All && !l.alive[name] || s.All && !l.aliveBelow(name)
	case analyzers.OpBlock:
		for i := range s.Steps {
			if !l.idle(&s.Steps[i], file) {
				return false
			}
		}
		return true
	}
	return false
}

// fetches reports whether a client of the library takes something from the environment by itself.
func (l *linker) fetches(library string) bool {
	if l.Takes == nil {
		return false
	}
	if known, ok := l.fetching.Load(library); ok {
		return known.(bool)
	}
	known := len(l.Takes(detectors.Sink{Library: library})) > 0
	l.fetching.Store(library, known)
	return known
}

// isAlive reports whether a value in a file can hold a token.
func (l *linker) isAlive(v *analyzers.Value, file string) bool {
	if v.At.Path != "" {
		file = v.At.Path
	}
	return slices.ContainsFunc(v.Parts, func(p analyzers.Part) bool {
		h := p.Hole
		switch {
		case l.holding(p, file):
			return true
		case h == nil:
			return false
		case h.Space == "" && l.standsFor(h.Name):
			return true
		case l.alive[analyzers.InSpace(h.Space, h.Name)], h.All && l.aliveBelow(analyzers.InSpace(h.Space, h.Name)), h.Default != nil && l.isAlive(h.Default, file):
			return true
		}
		return slices.ContainsFunc(h.Values, func(v analyzers.Value) bool { return l.isAlive(&v, file) })
	})
}

// aliveBelow reports whether one of the names begins with the prefix.
func (l *linker) aliveBelow(prefix string) bool {
	i, _ := slices.BinarySearch(l.living, prefix)
	return i < len(l.living) && strings.HasPrefix(l.living[i], prefix)
}

// plain reports whether all that a call of a command does is to get what is in the environment at that moment: most commands take nothing
// by themselves, work on nothing that has a name, and are handed nothing that is alive. What one does is found once, however often it is done.
func (l *linker) plain(s *analyzers.Step, at detectors.Place) bool {
	known, ok := l.plains[s]
	if !ok {
		sink := detectors.Sink{}
		if s.Sink != nil {
			sink = *s.Sink
		}
		known = !l.Everything && sink.Library == "" && len(s.Named) == 0 && !l.isAlive(&s.Value, at.Path) && !l.mayBuild(s) &&
			(l.Takes == nil || len(l.Takes(sink)) == 0) && (l.WorksOn == nil || len(l.WorksOn(sink)) == 0)
		l.plains[s] = known
	}
	return known
}

// body returns the steps of a program, and notes which of them are idle.
func (l *linker) body(p program) []analyzers.Step {
	steps, ok := l.bodies[p.Program]
	if !ok {
		if steps = p.Steps; p.outline != nil {
			steps = p.outline.Steps(p.path, p.Steps)
		}
		l.bodies[p.Program] = steps
		l.noteIdle(steps, p.path)
	}
	return steps
}

// noteIdle notes which steps of a file are idle.
func (l *linker) noteIdle(steps []analyzers.Step, file string) {
	for i := range steps {
		s := &steps[i]
		if l.idle(s, file) {
			l.idles[s] = true
		} else if len(s.Steps) > 0 {
			l.noteIdle(s.Steps, file)
		}
	}
}

// alters reports whether steps can change a process' maps.
func (l *linker) alters(steps []analyzers.Step) bool {
	for i := range steps {
		s := &steps[i]
		if l.idles[s] {
			continue
		}
		switch s.Op {
		case analyzers.OpUse, analyzers.OpCall, analyzers.OpRead, analyzers.OpOpen, analyzers.OpMount, analyzers.OpSee, analyzers.OpRun, analyzers.OpGap:
		case analyzers.OpBlock:
			if l.alters(s.Steps) {
				return true
			}
		default:
			return true
		}
	}
	return false
}
