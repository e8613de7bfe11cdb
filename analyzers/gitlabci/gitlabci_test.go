package gitlabci

import (
	"strconv"
	"strings"
	"testing"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/analyzertest"
	"github.com/stagewall/stagewall/analyzers/graph"
	"github.com/stagewall/stagewall/analyzers/makefile"
	"github.com/stagewall/stagewall/analyzers/shell"
	"github.com/stagewall/stagewall/analyzers/terraform"
)

func TestCases(t *testing.T) {
	analyzertest.Run(t, "testdata/*.txtar", Analyzer, shell.Analyzer, makefile.Analyzer, terraform.Analyzer)
}

func TestBroken(t *testing.T) {
	for name, want := range map[string]int{".gitlab-ci.yml": 1, "other.yml": 0} {
		pass := analyzers.NewPass("gitlabci", name, []byte("a:\n  script: [\n"))
		if err := Analyzer.Run(pass); err != nil {
			t.Fatal(err)
		}
		if len(pass.Facts.Gaps) != want {
			t.Errorf("%s: gaps %v, want %d", name, pass.Facts.Gaps, want)
		}
	}
}

// What is included from elsewhere, or generated, is a gap of the pipeline that includes it.
func TestIncludes(t *testing.T) {
	for _, test := range []struct {
		name, source, want string
	}{
		{"a file", "include: a.yml\n", ""},
		{"a project's", "include: {project: acme/ci, file: a.yml}\n", "from a project"},
		{"a component", "include: [{component: gitlab.example/acme/x@1}]\n", "from a component"},
		{"a template", "include: {template: Auto-DevOps.gitlab-ci.yml}\n", "from a template"},
		{"a template that scans", "include: {template: Jobs/SAST.gitlab-ci.yml}\n", ""},
		{"an address", "include: https://acme.example/ci.yml\n", "from elsewhere"},
		{"a name that is computed", "include: {local: ci/$WHERE.yml}\n", "computed"},
		{"a pipeline that is generated", "a: {trigger: {include: [{artifact: b.yml, job: c}]}}\n", "that a job generates"},
		{"another project's pipeline", "a: {trigger: acme/other}\n", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			pass := analyzers.NewPass("gitlabci", ".gitlab-ci.yml", []byte(test.source))
			if err := Analyzer.Run(pass); err != nil {
				t.Fatal(err)
			}
			index := graph.NewIndex()
			index.AddFile(pass.Path, true)
			index.AddFacts(pass.Facts)
			gaps := pass.Facts.Gaps
			for _, f := range join(index) {
				gaps = append(gaps, f.Gaps...)
			}
			if test.want == "" && len(gaps) > 0 || test.want != "" && (len(gaps) != 1 || !strings.Contains(gaps[0].Says, test.want)) {
				t.Errorf("gaps %v, want one that says %q", gaps, test.want)
			}
		})
	}
}

// FuzzRead reads a pipeline and puts it together.
func FuzzRead(f *testing.F) {
	f.Add([]byte("variables: {A: b}\n.a:\n  script: [x]\n  extends: .b\nc:\n  extends: .a\n  script:\n  - !reference [.a, script]\n  - echo A=$B >> x.env\n  artifacts: {reports: {dotenv: x.env}}\n  parallel: {matrix: [{A: [b, c]}]}\n  rules: [{if: '$A == \"staging\"', variables: {B: c}}]\n"))
	f.Add([]byte("spec: {inputs: {a: {default: b}}}\n---\ninclude: [{local: .gitlab-ci.yml, inputs: {a: c}}]\nx-$[[ inputs.a ]]:\n  trigger: {include: .gitlab-ci.yml}\n  inherit: {variables: [A]}\n  variables: {B: $[[ inputs.a ]]}\n"))
	f.Fuzz(analyzertest.Fuzz(Analyzer, ".gitlab-ci.yml"))
}

// TestBounds puts pipelines together that come to the product, or a power, of what they say.
func TestBounds(t *testing.T) {
	repeat := func(n int, line string) string {
		var b strings.Builder
		for i := range n {
			b.WriteString(strings.NewReplacer("#+", strconv.Itoa(i+1), "#", strconv.Itoa(i)).Replace(line))
		}
		return b.String()
	}
	for _, test := range []struct {
		name, source string
		gaps         int
	}{
		{"jobs with the pipeline's variables", "variables:\n" + repeat(1100, "  K#: v\n") + repeat(1100, "j#: {script: [x]}\n"), 1},
		{"jobs with variables beside the pipeline's", "variables:\n" + repeat(4000, "  K#: v\n") + "j:\n  script: [x]\n  variables:\n" + repeat(4000, "    L#: v\n"), 0},
		{"jobs after those that report", repeat(1100, "a#: {stage: build, script: [echo A=b >> x.env], artifacts: {reports: {dotenv: x.env}}}\nb#: {stage: deploy, script: [x]}\n"), 1},
		{"jobs that save what is in one cache", repeat(1100, "a#: {script: [echo A=b >> x.env], cache: {key: k, paths: [x.env], policy: push}}\n"), 1},
		{"jobs that extend two that extend one", repeat(1000, ".a#: {extends: [.b#, .c#]}\n.b#: {extends: .a#+, variables: {B: c}}\n.c#: {extends: .a#+}\n") + "j: {extends: .a0, script: [x]}\n", 0},
		{"a matrix", "j:\n  script: [x]\n  parallel:\n    matrix:\n" + "    - A: [" + repeat(10_000, "a#, ") + "]\n      B: [" + repeat(10_000, "b#, ") + "]\n", 0},
	} {
		pass := analyzers.NewPass("gitlabci", ".gitlab-ci.yml", []byte(test.source))
		if err := Analyzer.Run(pass); err != nil {
			t.Fatal(err)
		}
		index := graph.NewIndex()
		index.AddFile(pass.Path, true)
		index.AddFacts(pass.Facts)
		var gaps []analyzers.Gap
		steps := 0
		for _, f := range join(index) {
			gaps = append(gaps, f.Gaps...)
			for _, p := range f.Programs {
				steps += len(p.Steps)
			}
		}
		if steps > maxSteps+100_000 || min(len(gaps), 1) != test.gaps {
			t.Errorf("%s: %d steps, gaps %v", test.name, steps, gaps)
		}
	}
}
