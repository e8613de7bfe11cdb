package shell_test

import (
	"math/rand/v2"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// TestSpellings compares, as [TestBash] does, what children have whose commands, and whose variables' values, are written in all the ways in which a
// shell lets them be written.
func TestSpellings(t *testing.T) {
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("there is no bash")
	}
	rounds := 300
	if testing.Short() {
		rounds = 40
	}
	random := rand.New(rand.NewPCG(3, 4))
	for i := range rounds {
		g := &generator{Rand: random}
		var script strings.Builder
		for range 1 + g.IntN(4) {
			script.WriteString(g.spelledSet() + "\n" + g.spelledCall(2) + "\n")
		}
		got, want := simulated(t, script.String()), observed(t, bash, script.String())
		if !slices.Equal(got, want) {
			t.Errorf("script %d:\n%s\nsteps say: %q\nbash says: %q", i, script.String(), got, want)
		}
	}
}

func (g *generator) oneOf(ways ...string) string { return ways[g.IntN(len(ways))] }

// spelled returns a word that is the text.
func (g *generator) spelled(text string) string {
	first, rest := text[:1], text[1:]
	return g.oneOf(
		text,
		`"`+text+`"`,
		"'"+text+"'",
		first+`\`+rest,
		`"`+first+`"`+rest,
		"$'"+text+"'",
		`"`+first+"\\\n"+rest+`"`,
		first+"\\\n"+rest,
		"$(echo "+text+")",
		"`echo "+text+"`",
		"$(printf '%s' "+text+")",
		"${Z:-"+text+"}",
		`"${Z-`+text+`}"`,
		"\"$(cat <<END\n"+text+"\nEND\n)\"",
		"$(echo \""+first+"\\\n"+rest+"\")",
		`"${`+g.name()+`:+}"`+text,
	)
}

// spelledSet returns statements after which a variable is exported.
func (g *generator) spelledSet() string {
	name, text := g.name(), g.spelled(g.value())
	return g.oneOf(
		"export "+name+"="+text,
		name+"="+text+"; export "+name,
		"export "+name+"; "+name+"="+text,
		"export \\\n  "+name+"="+text,
		"export "+name+"="+text+" \\\n\t"+g.name()+"="+g.spelled(g.value()),
		"export "+name+"="+text+"; unset "+g.name()+" "+g.name(),
		"export $(echo "+name+"="+g.value()+")",
		"eval \"export \\\n\t"+name+"="+g.value()+"\"",
		"{ export "+name+"="+text+"; } > /dev/null",
		"if true; then export "+name+"="+text+"; fi",
		"case "+g.value()+" in one|two) export "+name+"="+text+" ;; *) export "+name+"="+g.value()+" ;; esac",
		"for x in "+text+"; do export "+name+"=$x; done",
		"set -- "+text+"; export "+name+"=\"$1\"",
		"set -a; . ./plain.sh; set +a",
		". ./export.sh",
		"printf -v "+name+" '%s' "+text+"; export "+name,
		"read -r "+name+" <<< "+text+"; export "+name,
		"declare -x "+name+"="+text,
		"typeset "+name+"="+text+"; export "+name,
		"list=("+text+"); export "+name+"=\"${list[@]}\"",
	)
}

// spelledCall returns a statement that runs a child.
func (g *generator) spelledCall(depth int) string {
	name, set := g.name(), g.name()+"="+g.value()
	call := g.child()
	if g.IntN(3) == 0 {
		call = name + "=" + g.spelled(g.value()) + " " + call
	}
	if depth == 0 {
		return call
	}
	plain := g.child()
	return g.oneOf(
		call,
		"true && "+call+" || true",
		"! { "+call+"; }",
		"if ! "+call+"; then true; fi",
		"x=$("+call+")",
		"time "+call,
		"f() {\n"+g.spelledSet()+"\n"+call+"\n}\nf",
		"("+g.spelledSet()+"\n"+g.spelledCall(depth-1)+"\n)",
		"while read -r x; do "+name+"=$x "+plain+"; done <<< "+g.value(),
		"timeout 5 "+plain,
		"nohup nice "+plain,
		"command "+plain,
		"env -u "+name+" "+plain,
		"env \\\n "+name+"="+g.spelled(g.value())+" \\\n\t "+plain,
		"(exec env "+name+"="+g.spelled(g.value())+" "+plain+")",
		"words=(env "+set+" "+plain+"); \"${words[@]}\"",
		"eval \""+set+" \\\n"+plain+"\"",
		"echo "+set+" "+plain+" | bash",
		"bash -c \""+set+" "+plain+"\"",
		"bash -c \"true && \\\n\t"+set+" "+plain+"\"",
		"bash -c \"true \\\n  && "+name+"=\\$"+name+" "+plain+"\"",
		"bash -c '\n"+set+" \\\n "+plain+"\n'",
		"bash <<END\n"+name+"=$"+name+" \\\n"+plain+"\nEND",
		"bash <<-'END'\n\t"+name+"=$"+name+" "+plain+"\n\tEND",
	)
}
