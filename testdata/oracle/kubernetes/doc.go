// Package kubernetes compares what a scan says that workloads are loaded with to what they are given where the manifests are applied.
//
// Trees of files are made at random, in which every value is a token of its own. What the API server would be sent of them is their manifests, or
// what kustomize's own library builds; what a container is given of that, [given] resolves by the documentation of Kubernetes. A scan of the
// same tree must say of each workload that it gets the same tokens, under the same names of variables. Where it says that there is a gap, it may
// say less or more.
//
// The module is apart so that kustomize, with all that it links, is no dependency of the tool.
package kubernetes
