package catalogue

import (
	"fmt"
	"io"
	"strings"
)

// Named returns the kinds that a name stands for: provider/kind, or all of a provider. The error says which there are.
func Named(kinds []Kind, name string) ([]Kind, error) {
	provider, _, _ := strings.Cut(name, "/")
	var found []Kind
	var near []string
	for _, k := range kinds {
		if k.ID == name || k.Provider == name {
			found = append(found, k)
		}
		if k.Provider == provider {
			near = append(near, k.ID)
		}
	}
	switch {
	case found != nil:
		return found, nil
	case near != nil:
		return nil, fmt.Errorf("there is no kind %s; there are: %s", name, strings.Join(near, ", "))
	}
	return nil, fmt.Errorf("there is no provider %s; stagewall rules lists them; the id of a token begins with tok_, that of a crossing with x_", provider)
}

// Explain says in words what is known of a kind.
func Explain(w io.Writer, k Kind) error {
	var b strings.Builder
	line := func(head, text string) {
		if text != "" {
			fmt.Fprintf(&b, "  %-9s %s\n", head, text)
		}
	}
	fmt.Fprintf(&b, "%s  %s\n", k.ID, k.Title)
	line("reaches", k.Bound)
	line("", follows[k.Scope])
	line("may", "at most "+may(k))
	for i, o := range k.Operations {
		head := ""
		if i == 0 {
			head = "can"
		}
		line(head, fmt.Sprintf("%s: %s%s", o.Name, strings.Join(o.Does, ", "), o.consequence()))
		line("", "  "+o.Source)
	}
	line("variable", strings.Join(k.Variables, ", "))
	line("sent as", strings.Join(k.Headers, ", "))
	line("sent to", strings.Join(k.Hosts, ", "))
	line("taken by", strings.Join(k.Tools, ", "))
	for i, r := range k.Rules {
		head := ""
		if i == 0 {
			head = "found as"
		}
		line(head, r.Says+" ("+r.ID+")")
	}
	line("cut it", k.Cut)
	line("source", k.Source)
	_, err := io.WriteString(w, b.String())
	return err
}

// follows says what follows from a scope, for whoever reads a report.
var follows = map[string]string{
	"account":   "names and folders do not change that: production is among them, whatever the token is called",
	"text":      "the token's own text says which; names around it only say what it was meant for",
	"claims":    "the token's claims say which, where they name an environment or something that the repository's tables name",
	"host":      "the host that it is sent to says which; without one that says it, its reach is unknown, which is not safe",
	"container": "what the repository's tables, the ids beside it and its uses say binds it; without them its reach is unknown, which is not safe",
	"public":    "nothing follows from having it",
	"outside":   "it is no way from one environment to another",
}
