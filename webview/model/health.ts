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
  const items = filesTogether(snapshot.problems, strings, locale).map((p) => ofProblem(p, null, null));
  let states = 0;
  let opaque = 0;
  for (const operator of snapshot.operators) {
    const target = { operator: operator.id, state: null };
    for (const problem of operator.problems) items.push(ofProblem(problem, target, operatorTitle(operator)));
    states += operator.states.length;
    opaque += operator.states.filter((state) => !state.readable).length;
  }
  const files = snapshot.files.map(fileStatus);
  if (files.length === 0) items.push(line('ok', strings.healthInlineOk));
  else if (!files.includes('missing') && !files.includes('changed')) items.push(line('ok', strings.healthFilesOk));
  if (states > 0 && opaque === 0) items.push(line('ok', strings.healthReadable));
  return items.sort((a, b) => RANK[a.severity] - RANK[b.severity]);
}

/** Faults of files that are of one kind as one: the table of files tells them apart. */
function filesTogether(problems: readonly Problem[], strings: Strings, locale: string): Problem[] {
  const texts: Record<string, string> = { FILE_NOT_FOUND: strings.healthMissing, FILE_CHANGED: strings.healthChanged };
  const together: Problem[] = [];
  const done = new Set<string>();
  for (const problem of problems) {
    const text = texts[problem.code];
    const alike = problems.filter((p) => p.code === problem.code && p.severity === problem.severity).length;
    if (text === undefined || alike === 1) together.push(problem);
    else if (!done.has(problem.code)) {
      done.add(problem.code);
      together.push({ ...problem, message: fill(text, formatCount(alike, locale)), file: null, offset: null });
    }
  }
  return together;
}

function line(severity: HealthItem['severity'], text: string): HealthItem {
  return { severity, text, hint: null, file: null, offset: null, target: null, place: null };
}

function ofProblem(problem: Problem, target: RowTarget | null, place: string | null): HealthItem {
  const { severity, message, hint, offset } = problem;
  // A file that the sentence names already is not named twice.
  const file = problem.file !== null && message.includes(problem.file) ? null : problem.file;
  return { severity, text: message, hint, file, offset, target, place: place ?? problem.where };
}
