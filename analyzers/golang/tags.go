package golang

import (
	"bytes"
	"go/ast"
	"reflect"
	"strconv"
	"strings"

	"github.com/stagewall/stagewall/analyzers/internal/code"
)

// tags notes the variables that the tags of structs name, each read into a field:
//
//	https://pkg.go.dev/github.com/caarlos0/env/v11       env:"NAME,required", envPrefix:"DB_"
//	https://pkg.go.dev/github.com/kelseyhightower/envconfig   envconfig:"NAME", with a prefix that the call gives
//	https://pkg.go.dev/github.com/sethvargo/go-envconfig    env:"NAME,default=x", env:",prefix=DB_"
//	https://pkg.go.dev/github.com/ilyakaznacheev/cleanenv   env:"NAME", env-prefix:"DB_"
func (f *file) tags() {
	if !bytes.Contains(f.pass.Data, []byte(`env:"`)) && !bytes.Contains(f.pass.Data, []byte(`envconfig:"`)) {
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

// read notes the variables of a struct's fields, whose names begin with the prefix.
func (r tagReader) read(s *ast.StructType, prefix string, depth int) {
	const deepest = 6
	if depth > deepest || s.Fields == nil {
		return
	}
	for _, field := range s.Fields.List {
		var tag reflect.StructTag
		if field.Tag != nil {
			text, err := strconv.Unquote(field.Tag.Value)
			if err != nil {
				continue
			}
			tag = reflect.StructTag(text)
		}
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

// envconfigPrefix returns the prefix that envconfig.Process is called with.
func (f *file) envconfigPrefix() string {
	for _, name := range []string{"Process", "MustProcess"} {
		for _, call := range f.calls[name] {
			if f.callee(call.Fun) == "github.com/kelseyhightower/envconfig."+name && len(call.Args) == 2 {
				if text, ok := code.Text(f.eval(call.Args[0], 0).parts); ok && text != "" {
					return strings.ToUpper(text) + "_"
				}
			}
		}
	}
	return ""
}
