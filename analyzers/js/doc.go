// Package js reads JavaScript and TypeScript.
//
// A file is a program: it loads files into its environment, imports other files, reads names, and hands values on. It is a unit of its
// own, of kind "script", if it is made to be run: its first line names an interpreter, or it lies in a folder of scripts (scripts,
// script, bin, tools) and is no test.
//
// # What is read
//
// The words of the file, not a syntax tree: TypeScript and JSX are the same words, and a file with an error in it still says most of
// what it has to say. Expressions are evaluated where a value is handed on. A value is followed within its file through constants,
// fields, parameters of functions that are called in the file, results, templates and concatenation, and from file to file through
// imports and exports. What is computed otherwise has an unknown text but keeps the tokens that went into it.
//
//   - process.env, import.meta.env, Bun.env, Deno.env and what they are bound to; a name that is computed is a gap
//   - dotenv and its relatives, Next.js' and Vite's loaders, NestJS' configuration: by each one's own order and rule of overriding
//   - import, require, dynamic imports, re-exports, packages of the workspace; imports of types only are gone when the program runs
//   - secrets that are looked up by name in the stores of AWS and Google Cloud, with their libraries, by what the names come to
//   - JSON that is imported, files that are read, the package config
//   - requests: where to, with which method, which header carries the value and with which scheme, which GraphQL fields are asked for
//   - clients of services: what their constructors are given is in every call of their methods
//   - commands: read as shell
//   - comparisons with words, early exits and switches guard what they stand before, and the values that they choose; NODE_ENV says how code
//     was built, and guards only where it is set
//
// # Order
//
// What loads files into the environment comes first, then imports, then the rest: code in an imported file mostly runs when it is called,
// after its importer has loaded what it loads.
//
// # What is not read
//
// Most files take nothing in. If a scan asks for no more than a glance, such a file is left at an outline of what it imports.
package js
