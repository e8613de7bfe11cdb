package ansible

import (
	"github.com/stagewall/stagewall/analyzers/internal/table"
	"github.com/stagewall/stagewall/analyzers/internal/tree"
	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/environ"
)

// yaml reads the form of YAML files: group: {hosts: {name: {ansible_host: …}}, children: {group: …}}.
func (i *inventory) yaml() {
	root, err := tree.YAML(i.pass.Data)
	if err != nil {
		i.pass.Gap(detectors.Place{Path: i.pass.Path}, "the inventory is no YAML; which hosts are an environment's is not known")
	}
	for _, group := range root.Keys() {
		i.group(group, "", 0)
	}
}

// group reads one group.
func (i *inventory) group(n *tree.Node, parent string, depth int) {
	const deepest = 50
	if depth > deepest || n.Get("hosts") == nil && n.Get("children") == nil {
		return
	}
	if parent != "" {
		i.parents[n.Key] = append(i.parents[n.Key], parent)
		i.member(n.Key, parent, n.Place(i.pass))
	}
	table.Mention(i.pass, environ.Value(n.Key), "a group of an inventory", n.Place(i.pass))
	for _, h := range n.Get("hosts").Keys() {
		names := []string{h.Key}
		if address := h.Get("ansible_host").Str(); address != "" {
			names = append(names, address)
		}
		i.add(n.Key, names, h.Place(i.pass))
	}
	for _, child := range n.Get("children").Keys() {
		i.group(child, n.Key, depth+1)
	}
}
