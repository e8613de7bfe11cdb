package scan

import (
	"context"
	"slices"

	"github.com/stagewall/stagewall/analyzers/verdict"
	"github.com/stagewall/stagewall/cmd/internal/report"
)

// This file says what of a scan is news of the next commit: that a changed file has a part in, and that was not so before.

// limit takes out what no changed file has a part in.
func (r *Result) limit(changed func(path string) bool) {
	for _, t := range r.Tokens {
		t.New = t.New && slices.ContainsFunc(t.Places, func(p report.Place) bool { return changed(p.Path) })
	}
	r.keep(func(x *report.Crossing) bool {
		return slices.ContainsFunc(x.Path, func(h report.Hop) bool { return changed(h.Path) })
	})
	r.Gaps = slices.DeleteFunc(r.Gaps, func(g *report.Gap) bool { return !changed(g.Path) })
}

// keep leaves the crossings that are wanted, and of the tokens those that are new or have a part in one.
func (r *Result) keep(wanted func(*report.Crossing) bool) {
	r.Crossings = slices.DeleteFunc(r.Crossings, func(x *report.Crossing) bool { return !wanted(x) })
	crossing := map[string]bool{}
	r.Summary.Crossings = map[string]int{}
	for _, x := range r.Crossings {
		crossing[x.Token] = true
		if x.Status != "accepted" {
			r.Summary.Crossings[x.Severity]++
		}
	}
	r.Tokens = slices.DeleteFunc(r.Tokens, func(t *report.Token) bool { return !t.New && !crossing[t.ID] })
	r.Summary.Tokens = len(r.Tokens)
}

// forget takes out what was so before the commit. It looks only if there is something left to be taken out, which is rare: a whole scan of
// what was there before is needed to tell.
func (r *Result) forget(ctx context.Context, before func(context.Context) (*Options, error)) error {
	if len(r.Crossings) == 0 && len(r.Tokens) == 0 {
		return nil
	}
	opt, err := before(ctx)
	if err != nil || opt == nil {
		return err
	}
	was, err := Run(ctx, *opt)
	if err != nil {
		return err
	}
	stood, crossed := map[string]bool{}, map[string]*report.Crossing{}
	for _, t := range was.Tokens {
		stood[t.ID] = t.New // not if it stood in files alone that git did not track
	}
	for _, x := range was.Crossings {
		crossed[x.ID] = x
	}
	fresh := map[string]bool{}
	for _, t := range r.Tokens {
		t.New = t.New && !stood[t.ID]
		fresh[t.ID] = t.New
	}
	r.keep(func(x *report.Crossing) bool { return fresh[x.Token] || !covers(crossed[x.ID], x) })
	return nil
}

// covers reports whether a crossing that was there before says all that the new one does; it is nil if there was none.
func covers(was, x *report.Crossing) bool {
	if was == nil || was.Status == "accepted" && x.Status != "accepted" {
		return false
	}
	old, _ := verdict.Named(was.Severity)
	severity, _ := verdict.Named(x.Severity)
	return old >= severity && !slices.ContainsFunc(x.Environments, func(env string) bool { return !slices.Contains(was.Environments, env) })
}
