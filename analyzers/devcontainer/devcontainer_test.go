package devcontainer

import (
	"testing"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/analyzertest"
	"github.com/stagewall/stagewall/analyzers/compose"
	"github.com/stagewall/stagewall/analyzers/dockerfile"
	"github.com/stagewall/stagewall/analyzers/dotenv"
	"github.com/stagewall/stagewall/analyzers/shell"
)

func TestReaches(t *testing.T) {
	analyzertest.Run(t, "testdata/*.txtar", compose.Analyzer, Analyzer, dockerfile.Analyzer, dotenv.Analyzer, shell.Analyzer)
}

func TestWorkspace(t *testing.T) {
	for file, want := range map[string]string{
		".devcontainer/devcontainer.json": ".", ".devcontainer.json": ".", "a/.devcontainer/x/devcontainer.json": "a", "a/.devcontainer.json": "a",
	} {
		if got := workspace(file); got != want {
			t.Errorf("%s: %s, want %s", file, got, want)
		}
	}
}

func TestRelative(t *testing.T) {
	for _, test := range []struct{ folder, file, want string }{
		{".", "a/b", "a/b"}, {"a", "a/b", "b"}, {"a/c", "a/b", "../b"}, {"a", "b", "../b"}, {"a/b", "ab/c", "../../ab/c"},
	} {
		if got := relative(test.folder, test.file); got != test.want {
			t.Errorf("%s from %s: %s, want %s", test.file, test.folder, got, test.want)
		}
	}
}

func TestGap(t *testing.T) {
	pass := analyzers.NewPass(name, ".devcontainer.json", []byte(`{"image": `))
	if err := run(pass); err != nil || len(pass.Facts.Gaps) != 1 {
		t.Errorf("%v, gaps: %+v", err, pass.Facts.Gaps)
	}
}

func FuzzRun(f *testing.F) {
	f.Add([]byte(`{"runArgs": ["-e", "A=${localEnv:B:c}", "--mount", "source=${localWorkspaceFolder}/x,target=/y,type=bind"], "mounts": [{}]}`))
	f.Add([]byte(`{"dockerComposeFile": "a", "service": "b", "build": {"dockerfile": "../x", "args": {"A": "b"}}, "postCreateCommand": ["a"]}`))
	f.Fuzz(analyzertest.Fuzz(Analyzer, ".devcontainer/devcontainer.json"))
}
