// Package analyzers is the vocabulary of the second room: who can reach a token.
//
// An [Analyzer] turns the bytes of one file into [Facts], and sees no other file and no token. Facts are a plain value that can be
// written down and read back; they hold no syntax tree and, after [Facts.Redact], no secret. What is not written in the file, such
// as which value a name has in the process that reads it, is left open in them and settled by analyzers/graph, which executes the
// facts of all files abstractly: each [Unit] runs its [Program], an ordered list of [Step]s that change, read and hand on a map from
// names to values.
//
// # The three strengths
//
// A path from a unit to a token is as strong as its weakest [Edge]. Flow: code reads the value and hands it on, or a program that it
// calls takes it by that program's documentation. Loaded: the value is in the unit's environment, image, or mounted or sourced files.
// Ambient: it merely lies in the same checkout or build context.
//
// # What cannot be seen
//
// Names that are computed at run time, files that do not parse and searches that were cut short are [Gap]s: reported and placed.
package analyzers
