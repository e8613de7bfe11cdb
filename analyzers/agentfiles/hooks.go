package agentfiles

import (
	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/commandline"
	"github.com/stagewall/stagewall/analyzers/internal/tree"
)

// helpers are the settings that are commands: https://code.claude.com/docs/en/settings.
var helpers = [][]string{
	{"apiKeyHelper"}, {"awsAuthRefresh"}, {"awsCredentialExport"}, {"gcpAuthRefresh"}, {"otelHeadersHelper"}, {"statusLine", "command"},
}

// hooks makes the session run what its settings run on events: {"event": [{"hooks": [{"command": "…"}]}]}.
func (s *session) hooks() {
	at := s.at(nil)
	s.steps = append(s.steps, analyzers.Step{
		Op: analyzers.OpSet, At: at, Name: "CLAUDE_PROJECT_DIR", Value: analyzers.Value{Parts: []analyzers.Part{{Text: "."}}}, Export: true,
	})
	for _, event := range s.root.Get("hooks").Keys() {
		for _, matcher := range event.Elements() {
			for _, hook := range matcher.Get("hooks").Elements() {
				s.run(hook.Get("command"), "a hook of the agent")
			}
			s.run(matcher.Get("command"), "a hook of the agent")
		}
	}
	for _, path := range helpers {
		s.run(s.root.Get(path...), "a command of the agent's settings")
	}
}

// run makes the session run a command line in a process of its own.
func (s *session) run(n *tree.Node, says string) {
	if n.Str() == "" {
		return
	}
	var line commandline.Line
	line.Add(n.Value(s.pass).Parts)
	steps, _ := line.Read(s.pass, "")
	s.steps = append(s.steps, analyzers.Step{Op: analyzers.OpRun, At: s.at(n), Steps: steps, Says: says})
}
