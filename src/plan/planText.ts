import type { Json } from '../engine/json/jsonValue';
import { numberText } from '../engine/json/printJson';
import { PlanTree } from './planTree';
import { jsonString } from './spell';

/** Characters of a line beyond which an object is spread over several. */
const WIDTH = 100;

/** A step of a plan, as it stands in the file: its name and what it needs. */
export type PlanStepJson = Map<string, Json>;

export const object = (fields: Record<string, Json | undefined>): Map<string, Json> =>
  new Map(Object.entries(fields).filter((field): field is [string, Json] => field[1] !== undefined));

export const stepOf = (name: string, content: Json): PlanStepJson => new Map([[name, content]]);

export interface NewPlan {
  /** As the plan names it; null to start from nothing. */
  from: string | null;
  metadataVersion?: number | undefined;
  steps: readonly PlanStepJson[];
  /** Lines of a comment at the head. */
  comment: readonly string[];
}

export function planText({ from, metadataVersion, steps, comment }: NewPlan): string {
  const fields = [
    ...(from === null ? [] : [`  "from": ${jsonString(from)}`]),
    ...(metadataVersion === undefined ? [] : [`  "metadataVersion": ${metadataVersion}`]),
    `  "steps": ${stepsText(steps)}`,
  ];
  return `${comment.map((line) => `// ${line}\n`).join('')}{\n${fields.join(',\n')}\n}\n`;
}

/** The edit that adds a step behind the last one: text to insert in place of `length` characters. Null where there is no list of steps. */
export function addStep(text: string, step: PlanStepJson): { offset: number; length: number; insert: string } | null {
  const tree = new PlanTree(text);
  const steps = tree.at(['steps']);
  if (steps?.type !== 'array') return null;
  const last = steps.children?.at(-1);
  if (last !== undefined) {
    return { offset: last.offset + last.length, length: 0, insert: `,\n    ${stepText(step)}` };
  }
  const inside = text.slice(steps.offset + 1, steps.offset + steps.length - 1);
  // A comment in an empty list stays.
  if (inside.trim() !== '') return { offset: steps.offset + 1, length: 0, insert: `\n    ${stepText(step)}` };
  return { offset: steps.offset, length: steps.length, insert: stepsText([step]) };
}

function stepsText(steps: readonly PlanStepJson[]): string {
  return steps.length === 0 ? '[]' : `[\n    ${steps.map(stepText).join(',\n    ')}\n  ]`;
}

/** A step at its place in a plan; one that is long has what it needs in lines of their own. */
function stepText(step: PlanStepJson): string {
  const line = jsonText(step, 4);
  const [[name, content] = []] = step;
  if (!line.includes('\n') || name === undefined || !(content instanceof Map)) return line;
  const fields = [...content].map(
    ([field, value]) => `      ${jsonString(field)}: ${jsonText(value, 6 + field.length)}`,
  );
  return `{ ${jsonString(name)}: {\n${fields.join(',\n')} } }`;
}

/** JSON with spaces, on one line where it fits behind `indent` characters. */
export function jsonText(json: Json, indent = 0): string {
  const line = oneLine(json);
  if (indent + line.length <= WIDTH || json === null || typeof json !== 'object') return line;
  const inner = indent + 2;
  const [open, close] = Array.isArray(json) ? ['[', ']'] : ['{', '}'];
  const parts = Array.isArray(json)
    ? json.map((item) => jsonText(item, inner))
    : [...json].map(([name, value]) => `${jsonString(name)}: ${jsonText(value, inner)}`);
  const between = `\n${' '.repeat(inner)}`;
  return `${open}${between}${parts.join(`,${between}`)}\n${' '.repeat(indent)}${close}`;
}

function oneLine(json: Json): string {
  if (json === null || typeof json === 'boolean' || typeof json === 'bigint') return String(json);
  if (typeof json === 'number') return numberText(json);
  if (typeof json === 'string') return jsonString(json);
  if (Array.isArray(json)) return `[${json.map(oneLine).join(', ')}]`;
  if (json.size === 0) return '{}';
  return `{ ${[...json].map(([name, value]) => `${jsonString(name)}: ${oneLine(value)}`).join(', ')} }`;
}
