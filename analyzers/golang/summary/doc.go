// Package summary says of each Go package what its functions read, call and hand on, as a fact that importers join.
package summary
