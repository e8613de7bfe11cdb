package python_test

import (
	"path"
	"path/filepath"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/analyzertest"
	"github.com/stagewall/stagewall/analyzers/python"
)

// What takes something in is read at once; what only computes, and hands on, is left at its outline.
func TestGlance(t *testing.T) {
	tests := []struct {
		src      string
		outlined bool
	}{
		{"from .a import b  # reads os.environ\nc = b + 'env'\n", true},
		{"import os\na = os.environ['B']\n", false},
		{"from os import getenv as g\na = g('B')\n", false},
		{"from a import get_env\nb = get_env(\n  'TOKEN')\n", false},
		{"from a import get_env\nb = get_env('token')\n", true},
		{"a = f'{config(\"TOKEN\")}'\n", false},
		{"a = '{config(\"TOKEN\")}'\n", true},
		{"class A(BaseSettings):\n  b: str\n", false},
		{"with open('a') as b: pass\n", false},
		{"a = f\"{b:>{open('c').read()}}\"\n", true},
		{"a = Path('b').read_text()\n", false},
		{"from subprocess import run as r\nr(['a'])\n", false},
		{"@task\ndef a(c):\n  c.run('b')\n", false},
		{"from a import c as b\nb.run('d')\n", true},
		{"import c as b\nb.run('d')\n", false},
		{"if a == 'b':\n  import c\n", false},
		{"def a():\n  if b == 'c': return\n  import d\n", false},
		{"def a():\n  if b == 'c': return\ndef d():\n  import e\n", true},
		{"if TYPE_CHECKING:\n  from c import d\nimport e\n", true},
		{"if __name__ == '__main__':\n  pass\n", false},
		{"import sys\na = sys.argv[1]\n", false},
		{"import boto3\na = boto3.client('s3')\n", true},
	}
	for _, test := range tests {
		pass := analyzers.NewPass("python", "app/a.py", []byte(test.src))
		pass.Glance = true
		if err := python.Analyzer.Run(pass); err != nil {
			t.Fatal(err)
		}
		if got := pass.Facts.Outline != nil; got != test.outlined {
			t.Errorf("%s\noutlined: %v", test.src, got)
		}
	}
}

// Of a file that is left at its outline, a full reading finds no more than the outline says.
func FuzzGlance(f *testing.F) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		f.Fatal(files, err)
	}
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			f.Fatal(err)
		}
		for _, src := range archive.Files {
			f.Add(src.Name, src.Data)
		}
	}
	for _, src := range []string{
		"import a.b, c as d\nfrom . import *\nfrom . import e\nfrom ..f.g import (h as i, j)\nfrom k import *\nl = {'m': a.b.n, **e.o}\n",
		"import boto3 as b\nfrom stripe import StripeClient\ndef c():\n  return b.resource('s3').Bucket(d)\nc().delete(StripeClient().charges)\n",
		"from .a import b\nclass C:\n  d = b.e\n  def f(self, g=b): return self.d(g)\nC().f(f'{b[\"h\"]}{b.get(\"i\"):x}')\n",
		"import requests\nfrom a import b\nif b.c == 'd':\n  requests.post(f'https://e/{b.f}', headers={'Authorization': b.g()}, json={'h': b})\n",
		"a = f'{os.environ[\"B\"]}' + f\"{open('c')}\"\nb = rf'{d!r:{e}}{{f}}'\n",
	} {
		f.Add("pkg/a/b.py", []byte(src))
	}
	f.Fuzz(func(t *testing.T, file string, src []byte) {
		analyzertest.Glance(t, python.Analyzer, path.Clean(file), src)
	})
}
