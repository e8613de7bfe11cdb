// Package code is what readers of source code share, whatever the language: which parts of a value can hold a token, where a request
// goes, what a command line says, and under which conditions steps happen.
package code
