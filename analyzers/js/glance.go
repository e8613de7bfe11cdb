package js

import (
	"bytes"
	"path"
	"slices"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/code"
	"github.com/stagewall/stagewall/detectors"
)

// Most files of JavaScript read no variable, open no file and start no program: they compute, draw, and hand on what others hand them.
//
// Idea: such a file is only skimmed, for what it imports and for the few words of which one stands wherever this package makes a step of
// anything else than imports and values that other files know by name.
//
// Why it is valid: what is left out are values that the file hands on, under names with a hash in them or to functions, clients of libraries, and
// the conditions that these stand under. Where none of the names that the file can meet leads to a token, or is asked for, and no library
// takes one from the environment, nothing of this makes an edge; analyzers/graph knows the names and the libraries, and has the
// file read in full where one of them stands in it. A script, a file that imports something on a condition, and one that is not understood, are
// read in full at once. That a file has more expressions than are evaluated is not said: it takes nothing in and is given nothing, so that
// nothing is unseen.
//
// Gain: of the 8140 files that are read of prisma, outline and playwright 1270 are read in full at once, and three more since what they meet
// matters. The scan takes half of the processor time.

// glance leaves the file at an outline, and reports whether that is enough for now.
func glance(pass *analyzers.Pass) bool {
	if script(pass) {
		return false
	}
	data := scripts(pass.Path, pass.Data)
	if asks(data) {
		return false
	}
	g := &glancer{
		skim: newSkim(data), pass: pass, test: test(pass.Path),
		outline: &analyzers.Outline{Key: moduleKey(pass.Path)},
	}
	if strings.Contains(g.outline.Key, "#") || !g.all() {
		return false
	}
	pass.Facts.Outline = g.outline
	return true
}

// glancer is the state of a glance.
type glancer struct {
	*skim
	pass    *analyzers.Pass
	outline *analyzers.Outline
	test    bool // what functions are handed does not matter

	again       bool // the present token is to be looked at once more
	conditional bool // what happens from here on may stand under a condition
	met         met
	open        opened // what is open
	pending     bool   // something that has no path of its own takes the next one for its own
	since       opened // what was open when it began
}

// opened counts braces, parentheses and brackets.
type opened [3]int

// met are words of which two together take something in.
type met uint8

const (
	metEnv     met = 1 << iota // the name env
	metProcess                 // what has a member of that name
	metRun                     // a method that is called like those that run a command
	metRunner                  // what has such methods
)

// all reports whether nothing stands in the file that is to be read in full.
func (g *glancer) all() bool {
	for {
		if !g.again {
			g.next()
		}
		g.again = false
		if g.kind == end {
			return !g.lost && g.met&(metEnv|metProcess) != metEnv|metProcess && g.met&(metRun|metRunner) != metRun|metRunner
		}
		if !g.look() {
			return false
		}
	}
}

// is reports whether the present token is written so.
func (g *glancer) is(w string) bool { return string(g.text()) == w }

// names reports whether the present token names something, and begins nothing.
func (g *glancer) names() bool { return g.kind == word && !g.is("import") && !g.is("export") }

// inner returns what stands between the quotes of the present token.
func (g *glancer) inner() []byte { return g.src[g.start+1 : g.end-1] }

// back has the present token looked at once more.
func (g *glancer) back() bool {
	g.again = true
	return true
}

// look looks at what begins with the present token, and reports whether it takes nothing in.
func (g *glancer) look() bool {
	switch g.kind {
	case word:
		return g.name()
	case text:
		return !g.taking(g.inner(), true)
	case plain, templateOpen:
		if b := string(g.before); (b == "$" || b == "$$") && !g.test { // a command, see [source.tagged]
			return false
		}
		if g.kind == templateOpen {
			g.open[0]++
		}
	case templateEnd:
		g.open[0]--
	case dot:
		return string(g.before) != "env"
	case equals:
		g.ends()
	case bracket:
		g.bracket()
	}
	return true
}

func (g *glancer) bracket() {
	switch g.src[g.start] {
	case '{':
		g.open[0]++
	case '}':
		g.open[0]--
	case '(':
		g.ends()
		g.open[1]++
	case ')':
		g.open[1]--
	case '[':
		g.open[2]++
	case ']':
		g.open[2]--
	case ';':
		g.ends()
	}
}

// waits notes that the next path belongs to what stands here, unless something ends that before, see [source.specifier].
func (g *glancer) waits() bool {
	for i, n := range g.open {
		if !g.pending || n < g.since[i] {
			g.since[i] = n
		}
	}
	g.pending = true
	return g.back()
}

// ends notes a token that ends waiting for a path, if it stands in no bracket that was opened since.
func (g *glancer) ends() {
	if g.open[0] <= g.since[0] && g.open[1] <= g.since[1] && g.open[2] <= g.since[2] {
		g.pending = false
	}
}

// name looks at a name or a keyword.
func (g *glancer) name() bool {
	w := g.text()
	if len(w) < len("if") || len(w) > len("GetSecretValueCommand") {
		return true
	}
	switch string(w) {
	case "import":
		return g.dotted || g.imports()
	case "export":
		return g.exports()
	case "require":
		start, end, dotted := g.start, g.end, g.dotted
		if g.next(); !g.is("(") {
			return g.back()
		}
		return g.call(start, end, !dotted)
	case "from":
		if g.pending {
			g.next()
			return g.kind != text && g.back()
		}
	case "if", "switch":
		g.conditional = true
	case "Bun", "Deno":
		return false
	case "argv":
		return !g.dotted
	case "env":
		g.met |= metEnv
		return !g.dotted
	}
	return !g.taking(w, g.dotted)
}

// taking reports whether a name, or a text that can be the name of a member, says that something is taken in.
func (g *glancer) taking(w []byte, dotted bool) bool {
	if code.LooksUp(w) {
		return true
	}
	switch string(w) {
	case nodeVault:
		return true
	case "env":
		g.met |= metEnv
	case "process", "node:process":
		g.met |= metProcess
	case "child_process", "node:child_process", "cp", "shelljs", "shell":
		g.met |= metRunner
	case "exec", "fork":
		g.met |= metRun
		return !dotted && !g.test
	case "readFileSync", "readFile", "createReadStream", "readTextFile", "readTextFileSync",
		"readJson", "readJsonSync", "readJSON", "readJSONSync",
		"execSync", "execAsync", "execPromise", "execaCommand", "execaCommandSync",
		"spawn", "spawnSync", "execFile", "execFileSync", "execFileAsync", "execa", "execaSync":
		return !g.test
	}
	return false
}

// imports looks at the import of which the present token is the keyword, see [source.importing].
func (g *glancer) imports() bool {
	start, end := g.start, g.end
	named, used := false, false
	switch g.next(); {
	case g.is("("):
		return g.call(start, end, true)
	case g.kind == text, g.kind == plain:
		return g.meet(g.inner()) && g.take(start, end, g.inner())
	case g.is("type"):
		if g.next(); !g.is("from") && !g.is(",") {
			return g.back()
		}
		named, used = true, true
	case g.kind != word && g.kind != star && !g.is("{"):
		return g.waits()
	}
	for ; ; g.next() {
		switch {
		case g.is("from") && named:
			return g.path(start, end, used)
		case g.names():
			named, used = true, true
		case g.is(",") && named:
		case g.kind == star:
			if g.next(); !g.is("as") {
				return false
			}
			if g.next(); !g.names() {
				return false
			}
			named, used = true, true
		case g.is("{"):
			some, ok := g.list()
			if !ok {
				return false
			}
			named, used = true, used || some
		case g.kind == equals && named: // import x = require('x')
			return g.back()
		default:
			return false
		}
	}
}

// path looks at the path behind the present token, of a module that is taken in if it is used.
func (g *glancer) path(start, end int, used bool) bool {
	if g.next(); g.kind != text || g.pending {
		return false
	}
	return !used || g.meet(g.inner()) && g.take(start, end, g.inner())
}

// list looks at {a, b as c, type D}; some says that anything but types is named.
func (g *glancer) list() (some, ok bool) {
	for g.next(); ; g.next() {
		if g.is("}") {
			return some, true
		}
		if !g.names() || g.taking(g.text(), false) {
			return false, false
		}
		isType := g.is("type")
		g.next()
		if isType = isType && g.names() && !g.is("as"); isType {
			g.next()
		} else {
			some = true
		}
		if g.is("as") {
			if g.next(); !g.names() {
				return false, false
			}
			g.next()
		}
		if g.is("}") {
			return some, true
		}
		if !g.is(",") {
			return false, false
		}
	}
}

// exports looks at the export of which the present token is the keyword, see [source.reexport].
func (g *glancer) exports() bool {
	start, end := g.start, g.end
	switch g.next(); {
	case g.is("{"):
		if _, ok := g.list(); !ok {
			return false
		}
		if g.next(); !g.is("from") {
			return g.waits()
		}
	case g.kind == star: // the names that it hands on stand elsewhere
		return false
	default:
		return g.back()
	}
	return g.path(start, end, true)
}

// call looks at what stands behind require or import, of which the present token is the parenthesis. takes says that a path there is one of a
// module that is taken in.
func (g *glancer) call(start, end int, takes bool) bool {
	g.bracket()
	switch g.next(); g.kind {
	case text, plain:
		spec := g.inner()
		if !g.meet(spec) {
			return false
		}
		switch g.next(); {
		case !takes:
		case g.is("+"): // what it can mean a full reading finds
			return false
		case g.is(")") && !g.take(start, end, spec):
			return false
		}
	case templateOpen:
		if takes {
			return false
		}
	case word:
		if name := string(g.text()); takes && (name == "path" || name == "join" || name == "resolve" || name == "__dirname") {
			return false
		}
	}
	return g.back()
}

// meet notes a module of which something can be met, and reports whether that is all that it does.
func (g *glancer) meet(path []byte) bool {
	if g.taking(path, true) || bytes.IndexByte(path, '\\') >= 0 || string(path) == "$env/dynamic/private" {
		return false
	}
	switch spec := string(path); {
	case local(spec):
		key := moduleKey(spec)
		g.outline.Keys = append(g.outline.Keys, key)
		return !strings.Contains(key, "#") // where the key ends would not be known
	case !slices.Contains(g.outline.Libraries, spec):
		g.outline.Libraries = append(g.outline.Libraries, spec)
	}
	return true
}

// take notes a module that is taken in, see [source.take], and reports whether that is all that it does.
func (g *glancer) take(start, end int, spec []byte) bool {
	take := analyzers.Take{Path: string(spec), Span: detectors.Span{Start: start, End: end}, Says: importsIt}
	switch {
	case preloads[take.Path] != nil, packaged[take.Path] != nil:
		return false
	case !local(take.Path) && !scoped(take.Path), !assetless(take.Path):
		return true
	case path.Ext(take.Path) == ".json", g.conditional:
		return false
	case !local(take.Path):
		take.Path = packagePrefix + take.Path
	case strings.HasPrefix(take.Path, "."):
		take.Path = path.Join(path.Dir(g.pass.Path), take.Path)
	default:
		take.Path, take.Rooted = "/"+unaliased(take.Path), true
		g.outline.Roots = roots(g.pass.Path)
	}
	take.Line, take.Column = g.pass.Position(start)
	g.outline.Takes = append(g.outline.Takes, take)
	return true
}

// asks reports whether the text asks for a variable by its name, getEnv('X') or config.get('X'), or loads a file of them: see [source.getter] and
// loaders.
func asks(text []byte) bool {
	return code.Within(text, "env", func(start, end int) bool {
		before := text[:start]
		return bytes.HasSuffix(before, []byte("dot")) || bytes.HasSuffix(before, []byte("load")) || constant(after(text[end:]))
	}) || code.Within(text, "config", func(start, end int) bool {
		if bytes.HasSuffix(text[:start], []byte("@nestjs/")) {
			return true
		}
		rest := after(text[end:])
		rest = bytes.TrimPrefix(rest, []byte("?"))
		if !bytes.HasPrefix(rest, []byte(".")) {
			return commented(rest)
		}
		rest = blank(rest[1:])
		for _, method := range []string{"getOrThrow", "get", "required"} {
			if called, ok := bytes.CutPrefix(rest, []byte(method)); ok {
				called = blank(called)
				return bytes.HasPrefix(called, []byte("<")) || constant(called)
			}
		}
		return commented(rest)
	})
}

// after returns what follows the name that a text begins within, and blanks.
func after(text []byte) []byte {
	for len(text) > 0 && (code.Letter(text[0]) || text[0] == '$') {
		text = text[1:]
	}
	return blank(text)
}

func blank(text []byte) []byte { return bytes.TrimLeft(text, " \t\v\f\r\n") }

func commented(text []byte) bool {
	return bytes.HasPrefix(text, []byte("//")) || bytes.HasPrefix(text, []byte("/*"))
}

// constant reports whether a text begins with the arguments of a call of which the first may be the name of a variable.
func constant(text []byte) bool {
	if !bytes.HasPrefix(text, []byte("(")) {
		return commented(text)
	}
	text = blank(text[1:])
	if len(text) == 0 || bytes.IndexByte([]byte("'\"`"), text[0]) < 0 {
		return commented(text)
	}
	name, _, _ := bytes.Cut(text[1:], text[:1])
	return code.ConstantName(string(name)) || bytes.IndexByte(name, '\\') >= 0
}
