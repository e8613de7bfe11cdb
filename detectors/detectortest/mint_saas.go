package detectortest

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"hash/crc32"
	"math/rand/v2"
)

// saasFormats are the formats of payment, messaging, model, database and other application providers. A name is the provider's and, where
// it has several, what tells the value: its mode (stripe-live, stripe-test), its kind (slack-bot), its config (doppler-prd). The names
// of database engines are whole connection strings for production (postgres), or for what the name says (postgres-staging).
var saasFormats = map[string]string{
	"hex32":    "{h32}",
	"hex128":   "{h128}",
	"hex64":    "{h64}", // the digest of an image or a commit
	"password": "{A20}", // for use within a connection string of the fixture's own

	"adyen":     "AQEyhm{A80}",
	"airtable":  "pat{A14}.{h64}",
	"amplitude": "{h32}",
	"amqp":      "amqps://acme:{A24}@mq.prod.acme.example:5671/acme",

	"anthropic":       "sk-ant-api03-{b93}AA",
	"anthropic-admin": "sk-ant-admin01-{b93}AA",
	"anthropic-oauth": "sk-ant-oat01-{b93}AA",

	"apify":         "apify_api_{A36}",
	"asaas":         "$aact_prod_000{A120}",
	"asaas-sandbox": "$aact_hmlg_000{A120}",
	"asana":         "2/{d16}/{d16}:{h32}",

	"atlassian":              "ATATT3{A180}=0F1E2D3C",
	"atlassian-organization": "ATCTT3{A100}=0F1E2D3C",
	"atlassian-service":      "ATSTT3{A100}=0F1E2D3C",

	"auth0-secret": "{A64}",

	"betterstack":          "{A24}",
	"box":                  "{A32}",
	"braintree-production": "access_token$production${a16}${h32}",
	"braintree-sandbox":    "access_token$sandbox${a16}${h32}",

	"branch-key":  "key_live_{A32}",
	"branch-live": "secret_live_{A32}",
	"branch-test": "secret_test_{A32}",
	"brevo":       "xkeysib-{h64}-{A16}",
	"brevo-smtp":  "xsmtpsib-{h64}-{A16}",

	"checkout":          "sk_{t27}",
	"checkout-old":      "sk_test_{u}",
	"checkout-public":   "pk_{t27}",
	"checkout-sandbox":  "sk_sbox_{t27}",
	"clerk-live":        "sk_live_{A42}",
	"clerk-publishable": "pk_live_{A36}",
	"clerk-test":        "sk_test_{A42}",
	"clickhouse":        "clickhouse://acme:{A20}@ch.prod.acme.io:9440/events",

	"clickup":           "pk_{d8}_{U32}",
	"datocms":           "{h30}",
	"storyblok":         "{A22}tt-{d6}-{A20}",
	"storyblok-read":    "{A22}tt",
	"cloudinary":        "cloudinary://{d15}:{A27}@acme-staging",
	"cloudinary-secret": "{A27}",

	"cohere": "{A40}",

	"coinbase":            "{B86}==",
	"coinbase-wallet":     "MIGH{B180}",
	"contentful":          "CFPAT-{A43}",
	"contentful-delivery": "{A43}",

	"courier":             "pk_prod_{U28}",
	"courier-lower":       "{l28}",
	"courier-test":        "pk_test_{U28}",
	"datadog":             "{h32}",
	"datadog-app":         "{h40}",
	"datadog-application": "ddap_{A40}",
	"datadog-client":      "pub{h32}",
	"datadog-personal":    "ddpat_{A40}",

	"deepseek":        "sk-{h32}",
	"devcycle":        "dvc_server_{h32}_{h8}",
	"devcycle-client": "dvc_client_{h32}_{h8}",
	"discord-webhook": "https://discord.com/api/webhooks/1{d17}/{A68}",

	"doppler-audit":           "dp.audit.{A43}",
	"doppler-cli":             "dp.ct.{A43}",
	"doppler-dev":             "dp.st.dev.{A43}",
	"doppler-old":             "dp.st.{A43}",
	"doppler-personal":        "dp.pt.{A43}",
	"doppler-prd":             "dp.st.prd.{A43}",
	"doppler-scim":            "dp.scim.{A43}",
	"doppler-service-account": "dp.sa.{A43}",
	"doppler-stg":             "dp.st.stg.{A43}",
	"doppler-stg-web":         "dp.st.stg_web.{A43}",

	"dropbox":         "sl.u.{A150}",
	"dropbox-refresh": "{A11}AAAAAAAAAA{A43}",
	"dropbox-secret":  "{a14}7",
	"duffel-live":     "duffel_live_{A43}",
	"duffel-test":     "duffel_test_{A43}",

	"easypost-production": "EZAK{A54}",
	"easypost-test":       "EZTK{A54}",

	"easyship":         "prod_{A44}",
	"easyship-sandbox": "sand_{A44}",
	"elevenlabs":       "sk_{h48}",
	"figma":            "figd_{A40}",
	"figma-oauth":      "figou_{A40}",

	"flagsmith":    "ser.{A22}",
	"flagsmith-id": "{A8}",

	"flutterwave":                 "FLWSECK-{h32}-X",
	"flutterwave-encryption":      "{h24}",
	"flutterwave-encryption-test": "FLWSECK_TEST{h12}",
	"flutterwave-public":          "FLWPUBK-{h32}-X",
	"flutterwave-test":            "FLWSECK_TEST-{h32}-X",
	"gemini":                      "AQ.Ab8RN6{b43}A",
	"gocardless":                  "live_{A40}",
	"gocardless-sandbox":          "sandbox_{A40}",
	"groq":                        "gsk_{A52}",

	"honeycomb":            "hcaik_{a58}",
	"honeycomb-key":        "{A22}",
	"honeycomb-classic":    "hcbic_{a58}",
	"honeycomb-management": "{a32}",

	"hubspot": "pat-na1-{u}",

	"huggingface":              "hf_{A34}",
	"huggingface-organization": "api_org_{A34}",

	"intercom":  "dG9rO{A54}=",
	"jfrog":     "cmVmdGtu{A56}",
	"jfrog-key": "AKCp{A69}",

	"klaviyo":              "pk_{h34}",
	"kubernetes-bootstrap": "{a6}.{a16}",
	"kubernetes-key":       "{B440}",
	"kubernetes-opaque":    "{A40}",

	"langfuse":        "sk-lf-{u}",
	"langfuse-public": "pk-lf-{u}",

	"langsmith":         "lsv2_pt_{h32}_{h10}",
	"langsmith-part":    "{h32}",
	"langsmith-service": "lsv2_sk_{h32}_{h10}",

	"launchdarkly-api":    "api-{u}",
	"launchdarkly-mobile": "mob-{u}",
	"launchdarkly-sdk":    "sdk-{u}",

	"lemonsqueezy":   "eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiJ9.eyJ{A311}.{A680}",
	"linear":         "lin_api_{A40}",
	"linear-webhook": "lin_wh_{A40}",

	"lob-live":        "live_{h35}",
	"lob-publishable": "live_pub_{h31}",
	"lob-test":        "test_{h35}",

	"mailchimp": "{h32}-us12",
	"mailgun":   "key-{h32}",

	"mapbox":             "sk.eyJ{A60}.{A22}",
	"mattermost-webhook": "https://chat.acme.example/hooks/{a26}",
	"mapbox-public":      "pk.eyJ{A60}.{A22}",

	"mercury":          "secret-token:mercury_production_wma_{A44}_yrucrem",
	"mercury-sandbox":  "secret-token:mercury_sandbox_wma_{A44}_yrucrem",
	"midtrans":         "Mid-server-{A24}",
	"midtrans-client":  "Mid-client-{A16}",
	"midtrans-sandbox": "SB-Mid-server-{A24}",
	"mistral":          "{A32}",

	"mollie-live":         "live_{A30}",
	"mollie-organization": "access_{A40}",
	"mollie-test":         "test_{A30}",

	"mongodb":             "mongodb+srv://acme:{A24}@cluster-prod.ab1cd.mongodb.net/acme",
	"moyasar":             "sk_live_{A40}",
	"moyasar-publishable": "pk_live_{A40}",
	"moyasar-test":        "sk_test_{A40}",
	"mux":                 "{A75}",
	"mux-signing":         "LS0tLS1CRUdJTiBSU0EgUFJJVkFURSBLRVkt{B300}",
	"mysql":               "mysql://acme:{A24}@db.prod.acme.example:3306/acme",
	"neon":                "napi_{a64}",

	"newrelic":         "NRAK-{U27}",
	"newrelic-browser": "NRJS-{h19}",
	"newrelic-insert":  "NRII-{A32}",
	"newrelic-license": "{h36}NRAL",
	"newrelic-query":   "NRIQ-{A32}",

	"notion":        "ntn_{d11}{A35}",
	"notion-legacy": "secret_{A43}",

	"okta": "00{A40}",

	"onesignal":              "os_v2_app_{t103}",
	"onesignal-organization": "os_v2_org_{t103}",
	"onfido":                 "api_live.{A11}.{A32}",
	"onfido-sandbox":         "api_sandbox_us.{A11}.{A32}",
	"openai":                 "sk-proj-{b74}T3BlbkFJ{b73}A",
	"openai-admin":           "sk-admin-{b58}T3BlbkFJ{b57}A",
	"openai-legacy":          "sk-{A20}T3BlbkFJ{A20}",
	"openai-service":         "sk-svcacct-{b74}T3BlbkFJ{b73}A",
	"oracledb-login":         "acme/{A20}@db.staging.acme.io",
	"oracledb-sid":           "jdbc:oracle:thin:acme/{A20}@db.prod.acme.io:1521:ORCL",
	"oracledb-thin":          "jdbc:oracle:thin:acme/{A20}@//db.prod.acme.io:1521/ORCL",

	"openrouter": "sk-or-v1-{h64}",
	"openshift":  "sha256~{A43}",

	"paddle-live":    "pdl_live_apikey_01{d24}_{A22}_{A3}",
	"paddle-sandbox": "pdl_sdbx_apikey_01{d24}_{A22}_{A3}",

	"pagarme":        "sk_{A16}",
	"pagarme-old":    "ak_live_{A30}",
	"pagarme-public": "pk_{A16}",
	"pagarme-test":   "sk_test_{A16}",
	"paypal":         "E{A79}",

	"paystack-live": "sk_live_{h40}",
	"paystack-test": "sk_test_{h40}",

	"perplexity": "pplx-{A48}",

	"persona":          "persona_production_{u}",
	"persona-sandbox":  "persona_sandbox_{u}",
	"plaid-production": "access-production-{u}",
	"plaid-sandbox":    "access-sandbox-{u}",
	"plaid-secret":     "{h30}",

	"planetscale":          "pscale_tkn_{A43}",
	"planetscale-oauth":    "pscale_oauth_{A43}",
	"planetscale-password": "pscale_pw_{A43}",

	"polar":            "polar_oat_{A43}",
	"polar-personal":   "polar_pat_{A43}",
	"postgres":         "postgres://app:{A24}@db.prod.acme.example:5432/app",
	"postgres-staging": "postgres://app:{A24}@db.staging.acme.example:5432/app",

	"posthog":        "phx_{A47}",
	"posthog-flags":  "phs_{A43}",
	"posthog-public": "phc_{A43}",

	"postman": "PMAK-{h24}-{h34}",

	"razorpay-live":   "rzp_live_{A14}",
	"razorpay-secret": "{A24}",
	"razorpay-test":   "rzp_test_{A14}",

	"redis":     "rediss://:{A24}@cache.prod.acme.example:6380/0",
	"replicate": "r8_{A37}",
	"resend":    "re_{A8}_{A24}",
	"rollbar":   "{h32}",

	"salesforce":        "00D{A12}!{A96}",
	"salesforce-login":  "force://PlatformCLI::{A80}@acme--staging.sandbox.my.salesforce.com",
	"salesforce-secret": "0A1B{d60}",

	"sanity":         "sk{A178}",
	"segment":        "sgp_{A64}",
	"segment-config": "{b42}A.{b42}A",
	"sendgrid":       "SG.{b22}.{b42}A",

	"sentry-dsn":         "https://{h32}@o{d7}.ingest.us.sentry.io/{d7}",
	"sentry-integration": "sntryi_{h64}",
	"sentry-user":        "sntryu_{h64}",

	"shippo-live": "shippo_live_{h40}",
	"shippo-test": "shippo_test_{h40}",

	"shopify":        "shpat_{h32}",
	"shopify-custom": "shpca_{h32}",
	"shopify-secret": "shpss_{h32}",
	"shopify-theme":  "shptka_{h32}",

	"slack-app":           "xapp-1-A0{d9}-{d13}-{h64}",
	"slack-bot":           "xoxb-{d12}-{d13}-{A24}",
	"slack-bot-rotated":   "xoxe.xoxb-1-{A163}",
	"slack-configuration": "xoxe.xoxp-1-{A163}",
	"slack-refresh":       "xoxe-1-{A146}",
	"slack-session":       "xoxs-{d12}-{d12}-{d12}-{h32}",
	"slack-trigger":       "https://hooks.slack.com/triggers/T0{d9}/{d13}/{h32}",
	"slack-user":          "xoxp-{d12}-{d12}-{d13}-{h32}",
	"slack-webhook":       "https://hooks.slack.com/services/T0{d9}/B0{d9}/{A24}",

	"snyk":         "{u}",
	"snyk-service": "snyk_sat.{h8}.{A120}.{b42}A",
	"snyk-user":    "snyk_uat.{h8}.{A120}.{b42}A",

	"sonarqube":         "squ_{h40}",
	"sonarqube-project": "sqp_{h40}",
	"sonarqube-scoped":  "sqco_{A59}",
	"sonarqube-global":  "sqa_{h40}",

	"sourcegraph": "sgp_{h16}_{h40}",
	"split":       "{a52}",
	"sqlserver":   "Server=tcp:acme-prod.database.windows.net,1433;Initial Catalog=acme;User ID=acme;Password={A24}",

	"square":                "EAAA{A60}",
	"square-sandbox-secret": "sandbox-sq0csb-{A43}",
	"square-secret":         "sq0csp-{A43}",

	"statsig":         "secret-{A43}",
	"statsig-console": "console-{A43}",
	"statsig-client":  "client-{A43}",
	"statsig-part":    "{A43}",

	"stripe-live":            "sk_live_{A24}",
	"stripe-live-long":       "sk_live_51{A97}",
	"stripe-org-live":        "sk_org_live_{A40}",
	"stripe-publishable":     "pk_live_{A24}",
	"stripe-publishable-34":  "pk_live_{A24}00{A8}",
	"stripe-restricted-live": "rk_live_{A24}",
	"stripe-restricted-test": "rk_test_{A24}",
	"stripe-sandbox":         "rkcs_test_{A30}",
	"stripe-test":            "sk_test_{A24}",
	"stripe-webhook":         "whsec_{A32}",

	"stytch":               "secret-live-{A35}=",
	"stytch-public":        "public-token-live-{u}",
	"stytch-test":          "secret-test-{A36}",
	"supabase-access":      "sbp_{h40}",
	"supabase-oauth":       "sbp_oauth_{h40}",
	"supabase-publishable": "sb_publishable_{b22}_{b8}",
	"supabase-secret":      "sb_secret_{b22}_{b8}",

	"teams-webhook":  "https://acme.webhook.office.com/webhookb2/{u}@{u}/IncomingWebhook/{h32}/{u}",
	"teams-workflow": "https://default1.0.environment.api.powerplatform.com:443/powerautomate/automations/direct/workflows/{h32}/triggers/manual/paths/invoke?api-version=1&sig={A43}",

	"telegram":  "{d10}:AA{A33}",
	"terraform": "{A14}.atlasv1.{A67}",
	"together":  "tgp_v1_{A43}",

	"trello":         "ATTA{h64}0F1E2D3C",
	"twilio":         "{h32}",
	"twilio-account": "AC{h32}",
	"twilio-secret":  "{A32}",
	"twilio-sid":     "SK{h32}",

	"typeform":    "tfp_{A44}_{A14}",
	"wandb":       "wandb_v1_{A77}",
	"wandb-old":   "{h40}",
	"workos-live": "sk_live_a2V5Xz{A69}",
	"workos-test": "sk_test_a2V5Xz{A69}",

	"xai":            "xai-{A80}",
	"xai-management": "xai-token-{A80}",
	"zoom-webhook":   "{A22}",
}

// saasComputed are the formats that name something: a project, a namespace, an organization.
var saasComputed = map[string]func(r *rand.Rand) string{
	"auth0":                        auth0("read:users update:users delete:users"),
	"auth0-reader":                 auth0("read:users read:clients"),
	"clerk-publishable-production": clerkPublishable("clerk.acme.example"),
	"clerk-publishable-staging":    clerkPublishable("clerk.staging.acme.example"),
	"coinbase-pem":                 privateKey("EC PRIVATE KEY", `\n`),
	"discord-bot": func(r *rand.Rand) string {
		return base64.RawURLEncoding.EncodeToString([]byte(fill(r, "8{d17}"))) + fill(r, ".{A6}.{A38}")
	},
	"grafana": func(r *rand.Rand) string {
		body := fill(r, "glsa_{A32}")
		checksum := binary.LittleEndian.AppendUint32(nil, crc32.ChecksumIEEE([]byte(body)))
		return body + "_" + hex.EncodeToString(checksum)
	},
	"grafana-cloud": func(r *rand.Rand) string {
		return "glc_" + encodeObject(fill(r, `{"o":"123456","n":"acme","k":"{A24}","m":{"r":"us"}}`))
	},
	"grafana-legacy": func(r *rand.Rand) string { return encodeObject(fill(r, `{"k":"{A32}","n":"acme","id":1}`)) },

	"jwt": claiming(map[string]any{
		"iss": "https://login.acme.io/", "aud": []string{"https://api.staging.acme.io", "acme"}, "tid": "8b1f", "scope": "orders", "exp": 2015000000,
	}),
	"jwt-example": claiming(map[string]any{"iss": "https://login.acme.io/", "sub": "1234567890", "name": "John Doe"}),
	"jwt-expired": claiming(map[string]any{"iss": "https://login.acme.io/", "scope": "admin", "exp": 1600000000}),
	"jwt-local":   claiming(map[string]any{"iss": "http://localhost:8080/realms/acme", "sub": "f4a1"}),
	"jwt-reader":  claiming(map[string]any{"iss": "https://login.acme.io/", "env": "staging", "scope": "openid orders:read", "exp": 2015000000}),

	"certificate-staging":    certified(x509.Certificate{Subject: pkix.Name{CommonName: "api"}, DNSNames: []string{"api.staging.acme.example"}, NotAfter: lasting, ExtKeyUsage: servers}),
	"certificate-production": certified(x509.Certificate{Subject: pkix.Name{CommonName: "api"}, DNSNames: []string{"*.prod.acme.example"}, NotAfter: lasting}),
	"certificate-client":     certified(x509.Certificate{Subject: pkix.Name{CommonName: "jo"}, DNSNames: []string{"jo.staging.acme.example"}, NotAfter: lasting, ExtKeyUsage: clients}),
	"certificate-expired":    certified(x509.Certificate{Subject: pkix.Name{CommonName: "old"}, NotAfter: expired}),
	"certificate-authority":  certified(x509.Certificate{Subject: pkix.Name{Organization: []string{"Acme"}}, NotAfter: lasting, IsCA: true, BasicConstraintsValid: true}),
	"pkcs12": func(r *rand.Rand) string {
		return base64.StdEncoding.EncodeToString([]byte("\x30\x82\x04\x01\x02\x01\x03\x30\x82" + letters(r, alphabets['A'], 600)))
	},
	"kubernetes-certificate":      certificate("system:masters", "kubernetes-admin"),
	"kubernetes-certificate-user": certificate("developers", "jo"),
	"kubernetes-legacy": func(r *rand.Rand) string {
		return token(r, map[string]any{
			"iss":                                    "kubernetes/serviceaccount",
			"kubernetes.io/serviceaccount/namespace": "production",
			"kubernetes.io/serviceaccount/service-account.name": "deployer",
			"sub": "system:serviceaccount:production:deployer",
		})
	},
	"kubernetes-production": serviceAccount("production"),
	"kubernetes-staging":    serviceAccount("staging"),

	"sentry-local": sentry("http://localhost:8000"),
	"sentry-org":   sentry("https://us.sentry.io"),

	"supabase-anon":            supabase("supabase", "qwzkxvbnmtrplkjhgfds", "anon"),
	"supabase-local":           supabase("supabase-demo", "", "service_role"),
	"supabase-service":         supabase("supabase", "qwzkxvbnmtrplkjhgfds", "service_role"),
	"supabase-session":         supabase("https://qwzkxvbnmtrplkjhgfds.supabase.co/auth/v1", "", "authenticated"),
	"supabase-service-staging": supabase("supabase", "mnbvcxzlkjhgfdsapoiu", "service_role"),
}

// encodeObject writes a JSON object in base64.
func encodeObject(object string) string { return base64.StdEncoding.EncodeToString([]byte(object)) }

// auth0 makes tokens for the management of the tenant acme-staging.
// clerkPublishable holds the domain of the instance's interface, https://clerk.com/docs/guides/how-clerk-works/overview.
func clerkPublishable(domain string) func(*rand.Rand) string {
	return func(*rand.Rand) string { return "pk_live_" + encodeObject(domain+"$") }
}

func auth0(scope string) func(*rand.Rand) string {
	return func(r *rand.Rand) string {
		return token(r, map[string]any{
			"iss": "https://acme-staging.eu.auth0.com/", "aud": "https://acme-staging.eu.auth0.com/api/v2/", "scope": scope, "exp": 2015000000,
		})
	}
}

// serviceAccount makes tokens of the service account deployer.
func serviceAccount(namespace string) func(*rand.Rand) string {
	return func(r *rand.Rand) string {
		return token(r, map[string]any{
			"aud":           []string{"https://kubernetes.default.svc"},
			"exp":           2015000000,
			"iss":           "https://kubernetes.default.svc",
			"kubernetes.io": map[string]any{"namespace": namespace, "serviceaccount": map[string]any{"name": "deployer"}},
			"sub":           "system:serviceaccount:" + namespace + ":deployer",
		})
	}
}

// claiming makes tokens with these claims.
func claiming(claims map[string]any) func(*rand.Rand) string {
	return func(r *rand.Rand) string { return token(r, claims) }
}

// sentry makes tokens of the organization acme.
func sentry(region string) func(*rand.Rand) string {
	return func(r *rand.Rand) string {
		payload := `{"iat":1700000000.5,"url":"` + region + `","region_url":"` + region + `","org":"acme"}`
		return "sntrys_" + base64.StdEncoding.EncodeToString([]byte(payload)) + "_" + letters(r, alphabets['B'], 42) + "A"
	}
}

// supabase makes keys of a project.
func supabase(issuer, project, role string) func(*rand.Rand) string {
	return func(r *rand.Rand) string {
		claims := map[string]any{"iss": issuer, "role": role, "iat": 1700000000, "exp": 2015000000}
		if project != "" {
			claims["ref"] = project
		}
		return token(r, claims)
	}
}
