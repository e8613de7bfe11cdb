package match

import (
	"sync/atomic"
	"time"
)

// Timing is what one rule has cost all scanners of an engine.
type Timing struct {
	Rule  string        // its id; empty for the search for the words of all rules, and for where they can match
	Texts int           // in which one of its words stood, or what was decoded of them
	Time  time.Duration // of the wall, in which other programs may have run too
}

// timing collects a Timing.
type timing struct{ texts, time atomic.Int64 }

// Timings returns what each rule that was run has cost, and first what all have cost together. It is empty unless the options ask for it.
func (e *Engine) Timings() []Timing {
	var list []Timing
	for i := range e.timings {
		t := &e.timings[i]
		if t.texts.Load() == 0 {
			continue
		}
		id := ""
		if i > 0 {
			id = e.rules[i-1].ID
		}
		list = append(list, Timing{id, int(t.texts.Load()), time.Duration(t.time.Load())})
	}
	return list
}

// timed runs a part of the work, for the rule or, if it is -1, for all, and notes what it costs if that is asked for.
func (e *Engine) timed(rule int32, work func()) {
	if e.timings == nil {
		work()
		return
	}
	begun := time.Now()
	work()
	t := &e.timings[rule+1]
	t.texts.Add(1)
	t.time.Add(int64(time.Since(begun)))
}
