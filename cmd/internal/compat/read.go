package compat

import (
	"bytes"
	"context"
	"io"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/h2non/filetype"
	"github.com/h2non/filetype/matchers"
	"github.com/h2non/filetype/types"

	"github.com/stagewall/stagewall/cmd/internal/source"
	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/match"
)

// worker reads and scans files, one after the other.
type worker struct {
	opt      *Options
	scanner  *match.Scanner
	skips    map[string]bool // by path: what skipped said
	buffer   bytes.Buffer
	findings []Finding
	problems []source.Problem
	bytes    int64
}

// file scans a file, unless gitleaks does not read it.
func (w *worker) file(ctx context.Context, f source.File) {
	name := path.Join(w.opt.Root, f.Path)
	if f.Link || archived(f.Path) || slices.Contains(w.opt.Skip, name) || w.skipped(name) {
		return
	}
	err := w.read(f)
	if err == nil && w.buffer.Len() > 0 && !application(w.buffer.Bytes()) {
		w.bytes += int64(w.buffer.Len())
		err = w.scan(ctx, name)
	}
	if err != nil {
		w.problems = append(w.problems, source.Problem{Path: f.Path, Err: err})
	}
}

func (w *worker) read(f source.File) error {
	in, err := w.opt.Source.Open(f.Path)
	if err != nil {
		return err
	}
	defer in.Close()
	w.buffer.Reset()
	_, err = io.Copy(&w.buffer, in)
	return err
}

func (w *worker) scan(ctx context.Context, name string) error {
	data := w.buffer.Bytes()
	lines := newFragmentLines(data)
	in := match.Input{Path: name, Data: data, Final: true}
	if !w.opt.IgnoreAllows {
		in.Allows = func(g match.Gitleaks) bool { return lines.allowed(lines.locate(g)) }
	}
	return w.scanner.Scan(ctx, in, func(c match.Candidate) bool {
		rule := &w.opt.Engine.Rules()[c.Rule]
		f := Finding{RuleID: rule.ID, Description: rule.Description, File: name, Match: "file detected: " + name, Tags: append([]string{}, rule.Tags...)}
		if rule.Pattern != "" {
			f.place(lines.locate(c.Gitleaks))
			f.Match, f.Secret, f.Entropy = string(c.Gitleaks.Text), string(c.Value), float32(c.Entropy)
			f.tag(c)
		}
		if ignored := w.opt.Ignored; ignored == nil || !ignored(name, rule.ID, f.Secret, f.StartLine) {
			w.findings = append(w.findings, f)
		}
		return true
	})
}

// archives are what a file's name holds that gitleaks takes for an archive, whatever its content; and archiveEndings what it ends in
// (https://github.com/mholt/archives v0.1.2, by which gitleaks tells).
var (
	archives       = []string{".7z", ".br", ".bz2", ".gz", ".lz4", ".rar", ".sz", ".s2", ".tar", ".xz", ".zip", ".zz", ".zst"}
	archiveEndings = []string{".lz", ".mz"}
)

// archived reports whether gitleaks takes the file for an archive, and so does not read it.
func archived(name string) bool {
	name = strings.ToLower(path.Base(name))
	return slices.ContainsFunc(archives, func(part string) bool { return strings.Contains(name, part) }) ||
		slices.Contains(archiveEndings, path.Ext(name))
}

// application reports whether the file's first bytes are those of a program, a document or an archive.
func application(data []byte) bool {
	const read = 100_000 // by gitleaks, at first
	data = data[:min(len(data), read)]
	for _, matches := range kinds() {
		if kind := matches(data); kind != types.Unknown && kind.Extension != "" {
			return kind.MIME.Type == "application"
		}
	}
	return false
}

// kinds returns what [filetype.Match] asks, in its order, without looking for each in a map whose keys are four texts: that takes longer than to ask.
var kinds = sync.OnceValue(func() (all []matchers.TypeMatcher) {
	for _, kind := range *filetype.MatcherKeys {
		all = append(all, filetype.Matchers[kind])
	}
	return all
})

// fragmentLines finds lines and columns as gitleaks counts them, within a fragment.
type fragmentLines struct {
	data     []byte
	fragment detectors.Span
	before   int   // lines before the fragment
	breaks   []int // the offsets of the fragment's line breaks
	returns  next  // the carriage returns
	allows   next  // the comments that allow a finding
}

func newFragmentLines(data []byte) *fragmentLines {
	return &fragmentLines{data: data, returns: next{data: data, what: []byte{'\r'}}, allows: next{data: data, what: []byte("gitleaks:allow")}}
}

// next finds the next place where something stands, for offsets that ascend mostly: a line may hold many findings, and is looked through once.
type next struct {
	data, what []byte
	known      bool
	from, at   int // the first place at the offset or after it; at is the length of the data if there is none
}

// next returns the first place at the offset or after it, or the length of the data.
func (n *next) next(offset int) int {
	end := len(n.data)
	switch {
	case n.known && n.from <= offset && offset <= n.at:
		return n.at
	case n.known && offset < n.from:
		end = min(end, n.from+len(n.what)-1)
	default:
		n.at = end
	}
	if i := bytes.Index(n.data[offset:end], n.what); i >= 0 {
		n.at = offset + i
	}
	n.known, n.from = true, offset
	return n.at
}

// allowed reports whether a comment in the match's lines allows it.
func (l *fragmentLines) allowed(at location) bool {
	return l.allows.next(at.from)+len(l.allows.what) <= at.to
}

// location is what gitleaks says of a match's place, and the line or lines in which a comment allows it.
type location struct {
	startLine, startColumn, endLine, endColumn int
	from, to                                   int // in the data
}

// enter makes the fragment the one that is counted in. Fragments come in order.
func (l *fragmentLines) enter(fragment detectors.Span) {
	if fragment == l.fragment {
		return
	}
	l.before += bytes.Count(l.data[l.fragment.Start:fragment.Start], []byte{'\n'})
	l.fragment, l.breaks = fragment, l.breaks[:0]
	for i := fragment.Start; i < fragment.End; i++ {
		n := bytes.IndexByte(l.data[i:fragment.End], '\n')
		if n < 0 {
			break
		}
		i += n
		l.breaks = append(l.breaks, i)
	}
	if len(l.breaks) == 0 {
		l.breaks = append(l.breaks, fragment.End)
	}
}

// locate returns the place of a match. To gitleaks a line begins with the line break before it, which is why columns of all lines but a
// fragment's first are one more than they are elsewhere; a match in a last line that no line break ends begins and ends in it; and one that
// only ends there has no end column.
func (l *fragmentLines) locate(g match.Gitleaks) location {
	l.enter(g.Fragment)
	begins := func(line int) int {
		if line == 0 {
			return l.fragment.Start
		}
		return l.breaks[line-1]
	}
	line, exact := slices.BinarySearch(l.breaks, g.Begin)
	if exact {
		line++ // a line break begins the next line
	}
	at := location{startLine: l.before + line + 1, startColumn: g.Begin - begins(line) + 1}
	if line == len(l.breaks) {
		at.endLine, at.endColumn = at.startLine, g.End-begins(line)
		at.from, at.to = l.fragment.Start, g.End
		if g.End == l.fragment.End || l.data[g.End] != '\n' { // there is no other line break behind
			at.to = min(l.returns.next(g.End), l.fragment.End)
		}
		return at
	}
	at.endLine, at.from, at.to = at.startLine, begins(line), l.breaks[line]
	if last, _ := slices.BinarySearch(l.breaks, g.End); last < len(l.breaks) {
		at.endColumn = g.End - begins(last)
		last = max(last, line) // a line break, trimmed, ends in the line before
		at.endLine, at.to = l.before+last+1, l.breaks[last]
	}
	at.to = max(at.to, g.End)
	return at
}
