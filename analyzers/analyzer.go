package analyzers

import (
	"bytes"
	"slices"
	"sort"

	"github.com/stagewall/stagewall/detectors"
)

// Analyzer describes one kind of artefact. It mirrors golang.org/x/tools/go/analysis: a value, made once and never changed.
type Analyzer struct {
	Name    string   // one word, the package's name
	Doc     string   // what it reads and says; the first line is a sentence
	Version int      // goes up when the same bytes yield other facts
	Files   []string // doublestar patterns of the paths that it reads, matched against the whole path

	// Sniff, if not nil, says of a file that no pattern names whether the analyzer reads it. head is the file's first 512 bytes at most.
	Sniff func(path string, head []byte) bool

	// Run writes what the file says into pass.Facts. It must accept any bytes; an error means that the analyzer could not work at
	// all, and what does not parse is a gap.
	Run func(pass *Pass) error

	// Join, if not nil, adds what only several files together say: the services of a set of compose files. It sees facts and no bytes.
	Join func(index Index) []*Facts
}

// Pass is one run of an analyzer over one file.
type Pass struct {
	Path  string // slash-separated, relative to the root
	Data  []byte // the content, as it lies in the file; not to be changed
	Facts *Facts

	// Glance says that no token stands in the file, and that an analyzer of code may leave it at an [Outline] where that is all there is to
	// say as long as nothing that leads to a token arrives from elsewhere. Whoever sets it reads the file again where something does.
	Glance bool

	// Wants, if not nil, says of the program that would have a name, and would stand apart, whether anybody asks for it: the others can be left out,
	// and noted with [Facts.Leave].
	Wants func(name string) bool

	lines []int // offsets at which lines begin, of those that begin before seen
	seen  int
}

// NewPass returns a pass of the named analyzer over a file, with empty facts.
func NewPass(analyzer, path string, data []byte) *Pass {
	return &Pass{Path: path, Data: data, Facts: &Facts{Path: path, Analyzer: analyzer}}
}

// Apart returns a pass over the same file whose facts are kept apart.
func (p *Pass) Apart(analyzer string) *Pass {
	own := *p
	own.Facts, own.lines = &Facts{Path: p.Path, Analyzer: analyzer}, slices.Clip(p.lines)
	return &own
}

// Position returns the 1-based line and byte column of an offset. An offset outside the file is moved to its nearest end.
func (p *Pass) Position(offset int) (line, column int) {
	offset = max(0, min(offset, len(p.Data)))
	p.see(offset)
	line = sort.SearchInts(p.lines, offset+1)
	return line, offset - p.lines[line-1] + 1
}

// see notes the lines that begin at or before the offset: of most files only what stands near their beginning is placed.
func (p *Pass) see(offset int) {
	if p.lines == nil {
		p.lines = append(p.lines, 0)
	}
	for p.seen < offset {
		i := bytes.IndexByte(p.Data[p.seen:], '\n')
		if i < 0 {
			p.seen = len(p.Data)
			return
		}
		p.seen += i + 1
		p.lines = append(p.lines, p.seen)
	}
}

// Offset returns the offset of a 1-based line and byte column, moved into the line and the file.
func (p *Pass) Offset(line, column int) int {
	if line < 1 {
		return 0
	}
	p.see(len(p.Data))
	if line > len(p.lines) {
		return len(p.Data)
	}
	end := len(p.Data)
	if line < len(p.lines) {
		end = p.lines[line]
	}
	return max(0, min(p.lines[line-1]+max(column, 1)-1, end))
}

// At returns the place of the bytes [start, end).
func (p *Pass) At(start, end int) detectors.Place {
	start = max(0, min(start, len(p.Data)))
	end = max(start, min(end, len(p.Data)))
	at := detectors.Place{Path: p.Path, Span: detectors.Span{Start: start, End: end}}
	at.Line, at.Column = p.Position(start)
	at.EndLine, at.EndColumn = p.Position(max(start, end-1))
	if start < end {
		at.EndColumn++
	}
	return at
}

// Gap reports a place that could not be seen.
func (p *Pass) Gap(at detectors.Place, says string) {
	p.Facts.Gaps = append(p.Facts.Gaps, Gap{At: at, Says: says})
}

// TooLarge reports whether the file has more bytes than an analyzer reads, which is a gap. as is what it would be read as.
func (p *Pass) TooLarge(most int, as string) bool {
	if len(p.Data) <= most {
		return false
	}
	p.Gap(p.At(0, 0), "the file is too large to be read as "+as)
	return true
}

// Index answers questions about the files of the repository. All answers are sorted and do not change.
type Index interface {
	// Facts returns what the analyzers said of the file, nil if there is no such file or nothing was said.
	Facts(path string) []*Facts
	// All returns the paths of all files of which something was said.
	All() []string
	// Exists reports whether there is such a file.
	Exists(path string) bool
	// Folder reports whether there is a file below the folder.
	Folder(path string) bool
	// Tracked reports whether git tracks the file. Without git everything is tracked.
	Tracked(path string) bool
	// Match returns the paths of the files that match a doublestar pattern.
	Match(pattern string) []string
	// Needs returns the names of the variables by which a command line program takes the credential without which it does nothing, none for
	// programs of which that cannot be said. With machine it may as well work as whom the machine is, or its user.
	Needs(call detectors.Sink) (names []string, machine bool)
}
