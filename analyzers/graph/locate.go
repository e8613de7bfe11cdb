package graph

import (
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/detectors"
)

// extensions are those that JavaScript's importers try, in their order.
var extensions = []string{".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs", ".json", "/index.ts", "/index.tsx", "/index.js", "/index.mjs"}

// substitutes are the extensions of what is compiled to a file of JavaScript, whose path then is the one that is written:
// https://www.typescriptlang.org/docs/handbook/modules/reference.html#file-extension-substitution.
var substitutes = []string{".ts", ".tsx", ".mts"}

// located is the answer to what a path as written means.
type located struct {
	path string
	ok   bool
}

// file finds the file, or the folder, that a path as written means: in the process' working directory, beside the file that says it, at
// the root.
//
// Idea: which process asks does not matter, only its working directory, so each answer is kept. Modules are imported by all that use
// them, from one folder, in many processes: where the answer is that a package is not the repository's, some forty names are looked up to
// know it. It is valid because the index does not change while linking. Of a scan of openlibrary (Python, 2100 files) finding
// files took 7.8 s of 12.5 s of processor time.
func (p *process) file(text string, at detectors.Place) (string, bool) {
	if path.IsAbs(text) && p.looking != nil {
		return p.liesAt(path.Clean(text))
	}
	if text == "" || path.IsAbs(text) || strings.HasPrefix(text, "~") {
		return "", false
	}
	if spec, ok := strings.CutPrefix(text, npmPrefix); ok {
		if file, ok := p.npmFile(spec); ok {
			return file, true
		}
		return p.aliasFile(spec, path.Dir(at.Path))
	}
	module := ""
	if importedOnce(at.Path) {
		module = "module"
	}
	if p.looking != nil {
		return p.locate(text, []string{p.dir, path.Dir(at.Path), "."}, module != "")
	}
	key := [5]string{text, p.dir, path.Dir(at.Path), module, strconv.FormatBool(p.tracked)}
	found, ok := p.located[key]
	if !ok {
		found.path, found.ok = p.locate(text, []string{p.dir, path.Dir(at.Path), "."}, module != "")
		p.located[key] = found
	}
	return found.path, found.ok
}

// moduleFiles returns the files of the modules that a dotted name can mean: beside the file that says it, in the working directory, at the root.
func (p *process) moduleFiles(v analyzers.Value, at detectors.Place) (files []string) {
	for _, text := range p.evaluate(v, at).texts {
		name := strings.ReplaceAll(text, ".", "/")
		for _, file := range []string{name + ".py", name + "/__init__.py"} {
			if found, ok := p.locate(file, []string{path.Dir(at.Path), p.dir, "."}, false); ok {
				files = append(files, found)
				break
			}
		}
	}
	return files
}

func (p *process) locate(text string, folders []string, module bool) (string, bool) {
	seen := map[string]bool{}
	for _, dir := range folders {
		candidate := path.Join(dir, text)
		if seen[candidate] || candidate == ".." || strings.HasPrefix(candidate, "../") {
			continue
		}
		seen[candidate] = true
		if p.looking != nil {
			if file, ok := p.lies(candidate); ok {
				return file, true
			}
			continue
		}
		if candidate != "." && !p.begins(strings.TrimSuffix(strings.TrimSuffix(candidate, ".js"), ".mjs")) {
			continue // most candidates: none of the forty names need be looked up
		}
		if p.has(candidate) {
			return candidate, true
		}
		if module {
			for _, ext := range extensions {
				if p.has(candidate + ext) {
					return candidate + ext, true
				}
			}
			if stem := strings.TrimSuffix(strings.TrimSuffix(candidate, ".js"), ".mjs"); stem != candidate {
				for _, ext := range substitutes {
					if p.has(stem + ext) {
						return stem + ext, true
					}
				}
			}
		}
		if candidate == "." || p.Index.Folder(candidate) {
			return candidate, true
		}
	}
	return "", false
}

// has reports whether there is such a file where the process works: a job of a CI system has a checkout of its own, in which nothing lies that git ignores.
func (p *process) has(file string) bool {
	return p.Index.Exists(file) && (!p.tracked || p.Index.Tracked(file))
}

// What paths begin with that mean packages of Go: an import path, and a folder beside the file.
const (
	importPrefix  = "import:"
	packagePrefix = "package:"
)

// npmPrefix is what paths begin with that mean a package of JavaScript by its name, which may have a path within the package behind it.
const npmPrefix = "npm:"

// npmFile returns the file of a package of the repository that its name, with what stands behind it, means. What is built of the sources is
// mostly not there: then it is the sources that are meant.
func (p *process) npmFile(spec string) (string, bool) {
	words := strings.SplitN(spec, "/", 3)
	entries, ok := p.npm[strings.Join(words[:min(2, len(words))], "/")]
	if !ok {
		return "", false
	}
	folders := []string{path.Dir(entries.path)}
	rest, key := "index", "."
	if len(words) > 2 {
		rest, key = words[2], "./"+words[2]
	}
	for i := range entries.Steps {
		file, ok := standsFor(&entries.Steps[i], key)
		if !ok {
			continue
		}
		candidates := []string{file}
		if _, within, ok := cutOutput(strings.TrimPrefix(file, "./")); ok {
			candidates = append(candidates, "src/"+within)
		}
		for _, candidate := range candidates {
			if found, ok := p.locate(candidate, folders, true); ok && p.Index.Exists(found) {
				return found, true
			}
		}
	}
	for _, candidate := range []string{rest, "src/" + rest} {
		if found, ok := p.locate(candidate, folders, true); ok && p.Index.Exists(found) {
			return found, true
		}
	}
	return "", false
}

// standsFor returns the file that an entry means for a name, which the entry's own name is, or fits with a star for one part of it.
func standsFor(entry *analyzers.Step, name string) (file string, ok bool) {
	file, _ = entry.Value.Text()
	before, after, star := strings.Cut(entry.Name, "*")
	if star && strings.HasPrefix(name, before) && strings.HasSuffix(name, after) && len(name) >= len(before)+len(after) {
		return strings.ReplaceAll(file, "*", name[len(before):len(name)-len(after)]), true
	}
	return file, entry.Name == name
}

// aliasFile returns the file that a module's name means by what the nearest folder above that calls modules something says.
func (p *process) aliasFile(name, folder string) (string, bool) {
	key := [2]string{name, folder}
	found, ok := p.aliasedModules[key]
	if ok {
		return found.path, found.ok
	}
	for _, s := range p.moduleAliases[folder] {
		file, fits := standsFor(&s, name)
		if !fits {
			continue
		}
		if at, ok := p.locate(file, []string{"."}, true); ok && p.Index.Exists(at) {
			found = located{at, true}
			break
		}
	}
	if !found.ok && folder != "." {
		found.path, found.ok = p.aliasFile(name, path.Dir(folder))
	}
	p.aliasedModules[key] = found
	return found.path, found.ok
}

// outputs are what folders are called into which compilers of JavaScript write what they make of the sources.
var outputs = []string{"dist", "lib", "build", "out"}

// cutOutput cuts a path around a folder of outputs, and the extension off what lies in it.
func cutOutput(file string) (before, within string, ok bool) {
	for _, folder := range outputs {
		if rest, found := strings.CutPrefix(file, folder+"/"); found {
			return "", strings.TrimSuffix(rest, path.Ext(rest)), true
		}
		if before, rest, found := strings.Cut(file, "/"+folder+"/"); found {
			return before + "/", strings.TrimSuffix(rest, path.Ext(rest)), true
		}
	}
	return "", "", false
}

// transpiled returns the source that a program of JavaScript is made of which is mostly not there: node dist/main.js is src/main.ts, or main.ts.
// https://www.typescriptlang.org/tsconfig/#outDir
func (p *process) transpiled(text string, at detectors.Place) (string, bool) {
	if ext := path.Ext(text); ext != "" && ext != ".js" && ext != ".mjs" && ext != ".cjs" {
		return "", false
	}
	before, within, ok := cutOutput(strings.TrimPrefix(text, "./"))
	if !ok || path.IsAbs(text) {
		return "", false
	}
	for _, candidate := range []string{before + "src/" + within, before + within} {
		if found, ok := p.locate(candidate, []string{p.dir, path.Dir(at.Path)}, true); ok && p.Index.Exists(found) {
			return found, true
		}
	}
	return "", false
}

// begins reports whether a file's path begins so.
func (l *linker) begins(prefix string) bool {
	paths := l.paths()
	i, _ := slices.BinarySearch(paths, prefix)
	return i < len(paths) && strings.HasPrefix(paths[i], prefix)
}

// paths returns the paths of all files, sorted.
func (l *linker) paths() []string {
	if l.every == nil {
		l.every = l.Index.Match("**")
	}
	return l.every
}

// goFiles resolves "import:path" to the files of a package of the repository, and "package:." to the other files of the same package.
func (p *process) goFiles(text string, at detectors.Place) (files []string, ok bool) {
	folder, ok := p.goFolder(text, at)
	if !ok || folder == "" {
		return nil, ok
	}
	for _, f := range p.goPackage(folder) {
		if f != at.Path {
			files = append(files, f)
		}
	}
	return files, true
}

// goPackage returns the files of the package in a folder, without its tests. All are looked for at once: every file that imports a package
// asks for its files.
func (l *linker) goPackage(folder string) []string {
	if l.packages == nil {
		l.packages = map[string][]string{}
		for _, f := range l.Index.Match("**/*.go") {
			if !strings.HasSuffix(f, "_test.go") {
				l.packages[path.Dir(f)] = append(l.packages[path.Dir(f)], f)
			}
		}
	}
	return l.packages[folder]
}

// goFolder returns the folder of the package that "import:path" or "package:." means; "" for a package of another repository. ok is false
// for any other path.
func (l *linker) goFolder(text string, at detectors.Place) (folder string, ok bool) {
	if within, is := strings.CutPrefix(text, packagePrefix); is {
		return path.Join(path.Dir(at.Path), within), true
	}
	imported, is := strings.CutPrefix(text, importPrefix)
	if !is {
		return "", false
	}
	folder, ok = l.imported[imported]
	if !ok {
		best := ""
		for module := range l.modules {
			if (imported == module || strings.HasPrefix(imported, module+"/")) && len(module) > len(best) {
				best = module
			}
		}
		if best != "" {
			folder = path.Join(l.modules[best], strings.TrimPrefix(imported, best))
		}
		l.imported[imported] = folder
	}
	return folder, true
}
