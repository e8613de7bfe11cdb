package kube_test

import (
	"testing"

	"github.com/stagewall/stagewall/analyzers/analyzertest"
	"github.com/stagewall/stagewall/analyzers/kube"
)

func TestRoleBindings(t *testing.T) {
	const head = "apiVersion: rbac.authorization.k8s.io/v1\n"
	for _, test := range []struct{ name, src, want string }{
		{"the cluster's", head + "kind: ClusterRoleBinding\nmetadata: {name: a}\nroleRef: {kind: ClusterRole, name: view}\nsubjects:\n- {kind: ServiceAccount, name: ci, namespace: staging}\n- {kind: User, name: jo}\n",
			"6 service-account staging/ci production, staging, development, test, preview"},
		{"one that opens nothing", head + "kind: ClusterRoleBinding\nmetadata: {name: a}\nroleRef: {kind: ClusterRole, name: 'system:auth-delegator'}\nsubjects:\n- {kind: ServiceAccount, name: ci, namespace: staging}\n", ""},
		{"another namespace's", head + "kind: RoleBinding\nmetadata: {name: a, namespace: production}\nroleRef: {kind: Role, name: x}\nsubjects:\n- {kind: ServiceAccount, name: ci, namespace: staging}\n",
			"6 service-account staging/ci production"},
		{"its own namespace's", head + "kind: RoleBinding\nmetadata: {name: a, namespace: staging}\nroleRef: {kind: Role, name: x}\nsubjects:\n- {kind: ServiceAccount, name: ci, namespace: staging}\n", ""},
		{"all of a namespace", head + "kind: ClusterRoleBinding\nmetadata: {name: a}\nroleRef: {kind: ClusterRole, name: view}\nsubjects:\n- {kind: Group, name: 'system:serviceaccounts:staging'}\n",
			"6 service-account staging/* production, staging, development, test, preview"},
	} {
		if got := analyzertest.Rows(t, kube.Analyzer, "rbac.yaml", test.src); got != test.want {
			t.Errorf("%s: %s, want %s", test.name, got, test.want)
		}
	}
}
