package gitlabci

import (
	"maps"
	"slices"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/carry"
	"github.com/stagewall/stagewall/analyzers/internal/matrix"
)

const (
	child    = "child" // the section of a job with the files of the pipeline that it starts
	maxChild = 2       // https://docs.gitlab.com/ci/pipelines/downstream_pipelines/#nested-child-pipelines
)

// children returns the facts of the pipelines that jobs start. The files of one are a pipeline of their own, which is given the variables of the
// job that starts it: they beat its own (https://docs.gitlab.com/ci/yaml/#triggerforward). Several jobs can start the same.
func (w *whole) children(depth int) []*analyzers.Facts {
	started := map[string]*whole{}
	for _, name := range slices.Sorted(maps.Keys(w.jobs)) {
		keyed := w.complete(name)
		files := find(keyed, section+child).Steps
		if strings.HasPrefix(name, ".") || len(files) == 0 {
			continue
		}
		c := newWhole(w.index, w.left)
		for _, s := range files {
			for _, file := range includes(w.index, s) {
				c.include(file, s.Steps)
			}
			if s.Op == analyzers.OpGap {
				w.gap(s)
			}
		}
		key := strings.Join(slices.Sorted(maps.Keys(c.included)), "\x00")
		if started[key] == nil {
			started[key] = c
		}
		c = started[key]
		r := &result{whole: w, keyed: keyed, signs: slices.Clone(w.signs)}
		r.build(nil)
		r.named(name, w.jobs[name].at)
		c.signs = append(c.signs, slices.DeleteFunc(r.signs, func(s analyzers.Sign) bool { return s.Class == analyzers.Declared })...)
		if text(keyed, "forward") != "false" {
			c.given = append(c.given, r.handed()...)
		}
	}
	var all []*analyzers.Facts
	for _, key := range slices.Sorted(maps.Keys(started)) {
		if c := started[key]; depth < maxChild && len(c.jobs) > 0 {
			all = append(all, c.publish(depth+1)...)
		}
	}
	return all
}

// handed returns what the job hands to the pipeline that it starts, for each combination of its matrix and its rules.
func (r *result) handed() []matrix.Combination {
	var all []matrix.Combination
	for _, combo := range append(r.matrix(), r.ruled()...) {
		all = append(all, r.with(combo))
	}
	if len(all) == 0 {
		all = append(all, r.with(nil))
	}
	return all
}

// with returns the job's variables with those of a combination.
func (r *result) with(combo matrix.Combination) matrix.Combination {
	c := carry.Carrier{Local: r.variables()}
	maps.Copy(c.Local, combo)
	own := matrix.Combination{}
	for name, v := range c.Local {
		own[name] = c.Substitute(v)
	}
	return own
}
