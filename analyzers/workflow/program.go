package workflow

import (
	"path"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/yamltree"
	"github.com/stagewall/stagewall/analyzers/shell"
)

// argument is a word of a command line that an action runs, and the input that is put in its place or stands behind it.
type argument struct {
	word  string // "-s"; it ends in = where the input belongs to it
	input string // without it the word stands for itself; if it is not given, the word is left out
	split bool   // the input is words
	each  bool   // the input is a list: the word stands before each line of it
	from  string // the input that names the folder in which the program looks for the files of a list, whose paths are the workspace's
}

// command is the program that an action runs, where nothing but its inputs says with which files.
type command struct {
	folder string // the input that names the folder in which it runs
	words  []argument
}

// commands are those of actions.
//
//	https://github.com/pulumi/actions#configuration
//	https://github.com/dflook/terraform-github-actions
//	https://github.com/gruntwork-io/terragrunt-action#inputs
//	https://github.com/helmfile/helmfile-action#inputs
//	https://github.com/cloudflare/wrangler-action#configuration-options
//	https://github.com/serverless/github-action#usage
//	https://github.com/dawidd6/action-ansible-playbook#usage
var commands = map[string]command{
	"pulumi/actions":                 {words: []argument{{word: "pulumi"}, {input: "command"}, {word: "-s", input: "stack-name"}, {word: "-C", input: "work-dir"}}},
	"dflook/terraform-apply":         dflook("terraform", "apply"),
	"dflook/terraform-plan":          dflook("terraform", "plan"),
	"dflook/terraform-destroy":       dflook("terraform", "destroy"),
	"dflook/tofu-apply":              dflook("tofu", "apply"),
	"dflook/tofu-plan":               dflook("tofu", "plan"),
	"gruntwork-io/terragrunt-action": {folder: "tg_dir", words: []argument{{word: "terragrunt"}, {input: "tg_command", split: true}}},
	"helmfile/helmfile-action":       {folder: "helmfile-workdirectory", words: []argument{{word: "helmfile"}, {input: "helmfile-args", split: true}}},
	"cloudflare/wrangler-action": {folder: "workingdirectory", words: []argument{
		{word: "wrangler"}, {input: "command", split: true}, {word: "-e", input: "environment"},
	}},
	"serverless/github-action": {words: []argument{{word: "serverless"}, {input: "args", split: true}}},
	"dawidd6/action-ansible-playbook": {folder: "directory", words: []argument{
		{word: "ansible-playbook"}, {input: "playbook"}, {input: "options", split: true},
	}},
}

func dflook(program, does string) command {
	return command{words: []argument{{word: program}, {word: "-chdir=", input: "path"}, {word: does}, {word: "-var-file=", input: "var_file", each: true, from: "path"}}}
}

// started returns the steps of the program that an action runs with its inputs.
func (r *reader) started(tool string, uses, with *yamltree.Node) []analyzers.Step {
	c, ok := commands[strings.ToLower(tool)]
	if !ok {
		return nil
	}
	given := map[string]*yamltree.Node{}
	for key, v := range with.Pairs() {
		given[lower(key)] = v
	}
	line := &commandLine{reader: r}
	for _, a := range c.words {
		n := given[a.input]
		switch {
		case a.input == "":
			line.word(a.word)
		case n.Str() == "":
		case a.each:
			for one := range strings.SplitSeq(n.Str(), "\n") {
				if one = strings.TrimSpace(one); one != "" && !strings.Contains(one, "${{") {
					line.word(a.word + out(given[a.from].Str()) + one)
				}
			}
		default:
			if strings.HasSuffix(a.word, "=") {
				line.add(" ", a.word)
			} else {
				line.word(a.word)
			}
			line.input(n, a)
		}
	}
	opt := shell.Options{Name: "action", Fills: line.fills, Map: func(int) int { return r.at(uses).Span.Start }}
	if folder := given[c.folder]; folder.Str() != "" && !strings.Contains(folder.Str(), "${{") {
		opt.Dir = r.relative(folder.Str())
	} else {
		opt.Dir = r.relative("")
	}
	steps, _ := shell.Read(r.pass, line.text, 0, opt)
	return append(r.flush(), steps...)
}

// out returns the way out of a folder of the workspace.
func out(folder string) string {
	folder = path.Clean(folder)
	if folder == "." || path.IsAbs(folder) || strings.HasPrefix(folder, "..") || strings.Contains(folder, "${{") {
		return ""
	}
	return strings.Repeat("../", strings.Count(folder, "/")+1)
}

// commandLine is a command line while it is put together.
type commandLine struct {
	*reader
	text  []byte
	fills []shell.Fill
}

func (c *commandLine) add(texts ...string) {
	for _, text := range texts {
		c.text = append(c.text, text...)
	}
}

func (c *commandLine) word(text string) {
	if text != "" {
		c.add(" ", text)
	}
}

// input adds an input's text, with fills for what is put in for it.
func (c *commandLine) input(n *yamltree.Node, a argument) {
	source := n.Source()
	if !strings.HasSuffix(a.word, "=") {
		c.add(" ")
	}
	from := 0
	plain := func(text string) {
		if a.split {
			text = strings.ReplaceAll(text, "\n", " ")
		}
		c.add(text)
	}
	for _, p := range placeholders(source.String) {
		plain(source.String[from:p.start])
		from = p.end
		start := len(c.text)
		c.add(source.String[p.start:p.end])
		at := c.place(source.Span(p.start, p.end))
		c.fills = append(c.fills, shell.Fill{Start: start, End: len(c.text), Value: c.expression(source.Slice(p.offset, p.offset+len(p.source)), at)})
	}
	plain(source.String[from:])
}
