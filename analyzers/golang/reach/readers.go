package reach

import (
	"path"
	"reflect"
	"slices"
	"strings"
	"unicode"

	"github.com/stagewall/stagewall/analyzers/golang/library"
	"github.com/stagewall/stagewall/analyzers/golang/summary"
)

// giving is a call of a library by which a variable or a field gets a value.
type giving struct {
	call     *call
	row      library.Row
	names    []string // variables of the environment, without the prefix that the call gives
	whole    []string // the same, never with that prefix
	fallback string
	pkg      *summary.Package // of a token in the default, and where it stands
	at       summary.At
}

// readers notes what the calls of a package's functions give to variables and fields, and the options of command lines.
func (p *Program) readers(pkg *summary.Package) {
	for i := range pkg.Funcs {
		f := p.funcs[pkg.Funcs[i].ID]
		for _, c := range f.calls {
			if c.Callee == "" || p.funcs[c.Callee] != nil {
				continue
			}
			switch row := library.Of(c.Callee); row.Does {
			case library.Stores:
				if row.Into < len(c.Args) && row.Value < len(c.Args) {
					if into := &c.Args[row.Into]; into.Op == summary.Name || into.Op == summary.Member {
						p.giving[into.Text] = append(p.giving[into.Text], giving{call: c, row: row})
					}
				}
			case library.Decodes:
				for _, id := range c.Types {
					p.tags(c, row, id, nil, "", 0)
				}
			}
		}
	}
	if slices.ContainsFunc(pkg.Imports, func(i summary.Import) bool { return strings.HasPrefix(i.Path, "github.com/urfave/cli") }) {
		p.cli(pkg)
	}
}

// given is what libraries' functions give to a variable or a field.
func (p *Program) given(id string, depth int) value {
	var out value
	for _, g := range p.giving[id] {
		if !g.call.in.reached {
			continue
		}
		if g.row.Does == library.Stores {
			v := p.value(&g.call.Args[g.row.Value], g.call.in, nil, depth+1)
			if name := strings.ToLower(g.call.Callee); strings.Contains(name, "flag") {
				v = p.flagged(g.call, g.row.Into+1, v, depth)
			} else {
				v = opaque(v)
			}
			out = union(out, v)
			continue
		}
		var fallback value
		if g.fallback != "" {
			fallback = value{{parts: []part{{text: g.fallback, literal: true}}}}
			if strings.Contains(g.fallback, summary.TokenMark) {
				fallback = value{{parts: []part{{literal: true, pkg: g.pkg, at: g.at}}}}
			}
		}
		if g.row.Tags == "mapstructure" {
			out = union(out, p.setting(value{{parts: []part{{text: g.names[0], literal: true}}}}))
			continue
		}
		names := p.prefixed(g, depth)
		if len(names) == 0 && len(fallback) > 0 {
			out = union(out, fallback)
		}
		for _, name := range names {
			out = union(out, value{{parts: []part{{variable: name, fallback: fallback}}}})
		}
	}
	return out
}

// flagged is the value of a flag: what the user gives is not known, what it is without is its default.
func (p *Program) flagged(c *call, name int, fallback value, depth int) value {
	texts, _ := p.value(&c.Args[name], c.in, nil, depth+1).texts()
	called := "flag"
	if len(texts) == 1 {
		called = texts[0]
	}
	return value{{parts: []part{{variable: "--" + called, fallback: fallback}}}}
}

// prefixed returns the names of the variables that a field is read from.
func (p *Program) prefixed(g giving, depth int) []string {
	names := slices.Clone(g.whole)
	prefixes := []string{""}
	if g.row.Prefix > 0 && g.row.Prefix <= len(g.call.Args) {
		if texts, known := p.value(&g.call.Args[g.row.Prefix-1], g.call.in, nil, depth+1).texts(); known {
			prefixes = nil
			for _, t := range texts {
				if t != "" {
					t = strings.ToUpper(t) + "_"
				}
				prefixes = append(prefixes, t)
			}
		}
	}
	for _, prefix := range prefixes {
		for _, name := range g.names {
			if !slices.Contains(names, prefix+name) {
				names = append(names, prefix+name)
			}
		}
	}
	return names
}

// tags notes the variables that are read into the fields of a struct, by their tags:
//
//	https://pkg.go.dev/github.com/caarlos0/env/v11             env:"NAME,required", envDefault:"x", envPrefix:"DB_"
//	https://pkg.go.dev/github.com/ilyakaznacheev/cleanenv      env:"NAME,OTHER", env-default:"x", env-prefix:"DB_"
//	https://pkg.go.dev/github.com/sethvargo/go-envconfig       env:"NAME, default=x", env:", prefix=DB_"
//	https://pkg.go.dev/github.com/kelseyhightower/envconfig    envconfig:"NAME", split_words:"true", default:"x"; else the field's own name
//	https://pkg.go.dev/github.com/alecthomas/kong              env:"NAME,OTHER", default:"x", envprefix:"DB_"
func (p *Program) tags(c *call, row library.Row, id string, path []string, prefix string, depth int) {
	const deepest = 6
	s := p.structs[id]
	if s == nil || depth > deepest {
		return
	}
	for _, f := range s.Fields {
		tag := reflect.StructTag(f.Tag)
		g := giving{call: c, row: row, pkg: p.structOf[id], at: f.At}
		inner, within := prefix, path
		switch row.Tags {
		case "envconfig":
			if tag.Get("ignored") == "true" {
				continue
			}
			name := tag.Get("envconfig")
			own := strings.ToUpper(name)
			if own == "" {
				own = strings.ToUpper(f.Name)
				if tag.Get("split_words") == "true" {
					own = strings.ToUpper(split(f.Name))
				}
			} else {
				g.whole = []string{own}
			}
			within = append(slices.Clip(path), own)
			g.names, g.fallback = []string{strings.Join(within, "_")}, tag.Get("default")
		case "mapstructure":
			name, _, _ := strings.Cut(tag.Get("mapstructure"), ",")
			if name == "" {
				name = f.Name
			}
			within = append(slices.Clip(path), name)
			g.names = []string{strings.Join(within, ".")}
		default:
			names, options, _ := strings.Cut(tag.Get("env"), ",")
			g.fallback = first(tag.Get("envDefault"), tag.Get("env-default"), tag.Get("default"), optionOf(options, "default="))
			inner += first(tag.Get("envPrefix"), tag.Get("env-prefix"), tag.Get("envprefix"), optionOf(options, "prefix="))
			all := []string{strings.TrimSpace(names)}
			if row.Tags == "cleanenv" || row.Tags == "kong" {
				all = strings.Split(tag.Get("env"), ",")
			}
			for _, name := range all {
				if name = strings.TrimSpace(name); name != "" && name != "-" {
					g.names = append(g.names, prefix+name)
				}
			}
		}
		if f.Type != "" && p.structs[f.Type] != nil {
			p.tags(c, row, f.Type, within, inner, depth+1)
			continue
		}
		if len(g.names) > 0 || g.fallback != "" {
			p.giving[id+"."+f.Name] = append(p.giving[id+"."+f.Name], g)
		}
	}
}

func first(all ...string) string {
	for _, s := range all {
		if s != "" {
			return s
		}
	}
	return ""
}

func optionOf(options, name string) string {
	for o := range strings.SplitSeq(options, ",") {
		if value, ok := strings.CutPrefix(strings.TrimSpace(o), name); ok {
			return value
		}
	}
	return ""
}

// split puts underscores between the words of a field's name: APIToken is API_Token.
func split(name string) string {
	var b strings.Builder
	runes := []rune(name)
	for i, r := range runes {
		if i > 0 && unicode.IsUpper(r) && (unicode.IsLower(runes[i-1]) || i+1 < len(runes) && unicode.IsLower(runes[i+1])) {
			b.WriteByte('_')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// viper is what the program asks of github.com/spf13/viper.
type viper struct {
	prefixes  []string
	automatic bool
	bound     map[string][]string // variables, by key
	defaults  map[string]value    // by key
	files     []string            // names without ending
	folders   []string
}

// configure finds out what the program asks of viper.
func (p *Program) configure() {
	p.viper = viper{bound: map[string][]string{}, defaults: map[string]value{}}
	for _, id := range p.calling() {
		c := id
		texts := func(i int) []string {
			if i >= len(c.Args) {
				return nil
			}
			all, _ := p.value(&c.Args[i], c.in, nil, 0).texts()
			return all
		}
		row := library.Of(c.Callee)
		switch row.Does {
		case library.Prefixes:
			p.viper.prefixes = append(p.viper.prefixes, texts(row.Value)...)
		case library.Automatic:
			p.viper.automatic = true
		case library.Binds:
			for _, key := range texts(row.Value) {
				bound := p.viper.bound[strings.ToLower(key)]
				for i := row.Value + 1; i < len(c.Args); i++ {
					bound = append(bound, texts(i)...)
				}
				if len(c.Args) == row.Value+1 {
					bound = append(bound, "") // by its own name
				}
				p.viper.bound[strings.ToLower(key)] = bound
			}
		case library.Defaults:
			for _, key := range texts(row.Value) {
				if row.Value+1 < len(c.Args) {
					key = strings.ToLower(key)
					p.viper.defaults[key] = union(p.viper.defaults[key], p.value(&c.Args[row.Value+1], c.in, nil, 0))
				}
			}
		case library.Names:
			p.viper.files = append(p.viper.files, texts(row.Value)...)
		case library.Folders:
			p.viper.folders = append(p.viper.folders, texts(row.Value)...)
		}
	}
	p.forget()
}

// calling returns the calls of libraries in functions that are reached.
func (p *Program) calling() []*call {
	var all []*call
	for _, pkg := range p.packages {
		for i := range pkg.Funcs {
			f := p.funcs[pkg.Funcs[i].ID]
			if !f.reached {
				continue
			}
			for _, c := range f.calls {
				if c.Callee != "" && len(c.targets) == 0 {
					all = append(all, c)
				}
			}
		}
	}
	return all
}

// setting is the value of a key of viper's: of the variables that are bound to it, or of the one with its name if the environment is asked
// at all. https://pkg.go.dev/github.com/spf13/viper#readme-working-with-environment-variables
func (p *Program) setting(keys value) value {
	texts, _ := keys.texts()
	var out value
	for _, key := range texts {
		fallback := p.viper.defaults[strings.ToLower(key)]
		names := p.settings(key)
		for _, name := range names {
			out = union(out, value{{parts: []part{{variable: name, fallback: fallback}}}})
		}
		if len(names) == 0 {
			out = union(out, fallback)
		}
	}
	return out
}

func (p *Program) settings(key string) []string {
	own := strings.NewReplacer(".", "_", "-", "_").Replace(strings.ToUpper(key))
	prefixes := p.viper.prefixes
	if len(prefixes) == 0 {
		prefixes = []string{""}
	}
	var names []string
	add := func(name string) {
		for _, prefix := range prefixes {
			if prefix != "" {
				prefix = strings.ToUpper(prefix) + "_"
			}
			names = append(names, prefix+name)
		}
	}
	bound, is := p.viper.bound[strings.ToLower(key)]
	for _, name := range bound {
		if name == "" {
			add(own)
		} else {
			names = append(names, name)
		}
	}
	if !is && p.viper.automatic {
		add(own)
	}
	return names
}

// configFiles returns the files that viper looks for.
func (v viper) configFiles() []string {
	var files []string
	for _, name := range v.files {
		for _, folder := range append(slices.Clone(v.folders), ".") {
			for _, ext := range []string{".yaml", ".yml", ".json", ".toml", ".env"} {
				files = append(files, path.Join(folder, name)+ext)
			}
		}
	}
	slices.Sort(files)
	return slices.Compact(files)
}
