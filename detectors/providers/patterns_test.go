package providers

import (
	"regexp"
	"testing"
)

// TestAnID: a name says that its value is an id; the same letters in the value say nothing.
func TestAnID(t *testing.T) {
	expr := regexp.MustCompile(anID().Regexes[0])
	for match, want := range map[string]bool{
		`projectId: "x"`: true, ` VOLUME_ID=x`: true, `"id": "x"`: true, `"service-id" => "x"`: true, `workspaceID_2 = x`: true,
		`T="aaOId6aa"`: false, `t = 'a_id-a'`: false, `(valid: 'a'`: false, ` key: "id_a1"`: false,
	} {
		if got := expr.MatchString(match); got != want {
			t.Errorf("%s: %t", match, got)
		}
	}
}
