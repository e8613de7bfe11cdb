package js_test

import (
	"testing"

	"github.com/stagewall/stagewall/analyzers/analyzertest"
	"github.com/stagewall/stagewall/analyzers/js"
)

func TestSinks(t *testing.T) {
	tests := []struct{ src, want string }{
		{`fetch('https://api.x.com/v1/a', {method: 'delete', headers: {'X-Api-Key': process.env.K}})`, `fetch DELETE api.x.com /v1/a X-Api-Key`},
		{"fetch(`https://api.x.com/v1/${id}?token=${process.env.K}`)", `fetch GET api.x.com /v1/* token`},
		{"axios.post('https://api.x.com/graphql', {query: `mutation($i: ID!) { volumeDelete(id: $i) }`}, {headers: {Authorization: `Bearer ${process.env.K}`}})", `axios.post POST api.x.com /graphql Authorization Bearer mutation,ID,volumeDelete,id`},
		{`axios({url: 'https://api.x.com/a', method: 'PUT', headers: {authorization: 'token ' + process.env.K}})`, `axios PUT api.x.com /a authorization token`},
		{`const c = axios.create({baseURL: 'https://api.x.com', headers: {Authorization: process.env.K}}); c.delete('/v1/a')`, `axios.create api.x.com Authorization
c.delete DELETE api.x.com /v1/a`},
		{`const s = new Stripe(process.env.K); s.customers.del(id)`, `Stripe
stripe.customers.del`},
		{`const p = new Pool({connectionString: process.env.K}); await p.query('DROP TABLE users')`, `Pool
pool.query DROP,TABLE,users`},
		{`const c = new S3Client({credentials: {secretAccessKey: process.env.K}}); c.send(new DeleteBucketCommand({Bucket: 'b'}))`, `S3Client
s3client.DeleteBucketCommand`},
		{`const c = createClient(url, process.env.K); await c.from('users').delete().eq('id', 1)`, `createClient
createclient.from
createclient.from.delete
createclient.from.delete.eq`},
		{`https.request({hostname: 'api.x.com', path: '/a', method: 'GET', headers: {Authorization: process.env.K}})`, `https.request GET api.x.com /a Authorization`},
		{"headers.set('Authorization', `Bearer ${process.env.K}`)", `Authorization Bearer`},
		{`const h = {Authorization: process.env.K}; f(h)`, `Authorization
f`},
		{`got(URL, {headers: {Authorization: process.env.K}}); const URL = process.env.U ?? 'https://api.x.com/a'`, `got api.x.com /a
got api.x.com /a Authorization`},
		{`client.headers['X-Auth-Token'] = process.env.K`, `X-Auth-Token`},
		{`fetch('https://api.x.com/a', {headers: {Authorization: 'Bearer correcthorse', Accept: 'application/json'}})`, `fetch GET api.x.com /a Authorization Bearer`},
		{`import { S3Client, DeleteBucketCommand } from '@aws-sdk/client-s3';
const c = new S3Client({region: process.env.R}); c.send(new DeleteBucketCommand({Bucket: 'b'}))`, `@aws-sdk/client-s3 takes @aws-sdk/client-s3.S3Client
@aws-sdk/client-s3.S3Client
s3client.DeleteBucketCommand
@aws-sdk/client-s3 takes s3client.DeleteBucketCommand`},
		{`import { S3Client, DeleteBucketCommand } from '@aws-sdk/client-s3';
const d = Wrapper.from(new S3Client({})); const what = new DeleteBucketCommand({Bucket: 'b'}); d.send(what)`, `@aws-sdk/client-s3 takes @aws-sdk/client-s3.S3Client
@aws-sdk/client-s3 takes d.DeleteBucketCommand`},
		{`const AWS = require('aws-sdk'); const s3 = new AWS.S3(); s3.deleteBucket({Bucket: 'b'}).promise()`, `aws-sdk takes aws-sdk.S3
aws-sdk takes s3.deleteBucket
aws-sdk takes s3.deleteBucket.promise`},
		{`import OpenAI from 'openai'; const given = {apiKey: process.env.K}; const ai = new OpenAI({...given, timeout: 3}); ai.files.del('f')`, `apiKey
openai
openai.files.del`},
		{`import { db } from './db'; import { DeleteTableCommand } from '@aws-sdk/client-dynamodb'; await db.send(new DeleteTableCommand({}))`, `db.DeleteTableCommand
@aws-sdk/client-dynamodb takes db.DeleteTableCommand`},
		{`const m = new MongoClient(process.env.K); const app = m.db('app'); await app.dropDatabase()`, `MongoClient
mongoclient.db
db.dropDatabase`},
		{`const r = await fetch('https://api.x.com/a', {headers: {Authorization: process.env.K}}); const d = await r.json();
fetch('https://api.y.com/b', {headers: {Authorization: d.token}})`, `fetch GET api.x.com /a Authorization`},
		{`const c = axios.create({headers: {Authorization: process.env.K}}); const d = await c.get('https://api.x.com/a'); f(d.token)`, `axios.create Authorization
c.get GET api.x.com /a`},
		{`const valid = process.env.K.includes('x'), encoded = encode(process.env.L); f(valid); g(encoded)`, `encode
g`},
		{`const s = require('stripe')(process.env.K); s.customers.del(id)`, `stripe
stripe.customers.del`},
		{`f('a plain text', 12, other)`, ``},
	}
	for _, test := range tests {
		if got := analyzertest.Sinks(t, js.Analyzer, "a.ts", test.src); got != test.want {
			t.Errorf("%s\ngot:\n%s\nwant:\n%s", test.src, got, test.want)
		}
	}
}
