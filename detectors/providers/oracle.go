package providers

import "github.com/stagewall/stagewall/detectors"

const (
	oracleKeys = "https://docs.oracle.com/iaas/Content/API/Concepts/apisigningkey.htm"
	oracleCred = "https://docs.oracle.com/iaas/Content/Identity/Tasks/managingcredentials.htm"
	oracleCLI  = "https://docs.oracle.com/iaas/tools/oci-cli/latest/oci_cli_docs/cmdref/"
)

// oracle knows what opens Oracle's cloud by its names: a signing key has no form of its own, and the tenancy and user that it is for stand beside it.
func oracle() detectors.Provider {
	const key, auth, customer = "api-signing-key", "auth-token", "customer-secret-key"
	keys := []string{key}
	destroy := func(name, page string, calls ...string) detectors.Operation {
		return detectors.Operation{Name: name, Does: detectors.Destroy, Kinds: keys, Calls: calls, Source: oracleCLI + page}
	}
	return detectors.Provider{
		Name:  "oracle",
		Title: "Oracle Cloud",
		Hosts: []string{".oraclecloud.com", ".ocir.io"},
		Rules: []detectors.Rule{
			{
				ID:          "oracle-signing-key",
				Description: "the private key that signs a user's requests, named so",
				Pattern: `(?i:\boci|oracle)[A-Za-z0-9_.-]{0,30}(?i:key|pem)[A-Za-z0-9_]{0,12}` + gives +
					`(-----BEGIN (?:RSA )?PRIVATE KEY-----[A-Za-z0-9+/=\s\\]{200,}?-----END (?:RSA )?PRIVATE KEY-----)`,
				Group:    1,
				Keywords: []string{"private key-----"},
				Kinds:    keys,
			},
			{
				ID:          "oracle-auth-token",
				Description: "a user's token for the registry and other services, named so",
				Pattern:     assigned(`\boc(?:i|ir)[_-][A-Za-z0-9_-]{0,20}(?:auth[_-]?token|registry[_-]?password|docker[_-]?password)|\bocir?[_-](?:token|password)`, "[^\\s\"'`$]{20}|[^\\s\"'`$<&]{16,40}"),
				Group:       1,
				Keywords:    []string{"oci_", "oci-", "ocir"},
				Entropy:     3.5,
				Allowlists:  []detectors.Allowlist{notAnID(), notAName()},
				Kinds:       []string{auth},
			},
			{
				ID:          "oracle-customer-secret-key",
				Description: "the secret of a key for object storage, named so",
				Pattern:     `(?i:\boci[_-][A-Za-z0-9_-]{0,20}secret(?:[_-]?access)?[_-]?key)` + gives + `([A-Za-z0-9+/]{40,64}={0,2})(?:[^A-Za-z0-9+/=]|$)`,
				Group:       1,
				Keywords:    []string{"oci_", "oci-"},
				Entropy:     4,
				Kinds:       []string{customer},
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:      key,
				Title:     "API signing key",
				Scope:     detectors.ScopeContainer,
				Bound:     "one tenancy, with all that its user's groups may do there, which the key does not name",
				AtMost:    detectors.Full,
				Variables: []string{"OCI_CLI_KEY_CONTENT", "OCI_PRIVATE_KEY"},
				Cut:       "use a user whose policies are for staging's compartment only, and delete this key",
				Source:    oracleKeys,
			},
			{
				Name:      auth,
				Title:     "auth token",
				Scope:     detectors.ScopeContainer,
				Bound:     "the registries and other services of one tenancy that its user may touch, which it does not name",
				AtMost:    detectors.UnknownPower,
				Variables: []string{"OCI_AUTH_TOKEN", "OCIR_TOKEN", "OCIR_PASSWORD"},
				Cut:       "use a user whose policies are for staging's compartment only, and delete this token",
				Source:    oracleCred,
			},
			{
				Name:      customer,
				Title:     "customer secret key",
				Scope:     detectors.ScopeContainer,
				Bound:     "the buckets of one tenancy that its user may touch, which it does not name",
				AtMost:    detectors.UnknownPower,
				Variables: []string{"OCI_SECRET_ACCESS_KEY", "OCI_CUSTOMER_SECRET_KEY"},
				Cut:       "use a user whose policies are for staging's compartment only, and delete this key",
				Source:    oracleCred,
			},
		},
		Tools: []detectors.Tool{{
			Name: "oci", Variables: []string{"OCI_CLI_KEY_CONTENT", "OCI_CLI_KEY_FILE"}, Selectors: []string{"--profile", "--compartment-id", "-c", "--config-file"},
			Source: "https://docs.oracle.com/iaas/Content/API/SDKDocs/clienvironmentvariables.htm",
		}},
		Containers: []detectors.Container{
			{Variable: "OCI_CLI_TENANCY", What: "account"},
			{Variable: "OCI_TENANCY_OCID", What: "account"},
			{Variable: "OCI_COMPARTMENT_ID", What: "project"},
			{Variable: "OCI_COMPARTMENT_OCID", What: "project"},
		},
		Operations: []detectors.Operation{
			destroy("db autonomous-database delete", "db/autonomous-database/delete.html", "cli oci db autonomous-database delete"),
			undo(destroy("compute instance terminate", "compute/instance/terminate.html", "cli oci compute instance terminate"), "no undo", ""),
			undo(destroy("bv volume delete", "bv/volume/delete.html", "cli oci bv volume delete", "cli oci bv boot-volume delete"), "no undo", ""),
			undo(destroy("db system terminate", "db/system/terminate.html", "cli oci db system terminate"), "no undo", ""),
			destroy("mysql db-system delete", "mysql/db-system/delete.html", "cli oci mysql db-system delete", "cli oci psql db-system delete"),
			destroy("nosql table delete", "nosql/table/delete.html", "cli oci nosql table delete"),
			undo(destroy("fs file-system delete", "fs/file-system/delete.html", "cli oci fs file-system delete"), "", "deleted with it"),
			destroy("ce cluster delete", "ce/cluster/delete.html", "cli oci ce cluster delete"),
			destroy("dns zone delete", "dns/zone/delete.html", "cli oci dns zone delete"),
			{
				Name: "bv backup delete", Does: detectors.Destroy, DeletesBackups: true, Kinds: keys,
				Calls: []string{"cli oci bv backup delete", "cli oci bv boot-volume-backup delete", "cli oci db backup delete", "cli oci mysql backup delete", "cli oci psql backup delete"}, Source: oracleCLI + "bv/backup/delete.html",
			},
			{
				Name: "os bucket delete", Does: detectors.Destroy, Kinds: []string{key, customer},
				Calls: []string{"cli oci os bucket delete", "cli oci os object bulk-delete", "cli oci os object delete"}, Source: oracleCLI + "os/bucket/delete.html",
			},
			destroy("iam compartment delete", "iam/compartment/delete.html", "cli oci iam compartment delete"),
			undo(destroy("kms management vault schedule-deletion", "kms/management/vault/schedule-deletion.html", "cli oci kms management vault schedule-deletion", "cli oci kms management key schedule-deletion", "cli oci vault secret schedule-secret-deletion"), "until its retention period ends", ""),
			{
				Name: "iam", Does: detectors.Admin, Kinds: keys,
				Calls: []string{"cli oci iam policy create", "cli oci iam user create", "cli oci iam user api-key upload", "cli oci iam auth-token create"}, Source: oracleCLI + "iam.html",
			},
			{
				Name: "deploy", Does: detectors.Write, Kinds: keys,
				Calls: []string{"cli oci compute instance launch", "cli oci os object put", "cli oci fn function update"}, Source: oracleCLI + "compute/instance/launch.html",
			},
		},
	}
}
