package gitleaks

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/stagewall/stagewall/detectors"
)

// mostExtensions is how deep files may extend each other, as in gitleaks: deeper ones are ignored.
const mostExtensions = 2

// loader reads a configuration and what it extends.
type loader struct {
	read    func(path string) ([]byte, error)
	notes   []Note
	targets []target
	written map[string]place // by id: where a rule was last written in a file of the user's
}

func (l *loader) note(at place, format string, args ...any) {
	l.notes = append(l.notes, Note{at.path, at.line, fmt.Sprintf(format, args...)})
}

func (l *loader) load(data []byte, name string, depth int) (Config, error) {
	f, err := parse(data, name)
	if err != nil {
		return Config{}, err
	}
	if err := f.compile(); err != nil {
		return Config{}, err
	}
	var c Config
	if c.Rules, err = l.rules(f); err != nil {
		return Config{}, err
	}
	var targets []target
	if c.Global, targets, err = f.global(); err != nil {
		return Config{}, err
	}
	if depth == 0 {
		l.targets = targets
	} else if len(targets) > 0 {
		l.note(targets[0].at, "targetRules in a file that is extended: gitleaks ignores the allowlist, and it is ignored here")
	}
	if err := l.minVersion(f); err != nil {
		return Config{}, err
	}
	base, extends, err := l.extended(f, depth)
	if err != nil || !extends {
		return c, err
	}
	return c, l.extend(&c, f, base)
}

// rules returns the file's rules. Of two with one id the last counts.
func (l *loader) rules(f *file) ([]detectors.Rule, error) {
	if l.written == nil {
		l.written = map[string]place{}
	}
	var rules []detectors.Rule
	for i := range f.Rules {
		r, err := f.rule(i)
		if err != nil {
			return nil, err
		}
		at := f.at(fmt.Sprintf("rules.%d", i))
		if strings.TrimSpace(r.ID) == "" {
			return nil, at.errorf("a rule has no id: write id = \"…\"")
		}
		if n := indexOf(rules, r.ID); n >= 0 {
			l.note(at, "rule %q is written twice: only this one counts", r.ID)
			rules = slices.Delete(rules, n, n+1)
		}
		rules = append(rules, r)
		if _, ok := l.written[r.ID]; !ok {
			l.written[r.ID] = at
		}
	}
	return rules, nil
}

func indexOf(rules []detectors.Rule, id string) int {
	return slices.IndexFunc(rules, func(r detectors.Rule) bool { return r.ID == id })
}

// minVersion notes that a file asks for a version of gitleaks that is not there yet.
func (l *loader) minVersion(f *file) error {
	if f.MinVersion == "" {
		return nil
	}
	at := f.at("minversion")
	wanted, ok := version(f.MinVersion)
	if !ok {
		return at.errorf("minVersion is %q: write a version such as \"v%s\"", f.MinVersion, Version)
	}
	if present, _ := version(Version); slices.Compare(wanted, present) > 0 {
		l.note(at, "the file wants gitleaks %s or later; what is read here is what %s knows", f.MinVersion, Version)
	}
	return nil
}

// version returns the numbers of a version, without what a dash or plus sign introduces.
func version(text string) ([]int, bool) {
	text = strings.TrimPrefix(text, "v")
	if i := strings.IndexAny(text, "-+"); i >= 0 {
		text = text[:i]
	}
	var numbers []int
	for _, part := range strings.Split(text, ".") {
		n, err := strconv.Atoi(part)
		if err != nil || n < 0 {
			return nil, false
		}
		numbers = append(numbers, n)
	}
	return numbers, true
}

// extended returns the configuration that the file extends, if there is one.
func (l *loader) extended(f *file, depth int) (base Config, ok bool, err error) {
	path, useDefault := f.Extend.Path, f.Extend.UseDefault
	switch {
	case path == "" && !useDefault:
		return Config{}, false, nil
	case depth == mostExtensions:
		l.note(f.at("extend"), "the extension is ignored: gitleaks follows %d, one after the other", mostExtensions)
		return Config{}, false, nil
	case path != "" && useDefault:
		return Config{}, false, f.at("extend.path", "extend").errorf("extend has both path and useDefault: keep one; the extended file may use the default")
	case useDefault:
		base, err = Default()
		return base, true, err
	}
	at := f.at("extend.path", "extend")
	if l.read == nil {
		return Config{}, false, at.errorf("%s cannot be extended here", path)
	}
	data, err := l.read(path)
	if err != nil {
		return Config{}, false, at.errorf("the extended file: %w", err)
	}
	base, err = l.load(data, path, depth+1)
	return base, true, err
}

// extend adds to c what it extends: base's rules, changed as c's rules of the same ids say, but for the disabled ones.
func (l *loader) extend(c *Config, f *file, base Config) error {
	for n, id := range f.Extend.DisabledRules {
		if indexOf(base.Rules, id) < 0 && !slices.Contains(base.Disabled, id) {
			at := f.at(fmt.Sprintf("extend.disabledrules.%d", n), "extend.disabledrules")
			l.note(at, "disabledRules names %q, which is no rule of the extended configuration: correct the id or remove it", id)
			continue
		}
		c.Disabled = append(c.Disabled, id)
	}
	for _, b := range base.Rules {
		n := indexOf(c.Rules, b.ID)
		switch {
		case slices.Contains(f.Extend.DisabledRules, b.ID):
		case n < 0:
			c.Rules = append(c.Rules, b)
		default:
			if r := c.Rules[n]; len(r.Required) > 0 || r.SkipReport {
				l.note(l.written[b.ID], "rule %q changes one that it extends: its required and skipReport are ignored", b.ID)
			}
			c.Rules[n] = changed(b, c.Rules[n])
		}
	}
	slices.SortStableFunc(c.Rules, func(a, b detectors.Rule) int { return cmp.Compare(a.ID, b.ID) })
	c.Global = append(c.Global, base.Global...)
	c.Disabled = append(c.Disabled, base.Disabled...)
	slices.Sort(c.Disabled)
	c.Disabled = slices.Compact(c.Disabled)
	return nil
}

// changed returns the rule base with what r says instead, or in addition.
func changed(base, r detectors.Rule) detectors.Rule {
	base.Description = cmp.Or(r.Description, base.Description)
	base.Entropy = cmp.Or(r.Entropy, base.Entropy)
	base.Group = cmp.Or(r.Group, base.Group)
	base.Pattern = cmp.Or(r.Pattern, base.Pattern)
	base.Path = cmp.Or(r.Path, base.Path)
	base.Tags = slices.Concat(base.Tags, r.Tags)
	base.Keywords = slices.Concat(base.Keywords, r.Keywords)
	base.Allowlists = slices.Concat(base.Allowlists, r.Allowlists)
	return base
}

// validate checks what can be told only of the whole, and puts allowlists with targets where they belong.
func (l *loader) validate(c *Config) error {
	for _, t := range l.targets {
		n := indexOf(c.Rules, t.rule)
		switch {
		case n >= 0:
			c.Rules[n].Allowlists = append(slices.Clip(c.Rules[n].Allowlists), t.allowlist)
		case slices.Contains(c.Disabled, t.rule):
		default:
			return t.at.errorf("targetRules names %q, which is no rule: correct the id or remove it", t.rule)
		}
	}
	for i := range c.Rules {
		r := &c.Rules[i]
		at, own := l.written[r.ID]
		if !own {
			continue
		}
		if r.Pattern == "" && r.Path == "" {
			return at.errorf("rule %q has neither regex nor path: give it one, or extend the configuration whose rule it is to change", r.ID)
		}
		if re, err := regexp.Compile(r.Pattern); err == nil && r.Pattern != "" && r.Group > re.NumSubexp() {
			return at.errorf("rule %q: secretGroup is %d, but its regex has %d groups", r.ID, r.Group, re.NumSubexp())
		}
		for _, q := range r.Required {
			if indexOf(c.Rules, q.Rule) < 0 {
				return at.errorf("rule %q requires %q, which is no rule: correct the id or remove it", r.ID, q.Rule)
			}
		}
	}
	return nil
}
