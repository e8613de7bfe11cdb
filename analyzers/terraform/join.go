package terraform

import (
	"path"
	"slices"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/detectors"
)

// join adds rows about roles by their names: whose they are, what they may do at most, and the jobs of GitHub that they trust, if these are all.
func join(index analyzers.Index) []*analyzers.Facts {
	r := roles{about: map[string][]detectors.Binding{}}
	for _, file := range index.All() {
		for _, f := range index.Facts(file) {
			if f.Analyzer != name {
				continue
			}
			for _, row := range f.Bindings {
				switch row.What {
				case isRole:
					r.own = append(r.own, row)
				case isTrust, isPower, attached, trusting:
					r.about[row.Value] = append(r.about[row.Value], row)
				}
			}
		}
	}
	var all []*analyzers.Facts
	for _, role := range r.own {
		facts := &analyzers.Facts{Path: role.At.Path, Analyzer: name}
		row := role
		row.What, row.Value, row.In = detectors.Role, role.In, ""
		row.Allows = r.allows(role)
		facts.Bindings = append(append(facts.Bindings, row), r.trusts(role)...)
		all = append(all, facts)
	}
	return all
}

// roles holds what is known of roles.
type roles struct {
	own   []detectors.Binding
	about map[string][]detectors.Binding // by the address of a resource, or behind a colon the name of a role
}

// of returns the rows about a role, those that name it included.
func (r *roles) of(role detectors.Binding) []detectors.Binding {
	return slices.Concat(r.about[role.Value], r.about[":"+path.Base(role.In)])
}

// allows returns what all policies of a role together allow, 0 if that is not known.
func (r *roles) allows(role detectors.Binding) detectors.Privilege {
	var all detectors.Privilege
	for _, row := range r.of(role) {
		var one detectors.Privilege
		switch row.What {
		case isPower:
			one = row.Allows
		case attached:
			one = r.power(row.In, 0)
		default:
			continue
		}
		if one == 0 {
			return 0
		}
		all |= one
	}
	return all
}

// deepest bounds how policies and documents are about each other.
const deepest = 4

// power returns what a policy or a document allows.
func (r *roles) power(of string, depth int) detectors.Privilege {
	var all detectors.Privilege
	for _, row := range r.about[of] {
		one := row.Allows
		if row.What == attached && depth < deepest {
			one = r.power(row.In, depth+1)
		} else if row.What != isPower {
			continue
		}
		if one == 0 {
			return 0
		}
		all |= one
	}
	return all
}

// trusts returns a row for each pattern of the subjects that a role trusts, none if it may trust others too.
func (r *roles) trusts(role detectors.Binding) []detectors.Binding {
	var all []detectors.Binding
	for _, row := range r.about[role.Value] {
		found := []detectors.Binding{row}
		if row.What == trusting {
			found = slices.DeleteFunc(slices.Clone(r.about[row.In]), func(b detectors.Binding) bool { return b.What != isTrust })
			if len(found) == 0 {
				return nil
			}
		} else if row.What != isTrust {
			continue
		}
		for _, one := range found {
			if one.In == "" {
				return nil
			}
			all = append(all, detectors.Binding{What: detectors.Trusts, Value: role.In, In: one.In, At: one.At})
		}
	}
	return all
}
