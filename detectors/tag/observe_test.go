package tag

import (
	"slices"
	"strings"
	"testing"

	"github.com/stagewall/stagewall/detectors"
)

// marker stands for the secret in the texts of these tests; the value itself does not matter to what surrounds it.
const marker = "9f8e7d6c5b4a39281706fedcba"

// look observes the text's @ as a match of a rule of acme's.
func look(t *testing.T, path, text string) Observation {
	t.Helper()
	k := NewKnowledge(acme())
	text = strings.Replace(text, "@", marker, 1)
	rule := detectors.Rule{ID: "acme-token", Provider: "acme", Kinds: []string{"account", "box"}}
	return k.File(path, []byte(text), 0).Observe(rule, []byte(marker), place(t, path, text, marker))
}

func TestVariable(t *testing.T) {
	tests := []struct{ text, variable, header, scheme string }{
		{`ACME_TOKEN=@`, "ACME_TOKEN", "", ""},
		{`export ACME_TOKEN="@"`, "ACME_TOKEN", "", ""},
		{`ACME_TOKEN='@' make deploy`, "ACME_TOKEN", "", ""},
		{`"ACME_TOKEN": "@",`, "ACME_TOKEN", "", ""},
		{`\"ACME_TOKEN\": \"@\"`, "ACME_TOKEN", "", ""},
		{`ACME_TOKEN: @`, "ACME_TOKEN", "", ""},
		{"- ACME_TOKEN=@", "ACME_TOKEN", "", ""},
		{`ENV ACME_TOKEN @`, "ACME_TOKEN", "", ""},
		{`ARG ACME_TOKEN=@`, "ACME_TOKEN", "", ""},
		{`setx ACME_TOKEN @`, "ACME_TOKEN", "", ""},
		{`$env:ACME_TOKEN = "@"`, "ACME_TOKEN", "", ""},
		{"  - name: ACME_TOKEN\n    value: \"@\"", "ACME_TOKEN", "", ""},
		{"{\"name\": \"ACME_TOKEN\", \"value\": \"@\"}", "ACME_TOKEN", "", ""},
		{"{ name = \"ACME_TOKEN\", value = \"@\" }", "ACME_TOKEN", "", ""},
		{`const acmeToken string = "@"`, "acmeToken", "", ""},
		{`let acmeToken: string = '@';`, "acmeToken", "", ""},
		{`String acmeToken = "@";`, "acmeToken", "", ""},
		{"acme_token := `@`", "acme_token", "", ""},
		{`ENV['ACME_TOKEN'] = "@"`, "ACME_TOKEN", "", ""},
		{`os.environ["ACME_TOKEN"] = "@"`, "ACME_TOKEN", "", ""},
		{`os.Setenv("ACME_TOKEN", "@")`, "ACME_TOKEN", "", ""},
		{`token = os.environ.get("ACME_TOKEN") or "@"`, "ACME_TOKEN", "", ""},
		{`token = os.getenv("ACME_TOKEN", "@")`, "ACME_TOKEN", "", ""},
		{`const t = process.env.ACME_TOKEN ?? '@'`, "process.env.ACME_TOKEN", "", ""},
		{`const t = process.env.ACME_TOKEN || '@'`, "process.env.ACME_TOKEN", "", ""},
		{`: ${ACME_TOKEN:-@}`, "ACME_TOKEN", "", ""},
		{`:acme_token => '@'`, "acme_token", "", ""},
		{`<acmeToken>@</acmeToken>`, "acmeToken", "", ""},
		{`<add key="AcmeToken" value="@" />`, "AcmeToken", "", ""},
		{"variable \"acme_token\" {\n  type    = string\n  default = \"@\"\n}", "acme_token", "", ""},
		{`acme.api.token=@`, "acme.api.token", "", ""},
		{"acmectl deploy --token @", "token", "", ""},
		{"acmectl deploy --token=@", "token", "", ""},
		{`https://example.org/x?api_key=@`, "api_key", "", ""},
		{"ACME_TOKEN = \\\n  \"@\"", "ACME_TOKEN", "", ""},
		{"acmeToken =\n  '@';", "acmeToken", "", ""},
		{`url=jdbc:@`, "url", "", ""},
		{`apikey: @`, "apikey", "", ""},
		{`curl -u AK1A2B3C4D5E6F7G8H9J:@`, "", "", ""}, // may be a credential itself
		{`foo("a", b, "@")`, "", "", ""},
		{`@`, "x", "", ""}, // all that the file x holds
		{"\n@\n", "x", "", ""},

		{`ACME_TOKEN="Bearer @"`, "ACME_TOKEN", "", "Bearer"},
		{`ACME_TOKEN='{@}'`, "ACME_TOKEN", "", ""},
		{`ACME_TOKEN="?@"`, "ACME_TOKEN", "", ""},
		{`-H "Authorization: Bearer @"`, "", "Authorization", "Bearer"},
		{`-H 'Authorization: token @'`, "", "Authorization", "token"},
		{`--header "X-Acme-box: @"`, "", "X-Acme-box", ""},
		{`headers: { Authorization: "Bearer @" }`, "", "Authorization", "Bearer"},
		{`"Authorization": "Bearer @",`, "", "Authorization", "Bearer"},
		{`req.Header.Set("Authorization", "Bearer @")`, "", "Authorization", "Bearer"},
		{`req.Header.Set("Authorization", "Bearer " + "@")`, "", "Authorization", "Bearer"},
		{`headers["X-Api-Key"] = "@"`, "", "X-Api-Key", ""},
		{"Authorization: `Bearer @`", "", "Authorization", "Bearer"},
		{`\"Authorization\": \"Bearer @\"`, "", "Authorization", "Bearer"},
	}
	for _, test := range tests {
		if o := look(t, "x", test.text); o.Variable != test.variable || o.Header != test.header || o.Scheme != test.scheme {
			t.Errorf("%s\n\tvariable %q, header %q, scheme %q, want %q, %q, %q", test.text, o.Variable, o.Header, o.Scheme, test.variable, test.header, test.scheme)
		}
	}
}

func TestKnownVariable(t *testing.T) {
	k := NewKnowledge(acme())
	for _, name := range []string{"ACME_BOX_TOKEN", "acme_box_token", "acmeBoxToken", "acme.box.token", "acme-box-token", "VITE_ACME_BOX_TOKEN", "NEXT_PUBLIC_ACME_BOX_TOKEN",
		"TF_VAR_acme_box_token", "STAGING_ACME_BOX_TOKEN", "ACME_BOX_TOKEN_PROD", "ACME_PROD_BOX_TOKEN", "ACME_BOX_TOKEN_2", "process.env.ACME_BOX_TOKEN", "TF_VAR_acme_box_token_staging"} {
		if provider, kind, ok := k.Variable(name); !ok || provider != "acme" || kind != "box" {
			t.Errorf("Variable(%q) = %q, %q, %v", name, provider, kind, ok)
		}
	}
	for _, name := range []string{"", "TOKEN", "ACME_TOKEN", "ACME_BOX_TOKEN_URL", "MACME_BOX_TOKEN", "BOX_TOKEN", "STAGING", "_"} {
		if provider, kind, ok := k.Variable(name); ok {
			t.Errorf("Variable(%q) = %q, %q", name, provider, kind)
		}
	}
}

func TestKnownToolsAndHosts(t *testing.T) {
	k := NewKnowledge(acme())
	for _, program := range []string{"acmectl", "ac", "/usr/local/bin/acmectl", "./node_modules/.bin/ac", "acmectl@latest", "acmectl.exe"} {
		if tool, ok := k.Tool(program); !ok || tool.Name != "acmectl" || !slices.Equal(k.ToolProviders(program), []string{"acme"}) {
			t.Errorf("Tool(%q) = %+v, %v", program, tool, ok)
		}
	}
	for _, host := range []string{"api.acme.dev", "API.acme.dev:443", "eu.acme.cloud", "api.acme.dev."} {
		if !slices.Equal(k.Host(host), []string{"acme"}) {
			t.Errorf("Host(%q) = %v", host, k.Host(host))
		}
	}
	for _, host := range []string{"", "acme.dev", "acme.cloud", "api.acme.dev.evil.org", "notacme.cloud"} {
		if len(k.Host(host)) > 0 {
			t.Errorf("Host(%q) = %v", host, k.Host(host))
		}
	}
}

func TestHosts(t *testing.T) {
	tests := []struct {
		name, path, text string
		want             []string
	}{
		{"on the line", "a.sh", `curl https://api.acme.dev/v1 -H "X-Acme-box: @"`, []string{"api.acme.dev"}},
		{"above, continued", "a.sh", "curl https://api.acme.dev/v1 \\\n  -X POST \\\n  -H \"X-Acme-box: @\"", []string{"api.acme.dev"}},
		{"below, continued", "a.sh", "curl -H \"X-Acme-box: @\" \\\n  https://api.acme.dev/v1", []string{"api.acme.dev"}},
		{"a command before is another", "a.sh", "curl https://example.org\ncurl -H \"X-Acme-box: @\" https://api.acme.dev\ncurl https://example.net", []string{"api.acme.dev"}},
		{"PowerShell", "a.ps1", "Invoke-RestMethod https://api.acme.dev `\n  -Headers @{Authorization=\"Bearer @\"}", []string{"api.acme.dev"}},
		{"a call's arguments", "a.ts", "await fetch(\"https://api.acme.dev/v1\", {\n  method: \"POST\",\n  headers: {\n    Authorization: \"Bearer @\",\n  },\n});\nfetch(\"https://example.org\")",
			[]string{"api.acme.dev"}},
		{"the call below the headers", "a.py", "r = requests.post(\n    headers={\"Authorization\": \"Bearer @\"},\n    url=\"https://api.acme.dev/v1\",\n)\nrequests.get(\"https://example.org\")",
			[]string{"api.acme.dev"}},
		{"not the whole function", "a.ts", "function f() {\n  const a = \"https://example.org\";\n  const token = \"@\";\n}", nil},
		{"a record of data", "a.yml", "services:\n  one:\n    url: https://example.org\n  two:\n    url: https://api.acme.dev\n    token: @\n  three:\n    url: https://example.net", []string{"api.acme.dev"}},
		{"a record of data, without scheme", "a.json", "{\n  \"a\": {\n    \"host\": \"eu.acme.cloud\",\n    \"token\": \"@\"\n  }\n}", []string{"eu.acme.cloud"}},
		{"a file of assignments is no record", ".env", "OTHER=https://example.org\nTOKEN=@", nil},
		{"the variable's companion", ".env", "OTHER_HOST=db-stg.internal\nDB_HOST=db-prod.internal\nDB_PASSWORD=@", []string{"db-prod.internal"}},
		{"… a URL", ".env", "ACME_URL=https://stg.example.org/v1\nACME_API_TOKEN=@", []string{"stg.example.org"}},
		{"… in lower case", "a.ini", "[db]\nhost = db-prod.internal\npassword = @", []string{"db-prod.internal"}},
		{"… in camel case", "a.js", "const dbHost = 'db-prod.internal'\nconst dbPassword = '@'", []string{"db-prod.internal"}},
		{"… of another record", "a.yml", "one:\n  host: db-prod.internal\ntwo:\n  password: @", nil},
		{"… twice", ".env", "DB_HOST=db-prod.internal\nDB_HOST=db-stg.internal\nDB_PASSWORD=@", nil},
		{"… in a comment", ".env", "#DB_HOST=db-stg.internal\nDB_PASSWORD=@", nil},
		{"… beside a comment", ".env", "DB_HOST=db-prod.internal\n  # DB_HOST=db-stg.internal\nDB_PASSWORD=@", []string{"db-prod.internal"}},
		{"… of a comment", ".env", "#DB_HOST=db-stg.internal\n#DB_PASSWORD=@", []string{"db-stg.internal"}},
		{"a comment in a record of data", "a.yml", "one:\n  # was https://stg.example.org\n  token: @", nil},
		{"… of a dictionary", "a.py", "D = {\n    'HOST': 'db-prod.internal',\n    'PASSWORD': '@',\n}", []string{"db-prod.internal"}},
		{"… of the machine itself", ".env", "HOST=db-stg.internal\nPASSWORD=@", nil},
		{"… with a driver", "a.properties", "db.url=jdbc:postgresql://db-prod.internal:5432/x\ndb.password=@", []string{"db-prod.internal"}},
		{"a program's flag", "a.sh", "PGPASSWORD=@ psql -h db-prod.internal -U app", []string{"db-prod.internal"}},
		{"a program's flag with its value", "a.sh", "tool --host=db-prod.internal --password=@", []string{"db-prod.internal"}},
		{"with user and port", "a.sh", `git clone https://user:@@eu.acme.cloud:8443/x`, []string{"eu.acme.cloud"}},
		{"a template", "a.sh", `curl "https://${HOST}/v1" -H "X-Acme-box: @"`, nil},
		{"upper case", "a.sh", `curl HTTPS://API.ACME.DEV/v1 -H "X-Acme-box: @"`, []string{"api.acme.dev"}},
	}
	for _, test := range tests {
		if o := look(t, test.path, test.text); !slices.Equal(o.Hosts, test.want) {
			t.Errorf("%s: %v, want %v", test.name, o.Hosts, test.want)
		}
	}
}

func TestOwnHosts(t *testing.T) {
	for text, want := range map[string][]string{
		"DB_HOST=db-prod.internal\nDB_PASSWORD=@":                                     {"db-prod.internal"},
		"tool --host=db-prod.internal --password=@":                                   {"db-prod.internal"},
		"curl -x http://proxy-stg.internal \"https://$HOST/v1\" -H \"X-Acme-box: @\"": nil,
		"curl https://stg.example.org/up && acmectl deploy --token @":                 nil,
		"acmectl deploy --token @ # see https://stg.example.org":                      nil,
	} {
		if o := look(t, "a.sh", text); !slices.Equal(o.Own, want) {
			t.Errorf("%s: %v, want %v", text, o.Own, want)
		}
	}
}

func TestKeys(t *testing.T) {
	tests := []struct {
		name, path, text string
		want             []string
	}{
		{"none", ".env", "A=b\nTOKEN=@", nil},
		{"YAML", "a.yml", "x: 1\nproduction:\n  other: y\n  stripe:\n    # a comment\n    key: z\n    secret: @\nstaging:\n  a: b", []string{"production", "stripe"}},
		{"YAML list", "a.yml", "staging:\n  env:\n    - name: A\n      value: b\n    - name: TOKEN\n      value: @", []string{"staging", "env"}},
		{"JSON", "a.json", "{\n  \"development\": {\n    \"a\": 1\n  },\n  \"production\": {\n    \"token\": \"@\"\n  }\n}", []string{"production"}},
		{"JSON in a line", "a.json", `{"development": {"token": "x"}, "staging": {"acme": {"token": "@"}}}`, []string{"staging", "acme"}},
		{"INI", "credentials.ini", "[development]\nkey = 1\n\n[production]\nuser = x\nkey = @\n[staging]", []string{"production"}},
		{"TOML", "a.toml", "a = 1\n[env.staging.vars]\nTOKEN = \"@\"", []string{"env.staging.vars"}},
		{"HCL", "a.tf", "provider \"acme\" {\n  staging = {\n    token = \"@\"\n  }\n}", []string{"provider acme", "staging"}},
		{"JavaScript", "a.js", "export default {\n  prod: {\n    token: '@',\n  },\n};", []string{"export default", "prod"}},
		{"Ruby", "a.rb", "configure :production do\n  set :token, '@'\nend", []string{"configure :production"}},
		{"a condition", "a.go", "func f() {\n\tif env == \"staging\" {\n\t\ttoken = \"@\"\n\t}\n}", []string{"func f", "staging"}},
		{"a negated condition", "a.go", "func f() {\n\tif env != \"production\" {\n\t\ttoken = \"@\"\n\t}\n}", []string{"func f"}},
		{"a condition of a shell", "a.sh", "if [ \"$E\" = production ]; then\n  TOKEN=@\nfi", []string{"production"}},
		{"a case", "a.sh", "case $E in\n  staging|stg)\n    TOKEN=@\n    ;;\nesac", []string{"staging|stg"}},
		{"a heading above everything", "a.md", "[link]\nTOKEN=@", nil},
	}
	for _, test := range tests {
		if o := look(t, test.path, test.text); !slices.Equal(o.Keys, test.want) {
			t.Errorf("%s: %q, want %q", test.name, o.Keys, test.want)
		}
	}
}

func TestIDsBeside(t *testing.T) {
	environment := func(value string) []detectors.ID { return []detectors.ID{{What: "environment", Value: value}} }
	tests := []struct {
		name, path, text string
		want             []detectors.ID
	}{
		{"in a file of assignments", ".env", "ACME_ENVIRONMENT=staging\nACME_BOX_TOKEN=@\nACME_PROJECT_ID=\"p1\"", []detectors.ID{{What: "environment", Value: "staging"}, {What: "project", Value: "p1"}}},
		{"set twice", ".env", "ACME_ENVIRONMENT=staging\nACME_ENVIRONMENT=production\nACME_BOX_TOKEN=@", nil},
		{"a template", ".env", "ACME_ENVIRONMENT=$E\nACME_BOX_TOKEN=@", nil},
		{"another's name", ".env", "MY_ACME_ENVIRONMENT=staging\nACME_BOX_TOKEN=@", nil},
		{"in its own record", "a.yml", "a:\n  env:\n    ACME_ENVIRONMENT: staging\n    ACME_BOX_TOKEN: @\nb:\n  env:\n    ACME_ENVIRONMENT: production", environment("staging")},
		{"in another record", "a.yml", "a:\n  env:\n    ACME_BOX_TOKEN: @\nb:\n  env:\n    ACME_ENVIRONMENT: production", nil},
		{"in a list of assignments", "a.yml", "a:\n  environment:\n    - ACME_ENVIRONMENT=staging\n    - ACME_BOX_TOKEN=@\nb:\n  environment:\n    - ACME_ENVIRONMENT=production", environment("staging")},
		{"in a list of names and values", "a.yml", "a:\n  env:\n    - name: ACME_ENVIRONMENT\n      value: staging\n    - name: ACME_BOX_TOKEN\n      value: @\nb:\n  env:\n    - name: ACME_ENVIRONMENT\n      value: production",
			environment("staging")},
		{"in code", "a.sh", "export ACME_ENVIRONMENT=staging\nexport ACME_BOX_TOKEN=@", environment("staging")},
		{"in its own section", "a.ini", "[one]\nACME_ENVIRONMENT=staging\nACME_BOX_TOKEN=@\n[two]\nACME_ENVIRONMENT=production", environment("staging")},
		{"in another section", "a.ini", "[one]\nACME_BOX_TOKEN=@\n[two]\nACME_ENVIRONMENT=production", environment("production")},
		{"its other half", ".env", "ACME_KEY_ID=key-7\nACME_BOX_TOKEN=@", []detectors.ID{{What: "account", Value: "7"}}},
		{"a token that names nothing", ".env", "ACME_SERVER_TOKEN=7\nACME_BOX_TOKEN=@", nil},
	}
	for _, test := range tests {
		if o := look(t, test.path, test.text); !slices.Equal(o.IDs, test.want) {
			t.Errorf("%s: %v, want %v", test.name, o.IDs, test.want)
		}
	}
}

func TestObservedIntent(t *testing.T) {
	tests := []struct {
		path, text string
		want       detectors.Environment
	}{
		{"a.sh", "STAGING_ACME_TOKEN=@", stg},
		{"a.yml", "production:\n  token: @", prod},
		{"a.yml", "stage:\n  token: @", stg},
		{"a.yml", "stages:\n  token: @", 0},
		{"deploy/stg/a.env", "PROD_TOKEN=@", stg | prod},
		{".env.production", "TOKEN=@", prod},
		{"a.sh", "curl https://api.staging.acme.dev -H 'X-Acme-box: @'", 0}, // a host is no intent
		{"a.sh", "PRODUCT_TOKEN=@", 0},
	}
	for _, test := range tests {
		o := look(t, test.path, test.text)
		if o.Intends != test.want {
			t.Errorf("%s: %s: %v, want %v", test.path, test.text, o.Intends, test.want)
		}
		if (len(o.Intent) > 0) != (o.Intends != 0) {
			t.Errorf("%s: %s: %d lines of evidence", test.path, test.text, len(o.Intent))
		}
	}
}

func TestAllowed(t *testing.T) {
	tests := []struct{ text, want string }{
		{"TOKEN=@ # stagewall:allow", "stagewall:allow"},
		{"TOKEN=@ # gitleaks:allow", "gitleaks:allow"},
		{"TOKEN=@ # betterleaks:allow", "betterleaks:allow"},
		{"t = '@' // trufflehog:ignore", "trufflehog:ignore"},
		{"t = '@' // kingfisher:ignore", "kingfisher:ignore"},
		{"TOKEN=@ # pragma: allowlist secret", "pragma: allowlist secret"},
		{"# pragma: allowlist nextline secret\nTOKEN=@", "pragma: allowlist nextline secret"},
		{"TOKEN=@ # ggignore", "ggignore"},
		{"t = '@'  # nosec", "nosec"},
		{"t = '@' // #nosec G101", "nosec"},
		{"TOKEN=@", ""},
		{"A=b # gitleaks:allow\nTOKEN=@", ""},
		{"TOKEN=@\nA=b # gitleaks:allow", ""},
		{"t = '@' # monosecond", ""},
	}
	for _, test := range tests {
		if o := look(t, "x", test.text); o.Allowed != test.want {
			t.Errorf("%s: %q, want %q", test.text, o.Allowed, test.want)
		}
	}
}

// A span that does not fit the text, as after a decoding, and any bytes around it are taken as they come.
func FuzzObserve(f *testing.F) {
	f.Add("a.yml", []byte("a:\n  b: \"x\"\n"), 8, 9)
	f.Add("a.sh", []byte("curl https://h \\\n -H \"A: Bearer x\""), 30, 31)
	f.Add("a.json", []byte(`{"a":{"b":["x"]}}`), 11, 12)
	f.Add("", []byte{}, -1, 99)
	f.Add("a", []byte("://@:\n\n\t(\r\n${"), 3, 5)
	k := NewKnowledge(acme())
	rule := detectors.Rule{ID: "r", Provider: "acme", Kinds: []string{"account"}}
	f.Fuzz(func(t *testing.T, path string, data []byte, start, end int) {
		value := []byte("v")
		if 0 <= start && start < end && end <= len(data) {
			value = data[start:end]
		}
		o := k.File(path, data, 0).Observe(rule, value, detectors.Place{Path: path, Line: 1, Span: detectors.Span{Start: start, End: end}})
		if why := k.File(path, data, 0).Ignores(rule, value, detectors.Span{Start: start, End: end}); why != o.Ignore {
			t.Errorf("ignored for %q, observed as ignored for %q", why, o.Ignore)
		}
		k.Decide(Subject{Secret: detectors.NewSecret(string(value)), Observations: []Observation{o}}, nil)
	})
}

func TestLooksRandom(t *testing.T) {
	for _, name := range []string{"ACME_TOKEN", "oauth2ClientSecret", "digitalOceanV2ApiAccessToken", "ConnectionStrings__Default", "k8s", "CONNECTIONSTRING", "sha256sum", "e2e", "TF_TOKEN_app_terraform_io"} {
		if looksRandom(name) {
			t.Errorf("%s is a name", name)
		}
	}
	for _, name := range []string{glue("AKIA", "TCH6YDSY7B2FS23G"), "ACae4fbf9f76d2781fd0cf33e9039e8387", glue("sk_live_", "4eC39HqLyjWDarjtT1zdp7dc"), "aB3xK9mQ2zR7wT5y", "XyZaBcDqWeRtYuIoP", "ABCDEFGHIJKLMNOPQRST"} {
		if !looksRandom(name) {
			t.Errorf("%s may be a credential", name)
		}
	}
}

// What a baseline of detect-secrets has is a digest; and a form's placeholder is shown to everybody.
func TestFilled(t *testing.T) {
	for text, ignored := range map[string]bool{`"hashed_secret": "@",`: true, `<input placeholder="@">`: true, `"secret": "@",`: false} {
		if o := look(t, "a.json", text); (o.Ignore != "") != ignored {
			t.Errorf("%s: ignored for %q", text, o.Ignore)
		}
	}
}

// A key of no sort whose value is words names an entry; what somebody made up for a secret can be words too. A digest is none, by its name and its form.
func TestNamesEntry(t *testing.T) {
	k := NewKnowledge(acme())
	generic := detectors.Rule{ID: "generic-api-key", Generic: true}
	digest := glue("9f86d081884c7d659a2feaa0c55ad015", "a3bf4f1b2b0b822cd15d6c15b0f00a08")
	for _, test := range []struct {
		variable, value string
		ignored         bool
	}{
		{"templateKey", "iso27001_primary", true}, {"key", "pentest_monthly_10", true}, {"controlKey", "a_5_19_supplier_relationships", true},
		{"leaseKey", "v1_olap_partitions", true}, {"key", "Officer_4_Total_Comp", true}, {"text_key", "30_exemptions", true}, {"no_mixed_keys", "ruby19_no_mixed_keys", true}, {"kapid82215.cf", "kapid82215.ga", true},
		{"TOKEN_HOST", "login7.acme-corp.example", true}, {"DB_PASSWORD_STAGING", glue("kx82mfq0p2", ".wjqmx"), false}, {"api_token", glue("f3a9c1e07b2d", ".kqzvw"), false},
		{"apiKey", "pearl_quay_10", false}, {"secret_key", "pearl-quay-lamp", false}, {"password", "pearl_quay_10", false}, {"token", "pearl_quay_10", false},
		{"key_hash_input", digest, true}, {"API_TOKEN_DIGEST", digest[:40], true}, {"hash_secret", digest, false},
		{"token_hash", digest[:48], false}, {"hash", digest, false},
		{"encryption_key", "pearl_quay_10", false}, {"key", glue("9f8e7d6c", "-5b4a-3928"), false}, {"key", glue("pk_", "Q7mZ4vTr9_Lw2"), false}, {"key", "qmzvtrlw", false},
	} {
		text := test.variable + ` = "` + test.value + `"`
		start := strings.Index(text, test.value)
		why := k.File("a.py", []byte(text), 0).Ignores(generic, []byte(test.value), detectors.Span{Start: start, End: start + len(test.value)})
		if (why != "") != test.ignored {
			t.Errorf("%s: ignored for %q", text, why)
		}
	}
}

// A member of something in code is no text: texts stand in quotes there.
func TestIsMember(t *testing.T) {
	k := NewKnowledge(acme())
	generic := detectors.Rule{ID: "generic-api-key", Generic: true}
	for text, want := range map[string]bool{
		"a.go @: applied.SigV4SecretKey2,": true, "a.ts @ = config.stripeKey9Live;": true, `a.go @: "applied.SigV4SecretKey2",`: false, "a.yaml @: applied.SigV4SecretKey2": false,
		"a.go @: 9pplied.SigV4SecretKey2,": false, "a.go @: appliedSigV4SecretKey2,": false,
	} {
		path, line, _ := strings.Cut(strings.Replace(text, "@", "token", 1), " ")
		value := strings.Trim(line[strings.LastIndexByte(line, ' ')+1:], `",;`)
		at := strings.Index(line, value)
		if why := k.File(path, []byte(line), 0).Ignores(generic, []byte(value), detectors.Span{Start: at, End: at + len(value)}); (why != "") != want {
			t.Errorf("%s: ignored for %q", text, why)
		}
	}
}

// Files that others are made from hold what stands for values; what has a service's form may be real there too.
func TestTemplateFile(t *testing.T) {
	k := NewKnowledge(acme())
	text := `TOKEN="` + glue("f3a9c1e07b2d", "Kq2vLx7W") + `"`
	for path, want := range map[string]bool{".env.example": true, "conf/secrets.tfvars.example": true, "config.yml.dist": true, "app.sample.json": true, ".env.template": true, "mix.lock": true, "web/package-lock.json": true, "lock.py": false, ".env": false, "template.yaml": false, "stack.template": false, "example.tf": false, "dist/app.js": false, "example/a.py": false, "distribution.yml": false} {
		for _, rule := range []detectors.Rule{{ID: "generic-api-key", Generic: true}, {ID: "acme", Provider: "acme"}} {
			start := strings.Index(text, `"`) + 1
			why := k.File(path, []byte(text), 0).Ignores(rule, []byte(text[start:len(text)-1]), detectors.Span{Start: start, End: len(text) - 1})
			if (why != "") != (want && rule.Generic) {
				t.Errorf("%s, %s: ignored for %q", path, rule.ID, why)
			}
		}
	}
}

// The tag of an image is no value of the last word of the image's name.
func TestTag(t *testing.T) {
	k := &Knowledge{}
	for text, want := range map[string]bool{
		"image: acme.azurecr.io/shop/api:@ # policy": true, "docker run quay.io/acme/token:@": true, "shop/api: @": false, "api:@": false,
		"https://acme/api:@": false, "redis://host/token:@": false, "//token:@host": false,
	} {
		const value = "prod-a783fea-20260819153040"
		at := strings.Index(text, "@")
		text = strings.Replace(text, "@", value, 1)
		ignored := k.File("a.yaml", []byte(text), 0).Ignores(detectors.Rule{}, []byte(value), detectors.Span{Start: at, End: at + len(value)}) != ""
		if ignored != want {
			t.Errorf("%s: ignored is %t", text, ignored)
		}
	}
}

func TestTaken(t *testing.T) {
	k := NewKnowledge(acme())
	for name, want := range map[string]string{
		"ACME_BOX_TOKEN": "ACME_BOX_TOKEN", "acmeBoxToken": "acmeBoxToken",
		"STAGING_ACME_BOX_TOKEN": "STAGING_ACME_BOX_TOKEN reads like ACME_BOX_TOKEN, which", "OTHER": "OTHER",
	} {
		if got := k.taken(name); got != want {
			t.Errorf("taken(%q) = %q, want %q", name, got, want)
		}
	}
}
