package kustomize

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/analyzertest"
	"github.com/stagewall/stagewall/analyzers/dotenv"
	"github.com/stagewall/stagewall/analyzers/graph"
	"github.com/stagewall/stagewall/analyzers/kube"
)

func TestCases(t *testing.T) {
	analyzertest.Run(t, "testdata/*.txtar", kube.Analyzer, Analyzer, dotenv.Analyzer)
}

// FuzzRead reads a kustomization and builds it.
func FuzzRead(f *testing.F) {
	f.Add([]byte("resources: [a.yaml]\npatches:\n- patch: |\n    apiVersion: v1\n    kind: Pod\n    spec: {containers: [{name: a}]}\nsecretGenerator: [{name: a, literals: [A=b], envs: [c.env]}]\n"))
	f.Add([]byte("resources: [a.yaml]\npatches:\n- target: {kind: Pod}\n  patch: |\n    - {op: add, path: /spec/containers/0/env/-, value: {name: A, value: b}}\n    - {op: remove, path: /data/C}\n"))
	f.Add([]byte("- {op: add, path: /spec/containers/0/envFrom/1, value: {secretRef: {name: a}}}\n"))
	f.Fuzz(analyzertest.Fuzz(Analyzer, "a/kustomization.yaml"))
}

// What changes what workloads are given and is not followed is a gap.
func TestGaps(t *testing.T) {
	const op = "patches: [{target: {kind: Deployment}, patch: '- {op: OP, path: PATH, value: VALUE}'}]"
	for _, test := range []struct{ name, source, want string }{
		{"an operation", "add /spec/template/spec/containers/0/env/-", ""},
		{"of a whole container", "add /spec/template/spec/containers/-", "not followed"},
		{"of a part of an entry", "replace /spec/template/spec/containers/0/env/0/valueFrom/secretKeyRef/name", "not followed"},
		{"of another field", "replace /spec/replicas", ""},
		{"a test", "test /spec/template/spec/containers/0/env/0/name", ""},
		{"labels", "patches: [{target: {labelSelector: a=b}, path: x.yaml}]", "by labels"},
		{"an expression", "patches: [{target: {name: 'a[bc]'}, path: x.yaml}]", "an expression"},
		{"any text", "patches: [{target: {name: '^(a.*|b)$'}, path: x.yaml}]", ""},
		{"replacements", "replacements: [{source: {kind: Secret}, targets: [{fieldPaths: ['spec.template.spec.containers.0.env.0.value']}]}]", "what replaces"},
		{"replacements of names", "replacements: [{source: {kind: Service}, targets: [{fieldPaths: [spec.serviceName]}]}]", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			source := test.source
			if does, place, ok := strings.Cut(source, " /"); ok {
				source = strings.NewReplacer("OP", does, "PATH", "/"+place, "VALUE", "{name: A, value: b}").Replace(op)
			}
			pass := analyzers.NewPass("kustomize", "kustomization.yaml", []byte(source))
			if err := Analyzer.Run(pass); err != nil {
				t.Fatal(err)
			}
			gaps := pass.Facts.Gaps
			if test.want == "" && len(gaps) > 0 || test.want != "" && (len(gaps) != 1 || !strings.Contains(gaps[0].Says, test.want)) {
				t.Errorf("gaps %v, want one that says %q", gaps, test.want)
			}
		})
	}
}

// TestBounds builds what comes to a power, or the product, of what files say: nothing else ends.
func TestBounds(t *testing.T) {
	repeat := func(n int, line string) string {
		var b strings.Builder
		for i := range n {
			b.WriteString(strings.ReplaceAll(line, "#", strconv.Itoa(i)))
		}
		return b.String()
	}
	deep := map[string]string{"k/20/kustomization.yaml": "resources: [../../d.yaml]\n", "d.yaml": "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\nspec: {template: {spec: {containers: [{name: c}]}}}\n"}
	for i := range 20 {
		deep[fmt.Sprintf("k/%d/kustomization.yaml", i)] = "resources: [" + repeat(9, fmt.Sprintf("../%d, ", i+1)) + "]\n"
	}
	deployments := repeat(1000, "---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a#}\nspec: {template: {spec: {containers: [{name: c}]}}}\n")
	patches := func(target string) string {
		return "resources: [d.yaml]\npatches:\n" + repeat(1000, "- target: {kind: Deployment, name: "+target+"}\n  patch: '[{op: add, path: /spec/template/spec/containers/0/env/-, value: {name: K, value: v}}]'\n")
	}
	for _, test := range []struct {
		name  string
		files map[string]string
		gaps  int
	}{
		{"bases of bases", deep, 1},
		{"patches of one each", map[string]string{"kustomization.yaml": patches("a#"), "d.yaml": deployments}, 0},
		{"patches of all", map[string]string{"kustomization.yaml": patches("a.*"), "d.yaml": deployments}, 1},
	} {
		index := graph.NewIndex()
		for name, data := range test.files {
			index.AddFile(name, true)
			for _, a := range []*analyzers.Analyzer{Analyzer, kube.Analyzer} {
				pass := analyzers.NewPass(a.Name, name, []byte(data))
				if err := a.Run(pass); err != nil {
					t.Fatal(err)
				}
				index.AddFacts(pass.Facts)
			}
		}
		gaps := 0
		for _, f := range join(index) {
			gaps += len(f.Gaps)
		}
		if gaps != test.gaps {
			t.Errorf("%s: %d gaps, want %d", test.name, gaps, test.gaps)
		}
	}
}
