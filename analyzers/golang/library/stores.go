package library

import "github.com/stagewall/stagewall/detectors"

// stores are the functions that look a secret up in a store. Of those of Vault the mount is the argument of the call that made the receiver.
//
//	https://pkg.go.dev/github.com/aws/aws-sdk-go-v2/service/secretsmanager#Client.GetSecretValue
//	https://pkg.go.dev/github.com/aws/aws-sdk-go-v2/service/ssm#Client.GetParametersByPath
//	https://pkg.go.dev/github.com/aws/aws-sdk-go/service/ssm#SSM.GetParameterWithContext
//	https://pkg.go.dev/cloud.google.com/go/secretmanager/apiv1#Client.AccessSecretVersion
//	https://pkg.go.dev/github.com/hashicorp/vault/api#Logical.ReadWithContext
//	https://pkg.go.dev/github.com/hashicorp/vault/api#KVv2.Get
var stores = map[string]Row{
	"(*github.com/aws/aws-sdk-go-v2/service/secretsmanager.Client).GetSecretValue": {Yields: Secret, Does: LooksUp, Value: 2, Fields: "SecretId", Store: detectors.SecretsManager},
	"(*github.com/aws/aws-sdk-go-v2/service/ssm.Client).GetParameter":              {Yields: Secret, Does: LooksUp, Value: 2, Fields: "Name", Store: detectors.ParameterStore},
	"(*github.com/aws/aws-sdk-go-v2/service/ssm.Client).GetParameters":             {Yields: Secret, Does: LooksUp, Value: 2, Fields: "Names", Store: detectors.ParameterStore},
	"(*github.com/aws/aws-sdk-go-v2/service/ssm.Client).GetParametersByPath":       {Yields: Secret, Does: LooksUp, Value: 2, Fields: "Path", Store: detectors.ParameterStore},
	"github.com/aws/aws-sdk-go-v2/service/ssm.NewGetParametersByPathPaginator":     {Yields: Secret, Does: LooksUp, Value: 1, Fields: "Path", Store: detectors.ParameterStore},

	"(*github.com/aws/aws-sdk-go/service/secretsmanager.SecretsManager).GetSecretValue":                                  {Yields: Secret, Does: LooksUp, Value: 1, Fields: "SecretId", Store: detectors.SecretsManager},
	"(*github.com/aws/aws-sdk-go/service/secretsmanager.SecretsManager).GetSecretValueWithContext":                       {Yields: Secret, Does: LooksUp, Value: 2, Fields: "SecretId", Store: detectors.SecretsManager},
	"(github.com/aws/aws-sdk-go/service/secretsmanager/secretsmanageriface.SecretsManagerAPI).GetSecretValue":            {Yields: Secret, Does: LooksUp, Value: 1, Fields: "SecretId", Store: detectors.SecretsManager},
	"(github.com/aws/aws-sdk-go/service/secretsmanager/secretsmanageriface.SecretsManagerAPI).GetSecretValueWithContext": {Yields: Secret, Does: LooksUp, Value: 2, Fields: "SecretId", Store: detectors.SecretsManager},
	"(*github.com/aws/aws-sdk-go/service/ssm.SSM).GetParameter":                                                          {Yields: Secret, Does: LooksUp, Value: 1, Fields: "Name", Store: detectors.ParameterStore},
	"(*github.com/aws/aws-sdk-go/service/ssm.SSM).GetParameterWithContext":                                               {Yields: Secret, Does: LooksUp, Value: 2, Fields: "Name", Store: detectors.ParameterStore},
	"(*github.com/aws/aws-sdk-go/service/ssm.SSM).GetParameters":                                                         {Yields: Secret, Does: LooksUp, Value: 1, Fields: "Names", Store: detectors.ParameterStore},
	"(*github.com/aws/aws-sdk-go/service/ssm.SSM).GetParametersByPath":                                                   {Yields: Secret, Does: LooksUp, Value: 1, Fields: "Path", Store: detectors.ParameterStore},
	"(github.com/aws/aws-sdk-go/service/ssm/ssmiface.SSMAPI).GetParameter":                                               {Yields: Secret, Does: LooksUp, Value: 1, Fields: "Name", Store: detectors.ParameterStore},
	"(github.com/aws/aws-sdk-go/service/ssm/ssmiface.SSMAPI).GetParameterWithContext":                                    {Yields: Secret, Does: LooksUp, Value: 2, Fields: "Name", Store: detectors.ParameterStore},

	"(*cloud.google.com/go/secretmanager/apiv1.Client).AccessSecretVersion": {Yields: Secret, Does: LooksUp, Value: 2, Fields: "Name", Store: detectors.SecretManager},

	"(*github.com/hashicorp/vault/api.Logical).Read":            {Yields: Secret, Does: LooksUp, Value: 1, Store: detectors.Vault},
	"(*github.com/hashicorp/vault/api.Logical).ReadWithContext": {Yields: Secret, Does: LooksUp, Value: 2, Store: detectors.Vault},
	"(*github.com/hashicorp/vault/api.KVv2).Get":                {Yields: Secret, Does: LooksUp, Value: 2, Store: detectors.Vault},
	"(*github.com/hashicorp/vault/api.KVv1).Get":                {Yields: Secret, Does: LooksUp, Value: 2, Store: detectors.Vault},
	"(*github.com/hashicorp/vault/api.Client).Logical":          {Yields: Nothing},
	"(*github.com/hashicorp/vault/api.Client).KVv1":             {Yields: Same, Value: 1},
	"(*github.com/hashicorp/vault/api.Client).KVv2":             {Yields: Same, Value: 1},
}

// Points reports whether a function returns a pointer to what it is given, or what a pointer points to, as the fields of such a request need it.
func Points(id string) bool { return pointers[id] }

var pointers = map[string]bool{
	"github.com/aws/aws-sdk-go-v2/aws.String": true, "github.com/aws/aws-sdk-go-v2/aws.ToString": true,
	"github.com/aws/aws-sdk-go/aws.String": true, "github.com/aws/aws-sdk-go/aws.StringValue": true,
	"github.com/aws/aws-sdk-go/aws.StringSlice": true, "google.golang.org/protobuf/proto.String": true,
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/to.Ptr": true, "k8s.io/utils/ptr.To": true, "github.com/samber/lo.ToPtr": true,
}
