package scan

import (
	"strings"
	"testing"
)

// A token of staging's touches production where what it opens is what a unit of production works on too, with whatever credential.
func TestSharedTargets(t *testing.T) {
	compose := func(env, url string) string {
		return "-- compose." + env + ".yml --\nservices:\n  app:\n    image: a\n    environment:\n      APP_ENV: " + env + "\n      DATABASE_URL: " + url + "\n"
	}
	job := func(env, run string) string {
		return "-- .github/workflows/" + env + ".yml --\non: push\njobs:\n  a:\n    runs-on: x\n    environment: " + env + "\n    env: {AWS_SECRET_ACCESS_KEY: '${{ secrets." + strings.ToUpper(env) + "_AWS_SECRET_ACCESS_KEY }}'}\n    steps:\n      - run: " + run + "\n"
	}
	for _, test := range []struct{ name, files, masked, want string }{
		{"one database server", compose("staging", "postgres://s:{{cloudinary-secret}}@db-4.acme.example/s") + compose("production", "postgres://p:{{cloudinary-secret#2}}@db-4.acme.example/p"),
			"db-4.acme.example/s", "production"},
		{"two servers", compose("staging", "postgres://s:{{cloudinary-secret}}@db-4.acme.example/s") + compose("production", "postgres://p:{{cloudinary-secret#2}}@db-5.acme.example/p"),
			"db-4.acme.example/s", "unknown"},
		{"a name within each network", compose("staging", "postgres://s:{{cloudinary-secret}}@db/s") + compose("production", "postgres://p:{{cloudinary-secret#2}}@db/p"), "@db/s", "unknown"},
		{"a host of many customers", compose("staging", "postgres://s:{{cloudinary-secret}}@eu.pooler.supabase.com/s") + compose("production", "postgres://p:{{cloudinary-secret#2}}@eu.pooler.supabase.com/p"),
			"supabase.com/s", "unknown"},
		{"one bucket", job("staging", "aws s3 cp x s3://acme-data/") + job("production", "aws s3 sync s3://acme-data/ ."), "STAGING_AWS_SECRET_ACCESS_KEY", "production"},
		{"two buckets", job("staging", "aws s3 cp x s3://acme-data-1/") + job("production", "aws s3 sync s3://acme-data-2/ ."), "STAGING_AWS_SECRET_ACCESS_KEY", "unknown"},
	} {
		result := scanTree(t, test.files)
		got := "no token"
		for _, token := range result.Tokens {
			if !strings.Contains(token.Masked, test.masked) && !(len(token.Places) > 0 && token.Places[0].Path == "compose.staging.yml" && !token.Reference) {
				continue
			}
			got = "unknown"
			for _, e := range token.Reach.Environments {
				if e == "production" && token.Reach.Known {
					got = "production"
				}
			}
		}
		if got != test.want {
			t.Errorf("%s: %s, want %s", test.name, got, test.want)
		}
	}
}

// A backup that is kept in the bucket that a token is used to destroy goes with it.
func TestBackupsInTheSameBucket(t *testing.T) {
	result := scanTree(t, `-- .github/workflows/w.yml --
on: push
jobs:
  backup:
    runs-on: x
    steps:
      - run: aws s3 cp backup.sql s3://acme-data/
  clean:
    runs-on: x
    environment: staging
    env: {AWS_SECRET_ACCESS_KEY: '${{ secrets.AWS_SECRET_ACCESS_KEY }}'}
    steps:
      - run: aws s3 rb s3://acme-data --force
`)
	for _, x := range result.Crossings {
		for _, says := range x.Backups {
			if strings.Contains(says, "w.yml:6") && strings.Contains(says, "goes with it") {
				return
			}
		}
	}
	t.Errorf("%+v", result.Crossings)
}
