package scan

import (
	"io"
	"os"
	"slices"
	"sync"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/graph"
	"github.com/stagewall/stagewall/cmd/internal/cache"
	"github.com/stagewall/stagewall/cmd/internal/source"
	"github.com/stagewall/stagewall/detectors"
)

// This file keeps what a file says from one scan to the next, see cmd/internal/cache. Of a file in which a rule saw anything at all, be it a
// placeholder or allowed, nothing is kept, nor of one in which no rule looked because it is encrypted: so nothing that is kept holds a token.
// Better facts, see refine.go, are of many files together: they are kept unless a token stands in one that they can be of.

// said is what a file said when it was read. It has no tokens.
type said struct {
	Bytes   int64
	Skipped bool
	Gaps    []string
	Facts   []*analyzers.Facts
}

// words are those that were looked for in a file that was not read in full.
type words struct{ Stand, Lack []string }

// depends is all that what is kept of a file depends on beside the file and the program.
type depends struct {
	Mode         string // how a file is opened, and whether its size is known before
	Rules        []detectors.Rule
	Global       []detectors.Allowlist
	DecodeDepth  int
	Gitleaks     bool
	Apart        bool
	Analyzers    []string // names and patterns
	MaxFileSize  int64
	ArchiveDepth int
	Sizes        []int
}

// codecs are those of what is kept.
type codecs struct {
	said  *cache.Codec[said]
	again *cache.Codec[[]*analyzers.Facts]
	words *cache.Codec[words]
	links *cache.Codec[linked]
	rests *cache.Codec[depends]
}

var kept = sync.OnceValues(func() (c codecs, err error) {
	if c.said, err = cache.NewCodec[said](); err != nil {
		return c, err
	}
	if c.again, err = cache.NewCodec[[]*analyzers.Facts](); err != nil {
		return c, err
	}
	if c.words, err = cache.NewCodec[words](); err != nil {
		return c, err
	}
	if c.links, err = cache.NewCodec[linked](); err != nil {
		return c, err
	}
	c.rests, err = cache.NewCodec[depends]()
	return c, err
})

// Settings returns a digest of all that what is kept of a file depends on, beside the file and the program.
func Settings(opt Options) ([]byte, error) {
	c, err := kept()
	if err != nil {
		return nil, err
	}
	s := usual()
	d := depends{
		Mode: opt.Target.Mode, Rules: opt.Engine.Rules(), MaxFileSize: opt.MaxFileSize, ArchiveDepth: opt.ArchiveDepth,
		Sizes: []int{s.whole, s.piece, s.overlap}, Global: opt.Match.Global, DecodeDepth: opt.Match.DecodeDepth, Gitleaks: opt.Match.Gitleaks,
		Apart: opt.Match.Apart,
	}
	for _, a := range opt.Analyzers {
		d.Analyzers = append(append(d.Analyzers, a.Name), a.Files...)
	}
	digest, err := c.rests.Digest(&d)
	return slices.Concat(c.said.Fingerprint(), c.again.Fingerprint(), c.words.Fingerprint(), c.links.Fingerprint(), digest), err
}

// keeper keeps and remembers for one worker; nil if nothing is kept.
type keeper struct {
	*cache.Cache
	said struct {
		*cache.Encoder[said]
		*cache.Decoder[said]
	}
	again struct {
		*cache.Encoder[[]*analyzers.Facts]
		*cache.Decoder[[]*analyzers.Facts]
	}
	words struct {
		*cache.Encoder[words]
		*cache.Decoder[words]
	}
	linked struct {
		*cache.Encoder[linked]
		*cache.Decoder[linked]
	}
}

func newKeeper(c *cache.Cache) *keeper {
	codecs, err := kept()
	if c == nil || err != nil {
		return nil
	}
	k := &keeper{Cache: c}
	k.said.Encoder, k.said.Decoder = codecs.said.Encoder(), codecs.said.Decoder()
	k.again.Encoder, k.again.Decoder = codecs.again.Encoder(), codecs.again.Decoder()
	k.words.Encoder, k.words.Decoder = codecs.words.Encoder(), codecs.words.Decoder()
	k.linked.Encoder, k.linked.Decoder = codecs.links.Encoder(), codecs.links.Decoder()
	return k
}

// remember finds what is kept of a file whose version says that it did not change, and reports whether there is something. What it said is left
// for later if it can be identified without.
func (k *keeper) remember(f *file, from source.Source) bool {
	versioned, ok := from.(source.Versioned)
	if k == nil || !ok {
		return false
	}
	e := k.Find(f.Path)
	if e == nil {
		return false
	}
	f.version = versioned.Version(f.Path)
	if !e.Settled || f.version.ID == "" || e.Version != k.Version(f.version) {
		return false
	}
	f.kept, f.unsaid = e, true
	if e.Content == (cache.Sum{}) && !f.version.Since.IsZero() && !k.take(f, e) {
		f.kept, f.unsaid = nil, false
		return false
	}
	k.Note()
	return true
}

// opened finds the version of a file that is about to be read, if it is not known yet.
func (k *keeper) opened(f *file, in io.Reader, from source.Source) {
	versioned, ok := from.(source.Versioned)
	if k == nil || !ok || f.version.ID != "" {
		return
	}
	if opened, ok := in.(*os.File); ok {
		if info, err := opened.Stat(); err == nil && info.Mode().IsRegular() {
			f.version = source.VersionOf(info)
		}
		return
	}
	f.version = versioned.Version(f.Path)
}

// recognise takes what is kept of a file whose content, the data, did not change, and reports whether there is something.
func (k *keeper) recognise(f *file, data []byte) bool {
	if k == nil || f.outer != "" || f.version.ID != "" && f.version.Since.IsZero() {
		return false // or the version is that of the content
	}
	f.sum = k.Content(data)
	e := k.Find(f.Path)
	if e == nil || e.Content != f.sum || !k.take(f, e) {
		return false
	}
	k.Note()
	if now := k.entry(f); now.Version != e.Version || now.Settled != e.Settled {
		now.Said, now.Again, now.Matters, now.Words = e.Said, e.Again, e.Matters, e.Words
		f.kept = now
	}
	return true
}

// take takes what an entry says of a file.
func (k *keeper) take(f *file, e *cache.Entry) bool {
	s, err := k.said.Decode(k.Text(e.Said))
	if err != nil {
		return false
	}
	f.bytes, f.skipped, f.gaps, f.facts, f.kept, f.unsaid = s.Bytes, s.Skipped, s.Gaps, s.Facts, e, false
	return true
}

// entry returns an entry that says nothing yet.
func (k *keeper) entry(f *file) *cache.Entry {
	e := &cache.Entry{Path: f.Path, Content: f.sum}
	if f.version.ID != "" {
		e.Version, e.Settled = k.Version(f.version), k.Settled(f.version)
	}
	return e
}

// keep keeps what a file said that was read.
func (k *keeper) keep(f *file) {
	if k == nil || f.kept != nil || !f.keepable() || f.version.ID == "" && f.sum == (cache.Sum{}) {
		return
	}
	e := k.entry(f)
	if text, err := k.said.Encode(&said{f.bytes, f.skipped, f.gaps, f.facts}); err == nil {
		e.Said = k.Put(text)
		f.kept = e
	}
}

// keepable reports whether what a file said can be kept.
func (f *file) keepable() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return !f.seen && f.err == nil && len(f.members) == 0
}

// see notes that something stands in a file of which nothing is to be kept.
func (f *file) see() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.seen = true
}

// save keeps what the files said for the next scan, and what is of all files together, as far as it is there.
func save(c *cache.Cache, files []*file, together ...*cache.Entry) {
	if c == nil {
		return
	}
	entries := make([]*cache.Entry, 0, len(files))
	for _, f := range files {
		if f.kept != nil && f.keepable() { // the pieces of a large file are all read by now
			entries = append(entries, f.kept)
		}
	}
	for _, e := range together {
		if e != nil {
			entries = append(entries, e)
		}
	}
	c.Save(entries)
}

// recall finds out without reading a file again whether one of the words stands in it and what it says, as far as that is known: then it
// reports true. What it says is not made lean yet.
func (k *keeper) recall(u *unread) ([]*analyzers.Facts, bool) {
	if k == nil || u.file.kept == nil || u.file.kept.Words.Empty() {
		return nil, false
	}
	looked, err := k.words.Decode(k.Text(u.file.kept.Words))
	if err != nil {
		return nil, false
	}
	for _, word := range u.words {
		switch {
		case slices.Contains(looked.Lack, word):
			continue
		case !slices.Contains(looked.Stand, word) || u.file.kept.Again.Empty():
			return nil, false
		}
		facts, err := k.again.Decode(k.Text(u.file.kept.Again))
		return facts, err == nil
	}
	return nil, true
}

// looked is what looking into a file that was not read in full told.
type looked struct {
	words
	full cache.Text // what it says, as it is kept; empty if no word stands in it
	sum  cache.Sum
}

// learn keeps what reading a file again told: which words stand in it, what it says in full, and what of that matters as far as it is known now,
// which the next scan is to begin with. It is called by one goroutine.
func (k *keeper) learn(u *unread) {
	if k == nil || u.file.kept == nil || u.looked == nil && len(u.facts) == 0 {
		return
	}
	e := *u.file.kept
	if l := u.looked; l != nil {
		if e.Content != l.sum && e.Content != (cache.Sum{}) {
			u.file.kept = nil // it changed while it was scanned
			return
		}
		if !k.learnWords(&e, l) {
			return
		}
		if e.Again.Empty() {
			e.Again = l.full
		}
	}
	if len(u.facts) > 0 {
		u.file.matters = k.learnFacts(&e, u.facts)
	}
	u.file.kept = &e
}

// learnWords adds words that were looked for to an entry.
func (k *keeper) learnWords(e *cache.Entry, l *looked) bool {
	all, err := k.words.Decode(k.Text(e.Words))
	if err != nil {
		all = words{}
	}
	all.Stand, all.Lack = append(all.Stand, l.Stand...), append(all.Lack, l.Lack...)
	for _, list := range []*[]string{&all.Stand, &all.Lack} {
		slices.Sort(*list)
		*list = slices.Compact(*list)
	}
	text, err := k.words.Encode(&all)
	if err != nil {
		return false
	}
	e.Words = k.Put(text)
	return true
}

// learnFacts has an entry hold facts that matter, in the place of those that the same analyzers said before, and returns how many it holds.
func (k *keeper) learnFacts(e *cache.Entry, facts []*analyzers.Facts) int {
	all := facts
	if before, err := k.facts(e.Matters); err == nil {
		all = slices.Concat(facts, slices.DeleteFunc(before, func(old *analyzers.Facts) bool {
			return slices.ContainsFunc(facts, func(f *analyzers.Facts) bool { return f.Analyzer == old.Analyzer })
		}))
	}
	e.Matters = k.full(all)
	return len(all)
}

// facts returns facts that were kept.
func (k *keeper) facts(t cache.Text) ([]*analyzers.Facts, error) {
	if t.Empty() {
		return nil, nil
	}
	return k.again.Decode(k.Text(t))
}

// restore has the index begin with what mattered when a scan had read everything: most of it does again, and what does not changes nothing.
func (k *keeper) restore(index *graph.Index, files []*file) {
	if k == nil {
		return
	}
	for _, f := range files {
		if f.kept == nil || f.unsaid || f.kept.Matters.Empty() {
			continue
		}
		if facts, err := k.facts(f.kept.Matters); err == nil {
			f.matters = len(facts)
			for _, one := range facts {
				index.Replace(one)
			}
		}
	}
}

// full returns facts as they are kept, nothing if they cannot be.
func (k *keeper) full(facts []*analyzers.Facts) cache.Text {
	text, err := k.again.Encode(&facts)
	if err != nil {
		return cache.Text{}
	}
	return k.Put(text)
}

// look returns which of the words stand in a text, up to the first that does.
func look(list []string, text []byte) (w words) {
	for i, word := range list {
		if (graph.Unread{Words: list[i : i+1]}).MayMatter(text) {
			w.Stand = []string{word}
			break
		}
		w.Lack = append(w.Lack, word)
	}
	return w
}
