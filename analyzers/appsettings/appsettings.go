package appsettings

import (
	"path"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/table"
	"github.com/stagewall/stagewall/analyzers/internal/tree"
	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/environ"
)

// Analyzer reads the settings of .NET applications.
var Analyzer = &analyzers.Analyzer{
	Name:    "appsettings",
	Doc:     "Reads the settings of .NET applications: which servers and accounts are an environment's.",
	Version: 2,
	Files:   []string{"**/appsettings.json", "**/appsettings.*.json", "**/Properties/launchSettings.json"},
	Run:     run,
}

func run(pass *analyzers.Pass) error {
	root, err := tree.JSON(pass.Data)
	if path.Base(pass.Path) == "launchSettings.json" {
		launch(pass, root)
		return nil
	}
	if err != nil {
		pass.Gap(detectors.Place{Path: pass.Path}, "the settings are no JSON; which servers are the environment's is not known")
	}
	name := strings.TrimSuffix(path.Base(pass.Path), ".json")
	means := table.File(environ.Value(strings.TrimPrefix(strings.TrimPrefix(name, "appsettings"), ".")))
	table.Mention(pass, means.Environments, "an environment's settings", pass.At(0, 0))
	settings(pass, root, "", means)
	return nil
}

// launch makes a program of each profile by which a project is launched, which sets its variables, and one without a name of the first one that launches the
// project itself. https://learn.microsoft.com/aspnet/core/fundamentals/environments#set-environment-on-the-command-line
func launch(pass *analyzers.Pass, root *tree.Node) {
	first := true
	for _, profile := range root.Get("profiles").Keys() {
		p := analyzers.Program{Name: profile.Key, At: profile.Place(pass)}
		for _, n := range profile.Get("environmentVariables").Keys() {
			at := pass.At(n.Span.Start, n.Span.End)
			p.Steps = append(p.Steps, analyzers.Step{Op: analyzers.OpSet, At: n.Place(pass), Name: n.Key, Value: analyzers.Literal(n.Text, at), Export: true})
		}
		pass.Facts.Programs = append(pass.Facts.Programs, p)
		if command := profile.Get("commandName"); first && command != nil && command.Text == "Project" {
			first = false
			p.Name = ""
			pass.Facts.Programs = append(pass.Facts.Programs, p)
		}
	}
}

// settings adds rows for the members of an object; within says in which it lies.
func settings(pass *analyzers.Pass, object *tree.Node, within string, means table.Means) {
	for _, n := range object.Keys() {
		if n.Kind == tree.Object {
			settings(pass, n, n.Key, means)
			continue
		}
		for _, one := range n.Elements() {
			switch {
			case one.Kind == tree.Object:
				settings(pass, one, n.Key, means)
			case one.Kind != tree.String:
			case isConnection(one.Text):
				connection(pass, n, one.Text, means)
			case table.What(n.Key) != "":
				table.Setting(pass, n.Key, one.Text, means, pass.At(one.Span.Start, one.Span.End))
			default: // "Redis": {"Host": "…"}
				table.Setting(pass, within+"_"+n.Key, one.Text, means, pass.At(one.Span.Start, one.Span.End))
			}
		}
	}
}

// isConnection reports whether a text is a connection string: Key=value;Key=value, or an address with a login.
func isConnection(text string) bool {
	return strings.Contains(text, "=") && strings.Contains(text, ";") || strings.Contains(text, "://") && strings.Contains(text, "@")
}

// connection adds rows for the server and the account that a connection string names. They stand at its key: the rest is a credential.
func connection(pass *analyzers.Pass, n *tree.Node, text string, means table.Means) {
	at := n.Place(pass)
	if strings.Contains(text, "://") && !strings.Contains(text, ";") {
		table.Add(pass, "host", table.Host(text), means, at)
		return
	}
	for pair := range strings.SplitSeq(text, ";") {
		key, value, _ := strings.Cut(pair, "=")
		switch strings.ToLower(strings.TrimSpace(key)) {
		case "server", "host", "data source", "endpoint", "accountendpoint", "addr", "address":
			table.Add(pass, "host", table.Host(strings.TrimSpace(value)), means, at)
		case "accountname":
			table.Add(pass, "account", value, means, at)
		}
	}
}
