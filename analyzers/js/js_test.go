package js_test

import (
	"testing"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/analyzertest"
	"github.com/stagewall/stagewall/analyzers/dotenv"
	"github.com/stagewall/stagewall/analyzers/js"
	"github.com/stagewall/stagewall/analyzers/npm"
)

func TestReaches(t *testing.T) {
	analyzertest.Run(t, "testdata/*.txtar", js.Analyzer, dotenv.Analyzer, npm.Analyzer)
}

func FuzzRun(f *testing.F) {
	for _, src := range []string{
		"import a, {b as c} from './d'\nexport const e = {f: process.env.G ?? 'h', ...c}\nfetch(`https://${a}/x`, {headers: {Authorization: `Bearer ${e.f}`}})",
		"class A { constructor(private b: string) { this.c = b } d = (x): Promise<y> => x!; e() { return this.c as string } }\nnew A('f').e()",
		"if (process.env.A === 'b' && !isC) { require('dotenv').config({path: ['.d', e]}) } else throw 1\nswitch (f) { case 'g': default: h() }",
		"const {A: b = 1, ...c} = process.env, [d] = x; module.exports = {b}; exec(`rm ${d}`)",
	} {
		f.Add([]byte(src))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		analyzertest.Fuzz(js.Analyzer, "scripts/a.ts")(t, data)
		pass := analyzers.NewPass("js", "scripts/a.ts", data)
		if err := js.Analyzer.Run(pass); err != nil {
			t.Error(err)
		}
		for _, g := range pass.Facts.Gaps {
			if g.Says == "the file could not be read as JavaScript; what it reads and sends is not known" {
				t.Error(g.Says)
			}
		}
	})
}
