package environ

import (
	"testing"

	"github.com/stagewall/stagewall/detectors"
)

// row is one text and the set that it names.
type row struct {
	text string
	want detectors.Environment
}

const (
	none = detectors.Environment(0)
	both = production | staging
)

func check(t *testing.T, name string, f func(string) detectors.Environment, rows []row) {
	t.Helper()
	for _, r := range rows {
		if got := f(r.text); got != r.want {
			t.Errorf("%s(%q) = %v, want %v", name, r.text, got, r.want)
		}
	}
}

func TestNamesOfModesAndTests(t *testing.T) {
	check(t, "Identifier", Identifier, []row{
		{"NPM_CONFIG_PRODUCTION", 0}, {"KUBE_CONFIG_PRODUCTION", production}, {"STAGE_VALUE_KEY", 0}, {"REACT_APP_GTM_PREVIEW", 0},
		{"E2E_APPT_STAGE_DISPLAY_NAME", staging}, {"APPT_STAGE_ACCTS_PWORD", staging}, {"STAGE_DISPLAY_NAME", 0},
	})
}

func TestValue(t *testing.T) {
	check(t, "Value", Value, []row{
		{"staging", staging}, {"Staging", staging}, {"stg", staging}, {"stage", staging}, {"uat", staging}, {"hmlg", staging},
		{"production", production}, {"Production", production}, {"prod", production}, {"prd", production}, {"live", production},
		{"prod-eu-1", production}, {"acme-prod", production}, {"acme-staging-2", staging}, {"staging2", staging}, {"acme_stage", staging},
		{"eu/production", production}, {"review/feature-prod-fix", preview}, {"pr-123", preview}, {"deploy-preview", preview},
		{"development", development}, {"dev", development}, {"devel", development}, {"local", development}, {"test", test}, {"qa", test}, {"ci", test}, {"int", test},
		{"sandbox", test}, {"stage-eu-1", staging},
		// negations bind first
		{"nonprod", nonProduction}, {"non-prod", nonProduction}, {"non_prod", nonProduction}, {"NonProd", nonProduction}, {"not-prod", nonProduction},
		{"preprod", staging}, {"pre-prod", staging}, {"pre-production", staging}, {"preProd", staging}, {"prod-like", staging}, {"prodlike", staging},
		{"prod-copy", staging}, {"prod-replica", production}, {"staging-replica-of-prod", staging | production},
		// DevProd is developer productivity
		{"Add issues to DevProd project", none}, {"DevProd", none}, {"dev-prod", development | production}, {"dev and prod", development | production},
		// no environments
		{"", none}, {"product", none}, {"delivery", none}, {"keepalive", none}, {"main", none}, {"stage-1", none}, {"stage 2", none}, {"build-stage", none},
		{"canary", none}, {"blue", none}, {"dr", none}, {"latest", none}, {"livestream", none}, {"live-reload", none}, {"endpoint", none},
		{"internal", none}, {"https://staging.example.com", none}, {"refs/heads/staging", none}, {"prefix", none}, {"us-east-1", none},
		{"us-west1-gcp-free", none}, {"none", none}, {"locale", none}, {"contest", none}, {"device", none}, {"integration-bot", none},
		// two
		{"staging,production", both}, {"prod-canary", production}, {"prod-test", production},
	})
}

func TestIdentifier(t *testing.T) {
	check(t, "Identifier", Identifier, []row{
		{"STAGING_DB_URL", staging}, {"DB_URL_STAGING", staging}, {"stagingDbUrl", staging}, {"deployStaging", staging}, {"deploy:staging", staging},
		{"deploy-staging", staging}, {"deploy_staging", staging}, {"StagingURL", staging}, {"STG_API_KEY", staging}, {"deploy-stage", staging},
		{"deploy:stage", staging}, {"DB_PASSWORD_STAGE", staging}, {"STAGE_API_KEY", staging}, {"AWS_ACCOUNT_STAGE", staging},
		{"PROD_DB_URL", production}, {"PROD_URLS", production}, {"DBProd", production}, {"COHERE_API_KEY_PROD", production}, {"deploy:prod", production},
		{"Deploy (production)", production}, {"STRIPE_LIVE_KEY", production}, {"LIVE_API_TOKEN", production}, {"stripe:live", production},
		{"DEV_CLIENT_SECRET", development}, {"dev", development}, {"dev:server", development}, {"LOCAL_DATABASE_URL", development},
		{"STRIPE_TEST_KEY", test}, {"test", test}, {"unit-tests", test}, {"E2E_SECRET", test}, {"PAYPAL_SANDBOX_SECRET", test}, {"qa-deploy", test},
		{"NONPROD_TOKEN", nonProduction}, {"ECR_NON_PROD_URL", nonProduction}, {"PREPROD_TOKEN", staging}, {"PRE_PRODUCTION_KEY", staging},
		{"PREVIEW_TOKEN", preview}, {"deploy-preview", preview}, {"review-apps", preview},
		// a purpose beside an environment
		{"PROD_E2E_TEST_SECRET", production}, {"PRODUCTION_END_TO_END_TEST_KEY", production}, {"STAGING_TEST_TOKEN", staging},
		// two
		{"promote-staging-to-prod", both},
		// names on the net in texts for people
		{"Publish Trigger.dev Docker", none}, {"Deploy to acme.dev", none}, {"Deploy acme.dev staging", staging}, {"deploy.dev", development}, {"Deploy .dev", development},
		{"build:app.dev", development}, {"Deploy app.dev.yaml", development},
		// no environments, each with its twin above
		{"PRODUCT_DB_URL", none}, {"PRODUCER_TOKEN", none}, {"REPRODUCED", none}, {"PRODIGY_API_KEY", none}, {"FILM_PRODUCTION", none}, {"MUSIC_PRODUCTION_KEY", none},
		{"CROP_PRODUCTION", none}, {"BUNDLE_PROD_ID", none}, {"PROD_ID", none}, {"PROD_ACCOUNT_ID", production}, {"FAKE_PRODUCTION_TOKEN", none}, {"FUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION", none},
		{"PRODUCTION_ORDER_ID", none}, {"DELIVERY_KEY", none}, {"KEEPALIVE_TOKEN", none}, {"TIME_TO_LIVE", none}, {"TIME_TO_LIVE_KEY", none},
		{"US_LIVE_1_API_KEY", none}, {"LIVE_1_API_KEY", production}, {"Local checks", none}, {"Fast-forward develop to main", none}, {"Deploy develop", development},
		{"Deploy local", development}, {"LIVE_RELOAD_TOKEN", none}, {"ANTHROPIC_LIVE_MODEL", none}, {"LIVE_STREAM_KEY", none}, {"LIVEKIT_API_KEY", none},
		{"CI_JOB_STAGE", none}, {"CI_STAGE_NAME", none}, {"DD_CI_STAGE_NAME", none}, {"STAGE", none}, {"DEPLOYMENT_STAGE", none}, {"APP_STAGE", none},
		{"first_stage_email", none}, {"stage_pricing", none}, {"lint-staged", none}, {"backstage", none}, {"BACKSTAGE_TOKEN", none}, {"postage_key", none},
		{"restage", none}, {"build-stage", none}, {"test-stage", test}, {"DBT_PROJECT_STAGE", none}, {"STAGED_KEY", none}, {"INSTAGRAM_TOKEN", none},
		{"SNOWFLAKE_STAGE_URL", none}, {"FHIR_STAGING_DIR", none}, {"S3_STAGING_DIR", none}, {"staging_area", none}, {"ERROR_PACKAGE_STAGING_ONHOLD", none},
		{"nexusStaging", none}, {"CONVERT10_E_STG_FMT", staging}, {"STG_E_FILENOTFOUND", none},
		{"DEVICE_TOKEN", none}, {"DEVOPS_TOKEN", none}, {"DEV_TOOLING_TOKEN", none}, {"devDependencies", none}, {"DEVELOPER_KEY", none}, {"DEVLINK", none},
		{"LATEST_TOKEN", none}, {"ATTESTATION_KEY", none}, {"CONTEST_KEY", none}, {"TEST_RESULTS_URL", none}, {"SLACK_INTEGRATION_TOKEN", none},
		{"INTERVAL", none}, {"ENDPOINT_KEY", none}, {"PRINT_TOKEN", none}, {"PREFIX_KEY", none}, {"EXPRESS_KEY", none}, {"NONCE_KEY", none}, {"ANONYMOUS_KEY", none},
		{"LOCALE_KEY", none}, {"LOCAL_STORAGE_KEY", none}, {"MAIN_KEY", none}, {"DEMO_KEY", none}, {"CANARY_TOKEN", none}, {"HOTFIX_KEY", none}, {"BLUE_KEY", none},
		{"OLIVE_TOKEN", none}, {"LIVENATION_API_KEY", none}, {"CODE_REVIEW_TOKEN", none}, {"CI_TOKEN", none}, {"RELEASE_TOKEN", none}, {"", none},
	})
}

func TestPath(t *testing.T) {
	check(t, "Path", Path, []row{
		{"deploy/stg/x", staging}, {".env.staging", staging}, {"docker-compose.staging.yml", staging}, {"compose.stage.yml", staging}, {"values-prod.yaml", production},
		{"overlays/production/kustomization.yaml", production}, {".env.production", production}, {"config/environments/production.rb", production},
		{"settings/production.py", production}, {"environment.prod.ts", production}, {"Dockerfile.prod", production}, {"terraform/prod/main.tf", production},
		{"envs/stage/main.tf", staging}, {"config/stage.yml", staging}, {".env.stage", staging}, {"envs/live/main.tf", production}, {".env.live", production},
		{"overlays/pre-prod/x.yaml", staging}, {"overlays/non-prod/x.yaml", nonProduction}, {"stacks/nonprod/x.tf", nonProduction},
		{"cmd/staging-sync/main.go", staging}, {"scripts/deployStaging.sh", staging}, {"deploy/staging/README.md", staging}, {".env.local", development},
		{"dev/setup.sh", development}, {".env.development", development}, {"test/run.sh", test}, {"tests/fixtures/x.json", test}, {"test/staging/run.sh", staging},
		{".env.staging.local", staging}, {".env.production.example", production}, {".env.preview", preview}, {"deploy/preview/app.yaml", preview}, {"live/staging/main.tf", staging}, {"a\\staging\\b", staging},
		{"staging/prod.env", both},
		// no environments
		{"", none}, {"docs/production.md", none}, {"docs/staging/setup.sh", none}, {"production.md", none}, {"src/products/list.go", none}, {"models/staging/stg_orders.sql", none},
		{"dbt/models/staging/stripe.yml", none}, {"staging/src/k8s.io/api/types.go", none}, {"drivers/staging/foo.c", none}, {"/dev/null", none},
		{"lib/acme_web/live/page_live.ex", none}, {"src/live/server.ts", none}, {"infrastructure/live/main.go", none}, {"src/stage/stage.go", none}, {"lint-staged.config.js", none},
		{".lintstagedrc", none}, {"src/theatre/stage.ts", none}, {"ci/deploy.sh", none}, {"release/build.sh", none}, {"main.go", none}, {"src/preview/panel.tsx", none},
		{"usr/local/bin/x", none}, {"etl/staging_table.sql", none}, {"packages/backstage/app.ts", none}, {"latest/x.yml", none}, {"devcontainer.json", none},
		{".devcontainer/devcontainer.json", none}, {"sources/music-production/x.py", none}, {"src/sandbox/run.ts", none},
		{".github/workflows/claude-review.yml", none}, {".github/workflows/ci.yml", none}, {".github/workflows/release.yml", none}, {"apps/production-planner/main.go", none},
		{".github/workflows/acceptance-tests.yml", test},
	})
}

func TestBranch(t *testing.T) {
	check(t, "Branch", Branch, []row{
		{"staging", staging}, {"refs/heads/staging", staging}, {"origin/staging", staging}, {"stage", staging}, {"staging/**", staging}, {"staging-v2", staging},
		{"develop", development}, {"development", development}, {"dev", development}, {"production", production}, {"prod", production}, {"deploy/prod", production},
		{"release/production", production}, {"preview", preview}, {"qa", test}, {"test", test}, {"live", production}, {"preprod", staging},
		{"main", none}, {"master", none}, {"release", none}, {"release/1.2", none}, {"trunk", none}, {"feature/staging-banner", none}, {"fix-prod-login", none},
		{"hotfix/prod", none}, {"dependabot/npm/production", none}, {"gh-pages", none}, {"product", none}, {"", none}, {"*", none}, {"v*", none},
	})
}

func TestHost(t *testing.T) {
	check(t, "Host", Host, []row{
		{"stg.acme.com", staging}, {"db-prod.internal", production}, {"db.prod.svc", production}, {"prod-db.internal:5432", production}, {"staging.acme.co.uk", staging},
		{"acme-staging.com", staging}, {"acme-prod.abc123.us-east-1.rds.amazonaws.com", production}, {"api.stage.acme.com", staging}, {"staging-db", staging},
		{"nonprod.acme.com", nonProduction}, {"pre-prod.acme.com", staging}, {"dev.acme.com", development}, {"qa.acme.com", test}, {"db-live.internal", production},
		{"staging.prod.acme.internal", both}, {"PROD.acme.com", production}, {"test.salesforce.com", test}, {"pr-12.acme.dev", preview}, {"prod.internal", production},
		{"staging-replica-of-prod.acme.com", staging | production}, {"us-live-1.acme.com", 0}, {"live-1.acme.com", production}, {"clerk.staging.example.com", staging}, {"acme-production-a1b2.up.railway.app", production},
		// vendors' hosts whose meaning is documented
		{"api-m.paypal.com", production}, {"api-m.sandbox.paypal.com", test}, {"connect.squareup.com", production}, {"connect.squareupsandbox.com", test},
		{"acme.oktapreview.com", nonProduction | preview}, {"login.salesforce.com", production}, {"pal-test.adyen.com", test},
		{"1797a841-acme-checkout-live.adyenpayments.com", production}, {"sandbox.plaid.com", test}, {"production.plaid.com", production},
		// no environments
		{"", none}, {"acme.com", none}, {"product-db.acme.com", none}, {"production.com", none}, {"staging.io", none}, {"live.com", none}, {"login.live.com", none}, {"live.acme.com", none},
		{"acme-staging-v02.api.letsencrypt.org", none}, {"logs-prod-us-east-0.grafana.net", none}, {"oic.prod-aks.azure.com", none}, {"eastus.oic.prod-aks.azure.com", none},
		{"prod-12.westeurope.logic.azure.com", none}, {"dev.azure.com", none}, {"pkgs.dev.azure.com", none}, {"staging-k8s.gcr.io", none}, {"web.dev", none}, {"host.test", none},
		{"localhost", none}, {"127.0.0.1:5432", none}, {"::1", none}, {"10.0.0.5", none}, {"db.int.acme.com", none}, {"backstage.acme.com", none}, {"delivery.acme.com", none},
		{"devices.acme.com", none}, {"latest.acme.com", none}, {"developers.acme.com", none}, {"db.default.svc.cluster.local", none}, {"com.au", none},
	})
}

func TestHoldsBranch(t *testing.T) {
	for _, name := range []string{"ref_name", "BRANCH", "GIT_BRANCH", "CI_COMMIT_BRANCH", "CI_COMMIT_REF_NAME", "BRANCH_NAME", "pipeline.git.branch", "github.ref", "head_ref", "gitBranch"} {
		if !HoldsBranch(name) {
			t.Errorf("%s holds no branch", name)
		}
	}
	for _, name := range []string{"", "name", "APP_ENV", "ENVIRONMENT", "STAGE_NAME", "BRANCHES_URL", "REFERENCE", "branch_id"} {
		if HoldsBranch(name) {
			t.Errorf("%s holds a branch", name)
		}
	}
}

func TestSelector(t *testing.T) {
	for _, name := range []string{"APP_ENV", "ENV", "ENVIRONMENT", "DEPLOY_ENV", "STAGE", "DEPLOYMENT_TARGET", "RAILS_ENV", "VERCEL_ENV", "deployEnv", "environment",
		"target-environment", "RAILWAY_ENVIRONMENT_NAME", "ASPNETCORE_ENVIRONMENT", "SPRING_PROFILES_ACTIVE", "TF_WORKSPACE", "GO_ENV", "CI_ENVIRONMENT_NAME", "ENV_NAME", "WP_ENVIRONMENT_TYPE", "SENTRY_ENVIRONMENT",
		"REACT_APP_ENV"} {
		if !Selector(name) {
			t.Errorf("Selector(%q) = false", name)
		}
	}
	for _, name := range []string{"", "NODE_ENV", "BABEL_ENV", "JEKYLL_ENV", "HUGO_ENV", "FLASK_ENV", "MIX_ENV", "CI_JOB_STAGE", "GITHUB_ENV", "BASH_ENV", "VIRTUAL_ENV", "PINECONE_ENVIRONMENT", "PLAID_ENV", "SQUARE_ENVIRONMENT", "BT_ENVIRONMENT",
		"CARGO_CFG_TARGET_ENV", "UV_PROJECT_ENVIRONMENT", "ENVOY", "STAGING_TOKEN", "CI_STAGE_NAME", "NAME", "APP_NAME", "RAILWAY_ENVIRONMENT_ID", "ENVIRONMENT_KEY"} {
		if Selector(name) {
			t.Errorf("Selector(%q) = true", name)
		}
	}
}

func TestSelectorFlag(t *testing.T) {
	for _, flag := range []string{"--env", "--environment", "--stage", "--env=staging", "--target-env", "--deploy-env", "--app-env"} {
		if !SelectorFlag(flag) {
			t.Errorf("SelectorFlag(%q) = false", flag)
		}
	}
	for _, flag := range []string{"", "-e", "--mode", "env", "--env-file", "--verbose", "--node-env", "--"} {
		if SelectorFlag(flag) {
			t.Errorf("SelectorFlag(%q) = true", flag)
		}
	}
}

func TestCues(t *testing.T) {
	const name = "PRE_PROD_API_TOKEN"
	cues := IdentifierCues(name)
	if len(cues) != 1 || cues[0].Word != "PRE_PROD" || name[cues[0].Span.Start:cues[0].Span.End] != "PRE_PROD" || !cues[0].Credential {
		t.Errorf("IdentifierCues(%q) = %+v", name, cues)
	}
	const path = "deploy/stg/values-prod.yaml"
	for i, want := range []string{"stg", "prod"} {
		if c := PathCues(path)[i]; c.Word != want || path[c.Span.Start:c.Span.End] != want {
			t.Errorf("PathCues(%q)[%d] = %+v, want %s", path, i, c, want)
		}
	}
	if c := IdentifierCues("PROD_HOME"); len(c) != 1 || c[0].Credential {
		t.Errorf("PROD_HOME holds no noun of credentials: %+v", c)
	}
}

func FuzzEnviron(f *testing.F) {
	for _, s := range []string{"", "STAGING_DB_URL", "deploy/stg/x", "stg.acme.com:80", "refs/heads/prod", "préprod", "a:b::c", "URLs", "pr-1", "....", "\xff\xfe-prod"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		Selector(s)
		SelectorFlag(s)
		Branch(s)
		for _, cues := range [][]Cue{ValueCues(s), IdentifierCues(s), PathCues(s), HostCues(s)} {
			for _, c := range cues {
				if c.Environments == 0 || s[c.Span.Start:c.Span.End] != c.Word {
					t.Errorf("%q: bad cue %+v", s, c)
				}
			}
		}
	})
}

func BenchmarkIdentifier(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		Identifier("ACME_DATABASE_CONNECTION_STRING")
	}
}

func TestJob(t *testing.T) {
	check(t, "Job", Job, []row{
		{"Check Local Feature Manifests", none}, {"local", none}, {"Deploy to dev", development}, {"test-local", test}, {"deploy-staging", staging},
	})
}
