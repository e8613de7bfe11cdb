package tag

import (
	"slices"
	"strings"

	"github.com/stagewall/stagewall/detectors"
)

// identify finds the provider and the kind. A kind's own prefix decides; else the variables that are documented for it, and the
// headers, hosts and programs that the value goes to; if they disagree, or nothing decides, the widest scope and power hold.
func (d *decision) identify() {
	d.findProvider()
	d.token.Rule = d.rule()
	if d.provider == nil {
		d.token.Provider = d.namedByRule()
		return
	}
	d.token.Provider = d.provider.Name
	d.decode()
	d.openKinds()
	d.decideKind()
	if len(d.open) == 0 {
		return
	}
	kind := d.open[0]
	d.token.Kind, d.token.Cut, d.token.Bound = kind.Name, kind.Cut, kind.Bound
	if len(d.open) > 1 {
		d.say(detectors.Evidence{About: "kind", Says: "nothing tells " + titles(d.open) + "; the widest is taken", Source: kind.Source})
	}
}

// titles joins the titles of kinds: an a from a b from a c.
func titles(kinds []*detectors.Kind) string {
	names := make([]string, len(kinds))
	for i, k := range kinds {
		names[i] = article(k)
	}
	return strings.Join(names, " from ")
}

// article returns the kind's title after a or an.
func article(k *detectors.Kind) string {
	if k.Title != "" && strings.IndexByte("aeiouAEIO", k.Title[0]) >= 0 && !strings.HasPrefix(k.Title, "user") {
		return "an " + k.Title
	}
	return "a " + k.Title
}

// findProvider takes the provider that a rule names, else one that the name, or a place that the value goes to, stands for.
func (d *decision) findProvider() {
	if d.IsAssumed(d.Reference) {
		d.provider = d.providers[d.stores[d.Reference.Store].provider]
		return
	}
	for _, o := range d.Observations {
		if p := d.providers[o.Provider]; p != nil && (len(o.Kinds) > 0 || d.provider == nil) {
			d.provider = p
			if len(o.Kinds) > 0 {
				return
			}
		}
	}
	if d.provider != nil {
		return
	}
	for _, n := range d.namings() {
		_, name := cutPath(n.Name)
		if provider, kind, ok := d.Variable(name); ok && d.acceptable(kindOf{provider, kind}) && !d.elsewhere(provider) {
			d.provider = d.providers[provider]
			d.sayAt("kind", d.named(name), n.At)
			return
		}
	}
	for _, sink := range d.sinks() {
		for _, name := range sink.providers(d.Knowledge) {
			if p := d.providers[name]; d.fitsOne(p) && !d.elsewhere(name) {
				d.provider = p
				d.sayAt("kind", "it goes to "+sink.where(), sink.at)
				return
			}
		}
	}
	if d.Reference != nil {
		for _, n := range d.spoken() {
			if provider, _ := d.speaksOf(n.Name); provider != "" && !d.elsewhere(provider) {
				d.provider = d.providers[provider]
				d.sayAt("kind", n.Name+" speaks of "+d.provider.Title, n.At)
				return
			}
		}
	}
}

// named says for people what a name is to its provider.
func (d *decision) named(name string) string {
	if d.provider.Common {
		return d.taken(name) + " is a common name for one"
	}
	return d.taken(name) + " is a name that " + d.provider.Title + " documents"
}

// elsewhere reports whether the provider's programs are all told to take the token to another's service: the endpoint of aws can be any that
// speaks the protocol of S3.
func (d *decision) elsewhere(provider string) bool {
	told := false
	for _, u := range d.Uses {
		for _, of := range d.tools[programName(u.Sink.Tool)] {
			if of.provider != provider || len(of.tool.Endpoints) == 0 {
				continue
			}
			host, ok := endpoint(u.Sink.Argv, of.tool.Endpoints)
			if !ok || slices.Contains(d.Host(host), provider) {
				return false
			}
			told = true
		}
	}
	return told
}

// endpoint returns the host that one of the flags names, "" if it is computed.
func endpoint(argv []detectors.Word, flags []string) (host string, ok bool) {
	for i, w := range argv {
		name, value, given := strings.Cut(w.Text, "=")
		if !slices.Contains(flags, name) {
			continue
		}
		if !given && i+1 < len(argv) {
			value = argv[i+1].Text
		}
		_, value, _ = strings.Cut(value, "://")
		host, _, _ = strings.Cut(value, "/")
		host, _, _ = strings.Cut(host, ":")
		return strings.ToLower(host), true
	}
	return "", false
}

// namedByRule returns the name of a provider of which nothing else is known.
func (d *decision) namedByRule() string {
	for _, o := range d.Observations {
		if o.Provider != "" {
			return o.Provider
		}
	}
	return ""
}

// acceptable reports whether the value can be of the kind: it has the kind's shape, or the kind has none. A reference has no value.
func (d *decision) acceptable(of kindOf) bool {
	if d.Reference != nil {
		return true
	}
	if p := d.providers[of.provider]; p.Decode != nil && p.Decode(d.Secret.Reveal()).Reject != "" {
		return false // it is what stands for one of the provider's
	}
	kind := d.Kind(of.provider, of.kind)
	return kind != nil && (kind.Shape == "" || d.fits(of, d.Secret.Reveal()))
}

// fitsOne reports whether the value has the shape of one of the provider's kinds. A reference has no value that could not fit.
func (d *decision) fitsOne(p *detectors.Provider) bool {
	if d.Reference != nil {
		return len(p.Kinds) > 0
	}
	return slices.ContainsFunc(p.Kinds, func(k detectors.Kind) bool { return d.fits(kindOf{p.Name, k.Name}, d.Secret.Reveal()) })
}

// rule returns the id of the rule that found the token for its provider, else of the first that found it.
func (d *decision) rule() string {
	for _, o := range d.Observations {
		if d.provider != nil && o.Provider == d.provider.Name {
			return o.Rule
		}
	}
	if len(d.Observations) > 0 {
		return d.Observations[0].Rule
	}
	return ""
}

// decode takes what the token's own text says, and reads it now if no rule of the provider found it.
func (d *decision) decode() {
	i := slices.IndexFunc(d.Observations, func(o Observation) bool { return o.Provider == d.provider.Name })
	switch {
	case i >= 0:
		d.decoded = d.Observations[i].Decoded
	case d.IsAssumed(d.Reference):
		kind := d.Kind(d.provider.Name, d.stores[d.Reference.Store].kind)
		d.decoded = detectors.Decoded{Kind: kind.Name, IDs: []detectors.ID{{What: kind.Of, Value: d.Reference.Scope}, {What: kind.Name, Value: d.Reference.Name}}}
	case d.Reference == nil && d.provider.Decode != nil:
		d.decoded = d.provider.Decode(d.Secret.Reveal())
	}
	for _, e := range d.decoded.Evidence {
		d.say(e)
	}
}

// openKinds lists the kinds that the rules leave open; where no rule of the provider says, those that the value can be.
func (d *decision) openKinds() {
	named := map[string]bool{}
	for _, o := range d.Observations {
		if o.Provider == d.provider.Name {
			for _, kind := range o.Kinds {
				named[kind] = true
			}
		}
	}
	d.open = d.kinds(func(k *detectors.Kind) bool { return named[k.Name] })
	if len(d.open) == 0 && d.Reference == nil {
		d.open = d.kinds(func(k *detectors.Kind) bool { return d.fits(kindOf{d.provider.Name, k.Name}, d.Secret.Reveal()) })
	}
	if len(d.open) == 0 {
		d.open = d.kinds(func(k *detectors.Kind) bool { return d.Reference == nil || !k.Fleeting })
	}
	sortKinds(d.open)
}

// sortKinds puts the widest scope first.
func sortKinds(kinds []*detectors.Kind) {
	slices.SortStableFunc(kinds, func(a, b *detectors.Kind) int { return width(a.Scope) - width(b.Scope) })
}

// kinds returns the provider's kinds that are so.
func (d *decision) kinds(is func(*detectors.Kind) bool) []*detectors.Kind {
	var kinds []*detectors.Kind
	for i := range d.provider.Kinds {
		if is(&d.provider.Kinds[i]) {
			kinds = append(kinds, &d.provider.Kinds[i])
		}
	}
	return kinds
}

// width orders scopes, the widest first: what belongs to an account reaches everything; what does not say where it reaches comes before
// what does.
func width(s detectors.Scope) int {
	switch s {
	case detectors.ScopeAccount:
		return 0
	case detectors.ScopeContainer, detectors.ScopeHost:
		return 1
	case detectors.ScopeText, detectors.ScopeClaims:
		return 2
	}
	return 3
}

// decideKind narrows the open kinds to those that something decides for.
func (d *decision) decideKind() {
	if d.decoded.Kind != "" {
		if kind := d.Kind(d.provider.Name, d.decoded.Kind); kind != nil {
			d.open = []*detectors.Kind{kind}
			says := "its text is that of " + article(kind)
			if d.Reference != nil {
				says = "it is " + article(kind) + " that is assumed"
			}
			d.say(detectors.Evidence{About: "kind", Says: says, Source: kind.Source})
			return
		}
	}
	decided := map[*detectors.Kind]bool{}
	for _, sink := range d.sinks() {
		if sink.header == "" || !sink.isFor(d.Knowledge, d.provider.Name) {
			continue
		}
		for _, kind := range d.open {
			if sends(kind, sink.header, sink.scheme) {
				decided[kind] = true
				d.sayAt("kind", article(kind)+" is sent as "+strings.TrimSpace(sink.header+" "+sink.scheme), sink.at)
			}
		}
	}
	for _, n := range d.namings() {
		_, base := cutPath(n.Name)
		if provider, name, ok := d.Variable(base); ok && provider == d.provider.Name {
			for _, kind := range d.open {
				if kind.Name == name && (!kind.Selected || base == strings.ToUpper(base)) { // what code calls something is no name that a program reads
					decided[kind] = true
					d.sayAt("kind", d.taken(base)+" is documented for "+article(kind), n.At)
				}
			}
		}
	}
	if len(decided) == 0 {
		d.flagged(decided)
	}
	if spoken := d.spokenOf(decided); len(spoken) > 0 {
		decided = spoken
	}
	if len(decided) > 0 {
		d.open = d.kinds(func(k *detectors.Kind) bool { return decided[k] })
	} else if secret := d.kinds(func(k *detectors.Kind) bool { return slices.Contains(d.open, k) && k.Scope != detectors.ScopePublic }); len(secret) > 0 {
		d.open = secret
	}
	sortKinds(d.open)
}

// flagged decides for the kinds that programs of the provider take by the flags by which they are given the value.
func (d *decision) flagged(decided map[*detectors.Kind]bool) {
	for _, sink := range d.sinks() {
		if sink.flag == "" || !slices.Contains(d.ToolProviders(sink.tool), d.provider.Name) {
			continue
		}
		for _, kind := range d.open {
			if slices.Contains(kind.Flags, sink.flag) {
				decided[kind] = true
				d.sayAt("kind", programName(sink.tool)+" takes "+article(kind)+" by its --"+sink.flag, sink.at)
			}
		}
	}
}

// spokenOf returns the kinds that a reference's names speak of, where nothing decided or several kinds did: of the decided ones those, or
// all if none is among them.
func (d *decision) spokenOf(decided map[*detectors.Kind]bool) map[*detectors.Kind]bool {
	if d.Reference == nil || len(decided) == 1 {
		return nil
	}
	spoken, both := map[*detectors.Kind]bool{}, map[*detectors.Kind]bool{}
	for _, n := range d.spoken() {
		provider, kinds := d.speaksOf(n.Name)
		if provider != d.provider.Name {
			continue
		}
		for _, kind := range d.open {
			if !slices.Contains(kinds, kind.Name) {
				continue
			}
			spoken[kind] = true
			if decided[kind] {
				both[kind] = true
			}
			d.sayAt("kind", n.Name+" reads like the name of "+article(kind), n.At)
		}
	}
	if len(both) > 0 {
		return both
	}
	if len(decided) > 0 {
		return nil
	}
	return spoken
}

// sends reports whether a kind is sent in the header.
func sends(kind *detectors.Kind, header, scheme string) bool {
	for _, h := range kind.Headers {
		name, with, _ := strings.Cut(h, " ")
		if strings.EqualFold(name, header) && strings.EqualFold(with, scheme) {
			return true
		}
	}
	return false
}

// namings returns the names that the token has: a reference's own, those that linking found, the variables that it is assigned to.
func (d *decision) namings() []detectors.Naming {
	var names []detectors.Naming
	if d.Reference != nil {
		n := detectors.Naming{Name: d.Reference.Name}
		for _, linked := range d.Names {
			if linked.Name == n.Name {
				n.At = linked.At
				break
			}
		}
		names = append(names, n)
	}
	for _, o := range d.Observations {
		if o.Variable != "" {
			names = append(names, detectors.Naming{Name: o.Variable, At: o.At})
		}
	}
	type said struct {
		name, path string
		line       int
	}
	has := map[said]bool{} // a token can have as many names as there are units that are given it
	for _, n := range names {
		has[said{n.Name, n.At.Path, n.At.Line}] = true
	}
	for _, n := range d.Names {
		if key := (said{n.Name, n.At.Path, n.At.Line}); !has[key] {
			has[key] = true
			names = append(names, n)
		}
	}
	return names
}

// spoken returns the names that may speak of a provider: those that the token has, and that of a field below the item that holds it, as in
// op://Production/stripe/secret_key, in a path of a vault and in a parameter's, if the field's name says no more than that it is a credential.
func (d *decision) spoken() []detectors.Naming {
	names := d.namings()
	if d.Reference == nil {
		return names
	}
	path, field := cutPath(d.Reference.Name)
	if path == "" {
		path = d.Reference.Scope
	} else {
		names = append(names, detectors.Naming{Name: field, At: names[0].At})
	}
	if path != "" && !slices.ContainsFunc(wordsOf(field), func(w string) bool { return nouns[w] == "" && !slices.Contains(plainWords, w) }) {
		_, item := cutPath(path)
		names = append(names, detectors.Naming{Name: item + "_" + field, At: names[0].At})
	}
	return names
}

// cutPath returns what stands before the last slash of a name, and what stands behind it: names of parameters and of secrets in clouds are
// paths, as in /acme/production/DATABASE_URL.
func cutPath(name string) (path, base string) {
	i := strings.LastIndexByte(name, '/')
	return name[:max(i, 0)], name[i+1:]
}

// sink is where the value goes: by linking, or as its statement shows.
type sink struct {
	hosts          []string
	observed       *Observation // whose hosts they are, nil if linking says so
	tool           string
	header, scheme string
	flag           string // the flag by which the program is given it
	elsewhere      bool   // the program logs in with it to another registry than its own
	credential     bool   // the program takes the value as a credential, and not as any other argument
	at             detectors.Place
}

// sinks returns all of them.
func (d *decision) sinks() []sink {
	var all []sink
	for _, u := range d.Uses {
		s := sink{tool: u.Sink.Tool, header: u.Sink.Header, scheme: u.Sink.Scheme, flag: u.Sink.Flag(), credential: takesCredential(u.Sink), at: u.At}
		if u.Sink.Host != "" {
			s.hosts = []string{u.Sink.Host}
		}
		var registry string
		if registry, s.elsewhere = registryOf(u.Sink); registry != "" {
			s.hosts = append(s.hosts, registry)
		}
		all = append(all, s)
	}
	for i := range d.Observations {
		o := &d.Observations[i]
		if len(o.Hosts) > 0 || o.Header != "" {
			all = append(all, sink{hosts: o.Hosts, observed: o, header: o.Header, scheme: o.Scheme, at: o.At})
		}
	}
	return all
}

// near reports whether one of its hosts does no more than stand near the value.
func (s sink) near(host string) bool {
	return s.observed != nil && !slices.Contains(s.observed.Own, host)
}

// providers returns the providers that the value goes to.
func (s sink) providers(k *Knowledge) []string {
	var names []string
	for _, host := range s.hosts {
		names = append(names, k.Host(host)...)
	}
	if s.credential && !s.elsewhere {
		names = append(names, k.ToolProviders(s.tool)...)
	}
	return names
}

// registries are programs that log in to registries of anybody.
var registries = []string{"docker", "podman", "buildah", "skopeo", "nerdctl", "crane", "oras", "helm"}

// registryOf returns the host that a program logs in to, and whether that is another's than the program's own, where it is an argument:
// docker login -u x -p y quay.io. Nobody computes the name of Docker's own. https://docs.docker.com/reference/cli/docker/login/
func registryOf(s detectors.Sink) (host string, elsewhere bool) {
	argv := unwrap(s.Argv)
	login := slices.IndexFunc(argv, func(w detectors.Word) bool { return w.Text == "login" })
	if login < 1 || !slices.Contains(registries, programName(argv[0].Text)) {
		return "", false
	}
	for i := login + 1; i < len(argv); i++ {
		switch word := argv[i].Text; {
		case word == "":
			return "", true
		case word == "-u", word == "--username", word == "-p", word == "--password":
			i++
		case strings.HasPrefix(word, "-"):
		default:
			host, _, _ := strings.Cut(strings.TrimPrefix(word, "https://"), "/")
			if strings.Contains(host, ".") && !strings.HasSuffix(host, "docker.io") {
				return strings.ToLower(host), true
			}
		}
	}
	return "", false
}

// credentialFlags are how programs name an argument that is a credential.
var credentialFlags = []string{
	"token", "access-token", "api-token", "auth-token", "auth", "api-key", "apikey", "access-key", "secret-key", "secret", "key", "password",
	"passwd", "pass", "credentials", "service-account", "connection-string", "sas-token", "account-key", "client-secret", "private-key",
}

// IsToken reports whether the subject is a token at all: what only its being handed on as one can show must be handed on so.
func (k *Knowledge) IsToken(s Subject) bool {
	if s.Reference != nil || slices.ContainsFunc(s.Observations, func(o Observation) bool { return !o.Handed }) {
		return true
	}
	return slices.ContainsFunc(s.Uses, func(u detectors.Use) bool {
		return u.Sink.Header != "" || u.Sink.Variable != "" || len(u.Sink.Argv) > 0 && takesCredential(u.Sink)
	})
}

// takesCredential reports whether what is handed to the sink is its credential. A function or an action is handed little else; a program's
// arguments can be anything, a bucket's name for one, so there a flag has to say so, or that it is a login, or the program's documentation
// of its environment.
func takesCredential(s detectors.Sink) bool {
	if s.Variable != "" || len(s.Argv) == 0 {
		return true
	}
	if contains(s.Argv) {
		return false
	}
	switch flag := s.Flag(); {
	case flag == "":
	case slices.Contains(credentialFlags, flag):
		return true
	case slices.Contains(userFlags, flag):
		return false
	}
	for i, w := range s.Argv[1:] {
		flag, dashed := strings.CutPrefix(w.Text, "-")
		flag, _, _ = strings.Cut(strings.TrimPrefix(flag, "-"), "=")
		if s.Arg == 0 && dashed && slices.Contains(credentialFlags, strings.ToLower(flag)) || w.Text == "login" && s.Argv[i].Text != loginMode {
			return true
		}
	}
	return false
}

// userFlags are how programs name who logs in.
var userFlags = []string{"u", "user", "username"}

// loginMode is the flag of az whose value login says that a command asks with the account that is logged in.
//
//	https://learn.microsoft.com/en-us/azure/storage/blobs/authorize-data-operations-cli
const loginMode = "--auth-mode"

// containers are programs that run another in a container, whose arguments stand behind theirs.
var containers = []string{"docker", "podman", "nerdctl", "docker-compose", "podman-compose", "kubectl", "oc"}

// contains reports whether a command's arguments are those of a program in a container: docker compose run app --password=x. The programs
// that run it have no flag there that takes a credential of theirs.
//
//	https://docs.docker.com/reference/cli/docker/container/run/
//	https://docs.docker.com/reference/cli/docker/compose/run/
//	https://kubernetes.io/docs/reference/kubectl/generated/kubectl_exec/
func contains(argv []detectors.Word) bool {
	argv = unwrap(argv)
	return slices.Contains(containers, programName(argv[0].Text)) &&
		slices.ContainsFunc(argv[1:], func(w detectors.Word) bool { return w.Text == "run" || w.Text == "exec" })
}

// isFor reports whether the value goes to the provider, as far as is known: a header without a host can be any provider's.
func (s sink) isFor(k *Knowledge, provider string) bool {
	names := s.providers(k)
	return len(s.hosts) == 0 && len(names) == 0 || slices.Contains(names, provider)
}

// where says to people where the value goes.
func (s sink) where() string {
	if len(s.hosts) > 0 {
		return strings.Join(s.hosts, ", ")
	}
	return s.tool
}
