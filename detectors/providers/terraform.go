package providers

import "github.com/stagewall/stagewall/detectors"

const (
	terraformTokens     = "https://developer.hashicorp.com/terraform/cloud-docs/users-teams-organizations/api-tokens"
	terraformWorkspaces = "https://developer.hashicorp.com/terraform/cloud-docs/api-docs/workspaces"
	terraformClient     = "https://github.com/hashicorp/go-tfe"
	terraformCLI        = "https://developer.hashicorp.com/terraform/cli/config/config-file#environment-variable-credentials"
)

// terraform knows tokens of HCP Terraform and Terraform Enterprise. Tokens of persons, teams and organizations look the same.
func terraform() detectors.Provider {
	const token = "user-team-or-organization-token"
	const body = `[0-9A-Za-z]{14}\.atlasv1\.[0-9A-Za-z_-]{60,70}`
	return detectors.Provider{
		Name:  "terraform",
		Title: "HCP Terraform",
		Hosts: []string{"app.terraform.io", "app.eu.terraform.io"},
		Rules: []detectors.Rule{{
			ID:          "terraform-token",
			Description: "a token for HCP Terraform or Terraform Enterprise",
			Pattern:     prefixed(body),
			Group:       1,
			Keywords:    []string{".atlasv1."},
			Entropy:     3.5,
			Kinds:       []string{token},
		}},
		Kinds: []detectors.Kind{{
			Name:      token,
			Title:     "user, team or organization token",
			Scope:     detectors.ScopeAccount,
			Bound:     "every workspace that the person, team or organization has, and what the workspaces' own credentials reach",
			AtMost:    detectors.Full,
			Variables: []string{"TF_TOKEN_app_terraform_io", "TFE_TOKEN", "TF_API_TOKEN"},
			Shape:     body,
			Cut:       "give staging the token of a team that may see staging's workspaces only, and revoke this one",
			Source:    terraformTokens,
		}},
		Tools: []detectors.Tool{{
			Name:      "terraform",
			Aliases:   []string{"tofu", "terragrunt", "tfci"},
			Variables: []string{"TF_TOKEN_app_terraform_io", "TF_API_TOKEN", "TFE_TOKEN"},
			Selectors: []string{"-var-file", "-chdir", "-backend-config"},
			Source:    terraformCLI,
		}},
		Containers: []detectors.Container{
			{Variable: "TF_WORKSPACE", Names: true, What: "environment"},
			{Variable: "TF_CLOUD_ORGANIZATION", What: "account"},
		},
		Operations: []detectors.Operation{
			{
				Name: "destroy what a workspace manages", Does: detectors.Destroy,
				Calls:  []string{"cli terraform destroy", "cli tofu destroy", "cli terragrunt destroy", "cli terragrunt run-all destroy"},
				Source: "https://developer.hashicorp.com/terraform/cli/commands/destroy",
			},
			{
				Name: "start a run", Does: detectors.Destroy,
				Calls:  []string{"http POST /api/v2/runs", "http POST /api/v2/runs/*/actions/apply", "cli terraform apply", "cli tofu apply", "cli terragrunt apply"},
				Source: "https://developer.hashicorp.com/terraform/cloud-docs/api-docs/run",
			},
			{
				Name: "delete a workspace and its state", Does: detectors.Destroy,
				Calls: []string{
					"http DELETE /api/v2/workspaces/*", "http DELETE /api/v2/organizations/*/workspaces/*", "http POST /api/v2/workspaces/*/actions/safe-delete",
					"http POST /api/v2/organizations/*/workspaces/*/actions/safe-delete", "cli terraform workspace delete", "cli tofu workspace delete",
				},
				Source: terraformWorkspaces,
			},
			{
				Name: "delete a stack", Does: detectors.Destroy,
				Calls:  []string{"http DELETE /api/v2/stacks/*"},
				Source: terraformClient,
			},
			{
				Name: "delete the data of a state's version", Does: detectors.Destroy, Undo: "no undo",
				Calls:  []string{"http POST /api/v2/state-versions/*/actions/permanently_delete_backing_data"},
				Source: terraformClient,
			},
			{
				Name: "delete a project", Does: detectors.Destroy,
				Calls:  []string{"http DELETE /api/v2/projects/*"},
				Source: "https://developer.hashicorp.com/terraform/cloud-docs/api-docs/projects",
			},
			{
				Name: "delete an organization", Does: detectors.Destroy,
				Calls:  []string{"http DELETE /api/v2/organizations/*"},
				Source: "https://developer.hashicorp.com/terraform/cloud-docs/api-docs/organizations",
			},
			{
				Name: "forget a resource", Does: detectors.Destroy,
				Calls:  []string{"cli terraform state rm", "cli tofu state rm"},
				Source: "https://developer.hashicorp.com/terraform/cli/commands/state/rm",
			},
			{
				Name: "make a token", Does: detectors.Admin,
				Calls:  []string{"http POST /api/v2/users/*/authentication-tokens", "http POST /api/v2/teams/*/authentication-token", "http POST /api/v2/organizations/*/authentication-token"},
				Source: terraformTokens,
			},
		},
	}
}
