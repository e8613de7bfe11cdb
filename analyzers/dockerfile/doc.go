// Package dockerfile reads Dockerfiles: what the images that they describe hold.
//
// # Analyzer dockerfile
//
// dockerfile: the variables, files and commands of an image
//
// Every stage is a program, under its name or its number; the program without a name is the last stage, the image. A stage's program
// begins with what the stage that it is FROM does, so that a program is all of an image: ENV sets variables that stay, COPY and ADD
// bring files of the build context, CMD and ENTRYPOINT say what a container starts. An image has of another stage what COPY --from
// takes, which is followed as far as it is known which copied file lies there. What a build step wrote is not known, but for what a program of
// Java, .NET or Next.js has of its folder by the conventions of the tools that make it.
//
// What is there only while the image is built is not in it: arguments and build secrets. But its history keeps the steps of its own
// stages with the arguments that they were given, so these are loaded too.
//
// A build is no unit. What a container runs is the unit, and a compose file or a workload says so: [Image] gives it the image's steps,
// with paths relative to the build context. A Dockerfile that no compose service builds is a unit only if its name says an
// environment: Dockerfile.staging.
//
// A .dockerignore, or one beside the Dockerfile under its name, keeps files out of the context.
//
// # Why not BuildKit's parser
//
// It knows lines and no columns, expands variables before it can be seen where they came from, and would bring some 180 modules into
// the module graph. The syntax is small: directives, continuation lines, here-documents, words with quotes.
//
// # What is not seen
//
// The variables and the command of an image from elsewhere, what build steps change in files, and remote contexts and sources.
//
// Sources: https://docs.docker.com/reference/dockerfile/, https://docs.docker.com/build/building/multi-stage/,
// https://docs.docker.com/build/concepts/context/#dockerignore-files.
package dockerfile
