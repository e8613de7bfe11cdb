package suite

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/bmatcuk/doublestar/v4"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/analyzertest"
)

// TestReaches has the cases in which artefacts of several kinds have a part.
func TestReaches(t *testing.T) { analyzertest.Run(t, "testdata/*.txtar", Analyzers()...) }

// TestEveryAnalyzerIsListed reads the folders beside this one: who writes an analyzer and forgets its line here is told so.
func TestEveryAnalyzerIsListed(t *testing.T) {
	files, err := filepath.Glob("../*/*.go")
	if err != nil {
		t.Fatal(err)
	}
	declares := regexp.MustCompile(`(?m)^var Analyzer = `)
	var found []string
	for _, file := range files {
		if data, err := os.ReadFile(file); err != nil {
			t.Fatal(err)
		} else if declares.Match(data) && !strings.HasSuffix(file, "_test.go") {
			found = append(found, filepath.Base(filepath.Dir(file)))
		}
	}
	var listed []string
	for _, a := range Analyzers() {
		listed = append(listed, a.Name)
		if a.Name == "" || a.Doc == "" || a.Run == nil || len(a.Files) == 0 && a.Sniff == nil {
			t.Errorf("analyzer %q is not complete", a.Name)
		}
		for _, pattern := range a.Files {
			if !doublestar.ValidatePattern(pattern) {
				t.Errorf("analyzer %s: %q is no pattern", a.Name, pattern)
			}
		}
	}
	slices.Sort(found)
	if !slices.Equal(found, listed) {
		t.Errorf("declared: %v, listed: %v (the list is sorted)", found, listed)
	}
}

// A file that an analyzer does not read since it is too large is a gap, unless it would not read it anyway.
func TestTooLarge(t *testing.T) {
	manifest := "apiVersion: v1\nkind: Pod\n"
	for _, c := range []struct {
		analyzer, path, begins string
		length                 int
		want                   string
	}{
		{"js", "src/a.ts", "", 2 << 20, "the file is too large to be read as JavaScript; what it reads and sends is not known"},
		{"js", "dist/a.js", "", 2 << 20, ""},
		{"python", "a.py", "", 1 << 20, "the file is too large to be read as Python; what its code reads and sends is not known"},
		{"python", "venv/a.py", "", 1 << 20, ""},
		{"python", "a.ipynb", "", 32 << 20, "the file is too large to be read as a notebook; what its code reads and sends is not known"},
		{"golang", "a.go", "", 2 << 20, "the file is too large to be read as Go; what it reads and sends is not known"},
		{"golang", "vendor/x/a.go", "", 2 << 20, ""},
		{"kube", "a.yaml", manifest, 16 << 20, "the file is too large to be read as manifests; what their workloads reach is not known"},
		{"kube", "a.yaml", "", 16 << 20, ""},
		{"cloudformation", "template.yaml", "# AWS::IAM::Role\n", 1 << 20,
			"the file is too large to be read as a template; whom its roles trust, and which secrets it looks up, is not known"},
	} {
		i := slices.IndexFunc(Analyzers(), func(a *analyzers.Analyzer) bool { return a.Name == c.analyzer })
		data := append([]byte(c.begins), bytes.Repeat([]byte("#\n"), c.length/2+1)...)
		pass := analyzers.NewPass(c.analyzer, c.path, data)
		if err := Analyzers()[i].Run(pass); err != nil {
			t.Fatal(err)
		}
		var want []analyzers.Gap
		if c.want != "" {
			want = []analyzers.Gap{{At: pass.At(0, 0), Says: c.want}}
		}
		if !slices.Equal(pass.Facts.Gaps, want) {
			t.Errorf("%s of %s: %v, want %v", c.analyzer, c.path, pass.Facts.Gaps, want)
		}
	}
}

// What a bound cuts is a gap.
func TestBounds(t *testing.T) {
	// lines repeats a line for each number, which is put in for #.
	lines := func(n int, line string) string {
		var b strings.Builder
		for i := range n {
			b.WriteString(strings.ReplaceAll(line, "#", strconv.Itoa(i)))
		}
		return b.String()
	}
	const tooMany = "the file's expressions are too many to evaluate; some of what it hands on is not known"
	chain := map[string]string{}
	for i := range 24 {
		chain["k/"+strconv.Itoa(i)+"/kustomization.yaml"] = "resources: [../" + strconv.Itoa(i+1) + "]\n"
	}
	copied := map[string]string{
		"compose.staging.yaml": "services: {a: {build: .}}\n",
		"Dockerfile":           "FROM a\nCOPY a/* /a/\n",
	}
	for i := range 1001 {
		copied["a/"+strconv.Itoa(i)+".txt"] = ""
	}
	includes := map[string]string{}
	for i := range 12 {
		includes["c/"+strconv.Itoa(i)+"/compose.yaml"] = "include: [../" + strconv.Itoa(i+1) + "/compose.yaml]\nservices: {s" + strconv.Itoa(i) + ": {image: a}}\n"
	}
	for name, c := range map[string]struct {
		files map[string]string
		want  string
	}{
		"names that JavaScript reads": {map[string]string{
			"scripts/a.js": "function need(name) { return process.env[name] }\n" + lines(65, "need('A#_TOKEN')\n") + lines(99, "need('a word')\n"),
		}, "scripts/a.js:0:0: " + tooMany},
		"names that Python reads": {map[string]string{
			"scripts/a.py": "import os\ndef need(name):\n    return os.environ[name]\n" + lines(65, "need('A#_TOKEN')\n"),
		}, "scripts/a.py:0:0: " + tooMany},
		"names that Go reads": {map[string]string{
			"go.mod": "module a\n",
			"a.go":   "package main\nimport \"os\"\nfunc need(name string) string { return os.Getenv(name) }\nfunc main() {\n" + lines(65, "need(\"A#_TOKEN\")\n") + "}\n",
		}, "a.go:0:0: " + tooMany},
		"arguments in JavaScript": {map[string]string{
			"scripts/a.js": "send(" + lines(257, "process.env.A#,\n") + "1)\n",
		}, "scripts/a.js:0:0: " + tooMany},
		"steps of a script":      {map[string]string{"a.sh": lines(21000, "true\n")}, "a.sh:10000:1: the script is too long: what follows is not seen"},
		"words of commands":      {map[string]string{"a.sh": strings.Repeat("ssh a \"", 20000)}, "a.sh:1:29: the script is too long: what follows is not seen"},
		"errors of a script":     {map[string]string{"a.sh": lines(21, ")\n") + "curl x\n"}, "a.sh:21:1: the script does not parse in so many places that the rest of it is not read"},
		"what a package is":      {map[string]string{"package.json": "{\"name\": \"a\", \"exports\": {" + strings.TrimSuffix(lines(300, "\"./#\": \"./#.js\","), ",") + "}}"}, "package.json:1:1: the names that modules are imported by are too many to follow; what the rest of them are is not known"},
		"kustomizations":         {chain, "k/20/kustomization.yaml:1:13: kustomizations build on each other too deeply; what the workloads of the innermost reach is not known"},
		"included compose files": {includes, "c/8/compose.yaml:1:11: compose files include each other too deeply; what the services of the innermost get is not known"},
		"hosts": {map[string]string{"inventory/hosts.ini": "[staging]\n" + lines(5001, "a#.example\n")},
			"inventory/hosts.ini:1:1: the hosts are too many to follow; which environments the rest of them are of is not known"},
		"options of an input": {map[string]string{".github/workflows/a.yml": "on: {workflow_dispatch: {inputs: {app: {type: choice, options: [\n" + lines(257, "a#,\n") + "]}}}}\njobs: {a: {runs-on: x, steps: [{run: true}]}}\n"},
			".github/workflows/a.yml:258:1: the input can have more values than are followed; what jobs do with the rest of them is not known"},
		"contexts": {map[string]string{".circleci/config.yml": "version: 2.1\nparameters: {e: {type: enum, default: a0, enum: [\n" + lines(70, "a#,\n") +
			"]}}\njobs: {a: {docker: [{image: x}], steps: [{run: echo << pipeline.parameters.e >>}]}}\nworkflows: {w: {jobs: [a]}}\n"},
			".circleci/config.yml:67:1: the parameter can have more values than are followed; what jobs do with the rest of them is not known"},
		"profiles": {map[string]string{"a.sh": "java -jar a.jar --spring.profiles.active=a" + lines(70, ",p#") + "\n"},
			"a.sh:1:17: the script names too many profiles to follow; what the rest of them give the application is not known"},
		"files of an image": {copied, "Dockerfile:2:1: the files that this copies are too many to follow; what the image has of the rest of them is not known"},
		"a minified file": {map[string]string{
			"scripts/a.js": "function need(name){return process.env[name]}" + lines(65, "need('A#_TOKEN');"),
		}, ""},
	} {
		got := analyzertest.Gaps(t, c.files, Analyzers()...)
		if ok := slices.Contains(strings.Split(got, "\n"), c.want); !ok || c.want == "" && got != "" {
			t.Errorf("%s: gaps\n%swant\n%s", name, got, c.want)
		}
	}
}
