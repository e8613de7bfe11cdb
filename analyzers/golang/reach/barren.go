package reach

import (
	"slices"

	"github.com/stagewall/stagewall/analyzers"
)

// withoutBarren leaves out what only calls what does nothing itself: most functions of a program reach nothing, and linking follows every call that
// is left. The program of func main stays.
func withoutBarren(all []*analyzers.Facts) {
	callers := map[string][]string{}
	fruitful := map[string]bool{}
	var queue []string
	for _, f := range all {
		for i := range f.Programs {
			name := f.Programs[i].Name
			if does(f.Programs[i].Steps, func(callee string) { callers[callee] = append(callers[callee], name) }) && !fruitful[name] {
				fruitful[name] = true
				queue = append(queue, name)
			}
		}
	}
	for len(queue) > 0 {
		name := queue[0]
		queue = queue[1:]
		for _, c := range callers[name] {
			if !fruitful[c] {
				fruitful[c] = true
				queue = append(queue, c)
			}
		}
	}
	for _, f := range all {
		f.Programs = slices.DeleteFunc(f.Programs, func(p analyzers.Program) bool { return p.Name != "" && !fruitful[p.Name] })
		for i := range f.Programs {
			f.Programs[i].Steps = calling(f.Programs[i].Steps, fruitful)
		}
	}
}

// does reports whether one of the steps is anything but a call of a function of the program, and tells which of these are called.
func does(steps []analyzers.Step, called func(string)) bool {
	found := false
	for i := range steps {
		switch s := &steps[i]; {
		case s.Op == analyzers.OpRun && s.Refers().Name != "":
			called(s.Refers().Name)
		case s.Op == analyzers.OpBlock:
			found = does(s.Steps, called) || found
		default:
			found = true
		}
	}
	return found
}

// calling returns the steps without calls of functions that are none of these.
func calling(steps []analyzers.Step, fruitful map[string]bool) []analyzers.Step {
	kept := steps[:0]
	for _, s := range steps {
		if s.Op == analyzers.OpRun && s.Refers().Name != "" && !fruitful[s.Refers().Name] {
			continue
		}
		if s.Op == analyzers.OpBlock {
			if s.Steps = calling(s.Steps, fruitful); len(s.Steps) == 0 {
				continue
			}
		}
		kept = append(kept, s)
	}
	return kept
}
