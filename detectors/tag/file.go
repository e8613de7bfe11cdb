package tag

import (
	"bytes"
	"slices"
	"strings"

	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/environ"
)

// File is a file, or a piece of one, whose candidates are observed. Many candidates ask the same of what surrounds them, which is found once, so that
// they cost in proportion to their number however large the file is. It is used by one goroutine at a time.
type File struct {
	k    *Knowledge
	path string
	text []byte
	base int // where the text begins in its file

	around *window         // what surrounded the last candidate
	names  map[string]name // see named
	tests  []testModule    // see inTest; nil before it is asked for
}

// File returns a file, or a piece of one that begins at base.
func (k *Knowledge) File(path string, data []byte, base int) *File {
	return &File{k: k, path: path, text: data, base: base}
}

// name is an identifier in the spellings in which it is compared: in capitals, without underscores.
type name struct {
	environments detectors.Environment
	plain, bare  string // bare without the words of environments
}

func (f *File) nameOf(identifier string) name {
	n, ok := f.names[identifier]
	if !ok {
		if f.names == nil {
			f.names = map[string]name{}
		}
		snake := snake(identifier)
		n = name{environ.Identifier(identifier), strings.ReplaceAll(snake, "_", ""), strings.ReplaceAll(withoutEnvironments(snake), "_", "")}
		f.names[strings.Clone(identifier)] = n
	}
	return n
}

// window is what surrounds the candidates of one block of a file: the block and as much above and below it. Offsets count from its beginning.
type window struct {
	data   []byte
	from   int   // where data begins in the text
	starts []int // of the lines

	code, all *nesting // made on first need, as are those below

	joined    []int                     // by line, the first of those that backslashes join to it
	headings  []int                     // lines in brackets
	borders   []int                     // where lines begin that end a document of YAML
	documents map[detectors.Span]string // what documents say of themselves
	allows    map[detectors.Span]string // by lines, the comment that allows what stands in them
	quotes    map[asked]bool
	values    map[asked]string
	searched  int // bytes that were searched for variables
	variables map[string][]assignment
	config    *clusters
}

// asked is what was asked of a span.
type asked struct {
	span     detectors.Span
	variable string
	comments bool
}

// assignment is a name, its end and the value that follows it.
type assignment struct {
	end   int
	value detectors.Span
}

// windowOf returns what surrounds a span.
func (f *File) windowOf(span detectors.Span) *window {
	block := span.Start / farthest
	from, to := max(0, (block-1)*farthest), min(len(f.text), max((block+2)*farthest, span.End+farthest))
	if w := f.around; w != nil && w.from == from && len(w.data) == to-from {
		return w
	}
	w := &window{data: f.text[from:to], from: from}
	w.starts = append(make([]int, 0, 1+bytes.Count(w.data, []byte{'\n'})), 0)
	for at := 0; ; {
		i := bytes.IndexByte(w.data[at:], '\n')
		if i < 0 {
			break
		}
		at += i + 1
		w.starts = append(w.starts, at)
	}
	f.around = w
	return w
}

// lineOf returns the line of an offset.
func (w *window) lineOf(offset int) int {
	i, found := slices.BinarySearch(w.starts, offset)
	if found {
		return i
	}
	return i - 1
}

// lineStart returns the offset at which the line of an offset begins.
func (w *window) lineStart(offset int) int { return w.starts[w.lineOf(offset)] }

// lineEnd returns the offset at which the line of an offset ends, before its line break.
func (w *window) lineEnd(offset int) int { return w.end(w.lineOf(offset)) }

// end returns the offset at which a line ends, before its line break.
func (w *window) end(line int) int {
	if line+1 < len(w.starts) {
		return w.starts[line+1] - 1
	}
	return len(w.data)
}

func (w *window) line(i int) []byte { return w.data[w.starts[i]:w.end(i)] }

// nesting says which lines stand around others that are indented deeper. Of few candidates it goes through the lines; of many the lines tell each other.
type nesting struct {
	*window
	level        func(line []byte) int // negative for one that counts as none
	walked       int                   // lines that were gone through
	levels       []int                 // by line, from here on; nil while lines are gone through
	above, below []int                 // the nearest with a lower level; of one that counts as none, the nearest that counts; -1 and the number of lines if there is none
}

// know makes the lines tell each other when those that were gone through are too many.
func (n *nesting) know() {
	count := len(n.starts)
	if n.walked < 2*count || n.levels != nil {
		return
	}
	n.levels, n.above, n.below = make([]int, count), make([]int, count), make([]int, count)
	for i := range count {
		n.levels[i] = n.level(n.line(i))
	}
	nearest := func(to []int, first, step, none int) {
		var around []int // of the lines so far those that no later one is as low as
		last := none
		for i := first; 0 <= i && i < count; i += step {
			if n.levels[i] < 0 {
				to[i] = last
				continue
			}
			for len(around) > 0 && n.levels[around[len(around)-1]] >= n.levels[i] {
				around = around[:len(around)-1]
			}
			to[i] = none
			if len(around) > 0 {
				to[i] = around[len(around)-1]
			}
			around, last = append(around, i), i
		}
	}
	nearest(n.above, 0, 1, -1)
	nearest(n.below, count-1, -1, count)
}

// outer returns the nearest line above a line with a level below the given one, and its level; -1 if there is none.
func (n *nesting) outer(line, level int) (outer, itsLevel int) {
	i := line - 1
	for n.know(); i >= 0; {
		if n.levels == nil {
			n.walked++
			if is := n.level(n.line(i)); 0 <= is && is < level {
				return i, is
			}
			i--
			continue
		}
		if is := n.levels[i]; 0 <= is && is < level {
			return i, is
		}
		i = n.above[i]
	}
	return i, 0
}

// after returns the nearest line below a line with a level below the given one, the number of lines if there is none.
func (n *nesting) after(line, level int) int {
	i := line + 1
	for n.know(); i < len(n.starts); {
		if n.levels == nil {
			n.walked++
			if is := n.level(n.line(i)); 0 <= is && is < level {
				return i
			}
			i++
			continue
		}
		if is := n.levels[i]; 0 <= is && is < level {
			return i
		}
		i = n.below[i]
	}
	return i
}

// lines returns how lines are indented, blank ones counting as none.
func (w *window) lines() *nesting {
	if w.all == nil {
		w.all = &nesting{window: w, level: indent}
	}
	return w.all
}

// firstLine returns the first of the lines that backslashes at their ends join to a line.
func (w *window) firstLine(line int) int {
	if w.joined == nil {
		w.joined = make([]int, len(w.starts))
		for i := range w.joined {
			w.joined[i] = i
			if i > 0 && bytes.HasSuffix(bytes.TrimRight(w.line(i-1), "\r"), []byte(`\`)) {
				w.joined[i] = w.joined[i-1]
			}
		}
	}
	return w.joined[line]
}

// section returns the part of a span around an offset that lies between two lines in brackets, as in TOML and INI files: [profile].
func (w *window) section(s detectors.Span, at detectors.Span) detectors.Span {
	if w.headings == nil {
		w.headings = []int{}
		for i := range w.starts {
			if line := bytes.TrimSpace(w.line(i)); len(line) > 2 && line[0] == '[' && line[len(line)-1] == ']' && !bytes.ContainsAny(line, ",{") {
				w.headings = append(w.headings, i)
			}
		}
	}
	i, _ := slices.BinarySearch(w.headings, w.lineOf(at.Start))
	if i > 0 && w.starts[w.headings[i-1]] >= s.Start {
		s.Start = w.starts[w.headings[i-1]]
	}
	i, _ = slices.BinarySearch(w.headings, w.lineOf(at.End)+1)
	if i < len(w.headings) && w.end(w.headings[i]) <= s.End {
		s.End = w.starts[w.headings[i]]
	}
	return s
}

// document returns the document of YAML around a span.
func (w *window) document(at detectors.Span) detectors.Span {
	if w.borders == nil {
		w.borders = []int{}
		for i := range w.starts[1:] {
			if bytes.HasPrefix(w.line(i+1), []byte("---")) {
				w.borders = append(w.borders, w.starts[i+1]-1)
			}
		}
	}
	document := detectors.Span{End: len(w.data)}
	i, _ := slices.BinarySearch(w.borders, at.Start-len("\n---")+1)
	if i > 0 {
		document.Start = w.borders[i-1]
	}
	i, _ = slices.BinarySearch(w.borders, at.End)
	if i < len(w.borders) {
		document.End = w.borders[i]
	}
	return document
}

// assigned returns the one literal value that the text in a span gives to a variable, "" if there is none or more than one. Lines that are comments
// count only with comments.
func (w *window) assigned(s detectors.Span, variable string, comments bool) string {
	if w.searched += s.End - s.Start; w.searched < 32*len(w.data) || variable == "" || !isNameByte(variable[len(variable)-1]) {
		return assigned(w.data[s.Start:s.End], variable, comments)
	}
	question := asked{s, variable, comments}
	value, known := w.values[question]
	if !known {
		value = w.find(s, variable, comments)
		if w.values == nil {
			w.values = map[asked]string{}
		}
		w.values[question] = value
	}
	return value
}

// find is [assigned] for many variables of a large text.
func (w *window) find(s detectors.Span, variable string, comments bool) string {
	if w.variables == nil {
		w.index()
	}
	last := len(variable)
	for last > 0 && isNameByte(variable[last-1]) {
		last--
	}
	found := ""
	all := w.variables[variable[last:]]
	first, _ := slices.BinarySearchFunc(all, s.Start, func(a assignment, start int) int { return a.end - len(variable) - start })
	for _, a := range all[first:] {
		start := a.end - len(variable)
		if a.end >= s.End {
			break
		}
		if string(w.data[start:a.end]) != variable || start > s.Start && isNameByte(w.data[start-1]) || !comments && isRemark(w.data[max(s.Start, w.lineStart(start)):start]) {
			continue
		}
		value := w.data[a.value.Start:min(a.value.End, s.End)]
		if found != "" && found != string(value) {
			return ""
		}
		found = string(value)
	}
	return found
}

// index finds the names that values follow.
func (w *window) index() {
	w.variables = map[string][]assignment{}
	for i := 0; i < len(w.data); {
		if !isNameByte(w.data[i]) {
			i++
			continue
		}
		start := i
		for i < len(w.data) && isNameByte(w.data[i]) {
			i++
		}
		if i-start > 2*longestName {
			continue
		}
		if value := literal(w.data[i:]); value.End > 0 {
			identifier := string(w.data[start:i])
			w.variables[identifier] = append(w.variables[identifier], assignment{i, detectors.Span{Start: i + value.Start, End: i + value.End}})
		}
	}
}

// has reports whether a span has a key in quotes, as dictionaries and JSON do.
func (w *window) has(s detectors.Span, key string) bool {
	question := asked{span: s, variable: key}
	has, known := w.quotes[question]
	if !known {
		piece := w.data[s.Start:s.End]
		has = bytes.Contains(piece, []byte(`"`+key+`"`)) || bytes.Contains(piece, []byte("'"+key+"'"))
		if w.quotes == nil {
			w.quotes = map[asked]bool{}
		}
		w.quotes[question] = has
	}
	return has
}
