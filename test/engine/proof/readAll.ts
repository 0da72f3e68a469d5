import type { EntryFailure } from '../../../src/engine/entries';
import type { Json } from '../../../src/engine/json/jsonValue';
import type { DumpOptions } from '../../../src/engine/query/dump';
import type { Snapshot } from '../../../src/engine/snapshot';
import { dumpText } from '../../dumpText';
import { parseLines } from '../../expectedLines';

export interface Dumped {
  lines: Json[];
  failures: EntryFailure[];
}

/** Everything that a dump gives, and what it says it could not read. */
export async function dumpAll(snapshot: Snapshot, options: DumpOptions = {}): Promise<Dumped> {
  const failures: EntryFailure[] = [];
  const text = await dumpText(snapshot, options, (failure) => failures.push(failure));
  return { lines: parseLines(text), failures };
}
