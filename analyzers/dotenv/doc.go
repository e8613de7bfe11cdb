// Package dotenv reads files of environment variables: .env and its kin.
//
// # Analyzer dotenv
//
// dotenv: the variables that a file of assignments sets
//
// A dotenv file runs nothing and belongs to nobody: what names it (a compose service's env_file, a loader in code, a shell's source)
// loads it. The analyzer therefore yields one program of assignments and no unit. There is no standard; what is read is what the
// common readers agree on, and where they differ, the reading that shows more:
//
//   - NAME=value, export NAME=value and NAME: value; a NAME alone takes its value from the process that loads the file;
//   - values without quotes, which end before " #" or at the end of the line, and in single, double or back quotes, over many lines;
//   - $X and ${X:-default} in double quotes and without quotes, \ before a character that is meant literally;
//   - a line that is no assignment is skipped, as most readers do.
//
// Of several assignments of a name the last stands. Values that dotenvx or SOPS encrypted are no tokens; a file that holds only
// such is marked as ciphertext.
//
// The parser is written here because those of the known libraries (joho/godotenv, compose-go/dotenv) return a map: they lose where
// a value is written, and the order.
//
// Sources: https://docs.docker.com/compose/how-tos/environment-variables/variable-interpolation/,
// https://github.com/motdotla/dotenv#what-rules-does-the-parsing-engine-follow, https://github.com/bkeepers/dotenv#usage,
// https://dotenvx.com/docs/quickstart/encryption, https://getsops.io/docs/#encrypting-using-other-file-formats.
package dotenv
