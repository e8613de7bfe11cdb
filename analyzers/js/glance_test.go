package js

import (
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/code"
)

// What takes something in is read at once; what only computes, and hands on, is left at its outline.
func TestGlance(t *testing.T) {
	tests := []struct {
		src      string
		outlined bool
	}{
		{"import { a } from './b' // its process.env\nexport const c = a + 'env'", true},
		{"export default function App() { return <p>don't read env('x')</p>\n}", true},
		{"export const a = process.env.B", false},
		{"import { env } from 'node:process'\nf(env)", false},
		{"const { env: { A } } = process", false},
		{"import { env as e } from 'process'\nf(e)", false},
		{"export const a = { env: 'b' }", true},
		{"export const a = (c) => c.env.TOKEN", false},
		{"import { getEnv } from './b'\ngetEnv(\n'TOKEN')", false},
		{"import { getEnv } from './b'\ngetEnv('token')", true},
		{"export class A { b() { return this.configService.get<string>('TOKEN') } }", false},
		{"export const a = config.get('TOKEN')", false},
		{"export const a = config.get('a.b')", true},
		{"import 'dotenv/config'", false},
		{"import config from 'config'", false},
		{"import config from './config'", true},
		{"import { readFile as r } from 'fs'\nr(a)", false},
		{"import data from './data.json'", false},
		{"import { exec } from 'child_process'\nexec(a)", false},
		{"const c = require('child_process')\nc.exec(a)", false},
		{"export const a = /b/.exec(c)", true},
		{"export const a = [...exec(b)]", false},
		{"export const a = b => $`c ${b}`", false},
		{"export const a = `$` + b", true},
		{"export const a = process.argv[2]", false},
		{"export const a = () => import(`./b/${c}`)", false},
		{"export const a = () => import('./b')", true},
		{"if (a === 'b') require('./c')", false},
		{"export { a }\nexport class C { d = 1 }\nimport { b } from './b'", false},
		{"export { a };\nimport { b } from './b'", true},
		{"export const a = `${b", false},
	}
	for _, test := range tests {
		pass := analyzers.NewPass("js", "src/a.tsx", []byte(test.src))
		pass.Glance = true
		if err := Analyzer.Run(pass); err != nil {
			t.Fatal(err)
		}
		if got := pass.Facts.Outline != nil; got != test.outlined {
			t.Errorf("%s\noutlined: %v", test.src, got)
		}
	}
}

// Of a file that is left at its outline, a full reading finds no more than the outline says: the same imports, clients of its libraries, and names
// that begin with its keys and of which the first word stands in the text.
func FuzzGlance(f *testing.F) {
	for _, src := range sources(f) {
		f.Add(src.Name, src.Data)
	}
	for _, src := range []string{
		"import a, { b as c, type D } from '@/e'\nimport type F from './f'\nimport {} from './g'\nimport * as h from '../h'\nimport './i.css'\nimport type, { j } from './k'",
		"export * from './a'\nexport * as b from './b'\nexport { c as default, type D } from './d'\nexport type { E } from './e'",
		"const { a, b: { c } } = require('./d'), e = await import('./e'), f = require('f').g\nmodule.exports = { a, c: e.f, ...h }",
		"import Stripe from 'stripe'\nconst a = new Stripe()\na.charges.create({ b: `c ${d}` }, { headers: { Authorization: e } })",
		"import { client } from './client'\nimport { DeleteCommand } from '@aws-sdk/client-s3'\nclient.send(new DeleteCommand({ a }))",
		"import a from './a'\nif (a.b === 'c') { fetch(`https://d/${a.e}`) }\nexport default { f: a.f }",
		"import { readFile as a } from 'fs/promises'\nimport { exec as b, type fork } from 'node:child_process'\na('c', b('d'))",
		"const { env: a, 'readFile': b, fork } = require('process')\na.B; b(`/etc/c`); fork('./d')\nswitch (e.f) { case 'g': import('./h') }",
		"import import { a } from './b'\nconst { b } = require('./c#d')",
		"import a = require('./a')\nexport = a\nx.import('./b')\nimport.meta.url\nexport import c = d",
	} {
		f.Add("pkg/src/a.ts", []byte(src))
	}
	f.Fuzz(func(t *testing.T, file string, src []byte) {
		glanced, full := analyzers.NewPass("js", path.Clean(file), src), analyzers.NewPass("js", path.Clean(file), src)
		glanced.Glance = true
		for _, pass := range []*analyzers.Pass{glanced, full} {
			if err := Analyzer.Run(pass); err != nil {
				t.Fatal(err)
			}
		}
		o := glanced.Facts.Outline
		if o == nil {
			return
		}
		if len(glanced.Facts.Gaps) > 0 || len(full.Facts.Units) > 0 || len(full.Facts.Programs) != 1 {
			t.Fatalf("%+v\nof a full reading: %+v", glanced.Facts, full.Facts)
		}
		rest := o.Steps(full.Path)
		var check func(steps []analyzers.Step)
		check = func(steps []analyzers.Step) {
			for _, s := range steps {
				switch s.Op {
				case analyzers.OpSource:
					if len(rest) == 0 || rest[0].At != s.At || rest[0].Says != s.Says || !slices.Equal(code.Texts(rest[0].Ref.Path.Parts), paths(s.Ref.Path)) {
						t.Fatalf("%s\ntakes in %+v\nof an outline: %+v", src, s, rest)
					}
					rest = rest[1:]
				case analyzers.OpSet:
					if _, _, hashed := strings.Cut(s.Name, "#"); !hashed {
						t.Errorf("%s\nsets %s", src, s.Name)
					}
					checkName(t, src, o, s.Name)
				case analyzers.OpCall:
					if s.Sink.Library == "" || !slices.Contains(append(o.Libraries, o.Keys...), s.Sink.Library) && !local(s.Sink.Library) {
						t.Errorf("%s\ncalls %+v", src, s.Sink)
					}
				case analyzers.OpBlock:
				case analyzers.OpUse:
				default:
					t.Errorf("%s\ndoes %+v", src, s)
				}
				checkValue(t, src, o, s.Value)
				check(s.Steps)
			}
		}
		check(full.Facts.Programs[0].Steps)
		if len(rest) > 0 {
			t.Errorf("%s\nonly an outline takes in %+v", src, rest)
		}
	})
}

// paths returns the texts of a module's path.
func paths(v analyzers.Value) []string {
	if len(v.Parts) < 2 {
		return code.Texts(v.Parts)
	}
	var all []string
	for _, root := range code.Texts(v.Parts[:1]) {
		all = append(all, root+v.Parts[1].Text)
	}
	return all
}

func checkValue(t *testing.T, src []byte, o *analyzers.Outline, v analyzers.Value) {
	for _, p := range v.Parts {
		if p.Hole == nil {
			continue
		}
		if p.Hole.Name != "" {
			checkName(t, src, o, p.Hole.Name)
		}
		if p.Hole.Default != nil {
			checkValue(t, src, o, *p.Hole.Default)
		}
		for _, inner := range p.Hole.Values {
			checkValue(t, src, o, inner)
		}
	}
}

func checkName(t *testing.T, src []byte, o *analyzers.Outline, name string) {
	key, word, hashed := strings.Cut(name, "#")
	word, _, _ = strings.Cut(word, ".")
	if !hashed || key != o.Key && !slices.Contains(o.Keys, key) || word != "default" && !code.Stands(src, word) {
		t.Errorf("%s\nknows %q", src, name)
	}
}
