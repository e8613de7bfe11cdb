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
// A service connection that a task is given by its name is a reference in the store "azure-service-connection": a job that is given production's has what
// production has.
//
// A template of another repository is handed what its parameters hold; those that are called after a service connection name one.
//
// What a job writes to files that it publishes as an artifact, the jobs behind it have that download it, or deploy.
//
// A line in a script's log that sets a variable (##vso[task.setvariable variable=…]) sets it for the steps behind it.
//
// # Templates
//
// A template stands in the place where it is taken in, with the parameters that it is given there: of steps, jobs, stages or variables, or the whole
// pipeline (extends). Parameters that are lists of steps, jobs or stages are put in, and loops over lists and objects that are written out are
// done. A job of a template is a unit at its entry in the template, once for each pipeline: FILE#STAGE/JOB@PIPELINE. Files that begin like a
// template are read wherever they lie; one is a pipeline if it is named so, or says what triggers it, and no other takes it in.
//
//	https://learn.microsoft.com/en-us/azure/devops/pipelines/process/templates
//	https://learn.microsoft.com/en-us/azure/devops/pipelines/process/template-expressions
//
// A condition that is known when the pipeline is put together chooses; one that is not makes cases, each with its variables and steps, and so do the
// values of a parameter that whoever starts the pipeline chooses, and the entries of a matrix. In a run for an environment the names have the
// values of the cases that the environment occurs in.
//
// # Environments
//
// `environment` of a deployment job declares it; then come variables that select one, groups of variables that are named for one, the branches on
// which conditions insist, and names.
//
// # What is not seen
//
// Templates of other repositories, and those whose name is computed, are gaps; so is the name of an environment that is computed. What tasks do
// with what they have is their own affair. Of artifacts no more is known than what scripts write to
// them by name.
package azurepipelines
