package providers

import _ "embed"

//go:embed README.md
var page string

// Page returns the page that says what is known, with a table of it.
func Page() string { return page }
