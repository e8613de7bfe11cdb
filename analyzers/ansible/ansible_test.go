package ansible_test

import (
	"testing"

	"github.com/stagewall/stagewall/analyzers/analyzertest"
	"github.com/stagewall/stagewall/analyzers/ansible"
)

func TestRows(t *testing.T) {
	analyzertest.RunRows(t, ansible.Analyzer, []analyzertest.Row{
		{"inventories/production/hosts", "[web]\nweb[01:20].acme.example\n[db]\ndb-1.acme.example ansible_host=203.0.113.7 ansible_user=a\nbare\n",
			"2 host web*.acme.example production\n2 member web*.acme.example unknown\n4 host 203.0.113.7 production\n4 host db-1.acme.example production\n" +
				"4 member db-1.acme.example unknown\n5 member bare unknown"},
		{"hosts.ini", "# all\n[web]\nw1.acme.example\n[db]\nd1.acme.example\nd9.acme.example\n[staging:children]\nweb\n[prod:children]\ndb\n[prod:vars]\nx=y.z\n[odd]\nd9.acme.example\n",
			"10 member db unknown\n14 host d9.acme.example unknown\n14 member d9.acme.example unknown\n3 host w1.acme.example staging\n3 member w1.acme.example unknown\n" +
				"5 host d1.acme.example production\n5 member d1.acme.example unknown\n6 host d9.acme.example production\n6 member d9.acme.example unknown\n8 member web unknown"},
		{"inventory/all.yml", `all:
  children:
    staging:
      hosts:
        s1.acme.example:
        odd: {ansible_host: 203.0.113.8}
    prod:
      children:
        db:
          hosts: {d1.acme.example: }
`, "10 host d1.acme.example production\n10 member d1.acme.example unknown\n3 member staging unknown\n5 host s1.acme.example staging\n" +
			"5 member s1.acme.example unknown\n6 host 203.0.113.8 staging\n6 member odd unknown\n7 member prod unknown\n9 member db unknown"},
		{"inventory/group_vars/staging.yml", "hosts: {a.b: }\n", ""},
		{"hosts.ini", "[a:children]\nb\n[b:children]\na\n[a]\nx.acme.example\n", "2 member b unknown\n4 member a unknown\n6 host x.acme.example unknown\n6 member x.acme.example unknown"},
	})
}

func FuzzRun(f *testing.F) {
	for _, src := range []string{"[a]\nb.c d=e\n[f:children]\na\n"} {
		f.Add([]byte(src))
	}
	f.Fuzz(analyzertest.Fuzz(ansible.Analyzer, "inventory/hosts"))
}
