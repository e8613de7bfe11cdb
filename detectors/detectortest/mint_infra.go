package detectortest

import "math/rand/v2"

// infraFormats are the formats of hosting, cloud, source hosting and database providers.
var infraFormats = map[string]string{
	"railway":         "{u}",
	"railway-session": "{A40}",
}

var infraComputed = map[string]func(r *rand.Rand) string{}
