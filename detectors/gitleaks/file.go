package gitleaks

import (
	"cmp"
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"regexp/syntax"
	"strings"
	"unicode/utf8"

	"github.com/mitchellh/mapstructure"
	"github.com/pelletier/go-toml/v2"

	"github.com/stagewall/stagewall/detectors"
)

// file is a configuration file as written. Keys are read in any case.
type file struct {
	Extend struct {
		Path          string
		UseDefault    bool
		DisabledRules []string
	}
	MinVersion string
	Rules      []rule
	Allowlist  *allowlist // the older form of Allowlists
	Allowlists []allowlist

	name  string
	data  []byte
	lines map[string]int // by path of a key, such as "rules.2.regex"; nil until a line is asked for
}

type rule struct {
	ID          string
	Description string
	Path        string
	Regex       string
	SecretGroup int
	Tags        []string
	Entropy     float64
	Keywords    []string
	Allowlist   *allowlist // the older form of Allowlists
	Allowlists  []allowlist
	Required    []required
	SkipReport  bool
}

type required struct {
	ID            string
	WithinLines   *int
	WithinColumns *int
}

type allowlist struct {
	TargetRules []string
	Description string
	Condition   string
	Commits     []string
	Paths       []string
	RegexTarget string
	Regexes     []string
	StopWords   []string
}

// parse reads a file with the latitude of gitleaks: it takes a number for a text, a text with commas for a list, and a table for a list of one.
//
//	https://github.com/spf13/viper/blob/v1.19.0/viper.go (defaultDecoderConfig)
func parse(data []byte, name string) (*file, error) {
	f := &file{name: name, data: data}
	var written map[string]any
	err := toml.Unmarshal(data, &written)
	if bad := (*toml.DecodeError)(nil); errors.As(err, &bad) {
		line, _ := bad.Position()
		return nil, place{name, line}.errorf("%s", strings.TrimPrefix(bad.Error(), "toml: "))
	}
	if err != nil {
		return nil, place{name, 0}.errorf("%w", err)
	}
	decoder, err := mapstructure.NewDecoder(&mapstructure.DecoderConfig{
		Result: f, WeaklyTypedInput: true, DecodeHook: mapstructure.StringToSliceHookFunc(","),
	})
	if err != nil {
		return nil, err
	}
	if err := decoder.Decode(written); err != nil {
		return nil, f.mistyped(err)
	}
	if f.Allowlist != nil && reflect.ValueOf(*f.Allowlist).IsZero() {
		f.Allowlist = nil // gitleaks passes over a table of this name without keys, and only over that
	}
	return f, nil
}

// mistyped returns an error for the first value that is of another type than its key wants. The value is not said: it can be one to be found.
func (f *file) mistyped(err error) error {
	field := ""
	if bad := (*mapstructure.Error)(nil); errors.As(err, &bad) && len(bad.Errors) > 0 { // 'Rules[0].SecretGroup' expected type …
		_, field, _ = strings.Cut(bad.Errors[0], "'")
		field, _, _ = strings.Cut(field, "'")
	}
	key := strings.ToLower(strings.NewReplacer("[", ".", "]", "").Replace(field))
	return f.at(key, key[:max(strings.LastIndexByte(key, '.'), 0)]).errorf("the value of %s is of a type that gitleaks does not take there", cmp.Or(field, "a key"))
}

// at returns the place of the first of the keys that the file holds.
func (f *file) at(keys ...string) place {
	if f.lines == nil {
		f.lines = keyLines(f.data)
	}
	for _, key := range keys {
		if line, ok := f.lines[key]; ok {
			return place{f.name, line}
		}
	}
	return place{f.name, 0}
}

// rule returns the i-th rule of the file.
func (f *file) rule(i int) (detectors.Rule, error) {
	r := &f.Rules[i]
	d := detectors.Rule{
		ID: r.ID, Description: r.Description, Pattern: r.Regex, Group: r.SecretGroup, Path: r.Path,
		Tags: r.Tags, Entropy: r.Entropy, SkipReport: r.SkipReport, Generic: strings.Contains(strings.ToLower(r.ID), "generic"),
	}
	for _, k := range r.Keywords {
		d.Keywords = append(d.Keywords, strings.ToLower(k))
	}
	key := fmt.Sprintf("rules.%d", i)
	if r.Allowlist != nil && len(r.Allowlists) > 0 {
		return d, f.at(key+".allowlist").errorf("rule %q has both [rules.allowlist] and [[rules.allowlists]]: write the first, the older form, as one of the second", r.ID)
	}
	if r.Allowlist != nil {
		a, err := f.allowlist(r.Allowlist, key+".allowlist")
		if err != nil {
			return d, err
		}
		d.Allowlists = append(d.Allowlists, a)
	}
	for n := range r.Allowlists {
		a, err := f.allowlist(&r.Allowlists[n], fmt.Sprintf("%s.allowlists.%d", key, n))
		if err != nil {
			return d, err
		}
		d.Allowlists = append(d.Allowlists, a)
	}
	for n, q := range r.Required {
		if q.ID == "" {
			return d, f.at(fmt.Sprintf("%s.required.%d", key, n), key).errorf("rule %q requires a rule without an id: write id = \"…\"", r.ID)
		}
		d.Required = append(d.Required, detectors.Required{Rule: q.ID, WithinLines: q.WithinLines, WithinColumns: q.WithinColumns})
	}
	return d, nil
}

// global returns the allowlists that hold for every rule, and those that name the rules that they hold for.
func (f *file) global() (global []detectors.Allowlist, targeted []target, err error) {
	if f.Allowlist != nil && len(f.Allowlists) > 0 {
		return nil, nil, f.at("allowlist").errorf("there are both [allowlist] and [[allowlists]]: write the first, the older form, as one of the second")
	}
	add := func(a *allowlist, key string) error {
		d, err := f.allowlist(a, key)
		if err != nil {
			return err
		}
		if len(a.TargetRules) == 0 {
			global = append(global, d)
		}
		for _, id := range a.TargetRules {
			targeted = append(targeted, target{id, d, f.at(key+".targetrules", key)})
		}
		return nil
	}
	if f.Allowlist != nil {
		return global, targeted, add(f.Allowlist, "allowlist")
	}
	for n := range f.Allowlists {
		if err := add(&f.Allowlists[n], fmt.Sprintf("allowlists.%d", n)); err != nil {
			return nil, nil, err
		}
	}
	return global, targeted, nil
}

// target is an allowlist for one rule, written outside it.
type target struct {
	rule      string
	allowlist detectors.Allowlist
	at        place
}

func (f *file) allowlist(a *allowlist, key string) (detectors.Allowlist, error) {
	d := detectors.Allowlist{
		Description: a.Description, Commits: a.Commits, Paths: a.Paths, Regexes: a.Regexes, Target: a.RegexTarget, StopWords: a.StopWords,
	}
	switch strings.ToUpper(a.Condition) {
	case "AND", "&&":
		d.MatchAll = true
	case "", "OR", "||":
	default:
		return d, f.at(key+".condition", key).errorf("an allowlist's condition is %q: write AND or OR", a.Condition)
	}
	switch a.RegexTarget {
	case "secret":
		d.Target = ""
	case "", "match", "line":
	default:
		return d, f.at(key+".regextarget", key).errorf("an allowlist's regexTarget is %q: write secret, match or line", a.RegexTarget)
	}
	if len(a.Commits)+len(a.Paths)+len(a.Regexes)+len(a.StopWords) == 0 {
		return d, f.at(key).errorf("an allowlist allows nothing: give it commits, paths, regexes or stopwords, or remove it")
	}
	return d, nil
}

// compile compiles every expression of the file.
func (f *file) compile() error {
	for i, r := range f.Rules {
		key := fmt.Sprintf("rules.%d", i)
		if err := f.compileOne(key+".path", r.ID, r.Path); err != nil {
			return err
		}
		if err := f.compileOne(key+".regex", r.ID, r.Regex); err != nil {
			return err
		}
		if r.Allowlist != nil {
			if err := f.compileAllowlist(r.Allowlist, key+".allowlist", r.ID); err != nil {
				return err
			}
		}
		for n := range r.Allowlists {
			if err := f.compileAllowlist(&r.Allowlists[n], fmt.Sprintf("%s.allowlists.%d", key, n), r.ID); err != nil {
				return err
			}
		}
	}
	if f.Allowlist != nil {
		return f.compileAllowlist(f.Allowlist, "allowlist", "")
	}
	for n := range f.Allowlists {
		if err := f.compileAllowlist(&f.Allowlists[n], fmt.Sprintf("allowlists.%d", n), ""); err != nil {
			return err
		}
	}
	return nil
}

func (f *file) compileAllowlist(a *allowlist, key, rule string) error {
	for n, text := range a.Paths {
		if err := f.compileOne(fmt.Sprintf("%s.paths.%d", key, n), rule, text); err != nil {
			return err
		}
	}
	for n, text := range a.Regexes {
		if err := f.compileOne(fmt.Sprintf("%s.regexes.%d", key, n), rule, text); err != nil {
			return err
		}
	}
	return nil
}

func (f *file) compileOne(key, rule, text string) error {
	_, err := regexp.Compile(text)
	if err == nil {
		return nil
	}
	at := f.at(key, key[:strings.LastIndexByte(key, '.')])
	subject := ""
	if rule != "" {
		subject = fmt.Sprintf("rule %q: ", rule)
	}
	advice := "correct the expression"
	if strings.Contains(text, "(?=") || strings.Contains(text, "(?!") || strings.Contains(text, "(?<") {
		advice = "the syntax, RE2, has no look-around: match what stands around the secret too, and say with secretGroup which group is the secret"
	}
	return at.errorf("%serror parsing regexp: %s: %s (https://github.com/google/re2/wiki/Syntax)", subject, problem(text, err), advice)
}

// problem says what is wrong with an expression, and where. The expression can hold what it is to find: no more of it is said than a few bytes, and
// those only where the mistake is in them.
func problem(text string, err error) string {
	const few = 16
	var wrong *syntax.Error
	if !errors.As(err, &wrong) {
		return "the expression cannot be compiled"
	}
	at := strings.Index(text, wrong.Expr)
	switch {
	case at < 0:
		return wrong.Code.String()
	case at == 0 && len(wrong.Expr) == len(text):
		return wrong.Code.String() + " in the whole of it"
	case len(wrong.Expr) > few:
		return fmt.Sprintf("%s at character %d", wrong.Code, utf8.RuneCountInString(text[:at])+1)
	}
	return fmt.Sprintf("%s at character %d, %q", wrong.Code, utf8.RuneCountInString(text[:at])+1, wrong.Expr)
}
