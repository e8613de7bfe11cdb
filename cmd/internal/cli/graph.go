package cli

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/stagewall/stagewall/cmd/internal/picture"
	"github.com/stagewall/stagewall/cmd/internal/program"
	"github.com/stagewall/stagewall/cmd/internal/report"
	"github.com/stagewall/stagewall/detectors/gitleaks"
)

func (c Command) graph() *cobra.Command {
	f := scanFlags{decode: gitleaks.DecodeDepth}
	var choice picture.Choice
	cmd := &cobra.Command{
		Use:   "graph [PATH]",
		Short: "Show who can get what, and by which way, as a graph",
		Long:  picture.Page(),
		Args: func(_ *cobra.Command, args []string) error {
			switch {
			case len(args) > 1:
				return fmt.Errorf("graph takes one PATH, not %d", len(args))
			case choice.Most < 0:
				return fmt.Errorf("--max-nodes is 0 or more, not %d", choice.Most)
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			target := "."
			if len(args) == 1 {
				target = args[0]
			}
			format, err := picture.Format(f.format, f.path)
			if err != nil {
				return err
			}
			if f.format = format; format == "json" && !cmd.Flags().Changed("max-nodes") {
				choice.Most = 0
			}
			return f.ended(cmd.Context(), c.runGraph(cmd.Context(), target, f, choice))
		},
	}
	flags := cmd.Flags()
	flags.StringVarP(&f.format, "report-format", "f", "", "format: "+picture.FormatList()+" (default dot, or what the report path's ending says)")
	flags.StringVar(&f.format, "format", "", "the same as --report-format")
	flags.StringVarP(&f.path, "report-path", "r", "", "write the graph to this file")
	flags.BoolVar(&choice.All, "all", false, "show also what leads to no token, and what nobody gets; reads every file")
	flags.StringArrayVar(&choice.About, "about", nil, "show only what lies before or behind this: a token's, crossing's or unit's id or its beginning, or a pattern of paths")
	flags.IntVar(&choice.Most, "max-nodes", picture.Limit, "leave out what is furthest from a crossing if there are more nodes; 0: no limit (default for json)")
	flags.StringVar(&f.failOn, "fail-on", "never", "exit with 1 as scan does, from this severity on")
	flags.StringVarP(&f.config, "config", "c", "", "gitleaks configuration with further rules")
	flags.StringVar(&f.golang, "go", "", "how Go is read, as by scan: module, deep, syntax")
	f.addCache(cmd)
	return cmd
}

func (c Command) runGraph(ctx context.Context, target string, f scanFlags, choice picture.Choice) error {
	if err := f.checkGo(); err != nil {
		return err
	}
	threshold, err := report.ParseThreshold(f.failOn)
	if err != nil {
		return err
	}
	f.exitCode = program.ExitFindings
	f.noCache = f.noCache || choice.All // of what leads to no token nothing is known but by looking
	opt, err := c.options(ctx, target, f)
	if err != nil {
		return err
	}
	opt.Draws = &choice
	progress := program.NewProgress(c.Stderr, "files")
	opt.Progress = progress.Update
	result, err := runTree(ctx, opt)
	progress.Clear()
	if err != nil {
		return failed(err)
	}
	if err := result.Graph.Choose(choice); err != nil {
		return err
	}
	if err := c.to(f.path, func(w io.Writer) error { return result.Graph.Write(w, f.format, result.Send) }); err != nil {
		return failed(fmt.Errorf("the graph could not be written: %w", err))
	}
	if says := result.Graph.LeftOut.Says; says != "" {
		c.say("%s", says)
	}
	return outcome(result, threshold, f)
}
