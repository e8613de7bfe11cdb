// Package devcontainer reads devcontainer.json files: the containers in which developers, and their agents, work on the checkout.
//
// # Analyzer devcontainer
//
// devcontainer: what a dev container gets
//
// A dev container is a unit of development. It sees the checkout, which is mounted into it, and has in its environment what
// containerEnv and remoteEnv set, what the options for docker run give it, what its image holds, or, if it stands on compose, what the
// service that it names gets. Its lifecycle commands run in it. What ${localEnv:NAME} is on a developer's machine is not known.
//
// The file is JSON with comments; it is read with a parser that keeps offsets. Images and services of other files are joined.
//
// # What is not seen
//
// Features, images from elsewhere, and commands that run on the developer's own machine (initializeCommand).
//
// Sources: https://containers.dev/implementors/json_reference/, https://containers.dev/implementors/spec/.
package devcontainer
