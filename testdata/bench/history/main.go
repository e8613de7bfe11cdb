// History says of each of gitleaks' distinct secrets of a repository's history why it is not among stagewall's, and counts them by cause:
//
//	go run ./history REPOSITORY OURS THEIRS
//
// OURS is stagewall's report of the history with secrets, THEIRS gitleaks', both in JSON. Of a secret that is missing the blob where gitleaks
// found it is scanned again, and the candidates at its bytes are asked. Of secrets nothing is printed but how they begin.
package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"

	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/gitleaks"
	"github.com/stagewall/stagewall/detectors/match"
	"github.com/stagewall/stagewall/detectors/suite"
	"github.com/stagewall/stagewall/detectors/tag"
)

func main() {
	if len(os.Args) != 4 {
		fmt.Fprintln(os.Stderr, "usage: go run ./history REPOSITORY OURS THEIRS")
		os.Exit(2)
	}
	if err := run(context.Background(), os.Args[1], os.Args[2], os.Args[3], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "history:", err)
		os.Exit(1)
	}
}

// finding is what gitleaks reports.
type finding struct {
	RuleID, Secret, File, Commit string
	StartLine                    int
}

// part is where a part of a credential stands that its report names, such as the id that goes with a secret.
type part struct {
	Path         string
	Line, Column int
}

func run(ctx context.Context, repository, oursPath, theirsPath string, out io.Writer) error {
	var ours struct {
		Tokens []struct {
			Masked string
			Parts  []part
		}
	}
	var theirs []finding
	if err := read(oursPath, &ours); err != nil {
		return err
	}
	if err := read(theirsPath, &theirs); err != nil {
		return err
	}
	e, err := newExaminer()
	if err != nil {
		return err
	}
	for _, t := range ours.Tokens {
		if t.Masked != "" {
			e.ours[t.Masked] = true
		}
		for _, p := range t.Parts {
			e.parts[p] = true
		}
	}
	distinct := map[string]bool{}
	causes := map[string][]string{}
	slices.SortStableFunc(theirs, func(a, b finding) int {
		return cmp.Or(cmp.Compare(a.RuleID, b.RuleID), cmp.Compare(a.Secret, b.Secret))
	})
	for _, f := range theirs {
		if distinct[f.Secret] {
			continue
		}
		distinct[f.Secret] = true
		if e.ours[f.Secret] {
			continue
		}
		text, err := show(ctx, repository, f)
		if err != nil {
			return err
		}
		cause, err := e.cause(ctx, f, text)
		if err != nil {
			return err
		}
		causes[cause] = append(causes[cause], fmt.Sprintf("    %s, %s:%d at %.10s: %s", f.RuleID, f.File, f.StartLine, f.Commit, masked(f.Secret)))
	}
	missing := 0
	for _, list := range causes {
		missing += len(list)
	}
	fmt.Fprintf(out, "distinct secrets: stagewall %d, gitleaks %d, of which %d are not among ours, by cause:\n", len(e.ours), len(distinct), missing)
	for _, cause := range slices.Sorted(maps.Keys(causes)) {
		fmt.Fprintf(out, "%d %s\n%s\n", len(causes[cause]), cause, strings.Join(causes[cause], "\n"))
	}
	if n := len(causes[unexplained]); n > 0 {
		return fmt.Errorf("%d secrets are missing for no cause that is known", n)
	}
	return nil
}

func read(path string, into any) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	return json.Unmarshal(data, into)
}

// show returns the version of the file that gitleaks names.
func show(ctx context.Context, repository string, f finding) ([]byte, error) {
	cmd := exec.CommandContext(ctx, "git", "-C", repository, "cat-file", "blob", f.Commit+":"+f.File)
	cmd.Stderr = os.Stderr
	return cmd.Output()
}

// masked returns how a secret begins.
func masked(secret string) string {
	first, _, _ := strings.Cut(secret, "\n")
	return fmt.Sprintf("%.6q… of %d bytes", first, len(secret))
}

// examiner finds causes.
type examiner struct {
	engine    *match.Engine
	knowledge *tag.Knowledge
	ours      map[string]bool
	parts     map[part]bool
}

func newExaminer() (*examiner, error) {
	config, err := gitleaks.Default()
	if err != nil {
		return nil, err
	}
	rules := suite.Rules(suite.Providers(), config)
	engine, err := match.New(rules, match.Options{DecodeDepth: 5, Global: append(suite.Passed(), config.Global...)})
	if err != nil {
		return nil, err
	}
	return &examiner{engine, tag.NewKnowledge(suite.Providers()), map[string]bool{}, map[part]bool{}}, nil
}

const unexplained = "unexplained"

// passed returns why nothing in a file of this path is a token, if nothing is.
func passed(path string) string {
	for _, list := range suite.Passed() {
		for _, pattern := range list.Paths {
			if regexp.MustCompile(pattern).MatchString(path) {
				return "no token: in " + list.Description
			}
		}
	}
	return ""
}

// cause returns why a secret is not among ours.
func (e *examiner) cause(ctx context.Context, f finding, text []byte) (string, error) {
	var places []detectors.Span
	for at := 0; ; {
		n := bytes.Index(text[at:], []byte(f.Secret))
		if n < 0 {
			break
		}
		places = append(places, detectors.Span{Start: at + n, End: at + n + len(f.Secret)})
		at += n + 1
	}
	reported, ignored := "", ""
	around := e.knowledge.File(f.File, text, 0)
	err := e.engine.Scanner().Scan(ctx, match.Input{Path: f.File, Commit: f.Commit, Data: text, Final: true}, func(c match.Candidate) bool {
		value := string(c.Value)
		here := value != "" && (strings.Contains(unbroken(decoded(value)), unbroken(f.Secret)) || strings.Contains(f.Secret, value))
		for _, p := range places {
			here = here || c.Secret.Start < p.End && p.Start < c.Secret.End
		}
		if !here {
			return true
		}
		rule := e.engine.Rules()[c.Rule]
		switch why := around.Ignores(rule, c.Value, c.Secret); {
		case why != "":
			ignored = "no token: " + why
		case e.ours[value]:
			reported = "reported: a longer or shorter secret of the same bytes"
		case e.parts[partAt(f.File, text, c.Secret.Start)]:
			reported = "reported: as a part of a credential, beside its secret"
		}
		return true
	})
	other := ""
	if rule := e.rule(f.RuleID); rule != nil && rule.Provider != "" {
		other = "no token: not of the form that the provider's rule asks for"
	}
	return cmp.Or(reported, ignored, passed(f.File), other, unexplained), err
}

func partAt(path string, text []byte, offset int) part {
	return part{path, bytes.Count(text[:offset], []byte{'\n'}) + 1, offset - bytes.LastIndexByte(text[:offset], '\n')}
}

func (e *examiner) rule(id string) *detectors.Rule {
	rules := e.engine.Rules()
	if n := slices.IndexFunc(rules, func(r detectors.Rule) bool { return r.ID == id }); n >= 0 {
		return &rules[n]
	}
	return nil
}

// breaks matches a line break, however often it is escaped: a key in a JSON text in a JSON text is the same key.
var breaks = regexp.MustCompile(`\\+n|\n`)

func unbroken(value string) string { return breaks.ReplaceAllString(value, "") }

// decoded returns a value and, behind it, what those of its parts stand for that are base64.
func decoded(value string) string {
	all := value
	for _, part := range strings.Split(value, ".") {
		part = strings.NewReplacer("-", "+", "_", "/").Replace(strings.TrimRight(part, "="))
		if plain, err := base64.RawStdEncoding.DecodeString(part); err == nil {
			all += "\n" + string(plain)
		}
	}
	return all
}
