package shell

import (
	"bytes"
	"maps"
	"slices"
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/lazyregexp"
	"github.com/stagewall/stagewall/detectors"
)

// stream is what passes through a pipe, a here-document or a redirection, as far as the text tells.
type stream struct {
	value analyzers.Value   // what was written
	files []analyzers.Value // files of which the content was written
	to    string            // the file that it is written to, as [Body] describes it; empty for a pipe

	asked  bool             // it goes to a program that says what it takes of it
	unread []analyzers.Step // the reads of files that wait for that

	body   *syntax.Word // the here-document that it is, for a shell that reads its program from it
	quoted bool         // nothing is expanded in the here-document

	guards int                        // of a substitution: the conditions that it stands under itself
	held   map[string]analyzers.Value // likewise, what is written under more of them, by the name under which it is kept
}

// keeps reports whether what is written is in a file afterwards that is not for a later step of the same job.
func (s *stream) keeps() bool {
	return s.to != "" && s.to != "/dev/null" && s.to != "$BASH_ENV" && !strings.HasPrefix(s.to, "$GITHUB_")
}

// write adds a line to what the command writes. What a substitution writes under a condition of its own is its value only there: it is
// set where it is written, and the value takes what was set. Other such lines are taken to be written in its place, not below it.
func (r *reader) write(line analyzers.Value) {
	switch {
	case r.out == nil:
		return
	case r.out.held != nil && r.guards > r.out.guards:
		name := r.hold(line)
		r.out.held[name] = line
		r.out.value.Parts = append(r.out.value.Parts, analyzers.Part{Hole: &analyzers.Hole{Space: keptSpace, Name: name}})
		return
	}
	if len(r.out.value.Parts) > 0 {
		r.out.value.Parts = append(r.out.value.Parts, synthetic("\n")...)
	}
	r.out.value.Parts = append(r.out.value.Parts, line.Parts...)
}

// filter writes what is computed from the input and from files.
func (r *reader) filter(at detectors.Place, files []analyzers.Value) {
	if r.out == nil {
		return
	}
	if r.in != nil {
		r.out.files = append(r.out.files, r.in.files...)
		r.out.value.Parts = append(r.out.value.Parts, r.in.value.Parts...)
	}
	r.out.files = append(r.out.files, files...)
	r.out.value.Parts = append(r.out.value.Parts, analyzers.Part{Span: detectors.Span{Start: at.Span.Start, End: at.Span.Start + 1}})
}

// output reads the statements of a command substitution and returns what they write.
func (r *reader) output(list []*syntax.Stmt) *stream {
	s := &stream{guards: r.guards, held: map[string]analyzers.Value{}}
	apart := false
	steps := r.collect(func() {
		r.writing(s, func() { apart = r.child(list) })
	})
	if apart {
		s.release()
	} else {
		for _, name := range slices.Sorted(maps.Keys(s.held)) {
			r.emit(analyzers.Step{Op: analyzers.OpSet, At: s.held[name].At, Space: keptSpace, Name: name})
		}
	}
	r.steps = append(r.steps, steps...)
	for n := len(s.value.Parts); n > 0; n = len(s.value.Parts) { // line ends behind it are taken off
		last := s.value.Parts[n-1]
		text := strings.TrimRight(last.Text, "\n")
		if last.Hole != nil || text == last.Text {
			break
		}
		s.value.Parts = append(s.value.Parts[:n-1:n-1], cut(last, 0, len(text))...)
	}
	return s
}

// release takes what was written under conditions as written in any case: where it is set is out of reach.
func (s *stream) release() {
	var parts []analyzers.Part
	for _, p := range s.value.Parts {
		if p.Hole != nil && p.Hole.Space == keptSpace {
			if line, ok := s.held[p.Hole.Name]; ok {
				parts = append(append(parts, line.Parts...), synthetic("\n")...)
				continue
			}
		}
		parts = append(parts, p)
	}
	s.value.Parts = parts
}

func (r *reader) writing(s *stream, f func()) {
	outer := r.out
	r.out = s
	f()
	r.out = outer
}

func (r *reader) reading(s *stream, f func()) {
	outer := r.in
	r.in = s
	f()
	r.in = outer
}

// redirected reads what happens with redirections.
// asked says that it says itself what it takes of its input.
func (r *reader) redirected(redirections []*syntax.Redirect, asked bool, f func()) {
	in, out := r.in, r.out
	var files []*stream
	for _, n := range redirections {
		switch n.Op {
		case syntax.Hdoc, syntax.DashHdoc:
			r.in = r.document(n)
		case syntax.WordHdoc:
			r.in = &stream{value: r.value(n.Word)}
		case syntax.RdrIn, syntax.RdrInOut:
			r.in = r.source(n.Word, asked)
		case syntax.RdrOut, syntax.AppOut, syntax.RdrClob, syntax.AppClob, syntax.RdrAll, syntax.AppAll:
			target := r.value(n.Word)
			if n.N != nil && n.N.Value != "1" {
				continue
			}
			r.out = &stream{to: written(target)}
			files = append(files, r.out)
		}
	}
	f()
	if r.in != in && r.in != nil {
		r.emit(r.in.unread...)
	}
	r.in, r.out = in, out
	for _, s := range files {
		r.saves(s)
	}
}

// document returns a here-document.
func (r *reader) document(n *syntax.Redirect) *stream {
	s := &stream{body: n.Hdoc}
	if n.Hdoc == nil {
		return s
	}
	for _, part := range n.Word.Parts {
		if _, plain := part.(*syntax.Lit); !plain {
			s.quoted = true
		}
	}
	q := hereDocument
	if s.quoted {
		q = raw
	}
	for _, part := range n.Hdoc.Parts {
		if lit, ok := part.(*syntax.Lit); ok {
			start, end := r.extent(lit)
			s.value.Parts = append(s.value.Parts, r.literalLines(start, end, q)...)
		} else {
			s.value.Parts = append(s.value.Parts, r.part(part, q)...)
		}
	}
	s.value.At = r.at(n.Hdoc)
	return s
}

// literalLines returns the parts of a literal of a here-document: one for each line where the script is a piece of a file that indents it, since the lines
// then lie apart.
func (r *reader) literalLines(start, end int, q quoting) []analyzers.Part {
	if at := r.text.span(start, end); at.End-at.Start == end-start {
		return r.literal(start, end, q)
	}
	var parts []analyzers.Part
	for start < end {
		next := end
		if length := bytes.IndexByte(r.text.bytes[start:end], '\n'); length >= 0 {
			next = start + length + 1
		}
		parts = append(parts, r.literal(start, next, q)...)
		start = next
	}
	return parts
}

// extent returns where a literal is. Its end can lie behind the line that ends a here-document, and, in quotes, behind the backslash of a line that goes on
// in the next one.
func (r *reader) extent(lit *syntax.Lit) (start, end int) {
	start, end = int(lit.Pos().Offset()), int(lit.End().Offset())
	if size := len(lit.Value); start+size < end && start+size <= len(r.text.bytes) && string(r.text.bytes[start:start+size]) == lit.Value {
		end = start + size
	}
	return start, end
}

// source returns the content of a file that a command reads its input from.
func (r *reader) source(w *syntax.Word, asked bool) *stream {
	for _, part := range w.Parts {
		if p, ok := part.(*syntax.ProcSubst); ok {
			return r.output(p.Stmts)
		}
	}
	file := r.word(w)
	if strings.HasPrefix(file.text, "/dev/") {
		return nil
	}
	s := &stream{files: []analyzers.Value{r.below(file.value)}, value: analyzers.Value{Parts: r.unknown(int(w.Pos().Offset()))}}
	if asked {
		s.unread = r.opening(file, nil)
	} else {
		r.opens(file)
	}
	return s
}

// written returns a file's name as [Body] describes it.
func written(v analyzers.Value) string {
	var b strings.Builder
	for _, p := range v.Parts {
		switch {
		case p.Hole == nil:
			b.WriteString(p.Text)
		case p.Hole.Space == "":
			b.WriteString("$" + p.Hole.Name)
		case p.Hole.Name != "":
			b.WriteString("$" + p.Hole.Space + ":" + p.Hole.Name)
		default:
			b.WriteString("*")
		}
	}
	return b.String()
}

var (
	assignment = lazyregexp.New(`^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)(=|<<-?)`)
	// output is the same of what a step of a workflow puts out, whose name is no variable's: role-arn=x
	output = lazyregexp.New(`^\s*([A-Za-z_][A-Za-z0-9_-]*)(=|<<-?)`)
)

// saves makes the lines NAME=value that are written to a file sets in the file's space. GitHub's form for values of several lines,
// NAME<<END, is read too: https://docs.github.com/actions/reference/workflow-commands-for-github-actions#multiline-strings
func (r *reader) saves(s *stream) {
	if strings.HasPrefix(s.to, "/dev/") {
		return
	}
	lines, named := split(s.value), assignment
	if strings.Trim(s.to, "${}") == "GITHUB_OUTPUT" {
		named = output
	}
	set := func(at detectors.Place, name string, v analyzers.Value) {
		r.emit(analyzers.Step{Op: analyzers.OpSet, At: at, Space: "file:" + s.to, Name: name, Value: unquote(v)})
	}
	open := r.open[s.to]
	for i := 0; i < len(lines); i++ {
		if open != nil {
			switch {
			case strings.TrimSpace(written(lines[i])) == open.end:
				open = nil
			case len(open.value.Parts) < maxParts:
				open.value.Parts = append(open.value.Parts, lines[i].Parts...)
			default:
				r.pass.Gap(open.value.At, r.what()+" writes a value of too many lines; what the rest of them hold is not known")
				open = nil
			}
			if open == nil || i+1 == len(lines) {
				set(r.open[s.to].value.At, r.open[s.to].name, r.open[s.to].value)
			}
			continue
		}
		if len(lines[i].Parts) == 0 || lines[i].Parts[0].Hole != nil {
			continue
		}
		first := lines[i].Parts[0]
		m := named.FindStringSubmatchIndex(first.Text)
		if m == nil {
			continue
		}
		value := analyzers.Value{At: lines[i].At, Parts: append(cut(first, m[1], len(first.Text)), lines[i].Parts[1:]...)}
		if !first.Span.Empty() {
			value.At = r.pass.At(first.Span.Start, first.Span.End)
		}
		name := first.Text[m[2]:m[3]]
		if first.Text[m[4]:m[5]] == "=" {
			set(value.At, name, value)
			continue
		}
		open = &opened{name, strings.TrimSpace(written(value)), analyzers.Value{At: value.At}}
		r.open[s.to] = open
	}
	if open == nil {
		delete(r.open, s.to)
	}
}

// opened is a value of several lines, of which more, and what ends it, may be written to its file later.
type opened struct {
	name, end string // the end as [written] has it
	value     analyzers.Value
}

const maxParts = 256 // of a value of several lines

// split returns the lines of a value.
func split(v analyzers.Value) []analyzers.Value {
	lines := []analyzers.Value{{At: v.At}}
	add := func(parts ...analyzers.Part) {
		last := &lines[len(lines)-1]
		last.Parts = append(last.Parts, parts...)
	}
	for _, p := range v.Parts {
		if p.Hole != nil || p.Text == "" {
			add(p)
			continue
		}
		start := 0
		for {
			length := strings.IndexByte(p.Text[start:], '\n')
			if length < 0 {
				break
			}
			add(cut(p, start, start+length)...)
			start += length + 1
			lines = append(lines, analyzers.Value{At: v.At})
		}
		add(cut(p, start, len(p.Text))...)
	}
	return lines
}

// cut returns the bytes [start, end) of a literal's text, as a part. The span of a literal with escapes stays whole.
func cut(p analyzers.Part, start, end int) []analyzers.Part {
	if start >= end {
		return nil
	}
	if p.Span.End-p.Span.Start == len(p.Text) {
		p.Span = detectors.Span{Start: p.Span.Start + start, End: p.Span.Start + end}
	}
	p.Text = p.Text[start:end]
	return []analyzers.Part{p}
}

// unquote removes the quotes around a value in a file of assignments.
func unquote(v analyzers.Value) analyzers.Value {
	if len(v.Parts) == 0 || v.Parts[0].Hole != nil || v.Parts[len(v.Parts)-1].Hole != nil {
		return v
	}
	head, tail := v.Parts[0].Text, v.Parts[len(v.Parts)-1].Text
	if head == "" || tail == "" || head[0] != '"' && head[0] != '\'' || tail[len(tail)-1] != head[0] || len(v.Parts) == 1 && len(head) == 1 {
		return v
	}
	parts := append([]analyzers.Part(nil), v.Parts...)
	last := len(parts) - 1
	tailPart := cut(parts[last], 0, len(tail)-1)
	parts = append(parts[:last], tailPart...)
	if len(parts) > 0 && (last > 0 || len(tailPart) > 0) {
		parts = append(cut(parts[0], 1, len(parts[0].Text)), parts[1:]...)
	}
	v.Parts = parts
	return v
}
