// Package helm reads the values that releases of charts are given.
//
// # Analyzer helm
//
// A file of values that is named for an environment and lies with a chart is a release, a unit of kind "workload": values-staging.yaml, or
// values/staging.yaml. It loads its values, and those of the chart's values.yaml that it does not set itself; a list is set as a whole, and
// a key that is null is removed. An Argo CD application whose chart lies in the repository is one too, with the files that it names, in
// their order, its own values, and its parameters. A set of applications is one unit for each application that its generators make.
//
// A release of helmfile is a unit for each environment that its file, or a base of that, has: FILE#RELEASE@ENVIRONMENT. It has its chart's values,
// those of the files that it names, or the whole of a file that nobody reads as values, and its own. A template of values gives it what that asks of
// the environment's values. Other files of helmfile that a file takes in
// have its environments if they have none.
//
//	https://helmfile.readthedocs.io/en/latest/
//	https://helm.sh/docs/chart_template_guide/values_files/
//	https://argo-cd.readthedocs.io/en/stable/user-guide/helm/
//	https://argo-cd.readthedocs.io/en/stable/operator-manual/applicationset/Generators/
//
// # Environments
//
// The name of the file says it. Of an application it is a parameter that selects one, or the namespace or the cluster that it is deployed
// to, the names of the files that it is given, its own name, or its folder.
//
// # What is not seen
//
// Templates: which value a workload is given is not followed, so values are loaded and no more, and so is all that stands in the chart's folder of
// templates. What they take from other files of the chart, and the values of charts in it, are not looked at. Values of charts elsewhere, and those that
// templates of them compute. What a command line gives a release is read where the command stands. Generators that ask a cluster or a
// service, patches of templates with conditions, and parts of a helmfile that are computed are gaps; so is what a file in git holds that is called otherwise than
// config, cluster or parameters, or lies elsewhere than below clusters, if it matters.
package helm

import (
	"bytes"
	"path"
	"strconv"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/lazyregexp"
	"github.com/stagewall/stagewall/analyzers/internal/tree"
	"github.com/stagewall/stagewall/analyzers/shell"
	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/environ"
)

// Analyzer reads charts' values and applications that are given some.
var Analyzer = &analyzers.Analyzer{
	Name:    "helm",
	Doc:     "reads charts' values: which of them the releases for each environment load",
	Version: 4,
	Files: []string{
		"**/Chart.{yml,yaml}", "**/values*.{yml,yaml}", "**/*values.{yml,yaml}", "**/{values,env,envs,environments}/**/*.{yml,yaml}",
		"**/{config,cluster,params,parameters}.{json,yml,yaml}", "**/clusters/**/*.{json,yml,yaml}",
		"**/{helmfile,helmfile.*,helmfile-*}.{yml,yaml}{,.gotmpl}", "**/helmfile.d/*.{yml,yaml}{,.gotmpl}", "**/*.gotmpl",
	},
	Sniff: sniff,
	Run:   read,
	Join:  join,
}

var isArgo = lazyregexp.New(`(?m)^apiVersion:[ ]*["']?argoproj\.io/`)

func sniff(name string, head []byte) bool {
	ext := path.Ext(name)
	return (ext == ".yml" || ext == ".yaml") && (isArgo.Match(head) || isHelmfile.Match(head))
}

const (
	maxValues = 5000    // of a file
	maxDepth  = 64      // of values in each other
	maxSize   = 4 << 20 // of a file in bytes

	parametersOf = "parameters" // the program that sets what a file holds that a generator may read

	chart     = "chart"           // the program of a chart's own file
	templates = "templates"       // its folder of what is deployed
	values    = shell.ChartValues // the program that sets a file's values, by their paths
	release   = "release"         // begins the names of releases' programs
)

func read(pass *analyzers.Pass) error {
	base := path.Base(pass.Path)
	switch {
	case pass.TooLarge(maxSize, "values"):
	case strings.HasPrefix(base, "Chart."):
		pass.Facts.Programs = append(pass.Facts.Programs, analyzers.Program{Name: chart, At: pass.At(0, 0)})
	case isArgo.Match(pass.Data):
		applications(pass)
	case (isNamedHelmfile.MatchString(pass.Path) || isHelmfile.Match(pass.Data[:min(len(pass.Data), 512)])) && readHelmfile(pass):
	case strings.HasSuffix(pass.Path, ".gotmpl"):
		readTemplate(pass)
	case strings.Contains(pass.Path, "/templates/") || bytes.Contains(pass.Data, []byte("\nkind:")):
	default:
		name := values
		if !strings.Contains(pass.Path, "values") && !valuesFolder.MatchString(pass.Path) {
			name = parametersOf
		}
		root, err := tree.Read(pass)
		if err != nil {
			if strings.Contains(base, "values") && !bytes.Contains(pass.Data, []byte("{{")) {
				pass.Gap(detectors.Place{Path: pass.Path}, "the values are no YAML; what a release is given is not known")
			}
			return nil
		}
		f := &file{pass: pass}
		if f.set(root, "", 0); f.over {
			pass.Gap(pass.At(0, 0), "the values are too many to follow; what the rest of them give a release is not known")
		}
		pass.Facts.Programs = append(pass.Facts.Programs, analyzers.Program{Name: name, At: pass.At(0, 1), Steps: f.steps})
	}
	return nil
}

// valuesFolder is a folder whose files are values.
var valuesFolder = lazyregexp.New(`(?:^|/)(?:env|envs|environments)/`)

// file is one file of values while it is read.
type file struct {
	pass  *analyzers.Pass
	steps []analyzers.Step
	over  bool // there are more values than are followed
}

// set sets the values of a node by their paths. Elements of lists have numbers in theirs.
func (f *file) set(n *tree.Node, name string, depth int) {
	if n == nil || f.over {
		return
	}
	if f.over = depth > maxDepth || len(f.steps) == maxValues; f.over {
		return
	}
	switch {
	case n.Kind == tree.Other && n.Text == "":
		f.steps = append(f.steps, analyzers.Step{Op: analyzers.OpUnset, At: n.Place(f.pass), Name: name})
	case n.Kind == tree.String:
		f.steps = append(f.steps, analyzers.Step{Op: analyzers.OpSet, At: n.Place(f.pass), Name: name, Value: n.Value(f.pass)})
	case n.Kind == tree.Array:
		for i, member := range n.Members {
			f.set(member, name+"["+strconv.Itoa(i)+"]", depth+1)
		}
	default:
		for _, member := range n.Keys() {
			f.set(member, strings.TrimPrefix(name+"."+member.Key, "."), depth+1)
		}
	}
}

// named returns the environments that a file of values is named for.
func named(file string) detectors.Environment {
	stem := strings.TrimSuffix(path.Base(file), path.Ext(file))
	if environments := environ.Identifier(stem); environments != 0 {
		return environments
	}
	return environ.Value(path.Base(path.Dir(file)))
}

// deploys returns the step by which a release has what the templates of its chart hold themselves. Conditions in them are not looked at.
// https://helm.sh/docs/topics/charts/#the-chart-file-structure
func deploys(folder analyzers.Value) analyzers.Step {
	return analyzers.Step{Op: analyzers.OpMount, At: folder.At, Name: chart, File: &folder, Optional: true, Says: "deploys what the chart's templates hold"}
}

// join makes a release of every application, and of every file of values that is named for an environment and lies in the folder of a chart
// or below.
func join(index analyzers.Index) []*analyzers.Facts {
	joined := releases(index)
	charts := map[string]bool{}
	var files []string
	for _, p := range index.All() {
		for _, f := range index.Facts(p) {
			if f.Analyzer != "helm" || len(f.Programs) == 0 {
				continue
			}
			switch f.Programs[0].Name {
			case chart:
				charts[path.Dir(p)] = true
			case values:
				if named(p) != 0 {
					files = append(files, p)
				}
			}
		}
	}
	for _, p := range files {
		folder := path.Dir(p)
		for !charts[folder] && folder != "." && folder != "/" {
			folder = path.Dir(folder)
		}
		if !charts[folder] {
			continue
		}
		at := detectors.Place{Path: p, Line: 1, Column: 1, EndLine: 1, EndColumn: 1}
		var steps []analyzers.Step
		for _, file := range []string{path.Join(folder, "values.yaml"), p} {
			steps = append(steps, analyzers.Step{Op: analyzers.OpLoad, At: at, Ref: new(analyzers.PathTo(file, values, at)), Optional: true, Says: "is given its values"})
		}
		steps = append(steps, deploys(analyzers.PathTo(path.Join(folder, templates), "", at).Path))
		joined = append(joined, &analyzers.Facts{
			Path: p, Analyzer: "helm",
			Programs: []analyzers.Program{{Name: release, At: at, Steps: []analyzers.Step{{Op: analyzers.OpRun, At: at, Isolated: true, Steps: steps}}}},
			Units: []analyzers.Unit{{
				ID: p, Name: path.Base(folder) + " " + path.Base(p), Kind: "workload", At: at, Runs: analyzers.PathTo(p, release, at),
				Signs: []analyzers.Sign{{Class: analyzers.File, Environments: named(p), Says: "its file is named so", At: at}},
			}},
		})
	}
	return joined
}
