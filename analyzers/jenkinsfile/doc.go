// Package jenkinsfile reads Jenkins' pipelines.
//
// # Analyzer jenkinsfile
//
// A pipeline is Groovy, of which only the form is read: blocks in braces with what stands before them, strings, and calls. A stage is a unit, at
// its name; what stands in no stage is one named for the file. A stage has what the blocks around it give: `environment` and withEnv set
// variables, withCredentials and credentials() look them up: references in the store "jenkins", by their ids; so do the steps of some plugins
// for those within them. `sh` runs a script in a shell of its own; what is handed to other steps by name is not followed. A stage does what the
// file's functions do that it calls, with what it calls them with, and a loop over a list that is written out is done for each element. By what
// an id or a text is chosen, such as a parameter or a branch, is kept beside it, and so is on which condition a step is done. A stage sees the tracked files.
//
//	https://www.jenkins.io/doc/book/pipeline/syntax/
//	https://www.jenkins.io/doc/pipeline/steps/credentials-binding/
//
// # Environments
//
// A parameter, or an axis of a matrix, that selects an environment says it, then the branches on which `when` insists, then the name of the stage.
//
// # What is not seen
//
// Groovy's code: loops over what is computed, what methods make of texts, and functions of shared libraries. A library is a gap, and so is a
// credential whose id is computed by what is not seen.
package jenkinsfile
