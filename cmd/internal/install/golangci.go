package install

import (
	"bytes"
	"context"
	_ "embed"
	"strings"
)

var (
	//go:embed files/custom-gcl.yml
	customText string
	//go:embed files/custom-gcl-item.yaml
	customItem string
	//go:embed files/golangci.yml
	golangciText string
)

const (
	customFile = ".custom-gcl.yml"
	ownConfig  = ".golangci.stagewall.yml"
)

// golangci has golangci-lint built with the plugin, and a configuration for that. It is one of its own: in the one that golangci-lint reads by itself
// the linter would be unknown to every golangci-lint without the plugin, which then does nothing at all.
func (p *planner) golangci(context.Context) {
	used, enabled := p.asked(), ""
	for _, name := range []string{"go.mod", "go.work", ".golangci.yml", ".golangci.yaml", ".golangci.toml", ".golangci.json"} {
		f, err := open(p.Dir, name)
		used = used || err == nil && f.exists
		if !strings.HasPrefix(name, "go.") && bytes.Contains(f.data, []byte("stagewall")) {
			enabled = name
		}
	}
	if !used {
		return
	}
	item := strings.ReplaceAll(customItem, "VERSION", p.version())
	says := "golangci-lint custom builds golangci-lint with the plugin"
	switch f, err := open(p.Dir, customFile); {
	case err != nil:
		p.cannot("%s is left alone: %v", customFile, err)
	case !f.exists:
		p.create(customFile, []byte(customText+indented(item)), "%s", says)
	case strings.Contains(string(f.data), pluginPath):
		p.say("%s has it already", customFile)
	default:
		after, err := prepend(f.data, "plugins", item)
		if err != nil {
			p.suggest("plugins:\n"+indented(item), "%s is left alone, since %v; put this into it:", customFile, errForm)
			p.Lacks = true
			break
		}
		p.write(change{file: f, after: after}, "%s", says)
	}
	if enabled != "" {
		p.say("%s has it already", enabled)
		return
	}
	p.create(ownConfig, []byte(golangciText), "what ./custom-gcl run -c %s reads", ownConfig)
}

const pluginPath = "github.com/stagewall/stagewall/cmd/gclplugin"
