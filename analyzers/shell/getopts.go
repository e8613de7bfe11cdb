package shell

import (
	"mvdan.cc/sh/v3/syntax"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/detectors"
)

// getopts reads getopts LETTERS NAME, which takes one option after the other: NAME is its letter, and OPTARG the word behind it, which can be any of the
// arguments until a case tells the letter.
//
//	https://pubs.opengroup.org/onlinepubs/9799919799/utilities/getopts.html
func (r *reader) getopts(c command) {
	if len(c.args()) < 2 {
		return
	}
	r.letter = c.words[2].text
	r.assign(r.letter, analyzers.Value{At: c.at, Parts: []analyzers.Part{r.unknownAt(c.at)}}, c.at)
	some := &analyzers.Hole{Space: "args", Name: "any", Values: r.args.list()}
	r.assign("OPTARG", analyzers.Value{At: c.at, Parts: []analyzers.Part{{Hole: some}}}, c.at)
}

// optionArgument makes OPTARG what follows the options of an arm's letters, in a case that tells the letters of getopts apart.
func (r *reader) optionArgument(of *syntax.Word, letters []string, at detectors.Place) {
	if r.letter == "" || of == nil || variable(of) != r.letter {
		return
	}
	var options []string
	for _, letter := range letters {
		if len(letter) != 1 || letter == "*" || letter == "?" || letter == ":" {
			return
		}
		options = append(options, "-"+letter)
	}
	behind := &analyzers.Hole{Space: "args", Name: "any"}
	list := r.args.list()
	for i := 1; i < len(list); i++ {
		one := list[i]
		one.If = &analyzers.Guard{Value: list[i-1], Patterns: options}
		behind.Values = append(behind.Values, one)
	}
	if len(behind.Values) > 0 {
		r.assign("OPTARG", analyzers.Value{At: at, Parts: []analyzers.Part{{Hole: behind}}}, at)
	}
}
