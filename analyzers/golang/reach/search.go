package reach

import "math"

// outcome is a result of a call.
type outcome struct {
	call  *call
	n     int
	frame *frame
}

// objects are the objects that something can be.
type objects struct {
	all      []object
	complete bool
	lowest   int // see search
}

// search is how far what something can be was found out.
type search struct {
	done    map[any]objects
	open    map[any]int     // what is being found out, and how deep in what else
	partial map[any]objects // what was found out while something that it needs was open
	kept    []any           // the keys of partial, the latest last
	lowest  int             // of what is open the outermost that was needed
}

func newSearch() search {
	return search{done: map[any]objects{}, open: map[any]int{}, partial: map[any]objects{}, lowest: math.MaxInt}
}

// isOpen reports whether something is being found out, and notes that it was needed.
func (s *search) isOpen(key any) bool {
	at, open := s.open[key]
	if open {
		s.lowest = min(s.lowest, at)
	}
	return open
}

// once returns what something was found to be, or finds it out. What needs itself is found without that; what is found while something that it
// needs is open is kept for as long as that is.
func (p *Program) once(key any, find func() ([]object, bool)) ([]object, bool) {
	s := &p.search
	if o, ok := s.done[key]; ok {
		return o.all, o.complete
	}
	if s.isOpen(key) {
		return nil, true
	}
	if o, ok := s.partial[key]; ok {
		s.lowest = min(s.lowest, o.lowest)
		return o.all, o.complete
	}
	var o objects
	lowest := s.opened(key, func() {
		o.all, o.complete = find()
		o.all = p.distinct(o.all)
		if len(o.all) > maxObjects {
			o.all, o.complete = o.all[:maxObjects], false
		}
	})
	if o.lowest = lowest; lowest < len(s.open) {
		s.partial[key] = o
		s.kept = append(s.kept, key)
	} else {
		s.done[key] = o
	}
	return o.all, o.complete
}

// opened does something while a key is open, and returns the outermost of what was open before that was needed for it.
func (s *search) opened(key any, do func()) (lowest int) {
	at, outer, kept := len(s.open), s.lowest, len(s.kept)
	s.open[key], s.lowest = at, math.MaxInt
	do()
	delete(s.open, key)
	last := kept
	for _, inner := range s.kept[kept:] {
		if s.partial[inner].lowest < at {
			s.kept[last] = inner
			last++
		} else {
			delete(s.partial, inner)
		}
	}
	s.kept = s.kept[:last]
	lowest = s.lowest
	if s.lowest = outer; lowest < at {
		s.lowest = min(lowest, outer)
	}
	return lowest
}
