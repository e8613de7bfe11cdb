package catalogue

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
)

// Formats are the names of the formats that [Write] knows.
const Formats = "text, json, markdown"

// Write writes the kinds in a format.
func Write(w io.Writer, format string, kinds []Kind) error {
	switch format {
	case "text":
		return text(w, kinds)
	case "json":
		e := json.NewEncoder(w)
		e.SetIndent("", " ")
		e.SetEscapeHTML(false)
		return e.Encode(kinds)
	case "markdown":
		_, err := io.WriteString(w, Markdown(kinds))
		return err
	}
	return fmt.Errorf("unknown format %q; there are: %s", format, Formats)
}

// text writes three lines a kind, and one for what destroys.
func text(w io.Writer, kinds []Kind) error {
	var b strings.Builder
	provider := ""
	for _, k := range kinds {
		if k.Provider != provider {
			provider = k.Provider
			fmt.Fprintf(&b, "%s\n", provider)
		}
		fmt.Fprintf(&b, "  %-44s %s\n", k.ID, k.Title)
		fmt.Fprintf(&b, "      reaches   %s (%s)\n", k.Bound, k.Scope)
		fmt.Fprintf(&b, "      may       %s\n", may(k))
		if destroys := k.destroyers(); len(destroys) > 0 {
			fmt.Fprintf(&b, "      destroys  %s\n", strings.Join(destroys, ", "))
		}
		fmt.Fprintf(&b, "      source    %s\n", k.Source)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// may says what a token of the kind may do at most.
func may(k Kind) string {
	if len(k.AtMost) == 0 {
		return "nothing secret"
	}
	return strings.Join(k.AtMost, ", ")
}

// destroyers returns the names of the operations that destroy, with what is known of undoing them.
func (k Kind) destroyers() []string {
	var names []string
	for _, o := range k.Operations {
		if o.destroys() {
			names = append(names, o.Name+o.consequence())
		}
	}
	return names
}

// consequence says in brackets for how long an operation can be undone and what happens to backups; nothing where no document says.
func (o Operation) consequence() string {
	var says []string
	switch {
	case o.Undo == "":
	case strings.HasPrefix(o.Undo, "no "):
		says = append(says, o.Undo)
	default:
		says = append(says, "undo "+o.Undo)
	}
	if o.Backups != "" {
		says = append(says, "backups "+o.Backups)
	}
	if says == nil {
		return ""
	}
	return " (" + strings.Join(says, "; ") + ")"
}

// Markdown returns two tables: a row for each kind, and a row for each operation that destroys.
func Markdown(kinds []Kind) string {
	var b strings.Builder
	b.WriteString("| kind | what bounds its reach | it may at most |\n|---|---|---|\n")
	for _, k := range kinds {
		fmt.Fprintf(&b, "| [%s](%s) | %s: %s | %s |\n", k.ID, k.Source, k.Scope, cell(k.Bound), may(k))
	}
	b.WriteString("\n| what destroys | undo | backups |\n|---|---|---|\n")
	written := map[[2]string]bool{}
	for _, k := range kinds {
		for _, o := range k.Operations {
			if id := [2]string{k.Provider, o.Name}; o.destroys() && !written[id] {
				written[id] = true
				fmt.Fprintf(&b, "| %s: [%s](%s) | %s | %s |\n", k.Provider, cell(o.Name), o.Source, cell(o.Undo), cell(o.Backups))
			}
		}
	}
	return b.String()
}

// cell writes a text so that it stays in its cell.
func cell(text string) string {
	return strings.NewReplacer("|", `\|`, "\n", " ", "[", `\[`, "]", `\]`, "<", "&lt;").Replace(text)
}
