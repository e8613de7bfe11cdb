package dockerfile

import (
	"bytes"
	"path"
	"strconv"
	"strings"

	"github.com/moby/patternmatcher/ignorefile"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/interpolate"
)

// Analyzer reads Dockerfiles and their ignore files.
var Analyzer = &analyzers.Analyzer{
	Name:    name,
	Doc:     "Reads Dockerfiles: the variables, files and commands of an image.",
	Version: 4,
	Files: []string{
		"**/[Dd]ockerfile", "**/[Dd]ockerfile.*", "**/[Dd]ockerfile[-_]*", "**/*.[Dd]ockerfile", "**/*[-_][Dd]ockerfile",
		"**/Containerfile", "**/Containerfile.*", "**/Containerfile[-_]*", "**/*.Containerfile", "**/*.dockerignore", "**/.containerignore",
	},
	Sniff: sniff,
	Run:   run,
	Join:  join,
}

const name = "dockerfile"

// sniff takes a file that says in its first line which syntax of Dockerfiles it is in.
func sniff(_ string, head []byte) bool {
	line, _, _ := bytes.Cut(bytes.TrimPrefix(head, []byte("\ufeff")), []byte("\n"))
	m := directive.FindSubmatch(line)
	return m != nil && bytes.EqualFold(m[1], []byte("syntax")) && bytes.Contains(m[2], []byte("dockerfile"))
}

// maxSize bounds a Dockerfile; those that are written by hand are a thousandth of it.
const maxSize = 4 << 20

func run(pass *analyzers.Pass) error {
	if strings.HasSuffix(pass.Path, ".dockerignore") || path.Base(pass.Path) == ".containerignore" {
		return ignores(pass)
	}
	if isSource(pass.Path) {
		return nil
	}
	if pass.TooLarge(maxSize, "a Dockerfile; what it puts into an image is not known") {
		return nil
	}
	stages(pass)
	return nil
}

// stages writes the programs of a Dockerfile's stages, and one that is the last of them.
func stages(pass *analyzers.Pass) {
	list, escape := parse(pass.Data)
	r := &reader{pass: pass, escape: escape, globals: map[string][]interpolate.Piece{}, named: map[string]*stage{}}
	r.read(list)
	taken := map[string]bool{}
	var last analyzers.Program
	for i, s := range r.stages {
		name := s.name
		if name == "" || taken[name] {
			name = strconv.Itoa(i)
		}
		taken[name] = true
		last = s.program(stagePrefix + name)
		pass.Facts.Programs = append(pass.Facts.Programs, last)
	}
	if len(r.stages) > 0 {
		pass.Facts.Programs = append(pass.Facts.Programs, analyzers.Program{
			At:    last.At,
			Steps: []analyzers.Step{{Op: analyzers.OpSource, At: last.At, Ref: new(analyzers.PathTo(pass.Path, last.Name, last.At))}},
		})
	}
}

// stagePrefix begins the names of stages' programs. There are others: pieces of shell that commands hold.
const stagePrefix = "stage:"

// isSource reports whether a file that is called after a Dockerfile is another program's source or text: dockerfile.go.
func isSource(p string) bool {
	switch path.Ext(p) {
	case ".go", ".js", ".ts", ".py", ".rb", ".md", ".json", ".yml", ".yaml", ".sh", ".rs", ".java", ".txt", ".html":
		return true
	}
	return false
}

func ignores(pass *analyzers.Pass) error {
	patterns, err := ignorefile.ReadAll(bytes.NewReader(pass.Data))
	if err != nil { // a line longer than a scanner's buffer
		pass.Gap(pass.At(0, 0), "the ignore file cannot be read; nothing is taken as ignored by it")
		return nil
	}
	pass.Facts.Ignores = &analyzers.Ignores{Syntax: "docker", Tool: "docker", Patterns: patterns}
	return nil
}
