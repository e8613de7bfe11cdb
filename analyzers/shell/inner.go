package shell

import (
	"fmt"
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"github.com/stagewall/stagewall/analyzers"
)

// inside returns the text that a word expands to as a piece of its own. What is expanded in it are the piece's placeholders.
func (r *reader) inside(words ...word) text {
	b := &builder{r: r}
	for i, w := range words {
		if i > 0 {
			b.write(" ", b.end())
		}
		if w.node == nil {
			b.value(w.value)
			continue
		}
		b.parts(w.node.Parts, unquoted)
	}
	return b.text()
}

// inDocument returns a here-document as a piece of its own.
func (r *reader) inDocument(s *stream) text {
	b := &builder{r: r}
	q := hereDocument
	if s.quoted {
		q = raw
	}
	for _, part := range s.body.Parts {
		if lit, ok := part.(*syntax.Lit); ok {
			start, end := r.extent(lit)
			b.literal(start, end, q)
		} else {
			b.parts([]syntax.WordPart{part}, q)
		}
	}
	return b.text()
}

// builder puts a piece together from parts of another one.
type builder struct {
	r       *reader
	bytes   []byte
	offsets []int // in the file, of each byte
	fills   []Fill
}

func (b *builder) text() text {
	end := b.end()
	offsets := append(b.offsets, end)
	return text{
		bytes: blank(b.bytes, b.fills),
		fills: b.fills,
		at:    func(offset int) int { return offsets[max(0, min(offset, len(offsets)-1))] },
	}
}

// end returns the file's offset behind what is there so far.
func (b *builder) end() int {
	if len(b.offsets) == 0 {
		return 0
	}
	return b.offsets[len(b.offsets)-1] + 1
}

func (b *builder) write(s string, offset int) {
	b.bytes = append(b.bytes, s...)
	for range len(s) {
		b.offsets = append(b.offsets, offset)
	}
}

// fill writes a placeholder for what begins at an offset of the file.
func (b *builder) fill(value analyzers.Value, offset int) {
	start := len(b.bytes)
	b.write("____", offset)
	b.fills = append(b.fills, Fill{Start: start, End: len(b.bytes), Value: value})
}

// value writes a value that is not written as a word of the piece: its known text, where that is written. A word that a file whose variables were taken in
// since can have replaced is left for the linker to find; of texts that are more than that, commands for one, what is written here has to do.
func (b *builder) value(v analyzers.Value) {
	for _, p := range v.Parts {
		k := b.r.knowPart(p)
		if !k.whole || b.r.mayBeReplaced(p) && !strings.ContainsAny(k.prefix, " \t\n;&|<>()$`\"'\\") {
			b.fill(analyzers.Value{Parts: []analyzers.Part{p}, At: v.At}, v.At.Span.Start)
			continue
		}
		for _, known := range k.parts {
			b.known(known)
		}
	}
}

// mayBeReplaced reports whether a part is a variable that was set before those of a file were taken in.
func (r *reader) mayBeReplaced(p analyzers.Part) bool {
	return r.tookAt > 0 && p.Hole != nil && p.Hole.Space == "" && r.known.since(p.Hole.Name) <= r.tookAt
}

// known writes a literal.
func (b *builder) known(p analyzers.Part) {
	exact := p.Span.End-p.Span.Start == len(p.Text)
	for i := range len(p.Text) {
		offset := p.Span.Start
		if exact {
			offset += i
		}
		b.write(p.Text[i:i+1], offset)
	}
}

func (b *builder) parts(nodes []syntax.WordPart, q quoting) {
	for _, n := range nodes {
		start, end := int(n.Pos().Offset()), int(n.End().Offset())
		switch n := n.(type) {
		case *syntax.Lit:
			start, end = b.r.extent(n)
			b.literal(start, end, q)
		case *syntax.SglQuoted:
			if n.Dollar {
				b.literal(start+len("$'"), end-1, ansi)
			} else {
				b.literal(start+1, end-1, raw)
			}
		case *syntax.DblQuoted:
			b.parts(n.Parts, doubleQuoted)
		case *syntax.ParamExp:
			b.value(analyzers.Value{Parts: b.r.parameter(n), At: b.r.at(n)})
		default:
			b.fill(analyzers.Value{Parts: b.r.unknown(start)}, b.r.text.at(start))
		}
	}
}

func (b *builder) literal(start, end int, q quoting) {
	start, end = max(0, start), min(end, len(b.r.text.bytes))
	for start < end {
		f, next := b.r.text.fill(start, end)
		if f != nil {
			b.fill(f.Value, b.r.text.at(start))
			start = f.End
			continue
		}
		unescaped(b.r.text.bytes[start:next], q, func(s string, offset int) { b.write(s, b.r.text.at(start+offset)) })
		start = next
	}
}

// evaluate reads a piece that happens in this very shell.
func (r *reader) evaluate(t text) flow {
	outer := r.text
	r.text = t
	defer func() { r.text = outer }()
	if r.text.tooLarge() {
		return flow{}
	}
	return r.statements(r.parse())
}

// shell reads a piece that another shell reads: it sees what is exported. What was expanded in it before is handed over.
func (r *reader) shell(c command, t text, args []word) {
	var given []analyzers.Step
	name := r.programName("sh", t.at(0))
	for i, f := range t.fills {
		if isLiteral(f.Value) {
			continue
		}
		of := fmt.Sprintf("%s/%d", name, i)
		r.given[of] = r.know(f.Value)
		if h, ok := r.soleHole(f.Value); ok && h.Space == "" && !r.given[of].whole {
			r.given[of], _ = r.guesses.get(h.Name)
		}
		given = append(given, analyzers.Step{Op: analyzers.OpSet, At: c.at, Space: "given", Name: of, Value: f.Value})
		t.fills[i].Value.Parts = []analyzers.Part{{Hole: &analyzers.Hole{Space: "given", Name: of}}}
	}
	n := *r
	n.text, n.steps, n.begun, n.args, n.in, n.looping = t, nil, 0, arguments{open: true, from: 1}, nil, false
	n.opt.Script, n.guards = false, 0
	var steps []analyzers.Step
	n.copied(func() {
		n.functions, n.locals = newTable[function](), nil
		steps = n.piece()
	})
	if len(steps) == 0 {
		return
	}
	r.pass.Facts.Programs = append(r.pass.Facts.Programs, analyzers.Program{Name: name, At: c.at, Steps: steps})
	step := analyzers.Step{Op: analyzers.OpRun, At: c.at, Ref: new(analyzers.PathTo(r.pass.Path, name, c.at)), Steps: given}
	step.Ref.Args = r.arguments(args).given()
	r.run(c, step)
}

// programName returns a name for a program that is written at an offset of the file: it is unique within the file.
func (r *reader) programName(kind string, offset int) string {
	*r.kepts++
	return fmt.Sprintf("%s@%d.%d.%d", kind, offset, r.first, *r.kepts)
}

// functionName is the name of the program that a function is which its own file does not call.
func functionName(name string) string { return "function " + name }

// borrowed calls a function of a file that the shell sourced, if one has it. A file that sources nothing can be
// sourced by one that does; then only a command that has no rules of its own is taken for one.
func (r *reader) borrowed(c command) {
	if !r.sourced && !r.opt.Script || !isFunctionName(c.name()) || c.bare {
		return
	}
	ref := analyzers.Ref{Name: functionName(c.name()), Args: values(c.args())}
	step := analyzers.Step{Op: analyzers.OpSource, At: c.at, Ref: new(ref), Optional: true}
	call := analyzers.Step{Op: analyzers.OpBlock, At: c.at}
	for _, s := range c.sets {
		if s.Op == analyzers.OpSet && s.Space == "" {
			s.Export = true
			call.Own, call.Steps = append(call.Own, s.Name), append(call.Steps, s)
		}
	}
	if len(call.Own) > 0 {
		call.Steps = append(call.Steps, step)
		step = call
	}
	r.emit(step)
}

// isFunctionName reports whether a word is a name as people give functions: kube::log::status, docker-build, lib.load.
func isFunctionName(word string) bool {
	return word != "" && !strings.ContainsAny(word[:1], ":.-") && isName(strings.NewReplacer(":", "_", ".", "_", "-", "_").Replace(word))
}

// defineInner adds the functions that are defined within functions: who calls the outer one has them.
func (r *reader) defineInner() {
	for _, name := range r.functions.names() {
		f, _ := r.functions.get(name)
		syntax.Walk(f.body, func(n syntax.Node) bool {
			if decl, ok := n.(*syntax.FuncDecl); ok && decl.Name != nil {
				if _, known := r.functions.get(decl.Name.Value); !known {
					r.functions.set(decl.Name.Value, function{body: decl.Body, text: f.text})
				}
			}
			return true
		})
	}
}

// library adds a program for each function of the script: those who source it may call it, and what is not seen in one that nobody calls is
// no gap. Of functions that nobody is known to call so it only notes their names, and at a glance of all, since hardly any ever is.
func (r *reader) library() {
	budget := maxOfFunctions
	r.defineInner()
	for _, name := range r.functions.names() {
		if r.pass.Glance || r.pass.Wants != nil && !r.pass.Wants(functionName(name)) {
			r.pass.Facts.Leave(analyzers.Left{Programs: []string{functionName(name)}})
			continue
		}
		f, _ := r.functions.get(name)
		n := *r
		n.budget = &budget
		n.text, n.guards = f.text, 1
		at := n.at(f.body)
		gaps := len(r.pass.Facts.Gaps)
		steps := n.collect(func() {
			n.copied(func() {
				n.known, n.guesses, n.sourced = newTable[knowledge](), newTable[knowledge](), true
				n.function(f, at, nil, arguments{open: true, from: 1})
			})
		})
		if budget <= 0 && len(r.pass.Facts.Gaps) == gaps { // it was used up before
			r.pass.Gap(at, r.what()+tooLong)
		}
		for _, g := range r.pass.Facts.Gaps[gaps:] { // those of whoever calls it
			steps = append(steps, analyzers.Step{Op: analyzers.OpGap, At: g.At, Says: g.Says})
		}
		r.pass.Facts.Gaps = r.pass.Facts.Gaps[:gaps]
		if len(steps) > 0 {
			r.pass.Facts.Programs = append(r.pass.Facts.Programs, analyzers.Program{Name: functionName(name), At: at, Apart: true, Steps: steps})
		}
	}
}
