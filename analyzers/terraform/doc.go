// Package terraform reads Terraform's variables and configurations, as far as they say which project, account or host belongs to an
// environment.
//
// # Analyzer terraform
//
// terraform: the ids that files of variables, workspaces and maps of environments name
//
// What is read, in Terraform's own syntax and that of OpenTofu:
//
//   - files of variables that are named for an environment, or lie in its folder: staging.tfvars, envs/production/terraform.tfvars;
//   - maps by environment, wherever they stand: account_ids = { staging = "…" }, staging = { project_id = "…" };
//   - choices by workspace: terraform.workspace == "production" ? "…" : "…";
//   - arguments of configurations in an environment's folder, envs/production/main.tf.
//
// A default of a variable, and an argument anywhere else, is no environment's: it is a row without one, which keeps others' rows for the
// id from being taken for the whole truth. Of resources those are read that give a service account of Google Cloud a role in a project that is not its
// own, and AWS' roles, with their policies: what a role may do at most, which workflows of GitHub it trusts, and by its folder whose it is. State is
// not read.
//
// A configuration of Terraform is a program of what it takes in: the modules that it calls by a path, and the files that its functions read. Who
// runs Terraform in its folder reads them too, and looks up what data sources look up in secret stores, by the names that these come to with what
// files of variables, the command line, the environment and calls of modules give to variables. What else becomes of variables is not followed.
//
// Containers of ECS are given the secrets that their definitions list under the address of a data source, or one that is written out. What a secret is named
// is known in the account that the provider assumes a role in, or has a profile for: where that is computed, so is whose it is.
//
// A configuration of Terragrunt is a program besides: who runs terragrunt in its folder has what is written in it, in those that it includes or
// reads, in the files that its functions read and in the module that it names.
//
// https://developer.hashicorp.com/terraform/language/values/variables
// https://developer.hashicorp.com/terraform/language/state/workspaces
package terraform
