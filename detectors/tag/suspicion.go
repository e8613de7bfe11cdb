package tag

import (
	"strings"

	"github.com/stagewall/stagewall/detectors"
)

// suspect adds up the cues, where nothing that binds says which environments the token reaches. Of each group only the strongest counts.
// The sum raises a suspicion of production or does nothing: no amount of cues clears.
func (d *decision) suspect() {
	sum, toward, away := 0, 0, 0
	for _, group := range d.cues() {
		most, least := extremes(group)
		for _, cue := range []detectors.Evidence{most, least} {
			if cue.Decibans != 0 {
				cue.About = "reach"
				d.say(cue)
			}
		}
		strongest := most.Decibans
		if -least.Decibans > strongest {
			strongest = least.Decibans
		}
		sum += max(-groupCap, min(strongest, groupCap))
		toward += min(most.Decibans, groupCap)
		away += min(-least.Decibans, groupCap)
	}
	if min(toward, away) >= conflict {
		d.say(detectors.Evidence{About: "reach", Says: "the cues disagree"})
	}
	if sum = max(-sumCap, min(sum, sumCap)); sum >= suspicious {
		d.token.Reach.Environments |= detectors.Production
		d.say(detectors.Evidence{About: "reach", Says: "the cues together point to production", Decibans: sum})
	}
}

// cues returns the cues by group: the hosts beside the token, its names, what encloses it, its paths, the units that have it. The cues of
// a group are copies of one decision.
func (d *decision) cues() [5][]detectors.Evidence {
	var hosts, names, keys, paths, units []detectors.Evidence
	for _, h := range d.sentTo() {
		if e := d.hostEnvironments(h.host); e != 0 {
			hosts = append(hosts, detectors.Evidence{Says: h.host + " beside it is " + e.String() + "'s", Decibans: weighHost(e), Path: h.at.Path, Line: h.at.Line})
		}
	}
	for _, n := range d.namings() {
		names = append(names, nameCues(n)...)
	}
	for _, o := range d.Observations {
		for _, e := range o.Intent {
			switch {
			case strings.HasPrefix(e.Says, saysKey):
				keys = append(keys, e)
			case strings.HasPrefix(e.Says, saysPath):
				paths = append(paths, e)
			}
		}
	}
	if e, cue := d.keptIn(); e != 0 {
		keys = append(keys, cue)
	}
	for _, h := range d.Holders {
		if h.Environments != 0 && !h.Scoped { // who has a value of its own says nothing of the others
			units = append(units, unitCue(h))
		}
	}
	return [...][]detectors.Evidence{hosts, names, keys, paths, units}
}

// extremes returns the strongest cue of a group toward production and the strongest away from it, each empty if there is none.
func extremes(group []detectors.Evidence) (most, least detectors.Evidence) {
	for _, e := range group {
		if e.Decibans > most.Decibans {
			most = e
		}
		if e.Decibans < least.Decibans {
			least = e
		}
	}
	return most, least
}
