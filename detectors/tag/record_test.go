package tag

import (
	"strings"
	"testing"

	"github.com/stagewall/stagewall/detectors"
)

// TestRecord tells ids that databases make from values that only look like one.
func TestRecord(t *testing.T) {
	k := NewKnowledge(nil)
	generic := detectors.Rule{ID: "generic-api-key", Generic: true}
	for text, want := range map[string]bool{
		"secretPolicy: 'tpl_#407ae5274a64092c305104', a: 'tpl_#49c1a1038c3f18cfff47bf', b: 'tpl_#406951bd282273ebe286cc', c: 'tpl_#6e7abae2a9b16c2cc19710'":    true,
		"secretPolicy: '#407ae5274a64092c305104', a: '#49c1a1038c3f18cfff47bf', b: '#406951bd282273ebe286cc', c: '#6e7abae2a9b16c2cc19710'":                    true,
		"secretPolicy: 'tpl_#407ae5274a64092c305104', a: 'tpl_#49c1a1038c3f18cfff47bf', b: 'tpl_#406951bd282273ebe286cc'":                                      false,
		"secretPolicy: 'tpl_#407ae5274a64092c305104', a: 'tpl_1149c1a1038c3f18cfff47bf', b: 'tpl_f8406951bd282273ebe286cc', c: 'tpl_0a6e7abae2a9b16c2cc19710'": false,
		"secretPolicy: '#407ae5274a64092c305104', a: '#49c1a1038c3f18cfff47bf11', b: '#406951bd282273ebe286cc11', c: '#6e7abae2a9b16c2cc1971011'":              false,
		"secretPolicy: 'tpl_#407ae5274a64092c305104', a: 'tpl_#407ae5274a64092c305104', b: 'tpl_#407ae5274a64092c305104', c: 'tpl_#49c1a1038c3f18cfff47bf'":    false,
	} {
		text = strings.ReplaceAll(text, "#", "68")
		start := strings.IndexByte(text, '\'') + 1
		end := start + strings.IndexByte(text[start:], '\'')
		if why := k.File("a.ts", []byte(text), 0).Ignores(generic, []byte(text[start:end]), detectors.Span{Start: start, End: end}); (why != "") != want {
			t.Errorf("%s: ignored for %q", text, why)
		}
	}
}
