package cli

import (
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"golang.org/x/term"
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

// progress shows how far the scan is, on a terminal only.
type progress struct {
	w    io.Writer // nil: nobody looks
	mu   sync.Mutex
	last time.Time
}

func (c Command) progress() *progress {
	p := &progress{last: time.Now()}
	if isTerminal(c.Stderr) && os.Getenv("TERM") != "dumb" {
		p.w = c.Stderr
	}
	return p
}

// update shows the counts, a few times a second.
func (p *progress) update(done, total int) {
	if p.w == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if now := time.Now(); now.Sub(p.last) > 200*time.Millisecond {
		p.last = now
		fmt.Fprintf(p.w, "\r\x1b[K%d of %d files", done, total)
	}
}

// clear removes what update showed.
func (p *progress) clear() {
	if p.w != nil {
		fmt.Fprint(p.w, "\r\x1b[K")
	}
}
