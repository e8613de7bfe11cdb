package shell

import (
	"cmp"
	"slices"
	"strings"

	"github.com/stagewall/stagewall/detectors"
)

// printer is a command that prints what a store of secrets has, or writes it to a file.
type printer struct {
	words string // the program, and the operands that it begins with
	takes flags  // options that take a value, beside those below
	store string
	outer flags // what the scope is in
	scope flags // which part of the store
	name  flags // which secret; where none is given the operand behind the words says it
	all   bool  // everything in the scope; where no option says that, the operand behind the words does
	alone bool  // with more operands it is another command
	not   flags // with these options it is another command
	runs  flags // the option whose value is the command that prints: env, or printenv
}

// printers are those whose options say all that is to be known. Others are read by [reader.secret].
var printers = []printer{
	// https://docs.doppler.com/docs/accessing-secrets
	{words: "doppler secrets get", takes: "--token --json", store: "doppler", outer: "-p --project", scope: "-c --config"},
	{words: "doppler secrets download", takes: "--token --format --passphrase", store: "doppler", outer: "-p --project", scope: "-c --config", all: true},
	// https://infisical.com/docs/cli/commands/secrets https://infisical.com/docs/cli/commands/export
	{words: "infisical secrets get", takes: "--projectId --token --domain", store: "infisical", outer: "--env", scope: "--path"},
	{words: "infisical export", takes: "--projectId --token --domain --format -f --output-file", store: "infisical", outer: "-e --env", scope: "--path", all: true},
	// https://docs.cloud.google.com/sdk/gcloud/reference/secrets/versions/access
	{words: "gcloud secrets versions access", takes: "--format --account", store: detectors.SecretManager, scope: "--project", name: "--secret"},
	// https://firebase.google.com/docs/functions/config-env#manage_secrets
	{words: "firebase functions:secrets:access", store: detectors.SecretManager, scope: "-P --project"},
	{words: "firebase apphosting:secrets:access", store: detectors.SecretManager, scope: "-P --project"},
	// https://developer.1password.com/docs/cli/reference/commands/read
	{words: "op read", takes: "--account --out-file -o --file-mode --format", store: detectors.OnePassword},
	{words: "op item get", takes: "--account --format --fields", store: detectors.OnePassword, scope: "--vault"},
	// https://learn.microsoft.com/cli/azure/keyvault/secret#az-keyvault-secret-show
	{words: "az keyvault secret show", takes: "--query -o --output --subscription --version", store: detectors.KeyVault, scope: "--vault-name", name: "--name -n --id"},
	// https://buildkite.com/docs/agent/cli/reference/secret
	{words: "buildkite-agent secret get", takes: "--format --job", store: "buildkite"},
	// https://devcenter.heroku.com/articles/config-vars
	{words: "heroku config:get", store: "heroku", scope: "-a --app"},
	{words: "heroku config", store: "heroku", scope: "-a --app", all: true, alone: true},
	// https://devcenter.heroku.com/articles/one-off-dynos
	{words: "heroku run env", takes: "-s --size --type -r --remote", store: "heroku", scope: "-a --app", all: true, alone: true},
	{words: "heroku run printenv", takes: "-s --size --type -r --remote", store: "heroku", scope: "-a --app", all: true, alone: true},
	// https://fly.io/docs/flyctl/ssh-console/
	{words: "fly ssh console", takes: "-g --process-group -r --region -u --user --machine", store: "fly", scope: "-a --app", all: true, runs: "-C --command"},
	{words: "flyctl ssh console", takes: "-g --process-group -r --region -u --user --machine", store: "fly", scope: "-a --app", all: true, runs: "-C --command"},
	// https://github.com/Scalingo/cli#command-help
	{words: "scalingo env", takes: "--region", store: "scalingo", scope: "-a --app", all: true, alone: true},
	{words: "scalingo env-get", takes: "--region", store: "scalingo", scope: "-a --app"},
	// https://dokku.com/docs/configuration/environment-variables/
	{words: "dokku config:show", store: "dokku", all: true},
	{words: "dokku config:export", takes: "--format", store: "dokku", all: true},
	// https://cli.netlify.com/commands/env
	{words: "netlify env:get", takes: "--scope --site --auth --filter", store: "netlify", scope: "--context"},
	{words: "netlify env:list", takes: "--scope --site --auth --filter", store: "netlify", scope: "--context", all: true, alone: true},
	// https://vercel.com/docs/cli/env https://vercel.com/docs/cli/pull
	{words: "vercel env pull", takes: "-t --token -S --scope --git-branch --cwd", store: "vercel", scope: "--environment", all: true},
	{words: "vercel pull", takes: "-t --token -S --scope --git-branch --cwd", store: "vercel", scope: "--environment", all: true},
	// https://docs.railway.com/cli/variable
	{words: "railway variables list", takes: "-s --service", store: "railway", scope: "-e --environment", all: true},
	{words: "railway variable list", takes: "-s --service", store: "railway", scope: "-e --environment", all: true},
	{words: "railway variables", takes: "-s --service", store: "railway", scope: "-e --environment", all: true, alone: true, not: "--set --set-from-stdin"},
	// https://docs.expo.dev/eas/environment-variables/manage/
	{words: "eas env:pull", takes: "--path", store: "eas", scope: "--environment", all: true},
	{words: "eas env:list", takes: "--format --scope", store: "eas", scope: "--environment", all: true},
	// https://www.dotenv.org/docs/dotenv-vault/pull
	{words: "dotenv-vault pull", takes: "-m --dotenvMe", store: "dotenv-vault", all: true},
	// https://www.pulumi.com/docs/iac/cli/commands/pulumi_config_get/
	{words: "pulumi config get", takes: "--config-file -C --cwd", store: "pulumi", scope: "-s --stack"},
	// https://cli.cloudfoundry.org/en-US/v8/env.html
	{words: "cf env", store: "cloudfoundry", all: true},
	// https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/eb3-printenv.html
	{words: "eb printenv", takes: "--profile -r --region", store: "elasticbeanstalk", all: true},
	// https://bitwarden.com/help/cli/#get https://bitwarden.com/help/secrets-manager-cli/#secret-get
	{words: "bw get password", takes: "--session --organizationid", store: "bitwarden"},
	{words: "bw get item", takes: "--session --organizationid", store: "bitwarden"},
	{words: "bw get notes", takes: "--session --organizationid", store: "bitwarden"},
	{words: "bws secret get", takes: "-t --access-token -o --output -p --profile", store: "bitwarden"},
	// https://docs.phase.dev/cli/commands
	{words: "phase secrets get", takes: "--app --app-id --path --tags", store: "phase", scope: "--env"},
	{words: "phase secrets export", takes: "--app --app-id --path --tags --format", store: "phase", scope: "--env", all: true},
	// https://man.archlinux.org/man/lpass.1.en
	{words: "lpass show", takes: "--sync --color --field --attach", store: "lastpass"},
	// https://docs.akeyless.io/docs/cli-ref-static-secrets
	{words: "akeyless get-secret-value", takes: "--profile --token --uid-token", store: "akeyless", name: "-n --name"},
	// https://docs.conjur.org/Latest/en/Content/Developer/CLI/cli-variable-get.htm
	{words: "conjur variable get", store: "conjur", name: "-i --id"},
	// https://keyring.readthedocs.io/en/latest/#command-line-utility
	{words: "keyring get", takes: "-k --keyring-backend -p --keyring-path", store: "keyring"},
}

// printed returns what a command prints of a store, and reports whether it is one of the [printers] and says of what: what a login or a linked folder
// selects is not seen.
func (r *reader) printed(c command) (secret, bool) {
	name := programOf(c)
	for i := range printers {
		p := &printers[i]
		words, ok := strings.CutPrefix(p.words, name+" ")
		if !ok {
			continue
		}
		found, operands := options(c.args(), p.takes+" "+p.outer+" "+p.scope+" "+p.name+" "+p.runs, true)
		if !starts(operands, words) {
			continue
		}
		operands = operands[len(strings.Fields(words)):]
		if _, other := last(found, p.not); other || p.alone && len(operands) > 0 {
			continue
		}
		if p.runs != "" {
			command, _ := last(found, p.runs)
			if fields := strings.Fields(command.text); len(fields) != 1 || tool(fields[0]) != "env" && tool(fields[0]) != "printenv" {
				continue
			}
		}
		var operand word
		if len(operands) > 0 {
			operand = operands[0]
		}
		return r.looksUp(p, found, operand)
	}
	return secret{}, false
}

// aliases are other names of programs, also those of their packages.
var aliases = map[string]string{"ntl": "netlify", "netlify-cli": "netlify", "eas-cli": "eas", "firebase-tools": "firebase", "vc": "vercel", "@railway/cli": "railway"}

// programOf returns the name of a command's program, without the version of its package: vercel@latest.
func programOf(c command) string {
	name := tool(c.name())
	if i := strings.LastIndexByte(name, '@'); i > 0 {
		name = name[:i]
	}
	return cmp.Or(aliases[name], name)
}

// looksUp returns what a command's options and its operand name, if they name anything.
func (r *reader) looksUp(p *printer, found []option, operand word) (secret, bool) {
	scope := r.scopeOf(found, p.outer, p.scope)
	if p.all {
		if len(scope.value.Parts) == 0 {
			scope = operand
		}
		return r.sought(p.store, "", scope), len(scope.value.Parts) > 0
	}
	if name, ok := last(found, p.name); ok {
		operand = name
	}
	return r.soughtIn(p.store, scope, operand), len(operand.value.Parts) > 0
}

// scopeOf returns which part of a store options name: what the one kind says, within what the other does.
func (r *reader) scopeOf(found []option, outer, inner flags) word {
	scope, _ := last(found, inner)
	within, ok := last(found, outer)
	if !ok || r.textOf(within) == "" {
		return scope
	}
	if text := strings.Trim(r.textOf(scope), "/"); text != "" {
		within.value.Parts = slices.Concat(within.value.Parts, synthetic("/"+text))
	}
	return within
}

// injector is a program that runs a command with all that a store has for an environment.
type injector struct {
	words   string // the program, and the operands that it begins with
	takes   flags  // options that take a value, beside those below
	store   string
	outer   flags // as those of a [printer]
	scope   flags
	operand bool  // the operand behind the words says the environment
	text    flags // the command, as a text for a shell
}

var injectors = []injector{
	// https://docs.doppler.com/docs/accessing-secrets
	{words: "doppler run", takes: "--token --mount --mount-format --mount-template", store: "doppler", outer: "-p --project", scope: "-c --config", text: "--command"},
	// https://infisical.com/docs/cli/commands/run
	{words: "infisical run", takes: "--token --projectId --domain --tags", store: "infisical", outer: "-e --env", scope: "--path", text: "--command"},
	// https://docs.railway.com/cli/run
	{words: "railway run", takes: "-s --service -p --project", store: "railway", scope: "-e --environment"},
	{words: "railway local", takes: "-s --service -p --project", store: "railway", scope: "-e --environment"},
	// https://docs.phase.dev/cli/commands
	{words: "phase run", takes: "--app --app-id --path --tags", store: "phase", scope: "--env"},
	// https://vercel.com/docs/cli/env
	{words: "vercel env run", takes: "-t --token -S --scope --git-branch --cwd", store: "vercel", scope: "-e --environment"},
	// https://docs.expo.dev/eas/environment-variables/manage/
	{words: "eas env:exec", store: "eas", operand: true},
	// https://cli.netlify.com/commands/dev#devexec
	{words: "netlify dev:exec", store: "netlify", scope: "--context"},
}

// injected returns the command that one of the [injectors] runs, with what it is given: doppler run -c stg -- command.
func (r *reader) injected(c command) (command, bool) {
	name := programOf(c)
	for i := range injectors {
		in := &injectors[i]
		words, ok := strings.CutPrefix(in.words, name+" ")
		if !ok {
			continue
		}
		takes := in.takes + " " + in.outer + " " + in.scope + " " + in.text
		found, rest := options(c.args(), takes, false)
		for w := range strings.FieldsSeq(words) {
			if len(rest) == 0 || rest[0].text != w {
				ok = false
				break
			}
			var more []option
			more, rest = options(rest[1:], takes, false)
			found = append(found, more...)
		}
		scope := r.scopeOf(found, in.outer, in.scope)
		if in.operand && len(rest) > 0 {
			scope, rest = rest[0], rest[1:]
		}
		text, isText := last(found, in.text)
		if !ok || len(rest) == 0 && !isText {
			continue
		}
		outer := c
		outer.words = c.words[:len(c.words)-len(rest)]
		r.call(outer)
		r.injects(&c, in.store, scope)
		if in.operand && len(rest) == 1 {
			text, isText = rest[0], true
		}
		if c.words = rest; isText {
			c.words = []word{literalWord("sh", text), literalWord("-c", text), text}
		}
		return c, true
	}
	return c, false
}
