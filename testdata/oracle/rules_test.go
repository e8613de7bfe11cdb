package oracle

import (
	"math/rand/v2"
	"strings"
	"testing"
)

// TestRules compares what rules can say beyond an expression and a keyword.
func TestRules(t *testing.T) {
	t.Parallel()
	const text = `
[allowlist]
stopwords = ["Everywhere"]
regexes = ["^global"]
paths = ["ignored"]

[[rules]]
id = "group"
regex = "g(x?)([a-z]+)(;|$)"
secretGroup = 2
keywords = ["G"]

[[rules]]
id = "entropy"
regex = "e=([a-z]+)"
entropy = 2.0
keywords = ["e="]

[[rules]]
id = "lost-group"
regex = "\\Bl([a-z]{3})\\B"
keywords = ["l"]

[[rules]]
id = "breaks"
regex = "\\n*b[a-z]*\\n+"
keywords = ["b"]

[[rules]]
id = "lists"
regex = "k-[a-z]+"
keywords = ["k-"]
[[rules.allowlists]]
regexes = ["^k-a", "(?i)B$", "C$"]
[[rules.allowlists]]
regexTarget = "match"
regexes = ["xx"]
[[rules.allowlists]]
regexTarget = "line"
regexes = ["^\\n#", "allow$"]
[[rules.allowlists]]
condition = "AND"
paths = ["\\.md$"]
stopwords = ["doc"]
[[rules.allowlists]]
stopwords = ["STOP"]

[[rules]]
id = "path"
regex = "p-[a-z]+"
path = "\\.md$"

[[rules]]
id = "path-only"
path = "\\.p12$"

[[rules]]
id = "required"
regex = "r-[a-z]+"
keywords = ["r-"]
[[rules.required]]
id = "host"
withinLines = 1
[[rules.required]]
id = "user"
withinColumns = 4

[[rules]]
id = "host"
regex = "host"
keywords = ["nowhere"]
skipReport = true

[[rules]]
id = "user"
regex = "user"

[[rules]]
id = "generic-word"
regex = "(k-)?[a-z]{4,}"
`
	c := newComparison(t, text)
	words := strings.Fields("gxab; gab e=aaaa e=abcdefgh xlabcx labc bbb k-aa k-bb k-cc k-everywhere k-global k-xx k-docs k-stops k-fine " +
		"p-word r-word host user allow # global everywhere ; x %6b%2duser \\u006b-some U+006B")
	paths := []string{"a.txt", "a.md", "ignored/a", "a.p12"}
	for n := range uint64(400) {
		r := rand.New(rand.NewPCG(n, 2+*seed))
		var file strings.Builder
		for range r.IntN(30) {
			file.WriteString(words[r.IntN(len(words))])
			file.WriteString([]string{" ", " ", " ", "\n", "\n", "\n\n", "\r\n", ""}[r.IntN(8)])
		}
		c.file(t, paths[r.IntN(len(paths))], []byte(file.String()))
	}
	if t.Logf("%d findings", c.found); c.found < 2000 {
		t.Errorf("only %d findings: the texts are too thin", c.found)
	}
}
