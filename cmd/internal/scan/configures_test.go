package scan

import "testing"

func TestConfigures(t *testing.T) {
	for path, want := range map[string]bool{
		".env.staging": true, "config/staging.yml": true, "acme/settings/staging.py": true, "config/staging.exs": true, "src/environments/environment.staging.ts": true,
		"settings_staging.py": true, "webpack.config.staging.js": true,
		"models/staging/orders.yml": false, "tests/settings/staging.py": false, "etl/staging.py": false, "src/components/staging.ts": false, "staging": false,
	} {
		if got := configures(path); got != want {
			t.Errorf("configures(%q) = %v", path, got)
		}
	}
}
