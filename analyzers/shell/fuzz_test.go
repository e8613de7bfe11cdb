package shell_test

import (
	"testing"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/shell"
)

func FuzzShell(f *testing.F) {
	for _, seed := range []string{
		"#!/bin/sh\nset -a; . ./.env; set +a\nexport A=$(cat b | xargs) C=${1:-staging}\n",
		"case $1 in a|b*) x=1 ;; *) exit 1 ;; esac\nwhile [ $# -gt 0 ]; do shift; done\n",
		"curl -X POST -H \"Authorization: Bearer $T\" -d '{\"query\":\"mutation { a }\"}' https://h.example/p?q=$T\n",
		"f() { f \"$@\"; g $1; }\ng() { eval \"$1\"; sh -c \"$1 '$2'\"; }\nf 'f $(f)'\n",
		"cat <<EOF | ssh h bash -s\n$A `b`\nEOF\nfor i in {a,b{c,d}} \"$@\"; do ${i} ${!i} ${i//a/b} $((i+1)); done\n",
		"A=\"$A$A\"; B=\"$A$A\"; C=\"$B$B\"; $C $B; docker run -e A --env-file x -v .:/y z npm run q\n",
		"if [[ $a =~ ^(x|y)$ && ! -z $b || $c != [Pp]rod ]]; then env -i A=b sudo -E make -C d t V=$w; fi\n",
		"jq -r .a <(\"$T\" b) <(cat c d)\n",
		"declare -A T=([a]=b [c-d]=$e); T[f]=g; h=${T[$1]:-${T[${h^^}]}}; for i in \"${!T[@]}\"; do echo ${T[$i]} | tr a-z A-Z; done; j=K_${1,,}; ${!j}\n",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, name := range []string{"x.sh", "x.zsh", "d/.envrc"} {
			pass := analyzers.NewPass("shell", name, data)
			if err := shell.Analyzer.Run(pass); err != nil {
				t.Fatal(err)
			}
		}
	})
}
