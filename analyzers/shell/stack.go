package shell

import (
	"strings"

	"github.com/stagewall/stagewall/analyzers"
)

const (
	// Stack is the space of what a stack of CloudFormation is given for the parameters of its template.
	Stack = "stack"
	// StackTemplate is the name of the program that does what a template says of secrets.
	StackTemplate = "template"
	// StackGiven begins the names of the programs that give what SAM's configuration has for an environment.
	StackGiven = "given "
)

// cloudformation reads commands that deploy a template, with what they give for its parameters.
// https://docs.aws.amazon.com/cli/latest/reference/cloudformation/deploy/ https://docs.aws.amazon.com/cli/latest/reference/cloudformation/create-stack.html
// https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-cli-command-reference-sam-deploy.html
func (r *reader) cloudformation(c command) {
	const takes = flags("--template-file --template-body --template -t --stack-name --config-env --config-file --region --profile --s3-bucket --s3-prefix " +
		"--role-arn --change-set-name --change-set-type")
	found, operands := options(c.args(), takes, true)
	var templates []analyzers.Value
	var steps []analyzers.Step
	sam := tool(c.name()) == "sam"
	switch {
	case sam && starts(operands, "deploy"):
		templates = []analyzers.Value{r.file("template.yaml", c.at), r.file("template.yml", c.at)}
		steps = r.configured(c, found)
	case sam || !starts(operands, "cloudformation deploy") && !starts(operands, "cloudformation create-stack") &&
		!starts(operands, "cloudformation update-stack") && !starts(operands, "cloudformation create-change-set"):
		return
	}
	if file, ok := last(found, "--template-file --template-body --template -t"); ok {
		if strings.HasPrefix(file.head(), "file://") {
			file = file.from(len("file://"))
		}
		templates = []analyzers.Value{r.below(file.value)}
	}
	steps = append(steps, givenToStack(c)...)
	for _, t := range templates {
		r.emit(analyzers.Step{Op: analyzers.OpOpen, At: c.at, File: new(t), Optional: true, Says: "deploys the template"})
		steps = append(steps, analyzers.Step{
			Op: analyzers.OpSource, At: c.at, Ref: &analyzers.Ref{Path: t, Name: StackTemplate}, Optional: true, Says: "deploys the template",
		})
	}
	r.emit(analyzers.Step{Op: analyzers.OpRun, At: c.at, Steps: steps})
}

// configured takes in what SAM's configuration gives.
// https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/serverless-sam-cli-config.html
func (r *reader) configured(c command, found []option) []analyzers.Step {
	environment := "default"
	if given, ok := last(found, "--config-env"); ok {
		text, known := r.resolve(given.value)
		if !known {
			r.pass.Gap(c.at, "the environment that sam is given is computed; what it deploys there is given is not known")
			return nil
		}
		environment = text
	}
	files := []analyzers.Value{r.file("samconfig.toml", c.at), r.file("samconfig.yaml", c.at), r.file("samconfig.yml", c.at)}
	if given, ok := last(found, "--config-file"); ok {
		files = []analyzers.Value{r.below(given.value)}
	}
	var steps []analyzers.Step
	for _, file := range files {
		steps = append(steps, analyzers.Step{
			Op: analyzers.OpSource, At: c.at, Ref: &analyzers.Ref{Path: file, Name: StackGiven + environment}, Optional: true, Says: "is given the configuration",
		})
	}
	return steps
}

// givenToStack returns the sets of what follows an option for parameters: NAME=VALUE or ParameterKey=NAME,ParameterValue=VALUE, each a word.
func givenToStack(c command) []analyzers.Step {
	var steps []analyzers.Step
	given := false
	for _, w := range c.args() {
		head := w.head()
		if strings.HasPrefix(head, "-") {
			given = head == "--parameter-overrides" || head == "--parameters"
			continue
		}
		if !given {
			continue
		}
		name, value, ok := split2(w)
		if rest, long := strings.CutPrefix(head, "ParameterKey="); long {
			name, _, ok = strings.Cut(rest, ",ParameterValue=")
			value = w.from(min(len("ParameterKey=")+len(name)+len(",ParameterValue="), len(head)))
		}
		if ok {
			steps = append(steps, analyzers.Step{Op: analyzers.OpSet, At: w.value.At, Space: Stack, Name: name, Value: value.value})
		}
	}
	return steps
}
