import type { PartState, RawEntry } from '../backends/part';
import { Cursor } from '../bytes/cursor';
import { EngineError, throwIfAborted } from '../bytes/engineError';
import { whyUnreadable } from '../types/typeInfo';
import type { KeyedSource } from './keyedSource';

/**
 * In files of heap backends one value begins where the one before ends: what only a class of the job can read cannot be found
 * again there. `REFUSED` with the first such value. Entries are looked at only where a type says that there may be one. `stays`:
 * the states that will be there.
 */
export async function expectSplit(
  source: KeyedSource,
  stays: (name: string) => boolean,
  signal?: AbortSignal,
): Promise<void> {
  const doubtful = new Map(
    source.states
      .filter(({ name, canonical }) => stays(name) && isDoubtful(canonical))
      .map(({ name, canonical }) => [name, canonical]),
  );
  if (doubtful.size === 0) return;
  for (const share of source.shares(1)) {
    for await (const { entries } of source.entriesOf(share, signal)) {
      throwIfAborted(signal);
      for (const entry of entries) if (doubtful.has(entry.state.name)) expectEnds(entry);
    }
  }
}

const isDoubtful = ({ key, namespace, userKey, value }: PartState): boolean =>
  [key, namespace, userKey, value].some((codec) => codec !== null && whyUnreadable(codec.type) !== null);

function expectEnds({ state, key, namespace, userKey, value, fault }: RawEntry): void {
  if (fault !== null) throw unsplit(state, fault);
  try {
    for (const [codec, bytes] of [
      [state.key, key],
      [state.namespace, namespace],
      [state.userKey, userKey],
    ] as const) {
      if (bytes !== null) codec?.skip(new Cursor(bytes));
    }
    if (value !== null) skipValue(state, new Cursor(value));
  } catch (e) {
    if (!(e instanceof EngineError)) throw e;
    throw unsplit(state, e.message);
  }
}

function skipValue({ layout, value }: PartState, cursor: Cursor): void {
  if (layout === 'nullable' && cursor.bool('null flag')) return;
  do {
    if (!cursor.atEnd) value?.skip(cursor);
    // The byte between two elements.
    if (layout === 'delimited' && !cursor.atEnd) cursor.skip(1, 'delimiter');
  } while (layout === 'delimited' && !cursor.atEnd);
}

const unsplit = ({ name }: PartState, why: string): EngineError =>
  new EngineError('REFUSED', `Its values cannot be told apart in the format of heap backends: ${why}`, {
    where: name,
    hint: 'Write the canonical format, from which every backend restores.',
  });
