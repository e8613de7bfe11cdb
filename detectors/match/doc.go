// Package match turns bytes into candidate tokens.
package match
