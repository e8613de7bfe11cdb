package tag

import (
	"slices"
	"strings"

	"github.com/stagewall/stagewall/detectors"
)

// Opens returns what the observed credential opens: the host of a database, the account, project or app that its text or a variable beside it
// names.
func (k *Knowledge) Opens(o Observation) []detectors.ID {
	var ids []detectors.ID
	for _, host := range o.Decoded.Hosts {
		if k.isServer(o) && ownHost(host) {
			ids = append(ids, detectors.ID{What: "host", Value: host})
		}
	}
	for _, id := range slices.Concat(o.Decoded.IDs, o.IDs) {
		if shareable[id.What] && id.Value != "" {
			ids = append(ids, id)
		}
	}
	return ids
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

// WorksOn returns what a call works on: by the flags of a command, the word behind a command that destroys, the addresses of buckets, the ids
// in a request's path and those that are sent along.
func (k *Knowledge) WorksOn(s detectors.Sink) []detectors.ID {
	ids := slices.Concat(sent(s.IDs), addressed(s.Path.Text), k.destroyed(s))
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
	return slices.DeleteFunc(ids, func(id detectors.ID) bool { return id.Value == "" || strings.ContainsAny(id.Value, " \t") }) // titles are no ids
}

// sent returns the things whose ids are sent along, by the names of their arguments: the volume of volumeId.
func sent(named []detectors.ID) []detectors.ID {
	var ids []detectors.ID
	for _, n := range named {
		words := strings.Split(strings.ToLower(snake(n.What)), "_")
		if last := len(words) - 1; last > 0 && words[last] == "id" && isThing(words[last-1], n.Value) {
			ids = append(ids, detectors.ID{What: words[last-1], Value: n.Value})
		}
	}
	return ids
}

// addressed returns the things that a request's path names: the volume of /v1/apps/acme-7/volumes/vol_1.
func addressed(path string) []detectors.ID {
	var ids []detectors.ID
	segments := strings.Split(strings.Trim(path, "/"), "/")
	for i, s := range segments[:len(segments)-1] {
		what, plural := strings.CutSuffix(s, "s")
		if id := segments[i+1]; plural && isThing(what, id) && strings.ContainsAny(id, "0123456789-_") && !strings.Contains(id, "*") {
			ids = append(ids, detectors.ID{What: what, Value: id})
		}
	}
	return ids
}

// things are what ids are of that mean one thing wherever they are written; of the others only those that nobody chooses do.
var things = map[string]bool{"volume": true, "project": true, "app": true, "bucket": true, "account": true,
	"environment": false, "service": false, "database": false, "site": false, "zone": false, "workspace": false}

// isThing reports whether an id of this sort means one thing wherever it is written.
func isThing(what, id string) bool {
	const shortest = 8
	anywhere, known := things[what]
	return known && (anywhere || len(id) >= shortest && looksRandom(id))
}

// destroyed returns the thing that a command destroys, where its name stands behind the command's words: flyctl volumes destroy vol_1.
func (k *Knowledge) destroyed(s detectors.Sink) []detectors.ID {
	if len(s.Argv) == 0 {
		return nil
	}
	program := programName(unwrap(s.Argv)[0].Text)
	for _, name := range k.ToolProviders(program) {
		d := &decision{Knowledge: k, provider: k.providers[name]}
		given := d.command(s.Argv)
		for _, op := range d.provider.Operations {
			if op.Does&detectors.Destroy == 0 || len(given) < 3 {
				continue
			}
			for _, call := range op.Calls {
				pattern, isCommand := strings.CutPrefix(call, "cli ")
				if !isCommand || !strings.Contains(pattern, given[1]) {
					continue
				}
				words := strings.Fields(pattern)
				if len(words) < 3 || !d.matchCommand(words, s.Argv) {
					continue
				}
				words = slices.DeleteFunc(words, func(w string) bool { return strings.HasPrefix(w, "-") })
				what := strings.TrimSuffix(words[len(words)-2], "s")
				if len(given) > len(words) && isThing(what, given[len(words)]) {
					return []detectors.ID{{What: what, Value: given[len(words)]}}
				}
			}
		}
	}
	return nil
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

// Done returns the operations that handing the token to the sink does.
func (k *Knowledge) Done(t detectors.Token, s detectors.Sink) []detectors.Operation {
	d := &decision{Knowledge: k, provider: k.providers[t.Provider]}
	if d.provider == nil {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(t.Operations), func(op detectors.Operation) bool {
		return !slices.ContainsFunc(op.Calls, func(call string) bool { return d.calls(s, call) })
	})
}
