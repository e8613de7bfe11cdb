package scan

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"io"
	"slices"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/cmd/internal/source"
	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/match"
)

// sizes say how files are read, in bytes. A file up to the size of whole is read whole; a larger one is scanned piece by piece and is
// not analysed: no artefact is that large.
//
// A large file is read by one worker and scanned by all. The reader only copies and counts line breaks, at some gigabytes a second, so
// one is enough for many; what it has read it hands on in pieces, to whoever is free, and scans a piece itself while nobody is. Each piece
// owns what begins in it, and lies in a text that goes further on both sides by the overlap, so that what crosses a border is seen whole
// by exactly one. A token longer than the overlap is not seen there.
type sizes struct{ whole, piece, overlap int }

// usual are the sizes outside tests. A piece and what it sees of others are no more than what all buffers for a text are kept for, so that a large file
// leaves no garbage: 1 GB peaked at 108 to 124 MB with pieces twice as large, and at 80 MB so, in three quarters of the processor time.
func usual() sizes {
	const overlap = 64 << 10
	return sizes{whole: 16 << 20, piece: roomy - 2*overlap, overlap: overlap}
}

// crew is what the workers of a scan share.
type crew struct {
	sizes  sizes
	opt    *Options
	chosen *selection
	pieces chan *piece
	spare  chan *piece // whose memory can be used again
}

// piece is a part of a large file.
type piece struct {
	file  *file
	data  []byte
	begin point
	own   detectors.Span
	final bool // the file ends with the data
}

// point is where in its file a text begins.
type point struct{ offset, line, column int }

// origin is the point where a file begins. A byte order mark is no part of its first line.
func origin(data []byte) point {
	if mark := []byte("\ufeff"); bytes.HasPrefix(data, mark) {
		return point{0, 1, 1 - len(mark)}
	}
	return point{0, 1, 1}
}

// readAll reads the files in parallel. The result has their order, with the members of archives behind these.
func readAll(ctx context.Context, opt Options, list []source.File) ([]*file, error) {
	files := make([]*file, len(list))
	if len(list) == 0 {
		return files, nil
	}
	c := &crew{sizes: cmp.Or(opt.sizes, usual()), opt: &opt, chosen: newSelection(opt.Analyzers), pieces: make(chan *piece, opt.Jobs), spare: make(chan *piece, 2*opt.Jobs+1)}
	group, ctx := errgroup.WithContext(ctx)
	var next, done atomic.Int64
	for range opt.Jobs {
		group.Go(func() error {
			r := &reader{crew: c, keeper: newKeeper(opt.Cache)}
			for {
				if err := r.help(ctx, false); err != nil {
					return err
				}
				i := int(next.Add(1)) - 1
				if i >= len(list) {
					return r.help(ctx, true)
				}
				files[i] = r.read(ctx, list[i])
				n := int(done.Add(1))
				if opt.Progress != nil {
					opt.Progress(n, len(list))
				}
				if n == len(list) {
					close(c.pieces) // nobody reads any more
				}
			}
		})
	}
	err := group.Wait()
	if err != nil {
		return nil, err
	}
	var all []*file
	for _, f := range files {
		all = append(append(all, f), f.members...)
	}
	for _, f := range all {
		slices.SortStableFunc(f.found, func(a, b found) int {
			return cmp.Compare(a.observation.At.Span.Start, b.observation.At.Span.Start)
		})
	}
	return all, nil
}

// help scans the pieces that wait and, if asked to stay, all that come until no file is read any more.
func (r *reader) help(ctx context.Context, stay bool) error {
	for {
		if !stay && len(r.pieces) == 0 {
			return ctx.Err()
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case p, more := <-r.pieces:
			if !more {
				return nil
			}
			r.scanPiece(ctx, p)
		}
	}
}

// stream reads a large file and sees to it that all of its pieces are scanned.
func (r *reader) stream(ctx context.Context, f *file, in io.Reader) error {
	p := r.take()
	p.file, p.data, p.own = f, p.data[:0], detectors.Span{}
	head := make([]byte, sniff)
	n, err := io.ReadFull(in, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		return err
	}
	in = plainReader(head[:n], io.MultiReader(bytes.NewReader(head[:n]), in))
	for {
		n, err := io.ReadFull(in, p.data[len(p.data):cap(p.data)])
		p.data = p.data[:len(p.data)+n]
		p.final = errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
		if err != nil && !p.final {
			return err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if p.own.Start == 0 {
			p.begin = origin(p.data)
		}
		if p.final {
			r.hand(ctx, p)
			return nil
		}
		p.own.End = len(p.data) - r.sizes.overlap
		after := r.take()
		after.follow(p, r.sizes.overlap)
		r.hand(ctx, p)
		p = after
	}
}

// follow begins the piece behind q, with all that both see.
func (p *piece) follow(q *piece, overlap int) {
	passed := q.data[:q.own.End-overlap]
	p.file, p.begin = q.file, q.begin
	p.begin.offset += len(passed)
	if n := bytes.Count(passed, []byte{'\n'}); n > 0 {
		p.begin.line += n
		p.begin.column = len(passed) - bytes.LastIndexByte(passed, '\n')
	} else {
		p.begin.column += len(passed)
	}
	p.data = append(p.data[:0], q.data[len(passed):]...)
	p.own = detectors.Span{Start: overlap}
}

// take returns memory for a piece.
func (c *crew) take() *piece {
	select {
	case p := <-c.spare:
		return p
	default:
		return &piece{data: make([]byte, 0, c.sizes.piece+2*c.sizes.overlap)}
	}
}

// hand gives a piece to whoever is free, and scans it here if nobody is.
func (r *reader) hand(ctx context.Context, p *piece) {
	select {
	case r.pieces <- p:
	default:
		r.scanPiece(ctx, p)
	}
}

// scanPiece scans a piece.
func (r *reader) scanPiece(ctx context.Context, p *piece) {
	f := p.file
	defer func() {
		if recover() != nil {
			f.fail(errPanic)
		}
		select {
		case r.spare <- p:
		default:
		}
	}()
	pass := analyzers.NewPass("", f.Path, p.data)
	text := r.opt.Knowledge.File(f.Path, p.data, p.begin.offset)
	in := match.Input{Path: f.Path, Commit: f.commit, Data: p.data, Base: p.begin.offset, Final: p.final}
	f.fail(r.scan(ctx, in, func(c match.Candidate) bool {
		if p.own.Start <= c.Secret.Start && (c.Secret.Start < p.own.End || p.final) {
			r.add(f, text, p.data, c, p.begin.moved(pass.At(c.Secret.Start, c.Secret.End)))
		}
		return true
	}))
}

// moved returns a place in a text that begins here as a place in the file.
func (p point) moved(at detectors.Place) detectors.Place {
	if at.Line == 1 {
		at.Column += p.column - 1
	}
	if at.EndLine == 1 {
		at.EndColumn += p.column - 1
	}
	at.Line += p.line - 1
	at.EndLine += p.line - 1
	at.Span.Start += p.offset
	at.Span.End += p.offset
	return at
}
