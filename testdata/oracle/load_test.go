package oracle

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rs/zerolog"
	"github.com/spf13/viper"
	"github.com/zricethezav/gitleaks/v8/config"
	"github.com/zricethezav/gitleaks/v8/logging"

	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/gitleaks"
)

// loadVariable names the configuration that a child process is to read as gitleaks reads it.
const loadVariable = "ORACLE_LOAD"

func TestMain(m *testing.M) {
	logging.Logger = zerolog.Nop()
	if path := os.Getenv(loadVariable); path != "" {
		os.Exit(printTheirs(path))
	}
	os.Exit(m.Run())
}

// configurations are files by name; each of the ones that do not begin with "base" is loaded.
var configurations = map[string]string{
	"default.toml": `[extend]
useDefault = true
`,
	"disabled.toml": `[extend]
useDefault = true
disabledRules = ["generic-api-key", "aws-access-token"]
[[rules]]
id = "mine"
regex = "m{9}"
keywords = ["MMM"]
`,
	"override.toml": `[extend]
useDefault = true
[[rules]]
id = "generic-api-key"
description = "ours"
entropy = 4.2
keywords = ["more"]
path = '''\.go$'''
[[rules.allowlists]]
description = "ours"
condition = "AND"
regexTarget = "line"
regexes = ["a", "b"]
paths = ["c"]
stopwords = ["D"]
commits = ["E"]
[[rules]]
id = "github-pat"
regex = "(g)(h)"
secretGroup = 2
[[allowlists]]
paths = ["everywhere"]
[[allowlists]]
targetRules = ["github-pat", "generic-api-key"]
regexes = ["targeted"]
`,
	"path.toml": `[extend]
path = "base.toml"
disabledRules = ["off"]
[[rules]]
id = "b"
regex = "ours"
keywords = ["ours"]
[allowlist]
regexTarget = "match"
regexes = ["ours"]
`,
	"base.toml": `[extend]
path = "base2.toml"
[[rules]]
id = "b"
description = "base"
regex = "base"
entropy = 1
[rules.allowlist]
stopwords = ["base"]
[[rules]]
id = "off"
regex = "off"
[allowlist]
paths = ["base"]
`,
	"base2.toml": `[extend]
useDefault = true
[[rules]]
id = "deep"
regex = "deep"
skipReport = true
[[rules]]
id = "needy"
regex = "needy"
[[rules.required]]
id = "deep"
withinLines = 2
`,
}

// TestLoad compares how configurations are read. Gitleaks reads each in a process of its own, because it reads only the first one right.
func TestLoad(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for name, text := range configurations {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range configurations {
		if strings.HasPrefix(name, "base") {
			continue
		}
		cmd := exec.Command(self)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), loadVariable+"="+name)
		cmd.Stderr = os.Stderr
		want, err := cmd.Output()
		if err != nil {
			t.Fatal(err)
		}
		c, err := gitleaks.Load([]byte(text), name, func(path string) ([]byte, error) { return os.ReadFile(filepath.Join(dir, path)) })
		if err != nil {
			t.Fatal(err)
		}
		theirs, ours := strings.Split(string(want), "\n"), strings.Split(print(c), "\n")
		for i := range max(len(theirs), len(ours)) {
			if i >= len(theirs) || i >= len(ours) || theirs[i] != ours[i] {
				t.Errorf("%s, line %d:\ntheirs %.2000s\nours   %.2000s", name, i+1, theirs[min(i, len(theirs)-1)], ours[min(i, len(ours)-1)])
				break
			}
		}
	}
}

// printTheirs prints a configuration as gitleaks reads it.
func printTheirs(path string) int {
	viper.SetConfigFile(path)
	if err := viper.ReadInConfig(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	var v config.ViperConfig
	if err := viper.Unmarshal(&v); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	theirs, err := v.Translate()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	var c gitleaks.Config
	for _, r := range theirs.GetOrderedRules() {
		d := detectors.Rule{
			ID: r.RuleID, Description: r.Description, Group: r.SecretGroup, Keywords: r.Keywords, Entropy: r.Entropy, SkipReport: r.SkipReport,
			Allowlists: allowlists(r.Allowlists), Generic: strings.Contains(r.RuleID, "generic"),
		}
		if r.Regex != nil {
			d.Pattern = r.Regex.String()
		}
		if r.Path != nil {
			d.Path = r.Path.String()
		}
		for _, q := range r.RequiredRules {
			d.Required = append(d.Required, detectors.Required{Rule: q.RuleID, WithinLines: q.WithinLines, WithinColumns: q.WithinColumns})
		}
		c.Rules = append(c.Rules, d)
	}
	c.Global = allowlists(theirs.Allowlists)
	os.Stdout.WriteString(print(c))
	return 0
}

func allowlists(all []*config.Allowlist) []detectors.Allowlist {
	var list []detectors.Allowlist
	for _, a := range all {
		d := detectors.Allowlist{
			Description: a.Description, MatchAll: a.MatchCondition == config.AllowlistMatchAnd,
			Commits: a.Commits, Target: a.RegexTarget, StopWords: a.StopWords,
		}
		for _, re := range a.Paths {
			d.Paths = append(d.Paths, re.String())
		}
		for _, re := range a.Regexes {
			d.Regexes = append(d.Regexes, re.String())
		}
		list = append(list, d)
	}
	return list
}

// print returns a configuration as text, a rule a line, with what gitleaks puts in no order sorted, in lower case and once.
func print(c gitleaks.Config) string {
	var b bytes.Buffer
	line := func(value any) {
		text, err := json.Marshal(value)
		if err != nil {
			panic(err)
		}
		b.Write(append(text, '\n'))
	}
	slices.SortFunc(c.Rules, func(a, b detectors.Rule) int { return strings.Compare(a.ID, b.ID) })
	for _, r := range c.Rules {
		r.Allowlists = ordered(r.Allowlists)
		if len(r.Keywords) == 0 {
			r.Keywords = nil
		}
		line(r)
	}
	line(ordered(c.Global))
	return b.String()
}

func ordered(all []detectors.Allowlist) []detectors.Allowlist {
	var list []detectors.Allowlist
	for _, a := range all {
		for _, words := range []*[]string{&a.Commits, &a.StopWords} {
			var lower []string
			for _, word := range *words {
				lower = append(lower, strings.ToLower(word))
			}
			slices.Sort(lower)
			*words = slices.Compact(lower)
		}
		list = append(list, a)
	}
	return list
}
