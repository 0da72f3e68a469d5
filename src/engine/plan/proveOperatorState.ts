import { EngineError } from '../bytes/engineError';
import type { SnapshotOperator } from '../snapshot';
import { broadcastTally, OperatorStateRewrite } from '../write/operatorStateRewrite';
import { hasState, OperatorStateSource } from '../write/operatorStateSource';
import { isSameTally, Tally } from '../write/tally';
import type { OperatorDraft } from './operatorDraft';

/** What is added to the proof of a plan. */
interface Counted {
  entries: number;
  statesUntouched: number;
}

/**
 * Reads the operator state that was written anew: every state has the elements that the check foresaw; those that no step
 * touched have the elements of the source, wherever they were dealt. `CHECKSUM` where that is not so.
 */
export async function proveOperatorState(
  { title, operatorState }: OperatorDraft,
  operator: SnapshotOperator,
  proof: Counted,
  signal: AbortSignal | undefined,
): Promise<void> {
  await proveRows(title, operatorState, operator, proof, signal);
  const { rewrite, outcome } = operatorState;
  if (rewrite === null || outcome === null) return;
  const source = await OperatorStateSource.open(operator, signal);
  const written = source === null ? null : new OperatorStateRewrite(source, { parallelism: null, changes: new Map() });
  const found = (await written?.check(signal)) ?? null;
  const failed = (what: string) => failure(title, what);
  for (const { from, to, edits, isBroadcast } of operatorState.states()) {
    if (to === null) continue;
    if (!isBroadcast) {
      const is = found?.after.of(to) ?? null;
      const wanted = outcome.after.of(to);
      if (is === null ? wanted.entries > 0 : !isSameTally(is, wanted)) {
        throw failed(
          `has ${is?.entries ?? 0} elements of ${to}, which are not the ${wanted.entries} that were to be written.`,
        );
      }
      proof.entries += wanted.entries;
      if (edits === null && !isSameTally(wanted, outcome.before.of(from)))
        throw failed(`has other elements of ${to} than the source.`);
      if (edits === null) proof.statesUntouched++;
      continue;
    }
    // Where the state was dealt every subtask has the copy of the first that had it.
    const first = rewrite.source.subtasks.find((subtask) => hasState(subtask, from))?.index ?? 0;
    for (const subtask of source?.subtasks ?? []) {
      const origin = rewrite.target.parallelism === null ? subtask.index : first;
      const wanted = outcome.after.of(broadcastTally(origin, to));
      const is = found?.after.of(broadcastTally(subtask.index, to)) ?? null;
      if (is === null || !isSameTally(wanted, is)) {
        throw failed(`has another broadcast state ${to} in subtask ${subtask.index} than was to be written.`);
      }
      proof.entries += wanted.entries;
    }
    if (edits === null) proof.statesUntouched++;
  }
}

/** Every element that rows made is there once, every entry of a broadcast state in each subtask. */
async function proveRows(
  title: string,
  { rows }: OperatorDraft['operatorState'],
  operator: SnapshotOperator,
  proof: Counted,
  signal: AbortSignal | undefined,
): Promise<void> {
  if (rows.length === 0) return;
  const source = await OperatorStateSource.open(operator, signal);
  if (source === null) throw failure(title, 'has no operator state.');
  const found = await new OperatorStateRewrite(source, { parallelism: null, changes: new Map() }).check(signal);
  for (const one of rows) {
    for (const { name, kind } of one.states) {
      const wanted = new Tally();
      for (const item of one.itemsOf(name)) wanted.add(name, NO_KEY, item);
      const places = kind === 'broadcast' ? source.subtasks.map(({ index }) => broadcastTally(index, name)) : [name];
      for (const place of places) {
        const is = found.after.of(place);
        proof.entries += is.entries;
        if (isSameTally(is, wanted.of(name))) continue;
        throw failure(
          title,
          `has ${is.entries} elements of ${name}, which are not the ${wanted.of(name).entries} of the rows.`,
        );
      }
    }
  }
}

const NO_KEY = new Uint8Array(0);

const failure = (title: string, what: string): EngineError =>
  new EngineError(
    'CHECKSUM',
    `The snapshot that was written is not the one that was to be: operator ${title} ${what}`,
    { hint: 'It was removed again. Please report this.' },
  );
