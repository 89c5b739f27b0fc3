// Exports every process, then lets each judge look at every model; ends with 1 where one finds anything.
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { judge } from './judges.mjs';
import { measure } from './drawing.mjs';
import { open } from './browser.mjs';
import { differences, meaning } from './meaning.mjs';

const { GEMBA_BIN, GEMBA_SUITE_WORK, GEMBA_CORPUS, GEMBA_LIBRARY } = process.env;
const out = path.join(GEMBA_SUITE_WORK, 'models');
fs.rmSync(out, { recursive: true, force: true });
fs.mkdirSync(out, { recursive: true });

let faults = 0;
const fault = (where, what) => {
  faults += 1;
  console.error(`${where}: ${what}`);
};

function files(folder, ending) {
  if (!fs.existsSync(folder)) return [];
  return fs
    .readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(ending))
    .map((entry) => path.join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}

function gemba(...args) {
  const done = spawnSync(GEMBA_BIN, args, { encoding: 'utf8' });
  if (done.status !== 0) fault(args.join(' '), `ended with ${done.status}: ${done.stderr}`);
  return done;
}

// Processes made into models.
const sops = [...files(GEMBA_LIBRARY, '.md'), ...files(path.join(GEMBA_CORPUS, 'sops'), '.md')].filter(
  (file) => !/(ATTRIBUTION|README)\.md$|\/(truth|licences)\//.test(file),
);
const made = [];
for (const sop of sops) {
  const to = path.join(out, `${path.basename(sop, '.md')}.bpmn`);
  gemba('map', sop, '-o', to);
  made.push(...fs.readdirSync(out).filter((name) => name.startsWith(path.basename(sop, '.md'))).map((name) => path.join(out, name)));
}
const exported = [...new Set(made)];

// Models of other tools: read, written, read again.
const foreign = files(path.join(GEMBA_CORPUS, 'bpmn'), '.bpmn');
const returned = [];
for (const file of foreign) {
  const to = path.join(out, `returned-${path.basename(file)}`);
  gemba('map', file, '-o', to);
  if (!fs.existsSync(to)) continue;
  returned.push(to);
  const [before, after] = [await meaning(file), await meaning(to)];
  for (const difference of differences(before, after)) fault(path.basename(file), difference);
  // And as an SOP: it is read, and says something.
  const shown = JSON.parse(execFileSync(GEMBA_BIN, ['show', '--json', file], { encoding: 'utf8' }));
  if (!shown.processes.length) fault(path.basename(file), 'no process was read');
}

for (const file of exported) {
  for (const finding of await judge(file)) fault(path.basename(file), finding);
  for (const finding of await measure(file)) fault(path.basename(file), finding);
}
for await (const { file, findings } of open(exported)) {
  for (const finding of findings) fault(path.basename(file), finding);
}
console.log(`${exported.length} models made and ${returned.length} models of other tools returned, ${faults} faults`);
process.exit(faults ? 1 : 0);
