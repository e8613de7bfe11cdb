package providers_test

import (
	"context"
	"strings"
	"testing"

	"github.com/stagewall/stagewall/detectors/detectortest"
	"github.com/stagewall/stagewall/detectors/match"
	"github.com/stagewall/stagewall/detectors/providers"
)

// Elements and entries of settings in XML hold secrets under the names of secrets.
func TestXMLPassword(t *testing.T) {
	engine, err := match.New(providers.Unnamed(), match.Options{})
	if err != nil {
		t.Fatal(err)
	}
	secret := detectortest.Mint("password")
	for _, test := range []struct {
		path, text string
		want       bool
	}{
		{"settings.xml", "<server><id>nexus</id><password>@</password></server>", true}, {"web.config", `<add key="SmtpPassword" value="@"/>`, true},
		{"nuget.config", `<add key="Username" value="ci"/><add key="ClearTextPassword" value="@"/>`, true}, {"pom.xml", "<db.api-key>@</db.api-key>", true},
		{"settings.xml", "<password>${env.PASSWORD1}</password>", false}, {"settings.xml", "<username>@</username>", false},
		{"strings.xml", "<password>Enter1 your password</password>", false}, {"a.html", "<password>@</password>", false},
		{"web.config", `<add key="TokenName" value="@"/>`, false},
	} {
		found := false
		text := strings.Replace(test.text, "@", secret, 1)
		err := engine.Scanner().Scan(context.Background(), match.Input{Path: test.path, Data: []byte(text), Final: true}, func(c match.Candidate) bool {
			found = true
			return true
		})
		if err != nil || found != test.want {
			t.Errorf("%s: found is %v (%v)", test.text, found, err)
		}
	}
}

// Statements of SQL give users passwords.
func TestSQLPassword(t *testing.T) {
	engine, err := match.New(providers.Unnamed(), match.Options{})
	if err != nil {
		t.Fatal(err)
	}
	secret := detectortest.Mint("password")
	for text, want := range map[string]bool{
		"CREATE USER acme WITH PASSWORD 'SECRET';": true, "alter role acme with login\n  encrypted password 'SECRET';": true, "CREATE USER 'acme'@'%' IDENTIFIED BY 'SECRET';": true,
		"ALTER USER 'acme'@'%' IDENTIFIED WITH mysql_native_password BY 'SECRET';": true, "CREATE LOGIN acme WITH PASSWORD = N'SECRET';": true,
		"CREATE USER acme WITH PASSWORD '${DB_PASSWORD1}';": false, "CREATE USER acme; -- 'SECRET'": false, "CREATE TABLE user (password text default 'SECRET');": false,
	} {
		text = strings.Replace(text, "SECRET", secret, 1)
		found := false
		err := engine.Scanner().Scan(context.Background(), match.Input{Path: "init.sql", Data: []byte(text), Final: true}, func(c match.Candidate) bool {
			found = true
			return true
		})
		if err != nil || found != want {
			t.Errorf("%s: found is %v (%v)", text, found, err)
		}
	}
}

// A secret can be all that its file holds; the file's name then says that it is one.
func TestSecretFile(t *testing.T) {
	engine, err := match.New(providers.Unnamed(), match.Options{})
	if err != nil {
		t.Fatal(err)
	}
	secret := detectortest.Mint("password")
	for _, test := range []struct {
		path, text string
		want       bool
	}{
		{"secrets/db_password.txt", secret, true}, {"deploy/secrets/jwt", secret + "\n", true}, {".secrets/pgadmin", "\n" + secret + "\r\n", true},
		{"token.txt", secret, true}, {"tools/.railway-token", secret + "\n", true}, {"api_key", secret, true}, {"conf/DB_PASSWORD", secret, true},
		{"secrets/README", secret + " is what it is", false}, {"secrets/two", secret + "\n" + secret, false}, {"secrets/app.yaml", secret, false},
		{"secrets/folder/name", secret, false}, {"token.go", secret, false}, {"tokens.txt", secret, false}, {"broken", secret, false},
		{"token.txt", "aaaaaaaaaaaaaaaa", false}, {"token.txt", "short", false}, {"token.txt", "", false},
	} {
		found := false
		err := engine.Scanner().Scan(context.Background(), match.Input{Path: test.path, Data: []byte(test.text), Final: true}, func(c match.Candidate) bool {
			found = string(c.Value) == secret
			return true
		})
		if err != nil || found != test.want {
			t.Errorf("%s, %d bytes: found is %v (%v)", test.path, len(test.text), found, err)
		}
	}
}
