package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/stagewall/stagewall/cmd/internal/catalogue"
	"github.com/stagewall/stagewall/cmd/internal/report"
	"github.com/stagewall/stagewall/cmd/internal/scan"
	"github.com/stagewall/stagewall/detectors/gitleaks"
	"github.com/stagewall/stagewall/detectors/suite"
)

func (c Command) explain() *cobra.Command {
	f := scanFlags{decode: gitleaks.DecodeDepth}
	cmd := &cobra.Command{
		Use:   "explain ID [PATH] | KIND",
		Short: "Say why a token or a crossing is believed, or what is known of a kind of token",
		Long: `Explain scans PATH (default: the present folder) and prints everything that is known of one token or crossing, whose id a report
names; a unique beginning of the id is enough. For a token it also says which single piece of evidence, if it were gone, would
change the result.

KIND is a provider and one of its kinds, as stagewall rules lists them (railway/project-token), or a provider alone.`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 || len(args) > 2 {
				return fmt.Errorf("explain takes the ID of a token or a crossing and one PATH, or a KIND; not %d arguments", len(args))
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			switch {
			case !isID(args[0]) && len(args) == 2:
				return fmt.Errorf("%q is no id of a token, tok_…, or of a crossing, x_…; a kind is the same everywhere: leave out %s", args[0], args[1])
			case !isID(args[0]):
				return c.explainKind(strings.ToLower(args[0]))
			}
			target := "."
			if len(args) == 2 {
				target = args[1]
			}
			opt, err := c.options(cmd.Context(), target, f)
			if err != nil {
				return err
			}
			result, err := scan.Run(cmd.Context(), *opt)
			if err != nil {
				return failed(err)
			}
			return c.explainOne(result, opt, args[0])
		},
	}
	f.addCache(cmd)
	cmd.Flags().StringVarP(&f.config, "config", "c", "", "gitleaks configuration with further rules")
	return cmd
}

// isID reports whether the argument is the beginning of an id of a token or crossing.
func isID(arg string) bool { return strings.HasPrefix(arg, "tok_") || strings.HasPrefix(arg, "x_") }

func (c Command) explainKind(name string) error {
	kinds, err := catalogue.Named(catalogue.Kinds(suite.Providers()), name)
	if err != nil {
		return err
	}
	for i, k := range kinds {
		if i > 0 {
			fmt.Fprintln(c.Stdout)
		}
		if err := catalogue.Explain(c.Stdout, k); err != nil {
			return failed(err)
		}
	}
	return nil
}

func (c Command) explainOne(r *scan.Result, opt *scan.Options, id string) error {
	asked := map[string]bool{} // tokens
	for _, t := range r.Tokens {
		asked[t.ID] = strings.HasPrefix(t.ID, id)
	}
	var crossings []*report.Crossing
	for _, x := range r.Crossings {
		if asked[x.Token] || strings.HasPrefix(x.ID, id) {
			crossings = append(crossings, x)
		}
	}
	for _, x := range crossings {
		asked[x.Token] = true
	}
	tokens := slices.DeleteFunc(slices.Clone(r.Tokens), func(t *report.Token) bool { return !asked[t.ID] })
	switch len(tokens) {
	case 0:
		return fmt.Errorf("no token or crossing of this scan has an id that begins with %q; a report of the same PATH names the ids", id)
	case 1:
	default:
		return fmt.Errorf("the ids of %d tokens, or of their crossings, begin with %q: give more of the id", len(tokens), id)
	}
	e := report.Explanation{Token: tokens[0], Crossings: crossings, Units: r.Units}
	if s, ok := r.Subject(e.Token.ID); ok {
		e.Decisive = r.Evidence(opt.Knowledge.Flip(s, opt.Config.Inventory))
	}
	if err := e.Write(c.Stdout); err != nil {
		return failed(err)
	}
	return nil
}
