package oracle

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/pelletier/go-toml/v2"
	"github.com/zricethezav/gitleaks/v8/config"
	"github.com/zricethezav/gitleaks/v8/detect"
	"github.com/zricethezav/gitleaks/v8/report"
	"github.com/zricethezav/gitleaks/v8/sources"

	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/gitleaks"
	"github.com/stagewall/stagewall/detectors/match"
)

const decodeDepth = 5

// finding is what both detectors report, in one form.
type finding struct {
	rule       string
	start, end int // of the match
	secret     string
	encodings  string
}

func (f finding) String() string {
	return fmt.Sprintf("%s [%d,%d) %q %s", f.rule, f.start, f.end, f.secret, f.encodings)
}

func compare(a, b finding) int {
	return cmp.Or(cmp.Compare(a.start, b.start), cmp.Compare(a.end, b.end), cmp.Compare(a.rule, b.rule),
		cmp.Compare(a.secret, b.secret), cmp.Compare(a.encodings, b.encodings))
}

// theirs is gitleaks' detector.
type theirs struct{ *detect.Detector }

func newTheirs(tb testing.TB, text string) theirs {
	var v config.ViperConfig
	if err := toml.Unmarshal([]byte(text), &v); err != nil {
		tb.Fatal(err)
	}
	c, err := v.Translate()
	if err != nil {
		tb.Fatal(err)
	}
	d := detect.NewDetector(c)
	d.MaxDecodeDepth = decodeDepth
	d.IgnoreGitleaksAllow = true // the comments are read elsewhere
	return theirs{d}
}

// find returns what gitleaks finds in the file, and false if it does not read it: binary files, and empty ones.
func (d theirs) find(tb testing.TB, path string, data []byte) ([]finding, bool) {
	var found []finding
	offset := 0
	file := sources.File{Content: bytes.NewReader(data), Path: path}
	err := file.Fragments(context.Background(), func(f sources.Fragment, err error) error {
		if err != nil {
			return err
		}
		for _, r := range d.Detect(detect.Fragment(f)) {
			found = append(found, d.finding(r, f, data, offset))
		}
		offset += len(f.Raw)
		return nil
	})
	if err != nil {
		tb.Fatal(err)
	}
	slices.SortFunc(found, compare)
	found = slices.CompactFunc(found, func(a, b finding) bool { return a == b && a.secret == "" && a.end == 0 }) // paths, once a fragment
	return found, offset > 0 && offset == len(data)
}

// finding turns gitleaks' lines and columns into offsets. Gitleaks counts the columns of every line but a fragment's first from the line
// break before it, and starts a match where the expression does, but leaves line breaks at both ends out of its length.
func (d theirs) finding(r report.Finding, f sources.Fragment, data []byte, offset int) finding {
	raw := data[offset : offset+len(f.Raw)]
	if strings.HasPrefix(r.Match, "file detected:") {
		return finding{rule: r.RuleID}
	}
	g := finding{rule: r.RuleID, secret: r.Secret}
	g.start = offset + lineStart(raw, r.StartLine-f.StartLine) + r.StartColumn - 1
	g.end = offset + lineStart(raw, r.EndLine-f.StartLine) + r.EndColumn
	var encodings []string
	for _, tag := range r.Tags {
		if name, ok := strings.CutPrefix(tag, "decoded:"); ok {
			encodings = append(encodings, name)
		}
		if depth, ok := strings.CutPrefix(tag, "decode-depth:"); ok {
			encodings = append(encodings, depth)
		}
	}
	g.encodings = strings.Join(encodings, " ")
	if r.EndColumn == 0 && g.encodings == "" {
		g.end = g.start + len(r.Match) // not set where the match ends in a last line without a line break
	}
	for g.encodings == "" && g.start < len(data) && data[g.start] == '\n' {
		g.start++
		g.end++
	}
	return g
}

func lineStart(text []byte, line int) int {
	offset := 0
	for i := range line {
		n := bytes.IndexByte(text[offset+min(i, 1):], '\n')
		if n < 0 {
			return offset
		}
		offset += n + min(i, 1)
	}
	return offset
}

// ours is the engine under test.
type ours struct {
	*match.Scanner
	rules []detectors.Rule
}

func newOurs(tb testing.TB, text string) ours {
	c, err := gitleaks.Load([]byte(text), ".gitleaks.toml", nil)
	if err != nil {
		tb.Fatal(err)
	}
	e, err := match.New(c.Rules, match.Options{DecodeDepth: decodeDepth, Global: c.Global, Gitleaks: true})
	if err != nil {
		tb.Fatal(err)
	}
	return ours{e.Scanner(), c.Rules}
}

func (s ours) find(tb testing.TB, path string, data []byte) []finding {
	var found []finding
	err := s.Scan(context.Background(), match.Input{Path: path, Data: data, Final: true}, func(c match.Candidate) bool {
		f := finding{rule: s.rules[c.Rule].ID, start: c.Match.Start, end: c.Match.End, secret: string(c.Value)}
		if c.Depth > 0 {
			f.encodings = strings.Join(append(c.Encodings, fmt.Sprint(c.Depth)), " ")
		}
		found = append(found, f)
		return true
	})
	if err != nil {
		tb.Fatal(err)
	}
	slices.SortFunc(found, compare)
	return found
}

// comparison runs both and keeps the score.
type comparison struct {
	theirs theirs
	ours   ours
	found  int
}

// newComparison compares with a configuration that extends none.
func newComparison(tb testing.TB, text string) *comparison {
	return &comparison{theirs: newTheirs(tb, text), ours: newOurs(tb, text)}
}

func (c *comparison) file(t *testing.T, path string, data []byte) {
	want, text := c.theirs.find(t, path, data)
	if !text {
		return
	}
	got := c.ours.find(t, path, data)
	c.found += len(want)
	missing, surplus := explain(difference(want, got), difference(got, want))
	for _, f := range missing {
		t.Errorf("%s: missing: %v", path, f)
	}
	for _, f := range surplus {
		t.Errorf("%s: surplus: %v", path, f)
	}
}

// difference returns the elements of a that are not in b, both sorted.
func difference(a, b []finding) []finding {
	var only []finding
	for _, f := range a {
		if n, ok := slices.BinarySearchFunc(b, f, compare); ok {
			b = slices.Delete(slices.Clone(b), n, n+1)
		} else {
			only = append(only, f)
		}
	}
	return only
}

// differs is a difference that is wanted.
type differs struct {
	reason string
	same   func(theirs, ours finding) bool
}

var differences = []differs{{
	reason: "gitleaks gives no end column to a match that ends in a last line without a line break",
	same: func(theirs, ours finding) bool {
		ends := theirs.end <= theirs.start
		theirs.end = ours.end
		return ends && theirs == ours
	},
}}

// explain takes pairs that differ as they may out of both lists.
func explain(missing, surplus []finding) (_, _ []finding) {
	for _, d := range differences {
		missing = slices.DeleteFunc(missing, func(theirs finding) bool {
			n := slices.IndexFunc(surplus, func(ours finding) bool { return d.same(theirs, ours) })
			if n < 0 {
				return false
			}
			surplus = slices.Delete(surplus, n, n+1)
			return true
		})
	}
	return missing, surplus
}
