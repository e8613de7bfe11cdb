// Package makefile reads makefiles: GNU make's, as far as its variables, rules and conditionals go.
//
// # Analyzer makefile
//
// Every target is a unit at its own place, and a program: make reads the file, runs the prerequisites, and then the recipe, every
// line of which is a shell of its own unless .ONESHELL is set. Variables of make are no variables of the shell: a recipe has in its
// environment what make was given, what is exported, and what stands on make's command line; $(NAME) in a recipe is put in before the
// shell reads it.
//
//	https://www.gnu.org/software/make/manual/make.html
//
// A variable's value is, in this order, what the command line says, what the target says (which holds for its prerequisites as well),
// what the file says, and what the environment has; what the file says with override is before the command line. ?= asks the environment first. What
// is set with = is expanded where it is used. An included dotenv file sets variables of make.
//
// A target whose name has a per cent sign is a program for every name in the file that it fits, and for the usual words of
// environments.
//
// # Implementation
//
// The file is read by a parser of our own, since none of the known libraries keeps the places of what it reads. The bytes of a
// recipe keep their places through the expansion of make's variables, so that a token in a recipe or in a variable is found where it
// is written. Recipes are read by analyzers/shell.
//
// # What is not seen
//
// Rules that $(eval) makes, functions other than the usual ones (their arguments are taken for what they yield), and values that make takes from the
// environment although the file sets them (make -e). What += adds to a variable that refers to others is added to what these are there. A variable of
// an included dotenv file that replaces one of the environment, without an export, is not seen in the environment of recipes.
package makefile
