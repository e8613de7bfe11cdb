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
	} {
		for _, token := range scanTree(t, fmt.Sprintf("-- .github/workflows/w.yml --\non: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - run: %s\n        env: {NAMED: '${{ secrets.X }}', OTHER: '${{ vars.Y }}'}\n", test.run)).Tokens {
			if token.Provider != test.want {
				t.Errorf("%s: %q, want %q", test.run, token.Provider, test.want)
			}
		}
	}
}
