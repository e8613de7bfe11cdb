package workflow

import (
	"fmt"
	"slices"
	"testing"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/analyzertest"
	"github.com/stagewall/stagewall/analyzers/graph"
	"github.com/stagewall/stagewall/analyzers/shell"
)

func TestCases(t *testing.T) {
	analyzertest.Run(t, "testdata/*.txtar", Analyzer, shell.Analyzer)
}

func TestGaps(t *testing.T) {
	tests := []struct {
		name, source string
		line         int // of the only gap; 0: there is none
	}{
		{"PowerShell", "on: push\njobs:\n  a:\n    runs-on: ${{ inputs.os }}\n    steps:\n      - run: |\n          If ($env:OS -eq 'w') {\n          }\n", 0},
		{"PowerShell's call", "on: push\njobs:\n  a:\n    runs-on: ${{ inputs.os }}\n    steps:\n      - run: |\n          & 'C:\\a b.exe' (1)\n          $n = 5\n", 0},
		{"broken", "on: push\njobs:\n  a: [\n", 3},
		{"all secrets", "on: push\njobs:\n  a:\n    env:\n      ALL: ${{ toJSON(secrets) }}\n", 5},
		{"one secret as JSON", "on: push\njobs:\n  a:\n    env:\n      ONE: ${{ toJSON(secrets.ONE) }}\n", 0},
		{"computed name", "on: push\njobs:\n  a:\n    env:\n      ONE: ${{ secrets[github.actor] }}\n", 5},
		{"literal name", "on: push\njobs:\n  a:\n    env:\n      ONE: ${{ secrets['ONE'] }}\n", 0},
		{"all secrets go away", "on: push\njobs:\n  a:\n    uses: acme/flows/.github/workflows/x.yml@v1\n    secrets: inherit\n", 5},
		{"all secrets stay", "on: push\njobs:\n  a:\n    uses: ./.github/workflows/x.yml\n    secrets: inherit\n", 0},
		{"computed runs", "on: push\njobs:\n  a:\n    strategy: {matrix: {env: '${{ fromJSON(vars.ALL) }}'}}\n    environment: ${{ matrix.env }}\n", 5},
		{"computed runs of a called workflow", "on: push\njobs:\n  a:\n    uses: ./.github/workflows/x.yml\n    strategy: {matrix: {env: '${{ fromJSON(needs.b.outputs.all) }}'}}\n    with: {environment: '${{ matrix.env }}', tag: '${{ matrix.env }}'}\n", 6},
		{"an environment that an action tells", "on: push\njobs:\n  a:\n    outputs: {env: '${{ steps.b.outputs.env }}'}\n    steps: [{id: b, uses: acme/tell@v1}]\n  c:\n    needs: a\n    environment: ${{ needs.a.outputs.env }}\n", 8},
		{"computed versions", "on: push\njobs:\n  a:\n    strategy: {matrix: {go: '${{ fromJSON(vars.ALL) }}'}}\n    environment: staging\n", 0},
		{"aliases", "on: &a [*a]\n", 1},
		{"no expression", "on: push\njobs:\n  a:\n    env:\n      A: ${{ ( }}\n", 0},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			pass := analyzers.NewPass("workflow", ".github/workflows/a.yml", []byte(test.source))
			if err := Analyzer.Run(pass); err != nil {
				t.Fatal(err)
			}
			var lines []int
			for _, g := range pass.Facts.Gaps {
				lines = append(lines, g.At.Line)
			}
			if test.line == 0 && len(lines) > 0 || test.line > 0 && (len(lines) != 1 || lines[0] != test.line) {
				t.Errorf("gaps in lines %v, want %d: %v", lines, test.line, pass.Facts.Gaps)
			}
		})
	}
}

// Signs say which value they are and where it comes from; what may be a credential is not repeated.
func TestSigns(t *testing.T) {
	head := "on: push\njobs:\n  a:\n    runs-on: x\n"
	tests := []struct{ name, source, says string }{
		{"key", head + "    environment: staging\n", "its key environment is staging"},
		{"choice of two", head + "    environment: ${{ github.ref == 'refs/heads/x' && 'prod' || 'stg' }}\n", "its key environment is prod or stg"},
		{"name", head + "    environment: ${{ vars.WHERE }}\n", "its key environment is ${{ vars.WHERE }}"},
		{"choice", head + "    environment: ${{ inputs.environment || 'integration' }}\n", "its key environment is ${{ inputs.environment || 'integration' }}"},
		{"computed", head + "    environment: x-${{ vars.WHERE }}\n", "its key environment is computed"},
		{"variable", head + "    env: {APP_ENV: staging}\n", "APP_ENV is staging"},
		{"a secret's text", head + "    env: {APP_ENV: 'postgres://a:b@staging'}\n", "APP_ENV is set here"},
		{"input", head + "    steps: [{uses: acme/a@v1, with: {deploy_env: staging}}]\n", "the input deploy_env of acme/a is staging"},
		{"input of ours", head + "    steps: [{uses: ./a, with: {deploy_env: staging}}]\n", "the input deploy_env is staging"},
		{"matrix", head + "    strategy: {matrix: {env: [dev, qa]}}\n", "matrix.env is dev or qa"},
		{"matrix of more", head + "    strategy: {matrix: {env: [dev, qa, team 1 of 22]}}\n", "matrix.env is dev or qa, or another"},
		{"condition or event", head + "    if: inputs.where == 'staging' || github.event_name == 'release'\n", "its condition is that inputs.where is staging"},
		{"condition", head + "    if: inputs.where == 'staging'\n", "its condition is that inputs.where is staging"},
		{"branch asked for", head + "    if: github.ref == 'refs/heads/develop'\n", "runs for branch develop"},
		{"branch", "on: {push: {branches: [develop]}}\njobs:\n  a: {runs-on: x}\n", "a push to branch develop starts it"},
		{"an agent's", "on: push\njobs:\n  copilot-setup-steps: {runs-on: x}\n", "it prepares the sessions of GitHub's coding agent"},
		{"called", "on: push\njobs:\n  a: {uses: ./.github/workflows/b.yml, with: {c: staging}}\n",
			"the workflow that it calls declares the environment by the input c, which is staging"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			pass := analyzers.NewPass("workflow", ".github/workflows/a.yml", []byte(test.source))
			if err := Analyzer.Run(pass); err != nil {
				t.Fatal(err)
			}
			var says []string
			for _, u := range pass.Facts.Units {
				for _, s := range u.Signs {
					says = append(says, s.Says)
				}
			}
			if !slices.Contains(says, test.says) {
				t.Errorf("%q, want %q", says, test.says)
			}
		})
	}
}

// A name that is computed from an input is known as far as callers are.
func TestQuestions(t *testing.T) {
	callee := "on: {workflow_call: {inputs: {a: {type: string}}}}\njobs:\n  b:\n    env:\n      C: ${{ secrets[inputs.a] }}\n"
	caller := "on: push\njobs:\n  a:\n    uses: ./.github/workflows/callee.yml\n    with: {a: %s}\n    secrets: inherit\n"
	tests := []struct {
		name, caller string
		gaps         int
	}{
		{"nobody calls", "", 1},
		{"a text", fmt.Sprintf(caller, "ONE"), 0},
		{"something", fmt.Sprintf(caller, "'${{ github.actor }}'"), 1},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			index := graph.NewIndex()
			for name, source := range map[string]string{"callee.yml": callee, "caller.yml": test.caller} {
				pass := analyzers.NewPass("workflow", ".github/workflows/"+name, []byte(source))
				if err := Analyzer.Run(pass); err != nil {
					t.Fatal(err)
				}
				index.AddFile(pass.Path, true)
				index.AddFacts(pass.Facts)
			}
			gaps := 0
			for _, f := range join(index) {
				gaps += len(f.Gaps)
			}
			if gaps != test.gaps {
				t.Errorf("%d gaps, want %d", gaps, test.gaps)
			}
		})
	}
}

func TestPlaces(t *testing.T) {
	source := "on: push\njobs:\n  a:\n    steps:\n    - uses: acme/b@v1\n      with:\n        c: d\n  e:\n    uses: ./.github/workflows/f.yml\n"
	pass := analyzers.NewPass("workflow", ".github/workflows/a.yml", []byte(source))
	if err := Analyzer.Run(pass); err != nil {
		t.Fatal(err)
	}
	want := map[string]int{"a": 3, "e": 8}
	for _, u := range pass.Facts.Units {
		if u.At.Line != want[u.Name] || u.At.Column != 3 || u.ID != ".github/workflows/a.yml#"+u.Name {
			t.Errorf("%s stands at %d:%d", u.ID, u.At.Line, u.At.Column)
		}
		delete(want, u.Name)
	}
	if len(want) > 0 {
		t.Errorf("no units for %v", want)
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte("on: push\njobs:\n  a:\n    environment: ${{ inputs.x && 'a' || 'b' }}\n    steps:\n    - run: |\n        echo ${{ secrets.A }} >> $GITHUB_ENV\n"))
	f.Add([]byte("runs:\n  using: composite\n  steps:\n  - uses: ./a\n    with: {a: '${{ format(''{0}'', env.B) }}'}\n"))
	f.Add([]byte("on: push\njobs:\n  a:\n    steps:\n    - id: b\n      uses: actions/github-script@v7\n      with: {script: \"const a = ['b'].filter(c); core.setOutput('d', JSON.stringify(x ? a : [{e: '${{ f }}'}]))\"}\n"))
	f.Fuzz(analyzertest.Fuzz(Analyzer, ".github/workflows/a.yml", "a/action.yml"))
}
