package dockerfile

import (
	"path"
	"slices"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/interpolate"
)

// compile notes the programs that a build step makes: with a path, where it makes them. Packages are named by their paths in the image,
// whose ends are those in the checkout.
func (s *stage) compile(in instruction, args interpolate.Text) {
	if !strings.Contains(args.String, "go ") {
		return
	}
	scratch := s.pass.Apart(name) // of what else the step does nothing is in the image
	command := invocation(s.start(in, args))
	steps, _ := command.Steps(scratch, "build step")
	note := func(made *analyzers.Step) {
		if made.Op != analyzers.OpCompile {
			return
		}
		step := *made
		step.At = s.reader.at(in.span)
		if step.Name != "" && step.Name != "*" {
			step.Name = s.absolute(step.Name)
		}
		file := step.Files()
		file.Parts = s.inImage(file.Parts)
		step.File = &file
		linked := step.Value
		step.Value = analyzers.Value{}
		s.emit(in, step)
		if len(linked.Parts) > 0 && path.IsAbs(step.Name) {
			s.emit(in, analyzers.Step{
				Op: analyzers.OpSet, At: step.At, Name: step.Name, Value: analyzers.Value{At: step.At, Parts: s.arguments(linked.Parts)}, Says: "compiled into the program",
			})
		}
	}
	walk(steps, note)
	for _, p := range scratch.Facts.Programs { // sh -c
		walk(p.Steps, note)
	}
}

// inImage returns a path with the working directory before it, and what the file says of the variables in it.
func (s *stage) inImage(parts []analyzers.Part) []analyzers.Part {
	parts = s.arguments(parts)
	if len(parts) > 0 && parts[0].Hole == nil && strings.HasPrefix(parts[0].Text, ".") || len(parts) == 0 {
		text := ""
		if len(parts) > 0 {
			text, parts = parts[0].Text, parts[1:]
		}
		joined := s.absolute(text)
		if strings.HasSuffix(text, "/") {
			joined += "/"
		}
		return append([]analyzers.Part{{Text: joined}}, parts...)
	}
	return parts
}

// arguments returns a text in which the variables that are arguments of the build are these.
func (s *stage) arguments(parts []analyzers.Part) []analyzers.Part {
	parts = slices.Clone(parts)
	for i, p := range parts {
		if p.Hole == nil || p.Hole.Space != "" {
			continue
		}
		if s.args[p.Hole.Name] && !s.vars[p.Hole.Name] {
			parts[i] = analyzers.Part{Hole: &analyzers.Hole{Space: Space, Name: p.Hole.Name, Default: p.Hole.Default, Unset: p.Hole.Unset}}
		}
	}
	return parts
}

// takeCompiled keeps the programs of another stage that lie at a path or below it, under the names that they have from here on.
func (s *stage) takeCompiled(in instruction, step analyzers.Step, source, to string, folder bool) {
	switch {
	case step.Name == "" || step.Name == "*": // it may be among what is taken
	case !below(step.Name, source):
		return
	case step.Name == source && !folder:
		step.Name = to
	}
	s.emit(in, step)
}
