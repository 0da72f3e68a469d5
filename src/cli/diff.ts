import { EngineError } from '../engine/bytes/engineError';
import { type EntryDifference, isOfOperatorState } from '../engine/diff/difference';
import { differenceJson } from '../engine/diff/differenceJson';
import type { SnapshotDiff } from '../engine/diff/diffResult';
import { type DiffOptions, diffSnapshots } from '../engine/diff/diffSnapshots';
import { FirstOfEach } from '../engine/diff/firstOfEach';
import { isOperator } from '../engine/entries';
import { openSnapshot, type Snapshot } from '../engine/snapshot';
import { nodeFileStore } from '../engine/storage/nodeFileStore';
import { writeWhole } from '../engine/storage/nodeWholeFile';
import { diffThreads } from '../threads/diffThreads';
import { parseArguments } from './arguments';
import type { Command } from './command';
import { diffJson, diffText } from './diffText';
import { UsageError } from './usage';

/** Entries that are listed of each state and kind where nobody says how many. */
const LISTED = 10;
/** Characters that are written at once. */
const LINES = 64 * 1024;

/** `diff A B [--json]`: what differs from A to B. Exit code 1 where anything does, or could not be compared. */
export const diff: Command = async (args, { out, signal }) => {
  const { values, positionals } = parseArguments(
    args,
    {
      json: { type: 'boolean' },
      operator: { type: 'string' },
      limit: { type: 'string' },
      entries: { type: 'string' },
    },
    ['A', 'B'],
  );
  const { operator, entries: file } = values;
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
    const options: DiffOptions = {
      ...(operator !== undefined && { isWanted: (o) => isOperator(o, operator) }),
      // The bundle of the command line is the threads' too.
      run: diffThreads(__filename, before, after),
      signal,
    };
    const listed: EntryDifference[] = [];
    const found =
      file === undefined
        ? await diffSnapshots(before, after, { ...options, most: limit, onDifference: (one) => void listed.push(one) })
        : await allInto(file, limit, listed, before, after, options);
    const names = { before: before.path, after: after.path };
    await out(values.json === true ? diffJson(names, found, listed) : diffText(names, found, listed));
    return found.same ? 0 : 1;
  } finally {
    await before.close();
    await after.close();
  }
};

/** Writes every difference into a file, a line each; the first of them are listed. */
async function allInto(
  file: string,
  limit: number,
  listed: EntryDifference[],
  before: Snapshot,
  after: Snapshot,
  options: DiffOptions,
): Promise<SnapshotDiff> {
  const first = new FirstOfEach(limit);
  let found: SnapshotDiff | undefined;
  await writeWhole(file, async (write) => {
    let lines = '';
    const onDifference = async (difference: EntryDifference): Promise<void> => {
      const { operator, state, what } = difference;
      if (first.takes(`${operator} ${isOfOperatorState(difference)} ${state} ${what}`)) listed.push(difference);
      lines += `${differenceJson(difference)}\n`;
      if (lines.length < LINES) return;
      const text = lines;
      lines = '';
      await write(text);
    };
    found = await diffSnapshots(before, after, { ...options, onDifference });
    await write(lines);
  });
  if (found === undefined) throw new EngineError('INTERNAL', 'Nothing was compared.');
  return found;
}

function limitOption(text: string | undefined): number {
  if (text === undefined) return LISTED;
  if (!/^\d{1,9}$/.test(text)) throw new UsageError(`--limit takes a whole number, found '${text}'.`);
  return Number(text);
}
