package tag

import (
	"strings"
	"testing"

	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/detectortest"
	"github.com/stagewall/stagewall/detectors/providers"
)

// A token that is bound to one container is bound by what the inventory says of the id beside it, or of the folder that it stands in; a
// token of the whole account by neither.
func TestInventoryBinds(t *testing.T) {
	k := NewKnowledge(providers.All())
	inventory := []detectors.Binding{
		{What: "project", Value: "acme-stg-7f", Environments: detectors.Staging},
		{What: "path", Value: "deploy/stg/**", Environments: detectors.Staging},
	}
	const send = "curl https://backboard.railway.com/graphql/v2 \\\n  -H \"Project-Access-Token: @\" \\\n  -d @q\n"
	for _, c := range []struct {
		name, path, text, kind string
		want                   detectors.Environment
	}{
		{"a project's id in the same script", "x.sh", "RAILWAY_PROJECT_ID=acme-stg-7f\n" + send, "project-token", detectors.Staging},
		{"an environment's id", "x.sh", "RAILWAY_ENVIRONMENT_ID=acme-stg-7f\n" + send, "project-token", detectors.Staging},
		{"an id that the inventory does not have", "x.sh", "RAILWAY_PROJECT_ID=acme-31\n" + send, "project-token", 0},
		{"a folder", "deploy/stg/x.sh", send, "project-token", detectors.Staging},
		{"another folder", "deploy/x.sh", send, "project-token", 0},
		{"the whole account's", "deploy/stg/x.sh", "RAILWAY_PROJECT_ID=acme-stg-7f\n" + strings.Replace(send, "Project-Access-Token:", "Authorization: Bearer", 1),
			"account-or-workspace-token", detectors.Unscoped},
	} {
		value := detectortest.Mint("railway")
		data := strings.Replace(c.text, "@", value, 1)
		at := strings.Index(data, value)
		rule := detectors.Rule{ID: "railway-token", Provider: "railway", Kinds: []string{"account-or-workspace-token", "project-token"}}
		o := k.Observe(c.path, []byte(data), rule, []byte(value), detectors.Place{Path: c.path, Line: 1, Span: detectors.Span{Start: at, End: at + len(value)}})
		got := k.Decide(Subject{Secret: detectors.NewSecret(value), Observations: []Observation{o}}, inventory)
		if got.Kind != c.kind || got.Reach.Environments != c.want || got.Reach.Known != (c.want != 0) {
			t.Errorf("%s: %s, %+v", c.name, got.Kind, got.Reach)
		}
	}
}
