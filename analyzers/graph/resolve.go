package graph

import (
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/moby/patternmatcher"
	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/environ"
)

// resolveRef returns the programs that a step's reference leads to, and reports it when it leads nowhere although it should.
func (p *process) resolveRef(s *analyzers.Step, at detectors.Place) []target {
	defer p.lookInside(s.Op, at)()
	ref := s.Refers()
	targets := p.resolve(ref, at)
	if len(targets) == 0 && (!s.Optional || s.Op == analyzers.OpLoad) && s.Op != analyzers.OpRun && ref.Name == "" {
		if v := p.evaluate(ref.Path, at); len(v.texts) == 0 && (!s.Optional || !tells(p.pattern(ref.Path, at))) {
			p.gap(at, "the name of the file that is read here is computed; what stands in it is not followed")
		}
	}
	return targets
}

// resolve returns the programs that a reference leads to.
func (p *process) resolve(r analyzers.Ref, at detectors.Place) []target {
	if len(r.Path.Parts) == 0 && !strings.HasPrefix(r.Name, "@") {
		return p.targets(p.lent, r.Name)
	}
	if len(r.Path.Parts) == 0 {
		var targets []target
		for _, g := range p.global[r.Name] {
			targets = append(targets, target{g, g.path})
		}
		return targets
	}
	switch r.Name {
	case analyzers.MainOf:
		return p.mains(r.Path, at)
	case analyzers.ModuleOf:
		return p.targets(p.moduleFiles(r.Path, at), "")
	}
	if text, ok := r.Path.Text(); ok {
		if files, ok := p.goFiles(text, at); ok {
			return p.targets(files, r.Name)
		}
	}
	if text, ok := r.Path.Text(); ok && r.Here {
		if file, ok := p.locate(text, []string{p.dir, path.Dir(at.Path)}, false); ok {
			return p.targets([]string{file}, r.Name)
		}
		return nil
	}
	if r.Above {
		return p.targets(p.above(r.Path, at), r.Name)
	}
	return p.targets(p.files(r.Path, at, true), r.Name)
}

// above returns the file that a path means in the nearest folder above that has one.
func (p *process) above(v analyzers.Value, at detectors.Place) []string {
	text, known := v.Text()
	if !known {
		return nil
	}
	from := []string{path.Dir(at.Path)}
	for i := len(p.via) - 1; i >= 0; i-- {
		from = append(from, path.Dir(p.via[i].file))
	}
	climbed := map[string]bool{}
	for _, dir := range append(from, p.dir) {
		for dir != "." && dir != "" && !path.IsAbs(dir) && !climbed[dir] {
			climbed[dir] = true
			dir = path.Dir(dir)
			if file, ok := p.locate(text, []string{dir}, false); ok {
				return []string{file}
			}
		}
	}
	return nil
}

func (p *process) targets(files []string, name string) []target {
	var targets []target
	for _, file := range files {
		t := target{file: file}
		if found, ok := p.find(file, name); ok {
			t.program = found
		} else if name != "" {
			continue
		}
		targets = append(targets, t)
	}
	return targets
}

// files returns the files, or the folder, that a computed path leads to. Several: the path can be any of them.
func (p *process) files(v analyzers.Value, at detectors.Place, optional bool) []string {
	if p.astray && isEvery(v) != "" { // all of them would be those of another folder
		p.gap(at, analyzers.UnknownFolder)
		return nil
	}
	if r := p.evaluate(v, at); len(r.texts) > 0 {
		any, every := p.meant(r.texts, at)
		files := append(p.fittingFiles(any), every...)
		if len(files) > 0 && !r.known && p.environment != 0 && slices.ContainsFunc(v.Parts, p.byDefault) { // beside the one by default; alone it would go before what may well hold
			for _, file := range p.glob(v, at) {
				if environ.Path(file).Touches(p.environment) && !slices.Contains(files, file) {
					files = append(files, file)
				}
			}
		}
		return files
	}
	matched := p.glob(v, at)
	if matched == nil && !optional {
		p.gap(at, "the name of the file that is read here is computed; what stands in it is not followed")
	}
	return matched
}

// byDefault reports whether a part is a variable's that nobody sets here to what is known: who runs the program for an environment may well give it.
func (p *process) byDefault(part analyzers.Part) bool {
	h := part.Hole
	if h == nil || h.Default == nil || h.Space != "" {
		return false
	}
	b, bound := p.space("")[h.Name]
	return !bound || b.unknown()
}

// meant returns the files of which the texts of a path mean any, and those of which they mean every one: those that fit a pattern, as a shell puts all of them
// in its place (https://www.gnu.org/software/bash/manual/html_node/Filename-Expansion.html).
func (p *process) meant(texts []string, at detectors.Place) (any, every []string) {
	add := func(to []string, file string) []string {
		if slices.Contains(to, file) {
			return to
		}
		return append(to, file)
	}
	for _, text := range texts {
		if file, ok := p.file(text, at); ok {
			any = add(any, file)
			continue
		}
		if !strings.Contains(text, "*") || path.IsAbs(text) || !tells(text) {
			continue
		}
		fit, _ := p.fit(text, at)
		hidden := strings.HasPrefix(path.Base(text), ".")
		fit = slices.DeleteFunc(fit, func(file string) bool { return !hidden && strings.HasPrefix(path.Base(file), ".") })
		if len(fit) > maxEvery {
			p.gapOfMany(at, maxEvery)
			continue
		}
		for _, file := range fit {
			every = add(every, file)
		}
	}
	return any, every
}

// fit returns the existing files that fit a pattern, and what is written of it before its first star: where the process works, or else beside the file that
// says so, or at the root.
func (p *process) fit(pattern string, at detectors.Place) (files []string, written string) {
	for _, dir := range []string{p.dir, path.Dir(at.Path), "."} {
		written, _, _ = strings.Cut(path.Join(dir, pattern), "*")
		if files = p.Index.Match(path.Join(dir, pattern)); len(files) > 0 {
			break
		}
	}
	if p.tracked {
		files = slices.DeleteFunc(files, func(file string) bool { return !p.Index.Tracked(file) })
	}
	if p.looking != nil {
		files = slices.DeleteFunc(files, func(file string) bool { return !p.holds(file) })
	}
	return files, written
}

func (p *process) gapOfMany(at detectors.Place, most int) {
	p.gap(at, "the name of the file that is read here is computed and fits more than "+strconv.Itoa(most)+" files; none is followed")
}

// tells reports whether a pattern says enough of a path that what it matches is meant: more than an extension. What code gathers below a folder
// that is not known, *.md or */*.json, can lie anywhere.
func tells(pattern string) bool {
	dir, name := path.Split(pattern)
	if path.Ext(name) == ".tf" { // of one program, which reads all of a folder: https://developer.hashicorp.com/terraform/language/files
		return true
	}
	if stem := strings.TrimSuffix(name, path.Ext(name)); stem != name && stem != "" && strings.Trim(stem, "*?") == "" {
		name = ""
	}
	said := strings.Map(func(r rune) rune {
		if strings.ContainsRune("*?[]{}/.", r) {
			return -1
		}
		return r
	}, dir+name)
	return len(said) > 1 && (strings.Contains(pattern, "/") || !strings.HasPrefix(pattern, "*") || len(said) > 3)
}

// pattern returns a path with a star for each hole of which the text is not known.
func (p *process) pattern(v analyzers.Value, at detectors.Place) string {
	pattern := ""
	for _, part := range v.Parts {
		text := "*"
		if part.Hole == nil {
			text = part.Text
		} else if one := p.fill(part.Hole, at); one.known && len(one.texts) == 1 {
			text = one.texts[0]
		}
		pattern += text
	}
	return pattern
}

// glob returns the existing files that a path with holes of unknown text can mean, in this environment.
func (p *process) glob(v analyzers.Value, at detectors.Place) []string {
	pattern := p.pattern(v, at)
	if !tells(pattern) {
		return nil
	}
	files, written := p.fit(pattern, at)
	every, most := isEvery(v), maxAlternatives
	if every != "" {
		most = maxEvery
	}
	if len(files) > most {
		p.gapOfMany(at, most)
		return []string{}
	}
	switch every {
	case analyzers.EveryFile:
		return files
	case analyzers.EveryOwn:
		return p.ownFiles(files, written)
	}
	return p.fittingFiles(files)
}

// fittingFiles returns those of several files that can be meant in the process' environment, by their paths.
func (p *process) fittingFiles(files []string) []string {
	if len(files) < 2 {
		return files
	}
	return p.ownFiles(files, "")
}

// matches reports whether a text matches a pattern of the shell: * and ? only.
func matches(pattern, text string) bool {
	if !strings.ContainsAny(pattern, "*?") {
		return pattern == text
	}
	// Greedy matching with one point to return to, linear in practice.
	var i, j int
	star, mark := -1, 0
	for j < len(text) {
		switch {
		case i < len(pattern) && (pattern[i] == '?' || pattern[i] == text[j]):
			i++
			j++
		case i < len(pattern) && pattern[i] == '*':
			star, mark = i, j
			i++
		case star >= 0:
			mark++
			i, j = star+1, mark
		default:
			return false
		}
	}
	for i < len(pattern) && pattern[i] == '*' {
		i++
	}
	return i == len(pattern)
}

// ignored returns what reports whether an ignore file excludes a path, nil if it excludes nothing. What it says of a path is found once.
func (p *process) ignored(file string) func(string) bool {
	if file == "" {
		return nil
	}
	excludes, known := p.ignoring[file]
	if !known {
		if m := p.ignores(file); m != nil {
			answers := map[string]bool{}
			excludes = func(candidate string) bool {
				answer, known := answers[candidate]
				if !known {
					answer = m.excludes(p.linker, candidate)
					answers[candidate] = answer
				}
				return answer
			}
		}
		p.ignoring[file] = excludes
	}
	return excludes
}

// maxIgnored bounds the patterns of ignore files that paths are compared with, counted for each path. Beyond, nothing is taken as ignored.
const maxIgnored = 3_000_000

// ignores is an ignore file.
type ignores struct {
	file     string
	matcher  *patternmatcher.PatternMatcher
	patterns int
}

// ignores reads an ignore file, nil if it is none or cannot be read.
func (p *process) ignores(file string) *ignores {
	for _, f := range p.Index.Facts(file) {
		if f.Ignores == nil {
			continue
		}
		patterns := f.Ignores.Patterns
		if f.Ignores.Syntax == "git" {
			patterns = gitPatterns(patterns)
		}
		matcher, err := patternmatcher.New(patterns)
		if err != nil {
			p.gap(detectors.Place{Path: file}, "this ignore file has a pattern that cannot be read; nothing is taken as ignored by it")
			return nil
		}
		return &ignores{file, matcher, len(patterns)}
	}
	return nil
}

func (m *ignores) excludes(l *linker, candidate string) bool {
	relative := candidate
	if folder := path.Dir(m.file); folder != "." {
		var below bool
		if relative, below = strings.CutPrefix(candidate, folder+"/"); !below {
			return false
		}
	}
	if l.compared += m.patterns; l.compared > maxIgnored {
		l.gap(detectors.Place{Path: m.file}, "there are too many patterns for so many files; the rest of the files is taken as not ignored by it")
		return false
	}
	ignored, err := m.matcher.MatchesOrParentMatches(relative)
	return ignored && err == nil
}

// gitPatterns rewrites patterns of .gitignore's syntax into those of .dockerignore: a pattern without a slash, other than at its end,
// matches at any depth (https://git-scm.com/docs/gitignore#_pattern_format).
func gitPatterns(patterns []string) []string {
	rewritten := make([]string, 0, len(patterns))
	for _, pattern := range patterns {
		not := strings.HasPrefix(pattern, "!")
		pattern = strings.TrimSuffix(strings.TrimPrefix(pattern, "!"), "/")
		if anchored, ok := strings.CutPrefix(pattern, "/"); ok {
			pattern = anchored
		} else if !strings.Contains(pattern, "/") {
			pattern = "**/" + pattern
		}
		if not {
			pattern = "!" + pattern
		}
		rewritten = append(rewritten, pattern)
	}
	return rewritten
}
