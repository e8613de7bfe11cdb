package shell_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/shell"
)

// sinks returns the sinks of a script's uses and calls, one a line.
func sinks(t *testing.T, script string) []string {
	t.Helper()
	pass := analyzers.NewPass("shell", "x.sh", []byte(script))
	if err := shell.Analyzer.Run(pass); err != nil {
		t.Fatal(err)
	}
	var lines []string
	var walk func(steps []analyzers.Step)
	walk = func(steps []analyzers.Step) {
		for _, s := range steps {
			if s.Op == analyzers.OpUse || s.Op == analyzers.OpCall {
				lines = append(lines, show(s))
			}
			walk(s.Steps)
		}
	}
	for _, p := range slices.Backward(pass.Facts.Programs) {
		walk(p.Steps)
	}
	return lines
}

func show(s analyzers.Step) string {
	k := s.Sink
	var fields []string
	for _, f := range k.Fields {
		fields = append(fields, f.Text)
	}
	line := fmt.Sprintf("%s %s %s%s", k.Tool, k.Method, k.Host, k.Path.Text)
	if k.Header != "" || k.Scheme != "" {
		line += fmt.Sprintf(" [%s|%s]", k.Header, k.Scheme)
	}
	if k.Query != "" {
		line += " ?" + k.Query
	}
	if len(fields) > 0 {
		line += " " + strings.Join(fields, ",")
	}
	return line + " <" + template(s.Value) + ">"
}

// template writes a value with its holes as ${space.name}.
func template(v analyzers.Value) string {
	var b strings.Builder
	for _, p := range v.Parts {
		switch {
		case p.Hole == nil && p.Text == "":
			b.WriteString("?")
		case p.Hole == nil:
			b.WriteString(p.Text)
		case p.Hole.Space == "":
			b.WriteString("${" + p.Hole.Name + "}")
		default:
			b.WriteString("${" + p.Hole.Space + "." + p.Hole.Name + "}")
		}
	}
	return b.String()
}

func TestRequests(t *testing.T) {
	const volume = "curl POST backboard.railway.app/graphql/v2"
	for _, c := range []struct {
		script string
		want   []string
	}{
		{`curl -X POST https://backboard.railway.app/graphql/v2 -H "Authorization: Bearer $T" -H "Content-Type: application/json" ` +
			`-d '{"query":"mutation { volumeDelete(volumeId: \"1\") }"}'`, []string{
			volume + " [Authorization|Bearer] query,mutation,volumeDelete,volumeId < Bearer ${T}>",
			volume + " [Content-Type|] query,mutation,volumeDelete,volumeId < application/json>",
			volume + " query,mutation,volumeDelete,volumeId <https://backboard.railway.app/graphql/v2>",
			volume + ` query,mutation,volumeDelete,volumeId <{"query":"mutation { volumeDelete(volumeId: \"1\") }"}>`,
		}},
		{`curl -u "$USER:$PASS" https://API.Example.com:8443/v1/x?y=z#f`, []string{
			"curl GET api.example.com/v1/x [Authorization|Basic] <${USER}:${PASS}>",
			"curl GET api.example.com/v1/x ?y <z#f>",
			"curl GET api.example.com/v1/x <https://API.Example.com:8443/v1/x>",
		}},
		{`curl -sSfXDELETE "$API/volumes/$ID" -H"X-Api-Key:$K"`, []string{
			"curl DELETE /volumes/* [X-Api-Key|] <${K}>", "curl DELETE /volumes/* <${API}/volumes/${ID}>",
		}},
		{"API=https://api.example.com/v2\ncurl \"$API/volumes\"", []string{"curl GET api.example.com/v2/volumes <${API}/volumes>"}},
		{`curl "https://api.example.com/x?token=$T&a=b"`, []string{
			"curl GET api.example.com/x ?token <${T}>", "curl GET api.example.com/x ?a <b>", "curl GET api.example.com/x <https://api.example.com/x>",
		}},
		{`curl "https://$U:$P@host.example.com/x"`, []string{
			"curl GET host.example.com/x [Authorization|Basic] <https://${U}:${P}@host.example.com/x>",
		}},
		{`curl --oauth2-bearer "$T" --json '{}' h.example.com`, []string{
			"curl POST h.example.com [Authorization|Bearer] <${T}>", "curl POST h.example.com <h.example.com>", "curl POST h.example.com <{}>",
		}},
		{"AUTH=\"Authorization: Bearer $T\"\ncurl -H \"$AUTH\" https://h.example.com", []string{
			"curl GET h.example.com [Authorization|Bearer] <${AUTH}>", "curl GET h.example.com <https://h.example.com>",
		}},
		{"curl -d @- https://h.example.com <<END\nmutation { projectDelete(id: \"$ID\") }\nEND\n", []string{
			"curl POST h.example.com mutation,projectDelete,id <https://h.example.com>",
			"curl POST h.example.com mutation,projectDelete,id <mutation { projectDelete(id: \"${ID}\") }\n>",
		}},
		{"curl -K - <<END\nurl = \"https://h.example.com/p\"\nrequest = DELETE\nheader = \"Authorization: Bearer $T\"\nEND\n", []string{
			"curl DELETE h.example.com/p [Authorization|Bearer] < Bearer ${T}>", "curl DELETE h.example.com/p <https://h.example.com/p>",
		}},
		{`wget --header="Authorization: token $T" -qO- https://h.example.com/p`, []string{
			"wget GET h.example.com/p [Authorization|token] < token ${T}>", "wget GET h.example.com/p <https://h.example.com/p>",
		}},
		{`http DELETE https://h.example.com/p "Authorization:Bearer $T" a=b`, []string{
			"http DELETE h.example.com/p [Authorization|Bearer] <Bearer ${T}>", "http DELETE h.example.com/p <https://h.example.com/p>",
			"http DELETE h.example.com/p <a=b>",
		}},
		{`flyctl deploy --app "$APP" --access-token $T`, []string{"flyctl   <deploy --app ${APP} --access-token ${T}>"}},
		{"psql \"$URL\" -c 'drop table x'", []string{"psql   drop,table,x <${URL} -c drop table x>"}},
		{"psql \"$URL\" -tAc 'select 1; DROP DATABASE \"acme\" '", []string{"psql   select,DROP,DATABASE,acme <${URL} -tAc select 1; DROP DATABASE \"acme\" >"}},
		{"psql \"$URL\" -c \"select 'drop table x'\"", []string{"psql   select <${URL} -c select 'drop table x'>"}},
		{"psql \"$URL\" <<END\ndrop schema public;\nEND\n", []string{"psql   drop,schema,public <${URL} drop schema public;\n>"}},
		{"echo 'drop schema public' | psql \"$URL\"", []string{"psql   drop,schema,public <${URL} drop schema public>"}},
		{"mysql -h db -e 'truncate x'", []string{"mysql   truncate,x <-h db -e truncate x>"}},
		{"mongosh \"$URL\" --eval 'db.dropDatabase()'", []string{"mongosh   db.dropDatabase <${URL} --eval db.dropDatabase()>"}},
		{`gh api -X DELETE "repos/acme/$REPO"`, []string{"gh DELETE api.github.com/repos/acme/* <api -X DELETE repos/acme/${REPO}>"}},
		{`gh api graphql -f query='mutation { deleteRef }'`, []string{"gh POST api.github.com/graphql query,mutation,deleteRef <api graphql -f query=mutation { deleteRef }>"}},
		{`curl -X DELETE "https://api.example.com/zones/$ZONE"`, []string{"curl DELETE api.example.com/zones/* <https://api.example.com/zones/${ZONE}>"}},
		{`npx @railway/cli@4 volume delete`, []string{"@railway/cli   <volume delete>"}},
		{"X=1 timeout 5 npx -y wrangler deploy", []string{"wrangler   <deploy>"}},
	} {
		if got := sinks(t, c.script); !slices.Equal(got, c.want) {
			t.Errorf("%s\ngot:\n\t%s\nwant:\n\t%s", c.script, strings.Join(got, "\n\t"), strings.Join(c.want, "\n\t"))
		}
	}
}

// TestWritten says what is found of variables that a piece writes to files.
func TestWritten(t *testing.T) {
	script := `echo "TOKEN=$T" >> "$GITHUB_ENV"
printf 'A=%s\nB=%s\n' "$X" y >> $GITHUB_ENV
{ echo "C<<END"; echo "$LONG"; echo END; echo D='"q"'; } >> "${GITHUB_OUTPUT}"
echo E=$E | tee -a "$GITHUB_ENV"
cat > .env.local <<EOF
F=$F
export G="g"
EOF
echo none > /dev/null
echo "H<<END" >> $GITHUB_ENV
echo I=$I >> .env.local
echo $H >> $GITHUB_ENV
echo END >> $GITHUB_ENV
echo "J<<$MARK" >> $GITHUB_ENV
{ echo $J; echo "$MARK"; echo K=$K; } >> $GITHUB_ENV
echo "role-arn=$R" >> "$GITHUB_OUTPUT"
echo "no-variable=$R" >> "$GITHUB_ENV"
`
	pass := analyzers.NewPass("shell", "x.sh", []byte(script))
	var got []string
	for _, s := range shell.Body(pass, pass.Data, 0, shell.Options{}) {
		if strings.HasPrefix(s.Space, "file:") {
			got = append(got, s.Space+" "+s.Name+"="+template(s.Value))
		}
	}
	want := []string{
		"file:$GITHUB_ENV TOKEN=${T}", "file:$GITHUB_ENV A=${X}", "file:$GITHUB_ENV B=y", "file:$GITHUB_OUTPUT C=${LONG}",
		"file:$GITHUB_OUTPUT D=q", "file:$GITHUB_ENV E=${E}", "file:.env.local F=${F}", "file:.env.local G=g",
		"file:.env.local I=${I}", "file:$GITHUB_ENV H=${H}", "file:$GITHUB_ENV H=${H}", "file:$GITHUB_ENV J=${J}", "file:$GITHUB_ENV K=${K}",
		"file:$GITHUB_OUTPUT role-arn=${R}",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// TestPlaces checks that texts and spans agree where a piece is mapped into its file and where variables are put in.
func TestPlaces(t *testing.T) {
	file := "run: |\n    export A=b\\\n      c\n    curl -H \"X: $(echo d)\" 'e' ${{ secrets.F }}\n"
	src, offsets := "", []int{}
	start := 0
	for i, line := range strings.SplitAfter(file, "\n") {
		for j := min(4, len(line)); i > 0 && j < len(line); j++ {
			src += line[j : j+1]
			offsets = append(offsets, start+j)
		}
		start += len(line)
	}
	pass := analyzers.NewPass("workflow", "w.yml", []byte(file))
	opt := shell.Options{
		Map: func(offset int) int {
			if offset >= len(offsets) {
				return len(file)
			}
			return offsets[offset]
		},
		Holes: func(text string) (analyzers.Value, bool) {
			return analyzers.Value{Parts: []analyzers.Part{{Hole: &analyzers.Hole{Space: "secrets", Name: text, Store: "github"}}}}, true
		},
	}
	var seen []string
	var walk func(steps []analyzers.Step)
	walk = func(steps []analyzers.Step) {
		for _, s := range steps {
			for _, p := range s.Value.Parts {
				if p.Hole != nil {
					seen = append(seen, p.Hole.Space+"."+p.Hole.Name)
				} else if !p.Span.Empty() {
					seen = append(seen, p.Text+"@"+file[p.Span.Start:p.Span.End])
				}
			}
			walk(s.Steps)
		}
	}
	walk(shell.Body(pass, []byte(src), 0, opt))
	want := []string{"b@b", " @ ", "d@d", "e@e", " @ ", "d@d", "secrets.${{ secrets.F }}"} // a request for each address
	if !slices.Equal(seen, want) {
		t.Errorf("got  %q\nwant %q", seen, want)
	}
}
