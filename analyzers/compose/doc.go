// Package compose reads compose files and makes units of their services.
//
// # Analyzer compose
//
// compose: the services that compose files start, and what their containers get
//
// A service is started by a set of files, not by one: the compose file of a folder with its override file, or the files that a command
// names with -f, or COMPOSE_FILE. Of one file the analyzer therefore says only what stands in it: for each service a program of steps,
// which are keyed and phased so that they can be merged. The units come of joining: one for each service of each set, where its key
// stands in the last file of the set that mentions it. A file that is in no set is taken alone if all of its services can start so,
// otherwise over the compose file of its folder; one that others only extend starts nothing.
//
// A unit's environment is read from variables that select one, profiles and the project's name, from the names of the files of the set
// and of the script that starts it, and, where these say nothing, from the env_files, from what else is known of the caller, and from
// the names of the service and its container.
//
// Files are merged as compose merges them: environment by name, volumes, secrets and configs by their place in the container, env_files
// appended, commands replaced, the keys of a build one by one; !reset takes away and !override replaces. An extending service is
// merged over the extended one, whose paths stay relative to its own file; an included file is a project of its own.
//
// A container's variables are, highest first, those of environment, of the env_files, of the image. $NAME in a compose file and in an
// env_file is filled from the project: from the .env of the project's folder or the files given by --env-file, and over these from what
// is in the environment of the program that calls compose, as far as that sets it itself. These enter no container by themselves. Callers that
// give different things start different services.
//
// The parser is ours, over the nodes of a YAML parser, because compose-go, the reference, keeps no positions.
//
// # What is not seen
//
// Images from elsewhere, remote includes and extends, variables that whoever runs the caller has set, or a script that it sources.
//
// Sources: https://docs.docker.com/reference/compose-file/, https://docs.docker.com/reference/compose-file/merge/,
// https://docs.docker.com/compose/how-tos/environment-variables/envvars-precedence/,
// https://docs.docker.com/compose/how-tos/environment-variables/variable-interpolation/,
// https://docs.docker.com/reference/cli/docker/compose/, https://github.com/compose-spec/compose-go (for what the pages leave open).
package compose
