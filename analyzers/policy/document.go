package policy

import "strings"

// Read returns the statements of a policy document as JSON, or what becomes it, has it: texts, lists of any and maps from names to any. What is not
// known of it is nil, and stands for a statement of which nothing is known.
func Read(document any) []Statement {
	root, _ := document.(map[string]any)
	var statements []Statement
	for _, one := range list(root["Statement"]) {
		statements = append(statements, statement(one))
	}
	return statements
}

func statement(n any) Statement {
	m, _ := n.(map[string]any)
	s := Statement{Deny: text(m["Effect"]) == "Deny", Actions: Texts(m["Action"])}
	if m["NotAction"] != nil || m["NotPrincipal"] != nil {
		s.Inverse = true
	}
	if principal, ok := m["Principal"].(map[string]any); ok {
		_, services := principal["Service"]
		_, s.Federated = principal["Federated"]
		s.Services = services && len(principal) == 1
		s.Federated = s.Federated && len(principal) == 1
	}
	if conditions, ok := m["Condition"].(map[string]any); ok {
		for operator, tests := range conditions {
			variables, _ := tests.(map[string]any)
			for variable, values := range variables {
				s.Add(operator, variable, Texts(values))
			}
		}
	}
	return s
}

// Add adds a condition, if it is one that a text is like another. Any other only makes fewer texts fit.
func (s *Statement) Add(operator, variable string, values []string) {
	operator = operator[strings.LastIndexByte(operator, ':')+1:]
	if strings.HasPrefix(operator, "StringLike") || strings.HasPrefix(operator, "StringEquals") {
		s.Conditions = append(s.Conditions, Condition{variable, values})
	}
}

// list returns what stands where one or several may.
func list(n any) []any {
	if several, ok := n.([]any); ok {
		return several
	}
	return []any{n}
}

func text(n any) string {
	s, _ := n.(string)
	return s
}

// Texts returns the texts that stand where one or several may, a hole for each of which nothing is known.
func Texts(n any) []string {
	if n == nil {
		return nil
	}
	var all []string
	for _, one := range list(n) {
		if s, ok := one.(string); ok {
			all = append(all, s)
		} else {
			all = append(all, Hole)
		}
	}
	return all
}
