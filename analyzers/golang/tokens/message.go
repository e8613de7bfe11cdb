package tokens

import (
	"fmt"

	"github.com/stagewall/stagewall/detectors"
)

// More ends every diagnostic: Go packages are only part of what leads to a token.
const More = "; run `stagewall scan` for the paths through files"

// describe says what a token is, without the secret.
func describe(t Token) string {
	says := fmt.Sprintf("%s %s (%s): %s; can %s", t.Title, t.Secret.Masked(), t.ID, Reaches(t.Reach), Power(t.AtLeast|t.AtMost, destroys(t.Token)))
	if t.Intent != 0 {
		says += "; meant for " + t.Intent.String()
	}
	if t.Cut != "" {
		return says + "; to cut it: " + t.Cut
	}
	return says + "; to cut it: read it from the environment and revoke this one"
}

// Reaches says which environments a token can touch.
func Reaches(r detectors.Reach) string {
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

// Power says what a token may do, with the operation that destroys, if one is known.
func Power(p detectors.Privilege, destroys string) string {
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
