package gitlabci

import (
	"slices"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/code"
	"github.com/stagewall/stagewall/analyzers/internal/lazyregexp"
	"github.com/stagewall/stagewall/analyzers/internal/pipeline"
	"github.com/stagewall/stagewall/analyzers/internal/yamltree"
	"github.com/stagewall/stagewall/analyzers/interpolate"
	"github.com/stagewall/stagewall/analyzers/shell"
	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/environ"
)

// job is what one file says of a job, while it is read.
type job struct {
	*file
	node *yamltree.Node
}

// steps returns the keyed steps of the job.
func (j *job) steps() []analyzers.Step {
	n := j.node
	var steps []analyzers.Step
	if bases := n.Get("extends"); bases != nil {
		var inner []analyzers.Step
		for _, base := range bases.List() {
			inner = append(inner, analyzers.Step{Op: analyzers.OpSource, At: j.at(base), Name: base.Str(), Optional: true})
		}
		steps = append(steps, j.block("extends", bases, inner))
	}
	steps = append(steps, j.variables(n.Get("variables"))...)
	environment := n.Get("environment")
	if environment.IsMapping() {
		if tier := environment.Get("deployment_tier"); tier != nil {
			steps = append(steps, j.set("tier", tier, setting+"tier"))
		}
		environment = environment.Get("name")
	}
	for _, own := range []struct {
		name  string
		value *yamltree.Node
	}{
		{"environment", environment}, {"stage", n.Get("stage")}, {"dotenv", n.Get("artifacts", "reports", "dotenv")},
		{artifacts, n.Get("artifacts", "paths")},
		{inherits + "variables", n.Get("inherit", "variables")}, {inherits + "default", n.Get("inherit", "default")},
	} {
		switch {
		case own.value == nil:
		case own.value.Kind == yamltree.Scalar:
			steps = append(steps, j.set(own.name, own.value, setting+own.name))
		case own.name == artifacts || strings.HasPrefix(own.name, inherits):
			var inner []analyzers.Step
			for _, name := range own.value.Items() {
				inner = append(inner, j.set(name.Str(), name, ""))
			}
			steps = append(steps, analyzers.Step{Op: analyzers.OpBlock, At: j.at(own.value), Key: setting + own.name, Steps: inner})
		}
	}
	steps = append(steps, j.caches(n.Get("cache"))...)
	steps = append(steps, j.sections("before_script", "script", "after_script")...)
	return append(steps, j.other()...)
}

// caches returns the setting that the job's caches are: for each its key as it is written, what the job does with it, and its files
// (https://docs.gitlab.com/ci/yaml/#cache).
func (j *job) caches(n *yamltree.Node) []analyzers.Step {
	var all []analyzers.Step
	for _, one := range n.List() {
		if !one.IsMapping() {
			continue
		}
		key := one.Get("key").Str()
		if key == "" {
			key = "default"
			for _, file := range one.Get("key", "files").Items() {
				key += " " + file.Str()
			}
		}
		kept := analyzers.Step{Op: analyzers.OpBlock, At: j.at(one), Name: key, Says: one.Get("policy").Str()}
		for _, name := range one.Get("paths").Items() {
			kept.Steps = append(kept.Steps, j.set(name.Str(), name, ""))
		}
		all = append(all, kept)
	}
	if all == nil {
		return nil
	}
	return []analyzers.Step{{Op: analyzers.OpBlock, At: j.at(n), Key: setting + cache, Steps: all}}
}

// inherits begins the names of the settings of what a job inherits: nothing, all, or what a list names
// (https://docs.gitlab.com/ci/yaml/#inherit).
const inherits = "inherit "

// other returns the sections that are not lists of commands.
func (j *job) other() []analyzers.Step {
	n := j.node
	var steps []analyzers.Step
	if needs := n.Get("needs"); needs != nil {
		var inner []analyzers.Step
		for _, need := range needs.Items() {
			name := need
			if need.IsMapping() {
				name = need.Get("job")
			}
			inner = append(inner, analyzers.Step{Op: analyzers.OpSource, At: j.at(need), Name: name.Str(), Optional: true})
		}
		steps = append(steps, j.block("needs", needs, inner))
	}
	if rules := n.Get("rules"); rules != nil {
		steps = append(steps, j.block("rules", rules, j.rules(rules)))
	}
	if only := n.Get("only"); only != nil {
		steps = append(steps, j.block("only", only, j.only(only)))
	}
	if matrix := n.Get("parallel", "matrix"); matrix != nil {
		var inner []analyzers.Step
		for _, entry := range matrix.Items() {
			inner = append(inner, analyzers.Step{Op: analyzers.OpBlock, At: j.at(entry), Steps: j.dimensions(entry)})
		}
		steps = append(steps, j.block("matrix", matrix, inner))
	}
	if trigger := n.Get("trigger"); trigger != nil {
		if text := trigger.Get("forward", "yaml_variables"); text != nil {
			steps = append(steps, j.set("forward", text, setting+"forward"))
		}
		steps = append(steps, j.block(child, trigger, j.includes(trigger.Get("include"), child)))
	}
	if secrets := n.Get("secrets"); secrets != nil {
		steps = append(steps, j.block("secrets", secrets, j.secrets(secrets)))
	}
	return steps
}

func (j *job) block(name string, n *yamltree.Node, steps []analyzers.Step) analyzers.Step {
	return analyzers.Step{Op: analyzers.OpBlock, At: j.at(n), Name: name, Key: section + name, Steps: steps}
}

// sections returns the blocks of the lists of commands with these names.
func (j *job) sections(names ...string) []analyzers.Step {
	var steps []analyzers.Step
	for _, name := range names {
		if n := j.node.Get(name); n != nil {
			steps = append(steps, j.block(name, n, j.commands(n)))
		}
	}
	return steps
}

// commands returns the steps of a list of commands, which one shell runs one after the other.
func (j *job) commands(n *yamltree.Node) []analyzers.Step {
	var steps []analyzers.Step
	script := script{}
	flush := func() {
		if len(script.text) > 0 {
			steps = append(steps, j.shell(script)...)
		}
		script.text, script.at = nil, nil
	}
	var each func(n *yamltree.Node, depth int)
	each = func(n *yamltree.Node, depth int) {
		switch {
		case n.Tag == "!reference" && len(n.Items()) == 2:
			flush()
			steps = append(steps, analyzers.Step{
				Op: analyzers.OpSource, At: j.at(n), Name: reference, Ref: &analyzers.Ref{Name: n.Items()[0].Str()}, Key: section + n.Items()[1].Str(),
			})
		case n.Kind == yamltree.Scalar:
			script.line(n.Source())
		case depth < maxNested:
			for _, item := range n.Items() {
				each(item, depth+1)
			}
		}
	}
	each(n, 0)
	flush()
	return steps
}

// reference is the name of a step that takes a section of another job in.
const reference = "reference"

// maxNested is how deep lists of commands nest (https://docs.gitlab.com/ci/yaml/#script).
const maxNested = 10

// script is a script whose lines lie anywhere in a file.
type script struct {
	text []byte
	at   []int // the file's offset of each byte
}

func (s *script) line(text interpolate.Text) {
	end := 0
	for i := range len(text.String) {
		span := text.Span(i, i+1)
		s.text, s.at = append(s.text, text.String[i]), append(s.at, span.Start)
		end = span.End
	}
	s.text, s.at = append(s.text, '\n'), append(s.at, end)
}

// shell returns the steps of a script, with its signs as steps beside them.
func (j *job) shell(s script) []analyzers.Step {
	steps, signs := shell.Read(j.pass, s.text, 0, shell.Options{Name: "script", GoesOn: true, Variables: true, Fills: fills(s.text), Map: func(offset int) int {
		if offset < len(s.at) {
			return s.at[offset]
		}
		return s.at[len(s.at)-1]
	}})
	for _, sign := range signs {
		steps = append(steps, pipeline.SignSteps(sign)...)
	}
	return steps
}

func (j *job) named(class analyzers.Class, environments detectors.Environment, says string, n *yamltree.Node) []analyzers.Step {
	return pipeline.SignSteps(analyzers.Sign{Class: class, Environments: environments, Says: says + environments.String(), At: j.at(n)})
}

// comparison is one of a rule's conditions: $NAME == "text" or $NAME =~ /pattern/
// (https://docs.gitlab.com/ci/jobs/job_rules/#cicd-variable-expressions).
var comparison = lazyregexp.New(`\$(\w+)\s*(==|=~)\s*(?:"([^"]*)"|'([^']*)'|/((?:[^/\\]|\\.)*)/)`)

// rules returns what rules say: each is a block of signs and of the sets of its variables.
func (j *job) rules(n *yamltree.Node) []analyzers.Step {
	var steps []analyzers.Step
	for _, rule := range n.Items() {
		if rule.Get("when").Str() == "never" {
			continue
		}
		inner := j.variables(rule.Get("variables"))
		condition := rule.Get("if")
		for _, m := range comparison.FindAllStringSubmatch(condition.Str(), maxValues) {
			text := m[3] + m[4] + regular.ReplaceAllString(m[5], "")
			switch m[1] {
			case "CI_COMMIT_BRANCH", "CI_COMMIT_REF_NAME":
				inner = append(inner, j.named(analyzers.Branch, environ.Branch(text), "a rule asks for the branch of ", condition)...)
			default:
				if !strings.HasPrefix(m[1], "CI_") {
					inner = append(inner, j.named(analyzers.Selector, environ.Value(text), "a rule asks for ", condition)...)
				}
			}
		}
		inner = append(inner, j.branches(condition)...)
		steps = append(steps, analyzers.Step{Op: analyzers.OpBlock, At: j.at(rule), Steps: inner})
	}
	return steps
}

// branch is the variable that names the branch of a run, and the key of the steps that say which one a rule asks for
// (https://docs.gitlab.com/ci/variables/predefined_variables/).
const branch = "CI_COMMIT_BRANCH"

// branches returns the sets of the branches of which a rule's condition asks for one; none if it can hold on others.
func (j *job) branches(condition *yamltree.Node) []analyzers.Step {
	var steps []analyzers.Step
	for _, either := range strings.Split(condition.Str(), "||") {
		asked := false
		for _, m := range comparison.FindAllStringSubmatch(either, maxValues) {
			if text := m[3] + m[4]; m[1] == branch && m[2] == "==" && !asked {
				asked = true
				steps = append(steps, analyzers.Step{
					Op: analyzers.OpSet, At: j.at(condition), Name: branch, Key: branch, Value: analyzers.Literal(text, j.at(condition)),
				})
			}
		}
		if !asked {
			return nil
		}
	}
	return steps
}

// maxValues bounds how many values of one kind are looked at.
const maxValues = 64

// regular are the parts of a regular expression that are no text.
var regular = lazyregexp.New(`\\.|[\^$.*+?()\[\]|]`)

// only returns the signs of the branches that a job is for.
func (j *job) only(n *yamltree.Node) []analyzers.Step {
	if n.IsMapping() {
		n = n.Get("refs")
	}
	var steps []analyzers.Step
	for _, ref := range n.List() {
		text := ref.Str()
		if strings.HasPrefix(text, "/") {
			text = regular.ReplaceAllString(strings.Trim(text, "/i"), "")
		}
		steps = append(steps, j.named(analyzers.Branch, environ.Branch(text), "it is only for the branch of ", ref)...)
	}
	return steps
}

// dimensions returns the sets of a matrix' entry, one for each value of each variable.
func (j *job) dimensions(entry *yamltree.Node) []analyzers.Step {
	var steps []analyzers.Step
	for key, values := range entry.Pairs() {
		for _, v := range values.List() {
			steps = append(steps, analyzers.Step{Op: analyzers.OpSet, At: j.at(v), Name: key.Str(), Value: j.scalar(v), Export: true})
		}
	}
	return steps
}

// secrets returns the sets of the variables that are looked up in a store (https://docs.gitlab.com/ci/yaml/#secrets).
func (j *job) secrets(n *yamltree.Node) []analyzers.Step {
	var steps []analyzers.Step
	for key, from := range n.Pairs() {
		for kind, v := range from.Pairs() {
			if h, ok := j.lookUp(kind.Str(), v); ok {
				steps = append(steps, analyzers.Step{
					Op: analyzers.OpSet, At: j.at(key), Name: key.Str(), Export: true,
					Value: analyzers.Value{At: j.at(key), Parts: []analyzers.Part{{Hole: &h}}},
				})
			}
		}
	}
	return steps
}

// told returns what a variable says of where a look-up goes; nothing, where it is not set.
//
//	https://docs.gitlab.com/ci/secrets/gcp_secret_manager/
//	https://docs.gitlab.com/ci/secrets/azure_key_vault/
func told(variable string) []analyzers.Part {
	return []analyzers.Part{{Hole: &analyzers.Hole{Name: variable, Default: &analyzers.Value{Parts: []analyzers.Part{{}}}}}}
}

// lookUp returns the hole that a look-up is, by the kind of its store. The runner puts variables into all that says what is looked up
// (https://gitlab.com/gitlab-org/gitlab-runner/-/merge_requests/2772).
func (j *job) lookUp(kind string, n *yamltree.Node) (analyzers.Hole, bool) {
	var store string
	var scope []analyzers.Part
	var name interpolate.Text
	from := func(keys ...string) interpolate.Text { return n.Get(keys...).Source() }
	switch kind {
	case "vault":
		store, name = detectors.Vault, from("field")
		place, engine := from("path"), from("engine", "path")
		if !n.IsMapping() { // PATH/FIELD@ENGINE
			text := n.Source()
			end := len(text.String)
			if i := strings.IndexByte(text.String, '@'); i >= 0 {
				engine, end = text.Slice(i+1, end), i
			}
			i := strings.LastIndexByte(text.String[:end], '/')
			place, name = text.Slice(0, max(i, 0)), text.Slice(i+1, end)
		}
		scope = slices.Concat(parts(engine), []analyzers.Part{{Text: "/"}}, parts(place))
	case "aws_secrets_manager":
		store, scope, name = detectors.SecretsManager, parts(from("secret_id")), from("field")
	case "gcp_secret_manager":
		store, scope, name = detectors.SecretManager, told("GCP_PROJECT_NUMBER"), from("name")
	case "azure_key_vault":
		store, scope, name = detectors.KeyVault, told("AZURE_KEY_VAULT_SERVER_URL"), from("name")
	default:
		return analyzers.Hole{}, false
	}
	if !n.IsMapping() && kind != "vault" {
		name = n.Source()
	}
	return code.SecretIn(store, j.at(n), scope, parts(name)), name.String != ""
}
