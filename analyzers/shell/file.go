package shell

import (
	"path"
	"slices"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/code"
	"github.com/stagewall/stagewall/analyzers/internal/tfroot"
	"github.com/stagewall/stagewall/detectors"
)

// opens makes the content of a file read, or what stands in it under some keys.
func (r *reader) opens(file word, keys ...analyzers.Named) {
	r.emit(r.opening(file, keys)...)
}

// opening returns the step that reads a file, if it is one.
func (r *reader) opening(file word, keys []analyzers.Named) []analyzers.Step {
	if text := file.head(); text == "-" || strings.HasPrefix(text, "/dev/") || file.printed != nil || len(file.value.Parts) == 0 {
		return nil
	}
	return []analyzers.Step{{Op: analyzers.OpOpen, At: file.value.At, File: new(r.below(file.value)), Named: keys, Optional: true}}
}

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

// filters reads programs that copy their input, or files, to their output.
func (r *reader) filters(c command) {
	r.ignores(c)
	name := tool(c.name())
	args, read := c.args(), []word(nil)
	var keys []analyzers.Named
	var variables map[string]word
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
			if name == "jq" || name == "yq" {
				keys = queried(operands[0], variables)
			}
			operands = operands[1:]
		}
	case "tr", "xargs":
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
		r.takesOut(files[:len(operands)], keys)
	case len(keys) > 0 && r.in != nil:
		r.takesOut(r.in.files, keys)
	}
	r.filter(c.at, files)
	if !isLiteral(used) && (r.out == nil || r.out.to != "") {
		used.At = c.at
		r.perform(c, analyzers.Step{Op: analyzers.OpUse, At: c.at, Value: used, Sink: r.sink(c)})
	}
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

// copies writes what is read, unchanged.
func (r *reader) copies(c command) {
	if r.out == nil {
		return
	}
	r.write(r.in.value)
	r.out.files = append(r.out.files, r.in.files...)
	r.keeps(c, r.out)
}

// keeps notes that what a command reads is written to a file, as it is or in another form.
func (r *reader) keeps(c command, file *stream) {
	if !file.keeps() || len(r.in.value.Parts) == 0 {
		return
	}
	v := r.in.value
	if v.At.Line == 0 {
		v.At = c.at
	}
	for _, line := range r.mentioning(v) {
		r.emit(analyzers.Step{Op: analyzers.OpUse, At: line.At, Value: line, Sink: &detectors.Sink{Tool: "cat"}})
	}
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

// tees reads tee: what it reads goes to files as well.
func (r *reader) tees(c command, operands []word) {
	if r.in == nil {
		return
	}
	for _, o := range operands {
		file := &stream{value: r.in.value, to: written(o.value)}
		r.saves(file)
		r.keeps(c, file)
	}
	r.copies(c)
}

// pathOf reads programs that print a path or a part of one.
func (r *reader) pathOf(c command) {
	_, operands := options(c.args(), "", false)
	if len(operands) == 0 {
		return
	}
	value := operands[0].value
	text, known := r.resolve(value)
	switch {
	case !known || strings.Contains(text, "://"):
		r.filterValue(c.at, value)
		return
	case tool(c.name()) == "dirname":
		text = path.Dir(text)
	case tool(c.name()) == "basename":
		text = path.Base(text)
		if len(operands) > 1 {
			text = strings.TrimSuffix(text, operands[1].text)
		}
	case !path.IsAbs(text) && r.dir != "" && text != r.pass.Path:
		text = path.Join(r.dir, text)
	}
	r.write(analyzers.Value{At: c.at, Parts: synthetic(text)})
}

// filterValue writes what is computed from a value.
func (r *reader) filterValue(at detectors.Place, v analyzers.Value) {
	r.write(analyzers.Value{At: at, Parts: append(v.Parts[:len(v.Parts):len(v.Parts)], r.unknownAt(at))})
}

// git reads git, of which only the root of the checkout is of interest: it is a path.
func (r *reader) git(c command) {
	for _, w := range c.args() {
		if w.text == "--show-toplevel" {
			r.write(analyzers.Value{At: c.at, Parts: synthetic(".")})
			return
		}
	}
	for _, s := range c.sets { // https://git-scm.com/docs/git#Documentation/git.txt-codeGITSSHCOMMANDcode
		if s.Name == "GIT_SSH_COMMAND" {
			r.shell(command{at: c.at}, r.inside(word{value: s.Value}), nil)
		}
	}
	r.call(c)
}

// overSSH reads what programs that copy over ssh hand to it: a key's file, and a command line of its own.
// https://man.openbsd.org/scp#i https://download.samba.org/pub/rsync/rsync.1#opt--rsh
func (r *reader) overSSH(c command) {
	switch tool(c.name()) {
	case "scp", "sftp":
		found, _ := options(c.args(), "-i -F -o -P -c -J -l -S -D -X -b -B -R -s", false)
		for _, file := range all(found, "-i -F") {
			r.opens(file)
		}
	case "rsync":
		found, _ := options(c.args(), "-e --rsh", true)
		for _, through := range all(found, "-e --rsh") {
			r.shell(c, r.inside(through), nil)
		}
	}
}

// external reads a command of which nothing is known: it is called, and the files that it is given are read by it.
func (r *reader) external(c command) {
	if tool(c.name()) == "kamal" && r.kamal(c) {
		return
	}
	if !r.lookup(c) {
		r.filterCall(c)
	}
	r.openArguments(c)
	r.openFolders(c)
	r.overSSH(c)
	r.call(c)
}

// openFolders makes the files read that a program finds by itself in a folder that it is given: the values of a chart of Helm, the variables
// beside an inventory or a playbook of Ansible, and Terraform's configuration and variables in its folder, to which the files of variables that it
// is given are relative, and what helmfile, terragrunt, pulumi and sam find. https://developer.hashicorp.com/terraform/cli/commands#switching-working-directory-with-chdir
// https://helm.sh/docs/chart_template_guide/values_files/
// https://docs.ansible.com/projects/ansible/latest/inventory_guide/intro_inventory.html#organizing-host-and-group-variables
func (r *reader) openFolders(c command) {
	switch tool(c.name()) {
	case "helm":
		r.helm(c)
	case "helmfile":
		r.helmfile(c)
	case "terragrunt":
		r.terragrunt(c)
	case "pulumi":
		r.pulumi(c)
	case "wrangler":
		r.wrangler(c)
	case "terraform", "tofu":
		r.terraform(c)
	case "aws", "sam":
		r.cloudformation(c)
	case "ansible-playbook", "ansible":
		found, operands := options(c.args(), ansibleFlags, true)
		folders := []word{}
		for _, o := range found {
			if (o.name == "-i" || o.name == "--inventory" || o.name == "--inventory-file") && !strings.Contains(o.value.head(), ",") && o.value.head() != "" {
				folders = append(folders, o.value)
				if strings.Contains(o.value.text, "/") {
					folders = append(folders, above(o.value))
				}
			}
		}
		for _, w := range operands {
			if tool(c.name()) == "ansible-playbook" && w.literal {
				folders = append(folders, above(w))
				plays := analyzers.Step{Op: analyzers.OpSource, At: c.at, Ref: &analyzers.Ref{Path: r.below(w.value)}, Optional: true, Says: "runs the playbook"}
				r.emit(analyzers.Step{Op: analyzers.OpRun, At: c.at, Steps: []analyzers.Step{plays}})
			}
		}
		for _, folder := range folders {
			for _, variables := range [...]string{"group_vars", "host_vars"} { // file by file: those of other environments' groups are left out
				file := joined(below(folder, variables), every(analyzers.EveryOwn, ""))
				for _, file := range []word{file, joined(file, every(analyzers.EveryOwn, ""))} {
					r.emit(analyzers.Step{Op: analyzers.OpMount, At: folder.value.At, File: new(r.below(file.value)), Optional: true})
				}
			}
		}
	}
}

// terraform reads Terraform, which works with the configuration of a folder and what is given for its variables, and notes the workspace that is selected
// (https://developer.hashicorp.com/terraform/cli/commands/workspace/select).
func (r *reader) terraform(c command) {
	found, operands := options(c.args(), terraformFlags, true)
	if len(operands) > 2 && operands[0].text == "workspace" && (operands[1].text == "select" || operands[1].text == "new") {
		r.emit(analyzers.Step{Op: analyzers.OpSet, At: c.at, Space: tfroot.Kept, Name: tfroot.Workspace, Value: operands[2].value})
	}
	if len(operands) == 0 || !applies.has(operands[0].text) {
		return
	}
	r.variablesOfTerraform(c)
	folder, given := word{value: analyzers.Value{At: c.at, Parts: synthetic(".")}}, false
	for _, o := range found {
		if o.name == "-chdir" {
			folder, given = o.value, true
		}
	}
	for _, o := range found {
		if given && strings.TrimLeft(o.name, "-") == "var-file" && !isVariables(c, o.name, o.value) {
			r.opens(joined(folder, o.value))
		}
	}
	all := joined(folder, every(analyzers.EveryFile, ".tf"))
	r.opens(all)
	all.value.At = c.at
	r.emit(tfroot.Runs(r.variablesGiven(c, found, folder), r.below(all.value), tfroot.Variables, c.at, "runs the configuration"))
}

// every is a word for all files of a folder whose names end so, which of them a program takes being said by one of [analyzers.EveryFile] and
// [analyzers.EveryOwn].
func every(which, ending string) word {
	return word{value: analyzers.Value{Parts: append([]analyzers.Part{{Hole: &analyzers.Hole{Space: which}}}, synthetic(ending)...)}}
}

// givenAlways returns the files of variables in a configuration's folder that every run is given.
func givenAlways(folder word) []word {
	return []word{
		below(folder, "terraform.tfvars"), below(folder, "terraform.tfvars.json"), joined(folder, every(analyzers.EveryFile, ".auto.tfvars")), joined(folder, every(analyzers.EveryFile, ".auto.tfvars.json")),
	}
}

// variablesGiven returns the steps by which a run is given values of variables, those that count more behind the others.
// https://developer.hashicorp.com/terraform/language/values/variables#variable-definition-precedence
func (r *reader) variablesGiven(c command, found []option, folder word) []analyzers.Step {
	var steps []analyzers.Step
	takes := func(file word) {
		steps = append(steps, tfroot.Takes(r.below(file.value), tfroot.Variables, c.at, "is given the variables"))
	}
	for _, file := range givenAlways(folder) {
		takes(file)
	}
	for _, o := range found {
		switch strings.TrimLeft(o.name, "-") {
		case "var-file":
			takes(joined(folder, o.value))
		case "var":
			if name, value, ok := split2(o.value); ok {
				steps = append(steps, tfroot.Gives(name, value.value, o.value.value.At))
			}
		}
	}
	return append(steps, analyzers.Step{Op: analyzers.OpRead, At: c.at, Space: tfroot.Space, Name: tfroot.Variable(""), All: true, Says: tool(c.name()) + " takes it as the value of a variable"})
}

// isVariables reports whether an argument of Terraform's is a file of variables by its name, and read as one: a value that another file overrides is
// not used.
func isVariables(c command, flag string, file word) bool {
	name := tool(c.name())
	if name != "terraform" && name != "tofu" || strings.TrimLeft(flag, "-") != "var-file" || len(file.value.Parts) == 0 {
		return false
	}
	tail := file.value.Parts[len(file.value.Parts)-1].Text
	return strings.HasSuffix(tail, ".tfvars") || strings.HasSuffix(tail, ".tfvars.json")
}

// variablesOfTerraform notes that Terraform takes values of its variables from the environment
// (https://developer.hashicorp.com/terraform/cli/config/environment-variables#tf_var_name).
func (r *reader) variablesOfTerraform(c command) {
	r.emit(analyzers.Step{Op: analyzers.OpRead, At: c.at, Name: "TF_VAR_", All: true, Says: tool(c.name()) + " takes it as the value of a variable"})
}

// terragrunt reads terragrunt, which works with the configuration of a folder, or with all below it
// (https://terragrunt.gruntwork.io/docs/reference/cli/commands/run/).
func (r *reader) terragrunt(c command) {
	found, operands := options(c.args(), terraformFlags+" --terragrunt-working-dir --working-dir --terragrunt-config --config", true)
	folder := word{value: analyzers.Value{At: c.at, Parts: synthetic(".")}}
	if given, ok := last(found, "--terragrunt-working-dir --working-dir -chdir"); ok {
		folder = given
	}
	config, every := below(folder, "terragrunt.hcl"), false
	if given, ok := last(found, "--terragrunt-config --config"); ok {
		config = given
	}
	for _, o := range found {
		every = every || o.name == "--all" || o.name == "-a"
	}
	for len(operands) > 0 && flags("run run-all").has(operands[0].text) {
		every = every || operands[0].text == "run-all"
		operands = operands[1:]
	}
	if len(operands) == 0 || !applies.has(operands[0].text) {
		return
	}
	r.variablesOfTerraform(c)
	configs := []word{config}
	if every {
		configs = append(configs, joined(folder, word{value: analyzers.Value{Parts: append([]analyzers.Part{code.Unknown()}, synthetic("/terragrunt.hcl")...)}}))
	}
	for _, one := range configs {
		one.value.At = c.at
		takes := analyzers.Step{Op: analyzers.OpSource, At: c.at, Ref: &analyzers.Ref{Path: r.below(one.value)}, Optional: true, Says: "runs the configuration"}
		r.emit(analyzers.Step{Op: analyzers.OpRun, At: c.at, Steps: []analyzers.Step{takes}})
	}
}

// pulumi reads pulumi, which is given what the configurations of the project and of the stack have
// (https://www.pulumi.com/docs/iac/concepts/config/).
func (r *reader) pulumi(c command) {
	found, operands := options(c.args(), "-C --cwd -s --stack --config-file -m --message -t --target -p --parallel -c --config", true)
	if len(operands) == 0 || !flags("up update preview pre refresh destroy down watch import").has(operands[0].text) {
		return
	}
	folder := word{value: analyzers.Value{At: c.at, Parts: synthetic(".")}}
	if given, ok := last(found, "-C --cwd"); ok {
		folder = given
	}
	for _, ending := range []string{"yaml", "yml"} {
		r.opens(below(folder, "Pulumi."+ending))
	}
	if file, ok := last(found, "--config-file"); ok {
		r.opens(file)
	} else if stack, ok := last(found, "-s --stack"); ok {
		if text, known := r.resolve(stack.value); known { // organization/project/stack
			r.opens(below(folder, "Pulumi."+text[strings.LastIndexByte(text, '/')+1:]+".yaml"))
		} else {
			file := word{value: analyzers.Value{At: c.at, Parts: slices.Concat(synthetic("Pulumi."), lastSegment(stack.value.Parts), synthetic(".yaml"))}}
			r.opens(joined(folder, file))
		}
	}
}

// lastSegment returns what stands behind the last slash that is written.
func lastSegment(parts []analyzers.Part) []analyzers.Part {
	for i := len(parts) - 1; i >= 0; i-- {
		if at := strings.LastIndexByte(parts[i].Text, '/'); parts[i].Hole == nil && at >= 0 {
			return append(synthetic(parts[i].Text[at+1:]), parts[i+1:]...)
		}
	}
	return parts
}

// Stage begins the name of the program that a deployment is which a platform's file describes. That of a worker's local development is called
// [WranglerDev] and, behind a blank, the environment that it is given.
const (
	Stage       = "stage "
	WranglerDev = "wrangler dev"
)

// wrangler reads wrangler, which deploys what its configuration has for an environment, or runs it here
// (https://developers.cloudflare.com/workers/wrangler/commands/).
func (r *reader) wrangler(c command) {
	found, operands := options(c.args(), "-e --env -c --config --name --var --port --ip --cwd --compatibility-date", true)
	if len(operands) > 0 && operands[0].text == "pages" {
		operands = operands[1:]
	}
	if len(operands) == 0 || !flags("dev deploy publish").has(operands[0].text) {
		return
	}
	stage := map[string]string{"dev": WranglerDev}[operands[0].text]
	if given, ok := last(found, "-e --env"); ok {
		environment, known := r.resolve(given.value)
		if !known {
			r.pass.Gap(c.at, "the environment that wrangler is given is computed; what the worker has there is not known")
			return
		}
		stage = strings.TrimSpace(stage + " " + environment)
	}
	files := []analyzers.Value{r.file("wrangler.toml", c.at), r.file("wrangler.json", c.at), r.file("wrangler.jsonc", c.at)}
	if given := all(found, "-c --config"); len(given) > 0 {
		files = r.listed(given)
	}
	for _, file := range files {
		r.emit(analyzers.Step{Op: analyzers.OpRun, At: c.at, Ref: &analyzers.Ref{Path: file, Name: Stage + stage}, Optional: true, Says: "does what the configuration says"})
	}
}

// Helmfile begins the name of the program that deploys what a file of helmfile has for an environment.
const Helmfile = "helmfile "

// helmfile reads helmfile, which takes the environment default if it is not told another (https://helmfile.readthedocs.io/en/latest/#cli-reference).
func (r *reader) helmfile(c command) {
	found, operands := options(c.args(), "-f --file -e --environment -l --selector -n --namespace --kube-context --state-values-set --state-values-file --args --set", true)
	if len(operands) == 0 || !flags("apply sync diff template write-values lint destroy").has(operands[0].text) {
		return
	}
	environment := "default"
	if given, ok := last(found, "-e --environment"); ok {
		text, known := r.resolve(given.value)
		if !known {
			r.pass.Gap(c.at, "the environment that helmfile is given is computed; what it deploys there is not known")
			return
		}
		environment = text
	}
	files := []analyzers.Value{r.file("helmfile.yaml", c.at), r.file("helmfile.yaml.gotmpl", c.at)}
	if given := all(found, "-f --file"); len(given) > 0 {
		files = r.listed(given)
	}
	for _, file := range files {
		r.emit(analyzers.Step{Op: analyzers.OpRun, At: c.at, Ref: &analyzers.Ref{Path: file, Name: Helmfile + environment}, Optional: true, Says: "deploys what the helmfile says"})
	}
}

// below returns what is called so in the folder that a word names.
func below(folder word, name string) word {
	v := folder.value
	v.Parts = append(slices.Clip(v.Parts), synthetic("/"+name)...)
	return word{value: v}
}

// joined returns what a word names in the folder that another one does.
func joined(folder, name word) word {
	v := folder.value
	v.Parts = append(append(slices.Clip(v.Parts), synthetic("/")...), name.value.Parts...)
	return word{value: v}
}

// above returns the folder of what a word names.
func above(w word) word {
	v := w.value
	v.Parts = slices.Clone(v.Parts)
	for i := len(v.Parts) - 1; i >= 0; i-- {
		p := v.Parts[i]
		if cut := strings.LastIndexByte(p.Text, '/'); p.Hole == nil && cut > 0 {
			v.Parts = append(v.Parts[:i], synthetic(p.Text[:cut])...)
			return word{value: v}
		}
	}
	return word{value: analyzers.Value{At: w.value.At, Parts: synthetic(".")}}
}

const (
	applies        = flags("plan apply destroy import refresh console test")
	terraformFlags = flags("-chdir -var-file --var-file -var --var -target -replace -out -state -state-out -backup -lock-timeout -parallelism")
	ansibleFlags   = flags("-i --inventory --inventory-file -l --limit -e --extra-vars -u --user -t --tags --skip-tags -f --forks -m --module-name -a --args " +
		"--vault-password-file --vault-id --private-key --key-file -c --connection -M --module-path --start-at-task -T --timeout")
)

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

// openArguments makes the files read that are arguments of a command: operands and values of options that look like a file's name. A
// name behind @ is a file to many programs, and one behind file:// to that of AWS
// (https://docs.aws.amazon.com/cli/latest/userguide/cli-usage-parameters-file.html). What a copy goes to is not read.
func (r *reader) openArguments(c command) {
	args := c.args()
	switch tool(c.name()) {
	case "cp", "ln", "mv", "scp", "rsync", "install":
		if len(args) > 0 {
			args = args[:len(args)-1]
		}
	}
	flag := "" // before the argument
	for _, w := range args {
		head := w.head()
		if i := strings.IndexByte(head, '='); i >= 0 && head[0] == '-' {
			w, flag = w.from(i+1), head[:i]
			head = w.head()
		}
		if strings.HasPrefix(head, "@") {
			w = w.from(1)
		}
		for _, scheme := range []string{"file://", "fileb://"} {
			if strings.HasPrefix(head, scheme) {
				w = w.from(len(scheme))
			}
		}
		if looksLikeFile(w) && !isValues(c, flag, w) && !isVariables(c, flag, w) || credentialFiles.has(flag) && w.literal {
			r.opens(w)
		}
		flag = head
	}
}

// credentialFiles are flags whose value is a file of credentials, whatever it is called, in the programs that have them: kubectl and helm,
// gcloud, ansible, rclone, mysql (https://kubernetes.io/docs/reference/kubectl/kubectl/, https://docs.cloud.google.com/sdk/gcloud/reference/auth/activate-service-account,
// https://docs.ansible.com/projects/ansible/latest/cli/ansible-playbook.html, https://rclone.org/docs/#config-string).
const credentialFiles = flags("--kubeconfig --key-file --cred-file --vault-password-file --vault-pass-file --private-key --private-key-file --config " +
	"--defaults-file --defaults-extra-file --identity-file --credentials-file --token-file --password-file --keyfile")

// looksLikeFile reports whether an argument can be the name of a file in the repository.
func looksLikeFile(w word) bool {
	if len(w.value.Parts) == 0 {
		return false
	}
	tail := w.value.Parts[len(w.value.Parts)-1].Text
	base := path.Base(tail)
	return strings.Contains(base, ".") && base != "." && base != ".." && !strings.ContainsAny(w.head()+tail, " \t\n:*?{}()<>,;$\"'`") &&
		!strings.HasPrefix(w.head(), "/") && !strings.HasPrefix(w.head(), "-") && len(tail) < 200
}
