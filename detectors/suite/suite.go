// Package suite lists what the first room is made of. It holds no knowledge of its own.
package suite

import (
	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/providers"
)

// Providers returns every provider. The caller owns the result.
func Providers() []detectors.Provider { return providers.All() }
