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
				What: "service-account", Value: account, Environments: reaches, At: o.at(subject.Get("name")), Allows: looks(o.root.Get("roleRef")),
			})
		}
	}
}

// looks returns detectors.Read if a role is the one of clusters that only lets look, which leaves secrets out, and 0 for any other.
// https://kubernetes.io/docs/reference/access-authn-authz/rbac/#user-facing-roles
func looks(role *yamltree.Node) detectors.Privilege {
	if role.Get("kind").Str() == "ClusterRole" && role.Get("name").Str() == "view" {
		return detectors.Read
	}
	return 0
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

// assumedBy are the annotations of a service account by which its pods have the temporary credentials of somebody in a cloud, with the mark
// that all names of such have, the store of the references to them, and the variable by which programs have the credentials.
//
//	https://docs.aws.amazon.com/eks/latest/userguide/associate-service-account-role.html
//	https://cloud.google.com/kubernetes-engine/docs/how-to/workload-identity#kubernetes-sa-to-iam
var assumedBy = []struct{ annotation, mark, store, variable string }{
	{"eks.amazonaws.com/role-arn", ":role/", detectors.AssumedRole, "AWS_SESSION_TOKEN"},
	{"iam.gke.io/gcp-service-account", "@", detectors.ServiceAccount, "GOOGLE_APPLICATION_CREDENTIALS"},
}

// serviceAccount publishes whom the pods of a service account assume to be.
func (o *object) serviceAccount() {
	for _, by := range assumedBy {
		name := o.root.Get("metadata", "annotations", by.annotation)
		if !strings.Contains(name.Str(), by.mark) || strings.ContainsAny(name.Str(), "{$") {
			continue
		}
		h := analyzers.Hole{Space: by.store, Store: by.store, Name: name.Str()}
		o.publish("ServiceAccount", o.name, []analyzers.Step{set(by.variable, hole(o.at(name), h))})
	}
}
