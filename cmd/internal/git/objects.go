package git

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strings"
	"sync"
)

// ErrAbsent says that a partial clone does not have an object.
var ErrAbsent = errors.New("it is not in this partial clone")

// Objects reads blobs one after the other as they are asked for, by one git, which is started with the first and ends with the context: a git
// for each takes some two milliseconds. It can be used by several goroutines.
type Objects struct {
	repository *Repository
	ctx        context.Context

	mu     sync.Mutex
	names  io.Writer // nil: git is not started
	blobs  *bufio.Reader
	absent map[string]bool // nil: nobody has asked
	err    error           // git has ended, or cannot be understood any more
}

// Objects returns a reader of blobs.
func (r *Repository) Objects(ctx context.Context) *Objects { return &Objects{repository: r, ctx: ctx} }

// Blob returns a blob's content.
func (o *Objects) Blob(id string) ([]byte, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for o.err == nil && !o.absent[id] {
		data, err := o.read(id)
		switch {
		case err == nil && data != nil:
			return data, nil
		case err == nil:
			return nil, fmt.Errorf("git has no object %s", id)
		case o.absent != nil:
			o.err = err
		default: // git ends when it is asked for what a partial clone has not
			o.names = nil
			if o.absent, o.err = o.repository.absent(o.ctx, "--no-walk", "HEAD"); len(o.absent) == 0 && o.err == nil {
				o.err = err
			}
		}
	}
	if o.err != nil {
		return nil, o.err
	}
	return nil, ErrAbsent
}

func (o *Objects) start() error {
	cmd, _ := o.repository.command(o.ctx, "cat-file", "--batch")
	in, err := cmd.StdinPipe()
	if err != nil {
		return err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	o.names, o.blobs = in, bufio.NewReaderSize(out, 1<<16)
	return nil
}

// read asks for a blob, and returns nil if there is none.
func (o *Objects) read(id string) ([]byte, error) {
	if o.names == nil {
		if err := o.start(); err != nil {
			return nil, err
		}
	}
	if _, err := io.WriteString(o.names, id+"\n"); err != nil {
		return nil, fmt.Errorf("git cat-file: %w", err)
	}
	_, size, err := answer(o.blobs)
	if err != nil {
		return nil, fmt.Errorf("git cat-file: %w", err)
	}
	if size < 0 {
		return nil, nil
	}
	data := make([]byte, size+1) // and a line break
	if _, err := io.ReadFull(o.blobs, data); err != nil {
		return nil, fmt.Errorf("git cat-file: %w", err)
	}
	return data[:size], nil
}

// Stream returns a blob's content as it is read from the repository, by a git of its own.
func (r *Repository) Stream(ctx context.Context, id string) (io.ReadCloser, error) {
	cmd, stderr := r.command(ctx, "cat-file", "blob", id)
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	return &stream{Reader: out, cmd: cmd, stderr: stderr}, nil
}

// stream is what a git writes.
type stream struct {
	io.Reader
	cmd    *exec.Cmd
	stderr *bytes.Buffer
	ended  bool
}

func (s *stream) Read(p []byte) (int, error) {
	n, err := s.Reader.Read(p)
	if err == io.EOF && !s.ended {
		s.ended = true
		if failed := s.cmd.Wait(); failed != nil { // or what was cut off would seem to be all
			return n, failure("cat-file", failed, s.stderr)
		}
	}
	return n, err
}

func (s *stream) Close() error {
	if !s.ended {
		s.ended = true
		s.cmd.Process.Kill()
		s.cmd.Wait()
	}
	return nil
}

// Absent returns how many objects the history of a partial clone names that are not in the repository. In other repositories it looks for
// none and returns 0.
func (r *Repository) Absent(ctx context.Context) (int, error) {
	absent, err := r.absent(ctx, "--all")
	return len(absent), err
}

// absent returns the objects that a partial clone has not, of those that some commits name.
func (r *Repository) absent(ctx context.Context, commits ...string) (map[string]bool, error) {
	_, err := r.run(ctx, "config", "--get-regexp", `^(extensions\.partialclone|remote\..*\.promisor)$`)
	if exit := new(exec.ExitError); errors.As(err, &exit) && exit.ExitCode() == 1 {
		return nil, nil // no such setting
	}
	if err != nil {
		return nil, err
	}
	out, err := r.run(ctx, append([]string{"rev-list", "--objects", "--no-object-names", "--missing=print"}, commits...)...)
	absent := map[string]bool{}
	for line := range strings.Lines(string(out)) {
		if id, ok := strings.CutPrefix(line, "?"); ok {
			absent[strings.TrimSuffix(id, "\n")] = true
		}
	}
	return absent, err
}
