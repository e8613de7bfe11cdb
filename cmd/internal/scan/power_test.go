package scan

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// What is done with a token is seen in every language, and the place is evidence. A job has the token in its environment, under the name
// of the secret, and runs the command or the program.
func TestObservedPower(t *testing.T) {
	const module = "-- go.mod --\nmodule acme\n\ngo 1.24\n-- cmd/x/main.go --\npackage main\n\n"
	for _, test := range []struct{ name, secret, run, files, at string }{ // at: where destroying is seen; empty if it is not
		{"GraphQL in curl", "RAILWAY_API_TOKEN",
			`curl https://backboard.railway.com/graphql/v2 -H "Authorization: Bearer $RAILWAY_API_TOKEN" -d '{"query":"mutation { volumeDelete(volumeId: 1) }"}'`, "", "w.yml:9"},
		{"a command", "RAILWAY_API_TOKEN", "railway volume delete --volume data", "", "w.yml:9"},
		{"a package's command", "RAILWAY_API_TOKEN", "npx @railway/cli@4 volume --service x delete", "", "w.yml:9"},
		{"an alias, flags before the words", "FLY_API_TOKEN", "fly -a acme volumes destroy vol_1 -y", "", "w.yml:9"},
		{"for each", "FLY_API_TOKEN", "flyctl volumes list | xargs -n1 flyctl volumes destroy -y", "", "w.yml:9"},
		{"it only lists", "FLY_API_TOKEN", "flyctl volumes list", "", ""},
		{"it only says how", "FLY_API_TOKEN", "flyctl volumes destroy --help", "", ""},
		{"it only prints", "FLY_API_TOKEN", "echo flyctl volumes destroy", "", ""},
		{"a plan", "AWS_SECRET_ACCESS_KEY", "terraform plan -destroy", "", ""},
		{"a flag that destroys", "AWS_SECRET_ACCESS_KEY", "terraform apply -auto-approve -destroy", "", "w.yml:9"},
		{"terraform", "AWS_SECRET_ACCESS_KEY", "terraform -chdir=infra destroy", "", "w.yml:9"},
		{"a bucket", "AWS_SECRET_ACCESS_KEY", "aws --profile prod s3 rb s3://acme --force", "", "w.yml:9"},
		{"kubectl", "KUBECONFIG", "kubectl -n shop delete pvc data", "", "w.yml:9"},
		{"a rehearsal", "KUBECONFIG", "kubectl delete pvc data --dry-run=client", "", ""},
		{"gh", "GH_TOKEN", "gh repo delete acme/x --yes", "", "w.yml:9"},
		{"a request by gh", "GH_TOKEN", "gh api -X DELETE repos/acme/$NAME", "", "w.yml:9"},
		{"an address with a hole", "CLOUDFLARE_API_TOKEN",
			`curl -X DELETE "https://api.cloudflare.com/client/v4/zones/$ZONE" -H "Authorization: Bearer $CLOUDFLARE_API_TOKEN"`, "", "w.yml:9"},
		{"SQL as an option", "DATABASE_URL", `psql "$DATABASE_URL" -c "DROP DATABASE acme"`, "", "w.yml:9"},
		{"SQL from the input", "DATABASE_URL", `echo "select 1; drop table acme" | psql "$DATABASE_URL"`, "", "w.yml:9"},
		{"SQL that says so in quotes", "DATABASE_URL", `psql "$DATABASE_URL" -c "select 'drop table acme'"`, "", ""},
		{"mongosh", "MONGODB_URI", `mongosh "$MONGODB_URI" --eval "db.dropDatabase()"`, "", "w.yml:9"},
		{"JavaScript", "STRIPE_SECRET_KEY", "node x.js",
			"-- x.js --\nconst stripe = new Stripe(process.env.STRIPE_SECRET_KEY)\nstripe.customers.del('c')\n", "x.js:2"},
		{"JavaScript, a command", "AWS_SECRET_ACCESS_KEY", "node x.js",
			"-- x.js --\nconst c = new S3Client({credentials: {secretAccessKey: process.env.AWS_SECRET_ACCESS_KEY}})\nc.send(new DeleteBucketCommand({}))\n", "x.js:2"},
		{"JavaScript, a chain", "SUPABASE_SERVICE_ROLE_KEY", "node x.js",
			"-- x.js --\nconst c = createClient(url, process.env.SUPABASE_SERVICE_ROLE_KEY)\nc.from('x').delete().eq('id', 1)\n", "x.js:2"},
		{"JavaScript, SQL", "DATABASE_URL", "node x.js",
			"-- x.js --\nconst c = new Client({connectionString: process.env.DATABASE_URL})\nc.query('DROP TABLE x')\n", "x.js:2"},
		{"JavaScript, a subprocess", "FLY_API_TOKEN", "node x.js",
			"-- x.js --\nrequire('child_process').execSync('flyctl volumes destroy x')\n", "x.js:1"},
		{"JavaScript reads", "STRIPE_SECRET_KEY", "node x.js",
			"-- x.js --\nconst stripe = new Stripe(process.env.STRIPE_SECRET_KEY)\nstripe.customers.list()\n", ""},
		{"Python", "STRIPE_SECRET_KEY", "python x.py",
			"-- x.py --\nimport os, stripe\nstripe.api_key = os.environ['STRIPE_SECRET_KEY']\nstripe.Customer.delete('c')\n", "x.py:3"},
		{"Python, a client", "AWS_SECRET_ACCESS_KEY", "python x.py",
			"-- x.py --\nimport os, boto3\ns3 = boto3.client('s3', aws_secret_access_key=os.environ['AWS_SECRET_ACCESS_KEY'])\ns3.delete_bucket(Bucket='x')\n", "x.py:3"},
		{"Python, a cursor", "DATABASE_URL", "python x.py",
			"-- x.py --\nimport os, psycopg2\nc = psycopg2.connect(os.environ['DATABASE_URL'])\nc.cursor().execute('DROP TABLE x')\n", "x.py:3"},
		{"Python, a request", "RAILWAY_API_TOKEN", "python x.py",
			"-- x.py --\nimport os, requests\nrequests.post('https://backboard.railway.com/graphql/v2', json={'query': 'mutation { volumeDelete }'}, headers={'Authorization': 'Bearer ' + os.environ['RAILWAY_API_TOKEN']})\n", "x.py:2"},
		{"Python, a subprocess", "FLY_API_TOKEN", "python x.py",
			"-- x.py --\nimport subprocess\nsubprocess.run(['flyctl', 'volumes', 'destroy', 'x'])\n", "x.py:2"},
		{"Go", "STRIPE_SECRET_KEY", "go run ./cmd/x",
			module + "import (\n\t\"os\"\n\n\t\"github.com/stripe/stripe-go/v76/client\"\n)\n\nfunc main() {\n\tc := client.New(os.Getenv(\"STRIPE_SECRET_KEY\"), nil)\n\tc.Customers.Del(\"c\", nil)\n}\n", "cmd/x/main.go:11"},
		{"Go, a subprocess", "FLY_API_TOKEN", "go run ./cmd/x",
			module + "import \"os/exec\"\n\nfunc main() {\n\texec.Command(\"flyctl\", \"volumes\", \"destroy\", \"x\").Run()\n}\n", "cmd/x/main.go:6"},
	} {
		workflow := fmt.Sprintf("-- .github/workflows/w.yml --\non: push\njobs:\n  clean:\n    runs-on: x\n    env:\n      %s: ${{ secrets.%[1]s }}\n"+
			"    steps:\n      - uses: actions/checkout@v4\n      - run: '%s'\n", test.secret, strings.ReplaceAll(test.run, "'", "''"))
		result := scanTree(t, workflow+test.files)
		token := result.token(t, "github:"+test.secret)
		destroys := slices.Contains(token.Privilege.AtLeast, "destroy")
		var at []string
		for _, e := range token.Evidence {
			if e.About == "privilege" && e.Line > 0 {
				at = append(at, fmt.Sprintf("%s:%d", strings.TrimPrefix(e.Path, ".github/workflows/"), e.Line))
			}
		}
		if destroys != (test.at != "") || destroys && !slices.Contains(at, test.at) {
			t.Errorf("%s: at least %v, seen at %v, want %q", test.name, token.Privilege.AtLeast, at, test.at)
		}
	}
}

// Code that no unit runs says all the same what a token in it is for. Nobody gains anything by it.
func TestPowerOfCodeThatNobodyRuns(t *testing.T) {
	result := scanTree(t, "-- tools/x.js --\nconst stripe = new Stripe('{{stripe-live}}')\nstripe.customers.del('c')\n")
	token := result.token(t, result.Tokens[0].Masked)
	if !slices.Contains(token.Privilege.AtLeast, "destroy") {
		t.Errorf("at least %v", token.Privilege.AtLeast)
	}
	for _, x := range result.Crossings {
		if x.Strength != "ambient" {
			t.Errorf("%s: %s", x.From, x.Strength)
		}
	}
}
