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
	File  string // below the folder in which a job works, or elsewhere on the machine: see isElsewhere
	Name  string
	Value analyzers.Value
}

// Hidden reports whether the file is hidden, or in a hidden folder.
func (w *Written) Hidden() bool { return strings.Contains("/"+w.File, "/.") }

// mostWritten is how many names in files are carried from one job to another.
const mostWritten = 256

// Add notes that a name stands in a file, which is named as seen from the folder dir. A file of which the name is not known is left out. It reports
// whether there was room: what is beyond [mostWritten] is left out, too.
func (f *Files) Add(dir, file, name string, v analyzers.Value) (room bool) {
	if file = seenFrom(dir, file); !isKnown(file) {
		return true
	}
	if len(*f) >= mostWritten {
		return false
	}
	*f = append(*f, Written{file, name, v})
	return true
}

// workspaces are names, as they are written in the shell's and the services' own languages, of the folder in which a job works.
var workspaces = []string{
	"$GITHUB_WORKSPACE", "$github:workspace", "$CI_PROJECT_DIR", "$BITBUCKET_CLONE_DIR",
	"$BUILD_SOURCESDIRECTORY", "$SYSTEM_DEFAULTWORKINGDIRECTORY",
}

// seenFrom returns the path of a file as it is seen from the folder dir.
func seenFrom(dir, file string) string {
	for _, w := range workspaces {
		if file == w || strings.HasPrefix(file, w+"/") {
			dir, file = ".", strings.TrimPrefix(file[len(w):], "/")
		}
	}
	if rest, ok := strings.CutPrefix(file, "$HOME/"); ok {
		file = "~/" + rest
	}
	if isElsewhere(file) {
		dir = ""
	}
	return path.Join(dir, file)
}

// isElsewhere reports whether a path begins at the root, at home, or at a folder that a variable names, and not where a job works.
func isElsewhere(file string) bool { return file != "" && strings.Contains("/~$", file[:1]) }

// isKnown reports whether a path is that of one file, below where a job works or elsewhere.
func isKnown(file string) bool {
	first, rest, _ := strings.Cut(file, "/")
	return !strings.HasPrefix(file, "..") && !strings.ContainsAny(rest, "$`*?") && !strings.ContainsAny(strings.TrimPrefix(first, "$"), "$`*?")
}

// In returns those in files that fit one of the patterns, or lie below a folder that does, and none that begins with an exclamation mark. The patterns are
// as seen from the folder dir.
func (f Files) In(dir string, patterns []string) (in Files) {
	for _, w := range f {
		fits := false
		for _, p := range patterns {
			p, not := strings.CutPrefix(strings.TrimSpace(p), "!")
			if p == "" {
				continue
			}
			if p = seenFrom(dir, p); isElsewhere(p) != isElsewhere(w.File) {
				continue
			}
			if p == "." || w.File == p || strings.HasPrefix(w.File, p+"/") || doublestar.MatchUnvalidated(p, w.File) || doublestar.MatchUnvalidated(p+"/**", w.File) {
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
		name := w.File + "/" + w.Name
		if !isElsewhere(w.File) {
			name = "./" + name
		}
		steps = append(steps, analyzers.Step{Op: analyzers.OpSet, At: at, Name: name, Value: w.Value, Says: "is in " + w.File + says})
	}
	return steps
}
