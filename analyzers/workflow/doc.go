// Package workflow reads the workflows of GitHub Actions, and of Gitea and Forgejo, which have them too, and the metadata files of actions.
//
// # Analyzer workflow
//
// A job is a unit, at its key, and a program named "jobs." and its id; an action is its file's program. What a job can get is what its
// steps can get: the variables of the workflow, the job and the step, of which the nearer wins; what earlier steps appended to
// $GITHUB_ENV; what an expression puts into a script, an action's input or a variable; what jobs that it needs wrote to the files of artifacts
// that it downloads, and what others wrote to those of a cache that it restores; what lies in the checkout.
//
//	https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax
//	https://docs.github.com/en/actions/reference/workflows-and-actions/metadata-syntax
//	https://docs.github.com/en/actions/reference/workflows-and-actions/expressions
//	https://docs.github.com/en/actions/reference/workflows-and-actions/contexts
//
// Secrets are references to tokens in the store "github", or in "gitea" or "forgejo", by name; GitHub keeps these names in capitals, whatever case a
// workflow writes. The automatic token (secrets.GITHUB_TOKEN, github.token, and what the other services call it) is made for each job and dies with
// it: it is no reference (https://docs.github.com/en/actions/concepts/security/github_token). In a job with an environment a secret's value can be
// that environment's own.
//
// # Environments
//
// A job's `environment` declares it. Variables, inputs and matrix values that select an environment come next, also those that a script is given by a
// variable or by what an earlier step put out; then the branches and tags of which a push triggers the workflow or on which a condition insists, and
// the types of events that somebody sends; then names. A pull request's base branch and a release say nothing. A job of which nothing else says it
// and that only pull requests start works on development; what lies about in its checkout is the checkout's to report. The jobs of a called workflow
// belong to the calling job, and so does what they declare, or else show otherwise, of environments; a run for one environment does not do the jobs
// that declare another. A workflow that can be called and that nothing in the repository calls has its jobs as units of its own. What an action of
// the repository shows counts for the jobs that use it.
//
// Matrices and inputs are taken apart by environment: the run for staging has the values of the combinations that staging occurs in. What
// fromJSON reads in a matrix is followed where the file says which texts that can be.
//
// # How files meet
//
// The inputs of the called workflow or action FILE are the space "inputs of FILE", so that nothing of the caller's own inputs is left
// in it; an action sets its outputs in "outputs of FILE". A called workflow publishes programs named "@workflow/FILE…", which say
// which environments its jobs declare or show.
//
// The tree of a workflow is read with the project's own nodes and not by actionlint, because that reader gives no tree for the steps
// of an action, no order for mappings and no bytes behind a script's lines. Its expression parser is used.
//
// A role or a service account that an action assumes by its name in full, without a key, is a reference too, in the store "aws-role" or
// "gcp-service-account" (https://docs.github.com/en/actions/how-tos/secure-your-work/security-harden-deployments/oidc-in-aws): a job that is
// production's role has what production has.
//
// A secret that is given as such a name stands for the role. Where an account is a setting of the repository or the environment, the setting's name stands
// for what it holds, arn:aws:iam::secrets.ACCOUNT:role/deploy: jobs without an environment have one value of it, and others may have their own. So does
// the setting that holds the client id of an app as which a job signs in to Azure, in the store "azure-app".
//
// A job with the permission id-token: write can show others who it is: by its environment, or without one by what starts it. Where the repository says
// whom a role trusts, that decides which jobs can be it.
//
// # What is not seen
//
// Roles and service accounts whose names as a whole are settings of the repository or the environment, or of which a caller gives a part as a secret, and
// Azure's apps whose client ids a caller gives, are gaps.
//
// Names of secrets that are computed from what the file does not say, and the whole of the secrets handed on at once, are gaps. What
// an action of another repository does is not followed: it is handed its inputs. Of files that are handed on it is what scripts write to them by name.
package workflow
