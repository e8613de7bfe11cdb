package cli

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/suite"
)

func (c Command) rules() *cobra.Command {
	var format string
	cmd := &cobra.Command{
		Use:   "rules",
		Short: "List the providers: their kinds of token, what limits each, what it may do, and the sources",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			switch format {
			case "text":
				c.listRules()
				return nil
			case "json":
				e := json.NewEncoder(c.Stdout)
				e.SetIndent("", " ")
				return e.Encode(kindRows())
			}
			return fmt.Errorf("unknown format %q; there are: json, text", format)
		},
	}
	cmd.Flags().StringVarP(&format, "format", "f", "text", "json or text")
	return cmd
}

// kindRow is one kind of token.
type kindRow struct {
	Provider  string   `json:"provider"`
	Kind      string   `json:"kind"`
	Title     string   `json:"title"`
	Bound     string   `json:"bound"`
	AtMost    []string `json:"at_most"`
	Variables []string `json:"variables"`
	Source    string   `json:"source"`
}

func kindRows() []kindRow {
	var rows []kindRow
	for _, p := range suite.Providers() {
		for _, k := range p.Kinds {
			rows = append(rows, kindRow{p.Name, k.Name, p.Title + " " + k.Title, k.Bound, k.AtMost.Names(), append([]string{}, k.Variables...), k.Source})
		}
	}
	return rows
}

func (c Command) listRules() {
	for _, p := range suite.Providers() {
		fmt.Fprintf(c.Stdout, "%s\n", p.Title)
		for _, k := range p.Kinds {
			fmt.Fprintf(c.Stdout, "  %-34s %s\n  %34s may %s (%s)\n", k.Title, k.Bound, "", k.AtMost, k.Source)
		}
		var destroyers []string
		for _, o := range p.Operations {
			if o.Does&detectors.Destroy != 0 {
				destroyers = append(destroyers, o.Name)
			}
		}
		if len(destroyers) > 0 {
			fmt.Fprintf(c.Stdout, "  destroys by: %s\n", strings.Join(destroyers, ", "))
		}
	}
}
