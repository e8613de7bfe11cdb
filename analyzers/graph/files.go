package graph

import (
	"cmp"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/detectors"
)

// load does the sets of a program that is no code: an env file, a secret's keys.
func (p *process) load(s *analyzers.Step, at detectors.Place) {
	p.each(p.resolveRef(s, at), s, func(t target) {
		if t.Program == nil {
			return
		}
		steps := p.body(t.program)
		own := map[string]bool{} // names that the file itself sets: of those the last line holds
		p.within(t, at, s.Says, func() {
			for i := range steps {
				set := steps[i]
				if p.idles[&steps[i]] {
					continue
				}
				if set.Op != analyzers.OpSet {
					p.run(steps[i:i+1], t.path)
					continue
				}
				set.IfUnset = set.IfUnset || s.IfUnset && !own[set.Name]
				if _, bound := p.space(cmp.Or(set.Space, s.Space))[set.Name]; !bound {
					own[set.Name] = true
				}
				set.Export = set.Export && s.Space == "" || s.Export
				if set.Space == "" {
					set.Space = s.Space
				}
				for j := range set.Value.Parts { // a hole of the file is filled from the space that the file is loaded into
					if h := set.Value.Parts[j].Hole; h != nil && h.Space == "" && s.Space != "" {
						set.Value.Parts = slices.Clone(set.Value.Parts)
						moved := *h
						moved.Space = s.Space
						set.Value.Parts[j].Hole = &moved
					}
				}
				if !p.spend(t.path) {
					return
				}
				p.set(&set, inFile(set.At, t.path))
			}
		})
	})
}

// each does what a statement does with the files that its path leads to. Of a path that is not known each of them may be the one: it is
// done with each in the state before, and a name has afterwards what any of them leaves in it.
func (p *process) each(targets []target, s *analyzers.Step, do func(target)) {
	_, one := s.Refers().Path.Text()
	if one || len(targets) < 2 || importedOnce(targets[0].path) || isEvery(s.Refers().Path) != "" { // modules keep their names apart
		for _, t := range targets {
			do(t)
		}
		return
	}
	m := p.writable(s.Space)
	before, after, in := maps.Clone(m), map[string]binding{}, map[string]int{}
	for _, t := range targets {
		clear(m)
		maps.Copy(m, before)
		p.settled = false
		do(t)
		for _, name := range sortedNames(m) {
			now := m[name]
			if b, earlier := after[name]; earlier && now.differs(b) {
				now = p.either(name, b, now)
			}
			after[name] = now
			in[name]++
		}
	}
	for name, n := range in {
		if n < len(targets) {
			after[name] = after[name].perhaps()
		}
	}
	clear(m)
	maps.Copy(m, after)
	p.settled = false
}

// inFile completes a place that leaves its file out.
func inFile(at detectors.Place, file string) detectors.Place {
	if at.Path == "" {
		at.Path = file
	}
	return at
}

// source does the steps of a program in this process.
func (p *process) source(s *analyzers.Step, at detectors.Place) {
	if s.Names && !p.naming { // what happens now happens once more when the program is taken in
		sourced, packages, lent := p.sourced, p.packages, p.lent
		p.naming, p.sourced, p.packages = true, map[*analyzers.Program]int{}, nil
		defer func() { p.naming, p.sourced, p.packages, p.lent = false, sourced, packages, lent }()
	}
	text, _ := s.Refers().Path.Text()
	folder, ofGo := p.goFolder(text, at)
	if ofGo && (folder == "" || p.motionOf(taken{folder: folder}) == still) {
		return
	}
	within := p.within
	if strings.HasPrefix(text, packagePrefix) {
		within = p.beside
	}
	takeIn := func(t target) {
		if s.Refers().Name == "" && p.lends(t.file) && !slices.Contains(p.lent, t.file) {
			p.lent = append(slices.Clip(p.lent), t.file)
		}
		if t.Program == nil {
			if p.hold(t.file) && !p.naming {
				p.edge(p.node, fileNode(t.file), analyzers.Loads, at, s.Says)
			}
			return
		}
		limit := maxSourced
		if importedOnce(t.path) {
			limit = 1
		}
		if p.sourced[t.Program] >= limit || p.motion(t) == still {
			return
		}
		p.sourced[t.Program]++
		p.work(sourceWork)
		if t.Apart { // it may be called as often as one likes, and is only kept from calling itself
			defer func() { p.sourced[t.Program]-- }()
		}
		if positional := p.positional(s.Refers().Args, at); positional != nil {
			outer, was := p.spaces["args"]
			p.spaces["args"], p.settled = bindings{byName: positional}, false
			defer func() {
				p.settled = false
				if p.spaces["args"] = outer; !was {
					delete(p.spaces, "args")
				}
			}()
		}
		within(t, at, s.Says, func() {
			p.run(p.body(t.program), t.path)
			if t.Shell && !p.naming {
				p.sourcedText(t.path, at)
			}
		})
	}
	if targets := p.takenBy(s, at); ofGo {
		p.rest(folder, targets, takeIn)
	} else {
		p.each(targets, s, takeIn)
	}
}

// rest does what a statement does with those of a package's files that no statement did it with before. Each of its files takes the package
// in, so that what is taken in within another goes on from there.
func (p *process) rest(folder string, files []target, do func(target)) {
	if p.packages == nil {
		p.packages = map[string]int{}
	}
	for p.packages[folder] < len(files) {
		t := files[p.packages[folder]]
		p.packages[folder]++
		do(t)
	}
}

// takenBy returns the programs that a step takes in. A file of a package of Go is among those that it takes in of its own.
func (p *process) takenBy(s *analyzers.Step, at detectors.Place) []target {
	text, _ := s.Refers().Path.Text()
	if folder, ok := p.goFolder(text, at); ok {
		return p.ofPackage(folder, s.Refers().Name)
	}
	if from := p.sources(s, at, p.dir); from.known && !p.looksInside(s.Op, at) {
		files := slices.Concat(p.fittingFiles(slices.Clone(from.any)), from.every)
		return p.targets(slices.DeleteFunc(files, func(file string) bool { return !p.has(file) }), s.Refers().Name)
	}
	return p.resolveRef(s, at)
}

// ofPackage returns the programs of a name in the files that the files of a package take in. One with a func main is none of them: it takes in
// the others, and where several have one, as in a folder of programs of one file each, no two are in one program.
func (p *process) ofPackage(folder, name string) []target {
	key := [2]string{folder, name}
	targets, ok := p.members[key]
	if !ok {
		files := slices.DeleteFunc(slices.Clone(p.goPackage(folder)), func(file string) bool {
			return slices.ContainsFunc(p.programs[folder], func(main target) bool { return main.file == file })
		})
		targets = p.targets(files, name)
		p.members[key] = targets
	}
	return targets
}

// importedOnce reports whether the file is in a language whose imports run once in a process, however often they are written.
func importedOnce(file string) bool {
	switch path.Ext(file) {
	case ".go", ".js", ".mjs", ".cjs", ".jsx", ".ts", ".mts", ".cts", ".tsx", ".py", ".rb":
		return true
	}
	return false
}

// sourcedText is [process.text] for a file that the process took in: its path begins with the statement that did.
func (p *process) sourcedText(file string, at detectors.Place) {
	for _, s := range p.unmentioned(file) {
		mid := p.chain(analyzers.Node{Kind: "token", ID: s.Token})
		p.edge(p.node, mid, analyzers.Loads, p.via[0].at, p.via[0].says)
		p.edgeFrom(mid, tokenNode(s.Token), s.At)
	}
}

// layer is a file with those that are read over it.
type layer struct {
	file string
	over []string
}

// layers returns the files that a value means, see [analyzers.Layers].
func layers(v analyzers.Value, find func(analyzers.Value) []string) []layer {
	values := []analyzers.Value{v}
	if len(v.Parts) == 1 && v.Parts[0].Hole != nil && v.Parts[0].Hole.Space == analyzers.Layers {
		values = v.Parts[0].Hole.Values
	}
	var all []layer
	var over []string
	for _, one := range values {
		files := find(one)
		for _, file := range files {
			all = append(all, layer{file, over})
		}
		over = slices.Concat(over, files)
	}
	return all
}

// covers reports whether a file that is read over one has a token under the same keys as the token of this that stands in a span.
func (p *process) covers(l layer, at detectors.Span) bool {
	if len(l.over) == 0 || p.Keys == nil {
		return false
	}
	keys, known := p.Keys(l.file, at)
	return known && len(keys) > 0 && slices.ContainsFunc(l.over, func(file string) bool {
		return slices.ContainsFunc(p.Stands[file], func(s Stand) bool {
			under, known := p.Keys(file, s.At.Span)
			return known && slices.Equal(keys, under)
		})
	})
}

// covered reports whether that holds for all tokens of a file.
func (p *process) covered(l layer) bool {
	return len(l.over) > 0 && len(p.Stands[l.file]) > 0 &&
		!slices.ContainsFunc(p.Stands[l.file], func(s Stand) bool { return !p.covers(l, s.At.Span) })
}

// openEntry reads what stands under the keys of the step in a file of settings, and what stands there under no key that is known.
func (p *process) openEntry(s *analyzers.Step, l layer, at detectors.Place) {
	file := l.file
	if len(p.Stands[file]) == 0 {
		return
	}
	name := file
	var keys []value
	for _, n := range s.Named {
		key := p.evaluate(n.Value, at)
		keys = append(keys, key)
		name += " " + strings.Join(key.texts, "|")
	}
	held := value{}
	for _, stand := range p.Stands[file] {
		under, known := p.Keys(file, stand.At.Span)
		if (!known || len(keys) <= len(under) && p.leadTo(keys, under)) && !p.covers(l, stand.At.Span) {
			held.sources = append(held.sources, source{tokenNode(stand.Token), stand.At})
		}
	}
	if len(held.sources) > 0 {
		p.edge(p.node, p.bind(name, held, at, "").node, analyzers.Reads, at, s.Says)
	}
}

// see makes the tokens in a file, or in the files below a folder, gained by the verb.
func (p *process) see(file, except string, tracked bool, at detectors.Place, says string, verb analyzers.Verb) {
	files, bulk := []string{file}, false
	if !p.Index.Exists(file) {
		files, bulk = p.withTokens(file), true
	}
	ignored := p.ignored(except)
	for _, f := range files {
		if (tracked || p.tracked) && !p.Index.Tracked(f) || ignored != nil && ignored(f) || !p.hold(f) {
			continue
		}
		hop := at
		if hop.Path == "" {
			hop = detectors.Place{Path: f}
		}
		p.edge(p.node, fileNode(f), verb, hop, says)
		if bulk {
			p.graph.bulk[[2]analyzers.Node{p.node, fileNode(f)}] = true
		}
	}
}

// withTokens returns the files below the folder in which tokens stand, sorted.
func (p *process) withTokens(folder string) []string {
	var files []string
	for f := range p.Stands {
		if folder == "." || strings.HasPrefix(f, folder+"/") {
			files = append(files, f)
		}
	}
	slices.Sort(files)
	return files
}
