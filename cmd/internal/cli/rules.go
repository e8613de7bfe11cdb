package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/stagewall/stagewall/cmd/internal/catalogue"
	"github.com/stagewall/stagewall/detectors/match"
	"github.com/stagewall/stagewall/detectors/suite"
)

func (c Command) rules() *cobra.Command {
	var format string
	cmd := &cobra.Command{
		Use:   "rules",
		Short: "List the providers: their kinds of token, what limits each, what it may do, and the sources",
		Long: `Rules lists every kind of token that has a provider: what bounds the environments that it reaches, what it may do at most, what it
destroys by and whether that can be undone, and the document that says so. stagewall explain KIND says all that is known of one.

It ends with the rules that slow a scan down: those whose matches need not hold any word, so that texts are searched for them byte by byte.`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 0 {
				return fmt.Errorf("rules lists all, and takes no argument; stagewall explain %s says what is known of one provider or kind", args[0])
			}
			return nil
		},
		RunE: func(*cobra.Command, []string) error {
			if err := catalogue.Write(c.Stdout, format, catalogue.Kinds(suite.Providers())); err != nil || format != "text" {
				return err
			}
			return c.listWordless()
		},
	}
	cmd.Flags().StringVarP(&format, "format", "f", "text", catalogue.Formats)
	return cmd
}

// listWordless lists the rules, gitleaks' and the user's too, that are searched for byte by byte.
func (c Command) listWordless() error {
	user, _, err := rules(".", "")
	if err != nil {
		return err
	}
	engine, err := match.New(suite.Rules(suite.Providers(), user), match.Options{})
	if err != nil {
		return err
	}
	fmt.Fprintln(c.Stdout, "\nSearched for byte by byte, since no word must stand in what they match:")
	for _, id := range engine.Wordless() {
		fmt.Fprintf(c.Stdout, "  %s\n", id)
	}
	return nil
}
