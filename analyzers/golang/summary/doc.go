// Package summary says of each Go package what its functions call, take and return, as a fact that is joined at main packages by package
// reach.
//
// A summary is a plain value: functions with their calls, the conditions under which these happen, and expressions, in terms of names, texts and
// operations; it knows nothing of what library functions do, and holds no token: texts with one in them are withheld. It is made from syntax
// with types. Beyond one block the order of assignments is not kept: a variable can have every value that is ever given to it. Constants are called
// by their names rather than by what they are folded to, so that a text keeps the place where it is written, and closures know the variables
// of the function around them, since these are the same objects. Bodies of dependencies are not needed.
//
// No other form of the code is built: SSA folds constants, so that a token's place is lost, and costs more than the rest together. What it
// would tell beside, the order of assignments and which dynamic types reach a call, is taken wider here: the order is kept of what a function's
// own variables get in one block, and a call of an interface's method is of any type with the method of which a function that is reached gives
// a value to an interface, unless the value itself can be followed to where it is made.
//
// # Facts
//
// A package's fact repeats those of its imports, because some drivers drop the facts of packages that are imported indirectly. It is sorted
// and has no maps, so that equal packages have equal facts.
package summary
