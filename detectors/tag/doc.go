// Package tag says of each token what it is, which environments it reaches, which it is meant for and what it may do.
//
// It works in two halves. [Knowledge.Observe] sees one file: what the text around a candidate shows. An [Observation] is plain,
// holds no secret, and can be kept with the file. [Knowledge.Decide] sees a token once, after linking: all its observations, the names
// that it is bound to, what is done with it and who holds it, and the repository's own tables.
//
// # Reach
//
// Reach is a lattice. It starts from the kind: the environments that the token's text or claims name, those that its host names, unknown
// for what is bound to one container, every environment for what belongs to an account. Only what binds narrows it, by intersection,
// and an empty intersection is a contradiction that leaves the full set. Names of variables, files, users and databases never
// narrow: no amount of them clears a token that belongs to an account.
//
// Where reach stays unknown, cues are added up in decibans (10·log10 of a likelihood ratio), the strongest of each group only, since a
// file's name and a variable's in it are copies of one decision. The sum may raise a suspicion of production and never clears.
//
// # Intent
//
// Intent is read from names and places: variables, enclosing keys, files, folders, deploying units. The token's text and its host
// are no evidence of it. That a token of staging's reaches production is the difference of the two.
//
// # Power
//
// A kind bounds from above what a token may do, or its decoded scopes exactly; what is done with it bounds it from below.
package tag
