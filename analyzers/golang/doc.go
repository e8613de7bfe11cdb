// Package golang reads Go by its syntax: what a program's packages load, read, embed, run and hand on.
//
// A func main is a unit, of kind "go-main", at its file. Its program is that file; the other files of the package, and the packages that
// it imports, are taken in as the compiler takes them in. Tests are no part of a program.
//
// Values are followed as far as names and literals go: through constants, variables, fields of structs by the struct's type, parameters
// of functions that are called in the file, results, concatenation and formatting; and from package to package through package-level
// constants and variables, results and parameters of functions, by the names under which they are exported. Interfaces, closures and
// values that are computed otherwise need types: they keep what went into them, and their text is not known.
//
//   - os.Getenv and its relatives; helpers with "env" in their names; tags of structs for envconfig, env, cleanenv, kong; viper
//   - godotenv, by its order: what is set stays, unless it is overloaded
//   - files that are opened; embedded files are compiled in
//   - requests, with their method, address, GraphQL fields and the header that carries a value; clients, by what they are made with
//   - secrets that are looked up by name in the stores of AWS, of Google Cloud and in Vault, with their libraries
//   - commands: read as shell
//   - comparisons of a value with words, early exits and switches guard what they stand before; a build constraint that is an
//     environment's name guards its file
//
// Of a file that takes in nothing itself a scan asks for an outline first, and for the rest only where it matters: see glance.go.
package golang
