// Package detectors is the vocabulary of the first room: what a token is.
//
// A [Token] is a credential: one secret value and all the places where it stands. A token that is known by name only, through an
// explicit look-up in a secret store, is a reference. Two questions about a token are kept apart, because their difference is what
// this project looks for: its reach, the environments that it can touch, and its intent, the environments that somebody meant it for.
//
// An [Environment] is a set. [Unscoped] is the full set, said by evidence; the empty set is "unknown", no evidence, and is never to be
// read as "safe". A [Privilege] is a set too, and is known as an interval: what was observed in use, and what the kind allows.
//
// The package holds types and their methods and nothing else: it imports no regexp, no os and no parser, so that everything can
// import it. Rules are written as text ([Rule]) and compiled by detectors/match. What is known of providers is data ([Provider]),
// one file each in detectors/providers, listed in detectors/suite.
package detectors
