//go:build !unix

package source

const atOnce = 0 // there are no pipes in folders
