package tag

import (
	"bytes"
	"path"
	"slices"
	"strings"

	"github.com/stagewall/stagewall/detectors"
)

// isAside reports whether a candidate stands in a test, an example or a document: by its path, or by what is written around it.
func (f *File) isAside(t text, o *Observation) bool {
	switch path.Ext(f.path) {
	case ".rs":
		if f.inTest(t.from + t.at.Start) {
			return true
		}
	case ".yml", ".yaml", ".json":
		if isExample(o) {
			return true
		}
	}
	return pathAside(f.path)
}

// asideFolders are what folders of tests, examples and documents are called.
var asideFolders = []string{"test", "tests", "testing", "__tests__", "spec", "testdata", "fixtures", "__fixtures__", "mock", "mocks", "__mocks__", "molecule", "__snapshots__",
	"example", "examples", "docs", "doc"}

// asideClasses are the extensions of languages whose classes of tests end in Test or Tests.
var asideClasses = []string{".java", ".kt", ".scala", ".groovy", ".cs", ".php", ".swift"}

// isTemplateFile reports whether a file is called one that others are made from, and that holds, in places of values, what stands for them:
// .env.example, secrets.tfvars.sample, config.dist.yml. What CloudFormation and others call templates is used as it is.
func isTemplateFile(file string) bool {
	name := strings.ToLower(path.Base(file))
	words := strings.FieldsFunc(name, func(r rune) bool { return r == '.' || r == '-' || r == '_' })
	return len(words) > 1 && slices.ContainsFunc(words[1:], func(word string) bool {
		switch word {
		case "example", "sample", "dist":
			return path.Ext(name) != ".go"
		case "template", "tmpl":
			return words[0] == "env"
		}
		return false
	})
}

// isLock reports whether a package manager writes the file: which versions it chose, and what they must hash to. What it signs in with is not in it.
func isLock(file string) bool {
	name := strings.ToLower(path.Base(file))
	return strings.HasSuffix(name, ".lock") || strings.HasSuffix(name, ".lockfile") || strings.HasSuffix(name, "-lock.json") || strings.HasSuffix(name, "-lock.yaml") ||
		strings.HasSuffix(name, ".lock.json") || strings.HasSuffix(name, ".lock.hcl") || name == "go.sum" || name == "npm-shrinkwrap.json"
}

func pathAside(file string) bool {
	folder, name := path.Split(file)
	stem := strings.TrimSuffix(name, path.Ext(name))
	if slices.Contains(asideClasses, path.Ext(name)) && (strings.HasSuffix(stem, "Test") || strings.HasSuffix(stem, "Tests")) {
		return true
	}
	name, stem = strings.ToLower(name), strings.ToLower(stem)
	switch ext := path.Ext(name); {
	case strings.HasSuffix(stem, "_test"), strings.HasSuffix(stem, ".test"), strings.HasSuffix(stem, ".tests"), strings.HasPrefix(stem, "test_") && ext == ".py",
		strings.HasSuffix(stem, "_spec"), strings.HasSuffix(stem, ".spec"),
		strings.HasPrefix(stem, "example."), strings.HasPrefix(stem, "sample."),
		ext == ".md", ext == ".rst", ext == ".adoc", strings.HasPrefix(name, "readme"):
		return true
	}
	return slices.ContainsFunc(strings.Split(strings.ToLower(folder), "/"), func(s string) bool {
		return slices.Contains(asideFolders, s) || strings.HasSuffix(s, ".example") || strings.HasSuffix(s, ".sample")
	})
}

// memberLanguages are the extensions of languages in which texts stand in quotes.
var memberLanguages = []string{".go", ".js", ".jsx", ".mjs", ".cjs", ".ts", ".tsx", ".vue", ".svelte", ".py", ".java", ".kt", ".scala", ".cs", ".rs", ".swift", ".rb", ".dart", ".tf"}

// isMember reports whether the candidate is a member of something in code, which has no quotes around it: applied.SecretKey2.
func (t text) isMember(value string) bool {
	if !slices.Contains(memberLanguages, path.Ext(t.path)) || t.at.Start == 0 || strings.IndexByte("\"'`", t.data[t.at.Start-1]) >= 0 || strings.Count(value, ".") == 0 {
		return false
	}
	for part := range strings.SplitSeq(value, ".") {
		if part == "" || '0' <= part[0] && part[0] <= '9' || strings.IndexFunc(part, func(r rune) bool { return r > 0x7f || !isNameByte(byte(r)) }) >= 0 {
			return false
		}
	}
	return true
}

// IsDocument reports whether a file is read by people, and lies in no folder of tests or examples: what somebody notes there of a deployment can be real.
func IsDocument(file string) bool {
	folder, name := path.Split(strings.ToLower(file))
	switch path.Ext(name) {
	case ".md", ".mdx", ".rst", ".adoc":
	default:
		return false
	}
	return !slices.ContainsFunc(strings.Split(folder, "/"), func(s string) bool { return s != "docs" && s != "doc" && slices.Contains(asideFolders, s) })
}

// isExample reports whether the value is, or is in, that of a keyword for examples of OpenAPI (https://spec.openapis.org/oas/v3.1.0#media-type-object)
// and JSON Schema (https://json-schema.org/draft/2020-12/json-schema-validation#name-examples): example: x, examples: [x],
// examples: {a: {value: {k: x}}}, and example: {k: x} below what only a schema or a media type has.
func isExample(o *Observation) bool {
	keys := slices.Clone(o.Keys)
	if o.Variable != "" {
		keys = append(keys, o.Variable)
	}
	schema := false
	for i, key := range keys {
		switch key {
		case "example", "examples":
			if i == len(keys)-1 || schema || key == "examples" && i+2 < len(keys) && keys[i+2] == "value" {
				return true
			}
		case "properties", "schema", "schemas", "application/json":
			schema = true
		}
	}
	return false
}

// testModule is a module that only tests are compiled with, from its attribute to behind its end.
type testModule = detectors.Span

// inTest reports whether an offset of Rust's code lies in a module that only tests are compiled with
// (https://doc.rust-lang.org/book/ch11-03-test-organization.html).
func (f *File) inTest(offset int) bool {
	if f.tests == nil {
		f.tests = testModules(f.text)
	}
	i, _ := slices.BinarySearchFunc(f.tests, offset, func(m testModule, offset int) int { return m.Start - offset })
	return i > 0 && offset < f.tests[i-1].End
}

// testModules returns the modules that only tests are compiled with. Each ends with a brace at the beginning of a line, or where the next one begins.
func testModules(code []byte) []testModule {
	mark := []byte("#[cfg(test)]\n")
	modules := []testModule{}
	at := bytes.Index(code, mark)
	for at >= 0 {
		rest := code[at+len(mark):]
		next := bytes.Index(rest, mark)
		if next >= 0 {
			rest, next = rest[:next], len(code)-len(rest)+next
		}
		body := rest
		for bytes.HasPrefix(body, []byte("#[")) { // further attributes
			_, body, _ = bytes.Cut(body, []byte("\n"))
		}
		body = bytes.TrimPrefix(bytes.TrimPrefix(body, []byte("pub(crate) ")), []byte("pub "))
		if bytes.HasPrefix(body, []byte("mod ")) {
			end := len(rest)
			if i := bytes.Index(rest, []byte("\n}")); i >= 0 {
				end = i + len("\n}")
			}
			modules = append(modules, testModule{Start: at + len(mark), End: at + len(mark) + end})
		}
		at = next
	}
	return modules
}
