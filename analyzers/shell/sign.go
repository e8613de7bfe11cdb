package shell

import (
	"path"
	"slices"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/code"
	"github.com/stagewall/stagewall/analyzers/internal/matrix"
	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/environ"
)

// signs collects what a piece says about the environments that it works on.
type signs struct {
	certain []analyzers.Sign
	arms    []analyzers.Sign // those of conditions
	open    bool             // a condition on production goes on otherwise too

	values   map[string][]string          // by variable, what it was ever set to that names environments
	defaults map[string][]*analyzers.Hole // by variable, what it is set to that has a default
	compared map[string][]string          // by variable, the texts that it is compared with which name environments
}

// maxArms bounds the assignments under conditions that are signs: a script that has more says nothing new.
const maxArms = 256

// sets notes what a variable is set to, if that names environments.
func (s *signs) sets(name, text string) {
	const most = 16
	if environ.Value(text) == 0 || slices.Contains(s.values[name], text) || len(s.values[name]) == most {
		return
	}
	if s.values == nil {
		s.values = map[string][]string{}
	}
	s.values[name] = append(s.values[name], text)
}

// choices gives what has a default the texts that the script compares it with, each for a run for the environment that the text names: who runs the script
// for production gives it production's, and does not leave it at ${1:-exp}.
func (s *signs) choices(at detectors.Place) {
	for name, holes := range s.defaults {
		for _, text := range s.compared[name] {
			choice := analyzers.Value{At: at, Parts: synthetic(text), If: &analyzers.Guard{Value: matrix.Run(at), Patterns: []string{text}}}
			for _, h := range holes {
				h.Values = append(h.Values, choice)
			}
		}
	}
}

// takesDefault notes an argument or a variable of the caller's that has a default.
func (s *signs) takesDefault(name string, v analyzers.Value) {
	if len(v.Parts) != 1 || v.Parts[0].Hole == nil || v.Parts[0].Hole.Default == nil || len(v.Parts[0].Hole.Values) > 0 {
		return
	}
	if h := v.Parts[0].Hole; h.Space == "args" || h.Space == "" && h.Name == name {
		if s.defaults == nil {
			s.defaults = map[string][]*analyzers.Hole{}
		}
		s.defaults[name] = append(s.defaults[name], h)
	}
}

// original returns the value that was kept, if it is one that selects.
func (r *reader) original(v analyzers.Value) analyzers.Value {
	if len(v.Parts) == 1 && v.Parts[0].Hole != nil && v.Parts[0].Hole.Space == keptSpace {
		return r.chosen[v.Parts[0].Hole.Name]
	}
	return v
}

// compares notes a text that a variable is compared with and that names environments.
func (s *signs) compares(v analyzers.Value, text string) {
	const most = 16
	if len(v.Parts) != 1 || v.Parts[0].Hole == nil || v.Parts[0].Hole.Space != "" || strings.ContainsAny(text, "*?") {
		return
	}
	name := v.Parts[0].Hole.Name
	if list := s.compared[name]; len(list) == most || slices.Contains(list, text) {
		return
	}
	if s.compared == nil {
		s.compared = map[string][]string{}
	}
	s.compared[name] = append(s.compared[name], text)
}

// possible returns the texts that a value of text and variables can come to, of what the variables were ever set to that names environments; nil if
// there is more in it.
func (r *reader) possible(v analyzers.Value) []string {
	const most = 64
	all := []string{""}
	for _, p := range v.Parts {
		texts := []string{p.Text}
		if k := r.knowPart(p); k.whole {
			texts = []string{k.prefix}
		} else if p.Hole != nil && p.Hole.Space == "" {
			texts = r.signs.values[p.Hole.Name]
		}
		if len(texts)*len(all) > most || p.Hole != nil && p.Hole.Space != "" {
			return nil
		}
		var next []string
		for _, head := range all {
			for _, text := range texts {
				next = append(next, head+text)
			}
		}
		all = next
	}
	return all
}

// list returns the signs. A piece that only treats production apart works on others as well, and does not say on which.
func (s *signs) list() []analyzers.Sign {
	list := s.certain
	var all detectors.Environment
	for _, sign := range slices.Concat(s.certain, s.arms) {
		all |= sign.Environments
	}
	if !s.open || all != detectors.Production {
		list = slices.Concat(s.certain, s.arms)
	}
	var once []analyzers.Sign
	for _, sign := range list {
		same := func(o analyzers.Sign) bool { return o.Says == sign.Says && o.At == sign.At && o.Class == sign.Class }
		if !slices.ContainsFunc(once, same) {
			once = append(once, sign)
		}
	}
	return once
}

// sign notes a sign that a text gives, if the text names environments.
func (r *reader) sign(class analyzers.Class, e detectors.Environment, says string, at detectors.Place) {
	if e == 0 || r.guards > 0 {
		return
	}
	r.signs.certain = append(r.signs.certain, analyzers.Sign{Class: class, Environments: e, Says: says + " " + e.String(), At: at})
}

// selects notes the sign of a value that selects an environment.
func (r *reader) selects(v analyzers.Value, says string, at detectors.Place) {
	r.selectsBy(analyzers.Selector, v, says, at)
}

// selectsBy is selects for a sign of some class. A value that only the caller of the piece knows is a template.
func (r *reader) selectsBy(class analyzers.Class, v analyzers.Value, says string, at detectors.Place) {
	if text, ok := r.resolve(v); ok {
		r.sign(class, environ.Value(text), says, at)
		return
	}
	if all := r.possible(v); len(all) > 0 {
		for _, text := range all {
			r.sign(class, environ.Value(text), says, at)
		}
		return
	}
	if len(v.Parts) == 1 && v.Parts[0].Hole != nil && len(v.Parts[0].Hole.Values) > 0 {
		for _, one := range v.Parts[0].Hole.Values {
			r.selectsBy(class, one, says, at)
		}
		return
	}
	if name, known := r.template(v); known && r.guards == 0 {
		r.signs.certain = append(r.signs.certain, analyzers.Sign{Class: class, Says: says + " " + name, At: at, Value: &v})
	}
}

// template returns how a value is written of which the caller of the piece may know the names.
func (r *reader) template(v analyzers.Value) (written string, known bool) {
	for _, p := range v.Parts {
		if p.Hole == nil {
			written += p.Text
			continue
		}
		if !r.settled(p.Hole.Space) || p.Hole.Name == "" || len(p.Hole.Values) > 0 {
			return "", false
		}
		written += strings.TrimPrefix(p.Hole.Space+"."+p.Hole.Name, ".")
		known = true
	}
	return written, known
}

// settled reports whether the caller of the piece may know the names of a space.
func (r *reader) settled(space string) bool {
	if space == "" {
		return r.opt.Variables
	}
	return space != "args" && space != "given"
}

// assigns notes the sign that an assignment to a variable that selects an environment gives.
func (r *reader) assigns(name string, v analyzers.Value, at detectors.Place) {
	text, _ := r.resolve(v)
	r.signs.sets(name, text)
	r.signs.takesDefault(name, v)
	switch {
	case !environ.Selector(name):
	case r.guards == 0:
		r.selectsBy(code.ClassOf(name), v, name+" says", at)
	case environ.Value(text) != 0 && len(r.signs.arms) < maxArms: // otherwise it may be anything
		r.signs.open = true
		r.signs.arms = append(r.signs.arms, analyzers.Sign{
			Class: analyzers.Selector, Environments: environ.Value(text), Says: "it sets " + name + " to " + text, At: at,
		})
	}
	if name == "AWS_PROFILE" { // https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-envvars.html
		r.login(detectors.AWSConfig, v, at, &detectors.Sink{Tool: "aws"})
	}
}

// defaults notes the environment that an argument, or a variable that selects, is by default.
func (r *reader) defaults(parts []analyzers.Part, fallback analyzers.Value, at detectors.Place) {
	if text, ok := r.resolve(fallback); ok && r.selecting(analyzers.Value{Parts: parts}) {
		r.sign(analyzers.Selector, environ.Value(text), "by default the environment is", at)
	}
}

// loops notes the environments over which a loop goes, if it goes over nothing else.
func (r *reader) loops(words []analyzers.Value, at detectors.Place) {
	if all, every := r.environments(words); every && len(words) > 1 {
		r.sign(analyzers.Selector, all, "it loops over", at)
	}
}

// environments returns the environments that words name, and whether every one of them names some.
func (r *reader) environments(words []analyzers.Value) (all detectors.Environment, every bool) {
	every = true
	for _, w := range words {
		text, _ := r.resolve(w)
		named := environ.Value(text)
		all, every = all|named, every && named != 0
	}
	return all, every
}

// decides notes what a condition compares an argument, or a variable that selects, with. otherwise: the piece goes on if it does
// not hold.
func (r *reader) decides(c condition, otherwise bool, at detectors.Place) {
	for _, g := range c.all {
		if g.Not || r.arms > 0 || !r.selecting(g.Value) {
			continue
		}
		var all detectors.Environment
		for _, p := range g.Patterns {
			e := named(strings.Trim(p, "*?"))
			if all |= e; e != 0 {
				r.signs.compares(r.original(g.Value), p)
			}
		}
		if all == 0 {
			continue
		}
		r.signs.open = r.signs.open || otherwise && all == detectors.Production
		r.signs.arms = append(r.signs.arms, analyzers.Sign{
			Class: analyzers.Selector, Environments: all, Says: "it has a case for " + all.String(), At: at,
		})
	}
}

// named returns the environment that a condition's pattern names. An option called after a test or a preview says what to do, not where:
// --self-test, --preview.
func named(pattern string) detectors.Environment {
	e := environ.Value(pattern)
	if strings.HasPrefix(pattern, "-") {
		e &^= detectors.Test | detectors.Preview
	}
	return e
}

// selecting reports whether a value is an argument, a variable that selects, or one that was set to either.
func (r *reader) selecting(v analyzers.Value) bool {
	for _, p := range v.Parts {
		h := p.Hole
		if h == nil {
			continue
		}
		k, _ := r.known.get(h.Name)
		if h.Space == "args" || h.Space == keptSpace && len(r.chosen[h.Name].Parts) > 0 || h.Space == "" && (environ.Selector(h.Name) || k.selects) {
			return true
		}
	}
	return false
}

// toolFlags are the flags, by program, whose value says which environment it works on: its name, or that of an app, a project or an
// account that is called after it.
var toolFlags = map[string]flags{
	"railway": "-e --environment -p --project",
	"fly":     "-a --app", "flyctl": "-a --app",
	"heroku":  "-a --app -r --remote",
	"kubectl": "--context -n --namespace", "oc": "--context -n --namespace",
	"helm": "--kube-context -n --namespace", "helmfile": "-e --environment -n --namespace --kube-context", "k9s": "--context -n",
	"stern": "--context -n --namespace", "flux": "--context -n --namespace", "argocd": "--project",
	"aws": "--profile --stack-name --environment-name --cluster --cluster-name --service --function-name --deployment-group-name",
	"sam": "--config-env --stack-name --profile", "cdk": "--profile", "copilot": "-e --env", "eb": "-e --environment --profile",
	"gcloud": "--project --configuration", "gsutil": "-p", "bq": "--project_id", "az": "--subscription -g --resource-group --slot",
	"terraform": "-workspace", "tofu": "-workspace", "pulumi": "-s --stack",
	"wrangler": "-e --env", "vercel": "--target --environment --scope", "netlify": "--context -s --site --alias",
	"doppler": "-c --config", "infisical": "--env -e", "chamber": "-b", "phase": "--env",
	"serverless": "-s --stage --aws-profile", "sls": "-s --stage --aws-profile", "sst": "--stage",
	"firebase": "-P --project", "eas": "--profile --channel --branch", "supabase": "--project-ref", "neonctl": "--branch",
	"ansible-playbook": "-l --limit", "ansible": "-l --limit", "kamal": "-d --destination", "shopify": "-e --environment --store",
	"sentry-cli": "-p --project -e", "render": "--environment", "gh": "-e --env", "glab": "--environment",
	"docker": "--context -p --project-name --profile", "docker-compose": "-p --project-name --profile", "ecs-cli": "--cluster-config --ecs-profile",
	"platform": "-e --environment", "upsun": "-e --environment", "symfony": "--env -e", "dotnet": "--environment", "ng": "-c --configuration",
	"saml2aws": "-a --profile", "databricks": "-t --target -p --profile", "dbt": "-t --target --profile", "nomad": "-namespace",
	"skaffold": "-p --profile --kube-context -n --namespace", "devspace": "-p --profile --kube-context -n --namespace", "envoy": "--on",
	"convox": "-a --app -r --rack", "scalingo": "-a --app", "clever": "-a --alias --app", "octo": "--deployTo", "dep": "stage env",
	"appcenter": "-d --deployment-name", "code-push": "-d --deploymentName",
	"cf": "-s --space", "doctl": "--context", "hcloud": "--context",
	"meltano": "--environment", "prefect": "-p --profile", "liquibase": "--contexts", "flyway": "-environment",
}

// appFlags are likewise flags of commands, by how these begin: the name of what another command works on may be anything.
//
//	https://learn.microsoft.com/en-us/cli/azure/webapp
//	https://learn.microsoft.com/en-us/cli/azure/functionapp
//	https://learn.microsoft.com/en-us/cli/azure/containerapp
//	https://learn.microsoft.com/en-us/cli/azure/aks
var appFlags = map[string]flags{"az webapp": "-n --name", "az functionapp": "-n --name", "az containerapp": "-n --name", "az aks": "-n --name"}

// secretsOf are the programs whose flags say only whose secrets are given, as the name of an env file does: what staging's script is given of production's
// does not make it production's.
// https://docs.doppler.com/docs/cli, https://infisical.com/docs/cli/commands/run, https://github.com/segmentio/chamber, https://docs.phase.dev/cli/commands
const secretsOf = flags("doppler infisical chamber phase")

// fileFlags are the flags whose value is a file that may be called after an environment.
const fileFlags = flags("-f --file --values --env-file --env-path -var-file --var-file -backend-config --config -c -i --inventory --dotenv " +
	"--params --parameters --parameter-overrides-file --state -state --from-env-file --kubeconfig --chdir -chdir --config-file --config-path")

// overlayFlags are likewise flags of programs whose value is a folder that may be called after an environment.
var overlayFlags = map[string]flags{"kubectl": "-k --kustomize", "oc": "-k --kustomize"}

// folderFlags are the flags of terragrunt whose value is the folder that it works in, which says where.
const folderFlags = flags("--terragrunt-working-dir --working-dir")

// toolWords are the beginnings of commands whose next word is an environment, or something called after one.
var toolWords = []string{
	"terraform workspace select", "terraform workspace new", "tofu workspace select", "pulumi stack select", "pulumi stack init",
	"kubectl config use-context", "kubectl config set-context", "kubectx", "kubens", "oc project", "eb deploy", "eb use",
	"railway environment", "firebase use", "amplify env checkout", "gcloud config set project", "gcloud config configurations activate",
	"aws-vault exec", "chamber exec", "cap", "mina", "fab", "cf target", "azd env select", "git push",
	"dep deploy", "shipit", "cdk deploy", "gcloud run deploy", "gcloud functions deploy", "zappa deploy", "zappa update", "zappa manage", "convox switch",
	"gcloud run services update", "gcloud run jobs deploy", "gcloud run jobs update", "gcloud run jobs execute", "gcloud container clusters get-credentials",
	"cf push", "func azure functionapp publish", "argocd app sync", "argocd app set",
}

// builtFolders are likewise those whose next word is a folder that may be called after an environment.
// https://kubectl.docs.kubernetes.io/references/kustomize/cmd/build/
var builtFolders = []string{"kustomize build", "kubectl kustomize", "oc kustomize"}

// calls notes the signs that a command's arguments give.
func (r *reader) calls(c command) {
	name := tool(c.name())
	args := c.args()
	apps := c.appFlags()
	for i, w := range args {
		flag, value, ok := split2(w)
		switch {
		case !ok && strings.HasPrefix(flag, "-") && i+1 < len(args) && !strings.HasPrefix(args[i+1].head(), "-"):
			value = args[i+1]
		case !ok:
			continue
		}
		given, known := r.resolve(value.value)
		switch {
		case known && secretsOf.has(name) && toolFlags[name].has(flag):
			r.sign(analyzers.Given, environ.Value(given), flag+" says", w.value.At)
		case environ.SelectorFlag(flag) && !c.builds(), toolFlags[name].has(flag), apps.has(flag), ok && isProperty(name, flag):
			r.selects(value.value, flag+" says", w.value.At)
		case folderFlags.has(flag) && name == "terragrunt":
			if text, ok := r.resolve(value.value); ok {
				r.sign(analyzers.Selector, environ.Path(text), flag+" says", w.value.At)
			}
		case fileFlags.has(flag), overlayFlags[name].has(flag):
			if text, ok := r.resolve(value.value); ok && !strings.ContainsAny(text, " \n;=") && !strings.HasPrefix(text, "/dev/") { // no script, setting or device
				r.sign(analyzers.Given, environ.Path(text), "it uses a file for", w.value.At)
			}
		}
	}
	r.uploads(c)
	r.wordsSelect(c)
	r.tasks(c)
	r.brings(c)
}

// uploads notes the sign of a deployment to Vercel or Netlify, which is a preview unless it is said to be production's. Who uses previews for staging says so
// elsewhere.
//
//	https://vercel.com/docs/cli/deploy
//	https://docs.netlify.com/api-and-cli-guides/cli-guides/get-started-with-cli/#manual-deploys
func (r *reader) uploads(c command) {
	name, args := tool(c.name()), c.args()
	if name != "vercel" && name != "netlify" {
		return
	}
	preview := name == "vercel" && len(args) == 0 || len(args) > 0 && (args[0].text == "deploy" || name == "vercel" && strings.HasPrefix(args[0].text, "--prebuilt"))
	for i, w := range args {
		flag, _, _ := split2(w)
		switch {
		case flag == "--prod" || flag == "--production":
			r.sign(analyzers.Selector, detectors.Production, flag+" says", w.value.At)
			preview = false
		case flag == "--target" || flag == "--environment" || flag == "--context":
			preview = false
		case !w.literal && !strings.HasPrefix(flag, "-") && !strings.HasPrefix(args[max(i-1, 0)].head(), "-"):
			preview = false // it may be any of these
		}
	}
	if preview {
		r.sign(analyzers.Branch, detectors.Preview, "without --prod it is a", c.at)
	}
}

// appFlags returns the flags by which a command is told what it works on.
func (c command) appFlags() flags {
	if args := c.args(); len(args) > 0 {
		return appFlags[tool(c.name())+" "+args[0].text]
	}
	return ""
}

// builders are programs whose --env and --environment choose how something is built, checked or tested, not where anything goes:
// https://webpack.js.org/api/cli/#env, https://cli.emberjs.com/release/basic-use/cli-commands/, https://gohugo.io/commands/hugo/,
// https://eslint.org/docs/v8.x/use/command-line-interface, https://jestjs.io/docs/cli, https://vitest.dev/guide/cli.
var builders = []string{"webpack", "webpack-cli", "webpack-dev-server", "encore", "ember", "hugo", "eslint", "jest", "vitest", "babel"}

// builds reports whether the command is one of them, or asks for the advisories of what is installed in production:
// https://yarnpkg.com/cli/npm/audit.
func (c command) builds() bool {
	name, args := tool(c.name()), c.args()
	if name == "yarn" && len(args) > 1 {
		return args[0].text == "npm" && args[1].text == "audit"
	}
	if (name == "npx" || name == "bunx") && len(args) > 0 {
		name = args[0].text
	}
	return slices.Contains(builders, name)
}

// split2 returns a flag and the value behind its equals sign. The name of an assignment that selects counts as a flag.
func split2(w word) (flag string, value word, ok bool) {
	head := w.head()
	name, _, cut := strings.Cut(head, "=")
	if !cut {
		return head, word{}, false
	}
	return name, w.from(len(name) + 1), true
}

// wordsSelect notes the sign of a sub-command that selects an environment, or a folder of one, by its next word.
func (r *reader) wordsSelect(c command) {
	name := tool(c.name())
	var words []word
	next := func(list []string, yield func(prefix string, w word)) {
		for _, prefix := range list {
			if first, _, _ := strings.Cut(prefix, " "); first != name {
				continue
			}
			if words == nil {
				words = append(words, literalWord(name, c.words[0]))
				for _, w := range c.args() {
					if !strings.HasPrefix(w.head(), "-") {
						words = append(words, w)
					}
				}
			}
			if n := len(strings.Fields(prefix)); starts(words, prefix) && len(words) > n {
				yield(prefix, words[n])
			}
		}
	}
	next(toolWords, func(prefix string, w word) { r.selects(w.value, prefix+" says", w.value.At) })
	next(builtFolders, func(_ string, w word) {
		if text, ok := r.resolve(w.value); ok {
			r.sign(analyzers.Given, environ.Path(text), "it uses a file for", w.value.At)
		}
	})
}

// workers are the words of programs that work on an environment that they are told.
var workers = []string{"deploy", "deployment", "release", "publish", "provision", "migrate", "rollout", "rollback", "promote", "push", "ship", "apply", "destroy", "env", "environment"}

// verb reports whether an argument says what a program does and not where: test is a task of most builds, and an environment for what deploys to one.
func verb(program string, argument word) bool {
	return environ.Value(argument.text) == detectors.Test && !places(program)
}

// places reports whether a program works on an environment that it is told, as its name says.
func places(program string) bool {
	return slices.ContainsFunc(wordsOf(program), func(w string) bool { return slices.Contains(workers, w) })
}

// tellers begin the names of programs that tell people what they are given.
var tellers = []string{"log", "logger", "info", "warn", "warning", "error", "debug", "fatal", "echo", "print", "say", "msg", "message", "notify", "banner"}

// tells reports whether a program tells people what it is given and works on nothing, as its name says: just log info "Stage begins" stage 2.
func tells(program string) bool {
	words := wordsOf(program)
	return len(words) > 0 && slices.Contains(tellers, words[0]) && !places(program)
}

// wordsOf returns the words of a program's name.
func wordsOf(program string) []string {
	return strings.FieldsFunc(strings.ToLower(path.Base(program)), func(r rune) bool { return r == '-' || r == '_' || r == '.' || r == ':' })
}

// runs notes the signs of a program of the repository that is run: an environment among its arguments, or in the name of a script or
// target. The program is the file or the target.
func (r *reader) runs(name, program string, args []word, at detectors.Place) {
	if name != "" {
		// "npm test" says what is done, not where: the job that tests before it deploys to staging is staging's.
		r.sign(analyzers.Selector, environ.Identifier(name)&^detectors.Test, "it runs "+name+", which is for", at)
	}
	if tells(program) {
		return
	}
	for i, w := range args {
		flag, value, ok := split2(w)
		switch {
		case ok && (environ.SelectorFlag(flag) || environ.Selector(flag)):
			r.selects(value.value, flag+" says", w.value.At)
		case ok:
		case environ.SelectorFlag(flag) && i+1 < len(args):
			r.selects(args[i+1].value, flag+" says", w.value.At)
		case strings.HasPrefix(flag, "-"):
		case w.literal && isName(strings.ReplaceAll(w.text, "-", "_")) && !verb(program, w), !w.literal && places(program):
			r.selects(w.value, "an argument says", w.value.At)
		}
	}
}
