// The drawing of a model, measured: everything drawn, nothing on top of anything, lanes without gaps,
// lines that begin and end at their shapes and run through no other.
import fs from 'node:fs';
import { BpmnModdle } from 'bpmn-moddle';

const right = (b) => b.x + b.width;
const bottom = (b) => b.y + b.height;
const overlap = (a, b) => a.x < right(b) && b.x < right(a) && a.y < bottom(b) && b.y < bottom(a);
const within = (a, b) => a.x >= b.x && a.y >= b.y && right(a) <= right(b) && bottom(a) <= bottom(b);
const touches = (p, b) => p.x >= b.x - 1 && p.x <= right(b) + 1 && p.y >= b.y - 1 && p.y <= bottom(b) + 1;

/** Whether an upright or level stretch enters the inside of a box. */
function enters(p, q, b) {
  const [left, up] = [Math.min(p.x, q.x), Math.min(p.y, q.y)];
  const box = { x: left, y: up, width: Math.abs(p.x - q.x), height: Math.abs(p.y - q.y) };
  return box.x < right(b) - 1 && right(box) > b.x + 1 && box.y < bottom(b) - 1 && bottom(box) > b.y + 1;
}

/** The process and the sub-processes within, with what stands in each. */
function scopes(container) {
  const elements = container.flowElements ?? [];
  const nodes = elements.filter((element) => element.$instanceOf('bpmn:FlowNode'));
  const flows = elements.filter((element) => element.$type === 'bpmn:SequenceFlow');
  const notes = (container.artifacts ?? []).filter((artifact) => artifact.$type === 'bpmn:TextAnnotation');
  const inner = nodes.filter((node) => node.$type === 'bpmn:SubProcess').flatMap(scopes);
  return [{ container, nodes, flows, notes }, ...inner];
}

/** What is wrong with the drawing of one scope. */
function faultsOf({ nodes, flows, notes }, shapes, lines) {
  const findings = [];
  const solid = [...nodes, ...notes];
  for (const element of solid.filter((element) => !shapes.has(element))) {
    findings.push(`${element.id} is not drawn`);
  }
  const drawn = solid.filter((element) => shapes.has(element));
  drawn.forEach((one, n) => {
    for (const other of drawn.slice(n + 1)) {
      if (overlap(shapes.get(one).bounds, shapes.get(other).bounds)) {
        findings.push(`${one.id} lies on ${other.id}`);
      }
    }
  });
  for (const flow of flows) {
    const way = lines.get(flow)?.waypoint;
    if (!way) {
      findings.push(`${flow.id} is not drawn`);
      continue;
    }
    const [from, to] = [flow.sourceRef, flow.targetRef];
    if (!touches(way[0], shapes.get(from).bounds)) findings.push(`${flow.id} does not begin at ${from.id}`);
    if (!touches(way.at(-1), shapes.get(to).bounds)) findings.push(`${flow.id} does not end at ${to.id}`);
    for (const node of nodes.filter((node) => node !== from && node !== to)) {
      if (way.slice(1).some((point, n) => enters(way[n], point, shapes.get(node).bounds))) {
        findings.push(`${flow.id} runs through ${node.id}`);
      }
    }
  }
  return findings;
}

export async function measure(file) {
  const findings = [];
  const { rootElement: root } = await new BpmnModdle().fromXML(fs.readFileSync(file, 'utf8'));
  const shapes = new Map();
  const lines = new Map();
  for (const drawn of root.diagrams.flatMap((diagram) => diagram.plane.planeElement)) {
    (drawn.bounds ? shapes : lines).set(drawn.bpmnElement, drawn);
  }
  const process = root.rootElements.find((element) => element.$type === 'bpmn:Process');
  const lanes = process.laneSets[0].lanes;
  const nodes = process.flowElements.filter((element) => element.$instanceOf('bpmn:FlowNode'));
  const collaboration = root.rootElements.find((element) => element.$type === 'bpmn:Collaboration');
  const notes = [...(process.artifacts ?? []), ...(collaboration.artifacts ?? [])].filter(
    (artifact) => artifact.$type === 'bpmn:TextAnnotation',
  );
  for (const element of [...nodes, ...lanes, ...collaboration.participants, ...notes]) {
    if (!shapes.has(element)) findings.push(`${element.id} is not drawn`);
  }
  let edge;
  const pool = shapes.get(collaboration.participants[0]).bounds;
  for (const lane of lanes) {
    const { bounds } = shapes.get(lane);
    if (!within(bounds, pool)) findings.push(`${lane.id} leaves its pool`);
    if (edge !== undefined && edge !== bounds.y) findings.push(`there is a gap before ${lane.id}`);
    edge = bottom(bounds);
    for (const node of lane.flowNodeRef) {
      if (!within(shapes.get(node).bounds, bounds)) findings.push(`${node.id} leaves its lane`);
    }
  }
  for (const scope of scopes(process)) findings.push(...faultsOf(scope, shapes, lines));
  const planes = root.diagrams.map((diagram) => diagram.plane.bpmnElement);
  for (const { container } of scopes(process).slice(1)) {
    if (!planes.includes(container)) findings.push(`${container.id} has no drawing of its own`);
  }
  return findings;
}
