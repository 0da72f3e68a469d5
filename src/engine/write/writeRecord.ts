import { EngineError } from '../bytes/engineError';
import type { Json } from '../json/jsonValue';
import { parseJson } from '../json/parseJson';
import type { FileStore } from '../storage/byteSource';

/**
 * `savepoint-explorer.json` beside a `_metadata`: the plan that made the snapshot, and what was proved of the result. Flink
 * reads `_metadata` and the files that it names, nothing else, and so never looks at it.
 *
 * JSON, UTF-8: `format` ("savepoint-explorer"), `formatVersion` (1; goes up when an older reader would misread), `program`
 * (name and version of who wrote it), `from` (folder of the snapshot that it was made from, or null), `plan` (the text of the
 * plan as it was given, comments included; relative paths in it are relative to where it lay), `proof` (counts by name; null
 * when the result was not read back yet: it is then not proved).
 */
export const RECORD_NAME = 'savepoint-explorer.json';
const FORMAT = 'savepoint-explorer';
const FORMAT_VERSION = 1n;
/** Longer files are no record that anybody wants to look at. */
const LARGEST = 80 * 1024 * 1024;

export interface WriteRecord {
  program: string;
  from: string | null;
  plan: string;
  proof: Record<string, number> | null;
}

export function recordBytes({ program, from, plan, proof }: WriteRecord): Uint8Array {
  const record = { format: FORMAT, formatVersion: Number(FORMAT_VERSION), program, from, plan, proof };
  return new TextEncoder().encode(`${JSON.stringify(record, null, 2)}\n`);
}

/** The record beside a snapshot; null where there is none, or none that this release understands. */
export async function readRecord(folder: string, store: FileStore): Promise<WriteRecord | null> {
  const file = store.join(folder, RECORD_NAME);
  const { kind, size } = await store.status(file);
  if (kind !== 'file' || size > LARGEST) return null;
  try {
    const source = await store.open(file);
    try {
      const bytes = await source.read(0, source.size);
      return recordOf(parseJson(new TextDecoder('utf-8', { fatal: true }).decode(bytes)));
    } finally {
      await source.close();
    }
  } catch (e) {
    // Whatever lies there under this name does not keep the snapshot from being opened.
    if (e instanceof EngineError || e instanceof TypeError) return null;
    throw e;
  }
}

function recordOf(json: Json): WriteRecord | null {
  if (!(json instanceof Map) || json.get('format') !== FORMAT || json.get('formatVersion') !== FORMAT_VERSION)
    return null;
  const [program, from, plan, proof] = ['program', 'from', 'plan', 'proof'].map((name) => json.get(name) ?? null);
  if (typeof program !== 'string' || typeof plan !== 'string' || (from !== null && typeof from !== 'string'))
    return null;
  if (proof === null) return { program, from, plan, proof };
  if (!(proof instanceof Map)) return null;
  const counts: [string, number][] = [];
  for (const [name, count] of proof) {
    if (typeof count !== 'bigint' || count < 0n || count > BigInt(Number.MAX_SAFE_INTEGER)) return null;
    counts.push([name, Number(count)]);
  }
  return { program, from, plan, proof: Object.fromEntries(counts) };
}
