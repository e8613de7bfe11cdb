package sops

import (
	"strings"
	"testing"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/analyzertest"
)

// The recipients of the examples in SOPS' documentation.
const (
	one    = "age1yt3tfqlfrwdwx0z0ynwplcr6qxcxfaqycuprpmy89nr83ltx74tqdpszlw"
	two    = "age1lggyhqrw2nlhcxprm67z43rta597azn8gknawjehu9d9dl0jq3yqqvfafg"
	finger = "85D77543B3D624B63CEA9E6DBC17301B491B3F21"
	value  = "ENC[AES256_GCM,data:p673w==,iv:YY=,aad:UQ=,tag:A=]"
)

func TestRun(t *testing.T) {
	analyzertest.RunRows(t, Analyzer, []analyzertest.Row{
		{"secrets/production.yaml", `key: ` + value + `
sops:
    age:
        - recipient: ` + two + `
          enc: |
            -----BEGIN AGE ENCRYPTED FILE-----
            recipient
            -----END AGE ENCRYPTED FILE-----
        - recipient: ` + one + `
    pgp:
        - created_at: "2024-01-01T00:00:00Z"
          fp: ` + finger + `
    mac: ` + value + `
    version: 3.8.1
`, "12 pgp fingerprint " + finger + " production\n4 age recipient " + two + " " + one + " production"},
		{"deploy/staging.enc.json", "{\n\t\"key\": \"" + value + "\",\n\t\"sops\": {\n\t\t\"age\": [\n\t\t\t{\n\t\t\t\t\"recipient\": \"" + one + "\",\n\t\t\t\t\"enc\": \"x\"\n\t\t\t}\n\t\t],\n\t\t\"mac\": \"" + value + "\"\n\t}\n}\n",
			"6 age recipient " + one + " staging"},
		{"staging.env", "KEY=" + value + "\nsops_age__list_0__map_recipient=" + one + "\nsops_pgp__list_0__map_fp=" + finger + "\nsops_mac=" + value + "\nsops_version=3.8.1\n",
			"2 age recipient " + one + " staging\n3 pgp fingerprint " + finger + " staging"},
		{"all.ini", "[a]\nkey = " + value + "\n\n[sops]\nage__list_0__map_recipient = " + one + "\nmac = " + value + "\n", "5 age recipient " + one + " unknown"},
		// No key of one group opens it alone, a plugin's key stays in its device, and what is not encrypted names nobody.
		{"production.yaml", "key: " + value + "\nsops:\n  key_groups:\n    - age:\n        - recipient: " + one + "\n  shamir_threshold: 2\n  mac: " + value + "\n", ""},
		{"production.yaml", "key: " + value + "\nsops:\n  age:\n    - recipient: age1yubikey1qwt50d05nh5vutpdzmlg5wn80xq5negm4uj9ghv0snvdd3yysf5yw3rhl3t\n  mac: " + value + "\n", ""},
		{".sops.yaml", "creation_rules:\n  - age: " + one + "\n", ""},
		{"production.yaml", "recipient: " + one + "\nkey: " + value + "\n", ""},
	})
}

// TestTooManyRecipients: what is cut is said.
func TestTooManyRecipients(t *testing.T) {
	pass := analyzers.NewPass("sops", "production.yaml", []byte("key: "+value+"\nsops:\n  age:\n"+strings.Repeat("    - recipient: "+one+"\n", maxRecipients+1)+"  mac: "+value+"\n"))
	if err := Analyzer.Run(pass); err != nil {
		t.Fatal(err)
	}
	if len(pass.Facts.Bindings) != 1 || len(pass.Facts.Gaps) != 1 || pass.Facts.Gaps[0].At.Line != maxRecipients+4 {
		t.Errorf("%v", pass.Facts)
	}
}

func FuzzRun(f *testing.F) {
	f.Add([]byte("key: " + value + "\nsops:\n  age:\n    - recipient: " + one + "\n  mac: " + value))
	f.Fuzz(analyzertest.Fuzz(Analyzer, "production.yaml"))
}
