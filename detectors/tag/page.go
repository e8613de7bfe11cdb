package tag

import _ "embed"

//go:embed README.md
var page string

// Page returns the page that says how a token is tagged, with the weights of cues.
func Page() string { return page }
