package playbook

import (
	"path"
	"slices"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/ansible"
	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/environ"
)

// inventory is what one file says of hosts and groups.
type inventory struct {
	at     detectors.Place
	file   detectors.Environment // that the file is for
	groups map[string][]string   // in which a host or a group is, by its name
	hosts  []string              // what is no group, in order
	has    map[string][]string   // what is in a group
	means  map[string]detectors.Environment
	closed map[string][]string // a host and all groups that it is in
}

func (i *inventory) folder() string { return path.Dir(i.at.Path) }

// inventories returns those of the repository.
func inventories(index analyzers.Index) []*inventory {
	var all []*inventory
	for _, p := range index.All() {
		for _, f := range index.Facts(p) {
			if f.Analyzer != "ansible" || strings.Contains(p, "_vars/") || len(f.Bindings)+len(f.Mentions) == 0 {
				continue
			}
			i := &inventory{
				at: detectors.Place{Path: p, Line: 1}, file: environ.Path(p) &^ detectors.Test,
				groups: map[string][]string{}, has: map[string][]string{}, means: map[string]detectors.Environment{}, closed: map[string][]string{},
			}
			for _, row := range f.Bindings {
				if row.What == ansible.Member {
					i.groups[row.Value] = append(i.groups[row.Value], row.In)
					i.has[row.In] = append(i.has[row.In], row.Value)
				}
			}
			for _, row := range f.Bindings {
				if row.What == ansible.Member && len(i.has[row.Value]) == 0 {
					i.hosts = append(i.hosts, row.Value)
				}
			}
			slices.Sort(i.hosts)
			i.hosts = slices.Compact(i.hosts)
			all = append(all, i)
		}
	}
	return all
}

// walk visits a name and all that it leads to, each once.
func walk(name string, leads map[string][]string, visit func(name string)) {
	seen, next := map[string]bool{name: true}, []string{name}
	for len(next) > 0 {
		name, next = next[0], next[1:]
		visit(name)
		for _, other := range leads[name] {
			if !seen[other] {
				seen[other] = true
				next = append(next, other)
			}
		}
	}
}

func (i *inventory) isGroup(name string) bool { return len(i.has[name]) > 0 }

func (i *inventory) knows(name string) bool { return i.isGroup(name) || len(i.groups[name]) > 0 }

// named returns the environments that a group is named for, or else those of the groups that the group or host is in.
func (i *inventory) named(name string) detectors.Environment {
	means, asked := i.means[name]
	if asked {
		return means
	}
	i.means[name] = 0 // groups cannot be in each other
	if i.isGroup(name) {
		means = environ.Value(name)
	}
	if means == 0 {
		for _, group := range i.groups[name] {
			means |= i.named(group)
		}
	}
	i.means[name] = means
	return means
}

// above returns a host and all groups that it is in.
func (i *inventory) above(host string) []string {
	all, asked := i.closed[host]
	if !asked {
		walk(host, i.groups, func(name string) { all = append(all, name) })
		i.closed[host] = all
	}
	return all
}

// of returns the environments of the hosts that a name means.
func (i *inventory) of(name string) meaning {
	if environments := i.named(name); environments != 0 {
		return meaning{environments, true}
	}
	all := meaning{known: true}
	host := func(name string) {
		of := i.named(name)
		if of == 0 {
			of = i.file
		}
		all = meaning{all.environments | of, all.known && of != 0}
	}
	if name == everyHost {
		for _, name := range i.hosts {
			host(name)
		}
		return all
	}
	walk(name, i.has, func(name string) {
		if !i.isGroup(name) {
			host(name)
		}
	})
	return all
}

// everyHost is the group that all hosts are in.
const everyHost = "all"

// inventorySet is the inventories of a repository, and what was asked of them already.
type inventorySet struct {
	all   []*inventory
	means map[string]meaning
	nears map[string]map[string]bool
}

// meaning is the environments of hosts, and whether those of all of them are known.
type meaning struct {
	environments detectors.Environment
	known        bool
}

// knows reports whether an inventory has a host or a group of this name.
func (s *inventorySet) knows(name string) bool {
	return slices.ContainsFunc(s.all, func(i *inventory) bool { return i.knows(name) })
}

// of returns the environments of the hosts that a name means.
func (s *inventorySet) of(name string) meaning {
	found, asked := s.means[name]
	if asked {
		return found
	}
	found.known = true
	for _, i := range s.all {
		if name == everyHost || i.knows(name) {
			one := i.of(name)
			found = meaning{found.environments | one.environments, found.known && one.known}
		}
	}
	s.means[name] = found
	return found
}

// near returns the hosts that are in one of several groups, or called so, and all the groups that they are in.
func (s *inventorySet) near(groups []string) map[string]bool {
	key := strings.Join(groups, " ")
	if found, asked := s.nears[key]; asked {
		return found
	}
	found := map[string]bool{}
	for _, i := range s.all {
		for _, host := range i.hosts {
			in := i.above(host)
			if slices.ContainsFunc(in, func(name string) bool { return slices.Contains(groups, name) }) {
				for _, name := range in {
					found[name] = true
				}
			}
		}
	}
	s.nears[key] = found
	return found
}

// allInventories is the program that sets, for each environment of an inventory, a name to it; ofHosts begins the name of one that does so for the
// environments of the hosts that a name means.
const (
	allInventories = "@ansible/inventories"
	ofHosts        = "@ansible/hosts "
)

// signs returns the facts that say of which environments there are inventories, and of which ones the hosts are that plays are for.
func (s *inventorySet) signs(plays []string) []*analyzers.Facts {
	if len(s.all) == 0 {
		return nil
	}
	at := s.all[0].at
	facts := &analyzers.Facts{Path: at.Path, Analyzer: name, Programs: []analyzers.Program{{Name: allInventories, At: at}}}
	for _, i := range s.all {
		for _, name := range i.file.Names() {
			facts.Programs[0].Steps = append(facts.Programs[0].Steps, says(i.at, i.at.Path+" "+name, name))
		}
	}
	for _, hosts := range plays {
		p := analyzers.Program{Name: ofHosts + hosts, At: at}
		for _, name := range s.of(hosts).environments.Names() {
			p.Steps = append(p.Steps, says(at, name, name))
		}
		if len(p.Steps) > 0 {
			facts.Programs = append(facts.Programs, p)
		}
	}
	return []*analyzers.Facts{facts}
}

func says(at detectors.Place, name, environment string) analyzers.Step {
	return analyzers.Step{Op: analyzers.OpSet, At: at, Name: name, Value: analyzers.Value{At: at, Parts: []analyzers.Part{{Text: environment}}}}
}
