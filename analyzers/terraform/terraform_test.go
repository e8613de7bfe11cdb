package terraform_test

import (
	"testing"

	"github.com/stagewall/stagewall/analyzers/analyzertest"
	"github.com/stagewall/stagewall/analyzers/shell"
	"github.com/stagewall/stagewall/analyzers/terraform"
)

func TestRows(t *testing.T) {
	analyzertest.RunRows(t, terraform.Analyzer, []analyzertest.Row{
		{"envs/staging.tfvars", "project_id = \"acme-7\"\naws_account_id = 111122223333\ndb_host = \"db-4.acme.example\"\nregion = \"eu\"\n",
			"1 project acme-7 staging\n2 account 111122223333 staging\n3 host db-4.acme.example staging"},
		{"envs/prod/terraform.tfvars", "subscription_id = \"0f-1\"\n", "1 account 0f-1 production"},
		{"terraform.tfvars", "project_id = \"acme-7\"\n", "1 project acme-7 unknown"},
		{"main.tf", `variable "project_id" {
  default = "acme-7"
}
locals {
  account_ids = { staging = "111122223333", production = "444455556666" }
  settings = {
    stg  = { project = "acme-8", zone = "a" }
    prod = { project = "acme-9" }
  }
  project = terraform.workspace == "production" ? "acme-9" : "acme-8"
}
provider "aws" {
  allowed_account_ids = ["111122223333", var.other]
}
`, "10 project acme-8 unknown\n10 project acme-9 production\n13 account 111122223333 unknown\n2 project acme-7 unknown\n5 account 111122223333 staging\n5 account 444455556666 production\n7 project acme-8 staging"},
		{"envs/staging/main.tf", "provider \"google\" {\n  project = \"acme-7\"\n}\n", "2 project acme-7 staging"},
		{"main.tf", `resource "google_project_iam_member" "a" {
  project = "acme-prod"
  member  = "serviceAccount:ci@acme-staging.iam.gserviceaccount.com"
}
resource "google_project_iam_binding" "own" {
  project = "acme-prod"
  members = ["user:a@acme.example", "serviceAccount:app@acme-prod.iam.gserviceaccount.com"]
}
resource "google_organization_iam_binding" "all" {
  members = ["serviceAccount:ci@acme-staging.iam.gserviceaccount.com"]
}
resource "google_storage_bucket_iam_member" "silent" {
  member = "serviceAccount:ci@acme-staging.iam.gserviceaccount.com"
}
`, "10 service-account ci@acme-staging.iam.gserviceaccount.com production, staging, development, test, preview\n" +
			"2 project acme-prod unknown\n3 service-account ci@acme-staging.iam.gserviceaccount.com unknown"},
		{"envs/prod/main.tf", `resource "google_storage_bucket_iam_member" "a" {
  member = "serviceAccount:ci@acme-staging.iam.gserviceaccount.com"
}
`, "2 service-account ci@acme-staging.iam.gserviceaccount.com production"},
		{"main.tf", "a = {{{{", ""},
	})
}

func TestReaches(t *testing.T) {
	analyzertest.Run(t, "testdata/*.txtar", terraform.Analyzer, shell.Analyzer)
}

func FuzzRun(f *testing.F) {
	for _, src := range []string{"a = { staging = { project = \"b\" } }\nc \"d\" { e = f == \"g\" ? \"h\" : [\"i\"] }\n",
		"include { path = \"${dirname(find_in_parent_folders())}/a\" }\nterraform { source = \"../b//c\" }\nd = file(\"e\")\n"} {
		f.Add([]byte(src))
	}
	f.Fuzz(analyzertest.Fuzz(terraform.Analyzer, "main.tf", "a/terragrunt.hcl"))
}
