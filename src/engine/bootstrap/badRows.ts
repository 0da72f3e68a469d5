import { EngineError } from '../bytes/engineError';
import type { BadRowRule } from './step';

/** Bad rows that are told of one by one. */
const MAX_LISTED = 100;

/** How a plan leaves bad rows out. */
export const SKIP_IN_PLAN = 'Say "onBadRow": "skip" to leave such rows out, or {"limit": N} to leave out at most N.';

/** Counts rows that do not fit, and ends it all where there are too many. */
export class BadRows {
  count = 0;
  /** The first of them. */
  readonly listed: EngineError[] = [];

  constructor(private readonly rule: BadRowRule) {}

  take(error: EngineError): void {
    this.count++;
    if (this.listed.length < MAX_LISTED) this.listed.push(error);
    if (this.count <= this.rule.limit) return;
    const { code, message, file, where, offset, hint } = error;
    const rule =
      this.rule.limit === 0 ? SKIP_IN_PLAN : `${this.count} rows are bad, of which ${this.rule.limit} may be left out.`;
    throw new EngineError(code, message, { file, where, offset, hint: hint === undefined ? rule : `${hint} ${rule}` });
  }
}
