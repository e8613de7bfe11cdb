// Package tokens reports the tokens that stand in Go source, where they stand: what each is, which environments it reaches, what it may do,
// and how to cut it. A constant that is put together from pieces is looked at as a whole, where it is put together.
//
// The analyzer, stagewalltokens, is for drivers of go/analysis: go vet, golangci-lint, gopls. Its result and its facts are what package
// stagingreach needs to know of tokens; that one says which programs get them.
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
