package install

import (
	"bytes"
	"cmp"
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"

	"go.yaml.in/yaml/v3"
)

var (
	//go:embed files/pre-commit
	hookText []byte
	//go:embed files/pre-commit-item.yaml
	hookItem string
)

const (
	hookLine        = "stagewall scan --staged"
	hookName        = "pre-commit"
	hookAside       = hookName + ".before-stagewall"
	preCommitConfig = ".pre-commit-config.yaml"
)

// hook has every commit scanned before it is made: by pre-commit where that is in use, and else by a hook of git's.
func (p *planner) hook(ctx context.Context) {
	if p.Repo == nil {
		p.missing("there is no git repository, so there are no commits to be scanned")
		return
	}
	if f, err := open(p.Dir, preCommitConfig); err != nil || f.exists {
		p.preCommit(f, err)
		return
	}
	for _, m := range managers {
		for _, name := range m.files {
			if f, err := open(p.Dir, name); err == nil && f.exists && bytes.Contains(f.data, []byte(hookLine)) {
				p.say("%s runs it already", name)
				return
			} else if err != nil || f.exists {
				p.suggest(m.snippet, "%s keeps the hooks here, and writes its own over others; put this into %s:", m.title, cmp.Or(m.into, name))
				p.Lacks = p.Lacks || p.asked()
				return
			}
		}
	}
	p.gitHook(ctx)
}

// missing says that there is no use for a part: a failure if it was asked for, and else worth a word only if there is a use for no part.
func (p *planner) missing(format string, args ...any) {
	if p.asked() {
		p.cannot(format, args...)
	} else {
		p.unused = append(p.unused, step{part: p.part, says: fmt.Sprintf(format, args...)})
	}
}

// managers are programs that write git's hooks by themselves: https://lefthook.dev/configuration/ https://typicode.github.io/husky/.
var managers = []struct {
	title, snippet string
	files          []string
	into           string // if it is no matter which file there is
}{
	{"lefthook", "pre-commit:\n  commands:\n    stagewall:\n      run: " + hookLine + "\n", []string{
		"lefthook.yml", "lefthook.yaml", ".lefthook.yml", ".lefthook.yaml", "lefthook.toml", "lefthook.json",
	}, ""},
	{"husky", hookLine + "\n", []string{".husky/pre-commit", ".husky/_/husky.sh"}, ".husky/pre-commit"},
}

// preCommit adds the hook to the configuration of pre-commit.
func (p *planner) preCommit(f file, err error) {
	if err != nil {
		p.cannot("%s is left alone: %v", preCommitConfig, err)
		return
	}
	if runsHook(f.data) {
		p.say("%s has it already", preCommitConfig)
		return
	}
	after, err := prepend(f.data, "repos", hookItem)
	if err != nil {
		p.suggest("repos:\n"+indented(hookItem), "%s is left alone, since %v; put this into it:", preCommitConfig, errForm)
		p.Lacks = true
		return
	}
	p.write(change{file: f, after: after}, "pre-commit scans what is staged, with the stagewall on the PATH; pre-commit install puts it into git, if it is not yet")
	p.warn()
}

// warn says of a hook that what it calls is not there.
func (p *planner) warn() {
	if _, err := exec.LookPath("stagewall"); err != nil {
		p.say("stagewall is not on the PATH: until it is, the hook refuses every commit")
	}
}

// runsHook reports whether a configuration of pre-commit has one of the project's hooks, or one that runs the program.
func runsHook(data []byte) bool {
	var config struct {
		Repos []struct {
			Hooks []struct{ ID, Entry string }
		}
	}
	var other *yaml.TypeError // of parts that are something else
	if err := yaml.Unmarshal(data, &config); err != nil && !errors.As(err, &other) {
		return false
	}
	for _, r := range config.Repos {
		for _, h := range r.Hooks {
			if h.ID == "stagewall" || h.ID == "stagewall-system" || strings.Contains(h.Entry, hookLine) {
				return true
			}
		}
	}
	return false
}

func indented(text string) string {
	return "  " + strings.ReplaceAll(strings.TrimSuffix(text, "\n"), "\n", "\n  ") + "\n"
}

// gitHook writes a hook of git's, where git looks for it. One that is there is moved aside, and run first by the new one.
func (p *planner) gitHook(ctx context.Context) {
	root, name, err := p.hooks(ctx)
	if err != nil {
		p.suggest(string(hookText), "no hook is written: %v; put this where git finds it:", err)
		p.Lacks = true
		return
	}
	f, err := open(root, name)
	shown, outside := filepath.Rel(p.Dir, filepath.Join(root, filepath.FromSlash(name)))
	if f.shown = filepath.ToSlash(shown); outside != nil || strings.HasPrefix(f.shown, "../") {
		f.shown = filepath.Join(root, filepath.FromSlash(name))
	}
	linked := errors.Is(err, errLink) // it can be moved as it is
	c := change{file: f, after: hookText, mode: 0o755}
	switch {
	case err != nil && !linked:
		p.cannot("%s is left alone: %v", f.shown, err)
		return
	case f.exists && bytes.Equal(f.data, hookText) && f.mode&0o100 == 0:
		c.file.mode |= 0o111
	case f.exists && bytes.Equal(f.data, hookText):
		p.say("%s is there already", f.shown)
		return
	case f.exists && bytes.Contains(f.data, []byte(hookLine)):
		p.say("%s runs it already", f.shown)
		return
	case f.exists || linked:
		c.exists, c.aside = true, path.Join(path.Dir(name), hookAside)
		if info, err := stat((*os.Root).Lstat, root, c.aside); info != nil || !errors.Is(err, fs.ErrNotExist) {
			p.cannot("%s is left alone: it would be moved to %s, and something is there already", f.shown, hookAside)
			return
		}
		first := "it is run first"
		if !linked && f.mode&0o111 == 0 {
			first = "it is not executable, so git does not run it, nor will the new one"
		}
		p.say("move %s to %s: %s", f.shown, hookAside, first)
	}
	p.write(c, "every commit is scanned before it is made; git commit --no-verify passes it over")
	p.warn()
}

// stat looks a file up by one of the methods of [os.Root].
func stat(look func(*os.Root, string) (fs.FileInfo, error), dir, name string) (fs.FileInfo, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	return look(root, name)
}

var errHooks = errors.New("core.hooksPath leads out of the repository, to hooks that others may have in common")

// hooks returns the path of the hook, and a folder that it is in and that nothing is written outside of: the working tree, or that of the
// repository itself if it is kept elsewhere, as that of a linked worktree is.
func (p *planner) hooks(ctx context.Context) (root, name string, err error) {
	common, err := p.Repo.Common(ctx)
	if err != nil {
		return "", "", err
	}
	folder := filepath.Join(common, "hooks")
	if configured := p.Repo.HooksPath(ctx); configured != "" {
		if folder = configured; !filepath.IsAbs(folder) {
			folder = filepath.Join(p.Dir, folder) // where git runs hooks: https://git-scm.com/docs/githooks
		}
	}
	for _, root := range []string{p.Dir, common} {
		if below, err := filepath.Rel(root, folder); err == nil && filepath.IsLocal(below) {
			return root, path.Join(filepath.ToSlash(below), hookName), nil
		}
	}
	return "", "", errHooks
}
