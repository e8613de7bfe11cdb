package reach

import (
	"path"
	"reflect"
	"slices"
	"strings"
	"unicode"

	"github.com/stagewall/stagewall/analyzers/golang/library"
	"github.com/stagewall/stagewall/analyzers/golang/summary"
	"github.com/stagewall/stagewall/analyzers/settings"
)

// giving is a call of a library by which a variable or a field gets a value.
type giving struct {
	call     *call
	row      library.Row
	from     *call    // the call of the function around it that says of which type the struct is; nil if the call does
	parents  string   // of a field: the path of the struct that it is in, see [object]
	names    []string // variables of the environment, without the prefix that the call gives
	whole    []string // the same, never with that prefix
	keys     []string // of settings
	fallback string
	pkg      *summary.Package // of a token in the default, and where it stands
	at       summary.At
	option   *option // of a flag that stores into a variable
}

// in is the function within whose calls the giving is told apart.
func (g *giving) in() *function {
	if g.from != nil {
		return g.from.in
	}
	return g.call.in
}

// readers notes what the calls of a package's functions give to variables and fields, and the options of command lines.
func (p *Program) readers(pkg *summary.Package) {
	for i := range pkg.Funcs {
		f := p.funcs[pkg.Funcs[i].ID]
		for _, c := range f.calls {
			if c.Callee == "" || p.funcs[c.Callee] != nil {
				continue
			}
			row := library.Of(c.Callee)
			switch row.Does {
			case library.Stores:
				if row.Value < len(c.Args) {
					p.give(p.pointed(c, row.Into), giving{call: c, row: row})
				}
			case library.Decodes:
				for _, id := range c.Types {
					p.tags(id, giving{call: c, row: row}, nil, "", 0)
				}
			case library.Fills:
				p.fills(c, row)
			}
			if row.Does == library.Decodes && row.File > 0 {
				p.fills(c, library.Row{Does: library.Fills, Into: row.Into, File: row.File, Tags: "yaml"})
			}
		}
	}
	if slices.ContainsFunc(pkg.Imports, func(i summary.Import) bool { return strings.HasPrefix(i.Path, "github.com/urfave/cli") }) {
		p.cli(pkg)
	}
}

func (p *Program) give(id string, g giving) {
	if id != "" {
		p.giving[id] = append(p.giving[id], g)
	}
}

// pointed returns the variable or field that an argument points to, be it by way of what a library made with it.
func (p *Program) pointed(c *call, i int) string {
	for range maxFrames {
		if i >= len(c.Args) {
			return ""
		}
		switch e := &c.Args[i]; e.Op {
		case summary.Name, summary.Member:
			return e.Text
		case summary.Result:
			made := p.called(e)
			if made == nil || made.Callee == "" || p.funcs[made.Callee] != nil {
				return ""
			}
			row := library.Of(made.Callee)
			if row.Yields != library.Same {
				return ""
			}
			c, i = made, row.Value
		default:
			return ""
		}
	}
	return ""
}

// fills notes a call that reads settings into what an argument points to: a struct whose type the call knows, or those who call the function
// around it, or a map.
func (p *Program) fills(c *call, row library.Row) {
	g := giving{call: c, row: row}
	p.fill(c, row.Into, g)
	if row.Into >= len(c.Args) || len(c.Types) > 0 {
		return
	}
	q, ok := p.params[c.Args[row.Into].Text]
	if !ok || q.function != c.in {
		return
	}
	for _, from := range p.callsOf[q.function.ID] {
		g.from = from
		p.fill(from, q.index, g)
	}
}

// fill notes that an argument of a call is filled: the fields of a struct, or the whole where nobody knows its fields.
func (p *Program) fill(c *call, i int, g giving) {
	known := false
	for _, id := range c.Types {
		known = known || p.structs[id] != nil
		p.tags(id, g, nil, "", 0)
	}
	if !known {
		p.give(p.pointed(c, i), g)
	}
}

// givenTo is what libraries' functions give to a variable in a frame, or for all callers.
func (p *Program) givenTo(id string, f *frame, depth int) value {
	var out sum
	for i := range p.giving[id] {
		g := &p.giving[id][i]
		switch {
		case !g.call.in.reached:
		case f != nil && f.function == g.in():
			out.add(p.gives(g, f, depth))
		case f == nil && p.home(id) == g.in():
			out.add(p.gives(g, nil, depth))
		default:
			out.add(apart(p.gives(g, nil, depth)))
		}
	}
	return out.all()
}

// givenIn is what libraries' functions give to a field of one of the owners, of which complete says that there are no others.
func (p *Program) givenIn(e *summary.Expr, owners []object, complete bool, depth int) value {
	chain := "" // the fields that it is in, as far as the expression names them
	for outer := &e.Args[0]; (outer.Op == summary.Member || outer.Op == summary.Element) && len(outer.Args) > 0; outer = &outer.Args[0] {
		if outer.Op == summary.Member {
			chain += inner(outer.Text, "")
		}
	}
	var out sum
	for i := range p.giving[e.Text] {
		g := &p.giving[e.Text][i]
		if !g.call.in.reached {
			continue
		}
		found := false
		for _, o := range owners {
			if o.Op != summary.Literal || !strings.HasPrefix(o.path, g.parents) {
				continue
			}
			found = true
			var f *frame
			if o.frame != nil && o.frame.function == g.in() {
				f = o.frame
			}
			v := p.gives(g, f, depth)
			if f == nil && (o.frame != nil || o.in != g.in()) {
				v = apart(v)
			}
			out.add(o.of(v))
		}
		if !found && !complete && (strings.HasPrefix(chain, g.parents) || strings.HasPrefix(g.parents, chain)) {
			out.add(apart(p.gives(g, nil, depth)))
		}
	}
	return out.all()
}

// gives is what a library's function gives to a variable or a field.
func (p *Program) gives(g *giving, f *frame, depth int) value {
	if g.from != nil {
		f = p.frameOf(g.from, target{function: g.call.in}, f)
	}
	arg := func(i int) value {
		if i < 0 || i >= len(g.call.Args) {
			return nil
		}
		return p.value(&g.call.Args[i], g.call.in, f, depth+1)
	}
	switch {
	case g.option != nil:
		return p.optionValue(g.option)
	case g.row.Does == library.Stores && strings.Contains(strings.ToLower(g.call.Callee), "flag"):
		return p.flagged(g.call, g.row.Into+1, arg(g.row.Value), depth)
	case g.row.Does == library.Stores && g.row.Tags != "":
		return p.encoded(&g.call.Args[g.row.Value], g.call.in, f, g.row.Tags, depth)
	case g.row.Does == library.Stores:
		return opaque(arg(g.row.Value))
	case g.row.Does == library.Fills:
		v := arg(g.row.Value)
		if g.row.File > 0 {
			v = contents(arg(g.row.File-1), g.call)
		}
		return keyed(decoded(v), g.keys...)
	case g.row.Tags == "mapstructure":
		return p.setting(value{{parts: []part{{text: strings.Join(g.keys, "."), literal: true}}}})
	case g.row.Tags == "koanf":
		return p.koanfSetting(g.keys)
	}
	var fallback value
	if g.fallback != "" {
		fallback = value{{parts: []part{{text: g.fallback, literal: true}}}}
		if strings.Contains(g.fallback, summary.TokenMark) {
			fallback = value{{parts: []part{{literal: true, pkg: g.pkg, at: g.at}}}}
		}
	}
	names := p.prefixed(g, depth)
	var out value
	if len(names) == 0 && len(fallback) > 0 {
		out = union(out, fallback)
	}
	for _, name := range names {
		out = union(out, value{{parts: []part{{variable: name, fallback: fallback}}}})
	}
	return out
}

// contents is what the files hold that a value names.
func contents(paths value, c *call) value {
	var out value
	for _, a := range paths {
		file := value{{parts: a.parts, opaque: a.opaque}}
		out = union(out, value{{parts: []part{{file: file, pkg: c.in.pkg, at: c.At}}, conditions: a.conditions, route: a.route}})
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
func (p *Program) prefixed(g *giving, depth int) []string {
	names := slices.Clone(g.whole)
	prefixes := []string{""}
	if g.row.Prefix > 0 && g.row.Prefix <= len(g.call.Args) {
		if options, isOption := p.prefixOption(&g.call.Args[g.row.Prefix-1], g.call.in, depth); isOption {
			prefixes = options
		} else if texts, known := p.value(&g.call.Args[g.row.Prefix-1], g.call.in, nil, depth+1).texts(); known {
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

// prefixOption returns the prefixes that options say, which are written as they are put in front of names; ok is false if an argument is no option.
func (p *Program) prefixOption(e *summary.Expr, in *function, depth int) (prefixes []string, ok bool) {
	objects, _ := p.objectsIn(e, in, nil, depth+1)
	for _, o := range objects {
		if o.Op != summary.Literal {
			continue
		}
		ok = true
		if i := slices.Index(o.Keys, "Prefix"); i >= 0 {
			texts, _ := p.value(&o.Args[i], o.in, o.frame, depth+1).texts()
			prefixes = append(prefixes, texts...)
		} else {
			prefixes = append(prefixes, "")
		}
	}
	return prefixes, ok
}

// tags notes the variables that are read into the fields of a struct, by their tags:
//
//	https://pkg.go.dev/github.com/caarlos0/env/v11             env:"NAME,required", envDefault:"x", envPrefix:"DB_"
//	https://pkg.go.dev/github.com/ilyakaznacheev/cleanenv      env:"NAME,OTHER", env-default:"x", env-prefix:"DB_"
//	https://pkg.go.dev/github.com/sethvargo/go-envconfig       env:"NAME, default=x", env:", prefix=DB_"
//	https://pkg.go.dev/github.com/kelseyhightower/envconfig    envconfig:"NAME", split_words:"true", default:"x"; else the field's own name
//	https://pkg.go.dev/github.com/alecthomas/kong              env:"NAME,OTHER", default:"x", envprefix:"DB_"
//
// or the keys of settings that are:
//
//	https://pkg.go.dev/encoding/json#Unmarshal                 json:"name"; else the field's own name, in any case
//	https://pkg.go.dev/gopkg.in/yaml.v3#Unmarshal              yaml:"name,inline"; else the field's own name in lower case
//	https://pkg.go.dev/github.com/BurntSushi/toml              toml:"name"; else the field's own name, in any case
//	https://pkg.go.dev/github.com/go-viper/mapstructure/v2     mapstructure:"name,squash"; else the field's own name, in any case
//	https://pkg.go.dev/github.com/knadh/koanf/v2               koanf:"name,squash", by mapstructure
func (p *Program) tags(id string, of giving, path []string, prefix string, depth int) {
	const deepest = 6
	s := p.structs[id]
	if s == nil || depth > deepest {
		return
	}
	p.filled[id] = true
	for _, f := range s.Fields {
		tag := reflect.StructTag(f.Tag)
		g := of
		g.pkg, g.at = p.structOf[id], f.At
		below, within := prefix, path
		switch of.row.Tags {
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
			if !f.Embedded {
				within = append(slices.Clip(path), own)
			}
			g.names, g.fallback = []string{strings.Join(within, "_")}, tag.Get("default")
		case "env", "cleanenv", "go-envconfig", "kong":
			names, options, _ := strings.Cut(tag.Get("env"), ",")
			g.fallback = first(tag.Get("envDefault"), tag.Get("env-default"), tag.Get("default"), optionOf(options, "default="))
			below += first(tag.Get("envPrefix"), tag.Get("env-prefix"), tag.Get("envprefix"), optionOf(options, "prefix="))
			all := []string{strings.TrimSpace(names)}
			if of.row.Tags == "cleanenv" || of.row.Tags == "kong" {
				all = strings.Split(tag.Get("env"), ",")
			}
			for _, name := range all {
				if name = strings.TrimSpace(name); name != "" && name != "-" {
					g.names = append(g.names, prefix+name)
				}
			}
		default:
			name, options, _ := strings.Cut(tag.Get(of.row.Tags), ",")
			if name == "-" && options == "" || !exported(f.Name) {
				continue
			}
			words := strings.Split(options, ",")
			inline := slices.Contains(words, "inline") || slices.Contains(words, "squash")
			if of.row.Tags == "json" || of.row.Tags == "toml" {
				inline = f.Embedded && name == ""
			}
			if name == "" {
				name = f.Name
			}
			if !inline {
				within = append(slices.Clip(path), name)
			}
			g.keys = within
		}
		next := g
		next.parents = inner(id+"."+f.Name, of.parents)
		switch {
		case f.Type != "" && p.structs[f.Type] != nil:
			p.tags(f.Type, next.plain(), within, below, depth+1)
			continue
		case f.Elem != "" && p.structs[f.Elem] != nil && g.keys != nil:
			if f.IsMap {
				within = append(slices.Clip(within), settings.Any)
			}
			p.tags(f.Elem, next.plain(), within, below, depth+1)
			continue
		}
		if len(g.names) > 0 || g.fallback != "" || g.keys != nil {
			p.give(id+"."+f.Name, g)
		}
	}
}

// plain is the giving without what is of one field alone.
func (g giving) plain() giving {
	return giving{call: g.call, row: g.row, from: g.from, parents: g.parents}
}

func exported(name string) bool { return name != "" && unicode.IsUpper([]rune(name)[0]) }

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
	read      value // what is read as settings
}

// configure finds out what the program asks of viper.
func (p *Program) configure() {
	p.viper, p.koanf = viper{bound: map[string][]string{}, defaults: map[string]value{}}, koanf{}
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
		case library.Opens:
			if strings.HasSuffix(c.Callee, ".SetConfigFile") && row.Value < len(c.Args) {
				p.viper.read = union(p.viper.read, decoded(contents(apart(p.value(&c.Args[row.Value], c.in, nil, 0)), c)))
			}
		case library.Configures:
			p.configures(c, row)
		case library.Separates:
			p.koanf.separators = append(p.koanf.separators, texts(row.Value)...)
		}
	}
	for _, file := range p.viper.configFiles() {
		named := value{{parts: []part{{text: file, literal: true}}}}
		p.viper.read = union(p.viper.read, decoded(value{{parts: []part{{file: named, pkg: p.main}}}}))
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
		out = union(out, keyed(p.viper.read, strings.Split(key, ".")...))
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
