import type { Node } from 'jsonc-parser';
import type { Problem } from '../engine/description';
import { PlanTree } from './planTree';

export interface TextRange {
  from: number;
  to: number;
}

/**
 * The part of a plan that a problem is about. Its `where` names it: a line and a column, from there the names of fields
 * inward (`step at line 3, column 5 / value / amount`), or the name of a field of the plan itself.
 */
export function problemRange(text: string, problem: Pick<Problem, 'where'>): TextRange {
  const tree = new PlanTree(text);
  const [first = '', ...parts] = (problem.where ?? '').split(' / ');
  const place = /^(?:step at )?line (\d+), column (\d+)$/.exec(first);
  if (place === null) {
    const field = tree.at([first]);
    return field === undefined ? firstLine(text) : rangeOf(field, text);
  }
  const offset = offsetOf(text, Number(place[1]), Number(place[2]));
  const node = tree.around(offset);
  // What begins elsewhere only surrounds the place.
  if (node === undefined || node.offset !== offset || node.type === 'property') return wordAt(text, offset);
  const step = tree.steps.find((s) => s.node === node);
  if (step === undefined) return rangeOf(node, text);
  // The names lead from the step's content on.
  let found: Node = step.content ?? node;
  let isFound = false;
  for (const part of parts) {
    const next = childOf(found, part);
    if (next === null) break;
    found = next;
    isFound = true;
  }
  return isFound ? rangeOf(found, text) : nameOf(step.node, text);
}

function childOf(node: Node, part: string): Node | null {
  const [, index] = /^\[(\d+)\]$/.exec(part) ?? [];
  if (index !== undefined && node.type === 'array') return node.children?.[Number(index)] ?? null;
  const property = node.children?.find(({ type, children }) => type === 'property' && children?.[0]?.value === part);
  return property?.children?.[1] ?? null;
}

/** A value as it is; of what goes over several lines its name. */
function rangeOf(node: Node, text: string): TextRange {
  const whole = { from: node.offset, to: node.offset + node.length };
  if (!text.slice(whole.from, whole.to).includes('\n')) return node.length === 0 ? wordAt(text, node.offset) : whole;
  const key = node.parent?.type === 'property' ? node.parent.children?.[0] : undefined;
  return key === undefined ? nameOf(node, text) : { from: key.offset, to: key.offset + key.length };
}

/** The first name in an object; of something else its first line. */
function nameOf(node: Node, text: string): TextRange {
  const key = node.type === 'object' ? node.children?.[0]?.children?.[0] : undefined;
  if (key !== undefined) return { from: key.offset, to: key.offset + key.length };
  const end = text.indexOf('\n', node.offset);
  return { from: node.offset, to: Math.min(node.offset + Math.max(node.length, 1), end < 0 ? text.length : end) };
}

function offsetOf(text: string, line: number, column: number): number {
  let at = 0;
  for (let i = 1; i < line; i++) {
    const rest = /\r\n|\n|\r/g;
    rest.lastIndex = at;
    const end = rest.exec(text);
    if (end === null) return text.length;
    at = end.index + end[0].length;
  }
  return Math.min(at + column - 1, text.length);
}

/** The word at a place that nothing can be understood of; at the end of the text what comes before. */
function wordAt(text: string, offset: number): TextRange {
  const [word] = /^[^\s,:{}[\]]+/.exec(text.slice(offset)) ?? [];
  if (word !== undefined) return { from: offset, to: offset + word.length };
  if (offset < text.length && !/\s/.test(text[offset] ?? ' ')) return { from: offset, to: offset + 1 };
  return { from: Math.max(0, offset - 1), to: Math.max(offset, Math.min(1, text.length)) };
}

function firstLine(text: string): TextRange {
  const end = text.search(/\r|\n/);
  return { from: 0, to: end < 0 ? text.length : end };
}
