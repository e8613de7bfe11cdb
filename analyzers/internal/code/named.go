package code

import (
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/lazyregexp"
	"github.com/stagewall/stagewall/detectors"
)

// What bounds the ids that a request is noted to send along.
const (
	maxNamed = 16
	maxBody  = 16 << 10 // bytes of a body that are read for ids
)

var (
	// pairExpr is a name and a value in quotes: volumeId: "v", \"id\": \"v\". A zero byte stands for a value that is not known.
	pairExpr = lazyregexp.New(`([A-Za-z_][A-Za-z0-9_]*)\\*["']?\s*[:=]\s*\\*["'](?:([A-Za-z0-9_.:@-]{2,80})|(\x00))\\*["']`)
	// aliasExpr is an argument that is given a variable: volumeId: $id.
	aliasExpr = lazyregexp.New(`([A-Za-z_][A-Za-z0-9_]*)\s*:\s*\\?\$([A-Za-z_][A-Za-z0-9_]*)`)
)

// namesID reports whether an argument's name is one of an id: volumeId, project_id.
func namesID(name string) bool {
	return len(name) > len("id") && (strings.HasSuffix(name, "Id") || strings.HasSuffix(name, "ID") || strings.HasSuffix(name, "_id"))
}

// Named returns the ids that a request's body sends along, each by the name of its argument: those that stand in the body's own texts, and
// those of the members of what is encoded into it. In a GraphQL document a variable stands for the argument that is given it.
func Named(body []analyzers.Part, members []analyzers.Named) []analyzers.Named {
	text, parts := flatten(body)
	all := members
	for _, m := range pairExpr.FindAllStringSubmatchIndex(text, maxNamed) {
		one := analyzers.Named{Name: text[m[2]:m[3]]}
		if m[4] >= 0 {
			one.Value.Parts = slicePart(parts, m[4], m[5])
		} else {
			one.Value.Parts = slicePart(parts, m[6], m[7])
		}
		all = append(all, one)
	}
	aliases := map[string]string{}
	for _, m := range aliasExpr.FindAllStringSubmatch(text, maxNamed) {
		aliases[m[2]] = m[1]
	}
	var ids []analyzers.Named
	for _, one := range all {
		if alias := aliases[one.Name]; alias != "" {
			one.Name = alias
		}
		if namesID(one.Name) && len(one.Value.Parts) > 0 && len(ids) < maxNamed {
			ids = append(ids, one)
		}
	}
	return ids
}

// placed is a part and where it begins in the flat text.
type placed struct {
	analyzers.Part
	start int
}

// flatten returns the texts of parts joined, with a zero byte for each hole.
func flatten(body []analyzers.Part) (text string, parts []placed) {
	var b strings.Builder
	for _, p := range body {
		if b.Len()+len(p.Text) > maxBody {
			break
		}
		parts = append(parts, placed{p, b.Len()})
		if p.Hole != nil {
			b.WriteByte(0)
		} else {
			b.WriteString(strings.ReplaceAll(p.Text, "\x00", " "))
		}
	}
	return b.String(), parts
}

// slicePart returns the part that holds the bytes [from, to) of the flat text, cut to them.
func slicePart(parts []placed, from, to int) []analyzers.Part {
	for _, p := range parts {
		if p.Hole != nil {
			if from == p.start {
				return []analyzers.Part{p.Part}
			}
			continue
		}
		if from < p.start || to > p.start+len(p.Text) {
			continue
		}
		cut := analyzers.Part{Text: p.Text[from-p.start : to-p.start], Span: p.Span}
		if p.Span.End-p.Span.Start == len(p.Text) {
			cut.Span = detectors.Span{Start: p.Span.Start + from - p.start, End: p.Span.Start + to - p.start}
		}
		return []analyzers.Part{cut}
	}
	return nil
}
