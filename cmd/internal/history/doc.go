// Package history finds which versions of which files brought tokens into the history of a git repository.
//
// # Idea
//
// Whoever reads a history as differences asks git for what is dear: walking trees and comparing texts. Here every blob is read once, in the
// order in which it is packed. Nearly all blobs hold nothing; commits and paths are asked for afterwards, in one pass over the log, and
// only the versions that bring a token that the version before did not hold are looked at in full, with their path and commit.
//
// So the first look needs to be no more than a sieve: it must let pass every blob in which the rules would find something, and may let pass more.
// It leaves out what depends on the commit. Of partners of a match it asks whether there are any that the version before does not have, and of
// paths which of those that rules are bound to a blob has: git tells that first. It scans text that it has seen before as little as it can: see
// [sieve].
package history
