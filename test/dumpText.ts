import type { EntryFailure } from '../src/engine/entries';
import { type DumpOptions, dump } from '../src/engine/query/dump';
import type { Snapshot } from '../src/engine/snapshot';

/** All that a dump gives, as one text. */
export async function dumpText(
  snapshot: Snapshot,
  options: DumpOptions,
  failed: (failure: EntryFailure) => void,
): Promise<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let text = '';
  for await (const bytes of dump(snapshot, options, failed)) text += decoder.decode(bytes);
  return text;
}
