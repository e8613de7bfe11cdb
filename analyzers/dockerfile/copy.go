package dockerfile

import (
	"path"
	"slices"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/interpolate"
)

// copy reads COPY and ADD. What is brought in becomes a mount whose name is its place in the image.
func (s *stage) copy(in instruction) {
	options, args := flags(in.args, s.escape)
	texts, ok := list(args)
	if !ok {
		texts = words(args, s.escape)
	}
	if len(texts) < 2 {
		return
	}
	last := texts[len(texts)-1]
	to, known := s.text(unquote(last, s.escape, s.syntax()))
	folder := strings.HasSuffix(to, "/") || len(texts) > 2
	if known {
		to = s.absolute(to)
	}
	documents := in.documents
	for _, source := range texts[:len(texts)-1] {
		if strings.HasPrefix(source.String, "<<") && len(documents) > 0 {
			s.write(in, documents[0], to)
			documents = documents[1:]
			continue
		}
		pieces := unquote(source, s.escape, s.syntax())
		if from := options["from"]; from != nil {
			s.take(in, from[0], pieces, to, folder)
			continue
		}
		text, literal := s.text(pieces)
		if literal && remote(text) {
			continue
		}
		step := analyzers.Step{Op: analyzers.OpMount, File: new(s.value(pieces)), Says: "copied into the image", Optional: true, Copied: true}
		if known {
			step.Name = to
			if base := path.Base(text); folder && literal && path.Ext(base) != "" { // most likely a file: it keeps its name
				step.Name = path.Join(to, base)
			}
		}
		if excluded := options["exclude"]; excluded != nil {
			step.Guard = &analyzers.Guard{Patterns: excluded, Not: true}
		}
		s.emit(in, step)
		for _, p := range packaged(path.Clean(text)) {
			within := step
			within.Says, within.File = "built into the program that the image has", &analyzers.Value{At: step.Files().At, Parts: []analyzers.Part{{Text: p}}}
			s.emit(in, within)
		}
	}
}

// remote reports whether ADD gets the source from elsewhere.
func remote(source string) bool {
	return strings.Contains(source, "://") || strings.HasPrefix(source, "git@")
}

// write brings in a here-document: a file of that text.
func (s *stage) write(in instruction, d document, to string) {
	syntax := s.syntax()
	pieces := literal(d.text)
	if !d.quoted {
		pieces = syntax.Pieces(d.text)
	}
	s.emit(in, analyzers.Step{
		Op: analyzers.OpSet, Name: to, Value: s.value(pieces), Says: "written into the image",
	})
}

// take reads COPY --from: of the files that the other stage copied, those that lie at the path or below it, and what of a folder does.
func (s *stage) take(in instruction, from string, pieces []interpolate.Piece, to string, folder bool) {
	other := s.stage(s.expand(from))
	source, known := s.text(pieces)
	if other == nil || other == s || !known {
		return
	}
	source = path.Join("/", source)
	taken := source
	if wild := strings.IndexAny(source, "*?["); wild >= 0 {
		source = path.Dir(source[:wild] + "x")
	}
	for _, step := range other.steps {
		switch {
		case step.Op == analyzers.OpCompile:
			s.takeCompiled(in, step, source, to, folder)
			continue
		case step.Name == "" || step.Op != analyzers.OpMount && (step.Op != analyzers.OpSet || !path.IsAbs(step.Name)):
			continue
		case below(step.Name, source):
			step.Name = path.Join(to, strings.TrimPrefix(step.Name, source))
		case step.Op == analyzers.OpMount && below(source, step.Name):
			s.inner(in, step, strings.TrimPrefix(source, strings.TrimSuffix(step.Name, "/")), to)
			continue
		default:
			continue
		}
		step.At = s.reader.at(in.span)
		s.emit(in, step)
	}
	s.takePackaged(in, other, taken, to)
}

// inner takes a part of what another stage copied: of a folder, or the file that was copied into a folder under its own name.
func (s *stage) inner(in instruction, step analyzers.Step, part, to string) {
	step.At, step.Name = s.reader.at(in.span), to
	if text, known := step.Files().Text(); known && (part == "/"+path.Base(text)) {
		s.emit(in, step)
	}
	file := step.Files()
	file.Parts = append(slices.Clone(file.Parts), analyzers.Part{Text: part})
	step.File = &file
	s.emit(in, step)
}

// expand fills the variables in an option's value.
func (s *stage) expand(text string) string {
	expanded, _ := s.text(s.syntax().Pieces(interpolate.Plain(text, 0)))
	return expanded
}

// below reports whether the absolute path is the folder or lies in it.
func below(p, folder string) bool {
	return folder == "/" || p == folder || strings.HasPrefix(p, folder+"/")
}
