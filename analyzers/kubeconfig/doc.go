// Package kubeconfig reads the files by which people and jobs log in to clusters, as far as they say which cluster is an environment's.
//
// # Analyzer kubeconfig
//
// kubeconfig: the servers of the clusters that contexts are named for
//
// A context joins a cluster, a user and a namespace under a name. The server of the cluster of a context that is named after an
// environment, or whose cluster is, belongs to that environment. Credentials in the file are the detectors' matter.
//
// https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/
package kubeconfig
