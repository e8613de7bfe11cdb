package history

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/stagewall/stagewall/cmd/internal/git"
	"github.com/stagewall/stagewall/detectors/match"
)

// Options say what is searched, and for what.
type Options struct {
	Repository *git.Repository
	Engine     *match.Engine // that will look at what is found
	Match      match.Options // that it was made with
	Log        []string      // options of git log that choose commits; nil: every blob that the repository has
	Jobs       int           // workers
	Largest    int64         // larger blobs are not read, in bytes; 0: no limit

	Text func(head []byte) bool // reports whether a blob that begins so is text; head is its first 8000 bytes at most
}

// Version is a version of a file that may bring something.
type Version struct {
	Blob   string
	Path   string   // the blob's name, where no commit that is left holds it
	Commit string   // "" there, and for what is only staged
	Before []string // the blobs that hold something of which it is a new version: what they hold it does not bring
	Lost   bool     // no commit that is left holds it

	holds // what it brings
}

// Result is what a search found.
type Result struct {
	Versions []Version // sorted by path, commit and blob
	Commits  int       // that were chosen; 0 if none were asked for
	Blobs    int       // of text, that were read
	Bytes    int64     // of these
	Skipped  int       // blobs that are no text, or too large
	Scanned  int64     // bytes that were not known from other blobs
	Gaps     []string  // what could not be seen
	Timings  []match.Timing

	numbers *numbers
}

// Brings reports whether the version may bring the value: no version before it holds the value in any sense. What it denies the version may
// bring still, since the search sees neither partners nor what surrounds a value.
func (r *Result) Brings(v *Version, value []byte) bool {
	n, ok := r.numbers.numberOf(value)
	if !ok || v.all {
		return true
	}
	_, plain := slices.BinarySearch(v.values, n)
	_, needy := slices.BinarySearch(v.values, n|needs)
	return plain || needy
}

// roomy is how many bytes a buffer has at the most that is kept for the next text: hardly any text is longer.
const roomy = 1 << 20

// large is the size from which on a blob is not sifted, in bytes: if it is text, it is looked at in full.
const large = 16 << 20

// holds is what a blob holds.
type holds struct {
	values []uint32 // sorted
	all    bool     // it was not sifted
}

// search is a search at work.
type search struct {
	*Options
	*sieve
	mu     sync.Mutex // of blobs and of the result
	on     *bound
	blobs  map[string]holds // those that hold something
	tooBig int
	Result
}

// Search searches the history.
func Search(ctx context.Context, opt Options) (*Result, error) {
	sieve := newSieve(opt.Engine.Rules(), like(opt))
	on, err := newBound(sieve.paths)
	if err != nil {
		return nil, err
	}
	s := &search{Options: &opt, sieve: sieve, on: on, blobs: map[string]holds{}}
	if opt.Log != nil {
		err = s.chosen(ctx)
	} else {
		err = s.everything(ctx)
	}
	if err != nil {
		return nil, err
	}
	s.gaps(ctx)
	for _, l := range s.layers {
		s.Timings = append(s.Timings, l.timings()...)
	}
	slices.SortFunc(s.Versions, func(a, b Version) int {
		return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Commit, b.Commit), cmp.Compare(a.Blob, b.Blob))
	})
	result := s.Result // and nothing else of the search, which holds what was known
	result.numbers = s.sieve.numbers
	return &result, nil
}

// like returns the options of engines that have the rules of the one which will look at what is found.
func like(opt Options) match.Options {
	o := opt.Match
	o.Like = opt.Engine
	return o
}

// everything reads every blob, and then asks where those that hold something come from.
func (s *search) everything(ctx context.Context) error {
	log := s.Repository.Log(git.Range{Merges: true})
	staged, _ := s.Repository.Index(ctx)
	if len(s.paths) > 0 {
		_, err := log.Changes(ctx, func(c git.Change) { s.on.add(c.Path, c.New, c.Old) })
		s.on.blind = err != nil
		for _, e := range staged {
			s.on.add(e.Path, e.ID)
		}
	}
	err := s.sift(ctx, func(ctx context.Context, visit func(git.Blob) error) error { return s.Repository.AllBlobs(ctx, visit) })
	if err != nil || len(s.blobs) == 0 {
		return err
	}
	origins := newOrigins(s.blobs)
	if _, err := log.Changes(ctx, origins.add); err != nil {
		s.Gaps = append(s.Gaps, fmt.Sprintf("the log could not be read to its end, so that places are missing: %v", err))
	}
	origins.addMerged()
	origins.addIndex(staged)
	s.Versions = origins.versions(s.Log == nil)
	return nil
}

// chosen reads the blobs that the chosen commits add or change, and those that they replace.
func (s *search) chosen(ctx context.Context) error {
	var changes []git.Change
	var ids []string
	seen := map[string]bool{}
	merges := !slices.Contains(s.Log, "--first-parent") // which has git compare a merge with its first parent alone
	commits, err := s.Repository.Changes(ctx, git.Range{Options: s.Log, Merges: merges}, func(c git.Change) {
		changes = append(changes, c)
		s.on.add(c.Path, c.New, c.Old)
		for _, id := range []string{c.New, c.Old} {
			if !seen[id] && strings.Trim(id, "0") != "" {
				seen[id] = true
				ids = append(ids, id)
			}
		}
	})
	if s.Commits = commits; err != nil {
		return err
	}
	err = s.sift(ctx, func(ctx context.Context, visit func(git.Blob) error) error {
		missing, err := s.Repository.Blobs(ctx, ids, visit)
		if len(missing) > 0 {
			s.Gaps = append(s.Gaps, fmt.Sprintf("%d files of these commits are not in this clone", len(missing)))
		}
		return err
	})
	origins := newOrigins(s.blobs)
	for _, c := range changes {
		origins.add(c)
	}
	origins.addMerged()
	s.Versions = origins.versions(s.Log == nil)
	return err
}

// text is a blob's text on its way to a worker.
type text struct {
	id   string
	data []byte
}

// sift reads the blobs that read visits, and notes what they hold.
func (s *search) sift(ctx context.Context, read func(context.Context, func(git.Blob) error) error) error {
	group, ctx := errgroup.WithContext(ctx)
	texts := make(chan *text, s.Jobs)
	spare := make(chan *text, 2*s.Jobs+1)
	for range s.Jobs {
		group.Go(func() error {
			w := s.worker()
			defer func() {
				s.mu.Lock()
				defer s.mu.Unlock()
				s.Scanned += w.scanned
			}()
			for t := range texts {
				values, err := w.sift(ctx, match.UTF8(t.data), s.on.of(t.id))
				if err != nil {
					return err
				}
				if worth(values, values) {
					s.hold(t.id, holds{values: slices.Clone(values)})
				}
				if cap(t.data) > roomy {
					continue
				}
				select {
				case spare <- t:
				default:
				}
			}
			return nil
		})
	}
	group.Go(func() error {
		defer close(texts)
		return read(ctx, func(b git.Blob) error {
			if s.Largest > 0 && b.Size > s.Largest {
				s.tooBig++
				s.Skipped++
				return nil
			}
			var t *text
			select {
			case t = <-spare:
			default:
				t = &text{}
			}
			return s.take(ctx, b, t, texts)
		})
	})
	return group.Wait()
}

// hold notes what a blob holds.
func (s *search) hold(id string, h holds) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.blobs[id] = h
}

// take reads a blob and sends its text to the workers.
func (s *search) take(ctx context.Context, b git.Blob, t *text, texts chan<- *text) error {
	const sniff = 8000
	t.id, t.data = b.ID, t.data[:0]
	t.data = slices.Grow(t.data, int(min(b.Size, sniff)))[:min(b.Size, sniff)]
	if _, err := io.ReadFull(b, t.data); err != nil {
		return err
	}
	if !s.Text(t.data) {
		s.Skipped++
		return nil
	}
	s.Blobs++
	s.Bytes += b.Size
	if b.Size > large {
		s.hold(b.ID, holds{all: true})
		return nil
	}
	head := len(t.data)
	t.data = slices.Grow(t.data, int(b.Size)-head)[:b.Size]
	if _, err := io.ReadFull(b, t.data[head:]); err != nil {
		return err
	}
	if len(bytes.TrimSpace(t.data)) == 0 {
		return nil
	}
	select {
	case texts <- t:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// gaps says what of the history is not in the repository.
func (s *search) gaps(ctx context.Context) {
	if s.tooBig > 0 {
		s.Gaps = append(s.Gaps, fmt.Sprintf("%d blobs were not read: larger than %d bytes", s.tooBig, s.Largest))
	}
	if s.Repository.Shallow(ctx) {
		s.Gaps = append(s.Gaps, "this is a shallow clone: what came before its oldest commits is not in it")
	}
	switch n, err := s.Repository.Absent(ctx); {
	case err != nil:
		s.Gaps = append(s.Gaps, fmt.Sprintf("this is a partial clone, and what is not in it could not be told: %v", err))
	case n > 0:
		s.Gaps = append(s.Gaps, fmt.Sprintf("this is a partial clone: %d objects of its history are not in it", n))
	}
}
