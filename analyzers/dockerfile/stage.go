package dockerfile

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/command"
	"github.com/stagewall/stagewall/analyzers/interpolate"
	"github.com/stagewall/stagewall/detectors"
)

// Space is where the arguments of a build are.
const Space = "build"

// Some facts of a stage only matter where an image is used. They are steps that linking passes over, and [Open] reads them.
const (
	opWorkdir    analyzers.Op = "workdir"    // Name is the working directory from here on
	opEntrypoint analyzers.Op = "entrypoint" // Steps are what a container does that is given a command
)

// The keys of the blocks that hold what a container does.
const (
	keyCommand = "command" // ENTRYPOINT and CMD
	keyHealth  = "health"
)

// stage is a stage while it is read. It begins as a copy of the stage that it is FROM.
type stage struct {
	*reader
	name  string
	at    detectors.Place
	steps []analyzers.Step
	dir   string            // the working directory, absolute; "" as long as an image from elsewhere decides it
	args  map[string]bool   // declared arguments
	vars  map[string]bool   // names that ENV set
	texts map[string]string // the texts of those of which one is known: an argument's is its default

	triggers   []instruction // ONBUILD
	entrypoint start
	command    start
	health     start
}

// start is what starts a program: a list of words or a line of shell.
type start struct {
	words []interpolate.Text
	line  interpolate.Text
	at    detectors.Place
}

func (s start) none() bool { return s.words == nil && s.line.String == "" }

// reader reads a file's stages.
type reader struct {
	pass    *analyzers.Pass
	escape  byte
	globals map[string][]interpolate.Piece // arguments before the first stage: their defaults
	stages  []*stage
	named   map[string]*stage
	size    int  // steps of all stages
	long    bool // a text was too long
}

// Limits of a file. Each stage repeats the steps of the one that it is FROM.
const (
	maxSteps  = 50_000 // of all stages
	maxStages = 1000
)

func (r *reader) read(list []instruction) {
	for _, in := range list {
		switch {
		case in.name == "FROM":
			r.from(in)
		case len(r.stages) == 0 && in.name == "ARG":
			for _, w := range words(in.args, r.escape) {
				name, value := r.assignment(w, interpolate.Syntax{Escape: r.escape})
				r.globals[name.String] = value
			}
		case len(r.stages) > 0:
			r.stages[len(r.stages)-1].instruction(in)
		}
		if r.size > maxSteps || len(r.stages) > maxStages {
			r.pass.Gap(r.at(in.span), "the stages of this Dockerfile are too many to follow; what the rest of them put into an image is not known")
			return
		}
	}
}

func (r *reader) at(span detectors.Span) detectors.Place { return r.pass.At(span.Start, span.End) }

// from begins a stage: FROM [--platform=…] IMAGE [AS NAME].
func (r *reader) from(in instruction) {
	list := words(in.args, r.escape)
	for len(list) > 0 && strings.HasPrefix(list[0].String, "--") {
		list = list[1:]
	}
	s := &stage{reader: r, args: map[string]bool{}, vars: map[string]bool{}, texts: map[string]string{}}
	if len(list) > 0 {
		if base := r.stage(r.globalText(list[0])); base != nil {
			copied := *base
			s = &copied
			s.steps, s.triggers = slices.Clone(base.steps), nil
			s.args, s.vars, s.texts = maps.Clone(base.args), maps.Clone(base.vars), maps.Clone(base.texts)
			r.size += len(s.steps)
			defer func() {
				for _, trigger := range base.triggers {
					s.instruction(trigger)
				}
			}()
		}
	}
	s.at, s.name = r.at(in.span), ""
	if len(list) > 2 && strings.EqualFold(list[1].String, "AS") {
		s.name = strings.ToLower(list[2].String)
	}
	r.stages = append(r.stages, s)
	r.named[s.name] = s
}

// globalText returns the text of a word of FROM, in which only the arguments before the first stage are known.
func (r *reader) globalText(word interpolate.Text) string {
	var b strings.Builder
	for _, p := range unquote(word, r.escape, interpolate.Syntax{Escape: r.escape}) {
		b.WriteString(p.Text.String)
		if p.Hole != nil {
			for _, q := range r.globals[p.Hole.Name] {
				b.WriteString(q.Text.String)
			}
		}
		if b.Len() > maxText {
			r.tooLong()
			break
		}
	}
	return b.String()
}

// stage returns the stage of a name or number, nil if it is an image from elsewhere.
func (r *reader) stage(name string) *stage {
	if s := r.named[strings.ToLower(name)]; s != nil && name != "" {
		return s
	}
	if n, err := strconv.Atoi(name); err == nil && n >= 0 && n < len(r.stages) {
		return r.stages[n]
	}
	return nil
}

// assignment splits NAME=value.
func (r *reader) assignment(word interpolate.Text, syntax interpolate.Syntax) (name interpolate.Text, value []interpolate.Piece) {
	n := strings.IndexByte(word.String, '=')
	if n < 0 {
		return word, nil
	}
	return word.Slice(0, n), unquote(word.Slice(n+1, len(word.String)), r.escape, syntax)
}

func (s *stage) instruction(in instruction) {
	switch in.name {
	case "ENV":
		s.env(in)
	case "ARG":
		s.arg(in)
	case "COPY", "ADD":
		s.copy(in)
	case "RUN":
		s.run(in)
	case "WORKDIR":
		dir, ok := s.text(unquote(in.args, s.escape, s.syntax()))
		if dir = s.absolute(dir); len(dir) > maxText {
			s.tooLong()
		} else if ok {
			s.dir = dir
			s.emit(in, analyzers.Step{Op: opWorkdir, Name: s.dir})
		}
	case "CMD":
		s.command = s.start(in, in.args)
	case "ENTRYPOINT":
		s.entrypoint, s.command = s.start(in, in.args), start{}
	case "HEALTHCHECK":
		_, args := flags(in.args, s.escape)
		if word, rest := cut(args); strings.EqualFold(word, "CMD") {
			s.health = s.start(in, rest)
		} else {
			s.health = start{}
		}
	case "ONBUILD":
		word, rest := cut(in.args)
		trigger := in
		trigger.name, trigger.args = strings.ToUpper(word), rest
		if trigger.name != "ONBUILD" && trigger.name != "FROM" {
			s.triggers = append(s.triggers, trigger)
		}
	}
}

// cut splits off the first word.
func cut(t interpolate.Text) (word string, rest interpolate.Text) {
	n := strings.IndexAny(t.String, " \t")
	if n < 0 {
		n = len(t.String)
	}
	return t.String[:n], trim(t.Slice(n, len(t.String)))
}

func (s *stage) emit(in instruction, step analyzers.Step) {
	if step.At.Line == 0 {
		step.At = s.reader.at(in.span)
	}
	s.steps = append(s.steps, step)
	s.size++
}

// syntax reads variables as the stage knows them at this instruction: a variable goes before an argument of its name.
func (s *stage) syntax() interpolate.Syntax {
	return interpolate.Syntax{Escape: s.escape, Hole: func(h analyzers.Hole) *analyzers.Hole {
		if s.args[h.Name] && !s.vars[h.Name] {
			h.Space = Space
		}
		return &h
	}}
}

// text returns the text of pieces as far as it is written in the file.
func (s *stage) text(pieces []interpolate.Piece) (string, bool) {
	var b strings.Builder
	for _, p := range pieces {
		if p.Hole == nil {
			b.WriteString(p.Text.String)
			continue
		}
		text, known := s.texts[p.Hole.Name]
		if !known && p.Hole.Default != nil {
			text, known = p.Hole.Default.Text()
		}
		if !known {
			return "", false
		}
		b.WriteString(text)
		if b.Len() > maxText {
			s.tooLong()
			return "", false
		}
	}
	return b.String(), true
}

// maxText bounds a text that is put together. A path can be no longer than that (PATH_MAX of limits.h).
const maxText = 4096

// tooLong says that a text was put together that is too long.
func (r *reader) tooLong() {
	if !r.long {
		r.long = true
		r.pass.Gap(r.pass.At(0, 0), "arguments and folders are put together to a text that is too long to follow; what it is used for is not known")
	}
}

// absolute returns the path in the image, relative ones to the working directory.
func (s *stage) absolute(p string) string {
	if path.IsAbs(p) {
		return path.Clean(p)
	}
	return path.Join("/", s.dir, p)
}

// env reads ENV NAME=value …, and the old form ENV NAME value.
func (s *stage) env(in instruction) {
	list := words(in.args, s.escape)
	if len(list) == 0 {
		return
	}
	var settings []setting
	if !strings.Contains(list[0].String, "=") {
		_, rest := cut(in.args)
		settings = []setting{{list[0], unquote(rest, s.escape, s.syntax())}}
	} else {
		for _, w := range list {
			name, value := s.assignment(w, s.syntax())
			settings = append(settings, setting{name, value})
		}
	}
	aside := entangled(settings)
	for _, set := range settings {
		if aside && set.name.String != "" {
			s.emit(in, analyzers.Step{
				Op: analyzers.OpSet, Space: asideSpace, Name: set.name.String, At: s.where(set.name), Value: s.value(set.value),
			})
		}
	}
	for _, set := range settings {
		name, value := set.name.String, s.value(set.value)
		if name == "" {
			continue
		}
		if aside {
			value.Parts = []analyzers.Part{{Hole: &analyzers.Hole{Space: asideSpace, Name: name}}}
		}
		s.emit(in, analyzers.Step{
			Op: analyzers.OpSet, Name: name, At: s.where(set.name), Value: value, Export: true, Says: "in the image's environment",
		})
		s.vars[name] = true
		s.know(name, set.value)
	}
}

// setting is one NAME=value of ENV.
type setting struct {
	name  interpolate.Text
	value []interpolate.Piece
}

// asideSpace keeps the values of one ENV until all of them are known: none of them sees another one of the same instruction.
const asideSpace = "aside"

// entangled reports whether a value names what an earlier setting of the same instruction sets.
func entangled(settings []setting) bool {
	set := map[string]bool{}
	for _, one := range settings {
		for _, p := range one.value {
			if p.Hole != nil && set[p.Hole.Name] {
				return true
			}
		}
		set[one.name.String] = true
	}
	return false
}

// arg reads ARG NAME[=default] ….
func (s *stage) arg(in instruction) {
	for _, w := range words(in.args, s.escape) {
		name, value := s.assignment(w, s.syntax())
		if name.String == "" {
			continue
		}
		if value == nil && !strings.Contains(w.String, "=") {
			value = s.globals[name.String]
		}
		s.args[name.String] = true
		s.know(name.String, value)
		s.emit(in, analyzers.Step{
			Op: analyzers.OpSet, Space: Space, Name: name.String, At: s.where(name), Value: s.value(value), IfUnset: true,
		})
		at := s.where(name)
		hole := analyzers.Value{At: at, Parts: []analyzers.Part{{Hole: &analyzers.Hole{Space: Space, Name: name.String}}}}
		s.remembers(in, at, "ARG "+name.String, hole, "in the image's history: a build argument is kept there")
	}
}

// remembers notes what stays in the image's history, as a variable that nothing reads.
func (s *stage) remembers(in instruction, at detectors.Place, what string, v analyzers.Value, says string) {
	name := fmt.Sprintf("%s of line %d", what, s.reader.at(in.span).Line)
	s.emit(in, analyzers.Step{Op: analyzers.OpSet, Name: name, At: at, Value: v, Says: says})
}

func (s *stage) know(name string, value []interpolate.Piece) {
	delete(s.texts, name)
	if text, ok := s.text(value); ok && value != nil {
		s.texts[name] = text
	}
}

func (s *stage) where(t interpolate.Text) detectors.Place {
	return s.reader.at(t.Span(0, len(t.String)))
}

// value makes a value of pieces.
func (s *stage) value(pieces []interpolate.Piece) analyzers.Value {
	v := analyzers.Value{Parts: interpolate.Parts(pieces)}
	for _, p := range pieces {
		if p.Hole == nil {
			at := s.where(p.Text)
			if v.At.Line == 0 {
				v.At = at
			}
			v.At.EndLine, v.At.EndColumn, v.At.Span.End = at.EndLine, at.EndColumn, at.Span.End
		}
	}
	return v
}

// flags splits the options off an instruction: --name=value.
func flags(args interpolate.Text, escape byte) (map[string][]string, interpolate.Text) {
	found := map[string][]string{}
	for strings.HasPrefix(args.String, "--") {
		word, rest := cut(args)
		name, value, _ := strings.Cut(strings.TrimPrefix(word, "--"), "=")
		found[name] = append(found[name], strings.Trim(value, `"'`))
		args = rest
	}
	return found, args
}

// start reads the exec or the shell form of a command.
func (s *stage) start(in instruction, args interpolate.Text) start {
	if list, ok := list(args); ok {
		return start{words: list, at: s.reader.at(in.span)}
	}
	return start{line: args, at: s.reader.at(in.span)}
}

// run keeps what a build step is given: it stays in the image's history. Only the step's arguments are of interest of the
// variables in it, since what ENV sets is in the image anyway.
func (s *stage) run(in instruction) {
	_, args := flags(in.args, s.escape)
	s.compile(in, args)
	s.publish(in, args)
	texts := []interpolate.Text{args}
	for _, d := range in.documents {
		texts = append(texts, d.text)
	}
	var parts []analyzers.Part
	for _, text := range texts {
		for _, p := range s.syntax().Pieces(text) {
			switch {
			case p.Hole == nil:
				for _, span := range p.Text.Spans() {
					parts = append(parts, analyzers.Part{Span: span}) // its text is code and no value
				}
			case p.Hole.Space == Space:
				parts = append(parts, analyzers.Part{Hole: p.Hole})
			}
		}
	}
	if len(parts) == 0 {
		return
	}
	at := s.reader.at(in.span)
	s.remembers(in, at, "RUN", analyzers.Value{Parts: parts, At: at}, "in the image's history: a build step is given it")
}

// program returns the stage's program. last is what the stage's containers do.
func (s *stage) program(name string) analyzers.Program {
	steps := slices.Clone(s.steps)
	add := func(op analyzers.Op, key string, at detectors.Place, c command.Command) {
		if did, _ := c.Steps(s.pass, "command"); len(did) > 0 {
			steps = append(steps, analyzers.Step{Op: op, Key: key, At: at, Steps: did})
		}
	}
	entrypoint, at := s.entrypoint, s.command.at
	if !entrypoint.none() {
		add(opEntrypoint, "", entrypoint.at, invocation(entrypoint))
		if s.command.none() {
			at = entrypoint.at
		}
	}
	add(analyzers.OpBlock, keyCommand, at, invocation(entrypoint, s.command))
	add(analyzers.OpBlock, keyHealth, s.health.at, invocation(s.health))
	return analyzers.Program{Name: name, At: s.at, Steps: steps}
}

// invocation returns the command that an entrypoint and its arguments make. A line of shell takes none.
func invocation(starts ...start) command.Command {
	var c command.Command
	for _, s := range starts {
		switch {
		case s.words != nil:
			for _, w := range s.words {
				c.Word(literal(w))
			}
		case s.line.String != "" && c.Empty():
			c.Line(literal(s.line))
			return c
		case s.line.String != "":
			c.Word(literal(s.line))
		}
	}
	return c
}

func literal(t interpolate.Text) []interpolate.Piece {
	if t.String == "" {
		return nil
	}
	return []interpolate.Piece{{Text: t}}
}
