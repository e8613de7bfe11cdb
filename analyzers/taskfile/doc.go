// Package taskfile reads Taskfiles, the tasks of go-task.
//
// # Analyzer taskfile
//
// Every task is a unit and a program: what it depends on, and then its commands, each in a shell of its own. {{.NAME}} in a command is
// put in before the shell reads it. Variables are not in the environment of commands; env is, and so are dotenv files, of which the
// first that sets a name wins. What the environment has already wins over both.
//
// A variable's value is, in this order, what the task says, what the task is called with, what the command line says, what the file
// says, and what the environment has.
//
//	https://taskfile.dev/docs/guide
//	https://taskfile.dev/docs/reference/schema
//
// # What is not seen
//
// Tasks of included files are found where a task of this file calls them, not on the command line. Of templates, fields, defaults and
// the items of a loop over a list are read; other functions yield what is computed from the fields in them.
package taskfile
