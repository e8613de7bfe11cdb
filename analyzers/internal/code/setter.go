package code

import (
	"bytes"
	"strings"
)

// Files of Go set names that others know: a parameter where its function is called, a result where the function is declared, anything else
// where a variable or a constant is. Many more files mention them.
//
// Idea: of a file of which it is asked only whether it sets such a name it is not enough that the name's first word stands in its text. It
// has to stand in such a place, as far as what is written beside it tells.
//
// Why it is valid: a file that declares a function follows the calls in it by itself, and sets no parameter for others. What is called is
// followed by its arguments, or those of its type; what is declared follows its keyword, a comment, or begins a line or a part of a list,
// and no part of it is meant. More places than are meant only cost time.
//
// Gain: see analyzers/graph/unread.go.

// Setter returns what [Sets] looks for in a file of Go that sets a name, which is without its key: the name's first word, with "(" behind
// it where it is called, "()" where it is declared as a function, and "=" where it is declared as a variable or a constant.
func Setter(name string) string {
	i := strings.IndexAny(name, ".()[]*")
	switch {
	case i < 0:
		return name + "="
	case i == 0:
		return ""
	case strings.HasPrefix(name[i:], "()"):
		return name[:i] + "()"
	case name[i] == '(':
		return name[:i] + "("
	}
	return name[:i] + "="
}

// Sets reports whether what [Setter] says stands in the text. Any other word has only to stand there.
func Sets(text []byte, setter string) bool {
	end := strings.IndexAny(setter, "(=")
	if end <= 0 {
		return Stands(text, setter)
	}
	fits := mayCall
	switch setter[end:] {
	case "()":
		fits = mayDeclareFunction
	case "=":
		fits = mayDeclareValue
	}
	return standsWhere(text, setter[:end], func(start, end int) bool { return fits(text[:start], text[end:]) })
}

// blank are the characters between words of a line.
const blank = " \t\r"

// mayCall reports whether a word between two texts may be called.
func mayCall(before, after []byte) bool {
	after = bytes.TrimLeft(after, blank)
	return len(after) > 0 && strings.IndexByte("([)/", after[0]) >= 0 && !endsIn(bytes.TrimRight(before, blank), "func")
}

// mayDeclareFunction reports whether a word between two texts may be declared as a function.
func mayDeclareFunction(before, _ []byte) bool {
	before = bytes.TrimRight(before, blank+"\n")
	line := before[bytes.LastIndexByte(before, '\n')+1:]
	return endsIn(before, "func") || bytes.HasSuffix(line, []byte("/")) || bytes.Contains(line, []byte("func //"))
}

// mayDeclareValue reports whether a word between two texts may be declared as a variable or a constant.
func mayDeclareValue(before, after []byte) bool {
	if len(after) > 0 && after[0] == '.' || bytes.HasPrefix(bytes.TrimLeft(after, blank), []byte(":")) {
		return false // something of it; a key, a label, or a variable of a function
	}
	before = bytes.TrimRight(before, blank)
	return len(before) == 0 || strings.IndexByte("\n(,;/", before[len(before)-1]) >= 0 || endsIn(before, "var") || endsIn(before, "const")
}

// endsIn reports whether a text ends in a word.
func endsIn(text []byte, word string) bool {
	n := len(text) - len(word)
	return bytes.HasSuffix(text, []byte(word)) && (n == 0 || !Letter(text[n-1]))
}
