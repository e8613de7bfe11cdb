// Package gitlabci reads GitLab's pipelines.
//
// # Analyzer gitlabci
//
// A pipeline is .gitlab-ci.yml and all files that it includes, merged: mappings by key, lists replaced, the including file's keys before
// those that it includes. A job that extends others has what they have, in the same way. So a file says of each job only what stands
// in it; jobs are put together when all files are known. A job is a unit, at its key in the file that says it last; a job whose name
// begins with a dot is a part for others.
//
//	https://docs.gitlab.com/ci/yaml/
//	https://docs.gitlab.com/ci/yaml/yaml_optimization/
//
// What an included file says with $[[ inputs.NAME ]] it says anew for each set of inputs that it is included with
// (https://docs.gitlab.com/ci/inputs/). A pipeline that a job starts is one of its own, whose variables are first those of that job; the job's
// branches and name say of its jobs what they say of the job
// (https://docs.gitlab.com/ci/pipelines/downstream_pipelines/#pass-cicd-variables-to-a-downstream-pipeline).
//
// before_script and script run in one shell, after_script in another. A job's variables beat the pipeline's, and what jobs before it
// report as dotenv beats both (https://docs.gitlab.com/ci/variables/#cicd-variable-precedence). What they write to files that they keep is
// loaded (https://docs.gitlab.com/ci/jobs/job_artifacts/), and so is what any job writes to files of a cache that it has too
// (https://docs.gitlab.com/ci/caching/). A job sees the tracked files, unless its git strategy is none.
//
// What the project and its groups define is not in the tree: names that a job's commands and scripts read and that nothing sets are
// references in the store "gitlab", and so is the token without which a command line program does nothing (flyctl, railway), by the name
// that it documents. In a job with an environment the value may be the environment's own
// (https://docs.gitlab.com/ci/environments/#limit-the-environment-scope-of-a-cicd-variable).
//
// # Environments
//
// `environment` and its tier declare it; variables that select one come next, then the branches that rules insist on, then the job's
// name. A stage is a part of the pipeline and says nothing.
//
// # What is not seen
//
// As whom programs work that take a machine's identity too (aws). Pipelines that are included from other projects, from GitLab's own templates
// or as components, and those that jobs generate, are gaps.
package gitlabci
