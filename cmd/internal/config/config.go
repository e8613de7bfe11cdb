// Package config reads .stagewall.yaml, in which a repository says what it knows: which hosts, projects and folders belong to which
// environment, which units are used for work on staging, and which crossings are accepted and why.
package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/bmatcuk/doublestar/v4"
	"go.yaml.in/yaml/v3"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/detectors"
)

// Name is the file's name. It lies at the root of the repository, or in a folder that is scanned by itself.
const Name = ".stagewall.yaml"

// Config is what the file says. The zero value says nothing.
type Config struct {
	Read      bool   // there is a file
	Below     string // the folder that is scanned, relative to the file's, whose paths the file means; empty if they are one
	Inventory []detectors.Binding
	Units     []UnitRule
	Accept    []Acceptance
}

// UnitRule says which environment the work with some files is for.
type UnitRule struct {
	Pattern      string // doublestar, on the unit's path
	Environments detectors.Environment
	Line         int
}

// Acceptance accepts a crossing.
type Acceptance struct {
	Crossing string
	Reason   string
	Until    time.Time // the last day on which it holds; zero: always
	Line     int
}

// Holds reports whether the acceptance holds on the day of now.
func (a Acceptance) Holds(now time.Time) bool {
	return a.Until.IsZero() || !now.UTC().Truncate(24*time.Hour).After(a.Until)
}

// tables are the keys of an environment, and what their values are.
var tables = map[string]string{
	"hosts": "host", "projects": "project", "accounts": "account", "apps": "app", "branches": "branch", "paths": "path",
}

// Path returns the path of the file as reports have it, relative to the folder that is scanned.
func (c Config) Path() string {
	if c.Below == "" {
		return Name
	}
	return strings.Repeat("../", strings.Count(c.Below, "/")+1) + Name
}

// seen returns a path, or the id of a unit, in the folder that is scanned as the file's patterns see it.
func (c Config) seen(scanned string) string {
	if c.Below == "" {
		return scanned
	}
	return c.Below + "/" + scanned
}

// Read reads the file, of which a megabyte is all that a repository needs to say, see [Parse].
func Read(in io.Reader, below string) (Config, error) {
	c := Config{Below: below}
	data, err := io.ReadAll(io.LimitReader(in, 1<<20+1))
	if err != nil {
		return c, err
	}
	if len(data) > 1<<20 {
		return c, fmt.Errorf("%s is longer than 1 MiB", c.Path())
	}
	return Parse(data, below)
}

// Parse reads the file's text; below is the folder that is scanned, relative to the file's, empty if they are one. An error names the line and
// what to write instead.
func Parse(data []byte, below string) (Config, error) {
	c := Config{Read: true, Below: below}
	err := c.parse(data)
	if err != nil {
		err = fmt.Errorf("%s%w", c.Path(), err)
	}
	return c, err
}

func (c *Config) parse(data []byte) error {
	var root, more yaml.Node
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	if err := decoder.Decode(&root); errors.Is(err, io.EOF) {
		return nil
	} else if err != nil {
		return fmt.Errorf(": %w", err)
	}
	if err := decoder.Decode(&more); err == nil {
		return wrong(more.Content[0], "only one document belongs into this file")
	} else if !errors.Is(err, io.EOF) {
		return fmt.Errorf(": %w", err)
	}
	return fields(root.Content[0], map[string]func(*yaml.Node) error{
		"environments": c.environments,
		"units":        c.units,
		"accept":       c.accept,
	})
}

// pairs calls read for each key of a mapping and its value. What is left empty has none.
func pairs(n *yaml.Node, belongs string, read func(key, value *yaml.Node) error) error {
	if empty(n) {
		return nil
	}
	if n.Kind != yaml.MappingNode {
		return wrong(n, belongs)
	}
	lines := map[string]int{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		if line, twice := lines[key.Value]; twice {
			return wrong(key, fmt.Sprintf("%s stands on line %d already", quoted(key), line))
		}
		lines[key.Value] = key.Line
		if value.Kind == yaml.AliasNode {
			value = value.Alias
		}
		if err := read(key, value); err != nil {
			return err
		}
	}
	return nil
}

func empty(n *yaml.Node) bool { return n.Kind == yaml.ScalarNode && n.Tag == "!!null" }

// fields calls the reader of each key of a mapping.
func fields(n *yaml.Node, readers map[string]func(*yaml.Node) error) error {
	return pairs(n, "a mapping belongs here", func(key, value *yaml.Node) error {
		read, ok := readers[key.Value]
		if !ok {
			known := make([]string, 0, len(readers))
			for key := range readers {
				known = append(known, key)
			}
			slices.Sort(known)
			return wrong(key, fmt.Sprintf("unknown key %s; there are: %s", quoted(key), strings.Join(known, ", ")))
		}
		return read(value)
	})
}

// quoted repeats a word of the file, unless it is as long as a secret can be: what is wrong in a file may stand anywhere in it.
func quoted(n *yaml.Node) string {
	const longest = 24
	if len(n.Value) > longest {
		return "what stands there"
	}
	return strconv.Quote(n.Value)
}

// wrong is the end of an error, behind the file's path.
func wrong(n *yaml.Node, says string) error { return fmt.Errorf(":%d: %s", n.Line, says) }

func (c *Config) environments(n *yaml.Node) error {
	readers := map[string]func(*yaml.Node) error{}
	for _, name := range detectors.Unscoped.Names() {
		env, _ := detectors.EnvironmentNamed(name)
		readers[name] = func(n *yaml.Node) error {
			rows := map[string]func(*yaml.Node) error{}
			for key, what := range tables {
				rows[key] = func(n *yaml.Node) error { return c.rows(n, what, env) }
			}
			return fields(n, rows)
		}
	}
	return fields(n, readers)
}

func (c *Config) rows(n *yaml.Node, what string, env detectors.Environment) error {
	if n.Kind != yaml.SequenceNode {
		return wrong(n, "a list belongs here, as in hosts: [\"*.stg.acme.internal\"]")
	}
	for _, item := range n.Content {
		if item.Kind != yaml.ScalarNode || item.Value == "" {
			return wrong(item, "a text belongs here")
		}
		if (what == "host" || what == "path") && !doublestar.ValidatePattern(item.Value) {
			return wrong(item, quoted(item)+" is no valid pattern")
		}
		c.Inventory = append(c.Inventory, detectors.Binding{
			What: what, Value: item.Value, Environments: env,
			At: detectors.Place{Path: c.Path(), Line: item.Line, Column: item.Column}, Stated: true, Below: c.Below,
		})
	}
	return nil
}

func (c *Config) units(n *yaml.Node) error {
	return pairs(n, "a mapping from a path to an environment belongs here", func(key, value *yaml.Node) error {
		if !doublestar.ValidatePattern(key.Value) {
			return wrong(key, quoted(key)+" is no valid pattern")
		}
		names := []*yaml.Node{value}
		if value.Kind == yaml.SequenceNode {
			names = value.Content
		}
		var all detectors.Environment
		for _, name := range names {
			env, ok := detectors.EnvironmentNamed(name.Value)
			if !ok {
				return wrong(name, fmt.Sprintf("%s is no environment; there are: %s", quoted(name), strings.Join(detectors.Unscoped.Names(), ", ")))
			}
			all |= env
		}
		c.Units = append(c.Units, UnitRule{Pattern: key.Value, Environments: all, Line: key.Line})
		return nil
	})
}

func (c *Config) accept(n *yaml.Node) error {
	if empty(n) {
		return nil
	}
	if n.Kind != yaml.SequenceNode {
		return wrong(n, "a list of acceptances belongs here")
	}
	for _, item := range n.Content {
		a := Acceptance{Line: item.Line}
		text := func(to *string) func(*yaml.Node) error {
			return func(n *yaml.Node) error { *to = n.Value; return nil }
		}
		err := fields(item, map[string]func(*yaml.Node) error{
			"crossing": text(&a.Crossing),
			"reason":   text(&a.Reason),
			"until": func(n *yaml.Node) (err error) {
				if a.Until, err = time.Parse(time.DateOnly, n.Value); err != nil {
					return wrong(n, "until is a date, as in 2027-03-01")
				}
				return nil
			},
		})
		switch {
		case err != nil:
			return err
		case !strings.HasPrefix(a.Crossing, "x_"):
			return wrong(item, "crossing is the id of a crossing, as in x_4f0c…; a report names it")
		case strings.TrimSpace(a.Reason) == "":
			return wrong(item, "an acceptance needs a reason")
		}
		c.Accept = append(c.Accept, a)
	}
	return nil
}

// Declare returns the environments that the file gives to a unit by its path. A rule for units beats a folder of an environment, and
// of several rules the last one that matches holds.
func (c Config) Declare(u analyzers.Unit) (detectors.Environment, detectors.Evidence) {
	evidence := func(line int, says string) detectors.Evidence {
		return detectors.Evidence{About: "environment", Says: says, Path: c.Path(), Line: line}
	}
	for _, rule := range slices.Backward(c.Units) {
		if ok, _ := doublestar.Match(rule.Pattern, c.seen(u.At.Path)); ok || rule.Pattern == c.seen(u.ID) {
			return rule.Environments, evidence(rule.Line, "the inventory says that this is used in "+rule.Environments.String())
		}
	}
	var env detectors.Environment
	var line int
	for _, b := range c.Inventory {
		if ok, _ := doublestar.Match(b.Value, c.seen(u.At.Path)); ok && b.What == "path" {
			env |= b.Environments
			line = b.At.Line
		}
	}
	if env == 0 {
		return 0, detectors.Evidence{}
	}
	return env, evidence(line, "the inventory says that this folder belongs to "+env.String())
}
