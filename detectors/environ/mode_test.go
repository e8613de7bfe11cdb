package environ

import "testing"

func TestMode(t *testing.T) {
	for name, want := range map[string]bool{"NODE_ENV": true, "FLASK_ENV": true, "APP_ENV": false, "RAILS_ENV": false, "": false} {
		if got := Mode(name); got != want {
			t.Errorf("Mode(%q) = %v", name, got)
		}
	}
}
