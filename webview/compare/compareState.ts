import type { ComparedNames } from '../../src/protocol';
import { type ComparedState, DIFFERENCE_KINDS, type DifferenceKind } from '../../src/view/shownComparison';

/** What the page remembers of itself, so that it comes back as it was: which snapshots, and what was looked at. */
export interface CompareState {
  /** Files of both sides: the extension makes the page anew from them. */
  before: string;
  after: string;
  target: ComparedState | null;
  kinds: DifferenceKind[];
  row: number;
  onlyDiffering: boolean;
}

export const freshState = ({ before, after }: ComparedNames): CompareState => ({
  before: before.file,
  after: after.file,
  target: null,
  kinds: [...DIFFERENCE_KINDS],
  row: 0,
  onlyDiffering: true,
});

/** The state as it was kept, should it be of these snapshots. What is not as expected is left out. */
export function restoreState(kept: unknown, names: ComparedNames): CompareState {
  const fresh = freshState(names);
  if (typeof kept !== 'object' || kept === null) return fresh;
  const { before, after, target, kinds, row, onlyDiffering } = kept as Partial<Record<keyof CompareState, unknown>>;
  if (before !== fresh.before || after !== fresh.after) return fresh;
  return {
    ...fresh,
    target: restoreTarget(target),
    kinds: Array.isArray(kinds) ? DIFFERENCE_KINDS.filter((kind) => kinds.includes(kind)) : fresh.kinds,
    row: typeof row === 'number' && Number.isSafeInteger(row) && row >= 0 ? row : 0,
    onlyDiffering: typeof onlyDiffering === 'boolean' ? onlyDiffering : fresh.onlyDiffering,
  };
}

function restoreTarget(kept: unknown): ComparedState | null {
  if (typeof kept !== 'object' || kept === null) return null;
  const { operator, state, of } = kept as Partial<Record<keyof ComparedState, unknown>>;
  if (typeof operator !== 'string' || typeof state !== 'string') return null;
  return of === 'keyed' || of === 'operator' ? { operator, state, of } : null;
}
