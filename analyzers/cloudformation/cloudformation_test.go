package cloudformation_test

import (
	"testing"

	"github.com/stagewall/stagewall/analyzers/analyzertest"
	"github.com/stagewall/stagewall/analyzers/cloudformation"
	"github.com/stagewall/stagewall/analyzers/shell"
)

const trust = `      AssumeRolePolicyDocument:
        Statement:
          - Effect: Allow
            Action: sts:AssumeRoleWithWebIdentity
            Principal: {Federated: !Ref Provider}
            Condition:
              StringLike:
                token.actions.githubusercontent.com:sub: `

// A role is a row if it has a name, and each pattern of subjects that it trusts is one, if it trusts nobody else.
func TestRows(t *testing.T) {
	role := func(properties string) string {
		return "AWSTemplateFormatVersion: \"2010-09-09\"\nResources:\n  Role:\n    Type: AWS::IAM::Role\n    Properties:\n" + properties
	}
	analyzertest.RunRows(t, cloudformation.Analyzer, []analyzertest.Row{
		{"role.yaml", role("      RoleName: deploy\n" + trust + "!Sub \"repo:${Org}/shop:environment:production\"\n"), "6 role deploy unknown\n9 trusts deploy unknown"},
		{"prod/role.yaml", role("      RoleName: deploy\n      Path: /ci/\n" + trust + "['repo:a/b:*', 'repo:a/c:*']\n"), "10 trusts ci/deploy unknown\n10 trusts ci/deploy unknown\n6 role ci/deploy production"},
		{"role.yaml", role("      RoleName: !Sub deploy-${Env}\n" + trust + "repo:a/b:*\n"), ""},
		{"role.yaml", role("      RoleName: deploy\n" + trust + "!Ref Subject\n"), "6 role deploy unknown"},
		{"role.yaml", role("      RoleName: task\n      AssumeRolePolicyDocument: {Statement: {Effect: Allow, Action: sts:AssumeRole, Principal: {Service: ecs-tasks.amazonaws.com}}}\n"), "6 role task unknown"},
		{"role.json", `{"AWSTemplateFormatVersion": "2010-09-09", "Resources": {"R": {"Type": "AWS::IAM::Role", "Properties": {"RoleName": "deploy"}}}}`, "1 role deploy unknown"},
		{"role.yaml", "AWSTemplateFormatVersion: AWS::IAM::Role: [\n", ""},
	})
}

func TestCases(t *testing.T) {
	analyzertest.Run(t, "testdata/*.txtar", cloudformation.Analyzer, shell.Analyzer)
}

func FuzzRun(f *testing.F) {
	f.Add([]byte("Resources: {A: {Properties: {A: !Sub '{{resolve:ssm:${B}/c}}', D: {'Fn::Join': ['', ['{{resolve:secretsmanager:', {Ref: E}, ':SecretString:f}}']]}}}}"))
	f.Add([]byte("Resources: {A: {Type: AWS::IAM::Role, Properties: {RoleName: !Sub 'a', Policies: [{PolicyDocument: {Statement: {Action: ['s3:Get*']}}}]}}}"))
	f.Fuzz(analyzertest.Fuzz(cloudformation.Analyzer, "a.yaml"))
}
