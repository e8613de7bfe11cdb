package analyzers

import (
	"slices"
	"strings"

	"github.com/stagewall/stagewall/detectors"
)

// Facts is what one analyzer says about one file. It encodes to JSON and back without loss; paths in it are slash-separated and
// relative to the root of the repository.
type Facts struct {
	Path     string
	Analyzer string
	Programs []Program
	Units    []Unit
	Mentions []Sign              // environments that the file says exist, beside those of its units
	Bindings []detectors.Binding // rows of a table that maps ids to environments
	Ignores  *Ignores            // set for an ignore file
	Outline  *Outline            // set if the file was only glanced at, see [Pass.Glance]
	Left     *Left               // set if steps were left out that matter only if what they mention does, see [Facts.Lean]
	Cipher   bool                // the file's values are encrypted: it defines names and holds no token
	Gaps     []Gap
}

// Program is a list of steps that something can run, load or include.
//
// Its name is unique within the file: "" for the file itself (a script, a dotenv file), otherwise a target, a job, a service. A name
// that begins with "@" is known in the whole repository: "@kube/Secret/shop/api". Where several programs have one such name, the
// linker takes them all.
type Program struct {
	Name  string
	At    detectors.Place
	Shell bool   // its literals are code: a token in its text that no step mentions is loaded by whoever runs it
	Apart bool   // nobody runs it with the file: only a [Ref] with its name does, as those who source a script call its functions
	Dir   string // the working directory it starts in, relative to the root; for a script it is the caller's, so "" and Caller
	Steps []Step
}

// Op says what a step does.
type Op string

const (
	OpSet     Op = "set"     // Name = Value in Space; exported if Export; only if the name is unset if IfUnset
	OpUnset   Op = "unset"   // Name is removed from Space
	OpExport  Op = "export"  // Name is exported from now on; with an empty Name every later set exports (set -a) until Export is false
	OpLoad    Op = "load"    // sets of the program Ref happen in Space of this process: an env file, a secret's keys
	OpSource  Op = "source"  // the program Ref runs in this very process: source, include, import; with Names it only sets names with a hash in them
	OpRun     Op = "run"     // the program Ref runs as a child with what is exported, plus Steps done in the child first
	OpRead    Op = "read"    // code reads Name of Space, or the name that Value comes to; with All every name that begins with Name
	OpUse     Op = "use"     // code hands Value to Sink
	OpCall    Op = "call"    // a program, or the client of Sink.Library, is called; it takes what it documents from the environment
	OpOpen    Op = "open"    // code reads the file or files File, see [Layers]
	OpMount   Op = "mount"   // File (a file, or a folder with what is below it) is copied or mounted into the process; Except is an ignore file
	OpSee     Op = "see"     // the files of the checkout lie about: ambient. File is the folder; Tracked limits to what git tracks
	OpBlock   Op = "block"   // Steps happen, in this process, if Guard allows; afterwards the names in Own are what they were before
	OpCompile Op = "compile" // a program called Name, its path or its last word, is made of the package in the folder File, see [MainOf]
	OpGap     Op = "gap"     // what stands here is not seen, as Says says: a gap if anybody gets here
	OpEnter   Op = "enter"   // the working directory is the folder File from here on; if it is not known, it stays what it is, which is a gap unless Optional
	OpContain Op = "contain" // the process is in a container from here on, which has what was mounted so far, at the places Name; it works at Name, which is the folder File
	OpScope   Op = "scope"   // from here on, values of the store Name may differ by Value (an environment): their scope is unknown
)

// Step is one thing that a program does. Which fields mean something is said at each Op.
type Step struct {
	Op    Op
	At    detectors.Place
	Name  string
	Space string // which of the process' maps: "" its environment, see [Hole]
	Value Value
	File  *Value // nil where the Op knows no file; see [Step.Files]
	Ref   *Ref   // nil where the Op knows no program; see [Step.Refers]
	Sink  *detectors.Sink
	Named []Named // OpUse: the ids that are sent along; OpOpen: the keys, outermost first, under which what is read of a file of settings stands
	Guard *Guard
	Own   []string // OpBlock: names of the environment
	Steps []Step

	Export     bool // OpSet: the name is exported; OpExport without Name: on or off
	IfUnset    bool // OpSet, OpLoad: what is set already stays
	Lazy       bool // OpSet, of another space than the environment: Value is filled wherever the name is looked up, and not here
	IfExported bool // OpSet: only a name that is exported already is set
	Optional   bool // OpLoad, OpSource, OpOpen: it is no gap if the file is missing; OpEnter: nor if the folder is not known
	All        bool // OpRead: every name
	Names      bool // OpSource: only what the program's files know each other's values by is set, as often as it is asked for
	Tracked    bool // OpSee: only what git tracks
	Copied     bool // OpMount: into an image, so that it is no mere mount of the checkout
	Isolated   bool // OpRun: the child inherits nothing but Steps (a container, a remote host)
	Closed     bool // OpRun: spaces that Steps do not set are empty in the child, so that it has none of its caller's secrets
	Except     string

	// Merging: several files can describe one program (compose files, overlays). Steps are ordered by Phase, and of the steps with
	// the same Key (not empty) the last one stays.
	Phase int
	Key   string

	Says string // for people: the detail of the edge that comes of it
}

// Files returns the file or files that the step means, the zero value if none. Of two steps one can be a copy of the other: who changes what
// a step means gives it a File of its own.
func (s *Step) Files() Value {
	if s.File == nil {
		return Value{}
	}
	return *s.File
}

// Refers returns the program that the step means, the zero value if none. The Ref is changed as [Step.Files] says.
func (s *Step) Refers() Ref {
	if s.Ref == nil {
		return Ref{}
	}
	return *s.Ref
}

// Named is a value by the name of the argument, variable or member that has it.
type Named struct {
	Name  string
	Value Value
}

// Ref names a program. Path is a template, since file names are often computed; empty with a Name that begins with "@", or with that of a
// program that stands apart in any file that the process sourced.
type Ref struct {
	Path Value
	Name string
	Args []Value // positional parameters: the space "args" of the child, or of this process as long as it lasts, names "1", "2", …
	Here bool    // a program looks for the path by itself where it works, and nowhere else: the .env of a bundler
	// Above says that the path is that of the nearest folder above the one of the file that names it that has it: direnv's source_up. If there is none,
	// it is looked for above those of the files that took this one in, and above the folder where the program works.
	Above bool
}

// MainOf as the Name of a [Ref] means the program that the package in the folder Path is built to; Path can end in "...", for all packages
// below, and can be an import path. A step [OpCompile] without a Name makes a program of the name that the build tool gives it; the Name
// "*" is not known.
const MainOf = "@main"

// CallerSpace begins the names of programs that are known in the whole repository, and that set what somebody has in its environment who calls another
// program: of that only what is exported is known to this.
const CallerSpace = "@caller "

// OnDisk begins the names of spaces that stand for what lies on the disk: what a part of a program sets there, in a process of its own, those
// behind it have too.
const OnDisk = "disk:"

// ModuleOf as the Name of a [Ref] means the Python module whose dotted name Path is.
const ModuleOf = "@module"

// EveryFile and EveryOwn are the Spaces of holes in paths that stand for any name, where a program takes all files that fit and not one of them: every one,
// or those whose name is not that of another environment than the process runs in.
const (
	EveryFile = "every file"
	EveryOwn  = "every file of its own"
)

// Layers is the Space of a hole in a File whose Values are files of settings that are read one over the other: what stands in one under the same keys as
// in one before it is not what is read.
const Layers = "layers"

// Upper and Lower are the Spaces of holes that are filled with one of their Values in capitals or in small letters.
const (
	Upper = "upper case"
	Lower = "lower case"
)

// Cased returns a text as it fills the hole, of whose Values it is one.
func (h *Hole) Cased(text string) string {
	switch h.Space {
	case Upper:
		return strings.ToUpper(text)
	case Lower:
		return strings.ToLower(text)
	}
	return text
}

// Value is a template: literal texts and holes.
type Value struct {
	Parts []Part
	At    detectors.Place // where the whole value is written
	If    *Guard          // of an alternative among a hole's Values: it is taken only if this allows
}

// Part is a literal or a hole. The Text of a literal that holds a token is withheld; its Span stays.
type Part struct {
	Text string
	Span detectors.Span
	Hole *Hole
}

// Hole is filled with the value of a name when the program runs.
//
// Space says whose name: "" the process' environment; "args" positional parameters; "project" what compose interpolates from;
// "secrets", "inputs", "matrix", "vars", "needs", "steps" the contexts of a workflow; a space that begins with "@" is a program known by
// that name in the whole repository, such as a cluster's secret.
type Hole struct {
	Space   string
	Name    string
	All     bool    // every name of the space: toJSON(secrets)
	Store   string  // if nothing is bound to the name, it is a reference to a token in this store; "" if it is then just empty
	Scope   string  // the reference's scope
	Spelled string  // the name as it is written, where its words show in that and not in Name: a store that takes capitals for small letters
	From    string  // the store of which names stand for parts of the reference's own name, "" if that is known: where what they hold may differ, so may it
	Default *Value  // taken if the name has no value; ${X:-default}
	Unset   bool    // Default is taken only if the name is not set, and not where it is empty; ${X-default}
	Values  []Value // the finite set of values that it can take, where the file says so: a matrix, a list of choices

	// File, if set, is a path: the hole is filled with what the file holds under Keys, or with all of it. The key "*" is any. The place of
	// File is where it is read.
	File *Value
	Keys []string

	// Computed, if set, is the name, where that is computed. Of a reference, Name is what is known of it where nothing tells its text, /acme/*/token, and
	// so is Scope; the scope stands before the name, with [ScopeEnd] behind it, if it is computed too.
	// Of what files of code know by name it is the beginning of names: what is below the name that has such a value is what is below that one.
	Computed *Value
}

// Guard is a condition: the value equals one of the patterns (of the shell: * and ?), or with Not none of them. Without patterns it is a
// condition of which nothing is known.
type Guard struct {
	Value    Value
	Patterns []string
	Not      bool
}

// Class ranks the signs of a unit's environment. A weaker sign adds nothing beside a stronger one.
type Class uint8

const (
	Display   Class = iota // a name for people; never enough for more than its own unit
	Branch                 // a branch or tag that triggers it
	Given                  // the name, or a setting, of a file that it is given: env_file: .env.staging
	File                   // the file's name or folder
	Mode                   // a variable that is a framework's mode first: RAILS_ENV. Of production it says nothing beside any other sign
	Selector               // a flag, a variable or an argument that selects: --env staging, APP_ENV=staging
	Declared               // a key made to declare it: environment: staging
	Inventory              // .stagewall.yaml says so
)

// Sign is a sign of an environment.
type Sign struct {
	Class        Class
	Environments detectors.Environment
	Says         string
	At           detectors.Place
	Value        *Value // a template that names the environment, to be resolved by the linker; Environments is then 0
}

// Unit is something that runs, or in which work is done.
type Unit struct {
	ID    string // after "unit:": path#name, or a path
	Name  string
	Kind  string // "compose-service", "ci-job", "make-target", "package-script", "script", "go-main", "workload", "agent-session", …
	At    detectors.Place
	Signs []Sign
	Runs  Ref      // the program that it runs
	Shows []string // how it can show others who it is, without a secret: patterns of the subjects of its tokens, the end of GitHub's; nil: it cannot, or it is not known
	Files []string // for a unit made of several files, those that come in between, in order
}

// Ignores is what an ignore file says.
type Ignores struct {
	Syntax   string // "docker" or "git": how Patterns match
	Tool     string // whose it is: "docker", "cursor", …
	Patterns []string
}

// Outline is what a glance tells of a file of code that takes in other files and, beside that, does nothing that anybody could see, unless
// what these hand it leads to a token. Its programs have no steps, or with Acts those by which it takes in anything else or sets a variable,
// but not those by which it hands on. Names with a hash in them, which files of code know each other's values by, begin with a file's key.
type Outline struct {
	Acts      bool
	Key       string   // what the names begin with that the file itself sets
	Keys      []string // what those begin with that belong to the files that it takes in
	Takes     []Take   // in the order in which the program takes them in
	Roots     []string // the folders below which a rooted path can lie
	Libraries []string // of which it may make clients
}

// Take is a file, or several, that a program takes in.
type Take struct {
	Path         string // as in a [Ref]
	Span         detectors.Span
	Line, Column int
	Says         string
	Rooted       bool     // the path lies below one of the outline's roots
	Endings      []string // of which one follows the path
}

// Paths returns the paths that can be meant.
func (o *Outline) Paths(t Take) []string {
	paths := []string{t.Path}
	if t.Rooted {
		paths = product(o.Roots, paths)
	}
	if len(t.Endings) > 0 {
		paths = product(paths, t.Endings)
	}
	return paths
}

// product returns all concatenations.
func product(a, b []string) []string {
	all := make([]string, 0, len(a)*len(b))
	for _, x := range a {
		for _, y := range b {
			all = append(all, x+y)
		}
	}
	return all
}

// Steps returns the steps of a program of the file: those that it has, and behind what it sets to begin with those by which it takes in what the
// outline says.
func (o *Outline) Steps(file string, own []Step) []Step {
	first := slices.IndexFunc(own, func(s Step) bool { return s.Op != OpSet && s.Op != OpUnset })
	if first < 0 {
		first = len(own)
	}
	steps := make([]Step, 0, len(own)+len(o.Takes))
	steps = append(steps, own[:first]...)
	for _, t := range o.Takes {
		at := detectors.Place{
			Path: file, Span: t.Span, Line: t.Line, Column: t.Column, EndLine: t.Line, EndColumn: t.Column + t.Span.End - t.Span.Start,
		}
		all := o.Paths(t)
		ref := PathTo(all[0], "", at)
		if len(all) > 1 {
			hole := &Hole{Space: "unknown"}
			for _, p := range all {
				hole.Values = append(hole.Values, Value{Parts: []Part{{Text: p}}})
			}
			ref.Path.Parts = []Part{{Hole: hole}}
		}
		steps = append(steps, Step{Op: OpSource, At: at, Ref: new(ref), Optional: true, Says: t.Says})
	}
	return append(steps, own[first:]...)
}

// Redact withholds every literal text that overlaps one of the spans, which are those of the file's candidate tokens. A row of a table
// that stands in one is dropped.
func (f *Facts) Redact(spans []detectors.Span) {
	if len(spans) == 0 {
		return
	}
	tokens := detectors.Merge(spans)
	f.Bindings = slices.DeleteFunc(f.Bindings, func(b detectors.Binding) bool { return tokens.Overlap(b.At.Span) })
	for i := range f.Programs {
		redactSteps(f.Programs[i].Steps, tokens)
	}
	for i := range f.Units {
		redactRef(&f.Units[i].Runs, tokens)
		for j := range f.Units[i].Signs {
			if v := f.Units[i].Signs[j].Value; v != nil {
				v.redact(tokens)
			}
		}
	}
}

func redactSteps(steps []Step, spans detectors.Spans) {
	for i := range steps {
		s := &steps[i]
		s.Value.redact(spans)
		if s.File != nil {
			s.File.redact(spans)
		}
		if s.Ref != nil {
			redactRef(s.Ref, spans)
		}
		if s.Guard != nil {
			s.Guard.Value.redact(spans)
		}
		if s.Sink != nil {
			s.Sink.Redact(spans)
		}
		for j := range s.Named {
			s.Named[j].Value.redact(spans)
		}
		redactSteps(s.Steps, spans)
	}
}

func redactRef(r *Ref, spans detectors.Spans) {
	r.Path.redact(spans)
	for i := range r.Args {
		r.Args[i].redact(spans)
	}
}

func (v *Value) redact(spans detectors.Spans) {
	if v.If != nil {
		v.If.Value.redact(spans)
	}
	for i := range v.Parts {
		p := &v.Parts[i]
		if p.Text != "" && spans.Overlap(p.Span) {
			p.Text = ""
		}
		if p.Hole != nil {
			for _, inner := range []*Value{p.Hole.Default, p.Hole.File, p.Hole.Computed} {
				if inner != nil {
					inner.redact(spans)
				}
			}
			for j := range p.Hole.Values {
				p.Hole.Values[j].redact(spans)
			}
		}
	}
}

// Literal returns a value that is the text at a place.
func Literal(text string, at detectors.Place) Value {
	return Value{At: at, Parts: []Part{{Text: text, Span: at.Span}}}
}

// PathTo returns a reference to a program of a file whose path, relative to the root, is known.
func PathTo(path, name string, at detectors.Place) Ref {
	return Ref{Path: Value{At: at, Parts: []Part{{Text: path}}}, Name: name}
}

// UnknownFolder says of what runs in a folder that nothing tells which one it is.
const UnknownFolder = "the folder in which this runs is computed; what it runs or reads there is not known"

// ScopeEnd ends a computed scope, before the name in it.
const ScopeEnd = "\x00"

// IsAlias reports whether a value is what files of code know under a name that is computed.
func IsAlias(v Value) bool {
	return len(v.Parts) == 1 && v.Parts[0].Hole != nil && v.Parts[0].Hole.Computed != nil && v.Parts[0].Hole.Store == ""
}

// Text returns the value's text if it has no hole and nothing is withheld.
func (v Value) Text() (text string, known bool) {
	for _, p := range v.Parts {
		if p.Hole != nil || p.Text == "" && !p.Span.Empty() {
			return "", false
		}
	}
	if len(v.Parts) == 1 { // most often
		return v.Parts[0].Text, true
	}
	var b strings.Builder
	for _, p := range v.Parts {
		b.WriteString(p.Text)
	}
	return b.String(), true
}
