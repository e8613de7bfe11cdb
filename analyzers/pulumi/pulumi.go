package pulumi

import (
	"path"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/table"
	"github.com/stagewall/stagewall/analyzers/internal/tree"
	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/environ"
)

// Analyzer reads the configuration of Pulumi's stacks.
var Analyzer = &analyzers.Analyzer{
	Name:    "pulumi",
	Doc:     "Reads the configuration of Pulumi's stacks: which projects, accounts and hosts are a stack's.",
	Version: 1,
	Files:   []string{"**/Pulumi.yaml", "**/Pulumi.yml", "**/Pulumi.*.yaml", "**/Pulumi.*.yml"},
	Run:     run,
}

func run(pass *analyzers.Pass) error {
	root, err := tree.YAML(pass.Data)
	if err != nil {
		pass.Gap(detectors.Place{Path: pass.Path}, "the stack's configuration is no YAML; which ids are the stack's is not known")
	}
	name := path.Base(pass.Path)
	stack := strings.Trim(strings.TrimPrefix(strings.TrimSuffix(name, path.Ext(name)), "Pulumi"), ".")
	means := table.File(environ.Value(stack))
	table.Mention(pass, means.Environments, "a stack's configuration", pass.At(0, 0))
	settings(pass, root.Get("config"), means)
	return nil
}

// settings adds rows for the members of a configuration, and for the lists and objects in it.
func settings(pass *analyzers.Pass, config *tree.Node, means table.Means) {
	for _, n := range config.Keys() {
		if n.Kind == tree.Object {
			settings(pass, n, means)
			continue
		}
		for _, one := range n.Elements() {
			if one.Kind == tree.String || one.Kind == tree.Other {
				table.Setting(pass, n.Key, one.Text, means, pass.At(one.Span.Start, one.Span.End))
			}
		}
	}
}
