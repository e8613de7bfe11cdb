package providers

import "github.com/stagewall/stagewall/detectors"

// saas lists payment, messaging, model, database and other application providers.
func saas() []detectors.Provider {
	return []detectors.Provider{
		amqp(),
		doppler(),
		kubernetes(),
		mongodb(),
		mysql(),
		neon(),
		planetscale(),
		postgres(),
		redis(),
		sqlserver(),
		stripe(),
		supabase(),
		terraform(),
	}
}
