import type { Json } from '../../src/engine/json/jsonValue';
import { has, json, type Line } from './lines';

/** Entries in a plain list, and what steps of plans do to those of one operator. */
export class Model {
  private lines: Line[];

  constructor(
    lines: readonly Line[],
    private readonly op: string,
  ) {
    this.lines = [...lines];
  }

  all(): Line[] {
    return this.lines;
  }

  put(kind: string, state: string, { value, ...where }: Record<string, unknown>): void {
    this.remove(state, where);
    this.add({ kind, state, ...where, value });
  }

  add(fields: Record<string, unknown>): void {
    this.lines.push(json({ op: this.op, ...fields }) as Map<string, Json>);
  }

  remove(state: string, where: Record<string, unknown>): void {
    this.lines = this.lines.filter((line) => !has(line, { op: this.op, state, ...where }));
  }

  change(state: string, change: (line: Line) => Line): void {
    this.lines = this.lines.map((line) => (has(line, { op: this.op, state }) ? change(line) : line));
  }
}
