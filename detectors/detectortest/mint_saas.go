package detectortest

import "math/rand/v2"

// saasFormats are the formats of payment, messaging, model and other application providers.
var saasFormats = map[string]string{
	"password": "{A20}",
}

var saasComputed = map[string]func(r *rand.Rand) string{}
