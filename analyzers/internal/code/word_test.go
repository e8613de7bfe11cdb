package code

import "testing"

func TestStands(t *testing.T) {
	tests := []struct {
		text, word string
		want       bool
	}{
		{"a.env", "env", true}, {"environ env", "env", true}, {"environ", "env", false}, {"$env", "env", true}, {"env", "", true}, {"", "env", false},
		{"env_ envé", "env", false}, {"x env", "env", true},
	}
	for _, test := range tests {
		if got := Stands([]byte(test.text), test.word); got != test.want {
			t.Errorf("%q in %q: %v", test.word, test.text, got)
		}
	}
}

func TestWithin(t *testing.T) {
	text := []byte("getEnv ENVIRON eNv en v configEN")
	var found []string
	Within(text, "env", func(start, end int) bool {
		found = append(found, string(text[start:end]))
		return len(found) == 3
	})
	if len(found) != 3 {
		t.Errorf("%q", found)
	}
	if Within(text, "configs", func(int, int) bool { return true }) {
		t.Error("found what is cut off")
	}
}
