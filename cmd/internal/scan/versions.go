package scan

import (
	"cmp"
	"context"
	"io"
	"slices"

	"golang.org/x/sync/errgroup"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/cmd/internal/git"
	"github.com/stagewall/stagewall/cmd/internal/history"
	"github.com/stagewall/stagewall/cmd/internal/source"
	"github.com/stagewall/stagewall/detectors/match"
)

// This file looks in full at the versions in which the search of a history found something.
//
// # Idea
//
// A version brings what is found in it and in none of the versions before it, under the same path. Most versions of a file that holds much bring
// little, and each is the one before of the next. So a blob is scanned once for each of its paths, whatever it is wanted for, and what
// surrounds a candidate is looked at only where a version brings it. That is known of nearly all candidates before anything is scanned: the
// search saw that no version before holds the value, under any path. Of the others the key is noted; should a version before hold the
// value in that wide sense only, as when a partner is new, the blob is read once more for it.
//
// # Gain
//
// In gitleaks' own history (3795 commits), which is full of matches, a third of the scans and most observations are spared: 2.72 s of processor time became 2.35.

// leaf is a blob under one of its paths.
type leaf struct {
	blob, path string
	commit     string // "" unless rules ask for it
	versions   []version
	keys       map[string]bool // of what is found in it
	again      map[string]bool // those of them that are to be looked at in full; nil when it is read first
	err        error
}

// version is a version of a file, and the file that notes what it brings.
type version struct {
	*history.Version
	file *file
}

// leaves are the leaves of a history that something is wanted of.
type leaves struct {
	crew   *crew
	repo   *git.Repository
	search *history.Result
	all    map[leafName]*leaf
}

type leafName struct{ blob, path, commit string }

// leaf returns the leaf that is a version's blob, or one before it.
func (l *leaves) leaf(blob string, v *history.Version) *leaf {
	name := leafName{blob: blob, path: v.Path}
	if l.crew.opt.Engine.Commits() {
		name.commit = v.Commit
	}
	one, ok := l.all[name]
	if !ok {
		one = &leaf{blob: blob, path: v.Path, commit: name.commit, keys: map[string]bool{}}
		l.all[name] = one
	}
	return one
}

// readVersions looks at the versions, and returns for each what it brings.
func readVersions(ctx context.Context, opt Options, repo *git.Repository, search *history.Result) ([]*file, error) {
	l := &leaves{&crew{sizes: usual(), opt: &opt, chosen: newSelection(nil)}, repo, search, map[leafName]*leaf{}}
	files := make([]*file, len(search.Versions))
	own, before := make([]*leaf, len(files)), make([][]*leaf, len(files))
	for i := range files {
		v := &search.Versions[i]
		files[i] = &file{File: source.File{Path: v.Path}, commit: v.Commit}
		own[i] = l.leaf(v.Blob, v)
		own[i].versions = append(own[i].versions, version{v, files[i]})
		for _, id := range v.Before {
			before[i] = append(before[i], l.leaf(id, v))
		}
	}
	every := make([]*leaf, 0, len(l.all))
	for _, one := range l.all {
		every = append(every, one)
	}
	if err := l.read(ctx, every); err != nil {
		return nil, err
	}
	held := func(i int, key string) bool { // before the version
		return slices.ContainsFunc(before[i], func(old *leaf) bool { return old.keys[key] })
	}
	var more []*leaf
	for i, f := range files {
		if left := f.left(own[i].keys, func(key string) bool { return held(i, key) }); len(left) > 0 {
			if own[i].again == nil {
				own[i].again = map[string]bool{}
				more = append(more, own[i])
			}
			for _, key := range left {
				own[i].again[key] = true
			}
		}
	}
	if err := l.read(ctx, more); err != nil {
		return nil, err
	}
	brought := map[string]bool{}
	for i, f := range files {
		f.fail(own[i].err)
		f.found = slices.DeleteFunc(f.found, func(one found) bool { return held(i, one.key) })
		slices.SortStableFunc(f.found, func(a, b found) int {
			return cmp.Compare(a.observation.At.Span.Start, b.observation.At.Span.Start)
		})
		for _, one := range f.found {
			brought[one.key] = brought[one.key] || !search.Versions[i].Lost
		}
	}
	for i, f := range files {
		if search.Versions[i].Lost {
			f.found = slices.DeleteFunc(f.found, func(one found) bool { return brought[one.key] })
		}
	}
	return files, nil
}

// left returns the keys that were not noted and are not held.
func (f *file) left(keys map[string]bool, held func(string) bool) (left []string) {
	noted := map[string]bool{}
	for _, one := range f.found {
		noted[one.key] = true
	}
	for key := range keys {
		if !noted[key] && !held(key) {
			left = append(left, key)
		}
	}
	return left
}

// text is a blob's text and the leaves that it is.
type text struct {
	data   []byte
	leaves []*leaf
}

// read reads the blobs of leaves, and scans them.
func (l *leaves) read(ctx context.Context, list []*leaf) error {
	if len(list) == 0 {
		return nil
	}
	by := map[string][]*leaf{}
	var ids []string
	for _, one := range list {
		if by[one.blob] == nil {
			ids = append(ids, one.blob)
		}
		by[one.blob] = append(by[one.blob], one)
	}
	slices.Sort(ids)
	group, running := errgroup.WithContext(ctx)
	texts := make(chan text, l.crew.opt.Jobs)
	for range l.crew.opt.Jobs {
		group.Go(func() error {
			r := &reader{crew: l.crew}
			for t := range texts {
				for _, one := range t.leaves {
					r.leaf(running, l.search, one, t.data)
				}
			}
			return running.Err()
		})
	}
	var large []string
	group.Go(func() error {
		defer close(texts)
		_, err := l.repo.Blobs(running, ids, func(b git.Blob) error {
			if b.Size > int64(l.crew.sizes.whole) {
				large = append(large, b.ID)
				return nil
			}
			data := make([]byte, b.Size)
			if _, err := io.ReadFull(b, data); err != nil {
				return err
			}
			select {
			case texts <- text{match.UTF8(data), by[b.ID]}:
				return nil
			case <-running.Done():
				return running.Err()
			}
		})
		return err
	})
	if err := group.Wait(); err != nil {
		return err
	}
	r := &reader{crew: l.crew}
	for _, id := range large {
		for _, one := range by[id] {
			r.large(ctx, l.repo, one)
		}
	}
	return nil
}

// leaf scans a leaf.
func (r *reader) leaf(ctx context.Context, search *history.Result, l *leaf, data []byte) {
	defer func() {
		if recover() != nil {
			l.err = errPanic
		}
	}()
	if encrypted(data) {
		return
	}
	pass := analyzers.NewPass("", l.path, data)
	text := r.opt.Knowledge.File(l.path, data, 0)
	err := r.scan(ctx, match.Input{Path: l.path, Commit: l.commit, Data: data, Final: true}, func(c match.Candidate) bool {
		rule, ok := r.rule(data, c)
		if !ok {
			return true
		}
		key := keyOf(c.Value)
		if l.again[key] || l.again == nil && !l.keys[key] && text.Ignores(rule, c.Value, c.Secret) == "" {
			l.keys[key] = true
		}
		for _, v := range l.versions {
			if brings := search.Brings(v.Version, c.Value); brings && l.again == nil || !brings && l.again[key] {
				r.note(v.file, text, rule, c.Value, origin(data).moved(pass.At(c.Secret.Start, c.Secret.End)))
			}
		}
		return true
	})
	l.err = cmp.Or(l.err, err)
}

// large scans a leaf that is too large to be held in memory, piece by piece, once for each version and once for those that it is before.
func (r *reader) large(ctx context.Context, repo *git.Repository, l *leaf) {
	for _, v := range append(l.versions, version{file: &file{File: source.File{Path: l.path}, commit: l.commit}}) {
		_, err := repo.Blobs(ctx, []string{l.blob}, func(b git.Blob) error { return r.stream(ctx, v.file, b) })
		v.file.fail(err)
		for _, one := range v.file.found {
			l.keys[one.key] = true
		}
	}
}
