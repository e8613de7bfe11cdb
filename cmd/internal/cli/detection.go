package cli

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"os"
	slash "path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/stagewall/stagewall/cmd/internal/baseline"
	"github.com/stagewall/stagewall/cmd/internal/detection"
	"github.com/stagewall/stagewall/cmd/internal/scan"
	"github.com/stagewall/stagewall/detectors/gitleaks"
)

// detection prepares the rules, what is known of providers, and what is to be passed over.
func (c Command) detection(opt *scan.Options, dir string, f scanFlags) error {
	user, from, err := rules(dir, f.config)
	if err != nil {
		return err
	}
	d, err := detection.New(user, detection.Options{Decode: f.decode, Only: f.only, Timings: f.timings})
	if err != nil {
		return err
	}
	d.Use(opt)
	ignore, err := c.ignored(dir, f.ignore)
	if err != nil {
		return err
	}
	if f.verbose {
		c.say("rules: %d, of which %d are from %s", len(d.Rules), len(user.Rules), from)
		if opt.Config.Read {
			c.say("inventory: %s", opt.Config.Path())
		}
		if len(ignore) > 0 {
			c.say("fingerprints that .gitleaksignore passes over: %d", len(ignore))
		}
	}
	spelt := spellings(opt, dir)
	opt.Ignored = d.Names.Ignored(ignore, spelt)
	c.note(user.Notes)
	if f.baseline != "" {
		return c.known(opt, f.baseline, d.Names.Of, spelt)
	}
	return nil
}

// spellings returns a function that says how gitleaks may have written a path: as it is reported, behind what was scanned, as that was named, or
// from the root of the repository.
func spellings(opt *scan.Options, dir string) func(path string) []string {
	target := opt.Target.Path
	if dir == "" {
		target = slash.Dir(target) // of a file
	}
	var before []string
	for _, folder := range []string{target, opt.Below} {
		if opt.Target.Mode == "tree" && folder != "" && folder != "." {
			before = append(before, folder)
		}
	}
	return func(path string) []string {
		all := []string{path}
		for _, folder := range before {
			all = append(all, slash.Join(folder, path))
		}
		return all
	}
}

// note says what is doubtful in a file and goes on.
func (c Command) note(notes []gitleaks.Note) {
	for _, n := range notes {
		c.say("%s:%d: %s", n.Path, n.Line, n.Says)
	}
}

// known reads the baseline: one of ours, a report of ours, or a report of gitleaks.
func (c Command) known(opt *scan.Options, path string, names, spelt func(string) []string) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return failed(fmt.Errorf("the baseline cannot be read: %w", err))
	}
	if !strings.HasPrefix(strings.TrimSpace(string(data)), "[") {
		opt.Known, err = baseline.Parse(data, path)
		return err
	}
	base, err := gitleaks.ParseBaseline(data, path)
	if err != nil {
		return err
	}
	ignored := opt.Ignored
	opt.Ignored = func(commit, path, rule, secret string, line int) bool {
		return ignored(commit, path, rule, secret, line) ||
			slices.ContainsFunc(names(rule), func(rule string) bool {
				return slices.ContainsFunc(spelt(path), func(path string) bool { return base.Has(rule, path, commit, secret, line) })
			})
	}
	return nil
}

// rules returns gitleaks' rules: those of the configuration that is named, or found, or else its defaults. They are looked for as
// gitleaks does: --config, GITLEAKS_CONFIG, GITLEAKS_CONFIG_TOML, .gitleaks.toml in what is scanned.
func rules(dir, named string) (c gitleaks.Config, from string, err error) {
	const defaults = "gitleaks' defaults"
	if named == "" {
		named = os.Getenv("GITLEAKS_CONFIG")
	}
	if named == "" {
		if text := os.Getenv("GITLEAKS_CONFIG_TOML"); text != "" {
			c, err = gitleaks.Load([]byte(text), "GITLEAKS_CONFIG_TOML", extended)
			return c, "GITLEAKS_CONFIG_TOML", err
		}
		found := filepath.Join(dir, ".gitleaks.toml")
		if info, err := os.Lstat(found); dir == "" || err != nil || !info.Mode().IsRegular() {
			c, err = gitleaks.Default()
			return c, defaults, err
		}
		named = found
	}
	data, err := os.ReadFile(named)
	if err != nil {
		return c, named, fmt.Errorf("the configuration cannot be read: %w", err)
	}
	c, err = gitleaks.Load(data, named, extended)
	return c, named, err
}

// extended reads a configuration that another one, which may be the repository's, names.
func extended(path string) ([]byte, error) {
	if err := regular(os.Stat(path)); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
}

// ignored returns what .gitleaksignore passes over: that which is named, a file or a folder's, or else the present folder's, and that of what is
// scanned, as gitleaks reads them.
func (c Command) ignored(dir, named string) (gitleaks.Ignore, error) {
	all := gitleaks.Ignore{}
	var read []string
	for _, path := range []string{cmp.Or(named, "."), dir} {
		if info, err := os.Stat(path); err == nil && info.IsDir() {
			path = filepath.Join(path, ".gitleaksignore")
			if err := regular(os.Stat(path)); err != nil && !errors.Is(err, os.ErrNotExist) {
				return nil, fmt.Errorf("%s: %w", path, err)
			}
		}
		if path == "" || slices.Contains(read, path) {
			continue
		}
		read = append(read, path)
		data, err := os.ReadFile(path)
		if errors.Is(err, os.ErrNotExist) {
			continue // gitleaks passes -i . whether or not a file is there
		}
		if err != nil {
			return nil, failed(err)
		}
		ignore, notes := gitleaks.ParseIgnore(data, path)
		c.note(notes)
		maps.Copy(all, ignore)
	}
	return all, nil
}
