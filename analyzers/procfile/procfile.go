// Package procfile reads Procfiles.
//
// # Analyzer procfile
//
// Every line "name: command" is a unit and a program. The program of the file itself runs all processes, as foreman and its like do.
// The variables that a platform gives to processes are not in the repository; what foreman loads from .env is said by analyzers/shell,
// where foreman is called.
//
//	https://devcenter.heroku.com/articles/procfile
package procfile

import (
	"bytes"
	"path"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/lazyregexp"
	"github.com/stagewall/stagewall/analyzers/shell"
	"github.com/stagewall/stagewall/detectors/environ"
)

// Analyzer reads Procfiles.
var Analyzer = &analyzers.Analyzer{
	Name:    "procfile",
	Doc:     "Reads the processes of Procfiles.",
	Version: 1,
	Files:   []string{"**/Procfile", "**/Procfile.*", "**/*.procfile"},
	Run:     run,
}

var process = lazyregexp.New(`^([A-Za-z0-9_-]+):[ \t]*(.*?)[ \t\r]*$`)

// maxProcesses bounds the lines that are read as processes.
const maxProcesses = 1000

func run(pass *analyzers.Pass) error {
	dir := path.Dir(pass.Path)
	if dir == "." {
		dir = ""
	}
	var all []analyzers.Step
	start := 0
	for _, line := range bytes.SplitAfter(pass.Data, []byte("\n")) {
		m := process.FindSubmatchIndex(bytes.TrimRight(line, "\n"))
		if m != nil && len(all) == maxProcesses {
			pass.Gap(pass.At(start+m[2], start+m[3]), "the Procfile has too many processes; what this one and those after it reach is not known")
			break
		}
		if m != nil {
			name := string(line[m[2]:m[3]])
			at := pass.At(start+m[2], start+m[3])
			steps, signs := shell.Read(pass, line[m[4]:m[5]], start+m[4], shell.Options{Name: "process " + name})
			if e := environ.Identifier(name); e != 0 {
				named := analyzers.Sign{Class: analyzers.Selector, Environments: e, Says: "its name says " + e.String(), At: at}
				signs = append([]analyzers.Sign{named}, signs...)
			}
			runs := analyzers.PathTo(pass.Path, name, at)
			all = append(all, analyzers.Step{Op: analyzers.OpRun, At: at, Ref: new(runs)})
			pass.Facts.Programs = append(pass.Facts.Programs, analyzers.Program{Name: name, At: at, Dir: dir, Steps: steps})
			pass.Facts.Units = append(pass.Facts.Units, analyzers.Unit{
				ID: pass.Path + "#" + name, Name: name, Kind: "procfile-process", At: at, Signs: signs, Runs: runs,
			})
		}
		start += len(line)
	}
	pass.Facts.Programs = append(pass.Facts.Programs, analyzers.Program{At: pass.At(0, 0), Dir: dir, Steps: all})
	return nil
}
