package providers

import "github.com/stagewall/stagewall/detectors"

// saas lists payment, messaging, model, database and other application providers.
func saas() []detectors.Provider {
	return []detectors.Provider{
		amqp(),
		anthropic(),
		clerk(),
		datadog(),
		discord(),
		doppler(),
		grafana(),
		huggingface(),
		kubernetes(),
		launchdarkly(),
		mollie(),
		mongodb(),
		mysql(),
		neon(),
		newrelic(),
		npm(),
		openai(),
		paddle(),
		planetscale(),
		postgres(),
		razorpay(),
		redis(),
		sendgrid(),
		sentry(),
		shopify(),
		slack(),
		sqlserver(),
		stripe(),
		supabase(),
		teams(),
		telegram(),
		terraform(),
		twilio(),
		workos(),
	}
}
