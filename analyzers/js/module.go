package js

import (
	"path"
	"slices"
	"strings"

	lexer "github.com/tdewolff/parse/v2/js"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/code"
)

// What modules export stands in the map of the process as names with a hash in them, which no variable of the environment has: a file
// that is imported sets them, and who imports it reads them. A module is known by its file's name, since a file does not know by which
// path it is imported: "config#railway.token" is the property token of what config.ts, or config/index.ts, exports as railway.

// module is what a local name was imported as.
type module struct {
	path string // as written: "dotenv", "./config"
	name string // the export, "default", or "" for the module as a whole
}

// key returns the name under which the module's export is known, nothing for a package's.
func (m module) key() string {
	if !local(m.path) {
		return ""
	}
	return moduleKey(m.path) + "#" + m.name
}

func moduleKey(file string) string {
	base := path.Base(file)
	for _, ext := range extensions {
		base = strings.TrimSuffix(base, ext)
	}
	if base == "index" || base == "." || base == ".." {
		base = path.Base(path.Dir(path.Clean(file)))
	}
	return base
}

var extensions = []string{".js", ".jsx", ".ts", ".tsx", ".mjs", ".cjs", ".mts", ".cts"}

// aliases are prefixes that bundlers and compilers map to a source folder.
var aliases = []string{"@/", "~/", "#/", "$lib/"}

// local reports whether a module's path leads to a file of the repository.
func local(spec string) bool {
	return spec == "." || spec == ".." || strings.HasPrefix(spec, "./") || strings.HasPrefix(spec, "../") ||
		slices.ContainsFunc(aliases, func(a string) bool { return strings.HasPrefix(spec, a) }) ||
		slices.ContainsFunc([]string{"src/", "app/", "lib/"}, func(a string) bool { return strings.HasPrefix(spec, a) })
}

// modules walks the tokens and notes what is imported, and from where.
func (s *source) modules() {
	for i := range s.toks {
		switch {
		case s.kind(i) == lexer.ImportToken && !s.dot(i-1):
			s.importing(i)
		case s.kind(i) == lexer.ExportToken:
			s.reexport(i)
		case s.is(i, "require", "(") && !s.dot(i-1):
			s.require(i)
		}
	}
}

// importing reads the import that begins at i.
func (s *source) importing(i int) {
	if s.kind(i+1) == lexer.OpenParenToken { // import('./x'), perhaps within const x = await …
		s.require(i)
		return
	}
	if spec, ok := s.str(i + 1); ok {
		s.take(i, spec)
		return
	}
	if s.is(i+1, "type") && !s.is(i+2, "from") && !s.is(i+2, ",") {
		return
	}
	from := s.specifier(i + 1)
	if from == 0 {
		return
	}
	spec, _ := s.str(from)
	used := false
	for j := i + 1; j < from-1; j++ {
		switch {
		case s.is(j, "*", "as"):
			s.imported[s.text(j+2)] = module{path: spec}
			j += 2
			used = true
		case s.kind(j) == lexer.OpenBraceToken && s.partner[j] > j:
			used = s.names(j, spec) || used
			j = s.partner[j]
		case s.name(j) != "" && !s.is(j, "from"):
			s.imported[s.text(j)] = module{spec, "default"}
			used = true
		}
	}
	if used {
		s.take(i, spec)
	}
}

// specifier returns the token of the module's path that ends an import or export which begins at i, 0 if there is none.
func (s *source) specifier(i int) int {
	const longest = 2000
	for end := i + longest; i < end; i = s.skip(i) {
		switch s.kind(i) {
		case lexer.SemicolonToken, lexer.EqToken, lexer.OpenParenToken, lexer.ErrorToken:
			return 0
		}
		if s.is(i, "from") && s.kind(i+1) == lexer.StringToken {
			return i + 1
		}
	}
	return 0
}

// names reads {a, b as c, type D} at the brace, and reports whether anything but types is imported.
func (s *source) names(brace int, spec string) (used bool) {
	for j := brace + 1; j < s.partner[brace]; j++ {
		if s.is(j, "type") && s.name(j+1) != "" && !s.is(j+1, "as") {
			for j < s.partner[brace] && s.kind(j) != lexer.CommaToken {
				j++
			}
			continue
		}
		name := s.name(j)
		if name == "" {
			continue
		}
		as := name
		if s.is(j+1, "as") {
			as = s.text(j + 2)
			j += 2
		}
		s.imported[as] = module{spec, name}
		used = true
	}
	return used
}

// require reads require('x') or import('x') at i, and the names that are declared by it.
func (s *source) require(i int) {
	spec, ok := s.str(i + 2)
	if !ok || s.kind(i+3) != lexer.CloseParenToken {
		s.takeComputed(i)
		return
	}
	s.take(i, spec)
	if s.dot(i+4) || s.kind(i+4) == lexer.OpenParenToken { // require('dotenv').config, require('stripe')(key)
		return
	}
	start := i - 1
	for s.kind(start) == lexer.AwaitToken || s.kind(start) == lexer.OpenParenToken {
		start--
	}
	if s.kind(start) != lexer.EqToken {
		return
	}
	switch before := start - 1; {
	case s.kind(before) == lexer.CloseBraceToken && s.partner[before] >= 0:
		for _, m := range s.object(s.partner[before]) {
			if name := s.name(m.value); name != "" && m.key != "" {
				s.imported[name] = module{spec, m.key}
			}
		}
	case s.name(before) != "" && !s.dot(before-1):
		s.imported[s.text(before)] = module{path: spec}
	}
}

// take makes the program take in a module.
func (s *source) take(i int, spec string) {
	if path.Ext(spec) == ".json" && local(spec) {
		s.imports = append(s.imports, document{i, spec, s.modulePath(i, spec), "imports the file"})
		return
	}
	if loader, ok := preloads[spec]; ok {
		s.loads(i, loader(s, i, 0))
		return
	}
	if reads, ok := packaged[spec]; ok {
		reads(s, i)
		return
	}
	switch {
	case !assetless(spec):
	case local(spec):
		s.emit(i, importing, analyzers.Step{
			Op: analyzers.OpSource, Ref: &analyzers.Ref{Path: s.modulePath(i, spec)}, Optional: true, Says: importsIt,
		})
	case scoped(spec):
		s.emit(i, importing, analyzers.Step{
			Op: analyzers.OpSource, Ref: new(analyzers.PathTo(packagePrefix+spec, "", s.place(i, i))), Optional: true, Says: importsIt,
		})
	}
}

// packagePrefix is what a path begins with that means a package of the repository, by its name.
const packagePrefix = "npm:"

// scoped reports whether a module's path has the scope of an organisation, as the packages of a workspace mostly have: @acme/config.
// Their exports are not told apart.
func scoped(spec string) bool {
	return len(spec) > 1 && spec[0] == '@' && spec[1] != '/' && strings.Contains(spec, "/")
}

const importsIt = "imports it"

// assetless reports whether a module's path is not that of a style, a picture or a font.
func assetless(spec string) bool {
	switch path.Ext(spec) {
	case ".css", ".scss", ".sass", ".less", ".svg", ".png", ".jpg", ".jpeg", ".gif", ".webp", ".ico", ".ttf", ".otf", ".woff", ".woff2",
		".pdf", ".mp4", ".wasm", ".html", ".graphql":
		return false
	}
	return true
}

// takeComputed makes the program take in a module whose path is computed: one of the files that it can mean.
func (s *source) takeComputed(i int) {
	at := s.argument(i+1, 0)
	if at == 0 {
		return
	}
	v, _ := s.expression(at, 0)
	if len(v.parts) < 2 || v.parts[0].Hole != nil {
		return
	}
	parts := slices.Clone(v.parts)
	if head := parts[0]; !head.Span.Empty() { // it is written, and not the file's own folder
		if !local(head.Text) {
			return
		}
		parts[0] = analyzers.Part{Text: s.beside(head.Text)}
		if strings.HasSuffix(head.Text, "/") {
			parts[0].Text += "/"
		}
	}
	s.emit(i, importing, analyzers.Step{
		Op: analyzers.OpSource, Ref: &analyzers.Ref{Path: s.of(at, parts)}, Optional: true, Says: importsIt,
	})
}

// modulePath returns the file that a module's path means: beside this file, or by an alias below one of the folders that it lies in.
func (s *source) modulePath(i int, spec string) analyzers.Value {
	at := s.place(i, i)
	if strings.HasPrefix(spec, ".") {
		return analyzers.Value{At: at, Parts: []analyzers.Part{{Text: s.beside(spec)}}}
	}
	var folders [][]analyzers.Part
	for _, folder := range roots(s.pass.Path) {
		folders = append(folders, []analyzers.Part{{Text: folder}})
	}
	return analyzers.Value{At: at, Parts: []analyzers.Part{code.Alternatives(folders...), {Text: "/" + unaliased(spec)}}}
}

// unaliased returns a module's path below the folder that its alias stands for.
func unaliased(spec string) string {
	for _, alias := range aliases {
		spec = strings.TrimPrefix(spec, alias)
	}
	return spec
}

// roots returns the folders that an alias can stand for: the folder of sources that the file lies in and the one around it, or, if it
// lies in none, those above it and their folders of sources.
func roots(file string) []string {
	folder := path.Dir(file)
	segments := strings.Split(folder, "/")
	for n := len(segments) - 1; n >= 0; n-- {
		if segments[n] == "src" || segments[n] == "app" {
			return []string{path.Join(segments[:n+1]...), path.Join(append([]string{"."}, segments[:n]...)...)}
		}
	}
	var roots []string
	for depth := 0; depth < maxFolders; depth++ {
		roots = append(roots, folder, path.Join(folder, "src"))
		if folder == "." {
			break
		}
		folder = path.Dir(folder)
	}
	return roots
}

// maxFolders bounds the folders above a file in which the target of an alias is looked for.
const maxFolders = 6

// reexport reads export … from './x' at i.
func (s *source) reexport(i int) {
	if s.kind(i+1) != lexer.OpenBraceToken && s.kind(i+1) != lexer.MulToken || s.is(i+1, "type") {
		return
	}
	from := s.specifier(i + 1)
	if from == 0 {
		return
	}
	spec, _ := s.str(from)
	s.take(i, spec)
	if !local(spec) {
		return
	}
	if s.kind(i+1) == lexer.MulToken {
		s.reexportAll(i, spec)
		return
	}
	for j := i + 2; j < s.partner[i+1]; j++ {
		if name := s.name(j); name != "" {
			as := name
			if s.is(j+1, "as") {
				as = s.text(j + 2)
				j += 2
			}
			s.export(j, as, value{module: module{spec, name}.key()}, 0)
		}
	}
}

// reexportAll reads export * from './x' at i, and export * as y.
func (s *source) reexportAll(i int, spec string) {
	own, other := moduleKey(s.pass.Path)+"#", moduleKey(spec)+"#"
	if s.is(i+2, "as") && s.name(i+3) != "" {
		own += s.text(i + 3)
	}
	s.emit(i, running, analyzers.Step{Op: analyzers.OpSet, Name: own, Value: s.of(i, code.Alias(other))})
}

// exports walks the tokens and sets what the file exports.
func (s *source) exports() {
	for i := range s.toks {
		switch {
		case s.kind(i) == lexer.ExportToken:
			s.exported(i)
		case s.is(i, "module", ".", "exports", "="):
			v, _ := s.expression(i+4, 0)
			s.exportModule(i, v)
		case s.is(i, "exports", ".") && s.name(i+2) != "" && s.kind(i+3) == lexer.EqToken:
			v, _ := s.expression(i+4, 0)
			s.export(i, s.text(i+2), v, 0)
		}
	}
}

// exportModule sets what a CommonJS module exports: its properties, which are its default's as well.
func (s *source) exportModule(i int, v value) {
	if v.object == 0 {
		s.export(i, "", v, 0)
	} else {
		for _, m := range s.membersOf(v, 0) {
			if m.key != "" {
				s.export(m.token, m.key, s.memberOf(v, m), 1)
			}
		}
	}
	s.export(i, "default", v, 0)
}

// exported reads the export at i.
func (s *source) exported(i int) {
	switch k := s.kind(i + 1); {
	case k == lexer.DefaultToken:
		v, _ := s.expression(i+2, 0)
		s.export(i, "default", v, 0)
	case k == lexer.ConstToken || k == lexer.LetToken || k == lexer.VarToken || k == lexer.FunctionToken || s.is(i+1, "async"):
		j := i + 2
		for s.is(j, "function") || s.is(j, "*") {
			j++
		}
		if name := s.name(j); name != "" {
			s.export(j, name, s.known(name, j, 0), 0)
		}
	case k == lexer.OpenBraceToken && s.partner[i+1] > i && !s.is(s.partner[i+1]+1, "from"):
		for j := i + 2; j < s.partner[i+1]; j++ {
			name := s.name(j)
			if name == "" {
				continue
			}
			as := name
			if s.is(j+1, "as") {
				as = s.text(j + 2)
			}
			s.export(j, as, s.known(name, j, 0), 0)
			for j < s.partner[i+1] && s.kind(j) != lexer.CommaToken {
				j++
			}
		}
	}
}

// export sets an export, and the properties of one that is an object.
func (s *source) export(i int, name string, v value, depth int) {
	if v.function != nil {
		v = s.result(v.function, 0)
	}
	const deepest = 5
	if v.object != 0 && depth < deepest {
		for _, m := range s.membersOf(v, 0) {
			switch inner := s.memberOf(v, m); {
			case m.spread:
				s.export(m.token, name, inner, depth+1)
			case m.key != "":
				s.export(m.token, strings.TrimPrefix(name+"."+m.key, "."), inner, depth+1)
			}
		}
	}
	parts := v.whole()
	tells := code.Telling(parts) || code.Holds(parts) && code.Configuring(name) || code.Looked(parts)
	if v.module != "" && (tells || name == "" || name == "default") { // with all that is below it
		parts, tells = code.Alias(v.module), true
	}
	if tells {
		s.emit(i, running, analyzers.Step{
			Op: analyzers.OpSet, Name: moduleKey(s.pass.Path) + "#" + name, Value: s.of(i, code.Exported(parts)),
		})
	}
}
