package cache

import (
	"cmp"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/stagewall/stagewall/cmd/internal/source"
)

const (
	format  = "stagewall cache 2\n"
	largest = 1 << 30 // bytes of a file that is read
	keyName = "key"
	ending  = ".cache"

	unused  = 30 * 24 * time.Hour // after which files of other folders are removed
	touched = 24 * time.Hour      // how exactly a file says when it was used last
	coarse  = 2 * time.Second     // how exactly the coarsest file systems say when a file changed
)

// Of says what a cache is of.
type Of struct {
	Root     string // the folder that is scanned, absolute
	Settings []byte // digests of all that what is kept depends on, beside the program
}

// Sum is a keyed digest.
type Sum [sha256.Size]byte

// Entry is what is kept of a file. It does not change; to keep something else of a file, another one is made.
type Entry struct {
	Path    string
	Version Sum  // of what the source said of the file, before it was read
	Content Sum  // of what it holds; zero if that is not known
	Settled bool // no file of another content can have the version
	Said    Text // what the file said when it was read
	Again   Text // what it said when it was read in full after that; empty if it was not
	Matters Text // what of that mattered when everything was read
	Words   Text // which words were looked for then
}

// Cache is what is kept of the files of one folder. Looking into it and putting texts into it is for several goroutines at once.
type Cache struct {
	root    *os.Root // the folder of the cache
	name    string
	key     []byte
	program []byte
	began   time.Time
	entries map[string]*Entry
	loaded  string // that the entries were read from
	spill   spill
	used    atomic.Int64
	saved   error
}

// Open opens the cache in a folder, which is made if there is none. There is always an empty cache if nothing else can be read; the error
// is for a folder in which nothing can be kept, or must not be.
func Open(dir string, of Of) (*Cache, error) {
	if err := outside(dir, of.Root); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	c := &Cache{root: root, began: time.Now(), program: Program()}
	if c.key, err = c.readKey(); err != nil {
		root.Close()
		return nil, err
	}
	name := c.sum("name", []byte(of.Root), of.Settings)
	c.name = hex.EncodeToString(name[:16]) + ending
	c.load()
	return c, nil
}

// Default returns the folder that caches are kept in.
func Default() (string, error) {
	dir, err := os.UserCacheDir()
	return filepath.Join(dir, "stagewall"), err
}

// outside sees to it that the folder of the cache is no part of what is scanned, nor of its repository: who writes there must not say what
// files hold.
func outside(dir, root string) error {
	dir, root = real(dir), real(root)
	for top := root; ; top = filepath.Dir(top) {
		if _, err := os.Lstat(filepath.Join(top, ".git")); err == nil {
			root = top
			break
		}
		if top == filepath.Dir(top) {
			break
		}
	}
	inside, err := filepath.Rel(root, dir)
	if err != nil {
		return nil // on another volume
	}
	if inside != ".." && !strings.HasPrefix(inside, ".."+string(filepath.Separator)) {
		return errors.New("it would lie in what is scanned")
	}
	return nil
}

// real returns a path with no link in it, as far as it exists.
func real(name string) string {
	name, _ = filepath.Abs(name)
	if at, err := filepath.EvalSymlinks(name); err == nil {
		return at
	}
	if parent := filepath.Dir(name); parent != name {
		return filepath.Join(real(parent), filepath.Base(name))
	}
	return name
}

// readKey returns the installation's key, which is made if there is none. It counts only if nobody else can have read or written it.
func (c *Cache) readKey() ([]byte, error) {
	key, err := c.read(keyName)
	if err == nil && len(key) != sha256.Size {
		c.root.Remove(keyName)
	}
	if errors.Is(err, fs.ErrNotExist) || err == nil && len(key) != sha256.Size {
		made := make([]byte, sha256.Size)
		rand.Read(made)
		if err := c.write(keyName, func(w io.Writer) error { _, err := w.Write(made); return err }, c.link); err != nil {
			return nil, err
		}
		key, err = c.read(keyName)
	}
	if err != nil {
		return nil, err
	}
	if len(key) != sha256.Size {
		return nil, errors.New("its key is damaged")
	}
	return []byte(key), nil
}

// link gives a file a name that nothing has yet; who comes second takes what is there.
func (c *Cache) link(from, to string) error {
	if err := c.root.Link(from, to); err == nil || errors.Is(err, fs.ErrExist) {
		return nil
	}
	return c.root.Rename(from, to) // not every file system has links
}

// read returns what a file of the cache holds that is nobody else's.
func (c *Cache) read(name string) (string, error) {
	info, err := c.root.Lstat(name)
	if err != nil {
		return "", err
	}
	if !info.Mode().IsRegular() || info.Size() > largest || !own(info) {
		return "", fmt.Errorf("%s can have been written by others", name)
	}
	f, err := c.root.Open(name)
	if err != nil {
		return "", err
	}
	defer f.Close()
	if opened, err := f.Stat(); err != nil || !os.SameFile(info, opened) {
		return "", fmt.Errorf("%s was exchanged", name)
	}
	var b strings.Builder
	b.Grow(int(info.Size()))
	_, err = io.CopyN(&b, f, info.Size())
	return b.String(), err
}

// write writes a file in one go: what is there under its name is always whole.
func (c *Cache) write(name string, content func(io.Writer) error, place func(from, to string) error) (err error) {
	temporary, f, err := c.create()
	if err != nil {
		return err
	}
	defer c.root.Remove(temporary)
	if err := errors.Join(content(f), f.Close()); err != nil {
		return err
	}
	return place(temporary, name)
}

// create makes a file with a name that nothing has yet.
func (c *Cache) create() (string, *os.File, error) {
	random := make([]byte, 8)
	rand.Read(random)
	name := hex.EncodeToString(random) + ".tmp"
	f, err := c.root.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	return name, f, err
}

// sum returns the keyed digest of something.
func (c *Cache) sum(what string, parts ...[]byte) (sum Sum) {
	mac := hmac.New(sha256.New, c.key)
	io.WriteString(mac, what)
	for _, p := range parts {
		mac.Write(binary.AppendUvarint(nil, uint64(len(p))))
		mac.Write(p)
	}
	mac.Sum(sum[:0])
	return sum
}

// Version returns the digest of a version.
func (c *Cache) Version(v source.Version) Sum { return c.sum("version", []byte(v.ID)) }

// Content returns the digest of what a file holds.
func (c *Cache) Content(data []byte) Sum { return c.sum("content", data) }

// Settled reports whether a file that changes from now on is of another version. One that changed just before it was read can do so again
// without the file system's clock having moved on, as git has it of its index (https://git-scm.com/docs/racy-git).
func (c *Cache) Settled(v source.Version) bool {
	return v.Since.IsZero() || v.Since.Before(c.began.Add(-coarse))
}

// Find returns what is kept of a file, nil if nothing is.
func (c *Cache) Find(path string) *Entry { return c.entries[path] }

// Note counts a file of which what is kept was used.
func (c *Cache) Note() { c.used.Add(1) }

// Used returns of how many files what is kept was used.
func (c *Cache) Used() int { return int(c.used.Load()) }

// load reads the entries, none if anything is odd.
func (c *Cache) load() {
	text, err := c.read(c.name)
	if err != nil || len(text) < len(Sum{}) {
		return
	}
	body, sum := text[:len(text)-len(Sum{})], text[len(text)-len(Sum{}):]
	mac := c.mac()
	io.WriteString(mac, body)
	if !hmac.Equal(mac.Sum(nil), []byte(sum)) {
		return
	}
	rest, ok := strings.CutPrefix(body, format+string(c.program))
	if !ok {
		return
	}
	entries, ok := parse(rest)
	if !ok {
		return
	}
	c.entries, c.loaded = entries, rest
	if info, err := c.root.Stat(c.name); err == nil && c.began.Sub(info.ModTime()) > touched {
		c.root.Chtimes(c.name, c.began, c.began)
	}
}

// mac is what says that a file was written by who has the key.
func (c *Cache) mac() hash.Hash {
	mac := hmac.New(sha256.New, c.key)
	io.WriteString(mac, c.name)
	return mac
}

// parse reads entries. Their texts are parts of what is read.
func parse(in string) (map[string]*Entry, bool) {
	d := decoder{in: in}
	count, ok := d.uint()
	if !ok || count > uint64(len(d.in)) {
		return nil, false
	}
	text := func(t *Text) bool {
		var s string
		ok := d.cut(&s)
		*t = Text{len(in) - len(d.in) - len(s), len(s)}
		return ok
	}
	entries := make(map[string]*Entry, count)
	list := make([]Entry, count)
	for i := range list {
		e := &list[i]
		if !d.cut(&e.Path) || !d.sum(&e.Version) || !d.sum(&e.Content) {
			return nil, false
		}
		settled, ok := d.uint()
		if !ok || !text(&e.Said) || !text(&e.Again) || !text(&e.Matters) || !text(&e.Words) {
			return nil, false
		}
		e.Settled = settled == 1
		entries[e.Path] = e
	}
	if d.in != "" || len(entries) != len(list) {
		return nil, false
	}
	return entries, true
}

// cut reads a text with its length before it.
func (d *decoder) cut(text *string) bool {
	n, ok := d.uint()
	if !ok || n > uint64(len(d.in)) {
		return false
	}
	*text, d.in = d.in[:n], d.in[n:]
	return true
}

func (d *decoder) sum(s *Sum) bool {
	if len(d.in) < len(s) {
		return false
	}
	d.in = d.in[copy(s[:], d.in):]
	return true
}

// append writes an entry as parse reads it.
func (c *Cache) append(out []byte, e *Entry) []byte {
	out = append(binary.AppendUvarint(out, uint64(len(e.Path))), e.Path...)
	out = append(append(out, e.Version[:]...), e.Content[:]...)
	settled := byte(0)
	if e.Settled {
		settled = 1
	}
	out = append(out, settled)
	for _, t := range []Text{e.Said, e.Again, e.Matters, e.Words} {
		out = c.appendText(binary.AppendUvarint(out, uint64(t.size)), t)
	}
	return out
}

// Save keeps the entries and no others. Nothing is written if that is what is kept already; what goes wrong, Err says.
func (c *Cache) Save(entries []*Entry) {
	if len(entries) == len(c.entries) && !slices.ContainsFunc(entries, func(e *Entry) bool { return c.entries[e.Path] != e }) {
		return
	}
	c.saved = c.write(c.name, func(w io.Writer) error { return c.writeTo(w, entries) }, c.root.Rename)
	if c.saved == nil {
		c.clean()
	}
}

// Err says why nothing could be kept, nil if it could.
func (c *Cache) Err() error { return c.saved }

func (c *Cache) writeTo(w io.Writer, entries []*Entry) error {
	mac := c.mac()
	out := binary.AppendUvarint(append([]byte(format), c.program...), uint64(len(entries)))
	flush := func() error {
		mac.Write(out)
		_, err := w.Write(out)
		out = out[:0]
		return err
	}
	for _, e := range entries {
		if out = c.append(out, e); len(out) >= 64<<10 {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	if err := cmp.Or(c.spill.err, flush()); err != nil {
		return err
	}
	_, err := w.Write(mac.Sum(nil))
	return err
}

// clean removes what nobody used for long: caches of folders that are no more, and what a scan that was interrupted left behind.
func (c *Cache) clean() {
	list, err := fs.ReadDir(c.root.FS(), ".")
	if err != nil {
		return
	}
	for _, d := range list {
		if ext := filepath.Ext(d.Name()); ext != ending && ext != ".tmp" || !d.Type().IsRegular() {
			continue
		}
		if info, err := d.Info(); err == nil && c.began.Sub(info.ModTime()) > unused {
			c.root.Remove(d.Name())
		}
	}
}
