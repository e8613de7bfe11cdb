package kubernetes

import (
	"encoding/base64"
	"regexp"
	"strings"
)

// object is a manifest, or a part of one.
type object = map[string]any

func at[T any](o object, keys ...string) T {
	var v any = o
	for _, key := range keys {
		inner, _ := v.(object)
		v = inner[key]
	}
	found, _ := v.(T)
	return found
}

func list(o object, keys ...string) []object {
	var all []object
	for _, item := range at[[]any](o, keys...) {
		if inner, ok := item.(object); ok {
			all = append(all, inner)
		}
	}
	return all
}

// pod returns the specification of a workload's pods, nil if the object runs none.
func pod(o object) object {
	for _, place := range [][]string{{"spec", "template", "spec"}, {"spec", "jobTemplate", "spec", "template", "spec"}, {"template", "spec"}, {"spec"}} {
		if spec := at[object](o, place...); len(list(spec, "containers")) > 0 {
			return spec
		}
	}
	return nil
}

// runs reports whether the API server takes a workload and its containers start: an entry has a name and one source, and what is needed is there.
func (c cluster) runs(o object) bool {
	spec, namespace := pod(o), at[string](o, "metadata", "namespace")
	volumes := map[any]bool{}
	for _, v := range list(spec, "volumes") {
		volumes[v["name"]] = true
		if len(v) != 2 {
			return false
		}
	}
	needs := func(kind string, ref object, key string) bool {
		keys, found := c.data(kind, namespace, at[string](ref, "name"))
		if key != "" {
			_, found = keys[key]
		}
		return ref == nil || found || at[bool](ref, "optional")
	}
	for _, field := range []string{"initContainers", "containers"} {
		for _, container := range list(spec, field) {
			for _, entry := range list(container, "env") {
				secret, configMap := at[object](entry, "valueFrom", "secretKeyRef"), at[object](entry, "valueFrom", "configMapKeyRef")
				if at[string](entry, "name") == "" || secret != nil && configMap != nil || at[string](entry, "value") != "" && entry["valueFrom"] != nil ||
					!needs("Secret", secret, at[string](secret, "key")) || !needs("ConfigMap", configMap, at[string](configMap, "key")) {
					return false
				}
			}
			for _, source := range list(container, "envFrom") {
				if !needs("Secret", at[object](source, "secretRef"), "") || !needs("ConfigMap", at[object](source, "configMapRef"), "") {
					return false
				}
			}
			for _, mount := range list(container, "volumeMounts") {
				if !volumes[mount["name"]] {
					return false
				}
			}
		}
	}
	return true
}

// gets is what a workload gets: by the name of a variable, or the path of a file, which values.
type gets map[string]map[string]bool

func (g gets) add(name, value string) {
	if g[name] == nil {
		g[name] = map[string]bool{}
	}
	g[name][value] = true
}

// cluster holds the objects that are applied.
type cluster struct{ objects []object }

// data returns the keys of a secret or a config map, and false if there is none.
func (c cluster) data(kind, namespace, name string) (map[string]string, bool) {
	for _, o := range c.objects {
		if at[string](o, "kind") != kind || at[string](o, "metadata", "name") != name || at[string](o, "metadata", "namespace") != namespace {
			continue
		}
		keys := map[string]string{}
		for _, field := range []string{"data", "stringData"} { // the second beats the first
			for key, v := range at[object](o, field) {
				text, _ := v.(string)
				if field == "data" && kind == "Secret" {
					plain, _ := base64.StdEncoding.DecodeString(text)
					text = string(plain)
				}
				keys[key] = text
			}
		}
		return keys, true
	}
	return nil, false
}

// given returns what the containers of a workload are given: env beats envFrom, what comes later beats what comes before, and what is missing
// and optional is as if it did not stand there. https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#environment-variables
func (c cluster) given(o object) gets {
	all := gets{}
	spec, namespace := pod(o), at[string](o, "metadata", "namespace")
	volumes := map[string]object{}
	for _, v := range list(spec, "volumes") {
		volumes[at[string](v, "name")] = v
	}
	for _, from := range list(spec, "imagePullSecrets") {
		keys, _ := c.data("Secret", namespace, at[string](from, "name"))
		for _, value := range keys {
			all.add("imagePullSecrets", value)
		}
	}
	for _, field := range []string{"initContainers", "containers", "ephemeralContainers"} {
		for _, container := range list(spec, field) {
			for name, value := range c.environment(container, namespace) {
				all.add(name, value)
			}
			for _, mount := range list(container, "volumeMounts") {
				c.mounted(all, volumes[at[string](mount, "name")], namespace)
			}
		}
	}
	return all
}

func (c cluster) environment(container object, namespace string) map[string]string {
	env := map[string]string{}
	for _, source := range list(container, "envFrom") {
		for field, kind := range map[string]string{"configMapRef": "ConfigMap", "secretRef": "Secret"} {
			keys, _ := c.data(kind, namespace, at[string](source, field, "name"))
			for key, value := range keys {
				env[at[string](source, "prefix")+key] = value
			}
		}
	}
	for _, entry := range list(container, "env") {
		name, value := at[string](entry, "name"), at[string](entry, "value")
		missing := false
		if value == "" {
			for field, kind := range map[string]string{"configMapKeyRef": "ConfigMap", "secretKeyRef": "Secret"} {
				if ref := at[object](entry, "valueFrom", field); ref != nil {
					keys, _ := c.data(kind, namespace, at[string](ref, "name"))
					found, ok := keys[at[string](ref, "key")]
					value, missing = found, !ok
				}
			}
		}
		if !missing {
			env[name] = expand(value, env)
		}
	}
	return env
}

var variable = regexp.MustCompile(`\$?\$\(([-._a-zA-Z][-._a-zA-Z0-9]*)\)`)

// expand puts variables in that are set before: https://kubernetes.io/docs/tasks/inject-data-application/define-interdependent-environment-variables/
func expand(text string, env map[string]string) string {
	return variable.ReplaceAllStringFunc(text, func(found string) string {
		if strings.HasPrefix(found, "$$") {
			return found[1:]
		}
		if value, ok := env[found[2:len(found)-1]]; ok {
			return value
		}
		return found
	})
}

// mounted adds the files of a volume of secrets or config maps. Items choose keys.
func (c cluster) mounted(all gets, volume object, namespace string) {
	for _, source := range append(list(volume, "projected", "sources"), volume) {
		for field, kind := range map[string]string{"configMap": "ConfigMap", "secret": "Secret"} {
			from := at[object](source, field)
			name := at[string](from, "secretName") + at[string](from, "name")
			keys, _ := c.data(kind, namespace, name)
			chosen := map[string]bool{}
			for _, item := range list(from, "items") {
				chosen[at[string](item, "key")] = true
			}
			for key, value := range keys {
				if len(chosen) == 0 || chosen[key] {
					all.add("a file", value)
				}
			}
		}
	}
}
