package compose

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/bmatcuk/doublestar/v4"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/graph"
	"github.com/stagewall/stagewall/detectors"
)

func TestFiles(t *testing.T) {
	for path, want := range map[string]bool{
		"compose.yaml": true, "a/docker-compose.yml": true, "docker-compose.staging.yml": true, "docker-compose-staging.yaml": true,
		"staging.docker-compose.yml": true, "compose.prod.yaml": true, "docker_compose.yml": true, "docker-stack.yml": true,
		"decompose.yml": false, "compose.go": false, "composer.yml": false, "compose/base.yml": false,
	} {
		got := false
		for _, pattern := range Analyzer.Files {
			if ok, _ := doublestar.Match(pattern, path); ok {
				got = true
			}
		}
		if got != want {
			t.Errorf("%s: read %v, want %v", path, got, want)
		}
	}
}

func facts(t testing.TB, path, data string) *analyzers.Facts {
	t.Helper()
	pass := analyzers.NewPass(name, path, []byte(data))
	if err := run(pass); err != nil {
		t.Fatal(err)
	}
	return pass.Facts
}

// Files of other formats have a key called services too.
func TestIsCompose(t *testing.T) {
	for _, test := range []struct {
		path, data string
		want       bool
	}{
		{"deploy/staging.yml", "services:\n  app:\n    image: a\n", true},
		{"config/services.yaml", "services:\n  _defaults:\n    autowire: true\n  App\\X:\n    class: X\n", false},
		{".gitlab-ci.yml", "services:\n  - docker:dind\n", false},
		{"render.yaml", "services:\n  - type: web\n", false},
		{"docker-compose.yml", "app:\n  image: a\n", true},
		{"docker-compose.yml", "# nothing\n", false},
		{"docker-compose.override.yml", "services:\n  app:\n    labels: [a]\n", true},
	} {
		if got := len(facts(t, test.path, test.data).Programs) > 0; got != test.want {
			t.Errorf("%s %q: read %v, want %v", test.path, test.data, got, test.want)
		}
	}
}

// What does not parse is a gap that says what to do, in files that are surely compose files.
func TestGaps(t *testing.T) {
	const broken = "services:\n  app:\n    image: a\n\t- b\n"
	f := facts(t, "docker-compose.yml", broken)
	if len(f.Gaps) != 1 || f.Gaps[0].At.Line < 2 || !strings.Contains(f.Gaps[0].Says, "docker compose config") {
		t.Errorf("gaps: %+v", f.Gaps)
	}
	if f := facts(t, "other.yml", broken); len(f.Gaps) != 0 {
		t.Errorf("a file of another kind has gaps: %+v", f.Gaps)
	}
}

// Aliases that repeat each other are bounded.
func TestBomb(t *testing.T) {
	var b strings.Builder
	b.WriteString("x-a0: &a0 {A: 1, B: 2, C: 3}\n")
	for i := 1; i < 30; i++ {
		fmt.Fprintf(&b, "x-a%d: &a%d [*a%d, *a%d, *a%d, *a%d]\n", i, i, i-1, i-1, i-1, i-1)
	}
	b.WriteString("services:\n  app:\n    image: a\n    environment: *a29\n")
	if f := facts(t, "docker-compose.yml", b.String()); len(f.Gaps) != 1 {
		t.Errorf("gaps: %+v", f.Gaps)
	}
	b.Reset()
	b.WriteString("x-env: &env\n")
	for i := range 2000 {
		fmt.Fprintf(&b, "  K%d: v\n", i)
	}
	b.WriteString("services:\n")
	for i := range 200 {
		fmt.Fprintf(&b, "  s%d: {image: a, environment: *env}\n", i)
	}
	if f := facts(t, "docker-compose.yml", b.String()); len(f.Gaps) != 1 || len(f.Programs) > 100 {
		t.Errorf("%d programs, gaps: %+v", len(f.Programs), f.Gaps)
	}
}

// Files that include or extend each other end.
func TestCycles(t *testing.T) {
	index := graph.NewIndex()
	for path, data := range map[string]string{
		"compose.yaml":   "include: [a/compose.yaml]\nservices:\n  app: {image: a}\n",
		"a/compose.yaml": "include: [../compose.yaml]\nservices:\n  one: {extends: two}\n  two: {extends: {service: one, file: compose.yaml}}\n",
	} {
		index.AddFile(path, true)
		index.AddFacts(facts(t, path, data))
	}
	var ids []string
	for _, f := range join(index) {
		for _, u := range f.Units {
			ids = append(ids, u.ID)
		}
	}
	if len(ids) < 3 {
		t.Errorf("units: %v", ids)
	}
}

func TestCommand(t *testing.T) {
	for _, test := range []struct{ argv, want string }{
		{"docker compose -f a.yml -f b.yml up -d", "a.yml b.yml"},
		{"docker-compose --file=a.yml up -f x", "a.yml"},
		{"docker --context c compose -fa.yml up", "a.yml"},
		{"docker compose up", ""},
		{"docker compose --env-file e -p shop --profile x up", " env e project shop"},
		{"docker compose --project-directory d -f a.yml up", "a.yml folder d"},
		{"docker stack deploy -c a.yml --compose-file b.yml shop", "a.yml b.yml stack"},
		{"docker stack rm shop", "none"},
		{"docker run -f a", "none"},
		{"kubectl -f a", "none"},
		{"docker", "none"},
	} {
		got := "none"
		sink := sinkOf(test.argv)
		if c, ok := parseCommand(&sink); ok {
			got = strings.Join(c.files, " ")
			for _, e := range c.env {
				got += " env " + e
			}
			if c.project != "" {
				got += " project " + c.project
			}
			if c.folder != "" {
				got += " folder " + c.folder
			}
			if c.stack {
				got += " stack"
			}
		}
		if got != test.want {
			t.Errorf("%s: %q, want %q", test.argv, got, test.want)
		}
	}
}

func FuzzRun(f *testing.F) {
	cases, err := filepath.Glob("testdata/*.txtar")
	if err != nil {
		f.Fatal(err)
	}
	for _, c := range cases {
		archive, err := txtar.ParseFile(c)
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range archive.Files {
			if named(file.Name) {
				f.Add(file.Data)
			}
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		index := graph.NewIndex()
		index.AddFile("docker-compose.yml", true)
		facts := facts(t, "docker-compose.yml", string(data))
		for _, p := range facts.Programs {
			walk(p.Steps, func(s *analyzers.Step) {
				for _, part := range s.Value.Parts {
					if part.Span.Start < 0 || part.Span.End > len(data) || part.Span.End < part.Span.Start {
						t.Fatalf("%s %s: %v lies outside of the file", s.Op, s.Name, part.Span)
					}
				}
			})
		}
		index.AddFacts(facts)
		join(index)
	})
}

func sinkOf(argv string) detectors.Sink {
	sink := detectors.Sink{}
	for _, word := range strings.Fields(argv) {
		sink.Argv = append(sink.Argv, detectors.Word{Text: word})
	}
	sink.Tool = sink.Argv[0].Text
	return sink
}
