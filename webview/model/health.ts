import type { Problem, SnapshotDescription } from '../../src/engine/description';
import type { RowTarget } from '../../src/protocol';
import { fileStatus } from '../../src/view/facts';
import { fill, formatCount } from '../../src/view/format';
import { operatorTitle } from '../../src/view/naming';
import type { Strings } from '../../src/view/strings';

export interface HealthItem {
  severity: Problem['severity'] | 'ok';
  text: string;
  hint: string | null;
  file: string | null;
  offset: number | null;
  /** The row that it is about. */
  target: RowTarget | null;
  /** The operator that it is about, in words. */
  place: string | null;
}

const RANK: Record<HealthItem['severity'], number> = { error: 0, warning: 1, info: 2, ok: 3 };

/** What the engine found, worst first, and what was looked at and is well. */
export function healthOf(snapshot: SnapshotDescription, strings: Strings, locale: string): HealthItem[] {
  const items = snapshot.problems.map((p) => ofProblem(p, null, null));
  for (const operator of snapshot.operators) {
    const target = { operator: operator.id, state: null };
    for (const problem of operator.problems) items.push(ofProblem(problem, target, operatorTitle(operator)));
  }
  const files = snapshot.files.map(fileStatus);
  const missing = files.filter((s) => s === 'missing' || s === 'changed').length;
  const moved = files.filter((s) => s === 'moved').length;
  if (missing === 0) items.push(line('ok', files.length === 0 ? strings.healthInlineOk : strings.healthFilesOk));
  if (moved > 0) {
    const text = moved === 1 ? strings.healthMovedOne : fill(strings.healthMoved, formatCount(moved, locale));
    if (!snapshot.problems.some((p) => p.severity === 'info' && p.code === 'FILE_MOVED'))
      items.push(line('info', text));
  }
  const opaque = snapshot.operators.flatMap((o) =>
    o.states.filter((s) => !s.readable).map((s) => ({ operator: o.id, state: s.name })),
  );
  const states = snapshot.operators.reduce((sum, o) => sum + o.states.length, 0);
  if (opaque.length > 0) {
    const text =
      opaque.length === 1 ? strings.healthOpaqueOne : fill(strings.healthOpaque, formatCount(opaque.length, locale));
    items.push({ ...line('info', text), target: opaque[0] ?? null });
  } else if (states > 0) items.push(line('ok', strings.healthReadable));
  return items.sort((a, b) => RANK[a.severity] - RANK[b.severity]);
}

function line(severity: HealthItem['severity'], text: string): HealthItem {
  return { severity, text, hint: null, file: null, offset: null, target: null, place: null };
}

function ofProblem(problem: Problem, target: RowTarget | null, place: string | null): HealthItem {
  const { severity, message, hint, file, offset } = problem;
  return { severity, text: message, hint, file, offset, target, place: place ?? problem.where };
}
