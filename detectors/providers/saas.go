package providers

import "github.com/stagewall/stagewall/detectors"

// saas lists payment, messaging, model, database and other application providers.
func saas() []detectors.Provider {
	return []detectors.Provider{
		amqp(),
		anthropic(),
		doppler(),
		kubernetes(),
		mongodb(),
		mysql(),
		neon(),
		npm(),
		openai(),
		planetscale(),
		postgres(),
		redis(),
		sendgrid(),
		sentry(),
		slack(),
		sqlserver(),
		stripe(),
		supabase(),
		terraform(),
		twilio(),
	}
}
