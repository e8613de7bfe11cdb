package python

import (
	"bytes"
	"path"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/tree"
)

// A notebook of Jupyter is JSON, and its cells hold code as lists of texts. What is read is the code where it stands: everything around it, and what
// JSON adds within it, is a filler without width, so that all places are those of the notebook.
// https://nbformat.readthedocs.io/en/latest/format_description.html

// filler stands where a notebook has something that is no code.
const filler = '\x01'

func isNotebook(file string) bool { return path.Ext(file) == ".ipynb" }

// notebook returns a pass over the code of a notebook, nil if it has none in Python.
func notebook(pass *analyzers.Pass) *analyzers.Pass {
	if pass.TooLarge(maxNotebook, "a notebook"+unread) {
		return nil
	}
	root, err := tree.JSON(pass.Data)
	if err != nil {
		pass.Gap(pass.At(0, 0), "the file does not parse as a notebook"+unread)
		return nil
	}
	for _, keys := range [][]string{{"metadata", "kernelspec", "language"}, {"metadata", "language_info", "name"}} {
		if language := root.Get(keys...).Str(); language != "" && language != "python" {
			return nil
		}
	}
	source := bytes.Repeat([]byte{filler}, len(pass.Data))
	length := 0
	for _, cell := range root.Get("cells").Elements() {
		if cell.Get("cell_type").Str() != "code" {
			continue
		}
		for _, text := range cell.Get("source").Elements() {
			if text.Kind == tree.String {
				length += text.Span.End - text.Span.Start
				written(source, pass.Data, text.Span.Start, text.Span.End)
			}
		}
		if end := cell.Span.End - 1; end >= 0 && end < len(source) {
			source[end] = '\n'
		}
	}
	switch {
	case length == 0:
		return nil
	case length > maxSize:
		pass.Gap(pass.At(0, 0), "the notebook has too much code to be read"+unread)
		return nil
	}
	pass.Position(len(pass.Data)) // lines are those of the notebook
	inner := *pass
	inner.Data = source
	return &inner
}

// written writes what a text of JSON means to where it stands. What stands escaped takes more room there: the rest follows as fillers, which are no
// gap between what belongs together.
func written(to, data []byte, from, end int) {
	line := true // what is no Python but the notebook's own begins a line: %magic, !command
	for i := from; i < end; {
		if line && (data[i] == '%' || data[i] == '!') {
			for i < end && data[i] != '\\' {
				i++
			}
			line = false
			continue
		}
		if data[i] != '\\' {
			to[i] = data[i]
			line = false
			i++
			continue
		}
		next := i
		for i < end && data[i] == '\\' && i+1 < end {
			c, width := data[i+1], 2
			switch c {
			case 'n':
				c, line = '\n', true
			case 'r', 'f', 'b':
				c = ' '
			case 't':
				c = '\t'
			case 'u':
				c, width = 'u', min(6, end-i)
			}
			to[next] = c
			next++
			i += width
		}
	}
}
