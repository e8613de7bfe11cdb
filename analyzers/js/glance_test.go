package js

import (
	"path"
	"testing"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/analyzertest"
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

// Of a file that is left at its outline, a full reading finds no more than the outline says.
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
	f.Fuzz(func(t *testing.T, file string, src []byte) { analyzertest.Glance(t, Analyzer, path.Clean(file), src) })
}
