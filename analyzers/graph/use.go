package graph

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/settings"
	"github.com/stagewall/stagewall/detectors"
)

func (p *process) read(s *analyzers.Step, at detectors.Place) {
	m := p.space(s.Space)
	if len(s.Value.Parts) > 0 {
		v := p.evaluate(s.Value, at)
		if len(v.texts) == 0 {
			p.gap(at, "the name that code reads from its environment is computed; what it reads is not known")
		}
		for _, name := range v.texts {
			if b, ok := m[name]; ok && b.node != (analyzers.Node{}) {
				p.edge(p.node, b.node, analyzers.Reads, at, s.Says)
			}
		}
		return
	}
	if !s.All {
		if b, ok := m[s.Name]; ok && b.node != (analyzers.Node{}) {
			p.edge(p.node, b.node, analyzers.Reads, at, s.Says)
		}
		return
	}
	for _, name := range p.leading(m, s.Name) {
		if s.Space == "" && strings.Contains(name, "/") {
			continue // a file that is mounted, and no variable
		}
		p.edge(p.node, m[name].node, analyzers.Reads, at, s.Says)
	}
}

// leadTo reports whether keys can be the first ones of those under which something stands. Of a key that is not known, and that is no default,
// those are left out that name other environments than the process'.
func (p *process) leadTo(keys []value, under []string) bool {
	for i, key := range keys {
		fits := func(text string) bool { return text == settings.Any || strings.EqualFold(text, under[i]) }
		switch {
		case key.known && len(key.texts) > 0:
			if !slices.ContainsFunc(p.fitting(key.texts), fits) {
				return false
			}
		case slices.ContainsFunc(key.texts, fits), p.environment == 0:
		default:
			if env := p.valued(under[i]); env != 0 && !env.Touches(p.environment) {
				return false
			}
		}
	}
	return true
}

// call hands a value to a sink; a command line program also takes what it documents from its environment.
func (p *process) call(s *analyzers.Step, at detectors.Place) {
	if s.Op == analyzers.OpUse && !p.isAlive(&s.Value, at.Path) {
		return
	}
	sink := detectors.Sink{}
	if s.Sink != nil {
		sink = *s.Sink
	}
	var taken []string
	if s.Op == analyzers.OpCall {
		if p.plain(s, at) {
			p.settle(at)
			return
		}
		if p.Takes != nil {
			taken = p.Takes(sink)
		}
	}
	if sink.Library != "" && len(taken) == 0 {
		return
	}
	p.settle(at)
	sink.IDs = append(slices.Clip(sink.IDs), p.ids(s.Named, at)...)
	things := p.worksOn(s, sink, at)
	var handed map[int][]analyzers.Node
	for _, part := range s.Value.Parts {
		for _, src := range p.sourcesOf(part, s.Value.At, at) {
			if handed == nil {
				handed = map[int][]analyzers.Node{}
			}
			where := at
			if _, ok := p.graph.References[src.node.ID]; ok && src.at.Path == at.Path && s.Value.At.Span.Overlaps(src.at.Span) {
				where = src.at // it stands where it is looked up, and not where what is handed on begins
			}
			p.edge(p.node, src.node, analyzers.Passes, where, s.Says)
			arg := sink.ArgAt(part.Span)
			handed[arg] = append(handed[arg], src.node)
		}
	}
	for _, arg := range slices.Sorted(maps.Keys(handed)) {
		by := sink
		by.Arg = arg
		p.graph.uses = append(p.graph.uses, use{p.node, handed[arg], by, at, things})
	}
	if s.Op != analyzers.OpCall {
		return
	}
	if len(sink.Argv) > 0 && sink.Argv[0].Text != "" {
		if built := p.built(sink.Argv[0].Text, at); len(built) > 0 {
			run := analyzers.Step{Op: analyzers.OpRun, At: s.At, Ref: new(analyzers.PathTo(built[0].file, "", at)), Says: "runs the program"}
			run.Ref.Args = []analyzers.Value{s.Value}
			p.child(&run, at, built)
		}
	}
	for _, name := range taken {
		b, ok := p.env.byName[name]
		switch who := cmp.Or(sink.Library, sink.Tool); {
		case !ok || !b.exported:
		case b.node != (analyzers.Node{}):
			p.edge(p.node, b.node, analyzers.Passes, at, who+" takes "+name+" from its environment")
			sink.Variable = name
			p.graph.uses = append(p.graph.uses, use{p.node, []analyzers.Node{b.node}, sink, at, things})
		case b.known:
			p.takesFiles(b.texts, at, who+" takes the file that "+name+" names")
		}
	}
}

// takesFiles opens the files of the repository that the value of a documented variable names: KUBECONFIG=a.yaml:b.yaml,
// GOOGLE_APPLICATION_CREDENTIALS=sa.json.
func (p *process) takesFiles(texts []string, at detectors.Place, says string) {
	for _, text := range texts {
		for name := range strings.SplitSeq(text, ":") {
			if file, ok := p.file(name, at); ok && p.Index.Exists(file) {
				p.see(file, "", false, at, says, analyzers.Opens)
			}
		}
	}
}

// ids returns the ids that are sent along, as far as their texts are known.
func (p *process) ids(named []analyzers.Named, at detectors.Place) []detectors.ID {
	var ids []detectors.ID
	for _, n := range named {
		for _, text := range p.fitting(p.evaluate(n.Value, at).texts) {
			ids = append(ids, detectors.ID{What: n.Name, Value: text})
		}
	}
	return ids
}

// worksOn makes the edges to what a call works on, which the step says alone unless ids are sent along.
func (p *process) worksOn(s *analyzers.Step, sink detectors.Sink, at detectors.Place) []analyzers.Node {
	if p.WorksOn == nil || p.silent {
		return nil
	}
	ids, known := p.worked[s]
	if !known {
		ids = p.WorksOn(sink)
		if len(s.Named) == 0 {
			p.worked[s] = ids
		}
	}
	var nodes []analyzers.Node
	for _, id := range ids {
		n := targetNode(id)
		p.edge(p.node, n, analyzers.Opens, at, "works on it")
		nodes = append(nodes, n)
	}
	return nodes
}
