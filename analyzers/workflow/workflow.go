package workflow

import (
	"path"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/carry"
	"github.com/stagewall/stagewall/analyzers/internal/yamltree"
	"github.com/stagewall/stagewall/detectors"
)

// Analyzer reads workflows and actions.
var Analyzer = &analyzers.Analyzer{
	Name:    "workflow",
	Doc:     "reads workflows and actions of GitHub, Gitea and Forgejo: what their jobs are given, run and hand on",
	Version: 12,
	Files:   []string{".{github,gitea,forgejo}/workflows/*.{yml,yaml}", "**/action.{yml,yaml}"},
	Run:     read,
	Join:    join,
}

// maxSize is the size beyond which a file is not read; GitHub itself reads none larger than 512 KiB.
const maxSize = 4 << 20

func read(pass *analyzers.Pass) error {
	f := &file{pass: pass, store: stores[path.Dir(pass.Path)]}
	if pass.TooLarge(maxSize, "a workflow") {
		return nil
	}
	documents, err := yamltree.Read(pass.Data)
	if err != nil {
		pass.Gap(yamltree.Broken(pass, err), "the file does not parse as YAML; what its jobs reach is not known")
		return nil
	}
	if len(documents) == 0 {
		return nil
	}
	root := documents[0]
	if f.store != "" {
		f.workflow(root)
	} else if root.Get("runs").IsMapping() {
		f.action(root)
	}
	pass.Facts.Programs = append(pass.Facts.Programs, f.artifacts.Caches()...)
	if f.artifacts.Over {
		f.gap(pass.At(0, 0), carry.Overflow)
	}
	return nil
}

// The stores in which services keep the secrets of workflows.
const (
	githubStore  = "github"
	giteaStore   = "gitea"
	forgejoStore = "forgejo"
)

// stores are those of workflows, by their folder. The services other than GitHub leave a job's environment unread: a secret has one value.
// https://docs.gitea.com/usage/actions/comparison https://forgejo.org/docs/latest/user/actions/reference/
var stores = map[string]string{".github/workflows": githubStore, ".gitea/workflows": giteaStore, ".forgejo/workflows": forgejoStore}

// isWorkflow reports whether a path is that of a workflow.
func isWorkflow(file string) bool { return stores[path.Dir(file)] != "" }

// file is one workflow or action while it is read.
type file struct {
	pass      *analyzers.Pass
	store     string // of the secrets of a workflow
	sequence  int    // of computed names, see question
	gaps      map[analyzers.Gap]bool
	declared  int // variables of all jobs, see declare
	artifacts carry.Artifacts
	scripts   *analyzers.Pass                        // see withoutPlaceholders
	selectors map[*yamltree.Node][][2]*yamltree.Node // of mappings, what in them selects an environment: the name and the value
}

func (f *file) place(span detectors.Span) detectors.Place { return f.pass.At(span.Start, span.End) }

// at returns the place of a node: a scalar's bytes, otherwise where it begins.
func (f *file) at(n *yamltree.Node) detectors.Place {
	if n == nil {
		return f.pass.At(0, 0)
	}
	if n.Span.Empty() {
		return f.pass.At(n.Start, n.Start+1)
	}
	return f.place(n.Span)
}

// gap reports a place once.
func (f *file) gap(at detectors.Place, says string) {
	if f.gaps == nil {
		f.gaps = map[analyzers.Gap]bool{}
	}
	if g := (analyzers.Gap{At: at, Says: says}); !f.gaps[g] {
		f.gaps[g] = true
		f.pass.Gap(at, says)
	}
}

func (f *file) program(name string, at detectors.Place, steps []analyzers.Step) {
	f.pass.Facts.Programs = append(f.pass.Facts.Programs, analyzers.Program{Name: name, At: at, Steps: steps})
}

// scalar returns a scalar's value.
func (e *evaluator) scalar(n *yamltree.Node) analyzers.Value { return e.template(n.Source()) }

// set returns a step that sets a name in a space.
func set(space, name string, v analyzers.Value) analyzers.Step {
	return analyzers.Step{Op: analyzers.OpSet, At: v.At, Space: space, Name: name, Value: v, Export: space == ""}
}

// inputsOf and outputsOf are the spaces in which the inputs and outputs of a workflow or an action of the repository lie.
func inputsOf(path string) string  { return "inputs of " + path }
func outputsOf(path string) string { return "outputs of " + path }

// localPath returns the path of what `uses` names if it lies in the repository.
func localPath(uses string) (string, bool) {
	if uses != "." && !strings.HasPrefix(uses, "./") || strings.Contains(uses, "${{") {
		return "", false
	}
	clean := path.Clean(uses)
	return clean, clean != ".." && !strings.HasPrefix(clean, "../")
}

// lower returns a name that GitHub compares in any case.
func lower(n *yamltree.Node) string { return strings.ToLower(n.Str()) }

// finite returns the values of a list's scalars.
func (e *evaluator) finite(items []*yamltree.Node) []analyzers.Value {
	var values []analyzers.Value
	for i, item := range items {
		if i == maxCombinations {
			e.gap(e.at(item), "the input can have more values than are followed; what jobs do with the rest of them is not known")
			break
		}
		if item.Kind == yamltree.Scalar {
			values = append(values, e.scalar(item))
		}
	}
	return values
}
