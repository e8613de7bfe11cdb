package agentfiles

import (
	"net/url"
	"slices"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/commandline"
	"github.com/stagewall/stagewall/analyzers/internal/lazyregexp"
	"github.com/stagewall/stagewall/analyzers/internal/tree"
	"github.com/stagewall/stagewall/detectors"
)

// serverKeys are the keys under which the tools list their servers.
var serverKeys = [][]string{{"mcpServers"}, {"servers"}, {"mcp_servers"}, {"context_servers"}, {"mcp", "servers"}, {"mcp"}}

// each calls do for every server that the settings list and have not switched off.
func (s *session) each(do func(server *tree.Node)) {
	for _, key := range serverKeys {
		for _, server := range s.root.Get(key...).Keys() {
			if address(server) == nil && server.Get("command") == nil {
				continue
			}
			if server.Get("disabled").Is("true") || server.Get("enabled").Is("false") {
				continue
			}
			do(server)
		}
	}
}

// address returns the address of a remote server.
func address(server *tree.Node) *tree.Node {
	for _, key := range []string{"url", "httpUrl", "serverUrl"} {
		if n := server.Get(key); n != nil {
			return n
		}
	}
	return nil
}

// trustedServers returns the servers whose tools the agent calls unasked.
func (s *session) trustedServers() []grant {
	var grants []grant
	s.each(func(server *tree.Node) {
		for _, key := range []string{"autoApprove", "alwaysAllow", "trust"} {
			if n := server.Get(key); n.Is("true") || len(n.Strings()) > 0 {
				grants = append(grants, grant{n, "calls tools of a server unasked (" + key + ")", false})
			}
		}
	})
	return grants
}

// servers makes the session start its servers, or send requests to those that run elsewhere.
func (s *session) servers() {
	s.each(func(server *tree.Node) {
		var steps []analyzers.Step
		for _, key := range []string{"env", "environment"} {
			steps = append(steps, s.sets(server.Get(key), s.template)...)
		}
		if n := server.Get("envFile"); n.Str() != "" {
			load := s.load("", s.at(n), "the server's envFile")
			load.Ref, load.IfUnset = &analyzers.Ref{Path: s.path(n)}, false
			steps = append([]analyzers.Step{load}, steps...) // env is set over it
		}
		steps = append(steps, s.command(server)...)
		steps = append(steps, s.request(server)...)
		if len(steps) > 0 {
			s.steps = append(s.steps, analyzers.Step{
				Op: analyzers.OpRun, At: s.at(server), Steps: steps, Says: "a server of the agent",
			})
		}
	})
}

// command returns the steps of a server that is started.
func (s *session) command(server *tree.Node) []analyzers.Step {
	program, args := server.Get("command"), server.Get("args")
	var sets []analyzers.Step
	if program != nil && program.Kind == tree.Object { // Zed's: {"path": …, "args": […], "env": {…}}
		program, args, sets = program.Get("path"), program.Get("args"), s.sets(program.Get("env"), s.template)
	}
	var words []analyzers.Value
	for _, word := range append(slices.Clone(program.Elements()), args.Elements()...) {
		words = append(words, s.path(word))
	}
	if len(words) == 0 {
		return nil
	}
	line := commandline.Command(words)
	steps, _ := line.Read(s.pass, server.Get("cwd").Str())
	return append(sets, steps...)
}

// request returns the steps of a server that runs elsewhere: its address and its headers are sent to it.
func (s *session) request(server *tree.Node) []analyzers.Step {
	target := address(server)
	if target.Str() == "" {
		return nil
	}
	base := s.sink(target)
	send := func(n *tree.Node, value analyzers.Value, header, scheme string) analyzers.Step {
		sink := base
		sink.Header, sink.Scheme = header, scheme
		return analyzers.Step{Op: analyzers.OpUse, At: s.at(n), Value: value, Sink: &sink}
	}
	steps := []analyzers.Step{send(target, s.template(target), "", "")}
	for _, key := range []string{"headers", "http_headers"} {
		for _, header := range server.Get(key).Keys() {
			steps = append(steps, send(header, s.template(header), header.Key, scheme(header.Str())))
		}
	}
	for _, header := range server.Get("env_http_headers").Keys() {
		steps = append(steps, send(header, s.variable(header), header.Key, ""))
	}
	if n := server.Get("bearer_token_env_var"); n.Str() != "" {
		steps = append(steps, send(n, s.variable(n), "Authorization", "Bearer"))
	}
	return steps
}

// sink returns where a server's requests go.
func (s *session) sink(target *tree.Node) detectors.Sink {
	sink := detectors.Sink{Tool: "mcp"}
	u, err := url.Parse(target.Str())
	if err != nil {
		return sink
	}
	sink.Host = strings.ToLower(u.Hostname())
	if at := strings.Index(target.Str(), u.Path); u.Path != "" && at >= 0 {
		part := target.Part(s.pass.Data, at, at+len(u.Path))
		sink.Path = detectors.Word{Text: part.Text, Span: part.Span}
	}
	return sink
}

// schemeExpr is the word before the value in a header.
var schemeExpr = lazyregexp.New(`^(?i:(bearer|basic|token|apikey|api-key|bot)) `)

func scheme(header string) string {
	if m := schemeExpr.FindStringSubmatch(header); m != nil {
		return m[1]
	}
	return ""
}
