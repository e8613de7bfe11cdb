package scan_test

import (
	"context"
	"fmt"
	"hash/fnv"
	"io"
	"io/fs"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/stagewall/stagewall/cmd/internal/source"
	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/detectortest"
)

const corpus = "../../../testdata/corpus/tags"

// labelled is a case of the corpus: files, and what is true of the tokens in them. The corpus' README.md says how cases are written.
type labelled struct {
	name    string // stratum/file/case
	stratum string
	held    bool // in the half on which nothing is fitted
	files   map[string]string
	minted  []detectortest.Minted
	subject string // the token that labels without one are about: {{name}}, or store:name of a reference
	labels  []label
}

// label is one question about a token, with the answers that are right and the address of what says so.
type label struct {
	question string // "provider", "reach", "intent", "most", "least", "scope", "crosses"
	subject  string
	answers  []answer // more than one where the documents leave it open
	source   string
}

// answer is one right answer.
type answer struct {
	text         string
	environments detectors.Environment
	privileges   detectors.Privilege
}

// readCorpus returns every case, ordered by name.
func readCorpus(t *testing.T) []*labelled {
	t.Helper()
	paths, err := filepath.Glob(corpus + "/*/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatal("no corpus", err)
	}
	var all []*labelled
	for _, p := range paths {
		archive, err := txtar.ParseFile(p)
		if err != nil {
			t.Fatal(err)
		}
		stratum := filepath.Base(filepath.Dir(p))
		r := reader{t: t, name: stratum + "/" + strings.TrimSuffix(filepath.Base(p), ".txtar"), stratum: stratum}
		r.read(archive)
		all = append(all, r.cases...)
	}
	return all
}

// reader reads one file of the corpus.
type reader struct {
	t       *testing.T
	name    string
	stratum string
	base    *url.URL // the address that a source may be relative to, and that of labels without one
	common  []txtar.File
	cases   []*labelled
}

func (r *reader) read(a *txtar.Archive) {
	r.t.Helper()
	for line := range strings.Lines(string(a.Comment)) {
		if address, ok := strings.CutPrefix(line, "Source: "); ok {
			base, err := url.Parse(strings.TrimSpace(address))
			if err != nil {
				r.t.Fatalf("%s: %v", r.name, err)
			}
			r.base = base
		}
	}
	tables := map[string]func(string){"cases": r.list, "names": r.names}
	single := slices.ContainsFunc(a.Files, func(f txtar.File) bool { return f.Name == "labels" })
	for _, f := range a.Files {
		if tables[f.Name] == nil && f.Name != "labels" {
			r.common = append(r.common, f)
		}
	}
	for _, f := range a.Files {
		switch table := tables[f.Name]; {
		case table != nil:
			table(string(f.Data))
		case f.Name == "labels" && single:
			r.single(string(f.Data))
		}
	}
	for _, c := range r.cases {
		r.finish(c)
	}
}

// add begins a case. Which half it is in depends on its file's name only, so that the cases of one provider or repository stay together.
func (r *reader) add(name string) *labelled {
	h := fnv.New32a()
	io.WriteString(h, r.name)
	c := &labelled{name: strings.TrimSuffix(r.name+"/"+name, "/"), stratum: r.stratum, held: h.Sum32()%2 == 1, files: map[string]string{}}
	r.cases = append(r.cases, c)
	return c
}

// names reads a table of names: NAME | INTENT | SOURCE. A name's case is a file of settings that gives a token that name.
func (r *reader) names(table string) {
	r.t.Helper()
	for line := range strings.Lines(table) {
		cells := strings.Split(strings.TrimSpace(line), "|")
		if len(cells) != 3 {
			r.t.Fatalf("%s: not a name: %q", r.name, line)
		}
		name := strings.TrimSpace(cells[0])
		c := r.add(name)
		c.files[".env"] = name + "={{sendgrid}}\n"
		r.label(c, "intent "+cells[1]+"|"+cells[2])
	}
}

// single reads the labels of a file that is one case.
func (r *reader) single(labels string) {
	c := r.add("")
	for _, f := range r.common {
		c.files[f.Name] = string(f.Data)
	}
	for line := range strings.Lines(labels) {
		r.label(c, line)
	}
}

// list reads a list of cases: a name, and indented its labels, files and lines.
func (r *reader) list(text string) {
	r.t.Helper()
	var c *labelled
	file := ""
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		rest, indented := strings.CutPrefix(line, "  ")
		switch {
		case line == "":
		case !indented:
			c = r.add(line)
			file = ".env"
			for _, f := range r.common {
				c.files[f.Name] = string(f.Data)
				file = f.Name
			}
			if len(r.common) > 0 {
				c.files[file] = strings.Replace(c.files[file], "@@\n", "", 1)
			}
		case strings.HasPrefix(rest, "@"):
			file = rest[1:]
		case strings.HasPrefix(rest, "? "):
			c.subject = rest[2:]
		case rest == ">" || strings.HasPrefix(rest, "> "):
			c.files[file] += strings.TrimPrefix(rest[1:], " ") + "\n"
		default:
			r.label(c, rest)
		}
	}
}

// label reads a label: QUESTION [SUBJECT:] ANSWER [or ANSWER …] [| SOURCE].
func (r *reader) label(c *labelled, line string) {
	r.t.Helper()
	if strings.TrimSpace(line) == "" {
		return
	}
	line, at, _ := strings.Cut(line, "|")
	question, rest, ok := strings.Cut(strings.TrimSpace(line), " ")
	l := label{question: question}
	if subject, answers, found := strings.Cut(rest, ": "); found {
		l.subject, rest = subject, answers
	}
	for text := range strings.SplitSeq(rest, " or ") {
		a, err := parseAnswer(question, strings.TrimSpace(text))
		if err != nil || !ok {
			r.t.Fatalf("%s: %q: %v", c.name, line, err)
		}
		l.answers = append(l.answers, a)
	}
	if r.base == nil {
		r.t.Fatalf("%s: no source", r.name)
	}
	address, err := r.base.Parse(strings.ReplaceAll(strings.TrimSpace(at), " ", "%20"))
	if err != nil || address.Scheme != "https" || address.Host == "" {
		r.t.Fatalf("%s: %q: no source", c.name, line)
	}
	l.source = address.String()
	c.labels = append(c.labels, l)
}

func parseAnswer(question, text string) (answer, error) {
	a := answer{text: text}
	switch question {
	case "reach", "intent":
		switch text {
		case "unknown", "none", "not production", "touching production":
			return a, nil
		case "every":
			a.environments = detectors.Unscoped
			return a, nil
		}
		for name := range strings.SplitSeq(text, ", ") {
			e, ok := detectors.EnvironmentNamed(name)
			if !ok {
				return a, fmt.Errorf("no environment %q", name)
			}
			a.environments |= e
		}
	case "most", "least":
		if text != "nothing" {
			p, err := parsePrivileges(strings.Split(text, ", "))
			a.privileges = p
			return a, err
		}
	case "provider":
	case "scope":
		if text != "known" && text != "unknown" {
			return a, fmt.Errorf("a scope is known or unknown")
		}
	case "crosses":
		if !slices.Contains([]string{"no", "ambient", "loaded", "flow"}, text) {
			return a, fmt.Errorf("no strength %q", text)
		}
	default:
		return a, fmt.Errorf("no question %q", question)
	}
	return a, nil
}

func parsePrivileges(names []string) (detectors.Privilege, error) {
	var p detectors.Privilege
	for _, name := range names {
		i := slices.Index(detectors.Full.Names(), name)
		if i < 0 {
			return 0, fmt.Errorf("no privilege %q", name)
		}
		p |= 1 << i
	}
	return p, nil
}

// finish mints the tokens and says which one the labels are about.
func (r *reader) finish(c *labelled) {
	r.t.Helper()
	for _, p := range sortedKeys(c.files) {
		text, minted := detectortest.Expand(c.files[p])
		c.files[p] = text
		for _, m := range minted {
			if !slices.Contains(c.minted, m) {
				c.minted = append(c.minted, m)
			}
		}
	}
	for i := range c.labels {
		l := &c.labels[i]
		if l.subject == "" {
			l.subject = c.subject
		}
		if l.subject == "" && len(c.minted) == 1 {
			l.subject = "{{" + c.minted[0].Name + "}}"
		}
		if l.subject == "" {
			r.t.Fatalf("%s: %s of which of %d tokens?", c.name, l.question, len(c.minted))
		}
	}
	if len(c.labels) == 0 || len(c.files) == 0 {
		r.t.Fatalf("%s: no labels or no files", c.name)
	}
}

func sortedKeys(m map[string]string) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// place is where the token of a label stands, and its line.
type place struct{ path, line string }

// places returns where a subject stands in the case's files.
func (c *labelled) places(subject string) []place {
	var all []place
	text := c.value(subject)
	for _, p := range sortedKeys(c.files) {
		for line := range strings.Lines(c.files[p]) {
			if strings.Contains(line, firstLine(text)) {
				all = append(all, place{p, strings.TrimSpace(line)})
			}
		}
	}
	return all
}

func firstLine(s string) string { first, _, _ := strings.Cut(s, "\n"); return first }

// value returns what stands for a subject in the files: the minted value, or a reference's name.
func (c *labelled) value(subject string) string {
	name, ok := strings.CutPrefix(subject, "{{")
	if !ok {
		return subject[strings.LastIndexAny(subject, ":/")+1:]
	}
	name = strings.TrimSuffix(name, "}}")
	for _, m := range c.minted {
		if m.Name == name {
			return m.Value
		}
	}
	return ""
}

// memory is a source that holds its files.
type memory map[string]string

func (m memory) List(context.Context) (source.Listing, error) {
	var l source.Listing
	for _, p := range sortedKeys(m) {
		l.Files = append(l.Files, source.File{Path: p, Tracked: true})
	}
	return l, nil
}

func (m memory) Open(p string) (io.ReadCloser, error) {
	text, ok := m[p]
	if !ok {
		return nil, &fs.PathError{Op: "open", Path: p, Err: fs.ErrNotExist}
	}
	return io.NopCloser(strings.NewReader(text)), nil
}

var caseName = regexp.MustCompile(`^[a-z]+/[a-z0-9-]+(?:/[A-Za-z0-9_-]+)?$`)

// TestTagsCorpus checks what the corpus promises: enough cases, names that are unique, both halves filled, and tokens that stand where
// the labels say. That every label has a source is checked when it is read.
func TestTagsCorpus(t *testing.T) {
	all := readCorpus(t)
	seen := map[string]bool{}
	labels, held := 0, 0
	for _, c := range all {
		if seen[c.name] || !caseName.MatchString(c.name) {
			t.Errorf("%s: a bad name, or one that is used twice", c.name)
		}
		seen[c.name] = true
		if c.held {
			held++
		}
		for _, l := range c.labels {
			labels++
			if c.value(l.subject) == "" || len(c.places(l.subject)) == 0 {
				t.Errorf("%s: %s stands nowhere", c.name, l.subject)
			}
		}
	}
	t.Logf("%d cases, %d labels, %d cases held", len(all), labels, held)
	if len(all) < 850 {
		t.Errorf("%d cases are too few", len(all))
	}
	if held*10 < len(all)*3 || held*10 > len(all)*7 {
		t.Errorf("%d of %d cases are held: no half", held, len(all))
	}
}
