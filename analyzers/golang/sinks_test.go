package golang_test

import (
	"testing"

	"github.com/stagewall/stagewall/analyzers/analyzertest"
	"github.com/stagewall/stagewall/analyzers/golang"
)

func TestSinks(t *testing.T) {
	tests := []struct{ src, want string }{
		{`package a
import ("net/http"; "os")
func f() { r, _ := http.NewRequestWithContext(ctx, http.MethodDelete, "https://api.x.com/v1/a", nil); r.Header.Set("X-Api-Key", os.Getenv("K")) }
var _ = 0`, `http.NewRequest DELETE api.x.com /v1/a X-Api-Key`},
		{`package a
import ("net/http"; "os"; "fmt"; "strings")
func f(id string) { b := strings.NewReader("{ me { id } }"); r, _ := http.NewRequest("POST", fmt.Sprintf("https://api.x.com/v1/%s/b", id), b); r.Header.Add("Authorization", "Bearer "+os.Getenv("K")) }`, `http.NewRequest POST api.x.com /v1/*/b Authorization Bearer me,id`},
		{`package a
import ("net/http"; "os")
func f() { http.Get("https://api.x.com/a?key=" + os.Getenv("K")) }`, `http.Get GET api.x.com /a key`},
		{`package a
import ("net/http"; "os")
func f(r *http.Request) { r.SetBasicAuth("u", os.Getenv("K")) }`, `Authorization Basic`},
		{`package a
import ("os"; "github.com/stripe/stripe-go/v76")
func f() { stripe.Key = os.Getenv("K") }`, `stripe-go.Key`},
		{`package a
import ("os"; "github.com/stripe/stripe-go/v76"; "github.com/stripe/stripe-go/v76/customer")
func f() { stripe.Key = os.Getenv("K"); customer.Del("c", nil); other.Del("c") }`, `stripe-go.Key
customer.Del`},
		{`package a
import ("os"; "github.com/stripe/stripe-go/v76/client")
func f() { sc := client.New(os.Getenv("K"), nil); sc.Customers.Del("c", nil) }`, `client.New
client.Customers.Del`},
		{`package a
import ("os"; "database/sql")
func f() { db, _ := sql.Open("pg", os.Getenv("K")); db.Exec("DELETE FROM users") }`, `sql.Open
sql.Exec DELETE,FROM,users`},
		{`package a
import ("github.com/aws/aws-sdk-go-v2/config"; "github.com/aws/aws-sdk-go-v2/service/s3"; "os")
func f() { cfg, _ := config.LoadDefaultConfig(ctx, config.WithRegion(os.Getenv("AWS_REGION"))); c := s3.NewFromConfig(cfg); c.DeleteBucket(ctx, nil) }`, `config.LoadDefaultConfig
config.LoadDefaultConfig
config.WithRegion
github.com/aws/aws-sdk-go-v2/service/s3 takes s3.NewFromConfig
s3.NewFromConfig
s3.DeleteBucket
github.com/aws/aws-sdk-go-v2/service/s3 takes s3.DeleteBucket
s3.DeleteBucket`},
		{`package a
import ("github.com/google/go-github/v66/github"; "os")
func f() { c := github.NewClient(nil).WithAuthToken(os.Getenv("TOKEN")); c.Repositories.Delete(ctx, "acme", "web") }`, `github.com/google/go-github/v66/github takes github.WithAuthToken
github.WithAuthToken
github.com/google/go-github/v66/github takes github.NewClient
github.WithAuthToken.Repositories.Delete
github.WithAuthToken.Repositories.Delete`},
		{`package a
import "go.mongodb.org/mongo-driver/v2/mongo"
func f() { c, _ := mongo.Connect(opts); db := c.Database("app"); db.Drop(ctx) }`, `go.mongodb.org/mongo-driver/v2/mongo takes mongo.Connect
mongo.Connect
mongo.Database
go.mongodb.org/mongo-driver/v2/mongo takes mongo.Database
mongo.Database.Drop
go.mongodb.org/mongo-driver/v2/mongo takes mongo.Database.Drop
mongo.Database.Drop`},
		{`package a
func f() { g("text", 12) }`, ``},
	}
	for _, test := range tests {
		if got := analyzertest.Sinks(t, golang.Analyzer, "a.go", test.src); got != test.want {
			t.Errorf("%s\ngot:\n%s\nwant:\n%s", test.src, got, test.want)
		}
	}
}
