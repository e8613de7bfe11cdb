package tag

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/environ"
)

// Beside is what stands beside a candidate and makes one credential with it: the id of a key, the publishable half of a pair, the host of a
// password. It holds what the partner's own text says, and not the text.
type Beside struct {
	Title   string
	At      detectors.Place
	Decoded detectors.Decoded
}

// How far a partner may stand from its secret.
const partnerLines = 15

// partners returns what of a kind's partners stands beside the candidate, and the titles of those that it needs and that do not. Where the
// rule names no provider, the candidate's variable can.
func (k *Knowledge) partners(o *Observation, t text, path string, value string) (found []Beside, lacks []string) {
	p, kinds := k.providers[o.Provider], o.Kinds
	if p == nil {
		name, kind, ok := k.Variable(o.Variable)
		if !ok {
			return nil, nil
		}
		p, kinds = k.providers[name], []string{kind}
	}
	missing := map[string]int{}
	for _, name := range kinds {
		kind := k.Kind(p.Name, name)
		if kind == nil {
			continue
		}
		for _, partner := range kind.Partners {
			if k.isPartner(partner, value) || partner.Host && (len(o.Decoded.Hosts) > 0 || strings.ContainsAny(value, ";/@")) {
				continue // the candidate is the partner itself, or an address that holds it
			}
			b := Beside{Title: partner.Title}
			text, span, ok := k.partner(partner, o.Variable, t)
			if ok && !partner.Host && p.Decode != nil {
				b.Decoded = p.Decode(text)
				b.Decoded.Evidence = nil
			}
			if ok && b.Decoded.Reach != 0 && o.Decoded.Reach != 0 && !b.Decoded.Reach.Touches(o.Decoded.Reach) {
				continue // the half of another pair: a live key beside a test key
			}
			switch {
			case !ok && partner.Host && len(o.Hosts) > 0: // it stands in the same record, under another name
			case !ok && partner.Needed:
				missing[partner.Title]++
			case ok && !slices.ContainsFunc(found, func(other Beside) bool { return other.Title == b.Title }):
				b.At = t.place(path, o.At, span)
				found = append(found, b)
			}
		}
	}
	for _, title := range slices.Sorted(maps.Keys(missing)) {
		if missing[title] == len(kinds) { // whatever it is, it needs that
			lacks = append(lacks, title)
		}
	}
	return found, lacks
}

// place returns the place of a span of the surroundings.
func (t text) place(path string, candidate detectors.Place, span detectors.Span) detectors.Place {
	at := detectors.Place{Path: path, Commit: candidate.Commit, Span: detectors.Span{Start: span.Start + t.base + t.from, End: span.End + t.base + t.from}}
	at.Line = candidate.Line
	if span.Start < t.at.Start {
		at.Line -= strings.Count(string(t.data[span.Start:t.at.Start]), "\n")
	} else {
		at.Line += strings.Count(string(t.data[t.at.Start:span.Start]), "\n")
	}
	at.Column = span.Start - t.lineStart(span.Start) + 1
	at.EndLine, at.EndColumn = at.Line, at.Column+span.End-span.Start
	return at
}

// isPartner reports whether a value is the partner itself.
func (k *Knowledge) isPartner(partner detectors.Partner, value string) bool {
	re := k.partnerShape(partner)
	return re != nil && re.FindString(value) == value
}

func (k *Knowledge) partnerShape(partner detectors.Partner) *regexp.Regexp {
	if f := k.partnerShapes[partner.Shape]; f != nil {
		return f()
	}
	return nil
}

// partner looks for one partner near the candidate: by the names that hold it, those of the candidate's own environment, or by its shape.
func (k *Knowledge) partner(partner detectors.Partner, variable string, t text) (value string, span detectors.Span, ok bool) {
	near := t.near()
	names := partner.Variables
	if partner.Host {
		names = hostNames(variable)
	}
	if value, span, ok = t.named(near, names, variable); ok {
		return value, span, true
	}
	re := k.partnerShape(partner)
	if re == nil {
		return "", span, false
	}
	best := -1
	for _, m := range re.FindAllIndex(t.data[near.Start:near.End], -1) {
		at := detectors.Span{Start: near.Start + m[0], End: near.Start + m[1]}
		if at.Overlaps(t.at) || at.Start > 0 && isNameByte(t.data[at.Start-1]) || at.End < len(t.data) && isNameByte(t.data[at.End]) {
			continue
		}
		distance := max(at.Start-t.at.End, t.at.Start-at.End)
		if best < 0 || distance < best {
			best, span = distance, at
		}
	}
	if best < 0 {
		return "", span, false
	}
	return string(t.data[span.Start:span.End]), span, true
}

// near returns the lines around the candidate, within its section.
func (t text) near() detectors.Span {
	s := detectors.Span{Start: t.lineStart(t.at.Start), End: t.lineEnd(t.at.End)}
	lines := 0
	t.up(s.Start, func(start int, _ []byte) bool {
		s.Start = start
		lines++
		return lines < partnerLines
	})
	lines = 0
	t.down(s.End, func(end int, _ []byte) bool {
		s.End = end
		lines++
		return lines < partnerLines
	})
	return t.section(t.within(s), t.at)
}

// hostNames returns the names that differ from a credential's in the noun only, with that of a host.
func hostNames(variable string) []string {
	base, style := withoutNoun(variable)
	if style == nil {
		return nil
	}
	var names []string
	for _, noun := range []string{"HOST", "HOSTNAME", "SERVER", "ENDPOINT", "ADDR"} {
		names = append(names, base+style(noun))
	}
	return names
}

// named returns the value of the one identifier in the span that is one of the names, in whichever style and with whichever words of
// environments, if it names the environments that the candidate's variable does.
func (t text) named(s detectors.Span, names []string, variable string) (value string, span detectors.Span, ok bool) {
	if len(names) == 0 {
		return "", span, false
	}
	wanted := map[string]bool{}
	for _, name := range names {
		wanted[strings.ReplaceAll(snake(name), "_", "")] = true
	}
	own := environ.Identifier(variable)
	for i := s.Start; i < s.End; {
		if !isNameByte(t.data[i]) {
			i++
			continue
		}
		start := i
		for i < s.End && (isNameByte(t.data[i]) || t.data[i] == '-') {
			i++
		}
		if i-start > longestName {
			continue
		}
		if name := t.nameOf(string(t.data[start:i])); name.environments != own || !wanted[name.bare] && !wanted[name.plain] {
			continue
		}
		v := literal(t.data[i:s.End])
		if v.Empty() {
			continue
		}
		at := detectors.Span{Start: i + v.Start, End: i + v.End}
		if text := string(t.data[at.Start:at.End]); !ok {
			value, span, ok = text, at, true
		} else if text != value {
			return "", span, false // several, and nothing tells which
		}
	}
	return value, span, ok
}

// boundByPartners takes what the partners' own texts say: the mode of a key's id, the instance of a publishable key, the account of an id.
// Of several places any may be the one that holds, and one whose partner says nothing leaves the others' word in doubt.
func (d *decision) boundByPartners() binding {
	var b binding
	for _, o := range d.Observations {
		for _, part := range o.Parts {
			e := part.Decoded.Reach
			for _, host := range part.Decoded.Hosts {
				if e == 0 {
					e = d.hostEnvironments(host)
				}
			}
			for _, id := range part.Decoded.IDs {
				if found := d.mapped(id.What, id.Value); found != 0 && e == 0 {
					e = found
				}
			}
			if e == 0 {
				continue
			}
			b.environments |= e
			b.says, b.at = join(b.says, "its "+part.Title+" is "+e.String()+"'s"), part.At
		}
	}
	return b
}

// parts lists what makes one credential with the secret, and says what it lacks.
func (d *decision) parts() {
	lacking := map[string]bool{}
	for i, o := range d.Observations {
		missing := map[string]bool{}
		for _, title := range o.Lacks {
			missing[title] = true
		}
		for title := range lacking {
			if !missing[title] {
				delete(lacking, title)
			}
		}
		if i == 0 {
			lacking = missing
		}
		for _, part := range o.Parts {
			one := detectors.Part{Title: part.Title, At: part.At}
			if !slices.Contains(d.token.Parts, one) {
				d.token.Parts = append(d.token.Parts, one)
				d.sayAt("kind", "its "+part.Title+" stands beside it", part.At)
			}
		}
	}
	for _, title := range slices.Sorted(maps.Keys(lacking)) {
		d.token.Lacks = append(d.token.Lacks, title)
		d.say(detectors.Evidence{About: "kind", Says: "its " + title + " stands nowhere beside it; alone it opens nothing"})
	}
}

// half says so if the value is a partner of what it would be, an id of a key for one, and a rule of no provider found it. A provider's own rule
// finds a partner where the secret stands near it, and then the two are one credential.
func (d *decision) half() string {
	if d.Reference != nil || len(d.open) == 0 || slices.ContainsFunc(d.Observations, func(o Observation) bool { return o.Provider != "" }) {
		return ""
	}
	title := ""
	for _, kind := range d.open {
		i := slices.IndexFunc(kind.Partners, func(p detectors.Partner) bool { return p.Needed && d.isPartner(p, d.Secret.Reveal()) })
		if i < 0 {
			return ""
		}
		title = kind.Partners[i].Title
	}
	return "it is the " + title + " alone, which opens nothing; its secret does not stand beside it"
}

// PartnerName is the name under which a partner of a reference is kept in the same store.
type PartnerName struct{ Title, Name string }

// PartnerNames returns the names that the partners of a kind have beside a name of it: AWS_ACCESS_KEY_ID_PROD for AWS_SECRET_ACCESS_KEY_PROD.
func (k *Knowledge) PartnerNames(provider, kind, name string) []PartnerName {
	found := k.Kind(provider, kind)
	if found == nil {
		return nil
	}
	var names []PartnerName
	for _, variable := range found.Variables {
		before, after, ok := strings.Cut(name, variable)
		if !ok {
			continue
		}
		for _, partner := range found.Partners {
			for _, other := range partner.Variables {
				if other != variable {
					names = append(names, PartnerName{partner.Title, before + other + after})
				}
			}
		}
	}
	return names
}
