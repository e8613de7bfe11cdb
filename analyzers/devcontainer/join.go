package devcontainer

import (
	"path"
	"slices"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/dockerfile"
	"github.com/stagewall/stagewall/detectors"
)

// join makes the units. It takes the units of compose's services as they are joined by then.
func join(index analyzers.Index) []*analyzers.Facts {
	var joined []*analyzers.Facts
	for _, file := range index.All() {
		for _, f := range index.Facts(file) {
			if f.Analyzer == name && len(f.Programs) > 0 {
				joined = append(joined, unit(index, f)...)
			}
		}
	}
	return joined
}

func unit(index analyzers.Index, f *analyzers.Facts) []*analyzers.Facts {
	programs := map[string]analyzers.Program{}
	for _, p := range f.Programs {
		programs[p.Name] = p
	}
	at := programs[origin].At
	facts := &analyzers.Facts{Path: f.Path, Analyzer: name}
	joined := []*analyzers.Facts{facts}
	folder := workspace(f.Path)
	container := analyzers.Program{Name: "unit", At: at, Dir: "."}
	place, mounts := "", []dockerfile.Mount{}
	for _, s := range programs[origin].Steps {
		switch s.Op {
		case dockerfile.OpBuild:
			context, _ := s.Files().Text()
			dockerFile, _ := s.Refers().Path.Text()
			if image := dockerfile.Open(index, path.Join(context, dockerFile), s.Refers().Name, context); image != nil {
				container.Steps = slices.Concat(container.Steps, s.Steps, image.Steps)
				mounts, place = append(mounts, image.Mounts...), image.Dir
				joined = append(joined, image.Facts...)
			}
		case analyzers.OpCall:
			if service := service(index, s.Sink); service != nil {
				container.Steps = append(container.Steps, analyzers.Step{
					Op: analyzers.OpSource, At: s.At, Ref: new(service.Runs), Says: "the dev container is compose's service " + service.Name,
				})
			}
		}
	}
	for _, s := range programs[variables].Steps {
		if s.Op == opWorkspace {
			place = s.Name
			mounts = append(mounts, dockerfile.Mount{Place: path.Clean(place), Path: folder})
			continue
		}
		container.Steps = append(container.Steps, s)
	}
	if steps := dockerfile.Place(index, mounts, place, programs[commands].Steps); len(steps) > 0 {
		command := analyzers.Program{Name: "lifecycle", At: at, Dir: folder, Steps: steps}
		container.Steps = append(container.Steps, analyzers.Step{
			Op: analyzers.OpRun, At: steps[0].At, Ref: new(analyzers.PathTo(f.Path, command.Name, at)), Says: "a lifecycle command",
		})
		facts.Programs = append(facts.Programs, command)
	}
	facts.Programs = append(facts.Programs, container)
	facts.Units = []analyzers.Unit{{
		ID: f.Path, Name: "dev container", Kind: "devcontainer", At: at, Runs: analyzers.PathTo(f.Path, container.Name, at),
		Signs: []analyzers.Sign{{
			Class: analyzers.Declared, Environments: detectors.Development, Says: "a dev container is made for development", At: at,
		}},
	}}
	return joined
}

// service returns the unit of the service that the call of compose starts.
func service(index analyzers.Index, call *detectors.Sink) *analyzers.Unit {
	var files []string
	for i, word := range call.Argv {
		if word.Text == "-f" && i+1 < len(call.Argv) && index.Exists(call.Argv[i+1].Text) {
			files = append(files, call.Argv[i+1].Text)
		}
	}
	name := call.Argv[len(call.Argv)-1].Text
	for _, file := range slices.Backward(files) {
		for _, f := range index.Facts(file) {
			for i := range f.Units {
				if u := &f.Units[i]; u.Kind == "compose-service" && u.Name == name && slices.Equal(u.Files, files) {
					return u
				}
			}
		}
	}
	return nil
}
