package tag

import (
	"cmp"
	"slices"
	"strings"

	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/environ"
)

// power sets what the token may do: at most what its kind allows, or exactly what its text says; at least what is done with it.
func (d *decision) power() {
	d.atMost()
	d.operations()
	d.atLeast()
}

func (d *decision) atMost() {
	switch {
	case d.decoded.Exact:
		d.token.AtMost = d.decoded.AtMost
		d.say(detectors.Evidence{About: "privilege", Says: "its text allows " + d.token.AtMost.String()})
	case len(d.open) > 0:
		for _, kind := range d.open {
			d.token.AtMost |= kind.AtMost
		}
		d.say(detectors.Evidence{About: "privilege", Says: article(d.open[0]) + " allows " + d.token.AtMost.String(), Source: d.open[0].Source})
	default:
		d.token.AtMost = detectors.UnknownPower
		d.say(detectors.Evidence{About: "privilege", Says: "nothing says what it allows; it is taken to read, write and destroy"})
	}
	d.token.Public = len(d.open) > 0 && d.open[0].Scope == detectors.ScopePublic
}

// operations lists what the token can do that is worth naming, what destroys most first.
func (d *decision) operations() {
	if d.provider == nil || d.token.Public {
		return
	}
	for _, op := range d.provider.Operations {
		if d.can(op) {
			d.token.Operations = append(d.token.Operations, op)
		}
	}
	slices.SortStableFunc(d.token.Operations, func(a, b detectors.Operation) int { return cmp.Compare(gravity(b), gravity(a)) })
}

// can reports whether one of the open kinds can do the operation.
func (d *decision) can(op detectors.Operation) bool {
	if op.Does&^d.token.AtMost != 0 {
		return false
	}
	return len(op.Kinds) == 0 || slices.ContainsFunc(d.open, func(k *detectors.Kind) bool { return slices.Contains(op.Kinds, k.Name) })
}

// gravity orders operations: those that destroy, then those that mint, then others.
func gravity(op detectors.Operation) int {
	switch {
	case op.Does&detectors.Destroy != 0:
		return 3
	case op.Does&detectors.Admin != 0:
		return 2
	case op.Does&detectors.Write != 0:
		return 1
	}
	return 0
}

// atLeast adds what the uses show: by the provider's operations, else, weakly, by the request's method.
func (d *decision) atLeast() {
	for _, u := range d.Uses {
		does, says := d.observed(u.Sink)
		does &= d.token.AtMost
		if does == 0 {
			continue
		}
		d.token.AtLeast |= does
		d.sayAt("privilege", says, u.At)
	}
}

// observed returns what handing the token to the sink does.
func (d *decision) observed(s detectors.Sink) (does detectors.Privilege, says string) {
	for _, op := range d.token.Operations {
		if slices.ContainsFunc(op.Calls, func(call string) bool { return d.calls(s, call) }) {
			does |= op.Does
			says = join(says, op.Name)
		}
	}
	if does != 0 {
		return does, "it is used for " + says
	}
	return byMethod(s)
}

func join(list, next string) string {
	if list == "" {
		return next
	}
	return list + ", " + next
}

// byMethod reads a request's method, which says little: providers delete by POST and read by POST.
func byMethod(s detectors.Sink) (detectors.Privilege, string) {
	if len(s.Fields) > 0 {
		switch strings.ToLower(s.Fields[0].Text) {
		case "mutation":
			return detectors.Write, "it is used for a mutation"
		case "query", "select":
			return detectors.Read, "it is used for a query"
		}
	}
	switch s.Method {
	case "GET", "HEAD":
		return detectors.Read, "it is used for a " + s.Method + " request"
	case "PUT", "PATCH", "DELETE":
		return detectors.Write, "it is used for a " + s.Method + " request"
	case "POST":
		if len(s.Fields) == 0 && !strings.Contains(s.Path.Text, "graphql") {
			return detectors.Write, "it is used for a POST request"
		}
	}
	return 0, ""
}

// calls reports whether what is done at the sink is what a pattern of an operation's Calls describes.
func (d *decision) calls(s detectors.Sink, pattern string) bool {
	how, rest, _ := strings.Cut(pattern, " ")
	switch how {
	case "graphql":
		return slices.ContainsFunc(s.Fields, func(w detectors.Word) bool { return w.Text == rest })
	case "http":
		method, path, _ := strings.Cut(rest, " ")
		return s.Method == method && s.Path.Text != "" && matchPath(path, s.Path.Text) && d.goesToProvider(s)
	case "cli":
		return d.matchCommand(strings.Fields(rest), s.Argv)
	case "sql":
		return matchWords(strings.Fields(rest), s.Fields)
	}
	return false
}

// goesToProvider reports whether the request's host is the provider's, or not known.
func (d *decision) goesToProvider(s detectors.Sink) bool {
	return s.Host == "" || len(d.provider.Hosts) == 0 || slices.Contains(d.Host(s.Host), d.provider.Name)
}

// matchPath matches a path against a pattern in which * stands for one segment and ** for the rest.
func matchPath(pattern, path string) bool {
	want := strings.Split(strings.Trim(pattern, "/"), "/")
	have := strings.Split(strings.Trim(path, "/"), "/")
	for i, w := range want {
		if w == "**" {
			return true
		}
		if i >= len(have) || w != "*" && w != have[i] {
			return false
		}
	}
	return len(want) == len(have)
}

// runners are programs whose first argument is the program: npx wrangler, and what runs others with a changed environment.
var runners = map[string]int{"npx": 1, "bunx": 1, "pnpx": 1, "uvx": 1, "sudo": 1, "env": 1, "exec": 1, "command": 1, "time": 1, "nohup": 1, "pnpm": 2, "yarn": 2, "bun": 2, "npm": 2,
	"pipx": 2, "poetry": 2, "bundle": 2, "uv": 2}

// matchCommand reports whether the command's leading words, flags left out, are those of the pattern. The program may be called by an alias.
func (d *decision) matchCommand(pattern []string, argv []detectors.Word) bool {
	words := d.command(argv)
	if len(words) < len(pattern) || len(pattern) == 0 {
		return false
	}
	for i, p := range pattern {
		if words[i] != p && !(i == 0 && d.isProgram(words[0], p)) {
			return false
		}
	}
	return true
}

// isProgram reports whether program is the tool of this name, by an alias or a path to it.
func (d *decision) isProgram(program, name string) bool {
	if programName(program) == name {
		return true
	}
	return slices.ContainsFunc(d.tools[programName(program)], func(of toolOf) bool { return of.tool.Name == name })
}

// command returns a command's words without flags and their values, and without runners before the program.
func (d *decision) command(argv []detectors.Word) []string {
	argv = unwrap(argv)
	var words []string
	for i := 0; i < len(argv); i++ {
		word := argv[i].Text
		if strings.HasPrefix(word, "-") && i > 0 {
			if d.takesValue(argv[0].Text, word) {
				i++
			}
			continue
		}
		words = append(words, word)
	}
	return words
}

// unwrap cuts runners, their flags and assignments off a command's beginning.
func unwrap(argv []detectors.Word) []detectors.Word {
	for len(argv) > 1 {
		skip, ok := runners[programName(argv[0].Text)]
		if !ok || skip == 2 && len(argv) > 2 && !slices.Contains([]string{"exec", "dlx", "run", "x"}, argv[1].Text) {
			return argv
		}
		argv = argv[min(skip, len(argv)-1):]
		for len(argv) > 1 && (strings.HasPrefix(argv[0].Text, "-") || strings.Contains(argv[0].Text, "=")) {
			argv = argv[1:]
		}
	}
	return argv
}

// takesValue reports whether a flag is one of the tool's selectors, which are followed by a value.
func (d *decision) takesValue(program, flag string) bool {
	tool, ok := d.Tool(program)
	return ok && slices.Contains(tool.Selectors, flag) && environ.Value(strings.TrimLeft(flag, "-")) == 0
}

// matchWords reports whether the words of a statement hold the pattern's, one after the other, in any case.
func matchWords(pattern []string, words []detectors.Word) bool {
	for start := 0; start+len(pattern) <= len(words); start++ {
		if equalWords(pattern, words[start:]) {
			return true
		}
	}
	return false
}

func equalWords(pattern []string, words []detectors.Word) bool {
	for i, p := range pattern {
		if !strings.EqualFold(words[i].Text, p) {
			return false
		}
	}
	return true
}
