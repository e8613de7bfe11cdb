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

// dumpers are programs that make backups, and where they keep them: the provider's name, or "" for wherever they are told.
var dumpers = map[string]string{
	"pg_dump": "", "pg_dumpall": "", "pg_basebackup": "", "mysqldump": "", "mariadb-dump": "", "mongodump": "", "redis-cli": "",
	"restic": "", "borg": "", "duplicity": "", "velero": "", "wal-g": "", "pgbackrest": "", "barman": "", "litestream": "",
}

// backups looks through what the units run for programs that make backups and for units named after that.
func (c *collection) backups(g *graph.Graph) backups {
	var list backups
	for _, p := range c.index.All() {
		for _, f := range c.index.Facts(p) {
			for i := range f.Programs {
				walkCalls(f.Programs[i].Steps, func(s *analyzers.Step) {
					if says, ok := dumps(s.Sink); ok {
						list = append(list, backup{at: completed(s.At, f.Path), says: says, providers: c.opt.Knowledge.ToolProviders(s.Sink.Tool), buckets: tag.Buckets(*s.Sink)})
					}
				})
			}
		}
	}
	for _, u := range g.Units {
		name := strings.ToLower(u.Name)
		for _, word := range []string{"backup", "snapshot", "pg-dump", "dump-db", "db-dump"} {
			if strings.Contains(name, word) {
				list = append(list, backup{at: u.At, says: kindWords(u.Kind) + " " + u.Name})
				break
			}
		}
	}
	slices.SortFunc(list, func(a, b backup) int {
		return cmp.Or(cmp.Compare(a.at.Path, b.at.Path), cmp.Compare(a.at.Line, b.at.Line), cmp.Compare(a.says, b.says))
	})
	return slices.CompactFunc(list, func(a, b backup) bool { return a.at.Path == b.at.Path && a.at.Line == b.at.Line })
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

// dumps reports whether a call makes a backup, and says how.
func dumps(s *detectors.Sink) (string, bool) {
	if _, ok := dumpers[s.Tool]; ok && s.Tool != "redis-cli" {
		return s.Tool + " makes a dump", true
	}
	for _, w := range s.Argv[min(1, len(s.Argv)):] {
		word := strings.ToLower(w.Text)
		if strings.HasPrefix(word, "-") {
			continue
		}
		if strings.Contains(word, "backup") || strings.Contains(word, "snapshot") {
			return s.Tool + " is called for a backup", true
		}
	}
	return "", false
}

// beside says, of a token that can destroy, which backups the repository shows and whether the token can delete them too.
func (b backups) beside(t detectors.Token, destroyed []string) []string {
	if (t.AtMost|t.AtLeast)&detectors.Destroy == 0 || !powerKnown(t) {
		return nil
	}
	var says []string
	together, deletes := "", ""
	for _, o := range t.Operations {
		if o.Does&detectors.Destroy != 0 && o.Backups != "" && together == "" {
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
	const most = 4
	for i, one := range b {
		if i == most {
			says = append(says, fmt.Sprintf("and %d more places", len(b)-most))
			break
		}
		fate := "kept elsewhere than this token is said to reach"
		switch {
		case slices.ContainsFunc(one.buckets, func(bucket string) bool { return slices.Contains(destroyed, bucket) }):
			fate = "kept in a bucket that this token is used to destroy: it goes with it"
		case len(one.providers) == 0:
			fate = "whether this token can delete it depends on where it is kept, which the repository does not say"
		case slices.Contains(one.providers, t.Provider):
			fate = "this token can delete it too"
		}
		says = append(says, fmt.Sprintf("%s:%d: %s; %s", one.at.Path, one.at.Line, one.says, fate))
	}
	return says
}
