// Models opened in bpmn-js in a real browser: what it warns of, and words that lie on shapes or words.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';

const require = createRequire(import.meta.url);
const root = path.dirname(require.resolve('bpmn-js/package.json'));
const flags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Runs in the page. */
async function look(xml) {
  const findings = [];
  const viewer = window.viewer;
  try {
    const { warnings } = await viewer.importXML(xml);
    findings.push(...warnings.map((warning) => `bpmn-js: ${warning.message}`));
  } catch (error) {
    return [`bpmn-js: ${error.message}`];
  }
  const registry = viewer.get('elementRegistry');
  const canvas = viewer.get('canvas');
  // A closed sub-process has a plane of its own, to which one drills down.
  for (const plane of canvas.getRootElements()) {
    canvas.setRootElement(plane);
    findings.push(...lookAt(registry.getAll().filter((element) => canvas.findRoot(element) === plane)));
  }
  return findings;

  function lookAt(all) {
    const findings = [];
    const text = (element) => registry.getGraphics(element).querySelector('text')?.getBBox();
    const solid = all.filter(
      (e) => !e.waypoints && !e.labelTarget && e.businessObject.$instanceOf?.('bpmn:FlowNode'),
    );
    const words = all
      .filter((e) => e.labelTarget)
      .map((e) => ({ of: e.labelTarget, box: text(e), x: e.x, y: e.y }))
      .filter((word) => word.box?.width)
      .map(({ of, box, x, y }) => ({ of, x: x + box.x, y: y + box.y, width: box.width, height: box.height }));
    const hit = (a, b) =>
      a.x + 1 < b.x + b.width && b.x + 1 < a.x + a.width && a.y + 1 < b.y + b.height && b.y + 1 < a.y + a.height;
    words.forEach((word, n) => {
      for (const shape of solid) {
        if (shape !== word.of && hit(word, shape)) findings.push(`the words of ${word.of.id} lie on ${shape.id}`);
      }
      for (const other of words.slice(n + 1)) {
        if (hit(word, other)) findings.push(`the words of ${word.of.id} lie on those of ${other.of.id}`);
      }
    });
    for (const task of solid.filter((e) => e.businessObject.$instanceOf('bpmn:Activity'))) {
      const box = text(task);
      if (box && (box.width > task.width + 1 || box.height > task.height + 1)) {
        findings.push(`the words of ${task.id} do not fit`);
      }
    }
    return findings;
  }
}

export async function* open(files) {
  const profile = fs.mkdtempSync(path.join(os.tmpdir(), 'bpmn-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: process.env.CHROMIUM,
    headless: true,
    args: flags,
  });
  try {
    const page = await context.newPage();
    const said = [];
    page.on('pageerror', (error) => said.push(`page: ${error.message}`));
    page.on('console', (line) => line.type() === 'error' && said.push(`console: ${line.text()}`));
    await page.setContent('<div id="canvas" style="width: 1600px; height: 1000px"></div>');
    for (const sheet of ['diagram-js.css', 'bpmn-js.css']) {
      await page.addStyleTag({ path: path.join(root, 'dist/assets', sheet) });
    }
    await page.addScriptTag({ path: path.join(root, 'dist/bpmn-navigated-viewer.production.min.js') });
    await page.evaluate(() => {
      window.viewer = new window.BpmnJS({ container: '#canvas' });
    });
    for (const file of files) {
      const findings = await page.evaluate(look, fs.readFileSync(file, 'utf8'));
      yield { file, findings: [...findings, ...said.splice(0)] };
    }
  } finally {
    await context.close();
    fs.rmSync(profile, { recursive: true, force: true });
  }
}
