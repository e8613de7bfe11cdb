package scan

import (
	"context"
	"errors"
	"io"

	"github.com/stagewall/stagewall/cmd/internal/archive"
	"github.com/stagewall/stagewall/cmd/internal/source"
)

// unpack scans what is in an archive. Its members are searched for tokens, which lie where the archive lies; they are no artefacts.
func (r *reader) unpack(ctx context.Context, f *file, in io.Reader, size int64) error {
	f.see()
	packed := archive.Input{Path: f.Path, Size: size, Reader: in, At: f.at}
	gaps, err := archive.Walk(ctx, packed, archive.Usual(r.opt.ArchiveDepth), func(path string, in io.Reader) error {
		member := &file{File: source.File{Path: path, Tracked: f.Tracked}, outer: f.Path}
		f.members = append(f.members, member)
		err := r.text(ctx, member, &counter{in: in, file: member, most: r.opt.MaxFileSize}, -1)
		if err != nil && !errors.Is(err, archive.ErrLimit) && ctx.Err() == nil {
			member.gaps = append(member.gaps, "this member of an archive could not be read to its end: "+err.Error())
		}
		return ctx.Err()
	})
	for _, g := range gaps {
		f.members = append(f.members, &file{File: source.File{Path: g.Path, Tracked: f.Tracked}, outer: f.Path, skipped: true, gaps: []string{g.Says}})
	}
	return err
}
