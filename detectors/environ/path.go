package environ

import (
	"strings"

	"github.com/stagewall/stagewall/detectors"
)

// Path returns the environments that a path names, by whole folders and by words of folders' and files' names: deploy/stg/x,
// .env.staging, docker-compose.staging.yml, values-prod.yaml, overlays/production. Build modes count (.env.production): they are no
// environment, but they say what somebody had in mind.
func Path(p string) detectors.Environment { return union(PathCues(p)) }

// PathCues returns the words behind [Path], with spans in p.
func PathCues(p string) []Cue {
	var cues []Cue
	var folder string
	documented, configured := false, false
	for start := 0; start <= len(p); {
		end := start
		for end < len(p) && p[end] != '/' && p[end] != '\\' {
			end++
		}
		part := p[start:end]
		last := end == len(p)
		switch {
		case last && isDocument(part), foreign(folder, part, p[end:]):
		case last:
			cues = append(cues, find(stem(part), inPath, start, configured && folderNames(part) || isSettings(part))...)
		case !documented:
			cues = append(cues, find(part, inPath, start, configured)...)
		}
		folder = strings.ToLower(part)
		documented = documented || folder == "docs" || folder == "doc"
		configured = configured || settingsFolders[folder]
		start = end + 1
	}
	if documented {
		return nil
	}
	return withoutPurpose(cues)
}

// stem cuts off the extensions that say how a file is written.
func stem(name string) string {
	for {
		before, ext, found := cutLast(name, '.')
		ext = strings.ToLower(ext)
		if !found || before == "" || !settingsExtensions[ext] && !templates[ext] {
			return name
		}
		name = before
	}
}

// folderNames reports whether a file's name has no extension of code, so that the folder that it stands in says what it is for.
func folderNames(name string) bool {
	_, ext, found := cutLast(name, '.')
	return !found || settingsExtensions[strings.ToLower(ext)]
}

// isSettings reports whether the file holds settings or deploys something.
func isSettings(name string) bool {
	name = strings.ToLower(name)
	if strings.HasPrefix(name, ".env") || strings.HasPrefix(name, "dockerfile") || strings.HasPrefix(name, "makefile") ||
		strings.HasPrefix(name, "procfile") || strings.HasPrefix(name, ".dev.vars") || strings.HasPrefix(name, "env.") {
		return true
	}
	_, ext, found := cutLast(name, '.')
	return found && settingsExtensions[ext]
}

func isDocument(name string) bool {
	_, ext, found := cutLast(name, '.')
	return found && documents[strings.ToLower(ext)] && !strings.HasPrefix(name, ".env")
}

// foreign reports whether the folder or file has a well-known meaning of its own: the staged models of dbt, the staging trees of
// Kubernetes and Linux.
func foreign(folder, part, rest string) bool {
	part = strings.ToLower(part)
	switch {
	case part == "staging" && (folder == "models" || folder == "drivers" || strings.HasPrefix(rest, "/src")):
		return true
	case strings.HasPrefix(part, "stg_") && (strings.HasSuffix(part, ".sql") || folder == "staging" || folder == "models"):
		return true
	case part == "live" && rest != "":
		return !environmentFolders[folder]
	case folder == "" && (part == "dev" || part == "usr"): // /dev/null
		return strings.HasPrefix(rest, "/null") || strings.HasPrefix(rest, "/tty") || strings.HasPrefix(rest, "/std")
	}
	return false
}

func cutLast(s string, sep byte) (before, after string, found bool) {
	i := strings.LastIndexByte(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+1:], true
}
