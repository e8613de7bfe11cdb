package providers

import (
	"encoding/base64"
	"slices"
	"strconv"
	"strings"

	"github.com/stagewall/stagewall/detectors"
)

const (
	flyTokens    = "https://fly.io/docs/security/tokens/"
	flyVolumes   = "https://fly.io/docs/volumes/volume-states/"
	flyMachines  = "https://fly.io/docs/machines/api/"
	flyctl       = "https://fly.io/docs/flyctl/"
	flyMacaroons = "https://github.com/superfly/macaroon"
	flyCommands  = "https://github.com/superfly/flyctl/blob/master/internal/command/"
)

// The kinds of Fly.io's tokens that [decodeFly] tells apart.
const (
	flyPersonal     = "personal-token"
	flyOrganisation = "organisation-token"
	flyApp          = "app-token"
)

// fly knows personal tokens and macaroons, which list in their own text what they are limited to. Fly.io has no environments: an app,
// or an organisation, is what stands for one.
func fly() detectors.Provider {
	const bundle = `(?:fm2|fm1r|fm1a)_[A-Za-z0-9+/]{60,}={0,2}`
	wide := []string{flyPersonal, flyOrganisation}
	destroy := func(name, page string, calls ...string) detectors.Operation {
		return detectors.Operation{Name: name, Does: detectors.Destroy, Kinds: wide, Calls: calls, Source: flyCommands + page}
	}
	return detectors.Provider{
		Name:   "fly",
		Title:  "Fly.io",
		Hosts:  []string{"api.machines.dev", "api.fly.io", "_api.internal", "registry.fly.io"},
		Decode: decodeFly,
		Rules: []detectors.Rule{
			{
				ID:          "fly-personal-token",
				Description: "a personal access token",
				Pattern:     prefixed(`fo1_[A-Za-z0-9_-]{43}`),
				Group:       1,
				Keywords:    []string{"fo1_"},
				Entropy:     3.5,
				Kinds:       []string{flyPersonal},
			},
			{
				ID:          "fly-macaroon",
				Description: "a macaroon, or several of them joined by commas",
				Pattern:     left + `(` + bundle + `(?:,` + bundle + `)*)(?:[^A-Za-z0-9+/=_-]|$)`,
				Group:       1,
				Keywords:    []string{"fm2_", "fm1r_", "fm1a_"},
				Entropy:     4,
				Kinds:       []string{flyPersonal, flyOrganisation, flyApp},
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:      flyPersonal,
				Title:     "personal token",
				Scope:     detectors.ScopeAccount,
				Bound:     "every app of every organisation of its owner",
				AtMost:    detectors.Full,
				Variables: []string{"FLY_ACCESS_TOKEN"},
				Cut:       "use a deploy token of staging's app (fly tokens create deploy), and revoke this one",
				Source:    flyTokens,
			},
			{
				Name:   flyOrganisation,
				Title:  "organisation token",
				Scope:  detectors.ScopeAccount,
				Bound:  "every app of one organisation",
				AtMost: detectors.Full,
				Cut:    "use a deploy token of staging's app (fly tokens create deploy), and revoke this one",
				Source: flyTokens,
			},
			{
				Name:      flyApp,
				Title:     "app token",
				Scope:     detectors.ScopeClaims,
				Bound:     "the apps that it names, by number",
				AtMost:    detectors.Read | detectors.Write | detectors.Destroy,
				Variables: []string{"FLY_API_TOKEN"},
				Cut:       "use a deploy token of staging's app, and revoke this one",
				Source:    flyTokens,
			},
		},
		Tools: []detectors.Tool{{
			Name: "flyctl", Needs: detectors.NeedsToken, Aliases: []string{"fly"}, Variables: []string{"FLY_API_TOKEN", "FLY_ACCESS_TOKEN"},
			Selectors: []string{"--app", "-a", "--config", "-c", "--org", "-o", "--access-token", "-t"},
			Source:    flyctl,
		}},
		Containers: []detectors.Container{{Variable: "FLY_APP_NAME", What: "app"}, {Variable: "FLY_APP", What: "app"}},
		Operations: []detectors.Operation{
			{
				Name: "volumes destroy", Does: detectors.Destroy, Undo: "24 h", Backups: "kept, for 5 days unless set otherwise",
				Calls:  append(flyCalls([]string{"volumes", "volume", "vol", "v"}, "destroy", "delete", "rm"), "http DELETE /v1/apps/*/volumes/*"),
				Source: flyVolumes,
			},
			{
				Name: "apps destroy", Does: detectors.Destroy, Undo: "no undo",
				Calls:  append(flyCalls([]string{"apps", "app"}, "destroy", "delete", "remove", "rm"), "cli flyctl destroy", "http DELETE /v1/apps/*", "graphql deleteApp"),
				Source: flyCommands + "apps/destroy.go",
			},
			{
				Name: "machine destroy", Does: detectors.Destroy, Undo: "no undo",
				Calls:  append(flyCalls([]string{"machine", "machines", "m"}, "destroy", "remove", "rm"), "http DELETE /v1/apps/*/machines/*"),
				Source: flyMachines + "machines-resource/",
			},
			undo(destroy("mpg destroy", "mpg/destroy.go", flyCalls([]string{"mpg"}, "destroy", "delete", "remove", "rm")...), "no undo", ""),
			undo(destroy("storage destroy", "extensions/tigris/destroy.go", flyCalls([]string{"storage", "tigris", "extensions storage", "ext storage"}, "destroy")...), "no undo", ""),
			undo(destroy("redis destroy", "redis/destroy.go", flyCalls([]string{"redis"}, "destroy", "delete")...), "no undo", ""),
			undo(destroy("vector destroy", "extensions/vector/destroy.go", flyCalls([]string{"extensions vector", "ext vector"}, "destroy")...), "no undo", ""),
			undo(destroy("orgs delete", "orgs/delete.go", "cli flyctl orgs delete"), "no undo", ""),
			{
				Name: "secrets unset", Does: detectors.Destroy, Calls: []string{"cli flyctl secrets unset", "graphql unsetSecrets"}, Source: flyCommands + "secrets/unset.go",
			},
			{
				Name: "make tokens or change access", Does: detectors.Admin, Kinds: wide,
				Calls: []string{"cli flyctl tokens create", "cli flyctl orgs invite", "graphql createLimitedAccessToken"}, Source: flyTokens,
			},
			{
				Name: "deploy", Does: detectors.Write,
				Calls: []string{
					"cli flyctl deploy", "cli flyctl launch", "cli flyctl secrets set", "cli flyctl scale", "cli flyctl machine run", "http POST /v1/apps/*/machines",
					"graphql setSecrets",
				},
				Source: flyctl,
			},
		},
	}
}

// flyCalls writes a command with the other names of its group and of itself.
func flyCalls(groups []string, commands ...string) []string {
	var calls []string
	for _, group := range groups {
		for _, command := range commands {
			calls = append(calls, "cli flyctl "+group+" "+command)
		}
	}
	return calls
}

// decodeFly reads what a bundle of macaroons is limited to. Nothing is verified: whoever holds a macaroon can only add limits.
// https://pkg.go.dev/github.com/superfly/macaroon
func decodeFly(secret string) detectors.Decoded {
	var tokens []flyMacaroon
	for text := range strings.SplitSeq(secret, ",") {
		token, ok := parseFlyMacaroon(text)
		switch {
		case !ok:
			return detectors.Decoded{}
		case token.permits:
			tokens = append(tokens, token)
		}
	}
	if len(tokens) == 0 {
		return detectors.Decoded{}
	}
	d := detectors.Decoded{Kind: flyPersonal, Exact: true}
	if len(tokens) == 1 {
		d.Kind = tokens[0].kind()
	}
	for _, token := range tokens {
		d.AtMost |= token.power()
		for _, id := range token.ids {
			if !slices.Contains(d.IDs, id) {
				d.IDs = append(d.IDs, id)
			}
		}
	}
	d.Evidence = []detectors.Evidence{{About: "kind", Says: "its caveats list what it is limited to", Source: flyMacaroons}}
	return d
}

// flyMask says which actions a caveat leaves.
type flyMask uint64

const (
	flyRead flyMask = 1 << iota
	flyWrite
	flyCreate
	flyDelete
	flyControl
	flyAll flyMask = 1<<16 - 1
)

// flyMacaroon is what one macaroon says.
type flyMacaroon struct {
	permits   bool // it gives rights, and does not only prove who asks for them
	mask      flyMask
	ids       []detectors.ID
	member    bool // it may not do what only administrators may
	mutations []string
}

// flyPermissions is the place that macaroons which give rights are made for.
const flyPermissions = "https://api.fly.io/v1"

// The types of the caveats that say something here, with their bodies.
const (
	flyOrganisationCaveat = 0  // [id, mask]
	flyAppsCaveat         = 3  // [{id: mask}]
	flyMutationsCaveat    = 6  // [[name]]
	flyIfPresentCaveat    = 13 // [caveats, mask for what they do not speak of]
	flyMemberCaveat       = 22 // []
	flyActionCaveat       = 26 // mask
)

// parseFlyMacaroon reads PREFIX_BASE64, MessagePack: [nonce, location, caveats, signature].
func parseFlyMacaroon(text string) (flyMacaroon, bool) {
	_, encoded, _ := strings.Cut(text, "_")
	raw, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(encoded, "="))
	if err != nil {
		return flyMacaroon{}, false
	}
	value, ok := (&msgpack{rest: raw}).value()
	fields, isArray := value.([]any)
	if !ok || !isArray || len(fields) != 4 {
		return flyMacaroon{}, false
	}
	location, _ := fields[1].(string)
	caveats, ok := fields[2].([]any)
	m := flyMacaroon{permits: location == flyPermissions, mask: flyAll}
	m.mask = m.limit(caveats)
	return m, ok
}

// limit notes what the caveats, each a type and a body, are about, and returns the actions that all of them leave.
func (m *flyMacaroon) limit(caveats []any) flyMask {
	mask := flyAll
	for i := 0; i+1 < len(caveats); i += 2 {
		kind, ok := caveats[i].(uint64)
		if !ok {
			continue
		}
		body, _ := caveats[i+1].([]any)
		switch {
		case kind == flyOrganisationCaveat && len(body) == 2:
			m.note("account", body[0])
			mask &= actions(body[1])
		case kind == flyAppsCaveat && len(body) == 1:
			mask &= m.apps(body[0])
		case kind == flyMutationsCaveat && len(body) == 1:
			m.mutations = words(body[0])
		case kind == flyIfPresentCaveat && len(body) == 2:
			inner, _ := body[0].([]any)
			mask &= m.limit(inner) | actions(body[1])
		case kind == flyMemberCaveat:
			m.member = true
		case kind == flyActionCaveat:
			mask &= actions(caveats[i+1])
		}
	}
	return mask
}

// apps notes the apps of a map and returns the actions that it leaves on any of them. App 0 is every app.
func (m *flyMacaroon) apps(pairs any) flyMask {
	list, _ := pairs.([]any)
	var mask flyMask
	for i := 0; i+1 < len(list); i += 2 {
		if list[i] != uint64(0) {
			m.note("app", list[i])
		}
		mask |= actions(list[i+1])
	}
	return mask
}

func (m *flyMacaroon) note(what string, id any) {
	if n, ok := id.(uint64); ok {
		m.ids = append(m.ids, detectors.ID{What: what, Value: strconv.FormatUint(n, 10)})
	}
}

// actions returns a mask, and every action if the value is none.
func actions(value any) flyMask {
	if n, ok := value.(uint64); ok {
		return flyMask(n)
	}
	return flyAll
}

func words(value any) []string {
	list, _ := value.([]any)
	var all []string
	for _, v := range list {
		if s, ok := v.(string); ok {
			all = append(all, s)
		}
	}
	return all
}

func (m *flyMacaroon) kind() string {
	if slices.ContainsFunc(m.ids, func(id detectors.ID) bool { return id.What == "app" }) {
		return flyApp
	}
	return flyOrganisation
}

// power returns what the caveats leave. A macaroon that is limited to mutations can do nothing else.
func (m *flyMacaroon) power() detectors.Privilege {
	if m.mutations != nil {
		power := detectors.Write
		for _, name := range m.mutations {
			if name = strings.ToLower(name); strings.Contains(name, "delete") || strings.Contains(name, "destroy") {
				power |= detectors.Destroy
			}
		}
		return power
	}
	var power detectors.Privilege
	if m.mask&flyRead != 0 {
		power |= detectors.Read
	}
	if m.mask&(flyWrite|flyCreate|flyControl) != 0 {
		power |= detectors.Write
	}
	if m.mask&flyDelete != 0 {
		power |= detectors.Destroy
	}
	if m.kind() == flyOrganisation && !m.member && m.mask&flyWrite != 0 {
		power |= detectors.Admin
	}
	return power
}
