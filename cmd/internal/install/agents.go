package install

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path"
	"slices"
	"strings"
	"unicode"

	"github.com/stagewall/stagewall/analyzers/agentfiles"
)

// mostDenied bounds the files that rules are written for: who has more keeps tokens in other ways.
const mostDenied = 200

// agents writes rules that keep coding agents from the files that hold tokens of production's. What they are worth is said.
func (p *planner) agents(ctx context.Context) {
	walls, deaf := agentfiles.Walls(p.nearRoot())
	if len(deaf) > 0 {
		p.say("no rule is known that keeps %s from a file; what an agent must not read must not lie in its checkout", strings.Join(deaf, ", "))
	}
	if len(walls) == 0 {
		if len(deaf) == 0 {
			p.missing("there is no file of a coding agent that can be kept from files")
		}
		return
	}
	denied, err := p.Denied(ctx)
	if err != nil {
		p.cannot("it is not known which files agents must not read: %v", err)
		return
	}
	if !denied.Complete {
		p.cannot("some files could not be read; whether they hold tokens of production is not known")
	}
	said := slices.DeleteFunc(slices.Clone(denied.Files), func(f string) bool {
		return strings.ContainsFunc(f, unicode.IsControl) || strings.ContainsRune(f, '�')
	})
	unsaid := len(denied.Files) - len(said)
	if unsaid > 0 {
		p.cannot("no rule can hold the names of %s", counted(unsaid))
	}
	if denied.Named > 0 {
		p.cannot("no rule may repeat the names of %s: they hold a token themselves", counted(denied.Named))
	}
	switch n := len(said); {
	case n == 0 && unsaid+denied.Named == 0:
		p.say("no file holds a token that is known to touch production, so there is nothing to deny")
		return
	case n == 0:
		return
	case n > mostDenied:
		p.cannot("%d files hold tokens that can touch production: too many for rules; move the tokens out of the checkout first", n)
		return
	}
	for _, w := range walls {
		p.deny(w, said)
	}
}

// deny plans the rules of one agent.
func (p *planner) deny(w agentfiles.Wall, files []string) {
	f, err := open(p.Dir, w.File)
	if err != nil {
		p.cannot("%s is left alone: %v", w.File, err)
		return
	}
	var rules []string
	for _, file := range files {
		rules = append(rules, w.Rule(file))
	}
	var after []byte
	var added []string
	if w.Rules {
		after, added, err = add(f.data, "permissions", "deny", rules)
	} else {
		after, added = listed(f.data, rules)
	}
	switch {
	case err != nil:
		p.suggest(strings.Join(rules, "\n")+"\n", "%s is left alone, since %v; these are to be denied:", w.File, err)
		p.Lacks = true
		return
	case len(added) == 0:
		p.say("%s has the rules already", w.File)
	default:
		p.write(change{file: f, after: after, mode: 0o644}, "%s must not read %s", w.Tool, counted(len(added)))
	}
	p.say("%s: %s", w.Tool, w.Holds)
}

func counted(n int) string {
	if n == 1 {
		return "1 file with a token that can touch production"
	}
	return fmt.Sprintf("%d files with tokens that can touch production", n)
}

// listed adds lines to a text that does not have them yet.
func listed(data []byte, lines []string) (after []byte, added []string) {
	has := map[string]bool{}
	for line := range strings.Lines(string(data)) {
		has[strings.TrimRight(line, "\r\n")] = true
	}
	newline := "\n"
	if bytes.Contains(data, []byte("\r\n")) {
		newline = "\r\n"
	}
	text := string(data)
	if text != "" && !strings.HasSuffix(text, "\n") {
		text += newline
	}
	for _, line := range lines {
		if has[line] {
			continue
		}
		if len(added) == 0 {
			text += "# Written by stagewall init: these files hold tokens that can touch production." + newline
		}
		added = append(added, line)
		text += line + newline
	}
	return []byte(text), added
}

// nearRoot returns the paths of the files at the root, and of those in its folders whose names begin with a dot, to some depth.
func (p *planner) nearRoot() (paths []string) {
	const deepest, most = 3, 10_000
	root, err := os.OpenRoot(p.Dir)
	if err != nil {
		return nil
	}
	defer root.Close()
	var walk func(folder string, depth int)
	walk = func(folder string, depth int) {
		dir, err := root.Open(folder)
		if err != nil {
			return
		}
		defer dir.Close()
		entries, _ := dir.ReadDir(most)
		for _, e := range entries {
			name := path.Join(folder, e.Name())
			switch {
			case e.Type().IsRegular():
				paths = append(paths, name)
			case e.IsDir() && e.Name() != ".git" && depth < deepest && (depth > 0 || strings.HasPrefix(e.Name(), ".")):
				walk(name, depth+1)
			}
		}
	}
	walk(".", 0)
	slices.Sort(paths)
	return paths
}
