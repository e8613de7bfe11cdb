package environ

import "testing"

func TestBuildMode(t *testing.T) {
	for name, want := range map[string]bool{"NODE_ENV": true, "FLASK_ENV": true, "APP_ENV": false, "RAILS_ENV": false, "": false} {
		if got := BuildMode(name); got != want {
			t.Errorf("BuildMode(%q) = %v", name, got)
		}
	}
}
