// Counts what a model reads of the tools of a seat before it does anything: name, description and input
// of each, in tokens of the o200k vocabulary. More than the budget is a failure.
//
// budget.mjs URL TOKEN PERSONA MOST_TOOLS

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const BUDGET = 3000;
const [url, token, persona, most] = process.argv.slice(2);
// The packages are in the suite's folder, not beside this file.
const { encode } = createRequire(join(process.cwd(), 'x.js'))('gpt-tokenizer/encoding/o200k_base');

const answer = await fetch(url, {
  method: 'POST',
  headers: {
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
    authorization: `Bearer ${token}`,
  },
  body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} }),
});
const { tools } = (await answer.json()).result;
const size = ({ name, description, inputSchema }) =>
  encode(JSON.stringify({ name, description, inputSchema })).length;
const tokens = tools.map(size).reduce((sum, n) => sum + n, 0);
const whole = encode(JSON.stringify(tools.map(({ icons, ...tool }) => tool))).length;
console.log(
  `${persona}: ${tools.length} tools, ${tokens} tokens of definitions (${whole} with outputs, titles and hints)`,
);
assert.ok(tokens < BUDGET, `${tokens} tokens are more than ${BUDGET}`);
assert.ok(tools.length >= 10 && tools.length <= Number(most), `${tools.length} tools`);
