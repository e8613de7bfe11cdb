// Package circleci reads CircleCI's configuration.
//
// # Analyzer circleci
//
// A use of a job in a workflow is a unit, at its entry; a job that no workflow uses never runs. Its steps are those of the job with the
// commands that it uses put in their places, and with the values of parameters put in their texts, as CircleCI does before it starts
// anything. An approval is no job.
//
//	https://circleci.com/docs/reference/configuration-reference/
//	https://circleci.com/docs/reference/reusing-config/
//
// A step's environment beats the job's, which beats the container's, which beats contexts and the project's variables
// (https://circleci.com/docs/guides/security/env-vars/#order-of-precedence). What is appended to $BASH_ENV is there for later steps. What a job
// writes to files and persists to the workspace, the jobs downstream of it have that attach the workspace; what it saves in a cache, those that restore it.
//
// What contexts and the project hold is not in the tree: names that a job's commands and scripts read and that nothing sets are
// references in the store "circleci". Their scope is the job's contexts, or "project" for a job that has none. So is the token without
// which a command line program does nothing (flyctl, railway), by the name that it documents, and a key for SSH that a step adds, by its
// fingerprint.
//
// # Environments
//
// Parameters and variables that select an environment say it, and so does the name of a context; then the branches to which filters
// and conditions limit a job, then names. In a run for an environment a matrix and a pipeline's parameters have its values.
//
// # What is not seen
//
// What a context holds, where a job that has it reads no name of it, and as whom programs work that take a machine's identity too (aws).
// Orbs are not followed: they are handed their parameters. Of files that are handed on it is what scripts write to them by name.
package circleci
