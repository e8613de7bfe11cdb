package scan

import (
	"fmt"
	"strings"
	"testing"
)

// A credential of several parts is one token: the id beside a key's secret, the publishable half of a pair, the host of a password. A secret
// alone is said to lack its partner, and what the partner says binds the secret.
func TestPairs(t *testing.T) {
	workflow := func(names ...string) string {
		text := "-- .github/workflows/w.yml --\non: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - run: ./x\n        env:\n"
		for _, name := range names {
			text += fmt.Sprintf("          %s: ${{ secrets.%[1]s }}\n", name)
		}
		return text
	}
	bound := func(names ...string) string {
		text := workflow()
		for i := 0; i < len(names); i += 2 {
			text += fmt.Sprintf("          %s: ${{ secrets.%s }}\n", names[i], names[i+1])
		}
		return text
	}
	for _, test := range []struct{ name, files, want string }{
		{"AWS", "-- a.env --\nAWS_ACCESS_KEY_ID={{aws-id}}\nAWS_SECRET_ACCESS_KEY={{aws-secret}}\n", "aws/access-key with key id a.env:1"},
		{"AWS, two profiles", "-- a.ini --\n[one]\naws_access_key_id = {{aws-id}}\naws_secret_access_key = {{aws-secret}}\n[two]\naws_access_key_id = {{aws-id#2}}\naws_secret_access_key = {{aws-secret#2}}\n",
			"aws/access-key with key id a.ini:2; aws/access-key with key id a.ini:5"},
		{"AWS, the secret alone", "-- a.env --\nAWS_SECRET_ACCESS_KEY={{aws-secret}}\n", "aws/access-key lacks key id"},
		{"two environments in a file", "-- a.env --\nSTAGING_AWS_ACCESS_KEY_ID={{aws-id}}\nPROD_AWS_ACCESS_KEY_ID={{aws-id#2}}\nPROD_AWS_SECRET_ACCESS_KEY={{aws-secret}}\n",
			"aws/access-key; aws/access-key with key id a.env:2"},
		{"Twilio", "-- a.env --\nTWILIO_ACCOUNT_SID={{twilio-account}}\nTWILIO_AUTH_TOKEN={{twilio}}\n", "twilio/auth-token with account SID a.env:1"},
		{"Razorpay, live", "-- a.env --\nRAZORPAY_KEY_ID={{razorpay-live}}\nRAZORPAY_KEY_SECRET={{razorpay-secret}}\n", "razorpay/key-secret reaches production with key id a.env:1"},
		{"Razorpay, test", "-- a.env --\nRAZORPAY_KEY_ID={{razorpay-test}}\nRAZORPAY_KEY_SECRET={{razorpay-secret}}\n", "razorpay/key-secret reaches staging,development,test,preview with key id a.env:1"},
		{"Clerk's staging", "-- a.env --\nCLERK_PUBLISHABLE_KEY={{clerk-publishable-staging}}\nCLERK_SECRET_KEY={{clerk-live}}\n", "clerk/secret-key reaches staging with publishable key a.env:1"},
		{"a password and its host", "-- a.env --\nDB_HOST=db.staging.acme.example\nDB_PASSWORD={{cloudinary-secret}}\n", "database/login reaches staging with host a.env:1"},
		{"passwords and their hosts, in records",
			"-- database.yml --\nproduction:\n  adapter: postgresql\n  host: db.prod.acme.example\n  password: {{cloudinary-secret}}\nstaging:\n  host: db.staging.acme.example\n  password: {{cloudinary-secret#2}}\n",
			"database/login reaches production; database/login reaches staging"},
		{"a password and its host, as arguments", "-- wp-config.php --\n<?php\ndefine('DB_HOST', 'db.prod.acme.example');\ndefine('DB_PASSWORD', '{{cloudinary-secret}}');\n",
			"database/login reaches production with host wp-config.php:2"},
		{"a password alone", "-- a.env --\nDB_PASSWORD={{cloudinary-secret}}\n", "database/login lacks host"},
		{"references", workflow("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"), "aws/access-key with key id .github/workflows/w.yml:8"},
		{"references under other names", bound("AWS_ACCESS_KEY_ID", "STATE_ID", "AWS_SECRET_ACCESS_KEY", "STATE_SECRET"), "aws/access-key with key id .github/workflows/w.yml:8"},
		{"two pairs under other names", bound("AWS_ACCESS_KEY_ID", "ONE_ID", "AWS_SECRET_ACCESS_KEY", "ONE_SECRET", "AWS_ACCESS_KEY_ID", "TWO_ID", "AWS_SECRET_ACCESS_KEY", "TWO_SECRET"),
			"aws/access-key with key id .github/workflows/w.yml:8; aws/access-key with key id .github/workflows/w.yml:10"},
		{"two pairs, the secrets first", bound("AWS_SECRET_ACCESS_KEY", "ONE_SECRET", "AWS_ACCESS_KEY_ID", "ONE_ID", "AWS_SECRET_ACCESS_KEY", "TWO_SECRET", "AWS_ACCESS_KEY_ID", "TWO_ID"),
			"aws/access-key with key id .github/workflows/w.yml:9; aws/access-key with key id .github/workflows/w.yml:11"},
		{"references of two environments", workflow("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY_PROD"), "aws/access-key; aws/access-key"},
	} {
		var got []string
		for _, token := range scanTree(t, test.files).Tokens {
			says := token.Provider + "/" + token.Kind
			if token.Reach.Known && !token.Reach.Unscoped && !token.Reference && len(token.Reach.Environments) > 0 {
				says += " reaches " + strings.Join(token.Reach.Environments, ",")
			}
			for _, p := range token.Parts {
				says += fmt.Sprintf(" with %s %s:%d", p.Title, p.Path, p.Line)
			}
			if len(token.Lacks) > 0 {
				says += " lacks " + strings.Join(token.Lacks, ", ")
			}
			got = append(got, says)
		}
		if !sameItems(got, strings.Split(test.want, "; ")) {
			t.Errorf("%s: %s, want %s", test.name, strings.Join(got, "; "), test.want)
		}
	}
}

// sameItems reports whether two lists hold the same texts in any order.
func sameItems(a, b []string) bool {
	counts := map[string]int{}
	for _, s := range a {
		counts[s]++
	}
	for _, s := range b {
		counts[s]--
	}
	for _, n := range counts {
		if n != 0 {
			return false
		}
	}
	return true
}
