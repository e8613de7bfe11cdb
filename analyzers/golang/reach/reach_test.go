package reach

import "testing"

// TestDisplay: functions are called by what people call them.
func TestDisplay(t *testing.T) {
	for id, want := range map[string]string{
		"example.com/acme/iface.Run":            "iface.Run",
		"(*example.com/acme/api.Client).Delete": "(*api.Client).Delete",
		"(example.com/acme/api.Client).Delete":  "(api.Client).Delete",
		"example.com/acme/cmd/x.main$2":         "x.main's function",
		"example.com/acme/api.init#3":           "api.init",
	} {
		if got := Display(id); got != want {
			t.Errorf("%s is %s, want %s", id, got, want)
		}
	}
}

// TestBounded: alternatives do not grow without end, and what they hold stays.
func TestBounded(t *testing.T) {
	var v value
	for i := range 10 {
		v = union(v, value{{parts: []part{{variable: string(rune('A' + i))}}}})
	}
	for range 6 {
		v = cross(v, v)
	}
	if len(v) > maxAlternatives || len(v) == 0 || len(v[0].parts) > maxParts {
		t.Fatalf("%d alternatives", len(v))
	}
	seen := map[string]bool{}
	for _, a := range v {
		for _, q := range a.parts {
			seen[q.variable] = true
		}
	}
	if len(seen) != 10 {
		t.Errorf("%d of 10 variables are left", len(seen))
	}
}
