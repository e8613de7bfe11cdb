// Package archive opens archives and compressed files, of which nobody knows who made them: zip (and so jar, war, wheels, …), tar, gzip,
// bzip2, xz and Zstandard, one within the other. It writes nothing, and names in archives lead nowhere.
package archive

import (
	"archive/tar"
	"archive/zip"
	"bufio"
	"bytes"
	"compress/bzip2"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
	"unicode"

	"github.com/klauspost/compress/zstd"
	"github.com/therootcompany/xz"
)

// Separator stands between the path of an archive and that of a member, as gitleaks has it.
const Separator = "!"

// Limits bound what is unpacked of one file, with all archives in it.
type Limits struct {
	Depth   int   // archives one within the other
	Members int   // files
	Bytes   int64 // unpacked, those of inner archives too
	Ratio   int64 // of unpacked bytes to packed ones, once Slack bytes are unpacked
	Slack   int64
	Memory  int64 // that a dictionary, a window, a list of members or an inner zip archive may take, in bytes
}

// Usual returns limits that no archive made in good faith meets, for the depth.
func Usual(depth int) Limits {
	return Limits{Depth: depth, Members: 100_000, Bytes: 4 << 30, Ratio: 500, Slack: 64 << 20, Memory: 64 << 20}
}

// Gap is what was not unpacked, and why.
type Gap struct{ Path, Says string }

// Input is a packed file.
type Input struct {
	Path string
	Size int64 // -1 if it is not known
	io.Reader
	At io.ReaderAt // the same bytes; nil if they can only be read one after the other
}

// Is reports whether a file that begins so is packed. 512 bytes are enough to tell.
func Is(head []byte) bool { return kindOf(head) != "" }

// kindOf returns how a file is packed, "" if it is not.
func kindOf(head []byte) string {
	for _, k := range []struct{ name, magic string }{
		{"zip", "PK\x03\x04"}, {"zip", "PK\x05\x06"}, {"gzip", "\x1f\x8b\x08"}, {"xz", "\xfd7zXZ\x00"}, {"zstd", "\x28\xb5\x2f\xfd"},
	} {
		if bytes.HasPrefix(head, []byte(k.magic)) {
			return k.name
		}
	}
	switch {
	case len(head) > 10 && bytes.HasPrefix(head, []byte("BZh")) && string(head[4:10]) == "1AY&SY":
		return "bzip2"
	case isTar(head):
		return "tar"
	}
	return ""
}

// isTar reports whether a file begins with a tar header: its sum is right, also in archives from before there was a magic number
// (https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html#tag_20_92_13_06).
func isTar(head []byte) bool {
	const size, from, to = 512, 148, 156
	if len(head) < size || head[0] == 0 {
		return false
	}
	sum, want := 0, 0
	for i, b := range head[:size] {
		if from <= i && i < to {
			b = ' '
		}
		sum += int(b)
	}
	digits := strings.Trim(string(head[from:to]), " \x00")
	for _, d := range digits {
		if d < '0' || d > '7' {
			return false
		}
		want = want*8 + int(d-'0')
	}
	return digits != "" && sum == want
}

// Walk calls visit for every file in a packed file, and in what is packed in it, one after the other. A compressed file that is no archive has
// the path of the packed one. What cannot be unpacked is a gap, but for what visit itself reads: it may note an error of reading, unless that is
// [ErrLimit], and return nil. The error is visit's, which ends the walk, or the context's.
func Walk(ctx context.Context, in Input, limits Limits, visit func(path string, r io.Reader) error) ([]Gap, error) {
	w := &walker{ctx: ctx, limits: limits, visit: visit, size: in.Size}
	in.Reader = &meter{in.Reader, &w.packed}
	err := w.open(in, 0)
	var own visitError
	switch {
	case errors.As(err, &own):
		return w.gaps, own.error
	case ctx.Err() != nil:
		return w.gaps, ctx.Err()
	case err != nil:
		w.gap(in.Path, err)
	}
	return w.gaps, nil
}

// walker unpacks one file.
type walker struct {
	ctx      context.Context
	limits   Limits
	visit    func(string, io.Reader) error
	gaps     []Gap
	size     int64 // of the packed file, -1 if it is not known
	packed   int64 // bytes read of it
	unpacked int64
	members  int
}

// ErrLimit is the error of reading where a limit is met. Nothing more is unpacked then, and there is a gap.
var ErrLimit = errors.New("not unpacked any further")

// visitError is an error of the caller's.
type visitError struct{ error }

func (w *walker) gap(path string, err error) {
	w.gaps = append(w.gaps, Gap{path, fmt.Sprintf("this archive could not be read to its end: %v", err)})
}

// open unpacks what is packed.
func (w *walker) open(in Input, depth int) error {
	head := bufio.NewReaderSize(in.Reader, 1<<12)
	begins, _ := head.Peek(512)
	in.Reader = head
	kind := kindOf(begins)
	if kind == "" {
		if w.members++; w.members > w.limits.Members {
			return fmt.Errorf("%w: it has more than %d files", ErrLimit, w.limits.Members)
		}
		if err := w.visit(in.Path, in.Reader); err != nil {
			return visitError{err}
		}
		return w.over()
	}
	if depth == w.limits.Depth {
		w.gaps = append(w.gaps, Gap{in.Path, fmt.Sprintf("this archive was not opened: it is nested deeper than %d", depth)})
		return nil
	}
	switch kind {
	case "zip":
		return w.zip(in, depth)
	case "tar":
		return w.tar(in, depth)
	}
	inner, err := w.decompress(kind, in.Reader)
	if err != nil {
		return err
	}
	defer inner.Close()
	unpacked := bufio.NewReaderSize(&budget{w, inner}, 1<<12)
	if begins, _ := unpacked.Peek(512); kindOf(begins) != "tar" {
		depth++ // a compressed tar archive is one archive
	}
	return w.open(Input{Path: in.Path, Size: -1, Reader: unpacked}, depth)
}

// decompress returns a reader of what is compressed.
func (w *walker) decompress(kind string, in io.Reader) (io.ReadCloser, error) {
	switch kind {
	case "gzip":
		return gzip.NewReader(in)
	case "bzip2":
		return io.NopCloser(bzip2.NewReader(in)), nil
	case "xz":
		r, err := xz.NewReader(in, uint32(min(w.limits.Memory, 1<<31)))
		return io.NopCloser(r), err
	}
	r, err := zstd.NewReader(in, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(uint64(w.limits.Memory)))
	if err != nil {
		return nil, err
	}
	return r.IOReadCloser(), nil
}

// tar visits the files of a tar archive.
func (w *walker) tar(in Input, depth int) error {
	r := tar.NewReader(in.Reader)
	for {
		if err := w.over(); err != nil {
			return err
		}
		h, err := r.Next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if h.Typeflag != tar.TypeReg && h.Typeflag != tar.TypeGNUSparse {
			continue
		}
		if err := w.member(in, h.Name, r, depth); err != nil {
			return err
		}
	}
}

// zip visits the files of a zip archive.
func (w *walker) zip(in Input, depth int) error {
	at, size := in.At, in.Size
	if at == nil || size < 0 {
		data, err := io.ReadAll(io.LimitReader(in.Reader, w.limits.Memory+1))
		if err != nil {
			return err
		}
		if int64(len(data)) > w.limits.Memory {
			return fmt.Errorf("%w: a zip archive that can only be read from its beginning is larger than %d bytes", ErrLimit, w.limits.Memory)
		}
		at, size = bytes.NewReader(data), int64(len(data))
	}
	list := &list{at, w.limits.Memory / 8} // each member of the list takes several times the memory that it is long
	r, err := zip.NewReader(list, size)
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return err
	}
	list.left = -1
	for _, f := range r.File {
		if err := w.over(); err != nil {
			return err
		}
		if !f.Mode().IsRegular() {
			continue
		}
		if f.Flags&1 != 0 {
			w.gaps = append(w.gaps, Gap{w.name(in.Path, f.Name), "this member of an archive is encrypted"})
			continue
		}
		member, err := f.Open()
		if err == nil {
			err = w.member(in, f.Name, member, depth)
			member.Close()
		}
		if err != nil && (errors.Is(err, ErrLimit) || errors.As(err, new(visitError)) || w.ctx.Err() != nil) {
			return err
		}
		if err != nil { // others can be read all the same
			w.gap(w.name(in.Path, f.Name), err)
		}
	}
	return nil
}

// member visits a member, or what is packed in it.
func (w *walker) member(in Input, name string, r io.Reader, depth int) error {
	if err := w.ctx.Err(); err != nil {
		return err
	}
	inner := Input{Path: w.name(in.Path, name), Size: -1, Reader: &budget{w, r}}
	err := w.open(inner, depth+1)
	if err == nil || errors.Is(err, ErrLimit) || errors.As(err, new(visitError)) || w.ctx.Err() != nil {
		return err
	}
	w.gap(inner.Path, err) // what is behind a broken inner archive can be read
	return nil
}

// name returns the path of a member. Whatever the archive says, it is a path below the archive's, without control characters.
func (w *walker) name(archive, member string) string {
	const longest = 1 << 12
	if len(member) > longest {
		member = member[:longest]
	}
	member = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == unicode.ReplacementChar {
			return unicode.ReplacementChar
		}
		return r
	}, strings.ReplaceAll(member, `\`, "/"))
	return archive + Separator + strings.TrimPrefix(path.Clean("/"+member), "/")
}

// over reports whether a limit on all that is unpacked is met.
func (w *walker) over() error {
	packed := max(w.packed, w.size, 1)
	switch {
	case w.unpacked > w.limits.Bytes:
		return fmt.Errorf("%w: it holds more than %d bytes", ErrLimit, w.limits.Bytes)
	case w.unpacked > w.limits.Slack && w.unpacked/packed > w.limits.Ratio:
		return fmt.Errorf("%w: it holds more than %d times its size", ErrLimit, w.limits.Ratio)
	}
	return w.ctx.Err()
}

// budget counts what is unpacked, and ends it at the limits.
type budget struct {
	w  *walker
	in io.Reader
}

func (b *budget) Read(p []byte) (int, error) {
	if err := b.w.over(); err != nil {
		return 0, err
	}
	n, err := b.in.Read(p)
	b.w.unpacked += int64(n)
	return n, err
}

// meter counts what is read.
type meter struct {
	in io.Reader
	n  *int64
}

func (m *meter) Read(p []byte) (int, error) {
	n, err := m.in.Read(p)
	*m.n += int64(n)
	return n, err
}

// list bounds what is read while the list of a zip archive's members is: its length is what the archive says, and takes memory.
type list struct {
	io.ReaderAt
	left int64 // bytes; negative: no bound any more
}

func (l *list) ReadAt(p []byte, at int64) (int, error) {
	if l.left >= 0 {
		if l.left -= int64(len(p)); l.left < 0 {
			l.left = 0
			return 0, fmt.Errorf("%w: its list of members is too long", ErrLimit)
		}
	}
	return l.ReaderAt.ReadAt(p, at)
}
