package scan

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/graph"
	"github.com/stagewall/stagewall/analyzers/verdict"
	"github.com/stagewall/stagewall/cmd/internal/picture"
	"github.com/stagewall/stagewall/cmd/internal/report"
	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/match"
	"github.com/stagewall/stagewall/detectors/tag"
)

// Result is what a scan found, in the order in which it is reported.
type Result struct {
	Start     report.Start
	Crossings []*report.Crossing
	Tokens    []*report.Token
	Units     []*report.Unit
	Gaps      []*report.Gap
	Errors    []*report.Error
	Summary   report.Summary
	Timings   []match.Timing // of other engines than the options'
	Graph     *picture.Graph // nil unless the options ask for it

	subjects map[string]tag.Subject // by token id, for explanations
	mask     func(string) string    // masks the secrets of all tokens
}

// Subject returns what was observed of a token, for an explanation of its tags.
func (r *Result) Subject(id string) (tag.Subject, bool) {
	s, ok := r.subjects[id]
	return s, ok
}

// Send hands the result to h, as a stream.
func (r *Result) Send(h report.Handler) error {
	messages := []report.Message{{Start: &r.Start}}
	for _, c := range r.Crossings {
		messages = append(messages, report.Message{Crossing: c})
	}
	for _, t := range r.Tokens {
		messages = append(messages, report.Message{Token: t})
	}
	for _, u := range r.Units {
		messages = append(messages, report.Message{Unit: u})
	}
	for _, g := range r.Gaps {
		messages = append(messages, report.Message{Gap: g})
	}
	for _, e := range r.Errors {
		messages = append(messages, report.Message{Error: e})
	}
	messages = append(messages, report.Message{Summary: &r.Summary})
	for _, m := range messages {
		if err := h.Handle(m); err != nil {
			return err
		}
	}
	return nil
}

// decided is a token and what it was called in the graph.
type decided struct {
	detectors.Token
	key     string
	subject tag.Subject
	targets []detectors.Target // what it opens or is used on
	new     bool
	lost    *losses // see losses
}

// decide tags every token, with all that linking found of it.
func (c *collection) decide(g *graph.Graph) map[string]*decided {
	inventory := slices.Clone(c.opt.Config.Inventory)
	for _, p := range c.index.All() {
		for _, f := range c.index.Facts(p) {
			inventory = append(inventory, f.Bindings...)
		}
	}
	findings := g.Findings()
	inventory = append(append(inventory, c.assumedIn(g, findings)...), services(g)...)
	subject := func(key string) tag.Subject {
		var s tag.Subject
		if f := findings[key]; f != nil {
			s.Names, s.Uses, s.Holders = f.Names, f.Uses, f.Holders
		}
		return s
	}
	tokens := map[string]*decided{}
	parts := c.parts()
	for key, s := range c.secrets {
		if parts[key] {
			continue
		}
		subject := subject(key)
		subject.Secret, subject.Observations = s.value, s.observations
		if !c.opt.Knowledge.IsToken(subject) {
			continue
		}
		t := c.opt.Knowledge.Decide(subject, inventory)
		t.Rule = cmp.Or(t.Rule, s.rules[0])
		t.ID = tag.ID(t.Provider, s.value)
		tokens[key] = &decided{Token: t, key: key, subject: subject, targets: targets(findings, key)}
	}
	places := written(g)
	for id, ref := range g.References {
		subject := subject(id)
		subject.Reference = &ref
		t := c.opt.Knowledge.Decide(subject, inventory)
		t.ID, t.Reference = id, &ref
		t.Places = places[id]
		tokens[id] = &decided{Token: t, key: id, subject: subject, targets: targets(findings, id)}
	}
	c.accounts(tokens, inventory)
	c.share(tokens, inventory)
	c.pairs(g, tokens)
	for _, t := range tokens {
		t.new = c.opt.Known == nil || !c.opt.Known(t.ID)
	}
	return tokens
}

// services returns rows for what compose starts.
func services(g *graph.Graph) []detectors.Binding {
	var rows []detectors.Binding
	for _, u := range g.Units {
		if u.Kind == "compose-service" {
			rows = append(rows, detectors.Binding{What: tag.Service, Value: u.Name, In: u.ID, At: u.At})
		}
	}
	return rows
}

// assumedIn returns rows for the accounts and projects in which production is somebody: what else has a role there reaches production.
func (c *collection) assumedIn(g *graph.Graph, findings map[string]*graph.Findings) []detectors.Binding {
	var rows []detectors.Binding
	for _, id := range slices.Sorted(maps.Keys(g.References)) {
		ref := g.References[id]
		if findings[id] == nil || ref.Scope == "" || !c.opt.Knowledge.IsAssumed(&ref) {
			continue
		}
		for _, h := range findings[id].Holders {
			if h.Environments == detectors.Production && !h.Doubtful && !h.Scoped {
				rows = append(rows, detectors.Binding{What: tag.AssumedIn, Value: ref.Scope, Environments: h.Environments, At: h.At})
				break
			}
		}
	}
	return rows
}

// isAssumed reports whether a token is what a job or a program is let be, or a reference to the name of such, that no unit of production reads too: it is how
// staging should work that it is somebody of its own. Whoever is called after production is not.
func (c *collection) isAssumed(t *decided) bool {
	switch {
	case t.Reference == nil, meant(t.Reference.Name).Touches(detectors.Production):
		return false
	case c.opt.Knowledge.IsAssumed(t.Reference):
		return true
	}
	kind := c.opt.Knowledge.Kind(t.Provider, t.Kind)
	return kind != nil && kind.Store != "" && !slices.ContainsFunc(t.subject.Holders, func(h detectors.Holder) bool { return h.Environments.Touches(detectors.Production) })
}

func targets(findings map[string]*graph.Findings, token string) []detectors.Target {
	if f := findings[token]; f != nil {
		return f.Targets
	}
	return nil
}

// written returns the places where references are written, by their tokens.
func written(g *graph.Graph) map[string][]detectors.Place {
	places := map[string][]detectors.Place{}
	for _, e := range g.Edges {
		if _, ok := g.References[e.To.ID]; ok && e.To.Kind == "token" && e.At.Path != "" {
			places[e.To.ID] = append(places[e.To.ID], e.At)
		}
	}
	for id, all := range places {
		slices.SortFunc(all, func(a, b detectors.Place) int {
			return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
		})
		places[id] = slices.Compact(all)
	}
	return places
}

// judge finds the crossings and puts everything into the form of the report.
func (c *collection) judge(g *graph.Graph, tokens map[string]*decided) *Result {
	r := &Result{
		Start: report.Start{
			Version: report.Version,
			Tool:    report.Tool{Name: "stagewall", Version: c.opt.Version},
			Target:  c.target,
		},
		Errors:   c.errors,
		Summary:  report.Summary{Crossings: map[string]int{}, Tokens: len(tokens)},
		subjects: map[string]tag.Subject{},
	}
	w := c.writer(tokens)
	kept := c.backups(g)
	trusts := c.trusts(tokens)
	unsaid, crossed := unsaid{}, map[string]bool{}
	paths := map[*report.Crossing][]analyzers.Edge{}
	for _, u := range g.Units {
		r.Units = append(r.Units, unit(u))
	}
	limits := limits{told: map[verdict.Severity]int{}}
	for _, u := range checkoutFirst(g.Units) {
		if u.Environments == 0 {
			unsaid.add(g, u, tokens)
		}
		for _, p := range trusts.paths(u, limits.crossingPaths(g, u)) {
			t, ok := tokens[p.Token]
			if !ok {
				continue
			}
			seen := t.Token
			seen.Reach.ScopeUnknown = seen.Reach.ScopeUnknown || t.mayDiffer(p)
			severity := verdict.Of(p.Strength, seen)
			assumed := c.isAssumed(t) && !seen.Reach.Known
			madeUp := (p.Strength == analyzers.Ambient || g.InBulk(p)) && !seen.Reach.Known && t.aside()
			if madeUp && p.Strength == analyzers.Ambient && t.noted() {
				madeUp, severity = false, min(severity, verdict.Low)
			}
			if severity == verdict.None || assumed || madeUp || t.Reach.Apart {
				continue
			}
			crossed[p.Token] = true
			if !limits.allow(severity) {
				continue
			}
			crossing := w.crossing(u, t, p, g.Others(p), severity)
			crossing.Verdict = verdict.Why(p.Strength, seen)
			if p.Strength == analyzers.Ambient && !seen.Reach.Known && t.aside() {
				crossing.Verdict += "; it stands in documents only, so it is low at most"
			}
			crossing.Backups = kept.beside(t.Token, c.losses(t))
			c.status(crossing)
			if crossing.Status != "accepted" {
				r.Summary.Crossings[crossing.Severity]++
			}
			r.Crossings = append(r.Crossings, crossing)
			if c.opt.Draws != nil {
				paths[crossing] = p.Hops
			}
		}
	}
	for _, key := range slices.Sorted(maps.Keys(tokens)) {
		t := tokens[key]
		r.subjects[t.ID] = t.subject
		r.Tokens = append(r.Tokens, w.token(t))
	}
	for _, gap := range g.Gaps {
		r.Gaps = append(r.Gaps, &report.Gap{Path: gap.At.Path, Line: gap.At.Line, Says: gap.Says})
	}
	r.Gaps = append(append(r.Gaps, unsaid.gaps(tokens, crossed)...), limits.gaps()...)
	r.mask = w.mask
	r.hide()
	if c.opt.Changed != nil {
		r.limit(c.opt.Changed)
	}
	r.sort()
	if c.opt.Draws != nil {
		r.Graph = w.draw(g, r, paths)
	}
	return r
}

// mayDiffer reports whether the path ends in a value that may be its environment's own, and then may not reach production.
func (d *decided) mayDiffer(p graph.Path) bool { return p.Scoped && !d.Reach.Whichever }

func (r *Result) sort() {
	rank := func(name string) int { s, _ := verdict.Named(name); return -int(s) }
	slices.SortStableFunc(r.Crossings, func(a, b *report.Crossing) int {
		return cmp.Or(
			cmp.Compare(rank(a.Severity), rank(b.Severity)),
			cmp.Compare(slices.Index(strengths, a.Strength), slices.Index(strengths, b.Strength)),
			cmp.Compare(a.Path[len(a.Path)-1].Path, b.Path[len(b.Path)-1].Path),
			cmp.Compare(a.Path[len(a.Path)-1].Line, b.Path[len(b.Path)-1].Line),
			cmp.Compare(a.Token, b.Token),
			cmp.Compare(a.From, b.From),
		)
	})
	slices.SortStableFunc(r.Tokens, func(a, b *report.Token) int { return cmp.Compare(a.ID, b.ID) })
	slices.SortStableFunc(r.Gaps, func(a, b *report.Gap) int { return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Line, b.Line)) })
	slices.SortStableFunc(r.Errors, func(a, b *report.Error) int { return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Says, b.Says)) })
}

// aside reports whether the token stands in tests, examples and documents only. If nobody knows what it reaches, it is most likely made up: it
// is listed, and no crossing by lying there, or in a folder that a unit gets as a whole.
func (d *decided) aside() bool {
	list := d.subject.Observations
	return len(list) > 0 && !slices.ContainsFunc(list, func(o tag.Observation) bool { return !o.Aside })
}

// noted reports whether a token that a service issues stands in a document: an example most often, and sometimes what somebody keeps there.
func (d *decided) noted() bool {
	return d.Provider != "" && !d.Sample && slices.ContainsFunc(d.subject.Observations, func(o tag.Observation) bool { return tag.IsDocument(o.At.Path) })
}

// status says whether a crossing is accepted, known or new.
func (c *collection) status(x *report.Crossing) {
	x.Status = "new"
	if c.opt.Known != nil && c.opt.Known(x.ID) {
		x.Status = "known"
	}
	for _, a := range c.opt.Config.Accept {
		if a.Crossing == x.ID && a.Holds(c.opt.Now) {
			x.Status, x.Reason = "accepted", a.Reason
		}
	}
}

func unit(u graph.Unit) *report.Unit {
	line := u.At.Line
	if line == 0 && u.At.Path != "" {
		line = 1
	}
	return &report.Unit{
		ID: "unit:" + u.ID, Name: u.Name, Kind: u.Kind, Environments: u.Environments.Names(), Path: u.At.Path, Line: line,
		Evidence: evidence(u.Evidence),
	}
}

// Hides reports whether a text holds the secret of a token.
func (r *Result) Hides(text string) bool { return r.mask(text) != text }

// hide masks secrets in what is said: somebody may have given a job or a script a secret for a name. Paths are left: by them files are found.
func (r *Result) hide() {
	hide := func(texts ...*string) {
		for _, s := range texts {
			*s = r.mask(*s)
		}
	}
	says := func(list []report.Evidence) {
		for i := range list {
			hide(&list[i].Says)
		}
	}
	for _, u := range r.Units {
		hide(&u.ID, &u.Name)
		says(u.Evidence)
	}
	for _, t := range r.Tokens {
		hide(&t.Title)
		says(t.Evidence)
	}
	for _, x := range r.Crossings {
		hide(&x.From, &x.Says, &x.Fix)
		for i := range x.Path {
			hide(&x.Path[i].From, &x.Path[i].To, &x.Path[i].Says)
		}
	}
	for _, g := range r.Gaps {
		hide(&g.Says)
	}
}

// hidePaths masks secrets in paths too: a graph is looked at, and no file is found by it.
func (r *Result) hidePaths() {
	hide := func(s *string) { *s = r.mask(*s) }
	evidence := func(list []report.Evidence) {
		for i := range list {
			hide(&list[i].Path)
		}
	}
	for _, u := range r.Units {
		hide(&u.Path)
		evidence(u.Evidence)
	}
	for _, t := range r.Tokens {
		evidence(t.Evidence)
		for i := range t.Places {
			hide(&t.Places[i].Path)
		}
		for i := range t.Parts {
			hide(&t.Parts[i].Place.Path)
		}
	}
	for _, x := range r.Crossings {
		for i := range x.Path {
			hide(&x.Path[i].Path)
		}
	}
	for _, g := range r.Gaps {
		hide(&g.Path)
	}
	for _, e := range r.Errors {
		hide(&e.Path)
		hide(&e.Says)
	}
}

// Evidence returns evidence in the form of the report, with secrets masked.
func (r *Result) Evidence(list []detectors.Evidence) []report.Evidence {
	out := evidence(list)
	for i := range out {
		out[i].Says = r.mask(out[i].Says)
	}
	return out
}

func evidence(list []detectors.Evidence) []report.Evidence {
	out := make([]report.Evidence, 0, len(list))
	for _, e := range list {
		one := report.Evidence{About: e.About, Says: e.Says, Decibans: e.Decibans, Path: e.Path, Line: e.Line, Source: e.Source}
		if e.Environments != 0 {
			one.Environments = e.Environments.Names()
		}
		out = append(out, one)
	}
	return out
}

// reason says why something could not be read, without the path that stands beside it.
func reason(err error) string {
	var pathError *fs.PathError
	if errors.As(err, &pathError) {
		err = pathError.Err
	}
	return fmt.Sprintf("could not be read: %v", err)
}
