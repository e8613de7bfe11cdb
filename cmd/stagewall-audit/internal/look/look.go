// Package look looks at one repository as the scanner does: at the tree of the commit that HEAD is, and at every blob of the history once.
package look

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/stagewall/stagewall/analyzers/suite"
	"github.com/stagewall/stagewall/cmd/internal/cache"
	"github.com/stagewall/stagewall/cmd/internal/config"
	"github.com/stagewall/stagewall/cmd/internal/detection"
	"github.com/stagewall/stagewall/cmd/internal/git"
	"github.com/stagewall/stagewall/cmd/internal/report"
	"github.com/stagewall/stagewall/cmd/internal/scan"
	"github.com/stagewall/stagewall/cmd/internal/source"
	"github.com/stagewall/stagewall/cmd/stagewall-audit/internal/store"
	"github.com/stagewall/stagewall/detectors/gitleaks"
)

// Looker looks at repositories, several at once.
type Looker struct {
	jobs     int    // workers of one scan
	cache    string // folder for what files say; "": it is not kept
	rules    string // a digest of the configuration that the user names; "": repositories have their own
	standard *detection.Detection
}

// Options say how repositories are looked at.
type Options struct {
	Jobs   int
	Cache  string
	Config string // a configuration of gitleaks for all repositories; "": that of each, or gitleaks' own
}

// New returns a looker.
func New(o Options) (*Looker, error) {
	l := &Looker{jobs: o.Jobs, cache: o.Cache}
	user, err := gitleaks.Default()
	if o.Config != "" {
		var data []byte
		if data, err = os.ReadFile(o.Config); err != nil {
			return nil, fmt.Errorf("the configuration cannot be read: %w", err)
		}
		read := [][]byte{data}
		user, err = gitleaks.Load(data, o.Config, func(path string) ([]byte, error) {
			extended, err := os.ReadFile(path)
			read = append(read, extended)
			return extended, err
		})
		l.rules = digest(read...)
	}
	if err != nil {
		return nil, err
	}
	l.standard, err = detection.New(user, detection.Options{Decode: gitleaks.DecodeDepth})
	return l, err
}

// Found is what was found in a repository, as it is kept and reported: of tokens masked forms and places, and no line of any file.
type Found struct {
	Branch string `json:"branch"`
	Commit string `json:"commit"`
	Read   struct {
		Tree    Read `json:"tree"`
		History Read `json:"history"`
	} `json:"read"`

	Crossings []*report.Crossing `json:"crossings"`
	Tokens    []*report.Token    `json:"tokens"`  // of the tree; of references those in crossings
	History   []*report.Token    `json:"history"` // tokens that stand in the history alone
	Units     []*report.Unit     `json:"units"`   // of the crossings
	Gaps      []*report.Gap      `json:"gaps"`
	Errors    []*report.Error    `json:"errors"`
}

// None is what is found in nothing. Lists are never null.
func None() *Found {
	return &Found{
		Crossings: []*report.Crossing{}, Tokens: []*report.Token{}, History: []*report.Token{}, Units: []*report.Unit{}, Gaps: []*report.Gap{}, Errors: []*report.Error{},
	}
}

// Read is how much was read.
type Read struct {
	Files int   `json:"files"`
	Bytes int64 `json:"bytes"`
}

// ErrEmpty says that there was nothing to look at.
var ErrEmpty = errors.New("nothing was read: the repository has no file, nor had it one")

// Fingerprint returns a digest of all that a look at the repository depends on, but for the date.
func (l *Looker) Fingerprint(ctx context.Context, repo *git.Repository) (string, error) {
	branch, refs, err := repo.State(ctx)
	if err != nil {
		return "", err
	}
	return digest(cache.Program(), []byte(l.rules), []byte(branch), []byte(repo.Head(ctx)), []byte(refs)), nil
}

func digest(parts ...[]byte) string {
	h := sha256.New()
	for _, p := range parts {
		fmt.Fprintf(h, "%d ", len(p))
		h.Write(p)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// Look looks at a repository.
func (l *Looker) Look(ctx context.Context, name string, repo *git.Repository) (store.Scan, error) {
	var s store.Scan
	now := time.Now()
	f := None()
	f.Commit = repo.Head(ctx)
	var err error
	if f.Branch, _, err = repo.State(ctx); err != nil {
		return s, err
	}
	commit, detect, inventory, err := l.prepare(ctx, f, repo)
	if err != nil {
		return s, err
	}
	if commit != nil {
		opt := l.options(f, detect, now)
		opt.Source, opt.Analyzers, opt.Config, opt.Branches = commit, suite.Analyzers(), inventory, repo.Branches(ctx)
		opt.Ignored = detect.Names.Ignored(fingerprints(commit), same)
		l.keep(opt, name)
		result, err := scan.Run(ctx, *opt)
		if err != nil {
			return s, err
		}
		f.add(result)
	}
	opt := l.options(f, detect, now)
	opt.Target.Mode, opt.Config = "history", inventory
	if commit != nil {
		opt.Ignored = detect.Names.Ignored(fingerprints(commit), same)
	}
	switch result, err := scan.RunHistory(ctx, *opt, scan.History{Repository: repo}); {
	case errors.Is(err, scan.ErrNothing):
		return s, ErrEmpty
	case err != nil:
		return s, err
	default:
		f.add(result)
	}
	if commit == nil {
		f.Errors = append(f.Errors, &report.Error{Path: "HEAD", Says: "is no commit, so that there is no tree to look at, and no crossings are known"})
	}
	s.Until = ends(inventory, now)
	s.Whole = len(f.Errors) == 0
	s.Findings = f.findings()
	s.Document, err = json.Marshal(f)
	return s, err
}

// prepare opens the commit that HEAD is, nil if it is none, and reads what the repository says of itself. What cannot be used of that is an error of
// the result, and the scan goes on without.
func (l *Looker) prepare(ctx context.Context, f *Found, repo *git.Repository) (commit *source.Commit, d *detection.Detection, inventory config.Config, err error) {
	d = l.standard
	if f.Commit == "" {
		return nil, d, inventory, nil
	}
	if commit, err = source.OpenCommit(ctx, repo, f.Commit); err != nil {
		return nil, d, inventory, err
	}
	if in, err := commit.Open(config.Name); err == nil {
		read, err := config.Read(in, "")
		in.Close()
		if err != nil {
			f.Errors = append(f.Errors, &report.Error{Path: config.Name, Says: err.Error()})
		} else {
			inventory = read
		}
	}
	const rules = ".gitleaks.toml"
	if data, err := contents(commit, rules); err == nil && l.rules == "" {
		user, err := gitleaks.Load(data, rules, func(path string) ([]byte, error) { return contents(commit, path) })
		var own *detection.Detection
		if err == nil {
			own, err = detection.New(user, detection.Options{Decode: gitleaks.DecodeDepth})
		}
		if err != nil {
			f.Errors = append(f.Errors, &report.Error{Path: rules, Says: err.Error()})
		} else {
			d = own
		}
	}
	return commit, d, inventory, nil
}

// contents returns what a file of the commit holds, which is about a repository and so not long.
func contents(commit *source.Commit, path string) ([]byte, error) {
	const longest = 4 << 20
	in, err := commit.Open(path)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	data, err := io.ReadAll(io.LimitReader(in, longest+1))
	if err == nil && len(data) > longest {
		err = fmt.Errorf("%s is longer than 4 MiB", path)
	}
	return data, err
}

// fingerprints returns what the repository's .gitleaksignore passes over.
func fingerprints(commit *source.Commit) gitleaks.Ignore {
	data, err := contents(commit, ".gitleaksignore")
	if err != nil {
		return nil
	}
	ignore, _ := gitleaks.ParseIgnore(data, ".gitleaksignore")
	return ignore
}

func same(path string) []string { return []string{path} }

func (l *Looker) options(f *Found, d *detection.Detection, now time.Time) *scan.Options {
	opt := &scan.Options{Now: now, Jobs: l.jobs}
	opt.Target.Path, opt.Target.Mode, opt.Target.Commit = ".", "tree", f.Commit
	d.Use(opt)
	return opt
}

// keep has what files say kept for the next night, if it can be.
func (l *Looker) keep(opt *scan.Options, name string) {
	if l.cache == "" {
		return
	}
	settings, err := scan.Settings(*opt)
	if err != nil {
		return
	}
	if opt.Cache, err = cache.Open(l.cache, cache.Of{Root: "/" + digest([]byte(name)), Settings: settings}); err != nil {
		opt.Cache = nil
	}
}

// ends returns when the first acceptance ends that holds now: from then on the same commit has other crossings.
func ends(c config.Config, now time.Time) (first time.Time) {
	for _, a := range c.Accept {
		end := a.Until.AddDate(0, 0, 1)
		if !a.Until.IsZero() && a.Holds(now) && (first.IsZero() || end.Before(first)) {
			first = end
		}
	}
	return first
}

// add adds what a scan of the tree or, after it, of the history found.
func (f *Found) add(r *scan.Result) {
	read, tokens := &f.Read.Tree, &f.Tokens
	if r.Start.Target.Mode == "history" {
		read, tokens = &f.Read.History, &f.History
	}
	*read = Read{r.Start.Target.Files, r.Start.Target.Bytes}
	crossed, from := map[string]bool{}, map[string]bool{}
	for _, x := range r.Crossings {
		crossed[x.Token], from[x.From] = true, true
		for i := range x.Path {
			x.Path[i].Frame, x.Path[i].Mark = "", 0
		}
		f.Crossings = append(f.Crossings, x)
	}
	known := map[string]bool{}
	for _, k := range f.Tokens {
		known[k.ID] = true
	}
	for _, k := range r.Tokens {
		if !known[k.ID] && (!k.Reference || crossed[k.ID]) {
			*tokens = append(*tokens, k)
		}
	}
	for _, u := range r.Units {
		if from[u.ID] {
			f.Units = append(f.Units, u)
		}
	}
	f.Gaps = append(f.Gaps, r.Gaps...)
	f.Errors = append(f.Errors, r.Errors...)
}

// findings returns what is followed from night to night: crossings that nobody accepts, and tokens that stand somewhere and that nobody allows.
func (f *Found) findings() []store.Finding {
	var list []store.Finding
	for _, x := range f.Crossings {
		if x.Status == "accepted" {
			continue
		}
		place := ""
		if n := len(x.Path); n > 0 {
			place = Place(x.Path[n-1].Path, x.Path[n-1].Line)
		}
		list = append(list, store.Finding{Kind: store.Crossing, ID: x.ID, Severity: x.Severity, Says: strings.TrimPrefix(x.From, "unit:") + ": " + x.Says, Place: place})
	}
	for _, k := range slices.Concat(f.Tokens, f.History) {
		if k.Reference || k.Allowed != "" {
			continue
		}
		place := ""
		if len(k.Places) > 0 {
			place = Place(k.Places[0].Path, k.Places[0].Line)
		}
		list = append(list, store.Finding{Kind: store.Token, ID: k.ID, Says: cmp.Or(k.Title, k.Rule), Place: place})
	}
	return list
}

// Place returns a place as reports write it; line 0 is the file as a whole.
func Place(path string, line int) string {
	if line == 0 {
		return path
	}
	return fmt.Sprintf("%s:%d", path, line)
}
