package kubeconfig_test

import (
	"testing"

	"github.com/stagewall/stagewall/analyzers/analyzertest"
	"github.com/stagewall/stagewall/analyzers/kubeconfig"
)

func TestRows(t *testing.T) {
	analyzertest.RunRows(t, kubeconfig.Analyzer, []analyzertest.Row{
		{"ops/kubeconfig", `apiVersion: v1
kind: Config
clusters:
- name: one
  cluster: {server: "https://1a2b.eks.example:443"}
- name: gke_acme_eu_prod
  cluster: {server: "https://203.0.113.9"}
- name: local
  cluster: {server: "https://127.0.0.1:6443"}
contexts:
- name: staging
  context: {cluster: one, user: a}
- name: mine
  context: {cluster: two, user: a}
`, "5 host 1a2b.eks.example staging\n7 host 203.0.113.9 production"},
		{"ops/kubeconfig", "clusters: [{name: a, cluster: {server: \"https://a.example\"}}]\ncontexts: []\n", "1 host a.example unknown"},
		{"ops/kubeconfig", "contexts: {a: [", ""},
	})
}

func FuzzRun(f *testing.F) {
	for _, src := range []string{"clusters: [{name: a, cluster: {server: b}}]\ncontexts: [{name: staging, context: {cluster: a}}]"} {
		f.Add([]byte(src))
	}
	f.Fuzz(analyzertest.Fuzz(kubeconfig.Analyzer, "kubeconfig"))
}
