import type { OperatorDescription, SnapshotDescription } from '../../src/engine/description';
import { fill } from '../../src/view/format';
import { operatorTitle } from '../../src/view/naming';
import type { Strings } from '../../src/view/strings';
import { unnamedState } from './rows';

/** A part of the bar that shows bytes to scale. */
export interface Block {
  label: string;
  bytes: number;
  /** Null for the rest that is summed up, and for bytes that belong to no single state. */
  target: { operator: string; state: string | null } | null;
  /** Why it is not told apart. */
  hint?: string;
  parts: Block[];
}

/** More blocks than these would be slivers that nobody can read or hit. */
const MOST_OPERATORS = 12;
const MOST_PARTS = 8;
/** Below this share of the whole an operator is summed up with the others of its size. */
const SMALLEST_SHARE = 0.012;

/** The largest operators with their states, to scale, and the others as one. */
export function bytesToScale(
  snapshot: SnapshotDescription,
  strings: Strings,
  more: (count: number) => string,
): Block[] {
  const sized = snapshot.operators.filter((o) => o.bytes > 0).sort((a, b) => b.bytes - a.bytes);
  const total = sized.reduce((sum, o) => sum + o.bytes, 0);
  const large = sized.filter((o, i) => i < MOST_OPERATORS && (i === 0 || o.bytes / total >= SMALLEST_SHARE));
  const blocks = large.map((operator) => blockOf(operator, strings));
  const rest = sized.slice(large.length);
  if (rest.length > 0) {
    const bytes = rest.reduce((sum, o) => sum + o.bytes, 0);
    blocks.push({ label: more(rest.length), bytes, target: null, parts: [] });
  }
  return blocks;
}

function blockOf(operator: OperatorDescription, strings: Strings): Block {
  const parts: Block[] = operator.states
    .filter((s) => s.bytes !== null && s.bytes > 0)
    .map((s) => ({ label: s.name, bytes: s.bytes ?? 0, target: { operator: operator.id, state: s.name }, parts: [] }));
  for (const line of unnamedState(operator, strings)) {
    parts.push({ label: line.label, bytes: line.bytes, target: { operator: operator.id, state: null }, parts: [] });
  }
  parts.sort((a, b) => b.bytes - a.bytes);
  const shown = parts.slice(0, MOST_PARTS).filter((part) => part.bytes / operator.bytes >= SMALLEST_SHARE);
  const known = shown.reduce((sum, p) => sum + p.bytes, 0);
  if (operator.bytes > known) {
    // Small ones, headers, and states whose bytes are mixed with others: there, but of no single state.
    const mixed = operator.states.filter((s) => s.bytes === null).length;
    const label = mixed === 0 ? '' : mixed === 1 ? strings.oneState : fill(strings.mixedStates, mixed);
    shown.push({ label, bytes: operator.bytes - known, target: null, hint: strings.mixedStatesHint, parts: [] });
  }
  return {
    label: operatorTitle(operator),
    bytes: operator.bytes,
    target: { operator: operator.id, state: null },
    parts: shown,
  };
}

export interface Spread {
  /** Bytes by bar; with many subtasks a bar stands for the largest of several. */
  bars: number[];
  largest: { subtask: number; bytes: number };
  /** The largest as a multiple of the average over all subtasks with state. */
  skew: number;
}

const MOST_BARS = 24;

/** How an operator's bytes spread over its subtasks; null with fewer than two, where there is nothing to compare. */
export function spreadOf(operator: OperatorDescription): Spread | null {
  const subtasks = operator.subtaskBytes;
  const first = subtasks[0];
  if (first === undefined || operator.parallelism < 2) return null;
  const bars = new Array<number>(Math.min(operator.parallelism, MOST_BARS)).fill(0);
  let largest = first;
  let sum = 0;
  for (const subtask of subtasks) {
    sum += subtask.bytes;
    if (subtask.bytes > largest.bytes) largest = subtask;
    const bar = Math.min(bars.length - 1, Math.floor((subtask.subtask * bars.length) / operator.parallelism));
    bars[bar] = Math.max(bars[bar] ?? 0, subtask.bytes);
  }
  return sum === 0 ? null : { bars, largest, skew: (largest.bytes * subtasks.length) / sum };
}
