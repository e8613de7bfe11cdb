package kube

import (
	"bytes"
	"path"
	"slices"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/lazyregexp"
	"github.com/stagewall/stagewall/analyzers/internal/yamltree"
	"github.com/stagewall/stagewall/analyzers/interpolate"
	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/environ"
)

// Analyzer reads manifests.
var Analyzer = &analyzers.Analyzer{
	Name:    "kube",
	Doc:     "reads Kubernetes manifests: what their workloads are given",
	Version: 6,
	Files:   []string{"**/*.{yml,yaml}"},
	Run:     read,
	Join:    join,
}

// maxSize is the size beyond which a file is not read; the API server takes objects of at most 3 MiB.
const maxSize = 16 << 20

var (
	hasVersion = lazyregexp.New(`(?m)^(?:[ ]{0,4}- )?\{?"?apiVersion"?[ ]*:[ ]*["']?(?:[a-z0-9.-]+/)?v[0-9]`)
	hasKind    = lazyregexp.New(`(?m)(?:^|[ ,{])"?kind"?[ ]*:[ ]*["']?[A-Z]`)

	// A definition of resources is long, holds schemas that look like pods, and nothing that runs.
	isDefinition = lazyregexp.New(`(?m)^kind:[ ]*["']?CustomResourceDefinition\b`)
)

func read(pass *analyzers.Pass) error {
	if !bytes.Contains(pass.Data, []byte("apiVersion")) || !hasVersion.Match(pass.Data) || !hasKind.Match(pass.Data) || isTemplate(pass) ||
		pass.TooLarge(maxSize, "manifests; what their workloads reach is not known") {
		return nil
	}
	data := withoutDefinitions(pass.Data)
	documents, err := yamltree.Read(data)
	if err != nil && tag.Match(data) {
		if filled, still := yamltree.Read(withoutTags(data)); still == nil {
			documents, err = filled, nil
		}
	}
	if err != nil {
		pass.Gap(yamltree.Broken(pass, err), unparsed)
	}
	manifests(pass, documents)
	return nil
}

const unparsed = "the manifest does not parse as YAML; what its workloads reach is not known"

// ReadWithin reads manifests that are written in a text of the pass' file, and returns them.
func ReadWithin(pass *analyzers.Pass, text interpolate.Text) []*yamltree.Node {
	documents, err := yamltree.ReadWithin(text)
	if err != nil {
		start := 0
		for range yamltree.Line(err) - 1 {
			if i := strings.IndexByte(text.String[start:], '\n'); i >= 0 {
				start += i + 1
			}
		}
		broken := text.Span(min(start, len(text.String)-1), min(start+1, len(text.String))).Start
		pass.Gap(pass.At(broken, broken), unparsed)
	}
	manifests(pass, documents)
	return documents
}

func manifests(pass *analyzers.Pass, documents []*yamltree.Node) {
	f := &file{pass: pass, units: map[string]bool{}}
	encrypted := 0
	for _, d := range documents {
		if d.Get("sops", "mac") != nil {
			encrypted++
		}
		f.document(d)
	}
	pass.Facts.Cipher = encrypted > 0 && encrypted == len(documents)
}

// tag is a tag of a template: Jinja's and Go's, or ERB's. https://jinja.palletsprojects.com/en/stable/templates/
var tag = lazyregexp.New(`(?s)\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}|<%.*?%>`)

// withoutTags returns a manifest that is a template as it stands, with nothing for tags that are alone on their lines, or that print nothing, and marks for
// the others, so that whatever else is in it stands where it stood.
func withoutTags(data []byte) []byte {
	const near = 256 // on its line
	out := slices.Clone(data)
	for _, m := range tag.FindAllIndex(data, -1) {
		before, after := data[max(0, m[0]-near):m[0]], data[m[1]:min(len(data), m[1]+near)]
		before = before[bytes.LastIndexByte(before, '\n')+1:]
		if i := bytes.IndexByte(after, '\n'); i >= 0 {
			after = after[:i]
		}
		prints := bytes.HasPrefix(data[m[0]:], []byte("{{")) || bytes.HasPrefix(data[m[0]:], []byte("<%="))
		prints = prints && len(bytes.TrimSpace(before))+len(bytes.TrimSpace(after)) > 0
		for i := m[0]; i < m[1]; i++ {
			switch {
			case prints:
				out[i] = '~'
			case out[i] != '\n':
				out[i] = ' '
			}
		}
	}
	return out
}

// withoutDefinitions returns the file with blanks for the documents that define resources.
func withoutDefinitions(data []byte) []byte {
	if !isDefinition.Match(data) {
		return data
	}
	out := slices.Clone(data)
	for start := 0; start < len(data); {
		end := len(data)
		if i := bytes.Index(data[start+1:], []byte("\n---")); i >= 0 {
			end = start + 1 + i
		}
		if isDefinition.Match(data[start:end]) {
			blank(out[start:end])
		}
		start = end
	}
	return out
}

// blank leaves of a document the line that begins it, and the ends of its lines.
func blank(document []byte) {
	from := 0
	if bytes.HasPrefix(bytes.TrimLeft(document, "\n"), []byte("---")) {
		from = bytes.Index(document, []byte("---")) + len("---")
	}
	for i := from; i < len(document); i++ {
		if document[i] != '\n' {
			document[i] = ' '
		}
	}
}

// isTemplate reports whether the file is a chart's template: these are no YAML before they are rendered.
func isTemplate(pass *analyzers.Pass) bool {
	return strings.Contains("/"+pass.Path, "/templates/") && strings.Contains(string(pass.Data), "{{")
}

// file is one file while it is read.
type file struct {
	pass  *analyzers.Pass
	units map[string]bool // by id
}

// object is one document, or an item of a list.
type object struct {
	*file
	root      *yamltree.Node
	kind      string
	name      string
	namespace string // a namespace, or "./" and the folder
	seen      int    // values of a release
}

// document reads a document, or those that a list holds.
func (f *file) document(root *yamltree.Node) {
	if strings.HasSuffix(root.Get("kind").Str(), "List") && root.Get("items") != nil {
		for _, item := range root.Get("items").Items() {
			f.document(item)
		}
		return
	}
	if root.Get("apiVersion").Str() == "" || root.Get("kind").Str() == "" {
		return
	}
	o := &object{file: f, root: root, kind: root.Get("kind").Str(), name: root.Get("metadata", "name").Str()}
	if o.name == "" {
		o.name = root.Get("metadata", "generateName").Str()
	}
	o.namespace = root.Get("metadata", "namespace").Str()
	if o.namespace == "" {
		o.namespace = folder(f.pass.Path)
	}
	o.mention()
	if root.Get("$patch").Str() == "delete" {
		o.deleted(root.Get("$patch"))
		return
	}
	switch o.kind {
	case "HelmRelease":
		o.release()
	case "Kustomization":
		o.decryption()
	case "Secret":
		o.secret()
	case "ConfigMap":
		o.configMap()
	case "SealedSecret":
		o.sealed()
	case "ExternalSecret", "ClusterExternalSecret":
		o.external()
	case "SecretProviderClass":
		o.provider()
	case "ServiceAccount":
		o.serviceAccount()
	case "ClusterRoleBinding", "RoleBinding":
		o.roleBinding()
	default:
		o.workload()
	}
}

// deleted publishes a patch that takes the whole object away.
func (o *object) deleted(directive *yamltree.Node) {
	steps := []analyzers.Step{{Op: OpDrop, At: o.at(directive), Name: All}}
	switch o.kind {
	case "Secret", "ConfigMap":
		o.publish(o.kind, o.name, steps)
	default:
		name := o.kind + "/" + o.name
		o.program(name, steps)
		o.program(patchSigns+name, nil)
	}
}

// mention notes an environment that a namespace is called after, once in a file.
func (o *object) mention() {
	n := o.root.Get("metadata", "namespace")
	if o.kind == "Namespace" {
		n = o.root.Get("metadata", "name")
	}
	environments := environ.Value(n.Str())
	if environments == 0 || slices.ContainsFunc(o.pass.Facts.Mentions, func(s analyzers.Sign) bool { return s.Environments == environments }) {
		return
	}
	o.pass.Facts.Mentions = append(o.pass.Facts.Mentions, analyzers.Sign{
		Class: analyzers.Selector, Environments: environments, Says: "there is a namespace for " + environments.String(), At: o.at(n),
	})
}

// folder is the namespace of what has none.
func folder(file string) string { return "./" + path.Dir(file) }

// ProgramName returns the name by which the whole repository knows an object: a secret, a config map.
func ProgramName(kind, namespace, name string) string {
	return prefix + kind + "/" + namespace + "/" + name
}

const prefix = "@kube/"

// In returns the namespace as the folders of some environments have it: it is another cluster's there than in other folders.
func In(namespace string, environments detectors.Environment) string {
	if environments == 0 || strings.HasPrefix(namespace, "./") {
		return namespace
	}
	return namespace + clusterMark + strings.Join(environments.Names(), "+")
}

// Cluster takes a name of [In] apart.
func Cluster(namespace string) (own string, marked bool) {
	if strings.HasPrefix(namespace, "./") {
		return namespace, false
	}
	own, _, marked = strings.Cut(namespace, clusterMark)
	return own, marked
}

const clusterMark = "@"

// ParseName takes a name of [ProgramName] apart.
func ParseName(program string) (kind, namespace, name string, ok bool) {
	rest, ok := strings.CutPrefix(program, prefix)
	kind, rest, found := strings.Cut(rest, "/")
	i := strings.LastIndex(rest, "/")
	if !ok || !found || i < 0 {
		return "", "", "", false
	}
	return kind, rest[:i], rest[i+1:], true
}

func (f *file) at(n *yamltree.Node) detectors.Place {
	if n == nil {
		return f.pass.At(0, 0)
	}
	if n.Span.Empty() {
		return f.pass.At(n.Start, n.Start+1)
	}
	return f.pass.At(n.Span.Start, n.Span.End)
}

// scalar returns a scalar's value as it is written.
func (f *file) scalar(n *yamltree.Node) analyzers.Value {
	return analyzers.Value{At: f.at(n), Parts: n.Source().Literal()}
}

// publish makes a program that the whole repository knows.
func (o *object) publish(kind, name string, steps []analyzers.Step) {
	if name == "" {
		return
	}
	o.pass.Facts.Programs = append(o.pass.Facts.Programs, analyzers.Program{
		Name: ProgramName(kind, In(o.namespace, environ.Path(o.pass.Path)), name), At: o.place(), Steps: steps,
	})
}

// place returns where the object stands: at its name, or else at its kind.
func (o *object) place() detectors.Place {
	for _, n := range []*yamltree.Node{o.root.Get("metadata", "name"), o.root.Get("metadata", "generateName")} {
		if n.Str() != "" {
			return o.at(n)
		}
	}
	return o.at(o.root.Get("kind"))
}

func set(name string, v analyzers.Value) analyzers.Step {
	return analyzers.Step{Op: analyzers.OpSet, At: v.At, Name: name, Value: v, Export: true}
}

func hole(at detectors.Place, h analyzers.Hole) analyzers.Value {
	return analyzers.Value{At: at, Parts: []analyzers.Part{{Hole: &h}}}
}
