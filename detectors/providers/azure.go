package providers

import (
	"net/url"
	"strings"
	"time"

	"github.com/stagewall/stagewall/detectors"
)

const (
	azureStorage   = "https://learn.microsoft.com/azure/storage/common/storage-account-keys-manage"
	azureSAS       = "https://learn.microsoft.com/rest/api/storageservices/create-account-sas"
	azureFormats   = "https://github.com/microsoft/security-utilities"
	azureCLI       = "https://learn.microsoft.com/cli/azure/"
	azureDevOpsAPI = "https://github.com/MicrosoftDocs/vsts-rest-api-specs/blob/master/specification/"
	azurePrincipal = "https://learn.microsoft.com/azure/developer/terraform/authenticate-to-azure-with-service-principal"
)

// The kinds of Azure's tokens that [decodeAzure] tells apart.
const (
	azureStorageKey   = "storage-account-key"
	azureCosmosKey    = "cosmos-key"
	azureMessagingKey = "messaging-key"
	azureSASToken     = "sas-token"
	azureDevOpsToken  = "devops-token"
	azureServiceKey   = "service-key"
)

// azure knows the keys of Azure's services. Most newer ones hold a mark of their service; older ones need their variable or their
// connection string, which names the account as well. A shared access signature says what it allows.
func azure() detectors.Provider {
	const (
		clientSecret    = "client-secret"
		connection      = "service-connection"
		registration    = "app-registration"
		publishProfile  = "publish-profile"
		staticSite      = "static-web-app-token"
		instrumentation = "instrumentation-key"
		value           = "[^;,\"'`\\s<>()\\\\]+"
		pair            = `[A-Za-z]+=` + value
		key64           = `[A-Za-z0-9+/]{86}==`
		argument        = "=[^&;,\"'`\\s<>()\\\\]*"
		param           = `[A-Za-z-]{2,12}` + argument
		sasParam        = `(?:s[vsrpte]|srt|spr|sip|si|sdd|sk[tesv]|skoid|sktid|saoid|suoid|scid|ses|tn|spk|srk|epk|erk|rsc[cdelt]|api-version|comp|restype)` + argument
		and             = `&(?:amp;)?`
		signature       = `sig=[A-Za-z0-9%+/]{40,80}={0,2}`
	)
	destroy := func(name, source string, calls ...string) detectors.Operation {
		return detectors.Operation{Name: name, Does: detectors.Destroy, Kinds: []string{clientSecret, connection, registration}, Calls: calls, Source: source}
	}
	storage := []string{clientSecret, connection, registration, azureStorageKey, azureSASToken}
	service := []string{"AZURE_CLIENT_SECRET", "ARM_CLIENT_SECRET", "AZURE_CREDENTIALS"} // the last as azure/login documents it
	return detectors.Provider{
		Name:  "azure",
		Title: "Azure",
		Hosts: []string{
			"management.azure.com", "dev.azure.com", "app.vssps.visualstudio.com", "login.microsoftonline.com", ".core.windows.net",
			".documents.azure.com", ".servicebus.windows.net", ".azure-devices.net", ".vault.azure.net", ".search.windows.net", ".azurecr.io",
		},
		Decode: decodeAzure,
		Rules: []detectors.Rule{
			{
				ID:          "azure-account-key",
				Description: "the key of a storage or Cosmos DB account, or a connection string with it",
				Pattern: left + `((?:DefaultEndpointsProtocol|AccountName|AccountEndpoint|EndpointSuffix|BlobEndpoint|QueueEndpoint|TableEndpoint|FileEndpoint)` +
					`=` + value + `;(?:` + pair + `;){0,8}AccountKey=` + key64 + `(?:;` + pair + `){0,8})` +
					`|` + base64Left + `([A-Za-z0-9+/]{76}(?:\+ASt|ACDb)[A-Za-z0-9+/]{5}[AQgw]==)` + base64Right +
					`|(?i:(?:storage|account|azure|cosmos)[A-Za-z0-9_.-]{0,30}key[12]?)` + gives + `(` + key64 + `)` + base64Right,
				Keywords: []string{
					"accountkey", "account_key", "account-key", "storagekey", "storage_key", "storage-key", "accesskey", "access_key", "azure", "cosmos",
					"+ast", "acdb",
				},
				Entropy:    4,
				Allowlists: []detectors.Allowlist{azureEmulator()},
				Kinds:      []string{azureStorageKey, azureCosmosKey},
			},
			{
				ID:          "azure-sas-token",
				Description: "a shared access signature, with the address that it is for where that stands before it",
				Pattern: left + `(https?://[a-z0-9-]{3,63}\.(?:blob|queue|table|file|dfs|web)\.[a-z0-9.-]{5,60}(?:/[^\s"'<>?]*)?\?` +
					`(?:` + param + and + `){0,20}` + signature + `(?:` + and + param + `){0,20})` +
					"|(?:^|[\\s\"'`=:,(<>]|\\\\[nrt])" + `\??((?:` + sasParam + and + `){2,20}` + signature + `(?:` + and + sasParam + `){0,20}` +
					`|` + signature + `(?:` + and + sasParam + `){3,20})`,
				Keywords:   []string{"sig="},
				Entropy:    3.5,
				Allowlists: []detectors.Allowlist{azureEmulator()},
				Kinds:      []string{azureSASToken},
			},
			{
				ID:          "azure-messaging-key",
				Description: "the key of a Service Bus, Event Hubs, Relay or IoT Hub name space, or a connection string with it",
				Pattern: left + `((?:Endpoint=sb://|HostName=)[a-zA-Z0-9.-]+/?;(?:` + pair + `;){0,4}SharedAccessKey=[A-Za-z0-9+/]{43}=(?:;` + pair + `){0,4})` +
					`|(?i:shared_?access_?key|(?:hub|service_?bus|event_?hubs?)[A-Za-z0-9_.-]{0,20}key)` + gives + `([A-Za-z0-9+/]{43}=)` + base64Right +
					`|` + base64Left + `([A-Za-z0-9+/]{33}(?:\+ASb|\+AEh|\+ARm|AIoT)[A-P][A-Za-z0-9+/]{5}=)` + base64Right,
				Keywords: []string{
					"sharedaccesskey", "shared_access_key", "servicebus", "service_bus", "eventhub", "event_hub", "hubkey", "hub_key", "hubaccesskey",
					"notificationhub", "+asb", "+aeh", "+arm", "aiot",
				},
				Entropy:    4,
				Allowlists: []detectors.Allowlist{azureEmulator()},
				Kinds:      []string{azureMessagingKey},
			},
			{
				ID:          "azure-client-secret",
				Description: "the secret of an application in Entra ID",
				Pattern:     `(?:(?m:^)|[^A-Za-z0-9_~.-]|\\[nrt])([A-Za-z0-9_~.-]{3}[0-9]Q~[A-Za-z0-9_~.-]{31,34})(?:[^A-Za-z0-9_~.-]|$)`,
				Group:       1,
				Keywords:    []string{"q~"},
				Entropy:     3.5,
				Kinds:       []string{clientSecret},
			},
			{
				ID:          "azure-identifiable-key",
				Description: "a key with the mark of its service: Azure DevOps, Redis, Search, Functions, Container Registry and others",
				Pattern: base64Left + `([A-Za-z0-9]{52}JQQJ[0-9]{2}[A-Za-z0-9][A-L][A-Za-z0-9]{12}[A-Za-z0-9]{4}A[A-Za-z0-9]{7}` +
					`|[A-Za-z0-9]{76}AZDO[A-Za-z0-9]{4}` +
					`|[A-Za-z0-9+/]{33}AzCa[A-P][A-Za-z0-9+/]{5}=` +
					`|[A-Za-z0-9]{42}AzSe[A-D][A-Za-z0-9]{5}` +
					`|[A-Za-z0-9_-]{44}AzFu[A-Za-z0-9_-]{5}[AQgw]==` +
					`|[A-Za-z0-9+/]{42}\+ACR[A-D][A-Za-z0-9+/]{5})` + base64Right,
				Group:    1,
				Keywords: []string{"jqqj", "azdo", "azca", "azse", "azfu", "+acr"},
				Entropy:  4,
				Kinds:    []string{azureDevOpsToken, azureServiceKey},
			},
			{
				ID:          "azure-devops-token",
				Description: "a personal access token of the old form, in a variable that says so",
				Pattern: assigned(`(?:azure[_-]?devops|\bado|vsts|\btfs)[A-Za-z0-9_.-]{0,20}(?:pat|token)|system[_-]?accesstoken|personal[_-]?access[_-]?token`,
					`[a-z2-7]{52}`),
				Group:    1,
				Keywords: []string{"devops", "ado_", "adopat", "adotoken", "vsts", "tfs_", "accesstoken", "access_token", "access-token"},
				Entropy:  3.5,
				Kinds:    []string{azureDevOpsToken},
			},
			{
				ID:          "azure-nearby-devops-token",
				Description: "a personal access token of the old form in a variable with a credential's name, in a text that talks to Azure DevOps",
				Pattern:     `(?:^|[^A-Za-z0-9_-])` + assigned(neutralCredential, `[a-z2-7]{52}`),
				Group:       1,
				Keywords:    []string{"dev.azure.com", "visualstudio.com"},
				Entropy:     3.5,
				Allowlists:  []detectors.Allowlist{{Description: "named so", Regexes: []string{`(?i)personal[_-]?access[_-]?token`}, Target: "match"}},
				Required:    []detectors.Required{{Rule: "azure-devops-host"}},
				Kinds:       []string{azureDevOpsToken},
			},
			{
				ID:          "azure-instrumentation-key",
				Description: "a connection string of Application Insights",
				Pattern:     assigned(`(?:app_?insights_?)?instrumentation_?key|applicationinsights_connection_string`, `(?:InstrumentationKey=)?`+uuid),
				Group:       1,
				Keywords:    []string{"instrumentation", "applicationinsights"},
				Kinds:       []string{instrumentation},
			},
			{
				ID:          "azure-app-configuration-key",
				Description: "a connection string of App Configuration",
				Pattern:     left + `(Endpoint=https://[a-zA-Z0-9-]+\.azconfig\.io/?;Id=` + value + `;Secret=[A-Za-z0-9+/]{43,86}={0,2})` + base64Right,
				Group:       1,
				Keywords:    []string{".azconfig.io"},
				Entropy:     4,
				Kinds:       []string{azureServiceKey},
			},
			{
				ID:          "azure-service-key-variable",
				Description: "a key without a mark in a variable or header for keys of Azure's services",
				Pattern: assigned(`azure[A-Za-z0-9_.-]{0,30}(?:key|secret)|ocp-apim-subscription-key|cognitive[A-Za-z0-9_.-]{0,30}key`,
					`[0-9a-f]{32}|[A-Za-z0-9]{52}`),
				Group:      1,
				Keywords:   []string{"azure", "ocp-apim", "cognitive"},
				Entropy:    3,
				Allowlists: []detectors.Allowlist{notAnID(), notAName()},
				Kinds:      []string{azureServiceKey},
			},
			{
				ID:          "azure-devops-host",
				Description: "the host of Azure DevOps",
				Pattern:     `\bdev\.azure\.com\b|\.visualstudio\.com\b`,
				Keywords:    []string{"dev.azure.com", "visualstudio.com"},
				SkipReport:  true,
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:      publishProfile,
				Title:     "publish profile",
				Scope:     detectors.ScopeContainer,
				Bound:     "one app, or one slot of it, with its files, settings and console",
				AtMost:    detectors.UnknownPower,
				Variables: []string{"AZURE_WEBAPP_PUBLISH_PROFILE", "AZURE_FUNCTIONAPP_PUBLISH_PROFILE"},
				Cut:       "sign in to staging's app without a secret (OpenID Connect), and reset this profile",
				Source:    "https://learn.microsoft.com/azure/app-service/deploy-github-actions",
			},
			{
				Name:      staticSite,
				Title:     "deployment token of a static web app",
				Scope:     detectors.ScopeContainer,
				Bound:     "one static web app, with its production and its previews",
				AtMost:    detectors.Write,
				Variables: []string{"AZURE_STATIC_WEB_APPS_API_TOKEN"},
				Cut:       "give staging an app of its own, and reset this token",
				Source:    "https://learn.microsoft.com/azure/static-web-apps/deployment-token-management",
			},
			{
				Name:      instrumentation,
				Title:     "instrumentation key",
				Scope:     detectors.ScopePublic,
				Bound:     "made to be published: it sends measurements to one resource of Application Insights",
				Variables: []string{"APPINSIGHTS_INSTRUMENTATIONKEY", "APPLICATIONINSIGHTS_CONNECTION_STRING"},
				Source:    "https://learn.microsoft.com/azure/azure-monitor/app/connection-strings",
			},
			{
				Name:      azureDevOpsToken,
				Title:     "Azure DevOps personal access token",
				Scope:     detectors.ScopeAccount,
				Bound:     "every project of its owner's organisation, or of all organisations",
				AtMost:    detectors.Full,
				Variables: []string{"AZURE_DEVOPS_EXT_PAT", "SYSTEM_ACCESSTOKEN", "AZURE_DEVOPS_TOKEN"},
				Cut:       "use a service connection of staging's own project, and revoke this token",
				Source:    "https://learn.microsoft.com/azure/devops/organizations/accounts/use-personal-access-tokens-to-authenticate",
			},
			{
				Name:      clientSecret,
				Title:     "client secret",
				Scope:     detectors.ScopeContainer,
				Bound:     "every subscription in which its application has a role, which the secret does not name",
				AtMost:    detectors.Full,
				Variables: service,
				Partners:  []detectors.Partner{{Title: "client id", Variables: []string{"AZURE_CLIENT_ID", "ARM_CLIENT_ID"}, Needed: true}, {Title: "tenant id", Variables: []string{"AZURE_TENANT_ID", "ARM_TENANT_ID"}, Needed: true}},
				Cut:       "use an application of its own for staging, with a role in staging's subscription alone, and delete this secret",
				Source:    azurePrincipal,
			},
			{
				Name:      azureStorageKey,
				Title:     "storage account key",
				Scope:     detectors.ScopeHost,
				Bound:     "one storage account, all of it",
				AtMost:    detectors.Full,
				Variables: []string{"AZURE_STORAGE_KEY", "AZURE_STORAGE_ACCOUNT_KEY", "AZURE_STORAGE_CONNECTION_STRING", "ARM_ACCESS_KEY", "AzureWebJobsStorage"},
				Cut:       "use a storage account of staging's own, or a shared access signature that reads only, and rotate this key",
				Source:    azureStorage,
			},
			{
				Name:      azureCosmosKey,
				Title:     "Cosmos DB key",
				Scope:     detectors.ScopeHost,
				Bound:     "one Cosmos DB account, all of it",
				AtMost:    detectors.Full,
				Variables: []string{"COSMOS_KEY", "COSMOS_CONNECTION_STRING", "COSMOSDB_KEY"},
				Cut:       "use a Cosmos DB account of staging's own, or a read-only key, and rotate this one",
				Source:    "https://learn.microsoft.com/azure/cosmos-db/secure-access-to-data",
			},
			{
				Name:      azureMessagingKey,
				Title:     "shared access key",
				Scope:     detectors.ScopeHost,
				Bound:     "one name space of queues, hubs or devices",
				AtMost:    detectors.Full,
				Variables: []string{"SERVICEBUS_CONNECTION_STRING", "EVENTHUB_CONNECTION_STRING", "IOTHUB_CONNECTION_STRING"},
				Cut:       "use a name space of staging's own, and a policy that only sends or listens",
				Source:    "https://learn.microsoft.com/azure/service-bus-messaging/service-bus-sas",
			},
			{
				Name:      azureServiceKey,
				Title:     "service key",
				Scope:     detectors.ScopeHost,
				Bound:     "one resource, which the key does not name",
				AtMost:    detectors.UnknownPower,
				Variables: []string{"AZURE_OPENAI_API_KEY"}, // https://github.com/openai/openai-python#microsoft-azure-openai
				Cut:       "use a resource of staging's own, and rotate this key",
				Source:    azureFormats,
			},
			{
				Name:      azureSASToken,
				Title:     "shared access signature",
				Scope:     detectors.ScopeHost,
				Bound:     "what it names of one storage account, until it expires",
				AtMost:    detectors.Full,
				Variables: []string{"AZURE_STORAGE_SAS_TOKEN", "ARM_SAS_TOKEN"},
				Cut:       "sign one for staging's own storage account, with the least permissions and a short life",
				Source:    azureSAS,
			},
			{
				Name:   connection,
				Title:  "service connection",
				Scope:  detectors.ScopeContainer,
				Bound:  "one subscription, cluster, registry or account, which its name does not tell",
				AtMost: detectors.Full,
				Store:  "azure-service-connection",
				Of:     "account",
				Cut:    "make a service connection to staging's own subscription, and let only production's pipelines and environments use production's (approvals and checks)",
				Source: "https://learn.microsoft.com/en-us/azure/devops/pipelines/library/service-endpoints",
			},
			{
				Name:   registration,
				Title:  "app registration",
				Scope:  detectors.ScopeContainer,
				Bound:  "the subscriptions and resources on which it has roles, which its client id does not tell",
				AtMost: detectors.Full,
				Store:  detectors.Registration,
				Of:     "account",
				Cut:    "let staging sign in as an app with roles on staging's resources alone, and let production's trust production's environment or branch alone (federated credentials)",
				Source: "https://learn.microsoft.com/en-us/entra/workload-id/workload-identity-federation",
			},
		},
		Tools: []detectors.Tool{
			{
				Name: "az", Needs: detectors.NeedsIdentity, Variables: append([]string{
					"AZURE_STORAGE_KEY", "AZURE_STORAGE_CONNECTION_STRING", "AZURE_STORAGE_SAS_TOKEN", "AZURE_DEVOPS_EXT_PAT",
				}, service...),
				Selectors: []string{"--subscription", "--resource-group", "-g", "--account-name", "--organization", "--project"},
				Source:    "https://learn.microsoft.com/cli/azure/storage",
			},
			{Name: "azcopy", Variables: []string{"AZCOPY_SPA_CLIENT_SECRET"}, Source: "https://learn.microsoft.com/azure/storage/common/storage-use-azcopy-authorize-service-principal"},
			{
				Name: "terraform", Aliases: []string{"tofu", "terragrunt"}, Variables: []string{"ARM_CLIENT_SECRET", "ARM_ACCESS_KEY", "ARM_SAS_TOKEN"},
				Selectors: []string{"-var-file"}, Source: azurePrincipal,
			},
		},
		Containers: []detectors.Container{
			{Variable: "AZURE_SUBSCRIPTION_ID", What: "account"},
			{Variable: "ARM_SUBSCRIPTION_ID", What: "account"},
			{Variable: "AZURE_STORAGE_ACCOUNT", What: "account"},
			{Variable: "AZURE_STORAGE_ACCOUNT_NAME", What: "account"},
		},
		Libraries: []detectors.Library{
			{
				Names: []string{"azure.identity"}, Variables: []string{"AZURE_CLIENT_SECRET"},
				Source: "https://learn.microsoft.com/en-us/python/api/azure-identity/azure.identity.environmentcredential",
			},
			{
				Names: []string{"@azure/identity"}, Variables: []string{"AZURE_CLIENT_SECRET"},
				Source: "https://learn.microsoft.com/en-us/javascript/api/@azure/identity/defaultazurecredentialenvvars",
			},
		},
		// Methods of libraries:
		// https://learn.microsoft.com/en-us/dotnet/api/microsoft.azure.management.internal.resources.resourcegroupsoperationsextensions.begindelete
		Operations: []detectors.Operation{
			{
				Name: "group delete", Does: detectors.Destroy, Undo: "no undo", Kinds: []string{clientSecret, connection, registration},
				Calls:  []string{"cli az group delete", "http DELETE /subscriptions/*/resourcegroups/*", "sdk resource_groups.begin_delete", "http DELETE /subscriptions/*/resourceGroups/*"},
				Source: "https://learn.microsoft.com/azure/azure-resource-manager/management/delete-resource-group",
			},
			destroy("sql db delete", azureCLI+"sql/db", "cli az sql db delete", "cli az sql mi delete"),
			undo(destroy("sql server delete", azureCLI+"sql/server", "cli az sql server delete"), "where soft delete is on, until its time is over", ""),
			destroy("postgres flexible-server delete", azureCLI+"postgres/flexible-server", "cli az postgres flexible-server delete", "cli az mysql flexible-server delete"),
			{
				Name: "postgres flexible-server backup delete", Does: detectors.Destroy, DeletesBackups: true, Kinds: []string{clientSecret, connection, registration},
				Calls: []string{"cli az postgres flexible-server backup delete"}, Source: azureCLI + "postgres/flexible-server/backup",
			},
			destroy("redis delete", azureCLI+"redis", "cli az redis delete"),
			destroy("servicebus namespace delete", azureCLI+"servicebus/namespace", "cli az servicebus namespace delete", "cli az eventhubs namespace delete"),
			destroy("acr delete", azureCLI+"acr", "cli az acr delete", "cli az acr repository delete"),
			destroy("webapp delete", azureCLI+"webapp", "cli az webapp delete", "cli az functionapp delete"),
			destroy("network dns zone delete", azureCLI+"network/dns/zone", "cli az network dns zone delete"),
			undo(destroy("monitor log-analytics workspace delete", azureCLI+"monitor/log-analytics/workspace", "cli az monitor log-analytics workspace delete"), "14 days, none if forced", ""),
			undo(destroy("appconfig delete", azureCLI+"appconfig", "cli az appconfig delete"), "until it is purged", ""),
			undo(destroy("appconfig purge", azureCLI+"appconfig", "cli az appconfig purge"), "no undo", ""),
			destroy("cosmosdb delete", azureCLI+"cosmosdb", "cli az cosmosdb delete"),
			destroy("storage account delete", azureCLI+"storage/account", "cli az storage account delete"),
			{
				Name: "delete a database or container", Does: detectors.Destroy, Kinds: []string{azureCosmosKey},
				Calls:  []string{"http DELETE /dbs/*", "http DELETE /dbs/*/colls/*", "cli az cosmosdb sql database delete", "cli az cosmosdb sql container delete"},
				Source: "https://learn.microsoft.com/rest/api/cosmos-db/delete-a-database",
			},
			{
				Name: "delete a queue, topic or device", Does: detectors.Destroy, Kinds: []string{azureMessagingKey},
				Calls:  []string{"http DELETE /*", "http DELETE /devices/*"},
				Source: "https://learn.microsoft.com/rest/api/servicebus/delete-queue",
			},
			{
				Name: "storage container delete", Does: detectors.Destroy, Kinds: storage,
				Calls: []string{"cli az storage container delete", "cli az storage share delete"}, Source: azureCLI + "storage/container",
			},
			{
				Name: "storage blob delete", Does: detectors.Destroy, Kinds: storage,
				Calls:  []string{"cli az storage blob delete", "cli az storage blob delete-batch", "cli azcopy remove", "cli azcopy rm"},
				Source: azureCLI + "storage/blob",
			},
			undo(destroy("keyvault delete", azureCLI+"keyvault", "cli az keyvault delete", "cli az keyvault key delete", "cli az keyvault secret delete"),
				"until it is purged, where soft delete is on", ""),
			undo(destroy("keyvault purge", azureCLI+"keyvault/secret", "cli az keyvault purge", "cli az keyvault key purge", "cli az keyvault secret purge"), "no undo", ""),
			destroy("aks delete", azureCLI+"aks", "cli az aks delete"),
			destroy("vm delete", azureCLI+"vm", "cli az vm delete"),
			destroy("disk delete", azureCLI+"disk", "cli az disk delete"),
			{
				Name: "snapshot delete", Does: detectors.Destroy, DeletesBackups: true, Kinds: []string{clientSecret, connection, registration},
				Calls: []string{"cli az snapshot delete"}, Source: azureCLI + "snapshot",
			},
			{
				Name: "backup vault delete", Does: detectors.Destroy, DeletesBackups: true, Kinds: []string{clientSecret, connection, registration},
				Calls:  []string{"cli az backup vault delete", "cli az backup protection disable"},
				Source: azureCLI + "backup/vault",
			},
			{
				Name: "dataprotection backup-instance delete", Does: detectors.Destroy, DeletesBackups: true, Kinds: []string{clientSecret, connection, registration},
				Calls:  []string{"cli az dataprotection backup-instance delete", "cli az dataprotection backup-vault delete"},
				Source: azureCLI + "dataprotection/backup-instance",
			},
			{
				Name: "take a lock off", Does: detectors.Write, Kinds: []string{clientSecret, connection, registration},
				Calls: []string{"cli az lock delete"}, Source: azureCLI + "lock",
			},
			{
				Name: "devops project delete", Does: detectors.Destroy, Kinds: []string{azureDevOpsToken},
				Calls: []string{"cli az devops project delete", "http DELETE /*/_apis/projects/*"}, Source: azureCLI + "devops/project",
			},
			{
				Name: "repos delete", Does: detectors.Destroy, Undo: "until it is destroyed in the recycle bin", Kinds: []string{azureDevOpsToken},
				Calls: []string{"cli az repos delete", "http DELETE /*/*/_apis/git/repositories/*", "http DELETE /*/_apis/git/repositories/*"}, Source: azureDevOpsAPI + "git/7.1/git.json",
			},
			{
				Name: "destroy a deleted repository", Does: detectors.Destroy, Undo: "no undo", Kinds: []string{azureDevOpsToken},
				Calls: []string{"http DELETE /*/*/_apis/git/recycleBin/repositories/*"}, Source: azureDevOpsAPI + "git/7.1/git.json",
			},
			{
				Name: "pipelines delete", Does: detectors.Destroy, Kinds: []string{azureDevOpsToken},
				Calls:  []string{"cli az pipelines delete", "cli az pipelines folder delete", "http DELETE /*/*/_apis/build/definitions/*", "http DELETE /*/*/_apis/build/folders"},
				Source: azureDevOpsAPI + "build/7.1/build.json",
			},
			{
				Name: "pipelines variable-group delete", Does: detectors.Destroy, Kinds: []string{azureDevOpsToken},
				Calls:  []string{"cli az pipelines variable-group delete", "http DELETE /*/_apis/distributedtask/variablegroups/*"},
				Source: azureDevOpsAPI + "distributedTask/7.1/taskAgent.json",
			},
			{
				Name: "devops service-endpoint delete", Does: detectors.Destroy, Kinds: []string{azureDevOpsToken},
				Calls:  []string{"cli az devops service-endpoint delete", "http DELETE /*/_apis/serviceendpoint/endpoints/*"},
				Source: azureDevOpsAPI + "serviceEndpoint/7.1/serviceEndpoint.json",
			},
			{
				Name: "delete a feed", Does: detectors.Destroy, Undo: "until it is deleted in the recycle bin", Kinds: []string{azureDevOpsToken},
				Calls: []string{"http DELETE /*/*/_apis/packaging/feeds/*", "http DELETE /*/_apis/packaging/feeds/*"}, Source: azureDevOpsAPI + "artifacts/7.1/feed.json",
			},
			{
				Name: "boards work-item delete", Does: detectors.Destroy, Undo: "until it is destroyed, none if destroyed at once", Kinds: []string{azureDevOpsToken},
				Calls:  []string{"cli az boards work-item delete", "http DELETE /*/*/_apis/wit/workitems/*"},
				Source: azureDevOpsAPI + "wit/7.1/workItemTracking.json",
			},
			{
				Name: "change access", Does: detectors.Admin, Kinds: []string{clientSecret, connection, registration},
				Calls: []string{
					"cli az role assignment create", "cli az ad sp create-for-rbac", "cli az ad app credential reset", "cli az ad app delete",
					"cli az storage account keys renew",
				},
				Source: azureCLI + "role/assignment",
			},
			{
				Name: "deploy", Does: detectors.Write, Kinds: []string{clientSecret, connection, registration},
				Calls:  []string{"cli az deployment group create", "cli az webapp deploy", "cli az functionapp deployment", "cli az containerapp update", "cli az acr build"},
				Source: azureCLI + "deployment/group",
			},
		},
	}
}

// azureEmulator excludes the accounts and keys that the storage and Cosmos DB emulators are published with.
// https://learn.microsoft.com/azure/storage/common/storage-use-azurite
func azureEmulator() detectors.Allowlist {
	return detectors.Allowlist{Description: "the emulator's published account", StopWords: []string{
		"devstoreaccount1", "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1", "C2y6yDjf5/R+ob0N8A7Cgv30VRDJIWEHLM", "SAS_KEY_VALUE",
	}}
}

// decodeAzure reads connection strings and shared access signatures, and the marks of keys.
func decodeAzure(secret string) detectors.Decoded {
	switch {
	case strings.Contains(secret, "sig="):
		return decodeSAS(secret)
	case strings.Contains(secret, "AccountKey="), strings.Contains(secret, "SharedAccessKey="), strings.Contains(secret, ";Secret="):
		return decodeAzureConnection(secret)
	}
	if d, ok := decodeAzureKey(secret); ok {
		return d
	}
	if d, ok := decodeAzureCask(secret); ok {
		return d
	}
	const length, digits = 52, "abcdefghijklmnopqrstuvwxyz234567"
	if len(secret) == length && strings.Trim(secret, digits) == "" && !isAzureDevOpsToken(secret) {
		return detectors.Decoded{Reject: "its checksum is wrong"}
	}
	return detectors.Decoded{}
}

// decodeAzureConnection reads the account and its host out of a connection string, KEY=VALUE pairs joined by semicolons.
func decodeAzureConnection(text string) detectors.Decoded {
	values := map[string]string{}
	for pair := range strings.SplitSeq(text, ";") {
		key, value, _ := strings.Cut(pair, "=")
		values[strings.ToLower(key)] = value
	}
	host := func(key string) string {
		if u, err := url.Parse(values[key]); err == nil {
			return strings.ToLower(u.Hostname())
		}
		return ""
	}
	d := detectors.Decoded{Kind: azureStorageKey}
	switch endpoint := host("accountendpoint"); {
	case endpoint != "":
		d.Kind, d.Hosts = azureCosmosKey, []string{endpoint}
	case values["secret"] != "":
		d.Kind, d.Hosts = azureServiceKey, []string{host("endpoint")}
	case values["endpoint"] != "" || values["hostname"] != "":
		d.Kind = azureMessagingKey
		for _, h := range []string{host("endpoint"), strings.ToLower(values["hostname"])} {
			if h != "" {
				d.Hosts = []string{h}
			}
		}
	case values["accountname"] != "":
		suffix := values["endpointsuffix"]
		if suffix == "" {
			suffix = "core.windows.net"
		}
		d.Hosts = []string{strings.ToLower(values["accountname"] + ".blob." + suffix)}
	case host("blobendpoint") != "":
		d.Hosts = []string{host("blobendpoint")}
	}
	for _, h := range d.Hosts {
		account, _, _ := strings.Cut(h, ".")
		d.IDs = append(d.IDs, detectors.ID{What: "account", Value: account})
	}
	for _, name := range []string{"accountkey", "sharedaccesskey"} {
		if key, ok := decodeAzureKey(values[name]); ok {
			d.Reject, d.AtMost, d.Exact, d.Evidence = key.Reject, key.AtMost, key.Exact, key.Evidence
		}
	}
	return d
}

// decodeSAS reads a shared access signature: the host, the permissions (sp), which services it is for (ss, sr), and when it expires (se).
// https://learn.microsoft.com/rest/api/storageservices/create-service-sas
func decodeSAS(text string) detectors.Decoded {
	d := detectors.Decoded{Kind: azureSASToken}
	text = strings.ReplaceAll(text, "&amp;", "&")
	address, query, ok := strings.Cut(text, "?")
	if !ok {
		address, query = "", text
	}
	if u, err := url.Parse(address); err == nil && u.Hostname() != "" {
		host := strings.ToLower(u.Hostname())
		account, _, _ := strings.Cut(host, ".")
		d.Hosts, d.IDs = []string{host}, []detectors.ID{{What: "account", Value: account}}
	}
	values, _ := url.ParseQuery(query) // what cannot be read is left out
	if letters := values.Get("sp"); letters != "" {
		d.AtMost, d.Exact = sasPower(letters, values), true
	}
	if expires := values.Get("se"); expires != "" {
		for _, form := range []string{time.RFC3339, "2006-01-02T15:04Z07:00", time.DateOnly} {
			if at, err := time.Parse(form, expires); err == nil {
				return until(d, float64(at.Unix()), azureSAS)
			}
		}
		d.Evidence = append(d.Evidence, detectors.Evidence{About: "privilege", Says: "it expires at " + expires, Source: azureSAS})
	}
	return d
}

// sasPower returns what the letters of a shared access signature's permissions allow. Some depend on the service: p is to take a message
// from a queue, and to change permissions in a data lake.
func sasPower(letters string, values url.Values) detectors.Privilege {
	var power detectors.Privilege
	lake := values.Get("sdd") != "" || values.Get("sr") == "d"
	for _, letter := range letters {
		switch letter {
		case 'r', 'l', 'f', 'e':
			power |= detectors.Read
		case 'a', 'c', 'w', 'u', 't', 'm', 'i':
			power |= detectors.Write
		case 'd', 'x', 'y':
			power |= detectors.Destroy
		case 'p':
			if lake {
				power |= detectors.Admin
			} else {
				power |= detectors.Read | detectors.Destroy
			}
		case 'o':
			power |= detectors.Admin
		}
	}
	return power
}
