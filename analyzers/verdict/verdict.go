// Package verdict says how bad a crossing is, by a table and the steps down from it, and what it is called.
package verdict

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/detectors"
)

// Severity of a crossing. The zero value is none: no crossing.
type Severity uint8

const (
	None Severity = iota
	Low
	Medium
	High
	Critical
)

var names = [...]string{"none", "low", "medium", "high", "critical"}

// String returns the severity's name in reports.
func (s Severity) String() string { return names[s] }

// Named returns the severity with this name.
func Named(name string) (Severity, bool) {
	for i, n := range names {
		if n == name {
			return Severity(i), true
		}
	}
	return None, false
}

// table has a row for each strength and a column for the most that the token may do in production: nothing, read, write, admin,
// destroy. The case that the project was founded on is the weakest strength and the strongest power: strength alone never decides.
var table = map[analyzers.Strength][5]Severity{
	analyzers.Flow:    {None, High, Critical, Critical, Critical},
	analyzers.Loaded:  {None, Medium, High, Critical, Critical},
	analyzers.Ambient: {None, Low, Medium, High, Critical},
}

// Cell returns the table's entry.
func Cell(strength analyzers.Strength, privilege detectors.Privilege) Severity {
	row, ok := table[strength]
	if !ok {
		return None
	}
	return row[column(privilege)]
}

// powers are the columns of the table after the first.
var powers = [...]detectors.Privilege{detectors.Read, detectors.Write, detectors.Admin, detectors.Destroy}

// column returns the column of the strongest privilege of the set.
func column(p detectors.Privilege) int {
	for i, one := range slices.Backward(powers[:]) {
		if p&one != 0 {
			return i + 1
		}
	}
	return 0
}

// Of returns the severity of a path of this strength from a unit outside production to the token.
//
// If evidence says that the token cannot touch production there is no crossing. Production by evidence takes the cell. Unknown reach
// takes one step down, at ambient two; a reference whose scope is unknown takes one; steps do not add, the larger is taken. A token
// that no provider names, or a sample, whose reach is unknown is a crossing only at flow or loaded, and never above low.
func Of(strength analyzers.Strength, t detectors.Token) Severity {
	if can, _ := t.Reach.Touches(); t.Public || !can {
		return None
	}
	severity := Cell(strength, t.AtMost|t.AtLeast)
	steps, _ := steps(strength, t)
	severity -= min(steps, severity)
	if nameless(t) {
		if strength == analyzers.Ambient {
			return None
		}
		severity = min(severity, Low)
	}
	return severity
}

// steps returns how many steps down from the cell a token's reach takes, and why.
func steps(strength analyzers.Strength, t detectors.Token) (Severity, string) {
	switch {
	case !t.Reach.Known && strength == analyzers.Ambient:
		return 2, "its reach is unknown, at ambient two steps down"
	case !t.Reach.Known:
		return 1, "its reach is unknown, one step down"
	case t.Reach.ScopeUnknown:
		return 1, "its scope is unknown, one step down"
	}
	return 0, ""
}

// nameless reports whether nobody knows anything of the token, or it is one as tests and examples make them.
func nameless(t detectors.Token) bool { return (t.Provider == "" || t.Sample) && !t.Reach.Known }

// Why says in words how [Of] comes to the severity.
func Why(strength analyzers.Strength, t detectors.Token) string {
	most := t.AtMost | t.AtLeast
	power := "nothing secret"
	if i := column(most); i > 0 {
		power = powers[i-1].String()
	}
	cell := Cell(strength, most)
	text := "the path is " + strength.String() + " and the token may " + power + ", which is " + cell.String()
	if _, why := steps(strength, t); why != "" {
		text += "; " + why
	}
	switch {
	case nameless(t) && t.Provider != "":
		text += "; anybody makes such a token, and this one is for tests, examples and documents only, so it is low at most"
	case nameless(t):
		text += "; no provider is known, so it is low at most"
	}
	return text
}

// ID returns the id of the crossing from a unit to a token, both by their ids: a hash of them, and of whether the unit is given the token
// or only sees it. How the token gets there is no part of it. Lines change with edits, and the verbs of a path with the way in which code is
// read, by syntax or with types, by this program or by another driver: what somebody accepted is accepted in all of them.
func ID(token, unit string, strength analyzers.Strength) string {
	how := "gets"
	if strength == analyzers.Ambient {
		how = "sees"
	}
	sum := sha256.Sum256([]byte(strings.Join([]string{"stagewall crossing 2", token, unit, how}, "\x00")))
	return "x_" + hex.EncodeToString(sum[:8])
}
