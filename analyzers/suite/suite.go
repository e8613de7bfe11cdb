// Package suite lists what the second room is made of. It holds no knowledge of its own.
package suite

import (
	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/agentfiles"
	"github.com/stagewall/stagewall/analyzers/ansible"
	"github.com/stagewall/stagewall/analyzers/appsettings"
	"github.com/stagewall/stagewall/analyzers/azurepipelines"
	"github.com/stagewall/stagewall/analyzers/bitbucket"
	"github.com/stagewall/stagewall/analyzers/buildkite"
	"github.com/stagewall/stagewall/analyzers/circleci"
	"github.com/stagewall/stagewall/analyzers/compose"
	"github.com/stagewall/stagewall/analyzers/concourse"
	"github.com/stagewall/stagewall/analyzers/devcontainer"
	"github.com/stagewall/stagewall/analyzers/dockerfile"
	"github.com/stagewall/stagewall/analyzers/dotenv"
	"github.com/stagewall/stagewall/analyzers/drone"
	"github.com/stagewall/stagewall/analyzers/gitlabci"
	"github.com/stagewall/stagewall/analyzers/golang"
	"github.com/stagewall/stagewall/analyzers/helm"
	"github.com/stagewall/stagewall/analyzers/jenkinsfile"
	"github.com/stagewall/stagewall/analyzers/js"
	"github.com/stagewall/stagewall/analyzers/justfile"
	"github.com/stagewall/stagewall/analyzers/kamal"
	"github.com/stagewall/stagewall/analyzers/kube"
	"github.com/stagewall/stagewall/analyzers/kubeconfig"
	"github.com/stagewall/stagewall/analyzers/kustomize"
	"github.com/stagewall/stagewall/analyzers/makefile"
	"github.com/stagewall/stagewall/analyzers/mise"
	"github.com/stagewall/stagewall/analyzers/nodeconfig"
	"github.com/stagewall/stagewall/analyzers/npm"
	"github.com/stagewall/stagewall/analyzers/platform"
	"github.com/stagewall/stagewall/analyzers/playbook"
	"github.com/stagewall/stagewall/analyzers/procfile"
	"github.com/stagewall/stagewall/analyzers/pulumi"
	"github.com/stagewall/stagewall/analyzers/python"
	"github.com/stagewall/stagewall/analyzers/serverless"
	"github.com/stagewall/stagewall/analyzers/shell"
	"github.com/stagewall/stagewall/analyzers/taskfile"
	"github.com/stagewall/stagewall/analyzers/terraform"
	"github.com/stagewall/stagewall/analyzers/unread"
	"github.com/stagewall/stagewall/analyzers/workflow"
)

// Analyzers returns every analyzer of artefacts.
func Analyzers() []*analyzers.Analyzer {
	return []*analyzers.Analyzer{
		agentfiles.Analyzer,
		ansible.Analyzer,
		appsettings.Analyzer,
		azurepipelines.Analyzer,
		bitbucket.Analyzer,
		buildkite.Analyzer,
		circleci.Analyzer,
		compose.Analyzer,
		concourse.Analyzer,
		devcontainer.Analyzer,
		dockerfile.Analyzer,
		dotenv.Analyzer,
		drone.Analyzer,
		gitlabci.Analyzer,
		golang.Analyzer,
		helm.Analyzer,
		jenkinsfile.Analyzer,
		js.Analyzer,
		justfile.Analyzer,
		kamal.Analyzer,
		kube.Analyzer,
		kubeconfig.Analyzer,
		kustomize.Analyzer,
		makefile.Analyzer,
		mise.Analyzer,
		nodeconfig.Analyzer,
		npm.Analyzer,
		platform.Analyzer,
		playbook.Analyzer,
		procfile.Analyzer,
		pulumi.Analyzer,
		python.Analyzer,
		serverless.Analyzer,
		shell.Analyzer,
		taskfile.Analyzer,
		terraform.Analyzer,
		unread.Analyzer,
		workflow.Analyzer,
	}
}
