package store

import (
	"slices"
	"time"

	"github.com/stagewall/stagewall/analyzers/verdict"
)

// Kind is what a finding is.
type Kind string

// The kinds.
const (
	Crossing Kind = "crossing"
	Token    Kind = "token"
)

// Finding is what the audit follows from night to night. Its words are for when it is gone and nothing else is known of it any more.
type Finding struct {
	Kind     Kind
	ID       string
	Severity string // of a crossing
	Says     string
	Place    string
}

// State is what became of a finding in a run.
type State string

// The states, those that are news first.
const (
	New   State = "new"
	Worse State = "worse" // a crossing that was there, and is more severe
	Back  State = "back"  // it was gone
	Gone  State = "gone"
	Still State = "still" // there, as it was
)

// Unknown is what became of a finding where the run could not look.
const Unknown State = "unknown"

// News reports whether a state is one that a crossing or a token has which nobody knows of yet.
func (s State) News() bool { return s == New || s == Worse || s == Back }

// Life is a finding over all runs.
type Life struct {
	Finding
	FirstSeen time.Time
	LastSeen  time.Time // before it was gone; zero while it is there
	State     State     // what became of it last; never Still
	Run       int64     // in which that was
	Was       string    // if it is worse: how severe it was
}

// In returns what became of the finding in a run that ended last, "" if it was gone before.
func (l *Life) In(run int64) State {
	switch {
	case l.Run == run:
		return l.State
	case l.State == Gone:
		return ""
	}
	return Still
}

// moment is a run that looks at a repository, and when.
type moment struct {
	run      int64
	at       time.Time
	previous time.Time // when the repository was looked at before
}

// live follows findings: lives are of all that was ever found in a repository, found is what is found now. If not all could be seen, nothing is
// called gone. It returns the lives that are other than they were.
func live(lives []*Life, found []Finding, whole bool, now moment) (changed []*Life) {
	byID := map[string]*Life{}
	for _, l := range lives {
		byID[l.ID] = l
	}
	here := map[string]bool{}
	for _, f := range found {
		if here[f.ID] {
			continue
		}
		here[f.ID] = true
		l, ok := byID[f.ID]
		if !ok {
			changed = append(changed, &Life{Finding: f, FirstSeen: now.at, State: New, Run: now.run})
			continue
		}
		was := *l
		switch {
		case l.State == Gone:
			l.State, l.Run, l.LastSeen, l.Was = Back, now.run, time.Time{}, ""
		case moreSevere(f.Severity, l.Severity):
			l.State, l.Run, l.Was = Worse, now.run, l.Severity
		}
		l.Finding = f
		if *l != was {
			changed = append(changed, l)
		}
	}
	for _, l := range lives {
		if whole && !here[l.ID] && l.State != Gone {
			l.State, l.Run, l.LastSeen, l.Was = Gone, now.run, now.previous, ""
			changed = append(changed, l)
		}
	}
	return slices.Clip(changed)
}

func moreSevere(a, b string) bool {
	x, _ := verdict.Named(a)
	y, _ := verdict.Named(b)
	return x > y
}
