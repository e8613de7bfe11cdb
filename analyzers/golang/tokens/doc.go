// Package tokens reports the tokens that stand in Go source, and the programs outside production that have one compiled in.
//
// The analyzer, stagewalltokens, is for drivers of go/analysis: go vet, golangci-lint, gopls. It says what one can say of Go packages
// alone, from their files and the facts of their imports:
//
//   - a token in a file, where it stands: what it is, which environments it reaches, what it may do, and how to cut it. A constant that
//     is put together from pieces is looked at as a whole, where it is put together.
//   - a main package outside production (cmd/staging-sync) which has a token of production compiled in, its own or one of a package that
//     it imports, however indirectly: at its package clause. The strength is "loaded": whether code reads the token is not asked.
//
// Everything else that leads to a token, such as environment files, CI jobs and images, is not in Go packages; `stagewall scan` sees it,
// and the diagnostics say so.
//
// # Facts
//
// A package's fact lists the tokens that it and its imports have compiled in and that can touch production. It repeats what the imports'
// facts say, because some drivers drop the facts of packages that are imported indirectly. It holds no secret and is sorted, so that
// equal packages have equal facts.
//
// # What it costs
//
// Drivers run an analyzer that has facts over every dependency. A package of the standard library or of another module in the
// module cache is not read; it only passes on the facts of its imports, for a module of the same workspace may come below it.
//
// # What it cannot see
//
// Files that build constraints leave out, tokens that are put together at run time, and what is embedded by go:embed. Names of
// environments are read from paths in the module, not in the repository, since drivers do not tell where that begins.
package tokens
