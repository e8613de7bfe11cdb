package tag

import (
	"slices"
	"strings"

	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/environ"
)

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
	case "sdk":
		return len(s.Argv) == 0 && s.Method == "" && s.Path.Text == "" && matchMethod(rest, s.Tool)
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

// matchMethod reports whether a method's name ends in the words of the pattern: stripe.customers.del in customers.del. Styles of
// spelling do not matter, nor does the word by which a library calls its requests.
func matchMethod(pattern, method string) bool {
	want := strings.Split(pattern, ".")
	have := strings.Split(method, ".")
	if len(want) > len(have) || len(have) < 2 {
		return false
	}
	have = have[len(have)-len(want):]
	for i, w := range want {
		if plainMethod(w) != plainMethod(have[i]) {
			return false
		}
	}
	return true
}

// plainMethod writes a method's name, or that of the type or part of a client that has it, without its style: deletebucket for
// delete_bucket and DeleteBucketCommand, databases for DatabasesServiceOp.
func plainMethod(name string) string {
	name = strings.ToLower(strings.NewReplacer("_", "", "-", "").Replace(name))
	for _, end := range []string{"command", "async", "withcontext", "serviceop", "service"} {
		if rest, ok := strings.CutSuffix(name, end); ok && rest != "" {
			name = rest
		}
	}
	return name
}

// runners are programs whose first argument is the program: npx wrangler, and what runs others with a changed environment.
var runners = map[string]int{"npx": 1, "bunx": 1, "pnpx": 1, "uvx": 1, "sudo": 1, "env": 1, "exec": 1, "command": 1, "time": 1, "nohup": 1, "pnpm": 2, "yarn": 2, "bun": 2, "npm": 2,
	"pipx": 2, "poetry": 2, "bundle": 2, "uv": 2}

// matchCommand reports whether the command's leading words, flags left out, are those of the pattern, and the flags of the pattern are
// among its own. The program may be called by an alias. A command that only says what it would do does nothing.
func (d *decision) matchCommand(pattern []string, argv []detectors.Word) bool {
	words := d.command(argv)
	flags := flagsOf(argv)
	if len(pattern) == 0 || slices.ContainsFunc(flags, rehearses) {
		return false
	}
	next := 0
	for i, p := range pattern {
		switch {
		case strings.HasPrefix(p, "-"):
			if !slices.Contains(flags, p) {
				return false
			}
			continue
		case next >= len(words), words[next] != p && !(i == 0 && d.isProgram(words[0], p)):
			return false
		}
		next++
	}
	return true
}

// rehearses reports whether a flag makes a command say what it would do, or how it is called, and do nothing.
func rehearses(flag string) bool {
	switch flag {
	case "--help", "--dry-run", "--dryrun", "--dry_run", "--what-if", "--noop":
		return true
	}
	return false
}

// flagsOf returns the flags of a command, without what they are set to behind an equals sign; one that is set to none or false is not given.
func flagsOf(argv []detectors.Word) []string {
	var flags []string
	for _, w := range argv {
		name, value, _ := strings.Cut(w.Text, "=")
		if strings.HasPrefix(name, "-") && value != "none" && value != "false" {
			flags = append(flags, name)
		}
	}
	return flags
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
		if word != "" { // an argument that is computed
			words = append(words, word)
		}
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
	return slices.ContainsFunc(d.tools[programName(program)], func(of toolOf) bool {
		return slices.Contains(of.tool.Selectors, flag) || slices.Contains(of.tool.Values, flag)
	}) && environ.Value(strings.TrimLeft(flag, "-")) == 0
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
