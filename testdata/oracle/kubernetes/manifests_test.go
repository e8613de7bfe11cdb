package kubernetes

import (
	"fmt"
	"strings"
	"testing"
)

// TestManifests compares workloads with what Kubernetes gives them of the manifests that lie beside them.
func TestManifests(t *testing.T) {
	t.Parallel()
	n, found := rounds(20, 200), 0
	for i := range n {
		g := newGenerator(2, i)
		objects, units := g.manifests()
		d := scan(t, g.tree)
		c := cluster{objects}
		for j, o := range objects {
			if pod(o) == nil || !c.runs(o) {
				continue
			}
			want, got := c.given(o).tokensOf(g.tree), d.loaded(t, g.tree, units[j])
			for _, values := range want {
				found += len(values)
			}
			missing, surplus := want.difference(got), got.difference(want)
			if len(missing)+len(surplus) > 0 {
				t.Errorf("tree %d: %s\nmissing: %q\nsurplus: %q\ngaps: %v\n%s", i, units[j], missing, surplus, d.Gaps, g.tree)
			}
		}
	}
	t.Logf("%d tokens are given in %d trees", found, n)
}

// manifests writes objects for one or two namespaces, in files of some of them, and returns them with the ids of their units.
func (g *generator) manifests() (objects []object, units []string) {
	var files [][]any
	namespaces := some(g, "shop", "staging", "")
	if len(namespaces) > 1 {
		namespaces = []string{"shop", "staging"} // what has none lies beside
	}
	s := stores{[]string{"one", "two"}, []string{"three", "four"}}
	var all []object
	for _, namespace := range namespaces {
		for _, name := range s.secrets {
			all = append(all, g.secret(name, namespace))
		}
		for _, name := range s.configMaps {
			all = append(all, g.configMap(name, namespace))
		}
		for _, name := range []string{"app", "web"} {
			o := g.workload(name, namespace, s)
			g.repeat(o, s)
			all = append(all, o)
		}
	}
	g.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	seen := map[string]bool{}
	for len(all) > 0 {
		n := 1 + g.IntN(len(all))
		file := fmt.Sprintf("k8s/%c.yaml", 'a'+len(files))
		var documents []any
		for _, o := range all[:n] {
			name := at[string](o, "metadata", "name")
			id := fmt.Sprintf("unit:%s#%s/%s", file, at[string](o, "kind"), name)
			if seen[id] {
				id = fmt.Sprintf("unit:%s#%s/%s/%s", file, at[string](o, "kind"), at[string](o, "metadata", "namespace"), name)
			}
			seen[id] = true
			objects, units, documents = append(objects, o), append(units, id), append(documents, o)
		}
		files, all = append(files, documents), all[n:]
		switch g.IntN(4) {
		case 0:
			g.write(file, object{"apiVersion": "v1", "kind": "List", "items": documents})
		case 1:
			g.write(file, documents...)
			g.files[file] = "# made\n---\n" + strings.ReplaceAll(g.files[file], "---\n", "---\n# another\n")
		default:
			g.write(file, documents...)
		}
	}
	return objects, units
}

// repeat gives a container some entries of env again, of which the last one stays.
func (g *generator) repeat(o object, s stores) {
	for _, c := range list(pod(o), "containers") {
		if env := at[[]any](c, "env"); env != nil && g.chance(20) {
			c["env"] = append(env, g.env(s, 2)...)
		}
	}
}
