package kube

import (
	"cmp"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/code"
	"github.com/stagewall/stagewall/analyzers/internal/lazyregexp"
	"github.com/stagewall/stagewall/analyzers/internal/yamltree"
	"github.com/stagewall/stagewall/analyzers/interpolate"
	"github.com/stagewall/stagewall/analyzers/shell"
	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/environ"
)

// templates are the places at which workloads hold the specification of their pods.
var templates = [][]string{
	{"spec"},                     // Pod
	{"template", "spec"},         // PodTemplate
	{"spec", "template", "spec"}, // Deployment, StatefulSet, DaemonSet, ReplicaSet, Job, Rollout, Knative's Service
	{"spec", "jobTemplate", "spec", "template", "spec"}, // CronJob
	{"spec", "jobTargetRef", "template", "spec"},        // KEDA's ScaledJob
	{"spec", "podTemplate", "spec"},
}

// workload reads an object that runs containers, if it is one.
func (o *object) workload() {
	for _, place := range templates {
		pod := o.root.Get(place...)
		none := len(containers(pod)) == 0
		if none && len(pod.Get("volumes").Items()) == 0 {
			continue
		}
		name, template := o.unique(o.kind+"/"+o.name), o.root.Get(place[:len(place)-1]...)
		o.program(name, append(o.pod(pod), o.injected(template.Get("metadata", "annotations"))...))
		if volumes := o.volumes(pod); len(volumes) > 0 {
			o.program(volumesOf+name, volumes)
		}
		signs := o.signs(pod, template)
		if none || o.isPatch(pod) {
			o.program(patchSigns+name, signs)
		} else {
			o.program(signsOf+name, signs)
		}
		return
	}
}

// injected returns the sets of what the agent of Vault puts into files of the pod, by its annotations: each names a secret.
// https://developer.hashicorp.com/vault/docs/platform/k8s/injector/annotations
func (o *object) injected(annotations *yamltree.Node) []analyzers.Step {
	var steps []analyzers.Step
	for key, secret := range annotations.Pairs() {
		file, ok := strings.CutPrefix(key.Str(), "vault.hashicorp.com/agent-inject-secret-")
		if !ok || secret.Str() == "" || strings.ContainsAny(secret.Str(), "{$") {
			continue
		}
		h := analyzers.Hole{Space: detectors.Vault, Store: detectors.Vault, Name: secret.Str()}
		steps = append(steps, set("/vault/secrets/"+file, hole(o.at(secret), h)))
	}
	return steps
}

// decryption reads a kustomization of Flux that has what it deploys decrypted by SOPS, with the keys in a secret of its namespace.
// https://fluxcd.io/flux/components/kustomize/kustomizations/#decryption
func (o *object) decryption() {
	named := o.root.Get("spec", "decryption", "secretRef", "name")
	if named.Str() == "" || !strings.HasPrefix(o.root.Get("apiVersion").Str(), "kustomize.toolkit.fluxcd.io/") {
		return
	}
	key, variable := "age.agekey", "SOPS_AGE_KEY"
	if name := strings.ToLower(named.Str()); strings.Contains(name, "gpg") || strings.Contains(name, "pgp") {
		key, variable = "sops.asc", "PGP_PRIVATE_KEY" // nothing but the name says of what sort the keys are
	}
	name := o.unique(o.kind + "/" + o.name)
	v := o.key("Secret", named.Str(), key, named)
	decrypts := analyzers.Step{
		Op: analyzers.OpUse, At: v.At, Value: v, Sink: &detectors.Sink{Tool: "sops", Variable: variable}, Says: "has what it deploys decrypted",
	}
	o.program(name, []analyzers.Step{o.clusters(), set(variable, v), decrypts})
	o.program(signsOf+name, o.signs(nil, nil))
}

// maxValues bounds the values of a release that are looked at.
const maxValues = 10_000

// release reads a release of a chart, which is given values (https://fluxcd.io/flux/components/helm/helmreleases/).
func (o *object) release() {
	name := o.unique(o.kind + "/" + o.name)
	steps := []analyzers.Step{o.clusters()}
	for _, from := range o.root.Get("spec", "valuesFrom").Items() {
		kind, named := from.Get("kind").Str(), from.Get("name")
		if named.Str() == "" || kind != "Secret" && kind != "ConfigMap" {
			continue
		}
		v := o.whole(kind, named.Str(), named)
		if key := from.Get("valuesKey"); key.Str() != "" {
			v = o.key(kind, named.Str(), key.Str(), key)
		}
		steps = append(steps, set("values of "+named.Str(), v))
	}
	steps = append(steps, o.values("values", o.root.Get("spec", "values"))...)
	o.program(name, steps)
	o.program(signsOf+name, o.signs(nil, nil))
}

// values returns a set for every scalar of a tree.
func (o *object) values(name string, n *yamltree.Node) []analyzers.Step {
	if n == nil || o.seen > maxValues {
		return nil
	}
	if o.seen++; o.seen > maxValues {
		o.pass.Gap(o.at(n), "the values of the release are too many to follow; what the rest of them give it is not known")
		return nil
	}
	if n.Kind == yamltree.Scalar {
		return []analyzers.Step{set(name, o.scalar(n))}
	}
	steps := o.named(name, n)
	for key, v := range n.Pairs() {
		steps = append(steps, o.values(name+"."+key.Str(), v)...)
	}
	for i, v := range n.Items() {
		steps = append(steps, o.values(name+"."+strconv.Itoa(i), v)...)
	}
	return steps
}

// named returns a set for each secret and config map that a mapping names by the fields that containers have.
func (o *object) named(name string, n *yamltree.Node) []analyzers.Step {
	var steps []analyzers.Step
	for _, ref := range []struct{ field, kind string }{
		{"secretRef", "Secret"}, {"secretKeyRef", "Secret"}, {"configMapRef", "ConfigMap"}, {"configMapKeyRef", "ConfigMap"},
	} {
		named, key := n.Get(ref.field, "name"), n.Get(ref.field, "key")
		switch {
		case named.Str() == "":
		case key.Str() != "":
			steps = append(steps, set(name+"."+ref.field, o.key(ref.kind, o.released(named.Str()), key.Str(), key)))
		default:
			steps = append(steps, set(name+"."+ref.field, o.whole(ref.kind, o.released(named.Str()), named)))
		}
	}
	return steps
}

// releaseName is how a chart's templates, and values that it takes for such, call the release: https://helm.sh/docs/chart_template_guide/builtin_objects/
var releaseName = lazyregexp.New(`\{\{-?\s*\.Release\.Name\s*-?\}\}`)

// released returns a text of a release's values with the release's name put in.
// https://fluxcd.io/flux/components/helm/helmreleases/#release-name
func (o *object) released(text string) string {
	if !strings.Contains(text, "{{") {
		return text
	}
	name := o.name
	if target := o.root.Get("spec", "targetNamespace").Str(); target != "" {
		name = target + "-" + name
	}
	name = cmp.Or(o.root.Get("spec", "releaseName").Str(), name)
	return releaseName.ReplaceAllString(text, strings.ReplaceAll(name, "$", "$$"))
}

func (o *object) program(name string, steps []analyzers.Step) {
	o.pass.Facts.Programs = append(o.pass.Facts.Programs, analyzers.Program{Name: name, At: o.place(), Steps: steps})
}

// unique returns the name of the workload in the file: one that is there twice, in two namespaces, has the second's before its name.
func (o *object) unique(name string) string {
	if !o.units[name] {
		o.units[name] = true
		return name
	}
	return o.kind + "/" + o.namespace + "/" + o.name
}

// isPatch reports whether the object is only a part of one, to be merged into another: it lies where patches lie, no container has an
// image, and what its kind cannot be without is missing.
func (o *object) isPatch(pod *yamltree.Node) bool {
	if !liesAmongPatches.MatchString(o.pass.Path) {
		return false
	}
	switch o.kind {
	case "Pod":
		return false
	case "Job":
	case "CronJob":
		if o.root.Get("spec", "schedule") != nil {
			return false
		}
	default:
		if o.root.Get("spec", "selector") != nil {
			return false
		}
	}
	return !slices.ContainsFunc(containers(pod), func(c *yamltree.Node) bool { return c.Get("image").Str() != "" })
}

var liesAmongPatches = lazyregexp.New(`(?i)patch[^/]*$|(^|/)(overlays|patches|components|environments)/`)

// Lists are those that a pod has its containers in.
var Lists = []string{"initContainers", "containers", "ephemeralContainers"}

func containers(pod *yamltree.Node) []*yamltree.Node {
	var all []*yamltree.Node
	for _, list := range Lists {
		all = append(all, pod.Get(list).Items()...)
	}
	return all
}

// signs returns what the workload says of its environment. template is what the pod's specification stands in: it has labels too.
func (o *object) signs(pod, template *yamltree.Node) []analyzers.Step {
	var steps []analyzers.Step
	for _, metadata := range []*yamltree.Node{o.root.Get("metadata"), template.Get("metadata")} {
		steps = append(steps, o.labels(metadata)...)
	}
	if n := o.root.Get("metadata", "namespace"); n.Str() != "" {
		steps = append(steps, o.sign(analyzers.Selector, environ.Value(n.Str()), namespaceSays, n)...)
	}
	for _, c := range containers(pod) {
		steps = append(steps, o.selectors(c)...)
	}
	return append(steps, o.sign(analyzers.Display, environ.Identifier(o.name), "its name says ", o.root.Get("metadata", "name"))...)
}

// sign returns a sign of known environments, as a step: its value is their names.
func (o *object) sign(class analyzers.Class, environments detectors.Environment, says string, n *yamltree.Node) []analyzers.Step {
	var steps []analyzers.Step
	for _, name := range environments.List() {
		v := analyzers.Value{At: o.at(n), Parts: []analyzers.Part{{Text: name.String()}}}
		steps = append(steps, signStep(class, says+name.String(), v))
	}
	return steps
}

// labels returns the labels and annotations that are made to declare an environment: env, environment, stage, with or without a
// prefix such as app.kubernetes.io/ or tags.datadoghq.com/.
func (o *object) labels(metadata *yamltree.Node) []analyzers.Step {
	var signs []analyzers.Step
	for _, field := range []string{"labels", "annotations"} {
		for key, n := range metadata.Get(field).Pairs() {
			if IsEnvironmentLabel(key.Str()) {
				signs = append(signs, o.sign(analyzers.Declared, environ.Value(n.Str()), labelSays, n)...)
			}
		}
	}
	return signs
}

// IsEnvironmentLabel reports whether a label or an annotation is made to say the environment.
func IsEnvironmentLabel(key string) bool {
	switch strings.ToLower(path.Base(key)) {
	case "env", "environment", "stage", "deployment-environment", "deployment.environment":
		return true
	}
	return false
}

// usual are the names of variables that select an environment which are looked for in config maps whose keys are all variables.
var usual = []string{"APP_ENV", "APP_ENVIRONMENT", "DEPLOY_ENV", "DEPLOYMENT_ENV", "ENV", "ENVIRONMENT", "ENVIRONMENT_NAME", "STAGE"}

// selectors returns the variables of a container that select an environment.
func (o *object) selectors(container *yamltree.Node) []analyzers.Step {
	var signs []analyzers.Step
	for _, source := range container.Get("envFrom").Items() {
		name := source.Get("configMapRef", "name")
		if name.Str() == "" {
			continue
		}
		h := analyzers.Hole{Space: "choice"}
		for _, variable := range usual {
			h.Values = append(h.Values, o.key("ConfigMap", name.Str(), variable, name))
		}
		signs = append(signs, signStep(analyzers.Selector, "a variable of the config map "+name.Str()+" says so", hole(o.at(name), h)))
	}
	for _, entry := range container.Get("env").Items() {
		if name := entry.Get("name"); environ.Selector(name.Str()) {
			signs = append(signs, signStep(code.ClassOf(name.Str()), name.Str()+" says so", o.entry(entry)))
		}
	}
	return signs
}

// pod returns the steps of a pod: a process for each container, and what the node is given to fetch their images.
func (o *object) pod(pod *yamltree.Node) []analyzers.Step {
	steps := []analyzers.Step{o.clusters()}
	for _, n := range pod.Get("imagePullSecrets").Items() {
		if name := n.Get("name"); name.Str() != "" {
			steps = append(steps, set("imagePullSecrets/"+name.Str(), o.whole("Secret", name.Str(), name)))
		}
	}
	volumes := map[string]*yamltree.Node{}
	for _, v := range pod.Get("volumes").Items() {
		volumes[v.Get("name").Str()] = v
	}
	account := pod.Get("serviceAccountName")
	if account == nil {
		account = pod.Get("serviceAccount") // its former name
	}
	for _, list := range Lists {
		for i, c := range pod.Get(list).Items() {
			key := list + "/" + strconv.Itoa(i)
			if directive := c.Get("$patch"); directive != nil {
				steps = append(steps, o.drop(directive, c.Get("name"), key))
				continue
			}
			process := o.given(c)
			process = append(process, o.dropped(c, "volumeMounts", "mountPath", Mounts)...)
			for _, mount := range c.Get("volumeMounts").Items() {
				if mount.Get("$patch") == nil {
					process = append(process, o.mounted(mount, volumes[mount.Get("name").Str()]))
				}
			}
			process = append(process, inPhase(Mounts, o.assumed(account))...)
			process = append(process, inPhase(Command, o.command(c))...)
			steps = append(steps, analyzers.Step{Op: analyzers.OpRun, At: o.at(c), Name: c.Get("name").Str(), Key: key, Isolated: true, Steps: process})
		}
	}
	return steps
}

// assumed returns the steps by which a container is the role of its pod's service account.
func (o *object) assumed(account *yamltree.Node) []analyzers.Step {
	if account.Str() == "" {
		return nil
	}
	var steps []analyzers.Step
	for _, place := range slices.Backward(o.places()) {
		steps = append(steps, analyzers.Step{
			Op: analyzers.OpLoad, At: o.at(account), Ref: &analyzers.Ref{Name: ProgramName("ServiceAccount", place, account.Str())},
			Export: true, Optional: true, Says: "works as the service account " + account.Str(),
		})
	}
	return steps
}

// clusters returns the step that says that the same name in another environment's cluster can have another value.
func (o *object) clusters() analyzers.Step {
	return analyzers.Step{Op: analyzers.OpScope, At: o.place(), Name: detectors.Kubernetes}
}

// given returns the steps that set a container's variables.
func (o *object) given(container *yamltree.Node) []analyzers.Step {
	var steps []analyzers.Step
	if sources := container.Get("envFrom"); sources != nil && len(sources.Items()) == 0 { // a patch that takes all out
		steps = append(steps, analyzers.Step{Op: OpDrop, At: o.at(sources), Name: every, Phase: Sources})
	}
	for _, source := range container.Get("envFrom").Items() {
		steps = append(steps, o.from(source)...)
	}
	steps = append(steps, o.dropped(container, "env", "name", Variables)...)
	for _, entry := range container.Get("env").Items() {
		if name := entry.Get("name"); name.Str() != "" && entry.Get("$patch") == nil {
			step := o.keyed(name, o.entry(entry))
			if entry.Get("value").Str() == "" && entry.Get("valueFrom") == nil {
				step.Key = Blank
			}
			steps = append(steps, inPhase(Variables, []analyzers.Step{step})...)
		}
	}
	return steps
}

// Blank is the key of the step for an entry of env without a value. In a patch it leaves where the value of the entry comes from.
const Blank = "blank"

// OpDrop is what a patch has for an entry that it takes out of a list, under its name, or for all that the list has without the patch, under a star.
// What other sources have under the name of a variable stays.
// https://github.com/kubernetes/community/blob/master/contributors/devel/sig-api-machinery/strategic-merge-patch.md
const OpDrop analyzers.Op = "drop"

// All is the name of what takes all out of a list.
const All = every

// DropsAll reports whether steps take all away that there is without them.
func DropsAll(steps []analyzers.Step) bool {
	return slices.ContainsFunc(steps, func(s analyzers.Step) bool { return s.Op == OpDrop && s.Name == All })
}

// dropped returns the steps for what a patch takes out of a list, whose entries are told apart by a key: those it says so of, or all of them if it
// says so of the list, or has null in its place.
func (o *object) dropped(in *yamltree.Node, list, key string, phase int) []analyzers.Step {
	var steps []analyzers.Step
	if n := in.Get(list); n != nil && n.Kind == yamltree.Scalar {
		steps = append(steps, analyzers.Step{Op: OpDrop, At: o.at(n), Name: every})
	}
	for _, entry := range in.Get(list).Items() {
		if directive := entry.Get("$patch"); directive != nil {
			steps = append(steps, o.drop(directive, entry.Get(key), ""))
		}
	}
	return inPhase(phase, steps)
}

// drop returns the step for a directive in an entry of a list. One to replace that stands in an entry of its own is about the list.
func (o *object) drop(directive, name *yamltree.Node, key string) analyzers.Step {
	step := analyzers.Step{Op: OpDrop, At: o.at(directive), Name: name.Str(), Key: key}
	if directive.Str() == "replace" {
		step.Name = every
	}
	return step
}

// from returns the steps of an entry of envFrom.
func (o *object) from(source *yamltree.Node) []analyzers.Step {
	var steps []analyzers.Step
	for _, from := range [][2]string{{"configMapRef", "ConfigMap"}, {"secretRef", "Secret"}} {
		if name := source.Get(from[0], "name"); name.Str() != "" {
			steps = append(steps, inPhase(Sources, o.all(from[1], name, source.Get("prefix").Str()))...)
		}
	}
	return steps
}

// Entry returns the steps of an entry that stands by itself, such as in a patch: one of env, or with envFrom of that.
func Entry(pass *analyzers.Pass, entry *yamltree.Node, envFrom bool) []analyzers.Step {
	o := &object{file: &file{pass: pass}, namespace: folder(pass.Path)}
	if envFrom {
		return o.from(entry)
	}
	return inPhase(Variables, []analyzers.Step{o.keyed(entry.Get("name"), o.entry(entry))})
}

// The phases of a container's steps: what a patch replaces or adds to.
const (
	Sources   = iota + 1 // envFrom
	Variables            // env
	Mounts
	Command
)

func inPhase(phase int, steps []analyzers.Step) []analyzers.Step {
	for i := range steps {
		steps[i].Phase = phase
	}
	return steps
}

// all returns the steps that load the keys of a secret or a config map. With a prefix one name stands for all of them.
func (o *object) all(kind string, name *yamltree.Node, prefix string) []analyzers.Step {
	at := o.at(name)
	if prefix != "" {
		return []analyzers.Step{set(prefix+every+" of "+name.Str(), o.whole(kind, name.Str(), name))} // others can have the same
	}
	var steps []analyzers.Step
	for _, place := range slices.Backward(o.places()) { // what lies nearer wins, and so does what is loaded later
		steps = append(steps, analyzers.Step{
			Op: analyzers.OpLoad, At: at, Ref: &analyzers.Ref{Name: ProgramName(kind, place, name.Str())},
			Export: true, Optional: true, Says: "gets every key of the " + words[kind] + " " + name.Str(),
		})
	}
	if kind == "Secret" {
		steps = append(steps, set(name.Str()+"/"+every, o.key(kind, name.Str(), every, name)))
	}
	return steps
}

var words = map[string]string{"Secret": "secret", "ConfigMap": "config map", "SecretProviderClass": "secret provider class"}

// places returns where the object finds what it names, the nearest first: in its namespace as its environment's folders have it, in
// its namespace as folders for none have it, in its own folder.
func (o *object) places() []string {
	own := folder(o.pass.Path)
	if o.namespace == own {
		return []string{own}
	}
	environments := o.environments()
	if environments == 0 { // any of them
		var all []string
		for _, e := range detectors.Unscoped.List() {
			all = append(all, In(o.namespace, e))
		}
		return append([]string{o.namespace}, append(all, own)...)
	}
	return []string{In(o.namespace, environments), o.namespace, own}
}

// environments returns what the object itself says of its environment.
func (o *object) environments() detectors.Environment {
	if e := environ.Path(o.pass.Path); e != 0 {
		return e
	}
	if e := environ.Value(o.namespace); e != 0 {
		return e
	}
	for key, n := range o.root.Get("metadata", "labels").Pairs() {
		if IsEnvironmentLabel(key.Str()) {
			return environ.Value(n.Str())
		}
	}
	return 0
}

// key returns a key of a secret or a config map: of the one in the nearest place, else, of a secret, a reference. A secret that is made
// of a whole document of another store has its keys under one name. Of one that is known and lacks the key it is what else is given.
func (o *object) key(kind, name, key string, at *yamltree.Node, otherwise ...analyzers.Part) analyzers.Value {
	places := o.places()
	var v analyzers.Value
	for i := len(places) - 1; i >= 0; i-- {
		h := analyzers.Hole{Space: ProgramName(kind, places[i], name), Name: key}
		var fallback []analyzers.Part
		if kind == "Secret" && key != every {
			fallback = append(fallback, analyzers.Part{Hole: &analyzers.Hole{Space: h.Space, Name: every}})
		}
		if i == len(places)-1 {
			fallback = append(fallback, otherwise...)
		}
		if i == len(places)-1 && kind == "Secret" {
			h.Store, h.Scope = detectors.Kubernetes, scope(o.namespace, name)
		}
		if fallback = append(fallback, v.Parts...); len(fallback) > 0 {
			h.Default = &analyzers.Value{At: o.at(at), Parts: fallback}
		}
		v = hole(o.at(at), h)
	}
	return v
}

// whole returns all keys of a secret or a config map as one value.
func (o *object) whole(kind, name string, at *yamltree.Node) analyzers.Value {
	v := analyzers.Value{At: o.at(at)}
	for _, place := range o.places() {
		v.Parts = append(v.Parts, analyzers.Part{Hole: &analyzers.Hole{Space: ProgramName(kind, place, name), All: true}})
	}
	if kind == "Secret" {
		v.Parts = append(v.Parts, o.key(kind, name, every, at).Parts...)
	}
	return v
}

// entry returns the value of an entry of env. One whose key is missing and optional leaves what the variable has from before, such as of envFrom.
// https://kubernetes.io/docs/concepts/configuration/secret/#restriction-secret-must-exist
func (o *object) entry(entry *yamltree.Node) analyzers.Value {
	if v := entry.Get("value"); v.Str() != "" {
		return analyzers.Value{At: o.at(v), Parts: expand(v.Source())}
	}
	for _, from := range [][2]string{{"configMapKeyRef", "ConfigMap"}, {"secretKeyRef", "Secret"}} {
		if ref := entry.Get("valueFrom", from[0]); ref != nil {
			var before []analyzers.Part
			if ref.Get("optional").Str() == "true" {
				before = []analyzers.Part{{Hole: &analyzers.Hole{Name: entry.Get("name").Str()}}}
			}
			return o.key(from[1], ref.Get("name").Str(), ref.Get("key").Str(), ref.Get("key"), before...)
		}
	}
	if ref := entry.Get("valueFrom", "fieldRef", "fieldPath"); ref.Str() == "metadata.namespace" && !strings.HasPrefix(o.namespace, "./") {
		return analyzers.Value{At: o.at(ref), Parts: []analyzers.Part{{Text: o.namespace}}}
	}
	return hole(o.at(entry), analyzers.Hole{Space: "node", Name: "field"})
}

var variable = lazyregexp.New(`\$?\$\(([-._a-zA-Z][-._a-zA-Z0-9]*)\)`)

// expand returns the parts of a text with $(NAME) in it (https://kubernetes.io/docs/tasks/inject-data-application/define-interdependent-environment-variables/).
func expand(text interpolate.Text) []analyzers.Part {
	var parts []analyzers.Part
	from := 0
	for _, m := range variable.FindAllStringSubmatchIndex(text.String, -1) {
		parts = append(parts, text.Slice(from, m[0]).Literal()...)
		from = m[1]
		if strings.HasPrefix(text.String[m[0]:], "$$") {
			parts = append(parts, text.Slice(m[0]+1, m[1]).Literal()...)
			continue
		}
		parts = append(parts, analyzers.Part{Hole: &analyzers.Hole{Name: text.String[m[2]:m[3]]}})
	}
	return append(parts, text.Slice(from, len(text.String)).Literal()...)
}

// mounted returns the step by which a container gets the files of a volume: a block with the path, and the volume as its key.
func (o *object) mounted(mount, volume *yamltree.Node) analyzers.Step {
	into := mount.Get("mountPath")
	step := analyzers.Step{Op: analyzers.OpBlock, At: o.at(mount), Name: into.Str(), Key: volumeKey + mount.Get("name").Str(), Phase: Mounts}
	return Mount(step, o.held(volume))
}

const volumeKey = "volume/"

// Mount returns the step of a mount with what a volume holds.
func Mount(step analyzers.Step, holds []analyzers.Step) analyzers.Step {
	step.Steps = slices.Clone(holds)
	for i := range step.Steps {
		step.Steps[i].Name = step.Name + step.Steps[i].Name
	}
	return step
}

// Mounted returns the name of the volume that a step mounts.
func Mounted(step analyzers.Step) (volume string, ok bool) {
	return strings.CutPrefix(step.Key, volumeKey)
}

// volumes returns a block for each volume of a pod.
func (o *object) volumes(pod *yamltree.Node) []analyzers.Step {
	steps := o.dropped(pod, "volumes", "name", 0)
	for _, v := range pod.Get("volumes").Items() {
		if name := v.Get("name"); name.Str() != "" && v.Get("$patch") == nil {
			steps = append(steps, analyzers.Step{Op: analyzers.OpBlock, At: o.at(name), Name: name.Str(), Steps: o.held(v)})
		}
	}
	return steps
}

// held returns the sets of what a volume that is made of secrets or config maps holds, by the paths in it. What is projected of several sources
// lies side by side.
func (o *object) held(volume *yamltree.Node) []analyzers.Step {
	steps := o.source(volume)
	for _, source := range volume.Get("projected", "sources").Items() {
		for _, s := range o.source(source) {
			i := slices.IndexFunc(steps, func(earlier analyzers.Step) bool { return earlier.Name == s.Name && s.Name == "/"+every })
			if i < 0 {
				steps = append(steps, s)
			} else {
				steps[i].Value.Parts = append(steps[i].Value.Parts, s.Value.Parts...)
			}
		}
	}
	return steps
}

// source returns the steps for one source of a volume. Items choose keys.
func (o *object) source(n *yamltree.Node) []analyzers.Step {
	var steps []analyzers.Step
	for _, from := range []struct{ field, name, kind string }{
		{"secret", "secretName", "Secret"}, {"secret", "name", "Secret"}, {"configMap", "name", "ConfigMap"},
	} {
		name := n.Get(from.field, from.name)
		if name.Str() == "" {
			continue
		}
		items := n.Get(from.field, "items").Items()
		for _, item := range items {
			key := item.Get("key")
			steps = append(steps, set("/"+first(item.Get("path").Str(), key.Str()), o.key(from.kind, name.Str(), key.Str(), key)))
		}
		if len(items) == 0 {
			steps = append(steps, set("/"+every, o.whole(from.kind, name.Str(), name)))
		}
	}
	if class := n.Get("csi", "volumeAttributes", "secretProviderClass"); class.Str() != "" {
		steps = append(steps, set("/"+every, o.whole("SecretProviderClass", class.Str(), class)))
	}
	return steps
}

// command returns the steps of a container's command and arguments, read as the line of shell that they are.
func (o *object) command(container *yamltree.Node) []analyzers.Step {
	line := line{}
	for _, field := range []string{"command", "args"} {
		for _, n := range container.Get(field).Items() {
			line.word(n.Source())
		}
	}
	if len(line.text) == 0 || len(container.Get("command").Items()) == 0 && !namesProgram(container.Get("args")) {
		return nil
	}
	return shell.Body(o.pass, line.text, 0, shell.Options{
		Name: "container's command", Fills: line.fills,
		Map: func(offset int) int {
			if offset < len(line.at) {
				return line.at[offset]
			}
			return line.at[len(line.at)-1] + 1
		},
	})
}

// namesProgram reports whether arguments begin with what looks like a program: those of an entry point begin with a flag or a word of
// its own.
func namesProgram(args *yamltree.Node) bool {
	items := args.Items()
	return len(items) > 0 && strings.Contains(items[0].Str(), "/")
}

// line is a line of shell that is made of words which lie anywhere in a file.
type line struct {
	text  []byte
	at    []int // the file's offset of each byte
	fills []shell.Fill
}

func (l *line) add(text string, at int) {
	for i := range len(text) {
		l.text, l.at = append(l.text, text[i]), append(l.at, at)
	}
}

// word adds a word in quotes. $(NAME) is filled in by Kubernetes, which leaves it as it is if there is no such variable.
func (l *line) word(text interpolate.Text) {
	if text.String == "" {
		return
	}
	begin := text.Span(0, 1).Start
	l.add(" '", begin)
	escaped := map[int]bool{}
	names := map[int]int{}
	for _, m := range variable.FindAllStringIndex(text.String, -1) {
		if strings.HasPrefix(text.String[m[0]:], "$$") {
			escaped[m[0]] = true
		} else {
			names[m[0]] = m[1]
		}
	}
	for i := 0; i < len(text.String); i++ {
		at := text.Span(i, i+1).Start
		if end, ok := names[i]; ok {
			name := text.String[i+2 : end-1]
			l.fills = append(l.fills, shell.Fill{Start: len(l.text), End: len(l.text) + end - i, Value: analyzers.Value{
				Parts: []analyzers.Part{{Hole: &analyzers.Hole{Name: name}}},
			}})
			for ; i < end; i++ {
				l.add(text.String[i:i+1], text.Span(i, i+1).Start)
			}
			i--
			continue
		}
		switch {
		case escaped[i]:
		case text.String[i] == '\'':
			l.add(`'\''`, at)
		default:
			l.add(text.String[i:i+1], at)
		}
	}
	l.add("'", text.Span(len(text.String)-1, len(text.String)).End)
}
