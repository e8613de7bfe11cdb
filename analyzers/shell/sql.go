package shell

import (
	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/lazyregexp"
	"github.com/stagewall/stagewall/detectors"
)

// statements are the programs that send statements to databases, by the options that take them. All but mongosh and sqlcmd read them
// from their input as well.
//
//	https://www.postgresql.org/docs/current/app-psql.html
//	https://dev.mysql.com/doc/refman/en/mysql-command-options.html
//	https://www.mongodb.com/docs/mongodb-shell/reference/options/
//	https://learn.microsoft.com/sql/tools/sqlcmd/sqlcmd-utility
//	https://clickhouse.com/docs/interfaces/cli
//	https://www.cockroachlabs.com/docs/stable/cockroach-sql
var statements = map[string]flags{
	"psql": "-c --command", "pgcli": "", "mysql": "-e --execute", "mariadb": "-e --execute", "cockroach": "-e --execute", "mongosh": "--eval",
	"mongo": "--eval", "sqlcmd": "-Q -q", "clickhouse-client": "-q --query", "clickhouse": "-q --query",
}

// statementTakes are further options of these programs that take a value.
const statementTakes = flags("-h --host -p --port -U --username -u --user -d --dbname -D --database -S --server -P -f --file -v --variable " +
	"--set -o --output -L -F -R -T --url --password -c --command -e --execute --eval -Q -q --query -i")

// told returns the leading words of the statements that a command tells a database: those of its options and of its input.
func (r *reader) told(c command) []detectors.Word {
	takes, ok := statements[tool(c.name())]
	if !ok {
		return nil
	}
	found, _ := options(c.args(), statementTakes, true)
	var fields []detectors.Word
	for _, o := range found {
		if takes.has(o.name) {
			fields = append(fields, r.leading(o.value.value)...)
		}
	}
	if r.in != nil {
		fields = append(fields, r.leading(r.in.value)...)
	}
	return fields[:min(len(fields), maxFields)]
}

var (
	statementExpr = lazyregexp.New(`(?:^|[;\n])\s*((?i:select|insert|update|delete|drop|truncate|alter|create|grant|revoke|with|flush\w*)\b|(?:db|use)\.)`)
	wordExpr      = lazyregexp.New(`[A-Za-z_][A-Za-z0-9_.]*`)
)

// leadingWords is how many words of a statement are kept: enough for DROP TABLE IF EXISTS.
const leadingWords = 4

// leading returns the leading words of the statements in a text, as far as it is known.
func (r *reader) leading(v analyzers.Value) []detectors.Word {
	var fields []detectors.Word
	for _, p := range v.Parts {
		for _, literal := range r.knowPart(p).parts {
			for _, m := range statementExpr.FindAllStringSubmatchIndex(literal.Text, maxFields) {
				statement := literal.Text[m[2]:]
				statement = statement[:end(statement, ";'")] // what stands in quotes is no part of what is done
				for _, w := range wordExpr.FindAllStringIndex(statement, leadingWords) {
					from, to := m[2]+w[0], m[2]+w[1]
					if pieces := cut(literal, from, to); len(pieces) > 0 {
						fields = append(fields, detectors.Word{Text: literal.Text[from:to], Span: pieces[0].Span})
					}
				}
			}
		}
	}
	return fields
}
