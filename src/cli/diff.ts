import { EngineError } from '../engine/bytes/engineError';
import type { EntryDifference } from '../engine/diff/difference';
import { diffSnapshots } from '../engine/diff/snapshotDiff';
import { isOperator } from '../engine/entries';
import { openSnapshot } from '../engine/snapshot';
import { nodeFileStore } from '../engine/storage/nodeFileStore';
import { parseArguments } from './arguments';
import type { Command } from './command';
import { diffJson, diffText } from './diffText';
import { UsageError } from './usage';

/** Entries that are listed of each state where nobody says how many. */
const LISTED = 10;

/** `diff A B [--json]`: what differs from A to B. Exit code 1 where anything does, or could not be compared. */
export const diff: Command = async (args, { out, signal }) => {
  const { values, positionals } = parseArguments(
    args,
    { json: { type: 'boolean' }, operator: { type: 'string' }, limit: { type: 'string' } },
    ['A', 'B'],
  );
  const { operator } = values;
  const limit = limitOption(values.limit);
  const before = await openSnapshot(positionals[0], nodeFileStore, { signal });
  const after = await openSnapshot(positionals[1], nodeFileStore, { signal }).catch(async (e: unknown) => {
    await before.close();
    throw e;
  });
  try {
    if (operator !== undefined && ![...before.operators, ...after.operators].some((o) => isOperator(o, operator))) {
      throw new EngineError('NOT_FOUND', `Neither snapshot has an operator ${operator}.`);
    }
    const listed = new Map<string, EntryDifference[]>();
    const found = await diffSnapshots(before, after, {
      ...(operator !== undefined && { isWanted: (o) => isOperator(o, operator) }),
      onDifference: (difference) => {
        const state = `${difference.operator} ${difference.state}`;
        const list = listed.get(state) ?? [];
        listed.set(state, list);
        if (list.length < limit) list.push(difference);
      },
      signal,
    });
    const names = { before: before.path, after: after.path };
    const differences = [...listed.values()].flat();
    await out(values.json === true ? diffJson(names, found, differences) : diffText(names, found, differences));
    return found.same ? 0 : 1;
  } finally {
    await before.close();
    await after.close();
  }
};

function limitOption(text: string | undefined): number {
  if (text === undefined) return LISTED;
  if (!/^\d{1,9}$/.test(text)) throw new UsageError(`--limit takes a whole number, found '${text}'.`);
  return Number(text);
}
