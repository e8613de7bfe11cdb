package shell

import (
	"strings"

	"github.com/stagewall/stagewall/analyzers"
)

// flags is a list of options, with their dashes and blanks between.
type flags string

func (f flags) has(name string) bool {
	for flag := range strings.SplitSeq(string(f), " ") {
		if flag == name {
			return name != ""
		}
	}
	return false
}

// option is an option of a command. One that takes a value has it; others have an empty one.
type option struct {
	name  string // with its dashes
	value word
}

// options splits arguments into options and operands. takes lists the options that take a value. Options end at the first operand,
// or only at "--" if they may stand between operands.
func options(args []word, takes flags, between bool) (found []option, operands []word) {
	for i := 0; i < len(args); i++ {
		head := args[i].head()
		switch {
		case head == "--" && args[i].literal:
			return found, append(operands, args[i+1:]...)
		case len(head) < 2 || head[0] != '-':
			if !between {
				return found, args[i:]
			}
			operands = append(operands, args[i])
			continue
		}
		o := option{name: head}
		if name, _, ok := strings.Cut(head, "="); ok {
			o = option{name, args[i].from(len(name) + 1)}
		} else if takes.has(head) {
			if i++; i < len(args) {
				o.value = args[i]
			}
		} else if head[1] != '-' {
			cluster, used := letters(args, i, takes)
			found = append(found, cluster...)
			i += used
			continue
		}
		found = append(found, o)
	}
	return found, operands
}

// letters splits a word of one-letter options; the value of one that takes it is the rest of the word or the next one, in which case
// used is 1.
func letters(args []word, i int, takes flags) (found []option, used int) {
	head := args[i].head()
	for j := 1; j < len(head); j++ {
		o := option{name: "-" + head[j:j+1]}
		if takes.has(o.name) {
			switch {
			case j+1 < len(head) || !args[i].literal:
				o.value = args[i].from(j + 1)
			case i+1 < len(args):
				o.value, used = args[i+1], 1
			}
			return append(found, o), used
		}
		found = append(found, o)
	}
	return found, 0
}

// last returns the value of the last of the named options.
func last(found []option, names flags) (value word, ok bool) {
	for _, o := range found {
		if names.has(o.name) {
			value, ok = o.value, true
		}
	}
	return value, ok
}

// all returns the values of the named options.
func all(found []option, names flags) (values []word) {
	for _, o := range found {
		if names.has(o.name) {
			values = append(values, o.value)
		}
	}
	return values
}

// head returns the text with which the word begins whatever is expanded in it.
func (w word) head() string {
	if w.literal {
		return w.text
	}
	var b strings.Builder
	for _, p := range w.value.Parts {
		if p.Hole != nil || p.Text == "" {
			break
		}
		b.WriteString(p.Text)
	}
	return b.String()
}

// from returns the word without the first n bytes, which must be a part of its head.
func (w word) from(n int) word {
	parts := w.value.Parts
	for n > 0 && len(parts) > 0 {
		size := len(parts[0].Text)
		if size > n {
			parts = append(cut(parts[0], n, size), parts[1:]...)
			break
		}
		n -= size
		parts = parts[1:]
	}
	value := analyzers.Value{At: w.value.At, Parts: parts}
	text, literal := value.Text()
	return word{value: value, text: text, literal: literal}
}

// isAssignment reports whether the word is NAME=value, and returns the name.
func (w word) isAssignment() (name string, ok bool) {
	name, _, ok = strings.Cut(w.head(), "=")
	return name, ok && isName(name)
}

// isName reports whether the text can be a variable's name.
func isName(text string) bool {
	for i := range len(text) {
		c := text[i]
		letter := c == '_' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
		if !letter && (i == 0 || c < '0' || c > '9') {
			return false
		}
	}
	return text != ""
}

// leading takes the assignments off the beginning of the words and returns the steps that make them.
func leading(words []word) (sets []analyzers.Step, rest []word) {
	for len(words) > 0 {
		name, ok := words[0].isAssignment()
		if !ok {
			break
		}
		sets = append(sets, set(name, words[0].from(len(name)+1).value, words[0].value.At))
		words = words[1:]
	}
	return sets, words
}

// literalWord returns a word that is not written as such.
func literalWord(text string, like word) word {
	return word{value: analyzers.Value{Parts: synthetic(text), At: like.value.At}, text: text, literal: true}
}
