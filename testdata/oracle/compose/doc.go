// Package compose compares what the analyzers say of compose files and of files of variables with what compose's own library makes of them.
//
// Both read the same small trees, which are made at random: sets of files merged over each other, services that extend others, included projects, files of
// variables, anchors and merge keys, variables with defaults, secrets, configs and mounts, and a script that starts it all. Every token stands in one
// place, so that a service has what it should if it is loaded with the same tokens. A token that a service only may have counts if whoever calls compose
// can bring it about by a variable of which the tree says nothing. A tree that fails is made as small as it gets before it is shown.
//
// Trees that compose refuses are passed over. What is left out because the analyzer takes the reading that shows more, or does not tell the cases
// apart, is said where the trees are made.
//
// The module is apart so that compose's library is no dependency of the tool.
package compose
