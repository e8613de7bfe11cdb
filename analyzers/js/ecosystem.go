package js

import (
	"bytes"
	"path"
	"slices"
	"strings"

	lexer "github.com/tdewolff/parse/v2/js"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/commandline"
	"github.com/stagewall/stagewall/analyzers/shell"
)

// The configuration of pm2 lists applications: each with a script, the variables that it always has, env, and those that it has if pm2 is called
// with --env NAME, env_NAME. What starts one runs the program of the file that is called [shell.Ecosystem], with the name as its argument.
// https://pm2.keymetrics.io/docs/usage/application-declaration/

// isEcosystem reports whether a file is called like one that pm2 takes for its configuration, and speaks of applications.
func isEcosystem(file string, data []byte) bool {
	name := strings.TrimSuffix(path.Base(file), path.Ext(file))
	return strings.HasSuffix(name, ".config") && bytes.Contains(data, []byte("apps")) && bytes.Contains(data, []byte("script"))
}

// ecosystem adds the program that starts the applications.
func (s *source) ecosystem() {
	var steps []analyzers.Step
	for i := range s.toks {
		list := i + 2
		if !s.is(i, "apps", ":") || s.kind(list) != lexer.OpenBracketToken {
			continue
		}
		for n := range maxParts {
			at := s.argument(list, n)
			if at == 0 {
				break
			}
			if app, _ := s.expression(at, 0); app.object != 0 {
				steps = append(steps, s.application(app.object)...)
			}
		}
	}
	if len(steps) > 0 {
		s.pass.Facts.Programs = append(s.pass.Facts.Programs, analyzers.Program{Name: shell.Ecosystem, At: s.pass.At(0, 0), Steps: steps})
	}
}

// application is how pm2 starts an application: once for each environment that it has variables for, and for all others.
func (s *source) application(brace int) []analyzers.Step {
	var words []analyzers.Value
	for _, key := range []string{"interpreter", "script", "args"} {
		v, at := s.option(brace, key)
		if text, _ := s.constant(at); key == "interpreter" && (at == 0 || text == "none") || at == 0 {
			continue
		}
		if text, ok := s.constant(at); ok && key == "args" {
			for word := range strings.FieldsSeq(text) {
				words = append(words, s.of(at, synthetic(word).parts))
			}
			continue
		}
		if text, ok := s.constant(at); ok && key == "script" && len(words) == 0 && path.Ext(text) != "" {
			words = append(words, s.of(at, synthetic("node").parts))
		}
		words = append(words, s.of(at, v.whole()))
	}
	line := commandline.Command(words)
	if line.Empty() {
		return nil
	}
	run, _ := line.Read(s.pass, path.Dir(s.pass.Path))
	always := s.applicationVariables(brace, "env")
	selected := analyzers.Value{At: s.place(brace, brace), Parts: []analyzers.Part{{Hole: &analyzers.Hole{Space: "args", Name: "1"}}}}
	var steps []analyzers.Step
	started := func(own []analyzers.Step) analyzers.Step {
		return analyzers.Step{Op: analyzers.OpRun, At: selected.At, Steps: slices.Concat(always, own, run), Says: "pm2 starts the application"}
	}
	start := func(guard analyzers.Guard, own []analyzers.Step) {
		steps = append(steps, analyzers.Step{Op: analyzers.OpBlock, At: selected.At, Guard: &guard, Steps: []analyzers.Step{started(own)}})
	}
	others := analyzers.Guard{Value: selected, Not: true}
	for _, m := range s.object(brace) {
		if name, ok := strings.CutPrefix(m.key, "env_"); ok && name != "file" {
			others.Patterns = append(others.Patterns, name)
			start(analyzers.Guard{Value: selected, Patterns: []string{name}}, s.applicationVariables(brace, m.key))
		}
	}
	if len(others.Patterns) == 0 {
		return []analyzers.Step{started(nil)}
	}
	start(others, nil)
	return steps
}

// applicationVariables are the steps that set the variables of an application.
func (s *source) applicationVariables(brace int, key string) []analyzers.Step {
	v, _ := s.option(brace, key)
	if v.object == 0 {
		return nil
	}
	var steps []analyzers.Step
	for _, m := range s.object(v.object) {
		if m.key != "" && !m.spread {
			inner, _ := s.expression(m.value, 1)
			steps = append(steps, analyzers.Step{
				Op: analyzers.OpSet, At: s.place(m.token, m.token), Name: m.key, Value: s.of(m.value, inner.whole()), Export: true,
			})
		}
	}
	return steps
}
