// What bpmn-moddle and bpmnlint say about a model.
import { createRequire } from 'node:module';
import fs from 'node:fs';
import { BpmnModdle } from 'bpmn-moddle';

const require = createRequire(import.meta.url);
const { Linter } = require('bpmnlint');
const NodeResolver = require('bpmnlint/lib/resolver/node-resolver');

export async function judge(file) {
  const findings = [];
  const read = (text) => new BpmnModdle().fromXML(text);
  const first = await read(fs.readFileSync(file, 'utf8'));
  findings.push(...first.warnings.map((warning) => `moddle: ${warning.message}`));
  const { xml } = await new BpmnModdle().toXML(first.rootElement, { format: true });
  const second = await read(xml);
  const size = (model) => [Object.keys(model.elementsById).length, model.references.length].join('/');
  if (second.warnings.length || size(first) !== size(second)) {
    findings.push(`moddle: ${size(first)} became ${size(second)} on the way through`);
  }
  const linter = new Linter({ config: { extends: 'bpmnlint:recommended' }, resolver: new NodeResolver() });
  const report = await linter.lint(second.rootElement);
  for (const [rule, reports] of Object.entries(report)) {
    findings.push(...reports.map((one) => `bpmnlint ${rule}: ${one.id} ${one.message}`));
  }
  return findings;
}
