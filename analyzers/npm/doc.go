// Package npm reads the scripts of package.json, and the tasks of deno.json.
//
// # Analyzer npm
//
// Every script is a unit and a program: a piece of shell that starts in the package's folder. Before and after a script run the ones
// whose names are its own with pre and post before it. A script is also known in the whole repository by the name of its package and
// its own, as pnpm --filter, yarn workspace and npm -w call it.
//
//	https://docs.npmjs.com/cli/using-npm/scripts
//	https://docs.deno.com/runtime/reference/cli/task/
//
// What a command in a script loads by its own documentation, such as the dotenv files of a build tool's mode, is said by
// analyzers/shell.
//
// # What is not seen
//
// Arguments behind "--" reach a script's last command; they are not followed into it. Tasks that a monorepo's tool adds to those of
// package.json (nx targets, turbo's dependsOn) are not read.
package npm
