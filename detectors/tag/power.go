package tag

import (
	"cmp"
	"slices"
	"strings"

	"github.com/stagewall/stagewall/detectors"
)

// power sets what the token may do: at most what its kind allows, or exactly what its text says; at least what is done with it.
func (d *decision) power() {
	d.atMost()
	d.operations()
	d.atLeast()
}

func (d *decision) atMost() {
	switch {
	case d.decoded.Exact:
		d.token.AtMost = d.decoded.AtMost
		d.say(detectors.Evidence{About: "privilege", Says: "its text allows " + d.token.AtMost.String()})
	case len(d.open) > 0:
		for _, kind := range d.open {
			d.token.AtMost |= kind.AtMost
		}
		d.say(detectors.Evidence{About: "privilege", Says: article(d.open[0]) + " allows " + d.token.AtMost.String(), Source: d.open[0].Source})
	default:
		d.token.AtMost = detectors.UnknownPower
		d.say(detectors.Evidence{About: "privilege", Says: "nothing says what it allows; it is taken to read, write and destroy"})
	}
	d.token.Public = len(d.open) > 0 && d.open[0].Scope == detectors.ScopePublic
	if most, by := d.granted(); most != 0 && d.token.AtMost&^most != 0 {
		d.token.AtMost &= most
		d.sayAt("privilege", "in production it has roles that allow "+most.String(), by.At)
	}
}

// operations lists what the token can do that is worth naming, what destroys most first.
func (d *decision) operations() {
	if d.provider == nil || d.token.Public {
		return
	}
	for _, op := range d.provider.Operations {
		if d.can(op) {
			d.token.Operations = append(d.token.Operations, op)
		}
	}
	slices.SortStableFunc(d.token.Operations, func(a, b detectors.Operation) int { return cmp.Compare(gravity(b), gravity(a)) })
}

// can reports whether one of the open kinds can do the operation.
func (d *decision) can(op detectors.Operation) bool {
	if op.Does&^d.token.AtMost != 0 {
		return false
	}
	return len(op.Kinds) == 0 || slices.ContainsFunc(d.open, func(k *detectors.Kind) bool { return slices.Contains(op.Kinds, k.Name) })
}

// gravity orders operations: those that destroy, then those that mint, then others.
func gravity(op detectors.Operation) int {
	switch {
	case op.Does&detectors.Destroy != 0:
		return 3
	case op.Does&detectors.Admin != 0:
		return 2
	case op.Does&detectors.Write != 0:
		return 1
	}
	return 0
}

// atLeast adds what the uses show: by the provider's operations, else, weakly, by the request's method.
func (d *decision) atLeast() {
	for _, u := range d.Uses {
		does, says := d.observed(u.Sink)
		does &= d.token.AtMost
		if does == 0 {
			continue
		}
		d.token.AtLeast |= does
		d.sayAt("privilege", says, u.At)
	}
}

// observed returns what handing the token to the sink does.
func (d *decision) observed(s detectors.Sink) (does detectors.Privilege, says string) {
	for _, op := range d.token.Operations {
		if slices.ContainsFunc(op.Calls, func(call string) bool { return d.calls(s, call) }) {
			does |= op.Does
			says = join(says, op.Name)
		}
	}
	if does != 0 {
		return does, "it is used for " + says
	}
	return byMethod(s)
}

func join(list, next string) string {
	if list == "" {
		return next
	}
	return list + ", " + next
}

// asks are the last words of addresses that only ask.
var asks = []string{"get", "list", "search", "query", "find", "lookup", "count"}

// byMethod reads a request's method, which says little: providers delete by POST and read by POST.
func byMethod(s detectors.Sink) (detectors.Privilege, string) {
	if len(s.Fields) > 0 {
		switch strings.ToLower(s.Fields[0].Text) {
		case "mutation":
			return detectors.Write, "it is used for a mutation"
		case "query", "select":
			return detectors.Read, "it is used for a query"
		case "insert", "update", "alter", "create", "grant", "revoke":
			return detectors.Write, "it is used for " + strings.ToUpper(s.Fields[0].Text)
		}
	}
	switch s.Method {
	case "GET", "HEAD":
		return detectors.Read, "it is used for a " + s.Method + " request"
	case "PUT", "PATCH", "DELETE":
		return detectors.Write, "it is used for a " + s.Method + " request"
	case "POST":
		if last := s.Path.Text[strings.LastIndexByte(s.Path.Text, '/')+1:]; slices.Contains(asks, last) {
			return detectors.Read, "it is used to " + last + " something" // calls of procedures are POST whatever they do
		}
		if len(s.Fields) == 0 && !strings.Contains(s.Path.Text, "graphql") {
			return detectors.Write, "it is used for a POST request"
		}
	}
	return 0, ""
}
