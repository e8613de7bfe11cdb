// Package azurepipelines reads the pipelines of Azure DevOps.
//
// # Analyzer azurepipelines
//
// A job is a unit, at its entry, and so is a pipeline that has steps only. Of a deployment job all hooks of its strategy are steps. Every
// script runs in a shell of its own; steps in PowerShell, and tasks, are handed what their texts and inputs have in them. A step's
// environment beats the variables of its job, which beat those of its stage, which beat the pipeline's.
//
//	https://learn.microsoft.com/en-us/azure/devops/pipelines/yaml-schema/
//	https://learn.microsoft.com/en-us/azure/devops/pipelines/process/variables
//
// $(name) is replaced before a step runs. A name that the file does not define is one of the pipeline's settings or of a group: a reference
// in the store "azure-pipelines", whose scope is the groups that the job has. Variables are in the environment of scripts in upper case with
// underscores; secret ones are not, unless a step's `env` has them.
//
// # Environments
//
// `environment` of a deployment job declares it; then come variables that select one, the branches on which conditions insist, and names.
//
// # What is not seen
//
// Templates are not followed; that is a gap. What tasks and service connections do with what they have is their own affair.
package azurepipelines
