package tag

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/stagewall/stagewall/detectors"
)

// Subject is all that is known of one token.
type Subject struct {
	Secret       detectors.Secret     // empty for a reference
	Reference    *detectors.Reference // set for a token known by name only
	Observations []Observation        // one for each place where the secret stands
	Names        []detectors.Naming   // the names that it is bound to
	Uses         []detectors.Use      // what is done with it
	Holders      []detectors.Holder   // who gets it, at flow or loaded strength
	Shared       []detectors.Target   // of what it opens, what units of production work on with other credentials
}

// decision is one run of [Knowledge.Decide].
type decision struct {
	*Knowledge
	Subject
	inventory []detectors.Binding
	asked     []int // rows of the inventory that said something
	token     detectors.Token
	said      map[detectors.Evidence]bool
	lines     map[string]int // of the ledger, by what they are about

	provider *detectors.Provider
	open     []*detectors.Kind // the kinds that it can be, widest first; one if something decided
	decoded  detectors.Decoded
}

// Decide returns what all evidence together says of a token: everything of it but its id. The result does not depend on the order
// of the subject's parts.
func (k *Knowledge) Decide(s Subject, inventory []detectors.Binding) detectors.Token {
	return k.decide(s, inventory).token
}

func (k *Knowledge) decide(s Subject, inventory []detectors.Binding) *decision {
	d := &decision{Knowledge: k, Subject: sorted(s), inventory: inventory, said: map[detectors.Evidence]bool{}, lines: map[string]int{}}
	defer d.close()
	d.token.Secret, d.token.Reference = s.Secret, s.Reference
	if d.identifies() {
		d.intent()
		d.places()
		return d
	}
	d.identify()
	d.parts()
	if says := cmp.Or(d.published(), d.half(), d.labels()); says != "" {
		d.token.Public, d.token.Reach = true, detectors.Reach{Known: true}
		d.say(detectors.Evidence{About: "kind", Says: says})
		d.intent()
		d.places()
		return d
	}
	d.power()
	d.reach()
	d.intent()
	d.places()
	d.sample()
	return d
}

// sample notes that anybody makes such a token, that it stands in tests, examples and documents only, or that only tests are given it, and that no name
// says production. One that is used for anything but tests and development was not made for these.
func (d *decision) sample() {
	if len(d.open) == 0 || !d.open[0].Homemade || len(d.Observations) == 0 || d.token.Intent.Touches(detectors.Production) || d.inEarnest() {
		return
	}
	switch {
	case !slices.ContainsFunc(d.Observations, func(o Observation) bool { return !o.Aside }):
		d.token.Sample = true
		d.say(detectors.Evidence{About: "kind", Says: "anybody makes one, and this one stands in tests, examples and documents only"})
	case len(d.Holders) > 0 && !slices.ContainsFunc(d.Holders, func(h detectors.Holder) bool { return h.Environments != detectors.Test }):
		d.token.Sample = true
		d.say(detectors.Evidence{About: "kind", Says: "anybody makes one, and only tests are given this one"})
	}
}

// inEarnest reports whether a unit that stands in no test, example or document has the token, or hands it on, and is not for tests and development
// alone. A text of code that merely mentions it does not count.
func (d *decision) inEarnest() bool {
	earnest := func(environments detectors.Environment, at detectors.Place) bool {
		return (environments == 0 || environments&^(detectors.Test|detectors.Development) != 0) && !pathAside(at.Path)
	}
	return slices.ContainsFunc(d.Holders, func(h detectors.Holder) bool { return !h.Text && earnest(h.Environments, h.At) }) ||
		slices.ContainsFunc(d.Uses, func(u detectors.Use) bool { return earnest(u.Environments, u.At) })
}

// sorted returns the subject with its parts in order, the caller's untouched.
func sorted(s Subject) Subject {
	s.Observations = slices.Clone(s.Observations)
	slices.SortStableFunc(s.Observations, func(a, b Observation) int {
		return cmp.Or(comparePlaces(a.At, b.At), cmp.Compare(a.Rule, b.Rule))
	})
	s.Names = slices.Clone(s.Names)
	slices.SortStableFunc(s.Names, func(a, b detectors.Naming) int { return cmp.Or(comparePlaces(a.At, b.At), cmp.Compare(a.Name, b.Name)) })
	s.Uses = slices.Clone(s.Uses)
	slices.SortStableFunc(s.Uses, func(a, b detectors.Use) int {
		return cmp.Or(comparePlaces(a.At, b.At), cmp.Compare(a.Unit, b.Unit), cmp.Compare(a.Environments, b.Environments),
			cmp.Compare(a.Sink.Tool, b.Sink.Tool), cmp.Compare(a.Sink.Host, b.Sink.Host), cmp.Compare(a.Sink.Header, b.Sink.Header))
	})
	s.Holders = slices.Clone(s.Holders)
	slices.SortStableFunc(s.Holders, func(a, b detectors.Holder) int {
		return cmp.Or(cmp.Compare(a.Unit, b.Unit), cmp.Compare(a.Environments, b.Environments), comparePlaces(a.At, b.At))
	})
	return s
}

func comparePlaces(a, b detectors.Place) int {
	return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column), cmp.Compare(a.Commit, b.Commit))
}

// maxLines bounds the lines of a token's ledger about one thing. Thousands of units that have thousands of tokens all say the same of each.
const maxLines = 100

// say adds a line to the ledger, once.
func (d *decision) say(e detectors.Evidence) {
	if d.said[e] {
		return
	}
	d.said[e] = true
	if d.lines[e.About]++; d.lines[e.About] <= maxLines {
		d.token.Evidence = append(d.token.Evidence, e)
	}
}

// close says how many lines the ledger has no place for.
func (d *decision) close() {
	for _, about := range slices.Sorted(maps.Keys(d.lines)) {
		if more := d.lines[about] - maxLines; more > 0 {
			d.token.Evidence = append(d.token.Evidence, detectors.Evidence{About: about, Says: fmt.Sprintf("%d more of its kind are not listed", more)})
		}
	}
}

// sayAt adds a line about what was seen at a place.
func (d *decision) sayAt(about, says string, at detectors.Place) {
	d.say(detectors.Evidence{About: about, Says: says, Path: at.Path, Line: at.Line})
}

// places lists where the secret stands, and whether every place says that it is no leak to report.
func (d *decision) places() {
	seen := map[detectors.Place]bool{}
	for i, o := range d.Observations {
		if !seen[o.At] {
			seen[o.At] = true
			d.token.Places = append(d.token.Places, o.At)
		}
		if i == 0 {
			d.token.Allowed = o.Allowed
		} else if o.Allowed == "" {
			d.token.Allowed = ""
		}
	}
}
