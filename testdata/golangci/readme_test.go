package golangci

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
	"golang.org/x/mod/modfile"
)

const readme = "../../cmd/gclplugin/README.md"

// fences are the blocks of code in a page.
var fences = regexp.MustCompile("(?ms)^```[a-z]*\n(.*?)^```$")

// TestReadme: the settings that the README shows are read, and what it shows is printed. UPDATE_SCRIPTS=1 writes that.
func TestReadme(t *testing.T) {
	if testing.Short() {
		t.Skip("golangci-lint type-checks every dependency")
	}
	data, err := os.ReadFile(readme)
	if err != nil {
		t.Fatal(err)
	}
	blocks := fences.FindAllSubmatchIndex(data, -1)
	if len(blocks) != 3 {
		t.Fatalf("the README has %d blocks of code", len(blocks))
	}
	block := func(i int) string { return string(data[blocks[i][2]:blocks[i][3]]) }
	checkBuild(t, block(0))
	archive, _ := parse(t, "testdata/readme.txtar")
	m := newModule(t, archive)
	if err := os.WriteFile(filepath.Join(m.dir, ".golangci.yml"), []byte(block(1)), 0o600); err != nil {
		t.Fatal(err)
	}
	printed, status := m.run(t)
	if status != 1 {
		t.Errorf("golangci-lint exits with %d", status)
	}
	if printed != block(2) {
		if os.Getenv("UPDATE_SCRIPTS") == "" {
			t.Errorf("golangci-lint prints\n%sthe README shows\n%s\nUPDATE_SCRIPTS=1 writes it anew", printed, block(2))
		} else if err := os.WriteFile(readme, []byte(string(data[:blocks[2][2]])+printed+string(data[blocks[2][3]:])), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// TestCustom: the file from which golangci-lint is built with the plugin names the version that is tested here.
func TestCustom(t *testing.T) {
	data, err := os.ReadFile("../../.custom-gcl.yml")
	if err != nil {
		t.Fatal(err)
	}
	checkBuild(t, string(data))
}

// checkBuild compares a .custom-gcl.yml with this module, which is built from the same.
func checkBuild(t *testing.T, text string) {
	t.Helper()
	var build struct {
		Version string
		Plugins []struct{ Module, Import, Path string }
	}
	if err := yaml.Unmarshal([]byte(text), &build); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile("go.mod")
	if err != nil {
		t.Fatal(err)
	}
	mod, err := modfile.Parse("go.mod", data, nil)
	if err != nil {
		t.Fatal(err)
	}
	versions := map[string]string{}
	for _, r := range mod.Require {
		versions[r.Mod.Path] = r.Mod.Version
	}
	if got := versions["github.com/golangci/golangci-lint/v2"]; build.Version != got {
		t.Errorf("golangci-lint %s is built, and %s is tested", build.Version, got)
	}
	if len(build.Plugins) != 1 || versions[build.Plugins[0].Module] == "" || !strings.HasPrefix(build.Plugins[0].Import, build.Plugins[0].Module+"/") || build.Plugins[0].Path == "" {
		t.Errorf("there is one plugin, with its module and path, unlike %+v", build.Plugins)
	}
}
