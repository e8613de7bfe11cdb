package scan

import (
	"context"
	"io"
	"maps"
	"runtime"
	"slices"

	"golang.org/x/sync/errgroup"

	"github.com/stagewall/stagewall/cmd/internal/git"
	"github.com/stagewall/stagewall/cmd/internal/history"
	"github.com/stagewall/stagewall/cmd/internal/report"
	"github.com/stagewall/stagewall/cmd/internal/source"
	"github.com/stagewall/stagewall/detectors/match"
)

// History says which history is scanned.
type History struct {
	Repository *git.Repository
	Log        []string // options of git log that choose commits; nil: everything that the repository has
}

// RunHistory scans a history. What it finds lies in nobody's checkout, so that it reports tokens and no crossings. The options'
// source and analyzers are not used.
func RunHistory(ctx context.Context, opt Options, h History) (*Result, error) {
	if opt.Jobs <= 0 {
		opt.Jobs = runtime.GOMAXPROCS(0)
	}
	opt.Analyzers = nil
	found, err := history.Search(ctx, history.Options{
		Repository: h.Repository, Engine: opt.Engine, Match: opt.Match, Log: h.Log, Jobs: opt.Jobs, Largest: opt.MaxFileSize,
		Text: func(head []byte) bool { return !isBinary(head) },
	})
	if err != nil {
		return nil, err
	}
	if found.Blobs == 0 && found.Commits == 0 {
		return nil, ErrNothing
	}
	files, err := readVersions(ctx, opt, h.Repository, found.Versions)
	if err != nil {
		return nil, err
	}
	result, err := conclude(ctx, opt, source.Listing{Skipped: found.Skipped}, files)
	if err != nil {
		return nil, err
	}
	for _, says := range found.Gaps {
		result.Gaps = append(result.Gaps, &report.Gap{Says: says})
	}
	result.Timings = found.Timings
	result.Start.Target.Files, result.Start.Target.Bytes = found.Blobs, found.Bytes
	return result, nil
}

// readVersions looks at the versions in full, and at those before them, under the same path: what these hold a version does not bring.
func readVersions(ctx context.Context, opt Options, repo *git.Repository, versions []history.Version) ([]*file, error) {
	files := make([]*file, len(versions))
	before := make([][]*file, len(versions))
	by := map[string][]*file{} // by blob
	for i, v := range versions {
		add := func(id string) *file {
			f := &file{File: source.File{Path: v.Path}, commit: v.Commit}
			by[id] = append(by[id], f)
			return f
		}
		files[i] = add(v.Blob)
		for _, id := range v.Before {
			before[i] = append(before[i], add(id))
		}
	}
	if err := readBlobs(ctx, opt, repo, by); err != nil {
		return nil, err
	}
	brought := map[string]bool{}
	for i, f := range files {
		for _, old := range before[i] {
			f.found = slices.DeleteFunc(f.found, func(new found) bool {
				return slices.ContainsFunc(old.found, func(o found) bool { return o.key == new.key })
			})
		}
		for _, new := range f.found {
			brought[new.key] = brought[new.key] || !versions[i].Lost
		}
	}
	for i, f := range files {
		if versions[i].Lost {
			f.found = slices.DeleteFunc(f.found, func(new found) bool { return brought[new.key] })
		}
	}
	return files, nil
}

// blob is a blob's text and the versions that it is.
type blob struct {
	data     []byte
	versions []*file
}

// readBlobs scans blobs under the paths and commits of the versions that they are.
func readBlobs(ctx context.Context, opt Options, repo *git.Repository, versions map[string][]*file) error {
	c := &crew{sizes: usual(), opt: &opt, chosen: newSelection(nil)}
	group, running := errgroup.WithContext(ctx)
	blobs := make(chan blob, opt.Jobs)
	for range opt.Jobs {
		group.Go(func() error {
			r := &reader{crew: c}
			for b := range blobs {
				for _, f := range b.versions {
					r.version(running, f, b.data)
				}
			}
			return running.Err()
		})
	}
	var large []string
	group.Go(func() error {
		defer close(blobs)
		_, err := repo.Blobs(running, slices.Sorted(maps.Keys(versions)), func(b git.Blob) error {
			if b.Size > int64(c.sizes.whole) {
				large = append(large, b.ID)
				return nil
			}
			data, err := io.ReadAll(b)
			if err != nil {
				return err
			}
			select {
			case blobs <- blob{match.UTF8(data), versions[b.ID]}:
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
	r := &reader{crew: c}
	for _, id := range large { // read piece by piece, once for each version
		for _, f := range versions[id] {
			_, err := repo.Blobs(ctx, []string{id}, func(b git.Blob) error { return r.stream(ctx, f, b) })
			f.fail(err)
		}
	}
	return nil
}

// version scans one version.
func (r *reader) version(ctx context.Context, f *file, data []byte) {
	defer func() {
		if recover() != nil {
			f.fail(errPanic)
		}
	}()
	f.fail(r.whole(ctx, f, data))
}
