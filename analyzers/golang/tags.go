package golang

import (
	"bytes"
	"go/ast"
	"go/token"
	"reflect"
	"strconv"
	"strings"

	"github.com/stagewall/stagewall/analyzers/internal/code"
	"github.com/stagewall/stagewall/analyzers/internal/lazyregexp"
)

// tags notes the variables that the tags of structs name, each read into a field:
//
//	https://pkg.go.dev/github.com/caarlos0/env/v11       env:"NAME,required", envPrefix:"DB_"
//	https://pkg.go.dev/github.com/kelseyhightower/envconfig   envconfig:"NAME", with a prefix that the call gives
//	https://pkg.go.dev/github.com/sethvargo/go-envconfig    env:"NAME,default=x", env:",prefix=DB_"
//	https://pkg.go.dev/github.com/ilyakaznacheev/cleanenv   env:"NAME", env-prefix:"DB_"
func (f *file) tags() {
	if !bytes.Contains(f.pass.Data, []byte(`env:"`)) && !bytes.Contains(f.pass.Data, []byte(`envconfig:"`)) && !bytes.Contains(f.pass.Data, []byte(kelseyhightower)) {
		return // most files
	}
	nested := map[*ast.StructType]bool{}
	structs := map[string]*ast.StructType{}
	ast.Inspect(f.tree, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.TypeSpec:
			if s, ok := n.Type.(*ast.StructType); ok {
				structs[n.Name.Name] = s
			}
		case *ast.Field:
			if s, ok := n.Type.(*ast.StructType); ok {
				nested[s] = true // read with the struct around it
			}
		}
		return true
	})
	r := tagReader{file: f, structs: structs}
	for _, call := range f.processed() {
		if s := structs[f.typeOf(pointed(call.Args[1]))]; s != nil {
			prefix, _ := code.Text(f.eval(call.Args[0], 0).parts)
			r.untagged(s, strings.ToUpper(prefix), 0)
		}
	}
	ast.Inspect(f.tree, func(n ast.Node) bool {
		if s, ok := n.(*ast.StructType); ok && !nested[s] {
			r.read(s, f.envconfigPrefix(), 0)
		}
		return true
	})
}

type tagReader struct {
	*file
	structs map[string]*ast.StructType
}

// deepestStruct is how many structs within structs are read.
const deepestStruct = 6

// tagOf returns the tag of a field, empty for one that has none or does not parse.
func tagOf(field *ast.Field) reflect.StructTag {
	if field.Tag == nil {
		return ""
	}
	text, _ := strconv.Unquote(field.Tag.Value)
	return reflect.StructTag(text)
}

// read notes the variables of a struct's fields, whose names begin with the prefix.
func (r tagReader) read(s *ast.StructType, prefix string, depth int) {
	if depth > deepestStruct || s.Fields == nil {
		return
	}
	for _, field := range s.Fields.List {
		tag := tagOf(field)
		inner, inline := field.Type.(*ast.StructType)
		if more := fieldPrefix(tag); more != "" || inline {
			if !inline {
				inner = r.structs[typeName(field.Type)]
			}
			if inner != nil {
				r.read(inner, prefix+more, depth+1)
			}
			if more != "" {
				continue
			}
		}
		if name, _, _ := strings.Cut(tag.Get("env"), ","); name != "" && name != "-" {
			if depth == 0 {
				prefix = "" // a prefix that a call gives is envconfig's
			}
			r.reads(field, prefix+name)
		}
		if name := tag.Get("envconfig"); name != "" && name != "-" {
			r.reads(field, strings.ToUpper(name))
			if prefix != "" {
				r.reads(field, prefix+strings.ToUpper(name))
			}
		}
	}
}

// untagged notes the variables of the fields of a struct that envconfig.Process fills: without a tag it is the field's name, and of one in a field the
// names of both. https://pkg.go.dev/github.com/kelseyhightower/envconfig#readme-struct-tag-support
func (r tagReader) untagged(s *ast.StructType, prefix string, depth int) {
	if depth > deepestStruct || s.Fields == nil {
		return
	}
	for _, field := range s.Fields.List {
		tag := tagOf(field)
		if tag.Get("ignored") == "true" {
			continue
		}
		inner, _ := field.Type.(*ast.StructType)
		if inner == nil {
			inner = r.structs[typeName(field.Type)]
		}
		if inner != nil && len(field.Names) == 0 { // embedded
			r.untagged(inner, prefix, depth+1)
		}
		for _, ident := range field.Names {
			name := ident.Name
			if tag.Get("split_words") == "true" {
				name = words.ReplaceAllString(name, "${1}${3}_${2}${4}")
			}
			if given := tag.Get("envconfig"); given != "" {
				name = given
			}
			name = strings.ToUpper(name)
			if prefix != "" {
				name = prefix + "_" + name
			}
			switch {
			case inner != nil:
				r.untagged(inner, name, depth+1)
			case tag.Get("envconfig") == "": // those with a tag are read anyway
				r.reads(ident, name)
			}
		}
	}
}

// words finds where a word ends in a field's name: before a capital behind a small letter, and before the last of several capitals.
var words = lazyregexp.New(`([a-z0-9])([A-Z])|([A-Z])([A-Z][a-z])`)

// fieldPrefix returns what a field's tag puts in front of the names of the fields in it.
func fieldPrefix(tag reflect.StructTag) string {
	for _, key := range []string{"envPrefix", "env-prefix"} {
		if prefix := tag.Get(key); prefix != "" {
			return prefix
		}
	}
	_, options, _ := strings.Cut(tag.Get("env"), ",")
	for option := range strings.SplitSeq(options, ",") {
		if prefix, ok := strings.CutPrefix(strings.TrimSpace(option), "prefix="); ok {
			return prefix
		}
	}
	return ""
}

const kelseyhightower = "github.com/kelseyhightower/envconfig"

// processed returns the calls of envconfig.Process.
func (f *file) processed() []*ast.CallExpr {
	var all []*ast.CallExpr
	for _, name := range []string{"Process", "MustProcess"} {
		for _, call := range f.calls[name] {
			if f.callee(call.Fun) == kelseyhightower+"."+name && len(call.Args) == 2 {
				all = append(all, call)
			}
		}
	}
	return all
}

// pointed returns what an expression points to.
func pointed(e ast.Expr) ast.Expr {
	if u, ok := e.(*ast.UnaryExpr); ok && u.Op == token.AND {
		return u.X
	}
	return e
}

// envconfigPrefix returns the prefix that envconfig.Process is called with.
func (f *file) envconfigPrefix() string {
	for _, call := range f.processed() {
		if text, ok := code.Text(f.eval(call.Args[0], 0).parts); ok && text != "" {
			return strings.ToUpper(text) + "_"
		}
	}
	return ""
}
