package scan

import (
	"fmt"
	"testing"
)

// What a command is handed as its credential is its provider's. What it is handed as any other argument is not, whatever else it is handed.
func TestArguments(t *testing.T) {
	for _, test := range []struct{ run, want string }{
		{`vercel --token=${{ secrets.X }} deploy`, "vercel"},
		{`vercel --token ${{ secrets.X }} deploy`, "vercel"},
		{`vercel deploy -t x --token "$NAMED"`, "vercel"},
		{`vercel --token="$OTHER" deploy -e NAMED=${{ secrets.X }}`, ""},
		{`vercel --token "$OTHER" deploy --prebuilt ${{ secrets.X }}`, ""},
		{`docker build --secret id=a,env=A --build-arg NAMED=${{ secrets.X }} .`, ""},
		{`echo ${{ secrets.X }} | docker login -u acme --password-stdin`, "docker"},
		{`docker login -u acme -p ${{ secrets.X }}`, "docker"},
		{`docker login "$OTHER" -u acme -p ${{ secrets.X }}`, ""},
	} {
		for _, token := range scanTree(t, fmt.Sprintf("-- .github/workflows/w.yml --\non: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - run: %s\n        env: {NAMED: '${{ secrets.X }}', OTHER: '${{ vars.Y }}'}\n", test.run)).Tokens {
			if token.Provider != test.want {
				t.Errorf("%s: %q, want %q", test.run, token.Provider, test.want)
			}
		}
	}
}

// An action that logs in does so as the program does.
func TestLoginAction(t *testing.T) {
	for registry, want := range map[string]string{"": "docker", "docker.io": "docker", "acme.azurecr.io": "azure", "${{ vars.REGISTRY }}": ""} {
		tree := "-- .github/workflows/w.yml --\non: push\njobs:\n  a:\n    steps:\n      - uses: docker/login-action@v4\n" +
			"        with: {registry: '" + registry + "', username: acme, password: '${{ secrets.X }}'}\n"
		for _, token := range scanTree(t, tree).Tokens {
			if token.Provider != want {
				t.Errorf("%s: %q, want %q", registry, token.Provider, want)
			}
		}
	}
	key := scanTree(t, "-- .github/workflows/w.yml --\non: push\njobs:\n  a:\n    steps:\n      - uses: docker/login-action@v4\n"+
		"        with: {registry: eu.pkg.dev, username: _json_key, password: '${{ secrets.X }}'}\n").Tokens[0]
	if key.Provider != "gcp" || key.Kind != "service-account-key" {
		t.Errorf("_json_key: %s %s", key.Provider, key.Kind)
	}
}

// A key that aws is told to take to another's service is not AWS'.
func TestEndpoints(t *testing.T) {
	for _, test := range []struct{ secret, run, want string }{
		{"STATE", "aws s3 cp a s3://b/c", "aws"},
		{"STATE", "aws s3 cp a s3://b/c --endpoint-url https://s3.eu-west-1.amazonaws.com", "aws"},
		{"STATE", "aws s3 cp a s3://b/c --endpoint-url https://minio.acme.internal:9000", ""},
		{"SPACES", "aws s3 cp a s3://b/c --endpoint=${{ vars.ENDPOINT }}", "digitalocean"},
		{"STATE", "aws s3 cp a s3://b/c --endpoint-url=$WHERE && aws s3 ls", "aws"},
	} {
		text := fmt.Sprintf("-- .github/workflows/w.yml --\non: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - run: %s\n        env:\n"+
			"          AWS_ACCESS_KEY_ID: ${{ secrets.%s_ACCESS_KEY }}\n          AWS_SECRET_ACCESS_KEY: ${{ secrets.%[2]s_SECRET_KEY }}\n", test.run, test.secret)
		for _, token := range scanTree(t, text).Tokens {
			if token.Provider != test.want {
				t.Errorf("%s, %s: %q, want %q", test.secret, test.run, token.Provider, test.want)
			}
		}
	}
}
