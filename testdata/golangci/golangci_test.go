package golangci

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/golangci/golangci-lint/v2/pkg/commands"
	"golang.org/x/tools/txtar"

	_ "github.com/stagewall/stagewall/cmd/gclplugin"
	"github.com/stagewall/stagewall/detectors/detectortest"
)

// lints, set, makes the test's program golangci-lint.
const lints = "STAGEWALL_TEST_LINTS"

func TestMain(m *testing.M) {
	if os.Getenv(lints) == "" {
		os.Exit(m.Run())
	}
	info := commands.BuildInfo{GoVersion: "unknown", Version: "v2.15.0-test", Commit: "unknown", Date: "unknown"}
	if err := commands.Execute(info); err != nil {
		os.Exit(3)
	}
}

// module is a module to lint.
type module struct{ dir, cache string }

// newModule writes the files of an archive, tokens minted, to a new folder.
func newModule(t *testing.T, archive *txtar.Archive) module {
	t.Helper()
	m := module{t.TempDir(), t.TempDir()}
	for _, f := range archive.Files {
		name := filepath.Join(m.dir, f.Name)
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			t.Fatal(err)
		}
		text, _ := detectortest.Expand(string(f.Data))
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return m
}

// run runs golangci-lint in the module and returns what it prints and its exit status.
func (m module) run(t *testing.T, args ...string) (printed string, status int) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Minute)
	defer cancel()
	command := exec.CommandContext(ctx, self, append([]string{"run", "--allow-parallel-runners", "--show-stats=false"}, args...)...)
	command.Dir = m.dir
	command.Env = append(os.Environ(), lints+"=1", "GOLANGCI_LINT_CACHE="+m.cache, "GOWORK=off", "GOFLAGS=-mod=mod", "PWD="+m.dir)
	out, err := command.CombinedOutput()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return string(out), command.ProcessState.ExitCode()
}

// parse reads an archive; the sections whose names begin with "want" are no files, but what golangci-lint is to print.
func parse(t *testing.T, file string) (archive *txtar.Archive, want map[string]string) {
	t.Helper()
	all, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	archive, want = &txtar.Archive{}, map[string]string{}
	for _, f := range all.Files {
		if strings.HasPrefix(f.Name, "want") {
			want[f.Name] = string(f.Data)
		} else {
			archive.Files = append(archive.Files, f)
		}
	}
	return archive, want
}

// matches reports whether the lines match expressions, one a line.
func matches(lines, expressions string) bool {
	got, want := strings.Split(lines, "\n"), strings.Split(expressions, "\n")
	return slices.EqualFunc(got, want, func(line, expression string) bool {
		return regexp.MustCompile("^" + expression + "$").MatchString(line)
	})
}

// TestPlugin: messages, positions, nolint and settings, as a user sees them.
func TestPlugin(t *testing.T) {
	if testing.Short() {
		t.Skip("golangci-lint type-checks every dependency")
	}
	archive, want := parse(t, "testdata/acme.txtar")
	m := newModule(t, archive)
	check := func(section string, args ...string) {
		t.Helper()
		got, status := m.run(t, args...)
		if !matches(got, want[section]) || status != 1 {
			t.Errorf("golangci-lint %s exits with %d and prints\n%s\nwant\n%s", strings.Join(args, " "), status, got, want[section])
		}
		for _, f := range archive.Files {
			if _, minted := detectortest.Expand(string(f.Data)); slices.ContainsFunc(minted, func(m detectortest.Minted) bool { return strings.Contains(got, m.Value) }) {
				t.Error("golangci-lint prints a secret")
			}
		}
	}
	check("want")
	check("want") // from its cache
	check("want one package", "./cmd/staging-domains")
	check("want every message", "--uniq-by-line=false", "./cmd/staging-line")
	check("want settings", "--config=settings.yml")
}

// TestBadSettings: a mistake in the settings is said, and nothing is linted.
func TestBadSettings(t *testing.T) {
	if testing.Short() {
		t.Skip("golangci-lint type-checks every dependency")
	}
	archive, _ := parse(t, "testdata/acme.txtar")
	m := newModule(t, archive)
	for settings, want := range map[string]string{
		"stagging: [cmd/nightly]":        `unknown field "stagging"`,
		"severity: enormous":             `severity is low, medium, high or critical, not "enormous"`,
		"accept: [{id: tok_0}]":          `unlike {id: "tok_0", reason: ""}`,
		`production: ["cmd/[prod"]`:      `"cmd/[prod" is no pattern`,
		"accept: [tok_0123456789abcdef]": "cannot unmarshal",
	} {
		config := strings.Replace(string(archive.Files[0].Data), "settings: {}", "settings: {"+settings+"}", 1)
		if err := os.WriteFile(filepath.Join(m.dir, "bad.yml"), []byte(config), 0o600); err != nil {
			t.Fatal(err)
		}
		if got, status := m.run(t, "--config=bad.yml"); status != 3 || !strings.Contains(got, want) {
			t.Errorf("with %s golangci-lint exits with %d and prints\n%s\nwant %s", settings, status, got, want)
		}
	}
}

// TestCache: with the cache of the runs before, a change of nothing but an embedded file is seen, both when a token comes and when it goes. A
// change of a file that no Go file leads to changes nothing: such files are for the scan, as each message says.
func TestCache(t *testing.T) {
	if testing.Short() {
		t.Skip("golangci-lint type-checks every dependency")
	}
	archive, want := parse(t, "testdata/embedded.txtar")
	m := newModule(t, archive)
	write := func(name, text string) {
		t.Helper()
		text, _ = detectortest.Expand(text)
		if err := os.WriteFile(filepath.Join(m.dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	check := func(when, section string) {
		t.Helper()
		if got, _ := m.run(t); !matches(got, want[section]) {
			t.Errorf("%s golangci-lint prints\n%s\nwant\n%s", when, got, want[section])
		}
	}
	check("at first", "want nothing")
	write("cmd/staging-sync/token.txt", "RAILWAY_API_TOKEN={{railway}}\n")
	check("with a token in the embedded file", "want token")
	write("compose.staging.yaml", "services:\n  sync:\n    build: .\n    environment:\n      STRIPE_SECRET_KEY: {{stripe-live}}\n")
	check("with another in a compose file", "want token")
	write("cmd/staging-sync/token.txt", "none\n")
	check("without the first", "want nothing")
}
