package golang

import (
	"go/ast"
	"go/token"
	"path"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/code"
	"github.com/stagewall/stagewall/analyzers/internal/lazyregexp"
)

var embedExpr = lazyregexp.New("\"[^\"]*\"|`[^`]*`|\\S+")

// embeds notes the files that are compiled in, and those of them that code reads: https://pkg.go.dev/embed.
func (f *file) embeds() {
	for _, group := range f.tree.Comments {
		for _, c := range group.List {
			for _, pattern := range patterns(c) {
				f.emit(c, running, analyzers.Step{
					Op: analyzers.OpMount, File: &analyzers.Value{At: f.at(c), Parts: f.glob(path.Join(path.Dir(f.pass.Path), pattern))},
					Says: "compiled in", Optional: true,
				})
			}
		}
	}
	if embedded := f.embedded(); len(embedded) > 0 {
		f.takes(embedded)
	}
}

// patterns returns what a comment embeds.
func patterns(c *ast.Comment) []string {
	text, ok := strings.CutPrefix(c.Text, "//go:embed ")
	if !ok {
		return nil
	}
	var all []string
	for _, pattern := range embedExpr.FindAllString(text, maxParts) {
		all = append(all, strings.TrimPrefix(strings.Trim(pattern, "\"`"), "all:"))
	}
	return all
}

// embedded returns the variables that files are embedded in: the file of one that holds its text, or "" for a file system.
func (f *file) embedded() map[string]string {
	found := map[string]string{}
	for _, decl := range f.tree.Decls {
		gen, ok := decl.(*ast.GenDecl)
		if !ok || gen.Tok != token.VAR {
			continue
		}
		for _, s := range gen.Specs {
			spec, ok := s.(*ast.ValueSpec)
			if !ok || len(spec.Names) != 1 {
				continue
			}
			doc := spec.Doc
			if doc == nil && !gen.Lparen.IsValid() {
				doc = gen.Doc
			}
			var files []string
			if doc != nil {
				for _, c := range doc.List {
					files = append(files, patterns(c)...)
				}
			}
			switch _, system := spec.Type.(*ast.SelectorExpr); {
			case len(files) == 0:
			case system:
				found[spec.Names[0].Name] = ""
			case len(files) == 1:
				found[spec.Names[0].Name] = files[0]
			}
		}
	}
	return found
}

// takes notes where code takes the text of an embedded file.
func (f *file) takes(embedded map[string]string) {
	opens := func(n ast.Node, parts []analyzers.Part) {
		f.emit(n, running, analyzers.Step{Op: analyzers.OpOpen, File: new(f.of(n, parts)), Optional: true, Says: "reads the embedded file"})
	}
	folder := path.Dir(f.pass.Path)
	ast.Inspect(f.tree, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ValueSpec:
			if len(n.Values) == 0 {
				return false // the declaration itself
			}
		case *ast.Ident:
			if file := embedded[n.Name]; file != "" && f.atTop(n) {
				opens(n, f.glob(path.Join(folder, file)))
			}
		case *ast.CallExpr:
			sel, ok := n.Fun.(*ast.SelectorExpr)
			if !ok || sel.Sel.Name != "ReadFile" && sel.Sel.Name != "Open" || len(n.Args) != 1 {
				break
			}
			if system, ok := sel.X.(*ast.Ident); ok && f.atTop(system) {
				if file, ok := embedded[system.Name]; ok && file == "" {
					opens(n, joined([]value{{parts: []analyzers.Part{{Text: folder}}}, f.eval(n.Args[0], 0)}).parts)
				}
			}
		}
		return true
	})
}

// atTop reports whether a name is that of a declaration at the top of the file, and not of one further in.
func (f *file) atTop(n *ast.Ident) bool {
	for _, d := range f.find(n.Name, n.Pos()) {
		if !d.top {
			return false
		}
	}
	return true
}

// glob is a path in which stars stand for any text.
func (f *file) glob(pattern string) []analyzers.Part {
	var parts []analyzers.Part
	for i, text := range strings.Split(pattern, "*") {
		if i > 0 {
			parts = append(parts, code.Unknown())
		}
		if text != "" {
			parts = append(parts, analyzers.Part{Text: text})
		}
	}
	return parts
}
