// Package install puts Stagewall into a repository: a hook for commits, a workflow, golangci-lint's plugin, and rules that keep coding agents from
// files. It plans first, which writes nothing, and a plan says what it would do; then it is carried out.
//
// The repository is not trusted: nothing of it is run, no link is followed out of it, no file that is one is written, and what somebody else wrote
// is never written over. Where something can be added to it without changing anything else, that is done, and proved by reading both versions; where
// not, it is said what to add.
package install

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"

	"github.com/stagewall/stagewall/cmd/internal/git"
	"github.com/stagewall/stagewall/cmd/internal/report"
)

// Options say what is to be installed where.
type Options struct {
	Dir     string          // the root of the working tree, or a folder that is in no repository
	Repo    *git.Repository // nil if there is none
	Version string          // of the program, as the go command names it
	Parts   []string        // names of parts; empty: all that the repository has a use for

	// Denied returns the files that agents are to be kept from. It is asked if there is an agent that can be kept from them.
	Denied func(context.Context) (Denied, error)
}

// Denied are the files with tokens that can touch production.
type Denied struct {
	Files    []string
	Named    int  // further ones, whose names hold a token: no rule may repeat it
	Complete bool // everything could be read
}

// parts are in the order in which they are planned.
var parts = []struct {
	name string
	plan func(*planner, context.Context)
}{{"hook", (*planner).hook}, {"workflow", (*planner).workflow}, {"golangci", (*planner).golangci}, {"agents", (*planner).agents}}

// Parts returns the names of all parts.
func Parts() (names []string) {
	for _, part := range parts {
		names = append(names, part.name)
	}
	return names
}

// Plan is what would be done.
type Plan struct {
	steps []step
	files []change
	Lacks bool // something that was asked for cannot be done, or not all of it is known
}

// step is one line of a plan.
type step struct {
	part    string
	says    string
	snippet string // what the user may put somewhere
}

// change is one file as it is to be.
type change struct {
	file
	after []byte
	mode  fs.FileMode // of a new file
	aside string      // if not empty, where the file that is there goes
}

// planner makes a plan.
type planner struct {
	Options
	*Plan
	part   string
	unused []step // why there is no use for parts
}

// NewPlan finds out what there is to do, and writes nothing.
func NewPlan(ctx context.Context, opt Options) *Plan {
	p := &planner{Options: opt, Plan: &Plan{}}
	for _, part := range parts {
		if p.part = part.name; p.asked() || len(opt.Parts) == 0 {
			part.plan(p, ctx)
		}
	}
	if len(p.steps) == 0 {
		p.steps = p.unused
	}
	return p.Plan
}

// asked reports whether the present part was asked for by its name.
func (p *planner) asked() bool {
	for _, name := range p.Parts {
		if name == p.part {
			return true
		}
	}
	return false
}

func (p *planner) say(format string, args ...any) {
	p.steps = append(p.steps, step{part: p.part, says: fmt.Sprintf(format, args...)})
}

// cannot says what cannot be done, and why.
func (p *planner) cannot(format string, args ...any) {
	p.say(format, args...)
	p.Lacks = true
}

// suggest says what the user may put somewhere.
func (p *planner) suggest(snippet, format string, args ...any) {
	p.steps = append(p.steps, step{p.part, fmt.Sprintf(format, args...), snippet})
}

// write plans a file. What it is for is said.
func (p *planner) write(c change, format string, args ...any) {
	verb := "write"
	if c.exists && c.aside == "" {
		if c.file.mode&0o222 == 0 {
			p.cannot("%s is left alone: it is read-only", c.shown)
			return
		}
		verb = "change"
	}
	p.say(verb+" "+c.shown+": "+format, args...)
	p.files = append(p.files, c)
}

// create plans a new file, if there is none.
func (p *planner) create(name string, text []byte, format string, args ...any) {
	f, err := open(p.Dir, name)
	switch {
	case err != nil:
		p.cannot("%s is left alone: %v", name, err)
	case f.exists && bytes.Equal(f.data, text):
		p.say("%s is there already", name)
	case f.exists:
		p.say("%s is there, with something else in it, and is left alone", name)
	default:
		p.write(change{file: f, after: text, mode: 0o644}, format, args...)
	}
}

// Write says what the plan is, and with contents what would be in the files.
func (p *Plan) Write(w io.Writer, contents bool) error {
	var b strings.Builder
	last := ""
	for _, s := range p.steps {
		part := s.part
		if part == last {
			part = ""
		}
		last = s.part
		fmt.Fprintf(&b, "%-9s %s\n", part, report.Line(s.says))
		for line := range strings.Lines(s.snippet) {
			fmt.Fprintf(&b, "%s\n", strings.TrimRight("            "+report.Line(strings.TrimRight(line, "\r\n")), " "))
		}
	}
	if contents {
		for _, c := range p.files {
			b.WriteString("\n" + report.Line(c.shown) + "\n")
			for line := range strings.Lines(c.added()) {
				b.WriteString(strings.TrimRight("+ "+report.Line(strings.ReplaceAll(strings.TrimRight(line, "\r\n"), "\t", "    ")), " ") + "\n")
			}
		}
		b.WriteString("\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// added returns what is new in the file, and nothing of what stands there already: somebody may have given an agent a secret.
func (c change) added() string {
	if !c.exists || c.aside != "" {
		return string(c.after)
	}
	before, after := strings.SplitAfter(string(c.data), "\n"), strings.SplitAfter(string(c.after), "\n")
	if before, after = differ(before, after); len(before) == 0 {
		return strings.Join(after, "")
	}
	_, letters := differ([]rune(strings.Join(before, "")), []rune(strings.Join(after, "")))
	return string(letters)
}

// differ returns of two lists what they do not have in common at their beginnings and ends.
func differ[T comparable](a, b []T) ([]T, []T) {
	for len(a) > 0 && len(b) > 0 && a[0] == b[0] {
		a, b = a[1:], b[1:]
	}
	for len(a) > 0 && len(b) > 0 && a[len(a)-1] == b[len(b)-1] {
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	return a, b
}

// Files returns how many files the plan writes.
func (p *Plan) Files() int { return len(p.files) }

// Do carries the plan out. What fails does not keep the rest from being done.
func (p *Plan) Do() error {
	var errs []error
	for _, c := range p.files {
		if err := c.do(); err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", c.shown, err))
		}
	}
	return errors.Join(errs...)
}

// file is a file of the repository, or one that may be made.
type file struct {
	root, name string // a folder that nothing leads out of, and the path in it
	shown      string // the path for people
	exists     bool
	data       []byte
	mode       fs.FileMode
}

const largest = 1 << 20 // bytes of a file that is read

var (
	errLink  = errors.New("it is a link")
	errKind  = errors.New("it is no regular file")
	errLarge = errors.New("it is larger than 1 MiB")
	errOut   = errors.New("it lies behind a link that leads out")
)

// open reads a file, if there is one. A link is refused, and so is what lies behind one that leads out of the folder.
func open(dir, name string) (f file, err error) {
	f = file{root: dir, name: name, shown: name}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return f, plain(err)
	}
	defer root.Close()
	info, err := root.Lstat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return f, nil
	case err != nil:
		return f, plain(err)
	case info.Mode()&fs.ModeSymlink != 0:
		return f, errLink
	case !info.Mode().IsRegular():
		return f, errKind
	case info.Size() > largest:
		return f, errLarge
	}
	f.exists, f.mode = true, info.Mode().Perm()
	f.data, err = root.ReadFile(name)
	return f, plain(err)
}

// plain returns an error without the path, which stands before it, or the paths.
func plain(err error) error {
	var pathError *fs.PathError
	var linkError *os.LinkError
	switch {
	case errors.As(err, &pathError):
		err = pathError.Err
	case errors.As(err, &linkError):
		err = linkError.Err
	}
	if err != nil && err.Error() == "path escapes from parent" { // what [os.Root] says, which has no name for it
		return errOut
	}
	return err
}

// do writes the file beside the old one, and puts it in its place when it is whole, with the old one's mode. If the old one changed since it was
// read, nothing is done.
func (c change) do() error {
	now, err := open(c.root, c.name)
	if c.aside != "" && errors.Is(err, errLink) && c.exists {
		err, now = nil, c.file // which is moved as it is
	}
	if err != nil {
		return err
	}
	if now.exists != c.exists || !bytes.Equal(now.data, c.data) {
		return errors.New("it changed in the meantime, and is left alone")
	}
	root, err := os.OpenRoot(c.root)
	if err != nil {
		return plain(err)
	}
	defer root.Close()
	if err := root.MkdirAll(path.Dir(c.name), 0o755); err != nil {
		return plain(err)
	}
	temporary := path.Join(path.Dir(c.name), ".stagewall-"+rand.Text())
	if err := c.fill(root, temporary); err != nil {
		root.Remove(temporary)
		return plain(err)
	}
	if c.aside != "" {
		if err := root.Rename(c.name, c.aside); err != nil {
			root.Remove(temporary)
			return plain(err)
		}
	}
	if err := root.Rename(temporary, c.name); err != nil {
		root.Remove(temporary)
		if c.aside != "" {
			err = errors.Join(err, root.Rename(c.aside, c.name))
		}
		return plain(err)
	}
	return nil
}

// fill makes a new file.
func (c change) fill(root *os.Root, name string) error {
	mode := c.mode
	if c.exists && c.aside == "" {
		mode = c.file.mode
	}
	f, err := root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return err
	}
	_, err = f.Write(c.after)
	if c.exists && c.aside == "" { // whatever the umask is
		err = errors.Join(err, f.Chmod(mode))
	}
	return errors.Join(err, f.Sync(), f.Close())
}
