// Package stagingreach reports, at main packages outside production (cmd/staging-sync), the tokens of production that their code can get,
// and by which path.
//
// The analyzer, stagewallreach, joins the summaries of a main package and of all that it imports. There is one diagnostic for each entry and
// line, since drivers show no more, and the whole path is in the message. A token that code hands on is said at the line of the main
// package with which its path begins, a call or the place that hands it on, which for a function literal of the package stands in it:
//
//	the staging program cmd/staging-sync hands on what touches production: Railway token (tok_…) at creds/creds.go:6 by main >
//	iface.Run (cmd/staging-sync/main.go:9) > (*api.Client).Delete (iface/iface.go:7) > header Authorization of a request to
//	backboard.railway.com (api/client.go:14), which reaches every environment and can read, write, admin, destroy: critical, x_…
//
// If the token stands in a function of the program other than main, that is named behind its place.
//
// A token that is compiled in, and that no code hands on as far as one can see, is said at the package clause:
//
//	the staging program cmd/staging-sync has compiled in what touches production: Railway token (tok_…) at creds/creds.go:6 by importing
//	api > creds, which reaches …
//
// A program whose name says no environment runs in those in which alone a condition lets it do something. What cannot be seen of a program
// of staging, such as calls by reflection, cgo and computed names, is said as a gap.
//
// Of each token the strongest path is said, and of those the shortest. Everything that leads to a token outside Go packages, such as
// environment files, CI jobs and images, is seen by `stagewall scan`.
//
// The paths are those that package graph finds in the facts of the program's packages, as `stagewall scan --go=module` does, and a crossing has
// the id that it has there: it is of the program's file in the repository, if the module lies in one.
package stagingreach
