package scan

import (
	"context"
	"runtime"
	"slices"

	"github.com/stagewall/stagewall/cmd/internal/git"
	"github.com/stagewall/stagewall/cmd/internal/history"
	"github.com/stagewall/stagewall/cmd/internal/report"
	"github.com/stagewall/stagewall/cmd/internal/source"
	"github.com/stagewall/stagewall/detectors"
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
	var err error
	if opt.Engine, err = match.New(unhanded(opt.Engine.Rules()), opt.Match); err != nil {
		return nil, err
	}
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
	files, err := readVersions(ctx, opt, h.Repository, found)
	if err != nil {
		return nil, err
	}
	result, err := conclude(ctx, opt, source.Listing{Skipped: found.Skipped}, files, &past{})
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

// unhanded are the rules without those of what only its being handed on shows to be a token: in a history nobody is seen to do that, so that they would
// find nothing, and cost as much as all others where a repository names the hosts of services.
func unhanded(rules []detectors.Rule) []detectors.Rule {
	return slices.DeleteFunc(slices.Clone(rules), func(r detectors.Rule) bool { return r.Handed })
}
