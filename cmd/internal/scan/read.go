package scan

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"
	"sync"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/cmd/internal/archive"
	"github.com/stagewall/stagewall/cmd/internal/cache"
	"github.com/stagewall/stagewall/cmd/internal/git"
	"github.com/stagewall/stagewall/cmd/internal/source"
	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/match"
	"github.com/stagewall/stagewall/detectors/tag"
)

const (
	first = 64 << 10 // how many bytes of a file are read before it is known what the file is
	roomy = 1 << 20  // how many a buffer has at the most that is kept for the next file: hardly any is longer
)

// file is what one file says.
type file struct {
	source.File
	commit  string // of which it is a version, in a scan of the history
	outer   string // the path of the archive that it is in, if it is in one
	members []*file
	at      io.ReaderAt // while it is read; nil if it can only be read from its beginning
	bytes   int64
	skipped bool
	facts   []*analyzers.Facts
	gaps    []string // why it was not read, or not to its end
	version source.Version
	sum     cache.Sum    // of what it holds, if that was asked
	kept    *cache.Entry // what the next scan is to know of it
	unsaid  bool         // it did not change, and it is not known yet what it said
	refined bool         // somebody knew better
	again   bool         // it was read in full after all
	matters int          // how many facts are kept of what mattered

	mu    sync.Mutex // of what follows, which the workers at a large file's pieces share
	found []found
	seen  bool // a rule saw something in it, or none looked
	err   error
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
	*crew
	scanner *match.Scanner // made when needed: most workers of a small scan have nothing to do
	packer  *analyzers.Packer
	buffer  []byte
	keeper  *keeper
}

// scan runs the rules over a text.
func (r *reader) scan(ctx context.Context, in match.Input, yield func(match.Candidate) bool) error {
	if r.scanner == nil {
		r.scanner = r.opt.Engine.Scanner()
	}
	return r.scanner.Scan(ctx, in, yield)
}

// read reads one file. A panic in what a hostile file can reach costs that file and is reported, never the scan.
func (r *reader) read(ctx context.Context, in source.File) (f *file) {
	f = &file{File: in}
	defer func() {
		if p := recover(); p != nil {
			f.fail(errPanic)
		}
	}()
	if r.keeper.remember(f, r.opt.Source) {
		return f
	}
	opened, err := r.opt.Source.Open(in.Path)
	if errors.Is(err, git.ErrAbsent) {
		f.omit("not read: " + git.ErrAbsent.Error())
		return f
	}
	if err != nil {
		f.fail(err)
		return f
	}
	defer opened.Close()
	r.keeper.opened(f, opened, r.opt.Source)
	size := sizeOf(opened)
	if most := r.opt.MaxFileSize; most > 0 && size > most {
		f.omit(fmt.Sprintf("not read: larger than %d bytes", most))
		r.keeper.keep(f)
		return f
	}
	f.at, _ = opened.(io.ReaderAt)
	f.fail(r.text(ctx, f, &counter{opened, f, r.opt.MaxFileSize}, size))
	f.at = nil
	r.keeper.keep(f)
	if cap(r.buffer) > roomy {
		r.buffer = nil
	}
	return f
}

// text reads a file's text; size is what is known of its size.
func (r *reader) text(ctx context.Context, f *file, in io.Reader, size int64) error {
	data, err := r.fill(in, r.buffer[:0], first)
	if err != nil && err != io.EOF {
		return err
	}
	if r.opt.ArchiveDepth > 0 && f.outer == "" && archive.Is(data) {
		return r.unpack(ctx, f, io.MultiReader(bytes.NewReader(slices.Clone(data)), in), size)
	}
	if rules := r.takes(f, data); len(rules) > 0 {
		return r.store(ctx, f, rules, data, in, err, size)
	}
	return r.content(ctx, f, data, in, err, size)
}

// content reads what is in a file, which begins with the data; err is what filling it said.
func (r *reader) content(ctx context.Context, f *file, data []byte, in io.Reader, err error, size int64) error {
	if isBinary(data) {
		f.skipped = true
		return nil
	}
	if err == nil && size > int64(r.sizes.whole) {
		return r.stream(ctx, f, io.MultiReader(bytes.NewReader(data), in))
	}
	if err == nil {
		if size > int64(len(data)) {
			data = slices.Grow(data, int(size)-len(data)+1) // and the end is seen
		}
		data, err = r.fill(in, data, r.sizes.whole)
	}
	switch {
	case err == nil: // there may be more
		return r.stream(ctx, f, io.MultiReader(bytes.NewReader(data), in))
	case err != io.EOF:
		return err
	}
	if r.keeper.recognise(f, data) {
		return nil
	}
	return r.whole(ctx, f, match.UTF8(data))
}

// fill reads on behind data, which lies in the reader's buffer, until there are n bytes; the error is io.EOF if there are fewer.
func (r *reader) fill(in io.Reader, data []byte, n int) ([]byte, error) {
	for len(data) < n {
		if len(data) == cap(data) {
			data = slices.Grow(data, min(max(len(data), first), n-len(data)))
		}
		got, err := in.Read(data[len(data):min(cap(data), n)])
		data = data[:len(data)+got]
		r.buffer = data
		if err != nil {
			return data, err
		}
	}
	return data, nil
}

// counter counts what is read of a file, and ends it at a limit.
type counter struct {
	in   io.Reader
	file *file
	most int64 // 0: no limit
}

func (c *counter) Read(p []byte) (int, error) {
	if c.most > 0 && int64(len(p)) > c.most-c.file.bytes {
		if p = p[:c.most-c.file.bytes]; len(p) == 0 {
			return 0, c.end()
		}
	}
	n, err := c.in.Read(p)
	c.file.bytes += int64(n)
	return n, err
}

// end ends a file whose size was not known before.
func (c *counter) end() error {
	if n, _ := io.ReadFull(c.in, make([]byte, 1)); n > 0 {
		c.file.gaps = append(c.file.gaps, fmt.Sprintf("not read further than %d bytes", c.most))
	}
	c.in = bytes.NewReader(nil)
	return io.EOF
}

// sizeOf returns the size of what was opened, -1 if it is not known before it is read.
func sizeOf(in io.Reader) int64 {
	if f, ok := in.(interface{ Stat() (fs.FileInfo, error) }); ok {
		if info, err := f.Stat(); err == nil && info.Mode().IsRegular() {
			return info.Size()
		}
	}
	return -1
}

var errPanic = errors.New("reading this file failed inside stagewall; please report it")

// fail notes an error, the first.
func (f *file) fail(err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.err = cmp.Or(f.err, err)
}

// omit notes that the file is passed over, and why.
func (f *file) omit(why string) {
	f.skipped = true
	f.gaps = append(f.gaps, why)
}

// whole scans and analyses a file.
func (r *reader) whole(ctx context.Context, f *file, data []byte) error {
	pass := analyzers.NewPass("", f.Path, data)
	if encrypted(data) {
		f.see()
	} else {
		text := r.opt.Knowledge.File(f.Path, data, 0)
		err := r.scan(ctx, match.Input{Path: f.Path, Commit: f.commit, Data: data, Final: true}, func(c match.Candidate) bool {
			r.add(f, text, data, c, origin(data).moved(pass.At(c.Secret.Start, c.Secret.End)))
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
	if f.outer != "" {
		return nil // what is in an archive is in no checkout until it is unpacked
	}
	for _, a := range r.chosen.of(f.Path, data[:min(len(data), 512)]) {
		facts := factsOf(a, f.Path, data, len(spans) == 0, nil)
		if facts.Cipher {
			f.found = nil
		}
		if len(spans) == 0 && a.Join == nil { // joining copies steps
			facts.Lean(nil)
		}
		facts.Redact(spans)
		r.pack(facts)
		f.facts = append(f.facts, facts)
	}
	return nil
}

// pack gets facts ready to be kept.
func (r *reader) pack(facts *analyzers.Facts) {
	if r.packer == nil {
		r.packer = analyzers.NewPacker()
	}
	r.packer.Pack(facts)
}

// factsOf returns what an analyzer says of a file; see [analyzers.Pass] for a glance, and for what is wanted.
func factsOf(a *analyzers.Analyzer, path string, data []byte, glance bool, wants func(string) bool) *analyzers.Facts {
	pass := analyzers.NewPass(a.Name, path, data)
	pass.Glance, pass.Wants = glance, wants
	if err := analyze(a, pass); err != nil {
		pass.Facts = &analyzers.Facts{Path: path, Analyzer: a.Name}
		pass.Gap(detectors.Place{Path: path}, fmt.Sprintf("this file could not be read as %s: %v", a.Name, err))
	}
	return pass.Facts
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
func (r *reader) add(f *file, text *tag.File, data []byte, c match.Candidate, at detectors.Place) {
	f.see()
	if rule, ok := r.rule(data, c); ok {
		r.note(f, text, rule, c.Value, at)
	}
}

// rule returns a candidate's rule, unless it is no candidate after all.
func (r *reader) rule(data []byte, c match.Candidate) (rule detectors.Rule, ok bool) {
	rule = r.opt.Engine.Rules()[c.Rule]
	return rule, rule.Pattern != "" && !onCipherLine(data, c.Secret) // a file that is a credential was seen before it was scanned
}

// note notes a credential in a text of the file.
func (r *reader) note(f *file, text *tag.File, rule detectors.Rule, value []byte, at detectors.Place) {
	f.see()
	at.Commit = f.commit
	o := text.Observe(rule, value, at)
	if o.Ignore != "" {
		if told := r.opt.PassedOver; told != nil {
			told(f.Path, at.Line, rule.ID, o.Ignore)
		}
		return
	}
	if r.opt.IgnoreAllows {
		o.Allowed = ""
	}
	if r.opt.Ignored != nil && o.Allowed == "" && r.opt.Ignored(at.Commit, f.Path, rule.ID, string(value), at.Line) {
		o.Allowed = "ignored as no leak by .gitleaksignore or a baseline"
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.found = append(f.found, found{keyOf(value), detectors.NewSecret(string(value)), rule.ID, o})
}

// keyOf returns the key of a value.
func keyOf(value []byte) string {
	sum := sha256.Sum256(value)
	return hex.EncodeToString(sum[:])
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

// ciphers are what encrypted values begin with in files whose names are plain: SOPS, ejson, Spring, dotenvx, Pulumi, which keeps the key of a stack's
// values beside them, encrypted by its provider of secrets (https://www.pulumi.com/docs/iac/concepts/secrets/#changing-the-secrets-provider-for-a-stack).
var ciphers = []string{"ENC[AES256_GCM", "EJ[1:", "{cipher}", "encrypted:", "secure:", "encryptedkey:"}

// onCipherLine reports whether the text before the span, on its line, begins an encrypted value.
func onCipherLine(data []byte, s detectors.Span) bool {
	from := max(s.Start-200, 0) // a line can be as long as the file
	from += bytes.LastIndexByte(data[from:s.Start], '\n') + 1
	before := string(data[from:min(s.Start+20, s.End)])
	return slices.ContainsFunc(ciphers, func(mark string) bool { return strings.Contains(before, mark) })
}
