package scan

import (
	"slices"
	"testing"

	"github.com/bmatcuk/doublestar/v4"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/suite"
)

// The choice is what matching every pattern of every analyzer would choose.
func TestSelection(t *testing.T) {
	all := suite.Analyzers()
	s := newSelection(all)
	paths := []string{
		"main.go", "cmd/x/main.go", "go.mod", "Makefile", "a/GNUmakefile", "a/Makefile.am", "b.mk", ".env", ".env.staging", "x/prod.env", "x.env.d/y",
		"Dockerfile", "Dockerfile.prod", "a/api.Dockerfile", "docker-compose.yml", "compose.staging.yaml", ".github/workflows/ci.yml", "a/action.yaml",
		"a.yml", "a.yaml", "k/kustomization.yaml", "Kustomization", "a.ts", "b.vue", "c.py", "d.sh", ".envrc", ".envrc.local", "justfile", "x.just",
		"Procfile", "Procfile.dev", "package.json", ".gitlab-ci.yml", ".gitlab/ci/x.yml", ".circleci/config.yml", "devcontainer.json",
		".devcontainer/devcontainer.json", "fly.toml", "fly.staging.toml", "railway.json", "vercel.json", ".claude/settings.json", "AGENTS.md",
		".dockerignore", ".gitignore", "Taskfile.yml", "noext", "dir.go/file", "ünï/cødé.go", "a{b}.go", "x.GO", "",
		"inventory/hosts", "a/inventories/x/y/hosts", "deploy/inventory/prod", "supervisor/a/b.conf", "x/supervisord.conf", "etc/cron.d/x", "cron.d",
		".kamal/secrets", "a/.kamal/secrets.staging", "ops/.kube/config", "group_vars/all", "r/host_vars/h/y.yml", ".cursor/rules/a/b", ".cursor/rules",
		"Dockerfile-dev", "a/dockerfile_x", "a-Dockerfile", "app.dockerfile", "ci/a.yml", "a/tasks/b/c.yaml", "my-pipeline.yml", "env/a/b.yaml",
	}
	for _, p := range paths {
		var want []string
		for _, a := range all {
			matches := a.Sniff != nil && a.Sniff(p, nil)
			for _, pattern := range a.Files {
				ok, _ := doublestar.Match(pattern, p)
				matches = matches || ok
			}
			if a.Run != nil && matches {
				want = append(want, a.Name)
			}
		}
		var got []string
		for _, a := range s.of(p, nil) {
			got = append(got, a.Name)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q is read by %v, want %v", p, got, want)
		}
	}
}

func TestSelectionOfUnusualPatterns(t *testing.T) {
	for _, pattern := range []string{"**/*.{a,b}.c", "{x,y}/**", "**/{.a,b.{c,d}}", "**/a.[ch]", `**/a\.b`, "**/x.d/*", "**/*.a?", "**/.a", "**/b*.c", "**/*", "**", "*.c", "**/a*b*", "n/**/b", "**/n/**", "[mn]/b*", "**/[ab]/q", "x/*/r"} {
		all := []*analyzers.Analyzer{{Name: "one", Files: []string{pattern}, Run: func(*analyzers.Pass) error { return nil }}}
		s := newSelection(all)
		for _, p := range []string{"x.a.c", "q/z.b.c", "x/1.y", "y/n", ".a", "b.c", "n/b.d", "a.c", "a.h", "a.b", "x.d/q", "x.d/q.r", "m.ab", "", "n/b.c", "n/.c", "b", "n/b", "n/m/b", "m/n", "n", "m/b1", "a/q", "z/b/q", "x/q/r", "x/r"} {
			want, _ := doublestar.Match(pattern, p)
			if got := len(s.of(p, nil)) == 1; got != want {
				t.Errorf("%q matches %q: %v, want %v", pattern, p, got, want)
			}
		}
	}
}
