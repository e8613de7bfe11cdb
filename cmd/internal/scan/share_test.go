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
		tokens := ""
		for _, name := range []string{"AWS_SECRET_ACCESS_KEY", "FLY_API_TOKEN", "RAILWAY_TOKEN"} {
			tokens += name + ": '${{ secrets." + strings.ToUpper(env) + "_" + name + " }}', "
		}
		return "-- .github/workflows/" + env + ".yml --\non: push\njobs:\n  a:\n    runs-on: x\n    environment: " + env + "\n    env: {" + tokens + "}\n    steps:\n      - run: |\n          " + run + "\n"
	}
	graphql := func(env, volume string) string {
		return job(env, `curl https://backboard.railway.com/graphql/v2 -H "Project-Access-Token: $RAILWAY_TOKEN" -d '{"query":"mutation($id: String!) { volumeDelete(volumeId: $id) }","variables":{"id":"`+volume+`"}}'`)
	}
	rest := func(env, volume string) string {
		return job(env, `curl -X DELETE https://api.machines.dev/v1/apps/$APP/volumes/`+volume+` -H "Authorization: Bearer $FLY_API_TOKEN"`)
	}
	script := func(env, volume string) string {
		return job(env, "node "+env+".mjs") + "-- " + env + ".mjs --\nconst volumeId = '" + volume + `';
await fetch('https://backboard.railway.com/graphql/v2', {
  method: 'POST', headers: {'Project-Access-Token': process.env.RAILWAY_TOKEN},
  body: JSON.stringify({query: 'mutation($volumeId: String!) { volumeDelete(volumeId: $volumeId) }', variables: {volumeId}}),
});
`
	}
	python := func(env, volume string) string {
		return job(env, "VOLUME="+volume+" python "+env+".py") + "-- " + env + `.py --
import os
import requests

requests.post("https://backboard.railway.com/graphql/v2", headers={"Project-Access-Token": os.environ["RAILWAY_TOKEN"]},
    json={"query": "mutation($v: String!) { volumeDelete(volumeId: $v) }", "variables": {"v": os.environ["VOLUME"]}})
`
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
		{"one volume in GraphQL variables", graphql("staging", "v-71") + graphql("production", "v-71"), "STAGING_RAILWAY_TOKEN", "production"},
		{"two volumes in GraphQL variables", graphql("staging", "v-71") + graphql("production", "v-72"), "STAGING_RAILWAY_TOKEN", "unknown"},
		{"one volume in a script", script("staging", "v-71") + script("production", "v-71"), "STAGING_RAILWAY_TOKEN", "production"},
		{"two volumes in scripts", script("staging", "v-71") + script("production", "v-72"), "STAGING_RAILWAY_TOKEN", "unknown"},
		{"one volume in the environment", python("staging", "v-71") + python("production", "v-71"), "STAGING_RAILWAY_TOKEN", "production"},
		{"two volumes in the environment", python("staging", "v-71") + python("production", "v-72"), "STAGING_RAILWAY_TOKEN", "unknown"},
		{"one app", job("staging", "flyctl apps destroy acme-7 --yes") + job("production", "flyctl deploy --app acme-7"), "STAGING_FLY_API_TOKEN", "production"},
		{"two apps", job("staging", "flyctl apps destroy acme-8 --yes") + job("production", "flyctl deploy --app acme-7"), "STAGING_FLY_API_TOKEN", "unknown"},
		{"one volume in a path", rest("staging", "vol_1") + rest("production", "vol_1"), "STAGING_FLY_API_TOKEN", "production"},
		{"two volumes in a path", rest("staging", "vol_1") + rest("production", "vol_2"), "STAGING_FLY_API_TOKEN", "unknown"},
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

// The backups that a provider keeps of a thing are said to go with it where a token is used to destroy the thing.
func TestBackupsOfWhatIsDestroyed(t *testing.T) {
	for _, test := range []struct{ token, run, want string }{
		{"RAILWAY_TOKEN", "railway volume delete vol-71 -y", "volumeDelete of the volume vol-71"},
		{"AWS_SECRET_ACCESS_KEY", "aws rds delete-db-instance --db-instance-identifier acme-7 --skip-final-snapshot", "rds delete-db-instance of the database acme-7"},
		{"FLY_API_TOKEN", "flyctl volumes destroy vol_71 -y", "volume vol_71"},
		{"SUPABASE_ACCESS_TOKEN", "supabase projects delete abcdefghij7", "project abcdefghij7"},
	} {
		result := scanTree(t, "-- .github/workflows/w.yml --\non: push\njobs:\n  clean:\n    runs-on: x\n    environment: staging\n    env: {"+
			test.token+": '${{ secrets."+test.token+" }}'}\n    steps:\n      - run: "+test.run+"\n")
		said := ""
		for _, x := range result.Crossings {
			said += strings.Join(x.Backups, "\n") + "\n"
		}
		if !strings.Contains(said, ".github/workflows/w.yml:8: ") || !strings.Contains(said, test.want) {
			t.Errorf("%s: %s", test.run, said)
		}
	}
}
