package kubernetes

import (
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"strings"

	"sigs.k8s.io/yaml"
)

// generator makes trees.
type generator struct {
	*rand.Rand
	*tree
	numbers int
}

// number returns another number each time.
func (g *generator) number() int {
	g.numbers++
	return g.numbers
}

func newGenerator(sort, number int) *generator {
	return &generator{rand.New(rand.NewPCG(*seed<<32+uint64(number), uint64(sort))), &tree{files: map[string]string{}, tokens: map[string]bool{}}, 0}
}

func (g *generator) chance(percent int) bool { return g.IntN(100) < percent }

func oneOf[T any](g *generator, all ...T) T { return all[g.IntN(len(all))] }

// some returns a few of them, at least one.
func some[T any](g *generator, all ...T) []T {
	g.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all[:1+g.IntN(len(all))]
}

// variables are the names of variables, and keys of secrets and config maps.
var variables = []string{"KEY_A", "KEY_B", "KEY_C", "KEY_D"}

func (g *generator) names() []string { return some(g, append([]string(nil), variables...)...) }

func (g *generator) name() string { return oneOf(g, variables...) }

// write adds a file of some documents.
func (g *generator) write(name string, documents ...any) {
	var all []string
	for _, d := range documents {
		text := marshal(d)
		if g.chance(10) { // JSON is YAML
			data, _ := yaml.YAMLToJSON([]byte(text))
			text = string(data) + "\n"
		}
		all = append(all, text)
	}
	g.files[name] = strings.Join(all, "---\n")
	if g.chance(5) {
		g.files[name] = strings.ReplaceAll(g.files[name], "\n", "\r\n")
	}
}

func marshal(v any) string {
	data, err := yaml.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(data)
}

// keys returns keys with tokens.
func (g *generator) keys() object {
	keys := object{}
	for _, name := range g.names() {
		keys[name] = g.token()
	}
	return keys
}

func meta(name, namespace string) object {
	m := object{"name": name}
	if namespace != "" {
		m["namespace"] = namespace
	}
	return m
}

// secret returns the manifest of a secret.
func (g *generator) secret(name, namespace string) object {
	o := object{"apiVersion": "v1", "kind": "Secret", "metadata": meta(name, namespace)}
	if g.chance(60) {
		o["stringData"] = g.keys()
	}
	if g.chance(60) || o["stringData"] == nil {
		data := g.keys()
		for key, v := range data {
			data[key] = base64.StdEncoding.EncodeToString([]byte(v.(string)))
		}
		o["data"] = data
	}
	return o
}

func (g *generator) configMap(name, namespace string) object {
	return object{"apiVersion": "v1", "kind": "ConfigMap", "metadata": meta(name, namespace), "data": g.keys()}
}

// stores are the secrets and config maps that are named, by kind.
type stores struct{ secrets, configMaps []string }

// entry returns an entry of env.
func (g *generator) entry(s stores) object {
	e := object{"name": g.name()}
	switch key := g.name(); g.IntN(9) {
	case 0, 1:
		e["value"] = g.token()
	case 2:
		e["value"] = oneOf(g, "$("+key+")", "https://x:$("+key+")@host", "$$("+key+")")
	case 3:
		if g.chance(30) {
			e["value"] = ""
		} else {
			e["value"] = "plain"
		}
	case 4, 5, 6:
		e["valueFrom"] = object{"secretKeyRef": g.ref(s.secrets, object{"key": key})}
	default:
		e["valueFrom"] = object{"configMapKeyRef": g.ref(s.configMaps, object{"key": key})}
	}
	return e
}

// ref adds to a reference one of the names, and perhaps that it is optional.
func (g *generator) ref(names []string, more object) object {
	more["name"] = oneOf(g, names...)
	if g.chance(80) {
		more["optional"] = true
	}
	return more
}

// env returns entries of env, each name once.
func (g *generator) env(s stores, most int) []any {
	var all []any
	seen := map[any]bool{}
	for range g.IntN(most + 1) {
		if e := g.entry(s); !seen[e["name"]] {
			seen[e["name"]] = true
			all = append(all, e)
		}
	}
	return all
}

// source returns an entry of envFrom.
func (g *generator) source(s stores) object {
	e := object{}
	if g.chance(60) {
		e["secretRef"] = g.ref(s.secrets, object{})
	} else {
		e["configMapRef"] = g.ref(s.configMaps, object{})
	}
	if g.chance(20) {
		e["prefix"] = fmt.Sprintf("P%d_", g.number()) // one stands for all of its names
	}
	return e
}

// sources returns an envFrom.
func (g *generator) sources(s stores) []any {
	var all []any
	for range g.IntN(3) {
		all = append(all, g.source(s))
	}
	return all
}

// container returns a container, with a volume if there is one that it may mount.
func (g *generator) container(name string, s stores, volumes []any) object {
	c := object{"name": name, "image": "acme/" + name + ":1"}
	if env := g.env(s, 4); env != nil {
		c["env"] = env
	}
	if from := g.sources(s); from != nil {
		c["envFrom"] = from
	}
	if len(volumes) > 0 && g.chance(60) {
		v := oneOf(g, volumes...).(object)
		c["volumeMounts"] = []any{object{"name": v["name"], "mountPath": "/" + v["name"].(string)}}
	}
	return c
}

// volume returns a volume of one sort.
func (g *generator) volume(name string, s stores) object {
	items := func(o object) object {
		if g.chance(40) {
			o["items"] = []any{object{"key": g.name(), "path": fmt.Sprint("file-", g.number())}}
			o["optional"] = true
		}
		return o
	}
	secret, configMap := oneOf(g, s.secrets...), oneOf(g, s.configMaps...)
	switch g.IntN(4) {
	case 0:
		return object{"name": name, "configMap": items(object{"name": configMap})}
	case 1:
		return object{"name": name, "projected": object{"sources": []any{
			object{"secret": items(object{"name": secret})}, object{"configMap": items(object{"name": configMap})}, object{"serviceAccountToken": object{"path": "token"}},
		}}}
	}
	return object{"name": name, "secret": items(object{"secretName": secret})}
}

// podSpec returns the specification of a pod.
func (g *generator) podSpec(name string, s stores) object {
	spec := object{}
	var volumes []any
	for i := range g.IntN(3) {
		volumes = append(volumes, g.volume(fmt.Sprintf("v%d", i), s))
	}
	if volumes != nil {
		spec["volumes"] = volumes
	}
	containers := []any{g.container(name, s, volumes)}
	if g.chance(40) {
		containers = append(containers, g.container("side", s, volumes))
	}
	if g.chance(25) {
		init := g.container("init", s, volumes)
		if g.chance(50) {
			init["restartPolicy"] = "Always"
		}
		spec["initContainers"] = []any{init}
	}
	spec["containers"] = containers
	if g.chance(15) {
		spec["imagePullSecrets"] = []any{object{"name": oneOf(g, s.secrets...)}}
	}
	return spec
}

// workload returns the manifest of a workload of some kind.
func (g *generator) workload(name, namespace string, s stores) object {
	kind := oneOf(g, "Deployment", "Deployment", "StatefulSet", "DaemonSet", "CronJob", "Job", "Pod")
	spec := g.podSpec(name, s)
	template := object{"metadata": object{"labels": object{"app": name}}, "spec": spec}
	o := object{"kind": kind, "metadata": meta(name, namespace)}
	switch kind {
	case "CronJob":
		o["apiVersion"], o["spec"] = "batch/v1", object{"schedule": "0 0 * * *", "jobTemplate": object{"spec": object{"template": template}}}
	case "Job":
		o["apiVersion"], o["spec"] = "batch/v1", object{"template": template}
	case "Pod":
		o["apiVersion"], o["spec"] = "v1", spec
	default:
		o["apiVersion"], o["spec"] = "apps/v1", object{"selector": object{"matchLabels": object{"app": name}}, "template": template}
	}
	return o
}
