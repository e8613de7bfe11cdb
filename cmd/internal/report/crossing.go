package report

import (
	"fmt"
	"io"
	"slices"
	"strings"
)

// Crossings writes some crossings for people as [Text] does, with the tokens and units that they name.
func Crossings(w io.Writer, s Style, crossings []*Crossing, tokens []*Token, units []*Unit) error {
	t := NewText(w, s)
	t.take(Message{Start: &Start{}})
	for _, k := range tokens {
		t.take(Message{Token: k})
	}
	for _, u := range units {
		t.take(Message{Unit: u})
	}
	t.crossings = crossings
	var b strings.Builder
	t.listCrossings(&b, t.groups())
	_, err := io.WriteString(w, b.String())
	return err
}

// listCrossings writes the crossings of each token: those that are hardly worth a screen, and alike, on one line.
func (t *Text) listCrossings(b *strings.Builder, groups [][]*Crossing) {
	alike := map[string]int{}
	for _, group := range groups {
		if t.brief(group) {
			alike[t.headline(group)]++
		}
	}
	lows := false
	for _, group := range groups {
		if !t.brief(group) {
			t.crossing(b, group)
			continue
		}
		if n := alike[t.headline(group)]; n > 0 {
			t.low(b, group, n-1)
			delete(alike, t.headline(group))
		}
		lows = true
	}
	if lows {
		b.WriteString("\n")
	}
}

// groups folds the crossings of one token, worst first, in the order of the stream. Accepted ones are left out.
func (t *Text) groups() [][]*Crossing {
	var groups [][]*Crossing
	at := map[string]int{}
	for _, c := range t.crossings {
		if c.Status == "accepted" {
			continue
		}
		i, ok := at[c.Token]
		if !ok {
			i = len(groups)
			at[c.Token] = i
			groups = append(groups, nil)
		}
		groups[i] = append(groups[i], c)
	}
	return groups
}

var severityColours = map[string]string{"critical": "1;31", "high": "31", "medium": "33", "low": "36"}

const indent = "          "

func (t *Text) crossing(b *strings.Builder, group []*Crossing) {
	c := group[0]
	fmt.Fprintf(b, "%s  %s\n", t.Paint(severityColours[c.Severity], fmt.Sprintf("%-8s", strings.ToUpper(c.Severity))), t.Paint("1", clean(c.Says)))
	token := t.tokens[c.Token]
	if token != nil {
		fmt.Fprintf(b, "%s%s  %s  %s\n", indent, stand(c, token), clean(token.Masked), token.ID)
	}
	b.WriteString("\n")
	t.path(b, c)
	b.WriteString("\n")
	if token != nil {
		t.field(b, "reaches", reaches(token))
		t.field(b, "can", powers(token))
	}
	for i, line := range c.Backups {
		name := ""
		if i == 0 {
			name = "backups"
		}
		t.field(b, name, line)
	}
	t.field(b, "cut it", c.Fix)
	if len(group) > 1 {
		t.field(b, "also", t.also(group[1:]))
	}
	if t.Verbose || c.Status == "known" {
		t.field(b, "id", c.ID+" ("+c.Status+")")
	}
	b.WriteString("\n")
}

// brief reports whether a crossing is hardly worth a screen.
func (t *Text) brief(group []*Crossing) bool { return group[0].Severity == "low" && !t.Verbose }

// low writes such a crossing on one line, for all that differ from it in nothing but where in a file the token stands.
func (t *Text) low(b *strings.Builder, group []*Crossing, alike int) {
	c := group[0]
	where, more := "", ""
	if token := t.tokens[c.Token]; token != nil {
		where = stand(c, token)
	}
	if n := len(group) - 1; n > 0 {
		more = ", and " + Count(n, "more unit")
	}
	if alike > 0 {
		where += fmt.Sprintf(" and %d more in this file, -v lists them", alike)
	}
	fmt.Fprintf(b, "%s  %s%s  (%s)\n", t.Paint(severityColours["low"], "LOW     "), clean(c.Says), more, where)
}

// headline is what the lines of crossings that are alike have in common.
func (t *Text) headline(group []*Crossing) string {
	last := group[0].Path[len(group[0].Path)-1]
	return fmt.Sprintf("%s\x00%d\x00%s", group[0].Says, len(group), last.Path)
}

// stand returns where the token stands that the path ends at.
func stand(c *Crossing, token *Token) string {
	last := c.Path[len(c.Path)-1]
	for _, p := range token.Places {
		if p.Path == last.Path && p.Line == 0 {
			return clean(p.Path) // the file as a whole
		}
		if p.Path == last.Path && p.Line == last.Line {
			return fmt.Sprintf("%s:%d:%d", clean(p.Path), p.Line, p.Column)
		}
	}
	return location(last.Path, last.Line)
}

// also names the other units that get the token.
func (t *Text) also(rest []*Crossing) string {
	most := 3
	if t.Verbose {
		most = len(rest)
	}
	var names []string
	for i, c := range rest {
		if i == most {
			names = append(names, fmt.Sprintf("and %d more (-v lists them)", len(rest)-most))
			break
		}
		name := strings.TrimPrefix(c.From, "unit:")
		names = append(names, fmt.Sprintf("%s (%s, %s)", clean(name), c.Severity, c.Strength))
	}
	return "the same token is in reach of " + strings.Join(names, ", ")
}

// path draws the unit and the hops, with the code of each.
func (t *Text) path(b *strings.Builder, c *Crossing) {
	u := t.units[c.From]
	name, why := strings.TrimPrefix(c.From, "unit:"), ""
	if u != nil {
		why = t.why(u, headlined(c))
		if u.Kind != "checkout" {
			name = u.Name
		}
	}
	fmt.Fprintf(b, "%s%s%s\n", indent, pad(clean(name), 16), why)
	file, depth := "", 0
	hops := withoutOwnFiles(c.Path)
	for i, h := range hops {
		if i+1 < len(hops) && h.Verb == "binds" && h.Path == hops[i+1].Path && h.Line == hops[i+1].Line {
			continue // the next hop shows the same line
		}
		lead := indent + strings.Repeat("  ", depth) + "└ "
		rest := clean(target(h))
		if h.Says != "" {
			rest = strings.TrimPrefix(rest+", "+clean(h.Says), ", ")
		}
		label := lead + pad(h.Verb, max(14-2*depth, len(h.Verb)+2))
		if h.Frame == "" || h.Verb == "sees" {
			if i == len(hops)-1 && t.whole(c.Token, h.Path) {
				rest = wholeFile
			}
			if rest != wholeFile && h.Path != "" && !strings.HasSuffix(h.To, ":"+h.Path) {
				if rest != "" {
					rest += "  "
				}
				rest += "(" + location(h.Path, h.Line) + ")"
			}
			b.WriteString(strings.TrimRight(label+rest, " ") + "\n")
		} else {
			if rest != "" {
				b.WriteString(label + rest + "\n")
				label = strings.Repeat(" ", len([]rune(label)))
			}
			place := location(h.Path, h.Line)
			if other, ok := strings.CutPrefix(h.To, "file:"); h.Path == file && (!ok || other == file) { // or it would seem to be the other's line
				place = fmt.Sprint(h.Line)
			}
			why := ""
			if i == len(hops)-1 {
				why = t.kindEvidence(c, h)
			}
			t.frame(b, label, place, h, why)
		}
		file = strings.TrimPrefix(h.To, "file:")
		depth++
	}
}

// withoutOwnFiles leaves out the hops that say no more than that what the hop before shows has its value in the file where it stands itself.
func withoutOwnFiles(path []Hop) []Hop {
	var hops []Hop
	for i, h := range path {
		if i == 0 || i+1 == len(path) || h.Verb != "binds" || h.To != "file:"+path[i-1].Path {
			hops = append(hops, h)
		}
	}
	return hops
}

const wholeFile = "the file as a whole is the token"

// whole reports whether the token is a file as a whole.
func (t *Text) whole(token, file string) bool {
	k := t.tokens[token]
	return k != nil && slices.ContainsFunc(k.Places, func(p Place) bool { return p.Path == file && p.Line == 0 })
}

// kindEvidence returns a reason to believe that the token is of its kind: one that stands in the hop's line, or else the first, with its place.
func (t *Text) kindEvidence(c *Crossing, h Hop) string {
	k := t.tokens[c.Token]
	if k == nil {
		return ""
	}
	first := ""
	for _, e := range k.Evidence {
		switch {
		case e.About != "kind":
		case e.Path == "" || e.Path == h.Path && e.Line == h.Line:
			return e.Says
		case first == "":
			first = e.Says + " (" + location(e.Path, e.Line) + ")"
		}
	}
	return first
}

// frame writes the line of code of a hop, and points into it if there is something to say.
func (t *Text) frame(b *strings.Builder, label, place string, h Hop, why string) {
	code := strings.TrimRight(h.Frame, " ")
	cut := len(code) - len(strings.TrimLeft(code, " "))
	code = code[cut:]
	fmt.Fprintf(b, "%s%s %s %s\n", label, place, t.Paint("2", "│"), code)
	if why == "" || h.Mark == 0 {
		return
	}
	before := code[:max(0, min(h.Mark-1-cut, len(code)))]
	margin := strings.Repeat(" ", len([]rune(label))+len([]rune(place))+1)
	fmt.Fprintf(b, "%s%s %s^ %s\n", margin, t.Paint("2", "│"), strings.Repeat(" ", len([]rune(before))), clean(why))
}

// target says what a hop leads to.
func target(h Hop) string {
	kind, id, ok := strings.Cut(h.To, ":")
	if !ok {
		return "" // the token, which the headline names
	}
	switch kind {
	case "name", "file", "unit":
		return id
	}
	return h.To
}

// headlined returns the environment that a crossing's headline is about: of several, the first in this order.
func headlined(c *Crossing) string {
	for _, env := range []string{"staging", "preview", "test", "development"} {
		if slices.Contains(c.Environments, env) {
			return env
		}
	}
	return ""
}

// why says where the unit's environment comes from; of a unit that has others too, what speaks for those alone is left out.
func (t *Text) why(u *Unit, env string) string {
	var places []string
	says := ""
	speaks := func(e Evidence) bool { return slices.Contains(e.Environments, env) }
	some := slices.ContainsFunc(u.Evidence, speaks)
	for _, e := range u.Evidence {
		if e.About != "environment" || u.Kind == "checkout" && e.Path == "" && len(u.Evidence) > 1 || some && !speaks(e) {
			continue
		}
		if says == "" {
			says, _, _ = strings.Cut(e.Says, ": ")
		}
		if e.Path != "" && len(places) < 3 {
			places = append(places, location(e.Path, e.Line))
		}
	}
	if says == "" {
		says = strings.Join(u.Environments, ", ")
	}
	if len(places) == 0 && u.Path != "" {
		places = append(places, location(u.Path, u.Line))
	}
	if len(places) == 0 {
		return clean(says)
	}
	return clean(says) + " (" + strings.Join(places, ", ") + ")"
}

func location(path string, line int) string {
	if line == 0 {
		return clean(path)
	}
	return fmt.Sprintf("%s:%d", clean(path), line)
}

func reaches(k *Token) string {
	switch {
	case k.Reach.Known && len(k.Reach.Environments) == 0:
		return "no environment"
	case k.Reach.Known && k.Bound != "" && usedBy(k) != "":
		return strings.Join(k.Reach.Environments, ", ") + ": " + usedBy(k)
	case k.Reach.Known && k.Bound != "":
		if k.Reach.Unscoped {
			return k.Bound + unheeded(k)
		}
		return strings.Join(k.Reach.Environments, ", ") + ": " + k.Bound
	case k.Reach.Known && usedBy(k) != "":
		return strings.Join(k.Reach.Environments, ", ") + ": " + usedBy(k)
	case k.Reach.Known:
		return strings.Join(k.Reach.Environments, ", ")
	case k.Reach.ScopeUnknown:
		return "unknown: the value may differ by environment, and the repository does not say"
	case k.Bound != "":
		return "unknown: " + k.Bound
	}
	return "unknown: nothing in the repository says which environments; it is not known to be safe"
}

// unheeded says that a name which speaks of other environments than production binds nothing, where a token has such a name.
func unheeded(k *Token) string {
	if slices.Contains(k.Intent, "production") {
		return ""
	}
	for _, e := range k.Evidence {
		if name, ok := strings.CutPrefix(e.Says, "the variable "); ok && e.About == "intent" {
			name, environments, _ := strings.Cut(name, " says ")
			return "; that " + clean(name) + " says " + environments + " limits nothing"
		}
	}
	return ""
}

// usedBy returns why a token reaches production that is known to only by who uses it, or by whom it was given a role.
func usedBy(k *Token) string {
	for _, e := range k.Evidence {
		switch {
		case e.About != "reach":
		case strings.Contains(e.Says, " works in production and has this value"), strings.Contains(e.Says, " works on too, in "):
			return e.Says
		case strings.HasPrefix(e.Says, "a role is bound to "):
			return e.Says + " (" + location(e.Path, e.Line) + ")"
		}
	}
	return ""
}

func powers(k *Token) string {
	s := strings.Join(k.Privilege.AtMost, ", ")
	if s == "" {
		s = strings.Join(k.Privilege.AtLeast, ", ")
	}
	if k.Kind == "" && len(k.Privilege.AtLeast) == 0 {
		return "not known, and so taken for " + s
	}
	if k.Kind == "" {
		return strings.Join(k.Privilege.AtLeast, ", ") + ", as it is used; what else is not known, and so it is taken for " + s
	}
	var named []string
	more := 0
	for _, o := range k.Operations {
		if !o.Destroys {
			continue
		}
		if len(named) == 2 {
			more++
			continue
		}
		text := o.Name
		if detail := undoing(o); detail != "" {
			text += " (" + detail + ")"
		}
		named = append(named, text)
	}
	if len(named) > 0 {
		s += ": " + strings.Join(named, ", ")
		if more > 0 {
			s += fmt.Sprintf(", %d more", more)
		}
	}
	return s
}

// undoing says for how long an operation can be undone, and what becomes of the backups; "" if neither is known.
func undoing(o Operation) string {
	var detail []string
	if o.Undo == "no undo" {
		detail = append(detail, o.Undo)
	} else if o.Undo != "" {
		detail = append(detail, "undo "+o.Undo)
	}
	if o.Backups != "" {
		detail = append(detail, "backups "+o.Backups)
	}
	return strings.Join(detail, ", ")
}
