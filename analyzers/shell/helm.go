package shell

import (
	"path"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
)

const (
	releases  = flags("install upgrade template lint")
	helmFlags = flags("-f --values -n --namespace --set --set-string --set-file --set-json --set-literal --version --kube-context --kubeconfig --timeout --repo " +
		"--history-max --description --post-renderer -o --output --name-template")
)

// ChartValues is the name of the program that sets what a file of values has, by the paths of the values.
const ChartValues = "values"

// helm reads helm, which gives a release the values of the chart, those of the files that it is given in their order, and those of its own arguments: what
// is set again later is not what the release gets. https://helm.sh/docs/chart_template_guide/values_files/
func (r *reader) helm(c command) {
	found, operands := options(c.args(), helmFlags, true)
	if len(operands) > 1 && operands[0].text == "diff" {
		operands = operands[1:]
	}
	if len(operands) == 0 || !releases.has(operands[0].text) {
		return
	}
	var steps []analyzers.Step
	load := func(file word) {
		at := file.value.At
		if at.Path == "" {
			at = c.at
		}
		steps = append(steps, analyzers.Step{
			Op: analyzers.OpLoad, At: at, Ref: &analyzers.Ref{Path: r.below(file.value), Name: ChartValues}, Optional: true, Says: "is given its values",
		})
	}
	open := func(file word, says string) {
		steps = append(steps, analyzers.Step{Op: analyzers.OpOpen, At: c.at, File: new(r.below(file.value)), Optional: true, Says: says})
	}
	for _, w := range operands[1:] {
		if (isPath(w.text) || w.text == ".") && w.literal && !strings.Contains(w.text, "://") && !strings.HasSuffix(w.text, ".tgz") {
			load(below(w, "values.yaml"))
			open(below(w, "templates"), "deploys what the chart's templates hold")
		}
	}
	for _, o := range found {
		if isValues(c, o.name, o.value) {
			load(o.value)
		}
	}
	for _, o := range found {
		if name, rest, ok := strings.Cut(o.value.head(), "="); ok && o.name == "--set-file" && !strings.Contains(rest, ",") {
			open(o.value.from(len(name)+1), "gives the release what the file holds")
		}
	}
	for _, o := range found {
		if o.name == "--set" || o.name == "--set-string" || o.name == "--set-literal" || o.name == "--set-file" {
			for one := range strings.SplitSeq(o.value.head(), ",") {
				if name, _, ok := strings.Cut(one, "="); ok {
					steps = append(steps, analyzers.Step{Op: analyzers.OpUnset, At: o.value.value.At, Name: name})
				}
			}
		}
	}
	if len(steps) > 0 {
		steps = append(steps, analyzers.Step{Op: analyzers.OpRead, At: c.at, All: true, Says: "helm gives the release its values"})
		r.emit(analyzers.Step{Op: analyzers.OpRun, At: c.at, Isolated: true, Steps: steps})
	}
}

// isValues reports whether an argument of helm's is a file of values that is named or lies so that it is read as one.
func isValues(c command, flag string, file word) bool {
	if tool(c.name()) != "helm" || flag != "-f" && flag != "--values" || len(file.value.Parts) == 0 {
		return false
	}
	text := ""
	for _, p := range file.value.Parts {
		if text += p.Text; p.Hole != nil {
			text += "x"
		}
	}
	stem, ext := strings.TrimSuffix(path.Base(text), path.Ext(text)), path.Ext(text)
	if ext != ".yaml" && ext != ".yml" || strings.Contains(text, "://") {
		return false
	}
	if strings.HasPrefix(stem, "values") || strings.HasSuffix(stem, "values") {
		return true
	}
	for _, folder := range strings.Split(path.Dir(text), "/") {
		if folder == "values" || folder == "env" || folder == "envs" || folder == "environments" {
			return true
		}
	}
	return false
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
