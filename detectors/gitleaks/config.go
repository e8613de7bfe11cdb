package gitleaks

import (
	"fmt"

	"github.com/zricethezav/gitleaks/v8/config"

	"github.com/stagewall/stagewall/detectors"
)

// Version is the version of gitleaks whose rules [Default] returns.
const Version = "8.30.1"

// DecodeDepth is how many encodings, one within the other, are undone unless something else is asked for, as on gitleaks' command line.
const DecodeDepth = 5

// Config is what a configuration says, with all that it extends.
type Config struct {
	Rules    []detectors.Rule
	Global   []detectors.Allowlist // they hold for every rule
	Disabled []string              // ids of rules that are not wanted, sorted; Rules holds none of them
	Notes    []Note                // what gitleaks ignores silently, and this package too
}

// Note is something about a file that its author should know.
type Note struct {
	Path string
	Line int // 1-based; 0 where none is known
	Says string
}

// Default returns the configuration that the pinned version of gitleaks carries. The caller owns the result.
func Default() (Config, error) {
	f, err := parse([]byte(config.DefaultConfig), "gitleaks' own configuration")
	if err != nil {
		return Config{}, err
	}
	c := Config{Rules: make([]detectors.Rule, 0, len(f.Rules))}
	for i := range f.Rules {
		r, err := f.rule(i)
		if err != nil {
			return Config{}, err
		}
		c.Rules = append(c.Rules, r)
	}
	c.Global, _, err = f.global()
	return c, err
}

// Load reads a configuration file, .gitleaks.toml, of the given name, and through read the files that it extends, whose paths are those
// that the file gives. Expressions are compiled, so that a configuration that is returned works. Errors name the file, the line and what
// to do about it.
//
// The meaning is that of gitleaks, which reports a rule of the extended file with what the extending file adds to it, with these
// differences: a rule that is disabled must exist; a partner may be a rule of the extended file; allowlists with targetRules count in
// extended files too; and the rules come in the order of their ids, or without an extension in the order of the file.
func Load(data []byte, name string, read func(path string) ([]byte, error)) (Config, error) {
	l := loader{read: read}
	c, err := l.load(data, name, 0)
	if err != nil {
		return Config{}, err
	}
	if err := l.validate(&c); err != nil {
		return Config{}, err
	}
	c.Notes = l.notes
	return c, nil
}

// place is where something was said, for messages.
type place struct {
	path string
	line int
}

func (p place) errorf(format string, args ...any) error {
	if p.line == 0 {
		return fmt.Errorf("%s: "+format, append([]any{p.path}, args...)...)
	}
	return fmt.Errorf("%s:%d: "+format, append([]any{p.path, p.line}, args...)...)
}
