package program

import (
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"golang.org/x/term"

	"github.com/stagewall/stagewall/cmd/internal/report"
)

// isTerminal reports whether w is a terminal.
func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// columns returns how wide the terminal is that w is, 0 if it is none.
func columns(w io.Writer) int {
	f, ok := w.(*os.File)
	if !ok {
		return 0
	}
	width, _, err := term.GetSize(int(f.Fd()))
	if err != nil {
		return 0
	}
	return width
}

// colours reports whether to colour what is written to w: on a terminal, unless NO_COLOR is set (https://no-color.org).
func colours(w io.Writer) bool {
	return os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb" && isTerminal(w)
}

// Style returns how a report for people looks on w.
func Style(w io.Writer, noColour, verbose bool) report.Style {
	return report.Style{Colour: colours(w) && !noColour, Verbose: verbose, Width: columns(w)}
}

// Progress shows how far the work is, on a terminal only.
type Progress struct {
	w    io.Writer // nil: nobody looks
	of   string
	mu   sync.Mutex
	last time.Time
}

// NewProgress returns the progress of work on some things.
func NewProgress(w io.Writer, of string) *Progress {
	p := &Progress{of: of, last: time.Now()}
	if isTerminal(w) && os.Getenv("TERM") != "dumb" {
		p.w = w
	}
	return p
}

// Update shows the counts, a few times a second.
func (p *Progress) Update(done, total int) {
	if p.w == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if now := time.Now(); now.Sub(p.last) > 200*time.Millisecond {
		p.last = now
		fmt.Fprintf(p.w, "\r\x1b[K%d of %d %s", done, total, p.of)
	}
}

// Clear removes what Update showed.
func (p *Progress) Clear() {
	if p.w != nil {
		fmt.Fprint(p.w, "\r\x1b[K")
	}
}
