package cli

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/stagewall/stagewall/cmd/internal/catalogue"
	"github.com/stagewall/stagewall/cmd/internal/report"
	"github.com/stagewall/stagewall/cmd/internal/scan"
	"github.com/stagewall/stagewall/detectors/suite"
)

func (c Command) explain() *cobra.Command {
	var f scanFlags
	cmd := &cobra.Command{
		Use:   "explain ID [PATH] | KIND",
		Short: "Say why a token or a crossing is believed, or what is known of a kind of token",
		Long: `Explain scans PATH (default: the present folder) and prints everything that is known of one token or crossing, whose id a report
names; a unique beginning of the id is enough. For a token it also says which single piece of evidence, if it were gone, would
change the result.

KIND is a provider and one of its kinds, as stagewall rules lists them (railway/project-token), or a provider alone.`,
		Args: cobra.RangeArgs(1, 2),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 1 && !isID(args[0]) {
				return c.explainKind(args[0])
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
	if len(tokens) != 1 {
		return fmt.Errorf("%d tokens or crossings have an id that begins with %q; a report names the ids", len(tokens), id)
	}
	w := c.Stdout
	for _, t := range tokens {
		explainToken(w, t)
		if s, ok := r.Subject(t.ID); ok {
			for _, e := range opt.Knowledge.Flip(s, opt.Config.Inventory) {
				fmt.Fprintf(w, "  without this the result would change: %s\n", ledgerLine(e.About, e.Says, e.Path, e.Line, e.Decibans))
			}
		}
	}
	for _, x := range crossings {
		fmt.Fprintf(w, "\n%s  %s  %s, %s\n  %s\n", x.ID, x.Status, x.Severity, x.Strength, x.Says)
		for _, h := range x.Path {
			fmt.Fprintf(w, "    %-7s %-50s %s:%d %s\n", h.Verb, h.To, h.Path, h.Line, h.Says)
		}
		fmt.Fprintf(w, "  further paths: %d\n  cut it: %s\n", x.Others, x.Fix)
	}
	return nil
}

func explainToken(w io.Writer, t *report.Token) {
	fmt.Fprintf(w, "%s  %s  %s\n", t.ID, t.Title, t.Masked)
	for _, p := range t.Places {
		fmt.Fprintf(w, "  stands at %s:%d:%d\n", p.Path, p.Line, p.Column)
	}
	switch {
	case !t.Reach.Known && len(t.Reach.Environments) > 0:
		fmt.Fprintf(w, "  reach unknown; suspected: %s\n", strings.Join(t.Reach.Environments, ", "))
	case !t.Reach.Known:
		fmt.Fprintln(w, "  reach unknown, which is not safe")
	default:
		fmt.Fprintf(w, "  reach known: %s\n", orNone(t.Reach.Environments, "no environment"))
	}
	if t.Reach.ScopeUnknown {
		fmt.Fprintln(w, "  its value may differ from environment to environment")
	}
	fmt.Fprintf(w, "  intent: %s\n", orNone(t.Intent, "nothing says"))
	fmt.Fprintf(w, "  may: at least %s; at most %s\n", orNone(t.Privilege.AtLeast, "nothing that was seen"), orNone(t.Privilege.AtMost, "nothing secret"))
	for _, o := range t.Operations {
		fmt.Fprintf(w, "    %s", o.Name)
		if o.Undo != "" {
			fmt.Fprintf(w, ", undo: %s", o.Undo)
		}
		if o.Backups != "" {
			fmt.Fprintf(w, ", backups: %s", o.Backups)
		}
		fmt.Fprintf(w, " (%s)\n", o.Source)
	}
	fmt.Fprintln(w, "  ledger:")
	for _, e := range t.Evidence {
		fmt.Fprintf(w, "    %s\n", ledgerLine(e.About, e.Says, e.Path, e.Line, e.Decibans))
	}
}

// orNone joins names, and says none where there are none.
func orNone(names []string, none string) string {
	if len(names) == 0 {
		return none
	}
	return strings.Join(names, ", ")
}

// ledgerLine writes one piece of evidence.
func ledgerLine(about, says, path string, line, decibans int) string {
	text := fmt.Sprintf("%-9s ", about)
	if decibans != 0 {
		text += fmt.Sprintf("%+d dB ", decibans)
	}
	text += says
	if path != "" {
		text += fmt.Sprintf(" (%s:%d)", path, line)
	}
	return text
}
