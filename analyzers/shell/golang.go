package shell

import (
	"path"
	"slices"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
)

// goValued are the options of the go command's build, install and run that take a value.
// https://pkg.go.dev/cmd/go#hdr-Compile_packages_and_dependencies
const goValued = "-o -C -p -asmflags -buildmode -compiler -covermode -coverpkg -exec -gccgoflags -gcflags -installsuffix -ldflags -mod -modfile " +
	"-overlay -pgo -pkgdir -tags -toolexec"

// golang reads the go command: what go run runs, and what go build and go install make.
func (r *reader) golang(c command) {
	found, operands := options(c.args(), "-C", false)
	if len(operands) == 0 {
		r.external(c)
		return
	}
	more, packages := options(operands[1:], goValued, false)
	dir := r.dir
	if d, ok := last(append(found, more...), "-C"); ok {
		r.dir = r.directory(d.value)
	}
	defer func() { r.dir = dir }()
	switch operands[0].text {
	case "run":
		r.goRun(c, packages)
	case "build", "install":
		out, _ := last(more, "-o")
		linked, _ := last(more, "-ldflags")
		r.goBuild(c, out, linked, packages)
		r.external(c)
	default:
		r.external(c)
	}
}

// goRun runs a package of the repository, or a file.
func (r *reader) goRun(c command, operands []word) {
	if len(operands) == 0 {
		return
	}
	if file := operands[0]; path.Ext(file.text) == ".go" {
		r.script(c, file.value, operands[1:])
		return
	}
	r.runs("", operands[0].text, operands[1:], c.at)
	r.run(c, analyzers.Step{
		Op: analyzers.OpRun, At: c.at, Optional: true,
		Ref: &analyzers.Ref{Path: r.below(operands[0].value), Name: analyzers.MainOf, Args: r.arguments(operands[1:]).given()},
	})
}

// goBuild notes what is made of which package, and what the linker writes into it: -ldflags "-X main.token=$TOKEN" (https://pkg.go.dev/cmd/link).
func (r *reader) goBuild(c command, out, linked word, packages []word) {
	name := lastWord(out.value)
	if !slices.ContainsFunc(linked.value.Parts, func(p analyzers.Part) bool { return strings.Contains(p.Text, "-X") }) {
		linked = word{}
	}
	if len(packages) == 0 {
		packages = []word{{value: analyzers.Value{At: c.at, Parts: synthetic(".")}}}
	}
	for _, p := range packages {
		r.emit(analyzers.Step{Op: analyzers.OpCompile, At: c.at, Name: name, File: new(r.below(p.value)), Value: linked.value})
	}
}

// lastWord returns the path of what is made as far as it is known: "" for a folder, in which the package's name is given; "*" if the last
// word of it is computed.
func lastWord(out analyzers.Value) string {
	if len(out.Parts) == 0 {
		return ""
	}
	text, known := out.Text()
	if !known {
		end := out.Parts[len(out.Parts)-1]
		slash := strings.LastIndexByte(end.Text, '/')
		if end.Hole != nil || slash < 0 {
			return "*"
		}
		text = end.Text[slash:]
	}
	if strings.HasSuffix(text, "/") || text == "." {
		return ""
	}
	return text
}
