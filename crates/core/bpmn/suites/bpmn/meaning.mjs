// What a model says, as lines to compare: every element with all it holds, and every place on the drawing.
import fs from 'node:fs';
import { BpmnModdle } from 'bpmn-moddle';

export async function meaning(file) {
  const bytes = fs.readFileSync(file);
  const declared = /encoding=["']([^"']+)["']/.exec(bytes.subarray(0, 200).toString('latin1'))?.[1] ?? 'utf-8';
  const text = new TextDecoder(declared).decode(bytes).replace(/(<\?xml[^>]*encoding=["'])[^"']+/, '$1UTF-8');
  const { rootElement, elementsById, references, warnings } = await new BpmnModdle().fromXML(text);
  const lines = [`${references.length} references`, ...warnings.map((warning) => warning.message)];
  const told = (value) => {
    if (value && value.$type) return value.id ? `#${value.id}` : `${value.$type}${JSON.stringify(plain(value))}`;
    return Array.isArray(value) ? `[${value.map(told).join(' ')}]` : JSON.stringify(value);
  };
  const plain = (element) =>
    Object.fromEntries(
      [...Object.entries(element), ...Object.entries(element.$attrs ?? {})]
        .filter(([name]) => !name.startsWith('$'))
        .map(([name, value]) => [name, told(value)]),
    );
  for (const element of [rootElement, ...Object.values(elementsById)]) {
    lines.push(`${element.$type} ${element.id} ${JSON.stringify(plain(element))}`);
  }
  return lines.sort();
}

export function differences(before, after) {
  const [had, has] = [new Set(before), new Set(after)];
  return [
    ...before.filter((line) => !has.has(line)).map((line) => `lost: ${line}`),
    ...after.filter((line) => !had.has(line)).map((line) => `new: ${line}`),
  ];
}
