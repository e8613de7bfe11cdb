package detectors

import "strings"

// Privilege is a set of what a token may do. Destroy is a bit of its own: a token that may only write can delete a volume, and a
// token that mints credentials may be unable to.
type Privilege uint8

const (
	Read    Privilege = 1 << iota
	Write             // changes what can be changed back
	Admin             // mints credentials, changes who has access
	Destroy           // does what cannot be undone
)

// Full is every privilege.
const Full = Read | Write | Admin | Destroy

// UnknownPower is what a token may do at most when nothing says what its kind allows.
const UnknownPower = Read | Write | Destroy

var privilegeNames = [...]string{"read", "write", "admin", "destroy"}

// Names returns the names of the set's privileges, weakest first. It is never nil.
func (p Privilege) Names() []string {
	names := []string{}
	for i, name := range privilegeNames {
		if p&(1<<i) != 0 {
			names = append(names, name)
		}
	}
	return names
}

// String returns the names joined by commas, and "nothing secret" for the empty set.
func (p Privilege) String() string {
	if p == 0 {
		return "nothing secret"
	}
	return strings.Join(p.Names(), ", ")
}
