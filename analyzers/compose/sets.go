package compose

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/environ"
)

// set is a set of files that starts services.
type set struct {
	files    []string // in the order in which they are merged
	folder   string   // the project's: paths are relative to it
	env      []string // the files of the project's variables
	given    *given   // what its caller gives it before those, nil if that is nothing
	calls    []starter
	implied  bool // nothing names it: the files of a folder that compose takes by itself
	included bool // by another project
	rank     int  // those that compose takes by itself come first, those of files that are in no other set last
}

// key identifies a set.
func (s *set) key() string {
	return strings.Join(s.files, "\x00") + "\x00\x00" + s.folder + "\x00\x00" + strings.Join(s.env, "\x00")
}

// What compose looks for by itself, in its order.
// https://github.com/compose-spec/compose-go/blob/main/cli/options.go
var (
	defaultNames  = []string{"compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"}
	overrideNames = []string{"compose.override.yml", "compose.override.yaml", "docker-compose.override.yml", "docker-compose.override.yaml"}
)

// finder finds the sets of a repository.
type finder struct {
	index   analyzers.Index
	files   map[string]*analyzers.Facts // compose files
	paths   []string                    // of these, sorted
	sets    []*set
	known   map[string][]*set // by what they are apart from their callers
	used    map[string]bool   // files that are in a set or included
	extends map[string]bool   // files that others extend
	looked  int               // steps before calls
	cut     []analyzers.Gap   // what is not followed
}

// maxSets bounds the sets of a repository.
const maxSets = 500

func (f *finder) add(s *set) {
	if len(s.files) == 0 {
		return
	}
	for _, file := range s.files {
		f.used[file] = true
	}
	for _, known := range f.known[s.key()] {
		if known.given.joins(s.given) {
			known.calls = slices.Concat(known.calls, s.calls)
			known.implied = known.implied && s.implied
			known.rank = min(known.rank, s.rank)
			return
		}
	}
	if len(f.sets) == maxSets {
		f.cut = append(f.cut, analyzers.Gap{At: detectors.Place{Path: s.files[0]}, Says: "the sets of compose files are too many to follow; what the services of this one get is not known"})
	} else {
		if s.given != nil { // a command with a computed name makes several sets
			own := *s.given
			s.given = &own
		}
		f.known[s.key()] = append(f.known[s.key()], s)
		f.sets = append(f.sets, s)
	}
}

// find returns the sets: those of folders first, then those that commands and variables name, then those of files that are in none.
// cut is what is not followed.
func find(index analyzers.Index, files map[string]*analyzers.Facts, paths []string) (sets []*set, cut []analyzers.Gap) {
	f := &finder{index: index, files: files, paths: paths, known: map[string][]*set{}, used: map[string]bool{}, extends: map[string]bool{}}
	f.references()
	replaced := f.variables()
	for _, folder := range folders(paths) {
		if !replaced[folder] {
			f.add(f.implied(folder))
		}
	}
	f.commands()
	f.orphans()
	f.handOn()
	f.sets = slices.DeleteFunc(f.sets, f.redundant)
	for i, s := range f.sets {
		if s.given != nil {
			s.given.number = i
		}
	}
	return f.sets, f.cut
}

// redundant reports whether a set that nothing names is there with the variables that it needs, while it has none by itself.
func (f *finder) redundant(s *set) bool {
	return s.implied && s.given == nil && slices.ContainsFunc(f.sets, func(o *set) bool {
		return o != s && (len(s.env) == 0 && len(o.env) > 0 || o.given != nil && !o.tried()) && slices.Equal(o.files, s.files)
	})
}

// tried reports whether a set is started to try it only, so that somebody else starts it in earnest.
func (s *set) tried() bool {
	var said detectors.Environment
	for _, call := range s.calls {
		for _, sign := range call.signs {
			said |= sign.Environments
		}
	}
	return said != 0 && !said.Touches(detectors.Production|detectors.Staging)
}

// handOn lets calls that start nothing, such as docker compose logs, count for the set with what it is given when it is started. Theirs is then one that
// nothing names.
func (f *finder) handOn() {
	for _, s := range f.sets {
		if s.given != nil || s.implied || slices.ContainsFunc(s.calls, func(c starter) bool { return c.starting() }) {
			continue
		}
		for _, o := range f.sets {
			if o.given != nil && slices.Equal(o.files, s.files) && slices.Equal(o.env, s.env) {
				o.calls, s.implied = append(o.calls, s.calls...), true
				break
			}
		}
	}
}

// references notes the files that others include or extend.
func (f *finder) references() {
	for _, p := range f.paths {
		for i := range f.files[p].Programs {
			for _, s := range f.files[p].Programs[i].Steps {
				switch s.Op {
				case opInclude:
					for _, v := range s.Refers().Args {
						if text, ok := v.Text(); ok {
							f.used[inFolder(path.Dir(p), text)] = true
						}
					}
				case opExtends:
					if text, ok := s.Refers().Path.Text(); ok && text != "" {
						f.extends[inFolder(path.Dir(p), text)] = true
					}
				}
			}
		}
	}
}

func folders(paths []string) []string {
	var list []string
	for _, p := range paths {
		list = append(list, path.Dir(p))
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// first returns the first of the names that is a compose file of the folder.
func (f *finder) first(folder string, names []string) string {
	for _, n := range names {
		if p := path.Join(folder, n); f.files[p] != nil {
			return p
		}
	}
	return ""
}

// implied returns the set that compose takes in a folder without being told.
func (f *finder) implied(folder string) *set {
	s := &set{folder: folder, env: f.dotenv(folder), implied: true}
	if base := f.first(folder, defaultNames); base != "" {
		s.files = []string{base}
		if over := f.first(folder, overrideNames); over != "" {
			s.files = append(s.files, over)
		}
	}
	return s
}

// dotenv returns the .env of a folder, if there is one.
func (f *finder) dotenv(folder string) []string {
	if p := path.Join(folder, ".env"); f.index.Exists(p) {
		return []string{p}
	}
	return nil
}

// orphans makes sets of the files that are in none.
func (f *finder) orphans() {
	for _, p := range f.paths {
		folder := path.Dir(p)
		if f.used[p] || f.extends[p] || slices.Contains(overrideNames, path.Base(p)) && f.first(folder, defaultNames) != "" {
			continue
		}
		s := &set{files: []string{p}, folder: folder, env: f.dotenv(folder), implied: true, rank: 2}
		if !complete(f.files[p]) {
			if !named(p) {
				continue
			}
			if base := f.base(folder); base != "" {
				s.files = []string{base, p}
				s.folder = path.Dir(base)
				s.env = f.dotenv(s.folder)
			}
		}
		f.add(s)
	}
}

// base returns the compose file of the folder, or of the nearest one above that has any.
func (f *finder) base(folder string) string {
	for {
		if p := f.first(folder, defaultNames); p != "" || folder == "." {
			return p
		}
		folder = path.Dir(folder)
	}
}

// complete reports whether all services of a file can be started as it is.
func complete(facts *analyzers.Facts) bool {
	for _, p := range facts.Programs {
		if !isService(p) {
			continue
		}
		if !slices.ContainsFunc(p.Steps, func(s analyzers.Step) bool { return starts[s.Op] }) {
			return false
		}
	}
	return true
}

// variables makes sets of COMPOSE_FILE in dotenv files and scripts, and returns the folders whose own files these replace.
// https://docs.docker.com/compose/how-tos/environment-variables/envvars/
func (f *finder) variables() map[string]bool {
	replaced := map[string]bool{}
	for _, file := range f.index.All() {
		for _, facts := range f.index.Facts(file) {
			for i := range facts.Programs {
				walk(facts.Programs[i].Steps, func(s *analyzers.Step) {
					if s.Op != analyzers.OpSet || s.Space != "" || s.Name != "COMPOSE_FILE" {
						return
					}
					text, known := s.Value.Text()
					if !known {
						return
					}
					folder := path.Dir(file)
					names := strings.FieldsFunc(text, func(r rune) bool { return r == ':' || r == ';' })
					made := &set{}
					if path.Base(file) == ".env" && facts.Analyzer == "dotenv" {
						made = f.resolve(folder, names)
						made.env = []string{file}
						replaced[folder] = len(made.files) > 0
					} else {
						made = f.locate(file, names)
						made.env = f.dotenv(made.folder)
						if facts.Analyzer == "dotenv" {
							made.env = []string{file}
						}
					}
					f.add(made)
				})
			}
		}
	}
	return replaced
}

func walk(steps []analyzers.Step, visit func(*analyzers.Step)) {
	for i := range steps {
		visit(&steps[i])
		walk(steps[i].Steps, visit)
	}
}

// resolve returns the set of the names that are compose files, seen from a folder. The project's folder is that of the first.
func (f *finder) resolve(folder string, names []string) *set {
	s := &set{}
	for _, n := range names {
		if p := inFolder(folder, n); f.files[p] != nil && !slices.Contains(s.files, p) {
			s.files = append(s.files, p)
		}
	}
	if len(s.files) > 0 {
		s.folder = path.Dir(s.files[0])
	}
	return s
}

// locate returns the set of names that a file writes. Where a command works is not known: the root is tried, then the folder of the
// file and those above it, then the only folder in which all of them lie.
func (f *finder) locate(file string, names []string) *set {
	var best *set
	try := func(folder string) bool {
		s := f.resolve(folder, names)
		if best == nil || len(s.files) > len(best.files) {
			best = s
		}
		return len(s.files) == len(names)
	}
	if try(".") {
		return best
	}
	for folder := path.Dir(file); folder != "."; folder = path.Dir(folder) {
		if try(folder) {
			return best
		}
	}
	var only []string
	for _, folder := range folders(f.paths) {
		if s := f.resolve(folder, names); len(names) > 0 && len(s.files) == len(names) {
			only = append(only, folder)
		}
	}
	if len(only) == 1 {
		try(only[0])
	}
	return best
}

// commands makes sets of the commands that name files.
func (f *finder) commands() {
	for _, file := range f.index.All() {
		for _, facts := range f.index.Facts(file) {
			for i := range facts.Programs {
				walk(facts.Programs[i].Steps, func(s *analyzers.Step) {
					if s.Op != analyzers.OpCall || s.Sink == nil {
						return
					}
					if c, ok := parseCommand(s.Sink); ok {
						c.at, c.file = s.At, file
						if c.at.Path == "" {
							c.at.Path = file
						}
						c.starter.signs = callers(facts, &facts.Programs[i], c.at)
						c.starter.profiles = append(c.starter.profiles, active(facts.Programs[i].Steps)...)
						c.program = facts.Programs[i].Name
						c.before = f.givenBy(facts, &facts.Programs[i], s)
						f.command(c)
					}
				})
			}
		}
	}
}

// command makes the sets of one command: several, if a name in it is computed.
func (f *finder) command(c invocation) {
	var names []string
	for _, n := range c.files {
		if n != "" {
			names = append(names, n)
		}
	}
	dynamic := len(names) < len(c.files)
	var base *set
	switch {
	case len(names) > 0:
		base = f.locate(c.file, names)
	case dynamic:
		return // nothing of the names is known: the files are found by themselves
	default:
		base = f.nearest(c.file)
	}
	if len(base.files) == 0 {
		return
	}
	base.implied, base.rank = false, 1
	if c.folder != "" {
		base.folder = f.existing(c.file, c.folder, base.folder)
	}
	if sign, ok := projectSign(c.project, c.at); ok {
		c.starter.signs = append(c.starter.signs, sign)
	}
	base.calls = []starter{c.starter}
	alternatives := []*set{base}
	if dynamic {
		alternatives = f.completed(base)
	}
	for _, s := range alternatives {
		for _, one := range f.environments(s, c) {
			one.given = c.given(asked(f.index, f.files, one))
			f.add(one)
		}
	}
}

// nearest returns the set that a command without names takes.
func (f *finder) nearest(file string) *set {
	if s := f.implied("."); len(s.files) > 0 {
		return s
	}
	for folder := path.Dir(file); ; folder = path.Dir(folder) {
		if s := f.implied(folder); len(s.files) > 0 || folder == "." {
			return s
		}
	}
}

// existing returns the folder that a command names, as it is seen from the root or from the command's file.
func (f *finder) existing(file, folder, otherwise string) string {
	for _, from := range []string{".", path.Dir(file)} {
		p := inFolder(from, folder)
		if slices.ContainsFunc(f.index.All(), func(a string) bool { return p == "." || strings.HasPrefix(a, p+"/") }) {
			return p
		}
	}
	return otherwise
}

// completed returns the sets that a computed name makes: with each of the files beside the known ones that are in no set by themselves.
func (f *finder) completed(base *set) []*set {
	folder := path.Dir(base.files[len(base.files)-1])
	var list []*set
	for _, p := range f.paths {
		b := path.Base(p)
		if path.Dir(p) != folder || slices.Contains(base.files, p) || slices.Contains(defaultNames, b) || slices.Contains(overrideNames, b) || !named(p) {
			continue
		}
		one := *base
		one.files = append(slices.Clone(base.files), p)
		list = append(list, &one)
	}
	if list == nil {
		return []*set{base}
	}
	return list
}

// environments returns the set with the project's variables: those of the files that the command gives, in place of the .env.
func (f *finder) environments(s *set, c invocation) []*set {
	if c.stack { // docker stack deploy reads no .env
		return []*set{s}
	}
	if len(c.env) == 0 {
		s.env = f.dotenv(s.folder)
		return []*set{s}
	}
	s.env = nil
	for _, e := range c.env {
		for _, from := range []string{".", path.Dir(c.file), s.folder} {
			if p := inFolder(from, e); e != "" && f.index.Exists(p) {
				s.env = append(s.env, p)
				break
			}
		}
	}
	if !slices.Contains(c.env, "") {
		return []*set{s}
	}
	var list []*set
	for _, p := range f.index.Match(path.Join(s.folder, "{.env.*,*.env}")) {
		if e := environ.Path(path.Base(p)); e == 0 || !compatible(s, e) {
			continue
		}
		one := *s
		one.env = append(slices.Clone(s.env), p)
		list = append(list, &one)
	}
	if list == nil {
		return []*set{s}
	}
	return list
}

// compatible reports whether a file's environment can be that of the set's files.
func compatible(s *set, e detectors.Environment) bool {
	var said detectors.Environment
	for _, file := range s.files {
		said |= environ.Path(file)
	}
	return said == 0 || said.Touches(e)
}

// sorted orders sets for their units' names: the plainest first.
func sorted(sets []*set) []*set {
	sets = slices.Clone(sets)
	slices.SortStableFunc(sets, func(a, b *set) int {
		return cmp.Or(cmp.Compare(a.rank, b.rank), cmp.Compare(a.key(), b.key()))
	})
	return sets
}
