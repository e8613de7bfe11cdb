package scan

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// References are read by their stores' own structure: the account or project, the path, the item and its field; and by what they are for.
func TestReferences(t *testing.T) {
	result := scanTree(t, `-- .github/workflows/w.yml --
on: push
jobs:
  a:
    runs-on: x
    environment: staging
    env:
      QUAY_USERNAME: acme
      QUAY_PASSWORD: ${{ secrets.QUAY_PASSWORD }}
      HUB: ${{ secrets.HUB }}
      AWS_SECRET_ACCESS_KEY: ${{ secrets.AWS_SECRET_ACCESS_KEY }}
    steps:
      - run: docker login -u $QUAY_USERNAME -p $QUAY_PASSWORD quay.io
      - run: docker login -u acme -p $HUB
      - run: |
          K=$(aws ssm get-parameter --name /prod/stripe/secret_key --with-decryption)
          L=$(aws secretsmanager get-secret-value --secret-id arn:aws:secretsmanager:eu-west-1:123456789012:secret:prod/stripe/secret_key-AbCdEf)
          M=$(gcloud secrets versions access projects/acme-prod/secrets/STRIPE_SECRET_KEY/versions/latest)
          N=$(gcloud secrets versions access latest --secret=STRIPE_SECRET_KEY --project=acme-prod)
          O=$(op read op://Production/stripe/secret_key)
          P=$(op read op://Production/github/allow_deployments)
      - run: doppler run -p acme -c prd -- ./deploy
      - run: infisical run --env=prod -- ./deploy
`)
	var got []string
	for _, token := range result.Tokens {
		line := fmt.Sprintf("%s: %s %s", token.Masked, token.Provider, strings.Join(token.Intent, " "))
		for _, e := range token.Evidence {
			if strings.Contains(e.Says, "nowhere beside it") {
				line += " lacks"
			}
		}
		got = append(got, line)
	}
	slices.Sort(got)
	want := []string{
		"1password:Production/github/allow_deployments:  production staging",
		"1password:Production/stripe/secret_key: stripe production staging",
		"aws-secretsmanager:123456789012/prod/stripe/secret_key: stripe production staging",
		"aws-ssm:/prod/stripe/secret_key: stripe production staging",
		"doppler:acme/prd:  production staging",
		"gcp-secretmanager:acme-prod/STRIPE_SECRET_KEY: stripe production staging",
		"github:AWS_SECRET_ACCESS_KEY: aws staging lacks",
		"github:HUB: docker staging",
		"github:QUAY_PASSWORD:  staging",
		"infisical:prod:  production staging",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// All that an item of a store holds is called by the item's name.
func TestWholeItem(t *testing.T) {
	result := scanTree(t, `-- pod.yaml --
apiVersion: v1
kind: Pod
metadata: {name: a, namespace: staging}
spec:
  containers: [{name: a, envFrom: [{secretRef: {name: keys}}]}]
`)
	if len(result.Tokens) != 1 || result.Tokens[0].Title != "secret keys" {
		t.Errorf("tokens %+v", result.Tokens)
	}
}

// What a store calls a credential says nothing of it where the input of an action that it is handed to does.
func TestReferencesOfActions(t *testing.T) {
	result := scanTree(t, `-- .github/workflows/w.yml --
on: push
jobs:
  a:
    runs-on: x
    environment: staging
    steps:
      - uses: actions/create-github-app-token@v2
        with: {app-id: 1, private-key: "${{ secrets.RELEASER }}"}
      - uses: Cloudflare/wrangler-action@v3
        with: {apiToken: "${{ secrets.EDGE }}", command: deploy}
      - uses: acme/deploy@v1
        with: {apiToken: "${{ secrets.OTHER }}"}
`)
	var got []string
	for _, token := range result.Tokens {
		got = append(got, strings.TrimSpace(token.Masked+": "+token.Provider+" "+token.Kind))
	}
	slices.Sort(got)
	want := []string{"github:EDGE: cloudflare user-api-token", "github:OTHER:", "github:RELEASER: github app-private-key"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// A namespace holds one workload of a name: overlays that put the same one into production and into staging are for two clusters, and so is what it reads.
func TestSecretOfTwoClusters(t *testing.T) {
	result := scanTree(t, `-- base/kustomization.yaml --
namespace: shop
resources: [app.yaml]
-- base/app.yaml --
apiVersion: apps/v1
kind: Deployment
metadata: {name: app}
spec: {template: {spec: {containers: [{name: app, envFrom: [{secretRef: {name: keys}}]}]}}}
-- overlays/production/kustomization.yaml --
resources: [../../base]
-- overlays/staging/kustomization.yaml --
resources: [../../base]
-- one/production.yaml --
apiVersion: apps/v1
kind: Deployment
metadata: {name: web-production, namespace: shop}
spec: {template: {spec: {containers: [{name: web, envFrom: [{secretRef: {name: both}}]}]}}}
-- one/staging.yaml --
apiVersion: apps/v1
kind: Deployment
metadata: {name: web-staging, namespace: shop}
spec: {template: {spec: {containers: [{name: web, envFrom: [{secretRef: {name: both}}]}]}}}
`)
	var got []string
	for _, token := range result.Tokens {
		got = append(got, fmt.Sprintf("%s: known %v, scope unknown %v", token.Masked, token.Reach.Known, token.Reach.ScopeUnknown))
	}
	slices.Sort(got)
	want := []string{
		"kubernetes:shop/both/*: known true, scope unknown false",
		"kubernetes:shop/keys/*: known false, scope unknown true",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// A secret of a cluster is one value where its namespace is named. Elsewhere each environment has its own, and so it has of one whose name is computed.
func TestNamespaceOfSecret(t *testing.T) {
	result := scanTree(t, `-- rotate.sh --
case $1 in
staging) kubens shop-staging ;;
production) kubens shop-production ;;
esac
kubectl get secret stripe -o yaml > stripe.yaml
kubectl get secret shared -n shop -o yaml > shared.yaml
kubectl get secret live -n shop-production -o yaml > live.yaml
aws ssm get-parameter --name "/shop/$2/key" --with-decryption > key
`)
	var got []string
	for _, token := range result.Tokens {
		got = append(got, fmt.Sprintf("%s: known %v, scope unknown %v", token.Masked, token.Reach.Known, token.Reach.ScopeUnknown))
	}
	slices.Sort(got)
	want := []string{
		"aws-ssm:/shop/*/key: known false, scope unknown true",
		"kubernetes:shop-production/live/*: known true, scope unknown false",
		"kubernetes:shop/shared/*: known true, scope unknown false",
		"kubernetes:stripe/*: known false, scope unknown true",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// All that a store keeps for an environment is called by both.
func TestWholeEnvironment(t *testing.T) {
	result := scanTree(t, `-- deploy.sh --
vercel env pull .env --environment=production
heroku config -s -a acme-staging > .env
doppler secrets get STRIPE_SECRET_KEY -c stg --plain > key
`)
	var got []string
	for _, token := range result.Tokens {
		got = append(got, token.Title)
	}
	slices.Sort(got)
	want := []string{"Stripe secret key STRIPE_SECRET_KEY", "secrets that heroku keeps for acme-staging", "secrets that vercel keeps for production"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// What is kept for previews is not production's, though a script that works in production, too, may look it up.
func TestKeptForAnother(t *testing.T) {
	result := scanTree(t, `-- deploy.sh --
ENV="${1:-preview}"
if [ "$ENV" = "production" ]; then
  vercel pull --environment=production
else
  vercel pull --environment=preview
fi
-- seed.sh --
case $1 in staging|production) export APP_ENV=$1 ;; esac
doppler run -c stg -- ./seed
`)
	var got []string
	for _, x := range result.Crossings {
		got = append(got, x.Severity+" "+x.From)
	}
	slices.Sort(got)
	if want := []string{"low unit:deploy.sh", "low unit:seed.sh"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// A called job with an environment takes that environment's secret before the one that it is given, so that nobody knows whether staging and production have one
// value; one without takes what it is given. Callers are told apart.
func TestSecretOfCalledEnvironment(t *testing.T) {
	result := scanTree(t, `-- .github/workflows/bound.yml --
on:
  workflow_call: {inputs: {to: {type: string}}}
jobs:
  go:
    runs-on: x
    environment: ${{ inputs.to }}
    steps: [{run: flyctl deploy, env: {FLY_API_TOKEN: "${{ secrets.TOKEN }}"}}]
-- .github/workflows/plain.yml --
on:
  workflow_call: {inputs: {to: {type: string}}}
jobs:
  go:
    runs-on: x
    steps: [{run: "flyctl deploy --app acme-${{ inputs.to }}", env: {FLY_API_TOKEN: "${{ secrets.TOKEN }}"}}]
-- .github/workflows/deploy.yml --
on: push
jobs:
  staging: {uses: ./.github/workflows/bound.yml, with: {to: staging}, secrets: {TOKEN: "${{ secrets.BOUND }}"}}
  other-staging: {uses: ./.github/workflows/bound.yml, with: {to: staging}, secrets: {TOKEN: "${{ secrets.OTHER }}"}}
  production: {uses: ./.github/workflows/bound.yml, with: {to: production}, secrets: {TOKEN: "${{ secrets.BOUND }}"}}
  plain-staging: {uses: ./.github/workflows/plain.yml, with: {to: staging}, secrets: {TOKEN: "${{ secrets.PLAIN }}"}}
  plain-production: {uses: ./.github/workflows/plain.yml, with: {to: production}, secrets: {TOKEN: "${{ secrets.PLAIN }}"}}
`)
	masked := map[string]string{}
	for _, token := range result.Tokens {
		masked[token.ID] = token.Masked
	}
	var got []string
	for _, c := range result.Crossings {
		got = append(got, fmt.Sprintf("%s %s %s", strings.TrimPrefix(c.From, "unit:.github/workflows/deploy.yml#"), masked[c.Token], c.Severity))
	}
	slices.Sort(got)
	want := []string{"other-staging github:OTHER high", "plain-staging github:PLAIN critical", "staging github:BOUND high"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
