package agentfiles

import (
	"bytes"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/lazyregexp"
	"github.com/stagewall/stagewall/detectors"
)

// instructions makes the programs of a file of instructions: one for each tool that reads it, and one that is a session's, if no tool
// that reads it has a settings file.
func instructions(pass *analyzers.Pass, all []*tool) {
	at := pass.At(0, 0)
	steps := imports(pass)
	for _, t := range all {
		pass.Facts.Programs = append(pass.Facts.Programs, analyzers.Program{Name: instructionsName(t), At: at, Shell: true, Steps: steps})
	}
	session := []analyzers.Step{sight(at, "", "", "the agent works in the checkout")}
	for _, t := range all {
		session = append(session, sources(t, at)...)
	}
	pass.Facts.Programs = append(pass.Facts.Programs, analyzers.Program{Name: alone, At: at, Steps: session})
}

// importExpr finds the imports in instructions: @path, not within a word (an address) nor within a code span.
var importExpr = lazyregexp.New("(?m)(?:^|[ \t(])@((?:\\.{0,2}/)?[A-Za-z0-9_.-]+(?:/[A-Za-z0-9_.-]+)*)")

// imports returns the steps of the files that the instructions import: https://code.claude.com/docs/en/memory. A path is relative to
// the file that names it.
func imports(pass *analyzers.Pass) []analyzers.Step {
	if !strings.HasSuffix(pass.Path, ".md") {
		return nil
	}
	var steps []analyzers.Step
	code := codeSpans(pass.Data)
	for i, m := range importExpr.FindAllSubmatchIndex(pass.Data, maxImports+1) {
		at := pass.At(m[2], m[3])
		if i == maxImports {
			pass.Gap(at, "the instructions import too many files; what the rest of them hold is not known to be read")
			break
		}
		text := strings.TrimRight(string(pass.Data[m[2]:m[3]]), ".-")
		if code(m[2]) || !strings.ContainsAny(text, "./") {
			continue // a name of a person or of a decorator
		}
		steps = append(steps, analyzers.Step{
			Op: analyzers.OpMount, At: at, File: &analyzers.Value{At: at, Parts: []analyzers.Part{{Text: text}}}, Optional: true,
			Says: "imported by the instructions",
		})
	}
	return steps
}

// maxImports bounds the imports that are followed from one file.
const maxImports = 200

// codeSpans returns a function that says whether an offset lies in a fenced block or a code span, in which nothing is imported.
func codeSpans(data []byte) func(int) bool {
	var code []detectors.Span
	fence, start, next := []byte(nil), 0, 0
	for line := range bytes.Lines(data) {
		from := next
		next += len(line)
		trimmed := bytes.TrimLeft(line, " \t")
		switch {
		case fence != nil:
			if bytes.HasPrefix(trimmed, fence) {
				code = append(code, detectors.Span{Start: start, End: from})
				fence = nil
			}
		case bytes.HasPrefix(trimmed, []byte("```")), bytes.HasPrefix(trimmed, []byte("~~~")):
			fence, start = trimmed[:3], from
		default:
			code = append(code, inlineCode(line, from)...)
		}
	}
	if fence != nil {
		code = append(code, detectors.Span{Start: start, End: len(data)})
	}
	return func(offset int) bool {
		for _, s := range code {
			if s.Start <= offset && offset < s.End {
				return true
			}
		}
		return false
	}
}

func inlineCode(line []byte, from int) []detectors.Span {
	var code []detectors.Span
	for i := 0; ; {
		open := bytes.IndexByte(line[i:], '`')
		if open < 0 {
			return code
		}
		end := bytes.IndexByte(line[i+open+1:], '`')
		if end < 0 {
			return code
		}
		code = append(code, detectors.Span{Start: from + i + open, End: from + i + open + end + 2})
		i += open + end + 2
	}
}
