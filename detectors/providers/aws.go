package providers

import (
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"

	"github.com/stagewall/stagewall/detectors"
)

const (
	awsCredentials = "https://docs.aws.amazon.com/IAM/latest/UserGuide/security-creds-programmatic-access.html"
	awsIDs         = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html"
	awsCLI         = "https://docs.aws.amazon.com/cli/latest/reference/"
	awsVariables   = "https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-envvars.html"
)

// aws knows access keys, which are pairs: an id, which names the account, and a secret, which has no form of its own. An id without a
// secret beside it opens nothing and is left alone.
func aws() detectors.Provider {
	const (
		access, session  = "access-key", "session-key"
		role             = "role"
		bedrock, appsync = "bedrock-key", "appsync-key"
		secret           = `[A-Za-z0-9/+]{40}`
		rightOfSecret    = `(?:[^A-Za-z0-9/+=_-]|$)`
		id               = `(?:AKIA|ASIA)[A-Z2-7]{16}`
		secretEntropy    = 4.1 // more than 40 hexadecimal digits can have
	)
	// A signed address names the key that signed it, whose secret it does not hold: what stands beside it is a signature.
	//   https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
	//   https://docs.aws.amazon.com/AmazonS3/latest/API/RESTAuthentication.html#RESTAuthenticationQueryStringAuth
	const signedBy = `(?i:x-amz-credential|awsaccesskeyid)(?:=|%3D|\\u003[dD])`
	signed := detectors.Allowlist{Description: "the key that signed an address", Regexes: []string{`^` + signedBy}, Target: "match"}
	keyID := func(word, description, kind string) detectors.Rule {
		return detectors.Rule{
			ID: "aws-" + kind, Description: description, Pattern: `(?:` + signedBy + `|` + left + `)(` + word + `[A-Z2-7]{16})\b`, Group: 1,
			Keywords: []string{strings.ToLower(word)}, Entropy: 3, Allowlists: []detectors.Allowlist{awsExample(), signed},
			Required: []detectors.Required{{Rule: "aws-secret-text", WithinLines: within(10)}}, Kinds: []string{kind},
		}
	}
	secretOf := func(name string) string { return `(?i:` + name + `)` + gives + `(` + secret + `)` + rightOfSecret }
	variables := []string{"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"}
	tool := func(name, source string, selectors ...string) detectors.Tool {
		return detectors.Tool{Name: name, Variables: variables, Selectors: selectors, Source: source}
	}
	destroy := func(name, source string, calls ...string) detectors.Operation {
		calls = slices.Clip(calls)
		for _, call := range calls { // the methods of AWS' libraries and the sub-commands of its program are named after the same operations
			if words := strings.Fields(call); len(words) == 4 && words[1] == "aws" && words[2] != "s3" {
				calls = append(calls, "sdk "+words[3])
			}
		}
		return detectors.Operation{Name: name, Does: detectors.Destroy, Kinds: []string{access, session, role}, Calls: calls, Source: source}
	}
	backup := func(name, source string, calls ...string) detectors.Operation {
		o := destroy(name, source, calls...)
		o.DeletesBackups = true
		return o
	}
	return detectors.Provider{
		Name:   "aws",
		Title:  "AWS",
		Hosts:  []string{".amazonaws.com", ".amazonaws.com.cn", ".api.aws"},
		Decode: decodeAWS,
		Rules: []detectors.Rule{
			keyID("AKIA", "the id of an access key, with a secret near it", access),
			keyID("ASIA", "the id of a temporary access key, with a secret near it", session),
			{
				ID:          "aws-secret-access-key",
				Description: "the secret of an access key, named so or right behind the key's id",
				Pattern: secretOf(`(?:aws|amazon|s3)[A-Za-z0-9_.-]{0,30}secret[A-Za-z0-9_.-]{0,30}|secret[ _-]?access[ _-]?key[A-Za-z0-9_]{0,20}`) + `|` +
					`\b` + id + `["']?[ \t]{0,8}[:;,| \t][ \t]{0,8}["']?(` + secret + `)` + rightOfSecret,
				Keywords:   []string{"secret", "akia", "asia"},
				Entropy:    secretEntropy,
				Allowlists: []detectors.Allowlist{awsExample()},
				Kinds:      []string{access, session},
			},
			{
				ID:          "aws-nearby-secret",
				Description: "a value named as a secret, near the id of an access key",
				Pattern:     `(?:^|[^A-Za-z0-9_-])` + secretOf(`secret[_-]?key|secret|key[_-]?secret|access[_-]?secret`),
				Group:       1,
				Keywords:    []string{"akia", "asia"},
				Entropy:     secretEntropy,
				Allowlists:  []detectors.Allowlist{awsExample()},
				Required:    []detectors.Required{{Rule: "aws-key-id", WithinLines: within(10)}},
				Kinds:       []string{access, session},
			},
			{
				ID:          "aws-bedrock-key",
				Description: "an API key for models",
				Pattern:     left + `(ABSK[A-Za-z0-9+/]{109,269}={0,2}|bedrock-api-key-[A-Za-z0-9+/_-]{60,}={0,2})` + rightOfSecret,
				Group:       1,
				Keywords:    []string{"absk", "bedrock-api-key-"},
				Entropy:     4,
				Kinds:       []string{bedrock},
			},
			{
				ID:          "aws-appsync-key",
				Description: "an API key of AppSync",
				Pattern:     prefixed(`da2-[a-z0-9]{26}`),
				Group:       1,
				Keywords:    []string{"da2-"},
				Entropy:     3.2,
				Kinds:       []string{appsync},
			},
			{
				ID:          "aws-key-id",
				Description: "the id of an access key",
				Pattern:     left + `(` + id + `)\b`,
				Keywords:    []string{"akia", "asia"},
				SkipReport:  true,
			},
			{
				ID:          "aws-secret-text",
				Description: "a text that may be the secret of an access key",
				Pattern:     `(?:^|[^A-Za-z0-9/+_-])(` + secret + `)` + rightOfSecret,
				Group:       1,
				Keywords:    []string{"akia", "asia"},
				Entropy:     secretEntropy,
				Allowlists:  []detectors.Allowlist{awsExample()},
				SkipReport:  true,
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:      access,
				Title:     "access key",
				Scope:     detectors.ScopeContainer,
				Bound:     "one account, with all that its user's policies allow there",
				AtMost:    detectors.Full,
				Variables: []string{"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"},
				Partners:  []detectors.Partner{{Title: "key id", Variables: []string{"AWS_ACCESS_KEY_ID"}, Shape: `(?:AKIA|ASIA)[A-Z2-7]{16}`, Needed: true}},
				Cut:       "let staging assume a role in staging's own account, and delete this key",
				Source:    awsCredentials,
			},
			{
				Name:      session,
				Title:     "temporary access key",
				Scope:     detectors.ScopeContainer,
				Bound:     "one account, with all that its role's policies allow there, until it expires",
				AtMost:    detectors.Full,
				Variables: []string{"AWS_SESSION_TOKEN"},
				Partners:  []detectors.Partner{{Title: "key id", Variables: []string{"AWS_ACCESS_KEY_ID"}, Shape: `(?:AKIA|ASIA)[A-Z2-7]{16}`, Needed: true}},
				Cut:       "let staging assume a role in staging's own account, and keep temporary keys out of files",
				Source:    awsCredentials,
			},
			{
				Name:   role,
				Title:  "role",
				Scope:  detectors.ScopeContainer,
				Bound:  "one account, with all that its policies allow there",
				AtMost: detectors.Full,
				Store:  detectors.AssumedRole,
				Of:     "account",
				// https://docs.aws.amazon.com/sdkref/latest/guide/feature-assume-role-credentials.html
				Variables: []string{"AWS_ROLE_ARN"},
				Cut:       "let staging assume a role in staging's own account, and let production's role trust production's environment or branch alone",
				Source:    "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles.html",
			},
			{
				Name:      bedrock,
				Title:     "Bedrock API key",
				Scope:     detectors.ScopeContainer,
				Bound:     "the models of one account",
				AtMost:    detectors.Read | detectors.Write,
				Variables: []string{"AWS_BEARER_TOKEN_BEDROCK"},
				Cut:       "make a key in staging's own account, and delete this one",
				Source:    "https://docs.aws.amazon.com/bedrock/latest/userguide/api-keys.html",
			},
			{
				Name:    appsync,
				Title:   "AppSync API key",
				Scope:   detectors.ScopeHost,
				Bound:   "one GraphQL API, with what it lets keys do",
				AtMost:  detectors.UnknownPower,
				Headers: []string{"X-Api-Key"},
				Cut:     "use the key of staging's own API, and delete this one",
				Source:  "https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html",
			},
		},
		Tools: []detectors.Tool{
			{
				Name: "aws", Needs: detectors.NeedsIdentity, Variables: variables, Selectors: []string{"--profile", "--region"},
				Endpoints: []string{"--endpoint-url", "--endpoint"}, // https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-endpoints.html; flags can be cut short
				Source:    awsVariables,
			},
			tool("cdk", "https://docs.aws.amazon.com/cdk/v2/guide/configure-access.html", "--profile", "--context", "-c"),
			tool("eksctl", "https://eksctl.io/installation/", "--profile", "--cluster", "--name"),
			tool("packer", "https://developer.hashicorp.com/packer/integrations/hashicorp/amazon", "-var-file"),
			tool("pulumi", "https://www.pulumi.com/registry/packages/aws/installation-configuration/", "--stack", "-s"),
			tool("sam", "https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/using-sam-cli-configure.html", "--profile", "--config-env"),
			{
				Name: "serverless", Aliases: []string{"sls"}, Variables: variables, Selectors: []string{"--stage", "-s", "--aws-profile"},
				Source: "https://www.serverless.com/framework/docs/providers/aws/guide/credentials",
			},
			{
				Name: "terraform", Aliases: []string{"tofu", "terragrunt"}, Variables: variables, Selectors: []string{"-var-file"},
				Source: "https://registry.terraform.io/providers/hashicorp/aws/latest/docs#environment-variables",
			},
		},
		Libraries: []detectors.Library{
			{Names: []string{"boto3", "aiobotocore", "aioboto3"}, Variables: variables, Source: "https://boto3.amazonaws.com/v1/documentation/api/latest/guide/credentials.html"},
			{
				Names: []string{"@aws-sdk/*", "aws-sdk"}, Variables: variables,
				Source: "https://docs.aws.amazon.com/sdk-for-javascript/v3/developer-guide/setting-credentials-node.html",
			},
			{
				Names: []string{"github.com/aws/aws-sdk-go-v2", "github.com/aws/aws-sdk-go"}, Variables: variables,
				Source: "https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html",
			},
		},
		Containers: []detectors.Container{
			{Variable: "AWS_ACCOUNT_ID", What: "account"},
			{Variable: "AWS_ACCOUNT", What: "account"},
			{Variable: "CDK_DEFAULT_ACCOUNT", What: "account"},
			{Variable: "AWS_ACCESS_KEY_ID", What: "account"}, // the pair's id names it
			{Variable: "aws_access_key_id", What: "account"},
			{Variable: "accessKeyId", What: "account"},
		},
		Operations: []detectors.Operation{
			{
				Name: "rds delete-db-instance", Does: detectors.Destroy, Undo: "no undo", Backups: "deleted with it, but for manual snapshots",
				Kinds: []string{access, session, role}, Calls: []string{"cli aws rds delete-db-instance", "sdk delete-db-instance"},
				Source: "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DeleteDBInstance.html",
			},
			undo(destroy("rds delete-db-cluster", awsCLI+"rds/delete-db-cluster.html",
				"cli aws rds delete-db-cluster", "cli aws docdb delete-db-cluster", "cli aws neptune delete-db-cluster"),
				"", "deleted with it, but for manual snapshots"),
			backup("rds delete-db-instance-automated-backup", awsCLI+"rds/delete-db-instance-automated-backup.html",
				"cli aws rds delete-db-instance-automated-backup", "cli aws rds delete-db-cluster-automated-backup"),
			backup("rds delete-db-snapshot", awsCLI+"rds/delete-db-snapshot.html", "cli aws rds delete-db-snapshot", "cli aws rds delete-db-cluster-snapshot"),
			undo(destroy("dynamodb delete-table", awsCLI+"dynamodb/create-backup.html", "cli aws dynamodb delete-table", "sdk Table.delete"),
				"35 days, where point-in-time recovery is on", ""),
			backup("dynamodb delete-backup", awsCLI+"dynamodb/delete-backup.html", "cli aws dynamodb delete-backup"),
			// Resources of boto3: https://boto3.amazonaws.com/v1/documentation/api/latest/guide/resources.html
			destroy("s3 rb", awsCLI+"s3/rb.html", "cli aws s3 rb", "cli aws s3api delete-bucket", "sdk Bucket.delete"),
			undo(destroy("s3 rm", awsCLI+"s3api/delete-object.html", "cli aws s3 rm", "cli aws s3api delete-object", "cli aws s3api delete-objects", "sdk objects.all.delete", "sdk objects.filter.delete", "sdk object_versions.delete", "sdk object_versions.all.delete"),
				"by version, where the bucket keeps them", ""),
			undo(destroy("ec2 terminate-instances", awsCLI+"ec2/terminate-instances.html", "cli aws ec2 terminate-instances", "sdk Instance.terminate"), "no undo", ""),
			destroy("ec2 delete-volume", awsCLI+"ec2/delete-volume.html", "cli aws ec2 delete-volume", "sdk Volume.delete"),
			backup("ec2 delete-snapshot", awsCLI+"ec2/delete-snapshot.html", "cli aws ec2 delete-snapshot", "sdk Snapshot.delete"),
			backup("backup delete-recovery-point", awsCLI+"backup/delete-recovery-point.html",
				"cli aws backup delete-recovery-point", "cli aws backup delete-backup-vault", "cli aws backup delete-backup-plan"),
			{
				Name: "kms schedule-key-deletion", Does: detectors.Destroy, Undo: "7 to 30 days", Kinds: []string{access, session, role},
				Calls: []string{"cli aws kms schedule-key-deletion", "sdk schedule-key-deletion"}, Source: "https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys.html",
			},
			{
				Name: "secretsmanager delete-secret", Does: detectors.Destroy, Undo: "7 to 30 days, none if forced", Kinds: []string{access, session, role},
				Calls:  []string{"cli aws secretsmanager delete-secret", "sdk delete-secret"},
				Source: "https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_DeleteSecret.html",
			},
			destroy("cloudformation delete-stack", awsCLI+"cloudformation/delete-stack.html", "cli aws cloudformation delete-stack", "cli sam delete", "cli cdk destroy"),
			destroy("eks delete-cluster", awsCLI+"eks/delete-cluster.html", "cli aws eks delete-cluster", "cli eksctl delete cluster"),
			undo(destroy("lambda delete-function", awsCLI+"lambda/delete-function.html", "cli aws lambda delete-function"), "no undo", ""),
			destroy("elasticbeanstalk terminate-environment", awsCLI+"elasticbeanstalk/terminate-environment.html",
				"cli aws elasticbeanstalk terminate-environment", "cli eb terminate"),
			destroy("ecr delete-repository", awsCLI+"ecr/delete-repository.html", "cli aws ecr delete-repository", "cli aws ecr batch-delete-image"),
			undo(destroy("efs delete-file-system", awsCLI+"efs/delete-file-system.html", "cli aws efs delete-file-system"), "no undo", ""),
			undo(destroy("fsx delete-file-system", awsCLI+"fsx/delete-file-system.html", "cli aws fsx delete-file-system"), "no undo", "deleted with it, but for manual ones"),
			undo(destroy("elasticache delete-replication-group", awsCLI+"elasticache/delete-replication-group.html",
				"cli aws elasticache delete-replication-group", "cli aws elasticache delete-cache-cluster"), "no undo", ""),
			destroy("memorydb delete-cluster", awsCLI+"memorydb/delete-cluster.html", "cli aws memorydb delete-cluster"),
			undo(destroy("redshift delete-cluster", awsCLI+"redshift/delete-cluster.html", "cli aws redshift delete-cluster"), "no undo", ""),
			destroy("redshift-serverless delete-namespace", awsCLI+"redshift-serverless/delete-namespace.html", "cli aws redshift-serverless delete-namespace"),
			undo(destroy("opensearch delete-domain", awsCLI+"opensearch/delete-domain.html", "cli aws opensearch delete-domain"), "no undo", ""),
			undo(destroy("timestream-write delete-database", awsCLI+"timestream-write/delete-database.html",
				"cli aws timestream-write delete-database"), "no undo", ""),
			destroy("keyspaces delete-keyspace", awsCLI+"keyspaces/delete-keyspace.html", "cli aws keyspaces delete-keyspace"),
			destroy("kafka delete-cluster", awsCLI+"kafka/delete-cluster.html", "cli aws kafka delete-cluster"),
			destroy("kinesis delete-stream", awsCLI+"kinesis/delete-stream.html", "cli aws kinesis delete-stream"),
			undo(destroy("sqs delete-queue", awsCLI+"sqs/purge-queue.html", "cli aws sqs delete-queue", "cli aws sqs purge-queue"), "no undo", ""),
			destroy("sns delete-topic", awsCLI+"sns/delete-topic.html", "cli aws sns delete-topic"),
			destroy("ssm delete-parameter", awsCLI+"ssm/delete-parameter.html", "cli aws ssm delete-parameter", "cli aws ssm delete-parameters"),
			destroy("lightsail delete-relational-database", awsCLI+"lightsail/delete-relational-database.html",
				"cli aws lightsail delete-relational-database", "cli aws lightsail delete-instance"),
			backup("glacier delete-archive", awsCLI+"glacier/delete-archive.html", "cli aws glacier delete-archive", "cli aws glacier delete-vault"),
			undo(destroy("logs delete-log-group", awsCLI+"logs/delete-log-group.html", "cli aws logs delete-log-group"), "no undo", ""),
			undo(destroy("route53 delete-hosted-zone", awsCLI+"route53/delete-hosted-zone.html", "cli aws route53 delete-hosted-zone"), "no undo", ""),
			undo(destroy("cognito-idp delete-user-pool", awsCLI+"cognito-idp/delete-user-pool.html", "cli aws cognito-idp delete-user-pool"),
				"14 days, by AWS' support", ""),
			undo(destroy("organizations close-account", awsCLI+"organizations/close-account.html", "cli aws organizations close-account"),
				"90 days, by AWS' support", ""),
			{
				Name: "iam", Does: detectors.Admin, Kinds: []string{access, session, role},
				Calls: []string{
					"cli aws iam create-access-key", "sdk create-access-key", "cli aws iam create-user", "sdk create-user", "cli aws iam attach-user-policy", "sdk attach-user-policy", "cli aws iam attach-role-policy",
					"cli aws iam put-user-policy", "cli aws iam put-role-policy", "cli aws iam delete-user", "cli aws iam delete-role",
				},
				Source: awsCLI + "iam/",
			},
			{
				Name: "deploy", Does: detectors.Write, Kinds: []string{access, session, role},
				Calls: []string{
					"cli aws cloudformation deploy", "cli aws s3 cp", "cli aws s3 sync", "cli aws ecs update-service", "sdk update-service", "cli aws lambda update-function-code", "sdk update-function-code",
					"cli cdk deploy", "cli sam deploy", "cli serverless deploy", "cli terraform apply",
				},
				Source: awsCLI,
			},
			destroy("terraform destroy", "https://developer.hashicorp.com/terraform/cli/commands/destroy", "cli terraform destroy", "cli terraform apply -destroy", "cli serverless remove"),
		},
	}
}

// awsExample excludes the keys of AWS' own documents, which all say that they are.
func awsExample() detectors.Allowlist {
	return detectors.Allowlist{Description: "an example's key", StopWords: []string{"EXAMPLE"}}
}

// decodeAWS reads the account out of the id of an access key: the sixteen characters after its prefix are base 32, and the account is in
// the upper 40 of the first 48 bits but for the first. Ids from before 2019, whose fifth character is I or J, hold none.
// https://docs.aws.amazon.com/STS/latest/APIReference/API_GetAccessKeyInfo.html
func decodeAWS(secret string) detectors.Decoded {
	const prefix, length = 4, 20
	if len(secret) != length || secret[prefix] == 'I' || secret[prefix] == 'J' {
		return detectors.Decoded{}
	}
	raw, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(secret[prefix:])
	if err != nil {
		return detectors.Decoded{}
	}
	bits := binary.BigEndian.Uint64(append([]byte{0, 0}, raw[:6]...))
	account := fmt.Sprintf("%012d", bits&0x7fffffffff80>>7)
	if len(account) > 12 {
		return detectors.Decoded{}
	}
	return detectors.Decoded{
		IDs:      []detectors.ID{{What: "account", Value: account}},
		Evidence: []detectors.Evidence{{About: "reach", Says: "the key's id names account " + account, Source: awsIDs}},
	}
}
