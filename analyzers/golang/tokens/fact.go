package tokens

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/verdict"
	"github.com/stagewall/stagewall/detectors"
)

// Holds is the fact of a package: the tokens that it has compiled in, itself or through imports, and that can touch production. They are
// sorted by id.
type Holds struct{ Tokens []Held }

// AFact implements [analysis.Fact].
func (*Holds) AFact() {}

// String lists the tokens.
func (h *Holds) String() string {
	list := make([]string, len(h.Tokens))
	for i, t := range h.Tokens {
		list[i] = t.String()
	}
	return "holds " + strings.Join(list, "; ")
}

// Held is a token in a fact, without the secret.
type Held struct {
	Token    string // its id
	Provider string
	Kind     string
	Title    string
	At       string   // import path and name of the file, colon, line
	Via      []string // the packages in between, nearest first and the token's own last; none for a token of the package itself

	Reach    detectors.Environment
	Known    bool
	AtLeast  detectors.Privilege
	AtMost   detectors.Privilege
	Destroys string // an operation that destroys, the first of its kind
}

// String says what is held and where, for tests and debugging.
func (h Held) String() string {
	says := fmt.Sprintf("%s at %s", h.Title, h.At)
	if len(h.Via) > 0 {
		says += " via " + strings.Join(h.Via, ", ")
	}
	return says
}

func newHeld(t Token, at string) Held {
	return Held{
		Token: t.ID, Provider: t.Provider, Kind: t.Kind, Title: t.Title, At: at,
		Reach: t.Reach.Environments, Known: t.Reach.Known, AtLeast: t.AtLeast, AtMost: t.AtMost, Destroys: destroys(t.Token),
	}
}

// Severity returns how bad it is to have the token compiled into something outside production.
func (h Held) Severity() verdict.Severity {
	return verdict.Of(analyzers.Loaded, detectors.Token{
		Provider: h.Provider, Reach: detectors.Reach{Known: h.Known, Environments: h.Reach}, AtLeast: h.AtLeast, AtMost: h.AtMost,
	})
}

// most is how many tokens a fact holds; the worst ones are kept.
const most = 100

// inherited returns what the imports' facts say, as it looks from the package.
func (u *unit) inherited() []Held {
	var lists [][]Held
	for _, p := range u.imports() {
		var fact Holds
		if !u.ImportPackageFact(p, &fact) {
			continue
		}
		list := slices.Clone(fact.Tokens) // a fact must not be changed
		for i := range list {
			list[i].Via = append([]string{p.Path()}, list[i].Via...)
		}
		lists = append(lists, list)
	}
	return merge(lists...)
}

// merge joins lists. Of a token that is in several the nearest stays, of equally near ones the first by name.
func merge(lists ...[]Held) []Held {
	all := slices.Concat(lists...)
	slices.SortFunc(all, func(a, b Held) int {
		return cmp.Or(cmp.Compare(a.Token, b.Token), cmp.Compare(len(a.Via), len(b.Via)), cmp.Compare(a.At, b.At), slices.Compare(a.Via, b.Via))
	})
	all = slices.CompactFunc(all, func(a, b Held) bool { return a.Token == b.Token })
	if len(all) > most {
		slices.SortStableFunc(all, func(a, b Held) int { return cmp.Compare(b.Severity(), a.Severity()) })
		all = all[:most]
		slices.SortFunc(all, func(a, b Held) int { return cmp.Compare(a.Token, b.Token) })
	}
	return all
}

var _ analysis.Fact = (*Holds)(nil)
