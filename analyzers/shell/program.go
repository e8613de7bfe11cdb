package shell

import (
	"path"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
)

// program reads a command whose program is known by name.
func (r *reader) program(c command) flow {
	switch name := c.name(); name {
	case "exit":
		return flow{ends: true}
	case "return":
		return flow{ends: true, returns: true}
	case ".", "source":
		r.sources(c)
	case "set":
		r.setOption(c)
	case "unset":
		for _, w := range c.args() {
			if w.literal && !strings.HasPrefix(w.text, "-") {
				delete(r.known, w.text)
				r.emit(analyzers.Step{Op: analyzers.OpUnset, At: c.at, Name: w.text})
			}
		}
	case "cd":
		r.changeDirectory(c)
	case "shift":
		if !r.looping {
			r.shift++
		}
	case ":", "true", "false", "wait", "umask", "ulimit", "shopt", "hash", "alias", "unalias", "bind", "break", "continue", "pwd", "jobs", "kill", "getopts", "read", "trap":
	case "echo", "printf":
		r.writes(c)
	default:
		if isPath(name) {
			r.script(c, c.words[0].value, c.args())
			break
		}
		r.call(c)
	}
	return flow{}
}

// isPath reports whether a program is named by a path in the repository.
func isPath(name string) bool {
	return strings.Contains(name, "/") && !path.IsAbs(name)
}

// sources reads . and source.
func (r *reader) sources(c command) {
	if len(c.args()) == 0 {
		return
	}
	file := c.words[1].value
	r.emit(analyzers.Step{Op: analyzers.OpSource, At: c.at, Ref: analyzers.Ref{Path: r.below(file)}, Optional: true})
}

// setOption reads set -a and set -o allexport, and their opposites.
func (r *reader) setOption(c command) {
	args := c.args()
	for i, w := range args {
		on := strings.HasPrefix(w.text, "-")
		if !on && !strings.HasPrefix(w.text, "+") || strings.HasPrefix(w.text, "--") {
			return
		}
		long := i+1 < len(args) && strings.HasSuffix(w.text, "o") && args[i+1].text == "allexport"
		if long || strings.Contains(w.text, "a") {
			r.emit(analyzers.Step{Op: analyzers.OpExport, At: c.at, Export: on})
		}
	}
}

// changeDirectory reads cd.
func (r *reader) changeDirectory(c command) {
	args := c.args()
	for len(args) > 0 && strings.HasPrefix(args[0].text, "-") && args[0].text != "-" {
		args = args[1:]
	}
	if len(args) == 0 {
		return
	}
	dir, known := r.resolve(args[0].value)
	switch {
	case !known || dir == "-" || strings.HasPrefix(dir, "~"):
		r.dir = ""
	case path.IsAbs(dir):
		r.dir = path.Clean(dir)
	default:
		r.dir = path.Join(r.dir, dir)
	}
}

// writes reads echo and printf.
func (r *reader) writes(c command) {
	var values []analyzers.Value
	for _, w := range c.args() {
		values = append(values, w.value)
	}
	r.write(join(values))
}

// opens makes the content of a file read.
func (r *reader) opens(file word) {
	r.emit(analyzers.Step{Op: analyzers.OpOpen, At: file.value.At, File: r.below(file.value), Optional: true})
}
