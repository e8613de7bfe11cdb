package helm

import (
	"strings"
	"testing"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/analyzertest"
	"github.com/stagewall/stagewall/analyzers/graph"
)

func TestCases(t *testing.T) { analyzertest.Run(t, "testdata/*.txtar", Analyzer) }

func FuzzRead(f *testing.F) {
	f.Add([]byte("a: {b: [c, null]}\n"))
	f.Add([]byte("apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: a}\nspec: {source: {path: b, helm: {valueFiles: [c, $d/e], values: 'f: g', parameters: [{name: h, value: i}]}}}\n"))
	f.Add([]byte("apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nspec:\n  generators: [{matrix: {generators: [{git: {files: [{path: '**'}], directories: [{path: a}]}}, {list: {elements: [{b: c}]}}]}}]\n" +
		"  template: {metadata: {name: '{{b}}'}, spec: {source: {path: '{{path}}', helm: {valueFiles: ['{{x}}']}}}}\n"))
	f.Add([]byte("bases: [helmfile.yaml]\nenvironments: {staging: {values: [{a: b}, config.json]}}\n{{ range x }}\nreleases: [{name: c, chart: ./a, inherit: [{template: d}], values: [{{ .Values.a }}.yaml, e.gotmpl, {f: g}], set: [{name: h, value: i}]}]\n"))
	f.Fuzz(analyzertest.Fuzz(Analyzer, "a/Chart.yaml", "a/values-staging.yaml", "helmfile.yaml", "config.json"))
}

// What is too much to follow is said, and what is just not too much is followed whole.
func TestBounds(t *testing.T) {
	for _, test := range []struct {
		data string
		gaps int
	}{
		{strings.Repeat("- a\n", maxValues), 0},
		{strings.Repeat("- a\n", maxValues+1), 1},
		{strings.Repeat("[", maxDepth+1) + "a" + strings.Repeat("]", maxDepth+1), 1},
	} {
		pass := analyzers.NewPass("helm", "a/values.yaml", []byte(test.data))
		if err := Analyzer.Run(pass); err != nil {
			t.Fatal(err)
		}
		if len(pass.Facts.Gaps) != test.gaps {
			t.Errorf("%.20q: gaps %v, want %d", test.data, pass.Facts.Gaps, test.gaps)
		}
	}
}

// What the generators of a set ask elsewhere is a gap, and so is what they leave unknown of its applications.
func TestGenerators(t *testing.T) {
	const head, tail = "apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nspec:\n  generators: [", "]\n" +
		"  template: {metadata: {name: 'a-{{env}}'}, spec: {source: {path: chart}}}\n"
	for _, test := range []struct {
		name, generators string
		want             string
	}{
		{"a list", "{list: {elements: [{env: staging}]}}", ""},
		{"clusters", "{clusters: {}}", "asks"},
		{"a list that is computed", "{list: {elementsYaml: '{{x}}'}}", "are computed"},
		{"a template", "{list: {elements: [{env: staging}]}, template: {}}", "template of a generator"},
		{"a parameter that nobody gives", "{list: {elements: [{cluster: x}]}}", "deployed to is computed"},
		{"too many", "{list: {elements: [" + strings.Repeat("{env: staging},", maxSets+1) + "]}}", "too many"},
	} {
		t.Run(test.name, func(t *testing.T) {
			pass := analyzers.NewPass("helm", "a.yaml", []byte(head+test.generators+tail))
			if err := Analyzer.Run(pass); err != nil {
				t.Fatal(err)
			}
			index := graph.NewIndex()
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
