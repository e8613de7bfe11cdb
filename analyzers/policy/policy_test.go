package policy

import "testing"

func TestOverlap(t *testing.T) {
	for _, test := range []struct {
		a, b string
		want bool
	}{
		{"", "", true}, {"a", "", false}, {"*", "", true}, {"*", "**", true},
		{"repo:acme/shop:*", "repo:*:environment:staging", true},
		{"repo:acme/*", "repo:*:environment:staging", true},
		{"repo:acme/shop:environment:production", "repo:*:environment:staging", false},
		{"repo:acme/shop:environment:prod*", "repo:*:environment:production", true},
		{"repo:acme/shop:ref:refs/heads/main", "repo:*:ref:refs/heads/*", true},
		{"repo:acme/shop:ref:refs/heads/main", "repo:*:pull_request", false},
		{"repo:" + Hole + ":environment:" + Hole, "repo:*:environment:staging", true},
		{"repo:acme/shop:environment:prod?", "repo:*:environment:prod1", true},
		{"repo:acme/shop:environment:prod?", "repo:*:environment:prod", false},
	} {
		if Overlap(test.a, test.b) != test.want || Overlap(test.b, test.a) != test.want {
			t.Errorf("%q and %q: want %v", test.a, test.b, test.want)
		}
	}
}

func TestAllows(t *testing.T) {
	for action, want := range map[string]bool{
		"s3:GetObject": true, "s3:List*": true, "ec2:Describe*": true, "dynamodb:BatchGetItem": true, "S3:get*": true,
		"s3:*": false, "*": false, "s3:PutObject": false, "secretsmanager:GetSecretValue": false, "ssm:Get*": false, "sts:GetFederationToken": false,
		"ssm:GetParametersByPath": false, "ecr:GetAuthorizationToken": true, "kms:Decrypt": false, "s3:" + Hole: false,
	} {
		if got := Allows([]Statement{{Actions: []string{action}}}) != 0; got != want {
			t.Errorf("%s: %v", action, got)
		}
	}
	if Allows(nil) != 0 || Allows([]Statement{{Inverse: true, Actions: []string{"s3:Get*"}}}) != 0 {
		t.Error("what is not said is taken to be to look")
	}
}
