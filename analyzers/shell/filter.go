package shell

import (
	"slices"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/code"
	"github.com/stagewall/stagewall/analyzers/internal/lazyregexp"
	"github.com/stagewall/stagewall/detectors"
)

// echoes reads echo and printf.
func (r *reader) echoes(c command) {
	r.ignores(c)
	args := c.args()
	for c.name() == "echo" && len(args) > 0 && args[0].literal && strings.HasPrefix(args[0].text, "-") && strings.Trim(args[0].text, "-neE") == "" {
		args = args[1:]
	}
	if c.name() == "printf" && len(args) > 0 && args[0].text == "-v" && len(args) > 2 {
		r.assign(args[1].text, formatted(args[2:]), c.at)
		return
	}
	line := joinWords(args)
	if c.name() == "printf" {
		line = formatted(args)
	}
	line.At = c.at
	r.logged(line)
	if r.out != nil {
		r.write(line)
		for _, w := range args {
			if w.printed != nil {
				r.out.files = append(r.out.files, w.printed.files...)
			}
		}
		if r.out.to == "" {
			return
		}
	}
	if r.out == nil && (isLiteral(line) || masks(line)) || r.out != nil && !r.out.keeps() {
		return
	}
	r.perform(c, analyzers.Step{Op: analyzers.OpUse, At: c.at, Value: line, Sink: &detectors.Sink{Tool: c.name()}})
}

// Logged is the name of the file in which [Body] has what a piece sets by a line in its log that tells Azure Pipelines to set a variable for the steps
// behind it: https://learn.microsoft.com/en-us/azure/devops/pipelines/process/set-variables-scripts
const Logged = "##vso"

// logged notes the variable that a line in the log sets.
func (r *reader) logged(line analyzers.Value) {
	const command, set = "##vso[task.setvariable ", "variable="
	if r.out != nil && r.out.to != "" || len(line.Parts) == 0 || !strings.HasPrefix(line.Parts[0].Text, command) {
		return
	}
	head := line.Parts[0]
	end := strings.IndexByte(head.Text, ']')
	if end < 0 {
		return
	}
	for _, property := range strings.Split(head.Text[len(command):end], ";") {
		if name, ok := strings.CutPrefix(strings.TrimSpace(property), set); ok {
			value := analyzers.Value{At: line.At, Parts: append(cut(head, end+1, len(head.Text)), line.Parts[1:]...)}
			r.emit(analyzers.Step{Op: analyzers.OpSet, At: line.At, Space: "file:" + Logged, Name: name, Value: value})
		}
	}
}

// masks reports whether the line tells the runner of a workflow to hide a value from then on:
// https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#masking-a-value-in-a-log
func masks(line analyzers.Value) bool {
	return len(line.Parts) > 0 && strings.HasPrefix(line.Parts[0].Text, "::add-mask::")
}

// formatted returns what printf writes: its format with its arguments put in.
func formatted(words []word) analyzers.Value {
	if len(words) == 0 {
		return analyzers.Value{}
	}
	format, args := words[0], words[1:]
	if !format.literal || len(format.value.Parts) != 1 {
		return joinWords(words)
	}
	var out analyzers.Value
	part := format.value.Parts[0]
	part.Text = strings.NewReplacer(`\n`, "\n", `\t`, "\t").Replace(part.Text)
	for {
		i := strings.IndexByte(part.Text, '%')
		if i < 0 || i+1 == len(part.Text) {
			out.Parts = append(out.Parts, cut(part, 0, len(part.Text))...)
			break
		}
		out.Parts = append(out.Parts, cut(part, 0, i)...)
		switch {
		case part.Text[i+1] == '%':
			out.Parts = append(out.Parts, synthetic("%")...)
		case len(args) > 0:
			out.Parts = append(out.Parts, args[0].value.Parts...)
			args = args[1:]
		}
		rest := cut(part, i+2, len(part.Text))
		if len(rest) == 0 {
			break
		}
		part = rest[0]
	}
	for _, a := range args { // the format is used again
		out.Parts = append(append(out.Parts, synthetic("\n")...), a.value.Parts...)
	}
	return out
}

// valueless are the options, by program, that take a value and so are no files.
var filterOptions = map[string]flags{
	"head": "-n -c", "tail": "-n -c", "cut": "-d -f -c -b", "sort": "-k -t -o", "grep": "-e -m -A -B -C --include --exclude", "egrep": "-e -m",
	"fgrep": "-e -m", "rg": "-e -g -t -m", "sed": "-e -E", "gsed": "-e -E", "awk": "-v -F", "gawk": "-v -F", "tr": "", "jq": "--indent",
	"base64": "-w -i", "openssl": "-in -out -pass -k -K -iv", "gpg": "-r -o -u --recipient --output", "column": "-s", "paste": "-d",
	"sops": sopsFlags, "age": "-r -o -i", "yq": "-o -p",
}

// assigned returns the name whose assignment in a list of such a pattern of grep finds, and nothing else: ^TOKEN= of a file of variables.
func assigned(pattern word, found []option) []analyzers.Named {
	const more = "-v --invert-match -A --after-context -B --before-context -C --context -i --ignore-case"
	m := anAssignment.FindStringSubmatch(pattern.text)
	if _, others := last(found, more); m == nil || others || !pattern.literal {
		return nil
	}
	return []analyzers.Named{{Value: analyzers.Value{At: pattern.value.At, Parts: synthetic(m[1])}}}
}

var anAssignment = lazyregexp.New(`^\^(?:export )?([A-Za-z_][A-Za-z0-9_]*)=`)

// filters reads programs that copy their input, or files, to their output.
func (r *reader) filters(c command) {
	r.ignores(c)
	name := tool(c.name())
	args, read := c.args(), []word(nil)
	var keys []analyzers.Named
	var variables map[string]word
	var space string // of holes as which tr writes what it reads
	switch name {
	case "jq":
		args, read, variables = variablesOfJQ(args)
	case "yq":
		if len(args) > 0 && slices.Contains([]string{"eval", "e", "eval-all", "ea"}, args[0].text) { // https://mikefarah.gitbook.io/yq/commands/evaluate
			args = args[1:]
		}
	}
	found, operands := options(args, filterOptions[name], true)
	switch name {
	case "grep", "egrep", "fgrep", "rg", "sed", "gsed", "awk", "gawk", "jq", "yq":
		if _, script := last(found, "-e -f --regexp --expression --file --from-file"); !script && len(operands) > 0 {
			switch name {
			case "jq", "yq":
				keys = queried(operands[0], variables, name == "yq")
				if _, alone := last(found, "-n --null-input"); alone {
					if v, ok := made(operands[0], operands[1:], variables); ok {
						r.write(v)
					}
					operands = operands[:1]
				}
			case "grep", "egrep":
				keys = assigned(operands[0], found)
			}
			operands = operands[1:]
		}
	case "tr":
		space = translated(operands)
		operands = nil
	case "xargs":
		operands = nil
	case "openssl":
		operands = all(found, "-in")
	case "tee":
		r.tees(c, operands)
		return
	case "ansible-vault", "sops":
		if _, decrypts := last(found, "-d --decrypt"); name == "sops" && len(operands) > 0 && (decrypts || operands[0].text == "decrypt") {
			extracted, _ := last(found, "--extract")
			r.decrypted(c, operands[len(operands)-1], extracted)
		}
		if len(operands) > 0 && !strings.Contains(operands[0].head(), ".") {
			operands = operands[1:]
		}
	}
	r.reads(keys)
	var files []analyzers.Value
	named := 0 // of them, by operands
	for i, o := range slices.Concat(operands, read) {
		switch {
		case name == "cat" && r.out != nil && r.out.asked:
			r.out.unread = append(r.out.unread, r.opening(o, nil)...)
		case i < len(operands):
			r.opens(o, keys...)
		default:
			r.opens(o)
		}
		if o.printed != nil {
			files = append(files, o.printed.files...)
		} else {
			files = append(files, r.below(o.value))
		}
		if i < len(operands) {
			named = len(files)
		}
	}
	used := joinWords(c.args())
	if name == "cat" && len(operands) == 0 && r.in != nil {
		r.copies(c)
		return
	}
	if r.in != nil && r.out != nil {
		r.keeps(c, r.out)
	}
	switch {
	case name == "cat" && r.in == nil:
		r.contents(files)
	case len(keys) > 0 && len(operands) > 0:
		r.takesOut(files[:named], keys)
	case len(keys) > 0 && r.in != nil:
		r.takesOut(r.in.files, keys)
	}
	if space != "" && r.in != nil && r.out != nil {
		r.out.value.Parts = append(r.out.value.Parts, r.cased(space, r.in.value.Parts)...)
	} else {
		r.filter(c.at, files)
	}
	used.At = c.at
	switch {
	case name == "sops":
		r.perform(c, analyzers.Step{Op: analyzers.OpCall, At: c.at, Value: used, Sink: r.sink(c)})
	case !isLiteral(used) && (r.out == nil || r.out.to != ""):
		r.perform(c, analyzers.Step{Op: analyzers.OpUse, At: c.at, Value: used, Sink: r.sink(c)})
	}
}

// translated returns the space of what tr writes that is told to put letters into capitals or into small ones, "" if it is told something else.
// https://pubs.opengroup.org/onlinepubs/9799919799/utilities/tr.html
func translated(operands []word) string {
	if len(operands) != 2 {
		return ""
	}
	switch strings.Trim(operands[0].text, "[]:") + " " + strings.Trim(operands[1].text, "[]:") {
	case "a-z A-Z", "lower upper":
		return analyzers.Upper
	case "A-Z a-z", "upper lower":
		return analyzers.Lower
	}
	return ""
}

// decrypted hands on what sops prints: a reference to all that the file holds, or to what it is told to extract, which is written as keys in brackets
// (https://getsops.io/docs/#extract-a-sub-part-of-a-document-tree).
func (r *reader) decrypted(c command, file, extracted word) {
	file.value = r.below(file.value)
	file.text, file.literal = file.value.Text()
	s := r.sought("sops", "", file)
	if s.name == "" && s.computed == nil {
		return
	}
	if keys := strings.FieldsFunc(extracted.text, func(c rune) bool { return strings.ContainsRune(`[]"'`, c) }); len(keys) > 0 && s.computed == nil {
		s.scope, s.name = s.name, strings.Join(keys, ".")
	}
	r.prints(c, s)
}

// contents makes the value of a command substitution what the files hold: a token that has a file for itself is used as the value is.
func (r *reader) contents(files []analyzers.Value) {
	if r.out == nil || r.out.held == nil {
		return
	}
	for _, file := range files {
		r.out.value.Parts = append(r.out.value.Parts, code.Content(file)...)
	}
}

// variablesOfJQ takes the options that give a variable a name and a value out of jq's arguments, and returns the files that are read for some of
// them, and the values of others: https://jqlang.org/manual/#invoking-jq.
func variablesOfJQ(args []word) (rest, read []word, variables map[string]word) {
	variables = map[string]word{}
	for i := 0; i < len(args); i++ {
		switch args[i].text {
		case "--arg", "--argjson":
			if i+2 < len(args) {
				variables[args[i+1].text] = args[i+2]
			}
			i += 2
		case "--slurpfile", "--rawfile":
			if i+2 < len(args) {
				read = append(read, args[i+2])
			}
			i += 2
		default:
			rest = append(rest, args[i])
		}
	}
	return rest, read, variables
}

// beside returns where the first name that the parts of a line mention is written, or a byte beside it; nothing if that is not known. The span of a
// text can begin in a line before.
func beside(parts []analyzers.Part) detectors.Span {
	for i, p := range parts {
		if p.Hole == nil {
			continue
		}
		switch {
		case !p.Span.Empty():
			return p.Span
		case i > 0 && !parts[i-1].Span.Empty():
			end := parts[i-1].Span.End
			return detectors.Span{Start: end - 1, End: end}
		case i+1 < len(parts) && !parts[i+1].Span.Empty():
			start := parts[i+1].Span.Start
			return detectors.Span{Start: start, End: start + 1}
		}
	}
	return detectors.Span{}
}

// maxMentioning is of how many lines of a value each is told apart. A document of more would take what the rest of the script may have.
const maxMentioning = 50

// mentioning returns the lines of a value that mention a name, each where it is written, behind what the others come to; of many, the value.
func (r *reader) mentioning(v analyzers.Value) []analyzers.Value {
	lines := split(v)
	if len(lines) == 1 {
		return []analyzers.Value{v}
	}
	plain := analyzers.Value{At: v.At}
	all := []analyzers.Value{plain}
	for _, line := range lines {
		if isLiteral(line) {
			plain.Parts = append(plain.Parts, line.Parts...)
			continue
		}
		if at := beside(line.Parts); !at.Empty() {
			line.At = r.pass.At(at.Start, at.End)
		}
		all = append(all, line)
	}
	if len(all) > 1+maxMentioning {
		return []analyzers.Value{v}
	}
	if all[0] = plain; len(plain.Parts) == 0 {
		all = all[1:]
	}
	return all
}

// filterValue writes what is computed from a value.
func (r *reader) filterValue(at detectors.Place, v analyzers.Value) {
	r.write(analyzers.Value{At: at, Parts: append(v.Parts[:len(v.Parts):len(v.Parts)], r.unknownAt(at))})
}

// filterCall writes what a program prints: unknown, but perhaps computed from what it read.
func (r *reader) filterCall(c command) {
	if r.out == nil {
		return
	}
	value := analyzers.Value{At: c.at, Parts: []analyzers.Part{r.unknownAt(c.at)}}
	if r.in != nil {
		value.Parts = append(r.in.value.Parts[:len(r.in.value.Parts):len(r.in.value.Parts)], value.Parts...)
	}
	r.write(value)
}
