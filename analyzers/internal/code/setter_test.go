package code

import "testing"

func TestSets(t *testing.T) {
	tests := []struct {
		text, name string
		want       bool
	}{
		{"func F(a int) {}", "F(0)", false}, {"x := F(a)", "F(0)", true}, {"p.F (a)", "F(1).B", true}, {"F[int](a)", "F(0)", true}, {"(p.F)(a)", "F(0)", true},
		{"F/* of */(a)", "F(0)", true}, {"f = F", "F(0)", false}, {"// F, and so on", "F(0)", false}, {"function F(a)", "F(0)", true},
		{"func F() {}", "F()", true}, {"func F[T any]() {}", "F().A", true}, {"func /* of */ F() {}", "F()", true}, {"func // of\n F() {}", "F()", true}, {"func\nF() {}", "F()", true},
		{"x := F()", "F()", false}, {"func (r T) F() {}", "F()", false},
		{"var V = 1", "V", true}, {"const V int = 1", "V.A", true}, {"const (\r\n\tV = 1", "V", true}, {"var U, V = 1, 2", "V", true}, {"var (V = 1)", "V", true}, {"var /* of */ V = 1", "V", true},
		{"V", "V", true}, {"; V = 1", "V", true}, {"x = V", "V", false}, {"\tV.A = 1", "V.A", false}, {"\tV: 1,", "V", false}, {"\tV := 1", "V", false}, {"p.V", "V", false}, {"return V", "V", false}, {"type V struct", "V.A", false},
		{"W = 1", "V", false}, {"anything", "[*]", true},
	}
	for _, test := range tests {
		if got := Sets([]byte(test.text), Setter(test.name)); got != test.want {
			t.Errorf("%q sets %s: %v", test.text, test.name, got)
		}
	}
	if !Sets([]byte("a plain word"), "plain") || Sets([]byte("a plain word"), "plai") || !Sets(nil, "") {
		t.Error("a word that is no setter has only to stand there")
	}
}
