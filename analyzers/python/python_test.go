package python_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/analyzertest"
	"github.com/stagewall/stagewall/analyzers/dotenv"
	"github.com/stagewall/stagewall/analyzers/python"
)

func TestReaches(t *testing.T) {
	analyzertest.Run(t, "testdata/*.txtar", python.Analyzer, dotenv.Analyzer)
}

func FuzzRun(f *testing.F) {
	f.Add([]byte("x={'0':'0'%A%x*y}s.post(u,headers=x)")) // it holds what is made of itself
	for _, src := range []string{
		"import os, a.b as c\nfrom .d import (e as f,)\nif os.environ[\"A\"] == 'b':\n\tg(f\"x{f!r:>{w}}{{\")\nelif h in ('i',): pass\nelse:\n  raise\n",
		"class A(BaseSettings):\n  b: str = Field(env='C')\n  def __init__(self, d, *e, **f): self.g = d\nA('h').g.format(i=j)\n",
		"x = {'Authorization': 'Bearer %s' % t, **y}\nrequests.post(u, headers=x, json=dict(query='{ a }'))\nsubprocess.run(['a', b], env={**os.environ})\n",
		"def f(a=1, *, b: int = 2) -> str:\n    return a if b else lambda: 0\n\"\"\"unclosed\n",
	} {
		f.Add([]byte(src))
	}
	f.Fuzz(analyzertest.Fuzz(python.Analyzer, "scripts/a.py"))
}

// TestManyEntries looks up each entry of a dictionary that fills the file.
func TestManyEntries(t *testing.T) {
	const entries = 6000
	var b strings.Builder
	b.WriteString("import os, requests\nc = {\n")
	for i := range entries {
		fmt.Fprintf(&b, "'k%d': os.environ['K%d'],\n", i, i)
	}
	b.WriteString("}\n")
	for i := range entries {
		fmt.Fprintf(&b, "requests.get('https://a.example', headers={'Authorization': c['k%d']})\n", i)
	}
	pass := analyzers.NewPass("python", "a.py", []byte(b.String()))
	if err := python.Analyzer.Run(pass); err != nil || len(pass.Facts.Programs) == 0 || len(pass.Facts.Programs[0].Steps) < entries {
		t.Errorf("%v, %d programs", err, len(pass.Facts.Programs))
	}
}
