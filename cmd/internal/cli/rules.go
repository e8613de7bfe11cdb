package cli

import (
	"github.com/spf13/cobra"

	"github.com/stagewall/stagewall/cmd/internal/catalogue"
	"github.com/stagewall/stagewall/detectors/suite"
)

func (c Command) rules() *cobra.Command {
	var format string
	cmd := &cobra.Command{
		Use:   "rules",
		Short: "List the providers: their kinds of token, what limits each, what it may do, and the sources",
		Long: `Rules lists every kind of token that has a provider: what bounds the environments that it reaches, what it may do at most, what it
destroys by and whether that can be undone, and the document that says so. stagewall explain KIND says all that is known of one.`,
		Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			return catalogue.Write(c.Stdout, format, catalogue.Kinds(suite.Providers()))
		},
	}
	cmd.Flags().StringVarP(&format, "format", "f", "text", catalogue.Formats)
	return cmd
}
