// Package pulumi reads the configuration of Pulumi's stacks, as far as it says which project, account or host belongs to a stack.
//
// # Analyzer pulumi
//
// pulumi: the ids that a stack's configuration names
//
// Pulumi.staging.yaml is the configuration of the stack staging: aws:allowedAccountIds, gcp:project, azure-native:subscriptionId and
// the project's own settings are that environment's. What Pulumi.yaml gives to every stack is no environment's. Encrypted values
// (secure:) are no ids. Programs are not read.
//
// https://www.pulumi.com/docs/iac/concepts/config/
package pulumi
