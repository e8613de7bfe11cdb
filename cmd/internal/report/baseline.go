package report

import (
	"fmt"
	"io"
	"slices"
)

// Baseline writes the ids of what is known from now on, with words for people behind each: what is neither accepted nor allowed, since either can
// end. It is sorted and says nothing of lines, so that it changes by one line when a finding comes or goes, and merges are quiet.
type Baseline struct {
	w io.Writer
	collected
}

// NewBaseline returns a handler that writes to w.
func NewBaseline(w io.Writer) *Baseline { return &Baseline{w: w} }

// Handle implements [Handler].
func (b *Baseline) Handle(m Message) error {
	if !b.take(m) {
		return nil
	}
	lines := []string{}
	for _, x := range b.crossings {
		if x.Status != "accepted" {
			lines = append(lines, fmt.Sprintf("%s %s, %s: %s\n", x.ID, x.Severity, x.From, x.Says))
		}
	}
	for _, t := range b.order {
		if !t.Reference && t.Allowed == "" {
			lines = append(lines, fmt.Sprintf("%s %s\n", t.ID, t.Title))
		}
	}
	slices.Sort(lines)
	for _, line := range slices.Compact(lines) {
		if _, err := io.WriteString(b.w, clean(line[:len(line)-1])+"\n"); err != nil {
			return err
		}
	}
	return nil
}
