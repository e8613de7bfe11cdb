package providers

import (
	"strings"

	"github.com/stagewall/stagewall/detectors"
)

const oracleManual = "https://docs.oracle.com/en/database/oracle/oracle-database/23/sqlrf/"

// oracledb knows connection strings of Oracle Database: those of its Java driver, and user/password@host, which its programs take.
func oracledb() detectors.Provider {
	server := engine{
		name:       "oracledb",
		schemes:    `oracle`,
		keywords:   []string{"oracle"},
		superusers: []string{"sys", "system"},
		defaults:   []string{"oracle", "tiger", "scott", "manager", "welcome", "change_on_install"},
	}
	const (
		user = `[A-Za-z][A-Za-z0-9_$#]{0,30}`
		word = "[^\\s\"'`<>()@/;|&]{4,128}"
		host = `//?[A-Za-z0-9.-]{1,253}(?::[0-9]{2,5})?(?:[/:][A-Za-z0-9_.-]{1,60})?`
	)
	return detectors.Provider{
		Name:  server.name,
		Title: "Oracle Database",
		Rules: append(server.urlRules()[:1],
			detectors.Rule{
				ID:          "oracledb-thin",
				Description: "a URL of the Java driver with a password",
				Pattern:     left + `(jdbc:oracle:(?:thin|oci8?):` + user + `/` + word + `@[A-Za-z0-9./:_-]{1,253})`,
				Group:       1,
				Keywords:    []string{"jdbc:oracle:"},
				Kinds:       []string{databaseLogin},
			},
			detectors.Rule{
				ID:          "oracledb-command",
				Description: "a login on the command line of an Oracle program",
				Pattern:     `\b(?:sqlplus|sql|sqlldr|impdp|expdp|rman)[ \t](?:[^\n;|&]*[ \t])?["']?(` + user + `/` + word + `@` + host + `)`,
				Group:       1,
				Keywords:    []string{"sqlplus", "sqlldr", "impdp", "expdp", "rman", "sql ", "sql\t"},
				Kinds:       []string{databaseLogin},
			},
			detectors.Rule{
				ID:          "oracledb-password",
				Description: "a password in a variable that names Oracle",
				Pattern:     `\b` + assigned(`oracle[A-Za-z0-9_.-]{0,16}(?:password|pwd)`, password),
				Group:       1,
				Keywords:    []string{"oracle"},
				Entropy:     3,
				Allowlists:  []detectors.Allowlist{notAnID(), notAName()},
				Kinds:       []string{databaseLogin},
			},
		),
		Kinds: []detectors.Kind{server.login("https://docs.oracle.com/en/database/oracle/oracle-database/23/jjdbc/data-sources-and-URLs.html", "ORACLE_PASSWORD", "ORACLE_PWD")},
		Tools: []detectors.Tool{{
			Name:    "sqlplus",
			Aliases: []string{"sqlldr", "impdp", "expdp", "rman"},
			Source:  "https://docs.oracle.com/en/database/oracle/oracle-database/23/sqpug/",
		}},
		Operations: append(statements(
			detectors.Operation{
				Name:   "DROP DATABASE",
				Calls:  []string{"sql DROP DATABASE", "sql DROP TABLESPACE", "sql DROP USER", "sql DROP PLUGGABLE DATABASE"},
				Source: oracleManual + "DROP-DATABASE.html",
			},
			oracleManual+"DROP-TABLE.html", oracleManual+"TRUNCATE-TABLE.html", oracleManual+"DELETE.html", oracleManual+"GRANT.html"), resets()...),
		Decode: func(secret string) detectors.Decoded { return server.decode(thinURL(secret)) },
	}
}

// thinURL writes user/password@host, with or without what the Java driver puts before it, as a URL.
func thinURL(login string) string {
	rest := login
	if driver, ok := strings.CutPrefix(login, "jdbc:oracle:"); ok {
		_, rest, _ = strings.Cut(driver, ":") // thin or oci
	}
	user, rest, ok := strings.Cut(rest, "/")
	at := strings.LastIndexByte(rest, '@')
	if !ok || at <= 0 || strings.Contains(user, ":") {
		return login
	}
	host := strings.TrimLeft(rest[at+1:], "/")
	if colon := strings.LastIndexByte(host, ':'); strings.Count(host, ":") == 2 {
		host = host[:colon] + "/" + host[colon+1:] // host:port:SID
	}
	return "oracle://" + user + ":" + rest[:at] + "@" + host
}
