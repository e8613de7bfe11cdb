// Package news says what became of what is found: what is new, gone and still there since a repository was looked at before. Crossings come first.
package news

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"time"

	"github.com/stagewall/stagewall/analyzers/verdict"
	"github.com/stagewall/stagewall/cmd/internal/report"
	"github.com/stagewall/stagewall/cmd/stagewall-audit/internal/look"
	"github.com/stagewall/stagewall/cmd/stagewall-audit/internal/store"
)

// Version is that of the JSON report's fields: they may be added, and are never renamed.
const Version = 1

// Report is what is said of a run. What is said of each repository is taken from the database when it is written: not all need be held at once.
type Report struct {
	Start
	Summary Summary

	names  []string // those with news first, the worst before the others
	recall func(name string) (*Repository, error)
	fails  bool
}

// Start is what a report begins with.
type Start struct {
	Version int         `json:"version"`
	Tool    report.Tool `json:"tool"`
	Run     Run         `json:"run"`
}

// Run is when it was.
type Run struct {
	ID    int64      `json:"id"`
	Began time.Time  `json:"began"`
	Ended *time.Time `json:"ended"` // null: it was not finished
}

// Repository is what is said of one.
type Repository struct {
	Name       string          `json:"repository"`
	Outcome    string          `json:"outcome"`        // "scanned"; "unchanged": the last result stands; "failed"; "": the run has not come to it
	Says       string          `json:"says,omitempty"` // why it failed
	Looked     *time.Time      `json:"looked"`         // when it was looked at last; null: never
	Before     *time.Time      `json:"before"`         // what is new is so since then; null: it was the first time
	look.Found                 // with these in the place of its own
	Crossings  []*Crossing     `json:"crossings"`
	Tokens     []*Token        `json:"tokens"`
	History    []*report.Token `json:"history,omitempty"` // none: they are among the tokens
}

// Life is what became of a finding.
type Life struct {
	State     string     `json:"state"` // new, worse, back, gone, still, unknown; accepted or allowed: it is not followed
	FirstSeen *time.Time `json:"first_seen,omitempty"`
	LastSeen  *time.Time `json:"last_seen,omitempty"` // before it was gone
	Was       string     `json:"was,omitempty"`       // if it is worse: how severe it was
}

// Crossing is one with its life. Of one that is gone its words and its place are known, and nothing else.
type Crossing struct {
	Life
	ID       string           `json:"id"`
	Severity string           `json:"severity"`
	Says     string           `json:"says"`
	Place    string           `json:"place"`
	Crossing *report.Crossing `json:"crossing,omitempty"`
}

// Token is one with its life.
type Token struct {
	Life
	ID      string        `json:"id"`
	Says    string        `json:"says"`
	Place   string        `json:"place"`
	History bool          `json:"history"` // it stands in the history alone
	Token   *report.Token `json:"token,omitempty"`
}

// Summary counts.
type Summary struct {
	Repositories map[string]int `json:"repositories"` // by outcome
	Crossings    map[string]int `json:"crossings"`    // by state
	Tokens       map[string]int `json:"tokens"`       // by state
	Severities   map[string]int `json:"severities"`   // of the crossings that are new, worse or back
	Errors       int            `json:"errors"`       // what could not be read, repositories that failed among it
	Gaps         int            `json:"gaps"`
	Bytes        int64          `json:"bytes"` // that were read, by the scans that the report is of
}

// Make makes the report of a run. It fails at a threshold: by what is news, or with still by what is still there too.
func Make(ctx context.Context, s *store.Store, run store.Run, tool report.Tool, t report.Threshold, still bool) (*Report, error) {
	r := &Report{
		Start:   Start{Version: Version, Tool: tool, Run: Run{ID: run.ID, Began: run.Began, Ended: moment(run.Ended)}},
		Summary: Summary{Repositories: map[string]int{}, Crossings: map[string]int{}, Tokens: map[string]int{}, Severities: map[string]int{}},
		recall: func(name string) (*Repository, error) {
			result, err := s.Result(ctx, run.ID, name)
			if err != nil {
				return nil, err
			}
			return repository(result, run.ID)
		},
	}
	var err error
	if r.names, err = s.Repositories(ctx, run.ID); err != nil {
		return nil, err
	}
	weights := make(map[string]int, len(r.names))
	for _, name := range r.names {
		one, err := r.recall(name)
		if err != nil {
			return nil, err
		}
		weights[name] = one.weight()
		r.Summary.add(one)
		r.fails = r.fails || one.fails(t, still)
	}
	slices.SortStableFunc(r.names, func(a, b string) int { return cmp.Compare(weights[b], weights[a]) })
	return r, nil
}

// Fails reports whether there is something at the threshold.
func (r *Report) Fails() bool { return r.fails }

// each calls visit for what is said of each repository.
func (r *Report) each(visit func(*Repository) error) error {
	for _, name := range r.names {
		one, err := r.recall(name)
		if err != nil {
			return err
		}
		if err := visit(one); err != nil {
			return err
		}
	}
	return nil
}

func moment(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// repository says what became of the findings of one repository.
func repository(result *store.Result, run int64) (*Repository, error) {
	r := &Repository{
		Name: result.Repository, Outcome: result.Outcome, Says: result.Says, Looked: moment(result.Looked), Before: moment(result.Previous),
		Found: *look.None(), Crossings: []*Crossing{}, Tokens: []*Token{},
	}
	if r.Outcome != store.Scanned && r.Outcome != store.Unchanged {
		r.Before = r.Looked
	}
	if result.Document != nil {
		if err := json.Unmarshal(result.Document, &r.Found); err != nil {
			return nil, err
		}
	}
	f := follower{run: run, looked: r.Outcome == store.Scanned || r.Outcome == store.Unchanged, lives: map[string]*store.Life{}}
	for _, l := range result.Lives {
		f.lives[l.ID] = l
	}
	for _, x := range r.Found.Crossings {
		one := &Crossing{Life: f.follow(x.ID, "accepted"), ID: x.ID, Severity: x.Severity, Says: x.Says, Crossing: x}
		if n := len(x.Path); n > 0 {
			one.Place = look.Place(x.Path[n-1].Path, x.Path[n-1].Line)
		}
		r.Crossings = append(r.Crossings, one)
	}
	for i, k := range slices.Concat(r.Found.Tokens, r.Found.History) {
		if k.Reference {
			continue
		}
		one := &Token{Life: f.follow(k.ID, "allowed"), ID: k.ID, Says: cmp.Or(k.Title, k.Rule), History: i >= len(r.Found.Tokens), Token: k}
		if len(k.Places) > 0 {
			one.Place = look.Place(k.Places[0].Path, k.Places[0].Line)
		}
		r.Tokens = append(r.Tokens, one)
	}
	for _, l := range result.Lives {
		life := f.rest(l)
		switch {
		case life.State == "":
		case l.Kind == store.Crossing:
			r.Crossings = append(r.Crossings, &Crossing{Life: life, ID: l.ID, Severity: l.Severity, Says: l.Says, Place: l.Place})
		case l.Kind == store.Token:
			r.Tokens = append(r.Tokens, &Token{Life: life, ID: l.ID, Says: l.Says, Place: l.Place})
		}
	}
	slices.SortStableFunc(r.Crossings, func(a, b *Crossing) int {
		return cmp.Or(cmp.Compare(order(a.State), order(b.State)), cmp.Compare(severity(b.Severity), severity(a.Severity)), cmp.Compare(a.ID, b.ID))
	})
	slices.SortStableFunc(r.Tokens, func(a, b *Token) int {
		return cmp.Or(cmp.Compare(order(a.State), order(b.State)), cmp.Compare(a.Place, b.Place), cmp.Compare(a.ID, b.ID))
	})
	return r, nil
}

// follower says what became of the findings of a repository in a run.
type follower struct {
	run    int64
	looked bool // the run has looked at the repository
	lives  map[string]*store.Life
}

// follow says it of one that the last scan found, and takes it out of the lives; otherwise is what it is if it is not followed.
func (f *follower) follow(id, otherwise string) Life {
	l, ok := f.lives[id]
	delete(f.lives, id)
	if !ok || l.State == store.Gone {
		return Life{State: otherwise}
	}
	state := l.In(f.run)
	one := Life{State: string(state), FirstSeen: moment(l.FirstSeen)}
	switch {
	case !f.looked:
		one.State = string(store.Unknown)
	case state == store.Worse:
		one.Was = l.Was
	}
	return one
}

// rest says it of one that the last scan did not find, if it is worth a word.
func (f *follower) rest(l *store.Life) Life {
	one := Life{FirstSeen: moment(l.FirstSeen), LastSeen: moment(l.LastSeen)}
	switch {
	case f.lives[l.ID] == nil:
	case l.State != store.Gone: // not all could be read
		one.State = string(store.Unknown)
	case l.In(f.run) == store.Gone:
		one.State = string(store.Gone)
	}
	return one
}

// order is the order in which states are reported.
func order(state string) int {
	return slices.Index([]string{"new", "worse", "back", "still", "unknown", "gone", "accepted", "allowed"}, state)
}

func severity(name string) verdict.Severity {
	s, _ := verdict.Named(name)
	return s
}

// weight says how early a repository is reported: by its worst news, then by what could not be read, then by what is still there.
func (r *Repository) weight() (weight int) {
	for _, x := range r.Crossings {
		switch {
		case store.State(x.State).News():
			weight = max(weight, 100+int(severity(x.Severity)))
		case x.State == string(store.Still), x.State == string(store.Unknown):
			weight = max(weight, 10+int(severity(x.Severity)))
		case x.State == string(store.Gone):
			weight = max(weight, 30)
		}
	}
	for _, k := range r.Tokens {
		if store.State(k.State).News() {
			weight = max(weight, 50)
		}
	}
	if r.Outcome == store.Failed || len(r.Errors) > 0 {
		weight = max(weight, 40)
	}
	return weight
}

func (s *Summary) add(r *Repository) {
	s.Repositories[cmp.Or(r.Outcome, "left")]++
	for _, x := range r.Crossings {
		s.Crossings[x.State]++
		if store.State(x.State).News() {
			s.Severities[x.Severity]++
		}
	}
	for _, k := range r.Tokens {
		s.Tokens[k.State]++
	}
	s.Errors += len(r.Errors)
	if r.Outcome == store.Failed {
		s.Errors++
	}
	s.Gaps += len(r.Gaps)
	s.Bytes += r.Read.Tree.Bytes + r.Read.History.Bytes
}

// fails reports whether something of the repository is at the threshold.
func (r *Repository) fails(t report.Threshold, still bool) bool {
	counts := func(l Life) bool { return store.State(l.State).News() || still && l.State == string(store.Still) }
	return slices.ContainsFunc(r.Crossings, func(x *Crossing) bool { return counts(x.Life) && t.Crossing(x.Severity) }) ||
		slices.ContainsFunc(r.Tokens, func(k *Token) bool { return counts(k.Life) && k.Token != nil && t.Token(k.Token, false) })
}
