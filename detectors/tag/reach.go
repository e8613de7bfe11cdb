package tag

import (
	"cmp"
	"slices"
	"strings"

	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/environ"
)

// reach sets the environments that the token can touch.
func (d *decision) reach() {
	if len(d.open) > 0 {
		d.reachOfKind(d.open[0])
	}
	if d.token.Public || d.licenses() {
		return
	}
	d.reachByConfig()
	d.reachByUse()
	d.reachByTargets()
	if !d.token.Reach.Known {
		d.suspect()
	}
}

// reachOfKind starts from what limits the kind, and narrows by what binds.
func (d *decision) reachOfKind(kind *detectors.Kind) {
	binds := d.bindings(kind)
	switch {
	case kind.Scope == detectors.ScopePublic:
		d.token.Reach = detectors.Reach{Known: true}
		d.say(detectors.Evidence{About: "reach", Says: kind.Bound, Source: kind.Source})
		return
	case kind.Scope == detectors.ScopeOutside:
		d.token.Reach = detectors.Reach{Known: true}
		d.say(detectors.Evidence{About: "reach", Says: "touches no environment: " + kind.Bound, Source: kind.Source})
		return
	case kind.Scope == detectors.ScopeAccount:
		d.token.Reach = detectors.Reach{Known: true, Environments: detectors.Unscoped}
		d.say(detectors.Evidence{About: "reach", Says: kind.Bound, Source: kind.Source})
	case len(binds) == 0:
		d.say(detectors.Evidence{About: "reach", Says: "not known: " + kind.Bound, Source: kind.Source})
		return
	}
	d.narrow(binds)
}

// widened returns the environments that roles give a service account beyond its namespace or project: those of other ones, and every one
// where a binding is the cluster's or the organization's. open says that one of them is of a project of which nobody knows whose it is.
func (d *decision) widened() (e detectors.Environment, open bool) {
	for _, id := range d.decoded.IDs {
		if id.What != "service-account" {
			continue
		}
		namespace, _, _ := strings.Cut(id.Value, "/")
		for i, row := range d.inventory {
			if row.What != id.What || row.Value != id.Value && row.Value != namespace+"/*" && row.Value != "*" {
				continue
			}
			d.asked = append(d.asked, i)
			where := "beyond its namespace or project"
			if row.In != "" {
				where = "in the project " + row.In
			}
			d.sayAt("reach", "a role is bound to the service account "+id.Value+" "+where, row.At)
			given := row.Environments | d.project(row.In)
			e |= given
			open = open || given == 0
		}
	}
	return e, open
}

// granted returns the most that a token may do in production where that is by roles of which all is known: those of a role that the repository makes,
// or those that a service account has beyond its own namespace or project.
func (d *decision) granted() (most detectors.Privilege, by detectors.Binding) {
	for _, id := range d.decoded.IDs {
		for _, row := range d.inventory {
			same := row.Value == id.Value
			switch {
			case row.What != id.What:
				continue
			case id.What == "service-account":
				namespace, _, _ := strings.Cut(id.Value, "/")
				same = same || row.Value == namespace+"/*" || row.Value == "*"
				same = same && (row.Environments | d.project(row.In)).Touches(detectors.Production)
			case id.What != detectors.Role:
				continue
			}
			if !same {
				continue
			}
			if row.Allows == 0 {
				return 0, row
			}
			most |= row.Allows
			by = row
		}
		own := id.What == "project" || id.What == "namespace"
		if own && d.project(id.Value).Touches(detectors.Production) {
			return 0, by // at home it may do more
		}
	}
	return most, by
}

// AssumedIn is what rows for the projects and accounts are of, in which units of the environments are somebody.
const AssumedIn = "assumed in"

// configs are the stores in which what is looked up is kept for one environment, and how that is known from where it is kept: what is production's there
// is production's. That it is another's clears nothing, since what is kept there may be any value.
//
//	https://docs.doppler.com/docs/root-configs
//	https://infisical.com/docs/documentation/platform/project#project-environments
//	https://docs.phase.dev/console/environments
//	https://getsops.io/docs/
//	https://vercel.com/docs/environment-variables#environments
//	https://docs.netlify.com/build/environment-variables/overview/#scopes-and-deploy-contexts
//	https://docs.railway.com/environments
//	https://docs.expo.dev/eas/environment-variables/
//	https://www.dotenv.org/docs/dotenv-vault/pull
//	https://www.pulumi.com/docs/iac/concepts/stacks/
//
//	https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/
//
// Others keep it for an application, of which there is one for each environment.
//
//	https://devcenter.heroku.com/articles/multiple-environments
//	https://docs.cloudfoundry.org/devguide/deploy-apps/environment-variable.html
//	https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/using-features.managing.html
//	https://fly.io/docs/blueprints/staging-prod-isolation/
//
// Others are logins that a machine has by name, or files elsewhere, which are an environment's if their folder, bucket or host is.
var configs = map[string]func(where string) detectors.Environment{
	"doppler": lastWord, "phase": lastWord, "pulumi": lastWord, // behind a project
	"infisical": func(where string) detectors.Environment { // before a path
		environment, _, _ := strings.Cut(where, "/")
		return environ.Value(environment)
	},
	"sops":   environ.Path,
	"vercel": environ.Value, "netlify": environ.Value, "railway": environ.Value, "eas": environ.Value, "dotenv-vault": environ.Value,
	detectors.Kubernetes: func(where string) detectors.Environment { // by the namespace
		namespace, _, _ := strings.Cut(where, "/")
		return environ.Identifier(namespace)
	},
	"heroku": environ.Identifier, "cloudfoundry": environ.Identifier, "elasticbeanstalk": environ.Identifier, "fly": environ.Identifier,
	"scalingo": environ.Identifier, "dokku": environ.Identifier,
	detectors.AWSConfig: environ.Identifier, detectors.Kubeconfig: environ.Identifier, "doctl-config": environ.Identifier,
	detectors.Bucket: environ.Path,
	detectors.Host: func(where string) detectors.Environment {
		host, file, _ := strings.Cut(where, ":")
		return environ.Host(host[strings.LastIndexByte(host, '@')+1:]) | environ.Path(file)
	},
}

// vaults are the stores that keep single secrets in paths, vaults or projects, of which their makers say to have one for each environment, and how that is
// known from a reference. Of a path the last word is the secret's own.
//
//	https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-hierarchies.html
//	https://learn.microsoft.com/azure/key-vault/general/best-practices
//	https://docs.cloud.google.com/secret-manager/docs/best-practices
var vaults = map[string]func(scope, name string) detectors.Environment{
	detectors.ParameterStore: func(_, name string) detectors.Environment { return environ.Path(folder(name)) },
	detectors.KeyVault:       func(vault, _ string) detectors.Environment { return environ.Identifier(vault) },
	detectors.SecretManager:  func(project, _ string) detectors.Environment { return environ.Identifier(project) },
}

// folder returns what stands before the last slash of a path; a path of one word is that of all below it.
func folder(name string) string {
	if i := strings.LastIndexByte(name, '/'); i > 0 {
		return name[:i]
	}
	return name
}

// keptFor returns where a store keeps a reference, and for which environment, by its own word.
func (d *decision) keptFor() (where string, e detectors.Environment) {
	where = cmp.Or(d.Reference.Scope, d.Reference.Name)
	if environment, known := configs[d.Reference.Store]; known {
		e = environment(where)
	} else if environment, known := vaults[d.Reference.Store]; known {
		e = environment(d.Reference.Scope, d.Reference.Name)
	}
	return where, e
}

// IsConfig reports whether a reference is to all that a store keeps for an environment or an application, by whose name it is looked up.
func IsConfig(r *detectors.Reference) bool {
	_, known := configs[r.Store]
	return known && r.Scope == "" && r.Store != "sops" && r.Store != detectors.Kubernetes
}

// lastWord returns the environment that stands behind the last slash.
func lastWord(where string) detectors.Environment {
	return environ.Value(where[strings.LastIndexByte(where, '/')+1:])
}

// reachByConfig adds production where a reference is kept in what a store has for it. A single secret there that is called after another
// environment may be that one's, and no more is known than that it may not.
func (d *decision) reachByConfig() {
	if d.Reference == nil {
		return
	}
	where, environment := d.keptFor()
	if environment != detectors.Production {
		return
	}
	d.token.Reach.Environments |= detectors.Production
	says := "it is kept in " + where + ", which is what " + d.Reference.Store + " has for production"
	if own := environ.Identifier(d.Reference.Name); vaults[d.Reference.Store] != nil && own != 0 && !own.Touches(detectors.Production) {
		d.say(detectors.Evidence{About: "reach", Says: says + ", and its name says " + own.String()})
		return
	}
	d.token.Reach.Known = true
	d.token.Bound = cmp.Or(d.token.Bound, says)
	d.say(detectors.Evidence{About: "reach", Says: says})
}

// reachByUse adds what follows from who holds the value: if a unit of production reads the one value that others read too, it touches
// production. Of a reference, only a value that is not an environment's own counts; where all that read it may have values of their
// own, its scope is unknown.
func (d *decision) reachByUse() {
	var one detectors.Environment // environments of the units that read one value
	scoped := false
	var at, doubtful detectors.Holder
	doubt := ""
	apart := d.Reference != nil && (d.ofSomeAccount() || d.inClusters())
	for _, h := range d.Holders {
		if d.Reference != nil && h.Scoped || apart {
			scoped = true
			continue
		}
		if h.Text && len(d.open) == 0 {
			continue // that a text of no known kind stands in code which runs in production does not make it production's
		}
		if h.Environments.Touches(detectors.Production) {
			if why := d.doubts(h); why != "" {
				doubtful, doubt = h, why
				continue
			}
		}
		one |= h.Environments
		if h.Environments.Touches(detectors.Production) && at.Unit == "" {
			at = h
		}
	}
	production := one.Touches(detectors.Production)
	others := one&^detectors.Production != 0
	if scoped && !(production && others) && !d.token.Reach.Whichever && !d.token.Reach.Apart {
		d.token.Reach.ScopeUnknown = true
		d.say(detectors.Evidence{About: "reach", Says: "its value may differ from environment to environment"})
	}
	if !d.mayBeUsed() {
		return
	}
	if !production {
		if doubtful.Unit != "" && !d.token.Reach.Known {
			d.token.Reach.Environments |= detectors.Production
			d.sayAt("reach", doubt, doubtful.At)
		}
		return
	}
	before := d.token.Reach
	d.token.Reach.Known = true
	d.token.Reach.Environments |= one
	if before.Known != d.token.Reach.Known || before.Environments != d.token.Reach.Environments {
		d.sayAt("reach", at.Unit+" works in production and has this value", at.At)
	}
}

// ofSomeAccount reports whether a reference is to a role of an account, or to a secret of a namespace, that is not known: each environment may have one of
// the name in its own. So may they if a part of the name is computed.
func (d *decision) ofSomeAccount() bool {
	if d.Reference.Name != "*" && strings.Contains(d.Reference.Name, "*") || strings.Contains(d.Reference.Scope, "*") {
		return true
	}
	switch d.Reference.Store {
	case detectors.AssumedRole:
		return d.Reference.Scope == ""
	case detectors.Kubernetes:
		return strings.HasPrefix(d.Reference.Scope, "/")
	}
	return false
}

// inClusters reports whether a reference is to a secret of clusters of which each environment has its own. A namespace holds one workload of a kind and
// name, so that where production and another environment have one each that is called so, and both read the secret, these are in two clusters.
func (d *decision) inClusters() bool {
	if d.Reference.Store != detectors.Kubernetes {
		return false
	}
	production := map[string]string{} // by workload, the unit
	for _, h := range d.Holders {
		if h.Workload != "" && h.Environments == detectors.Production {
			production[h.Workload] = h.Unit
		}
	}
	var others, apart detectors.Environment
	for _, h := range d.Holders {
		if h.Environments == detectors.Production {
			continue
		}
		others |= h.Environments
		if unit := production[h.Workload]; unit != "" && unit != h.Unit {
			apart |= h.Environments
		}
	}
	return apart != 0 && others&^apart == 0
}

// doubts says why a unit of production that has the value may not touch production with it, "" if nothing speaks against that. Workflows and
// projects give all that they have to each of their jobs: what is named for staging, and staging has too, is staging's there.
func (d *decision) doubts(h detectors.Holder) string {
	if h.Doubtful {
		return "it is in doubt whether " + h.Unit + ", which has this value, works in production"
	}
	if d.Reference == nil && len(d.open) == 0 && !slices.ContainsFunc(d.Observations, func(o Observation) bool { return !o.Aside }) {
		return h.Unit + " works in production and has this value, which stands in tests, examples and documents only"
	}
	if d.Reference != nil {
		where, env := d.keptFor()
		if env != 0 && !env.Touches(detectors.Production) {
			return h.Unit + " works in production and has this value, but it is kept in " + where + ", which is what " + d.Reference.Store + " has for " + env.String()
		}
	}
	own := d.namedFor()
	if d.Reference != nil && own != 0 && !own.Touches(detectors.Production) && d.alsoHeldElsewhere(h) {
		return h.Unit + " works in production and has this value, but has it for others too, and its name says " + own.String()
	}
	if h.Unread && !own.Touches(detectors.Production) && slices.ContainsFunc(d.Holders, func(o detectors.Holder) bool { return own.Touches(o.Environments) }) {
		return h.Unit + " works in production and is given this value, but nothing there is seen to read it, and its name says " + own.String()
	}
	return ""
}

// alsoHeldElsewhere reports whether a unit has the value where it works in other environments, too: a job that goes through them one after the other has what
// is for one of them all the time.
func (d *decision) alsoHeldElsewhere(h detectors.Holder) bool {
	return slices.ContainsFunc(d.Holders, func(o detectors.Holder) bool {
		return o.Unit == h.Unit && !o.Environments.Touches(detectors.Production)
	})
}

// namedFor returns the environments that the token's names speak of.
func (d *decision) namedFor() detectors.Environment {
	var e detectors.Environment
	for _, n := range d.namings() {
		e |= environ.Identifier(n.Name)
	}
	return e
}

// mayBeUsed reports whether being held in production says that the token touches production: not of one whose own text or host says
// where it reaches.
func (d *decision) mayBeUsed() bool {
	if len(d.open) > 0 && d.open[0].Scope == detectors.ScopeOutside {
		return false
	}
	if !d.token.Reach.Known || len(d.open) == 0 {
		return true
	}
	return d.open[0].Scope == detectors.ScopeContainer
}
