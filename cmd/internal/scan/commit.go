package scan

import (
	"context"
	"slices"

	"github.com/stagewall/stagewall/analyzers/verdict"
	"github.com/stagewall/stagewall/cmd/internal/report"
)

// This file says what of a scan is news of the next commit: what was not so before.

// limit takes out what can be told to be no news without a look at what was before: tokens and gaps in files that did not change, and crossings
// that count for nothing. Any other crossing can be news, whatever files its path leads through: a commit makes one also by what it takes
// away, and by what it says of environments.
func (r *Result) limit(changed func(path string) bool) {
	for _, t := range r.Tokens {
		t.New = t.New && slices.ContainsFunc(t.Places, func(p report.Place) bool { return changed(p.Path) })
	}
	r.keep(func(x *report.Crossing) bool {
		return x.Status == "new" || slices.ContainsFunc(x.Path, func(h report.Hop) bool { return changed(h.Path) })
	})
	all := len(r.Gaps)
	r.Gaps = slices.DeleteFunc(r.Gaps, func(g *report.Gap) bool { return !changed(g.Path) })
	r.Summary.Elsewhere = all - len(r.Gaps)
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

// forget takes out what was so before the commit. It looks only if there is something left to be taken out, which is rare where crossings are
// cut, accepted or in a baseline: a whole scan of what was there before is needed to tell, though what the files say is in the cache mostly.
func (r *Result) forget(ctx context.Context, before func(context.Context) (*Options, error)) error {
	if len(r.Crossings) == 0 && len(r.Tokens) == 0 {
		return nil
	}
	r.subjects, r.mask = nil, nil // they hold all that linking had, and what is staged is not explained
	opt, err := before(ctx)
	if err != nil || opt == nil {
		return err
	}
	was, err := Run(ctx, *opt)
	if err != nil {
		return err
	}
	type pair struct{ unit, token string }
	stood, crossed := map[string]bool{}, map[pair]*report.Crossing{}
	for _, t := range was.Tokens {
		stood[t.ID] = t.New // not if it stood in files alone that git did not track
	}
	for _, x := range was.Crossings {
		crossed[pair{x.From, x.Token}] = x
	}
	fresh := map[string]bool{}
	for _, t := range r.Tokens {
		t.New = t.New && !stood[t.ID]
		fresh[t.ID] = t.New
	}
	r.keep(func(x *report.Crossing) bool { return fresh[x.Token] || !covers(crossed[pair{x.From, x.Token}], x) })
	return nil
}

// strengths are those of crossings, the strongest first.
var strengths = []string{"flow", "loaded", "ambient"}

// covers reports whether a crossing of a unit and a token that was there before says all that the new one does; it is nil if there was none. One
// by a stronger path says nothing of the environments that weaker paths lead from.
func covers(was, x *report.Crossing) bool {
	if was == nil || was.Status == "accepted" && x.Status != "accepted" {
		return false
	}
	old, _ := verdict.Named(was.Severity)
	severity, _ := verdict.Named(x.Severity)
	stronger := slices.Index(strengths, was.Strength) - slices.Index(strengths, x.Strength)
	if stronger != 0 || old < severity {
		return stronger < 0 && old >= severity
	}
	return !slices.ContainsFunc(x.Environments, func(env string) bool { return !slices.Contains(was.Environments, env) })
}
