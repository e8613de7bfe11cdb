// Package golangci tests the plugin in the program that it is for: its test links golangci-lint and the plugin, as `golangci-lint custom`
// does, and runs that on a module with a .golangci.yml.
//
// golangci-lint is under the GNU General Public License, version 3. The program that this test links is for the test only and never
// distributed. The module is apart so that golangci-lint, with all that it links, is no dependency of the tool; without a build cache
// it takes minutes to compile.
package golangci
