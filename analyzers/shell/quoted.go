package shell

import (
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/lazyregexp"
)

// quotedFile is a text in quotes that can be the name of a file.
var quotedFile = lazyregexp.New(`["'` + "`" + `]((?:\.{1,2}/)*[\w-][\w./-]*\.\w{1,10})["'` + "`" + `]`)

// maxQuoted is how many files are opened that one program in quotes names.
const maxQuoted = 32

// What follows the name of a file and takes entries out of what the file holds, by keys that are written: ["a"]["b"] in most languages, ->a in PHP, and
// .a in JavaScript, which is a call elsewhere.
var (
	byKeys    = lazyregexp.New(`^["'` + "`" + `](?:, ?["'][\w-]+["'])?\)+((?:\[["'][^"']+["']\]|->\w+)+)`)
	byMembers = lazyregexp.New(`^["'` + "`" + `](?:, ?["'][\w-]+["'])?\)+((?:\[["'][^"']+["']\]|\??\.\w+)+)`)
	oneKey    = lazyregexp.New(`\w+|"[^"]+"|'[^']+'`)
)

// quotes reads programs in other languages that are arguments of their interpreters. What they do is not followed, but they read the files that they name,
// or the entries of these that they take at once.
func (r *reader) quotes(programs []word, by *lazyregexp.Regexp) {
	for _, program := range programs {
		for n, part := range program.value.Parts {
			if part.Hole != nil {
				continue
			}
			open := n < len(program.value.Parts)-1
			for i, m := range quotedFile.FindAllStringSubmatchIndex(part.Text, maxQuoted+1) {
				if i == maxQuoted {
					r.pass.Gap(program.value.At, r.what()+" hands an interpreter a program that names too many files; what it reads of the rest is not known")
					break
				}
				file := word{value: analyzers.Value{At: program.value.At, Parts: cut(part, m[2], m[3])}}
				r.opens(file, taken(part.Text[m[3]:], open, by)...)
			}
		}
	}
}

// taken returns the keys of the entry that is taken out of a file whose name ends before the text, none if all of it is. What is open goes on with
// something that is not known.
func taken(behind string, open bool, by *lazyregexp.Regexp) (keys []analyzers.Named) {
	m := by.FindStringSubmatchIndex(behind)
	if m == nil {
		return nil
	}
	for _, key := range oneKey.FindAllString(behind[m[2]:m[3]], maxQuoted) {
		keys = append(keys, analyzers.Named{Value: analyzers.Value{Parts: synthetic(strings.Trim(key, `"'`))}})
	}
	if rest := behind[m[1]:]; strings.HasPrefix(rest, "(") || rest == "" && open { // the last one is called, or not whole
		keys = keys[:len(keys)-1]
	}
	return keys
}
