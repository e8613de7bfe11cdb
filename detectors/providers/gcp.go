package providers

import (
	"encoding/json"
	"strings"

	"github.com/stagewall/stagewall/detectors"
)

const (
	gcpKeys   = "https://cloud.google.com/iam/docs/keys-create-delete"
	gcpGcloud = "https://cloud.google.com/sdk/gcloud/reference/"
	gcpAPIs   = "https://github.com/googleapis/googleapis/blob/master/google/" // the descriptions of the APIs, and what they say of deleting
	gcpCLI    = "https://firebase.google.com/docs/cli"

	firebaseCommands = "https://github.com/firebase/firebase-tools/tree/master/src/commands"
)

// gcp knows Google Cloud and Firebase. A service account's key names its project. The API key in a Firebase web app's configuration is
// published with the app and says which project it is, no more.
func gcp() detectors.Provider {
	const (
		account, user, access, client = "service-account-key", "refresh-token", "access-token", "client-secret"
		assumed                       = "service-account"
		api, web                      = "api-key", "firebase-web-key"
		apiKey                        = `AIza[0-9A-Za-z_-]{35}`
		property                      = `["'\\]{0,3}[A-Za-z_]{1,40}["'\\]{0,3}[ \t]*[:=][ \t]*["'` + "`" + `\\]{1,3}[^"'` + "`" + `\n]*["'` + "`" + `\\]{1,3},?[ \t]*`
		webConfig                     = `["'` + "`" + `\\]{1,3},?\s*(?:` + property + `\s*){0,6}(?i:["'\\]{0,3}[A-Z_]{0,40}(?:authDomain|auth_domain|messagingSenderId|messaging_sender_id))\b`
		webFiles                      = `(?:^|/)(?:google-services[^/]*\.json|GoogleService-Info[^/]*\.plist)$`
	)
	power := detectors.UnknownPower | detectors.Admin
	destroy := func(name string, kinds []string, calls ...string) detectors.Operation {
		return detectors.Operation{
			Name: name, Does: detectors.Destroy, Kinds: kinds, Calls: calls, Source: gcpGcloud + strings.ReplaceAll(strings.TrimPrefix(name, "gcloud "), " ", "/"),
		}
	}
	firebase := func(name string, calls ...string) detectors.Operation {
		return detectors.Operation{Name: name, Does: detectors.Destroy, Calls: calls, Source: firebaseCommands}
	}
	return detectors.Provider{
		Name:   "gcp",
		Title:  "Google Cloud",
		Hosts:  []string{".googleapis.com", ".cloudfunctions.net", ".firebaseio.com", ".pkg.dev", "gcr.io", ".gcr.io"},
		Decode: decodeGCP,
		Rules: []detectors.Rule{
			{
				ID:          "gcp-service-account-key",
				Description: "the key file of a service account",
				Pattern:     `\{(?:\s|\\[nrt])*(\\?"[^{}]{0,900}"private_key\\?"\s*:\s*\\?"-----BEGIN (?:RSA )?PRIVATE KEY-----[^"]{100,}"(?:[^{}]*")?)(?:\s|\\[nrt])*\}`,
				Group:       1,
				Keywords:    []string{"service_account"},
				Kinds:       []string{account},
			},
			{
				ID:          "gcp-refresh-token",
				Description: "a person's refresh token, as gcloud, firebase login:ci and OAuth clients keep it",
				Pattern:     `(?:(?m:^)|[^0-9A-Za-z_/.-]|\\[nrt])(1//0[0-9A-Za-z_-]{30,})(?:[^A-Za-z0-9_+/=-]|$)`,
				Group:       1,
				Keywords:    []string{"1//0"},
				Entropy:     3.5,
				Allowlists:  []detectors.Allowlist{{Description: "words that stand for a token", Regexes: []string{`(?:[_-][a-z]{3,}){4}`}}},
				Kinds:       []string{user},
			},
			{
				ID:          "gcp-access-token",
				Description: "an OAuth access token",
				Pattern:     prefixed(`ya29\.[0-9A-Za-z_-]{30,}(?:\.[0-9A-Za-z_-]+)*`),
				Group:       1,
				Keywords:    []string{"ya29."},
				Entropy:     3.5,
				Kinds:       []string{access},
			},
			{
				ID:          "gcp-client-secret",
				Description: "the secret of an OAuth client",
				// As in https://github.com/google-gemini/gemini-cli/blob/main/packages/core/src/code_assist/oauth2.ts
				Pattern:  prefixed(`GOCSPX-[0-9A-Za-z_-]{28}`),
				Group:    1,
				Keywords: []string{"gocspx-"},
				Entropy:  3.5,
				Kinds:    []string{client},
			},
			{
				ID:          "gcp-nearby-client-secret",
				Description: "the secret of an OAuth client, of the old form, near the client's id",
				Pattern:     `(?:^|[^A-Za-z0-9_-])` + assigned(`client[_-]?secret`, `[0-9A-Za-z_-]{24}`),
				Group:       1,
				Keywords:    []string{".apps.googleusercontent.com"},
				Entropy:     3.5,
				Allowlists:  []detectors.Allowlist{notAnID(), notAName()},
				Required:    []detectors.Required{{Rule: "gcp-client-id", WithinLines: within(10)}},
				Kinds:       []string{client},
			},
			{
				ID:          "gcp-client-secret-variable",
				Description: "the secret of an OAuth client, of the old form, named so",
				Pattern:     assigned(named(`google`, `client[_-]?secret`), `[0-9A-Za-z_-]{24}`),
				Group:       1,
				Keywords:    []string{"google"},
				Entropy:     3.5,
				Allowlists:  []detectors.Allowlist{notAnID(), notAName()},
				Kinds:       []string{client},
			},
			{
				ID:          "gcp-client-id",
				Description: "the id of an OAuth client",
				Pattern:     `\b[0-9]{6,20}-[0-9a-z]{20,40}\.apps\.googleusercontent\.com\b`,
				Keywords:    []string{".apps.googleusercontent.com"},
				SkipReport:  true,
			},
			{
				ID:          "gcp-api-key",
				Description: "an API key",
				Pattern:     left + `(` + apiKey + `)(?:` + webConfig + `|[^A-Za-z0-9_-]|$)`,
				Group:       1,
				Keywords:    []string{"aiza"},
				Entropy:     3.5,
				Allowlists: []detectors.Allowlist{
					{Description: "published with an app", Regexes: []string{`(?i)authDomain|auth_domain|messagingSenderId|messaging_sender_id`}, Target: "match"},
					{Description: "published with an app", Paths: []string{webFiles}},
				},
				Kinds: []string{api, web},
			},
			{
				ID:          "gcp-firebase-web-key",
				Description: "the API key in a Firebase web app's configuration",
				Pattern:     left + `(` + apiKey + `)` + webConfig,
				Group:       1,
				Keywords:    []string{"aiza"},
				Entropy:     3.5,
				Kinds:       []string{web},
			},
			{
				ID:          "gcp-firebase-app-key",
				Description: "the API key in a mobile app's configuration",
				Pattern:     prefixed(apiKey),
				Group:       1,
				Keywords:    []string{"aiza"},
				Path:        webFiles,
				Entropy:     3.5,
				Kinds:       []string{web},
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:      user,
				Title:     "refresh token",
				Scope:     detectors.ScopeAccount,
				Bound:     "every project that the person may touch",
				AtMost:    detectors.Full,
				Variables: []string{"FIREBASE_TOKEN"},
				Cut:       "use a service account of staging's own project, and revoke this login",
				Source:    "https://developers.google.com/identity/protocols/oauth2",
			},
			{
				Name:      access,
				Title:     "access token",
				Scope:     detectors.ScopeAccount,
				Bound:     "every project that its person or service account may touch, for an hour",
				AtMost:    detectors.Full,
				Variables: []string{"CLOUDSDK_AUTH_ACCESS_TOKEN", "GOOGLE_OAUTH_ACCESS_TOKEN"},
				Cut:       "let staging get its own tokens from a service account of its own project",
				Source:    "https://cloud.google.com/docs/authentication/token-types",
			},
			{
				Name:   client,
				Title:  "OAuth client secret",
				Scope:  detectors.ScopeContainer,
				Bound:  "the logins to one OAuth client, which the secret does not name",
				AtMost: detectors.Read | detectors.Write,
				Cut:    "register a client of its own for staging, and reset this secret",
				Source: "https://developers.google.com/identity/protocols/oauth2",
			},
			{
				Name:      account,
				Title:     "service account key",
				Scope:     detectors.ScopeClaims,
				Bound:     "the project that it names, and every other that granted it a role",
				AtMost:    power,
				Variables: []string{"GOOGLE_CREDENTIALS", "GCP_SA_KEY", "GCLOUD_SERVICE_KEY", "GOOGLE_APPLICATION_CREDENTIALS_JSON", "FIREBASE_SERVICE_ACCOUNT"},
				Cut:       "use a service account of staging's own project, better without a key (workload identity), and delete this key",
				Source:    gcpKeys,
			},
			{
				Name:   assumed,
				Title:  "service account",
				Scope:  detectors.ScopeContainer,
				Bound:  "its project, and every other that granted it a role",
				AtMost: power,
				Store:  detectors.ServiceAccount,
				Of:     "project",
				// https://registry.terraform.io/providers/hashicorp/google/latest/docs/guides/provider_reference
				Variables: []string{"GOOGLE_IMPERSONATE_SERVICE_ACCOUNT", "CLOUDSDK_AUTH_IMPERSONATE_SERVICE_ACCOUNT"},
				Cut:       "let staging be a service account of staging's own project without a role in production's, and let production's trust production's environment or branch alone",
				Source:    "https://cloud.google.com/iam/docs/service-account-overview",
			},
			{
				Name:      api,
				Title:     "API key",
				Scope:     detectors.ScopeContainer,
				Bound:     "the APIs of one project, which the key does not name",
				AtMost:    detectors.Read | detectors.Write,
				Variables: []string{"GOOGLE_API_KEY", "GEMINI_API_KEY", "GOOGLE_MAPS_API_KEY"},
				Headers:   []string{"X-Goog-Api-Key"},
				Cut:       "make a key in staging's own project and restrict it to the APIs that staging calls",
				Source:    "https://cloud.google.com/docs/authentication/api-keys",
			},
			{
				Name:      web,
				Title:     "Firebase web key",
				Scope:     detectors.ScopePublic,
				Bound:     "nothing: it is published with the app, and security rules decide who may do what",
				Variables: []string{"FIREBASE_API_KEY", "FIREBASE_WEB_API_KEY"},
				Source:    "https://firebase.google.com/docs/projects/api-keys",
			},
		},
		Tools: []detectors.Tool{
			{
				Name: "gcloud", Needs: detectors.NeedsIdentity, Aliases: []string{"gsutil", "bq"}, Variables: []string{"CLOUDSDK_AUTH_ACCESS_TOKEN", "CLOUDSDK_AUTH_CREDENTIAL_FILE_OVERRIDE"},
				Selectors: []string{"--project", "--configuration", "--account", "--region", "--zone"}, Source: "https://cloud.google.com/sdk/docs/properties",
			},
			{
				Name: "firebase", Aliases: []string{"firebase-tools"}, Variables: []string{"FIREBASE_TOKEN", "GOOGLE_APPLICATION_CREDENTIALS"},
				Selectors: []string{"--project", "-P"}, Source: gcpCLI,
			},
			{
				Name: "terraform", Aliases: []string{"tofu", "terragrunt"},
				Variables: []string{"GOOGLE_CREDENTIALS", "GOOGLE_OAUTH_ACCESS_TOKEN", "GOOGLE_APPLICATION_CREDENTIALS"}, Selectors: []string{"-var-file"},
				Source: "https://registry.terraform.io/providers/hashicorp/google/latest/docs/guides/provider_reference",
			},
		},
		Containers: []detectors.Container{
			{Variable: "GOOGLE_CLOUD_PROJECT", What: "project"},
			{Variable: "GCLOUD_PROJECT", What: "project"},
			{Variable: "GCP_PROJECT", What: "project"},
			{Variable: "GOOGLE_PROJECT", What: "project"},
			{Variable: "CLOUDSDK_CORE_PROJECT", What: "project"},
			{Variable: "FIREBASE_PROJECT", What: "project"},
		},
		// Methods of libraries: https://cloud.google.com/storage/docs/samples/storage-delete-bucket
		//
		Operations: []detectors.Operation{
			{ // what lies in buckets and topics goes sooner, by the same page
				Name: "gcloud projects delete", Does: detectors.Destroy, Undo: "30 days",
				Calls:  []string{"cli gcloud projects delete", "http DELETE /v3/projects/*", "http DELETE /v1/projects/*"},
				Source: "https://docs.cloud.google.com/resource-manager/docs/delete-restore-projects",
			},
			{
				Name: "gcloud sql instances delete", Does: detectors.Destroy, Undo: "no undo", Backups: "deleted with it unless retained",
				Calls:  []string{"cli gcloud sql instances delete", "http DELETE /v1/projects/*/instances/*"},
				Source: "https://docs.cloud.google.com/sql/docs/postgres/delete-instance",
			},
			{
				Name: "gcloud sql backups delete", Does: detectors.Destroy, DeletesBackups: true,
				Calls:  []string{"cli gcloud sql backups delete", "http DELETE /v1/projects/*/instances/*/backupRuns/*"},
				Source: gcpGcloud + "sql/backups/delete",
			},
			{
				Name: "gcloud compute snapshots delete", Does: detectors.Destroy, DeletesBackups: true,
				Calls: []string{"cli gcloud compute snapshots delete"}, Source: gcpGcloud + "compute/snapshots/delete",
			},
			destroy("gcloud sql databases delete", nil, "cli gcloud sql databases delete"),
			{
				Name: "gcloud compute disks delete", Does: detectors.Destroy, Undo: "no undo", Backups: "kept, as snapshots",
				Calls:  []string{"cli gcloud compute disks delete", "http DELETE /compute/v1/projects/*/zones/*/disks/*"},
				Source: gcpAPIs + "cloud/compute/v1/compute.proto",
			},
			destroy("gcloud compute instances delete", nil, "cli gcloud compute instances delete"),
			destroy("gcloud container clusters delete", nil, "cli gcloud container clusters delete"),
			{
				Name: "gcloud storage rm", Does: detectors.Destroy, Undo: "7 days, unless set otherwise",
				Calls:  []string{"cli gcloud storage rm", "cli gsutil rm", "cli gcloud storage buckets delete", "cli gsutil rb", "http DELETE /storage/v1/b/**", "sdk bucket.delete"},
				Source: "https://docs.cloud.google.com/storage/docs/soft-delete",
			},
			destroy("gcloud firestore databases delete", nil, "cli gcloud firestore databases delete"),
			{
				Name: "gcloud kms keys versions destroy", Does: detectors.Destroy, Undo: "30 days, unless set otherwise",
				Calls:  []string{"cli gcloud kms keys versions destroy"},
				Source: gcpAPIs + "cloud/kms/v1/resources.proto",
			},
			destroy("gcloud secrets delete", nil, "cli gcloud secrets delete"),
			{
				Name: "gcloud secrets versions destroy", Does: detectors.Destroy, Undo: "no undo",
				Calls: []string{"cli gcloud secrets versions destroy"}, Source: gcpAPIs + "cloud/secretmanager/v1/service.proto",
			},
			{
				Name: "gcloud spanner instances delete", Does: detectors.Destroy, Undo: "no undo",
				Calls: []string{"cli gcloud spanner instances delete"}, Source: gcpAPIs + "spanner/admin/instance/v1/spanner_instance_admin.proto",
			},
			{
				Name: "gcloud spanner databases delete", Does: detectors.Destroy, Backups: "kept until they expire",
				Calls: []string{"cli gcloud spanner databases delete"}, Source: gcpAPIs + "spanner/admin/database/v1/spanner_database_admin.proto",
			},
			{
				Name: "gcloud spanner backups delete", Does: detectors.Destroy, DeletesBackups: true,
				Calls: []string{"cli gcloud spanner backups delete"}, Source: gcpAPIs + "spanner/admin/database/v1/spanner_database_admin.proto",
			},
			{
				Name: "gcloud logging buckets delete", Does: detectors.Destroy, Undo: "7 days",
				Calls: []string{"cli gcloud logging buckets delete"}, Source: gcpAPIs + "logging/v2/logging_config.proto",
			},
			destroy("gcloud alloydb clusters delete", nil, "cli gcloud alloydb clusters delete"),
			destroy("gcloud bigtable instances delete", nil, "cli gcloud bigtable instances delete", "cli cbt deleteinstance"),
			destroy("gcloud redis instances delete", nil, "cli gcloud redis instances delete"),
			destroy("gcloud filestore instances delete", nil, "cli gcloud filestore instances delete"),
			destroy("gcloud artifacts repositories delete", nil, "cli gcloud artifacts repositories delete"),
			destroy("gcloud pubsub topics delete", nil, "cli gcloud pubsub topics delete"),
			{
				Name: "bq rm", Does: detectors.Destroy, Undo: "2 to 7 days",
				Calls:  []string{"cli bq rm", "sdk delete_dataset", "sdk delete_table", "http DELETE /bigquery/v2/projects/*/datasets/**"},
				Source: "https://cloud.google.com/bigquery/docs/restore-deleted-tables",
			},
			firebase("firestore:delete", "cli firebase firestore:delete", "cli firebase firestore:bulkdelete"),
			firebase("firestore:databases:delete", "cli firebase firestore:databases:delete"),
			{
				Name: "firestore:backups:delete", Does: detectors.Destroy, DeletesBackups: true,
				Calls: []string{
					"cli firebase firestore:backups:delete", "cli firebase firestore:backups:schedules:delete", "cli gcloud firestore backups delete",
					"cli gcloud firestore backups schedules delete",
				},
				Source: firebaseCommands,
			},
			firebase("database:remove", "cli firebase database:remove"),
			{
				Name: "delete users", Does: detectors.Destroy, Calls: []string{"sdk deleteUser", "sdk deleteUsers", "sdk deleteTenant"},
				Source: "https://github.com/firebase/firebase-admin-node/blob/master/src/auth/base-auth.ts",
			},
			firebase("functions:delete", "cli firebase functions:delete"),
			firebase("hosting:disable", "cli firebase hosting:disable"),
			undo(firebase("hosting:sites:delete", "cli firebase hosting:sites:delete"), "no undo", ""),
			undo(firebase("apphosting:backends:delete", "cli firebase apphosting:backends:delete"), "no undo", ""),
			firebase("functions:secrets:destroy", "cli firebase functions:secrets:destroy", "cli firebase functions:secrets:prune"),
			{
				Name: "change access", Does: detectors.Admin,
				Calls: []string{
					"cli gcloud iam service-accounts keys create", "cli gcloud projects add-iam-policy-binding", "cli gcloud iam service-accounts create",
					"cli gcloud iam service-accounts delete",
				},
				Source: gcpGcloud + "iam/service-accounts",
			},
			{
				Name: "deploy", Does: detectors.Write,
				Calls: []string{
					"cli gcloud run deploy", "cli gcloud app deploy", "cli gcloud functions deploy", "cli gcloud builds submit", "cli firebase deploy",
				},
				Source: gcpGcloud + "run/deploy",
			},
		},
	}
}

// decodeGCP reads the project and the account out of a service account's key file, given without its braces, maybe quoted as a string.
func decodeGCP(secret string) detectors.Decoded {
	if !strings.Contains(secret, "private_key") {
		return detectors.Decoded{}
	}
	var key struct {
		Type    string `json:"type"`
		Project string `json:"project_id"`
		Email   string `json:"client_email"`
		ID      string `json:"private_key_id"`
	}
	if json.Unmarshal([]byte("{"+secret+"}"), &key) != nil {
		var unquoted string
		if json.Unmarshal([]byte(`"{`+secret+`}"`), &unquoted) != nil || json.Unmarshal([]byte(unquoted), &key) != nil {
			return detectors.Decoded{}
		}
	}
	project := key.Project
	if _, domain, ok := strings.Cut(key.Email, "@"); ok && project == "" {
		project = strings.TrimSuffix(domain, ".iam.gserviceaccount.com")
	}
	switch {
	case key.Type != "service_account":
		return detectors.Decoded{Reject: "it is no service account's key"}
	case len(key.ID) > 1 && strings.Trim(key.ID, key.ID[:1]) == "":
		return detectors.Decoded{Reject: "its id is one character over and over"}
	case project == "":
		return detectors.Decoded{}
	}
	ids := []detectors.ID{{What: "project", Value: project}}
	if key.Email != "" {
		ids = append(ids, detectors.ID{What: "service-account", Value: key.Email})
	}
	return detectors.Decoded{IDs: ids, Evidence: []detectors.Evidence{{About: "reach", Says: "the key names project " + project, Source: gcpKeys}}}
}
