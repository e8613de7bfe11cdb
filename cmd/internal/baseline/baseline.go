// Package baseline reads what is known already. A baseline holds ids, one a line, and neither times nor line numbers, so that it changes
// only when a finding comes or goes, and merges are quiet.
package baseline

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// Parse returns whether an id of a token or crossing is in the text: a list of ids, words for people behind each, as the report of format
// baseline is, or a JSON report. name is the file's.
func Parse(data []byte, name string) (func(id string) bool, error) {
	ids := map[string]bool{}
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if strings.HasPrefix(strings.TrimSpace(string(data)), "{") {
		var doc struct {
			Tokens, Crossings []struct{ ID, Status string }
		}
		if err := json.Unmarshal(data, &doc); err != nil {
			return nil, fmt.Errorf("the baseline %s is no report of format json: %w", name, err)
		}
		if doc.Tokens == nil || doc.Crossings == nil {
			return nil, fmt.Errorf("the baseline %s is no report of format json: it lists no tokens and crossings", name)
		}
		for _, one := range slices.Concat(doc.Tokens, doc.Crossings) {
			ids[one.ID] = one.Status != "accepted" // an acceptance can end
		}
	} else {
		lines := bufio.NewScanner(strings.NewReader(string(data)))
		for n := 1; lines.Scan(); n++ {
			id, _, _ := strings.Cut(strings.TrimSpace(lines.Text()), " ")
			switch {
			case id == "" || strings.HasPrefix(id, "#"):
			case strings.HasPrefix(id, "tok_") || strings.HasPrefix(id, "x_"):
				ids[id] = true
			default:
				return nil, fmt.Errorf("%s:%d: the line does not begin with the id of a token, tok_…, or of a crossing, x_…", name, n)
			}
		}
		if err := lines.Err(); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	return func(id string) bool { return ids[id] }, nil
}
