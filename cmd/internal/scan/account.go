package scan

import (
	"path"
	"slices"

	"github.com/stagewall/stagewall/detectors"
)

// accounts tells apart what units look up by name alone in AWS. The name is one of the account of whom the unit signs in as, and each environment
// is to have an account of its own, so that what production reads there and what others read can be two secrets. They are one if a credential of
// production's unit is another unit's too.
//
//	https://docs.aws.amazon.com/whitepapers/latest/organizing-your-aws-environment/design-principles-for-your-multi-account-strategy.html
func (c *collection) accounts(tokens map[string]*decided, inventory []detectors.Binding) {
	var by signedIn
	for _, t := range tokens {
		if !inSomeAccount(t) {
			continue
		}
		if by == nil {
			by = signIns(tokens)
		}
		if !by.differ(t.subject.Holders) {
			continue
		}
		t.subject.Holders = slices.Clone(t.subject.Holders)
		for i := range t.subject.Holders {
			t.subject.Holders[i].Scoped = true
		}
		c.again(t, inventory)
	}
}

// inSomeAccount reports whether the token is what is looked up by name alone, and by somebody else than Terraform, whose providers say in whose account
// they work.
func inSomeAccount(t *decided) bool {
	return t.Reference != nil && t.Reference.Scope == "" && (t.Reference.Store == detectors.ParameterStore || t.Reference.Store == detectors.SecretsManager) &&
		slices.ContainsFunc(t.Places, func(at detectors.Place) bool { return path.Ext(at.Path) != ".tf" })
}

// signedIn are, by unit, the tokens of AWS that it has.
type signedIn map[string]map[string]bool

func signIns(tokens map[string]*decided) signedIn {
	by := signedIn{}
	for key, t := range tokens {
		if t.Provider != "aws" {
			continue
		}
		for _, h := range t.subject.Holders {
			if h.Scoped {
				continue
			}
			if by[h.Unit] == nil {
				by[h.Unit] = map[string]bool{}
			}
			by[h.Unit][key] = true
		}
	}
	return by
}

// differ reports whether units of production and others can hold two values of one name: none of either is signed in as one of the other is.
func (s signedIn) differ(holders []detectors.Holder) bool {
	var environments detectors.Environment
	production, others := map[string]bool{}, map[string]bool{}
	for _, h := range holders {
		environments |= h.Environments
		for token := range s[h.Unit] {
			production[token] = production[token] || h.Environments.Touches(detectors.Production)
			others[token] = others[token] || h.Environments&^detectors.Production != 0
		}
	}
	for token := range production {
		if production[token] && others[token] {
			return false
		}
	}
	return environments.Touches(detectors.Production) && environments != detectors.Production
}
