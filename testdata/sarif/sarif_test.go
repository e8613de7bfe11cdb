// Package sarif_test holds the SARIF report against the official schema, version 2.1.0, which go-sarif carries. It is a module of its own so that
// nobody who installs the program pays for a schema validator.
package sarif_test

import (
	"bytes"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	_ "github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif" // for its text of the schema
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/stagewall/stagewall/detectors/detectortest"
)

// files are a repository with all that a report can say: crossings of several strengths, a token in none, a reference, a gap, an
// accepted crossing, names that must be escaped.
var files = map[string]string{
	"docker-compose.staging.yml": "services:\n  app:\n    image: acme/app\n    env_file: .env.production\n",
	".env.production":            "STRIPE_SECRET_KEY={{stripe-live}}\n",
	".env.test":                  "STRIPE_SECRET_KEY={{stripe-test}}\n",
	"tools/a dd#1 %/é.sh":        "curl -H \"Authorization: Bearer {{railway}}\" https://backboard.railway.com/graphql/v2\n",
	"broken/compose.yaml":        "services: [\n",
	".github/workflows/deploy.yml": "on: push\njobs:\n  staging:\n    runs-on: ubuntu-latest\n    env:\n      APP_ENV: staging\n    steps:\n" +
		"      - run: flyctl deploy\n        env:\n          FLY_API_TOKEN: ${{ secrets.FLY_API_TOKEN }}\n",
}

func TestSchema(t *testing.T) {
	program := filepath.Join(t.TempDir(), "stagewall")
	build := exec.Command("go", "build", "-o", program, "./cmd/stagewall")
	build.Dir = "../.."
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	schema := official(t)
	for _, c := range []struct {
		name  string
		files map[string]string
	}{{"everything", files}, {"nothing", map[string]string{"README": "hello\n"}}} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			for name, text := range c.files {
				path := filepath.Join(dir, filepath.FromSlash(name))
				expanded, _ := detectortest.Expand(text)
				if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(path, []byte(expanded), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			out, err := exec.Command(program, "scan", "--no-cache", "--format", "sarif", dir).Output()
			var exit *exec.ExitError
			if err != nil && (!errors.As(err, &exit) || exit.ExitCode() != 1) {
				t.Fatal(err)
			}
			report, err := jsonschema.UnmarshalJSON(bytes.NewReader(out))
			if err != nil {
				t.Fatal(err)
			}
			if err := schema.Validate(report); err != nil {
				t.Errorf("%v\n%s", err, out)
			}
			if empty := bytes.Contains(out, []byte(`"results": []`)); empty != (c.name == "nothing") {
				t.Errorf("no results: %v", empty)
			}
		})
	}
}

// official returns the schema, which stands as a constant in a file of go-sarif.
func official(t *testing.T) *jsonschema.Schema {
	dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/owenrumney/go-sarif/v3").Output()
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(strings.TrimSpace(string(dir)), "pkg", "report", "v210", "sarif", "schema.go")
	file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var text string
	ast.Inspect(file, func(n ast.Node) bool {
		if literal, ok := n.(*ast.BasicLit); ok && len(literal.Value) > len(text) {
			text = literal.Value
		}
		return true
	})
	text, err = strconv.Unquote(text)
	if err != nil {
		t.Fatal(err)
	}
	document, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("sarif.json", document); err != nil {
		t.Fatal(err)
	}
	schema, err := compiler.Compile("sarif.json")
	if err != nil {
		t.Fatal(err)
	}
	return schema
}
