package azurepipelines

import (
	"strconv"
	"strings"
	"testing"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/analyzertest"
	"github.com/stagewall/stagewall/analyzers/dotenv"
	"github.com/stagewall/stagewall/analyzers/graph"
	"github.com/stagewall/stagewall/analyzers/shell"
)

func TestCases(t *testing.T) {
	analyzertest.Run(t, "testdata/*.txtar", Analyzer, shell.Analyzer, dotenv.Analyzer)
}

func FuzzRead(f *testing.F) {
	f.Add([]byte("variables: [{group: a}, {name: b, value: $(c)}, {template: d}]\nstages:\n- stage: e\n  condition: eq(variables.Build.SourceBranchName, \"f\")\n  jobs:\n  - {deployment: g, environment: {name: h}, strategy: {runOnce: {deploy: {steps: [{script: i $(j), env: {K: $(l)}}, {task: m@1, inputs: {n: $(o)}}]}}}}\n  - ${{ if p }}:\n    - {job: q, steps: [{pwsh: r}, {checkout: none}]}\n"))
	f.Add([]byte("parameters: [{name: a, type: object, default: [b, {c: d}]}, {name: e, values: [f, g]}]\nvariables: {'${{ if eq(parameters.e, \"f\") }}': {h: i}, '${{ else }}': {h: j}}\njobs:\n- ${{ each k in parameters.a }}:\n  - {job: '${{ k.c }}', environment: $(h), steps: [{template: azure-pipelines.yml, parameters: {a: [{script: l}]}}, '${{ parameters.a }}', {bash: 'echo \"##vso[task.setvariable variable=m]$(h)\"'}]}\n"))
	f.Fuzz(analyzertest.Fuzz(Analyzer, "azure-pipelines.yml"))
}

// TestBounds has jobs that are all given what the pipeline says, and a job of many steps that set variables for those behind them: both are followed up
// to a bound, and said to be.
func TestBounds(t *testing.T) {
	many := func(n int, line string) string {
		var b strings.Builder
		for i := range n {
			b.WriteString(strings.ReplaceAll(line, "#", strconv.Itoa(i)))
		}
		return b.String()
	}
	for name, source := range map[string]string{
		"variables": "variables:\n" + many(1000, "- {name: a#, value: b}\n") + "jobs:\n" + many(500, "- {job: c#, steps: [{script: d}]}\n"),
		"steps":     "steps:\n" + many(4000, "- script: echo \"##vso[task.setvariable variable=a#]b\"\n"),
	} {
		pass := analyzers.NewPass("azurepipelines", "azure-pipelines.yml", []byte(source))
		if err := Analyzer.Run(pass); err != nil {
			t.Fatal(err)
		}
		index := graph.NewIndex()
		index.AddFile(pass.Path, true)
		index.AddFacts(pass.Facts)
		steps, gaps := 0, 0
		for _, f := range join(index) {
			gaps += len(f.Gaps)
			for _, p := range f.Programs {
				steps += len(p.Steps)
			}
		}
		if steps > maxSets+20_000 || gaps != 1 {
			t.Errorf("%s: %d steps, %d gaps", name, steps, gaps)
		}
	}
}

// What is taken in from elsewhere, what is computed and what is too much is said.
func TestGaps(t *testing.T) {
	tests := []struct {
		name, source string
		says         string // by the only gap; "" for none
	}{
		{"another repository's", "extends: {template: a.yml@other}\n", "a.yml@other is not followed"},
		{"one that is not there", "steps: [{template: a.yml}]\n", "a.yml is not followed"},
		{"computed", "steps: [{template: '${{ variables.a }}.yml'}]\n", "is computed"},
		{"a loop", "steps: [{'${{ each a in variables.b }}': [{script: c}]}]\n", "goes over is not known"},
		{"itself", "steps: [{template: azure-pipelines.yml}]\n", "too many"},
		{"an environment", "jobs: [{deployment: a, environment: $(b), strategy: {runOnce: {deploy: {steps: [{script: c}]}}}}]\n", "environment is computed"},
		{"a group", "variables: [{group: 'a-${{ variables.b }}'}]\nsteps: [{script: c}]\n", "group of variables"},
		{"nothing", "variables: [{group: a}]\nsteps: [{script: c}]\n", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			pass := analyzers.NewPass("azurepipelines", "azure-pipelines.yml", []byte(test.source))
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
			if test.says == "" && len(gaps) > 0 || test.says != "" && (len(gaps) != 1 || !strings.Contains(gaps[0].Says, test.says)) {
				t.Errorf("gaps %v, want one that says %q", gaps, test.says)
			}
		})
	}
}
