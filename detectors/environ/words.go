package environ

import "github.com/stagewall/stagewall/detectors"

// need says how a word must stand to count as an environment.
type need uint8

const (
	never    need = iota
	whole         // the only word, numbers and regions aside
	edge          // the first or the last word, numbers and regions aside
	beside        // beside a noun of credentials or connections, or in a part of its own between colons
	settings      // paths: in a settings file's name, or as a whole folder below one such as deploy or environments
	segment       // paths: as a whole folder, or a word of a file's name
	anywhere
)

// meaning is what a word means, and how it must stand in each context to mean it.
type meaning struct {
	environments                            detectors.Environment
	value, identifier, path, host, onBranch need
}

const (
	production  = detectors.Production
	staging     = detectors.Staging
	development = detectors.Development
	test        = detectors.Test
	preview     = detectors.Preview
)

// vocabulary lists the words that mean environments. Sources: the tiers that GitLab guesses from environment names
// (https://docs.gitlab.com/ci/environments/#deployment-tier-of-environments), the well-known values of OpenTelemetry's
// deployment.environment.name (https://opentelemetry.io/docs/specs/semconv/resource/deployment-environment/), and reading names
// in public repositories. canary, blue, green, dr, failover and hotfix are kept out: they are mostly production, and say so too seldom.
var vocabulary = map[string]meaning{
	"prod":       {production, anywhere, anywhere, anywhere, anywhere, edge},
	"production": {production, anywhere, anywhere, anywhere, anywhere, edge},
	"prd":        {production, anywhere, anywhere, anywhere, anywhere, edge},
	"live":       {production, edge, beside, settings, edge, whole},

	"staging":       {staging, anywhere, anywhere, anywhere, anywhere, edge},
	"stg":           {staging, anywhere, anywhere, anywhere, anywhere, edge},
	"stag":          {staging, edge, beside, settings, edge, whole},
	"stage":         {staging, edge, beside, settings, edge, edge},
	"preprod":       {staging, anywhere, anywhere, anywhere, anywhere, edge},
	"preprd":        {staging, anywhere, anywhere, anywhere, anywhere, edge},
	"preproduction": {staging, anywhere, anywhere, anywhere, anywhere, edge},
	"prodlike":      {staging, anywhere, anywhere, anywhere, anywhere, edge},
	"uat":           {staging, anywhere, anywhere, anywhere, anywhere, edge},
	"hmlg":          {staging, anywhere, anywhere, anywhere, anywhere, edge},
	"hml":           {staging, edge, beside, settings, edge, edge},
	"homolog":       {staging, anywhere, anywhere, anywhere, anywhere, edge},
	"homologacao":   {staging, anywhere, anywhere, anywhere, anywhere, edge},
	"acceptance":    {staging, edge, never, settings, whole, whole},
	"acc":           {staging, edge, never, settings, whole, whole},
	"pp":            {staging, edge, never, settings, whole, never},

	"nonprod":       {nonProduction, anywhere, anywhere, anywhere, anywhere, edge},
	"nonprd":        {nonProduction, anywhere, anywhere, anywhere, anywhere, edge},
	"nonproduction": {nonProduction, anywhere, anywhere, anywhere, anywhere, edge},
	"notprod":       {nonProduction, anywhere, anywhere, anywhere, anywhere, edge},
	"nprd":          {nonProduction, anywhere, anywhere, anywhere, anywhere, edge},
	"nprod":         {nonProduction, anywhere, anywhere, anywhere, anywhere, edge},

	"dev":         {development, edge, anywhere, segment, edge, whole},
	"develop":     {development, edge, beside, settings, edge, whole},
	"devel":       {development, edge, beside, settings, edge, whole},
	"development": {development, anywhere, anywhere, segment, edge, whole},
	"local":       {development, edge, beside, settings, never, never},

	"test":        {test, edge, anywhere, segment, edge, whole},
	"tests":       {test, edge, anywhere, segment, never, never},
	"testing":     {test, edge, anywhere, segment, edge, whole},
	"tst":         {test, edge, anywhere, segment, edge, whole},
	"e2e":         {test, edge, anywhere, segment, edge, never},
	"qa":          {test, edge, anywhere, segment, edge, edge},
	"ci":          {test, whole, never, never, never, never},
	"int":         {test, whole, never, never, never, never},
	"integration": {test, whole, never, never, never, whole},
	"perf":        {test, whole, never, never, never, never},
	"sandbox":     {test, edge, beside, settings, edge, whole},
	"sbx":         {test, edge, beside, settings, edge, whole},

	"preview":  {preview, edge, beside, settings, edge, whole},
	"previews": {preview, edge, beside, settings, edge, never},
	"review":   {preview, edge, never, never, edge, never},
	"demo":     {preview, whole, never, never, never, never},
}

const nonProduction = staging | development | test

// phrases are words that bind before their parts do. Each is read in the contexts in which the meaning allows it.
var phrases = []struct {
	words []string
	meaning
}{
	{[]string{"pre", "prod"}, vocabulary["preprod"]},
	{[]string{"pre", "prd"}, vocabulary["preprod"]},
	{[]string{"pre", "production"}, vocabulary["preprod"]},
	{[]string{"non", "prod"}, vocabulary["nonprod"]},
	{[]string{"non", "prd"}, vocabulary["nonprod"]},
	{[]string{"non", "production"}, vocabulary["nonprod"]},
	{[]string{"not", "prod"}, vocabulary["nonprod"]},
	{[]string{"not", "production"}, vocabulary["nonprod"]},
	{[]string{"no", "prod"}, vocabulary["nonprod"]},
	{[]string{"non", "live"}, vocabulary["nonprod"]},
	{[]string{"prod", "like"}, vocabulary["prodlike"]},
	{[]string{"production", "like"}, vocabulary["prodlike"]},
	{[]string{"like", "prod"}, vocabulary["prodlike"]},
	{[]string{"prod", "copy"}, vocabulary["prodlike"]},
	{[]string{"production", "copy"}, vocabulary["prodlike"]},
	{[]string{"prod", "clone"}, vocabulary["prodlike"]},
	{[]string{"production", "clone"}, vocabulary["prodlike"]},
	{[]string{"copy", "of", "prod"}, vocabulary["prodlike"]},
	{[]string{"copy", "of", "production"}, vocabulary["prodlike"]},
	{[]string{"replica", "of", "prod"}, vocabulary["prod"]},
	{[]string{"replica", "of", "production"}, vocabulary["prod"]},
	{[]string{"npm", "config", "production"}, meaning{}}, // a mode of npm: https://docs.npmjs.com/cli/using-npm/config
	{[]string{"end", "to", "end"}, vocabulary["e2e"]},
	{[]string{"deploy", "preview"}, meaning{preview, anywhere, anywhere, anywhere, anywhere, whole}},
	{[]string{"deploy", "previews"}, meaning{preview, anywhere, anywhere, anywhere, anywhere, whole}},
	{[]string{"branch", "deploy"}, meaning{preview, whole, never, never, never, never}},
	{[]string{"review", "app"}, meaning{preview, anywhere, anywhere, anywhere, anywhere, never}},
	{[]string{"review", "apps"}, meaning{preview, anywhere, anywhere, anywhere, anywhere, never}},
}

// blocker lists the neighbours beside which a word is no environment, and the words that take its meaning wherever they stand.
type blocker struct{ before, after, anywhere []string }

var blockers = map[string]blocker{
	"prod":       {before: blockProductionBefore, after: append([]string{"id", "ids", "sku"}, blockProductionAfter...)}, // a product's
	"production": {before: blockProductionBefore, after: blockProductionAfter},
	"live": {
		before: []string{"to", "keep", "go", "watch", "phoenix", "page", "is"},
		after: []string{"reload", "reloading", "view", "wire", "stream", "streaming", "chat", "book", "ness", "edit", "query", "migration", "demo",
			"update", "updates", "preview", "server", "session", "socket", "node", "event", "events", "video"},
	},
	"staging": {
		before: []string{"nexus", "sonatype", "ossrh", "package", "in"},
		after: []string{"dir", "dirs", "directory", "area", "table", "tables", "buffer", "buffers", "folder", "schema", "location", "path",
			"repo", "repository", "repositories", "profile", "maven", "onhold", "index"},
	},
	"stg": {after: []string{"e", "s", "dir", "table", "tables", "area", "schema"}},
	"stage": {
		before: []string{"ci", "job", "build", "builder", "pipeline", "first", "second", "third", "next", "last", "previous", "current",
			"final", "multi", "two", "early", "late", "life", "external", "internal", "tmp", "rule", "release", "custom",
			"the", "per", "each", "this", "file", "lead", "deal", "product", "test", "lint", "base", "growth", "train"},
		after: []string{"name", "id", "fqn", "pricing", "dir", "area", "table", "one", "two", "three", "gate", "index", "count", "timeout",
			"order", "type", "status", "changes", "variables", "number", "value", "values"},
		anywhere: []string{"dbt", "snowflake", "etl", "pipeline", "lifecycle", "drone", "sales", "funnel"},
	},
	"dev": {
		before: []string{"eng", "web", "game", "software", "platform", "sd", "block"},
		after: []string{"tool", "tools", "tooling", "toolkit", "null", "ops", "rel", "kit", "link", "team", "ecosystem", "portal", "container",
			"containers", "box", "center", "centre", "random", "urandom", "tty", "shm", "id", "experience", "guide", "dependencies", "deps", "requirements"},
	},
	"development": {after: []string{"kit", "tools", "team", "guide"}},
	"develop": { // a branch that is merged
		before: []string{"forward", "from", "merge", "into", "rebase", "sync", "with", "onto"},
		after:  []string{"to", "into", "branch", "with", "onto", "and"},
	},
	"local": {
		before: []string{"usr", "var"},
		after: []string{"storage", "time", "machine", "user", "file", "path", "dir", "port", "address", "cache", "variable", "net", "network", "group",
			"check", "checks", "registry", "repository", "image", "images", "package", "packages", "build", "builds", "artifact", "artifacts", "branch"},
	},
	"test": {
		before: []string{"speed", "skip", "disable", "no"},
		after:  []string{"results", "result", "report", "reports", "coverage", "flight"},
	},
	"acceptance": {after: []string{"test", "tests", "testing", "criteria"}},
	"acc":        {after: []string{"test", "tests", "testing"}},
	"e2e":        {after: []string{"encryption", "encrypted", "ee"}},
	"preview":    {before: []string{"gtm"}, after: []string{"image", "images", "features", "feature", "api", "format", "panel", "window", "size", "card"}},
	"sandbox":    {before: []string{"no", "chrome", "seccomp"}, after: []string{"mode", "image", "exec", "runtime", "id", "dir"}},
	"review":     {before: []string{"code", "pr", "peer", "security"}, after: []string{"bot", "comment", "dog", "er", "request"}},
}

// A word after one of these is a thing that is produced, or is said not to be the environment.
var blockProductionBefore = []string{"film", "music", "video", "audio", "tv", "television", "radio", "theatre", "media", "yarn", "crop", "food", "beverage", "clothing", "footwear",
	"oil", "gas", "energy", "power", "milk", "mass", "content", "of", "fake", "mock", "dummy", "unsafe", "except", "exclude", "never", "bundle", "pos",
	"pool", "cross"}

var blockProductionAfter = []string{"manufacturing", "order", "orders", "line", "lines", "plan", "planning", "company", "house", "rate", "volume", "cost", "costs", "schedule",
	"scheduler", "planner", "floor", "batch", "batches", "ready", "readiness", "grade", "possible", "companies", "studio", "designer"}

// loose are words between a negation and production: UNSAFE_FOR_PRODUCTION, never-in-prod.
var loose = map[string]bool{"for": true, "in": true, "on": true, "use": true, "to": true, "yet": true}

// aside are words that do not move an environment from the edge of a value: acme-stage-eu-1.
var aside = set("us", "eu", "uk", "ap", "sa", "ca", "me", "af", "cn", "jp", "de", "fr", "in", "au", "nl", "ie", "br", "emea", "apac", "amer",
	"east", "west", "north", "south", "central", "northeast", "northwest", "southeast", "southwest", "euw", "use", "usw", "use1", "usw2", "euw1",
	"a", "b", "c", "blue", "green", "canary", "primary", "secondary", "new", "old", "env", "environment")

// credentials are the nouns of credentials, beside which LIVE means production.
var credentials = set("token", "tokens", "key", "keys", "secret", "secrets", "password", "passwd", "pwd", "pword", "pass", "passphrase", "credential",
	"credentials", "cred", "creds", "auth", "apikey", "pat", "dsn", "jwt", "bearer", "private", "signing", "webhook", "database", "db", "dburl")

// connections are the nouns, beside those of credentials, beside which the other words mean environments.
var connections = set("url", "uri", "host", "hostname", "endpoint", "account", "server", "user", "username", "cluster", "namespace", "bucket",
	"project", "app", "api", "env", "environment", "deploy", "deploys", "deployment", "migrate", "promote", "publish", "rollout", "provision", "plan", "apply",
	"destroy", "ship", "email", "domain", "postgres", "mysql", "redis", "mongo", "mongodb", "backend", "up", "sync", "seed", "restore", "teardown",
	"stack", "site", "connect", "ssh", "e2e", "cert", "certificate", "ip", "port")

// settingsFolders are folders below which a whole folder, or a file's name, is an environment's.
var settingsFolders = set("deploy", "deploys", "deployment", "deployments", "env", "envs", "environment", "environments", "config", "configs",
	"configuration", "conf", "overlays", "overlay", "infra", "infrastructure", "terraform", "terragrunt", "tf", "k8s", "kubernetes", "kube", "helm", "charts",
	"chart", "helmfile", "values", "inventory", "inventories", "clusters", "cluster", "stacks", "stack", "live", "group_vars", "host_vars", "settings", "releases",
	"apps", "argocd", "flux", "gitops", "manifests", "kustomize", "ansible", "pulumi", "secrets", "credentials", "vars", "tfvars", "accounts", "compose",
	"docker", ".secrets", ".env", ".envs", "dotenv", "aws", "gcp", "azure", "cloud", "ops", "stages", "profiles", "tenants", "workspaces", "namespaces", "projects")

// settingsExtensions are the extensions of files that hold settings, not code.
var settingsExtensions = set("env", "yml", "yaml", "json", "jsonc", "json5", "toml", "ini", "cfg", "conf", "config", "properties", "tfvars", "hcl", "tf",
	"xml", "plist", "sh", "bash", "zsh", "envrc", "vars", "secrets", "sops", "enc", "pem", "key", "tfbackend", "mk", "ps1", "bat", "cmd", "dockerfile", "dist", "sample", "example")

// environmentFolders are the folders directly below which "live" is an environment; terragrunt keeps all environments in a folder live.
var environmentFolders = set("env", "envs", "environment", "environments", "overlays", "overlay", "stages", "config", "configs", "values", "group_vars",
	"clusters", "stacks")

// templates are the extensions of what a file is made from.
var templates = set("tmpl", "gotmpl", "tpl", "template", "j2", "erb", "example", "sample", "dist", "enc", "sops")

// documents are the extensions of prose: a page about production is not production's.
var documents = set("md", "mdx", "rst", "adoc", "txt", "html", "pdf")

func set(words ...string) map[string]bool {
	m := make(map[string]bool, len(words))
	for _, w := range words {
		m[w] = true
	}
	return m
}
