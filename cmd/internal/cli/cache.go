package cli

import (
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/stagewall/stagewall/cmd/internal/cache"
	"github.com/stagewall/stagewall/cmd/internal/scan"
	"github.com/stagewall/stagewall/detectors/gitleaks"
)

// addCache adds the flags that say what is kept, and where.
func (f *scanFlags) addCache(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.BoolVar(&f.noCache, "no-cache", false, "read every file, and keep nothing of what files say for the next scan")
	flags.StringVar(&f.cacheDir, "cache-dir", "", "folder for what is kept of unchanged files (default: stagewall in the user's folder for caches)")
}

// keep has what the files of a folder say kept for the next scan, unless the user does not want it or it cannot be. What rules cost is not
// known of files that no rule sees; and where rules are left out, or encodings, what files say may hold tokens that nothing saw.
func (c Command) keep(opt *scan.Options, dir string, f scanFlags) {
	if dir == "" || f.noCache || f.timings || len(f.only) > 0 || f.decode < gitleaks.DecodeDepth {
		return
	}
	err := func() error {
		folder := f.cacheDir
		if folder == "" {
			standard, err := cache.Default()
			if err != nil {
				return err
			}
			folder = standard
		}
		root, err := filepath.Abs(dir)
		if err != nil {
			return err
		}
		settings, err := scan.Settings(*opt)
		if err != nil {
			return err
		}
		opt.Cache, err = cache.Open(folder, cache.Of{Root: root, Settings: settings})
		return err
	}()
	if err != nil && (f.verbose || f.cacheDir != "") {
		c.say("nothing is kept for the next scan: %v", err)
	}
}

// noteKept says of how many files it was known already what they say, and whether what is known now could be kept.
func (c Command) noteKept(kept *cache.Cache) {
	if kept == nil {
		return
	}
	c.say("files that were not read, being as an earlier scan found them: %d", kept.Used())
	if err := kept.Err(); err != nil {
		c.say("nothing is kept for the next scan: %v", err)
	}
}
