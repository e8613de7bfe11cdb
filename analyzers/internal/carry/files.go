package carry

import (
	"path"
	"strings"

	"github.com/bmatcuk/doublestar/v4"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/detectors"
)

// Files are the names and values that scripts write to files: what else gets the files has what stands in them.
type Files []Written

// Written is one name in a file.
type Written struct {
	File  string // below the folder in which a job works
	Name  string
	Value analyzers.Value
}

// Hidden reports whether the file is hidden, or in a hidden folder.
func (w *Written) Hidden() bool { return strings.Contains("/"+w.File, "/.") }

// MostWritten is how many names in files are carried from one job to another.
const MostWritten = 256

// Add notes that a name stands in a file, which is named as seen from the folder dir. A file elsewhere than below where the job works is left out. It
// reports whether there was room: what is beyond [MostWritten] is left out, too.
func (f *Files) Add(dir, file, name string, v analyzers.Value) (room bool) {
	file = strings.TrimPrefix(strings.TrimPrefix(file, "$GITHUB_WORKSPACE/"), "$CI_PROJECT_DIR/")
	if file = path.Join(dir, file); path.IsAbs(file) || strings.ContainsAny(file, "$`*?") || strings.HasPrefix(file, "..") {
		return true
	}
	if len(*f) >= MostWritten {
		return false
	}
	*f = append(*f, Written{file, name, v})
	return true
}

// In returns those in files that fit one of the patterns, or lie below a folder that does, and none that begins with an exclamation mark.
func (f Files) In(patterns []string) (in Files) {
	for _, w := range f {
		fits := false
		for _, p := range patterns {
			p, not := strings.CutPrefix(strings.TrimSpace(p), "!")
			if p = path.Clean(p); p == "." || w.File == p || strings.HasPrefix(w.File, p+"/") || doublestar.MatchUnvalidated(p, w.File) || doublestar.MatchUnvalidated(p+"/**", w.File) {
				fits = !not
			}
		}
		if fits {
			in = append(in, w)
		}
	}
	return in
}

// Loaded returns the steps of a process that gets the files: it has them, and no variable of theirs.
func (f Files) Loaded(at detectors.Place, says string) []analyzers.Step {
	var steps []analyzers.Step
	for _, w := range f {
		steps = append(steps, analyzers.Step{Op: analyzers.OpSet, At: at, Name: "./" + w.File + "/" + w.Name, Value: w.Value, Says: "is in " + w.File + says})
	}
	return steps
}
