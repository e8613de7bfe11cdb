package main

import (
	"bytes"
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/verdict"
	"github.com/stagewall/stagewall/cmd/internal/catalogue"
	"github.com/stagewall/stagewall/cmd/internal/config"
	"github.com/stagewall/stagewall/cmd/internal/picture"
	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/suite"
)

const (
	readme    = "../../README.md"
	providers = "../../detectors/providers/README.md"
	graphPage = "../internal/picture/README.md"
)

// TestReadme executes what the README shows: its first screen is that of the founding case, its second what init prints, its table is the
// verdict's, and its inventory is one. UPDATE_SCRIPTS=1 writes the screens and the table.
func TestReadme(t *testing.T) {
	data, err := os.ReadFile(readme)
	if err != nil {
		t.Fatal(err)
	}
	text := string(data)
	text = replace(t, text, "    $ stagewall scan\n", "\n## Start", section(t, "pocketos.txtar", "screen"))
	text = replace(t, text, "    $ stagewall init\n", "\nThe plugin", section(t, "init.txtar", "screen"))
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

// TestGraphPage executes what the page of the graph shows: its example, and that it names all fields of the JSON. UPDATE_SCRIPTS=1 writes the example.
func TestGraphPage(t *testing.T) {
	data, err := os.ReadFile(graphPage)
	if err != nil {
		t.Fatal(err)
	}
	text := replace(t, string(data), "    $ stagewall graph --about tok_521b9048227832f1\n", "\nIt shows", section(t, "graph.txtar", "dot"))
	if text != string(data) {
		if os.Getenv("UPDATE_SCRIPTS") == "" {
			t.Error("the page of the graph shows what is no longer so; UPDATE_SCRIPTS=1 writes it anew")
		} else if err := os.WriteFile(graphPage, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, field := range fields(reflect.TypeFor[picture.Graph](), "") {
		if !strings.Contains(text, "`"+field+"`") {
			t.Errorf("the page of the graph does not name the field %s", field)
		}
	}
}

// fields returns the names of a type's fields in JSON, but for what is the report's.
func fields(of reflect.Type, before string) (names []string) {
	for of.Kind() == reflect.Slice || of.Kind() == reflect.Pointer {
		of = of.Elem()
	}
	if of.Kind() != reflect.Struct || of.PkgPath() != reflect.TypeFor[picture.Graph]().PkgPath() {
		return nil
	}
	for i := range of.NumField() {
		f := of.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if f.Anonymous {
			continue
		}
		separator := "."
		if f.Type.Kind() == reflect.Slice && f.Type.Elem().Kind() == reflect.Pointer {
			separator = "[]."
		}
		inner := fields(f.Type, before+name+separator)
		if len(inner) == 0 || separator == "[]." {
			inner = append(inner, before+name)
		}
		names = append(names, inner...)
	}
	return names
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

// section returns a section of a script as a block of code. TestScripts proves that the program prints it.
func section(t *testing.T, script, name string) string {
	t.Helper()
	archive, err := txtar.ParseFile("../../testdata/script/" + script)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range archive.Files {
		if f.Name == name {
			return indented(string(f.Data))
		}
	}
	t.Fatalf("%s has no section %s", script, name)
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
