package scan

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"slices"

	"github.com/stagewall/stagewall/detectors"
)

// This file finds files that are credentials themselves, such as bundles of keys: a rule that looks at paths only says which. There is no text
// in them that could be the token's value. The value is the digest of all that the file holds, text or not, so that copies of a file are one
// token with several places, as copies of any value are, and no report can show what is in it. Its place is the file as a whole.

// takes returns the rules that take the file for a credential; data is how it begins. Where a provider's rule does, others do not count.
func (r *reader) takes(f *file, data []byte) []detectors.Rule {
	if r.scanner == nil {
		r.scanner = r.opt.Engine.Scanner()
	}
	var rules []detectors.Rule
	for _, n := range r.scanner.Takes(f.Path, f.commit) {
		rules = append(rules, r.opt.Engine.Rules()[n])
	}
	if len(rules) == 0 || len(data) == 0 || encrypted(data) || bytes.HasPrefix(data, []byte("version https://git-lfs.github.com/spec/")) {
		return nil // nothing of it is here, or not in plain
	}
	if provided := slices.DeleteFunc(slices.Clone(rules), func(rule detectors.Rule) bool { return rule.Provider == "" }); len(provided) > 0 {
		return provided
	}
	return rules
}

// store reads a file that rules take for a credential.
func (r *reader) store(ctx context.Context, f *file, rules []detectors.Rule, data []byte, in io.Reader, err error, size int64) error {
	sum := sha256.New()
	sum.Write(data)
	in = io.TeeReader(in, sum)
	if err := r.content(ctx, f, data, in, err, size); err != nil {
		return err
	}
	if _, err := io.Copy(io.Discard, in); err != nil {
		return err
	}
	value := "sha256:" + hex.EncodeToString(sum.Sum(nil))
	for _, rule := range rules {
		r.note(f, r.opt.Knowledge.File(f.Path, nil, 0), rule, []byte(value), detectors.Place{Path: f.Path})
	}
	return nil
}
