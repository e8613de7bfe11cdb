package tag

import (
	"strings"

	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/environ"
)

// intent collects the environments that somebody meant the token for, from names and places only.
func (d *decision) intent() {
	add := func(e detectors.Environment, cue detectors.Evidence) {
		d.token.Intent |= e
		d.say(cue)
	}
	for _, o := range d.Observations {
		d.token.Intent |= o.Intends
		for _, cue := range o.Intent {
			d.say(cue)
		}
		for _, row := range d.inventory {
			if liesIn(row, o.At.Path) {
				add(row.Environments, detectors.Evidence{About: "intent", Says: "the table gives " + row.Value + " to " + row.Environments.String(), Path: o.At.Path})
			}
		}
	}
	for _, n := range d.namings() {
		e := environ.Identifier(n.Name)
		for _, cue := range nameCues(n) {
			add(e, cue)
		}
	}
	if d.Reference != nil {
		if e := environ.Path(d.Reference.Scope); e != 0 {
			add(e, detectors.Evidence{About: "intent", Says: d.Reference.Scope + " says " + e.String()})
		}
	}
	if e, cue := d.keptIn(); e != 0 {
		add(e, cue)
	}
	for _, h := range d.Holders {
		if h.Environments != 0 {
			add(h.Environments, unitCue(h))
		}
	}
}

// keptIn returns the environments whose account or project a reference's value is kept in, by the repository's tables. What is kept in
// production's is mostly production's, and may be anything.
func (d *decision) keptIn() (detectors.Environment, detectors.Evidence) {
	if d.Reference == nil || d.Reference.Scope == "" || d.IsAssumed(d.Reference) {
		return 0, detectors.Evidence{}
	}
	what := ""
	switch d.Reference.Store {
	case detectors.SecretsManager, detectors.ParameterStore:
		what = "account"
	case detectors.SecretManager:
		what = "project"
	default:
		return 0, detectors.Evidence{}
	}
	e := d.mapped(what, d.Reference.Scope)
	return e, detectors.Evidence{
		About: "intent", Says: "it is kept in the " + what + " " + d.Reference.Scope + ", which is " + e.String() + "'s", Decibans: weigh(e, keyProduction, keyOther),
	}
}

// nameCues returns the cues of a name as evidence of intent.
func nameCues(n detectors.Naming) []detectors.Evidence {
	var cues []detectors.Evidence
	says := saysVariable
	if strings.ContainsAny(n.Name, "@/:. ") {
		says = saysName
	}
	for _, c := range environ.IdentifierCues(n.Name) {
		cues = append(cues, detectors.Evidence{About: "intent", Says: says + n.Name + " says " + c.Environments.String(),
			Decibans: weighName(c), Path: n.At.Path, Line: n.At.Line})
	}
	return cues
}

// unitCue returns the cue of a unit that has the token.
func unitCue(h detectors.Holder) detectors.Evidence {
	return detectors.Evidence{About: "intent", Says: h.Unit + " has it and works in " + h.Environments.String(), Decibans: weighUnit(h.Environments),
		Path: h.At.Path, Line: h.At.Line}
}
