package tokens

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/stagewall/stagewall/detectors"
)

// longest is how many bytes a constant that is put together may have to be looked at as a whole.
const longest = 64 << 10

// source is one file as the compiler sees it: every constant string that is put together from pieces, or written with escapes, stands in
// data as one literal. Lines stay the same, since a literal that takes the place of several lines is followed by as many line breaks.
type source struct {
	path     string
	file     *token.File
	data     []byte
	folds    []fold           // in order
	literals []detectors.Span // string literals in data, in order
}

// fold is a constant expression in its new form.
type fold struct {
	from   detectors.Span   // in the file
	at     detectors.Span   // in data
	quotes []detectors.Span // pieces that are written elsewhere, in data
}

// sources reads the package's files.
func (u *unit) sources() ([]*source, error) {
	var list []*source
	for _, f := range u.Files {
		file := u.Fset.File(f.FileStart)
		data, err := u.ReadFile(file.Name())
		if err != nil {
			return nil, err
		}
		if len(data) != file.Size() {
			return nil, fmt.Errorf("%s changed while it was read", file.Name())
		}
		name := Base(u.Fset.Position(f.Package).Filename)
		list = append(list, newSource(path.Join(Dir(u.Pass), name), file, data, u.constants(f)))
	}
	return list, nil
}

// constants are the outermost constant string expressions of a file, in order.
type constants []expression

// expression is a constant string expression and its pieces; a single literal is its own piece.
type expression struct {
	ast.Expr
	pieces []piece
}

type piece struct {
	value string
	named bool // an identifier stands for it: what it holds is written elsewhere
}

// constants collects the file's constant strings.
func (u *unit) constants(f *ast.File) constants {
	var list constants
	tags := map[*ast.BasicLit]bool{}
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.Field:
			tags[n.Tag] = true
		case *ast.ImportSpec:
			return false
		case *ast.BinaryExpr:
			if pieces, ok := u.pieces(n, nil); ok {
				list = append(list, expression{n, pieces})
				return false
			}
		case *ast.BasicLit:
			if pieces, ok := u.pieces(n, nil); ok {
				list = append(list, expression{n, pieces})
			} else if text, err := strconv.Unquote(n.Value); err == nil && tags[n] { // compiled in for those who reflect
				list = append(list, expression{n, []piece{{value: text}}})
			}
		}
		return true
	})
	return list
}

// pieces adds what a constant string expression is put together from, left to right.
func (u *unit) pieces(e ast.Expr, to []piece) ([]piece, bool) {
	v := u.TypesInfo.Types[e].Value
	if v == nil || v.Kind() != constant.String {
		return nil, false
	}
	switch e := e.(type) {
	case *ast.ParenExpr:
		return u.pieces(e.X, to)
	case *ast.BinaryExpr:
		to, ok := u.pieces(e.X, to)
		if !ok {
			return nil, false
		}
		return u.pieces(e.Y, to)
	case *ast.Ident, *ast.SelectorExpr:
		return append(to, piece{value: constant.StringVal(v), named: true}), true
	case *ast.CallExpr: // a conversion
		if to, ok := u.pieces(e.Args[0], to); ok {
			return to, true
		}
	}
	return append(to, piece{value: constant.StringVal(v)}), true
}

// newSource puts the constants into the file's text.
func newSource(path string, file *token.File, data []byte, list constants) *source {
	s := &source{path: path, file: file}
	last := 0
	for _, e := range list {
		from := detectors.Span{Start: file.Offset(e.Pos()), End: file.Offset(e.End())}
		written := data[from.Start:from.End]
		s.data = append(s.data, data[last:from.Start]...)
		last = from.End
		at := len(s.data)
		text, quotes := e.quote(at)
		if text == "" || text == string(written) || len(e.pieces) == 1 && written[0] == '`' {
			s.data = append(s.data, written...)
		} else {
			s.data = append(s.data, text...)
			s.data = append(s.data, strings.Repeat("\n", strings.Count(string(written), "\n"))...)
			s.folds = append(s.folds, fold{from: from, at: detectors.Span{Start: at, End: len(s.data)}, quotes: quotes})
		}
		s.literals = append(s.literals, detectors.Span{Start: at, End: len(s.data)})
	}
	s.data = append(s.data, data[last:]...)
	return s
}

// quote writes the expression as one literal that begins at an offset, and returns where the pieces with names stand in it. The text is
// empty if it is too long.
func (e expression) quote(at int) (text string, named []detectors.Span) {
	var b strings.Builder
	b.WriteByte('"')
	for _, p := range e.pieces {
		if b.Len()+len(p.value) > longest {
			return "", nil
		}
		start := b.Len()
		quoted := strconv.Quote(p.value)
		b.WriteString(quoted[1 : len(quoted)-1])
		if p.named {
			named = append(named, detectors.Span{Start: at + start, End: at + b.Len()})
		}
	}
	b.WriteByte('"')
	return b.String(), named
}

// quotes reports whether what stands at the span is a piece that is written elsewhere: it is reported there.
func (s *source) quotes(at detectors.Span) bool {
	for _, f := range s.folds {
		for _, q := range f.quotes {
			if q.Contains(at) {
				return true
			}
		}
	}
	return false
}

// compiled reports whether what stands at the span gets into a program: it is a string, and not a test's.
func (s *source) compiled(at detectors.Span) bool {
	return !strings.HasSuffix(s.path, "_test.go") && slices.ContainsFunc(s.literals, func(l detectors.Span) bool { return l.Contains(at) })
}

// extent returns where a span of data stands in the file. A span in an expression that was put together is the whole expression.
func (s *source) extent(at detectors.Span) extent {
	start, end := s.offset(at.Start, false), s.offset(at.End, true)
	return extent{s.file.Pos(start), s.file.Pos(end)}
}

// offset returns the offset in the file of one in data; in an expression that was put together, its beginning or its end.
func (s *source) offset(at int, end bool) int {
	shift := 0
	for _, f := range s.folds {
		switch {
		case at < f.at.Start || end && at == f.at.Start:
			return at + shift
		case at < f.at.End || end && at == f.at.End:
			if end {
				return f.from.End
			}
			return f.from.Start
		}
		shift = f.from.End - f.at.End
	}
	return max(0, min(at+shift, s.file.Size()))
}
