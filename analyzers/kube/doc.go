// Package kube reads Kubernetes manifests.
//
// # Analyzer kube
//
// A workload is a unit, at its name, and a program; each of its containers is a process of its own. A container is given the keys of
// secrets and config maps that it names, the whole of those in envFrom, and those in the volumes that it mounts. `env` beats `envFrom`,
// a later source beats an earlier one, the last of two entries with one name stays.
//
//	https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/
//	https://kubernetes.io/docs/concepts/configuration/secret/
//
// Secrets and config maps are programs that the whole repository knows, "@kube/Secret/NAMESPACE/NAME". The same name in another
// namespace is another secret. A manifest without a namespace goes where its caller sends it, with what lies in its folder: its
// namespace is its folder, "./FOLDER". A workload with a namespace finds a secret without one in its own folder, if there is no other.
// One namespace's name can be in several clusters: where the paths of manifests name environments, each has its own, and what lies in
// a folder for none is in all of them.
//
// A secret that no manifest defines is a reference: the key of a secret in the store "kubernetes", whose scope is namespace and
// name; the key "*" is all of them. A sealed or encrypted secret is one too. An ExternalSecret and a SecretProviderClass make secrets
// out of references to other stores. Whom a service account is annotated with is one in the store "aws-role" or "gcp-service-account", and its
// pods have it (https://docs.aws.amazon.com/eks/latest/userguide/iam-roles-for-service-accounts.html). What Vault's agent puts into a pod by its
// annotations is one in the store "vault".
//
// # Environments
//
// A label that is made to say the environment declares it; the namespace and variables that select one come next, then the
// workload's name.
//
// # What is not seen
//
// Which image a container runs, and what its files hold. Custom resources without a pod's template are ignored. Charts' templates are
// no manifests yet; they are not read here.
package kube
