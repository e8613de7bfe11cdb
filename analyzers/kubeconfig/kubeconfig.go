package kubeconfig

import (
	"bytes"
	"path"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/lazyregexp"
	"github.com/stagewall/stagewall/analyzers/internal/table"
	"github.com/stagewall/stagewall/analyzers/internal/tree"
	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/environ"
)

// Analyzer reads kubeconfig files.
var Analyzer = &analyzers.Analyzer{
	Name:    "kubeconfig",
	Doc:     "Reads kubeconfig files: which clusters are an environment's.",
	Version: 1,
	Files:   []string{"**/.kube/config", "**/kubeconfig", "**/*kubeconfig*.{yml,yaml}", "**/*.kubeconfig"},
	Sniff:   sniff,
	Run:     run,
}

var isConfig = lazyregexp.New(`(?m)^kind:[ ]*"?Config"?[ ]*\r?$`)

// sniff takes every file of a kind that can be one, if it says that it is.
func sniff(name string, head []byte) bool {
	switch path.Ext(name) {
	case "", ".yml", ".yaml", ".conf", ".config":
		return bytes.Contains(head, []byte("clusters:")) && isConfig.Match(head)
	}
	return false
}

func run(pass *analyzers.Pass) error {
	if !bytes.Contains(pass.Data, []byte("contexts")) {
		return nil
	}
	root, err := tree.YAML(pass.Data)
	if err != nil {
		pass.Gap(detectors.Place{Path: pass.Path}, "the kubeconfig is no YAML; which clusters are an environment's is not known")
	}
	servers := map[string]*tree.Node{}
	means := map[string]detectors.Environment{}
	for _, c := range root.Get("clusters").Elements() {
		name := c.Get("name").Str()
		servers[name] = c.Get("cluster", "server")
		means[name] = environ.Value(name)
	}
	for _, c := range root.Get("contexts").Elements() {
		name := c.Get("name")
		env := environ.Value(name.Str())
		table.Mention(pass, env, "a context of a kubeconfig", name.Place(pass))
		means[c.Get("context", "cluster").Str()] |= env
	}
	for _, c := range root.Get("clusters").Elements() {
		name := c.Get("name").Str()
		if server := servers[name]; server.Str() != "" {
			table.Add(pass, "host", table.Host(server.Text), table.Key(means[name]), pass.At(server.Span.Start, server.Span.End))
		}
	}
	return nil
}
