package kustomize

import (
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/lazyregexp"
	"github.com/stagewall/stagewall/analyzers/internal/yamltree"
	"github.com/stagewall/stagewall/analyzers/kube"
)

var (
	// isOperations begins a file that is a patch in JSON, or in YAML.
	isOperations = lazyregexp.New(`\A(?:\s|#.*|---)*(?:-\s+|\[\s*)\{?\s*["']?(?:op|path|from|value)["']?\s*:`)
	// inContainer is the path of what a container is given: its list, its number, the field, and the entry and what of it.
	inContainer = lazyregexp.New(`/(initContainers|containers|ephemeralContainers)/(\d+)/(env|envFrom)(?:/(\d+|-))?(?:/(.+))?$`)
	inObject    = lazyregexp.New(`^/(data|stringData|binaryData)/([^/]+)$`)
	// inRemote is the path of where a key of an ExternalSecret lies in its store: its list, its number, and the key there or the property of that.
	inRemote = lazyregexp.New(`^/spec/(?:(data)/(\d+)/remoteRef|(dataFrom)/(\d+)/extract)/(key|property)$`)
	// gives is in the paths of operations that are not followed although they change what a workload is given.
	gives = lazyregexp.New(`/env(?:From)?(?:/|$)|/volumes(?:/|$)|/(?:initC|ephemeralC|c)ontainers(?:/-|/\d+)?$|^/(?:data|stringData|binaryData)(?:/|$)|^/spec/data(?:From)?(?:/(?:\d+|-))?(?:/(?:remoteRef|extract)(?:/key|/property)?)?$`)
	// expression holds what a name in a target cannot have unless it is a regular expression of more than alternatives and "any text".
	expression = lazyregexp.New(`[()\[\]{}+?^$\\*]`)
)

func sniff(name string, head []byte) bool {
	switch path.Ext(name) {
	case ".yml", ".yaml", ".json":
		return isOperations.Match(head) || isDeployer.Match(head)
	}
	return false
}

func isOperation(n *yamltree.Node) bool { return n.Get("op").Str() != "" && n.Get("path").Str() != "" }

// operation is the name of a step that changes a list of a container's entries, or an object: its Says is what it does, its Phase which
// list it changes, and its Key at which number.
const operation = "operation"

// target returns the kind and name of what a patch is for, with an asterisk for any text, and alternatives; of what has none the patch itself
// says it. Both are regular expressions (https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/patches/#name-and-kind-changes).
func (f *file) target(n *yamltree.Node) (target string, ok bool) {
	if !n.IsMapping() {
		return "", true
	}
	parts := []string{"*", "*"}
	for i, key := range []string{"kind", "name"} {
		if text := n.Get(key).Str(); text != "" {
			text = strings.Trim(text, "^$")
			if strings.HasPrefix(text, "(") && strings.HasSuffix(text, ")") {
				text = text[1 : len(text)-1]
			}
			parts[i] = strings.ReplaceAll(text, ".*", "*")
		}
		ok = ok || n.Get(key).Str() != ""
		if expression.MatchString(strings.ReplaceAll(parts[i], "*", "")) {
			f.pass.Gap(f.at(n), "the target of the patch is an expression; what it changes is not followed")
			return "", false
		}
	}
	for _, key := range []string{"labelSelector", "annotationSelector"} {
		if n.Get(key) != nil {
			f.pass.Gap(f.at(n), "the target of the patch is chosen by labels; what it changes is not followed")
			return "", false
		}
	}
	return strings.Join(parts, "/"), true
}

// operations reads a patch in JSON: what it changes of the entries by which containers, by their numbers, are given variables, and of the keys of
// secrets and config maps (https://datatracker.ietf.org/doc/html/rfc6902).
func (f *file) operations(list *yamltree.Node) {
	var containers, object []analyzers.Step
	for _, op := range list.Items() {
		if !isOperation(op) {
			continue
		}
		place := op.Get("path").Str()
		if m := inContainer.FindStringSubmatch(place); m != nil {
			if step, ok := f.entries(op, m[3] == "envFrom", m[4], m[5]); ok {
				containers = append(containers, analyzers.Step{Op: analyzers.OpRun, At: f.at(op), Key: m[1] + "/" + m[2], Isolated: true, Steps: []analyzers.Step{step}})
				continue
			}
		} else if m := inObject.FindStringSubmatch(place); m != nil {
			if step, ok := f.key(op, m[1] == "data", unescape(m[2])); ok {
				object = append(object, step)
				continue
			}
		} else if m := inRemote.FindStringSubmatch(place); m != nil {
			if step, ok := f.remote(op, m[1]+m[3]+"/"+m[2]+m[4], m[5]); ok {
				object = append(object, step)
				continue
			}
		}
		if gives.MatchString(place) && op.Get("op").Str() != "test" {
			f.pass.Gap(f.at(op), "the operation on "+place+" is not followed; what it gives to a workload, or takes away, is not known")
		}
	}
	for _, p := range []analyzers.Program{{Name: f.prefix(), Steps: containers}, {Name: f.prefix() + operation, Steps: object}} {
		p.At = f.at(list)
		f.programs = append(f.programs, p)
	}
}

var unescape = strings.NewReplacer("~1", "/", "~0", "~").Replace

// entries returns the step for an operation on a container's list of variables or their sources, at a number or the end, or on all of it.
func (f *file) entries(op *yamltree.Node, envFrom bool, number, of string) (analyzers.Step, bool) {
	does, value := op.Get("op").Str(), op.Get("value")
	step := analyzers.Step{Op: analyzers.OpBlock, At: f.at(op), Name: operation, Key: number, Says: does, Phase: kube.Variables}
	if envFrom {
		step.Phase = kube.Sources
	}
	switch {
	case does == "remove" && of == "":
		return step, true
	case does != "add" && does != "replace":
		return step, false
	case of == "value" && !envFrom && value.Str() != "":
		step.Says = of
		step.Steps = []analyzers.Step{{
			Op: analyzers.OpSet, At: f.at(value), Phase: step.Phase, Value: analyzers.Value{At: f.at(value), Parts: value.Source().Literal()}, Export: true,
		}}
		return step, true
	case of != "" || number != "" && !value.IsMapping():
		return step, false
	}
	for _, entry := range value.List() {
		if !envFrom && entry.Get("name").Str() == "" {
			return step, false
		}
		step.Steps = append(step.Steps, kube.Entry(f.pass, entry, envFrom)...)
	}
	return step, true
}

// key returns the step for an operation on a key of a secret or a config map.
func (f *file) key(op *yamltree.Node, data bool, name string) (analyzers.Step, bool) {
	value := op.Get("value")
	switch does := op.Get("op").Str(); {
	case does == "remove":
		return analyzers.Step{Op: analyzers.OpUnset, At: f.at(op), Name: name}, true
	case does != "add" && does != "replace" || value.Str() == "":
		return analyzers.Step{}, false
	}
	at := f.at(value)
	return analyzers.Step{Op: analyzers.OpSet, At: at, Name: name, Value: analyzers.Value{At: at, Parts: value.Source().Literal()}, Export: true}, true
}

// remote is the name of a step that changes where a key of an ExternalSecret lies: its Key is the entry, and its Says what of it changes.
const remote = "remote"

func (f *file) remote(op *yamltree.Node, entry, of string) (analyzers.Step, bool) {
	value := op.Get("value")
	if does := op.Get("op").Str(); does != "add" && does != "replace" || value.Str() == "" {
		return analyzers.Step{}, false
	}
	at := f.at(value)
	return analyzers.Step{Op: analyzers.OpBlock, At: at, Name: remote, Key: entry, Says: of, Value: analyzers.Value{At: at, Parts: value.Source().Literal()}}, true
}

// redirect returns the step for a key of a secret as a change leaves it of where that lies.
func redirect(s analyzers.Step, change analyzers.Step) analyzers.Step {
	text, known := change.Value.Text()
	if len(s.Value.Parts) != 1 || s.Value.Parts[0].Hole == nil || !known {
		return s
	}
	h := *s.Value.Parts[0].Hole
	switch {
	case change.Says == "property" && h.Scope == "":
		h.Scope, h.Name = h.Name, text
	case change.Says == "property" || h.Scope == "":
		h.Name = text
	default:
		h.Scope = text
	}
	s.Value = analyzers.Value{At: change.At, Parts: []analyzers.Part{{Hole: &h}}}
	return s
}

// operate returns the steps of a container as an operation leaves them.
func operate(steps []analyzers.Step, change analyzers.Step) []analyzers.Step {
	var before, own, after []analyzers.Step
	for _, s := range steps {
		switch {
		case s.Phase == change.Phase:
			own = append(own, s)
		case s.Phase < change.Phase:
			before = append(before, s)
		default:
			after = append(after, s)
		}
	}
	number, err := strconv.Atoi(change.Key)
	from, to := entry(own, number)
	switch {
	case change.Key == "": // all of it
		own = change.Steps
	case err != nil || change.Says == "add" && from == len(own):
		own = slices.Concat(own, change.Steps)
	case change.Says == "add":
		own = slices.Insert(slices.Clone(own), from, change.Steps...)
	case change.Says == "value" && from < to:
		set := own[from]
		set.At, set.Value = change.Steps[0].At, change.Steps[0].Value
		own = slices.Replace(slices.Clone(own), from, to, set)
	default:
		own = slices.Replace(slices.Clone(own), from, to, change.Steps...)
	}
	return slices.Concat(before, own, after)
}

// entry returns where the steps of an entry begin and end; an entry can have several, all of one place.
func entry(steps []analyzers.Step, number int) (from, to int) {
	for ; from < len(steps); from = to {
		for to = from + 1; to < len(steps) && steps[to].At == steps[from].At; to++ {
		}
		if number--; number < 0 {
			return from, to
		}
	}
	return len(steps), len(steps)
}
