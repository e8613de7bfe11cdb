// Package verdict says how bad a crossing is, by a table and the steps down from it, and what it is called.
package verdict

import (
	"crypto/sha256"
	"encoding/hex"
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

// column returns the column of the strongest privilege of the set.
func column(p detectors.Privilege) int {
	for i, one := range []detectors.Privilege{detectors.Destroy, detectors.Admin, detectors.Write, detectors.Read} {
		if p&one != 0 {
			return 4 - i
		}
	}
	return 0
}

// Of returns the severity of a path of this strength from a unit outside production to the token.
//
// If evidence says that the token cannot touch production there is no crossing. Production by evidence takes the cell. Unknown reach
// takes one step down, at ambient two; a reference whose scope is unknown takes one; steps do not add, the larger is taken. A token
// that no provider names and whose reach is unknown is a crossing only at flow or loaded, and never above low.
func Of(strength analyzers.Strength, t detectors.Token) Severity {
	if can, _ := t.Reach.Touches(); t.Public || !can {
		return None
	}
	severity := Cell(strength, t.AtMost|t.AtLeast)
	steps := Severity(0)
	if t.Reach.ScopeUnknown {
		steps = 1
	}
	if !t.Reach.Known {
		steps = max(steps, 1)
		if strength == analyzers.Ambient {
			steps = 2
		}
	}
	severity -= min(steps, severity)
	if t.Provider == "" && !t.Reach.Known {
		if strength == analyzers.Ambient {
			return None
		}
		severity = min(severity, Low)
	}
	return severity
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
