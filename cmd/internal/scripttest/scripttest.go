// Package scripttest runs scripts as a user would type them. In the files of a script, {{railway}} and its like become tokens; afterwards nothing
// that the program printed, no report that it wrote, and nothing that it kept, may hold one of them.
package scripttest

import (
	"bytes"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/stagewall/stagewall/detectors/detectortest"
)

// transcript names the file to which all that the program prints in a script is copied, so that it can be searched for secrets.
const transcript = "STAGEWALL_TRANSCRIPT"

// Main runs the tests of a package, in whose scripts the program can be executed. What it prints with --show-secrets is not searched for them.
func Main(m *testing.M, name string, run func(args []string, stdout, stderr io.Writer) int) {
	testscript.Main(m, map[string]func(){
		name: func() {
			var stdout, stderr io.Writer = os.Stdout, os.Stderr
			if f, err := os.OpenFile(os.Getenv(transcript), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600); err == nil && !slices.Contains(os.Args, "--show-secrets") {
				defer f.Close()
				stdout, stderr = io.MultiWriter(stdout, f), io.MultiWriter(stderr, f)
			}
			os.Exit(run(os.Args[1:], stdout, stderr))
		},
	})
}

// Installed is a condition of scripts: a program that is installed.
func Installed(name string) (bool, error) {
	_, err := exec.LookPath(name)
	return err == nil, nil
}

// Setup prepares a script: a home, git's user, and tokens. What the program keeps lies in files that match the patterns, in which variables stand for
// what they are in the script.
func Setup(kept ...string) func(*testscript.Env) error {
	return func(env *testscript.Env) error {
		log := filepath.Join(env.Getenv("TMPDIR"), "transcript")
		env.Setenv(transcript, log)
		env.Setenv("HOME", env.Getenv("TMPDIR"))
		env.Setenv("XDG_CACHE_HOME", filepath.Join(env.Getenv("TMPDIR"), "cache"))
		if cache, err := os.UserCacheDir(); err == nil && os.Getenv("GOCACHE") == "" {
			env.Setenv("GOCACHE", filepath.Join(cache, "go-build")) // what the go command compiled before need not be compiled again
		}
		env.Setenv("GIT_CONFIG_GLOBAL", filepath.Join(env.Getenv("TMPDIR"), "gitconfig"))
		config := "[user]\n\tname = A\n\temail = a@example.com\n[init]\n\tdefaultBranch = main\n"
		if err := os.WriteFile(env.Getenv("GIT_CONFIG_GLOBAL"), []byte(config), 0o600); err != nil {
			return err
		}
		minted, err := mint(env.WorkDir)
		env.Defer(func() {
			all := append([]string{log}, kept...)
			for _, kind := range []string{"sarif", "json", "jsonl", "csv", "xml", "md", "html", "dot", "svg", "baseline"} {
				all = append(all, filepath.Join(env.WorkDir, "*."+kind))
			}
			for _, pattern := range all {
				names, _ := filepath.Glob(os.Expand(pattern, env.Getenv))
				for _, name := range names {
					data, err := os.ReadFile(name)
					for _, value := range minted {
						if err == nil && bytes.Contains(data, []byte(value)) {
							env.T().Fatal("the program printed or kept a secret, in " + filepath.Base(name))
						}
					}
				}
			}
		})
		return err
	}
}

// mint puts tokens in the place of their names, in all files of a folder, and returns them.
func mint(dir string) (minted []string, err error) {
	err = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		text, tokens := detectortest.Expand(string(data))
		for _, m := range tokens {
			minted = append(minted, m.Value)
		}
		if len(tokens) == 0 {
			return nil
		}
		return os.WriteFile(path, []byte(text), 0o644)
	})
	return minted, err
}
