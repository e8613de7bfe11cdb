package kubernetes

import (
	"fmt"
	"path"
	"slices"
	"strings"
	"testing"

	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/kyaml/filesys"
)

// TestKustomize compares overlays with what kustomize builds of them.
func TestKustomize(t *testing.T) {
	t.Parallel()
	n, built, gaps, found := rounds(20, 200), 0, 0, 0
	for i := range n {
		g := newGenerator(1, i)
		overlay := (&layers{generator: g}).overlays()
		objects, err := build(g.tree, overlay)
		if err != nil {
			continue // kustomize refuses it
		}
		built++
		d := scan(t, g.tree)
		c := cluster{objects}
		for _, o := range objects {
			if pod(o) == nil || !c.runs(o) {
				continue
			}
			name, kind := "app", at[string](o, "kind")
			if strings.Contains(at[string](o, "metadata", "name"), "web") { // with what layers put before and behind it
				name = "web"
			}
			unit := fmt.Sprintf("unit:base/%s.yaml#%s/%s@%s", name, kind, name, overlay)
			want, got := c.given(o).tokensOf(g.tree), d.loaded(t, g.tree, unit)
			missing, surplus := want.difference(got), got.difference(want)
			for _, values := range want {
				found += len(values)
			}
			if len(missing)+len(surplus) == 0 {
				continue
			}
			if len(d.Gaps) > 0 {
				gaps++
				continue
			}
			t.Errorf("tree %d: %s\nmissing: %q\nsurplus: %q\n%s", i, unit, missing, surplus, g.tree)
		}
	}
	t.Logf("%d of %d trees build, %d tokens are given, %d workloads differ with a gap", built, n, found, gaps)
	if built < n/2 {
		t.Errorf("only %d of %d trees build", built, n)
	}
}

// build returns what kustomize builds of a folder.
func build(made *tree, folder string) ([]object, error) {
	fs := filesys.MakeFsInMemory()
	for name, text := range made.files {
		if err := fs.WriteFile("/"+name, []byte(text)); err != nil {
			return nil, err
		}
	}
	resources, err := krusty.MakeKustomizer(krusty.MakeDefaultOptions()).Run(fs, "/"+folder)
	if err != nil {
		return nil, err
	}
	var all []object
	for _, r := range resources.Resources() {
		o, err := r.Map()
		if err != nil {
			return nil, err
		}
		all = append(all, o)
	}
	return all, nil
}

// layers makes kustomizations that build on each other.
type layers struct {
	*generator
	generated []string // by kind and name
	workloads []object
}

// layered are the secrets and config maps of all layers; those whose names are short are generated.
var layered = stores{[]string{"plain", "sec", "key"}, []string{"settings", "cfg"}}

// overlays makes a base, what lies between, and two overlays, and returns the folder of one of them.
func (l *layers) overlays() string {
	resources := []any{"stores.yaml"}
	for _, name := range some(l.generator, "app", "web") {
		w := l.workload(name, "", layered)
		l.workloads = append(l.workloads, w)
		l.write("base/"+name+".yaml", w)
		resources = append(resources, name+".yaml")
	}
	l.write("base/stores.yaml", l.secret("plain", ""), l.configMap("settings", ""))
	l.layer("base", object{"resources": resources}, false)
	below := "../../base"
	if l.chance(25) {
		l.layer("middle/one", object{"resources": []any{below}}, true)
		below = "../../middle/one"
	}
	staging := object{"resources": []any{below}}
	if l.chance(35) {
		component := object{"apiVersion": "kustomize.config.k8s.io/v1alpha1", "kind": "Component"}
		l.layer("components/extra", component, true)
		staging["components"] = []any{"../../components/extra"}
	}
	l.layer("overlays/staging", staging, true)
	l.write("overlays/production/kustomization.yaml", object{"resources": []any{below}, "secretGenerator": []any{
		object{"name": "own", "literals": []any{"KEY_A=" + l.token()}},
	}})
	return "overlays/staging"
}

// layer writes a kustomization, which patches what it builds on if there is anything.
func (l *layers) layer(folder string, k object, patches bool) {
	if k["kind"] == nil {
		k["apiVersion"], k["kind"] = "kustomize.config.k8s.io/v1beta1", "Kustomization"
	}
	set := func(percent int, key string, value any) {
		if l.chance(percent) {
			k[key] = value
		}
	}
	if k["kind"] != "Component" {
		set(10, "namePrefix", "p-")
		set(10, "nameSuffix", "-x")
		set(15, "namespace", "shop")
	}
	set(10, "images", []any{object{"name": "acme/app", "newTag": "2"}})
	set(15, "generatorOptions", object{"disableNameSuffixHash": true})
	l.generators(folder, k, "secretGenerator", "Secret", "sec", "key")
	l.generators(folder, k, "configMapGenerator", "ConfigMap", "cfg")
	if patches {
		l.patches(folder, k)
	}
	if l.chance(5) {
		k["replacements"] = []any{object{
			"source":  object{"kind": "Secret", "name": "plain", "fieldPath": "stringData." + l.name()},
			"targets": []any{object{"select": object{"kind": "Deployment"}, "fieldPaths": []any{"spec.template.spec.containers.[name=app].env.[name=" + l.name() + "].value"}}},
		}}
	}
	l.write(path.Join(folder, "kustomization.yaml"), k)
}

// generators adds generators of one kind, new ones and changes of those below.
func (l *layers) generators(folder string, k object, field, kind string, names ...string) {
	var all []any
	for _, name := range names {
		g := object{"name": name}
		if slices.Contains(l.generated, kind+"/"+name) {
			if l.chance(60) {
				continue
			}
			g["behavior"] = oneOf(l.generator, "merge", "replace")
		} else {
			l.generated = append(l.generated, kind+"/"+name)
			if l.chance(20) {
				g["behavior"] = "create"
			}
		}
		keys := l.names()
		var literals, files []any
		var lines []string
		for _, key := range keys {
			switch l.IntN(6) {
			case 0, 1:
				lines = append(lines, key+"="+l.token())
			case 2:
				file := strings.ToLower(key) + "-" + name
				l.files[path.Join(folder, file)] = oneOf(l.generator, "", "{\"a\": \"b\"}\n") + l.token() + "\n"
				files = append(files, key+"="+file)
			default:
				quote := oneOf(l.generator, "", "", `"`, "'")
				literals = append(literals, key+"="+quote+l.token()+quote)
			}
		}
		if literals != nil {
			g["literals"] = literals
		}
		if files != nil {
			g["files"] = files
		}
		if lines != nil {
			file := oneOf(l.generator, ".env", ".env.staging", name+".env")
			for l.files[path.Join(folder, file)] != "" {
				file += ".env"
			}
			l.files[path.Join(folder, file)] = "# keys\n" + strings.Join(lines, "\n") + "\n"
			if l.chance(20) {
				g["env"] = file
			} else {
				g["envs"] = []any{file}
			}
		}
		if l.chance(20) {
			g["options"] = object{"disableNameSuffixHash": l.chance(50)}
		}
		all = append(all, g)
	}
	if all != nil {
		k[field] = all
	}
}

// patches adds patches of all sorts.
func (l *layers) patches(folder string, k object) {
	var all []any
	add := func(target object, patch any) {
		p := object{}
		if target != nil {
			p["target"] = target
		}
		if l.chance(40) {
			file := fmt.Sprintf("patch-%d.yaml", len(all))
			l.write(path.Join(folder, file), patch)
			p["path"] = file
		} else {
			p["patch"] = marshal(patch)
		}
		all = append(all, p)
	}
	for _, w := range l.workloads {
		name, kind := at[string](w, "metadata", "name"), at[string](w, "kind")
		target := object{"kind": kind, "name": name}
		if l.chance(45) {
			own := object(nil)
			if l.chance(30) {
				own = target
			}
			add(own, l.strategic(w))
		}
		if l.chance(40) {
			var operations []any
			for range 1 + l.IntN(2) {
				operations = append(operations, l.operation(w))
			}
			add(oneOf(l.generator, target, target, object{"kind": kind}, object{"name": name}, object{"name": name + ".*"}), operations)
		}
	}
	if l.chance(20) {
		add(nil, object{"apiVersion": "v1", "kind": "Secret", "metadata": object{"name": "plain"}, "stringData": object{l.name(): l.token()}})
	}
	if l.chance(20) {
		data := object{l.name(): l.token()}
		if l.chance(30) {
			data[l.name()] = nil
		}
		add(nil, object{"apiVersion": "v1", "kind": "ConfigMap", "metadata": object{"name": "settings"}, "data": data})
	}
	if l.chance(10) {
		add(object{"kind": "ConfigMap", "name": "settings"}, []any{object{"op": oneOf(l.generator, "add", "replace"), "path": "/data/" + l.name(), "value": l.token()}})
	}
	if l.chance(10) {
		add(object{"kind": "ConfigMap"}, []any{object{"op": "remove", "path": "/data/" + l.name()}})
	}
	if all != nil {
		k["patches"] = all
	}
}

// place returns where a kind has the specification of its pods.
func place(kind string) []string {
	switch kind {
	case "CronJob":
		return []string{"spec", "jobTemplate", "spec", "template", "spec"}
	case "Pod":
		return []string{"spec"}
	}
	return []string{"spec", "template", "spec"}
}

// strategic returns a patch that is merged into a workload.
func (l *layers) strategic(w object) object {
	s := layered
	containers := list(pod(w), "containers")
	one := oneOf(l.generator, containers...)
	c := object{"name": one["name"]}
	switch l.IntN(10) {
	case 0:
		c = l.container("more", s, nil)
	case 1:
		if len(containers) > 1 {
			c["$patch"] = "delete"
		}
	case 2:
		c["envFrom"] = []any{l.source(s)}
	case 3:
		c["env"] = nil
	case 4:
		c["env"] = append([]any{object{"$patch": "replace"}}, l.env(s, 3)...)
	case 5:
		c["env"] = []any{object{"name": l.name(), "$patch": "delete"}, object{"name": "KEY_E", "value": l.token()}}
	default:
		c["env"] = append(l.env(s, 3), object{"name": "KEY_F", "value": l.token()})
	}
	spec := object{"containers": []any{c}}
	if l.chance(15) {
		spec["volumes"] = []any{object{"name": "v0", "secret": object{ // what is not said stays
			"secretName": oneOf(l.generator, s.secrets...), "items": []any{object{"key": l.name(), "path": "other"}}, "optional": true,
		}}}
	}
	patch := object{"apiVersion": w["apiVersion"], "kind": w["kind"], "metadata": object{"name": at[string](w, "metadata", "name")}}
	inner := patch
	keys := place(at[string](w, "kind"))
	for _, key := range keys[:len(keys)-1] {
		inner[key] = object{}
		inner = inner[key].(object)
	}
	inner[keys[len(keys)-1]] = spec
	return patch
}

// operation returns one of a patch in JSON.
func (l *layers) operation(w object) object {
	s := layered
	spec := pod(w)
	containers := list(spec, "containers")
	number := l.IntN(len(containers))
	at := "/" + strings.Join(place(at[string](w, "kind")), "/") + fmt.Sprintf("/containers/%d", number)
	env := list(containers[number], "env")
	entry := object{"value": l.token()}
	if l.chance(40) {
		entry = l.entry(s)
	}
	entry["name"] = fmt.Sprint("ADDED_", l.number()) // no name twice
	if len(env) == 0 {
		return object{"op": "add", "path": at + "/env", "value": []any{entry}}
	}
	i := l.IntN(len(env))
	switch l.IntN(9) {
	case 0:
		return object{"op": "remove", "path": fmt.Sprintf("%s/env/%d", at, i)}
	case 1:
		return object{"op": "replace", "path": fmt.Sprintf("%s/env/%d", at, i), "value": entry}
	case 2:
		return object{"op": "add", "path": fmt.Sprintf("%s/env/%d", at, i), "value": entry}
	case 3:
		return object{"op": "replace", "path": fmt.Sprintf("%s/env/%d/value", at, i), "value": l.token()}
	case 4:
		return object{"op": "replace", "path": at + "/env", "value": []any{entry}}
	case 5:
		return object{"op": "add", "path": at + "/envFrom", "value": []any{l.source(s)}}
	case 6:
		return object{"op": "remove", "path": at + "/env"}
	}
	return object{"op": "add", "path": at + "/env/-", "value": entry}
}
