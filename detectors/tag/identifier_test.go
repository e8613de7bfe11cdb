package tag

import (
	"strings"
	"testing"

	"github.com/stagewall/stagewall/detectors"
)

func TestIsIdentifier(t *testing.T) {
	for name, want := range map[string]bool{
		"AWS_ACCOUNT_ID": true, "PLATFORM_ACCOUNT_NUMBER": true, "AZURE_TENANT_ID": true, "SMTP_USERNAME": true, "E2E_BUCKET_NAME": true, "AWS_ACCOUNT_ID_PROD": true, "AWS_ORG_ID_OLD": true, "API_TOKEN_OLD": false,
		"BUCKET_NAME_STAGING_2": true, "APP_BASE_URL": true, "NPM_REGISTRY_URL": true, "SSH_PUBLIC_KEY": true, "AWS_ROLE_ARN": true,
		"CF_TASK_TIMEOUT_SECONDS": true, "SQL_ADMIN_LOGIN": true, "PG_URL_ENVIRONMENT_VARIABLE": true, "PORT": true, "ECR_URI_DEV": true, "twilio-messaging-sid": true, "admin-allowed-groups": true, "projectRoot": true, "AZUREAPPSERVICE_CLIENTID_671235205EF746FD97AFED31E95B213D": true, "AZUREAPPSERVICE_PUBLISHPROFILE_671235205EF746FD97AFED31E95B213D": false, "goVersion": true, "/configuration/emailerMode": true, "SONAR_HOST_URL": true, "DUMMY_REDIS_URL": true, "dbPassword": false, "KEY": false, "CORS_ALLOWED_ORIGINS": true, "private_cidr_1": true, "tls.crt": true, "SSO_AUTH_URL": true, "tls.key": false, "K8S_CLUSTER_CERT": true, "DPC_CA_CERT": true, "SIGNING_CERT": false, "OC_SERVER": true, "USER": false, "PGHOST": true, "MINIO_ENDPOINT": true, "PGPASSWORD": false, "APP_PGUSER": true, "DATABASE_URL": false, "APP_DATABASE_URL": false, "BACKEND_REDIS_URL": false, "prod/app/database-url": false, "prod/app/api-url": true, "SLACK_WEBHOOK_URL": false, "DEPLOY_KEY": false, "ID": false, "ID_TOKEN": false, "USER_PASSWORD": false,
		"SSH_PRIVATE_KEY_ALLOW_LIST_REPOSITORY": false, "GH_TOKEN_ORG": false, "DEPLOY_KEY_ID": true, "PRIVATE_KEY_PATH": true, "CONFIG_REPOSITORY": true,
		"FASTLANE_GOOGLE_SERVICE_ACCOUNT": false, "GCP_SERVICE_ACCOUNT": false, "GCP_SERVICE_ACCOUNT_EMAIL": true, "VAULT_SERVICE_ACCOUNT": true,
		"APP_ENV": true, "NODE_ENV": true, "DEPLOY_ENV_PROD": true, "BACKEND_ENV": false, "PROD_ENV": false, "app-staging-env": false, "APP_ENVIRONMENT": true,
		"kubeconfig-credentials-id": false, "AWS_ID": true, "DOCKER_HUB_USR": true, "DOCKER_HUB_PSW": false, "BLOCKED_DOMAINS": true,
		"ENABLE_EXPORTS": true, "ALLOW_BIND_FILTER": true, "ENABLE_TOKEN": false, "FILE_UPLOAD_METHOD": true,
		"VERCEL_PROJECT_ID_WEBSITE": true, "FIREBASE_APP_ID_IOS": true, "APP_ID_SECRET": false, "ACCESS_KEY_ID_WEBSITE": false, "ACCOUNT_ID_URL": false,
		"NEW_VERSION_CODE": true, "ACCESS_CODE": false,
		"REDIS_URL": false, "PROD": false, "": false, "_": false, "SENTRY_DSN": false, "ACCOUNT_KEY": false, "HOST_KEY": false,
	} {
		if got := isIdentifier(name); got != want {
			t.Errorf("isIdentifier(%q) = %v", name, got)
		}
	}
}

func TestIsUniqueID(t *testing.T) {
	for value, want := range map[string]bool{
		"AK" + "IA" + strings.Repeat("Q2", 8): true, "AR" + "OA" + strings.Repeat("Q2", 8): true, "AK" + "IA" + strings.Repeat("Q1", 8): false,
		"AB" + "IA" + strings.Repeat("Q2", 8): false, "AK" + "IA": false,
	} {
		if got := isUniqueID(value); got != want {
			t.Errorf("%s: %v", value, got)
		}
	}
}

// A name in a secret store that says that it holds no credential is no token that matters; a name that a provider documents for one is.
func TestIdentifierReference(t *testing.T) {
	k := NewKnowledge(acme())
	holders := []detectors.Holder{{Unit: "p", Environments: detectors.Production}, {Unit: "s", Environments: detectors.Staging}}
	for name, want := range map[string]bool{"CLOUD_ACCOUNT_ID": true, "CLOUD_KEY": false, "DEPLOY_ROLE": false, "DEPLOY_ROLE_PREFIX": true, "OTHER_ACCOUNT_ID": true} {
		s := Subject{Reference: &detectors.Reference{Store: "github", Name: name}, Holders: holders}
		if strings.HasPrefix(name, "DEPLOY_ROLE") || name == "OTHER_ACCOUNT_ID" {
			s.Names = []detectors.Naming{{Name: "ACME_BOX_TOKEN"}} // only a role can be the whole of it
		}
		got := k.Decide(s, nil)
		if got.Public != want || want && got.AtMost != 0 {
			t.Errorf("%s: public %v, at most %v", name, got.Public, got.AtMost)
		}
	}
}

// The id of a credential of Jenkins says what it is for, and the variable that is given it what it is.
func TestJenkinsIdentifier(t *testing.T) {
	k := NewKnowledge(acme())
	for variable, want := range map[string]bool{"": true, "DOCKER_REGISTRY": true, "DOCKER_REGISTRY_PSW": true, "PASS": false} {
		s := Subject{Reference: &detectors.Reference{Store: "jenkins", Name: "acme-registry"}}
		if variable != "" {
			s.Names = []detectors.Naming{{Name: variable}}
		}
		if got := k.Decide(s, nil); got.Public != want {
			t.Errorf("given to %q: public %v", variable, got.Public)
		}
	}
}

func TestLicenseReachesNothing(t *testing.T) {
	k := NewKnowledge(acme())
	holders := []detectors.Holder{{Unit: "p", Environments: detectors.Production}, {Unit: "s", Environments: detectors.Staging}}
	for name, want := range map[string]bool{"SERVERLESS_LICENSE_KEY": true, "FONT_LICENCE_PROD": true, "LICENSE_SERVER_PASSWORD": false, "MASTER_KEY": false} {
		got := k.Decide(Subject{Reference: &detectors.Reference{Store: "github", Name: name}, Holders: holders}, nil)
		if can, _ := got.Reach.Touches(); can == want {
			t.Errorf("%s: reaches production: %v", name, can)
		}
	}
}

// What is called an id in one place is one wherever it stands, if it has the shape of one.
func TestLabelledOnce(t *testing.T) {
	k := NewKnowledge(acme())
	for value, want := range map[string]bool{"b6c42a7e-2a26-4a07-802b-123a5c3198a9": true, "b6c42a7e2a264a07802b123a5c3198a9": false} {
		got := k.Decide(Subject{Secret: detectors.NewSecret(value), Observations: []Observation{{Variable: "CATEGORY_AUTH_ID"}, {Variable: "auth"}}}, nil)
		if got.Public != want {
			t.Errorf("%s: public %v", value, got.Public)
		}
	}
}

// What touches no environment, what is published anyway, and what only a doubtful name puts into production are not production's.
func TestNotProduction(t *testing.T) {
	k := NewKnowledge([]detectors.Provider{{
		Name: "chat", Title: "Chat",
		Kinds: []detectors.Kind{{Name: "webhook", Title: "webhook", Scope: detectors.ScopeOutside, AtMost: detectors.Write, Variables: []string{"CHAT_WEBHOOK"}}},
	}})
	production := detectors.Holder{Unit: "p", Environments: detectors.Production}
	doubtful := detectors.Holder{Unit: "test_production", Environments: detectors.Production, Doubtful: true}
	unread := detectors.Holder{Unit: "u", Environments: detectors.Production, Unread: true}
	staging := detectors.Holder{Unit: "s", Environments: detectors.Staging}
	literal := func(variable string) []Observation { return []Observation{{Variable: variable}} }
	for _, c := range []struct {
		name    string
		subject Subject
		known   bool
		touches bool
	}{
		{"a webhook for messages", Subject{Reference: &detectors.Reference{Store: "github", Name: "CHAT_WEBHOOK"}, Holders: []detectors.Holder{production}}, true, false},
		{"any other secret", Subject{Reference: &detectors.Reference{Store: "github", Name: "DEPLOY_KEY"}, Holders: []detectors.Holder{production}}, true, true},
		{"held by a doubtful unit", Subject{Reference: &detectors.Reference{Store: "github", Name: "DEPLOY_KEY"}, Holders: []detectors.Holder{doubtful}}, false, true},
		{"named for staging, and held by a unit that works there and in production", Subject{
			Reference: &detectors.Reference{Store: "github", Name: "STAGING_KEY"},
			Holders:   []detectors.Holder{production, {Unit: "p", Environments: detectors.Staging}},
		}, false, true},
		{"named for staging, and held by a unit that works in production alone", Subject{
			Reference: &detectors.Reference{Store: "github", Name: "STAGING_KEY"}, Holders: []detectors.Holder{production, staging},
		}, true, true},
		{"named for staging, which has it, and given to production unread", Subject{
			Reference: &detectors.Reference{Store: "github", Name: "DEPLOY_KEY_STAGING"}, Holders: []detectors.Holder{unread, staging},
		}, false, true},
		{"named for staging, which does not have it", Subject{
			Reference: &detectors.Reference{Store: "github", Name: "DEPLOY_KEY_STAGING"}, Holders: []detectors.Holder{unread},
		}, true, true},
		{"named for staging and read in production", Subject{
			Reference: &detectors.Reference{Store: "github", Name: "DEPLOY_KEY_STAGING"}, Holders: []detectors.Holder{unread, staging, production},
		}, true, true},
		{"unread, and named for nothing", Subject{Reference: &detectors.Reference{Store: "github", Name: "DEPLOY_KEY"}, Holders: []detectors.Holder{unread}}, true, true},
		{"compiled into a page", Subject{Observations: literal("VITE_ANALYTICS"), Holders: []detectors.Holder{production}}, true, false},
		{"a reference that is compiled into a page", Subject{
			Reference: &detectors.Reference{Store: "github", Name: "WIDGET_KEY"}, Names: []detectors.Naming{{Name: "NEXT_PUBLIC_WIDGET_KEY"}},
			Holders: []detectors.Holder{production},
		}, true, false},
		{"a reference that goes elsewhere too", Subject{
			Reference: &detectors.Reference{Store: "github", Name: "WIDGET_KEY"}, Names: []detectors.Naming{{Name: "NEXT_PUBLIC_WIDGET_KEY"}, {Name: "WIDGET_SECRET"}},
			Holders: []detectors.Holder{production},
		}, true, true},
		{"a name by its name", Subject{Observations: literal("DROPBOX_APP_NAME"), Holders: []detectors.Holder{production}}, true, false},
		{"not compiled into a page", Subject{Observations: literal("ANALYTICS_SECRET"), Holders: []detectors.Holder{production}}, true, true},
	} {
		got := k.Decide(c.subject, nil)
		if got.Reach.Known != c.known || got.Reach.Environments.Touches(detectors.Production) != c.touches {
			t.Errorf("%s: %+v", c.name, got.Reach)
		}
	}
}

func TestIsSelector(t *testing.T) {
	for value, want := range map[string]bool{
		"aws_rds_cluster.db.master_user_secret[0].secret_arn": true, "module.db.password": true, "var.password": false, "a.b.c1d2e3f4": false,
		"SG.abc.def": false, "eyJhb.eyJzd.c2ln": false, "db.prod.acme.internal": true, "": false, "...": false,
	} {
		if value != "" && isSelector(value) != want {
			t.Errorf("isSelector(%q) = %v", value, !want)
		}
	}
}

func TestIsVersion(t *testing.T) {
	for value, want := range map[string]bool{
		"v0.6.5-login-prod": true, "1.2.3": true, "10.0.1+build.5": true, "v1.2": false, "v1.2.3abc": false, "12345.1.1": false, "1.2.": false, "v": false,
	} {
		if isVersion(value) != want {
			t.Errorf("isVersion(%q) = %v", value, !want)
		}
	}
}

// The id of a key opens nothing without its secret; beside that it is one with it.
func TestHalf(t *testing.T) {
	k := known()
	for rule, public := range map[string]bool{"aws-access-token": true, "aws-access-key": false} {
		o, secret := observe(t, k, rule, "backup.tf", `aws_access_key_id = "{{aws-id}}"`+"\n")
		got := k.Decide(Subject{Secret: secret, Observations: []Observation{o}}, nil)
		if got.Public != public || public != (got.AtMost == 0) {
			t.Errorf("%s: public %v, at most %v", rule, got.Public, got.AtMost)
		}
	}
}
