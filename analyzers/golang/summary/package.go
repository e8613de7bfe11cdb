package summary

import "sort"

// Package is what one package says.
type Package struct {
	Path    string
	Name    string
	Files   []string // as the driver calls them: relative to the module, or with their import path; sorted
	Imports []Import // one for each package that is imported, where it is first
	Funcs   []Func   // sorted by id; the first one is that of the initialisers of variables, with the id [Package.Init]
	Assigns []Assign // of variables, constants and fields
	Types   []Type   // with methods, sorted by id
	Structs []Struct // that settings can be read into, sorted by id
	Stands  []Stand  // where tokens stand that are compiled in; empty where the driver knows them by itself
	Gaps    []Gap
}

// Init returns the id of the function that stands for the initialisers of the package's variables.
func (p *Package) Init() string { return p.Path + ".init" }

// At is a place in a file of the package: File is its index, Line and Column are 1-based and count bytes, Start and End are offsets.
type At struct{ File, Line, Column, Start, End int }

// Import is a package that is imported.
type Import struct {
	Path string
	At   At
}

// Stand is where a token stands.
type Stand struct {
	Token string // its id
	At    At
	Func  string // the function whose declaration it stands in, if there is one
	Keys  []string
	Keyed bool // it stands in a file of settings, under Keys
}

// Gap is a place that could not be seen.
type Gap struct {
	At   At
	Says string
}

// Func is a function, a method, or a function literal.
type Func struct {
	ID      string // go/types' full name: "(*example.com/acme/api.Client).Delete"; of a literal that of the function around it and $n
	At      At
	Params  []string // the variables of its receiver and parameters
	Results int
	Calls   []Call
	Refs    []Ref    // methods that it makes callable by giving their receiver to somebody else's interface
	Takes   []Taken  // functions that it takes as values
	Holds   []string // types of which it gives values to interfaces
	Returns []Return
	Guards  []Guard
}

// Call is one call. One of Callee, Method and Value says what is called.
type Call struct {
	At     At
	Guard  int    // index of the guard under which it happens; -1 for none
	Callee string // a function's id
	Method string // a method of an interface, with its signature
	Iface  string // id of the interface, in Package.Types' terms: its methods, one a line
	Value  *Expr  // a function value
	Sig    string // its type
	Args   []Expr // the receiver first, if there is one
	Spread bool   // the last argument is a list that is spread
	Types  []string
}

// Taken is a function that is taken as a value. Sig is its type; a method that is bound to its receiver has none in it.
type Taken struct {
	Func, Sig string
	Bound     bool
}

// Ref is a method that somebody else can call.
type Ref struct {
	Func  string
	At    At
	Guard int
}

// Return is one return statement.
type Return struct {
	Guard   int
	Results []Expr
}

// Guard is a condition under which calls happen.
type Guard struct {
	Parent int // index of the guard that it stands in; -1 for none
	Cond   Expr
	Not    bool
	At     At
}

// Assign gives a value to a variable, a constant, or a field of a type.
type Assign struct {
	To     string
	From   Expr
	At     At
	Func   string // the function that does it
	Guard  int
	Inside bool // From is given to the field in a literal of the whole struct
}

// Type is a type and its methods.
type Type struct {
	ID      string
	Methods []Method
}

// Method is a method: Name is its name with its signature, Loose with the number of its parameters and results, and Func the function that
// it is.
type Method struct{ Name, Loose, Func string }

// Struct is a type that settings can be read into: its fields have tags, or others can set them.
type Struct struct {
	ID     string
	Fields []Field
}

// Field is a field of a struct.
type Field struct {
	Name     string
	Type     string // id of the struct that it is, or points to; empty for others
	Elem     string // id of the struct that it is a list or a map of
	IsMap    bool   // it is a map
	Embedded bool
	Tag      string
	At       At // of a token in the tag, for which TokenMark stands
}

// TokenMark stands in a tag for a token.
const TokenMark = "\x00token"

// Op says what an expression is.
type Op uint8

// The kinds of expressions.
const (
	Unknown    Op = iota
	Text          // a literal
	Name          // a variable, constant or field: its id is Text
	Join          // Args, one after the other
	Any           // one of Args
	Derived       // computed from Args
	Literal       // a struct: its type is Text, Keys name the fields
	List          // a map, slice, array or channel: Keys are the constant keys, as far as there are some
	Element       // of Args[0], by the key Args[1] if that is there
	Member        // of Args[0] the field whose id is Text
	Result        // result N of call Call of function Text
	Function      // the function whose id is Text; of a method value, Args[0] is what it is bound to
	Dispatched    // the method Text of the interface Keys[0] that is bound to Args[0]
	Yielded       // what the iterator Args[0] of a library yields: with N = 1 the first of two values
	Truth         // the constant Text: "true" or "false"
	Embedded      // what is embedded by the pattern Text, relative to the package's folder
	Equal         // Args[0] == Args[1]
	Not           // !Args[0]
	And
	Or
)

// Expr is an expression.
type Expr struct {
	Op      Op
	Text    string
	N, Call int
	Keys    []string
	Args    []Expr
	At      At
}

// Closure is a package and all that it imports, as far as something is said of them, sorted by path. It is a fact: since some drivers drop
// the facts of packages that are imported indirectly, it repeats what the imports' facts say.
type Closure struct{ Packages []*Package }

// AFact implements [analysis.Fact].
func (*Closure) AFact() {}

// Find returns the package of an import path, nil if nothing is said of it.
func (c *Closure) Find(path string) *Package {
	i := sort.Search(len(c.Packages), func(i int) bool { return c.Packages[i].Path >= path })
	if i < len(c.Packages) && c.Packages[i].Path == path {
		return c.Packages[i]
	}
	return nil
}
