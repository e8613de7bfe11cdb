package code

import (
	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/detectors"
)

// lookUp is a function of a library that asks a secret store, and the argument that names the secret there.
type lookUp struct{ store, argument string }

// lookUps are such functions by the last word of their names: methods of clients, and what the AWS SDK for JavaScript makes of each.
//
//	https://docs.aws.amazon.com/boto3/latest/reference/services/secretsmanager/client/get_secret_value.html
//	https://docs.aws.amazon.com/boto3/latest/reference/services/ssm/client/get_parameter.html
//	https://docs.aws.amazon.com/AWSJavaScriptSDK/v3/latest/client/secrets-manager/command/GetSecretValueCommand/
//	https://docs.aws.amazon.com/AWSJavaScriptSDK/v3/latest/client/ssm/command/GetParameterCommand/
//	https://cloud.google.com/secret-manager/docs/access-secret-version
var lookUps = map[string]lookUp{
	"get_secret_value": {"aws-secretsmanager", "SecretId"}, "getSecretValue": {"aws-secretsmanager", "SecretId"},
	"GetSecretValueCommand": {"aws-secretsmanager", "SecretId"},
	"get_parameter":         {"aws-ssm", "Name"}, "getParameter": {"aws-ssm", "Name"}, "GetParameterCommand": {"aws-ssm", "Name"},
	"access_secret_version": {"gcp-secretmanager", "name"}, "accessSecretVersion": {"gcp-secretmanager", "name"},
}

// LookUp returns the store that a function asks, by its name's last word, and the argument that names the secret; nothing for any other function.
func LookUp(function string) (store, argument string) {
	l := lookUps[function]
	return l.store, l.argument
}

// LooksUp reports whether a word is such a function's name.
func LooksUp(word []byte) bool {
	_, ok := lookUps[string(word)]
	return ok
}

// Secret returns the parts of what a store has under one of several names.
func Secret(store string, names []string) []analyzers.Part {
	var all [][]analyzers.Part
	for _, name := range names {
		all = append(all, []analyzers.Part{{Hole: &analyzers.Hole{Space: store, Name: name, Store: store}}})
	}
	if len(all) == 1 {
		return all[0]
	}
	return []analyzers.Part{Alternatives(all...)}
}

// asked begins the name of the space of what code looks up in a store.
const asked = "asked "

// Asks returns the steps by which code looks secrets up in a store.
func Asks(at detectors.Place, store string, names []string) []analyzers.Step {
	var steps []analyzers.Step
	for _, name := range names {
		value := analyzers.Value{At: at, Parts: Secret(store, []string{name})}
		steps = append(steps,
			analyzers.Step{Op: analyzers.OpSet, At: at, Space: asked + store, Name: name, Value: value},
			analyzers.Step{Op: analyzers.OpRead, At: at, Space: asked + store, Name: name, Says: "looks it up in the store"},
		)
	}
	return steps
}

// UnknownSecret says of a look-up that its name is not known.
const UnknownSecret = "the name of the secret that code looks up is computed; which one it is is not known"
