// Package shell reads shell programs: script files, direnv's .envrc, and, through [Body], the pieces of shell that other artefacts
// hold, such as recipes, run steps and package scripts.
//
// # Analyzer shell
//
// A script is a unit and a program. Its statements become steps in the order in which they are written: what is assigned and what is
// exported, which files are sourced, which programs of the repository are run with which variables and arguments, which commands are
// called, where requests are sent and with what.
//
// What a child sees follows the shell's rules: a variable that is only assigned stays in the shell; exported names, those set while
// "set -a" holds, and those written before a command are in the environment of commands. A subshell, each side of a pipe and a
// command substitution change nothing outside; sourced files change the shell itself.
//
//	https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html
//	https://www.gnu.org/software/bash/manual/bash.html
//
// Conditions that compare a value with words are guards: an arm of a case, a test in an if or before && and ||. What follows a test
// that ends the script otherwise stands under that test. Loops are read once, a list of words being the set of values that the loop's
// variable takes; a loop that shifts through the arguments is read once for each position.
//
// # What is not seen
//
// A program that is computed (eval of something that is not written in the file, a command whose name is a variable of unknown
// value) is a gap. So is a text that does not parse, from the first error to the next line that does. Functions are followed where
// they are called, not where they are written, to a limited depth. One that is not the script's own is looked for in what the shell sourced
// before, also by way of other files.
package shell
