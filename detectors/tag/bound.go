package tag

import (
	"path"
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"
	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/environ"
)

// binding is something that binds the token to environments.
type binding struct {
	environments detectors.Environment
	says         string
	at           detectors.Place
	whichever    bool // so of each value that the reference can have
	apart        bool // so of all its values together, of which each is an environment's own
}

// narrow intersects the bindings. An empty intersection is a contradiction: the full set holds.
func (d *decision) narrow(binds []binding) {
	reach, whichever, apart := detectors.Unscoped, false, false
	for _, b := range binds {
		reach &= b.environments
		whichever, apart = whichever || b.whichever, apart || b.apart
		d.sayAt("reach", b.says, b.at)
		if b.whichever {
			d.token.Bound = b.says
		}
	}
	if reach == 0 {
		reach = detectors.Unscoped
		d.say(detectors.Evidence{About: "reach", Says: "what binds it contradicts itself; every environment is taken"})
	}
	d.token.Reach = detectors.Reach{Known: true, Environments: reach, Whichever: whichever && reach.Touches(detectors.Production), Apart: apart}
}

// bindings returns what binds a token of the kind, one for each sort of evidence: its text, its ids, its hosts, what it is bound to
// beside it, what it is used for.
func (d *decision) bindings(kind *detectors.Kind) []binding {
	var all []binding
	add := func(b binding) {
		if b.environments != 0 {
			all = append(all, b)
		}
	}
	add(binding{environments: d.decoded.Reach, says: "its text is for " + d.decoded.Reach.String()})
	add(d.boundByIDs(kind))
	if kind.Scope != detectors.ScopeAccount {
		add(d.boundByPartners())
	}
	add(d.boundByOpened(kind))
	switch kind.Scope {
	case detectors.ScopeHost, detectors.ScopeClaims, detectors.ScopeText:
		hosts := d.boundByHosts(kind)
		if hosts.environments == 0 && kind.Scope == detectors.ScopeHost {
			hosts = d.boundByMode(kind)
		}
		add(hosts)
	case detectors.ScopeContainer:
		add(d.boundBesides())
		add(d.boundByFolders())
		add(d.boundByFile(kind))
		if uses := d.boundByUses(); kind.Selected || uses.environments.Touches(detectors.Production) {
			add(uses) // a token of several environments that works on staging clears nothing
		}
	}
	return all
}

// boundByIDs looks the ids in the token's text up in the repository's tables; for a kind that an account does not own, an id that
// is an environment's name binds too.
func (d *decision) boundByIDs(kind *detectors.Kind) binding {
	reach := detectors.Unscoped
	var says []string
	for _, id := range d.decoded.IDs {
		if id.What == "host" {
			continue // see boundByHosts
		}
		if id.What == "service-account" {
			continue // see widened
		}
		if id.What == detectors.Role && says != nil {
			continue // its account says more
		}
		e := d.mapped(id.What, id.Value)
		if id.What == detectors.Role && len(e.List()) > 1 {
			continue // there is one of the name in each of them
		}
		if e == 0 && kind.Scope != detectors.ScopeAccount && bounds[id.What] {
			e = environ.Value(id.Value)
		}
		if id.What == "namespace" || id.What == "project" {
			given, open := d.widened()
			if open = open || given != 0 && e == 0; open && !(e | given).Touches(detectors.Production) {
				return binding{} // what one of its places says is not the whole truth
			}
			e |= given
		}
		if e != 0 {
			reach &= e
			says = append(says, id.What+" "+id.Value+", which is "+e.String()+"'s")
		}
	}
	if says == nil {
		return binding{}
	}
	return binding{environments: reach, says: "its text names the " + strings.Join(says, ", the ")}
}

// project returns the environments of a project, by the repository's tables, by who works in it as somebody, or by its own name.
func (d *decision) project(id string) detectors.Environment {
	if id == "" {
		return 0
	}
	if e := d.mapped("project", id) | d.mapped(AssumedIn, id); e != 0 {
		return e
	}
	return environ.Value(id)
}

// bounds are the sorts of ids that bound a token and are often named after an environment. A user's and a database's name bound nothing.
var bounds = map[string]bool{"project": true, "namespace": true, "config": true, "deployment": true, "environment": true, "app": true, "tenant": true}

// mapped returns the environments to which the repository's tables give an id. They have no rows for ids of environments: such an id
// stands among those of projects, accounts and apps.
func (d *decision) mapped(what, value string) detectors.Environment {
	var named detectors.Environment
	if bounds[what] {
		named = environ.Value(value)
	}
	return d.rows(named, func(row detectors.Binding) bool {
		same := row.What == what || what == "environment" && (row.What == "project" || row.What == "account" || row.What == "app")
		return same && len(row.Value) == len(value) && strings.EqualFold(row.Value, value)
	})
}

// rows returns the environments of the rows that are so, 0 if there is none. What the owner states holds as it is. Other files show where
// a thing is used: then what its own name says is added, and if one of them uses it where nobody can say which environment it is, only
// production is known, since what the others say clears nothing.
func (d *decision) rows(named detectors.Environment, is func(detectors.Binding) bool) detectors.Environment {
	var stated, shown detectors.Environment
	open := false
	for i, row := range d.inventory {
		if !is(row) || row.ByFile && d.standsIn(row.At.Path) {
			continue
		}
		if !slices.Contains(d.asked, i) {
			d.asked = append(d.asked, i)
		}
		if row.Stated {
			stated |= row.Environments
		} else {
			shown |= row.Environments
			open = open || row.Environments == 0
		}
	}
	if stated != 0 || shown == 0 {
		return stated
	}
	if shown |= named; open && !shown.Touches(detectors.Production) {
		return 0
	}
	return shown
}

// standsIn reports whether the token stands in the file.
func (d *decision) standsIn(file string) bool {
	return slices.ContainsFunc(d.Observations, func(o Observation) bool { return o.At.Path == file })
}

// boundByHosts takes the hosts that the token is for: those in its text, or else those that it is sent to. A token that goes to several
// hosts reaches what all of them are; one host that says nothing leaves the rest unknown, unless production is among them already.
func (d *decision) boundByHosts(kind *detectors.Kind) binding {
	hosts := d.decodedHosts()
	if len(hosts) == 0 && kind.Scope == detectors.ScopeHost {
		hosts = d.sentTo()
	}
	var b binding
	silent, sure := false, false
	for _, h := range hosts {
		e := d.hostEnvironments(h.host)
		if e == 0 {
			e = d.besideIn(h.host)
		}
		if e == 0 {
			silent = silent || !h.near
			continue
		}
		sure = sure || !h.near
		b.environments |= e
		b.says = join(b.says, h.host+" is "+e.String()+"'s")
		b.at = h.at
	}
	if (silent || !sure) && !b.environments.Touches(detectors.Production) {
		return binding{} // a host that only stands near may be a proxy's, or another command's: it clears nothing
	}
	b.says = "its host " + b.says
	return b
}

// Service is what rows are of that say which services compose starts: the name of one is its host, in the network of those that start beside it
// (https://docs.docker.com/compose/how-tos/networking/). In is the unit.
const Service = "service"

// besideIn returns the environments in which a host without a domain is a service beside what has the token, 0 if not all that has it, and whose
// environment matters, is such.
func (d *decision) besideIn(host string) detectors.Environment {
	if strings.Contains(host, ".") {
		return 0
	}
	folders, starts := map[string]bool{}, map[string]bool{} // where there is such a service, and the units that compose starts
	for _, row := range d.inventory {
		if row.What == Service {
			starts[row.In] = true
			folders[path.Dir(row.At.Path)] = folders[path.Dir(row.At.Path)] || strings.EqualFold(row.Value, host)
		}
	}
	var e detectors.Environment
	for _, h := range d.Holders {
		switch {
		case h.Text:
		case starts[h.Unit] && folders[path.Dir(h.At.Path)] && h.Environments != 0:
			e |= h.Environments
		case starts[h.Unit], h.Environments.Touches(detectors.Production):
			return 0
		}
	}
	return e
}

// hostAt is a host and where it is written.
type hostAt struct {
	host string
	at   detectors.Place
	near bool // it stands in the value's statement or record, and nothing says that the value goes there
}

func (d *decision) decodedHosts() []hostAt {
	var hosts []hostAt
	for _, h := range d.decoded.Hosts {
		hosts = append(hosts, hostAt{host: h})
	}
	return hosts
}

// sentTo returns the hosts that the value goes to: the provider's own, or all where none is.
func (d *decision) sentTo() []hostAt {
	var every, own []hostAt
	for _, u := range d.Uses {
		d.eachSelector(u, func(_, flag, value string) {
			if hostFlags[flag] && value != "" {
				own = append(own, hostAt{host: strings.ToLower(value), at: u.At})
			}
		})
	}
	for _, s := range d.sinks() {
		for _, h := range s.hosts {
			every = append(every, hostAt{h, s.at, s.near(h)})
			if d.provider != nil && slices.Contains(d.Host(h), d.provider.Name) {
				own = append(own, hostAt{host: h, at: s.at})
			}
		}
	}
	if len(own) > 0 {
		return own
	}
	return every
}

// hostEnvironments asks the repository's tables first, then the host's own labels.
func (d *decision) hostEnvironments(host string) detectors.Environment {
	host = strings.ToLower(host)
	named := environ.Host(host)
	e := d.rows(named, func(row detectors.Binding) bool {
		return row.What == "host" && matches(strings.ToLower(row.Value), host)
	})
	if e != 0 {
		return e
	}
	return named
}

// matches reports whether a path or a host matches a pattern of the repository's table.
func matches(pattern, name string) bool {
	if !strings.ContainsAny(pattern, `*?[{\`) {
		return pattern == name
	}
	ok, err := doublestar.Match(pattern, name)
	return err == nil && ok
}

// boundBesides takes the container variables that stand beside the token. Of several places any may be the one that holds.
func (d *decision) boundBesides() binding {
	var b binding
	for _, o := range d.Observations {
		for _, id := range o.IDs {
			e := d.mapped(id.What, id.Value)
			if e == 0 && d.namesEnvironment(id.What) {
				e = environ.Value(id.Value)
			}
			if e != 0 {
				b.environments |= e
				b.says, b.at = join(b.says, "the "+id.What+" "+id.Value+" beside it is "+e.String()+"'s"), o.At
			}
		}
	}
	return b
}

// boundByMode takes the environment's name beside the token by which the provider's programs choose the host: PAYPAL_MODE, PLAID_ENV. One in a variable
// of another name than the documented may be a second credential, for another mode than is chosen: of it production alone is known.
func (d *decision) boundByMode(kind *detectors.Kind) binding {
	if !d.namesEnvironment("environment") {
		return binding{}
	}
	b := d.boundBesides()
	documented := func(o Observation) bool {
		return len(o.IDs) > 0 && slices.ContainsFunc(kind.Variables, func(v string) bool { return strings.EqualFold(v, o.Variable) })
	}
	if !b.environments.Touches(detectors.Production) && slices.ContainsFunc(d.Observations, func(o Observation) bool { return !documented(o) }) {
		return binding{}
	}
	return b
}

// liesIn reports whether the row is of a folder that the file lies in.
func liesIn(row detectors.Binding, file string) bool {
	return row.What == "path" && matches(row.Value, path.Join(row.Below, file))
}

// boundByFolders takes the folders that the inventory gives to environments, if the token stands in such folders and nowhere else. This is
// no name that somebody chose for a file but what the owner of the repository says of all that lies there.
func (d *decision) boundByFolders() binding {
	var b binding
	for _, o := range d.Observations {
		e := d.rows(0, func(row detectors.Binding) bool { return liesIn(row, o.At.Path) })
		if e == 0 {
			return binding{}
		}
		b.environments |= e
		b.says, b.at = "the inventory says that what lies in this folder is "+b.environments.String()+"'s", o.At
	}
	return b
}

// boundByFile takes the environments of the files, or of their sections, in which the provider's program looks for the token of each: this is no
// name that somebody chose. What stands elsewhere too may be anybody's.
func (d *decision) boundByFile(kind *detectors.Kind) binding {
	if len(kind.Files) == 0 && len(kind.Sections) == 0 {
		return binding{}
	}
	var b binding
	for _, o := range d.Observations {
		chosen := "file"
		e := environ.Value(chosenName(kind.Files, o.At.Path))
		if e == 0 {
			chosen, e = "section", environ.Value(o.Section)
		}
		if e == 0 {
			return binding{}
		}
		b.environments |= e
		b.says, b.at = join(b.says, "its "+chosen+" is the one that "+d.provider.Title+" takes in "+e.String()), o.At
	}
	return b
}

// chosenName returns what stands in the path for the star of one of the patterns, "" if none fits.
func chosenName(patterns []string, file string) string {
	for _, pattern := range patterns {
		before, after, _ := strings.Cut(pattern, "*")
		at := strings.LastIndex("/"+file, "/"+before)
		if at < 0 {
			continue
		}
		if name, ok := strings.CutSuffix(file[at+len(before):], after); ok && !strings.Contains(name, "/") {
			return name
		}
	}
	return ""
}

// namesEnvironment reports whether the provider has a variable for such an id whose value is the environment's own name.
func (d *decision) namesEnvironment(what string) bool {
	return slices.ContainsFunc(d.provider.Containers, func(c detectors.Container) bool { return c.What == what && c.Names })
}

// boundByUses takes the values of the flags by which the provider's programs select what they work on. A flag that is an environment's
// name itself (--prod) selects it. It binds a token that is bound to what is selected, and shows of any other what it touches.
func (d *decision) boundByUses() binding {
	var b binding
	for _, u := range d.Uses {
		d.eachSelector(u, func(tool, flag, value string) {
			e, says := d.selected(value), tool+" "+flag+" "+value
			if alone := environ.Value(strings.TrimLeft(flag, "-")); alone != 0 {
				e, says = alone, tool+" "+flag
			}
			if e != 0 && !boundless[flag] {
				b.environments |= e
				b.says, b.at = join(b.says, says+" works on "+e.String()), u.At
			}
		})
	}
	return b
}

// boundless are selectors of what bounds no token: databases, users, organisations, other credentials.
var boundless = map[string]bool{"--dbname": true, "--database": true, "--db": true, "-d": true, "-D": true, "--db-url": true, "-u": true, "--user": true, "--org": true,
	"-o": true, "--team": true, "--token": true, "-t": true, "--access-token": true, "--auth": true, "--repo": true, "-R": true, "--registry": true}

// hostFlags are the flags by which programs take a host.
var hostFlags = map[string]bool{"--host": true, "-h": true, "-H": true, "--hostname": true, "--server": true, "-S": true, "--kube-apiserver": true}

// eachSelector calls yield for the selecting flags of a use of one of the provider's programs.
func (d *decision) eachSelector(u detectors.Use, yield func(tool, flag, value string)) {
	argv := unwrap(u.Sink.Argv)
	if len(argv) == 0 || d.provider == nil || !slices.Contains(d.ToolProviders(argv[0].Text), d.provider.Name) {
		return
	}
	tool, _ := d.Tool(argv[0].Text)
	for i, word := range argv {
		flag, value, joined := strings.Cut(word.Text, "=")
		if !slices.Contains(tool.Selectors, flag) {
			continue
		}
		if !joined && i+1 < len(argv) {
			value = argv[i+1].Text
		}
		yield(tool.Name, flag, value)
	}
}

// selected returns the environments that a selector's value stands for.
func (d *decision) selected(value string) detectors.Environment {
	var e detectors.Environment
	for _, what := range []string{"environment", "app", "project", "account"} {
		e |= d.mapped(what, value)
	}
	if e != 0 {
		return e
	}
	return environ.Value(value)
}
