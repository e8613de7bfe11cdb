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

// spelled returns a word for the text, or for text and the value of a variable.
func (g *generator) spelled(text string) string {
	switch g.IntN(16) {
	case 0:
		return `"` + text + `"`
	case 1:
		return "'" + text + "'"
	case 2:
		return text[:1] + `\` + text[1:]
	case 3:
		return `"` + text[:1] + `"` + text[1:]
	case 4:
		return "$'" + text + "'"
	case 5:
		return `"` + text[:1] + "\\\n" + text[1:] + `"`
	case 6:
		return text[:1] + "\\\n" + text[1:]
	case 7:
		return "$(echo " + text + ")"
	case 8:
		return "`echo " + text + "`"
	case 9:
		return "$(printf '%s' " + text + ")"
	case 10:
		return "${Z:-" + text + "}"
	case 11:
		return "\"${Z-" + text + "}\""
	case 12:
		return "\"$(cat <<END\n" + text + "\nEND\n)\""
	case 13:
		return "$(echo \"" + text[:1] + "\\\n" + text[1:] + "\")"
	case 14:
		return "\"${" + g.name() + ":+}\"" + text
	}
	return text
}

func (g *generator) spelledSet() string {
	name, text := g.name(), g.spelled(g.value())
	switch g.IntN(10) {
	case 0:
		return name + "=" + text + "; export " + name
	case 1:
		return "export " + name + "; " + name + "=" + text
	case 2:
		return "export \\\n  " + name + "=" + text
	case 3:
		return "export " + name + "=" + text + " \\\n\t" + g.name() + "=" + g.spelled(g.value())
	case 4:
		return "eval \"export \\\n\t" + name + "=" + g.value() + "\""
	case 5:
		return "{ export " + name + "=" + text + "; } > /dev/null"
	case 6:
		return "if true; then export " + name + "=" + text + "; fi"
	case 7:
		return "for x in " + text + "; do export " + name + "=$x; done"
	case 8:
		return "set -- " + text + "; export " + name + "=\"$1\""
	}
	return "export " + name + "=" + text
}

func (g *generator) spelledCall(depth int) string {
	call := g.child()
	if g.IntN(3) == 0 {
		call = g.name() + "=" + g.spelled(g.value()) + " " + call
	}
	if depth == 0 {
		return call
	}
	switch g.IntN(14) {
	case 0:
		return "bash -c \"" + g.name() + "=" + g.value() + " " + g.child() + "\""
	case 1:
		return "bash -c \"true && \\\n\t" + g.name() + "=" + g.value() + " " + g.child() + "\""
	case 2:
		return "bash -c \"true \\\n  && " + g.name() + "=\\$" + g.name() + " " + g.child() + "\""
	case 3:
		return "bash -c '\n" + g.name() + "=" + g.value() + " \\\n " + g.child() + "\n'"
	case 4:
		return "bash <<END\n" + g.name() + "=$" + g.name() + " \\\n" + g.child() + "\nEND"
	case 5:
		return "bash <<-'END'\n\t" + g.name() + "=$" + g.name() + " " + g.child() + "\n\tEND"
	case 6:
		return "(" + g.spelledSet() + "\n" + g.spelledCall(depth-1) + "\n)"
	case 7:
		return "env \\\n " + g.name() + "=" + g.spelled(g.value()) + " \\\n\t " + g.child()
	case 8:
		return "eval \"" + g.name() + "=" + g.value() + " \\\n" + g.child() + "\""
	case 9:
		return "echo " + g.name() + "=" + g.value() + " " + g.child() + " | bash"
	case 10:
		return "true && " + call + " || true"
	case 11:
		return "! { " + call + "; }"
	case 12:
		return "f() {\n" + g.spelledSet() + "\n" + call + "\n}\nf"
	}
	return call
}
