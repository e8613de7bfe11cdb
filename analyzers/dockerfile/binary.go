package dockerfile

import (
	"path"
	"slices"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/interpolate"
)

// opBinary is a program that a build step compiles: Name is its place in the image, and File the folder of its package, relative to the
// build context. Linking passes over it, and [Open] finds the file of func main.
const opBinary analyzers.Op = "binary"

// binaries reads what a build step compiles: go build -o /worker ./cmd/worker, go install ./cmd/worker.
// https://pkg.go.dev/cmd/go#hdr-Compile_packages_and_dependencies
func (s *stage) binaries(in instruction, args interpolate.Text) {
	dir := s.dir
	var line []string
	end := func() {
		s.compiled(in, line, &dir)
		line = nil
	}
	for _, w := range words(args, s.escape) {
		switch w.String {
		case "&&", "||", ";", "|", "&", "\n":
			end()
			continue
		}
		ends := strings.HasSuffix(w.String, ";")
		text, known := s.text(unquote(w, s.escape, s.syntax()))
		if !known {
			text = unknownWord
		}
		if line = append(line, strings.TrimSuffix(text, ";")); ends {
			end()
		}
	}
	end()
}

// unknownWord stands for a word with a variable of which nobody knows the value here.
const unknownWord = "\x00"

// valuedFlags are the flags of go build that take a value as the next word.
var valuedFlags = []string{"-o", "-C", "-p", "-asmflags", "-buildmode", "-buildvcs", "-compiler", "-gccgoflags", "-gcflags", "-installsuffix",
	"-ldflags", "-mod", "-modfile", "-overlay", "-pgo", "-pkgdir", "-tags", "-toolexec", "-covermode", "-coverpkg"}

// compiled reads one command of a build step.
func (s *stage) compiled(in instruction, line []string, dir *string) {
	for len(line) > 0 && strings.Contains(line[0], "=") {
		line = line[1:] // CGO_ENABLED=0
	}
	if len(line) == 2 && line[0] == "cd" {
		*dir = path.Join("/", *dir, line[1])
		if path.IsAbs(line[1]) {
			*dir = path.Clean(line[1])
		}
		return
	}
	if len(line) < 2 || path.Base(line[0]) != "go" || line[1] != "build" && line[1] != "install" {
		return
	}
	out, from := "", *dir
	var packages []string
	for i := 2; i < len(line); i++ {
		flag := line[i]
		if strings.HasPrefix(flag, "--") {
			flag = flag[1:]
		}
		name, value, given := strings.Cut(flag, "=")
		switch {
		case !strings.HasPrefix(flag, "-"):
			packages = append(packages, flag)
			continue
		case !given && slices.Contains(valuedFlags, name) && i+1 < len(line):
			i++
			value = line[i]
		}
		switch name {
		case "-o":
			out = value
		case "-C":
			from = path.Join("/", from, value)
		}
	}
	if len(packages) == 0 {
		packages = []string{"."}
	}
	for _, p := range packages {
		s.binary(in, p, from, out, line[1] == "install", len(packages) > 1)
	}
}

// binary notes that a package of the stage is compiled. Whether the output is a file or a folder that is there already is not known, so it is
// both.
func (s *stage) binary(in instruction, pkg, from, out string, install, several bool) {
	if pkg == unknownWord || out == unknownWord || strings.Contains(pkg, "...") {
		return
	}
	folder := pkg
	if strings.HasSuffix(folder, ".go") {
		folder = path.Dir(folder)
	}
	if !path.IsAbs(folder) {
		folder = path.Join("/", from, folder)
	}
	source, ok := s.origin(folder)
	if !ok {
		return
	}
	name := path.Base(folder)
	if folder == "/" || pkg == "." {
		name = path.Base(path.Join("/", from))
	}
	var places []string
	switch {
	case install:
		places = []string{"/go/bin/" + name} // as the image golang has it
	case out == "":
		places = []string{path.Join("/", from, name)}
	default:
		if !path.IsAbs(out) {
			out = path.Join("/", from, out)
		}
		if places = []string{path.Join(out, name)}; !several {
			places = append(places, path.Clean(out))
		}
	}
	for _, place := range places {
		s.emit(in, analyzers.Step{
			Op: opBinary, Name: place, File: analyzers.Value{Parts: []analyzers.Part{{Text: source}}}, Optional: true,
		})
	}
}

// origin returns where a folder of the stage comes from, relative to the build context.
func (s *stage) origin(folder string) (string, bool) {
	for _, step := range slices.Backward(s.steps) {
		if step.Op != analyzers.OpMount || step.Name == "" {
			continue
		}
		text, known := step.File.Text()
		if !known {
			continue
		}
		switch {
		case below(folder, step.Name):
			rest := strings.TrimPrefix(strings.TrimPrefix(folder, step.Name), "/")
			return path.Join(strings.TrimPrefix(path.Join("/", text), "/"), rest), true
		}
	}
	return "", false
}

// main returns the file of func main in a folder of the repository.
func main(index analyzers.Index, folder string) (string, bool) {
	for _, file := range index.Match(escape(path.Clean(folder)) + "/*.go") {
		for _, f := range index.Facts(file) {
			if slices.ContainsFunc(f.Units, func(u analyzers.Unit) bool { return u.Kind == "go-main" }) {
				return file, true
			}
		}
	}
	return "", false
}
