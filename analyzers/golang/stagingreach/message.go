package stagingreach

import (
	"fmt"
	"path"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/golang/reach"
	"github.com/stagewall/stagewall/analyzers/golang/tokens"
	"github.com/stagewall/stagewall/detectors"
)

// listed is how many tokens one diagnostic names.
const listed = 4

// crossing says what the program gets. All of it is got in one way: handed on by code, or compiled in.
func (u *unit) crossing(environments detectors.Environment, all []got) string {
	var b strings.Builder
	does := "has compiled in"
	if all[0].strength == analyzers.Flow {
		does = "hands on"
	}
	fmt.Fprintf(&b, "the %s program %s %s what touches production: ", environments, u.name(), does)
	for i, g := range all {
		if i == listed {
			fmt.Fprintf(&b, "; and %d more", len(all)-listed)
			break
		}
		if i > 0 {
			b.WriteString("; ")
		}
		fmt.Fprintf(&b, "%s (%s) at %s%s", g.Title, g.Token, tokens.InModule(u.Pass, g.At), u.way(g))
		fmt.Fprintf(&b, ", which %s and can %s: %s, %s", tokens.Reaches(detectors.Reach{Known: g.Known, Environments: g.Reach}),
			tokens.Power(g.AtLeast|g.AtMost, g.Destroys), g.severity(), g.id)
	}
	b.WriteString("; to cut it: give the program a token of its own, read from the environment")
	return b.String()
}

// way says how the program gets a token.
func (u *unit) way(g got) string {
	if g.hops == nil {
		if len(g.Via) == 0 {
			return ""
		}
		names := make([]string, len(g.Via))
		for i, p := range g.Via {
			names[i] = tokens.InModule(u.Pass, p)
		}
		return " by importing " + strings.Join(names, " > ")
	}
	in := ""
	if g.in != "" && g.in != u.Pkg.Path()+".main" {
		in = " in " + reach.Display(g.in)
	}
	steps := []string{"main"}
	for _, h := range g.hops {
		says := strings.TrimPrefix(h.Says, "calls ")
		switch {
		case h.Verb == analyzers.Binds || h.Verb == analyzers.Holds:
			continue
		case says == "imports it":
			says = "import of " + path.Dir(h.To.ID)
		}
		steps = append(steps, fmt.Sprintf("%s (%s:%d)", says, h.At.Path, h.At.Line))
	}
	return in + " by " + strings.Join(steps, " > ")
}
