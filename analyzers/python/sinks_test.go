package python_test

import (
	"testing"

	"github.com/stagewall/stagewall/analyzers/analyzertest"
	"github.com/stagewall/stagewall/analyzers/python"
)

func TestSinks(t *testing.T) {
	tests := []struct{ src, want string }{
		{`import os, requests
requests.delete("https://api.x.com/v1/a", headers={"X-Api-Key": os.environ["K"]})`, `requests.delete DELETE api.x.com /v1/a X-Api-Key`},
		{`import os, requests
requests.post("https://api.x.com/graphql", json={"query": "mutation { volumeDelete }"}, headers={"Authorization": f"Bearer {os.environ['K']}"})`, `requests.post POST api.x.com /graphql Authorization Bearer mutation,volumeDelete`},
		{`import os, httpx
c = httpx.Client(base_url="https://api.x.com", headers={"Authorization": os.environ["K"]})
c.delete("/v1/a")`, `httpx.Client
Authorization
c.delete DELETE api.x.com /v1/a`},
		{`import os, stripe
stripe.api_key = os.environ["K"]`, `stripe.api_key`},
		{`import os
s.headers["Authorization"] = "Token " + os.getenv("K")`, `Authorization Token`},
		{`import os, psycopg2
c = psycopg2.connect(os.environ["K"])
c.execute("DROP TABLE users")`, `psycopg2.connect
connect.execute DROP,TABLE,users`},
		{`import os, psycopg2
c = psycopg2.connect(os.environ["K"])
cur = c.cursor()
cur.execute("DROP TABLE users")
c.cursor().execute("TRUNCATE users")`, `psycopg2.connect
connect.cursor
cursor.execute DROP,TABLE,users
connect.cursor
connect.cursor.execute TRUNCATE,users`},
		{`import os
from stripe import StripeClient
client = StripeClient(os.environ["K"])
client.customers.delete("c")`, `stripe.StripeClient
stripeclient.customers.delete`},
		{`import os, stripe
stripe.api_key = os.environ["K"]
stripe.Customer.delete("c")
other.Customer.delete("c")`, `stripe.api_key
stripe.Customer.delete`},
		{`import os, requests
requests.request("PATCH", "https://api.x.com/a?key=%s" % os.environ["K"])`, `requests.request PATCH api.x.com /a key`},
		{`import boto3
boto3.client("s3").delete_bucket(Bucket="b")`, `boto3.client takes boto3.client
boto3.client takes client.delete_bucket`},
		{`import boto3
session = boto3.Session(region_name="eu-west-1")
s3 = session.resource("s3")
b = s3.Bucket("b")
b.delete()`, `boto3.Session takes boto3.Session
boto3.Session takes session.resource
boto3.Session takes resource.Bucket
boto3.Session takes bucket.delete`},
		{`import boto3, os
session = boto3.Session(aws_secret_access_key=os.environ["K"])
session.client("s3").delete_bucket(Bucket="b")`, `boto3.Session
session.client
session.client.delete_bucket`},
		{`import openai, os
openai.OpenAI(os.environ["API_TOKEN"]).files.delete("f")
openai.OpenAI(**settings).files.delete("f")
mine.OpenAI().files.delete("f")`, `openai.OpenAI
openai.files.delete`},
		{`f("text", 12)`, ``},
	}
	for _, test := range tests {
		if got := analyzertest.Sinks(t, python.Analyzer, "a.py", test.src); got != test.want {
			t.Errorf("%s\ngot:\n%s\nwant:\n%s", test.src, got, test.want)
		}
	}
}
