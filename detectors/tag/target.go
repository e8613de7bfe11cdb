package tag

import (
	"slices"
	"strings"

	"github.com/stagewall/stagewall/detectors"
)

// Targets returns what the credential opens or is used on, once for each unit that has or uses it so: the host of a database, the account,
// project or app that its text or a variable beside it names, the app or bucket that a command works on.
func (k *Knowledge) Targets(s Subject) []detectors.Target {
	var all []detectors.Target
	add := func(what, value string, at detectors.Place, unit string, e detectors.Environment) {
		t := detectors.Target{What: what, Value: strings.ToLower(value), Unit: unit, Environments: e, At: at}
		if value != "" && unit != "" && !slices.Contains(all, t) {
			all = append(all, t)
		}
	}
	held := func(what, value string, at detectors.Place) {
		for _, h := range s.Holders {
			if !h.Scoped && !h.Doubtful {
				add(what, value, at, h.Unit, h.Environments)
			}
		}
	}
	for _, o := range s.Observations {
		for _, host := range o.Decoded.Hosts {
			if k.isServer(o) && ownHost(host) {
				held("host", host, o.At)
			}
		}
		for _, id := range slices.Concat(o.Decoded.IDs, o.IDs) {
			if shareable[id.What] {
				held(id.What, id.Value, o.At)
			}
		}
	}
	for _, u := range s.Uses {
		for _, id := range k.named(u.Sink) {
			add(id.What, id.Value, u.At, u.Unit, u.Environments)
		}
	}
	return all
}

// shareable are the sorts of ids that name one thing wherever they are written.
var shareable = map[string]bool{"account": true, "project": true, "app": true}

// isServer reports whether the credential opens a server at its host, with logins of its own.
func (k *Knowledge) isServer(o Observation) bool {
	p := k.providers[o.Provider]
	return p != nil && slices.ContainsFunc(p.Kinds, func(kind detectors.Kind) bool {
		return slices.ContainsFunc(kind.Partners, func(partner detectors.Partner) bool { return partner.Host })
	})
}

// crowded are domains below which one host serves many customers, who are told apart by a port or a user.
//
//	https://supabase.com/docs/guides/database/connecting-to-postgres
//	https://planetscale.com/docs/concepts/connection-strings
//	https://docs.railway.com/reference/tcp-proxy
//	https://docs.pingcap.com/tidbcloud/connect-to-tidb-cluster-serverless
var crowded = []string{".pooler.supabase.com", ".psdb.cloud", ".proxy.rlwy.net", ".railway.app", ".tidbcloud.com", ".cloud.redislabs.com", ".redns.redis-cloud.com"}

// private are the ends of names that mean another host in each network: of a composition, a cluster, a private network.
var private = []string{".internal", ".local", ".localhost", ".svc", ".lan", ".home", ".test"}

// ownHost reports whether a host's name means one host wherever it is written.
func ownHost(host string) bool {
	host = strings.ToLower(host)
	if !strings.Contains(host, ".") || strings.Trim(host, "0123456789.") == "" || strings.HasPrefix(host, "host.docker.") {
		return false
	}
	ends := func(end string) bool { return strings.HasSuffix(host, end) }
	return !slices.ContainsFunc(crowded, ends) && !slices.ContainsFunc(private, ends)
}

// targetFlags are the flags of programs by which they are told what to work on.
var targetFlags = map[string]string{"--app": "app", "--project": "project", "--project-ref": "project", "--project-id": "project", "--site": "app",
	"--bucket": "bucket", "--volume": "volume", "--db-instance-identifier": "database", "--db-cluster-identifier": "database", "--subscription": "account"}

// buckets are the schemes of addresses of buckets.
var buckets = []string{"s3://", "gs://"}

// named returns what a command's literal words say that it works on.
func (k *Knowledge) named(s detectors.Sink) []detectors.ID {
	var ids []detectors.ID
	argv := unwrap(s.Argv)
	for i, w := range argv {
		flag, value, joined := strings.Cut(w.Text, "=")
		if what := targetFlags[flag]; what != "" {
			if !joined && i+1 < len(argv) {
				value = argv[i+1].Text
			}
			ids = append(ids, detectors.ID{What: what, Value: value})
		}
		for _, scheme := range buckets {
			if rest, ok := strings.CutPrefix(w.Text, scheme); ok {
				name, _, _ := strings.Cut(rest, "/")
				ids = append(ids, detectors.ID{What: "bucket", Value: name})
			}
		}
	}
	return ids
}

// Buckets returns the buckets that a command's literal words name.
func Buckets(s detectors.Sink) []string {
	var names []string
	for _, w := range s.Argv {
		for _, scheme := range buckets {
			if _, rest, ok := strings.Cut(w.Text, scheme); ok {
				name, _, _ := strings.Cut(rest, "/")
				names = append(names, name)
			}
		}
	}
	return names
}

// reachByTargets adds production where what the token opens is what a unit of production works on too: whoever has a credential to it touches
// what is production's.
func (d *decision) reachByTargets() {
	for _, t := range d.Shared {
		if d.token.Public || d.token.Reach.Known && d.token.Reach.Environments.Touches(detectors.Production) {
			return
		}
		d.token.Reach.Known = true
		d.token.Reach.Environments |= detectors.Production | t.Environments
		d.sayAt("reach", "the "+t.What+" "+t.Value+" is what "+t.Unit+" works on too, in "+t.Environments.String(), t.At)
	}
}

// Destroys reports whether handing the token to the sink destroys something.
func (k *Knowledge) Destroys(t detectors.Token, s detectors.Sink) bool {
	d := &decision{Knowledge: k, provider: k.providers[t.Provider]}
	return d.provider != nil && slices.ContainsFunc(t.Operations, func(op detectors.Operation) bool {
		return op.Does&detectors.Destroy != 0 && slices.ContainsFunc(op.Calls, func(call string) bool { return d.calls(s, call) })
	})
}
