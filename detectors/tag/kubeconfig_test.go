package tag

import (
	"slices"
	"strings"
	"testing"

	"github.com/stagewall/stagewall/detectors"
)

// A user of a kubeconfig logs in to the clusters of the contexts that name it: https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/
func TestKubeconfigHosts(t *testing.T) {
	const clusters = "kind: Config\nclusters:\n- name: p\n  cluster:\n    server: https://k8s.prod.acme.example:6443\n- name: s\n  cluster: {server: 'https://k8s.staging.acme.example'}\n"
	const users = "users:\n- name: u\n  user:\n    token: @\n- name: v\n  user:\n    token: other\n"
	tests := []struct {
		name, text string
		want       string
	}{
		{"by its context", clusters + users + "contexts:\n- context: {cluster: s, user: u}\n- context: {cluster: p, user: v}\n", "k8s.staging.acme.example"},
		{"by several contexts", clusters + users + "contexts:\n- context: {cluster: s, user: u}\n- context: {cluster: p, user: u}\n", "k8s.prod.acme.example k8s.staging.acme.example"},
		{"without a context", clusters + users, ""},
		{"a context of no cluster", clusters + users + "contexts:\n- context: {cluster: x, user: u}\n", ""},
		{"another's file", strings.ReplaceAll(clusters, "clusters:", "machines:") + users + "contexts:\n- context: {cluster: s, user: u}\n", ""},
		{"does not parse", clusters + users + "contexts: [\n", ""},
	}
	for _, test := range tests {
		if o := look(t, "kubeconfig", test.text); strings.Join(o.Hosts, " ") != test.want {
			t.Errorf("%s: %q, want %q", test.name, o.Hosts, test.want)
		}
	}
}

func FuzzKubeconfig(f *testing.F) {
	f.Add("clusters:\n- name: s\n  cluster: {server: 'https://a.example'}\nusers:\n- name: u\n  user: {token: x}\ncontexts:\n- context: {cluster: s, user: u}\n")
	f.Fuzz(func(t *testing.T, data string) {
		at := max(0, strings.Index(data, "token"))
		hosts := new(Knowledge).File("kubeconfig", []byte(data), 0).at(detectors.Span{Start: at, End: at + 1}).servers()
		if slices.Contains(hosts, "") {
			t.Errorf("an empty host in %q", hosts)
		}
	})
}
