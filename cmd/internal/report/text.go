package report

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
)

// Text writes for people: crossings first, each with the code along its path, why it matters and how to cut it; then tokens; then what
// was not seen; and a line that says what was read. Pairs of units with one token are folded into one crossing, the worst.
type Text struct {
	w io.Writer
	Style
	collected
}

// NewText returns a handler that writes text to w; if it is verbose it shows every token, gap and folded pair.
func NewText(w io.Writer, s Style) *Text { return &Text{w: w, Style: s} }

// Handle implements [Handler].
func (t *Text) Handle(m Message) error {
	if !t.take(m) {
		return nil
	}
	_, err := io.WriteString(t.w, t.page())
	return err
}

func (t *Text) page() string {
	var b strings.Builder
	shown := map[string]bool{}
	groups := t.groups()
	for _, group := range groups {
		shown[group[0].Token] = true
	}
	t.listCrossings(&b, groups)
	t.listTokens(&b, shown)
	t.listGaps(&b)
	for _, e := range t.errors {
		fmt.Fprintf(&b, "%s  %s: %s\n", t.Paint("31", "ERROR"), clean(e.Path), clean(e.Says))
	}
	if len(t.errors) > 0 {
		b.WriteString("\n")
	}
	b.WriteString(t.sum() + "\n")
	return b.String()
}

// field writes a named line, folded at the width of the screen: as many columns as are left of it, or of a usual one.
func (t *Text) field(b *strings.Builder, name, text string) {
	const usual, least = 132, 60
	lead := indent + pad(name, 10)
	for _, line := range fold(clean(text), min(max(cmp.Or(t.Width, usual), least), usual)-len(lead)) {
		b.WriteString(strings.TrimRight(lead+line, " ") + "\n")
		lead = indent + strings.Repeat(" ", 10)
	}
}

func fold(text string, width int) []string {
	var lines []string
	line := ""
	for word := range strings.FieldsSeq(text) {
		if line != "" && len(line)+1+len(word) > width {
			lines = append(lines, line)
			line = ""
		}
		if line != "" {
			line += " "
		}
		line += word
	}
	return append(lines, line)
}

// listTokens lists the tokens that are in no crossing above.
func (t *Text) listTokens(b *strings.Builder, shown map[string]bool) {
	var rest []*Token
	for _, k := range t.order {
		if !shown[k.ID] {
			rest = append(rest, k)
		}
	}
	if len(rest) == 0 {
		return
	}
	slices.SortStableFunc(rest, func(a, b *Token) int { return cmp.Compare(first(a), first(b)) })
	fmt.Fprintf(b, "%s\n", t.Paint("1", "Other tokens"))
	const most = 20
	listed, settings, setting := 0, 0, ""
	for _, k := range rest {
		if isSetting(k) && !t.Verbose {
			if settings++; setting == "" {
				setting = k.Masked
			}
			continue
		}
		if listed++; listed > most && !t.Verbose {
			continue
		}
		reach := "reach unknown"
		switch {
		case isSetting(k):
			reach = "its name says that it holds no credential"
		case k.Reach.Known && len(k.Reach.Environments) == 0:
			reach = "reaches no environment"
		case k.Reach.Known:
			reach = "reaches " + strings.Join(k.Reach.Environments, ", ")
			if k.Reach.Unscoped {
				reach = "reaches every environment"
			}
		}
		allowed := ""
		if k.Allowed != "" {
			allowed = ", allowed as no leak"
		}
		fmt.Fprintf(b, "  %s  %s  %s (%s%s)\n", first(k), clean(k.Masked), clean(k.Title), reach, allowed)
	}
	if listed > most && !t.Verbose {
		fmt.Fprintf(b, "  … and %d more (-v lists them)\n", listed-most)
	}
	if settings > 0 {
		fmt.Fprintf(b, "  … and %s to what is no credential by its name, such as %s (-v lists them)\n", Count(settings, "reference"), clean(setting))
	}
	b.WriteString("\n")
}

// isSetting reports whether the token is a name in a secret store for what is none.
func isSetting(k *Token) bool {
	return k.Reference && k.Provider == "" && k.Reach.Known && len(k.Reach.Environments) == 0
}

func first(k *Token) string {
	if len(k.Places) == 0 {
		return ""
	}
	at := k.Places[0]
	if at.Commit != "" {
		return fmt.Sprintf("%s at %.12s", location(at.Path, at.Line), at.Commit)
	}
	return location(at.Path, at.Line)
}

func (t *Text) listGaps(b *strings.Builder) {
	if len(t.gaps) == 0 {
		return
	}
	fmt.Fprintf(b, "%s\n", t.Paint("1", "Not seen"))
	type file struct {
		path  string
		lines []string
	}
	files := map[string][]file{} // by what the gaps say
	var all []string
	for _, g := range t.gaps {
		of := files[g.Says]
		if of == nil {
			all = append(all, g.Says)
		}
		if n := len(of); n == 0 || of[n-1].path != g.Path {
			of = append(of, file{path: g.Path})
		}
		if n := len(of); g.Line != 0 {
			of[n-1].lines = append(of[n-1].lines, strconv.Itoa(g.Line))
		}
		files[g.Says] = of
	}
	shown := func(n, few int) int {
		if t.Verbose {
			return n
		}
		return min(n, few)
	}
	const most, mostFiles, mostLines = 10, 2, 3
	for _, says := range all[:shown(len(all), most)] {
		var where []string
		for _, f := range files[says][:shown(len(files[says]), mostFiles)] {
			at := clean(f.path)
			if len(f.lines) > 0 {
				some := shown(len(f.lines), mostLines)
				at += ":" + strings.Join(f.lines[:some], ", ")
				if n := len(f.lines) - some; n > 0 {
					at += " and " + Count(n, "more line")
				}
			}
			where = append(where, at)
		}
		if n := len(files[says]) - len(where); n > 0 {
			where = append(where, "and "+Count(n, "more file"))
		}
		fmt.Fprintf(b, "  %s  %s\n", strings.Join(where, "; "), clean(says))
	}
	if n := len(all) - shown(len(all), most); n > 0 {
		fmt.Fprintf(b, "  … and %s (-v lists them)\n", Count(n, "more kind"))
	}
	b.WriteString("\n")
}

// sum says what was found, what was read, and whether anything was not seen.
func (t *Text) sum() string {
	total := 0
	var parts []string
	for _, name := range []string{"critical", "high", "medium", "low"} {
		if n := t.summary.Crossings[name]; n > 0 {
			total += n
			parts = append(parts, fmt.Sprintf("%d %s", n, name))
		}
	}
	line := Count(total, "crossing")
	if len(parts) > 0 {
		line += " (" + strings.Join(parts, ", ") + ")"
	}
	for _, status := range []string{"known", "accepted"} {
		n := 0
		for _, c := range t.crossings {
			if c.Status == status {
				n++
			}
		}
		if n > 0 {
			line += fmt.Sprintf(", %d %s", n, status)
		}
	}
	target := t.start.Target
	line += fmt.Sprintf(", %s · %s, %s, %s", Count(t.summary.Tokens, "token"), Count(target.Files, "file"), size(target.Bytes), target.Mode)
	if target.Skipped > 0 {
		line += fmt.Sprintf(", %d skipped", target.Skipped)
	}
	switch {
	case target.Bytes == 0:
		line += " · " + t.Paint("31", "nothing was read")
	case len(t.errors) > 0:
		line += " · " + t.Paint("31", Count(len(t.errors), "error"))
	case len(t.gaps)+t.summary.Elsewhere == 0:
		line += " · nothing unseen"
	}
	if len(t.gaps) > 0 {
		line += " · " + Count(len(t.gaps), "gap")
	}
	if t.summary.Elsewhere > 0 {
		line += " · " + Count(t.summary.Elsewhere, "gap") + " in files that did not change"
	}
	return line
}

// Count says how many there are of something, of one of which the name is given.
func Count(n int, what string) string {
	switch before, ok := strings.CutSuffix(what, "y"); {
	case n == 1:
		return "1 " + what
	case ok && !strings.HasSuffix(before, "a"):
		return fmt.Sprintf("%d %sies", n, before)
	}
	return fmt.Sprintf("%d %ss", n, what)
}

func size(n int64) string {
	switch {
	case n < 1000:
		return fmt.Sprintf("%d B", n)
	case n < 1000*1000:
		return fmt.Sprintf("%.1f kB", float64(n)/1e3)
	case n < 1000*1000*1000:
		return fmt.Sprintf("%.1f MB", float64(n)/1e6)
	}
	return fmt.Sprintf("%.1f GB", float64(n)/1e9)
}

func pad(s string, n int) string {
	if w := len([]rune(s)); w < n {
		return s + strings.Repeat(" ", n-w)
	}
	return s + "  "
}

// Line returns a text as one line, see [clean].
func Line(s string) string { return clean(s) }

// clean replaces control and direction characters and those that end lines, so that no path or name can write to the reader's terminal.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r >= 0x7f && r < 0xa0 || r == 0x061c || r == 0x200e || r == 0x200f || r >= 0x2028 && r <= 0x202e || r >= 0x2066 && r <= 0x2069 {
			return '�'
		}
		return r
	}, s)
}
