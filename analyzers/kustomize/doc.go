// Package kustomize reads kustomizations: what they list, generate and patch, and builds every overlay.
//
// # Analyzer kustomize
//
// A kustomization that no other builds on is deployed. Each of its workloads is a unit, at its manifest, once for each such overlay:
// "base/deployment.yaml#Deployment/app@overlays/staging". The overlay's folder, its namespace, its labels and the prefix of its names
// are signs of the environment, and so is what Flux' kustomizations and Argo CD's applications say that have its folder deployed. What they have
// deployed without a kustomization are the manifests themselves, see analyzers/kube.
//
//	https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/
//
// What an overlay holds knows only itself: secrets and config maps that it lists or generates come before those of the same name
// elsewhere, and what lies in its folder but is not listed is not there. Generators take literals, files of variables and whole files,
// and merge with or replace those of their base. Patches that look like manifests are merged:
// containers by their names, their variables and mounts, and the volumes of pods, with the patch's in front, and what they say is replaced or deleted is not
// there any more. Of patches in JSON those operations are followed that change a container's variables or their sources, a key of a secret or a
// config map, or where a key of an ExternalSecret lies; others that change what a workload is given are gaps. A patch is for all workloads of its target's kind and name.
//
// # What is not seen
//
// Resources behind addresses, charts, and plugins. Patches whose target is chosen by labels or by an expression, and replacements of what
// workloads are given, are gaps.
package kustomize
