package git

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"iter"
	"slices"
	"strconv"
	"strings"
)

// Blob is a blob that is being read. Its content is valid until the next one comes, and need not be read.
type Blob struct {
	ID   string
	Size int64
	io.Reader
}

// AllBlobs calls visit for every blob that the repository has, also those that no commit holds, each once and in no order. That is the
// cheapest way through a history: no tree is walked and no difference computed, and git reads its packs from end to end.
func (r *Repository) AllBlobs(ctx context.Context, visit func(Blob) error) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	list, stderr := r.command(ctx, "cat-file", "--batch-all-objects", "--unordered", "--batch-check=%(objecttype) %(objectname)")
	out, err := list.StdoutPipe()
	if err != nil {
		return err
	}
	if err := list.Start(); err != nil {
		return err
	}
	lines := bufio.NewScanner(out)
	_, err = r.blobs(ctx, func(yield func(string) bool) {
		for lines.Scan() {
			if id, ok := strings.CutPrefix(lines.Text(), "blob "); ok && !yield(id) {
				return
			}
		}
	}, visit)
	if err != nil {
		stop()
		list.Wait()
		return err
	}
	if err := list.Wait(); err != nil {
		return failure("cat-file", err, stderr)
	}
	return nil
}

// Blobs calls visit for each of the blobs, and returns those that the repository does not have.
func (r *Repository) Blobs(ctx context.Context, ids []string, visit func(Blob) error) (missing []string, err error) {
	return r.blobs(ctx, slices.Values(ids), visit)
}

func (r *Repository) blobs(ctx context.Context, ids iter.Seq[string], visit func(Blob) error) (missing []string, err error) {
	ctx, stop := context.WithCancel(ctx)
	cmd, stderr := r.command(ctx, "cat-file", "--batch", "--buffer")
	in, err := cmd.StdinPipe()
	if err != nil {
		stop()
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		stop()
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		stop()
		return nil, err
	}
	written := make(chan struct{})
	go func() {
		defer close(written)
		defer in.Close()
		w := bufio.NewWriterSize(in, 1<<16)
		for id := range ids {
			if _, err := w.WriteString(id + "\n"); err != nil {
				return // git has ended, and says why
			}
		}
		w.Flush()
	}()
	missing, err = batch(bufio.NewReaderSize(out, 1<<18), visit)
	if err != nil {
		stop() // git may be in the middle of a blob
	}
	<-written
	failed := cmd.Wait()
	stop()
	if err == nil && failed != nil {
		err = failure("cat-file", failed, stderr)
	}
	return missing, err
}

// batch reads what git cat-file --batch writes.
func batch(in *bufio.Reader, visit func(Blob) error) (missing []string, err error) {
	for {
		id, size, err := answer(in)
		switch {
		case err == io.EOF:
			return missing, nil
		case err != nil:
			return missing, err
		case size < 0:
			missing = append(missing, id)
			continue
		}
		content := &io.LimitedReader{R: in, N: size}
		if err := visit(Blob{id, size, content}); err != nil {
			return missing, err
		}
		if err := discard(in, content.N+1); err != nil { // what was not read, and the line break
			return missing, err
		}
	}
}

// answer reads what git cat-file --batch says of one object before its content, https://git-scm.com/docs/git-cat-file#_batch_output. The
// size is -1 if it is missing; the error is io.EOF if there are no more.
func answer(in *bufio.Reader) (id string, size int64, err error) {
	line, err := in.ReadString('\n')
	if err != nil {
		if line != "" && err == io.EOF {
			err = io.ErrUnexpectedEOF
		}
		return "", 0, err
	}
	fields := strings.Fields(line)
	switch len(fields) {
	case 2:
		return fields[0], -1, nil
	case 3:
		size, err = strconv.ParseInt(fields[2], 10, 64)
	default:
		err = strconv.ErrSyntax
	}
	if err != nil {
		return "", 0, fmt.Errorf("git cat-file: unexpected %q", line)
	}
	return fields[0], size, nil
}

// discard passes over n bytes.
func discard(in *bufio.Reader, n int64) error {
	for n > 0 {
		passed, err := in.Discard(int(min(n, 1<<30)))
		n -= int64(passed)
		if err != nil {
			return err
		}
	}
	return nil
}

// Change is what a commit makes of a file.
type Change struct {
	Commit   string
	Path     string
	Old, New string // blobs; Old is of zeros where the file is new
	Merged   bool   // the commit is a merge, and none of its parents has New there; there is a change from each of them
}

// Range is a part of the history.
type Range struct {
	Options []string // of git log, that choose commits; nil: all refs, all working trees and their reflogs
	Merges  bool     // also what merges make that is in none of their parents
}

// Log is a part of the history that may be read again. It is kept unless it is very long.
type Log struct {
	Range
	repository *Repository
	kept       []byte // what git wrote
	whole      bool   // that is all
}

const longestKept = 4 << 20 // the log of some 15,000 commits

// Log returns a part of the history.
func (r *Repository) Log(in Range) *Log { return &Log{Range: in, repository: r} }

// Changes calls visit for every file that a commit adds or changes, the newest commit first, and returns the number of commits.
func (l *Log) Changes(ctx context.Context, visit func(Change)) (commits int, err error) {
	if l.whole {
		return changes(bufio.NewReader(bytes.NewReader(l.kept)), visit)
	}
	keeping := true
	commits, err = l.repository.changes(ctx, l.Range, visit, func(text []byte) {
		if keeping = keeping && len(l.kept)+len(text) <= longestKept; keeping {
			l.kept = append(l.kept, text...)
		} else {
			l.kept = nil
		}
	})
	l.whole = keeping && err == nil
	return commits, err
}

// Changes calls visit for every file that a commit of the range adds or changes, the newest commit first, and returns the number of
// commits.
func (r *Repository) Changes(ctx context.Context, in Range, visit func(Change)) (commits int, err error) {
	return r.changes(ctx, in, visit, func([]byte) {})
}

// tap passes on what is read, and shows it to see.
type tap struct {
	io.Reader
	see func([]byte)
}

func (t tap) Read(p []byte) (int, error) {
	n, err := t.Reader.Read(p)
	t.see(p[:n])
	return n, err
}

func (r *Repository) changes(ctx context.Context, in Range, visit func(Change), see func([]byte)) (commits int, err error) {
	args := []string{"-c", "log.showRoot=true", "log"}
	options, paths := in.Options, []string(nil)
	if i := slices.Index(options, "--"); i >= 0 {
		options, paths = options[:i], options[i:]
	}
	if in.Options == nil {
		options = []string{"--all", "--reflog"}
	}
	args = append(args, options...)
	if in.Merges {
		args = append(args, "-c")
	}
	args = append(args, "--raw", "-z", "--no-abbrev", "--no-renames", "--no-ext-diff", "--no-textconv", "--ignore-submodules",
		"--no-color", "--no-show-signature", "--no-notes", "--format=%x01%H")
	cmd, stderr := r.command(ctx, append(args, paths...)...)
	out, err := cmd.StdoutPipe()
	if err != nil {
		return 0, err
	}
	if err := cmd.Start(); err != nil {
		return 0, err
	}
	commits, parsed := changes(bufio.NewReaderSize(tap{out, see}, 1<<18), visit)
	if parsed != nil {
		cmd.Process.Kill()
	}
	if err := cmd.Wait(); err != nil && parsed == nil {
		return commits, failure("log", err, stderr)
	}
	return commits, parsed
}

// changes reads what git log --raw -z writes in our format, https://git-scm.com/docs/diff-format#_raw_output_format: for each commit a
// byte 1, its name, and fields that end with NUL bytes.
func changes(in *bufio.Reader, visit func(Change)) (commits int, err error) {
	commit := ""
	for {
		field, err := in.ReadString(0)
		if err == io.EOF {
			if name, ok := strings.CutPrefix(strings.TrimLeft(field, "\n"), "\x01"); ok && name != "" {
				commits++ // one without a change, at the end
			}
			return commits, nil
		}
		if err != nil {
			return commits, err
		}
		field = strings.TrimLeft(strings.TrimSuffix(field, "\x00"), "\n")
		if name, ok := strings.CutPrefix(field, "\x01"); ok {
			commits++
			commit, field, _ = strings.Cut(name, "\n")
			field = strings.TrimLeft(field, "\n")
		}
		if field == "" {
			continue // between commits, or one without a change
		}
		meta := strings.Fields(field)
		parents := len(field) - len(strings.TrimLeft(field, ":"))
		if parents == 0 || len(meta) != 2*parents+3 || commit == "" { // modes and names, of the parents' and of what was made, and how
			return commits, fmt.Errorf("git log: unexpected %q", field)
		}
		path, err := in.ReadString(0)
		if err != nil {
			return commits, err
		}
		made := meta[2*parents+1]
		if strings.Trim(made, "0") == "" {
			continue // the file is gone
		}
		for _, old := range meta[parents+1 : 2*parents+1] {
			visit(Change{commit, strings.TrimSuffix(path, "\x00"), old, made, parents > 1})
		}
	}
}

// Shallow reports whether commits before some date are not in the repository.
func (r *Repository) Shallow(ctx context.Context) bool {
	out, _ := r.run(ctx, "rev-parse", "--is-shallow-repository")
	return bytes.Equal(bytes.TrimSpace(out), []byte("true"))
}
