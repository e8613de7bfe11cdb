package tag

import (
	"slices"
	"strings"

	"github.com/stagewall/stagewall/detectors"
)

// Flip returns the cues that the result hangs on alone: without any one of them the token would be of another kind, reach other
// environments or do something else. Each is decided again without it. A result that several cues support hangs on none.
func (k *Knowledge) Flip(s Subject, inventory []detectors.Binding) []detectors.Evidence {
	d := k.decide(s, inventory)
	result := outcomeOf(d.token)
	var decisive []detectors.Evidence
	for _, w := range withouts(sorted(s), inventory, d.asked) {
		if len(decisive) >= mostFlips {
			break
		}
		changed := outcomeOf(k.Decide(w.subject, w.inventory))
		if about := result.differs(changed); about != "" && !slices.Contains(decisive, w.cue) {
			w.cue.About = about
			decisive = append(decisive, w.cue)
		}
	}
	return decisive
}

// mostFlips bounds the list, which is for people.
const mostFlips = 20

// outcome is what of a decision matters to a crossing.
type outcome struct {
	provider, kind string
	reach          detectors.Reach
	most, least    detectors.Privilege
}

func outcomeOf(t detectors.Token) outcome {
	return outcome{t.Provider, t.Kind, t.Reach, t.AtMost, t.AtLeast}
}

// differs says what the two outcomes differ in, the most important first; "" if in nothing.
func (o outcome) differs(p outcome) string {
	switch {
	case o.reach != p.reach:
		return "reach"
	case o.provider != p.provider || o.kind != p.kind:
		return "kind"
	case o.most != p.most || o.least != p.least:
		return "privilege"
	}
	return ""
}

// without is a case from which one cue was taken.
type without struct {
	subject   Subject
	inventory []detectors.Binding
	cue       detectors.Evidence
}

// mostCues bounds how often a case is decided again.
const mostCues = 200

// withouts returns the case without each of its cues; of the table's rows those that said something.
func withouts(s Subject, inventory []detectors.Binding, asked []int) []without {
	var all []without
	add := func(changed Subject, rows []detectors.Binding, says string, at detectors.Place) {
		if len(all) < mostCues {
			all = append(all, without{changed, rows, detectors.Evidence{Says: says, Path: at.Path, Line: at.Line}})
		}
	}
	for i, o := range s.Observations {
		for _, c := range o.withouts() {
			changed := s
			changed.Observations = slices.Clone(s.Observations)
			changed.Observations[i] = c.observation
			add(changed, inventory, c.says, o.At)
		}
	}
	for _, n := range names(s) {
		add(s.unnamed(n.Name), inventory, "it is bound to the name "+n.Name, n.At)
	}
	for i, u := range s.Uses {
		changed := s
		changed.Uses = slices.Delete(slices.Clone(s.Uses), i, i+1)
		add(changed, inventory, or(u.Unit, u.At.Path)+" hands it to "+or(u.Sink.Host, u.Sink.Tool, "a call"), u.At)
	}
	for i, h := range s.Holders {
		changed := s
		changed.Holders = slices.Delete(slices.Clone(s.Holders), i, i+1)
		add(changed, inventory, h.Unit+" has it", h.At)
	}
	for _, i := range asked {
		row := inventory[i]
		add(s, slices.Delete(slices.Clone(inventory), i, i+1), "the table gives "+row.What+" "+row.Value+" to "+row.Environments.String(), row.At)
	}
	return all
}

// names returns the names that a token is bound to, each once: linking finds again what its own line shows.
func names(s Subject) []detectors.Naming {
	var all []detectors.Naming
	add := func(n detectors.Naming) {
		if n.Name != "" && !slices.ContainsFunc(all, func(o detectors.Naming) bool { return o.Name == n.Name }) {
			all = append(all, n)
		}
	}
	for _, o := range s.Observations {
		add(detectors.Naming{Name: o.Variable, At: o.At})
	}
	for _, n := range s.Names {
		add(n)
	}
	return all
}

// unnamed returns the case without one name, wherever it was seen.
func (s Subject) unnamed(name string) Subject {
	s.Observations = slices.Clone(s.Observations)
	for i, o := range s.Observations {
		if o.Variable == name {
			s.Observations[i].Variable = ""
		}
	}
	s.Names = slices.DeleteFunc(slices.Clone(s.Names), func(n detectors.Naming) bool { return n.Name == name })
	return s
}

func or(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}

// lesser is an observation without one of its cues.
type lesser struct {
	observation Observation
	says        string
}

func (o Observation) withouts() []lesser {
	var all []lesser
	add := func(there bool, says string, remove func(*Observation)) {
		if there {
			less := o
			remove(&less)
			all = append(all, lesser{less, says})
		}
	}
	add(o.Header != "", "it is sent as "+strings.TrimSpace(o.Header+" "+o.Scheme), func(o *Observation) { o.Header, o.Scheme = "", "" })
	add(len(o.Hosts) > 0, strings.Join(o.Hosts, ", ")+" stands in its statement", func(o *Observation) { o.Hosts = nil })
	add(len(o.Decoded.Hosts) > 0, "its text names the host "+strings.Join(o.Decoded.Hosts, ", "), func(o *Observation) { o.Decoded.Hosts = nil })
	add(o.Decoded.Reach != 0, "its text is for "+o.Decoded.Reach.String(), func(o *Observation) { o.Decoded.Reach = 0 })
	add(len(o.Decoded.IDs) > 0, "its text names what it is bound to", func(o *Observation) { o.Decoded.IDs = nil })
	add(o.Decoded.Exact, "its text says what it may do", func(o *Observation) { o.Decoded.Exact = false })
	add(len(o.IDs) > 0, "ids stand beside it", func(o *Observation) { o.IDs = nil })
	add(len(o.Intent) > 0, "the names and places around it", func(o *Observation) { o.Intent, o.Intends = nil, 0 })
	return all
}
