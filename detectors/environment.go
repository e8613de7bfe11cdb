package detectors

import "strings"

// Environment is a set of environments. The zero value is the empty set: no evidence, printed as "unknown".
type Environment uint8

// The environments, each a set of one.
const (
	Production Environment = 1 << iota
	Staging
	Development
	Test
	Preview
)

// Unscoped is every environment: evidence says that nothing limits the token to some of them.
const Unscoped = Production | Staging | Development | Test | Preview

var environmentNames = [...]string{"production", "staging", "development", "test", "preview"}

// Touches reports whether the two sets have an environment in common.
func (e Environment) Touches(f Environment) bool { return e&f != 0 }

// List returns the set's single environments, in the order in which they are declared.
func (e Environment) List() []Environment {
	var list []Environment
	for i := range environmentNames {
		if one := Environment(1 << i); e&one != 0 {
			list = append(list, one)
		}
	}
	return list
}

// Names returns the names of the set's environments, production first. It is never nil.
func (e Environment) Names() []string {
	names := []string{}
	for i, name := range environmentNames {
		if e&(1<<i) != 0 {
			names = append(names, name)
		}
	}
	return names
}

// String returns the names joined by commas, and "unknown" for the empty set.
func (e Environment) String() string {
	if e == 0 {
		return "unknown"
	}
	return strings.Join(e.Names(), ", ")
}

// EnvironmentNamed returns the environment with exactly this name, one of those that [Environment.Names] returns.
func EnvironmentNamed(name string) (Environment, bool) {
	for i, n := range environmentNames {
		if n == name {
			return 1 << i, true
		}
	}
	return 0, false
}
