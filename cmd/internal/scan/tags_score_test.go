package scan_test

import (
	"math"
	"slices"

	"github.com/stagewall/stagewall/detectors"
)

// right returns the answer that is agreed with, else the first, and whether there is one.
func (r row) right() (answer, bool) {
	for _, a := range r.label.answers {
		if r.agrees(a) {
			return a, true
		}
	}
	return r.label.answers[0], false
}

func (r row) agrees(a answer) bool {
	s := r.said
	if !s.found {
		return false
	}
	switch r.label.question {
	case "reach":
		switch a.text {
		case "unknown":
			return !s.known
		case "not production":
			return s.known && !s.environments.Touches(detectors.Production)
		case "touching production":
			return s.known && s.environments.Touches(detectors.Production)
		}
		return s.known && s.environments == a.environments
	case "intent":
		return s.environments == a.environments
	case "most":
		return s.privileges == a.privileges
	case "least":
		return (s.privileges^a.privileges)&judged(a.privileges) == 0
	}
	return s.word == a.text
}

// judged returns the privileges that a label of what was done says something about: what is weaker than what it names is implied, or not.
func judged(p detectors.Privilege) detectors.Privilege {
	switch {
	case p&(detectors.Destroy|detectors.Admin) != 0:
		return detectors.Destroy | detectors.Admin
	case p&detectors.Write != 0:
		return detectors.Full &^ detectors.Read
	}
	return detectors.Full
}

// cleared reports whether a token that can touch production, or may for all that is known, is said not to touch it.
func (r row) cleared() bool {
	_, agrees := r.right()
	return r.capable() && !agrees && r.said.found && r.said.known && !r.said.environments.Touches(detectors.Production)
}

// capable reports whether the token can touch production, or may for all that is known.
func (r row) capable() bool {
	if r.label.question != "reach" {
		return false
	}
	a := r.label.answers[0]
	return a.environments.Touches(detectors.Production) || a.text == "unknown" || a.text == "touching production"
}

// proven reports whether it can.
func (r row) proven() bool { return r.capable() && r.label.answers[0].text != "unknown" }

// count is what is counted of one class of answers.
type count struct{ hit, extra, missed int }

// f1 is the harmonic mean of precision and recall.
func (c count) f1() float64 { return float64(2*c.hit) / float64(2*c.hit+c.extra+c.missed) }

// score is how well somebody answers some rows.
type score struct {
	rows, right, definite, answered int
	classes                         map[string]*count
}

// add counts a row.
func (s *score) add(r row) {
	a, agrees := r.right()
	s.rows++
	if agrees {
		s.right++
	}
	if a.text != "unknown" && a.text != "none" && a.text != "nothing" {
		s.definite++
		if r.answers() {
			s.answered++
		}
	}
	switch r.label.question {
	case "reach", "intent":
		s.addEnvironments(r, a)
	case "most", "least":
		bits := detectors.Full
		if r.label.question == "least" {
			bits = judged(a.privileges)
		}
		for i, name := range detectors.Full.Names() {
			if bit := detectors.Privilege(1 << i); bits&bit != 0 {
				s.class(name, a.privileges&bit != 0, r.said.privileges&bit != 0)
			}
		}
	default:
		s.class(a.text, true, agrees)
		if !agrees && r.said.word != "" {
			s.class(r.said.word, false, true)
		}
	}
}

// answers reports whether something definite is said.
func (r row) answers() bool {
	switch r.label.question {
	case "reach":
		return r.said.found && r.said.known
	case "intent":
		return r.said.environments != 0
	case "most", "least":
		return r.said.privileges != 0
	}
	return r.said.found
}

func (s *score) addEnvironments(r row, a answer) {
	said := r.said.environments
	if r.label.question == "reach" {
		if !r.said.known {
			said = 0
		}
		s.class("unknown", a.text == "unknown", r.said.found && !r.said.known)
	}
	for _, e := range detectors.Unscoped.List() {
		want := a.environments.Touches(e)
		if a.text == "not production" || a.text == "touching production" {
			if e != detectors.Production {
				continue // the label leaves the others open
			}
			want = a.text == "touching production"
		}
		s.class(e.String(), want, said.Touches(e))
	}
}

func (s *score) class(name string, want, got bool) {
	if s.classes == nil {
		s.classes = map[string]*count{}
	}
	c := s.classes[name]
	if c == nil {
		c = &count{}
		s.classes[name] = c
	}
	switch {
	case want && got:
		c.hit++
	case got:
		c.extra++
	case want:
		c.missed++
	}
}

// macro is the mean of the classes' F1, without those that neither stand in a label nor in an answer.
func (s *score) macro() float64 {
	sum, n := 0.0, 0
	for _, c := range s.classes {
		if *c != (count{}) {
			sum += c.f1()
			n++
		}
	}
	return ratio(sum, float64(n))
}

func (s *score) accuracy() float64 { return ratio(float64(s.right), float64(s.rows)) }
func (s *score) coverage() float64 { return ratio(float64(s.answered), float64(s.definite)) }

func ratio(a, b float64) float64 {
	if b == 0 {
		return math.NaN()
	}
	return a / b
}

// scoreOf scores the rows that are so.
func scoreOf(rows []row, is func(row) bool) *score {
	s := &score{}
	for _, r := range rows {
		if is(r) {
			s.add(r)
		}
	}
	return s
}

// upper returns the upper bound of Wilson's interval of 95 % for k of n.
func upper(k, n int) float64 {
	const z = 1.96
	p, size := float64(k)/float64(n), float64(n)
	return (p + z*z/(2*size) + z*math.Sqrt(p*(1-p)/size+z*z/(4*size*size))) / (1 + z*z/size)
}

// values returns the different values of the rows' keys, in order of appearance.
func values(rows []row, key func(row) string) []string {
	var all []string
	for _, r := range rows {
		if k := key(r); !slices.Contains(all, k) {
			all = append(all, k)
		}
	}
	return all
}
