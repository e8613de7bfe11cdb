// Package catalogue shows what is known of the kinds of token: as a list, as a table, and each in words.
package catalogue

import (
	"slices"

	"github.com/stagewall/stagewall/detectors"
)

// Kind is one kind of token with all that is known of it.
type Kind struct {
	ID         string      `json:"id"` // provider/kind: "railway/project-token"
	Provider   string      `json:"provider"`
	Kind       string      `json:"kind"`
	Title      string      `json:"title"` // for people: "Railway project token"
	Scope      string      `json:"scope"` // what limits its reach, in a word
	Bound      string      `json:"bound"` // and in words
	AtMost     []string    `json:"at_most"`
	Variables  []string    `json:"variables"` // the documented names of variables
	Headers    []string    `json:"headers"`
	Tools      []string    `json:"tools"` // the provider's programs, and the libraries whose clients take it from the environment
	Hosts      []string    `json:"hosts"`
	Rules      []Rule      `json:"rules"`
	Operations []Operation `json:"operations"` // those that destroy first
	Cut        string      `json:"cut"`
	Source     string      `json:"source"`
}

// Rule is a rule whose match can be of the kind.
type Rule struct {
	ID   string `json:"id"`
	Says string `json:"says"`
}

// Operation is something that a token of the kind can do and that is worth naming.
type Operation struct {
	Name    string   `json:"name"`
	Does    []string `json:"does"`
	Undo    string   `json:"undo"`
	Backups string   `json:"backups"`
	Calls   []string `json:"calls"`
	Source  string   `json:"source"`
}

// destroys reports whether the operation cannot be undone for good.
func (o Operation) destroys() bool { return slices.Contains(o.Does, "destroy") }

// Kinds returns every kind, in the order of the providers and of each one's kinds.
func Kinds(providers []detectors.Provider) []Kind {
	var all []Kind
	for _, p := range providers {
		for _, k := range p.Kinds {
			all = append(all, kindOf(p, k))
		}
	}
	return all
}

func kindOf(p detectors.Provider, k detectors.Kind) Kind {
	kind := Kind{
		ID: p.Name + "/" + k.Name, Provider: p.Name, Kind: k.Name, Title: p.Title + " " + k.Title, Scope: k.Scope.String(), Bound: k.Bound,
		AtMost: k.AtMost.Names(), Variables: list(k.Variables), Headers: list(k.Headers), Tools: []string{}, Hosts: list(p.Hosts),
		Rules: []Rule{}, Operations: []Operation{}, Cut: k.Cut, Source: k.Source,
	}
	for _, tool := range p.Tools {
		kind.Tools = append(kind.Tools, tool.Name)
	}
	for _, l := range p.Libraries {
		if slices.ContainsFunc(l.Variables, func(v string) bool { return slices.Contains(k.Variables, v) }) {
			kind.Tools = append(kind.Tools, l.Names...)
		}
	}
	for _, r := range p.Rules {
		if slices.Contains(r.Kinds, k.Name) {
			kind.Rules = append(kind.Rules, Rule{r.ID, r.Description})
		}
	}
	for _, o := range p.Operations {
		if o.Does&^k.AtMost == 0 && (len(o.Kinds) == 0 || slices.Contains(o.Kinds, k.Name)) {
			kind.Operations = append(kind.Operations, Operation{o.Name, o.Does.Names(), o.Undo, o.Backups, list(o.Calls), o.Source})
		}
	}
	slices.SortStableFunc(kind.Operations, func(a, b Operation) int { return gravity(a) - gravity(b) })
	return kind
}

// gravity orders operations: those that destroy come first.
func gravity(o Operation) int {
	if o.destroys() {
		return 0
	}
	return 1
}

// list returns the values, never nil, so that JSON shows an empty list.
func list(values []string) []string { return append([]string{}, values...) }
