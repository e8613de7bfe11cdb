package kube

import (
	"slices"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/yamltree"
	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/environ"
)

// harmless are the roles of a cluster that open nothing in its namespaces.
// https://kubernetes.io/docs/reference/access-authn-authz/rbac/#default-roles-and-role-bindings
var harmless = []string{"system:auth-delegator", "system:basic-user", "system:discovery", "system:public-info-viewer", "system:node-proxier"}

// roleBinding notes which service accounts a role takes beyond their namespaces: a binding of the cluster to all, one of another namespace
// to that one. https://kubernetes.io/docs/reference/access-authn-authz/rbac/#rolebinding-and-clusterrolebinding
func (o *object) roleBinding() {
	reaches := detectors.Unscoped
	own := o.root.Get("metadata", "namespace").Str()
	if o.kind == "RoleBinding" {
		reaches = environ.Value(own)
	}
	if reaches == 0 || slices.Contains(harmless, o.root.Get("roleRef", "name").Str()) {
		return
	}
	for _, subject := range o.root.Get("subjects").Items() {
		if account, namespace := boundAccount(subject); account != "" && (namespace != own || o.kind == "ClusterRoleBinding") {
			o.pass.Facts.Bindings = append(o.pass.Facts.Bindings, detectors.Binding{
				What: "service-account", Value: account, Environments: reaches, At: o.at(subject.Get("name")),
			})
		}
	}
}

// boundAccount returns the service account that a subject is, namespace/name; its name is a star for a group of all of a namespace, and
// for all of all the text is a star.
func boundAccount(subject *yamltree.Node) (account, namespace string) {
	name := subject.Get("name").Str()
	switch subject.Get("kind").Str() {
	case "ServiceAccount":
		namespace = subject.Get("namespace").Str()
		if namespace != "" && name != "" {
			return namespace + "/" + name, namespace
		}
	case "Group":
		if name == "system:serviceaccounts" {
			return "*", ""
		}
		if namespace, ok := strings.CutPrefix(name, "system:serviceaccounts:"); ok {
			return namespace + "/*", namespace
		}
	}
	return "", ""
}

// assumedBy is the annotation of a service account by which its pods have the temporary keys of a role
// (https://docs.aws.amazon.com/eks/latest/userguide/associate-service-account-role.html).
const assumedBy = "eks.amazonaws.com/role-arn"

// serviceAccount publishes the role that the pods of a service account assume.
func (o *object) serviceAccount() {
	role := o.root.Get("metadata", "annotations", assumedBy)
	if !strings.HasPrefix(role.Str(), "arn:") {
		return
	}
	h := analyzers.Hole{Space: roles, Store: roles, Name: role.Str()}
	o.publish("ServiceAccount", o.name, []analyzers.Step{set("AWS_SESSION_TOKEN", hole(o.at(role), h))})
}

// roles is the store of the roles that can be assumed, by their names.
const roles = "aws-role"
