package agentfiles

import (
	"bytes"
	"path"
	"slices"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/tree"
	"github.com/stagewall/stagewall/detectors"
)

// Analyzer reads the files of coding agents.
var Analyzer = &analyzers.Analyzer{
	Name: "agentfiles",
	Doc: `agentfiles reads what coding agents are given: settings, servers, instructions

A session of an agent is a unit at its settings file, in development and in staging. It gets the environment that the settings define,
what its servers are started with, its instructions and the checkout; what is denied counts only where the tool enforces it.`,
	Version: 2,
	Files:   patterns(),
	Run:     run,
	Join:    join,
}

const name = "agentfiles"

func run(pass *analyzers.Pass) error {
	if tool, ok := ignoreFiles[path.Base(pass.Path)]; ok {
		pass.Facts.Ignores = ignores(pass.Data, tool)
		return nil
	}
	if t := settingsOf(pass.Path); t != nil {
		settings(pass, t)
		return nil
	}
	if all := readers(pass.Path); len(all) > 0 {
		instructions(pass, all)
	}
	return nil
}

// ignores reads an ignore file, of which an agent's have the syntax of .gitignore.
func ignores(data []byte, tool string) *analyzers.Ignores {
	ignores := &analyzers.Ignores{Syntax: "git", Tool: tool}
	for line := range bytes.Lines(data) {
		pattern := strings.TrimRight(string(line), " \t\r\n")
		if pattern != "" && pattern[0] != '#' {
			ignores.Patterns = append(ignores.Patterns, strings.TrimPrefix(pattern, `\`))
		}
	}
	return ignores
}

// settings reads a settings file and makes the session that stands at it.
func settings(pass *analyzers.Pass, t *tool) {
	root, err := parse(pass)
	if err != nil {
		pass.Gap(detectors.Place{Path: pass.Path}, t.title+"'s settings cannot be read as what they are; what they define is not followed")
	}
	if path.Base(path.Dir(pass.Path)) == ".vscode" && path.Base(pass.Path) == "settings.json" && !concernsAgent(root) {
		return // an editor's settings that say nothing of an agent
	}
	s := &session{pass: pass, tool: t, root: root, folder: project(pass.Path)}
	s.environment()
	s.checkout()
	s.servers()
	s.hooks()
	pass.Facts.Programs = append(pass.Facts.Programs, analyzers.Program{
		At: pass.At(0, 0), Shell: true, Dir: s.folder, Steps: append(s.steps, sources(t, pass.At(0, 0))...),
	})
	pass.Facts.Units = append(pass.Facts.Units, s.unit())
}

func parse(pass *analyzers.Pass) (*tree.Node, error) {
	switch path.Ext(pass.Path) {
	case ".toml":
		return tree.TOML(pass.Data)
	case ".json", ".jsonc":
		if len(bytes.TrimSpace(pass.Data)) == 0 {
			return nil, nil
		}
		return tree.JSON(pass.Data)
	case ".yml", ".yaml":
		return tree.YAML(pass.Data)
	}
	return nil, nil // only its text counts
}

// unitOf returns the unit of a session that stands in the pass' file.
func unitOf(file, title string, runs analyzers.Ref) analyzers.Unit {
	at := detectors.Place{Path: file, Line: 1, Column: 1, EndLine: 1, EndColumn: 1}
	return analyzers.Unit{
		ID: file, Name: title, Kind: "agent-session", At: at, Runs: runs,
		Signs: []analyzers.Sign{{
			Class:        analyzers.Declared,
			Environments: detectors.Staging | detectors.Development,
			Says:         "what an agent is set to do may be work on staging",
			At:           at,
		}},
	}
}

// sources makes a session read its instructions.
func sources(t *tool, at detectors.Place) []analyzers.Step {
	return []analyzers.Step{{
		Op: analyzers.OpSource, At: at, Ref: &analyzers.Ref{Name: instructionsName(t)}, Optional: true,
		Says: t.title + "'s sessions read the instructions",
	}}
}

// instructionsName is the name under which the whole repository knows the instructions of a tool.
func instructionsName(t *tool) string { return "@agent/" + t.name }

// alone names the program of a session that has instructions and no settings file.
const alone = "session"

// join makes the sessions of tools that have instructions and no settings file, and brings together what Claude Code's settings of one
// folder deny.
func join(index analyzers.Index) []*analyzers.Facts {
	var made []*analyzers.Facts
	served := map[string]bool{} // tools that have a session
	var texts []string
	denied := map[string][]string{}
	var folders []string
	for _, file := range index.All() {
		for _, f := range index.Facts(file) {
			if f.Analyzer != name {
				continue
			}
			t := settingsOf(file)
			if t == nil {
				if len(readers(file)) > 0 {
					texts = append(texts, file)
				}
				continue
			}
			served[t.name] = served[t.name] || len(f.Units) > 0
			if f.Ignores != nil {
				folder := deniedBy(file)
				if denied[folder] == nil {
					folders = append(folders, folder)
				}
				denied[folder] = append(denied[folder], f.Ignores.Patterns...)
			}
		}
	}
	slices.SortStableFunc(texts, func(a, b string) int { return strings.Count(a, "/") - strings.Count(b, "/") })
	for _, file := range texts {
		all := readers(file)
		if slices.ContainsFunc(all, func(t *tool) bool { return served[t.name] }) {
			continue
		}
		for _, t := range all {
			served[t.name] = true
		}
		unit := unitOf(file, titles(all), analyzers.PathTo(file, alone, detectors.Place{Path: file}))
		made = append(made, &analyzers.Facts{Path: file, Analyzer: name, Units: []analyzers.Unit{unit}})
	}
	slices.Sort(folders)
	for _, folder := range folders {
		made = append(made, &analyzers.Facts{
			Path: folder, Analyzer: name,
			Ignores: &analyzers.Ignores{Syntax: "git", Tool: "claude", Patterns: denied[folder]},
		})
	}
	return made
}

// titles joins the tools' names for people.
func titles(all []*tool) string {
	if len(all) > 2 {
		return "coding agent"
	}
	var names []string
	for _, t := range all {
		names = append(names, t.title)
	}
	return strings.Join(names, " or ")
}

// deniedBy returns the path under which what Claude Code's settings of one folder deny is known: their patterns are relative to the
// folder that holds it.
func deniedBy(file string) string { return path.Join(project(file), ".claude") }
