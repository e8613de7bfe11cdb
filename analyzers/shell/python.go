package shell

import (
	"path"
	"slices"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
)

// python reads Python's interpreter: a file, a module (-m) or a program as text.
func (r *reader) python(c command) {
	found, operands := options(c.args(), "-m -c -W -X", false)
	for i, o := range found {
		if o.name == "-m" { // options behind it are the module's
			var rest []word
			if j := position(c.words, o.value); j >= 0 {
				rest = c.words[j+1:]
			}
			_ = i
			r.module(c, o.value, rest)
			return
		}
		if o.name == "-c" {
			r.quotes([]word{o.value}, byKeys)
			r.call(c)
			return
		}
	}
	if len(operands) == 0 {
		r.external(c)
		return
	}
	if path.Base(operands[0].text) == "manage.py" {
		given := len(c.sets)
		c.djangoSettings()
		r.notes(c.sets[given:])
	}
	r.scripts(c, operands[0], operands[1:])
}

// djangoSettings gives a command the settings that its argument names. https://docs.djangoproject.com/en/stable/ref/django-admin/#cmdoption-settings
func (c *command) djangoSettings() {
	args := c.args()
	for i, w := range args {
		switch head := w.head(); {
		case strings.HasPrefix(head, "--settings="):
			c.sets = append(c.sets, set("DJANGO_SETTINGS_MODULE", w.from(len("--settings=")).value, c.at))
		case head == "--settings" && i+1 < len(args):
			c.sets = append(c.sets, set("DJANGO_SETTINGS_MODULE", args[i+1].value, c.at))
		}
	}
}

// position returns the index of a word among words, -1 if it is not there.
func position(words []word, w word) int {
	return slices.IndexFunc(words, func(x word) bool { return x.value.At == w.value.At && x.text == w.text })
}

// module runs a Python module, python -m; tools that are started so count as their own command.
func (r *reader) module(c command, module word, args []word) {
	if !module.literal {
		r.call(c)
		return
	}
	if reads(module.text) != nil && module.text != "http" {
		c.words = append([]word{module}, args...)
		r.program(c)
		return
	}
	name := strings.ReplaceAll(module.text, ".", "/")
	for _, file := range []string{name + ".py", name + "/__main__.py"} {
		r.script(c, analyzers.Value{At: module.value.At, Parts: synthetic(file)}, args)
	}
	c.words = append([]word{module}, args...)
	r.call(c)
}

// jupyter reads the programs that run a notebook from the command line.
// https://nbconvert.readthedocs.io/en/latest/execute_api.html https://papermill.readthedocs.io/en/latest/usage-execute.html
func (r *reader) jupyter(c command) {
	found, operands := options(c.args(), "--to --output --output-dir -p -r -y -f -k --kernel --cwd", true)
	if tool(c.name()) == "jupyter" {
		_, executes := last(found, "--execute")
		switch {
		case starts(operands, "execute"), starts(operands, "nbconvert") && executes:
			operands = operands[1:]
		default:
			operands = nil
		}
	}
	if len(operands) > 0 && path.Ext(operands[0].head()) == ".ipynb" {
		r.script(c, operands[0].value, nil)
	}
	r.external(c)
}
