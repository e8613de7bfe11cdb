package environ

import "strings"

// Selector reports whether a variable's value says which environment the process that has it works in: APP_ENV, ENVIRONMENT,
// DEPLOY_ENV, STAGE, VERCEL_ENV. RAILS_ENV is one, though a weak one: hosts of staging run Rails in its production mode. NODE_ENV,
// FLASK_ENV and their like are modes of a build or a framework, and never are; PLAID_ENV says which of a service's own environments is asked.
func Selector(name string) bool {
	var textBuffer [longest]byte
	var wordBuffer [24]word
	words := split(name, textBuffer[:0], wordBuffer[:0])
	if len(words) == 0 || len(words) > 5 {
		return false
	}
	first, last := string(words[0].text), string(words[len(words)-1].text)
	switch last {
	case "env", "environment":
		return !modes[first] && !services[first] && !notSelectors[strings.ToUpper(name)]
	case "name", "type":
		before := string(words[max(0, len(words)-2)].text)
		return (before == "env" || before == "environment") && !modes[first]
	}
	return selectors[join(words)]
}

// modes are the first words of variables that end in ENV and select a build's or an interpreter's mode, label a log, or hold a path.
var modes = set("node", "babel", "flask", "mix", "github", "bash", "virtual", "conda", "cargo", "python", "py", "pipenv", "perl", "zsh", "pinecone", "rustup", "xdg",
	"jest", "webpack", "log", "logs", "logger", "logging", "jekyll", "hugo", "eleventy", "nix", "direnv", "no", "clear", "default", "merge", "load", "print")

// BuildMode reports whether a variable selects how code is built or run, and not what it is run for: NODE_ENV, whose value "production" means optimised code.
// https://nodejs.org/en/learn/getting-started/nodejs-the-difference-between-development-and-production
func BuildMode(name string) bool { return builds[name] }

var builds = set("NODE_ENV", "BABEL_ENV", "FLASK_ENV", "GIN_MODE")

// services are the first words of variables that choose between the sandbox and the real thing of somebody else's service, whatever environment
// asks: staging, and often production, of an application that does not move money yet works with a sandbox.
//
//	https://github.com/plaid/quickstart/blob/master/.env.example
//	https://developer.squareup.com/docs/sdks/go/quick-start
//	https://developer.paypal.com/braintree/docs/start/hello-server
//	https://docs.adyen.com/development-resources/libraries
//	https://github.com/gocardless/gocardless-pro-python
var services = set("adyen", "apns", "braintree", "bt", "cashfree", "docusign", "dwolla", "ebay", "gocardless", "intuit", "mpesa", "paddle", "paypal", "payu", "phonepe", "plaid",
	"quickbooks", "shippo", "square", "stripe", "truelayer", "xero")

// UV_PROJECT_ENVIRONMENT is a folder: https://docs.astral.sh/uv/reference/environment/#uv_project_environment
var notSelectors = set("CONDA_DEFAULT_ENV", "UV_PROJECT_ENVIRONMENT")

// selectors are names, their words joined by blanks, that end in no such word.
var selectors = set("stage", "deploy stage", "deployment stage", "app stage", "sls stage", "serverless stage", "target stage", "deploy target", "deployment target",
	"deployment tier", "deploy tier", "env tier",
	"spring profiles active", "tf workspace", "rails mode", "app tier", "django settings module", "django configuration")

func join(words []word) string {
	var b strings.Builder
	for i, w := range words {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.Write(w.text)
	}
	return b.String()
}

// SelectorFlag reports whether a command's flag, with its dashes, says which environment the command works on, whatever the command
// is: --env, --environment, --stage. A tool's own flags (-e, --app, --namespace) are in the providers' tables; --mode is a build's.
func SelectorFlag(flag string) bool {
	name, long := strings.CutPrefix(flag, "--")
	if !long {
		return false
	}
	name, _, _ = strings.Cut(name, "=")
	return flags[name] || strings.Contains(name, "-") && Selector(name)
}

var flags = set("env", "environment", "stage", "target-env", "target-environment", "deploy-env", "env-name", "environment-name", "envname")

// HoldsBranch reports whether a variable's value is a git branch: ref_name, CI_COMMIT_BRANCH, BRANCH_NAME, pipeline.git.branch.
func HoldsBranch(name string) bool {
	var textBuffer [longest]byte
	var wordBuffer [24]word
	words := split(name, textBuffer[:0], wordBuffer[:0])
	if n := len(words); n > 1 && string(words[n-1].text) == "name" {
		words = words[:n-1]
	}
	if len(words) == 0 {
		return false
	}
	last := string(words[len(words)-1].text)
	return last == "branch" || last == "ref"
}
