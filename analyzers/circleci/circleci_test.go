package circleci

import (
	"slices"
	"testing"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/analyzertest"
	"github.com/stagewall/stagewall/analyzers/shell"
)

func TestCases(t *testing.T) {
	analyzertest.Run(t, "testdata/*.txtar", Analyzer, shell.Analyzer)
}

func TestUnits(t *testing.T) {
	const head = "jobs:\n  a: {steps: [checkout]}\n  idle: {steps: [checkout]}\n"
	tests := []struct {
		name, source string
		units        []string // names and lines
		gaps         int
	}{
		{"approval", head + "workflows: {w: {jobs: [{hold: {type: approval}}, a]}}\n", []string{"a"}, 0},
		{"unknown job", head + "workflows: {w: {jobs: [a, b]}}\n", []string{"a"}, 0},
		{"twice", head + "workflows: {w: {jobs: [a, a]}}\n", []string{"w/a", "w/a-1"}, 0},
		{"twice in two", head + "workflows: {v: {jobs: [a]}, w: {jobs: [a, {a: {name: b}}]}}\n", []string{"v/a", "w/a", "b"}, 0},
		{"version among workflows", head + "workflows: {version: 2, w: {jobs: [a]}}\n", []string{"a"}, 0},
		{"nothing", "a: b\n", nil, 0},
		{"broken", "jobs: [\n", nil, 1},
		{"computed context", head + "workflows: {w: {jobs: [{a: {context: << pipeline.id >>}}]}}\n", []string{"a"}, 1},
		{"endless command", "commands: {c: {steps: [c]}}\njobs: {a: {steps: [c]}}\nworkflows: {w: {jobs: [a]}}\n", []string{"a"}, 1},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			pass := analyzers.NewPass("circleci", ".circleci/config.yml", []byte(test.source))
			if err := Analyzer.Run(pass); err != nil {
				t.Fatal(err)
			}
			var names []string
			for _, u := range pass.Facts.Units {
				names = append(names, u.Name)
			}
			if !slices.Equal(names, test.units) || len(pass.Facts.Gaps) != test.gaps {
				t.Errorf("units %q, want %q; gaps %v, want %d", names, test.units, pass.Facts.Gaps, test.gaps)
			}
		})
	}
}

// FuzzRead reads a configuration and what its jobs take from contexts.
func FuzzRead(f *testing.F) {
	f.Add([]byte("version: 2.1\nparameters: {e: {type: enum, enum: [dev, prod], default: dev}}\nexecutors: {x: {docker: [{image: i, environment: {A: b}}]}}\n" +
		"commands:\n  c:\n    parameters: {p: {type: string, default: q}, s: {type: steps, default: []}}\n    steps:\n    - run: echo \"export K=$<< parameters.p >>\" >> $BASH_ENV\n    - << parameters.s >>\n" +
		"jobs:\n  j:\n    executor: x\n    parameters: {e: {type: string}}\n    steps:\n    - checkout\n    - c: {p: R, s: [{run: 'cat \\<< E >> f'}]}\n    - when: {condition: {and: [{equal: [a, << parameters.e >>]}, {not: true}]}, steps: [checkout]}\n    - o/c: {a: $B}\n" +
		"workflows:\n  w:\n    when: {equal: [staging, << pipeline.git.branch >>]}\n    jobs:\n    - j: {e: << pipeline.parameters.e >>, context: [a, b], filters: {branches: {only: [/x/]}}}\n    - j: {name: k, matrix: {parameters: {e: [a, b]}}}\n"))
	f.Fuzz(analyzertest.Fuzz(Analyzer, ".circleci/config.yml"))
}
