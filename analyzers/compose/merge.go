package compose

import (
	"path"
	"slices"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/dockerfile"
)

// merge merges what several files say of one service, the first of them first, and puts it in the order in which it happens.
// https://docs.docker.com/reference/compose-file/merge/
func merge(layers [][]analyzers.Step) []analyzers.Step {
	var merged []analyzers.Step
	for _, layer := range layers {
		merged = reset(merged, layer)
		index := map[string]int{}
		for i := range merged {
			index[merged[i].Key] = i
		}
		for i := range layer {
			s := &layer[i]
			if s.Op == opReset {
				continue
			}
			at, known := index[s.Key]
			switch {
			case !known || s.Key == "":
				index[s.Key] = len(merged)
				merged = append(merged, *s)
			case s.Op == dockerfile.OpBuild:
				merged[at] = mergeBuild(merged[at], *s)
			default:
				merged[at] = *s
			}
		}
	}
	slices.SortStableFunc(merged, func(a, b analyzers.Step) int { return a.Phase - b.Phase })
	return merged
}

// reset returns the steps without those that a file over them takes away.
func reset(steps, over []analyzers.Step) []analyzers.Step {
	gone := map[string]bool{}
	for i := range over {
		if over[i].Op == opReset {
			gone[over[i].Key] = true
		}
	}
	if len(gone) == 0 {
		return steps
	}
	var kept []analyzers.Step
	for i := range steps {
		if !gone[""] && !above(gone, steps[i].Key) {
			kept = append(kept, steps[i])
		}
	}
	return kept
}

// above reports whether a key or one that it lies below is among the keys.
func above(keys map[string]bool, key string) bool {
	for {
		if keys[key] {
			return true
		}
		i := strings.LastIndexByte(key, ':')
		if i < 0 {
			return false
		}
		key = key[:i]
	}
}

// mergeBuild merges a build over another one, key by key.
func mergeBuild(base, over analyzers.Step) analyzers.Step {
	if len(over.Files().Parts) == 0 {
		over.File = base.File
	}
	ref := over.Refers()
	if len(ref.Path.Parts) == 0 {
		ref.Path = base.Refers().Path
	}
	if ref.Name == "" {
		ref.Name = base.Refers().Name
	}
	over.Ref = &ref
	if over.Says == "" {
		over.Says = base.Says
	}
	over.Steps = merge([][]analyzers.Step{base.Steps, over.Steps})
	return over
}

// rooted returns steps with their paths relative to the root. They are written relative to a folder.
func rooted(steps []analyzers.Step, folder, file string) []analyzers.Step {
	moved := slices.Clone(steps)
	for i := range moved {
		s := &moved[i]
		if s.At.Path == "" {
			s.At.Path = file
		}
		switch s.Op {
		case analyzers.OpLoad:
			ref := s.Refers()
			ref.Path = below(ref.Path, folder)
			s.Ref = &ref
		case analyzers.OpMount:
			s.File = new(below(s.Files(), folder))
		case dockerfile.OpBuild:
			if len(s.Files().Parts) > 0 {
				s.File = new(below(s.Files(), folder))
			}
		case opFile:
			s.Steps = rooted(s.Steps, folder, file)
		}
	}
	return moved
}

// seenFrom gives env_files the keys that they have in the project's folder, where it is another file than the project's own that names them.
func seenFrom(folder string, steps []analyzers.Step) {
	for i := range steps {
		if s := &steps[i]; s.Op == analyzers.OpLoad {
			if text, known := s.Ref.Path.Text(); known {
				s.Key = envFileKey + strings.TrimPrefix(text, folder+"/")
			}
		}
	}
}

// nowhere is a path that leads out of the repository: an absolute one, a home directory, another host.
const nowhere = "/"

// below returns a path that is written relative to a folder as one relative to the root.
func below(v analyzers.Value, folder string) analyzers.Value {
	if text, known := v.Text(); known {
		v.Parts = []analyzers.Part{{Text: inFolder(folder, text)}}
		return v
	}
	if len(v.Parts) > 0 && v.Parts[0].Hole == nil && (strings.HasPrefix(v.Parts[0].Text, "/") || strings.HasPrefix(v.Parts[0].Text, "~")) {
		return v
	}
	if folder == "." {
		return v
	}
	parts := slices.Clone(v.Parts)
	if len(parts) > 0 && parts[0].Hole == nil {
		parts[0].Text = strings.TrimPrefix(parts[0].Text, "./")
	}
	v.Parts = append([]analyzers.Part{{Text: folder + "/"}}, parts...)
	return v
}

// inFolder returns a path that is written relative to a folder as one relative to the root, and nowhere if it leads out.
func inFolder(folder, p string) string {
	if path.IsAbs(p) || strings.HasPrefix(p, "~") || strings.Contains(p, "://") {
		return nowhere
	}
	joined := path.Join(folder, p)
	if joined == ".." || strings.HasPrefix(joined, "../") {
		return nowhere
	}
	return joined
}
