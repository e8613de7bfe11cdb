package tokens

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/stagewall/stagewall/detectors"
)

// more ends every diagnostic: Go packages are only part of what leads to a token.
const more = "; run `stagewall scan` for the paths through files"

// listed is how many tokens one diagnostic names.
const listed = 4

// describe says what a token is, without the secret.
func describe(t Token) string {
	says := fmt.Sprintf("%s %s (%s): %s; can %s", t.Title, t.Secret.Masked(), t.ID, reaches(t.Reach), power(t.AtLeast|t.AtMost, destroys(t.Token)))
	if t.Intent != 0 {
		says += "; meant for " + t.Intent.String()
	}
	if t.Cut != "" {
		return says + "; to cut it: " + t.Cut
	}
	return says + "; to cut it: read it from the environment and revoke this one"
}

// reaches says which environments a token can touch.
func reaches(r detectors.Reach) string {
	switch {
	case !r.Known && r.Environments != 0:
		return "reaches unknown environments, perhaps " + r.Environments.String()
	case !r.Known:
		return "reaches unknown environments"
	case r.Environments == detectors.Unscoped:
		return "reaches every environment"
	}
	return "reaches " + r.Environments.String()
}

// power says what a token may do, with the operation that destroys, if one is known.
func power(p detectors.Privilege, destroys string) string {
	if destroys == "" {
		return p.String()
	}
	return p.String() + " (" + destroys + ")"
}

// destroys returns an operation of the token's that destroys: the first that the provider lists.
func destroys(t detectors.Token) string {
	for _, o := range t.Operations {
		if o.Does&detectors.Destroy == 0 {
			continue
		}
		if o.Undo != "" {
			return o.Name + ", undo: " + o.Undo
		}
		return o.Name
	}
	return ""
}

// crossing says that the program has tokens compiled in.
func (u *unit) crossing(file string, environments detectors.Environment, held []Held) string {
	var b strings.Builder
	fmt.Fprintf(&b, "the %s program %s has compiled in what touches production: ", environments, cmp.Or(u.dir(), lastName(u.Pkg.Path())))
	for i, h := range held {
		if i == listed {
			fmt.Fprintf(&b, "; and %d more", len(held)-listed)
			break
		}
		if i > 0 {
			b.WriteString("; ")
		}
		fmt.Fprintf(&b, "%s (%s) at %s", h.Title, h.Token, u.inModule(h.At))
		if len(h.Via) > 0 {
			names := make([]string, len(h.Via))
			for i, p := range h.Via {
				names[i] = u.inModule(p)
			}
			fmt.Fprintf(&b, " by importing %s", strings.Join(names, " > "))
		}
		fmt.Fprintf(&b, ", which %s and can %s: %s, %s", reaches(detectors.Reach{Known: h.Known, Environments: h.Reach}),
			power(h.AtLeast|h.AtMost, h.Destroys), h.severity(), crossingID(h.Token, file))
	}
	b.WriteString("; to cut it: give the program a token of its own, read from the environment")
	return b.String()
}
