package tag

import (
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/stagewall/stagewall/detectors"
)

// boundByOpened takes the environments whose secrets are in the files that the key opens.
func (d *decision) boundByOpened(kind *detectors.Kind) binding {
	switch kind.Opens {
	case "":
		return binding{}
	case detectors.Credentials:
		return d.boundByCredentials(kind)
	}
	return d.boundByRecipients(kind)
}

// boundByCredentials takes the environments whose credentials are in the file of an application that the key opens: for a key in the file that is the
// key's of all that have no file of their own, these; for one that units are given, for each of their environments its own or these.
func (d *decision) boundByCredentials(kind *detectors.Kind) binding {
	folder := ""
	if kind.Scope == detectors.ScopeAccount {
		for _, o := range d.Observations {
			of := path.Dir(path.Dir(o.At.Path))
			if folder != "" && of != folder {
				return binding{}
			}
			folder = of
		}
	}
	var own detectors.Environment
	b, shared := binding{}, false
	for i, row := range d.inventory {
		if row.What != kind.Opens || kind.Scope == detectors.ScopeAccount && row.Value != folder {
			continue
		}
		if folder == "" {
			folder = row.Value
		}
		if row.Value != folder || row.In != "" && row.Environments == 0 {
			return binding{} // of which application it is, or where its files are, is not known
		}
		d.asked = append(d.asked, i)
		own |= row.Environments
		shared = shared || row.Environments == 0
		if b.at.Path == "" || row.Environments.Touches(detectors.Production) {
			b.at = row.At
		}
	}
	others := detectors.Unscoped &^ own
	if !shared {
		others = 0
	}
	if own|others == 0 {
		return binding{}
	}
	if kind.Scope == detectors.ScopeAccount {
		b.environments, b.says = others, "it opens the file of all but "+own.String()+", which has its own"
		if own == 0 {
			return binding{}
		}
		return b
	}
	for _, h := range d.Holders {
		switch {
		case h.Text:
			continue
		case h.Environments == 0:
			return binding{}
		}
		b.environments |= h.Environments & own
		if h.Environments&^own != 0 {
			b.environments |= others
		}
	}
	b.says = "in these environments it opens the file of " + b.environments.String()
	return b
}

// encrypted is what rows say of the files that are encrypted for one key.
type encrypted struct {
	environments detectors.Environment // whose files these are
	open         bool                  // of some of them nobody knows whose they are
	by           int                   // the row of one of them, one of production's if there is such
}

// encryptedFor returns, by the public halves of keys, what is encrypted for them.
func (d *decision) encryptedFor(kind *detectors.Kind) map[string]encrypted {
	all := map[string]encrypted{}
	for i, row := range d.inventory {
		if row.What != kind.Opens {
			continue
		}
		for recipient := range strings.FieldsSeq(row.Value) {
			one, ok := all[recipient]
			if !ok || row.Environments.Touches(detectors.Production) && !one.environments.Touches(detectors.Production) {
				one.by = i
			}
			one.environments |= row.Environments
			one.open = one.open || row.Environments == 0
			all[recipient] = one
		}
	}
	return all
}

// boundByRecipients takes the environments of the files that are encrypted for a key. Of one that is known by its name alone, these are the files that it
// opens whichever it is of those that the files of its holders' environments are encrypted for: if each of them opens production's, so does it, and if
// none does, it does not. If some do, as those of people who work on both, nothing is known; nor is it where the repository has no file of production's.
func (d *decision) boundByRecipients(kind *detectors.Kind) binding {
	all := d.encryptedFor(kind)
	if len(all) == 0 {
		return binding{}
	}
	for _, id := range d.decoded.IDs {
		if one := all[id.Value]; id.What == kind.Opens {
			return d.opened(one, all)
		}
	}
	if one := all[slices.Collect(maps.Keys(all))[0]]; len(all) == 1 && kind.Opens == detectors.GitCrypt {
		return d.opened(one, all) // a repository has the one key, or one for each name
	}
	b := binding{whichever: true, apart: true}
	clusters := d.inClusters()
	in := map[detectors.Environment]binding{} // many holders work in the same
	for _, h := range d.Holders {
		if h.Text {
			continue
		}
		one, known := in[h.Environments]
		if !known {
			one = d.openedIn(kind, all, h.Environments)
			in[h.Environments] = one
		}
		if one.environments == 0 {
			return binding{}
		}
		if b.says == "" || one.environments.Touches(detectors.Production) {
			b.says, b.at = one.says, one.at
		}
		b.environments |= one.environments
		opens := one.environments.Touches(detectors.Production)
		b.whichever = b.whichever && opens
		b.apart = b.apart && (h.Scoped || clusters) && (!opens || h.Environments == detectors.Production)
	}
	b.apart = b.apart && b.environments.Touches(detectors.Production) && !b.whichever
	return b
}

// opened is [decision.boundByRecipients] for a key whose public half is known.
func (d *decision) opened(files encrypted, all map[string]encrypted) binding {
	if !files.environments.Touches(detectors.Production) && (files.environments == 0 || files.open || !ofProduction(all)) {
		return binding{}
	}
	d.asked = append(d.asked, files.by)
	at := d.inventory[files.by].At
	return binding{environments: files.environments, says: "it opens " + at.Path + ", which is encrypted for it", at: at, whichever: true}
}

// openedIn is [decision.boundByRecipients] for a key that something has where it works in an environment.
func (d *decision) openedIn(kind *detectors.Kind, all map[string]encrypted, own detectors.Environment) binding {
	keys := keysOf(all, own)
	if own == 0 || len(keys) == 0 || kind.Opens == detectors.PGPFingerprint && !d.decrypts() {
		return binding{}
	}
	b := binding{environments: own}
	every, some, by := true, false, -1
	for _, key := range keys {
		files := all[key]
		opens := files.environments.Touches(detectors.Production)
		every, some = every && opens, some || opens || files.open
		b.environments |= files.environments
		if opens && by < 0 {
			by = files.by
		}
	}
	switch {
	case every:
		d.asked = append(d.asked, by)
		b.at = d.inventory[by].At
		b.says = "what opens the files of " + own.String() + " opens " + b.at.Path + ", which is encrypted for the same key"
	case some, !ofProduction(all):
		return binding{}
	default:
		b.says = "it opens the files of " + own.String() + ", and none of production's is encrypted for the same key"
	}
	return b
}

// ofProduction reports whether some file is production's.
func ofProduction(all map[string]encrypted) bool {
	for _, files := range all {
		if files.environments.Touches(detectors.Production) {
			return true
		}
	}
	return false
}

// keysOf returns, in order, the keys that open the files of an environment; if it has none, those of the files of which nobody knows whose they are.
func keysOf(all map[string]encrypted, own detectors.Environment) []string {
	var theirs, anybodys []string
	for _, key := range slices.Sorted(maps.Keys(all)) {
		if all[key].environments.Touches(own) {
			theirs = append(theirs, key)
		} else if all[key].open {
			anybodys = append(anybodys, key)
		}
	}
	if len(theirs) == 0 {
		return anybodys
	}
	return theirs
}

// decrypts reports whether the key is seen to be used by SOPS: one of PGP may as well be there to sign.
func (d *decision) decrypts() bool {
	return slices.ContainsFunc(d.Uses, func(u detectors.Use) bool { return u.Sink.Tool == "sops" })
}
