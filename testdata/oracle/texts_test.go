package oracle

import (
	"bytes"
	"flag"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp/syntax"
	"strings"
	"testing"

	"github.com/zricethezav/gitleaks/v8/config"

	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/match/matchtest"
)

var (
	corpus   = flag.String("corpus", "", "a directory to compare on, instead of Go's")
	thorough = flag.Bool("thorough", false, "compare on more minted texts, for minutes")
	seed     = flag.Uint64("seed", 1, "for other minted texts")
)

func TestMintedTexts(t *testing.T) {
	t.Parallel()
	c := newComparison(t, config.DefaultConfig)
	for i, rule := range c.ours.rules {
		c.file(t, "minted/"+rule.ID+extension(rule), minted(t, rule, rand.New(rand.NewPCG(uint64(i), *seed))))
	}
	if t.Logf("%d findings", c.found); c.found < 1000 {
		t.Errorf("only %d findings: the texts are too thin", c.found)
	}
}

// minted returns texts that the rule's expression matches, written in many ways.
func minted(t *testing.T, rule detectors.Rule, r *rand.Rand) []byte {
	re, err := syntax.Parse(rule.Pattern, syntax.Perl)
	if err != nil {
		t.Fatal(err)
	}
	var file bytes.Buffer
	spelled := matchtest.Spell(r, matchtest.Text(r, re))
	if !*thorough {
		r.Shuffle(len(spelled), func(i, j int) { spelled[i], spelled[j] = spelled[j], spelled[i] })
		spelled = spelled[:8]
	}
	for _, text := range spelled {
		file.WriteString(text)
		if r.IntN(3) == 0 {
			file.WriteString("\n")
		}
	}
	return file.Bytes()
}

// TestLettersOfOtherAlphabets compares on texts in which some letters are others that are one of ASCII in another case.
func TestLettersOfOtherAlphabets(t *testing.T) {
	t.Parallel()
	c := newComparison(t, config.DefaultConfig)
	others := map[byte]string{'i': "\u0130", 's': "\u017f", 'k': "\u212a"}
	for i, rule := range c.ours.rules {
		r := rand.New(rand.NewPCG(uint64(i), 2+*seed))
		re, err := syntax.Parse(rule.Pattern, syntax.Perl)
		if err != nil {
			t.Fatal(err)
		}
		var file bytes.Buffer
		for range 4 {
			for _, b := range []byte(matchtest.Spell(r, matchtest.Text(r, re))[r.IntN(10)]) {
				if other, ok := others[b|0x20]; ok && r.IntN(4) == 0 {
					file.WriteString(other)
				} else {
					file.WriteByte(b)
				}
			}
			file.WriteString("\n")
		}
		c.file(t, "minted/"+rule.ID+extension(rule), file.Bytes())
	}
	if t.Logf("%d findings", c.found); c.found < 100 {
		t.Errorf("only %d findings: the texts are too thin", c.found)
	}
}

// extension returns an extension that the rule's path asks for.
func extension(rule detectors.Rule) string {
	switch rule.ID {
	case "freemius-secret-key":
		return ".php"
	case "hashicorp-tf-password":
		return ".tf"
	case "kubernetes-secret-yaml":
		return ".yaml"
	case "nuget-config-password":
		return "/nuget.config"
	}
	return ".txt"
}

// TestFragments compares on files that gitleaks reads in pieces.
func TestFragments(t *testing.T) {
	t.Parallel()
	c := newComparison(t, config.DefaultConfig)
	var tokens []detectors.Rule
	for _, rule := range c.ours.rules {
		switch rule.ID {
		case "github-pat", "slack-webhook-url", "generic-api-key", "private-key", "adobe-client-secret":
			tokens = append(tokens, rule)
		}
	}
	for n := range 4 {
		r := rand.New(rand.NewPCG(uint64(n), 1+*seed))
		var file bytes.Buffer
		for file.Len() < 240_000 {
			if r.IntN(8) == 0 {
				rule := tokens[r.IntN(len(tokens))]
				re, err := syntax.Parse(rule.Pattern, syntax.Perl)
				if err != nil {
					t.Fatal(err)
				}
				file.WriteString(matchtest.Text(r, re) + "\n")
			}
			fmt.Fprintf(&file, "%0*d", r.IntN(1000), n)
			if r.IntN(4) > 0 {
				file.WriteString([]string{"\n", "\r\n", " \n"}[r.IntN(3)])
			}
			if n < 3 && r.IntN(1+n*60) == 0 { // few or no blank lines
				file.WriteString("\n")
			}
		}
		c.file(t, "large.txt", file.Bytes())
	}
	if t.Logf("%d findings", c.found); c.found < 100 {
		t.Errorf("only %d findings: the texts are too thin", c.found)
	}
}

// TestRealTexts compares on sources and test data that came with Go.
func TestRealTexts(t *testing.T) {
	t.Parallel()
	c := newComparison(t, config.DefaultConfig)
	if *corpus != "" {
		c.directory(t, *corpus)
	} else {
		root := goroot(t)
		for _, dir := range []string{"crypto/tls", "crypto/x509", "cmd/go/internal/modfetch"} {
			c.directory(t, filepath.Join(root, "src", filepath.FromSlash(dir)))
		}
	}
	t.Logf("%d findings", c.found)
}

// goroot asks the go command, since a test built with -trimpath does not know where Go is.
func goroot(t *testing.T) string {
	out, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(out))
}

func (c *comparison) directory(t *testing.T, root string) {
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		rel, _ := filepath.Rel(root, path)
		c.file(t, filepath.ToSlash(rel), data)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
