// Package justfile reads justfiles, the recipes of just.
//
// # Analyzer justfile
//
// Every recipe is a unit and a program: the settings and variables of the file, what the recipe depends on, and then its lines, each in
// a shell of its own unless it ends with a backslash. A recipe that begins with a shebang of a shell is one program, and so is one with the
// attribute script, and all of them with the setting default-script. {{name}} in a line is put in before the shell reads it. In the
// environment of recipes are what just was given, what is exported, parameters with a dollar sign, and, if the settings say so, the
// variables of a dotenv file.
//
//	https://just.systems/man/en/
//
// # What is not seen
//
// Recipes of imported files and of modules belong to those files. Recipes in other languages than the shell are gaps. Conditional
// expressions can yield either of their sides.
package justfile
