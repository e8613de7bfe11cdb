package ansible

import (
	"bytes"
	"path"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/lazyregexp"
	"github.com/stagewall/stagewall/analyzers/internal/table"
	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/environ"
)

// Analyzer reads Ansible's inventories and settings.
var Analyzer = &analyzers.Analyzer{
	Name:    "ansible",
	Doc:     "Reads Ansible's inventories and settings: which hosts are an environment's, and where passwords of vaults are from.",
	Version: 3,
	Files: []string{
		"**/{inventory,inventories,hosts}/**/*.{ini,yml,yaml}", "**/{inventory,inventories}/**/{hosts,inventory}", "**/{inventory,inventories}/*",
		"**/{hosts,inventory}.{ini,yml,yaml}", "**/{hosts,inventory}", "**/" + ConfigFile,
	},
	Run: run,
}

func run(pass *analyzers.Pass) error {
	if strings.Contains(pass.Path, "/group_vars/") || strings.Contains(pass.Path, "/host_vars/") || pass.Path == "etc/hosts" {
		return nil
	}
	if path.Base(pass.Path) == ConfigFile {
		config(pass)
		return nil
	}
	i := &inventory{pass: pass, means: environ.Path(pass.Path) &^ detectors.Test, parents: map[string][]string{}}
	switch path.Ext(pass.Path) {
	case ".yml", ".yaml":
		i.yaml()
	default:
		i.ini()
	}
	i.rows()
	return nil
}

// inventory is one inventory while it is read.
type inventory struct {
	pass    *analyzers.Pass
	means   detectors.Environment // the file's
	hosts   []host
	parents map[string][]string // of a group
	members int
	over    bool // there are more hosts, or more in groups
}

// host is one mention of a host in a group.
type host struct {
	group string
	names []string // its own, and where it is reached
	at    detectors.Place
}

// maxHosts bounds the hosts of one inventory.
const maxHosts = 5000

func (i *inventory) add(group string, names []string, at detectors.Place) {
	if len(i.hosts) == maxHosts {
		i.over = true
		return
	}
	i.hosts = append(i.hosts, host{group, names, at})
	i.member(names[0], group, at)
}

// member adds a row for a host or a group that is in a group.
func (i *inventory) member(name, group string, at detectors.Place) {
	switch {
	case group == ungrouped:
	case i.members == 2*maxHosts:
		i.over = true
	default:
		i.members++
		row := detectors.Binding{What: Member, Value: rangeExpr.ReplaceAllString(name, "*"), In: group, At: at}
		i.pass.Facts.Bindings = append(i.pass.Facts.Bindings, row)
	}
}

// Member is what a row says is in the group that In is: a host, or several by a pattern with stars, or another group.
const Member = "member"

// ungrouped is the group of hosts that are in no other.
const ungrouped = "ungrouped"

// rows adds a row for every host: with the environments of its groups, or else with the file's.
func (i *inventory) rows() {
	if i.over {
		i.pass.Gap(i.pass.At(0, 0), "the hosts are too many to follow; which environments the rest of them are of is not known")
	}
	for _, h := range i.hosts {
		means := table.Key(i.environments(h.group, map[string]bool{}))
		if means.Environments == 0 {
			means = table.File(i.means)
		}
		for _, name := range h.names {
			table.Add(i.pass, "host", pattern(name), means, h.at)
		}
	}
}

// environments returns those of a group: its own name's, or else those of the groups that it is in.
func (i *inventory) environments(group string, seen map[string]bool) detectors.Environment {
	if seen[group] {
		return 0
	}
	seen[group] = true
	env := environ.Value(group)
	if env == 0 {
		for _, parent := range i.parents[group] {
			env |= i.environments(parent, seen)
		}
	}
	return env
}

var rangeExpr = lazyregexp.New(`\[[A-Za-z0-9]+:[A-Za-z0-9]+(?::\d+)?\]`)

// pattern returns a host's name as a row has it; a range is any text without dots.
func pattern(name string) string {
	plain := table.Host(rangeExpr.ReplaceAllString(name, "0"))
	if plain == "" || !strings.Contains(name, "[") {
		return plain
	}
	return strings.ToLower(rangeExpr.ReplaceAllString(name, "*"))
}

// ini reads the form of INI files: [group], [group:children], [group:vars], and hosts with their variables.
func (i *inventory) ini() {
	section, kind := ungrouped, ""
	at := 0
	for line := range bytes.Lines(i.pass.Data) {
		start := at
		at += len(line)
		text := strings.TrimSpace(string(line))
		place := i.pass.At(start, start+len(bytes.TrimRight(line, "\r\n")))
		switch {
		case text == "" || text[0] == '#' || text[0] == ';':
		case text[0] == '[' && text[len(text)-1] == ']':
			section, kind, _ = strings.Cut(text[1:len(text)-1], ":")
			table.Mention(i.pass, environ.Value(section), "a group of an inventory", place)
		case kind == "vars":
		case kind == "children":
			i.parents[text] = append(i.parents[text], section)
			i.member(text, section, place)
		case kind == "":
			fields := strings.Fields(text)
			i.add(section, append([]string{fields[0]}, reached(fields[1:])...), place)
		}
	}
}

// reached returns where a host's variables say that it is reached.
func reached(variables []string) []string {
	for _, v := range variables {
		for _, name := range []string{"ansible_host=", "ansible_ssh_host="} {
			if address, ok := strings.CutPrefix(v, name); ok {
				return []string{strings.Trim(address, `"'`)}
			}
		}
	}
	return nil
}
