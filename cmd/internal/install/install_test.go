package install

import (
	"bytes"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/rhysd/actionlint"
	"go.yaml.in/yaml/v3"
)

func TestAdd(t *testing.T) {
	rules := []string{"Read(./a)", `Read(./b "c")`}
	for before, want := range map[string]string{
		"": "{\n  \"permissions\": {\n    \"deny\": [\n      \"Read(./a)\",\n      \"Read(./b \\\"c\\\")\"\n    ]\n  }\n}\n",
		"{\n    \"model\": \"x\" // a comment\n}\n":                                        "{\n    \"model\": \"x\",\n    \"permissions\": {\n        \"deny\": [\n            \"Read(./a)\",\n            \"Read(./b \\\"c\\\")\"\n        ]\n    } // a comment\n}\n",
		"{\"permissions\": {\"deny\": [\"X\"], \"allow\": []}}":                            "{\"permissions\": {\"deny\": [\"X\", \"Read(./a)\", \"Read(./b \\\"c\\\")\"], \"allow\": []}}",
		"{\"permissions\": {\"deny\": [\"Read(./a)\"]}}":                                   "{\"permissions\": {\"deny\": [\"Read(./a)\", \"Read(./b \\\"c\\\")\"]}}",
		"{\n\t\"permissions\": {\n\t\t\"deny\": [\n\t\t\t\"X\", // why\n\t\t],\n\t},\n}\n": "{\n\t\"permissions\": {\n\t\t\"deny\": [\n\t\t\t\"X\",\n\t\t\t\"Read(./a)\",\n\t\t\t\"Read(./b \\\"c\\\")\", // why\n\t\t],\n\t},\n}\n",
		"{\r\n  \"permissions\": {\r\n    \"allow\": []\r\n  }\r\n}\r\n":                   "{\r\n  \"permissions\": {\r\n    \"allow\": [],\r\n    \"deny\": [\r\n      \"Read(./a)\",\r\n      \"Read(./b \\\"c\\\")\"\r\n    ]\r\n  }\r\n}\r\n",
		"{\n  \"permissions\": {\n    \"deny\": []\n  }\n}\n":                              "{\n  \"permissions\": {\n    \"deny\": [\n      \"Read(./a)\",\n      \"Read(./b \\\"c\\\")\"\n    ]\n  }\n}\n",
		"[]": "", "{": "", "{\"permissions\": []}": "", "{\"permissions\": {\"deny\": \"x\"}}": "", "\ufeff{}": "", "null": "",
		"{\"permissions\": {}, \"permissions\": {\"deny\": [\"X\"]}}": "{\"permissions\": {}, \"permissions\": {\"deny\": [\"X\", \"Read(./a)\", \"Read(./b \\\"c\\\")\"]}}",
	} {
		after, _, err := add([]byte(before), "permissions", "deny", rules)
		if string(after) != want || (err == nil) != (want != "") {
			t.Errorf("%q: %v\n%s\nwant\n%s", before, err, after, want)
		}
	}
}

func FuzzAdd(f *testing.F) {
	f.Add([]byte("{\n  \"permissions\": {\"deny\": [\"X\",],}, // x\n}"))
	f.Add([]byte("{/**/}"))
	f.Fuzz(func(t *testing.T, data []byte) {
		after, added, err := add(data, "permissions", "deny", []string{"Read(./a)"})
		if err != nil {
			return
		}
		again, more, err := add(after, "permissions", "deny", []string{"Read(./a)"})
		if err != nil || len(more) > 0 || !bytes.Equal(again, after) || len(added) > 0 && bytes.Equal(after, data) {
			t.Errorf("%q: %q, and again %v, %v", data, after, more, err)
		}
	})
}

func TestPrepend(t *testing.T) {
	for before, want := range map[string]string{
		"":                           "repos:\n  - repo: local\n    hooks: []\n",
		"# nothing yet":              "# nothing yet\nrepos:\n  - repo: local\n    hooks: []\n",
		"repos:\n":                   "repos:\n  - repo: local\n    hooks: []\n",
		"repos: [] # none\nci: {}\n": "repos: # none\n  - repo: local\n    hooks: []\nci: {}\n",
		"fail_fast: true":            "fail_fast: true\nrepos:\n  - repo: local\n    hooks: []\n",
		"repos:\n# first\n- repo: a\n  hooks: []":  "repos:\n- repo: local\n  hooks: []\n# first\n- repo: a\n  hooks: []",
		"repos:\r\n    - repo: a\r\n":              "repos:\r\n    - repo: local\r\n      hooks: []\r\n    - repo: a\r\n",
		"x: &x |\n  repos:\nrepos:\n  - repo: a\n": "x: &x |\n  repos:\nrepos:\n  - repo: local\n    hooks: []\n  - repo: a\n",
		"repos: [{repo: a}]\n":                     "", "{repos: []}\n": "", "- repo: a\n": "", "repos: x\n": "", "a: [\n": "", "repos: &r\n  - repo: a\nx: *r\n": "",
	} {
		after, err := prepend([]byte(before), "repos", "- repo: local\n  hooks: []\n")
		if err != nil {
			after = nil
		}
		if string(after) != want {
			t.Errorf("%q: %v\n%s\nwant\n%s", before, err, after, want)
		}
	}
}

func FuzzPrepend(f *testing.F) {
	f.Add([]byte("repos:\n  - repo: a # x\n    hooks:\n    - id: |\n        b\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		after, err := prepend(data, "repos", hookItem)
		if err == nil && !runsHook(after) {
			t.Errorf("%q: %q", data, after)
		}
	})
}

// TestWorkflow: GitHub's own checker has nothing to say of the workflow, and GitLab's job is YAML.
func TestWorkflow(t *testing.T) {
	text := strings.NewReplacer("INSTALL", "go install "+programPath+"@latest", "BRANCH", pattern("it's-c++")).Replace(workflowText)
	linter, err := actionlint.NewLinter(&bytes.Buffer{}, &actionlint.LinterOptions{})
	if err != nil {
		t.Fatal(err)
	}
	found, err := linter.Lint(workflowFile, []byte(text), nil)
	if err != nil || len(found) > 0 {
		t.Errorf("%v %v", found, err)
	}
	var job map[string]any
	if err := yaml.Unmarshal([]byte(gitlabText), &job); err != nil || len(job) != 1 {
		t.Error(err)
	}
}

// TestGolangci: what is written for golangci-lint is what the plugin's page shows, which is tested there, but for what is the reader's own.
func TestGolangci(t *testing.T) {
	page, err := os.ReadFile("../../gclplugin/README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(page), "```yaml\n")
	first, rest, _ := strings.Cut(rest, "```")
	_, rest, _ = strings.Cut(rest, "```yaml\n")
	second, _, _ := strings.Cut(rest, "```")
	for shown, written := range map[string]string{first: customText + indented(customItem), second: golangciText} {
		var want, got map[string]any
		if yaml.Unmarshal([]byte(shown), &want) != nil || yaml.Unmarshal([]byte(written), &got) != nil {
			t.Fatal("no YAML")
		}
		if plugins, ok := want["plugins"].([]any); ok {
			delete(plugins[0].(map[string]any), "path")
			delete(got["plugins"].([]any)[0].(map[string]any), "version")
		} else {
			settings := want["linters"].(map[string]any)["settings"].(map[string]any)["custom"].(map[string]any)["stagewall"].(map[string]any)["settings"].(map[string]any)
			for _, own := range []string{"staging", "production", "accept"} {
				delete(settings, own)
			}
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("written:\n%v\nthe page shows:\n%v", got, want)
		}
	}
}

func TestHost(t *testing.T) {
	for address, want := range map[string]string{
		"https://name:word@GitHub.com/acme/shop.git": "github.com", "git@github.com:acme/shop.git": "github.com", "ssh://git@gitlab.com:22/acme/shop": "gitlab.com",
		"github.com:acme/shop": "github.com", "../github.com:x": "", "/srv/git/shop.git": "", "": "",
	} {
		if got := host(address); got != want {
			t.Errorf("%s: %q, want %q", address, got, want)
		}
	}
}

// TestAdded: of a file that is there, only what is new is shown.
func TestAdded(t *testing.T) {
	before := "repos:\n  - repo: a\nci: word"
	after, err := prepend([]byte(before), "repos", "- repo: local\n")
	added := change{file: file{exists: true, data: []byte(before)}, after: after}.added()
	if err != nil || added != "  - repo: local\n" {
		t.Errorf("%q, %v", added, err)
	}
}

// TestReadOnly: a file that must not be written is left alone, though it could be replaced.
func TestReadOnly(t *testing.T) {
	p := &planner{Plan: &Plan{}}
	p.write(change{file: file{shown: "a", exists: true, mode: 0o444}}, "x")
	if p.Files() != 0 || !p.Lacks {
		t.Errorf("%+v", p.Plan)
	}
}

// TestChanged: a file that changed since it was read is left alone, and nothing stays beside it.
func TestChanged(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "a.json")
	write := func(text string) {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("{}")
	f, err := open(dir, "a.json")
	if err != nil {
		t.Fatal(err)
	}
	write("[]")
	if err := (change{file: f, after: []byte("{1}")}).do(); err == nil {
		t.Error("it was written over")
	}
	write("{}")
	if err := (change{file: f, after: []byte("{1}")}).do(); err != nil {
		t.Error(err)
	}
	if err := (change{file: file{root: dir, name: "../b"}, after: []byte("x")}).do(); err == nil {
		t.Error("it was written outside")
	}
	entries, _ := os.ReadDir(dir)
	if info, _ := os.Stat(name); len(entries) != 1 || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, mode %v", entries, info.Mode())
	}
}
