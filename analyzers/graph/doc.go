// Package graph joins the facts of all files into one graph and finds in it what every unit can get.
//
// # Linking
//
// A program reads X; which X depends on the process that runs it. [Link] therefore executes the facts abstractly. A process instance
// is a program, a map from names to values (where each value is written, and its text where that is known) and an environment. A
// unit's instance starts from nothing and does the steps of the unit's program in order; running another program makes a child
// instance that inherits what is exported; sourcing one changes the map in place, as the real tool would. A name is looked up in the
// reader's own map and nowhere else, so that production's value does not leak into staging. A unit that runs in several environments
// is executed once for each. Instances with the same program and the same maps are one node and are executed once.
//
// Every step yields edges at once, and linking ends in edges only: solving never looks at names again. A name's node is its content,
// that is its name and all that it can hold, so a value that is overridden before anybody reads it is in no edge.
//
// Execution is bounded: in depth, in the number of steps, and in the number of alternatives that a computed text may have. What is
// cut off is a gap.
//
// # What is left out
//
// Of most code nothing needs to be executed, or even read: a [Linker] finds beforehand which names can come to hold a token, which steps
// concern one, and which files lead to such a step. The files idle.go, still.go, opening.go and unread.go say how, and why no edge is lost.
//
// # Solving
//
// A path is as strong as its weakest edge, and a token as reachable as its strongest path. [Graph.Paths] takes, for each strength from
// the strongest down, the edges of at least that strength, and searches breadth first: the first strength at which a token is found
// is its strength, and the path found is a shortest one; among those it is the first by name, since neighbours are visited in order.
package graph
