package library

import (
	"maps"
	"slices"
	"strings"
	"testing"
)

// TestRows: every row is one that somebody can ask for, and is said once.
func TestRows(t *testing.T) {
	for id := range clients {
		if _, twice := rows[id]; twice {
			t.Errorf("%s is said twice", id)
		}
	}
	for _, id := range slices.Concat(slices.Collect(maps.Keys(rows)), slices.Collect(maps.Keys(clients))) {
		r, _ := row(id)
		switch {
		case Of(id) != r:
			t.Errorf("%s is taken for %+v", id, Of(id))
		case strings.HasPrefix(id, "(") != strings.Contains(id, ")."):
			t.Errorf("%s is no full name", id)
		}
	}
}

// TestVersions: rows are found whatever the version in the import path is.
func TestVersions(t *testing.T) {
	for id, want := range map[string]string{
		"github.com/stripe/stripe-go/v76.Key=":                                  "github.com/stripe/stripe-go.Key=",
		"(*github.com/google/go-github/v66/github.Client).WithAuthToken":        "(*github.com/google/go-github/github.Client).WithAuthToken",
		"gopkg.in/yaml.v3.Unmarshal":                                            "gopkg.in/yaml.Unmarshal",
		"(*github.com/redis/go-redis/v9.Client).Get":                            "",
		"github.com/jackc/pgx/v5/pgxpool.New":                                   "github.com/jackc/pgx/pgxpool.New",
		"(*github.com/spf13/viper.Viper).GetString":                             "",
		"github.com/aws/aws-sdk-go-v2/credentials.NewStaticCredentialsProvider": "github.com/aws/aws-sdk-go-v2/credentials.NewStaticCredentialsProvider",
	} {
		if r, ok := row(want); want != "" && (!ok || Of(id) != r) {
			t.Errorf("%s is %+v, want %+v", id, Of(id), r)
		}
	}
	if r := Of("k8s.io/klog/v2.InfoS"); r.Does != Leaks {
		t.Errorf("klog is %+v", r)
	}
	if r := Of("(*github.com/spf13/viper.Viper).GetString"); r.Yields != Setting || r.Value != 1 {
		t.Errorf("viper is %+v", r)
	}
}
