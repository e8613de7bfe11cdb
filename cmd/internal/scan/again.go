package scan

import (
	"context"
	"io"
	"slices"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/graph"
	"github.com/stagewall/stagewall/cmd/internal/report"
	"github.com/stagewall/stagewall/detectors/match"
)

// prepare returns a linker, after reading again what was not read in full, or not kept, and matters after all, see [graph.Linker.Unread].
func (c *collection) prepare(ctx context.Context, in graph.Input, files []*file) (graph.Linker, error) {
	keeper := newKeeper(c.opt.Cache)
	keeper.restore(c.index, files)
	if c.same != nil {
		err := c.readKnown(ctx, files)
		return graph.NewLinker(in), err
	}
	byPath := map[string]*file{}
	for _, f := range files {
		if f.outer == "" {
			byPath[f.Path] = f
		}
	}
	type look struct{ path, word string }
	looked := map[look]bool{}
	for linker := graph.NewLinker(in); ; linker = linker.Anew() {
		var list []*unread
		for _, u := range linker.Unread() {
			u.Words = slices.DeleteFunc(u.Words, func(word string) bool { return looked[look{u.Path, word}] })
			if len(u.Words) > 0 {
				list = append(list, &unread{file: byPath[u.Path], partial: c.index.Facts(u.Path), words: u.Words, matters: linker.Matters})
			}
		}
		if len(list) == 0 {
			return linker, nil
		}
		if err := c.readAgain(ctx, list); err != nil {
			return linker, err
		}
		more := false
		for _, u := range list {
			if u.err != nil {
				c.errors = append(c.errors, &report.Error{Path: u.file.Path, Says: reason(u.err)})
			}
			keeper.learn(u)
			u.file.again = u.file.again || len(u.facts) > 0
			for _, f := range u.facts {
				c.index.Replace(f)
				more = true
			}
			for _, word := range u.words {
				looked[look{u.file.Path, word}] = len(u.facts) == 0 // what was read can say more once more is known to matter
			}
		}
		if !more {
			return linker, nil
		}
	}
}

// readKnown reads again what was to be read in full when the same was linked, and of which nothing is kept.
func (c *collection) readKnown(ctx context.Context, files []*file) error {
	var list []*unread
	for _, i := range c.same.Again {
		f := files[i]
		list = append(list, &unread{
			file: f, partial: c.index.Facts(f.Path), words: []string{""}, matters: func(*analyzers.Left) bool { return true },
		})
	}
	if err := c.readAgain(ctx, list); err != nil {
		return err
	}
	for _, u := range list {
		if u.err != nil {
			c.errors = append(c.errors, &report.Error{Path: u.file.Path, Says: reason(u.err)})
		}
		for _, f := range u.facts {
			c.index.Replace(f)
		}
	}
	return nil
}

// unread is a file of which not all is known.
type unread struct {
	file    *file
	partial []*analyzers.Facts         // what is known of it
	words   []string                   // it is to be read if one of them stands in it
	matters func(*analyzers.Left) bool // which steps are to be kept then
	facts   []*analyzers.Facts         // what it says
	looked  *looked                    // nil if it was not read, because it is known what stands in it
	err     error
}

// readAgain reads files of which more is to be known, in parallel.
func (c *collection) readAgain(ctx context.Context, list []*unread) error {
	group, ctx := errgroup.WithContext(ctx)
	crew := &crew{sizes: usual(), opt: &c.opt, chosen: newSelection(c.opt.Analyzers)}
	var next atomic.Int64
	for range min(c.opt.Jobs, len(list)) {
		group.Go(func() error {
			r := &reader{crew: crew, keeper: newKeeper(c.opt.Cache)}
			for ctx.Err() == nil {
				i := int(next.Add(1)) - 1
				if i >= len(list) {
					return nil
				}
				list[i].err = r.again(list[i])
			}
			return ctx.Err()
		})
	}
	return group.Wait()
}

// again reads one file in full, if it is to be.
func (r *reader) again(u *unread) error {
	full, known := r.keeper.recall(u)
	if !known {
		var err error
		if full, err = r.look(u); err != nil {
			return err
		}
	}
	for _, facts := range full {
		if u.isPartial(facts.Analyzer) {
			facts.Lean(u.matters)
			r.pack(facts)
			u.facts = append(u.facts, facts)
		}
	}
	return nil
}

// isPartial reports whether the file can tell an analyzer more than is known of it.
func (u *unread) isPartial(analyzer string) bool {
	return slices.ContainsFunc(u.partial, func(f *analyzers.Facts) bool { return f.Partial() && f.Analyzer == analyzer })
}

// wants reports whether anybody asks for a program that stands apart.
func (u *unread) wants(program string) bool {
	return u.matters(&analyzers.Left{Programs: []string{program}})
}

// look looks into a file and returns what it says if one of the words stands in it, without programs that nobody asks for.
func (r *reader) look(u *unread) ([]*analyzers.Facts, error) {
	in, err := r.opt.Source.Open(u.file.Path)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	data, err := r.fill(in, r.buffer[:0], r.sizes.whole)
	if err != nil && err != io.EOF {
		return nil, err
	}
	l := &looked{}
	if r.keeper != nil && u.file.kept != nil {
		l.sum = r.keeper.Content(data)
		u.looked = l
	}
	data = match.UTF8(data)
	if l.words = look(u.words, data); len(l.Stand) == 0 {
		return nil, nil
	}
	var full []*analyzers.Facts
	all := true
	for _, a := range r.chosen.of(u.file.Path, data[:min(len(data), 512)]) {
		if u.isPartial(a.Name) {
			facts := factsOf(a, u.file.Path, data, false, u.wants)
			full, all = append(full, facts), all && facts.Left == nil
		}
	}
	if u.looked != nil && all {
		l.full = r.keeper.full(full)
	}
	return full, nil
}
