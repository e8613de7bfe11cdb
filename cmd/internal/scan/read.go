package scan

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/cmd/internal/source"
	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/match"
	"github.com/stagewall/stagewall/detectors/tag"
)

// How files are read. A file up to the size of a window is read whole; a larger one is scanned window by window, which overlap so that
// no token is lost at a border, and is not analysed: no artefact is that large.
const (
	window  = 16 << 20
	overlap = 64 << 10
	sniff   = 8000 // bytes that are looked at to tell text from binary, as git does
)

// file is what one file says.
type file struct {
	source.File
	bytes  int64
	binary bool
	found  []found
	facts  []*analyzers.Facts
	err    error
}

// found is one candidate token.
type found struct {
	key         string // identifies the secret within this run
	secret      detectors.Secret
	rule        string
	observation tag.Observation
}

// reader reads files for one worker.
type reader struct {
	opt     *Options
	scanner *match.Scanner
	chosen  *selection
	buffer  bytes.Buffer
}

// readAll reads the files in parallel. The result has their order.
func readAll(ctx context.Context, opt Options, list []source.File) ([]*file, error) {
	files := make([]*file, len(list))
	group, ctx := errgroup.WithContext(ctx)
	var next, done atomic.Int64
	chosen := newSelection(opt.Analyzers)
	for range min(opt.Jobs, max(len(list), 1)) {
		group.Go(func() error {
			r := &reader{opt: &opt, scanner: opt.Engine.Scanner(), chosen: chosen}
			for {
				i := int(next.Add(1)) - 1
				if i >= len(list) {
					return nil
				}
				if err := ctx.Err(); err != nil {
					return err
				}
				files[i] = r.read(ctx, list[i])
				if opt.Progress != nil {
					opt.Progress(int(done.Add(1)), len(list))
				}
			}
		})
	}
	return files, group.Wait()
}

// read reads one file. A panic in what a hostile file can reach costs that file and is reported, never the scan.
func (r *reader) read(ctx context.Context, in source.File) (f *file) {
	f = &file{File: in}
	defer func() {
		if p := recover(); p != nil {
			f.err = errors.New("reading this file failed inside stagewall; please report it")
		}
	}()
	in2, err := r.opt.Source.Open(in.Path)
	if err != nil {
		f.err = err
		return f
	}
	defer in2.Close()
	r.buffer.Reset()
	_, err = io.CopyN(&r.buffer, in2, window)
	f.bytes = int64(r.buffer.Len())
	data := r.buffer.Bytes()
	switch {
	case err != nil && !errors.Is(err, io.EOF):
		f.err = err
		return f
	case isBinary(data):
		f.binary = true
		return f
	case err == nil: // there may be more
		f.err = r.stream(ctx, f, in2)
		return f
	}
	f.err = r.whole(ctx, f, match.UTF8(data))
	return f
}

// isBinary reports whether data is no text: it has a NUL byte near its beginning and is not UTF-16.
func isBinary(data []byte) bool {
	head := data[:min(len(data), sniff)]
	return bytes.IndexByte(head, 0) >= 0 && !match.IsUTF16(head)
}

// whole scans and analyses a file.
func (r *reader) whole(ctx context.Context, f *file, data []byte) error {
	pass := analyzers.NewPass("", f.Path, data)
	if !encrypted(data) {
		err := r.scanner.Scan(ctx, match.Input{Path: f.Path, Data: data, Final: true}, func(c match.Candidate) bool {
			r.add(f, data, c, pass.At(c.Secret.Start, c.Secret.End))
			return true
		})
		if err != nil {
			return err
		}
	}
	spans := make([]detectors.Span, 0, len(f.found))
	for _, found := range f.found {
		spans = append(spans, found.observation.At.Span)
	}
	for _, a := range r.chosen.of(f.Path, data[:min(len(data), 512)]) {
		pass := analyzers.NewPass(a.Name, f.Path, data)
		if err := analyze(a, pass); err != nil {
			pass.Facts = &analyzers.Facts{Path: f.Path, Analyzer: a.Name}
			pass.Gap(detectors.Place{Path: f.Path}, fmt.Sprintf("this file could not be read as %s: %v", a.Name, err))
		}
		if pass.Facts.Cipher {
			f.found = nil
		}
		pass.Facts.Redact(spans)
		f.facts = append(f.facts, pass.Facts)
	}
	return nil
}

// analyze runs an analyzer and turns a panic into an error, so that a file that breaks one analyzer hides nothing elsewhere.
func analyze(a *analyzers.Analyzer, pass *analyzers.Pass) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = errors.New("the analyzer failed on it; please report it")
		}
	}()
	return a.Run(pass)
}

// add notes a candidate unless it is none after all.
func (r *reader) add(f *file, data []byte, c match.Candidate, at detectors.Place) {
	rule := r.opt.Engine.Rules()[c.Rule]
	if onCipherLine(data, c.Secret) {
		return
	}
	o := r.opt.Knowledge.Observe(f.Path, data, rule, c.Value, at)
	if o.Ignore != "" {
		return
	}
	if r.opt.Ignored != nil && o.Allowed == "" && r.opt.Ignored(f.Path, rule.ID, string(c.Value), at.Line) {
		o.Allowed = "ignored as no leak by .gitleaksignore or a baseline"
	}
	value := string(c.Value)
	sum := sha256.Sum256([]byte(value))
	f.found = append(f.found, found{hex.EncodeToString(sum[:]), detectors.NewSecret(value), rule.ID, o})
}

// stream scans a large file window by window; the first is in the buffer.
func (r *reader) stream(ctx context.Context, f *file, in io.Reader) error {
	base, line, column := 0, 1, 1 // of the window's first byte
	seen := map[[3]int]bool{}     // rule, start and end of what the window before had
	for final := false; ; {
		data := r.buffer.Bytes()
		found := map[[3]int]bool{}
		pass := analyzers.NewPass("", f.Path, data)
		err := r.scanner.Scan(ctx, match.Input{Path: f.Path, Data: data, Base: base, Final: final}, func(c match.Candidate) bool {
			key := [3]int{c.Rule, base + c.Secret.Start, base + c.Secret.End}
			found[key] = true
			if !seen[key] {
				r.add(f, data, c, moved(pass.At(c.Secret.Start, c.Secret.End), base, line, column))
			}
			return true
		})
		if err != nil || final {
			return err
		}
		keep := overlap
		passed := data[:len(data)-keep]
		if n := bytes.Count(passed, []byte{'\n'}); n > 0 {
			line += n
			column = len(passed) - bytes.LastIndexByte(passed, '\n')
		} else {
			column += len(passed)
		}
		base += len(passed)
		seen = found
		tail := slices.Clone(data[len(data)-keep:])
		r.buffer.Reset()
		r.buffer.Write(tail)
		n, err := io.CopyN(&r.buffer, in, window-int64(keep))
		f.bytes += n
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		final = err != nil
	}
}

// moved returns a place in a window as a place in the file.
func moved(at detectors.Place, base, line, column int) detectors.Place {
	if at.Line == 1 {
		at.Column += column - 1
	}
	if at.EndLine == 1 {
		at.EndColumn += column - 1
	}
	at.Line += line - 1
	at.EndLine += line - 1
	at.Span.Start += base
	at.Span.End += base
	return at
}

// encrypted reports whether the whole text is ciphertext: what stands in it is no token.
func encrypted(data []byte) bool {
	for _, mark := range []string{"$ANSIBLE_VAULT;", "\x00GITCRYPT\x00", "-----BEGIN AGE ENCRYPTED FILE-----", "-----BEGIN PGP MESSAGE-----", "age-encryption.org/"} {
		if bytes.HasPrefix(data, []byte(mark)) {
			return true
		}
	}
	return bytes.Contains(data, []byte("kind: SealedSecret"))
}

// ciphers are what encrypted values begin with in files whose names are plain: SOPS, ejson, Spring, dotenvx, Pulumi.
var ciphers = []string{"ENC[AES256_GCM", "EJ[1:", "{cipher}", "encrypted:", "secure:"}

// onCipherLine reports whether the text before the span, on its line, begins an encrypted value.
func onCipherLine(data []byte, s detectors.Span) bool {
	from := bytes.LastIndexByte(data[:s.Start], '\n') + 1
	before := string(data[max(from, s.Start-200):min(s.Start+20, s.End)])
	return slices.ContainsFunc(ciphers, func(mark string) bool { return strings.Contains(before, mark) })
}
