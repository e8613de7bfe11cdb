// Package serverless reads the configuration of the Serverless Framework.
//
// # Analyzer serverless
//
// Each stage of a service is a unit, of kind "deploy-context": the default one, those that the file has parameters or values for, and those
// that a command line beside or above the file deploys. It has the variables of the provider, and each function has its own over them and
// runs its handler.
//
//	https://www.serverless.com/framework/docs/providers/aws/guide/serverless.yml
//	https://www.serverless.com/framework/docs/guides/variables
//
// Variables are resolved as the framework does, for every stage: self, opt:stage, sls:stage, param, env, file and texts in quotes, with what
// comes behind a comma in their place. ssm is a reference in the store "aws-ssm". env is what `useDotenv` loads
// (https://www.serverless.com/framework/docs/environment-variables): .env.STAGE beats .env.
//
// # Environments
//
// The stage selects it.
//
// # What is not seen
//
// Configurations in JavaScript and TypeScript, plugins, and what other stacks and buckets hold.
package serverless
