package install

import (
	"bytes"
	"context"
	_ "embed"
	"errors"
	"io/fs"
	"net/url"
	"os"
	"path"
	"strings"
)

var (
	//go:embed files/workflow.yml
	workflowText string
	//go:embed files/gitlab.yml
	gitlabText string
)

const (
	workflows    = ".github/workflows"
	workflowFile = workflows + "/stagewall.yml"
	gitlabFile   = ".gitlab-ci.yml"
	scanLine     = "stagewall scan"
	programPath  = "github.com/stagewall/stagewall/cmd/stagewall"
)

// workflow has a server scan what is pushed: by a workflow of GitHub's, or a job of GitLab's, which is said and not written, since a pipeline is one
// file.
func (p *planner) workflow(ctx context.Context) {
	hosts := map[string]bool{}
	if p.Repo != nil {
		for _, address := range p.Repo.Remotes(ctx) {
			hosts[host(address)] = true
		}
	}
	install := "go install " + programPath + "@" + p.version()
	gitlab := p.gitlab(install, hosts["gitlab.com"])
	github, err := stat((*os.Root).Stat, p.Dir, workflows)
	if github != nil && !github.IsDir() {
		err = errors.New("it is no folder")
	}
	switch {
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		p.cannot("%s is left alone: %v", workflows, plain(err))
		return
	case github == nil && !hosts["github.com"] && (gitlab || !p.asked()):
		return
	}
	if github != nil {
		if name := p.scans(); name != "" {
			p.say("%s scans already", name)
			return
		}
	}
	branch := "main"
	if p.Repo != nil {
		branch = p.Repo.MainBranch(ctx)
	}
	text := strings.NewReplacer("INSTALL", install, "BRANCH", pattern(branch)).Replace(workflowText)
	p.create(workflowFile, []byte(text), "scans what is pushed to %s, pull requests, and all of it every night, for code scanning", branch)
}

// gitlab says what job to add where GitLab is used, and reports whether it is.
func (p *planner) gitlab(install string, hosted bool) bool {
	f, err := open(p.Dir, gitlabFile)
	switch {
	case err == nil && !f.exists && !hosted:
		return false
	case bytes.Contains(f.data, []byte(scanLine)):
		p.say("%s scans already", gitlabFile)
	default:
		p.suggest(strings.ReplaceAll(gitlabText, "INSTALL", install), "a job for %s, whose report is kept as an artifact:", gitlabFile)
	}
	return true
}

// version returns the version of the program that is to be installed elsewhere: this one's, if others can get it.
func (p *planner) version() string {
	if p.Version == "devel" || strings.Contains(p.Version, "+") {
		return "latest"
	}
	return p.Version
}

// scans returns the name of a workflow that runs the program, "" if there is none but the one that would be written.
func (p *planner) scans() string {
	root, err := os.OpenRoot(p.Dir)
	if err != nil {
		return ""
	}
	defer root.Close()
	dir, err := root.Open(workflows)
	if err != nil {
		return ""
	}
	defer dir.Close()
	names, _ := dir.Readdirnames(1000)
	for _, name := range names {
		full := path.Join(workflows, name)
		if f, err := open(p.Dir, full); err == nil && f.exists && full != workflowFile && bytes.Contains(f.data, []byte(scanLine)) {
			return full
		}
	}
	return ""
}

// pattern returns a pattern, in single quotes of YAML, that only this branch fits:
// https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#filter-pattern-cheat-sheet.
func pattern(branch string) string {
	return "'" + strings.NewReplacer("'", "''", "+", `\+`, "!", `\!`).Replace(branch) + "'"
}

// host returns the host of a remote's address: https://host/path, ssh://git@host/path, git@host:path.
func host(address string) string {
	if u, err := url.Parse(address); err == nil && u.Host != "" {
		return strings.ToLower(u.Hostname())
	}
	before, _, ok := strings.Cut(address, ":")
	if _, name, at := strings.Cut(before, "@"); ok && at {
		before = name
	}
	if !ok || strings.Contains(before, "/") {
		return ""
	}
	return strings.ToLower(before)
}
