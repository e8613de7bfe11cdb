// Package verdict says how bad a crossing is. It is a table and the steps down from it, and nothing else.
package verdict

import (
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
