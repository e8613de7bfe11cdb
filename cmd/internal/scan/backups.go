package scan

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/graph"
	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/tag"
)

// backups are the places where the repository shows that backups are made or kept.
type backups []backup

type backup struct {
	at        detectors.Place
	says      string
	providers []string // whose program makes it, and so where it is kept; empty if the place does not say
	buckets   []string // that the call names
}

// dumpers are programs that make backups, and keep them wherever they are told.
var dumpers = []string{
	"pg_dump", "pg_dumpall", "pg_basebackup", "mysqldump", "mariadb-dump", "mongodump", "restic", "borg", "duplicity", "velero", "wal-g", "pgbackrest",
	"barman", "litestream",
}

// backups looks through what the units run for programs that make backups and for units named after that.
func (c *collection) backups(g *graph.Graph) backups {
	var list backups
	for _, p := range c.index.All() {
		for _, f := range c.index.Facts(p) {
			list = append(list, c.backupsOf(f)...)
		}
	}
	for _, u := range g.Units {
		if namesBackup(strings.ToLower(u.Name)) {
			list = append(list, backup{at: u.At, says: kindWords(u.Kind) + " " + u.Name})
		}
	}
	slices.SortFunc(list, func(a, b backup) int {
		return cmp.Or(cmp.Compare(a.at.Path, b.at.Path), cmp.Compare(a.at.Line, b.at.Line), cmp.Compare(a.says, b.says))
	})
	return slices.CompactFunc(list, func(a, b backup) bool { return a.at.Path == b.at.Path && a.at.Line == b.at.Line })
}

// backupsOf returns the calls in facts of programs that make backups.
func (c *collection) backupsOf(f *analyzers.Facts) (list []backup) {
	for i := range f.Programs {
		walkCalls(f.Programs[i].Steps, func(s *analyzers.Step) {
			if b := c.dumps(s.Sink); b.says != "" {
				b.at, b.buckets = completed(s.At, f.Path), tag.Buckets(*s.Sink)
				list = append(list, b)
			}
		})
	}
	return list
}

// namesBackup reports whether a unit is called after what it keeps. Tests and pages have snapshots too, so that a snapshot has to be one of data.
func namesBackup(name string) bool {
	for _, word := range []string{"backup", "pg-dump", "dump-db", "db-dump"} {
		if strings.Contains(name, word) {
			return true
		}
	}
	return strings.Contains(name, "snapshot") && slices.ContainsFunc([]string{"db", "database", "volume", "disk", "postgres", "pg", "mysql", "mongo", "redis", "rds", "ebs", "etcd"},
		func(word string) bool {
			return slices.Contains(strings.FieldsFunc(name, func(r rune) bool { return r == '-' || r == '_' || r == ':' || r == ' ' || r == '.' }), word)
		})
}

func completed(at detectors.Place, path string) detectors.Place {
	if at.Path == "" {
		at.Path = path
	}
	return at
}

func walkCalls(steps []analyzers.Step, visit func(*analyzers.Step)) {
	for i := range steps {
		if steps[i].Sink != nil {
			visit(&steps[i])
		}
		walkCalls(steps[i].Steps, visit)
	}
}

// dumps says how a call makes or keeps a backup, and nothing if it does not. A word alone says it of the programs of providers only: to others it
// may be any text, as in "mkdir backup".
func (c *collection) dumps(s *detectors.Sink) (b backup) {
	if slices.Contains(dumpers, s.Tool) && len(s.Argv) > 0 { // a function of the name is none
		return backup{says: s.Tool + " makes a dump"}
	}
	providers := c.opt.Knowledge.ToolProviders(s.Tool)
	if len(providers) == 0 {
		return b
	}
	for _, w := range s.Argv[min(1, len(s.Argv)):] {
		word := strings.ToLower(w.Text)
		switch {
		case strings.HasPrefix(word, "-"):
		case slices.ContainsFunc(notKeeping, func(verb string) bool {
			return word == verb || strings.HasPrefix(word, verb+"-") || strings.HasSuffix(word, ":"+verb)
		}):
			return backup{}
		case strings.Contains(word, "/") && !strings.Contains(word, "://"): // a folder
		case strings.Contains(word, "backup"), strings.Contains(word, "snapshot"):
			b = backup{says: s.Tool + " is called for a backup", providers: providers}
		}
	}
	return b
}

// notKeeping are the words of sub-commands that read, take back or delete what is kept: rds delete-db-snapshot, pg:backups:restore.
var notKeeping = []string{"delete", "destroy", "remove", "rm", "describe", "list", "ls", "show", "info", "get", "restore", "unschedule", "url", "download"}

// dumped reports whether one of the dumpers is a provider's own: a database's.
func (c *collection) dumped(provider string) bool {
	return slices.ContainsFunc(dumpers, func(tool string) bool { return slices.Contains(c.opt.Knowledge.ToolProviders(tool), provider) })
}

// beside says, of a token that can destroy, which backups go with what it is used to destroy, which ones the repository shows, and whether the
// token can delete them too.
func (b backups) beside(t detectors.Token, lost losses) []string {
	if most(t)&detectors.Destroy == 0 {
		return nil
	}
	says := slices.Clone(lost.wiped)
	together, deletes := "", ""
	for _, o := range t.Operations {
		if o.Does&detectors.Destroy != 0 && o.Backups != "" && together == "" && lost.wiped == nil {
			together = fmt.Sprintf("%s: the provider's own backups are %s", o.Name, o.Backups)
		}
		if o.DeletesBackups && deletes == "" {
			deletes = fmt.Sprintf("%s deletes backups by itself", o.Name)
		}
	}
	for _, s := range []string{together, deletes} {
		if s != "" {
			says = append(says, s)
		}
	}
	if len(b) == 0 {
		return append(says, "the repository shows no backup of its own")
	}
	if len(says) == 0 && !lost.dumped { // what the token destroys has no backups that anybody knows of, but those that its own programs make
		b = slices.DeleteFunc(slices.Clone(b), func(one backup) bool { return !slices.Contains(one.providers, t.Provider) })
	}
	return append(says, b.fates(t, lost.buckets)...)
}

// fates says what becomes of the backups that the repository shows, of those that the token can delete first. What becomes of the others is not the
// token's doing, and so said once for all of them.
func (b backups) fates(t detectors.Token, destroyed []string) []string {
	const (
		emptied   = "kept in a bucket that this token is used to destroy: it goes with it"
		deletable = "this token can delete it too"
		elsewhere = "kept elsewhere than this token is said to reach"
		unknown   = "whether this token can delete it depends on where it is kept, which the repository does not say"
	)
	var lost, others []alike
	for _, one := range b {
		switch {
		case slices.ContainsFunc(one.buckets, func(bucket string) bool { return slices.Contains(destroyed, bucket) }):
			lost = among(lost, one, emptied, one.says)
		case slices.Contains(one.providers, t.Provider):
			lost = among(lost, one, deletable, one.says)
		case len(one.providers) == 0:
			others = among(others, one, unknown, "")
		default:
			others = among(others, one, elsewhere, "")
		}
	}
	const most = 4
	var says []string
	for _, k := range lost[:min(len(lost), most)] {
		says = append(says, k.String())
	}
	if n := len(lost) - most; n > 0 {
		says = append(says, fmt.Sprintf("and %d more", n))
	}
	for _, k := range others {
		says = append(says, k.String())
	}
	return says
}

// alike are backups of which the same becomes.
type alike struct {
	places, says []string
	fate, group  string
}

// among adds a backup to those of the same fate and group.
func among(list []alike, one backup, fate, group string) []alike {
	i := slices.IndexFunc(list, func(k alike) bool { return k.fate == fate && k.group == group })
	if i < 0 {
		i = len(list)
		list = append(list, alike{fate: fate, group: group})
	}
	k := &list[i]
	k.places = append(k.places, fmt.Sprintf("%s:%d", one.at.Path, one.at.Line))
	if !slices.Contains(k.says, one.says) {
		k.says = append(k.says, one.says)
	}
	return list
}

// String returns where and how the backups are made, the first two of each, and what becomes of them.
func (k alike) String() string {
	return few(k.places) + ": " + few(k.says) + "; " + k.fate
}

// few lists the first two of several texts.
func few(list []string) string {
	const most = 2
	if n := len(list) - most; n > 0 {
		return fmt.Sprintf("%s and %d more", strings.Join(list[:most], ", "), n)
	}
	return strings.Join(list, ", ")
}
