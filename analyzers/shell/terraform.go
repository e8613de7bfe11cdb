package shell

import (
	"slices"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/code"
	"github.com/stagewall/stagewall/analyzers/internal/tfroot"
	"github.com/stagewall/stagewall/detectors"
)

// terraform reads Terraform, which works with the configuration of a folder and what is given for its variables, and notes the workspace that is selected
// (https://developer.hashicorp.com/terraform/cli/commands/workspace/select).
func (r *reader) terraform(c command) {
	found, operands := options(c.args(), terraformFlags, true)
	if len(operands) > 0 && !operands[0].literal {
		r.mayApply(c, operands)
		return
	}
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
	run := tfroot.Runs(r.variablesGiven(c, found, folder), r.below(all.value), tfroot.Variables, c.at, "runs the configuration")
	if operands[0].text == "apply" && len(operands) > 1 {
		run = appliesPlan(run, c.at)
	}
	r.emit(run)
	if _, saved := last(found, "-out --out"); saved {
		r.emit(analyzers.Step{Op: analyzers.OpSet, At: c.at, Space: tfroot.Kept, Name: tfroot.Plan, Value: analyzers.Literal("saved", c.at)})
	}
}

// mayApply reads Terraform where what it is to do is computed: terraform "$@", terraform $ACTION. It works with the configuration of a folder if that is
// one of the words.
func (r *reader) mayApply(c command, operands []word) {
	value := analyzers.Value{At: c.at, Parts: synthetic(" ")}
	for _, w := range operands {
		given := []analyzers.Value{w.value}
		if w.node != nil && isArguments(w.node) {
			given = r.args.list()
		}
		for _, v := range given {
			value.Parts = slices.Concat(value.Parts, v.Parts, synthetic(" "))
		}
	}
	guard := analyzers.Guard{Value: value}
	for verb := range strings.SplitSeq(string(applies), " ") {
		guard.Patterns = append(guard.Patterns, "* "+verb+" *")
	}
	applied := c
	applied.words = append([]word{c.words[0], literalWord("apply", c.words[0])}, optionsOf(c.args())...)
	if steps := r.collect(func() { r.terraform(applied) }); len(steps) > 0 {
		r.emit(analyzers.Step{Op: analyzers.OpBlock, At: c.at, Guard: &guard, Steps: steps})
	}
}

// optionsOf returns the words of a command's options that are written.
func optionsOf(words []word) []word {
	return slices.DeleteFunc(slices.Clone(words), func(w word) bool { return !strings.HasPrefix(w.head(), "-") })
}

// appliesPlan returns the step by which a plan is applied that was saved. It has the values of the variables, and who saved it here ran the configuration
// already; of any other plan nothing tells with which values it was made, and the configuration is run as if it were made now
// (https://developer.hashicorp.com/terraform/cli/commands/apply#saved-plan-mode).
func appliesPlan(run analyzers.Step, at detectors.Place) analyzers.Step {
	none := analyzers.Literal("", at)
	plan := analyzers.Value{At: at, Parts: []analyzers.Part{{Hole: &analyzers.Hole{Space: tfroot.Kept, Name: tfroot.Plan, Default: &none}}}}
	return analyzers.Step{Op: analyzers.OpBlock, At: at, Guard: &analyzers.Guard{Value: plan, Patterns: []string{""}}, Steps: []analyzers.Step{run}}
}

// every is a word for all files of a folder whose names end so, which of them a program takes being said by one of [analyzers.EveryFile] and
// [analyzers.EveryOwn].
func every(which, ending string) word {
	return word{value: analyzers.Value{Parts: append([]analyzers.Part{{Hole: &analyzers.Hole{Space: which}}}, synthetic(ending)...)}}
}

// givenAlways returns the files of variables in a configuration's folder that every run is given.
func givenAlways(folder word) []word {
	return []word{
		below(folder, "terraform.tfvars"), below(folder, "terraform.tfvars.json"),
		joined(folder, every(analyzers.EveryFile, ".auto.tfvars")), joined(folder, every(analyzers.EveryFile, ".auto.tfvars.json")),
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

// selectedStack is the stack that pulumi keeps for later commands, or that a variable names (https://www.pulumi.com/docs/iac/cli/environment-variables/).
func selectedStack(at detectors.Place) word {
	named := hole("", "PULUMI_STACK", at)
	return word{value: analyzers.Value{At: at, Parts: []analyzers.Part{{Hole: &analyzers.Hole{Space: stackSpace, Name: "stack", Default: &named}}}}}
}

const stackSpace = analyzers.OnDisk + "pulumi"

// pulumi reads pulumi, which is given what the configurations of the project and of the stack have, and notes the stack that is selected
// (https://www.pulumi.com/docs/iac/concepts/config/).
func (r *reader) pulumi(c command) {
	found, operands := options(c.args(), "-C --cwd -s --stack --config-file -m --message -t --target -p --parallel -c --config", true)
	if len(operands) > 2 && operands[0].text == "stack" && (operands[1].text == "select" || operands[1].text == "init") {
		selected := analyzers.Value{At: c.at, Parts: lastSegment(operands[2].value.Parts)}
		r.emit(analyzers.Step{Op: analyzers.OpSet, At: c.at, Space: stackSpace, Name: "stack", Value: selected})
	}
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
	} else {
		stack, ok := last(found, "-s --stack")
		if !ok {
			stack = selectedStack(c.at)
		}
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

const (
	applies        = flags("plan apply destroy import refresh console test")
	terraformFlags = flags("-chdir -var-file --var-file -var --var -target -replace -out -state -state-out -backup -lock-timeout -parallelism")
)
