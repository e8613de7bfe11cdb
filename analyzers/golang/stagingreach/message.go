package stagingreach

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/stagewall/stagewall/analyzers/golang/tokens"
	"github.com/stagewall/stagewall/detectors"
)

// listed is how many tokens one diagnostic names.
const listed = 4

// crossing says that the program has tokens compiled in.
func (u *unit) crossing(file string, environments detectors.Environment, held []tokens.Held) string {
	var b strings.Builder
	fmt.Fprintf(&b, "the %s program %s has compiled in what touches production: ", environments, cmp.Or(tokens.Dir(u.Pass), lastName(u.Pkg.Path())))
	for i, h := range held {
		if i == listed {
			fmt.Fprintf(&b, "; and %d more", len(held)-listed)
			break
		}
		if i > 0 {
			b.WriteString("; ")
		}
		fmt.Fprintf(&b, "%s (%s) at %s", h.Title, h.Token, tokens.InModule(u.Pass, h.At))
		if len(h.Via) > 0 {
			names := make([]string, len(h.Via))
			for i, p := range h.Via {
				names[i] = tokens.InModule(u.Pass, p)
			}
			fmt.Fprintf(&b, " by importing %s", strings.Join(names, " > "))
		}
		fmt.Fprintf(&b, ", which %s and can %s: %s, %s", tokens.Reaches(detectors.Reach{Known: h.Known, Environments: h.Reach}),
			tokens.Power(h.AtLeast|h.AtMost, h.Destroys), h.Severity(), crossingID(h.Token, file))
	}
	b.WriteString("; to cut it: give the program a token of its own, read from the environment")
	return b.String()
}
