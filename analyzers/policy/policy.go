// Package policy reads policies of AWS: who may assume a role, as far as these are workflows of GitHub, and whether what is allowed is more than to
// look.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
package policy

import (
	"slices"
	"strings"

	"github.com/stagewall/stagewall/detectors"
)

// Hole stands in a text for what the file does not tell.
const Hole = "${}"

// Statement is one statement of a policy, with all lists in full.
type Statement struct {
	Deny       bool
	Actions    []string
	Inverse    bool // NotAction: everything else
	Services   bool // it is for AWS' own services, and for nobody else
	Federated  bool // it is for those whom another party signs in
	Conditions []Condition
}

// Condition is one condition of a statement.
type Condition struct {
	Variable string
	Values   []string
}

// webIdentity is the action by which whom another party signed in becomes a role.
const webIdentity = "sts:AssumeRoleWithWebIdentity"

// Trusts returns the patterns of the subjects of GitHub's tokens that a policy lets become the role. ok is false if it may let others, such as users
// and roles of accounts, or if it does not say whom.
//
//	https://docs.github.com/en/actions/reference/security/oidc#example-subject-claims
func Trusts(statements []Statement) (subjects []string, ok bool) {
	for _, s := range statements {
		if s.Deny || s.Services {
			continue
		}
		if s.Inverse || !s.Federated || !slices.ContainsFunc(s.Actions, isWebIdentity) {
			return nil, false
		}
		found, github := s.subjects()
		if !github {
			continue // another party's
		}
		if len(found) == 0 {
			return nil, false
		}
		subjects = append(subjects, found...)
	}
	return subjects, len(subjects) > 0
}

func isWebIdentity(action string) bool {
	return Overlap(strings.ToLower(action), strings.ToLower(webIdentity))
}

// subjects returns the patterns that a statement has for subjects, and whether they are GitHub's: an issuer's name that is computed can be.
func (s Statement) subjects() (patterns []string, github bool) {
	for _, c := range s.Conditions {
		issuer, subject := strings.CutSuffix(c.Variable, ":sub")
		if !subject || !strings.Contains(issuer, Hole) && issuer != "token.actions.githubusercontent.com" {
			continue
		}
		for _, v := range c.Values {
			if strings.HasPrefix(v, "repo:") || strings.HasPrefix(v, "*") {
				patterns = append(patterns, v)
			} else if strings.Contains(v, Hole) {
				return nil, true
			}
		}
		github = github || len(patterns) > 0 || !strings.Contains(issuer, Hole)
	}
	return patterns, github
}

// Allows returns detectors.Read if all that a policy allows is to look, and 0 if it may allow more.
func Allows(statements []Statement) detectors.Privilege {
	for _, s := range statements {
		if !s.Deny && (s.Inverse || len(s.Actions) == 0 || !slices.ContainsFunc(s.Actions, looks) || slices.ContainsFunc(s.Actions, func(a string) bool { return !looks(a) })) {
			return 0
		}
	}
	if len(statements) == 0 {
		return 0
	}
	return detectors.Read
}

// looking are the words with which the names of actions begin that change nothing; a name goes on with another word, or the rest is open.
var looking = []string{"get", "list", "describe", "head", "batchget", "query", "scan", "search", "lookup", "view", "select"}

// handsOut are words in names of actions by which one gets at credentials, or becomes somebody else: those look too, and what it is that they open
// nobody knows.
var handsOut = []string{"secretvalue", "parameter", "token", "credential", "password", "authorization"}

// looks reports whether an action does no more than look. In the names of services and actions case does not matter.
//
//	https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
func looks(action string) bool {
	service, name, ok := strings.Cut(strings.ToLower(action), ":")
	if ok && service == "ecr" && (name == "getauthorizationtoken" || strings.HasPrefix(name, "batchcheck")) {
		return true // the token has the role's own rights: https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_GetAuthorizationToken.html
	}
	if !ok || strings.ContainsAny(service, "*?$") || strings.Contains(name, Hole) || slices.ContainsFunc(handsOut, func(w string) bool { return strings.Contains(name, w) }) {
		return false
	}
	if open := strings.ContainsAny(name, "*?"); open && (service == "secretsmanager" || service == "ssm" || service == "sts") {
		return false
	}
	return slices.ContainsFunc(looking, func(word string) bool { return strings.HasPrefix(name, word) })
}

// Managed returns detectors.Read if the policy with this address is one of AWS' own that only lets look, and 0 for any other.
//
//	https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html
func Managed(arn string) detectors.Privilege {
	const own = ":iam::aws:policy/"
	_, name, ok := strings.Cut(arn, own)
	name = name[strings.LastIndexByte(name, '/')+1:]
	if ok && (strings.HasSuffix(name, "ReadOnlyAccess") || strings.HasSuffix(name, "ReadOnly") || name == "ViewOnlyAccess" || name == "SecurityAudit") {
		return detectors.Read
	}
	return 0
}

// Overlap reports whether there is a text that both patterns match, in which * stands for any text and ? for one character. A hole may be anything.
func Overlap(a, b string) bool {
	return overlap(strings.ReplaceAll(a, Hole, "*"), strings.ReplaceAll(b, Hole, "*"))
}

// overlap goes through the pairs of places in both, each once.
func overlap(a, b string) bool {
	if len(a) > maxPattern || len(b) > maxPattern {
		return true
	}
	meets := make([]bool, len(b)+1) // by place in b, for the present place in a: the rest of both can be one text
	for i := len(a); i >= 0; i-- {
		below := slices.Clone(meets)
		for j := len(b); j >= 0; j-- {
			switch {
			case i == len(a) && j == len(b):
				meets[j] = true
			case i < len(a) && a[i] == '*':
				meets[j] = below[j] || j < len(b) && meets[j+1]
			case j < len(b) && b[j] == '*':
				meets[j] = meets[j+1] || i < len(a) && below[j]
			case i < len(a) && j < len(b):
				meets[j] = below[j+1] && (a[i] == b[j] || a[i] == '?' || b[j] == '?')
			default:
				meets[j] = false
			}
		}
	}
	return meets[0]
}

// maxPattern bounds what is compared.
const maxPattern = 512
