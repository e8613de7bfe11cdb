package main

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/verdict"
	"github.com/stagewall/stagewall/cmd/internal/catalogue"
	"github.com/stagewall/stagewall/cmd/internal/config"
	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/suite"
)

const (
	readme    = "../../README.md"
	providers = "../../detectors/providers/README.md"
)

// TestReadme executes what the README shows: its first screen is that of the founding case, its table is the verdict's, and its
// inventory is one. UPDATE_SCRIPTS=1 writes the screen and the table.
func TestReadme(t *testing.T) {
	data, err := os.ReadFile(readme)
	if err != nil {
		t.Fatal(err)
	}
	text := string(data)
	text = replace(t, text, "    $ stagewall scan\n", "\n## Start", screen(t))
	text = replace(t, text, "<!-- verdict -->\n", "\nProduction by evidence", "\n"+verdictTable())
	if text != string(data) {
		if os.Getenv("UPDATE_SCRIPTS") == "" {
			t.Error("the README shows what is no longer so; UPDATE_SCRIPTS=1 writes it anew")
		} else if err := os.WriteFile(readme, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	_, inventory, _ := strings.Cut(text, "```yaml\n")
	inventory, _, ok := strings.Cut(inventory, "```")
	if !ok {
		t.Fatal("the README shows no inventory")
	}
	if c, err := config.Parse([]byte(inventory), ""); err != nil || len(c.Accept) != 1 {
		t.Errorf("the README's inventory: %v", err)
	}
}

// TestProvidersPage executes what the page of the providers shows: its example, and the tables of all kinds, which must be those of the
// catalogue. UPDATE_SCRIPTS=1 writes both.
func TestProvidersPage(t *testing.T) {
	data, err := os.ReadFile(providers)
	if err != nil {
		t.Fatal(err)
	}
	kinds := catalogue.Kinds(suite.Providers())
	const example = "doppler/service-token"
	var b bytes.Buffer
	named, err := catalogue.Named(kinds, example)
	if err != nil || len(named) != 1 {
		t.Fatal(err)
	}
	if err := catalogue.Explain(&b, named[0]); err != nil {
		t.Fatal(err)
	}
	text := replace(t, string(data), "    $ stagewall explain "+example+"\n", "\n## How to read it", indented(b.String()))
	before, _, ok := strings.Cut(text, "<!-- rules -->\n")
	if !ok {
		t.Fatal("the page has no place for its tables")
	}
	text = before + "<!-- rules -->\n\n" + catalogue.Markdown(kinds)
	if text == string(data) {
		return
	}
	if os.Getenv("UPDATE_SCRIPTS") == "" {
		t.Error("detectors/providers/README.md shows what is no longer so; UPDATE_SCRIPTS=1 go test -run ProvidersPage ./cmd/stagewall writes it anew")
	} else if err := os.WriteFile(providers, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// indented returns a text as a block of code.
func indented(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		b.WriteString(strings.TrimRight("    "+line, " \n") + "\n")
	}
	return b.String()
}

// replace puts content between two marks.
func replace(t *testing.T, text, from, to, content string) string {
	t.Helper()
	before, rest, ok := strings.Cut(text, from)
	_, after, found := strings.Cut(rest, to)
	if !ok || !found {
		t.Fatalf("the README has no %q … %q", from, to)
	}
	return before + from + content + to + after
}

// screen returns what the founding case's scan prints, which TestScripts proves.
func screen(t *testing.T) string {
	t.Helper()
	archive, err := txtar.ParseFile("../../testdata/script/pocketos.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range archive.Files {
		if f.Name != "screen" {
			continue
		}
		return indented(string(f.Data))
	}
	t.Fatal("the founding case has no screen")
	return ""
}

func verdictTable() string {
	var b strings.Builder
	b.WriteString("|          | nothing secret (public key) | read | write | admin | destroy |\n|---|---|---|---|---|---|\n")
	for _, s := range []analyzers.Strength{analyzers.Flow, analyzers.Loaded, analyzers.Ambient} {
		fmt.Fprintf(&b, "| %s |", s)
		for _, p := range []detectors.Privilege{0, detectors.Read, detectors.Write, detectors.Admin, detectors.Destroy} {
			fmt.Fprintf(&b, " %s |", verdict.Cell(s, p))
		}
		b.WriteString("\n")
	}
	return b.String()
}
