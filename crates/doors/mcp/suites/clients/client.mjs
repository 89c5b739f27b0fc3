// The TypeScript clients: both lines of the package list and call every tool.
//
// client.mjs v2-auto | v2-2026-07-28 | v2-legacy | v1

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';

const PROCESS = 'monthly-invoicing';
const which = process.argv[2];
const url = new URL(`${process.env.GEMBA_URL}/mcp`);
const requestInit = { headers: { Authorization: `Bearer ${process.env.GEMBA_TOKEN}` } };
const about = { name: 'gemba-clients', version: '1.0.0' };

async function connected() {
  if (which === 'v1') {
    const { Client } = await import('@modelcontextprotocol/sdk/client/index.js');
    const { StreamableHTTPClientTransport } = await import(
      '@modelcontextprotocol/sdk/client/streamableHttp.js'
    );
    const client = new Client(about);
    await client.connect(new StreamableHTTPClientTransport(url, { requestInit }));
    return client;
  }
  const { Client, StreamableHTTPClientTransport } = await import('@modelcontextprotocol/client');
  const said = which.slice('v2-'.length);
  const mode = said === 'auto' || said === 'legacy' ? said : { pin: said };
  const client = new Client(about, { versionNegotiation: { mode } });
  await client.connect(new StreamableHTTPClientTransport(url, { requestInit }));
  return client;
}

const client = await connected();
const tools = new Set((await client.listTools()).tools.map((tool) => tool.name));
assert.equal(tools.size, 18);
const called = new Set();

async function told(name, args = {}) {
  const result = await client.callTool({ name, arguments: args });
  assert.ok(!result.isError, `${name}: ${JSON.stringify(result.content)}`);
  assert.ok(result.structuredContent && result.content.length > 0, name);
  called.add(name);
  return result.structuredContent;
}

async function refused(code, name, args = {}) {
  const result = await client.callTool({ name, arguments: args });
  assert.equal(result.isError, true, name);
  assert.ok(result.content[0].text.startsWith(`Refused (${code})`), result.content[0].text);
}

const me = await told('get_my_seat');
assert.deepEqual(me.seats.map((seat) => seat.slug), ['accounting']);

const chart = await told('list_seats');
const owner = chart.seats.find((seat) => seat.slug === 'accounting');
assert.ok(owner.owns_recurring.some((owned) => owned.slug === PROCESS));
assert.ok(chart.processes_without_owner.length > 0);
await told('list_gaps', { limit: 5 });
const found = await told('find_process', { query: 'invoicing' });
assert.ok(found.processes.some((row) => row.slug === PROCESS));
const sop = await told('get_sop', { process: PROCESS });
assert.ok(sop.text.includes('# Monthly invoicing'));

const start = { process: PROCESS, title: 'Clients', idempotency_key: randomUUID() };
const run = await told('start_run', start);
assert.deepEqual(await told('start_run', start), run);
const { work } = run.open[0];
await told('list_work', { limit: 50 });
const item = await told('get_work', { work });
assert.equal(item.yours, true);
await told('claim_work', { work });
await told('release_work', { work });
await told('claim_work', { work });
await told('report_progress', { work, note: 'half done' });
await told('ask_human', { work, question: 'Is the last day in?' });
await told('report_problem', { work, kind: 'sop_unclear', text: 'a trial' });
const check = { process: PROCESS, text: sop.text, check_only: true };
assert.equal((await told('propose_sop_change', check)).errors, 0);
const proof = { text: 'done', link: 'https://example.com/proof' };
const completion = {
  work,
  note: 'by the TypeScript client',
  evidence: (item.evidence ?? []).map(({ kind }) => ({ kind, value: proof[kind] })),
};
if (item.branches) {
  completion.branch = item.branches.at(-1).branch;
  completion.reason = 'a trial';
}
await told('submit_work', completion);
await refused('RUN0201', 'submit_work', { work });
assert.equal((await told('get_run', { run: run.run })).n_done, 1);

const card = await told('list_measurables');
const mine = card.measurables.find((row) => row.may_push);
await told('push_values', { values: [{ measurable: mine.slug, value: 1 }] });
for (const { slug } of card.measurables.filter((row) => !row.may_push)) {
  await refused('APP0103', 'push_values', { values: [{ measurable: slug, value: 1 }] });
}

await refused('APP0301', 'list_work', { limit: 5000 });
assert.deepEqual([...called].sort(), [...tools].sort());

const { resources } = await client.listResources();
assert.ok(resources.some((resource) => resource.uri === `sop://${PROCESS}`));
const read = await client.readResource({ uri: `sop://${PROCESS}` });
assert.equal(read.contents[0].text, sop.text);
assert.equal((await client.listResourceTemplates()).resourceTemplates.length, 5);
assert.equal((await client.listPrompts()).prompts.length, 4);
const prompt = await client.getPrompt({ name: 'review_sop', arguments: { process: PROCESS } });
assert.equal(prompt.messages.length, 2);

await client.close();
console.log(`typescript ${which}: every tool`);
