package main

import (
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/stagewall/stagewall/cmd/stagewall-audit/internal/command"
	"github.com/stagewall/stagewall/cmd/stagewall-audit/internal/news"
	"github.com/stagewall/stagewall/cmd/stagewall-audit/internal/target"
)

// TestReadme executes what the page shows: its screen is that of a script, its list is one, and it names the states, the flags and the fields that
// there are. UPDATE_SCRIPTS=1 writes the screen.
func TestReadme(t *testing.T) {
	data, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	archive, err := txtar.ParseFile("testdata/script/screen.txtar")
	if err != nil {
		t.Fatal(err)
	}
	const from, to = "    $ stagewall-audit run --repos repositories\n\n", "\n| state |"
	before, rest, ok := strings.Cut(string(data), from)
	_, after, ok2 := strings.Cut(rest, to)
	if !ok || !ok2 {
		t.Fatal("the page has no place for its screen")
	}
	screen := ""
	for _, f := range archive.Files {
		if f.Name == "screen" {
			screen = string(f.Data)
		}
	}
	var b strings.Builder
	for line := range strings.Lines(screen) {
		b.WriteString(strings.TrimRight("    "+line, " \n") + "\n")
	}
	text := before + from + b.String() + to + after
	if text != string(data) {
		if os.Getenv("UPDATE_SCRIPTS") == "" {
			t.Error("the page shows what is no longer so; UPDATE_SCRIPTS=1 writes it anew")
		} else if err := os.WriteFile("README.md", []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	_, list, _ := strings.Cut(text, "```\n")
	list, _, _ = strings.Cut(list, "```")
	if targets, err := target.ReadList(strings.NewReader(list), "/"); err != nil || len(targets) != 3 {
		t.Errorf("the page's list: %v, %v", targets, err)
	}
	for _, f := range command.Flags() {
		if !strings.Contains(text, "`--"+f.Name) && (f.Shorthand == "" || !strings.Contains(text, "`-"+f.Shorthand)) && f.Name != "format" {
			t.Errorf("the page does not name --%s", f.Name)
		}
	}
	for i, of := 0, reflect.TypeFor[news.Repository](); i < of.NumField(); i++ {
		if name, _, _ := strings.Cut(of.Field(i).Tag.Get("json"), ","); name != "" && name != "history" && !strings.Contains(text, fmt.Sprintf("`%s`", name)) {
			t.Errorf("the page does not name the field %s", name)
		}
	}
}
