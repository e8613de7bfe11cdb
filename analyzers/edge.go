package analyzers

import "github.com/stagewall/stagewall/detectors"

// Strength says how near a unit is to what an edge gives it. The zero value is Neutral.
type Strength uint8

const (
	Neutral Strength = iota // binds and holds: as strong as what they hang on
	Ambient                 // lies in the same checkout, build context, or mount of the whole checkout
	Loaded                  // is in the environment, the final image, or a mounted or sourced file
	Flow                    // is read and handed on
)

var strengthNames = [...]string{"neutral", "ambient", "loaded", "flow"}

// String returns the strength's name in reports.
func (s Strength) String() string { return strengthNames[s] }

// Verb is what an edge says, read "can get": from a unit or name to what is gained.
type Verb string

const (
	Runs   Verb = "runs"   // flow: starts the program, which then does what it does on the unit's behalf
	Reads  Verb = "reads"  // flow: code reads the name
	Opens  Verb = "opens"  // flow: code reads the file
	Passes Verb = "passes" // flow: hands the value to a call, a program or a service
	Loads  Verb = "loads"  // loaded
	Mounts Verb = "mounts" // loaded
	Sees   Verb = "sees"   // ambient
	Binds  Verb = "binds"  // neutral: the name has that value
	Holds  Verb = "holds"  // neutral: the token stands in the file
)

// Strength returns the strength that every edge of the verb has.
func (v Verb) Strength() Strength {
	switch v {
	case Runs, Reads, Opens, Passes:
		return Flow
	case Loads, Mounts:
		return Loaded
	case Sees:
		return Ambient
	}
	return Neutral
}

// Node is a place in the graph.
type Node struct {
	Kind  string // "unit", "file", "name", "token" or "target"
	ID    string // a unit's id after "unit:", a file's path, a variable's name, a token's id
	Scope string // which of the nodes of this kind and id it is: a process instance, a version of a name; empty where there is one
}

// String returns the node as reports write it, "kind:id"; a token's id stands alone.
func (n Node) String() string {
	if n.Kind == "token" {
		return n.ID
	}
	return n.Kind + ":" + n.ID
}

// Less orders nodes: by kind, id and scope.
func (n Node) Less(m Node) bool {
	if n.Kind != m.Kind {
		return n.Kind < m.Kind
	}
	if n.ID != m.ID {
		return n.ID < m.ID
	}
	return n.Scope < m.Scope
}

// Edge is one fact. At says where it is written.
type Edge struct {
	From, To Node
	Verb     Verb
	At       detectors.Place
	Says     string // for people: the detail that the verb alone does not tell
}

// Gap is a place that could not be seen.
type Gap struct {
	At   detectors.Place
	Says string // what could not be seen, and what follows from it
}
