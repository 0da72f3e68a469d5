import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Cursor } from '../../../../src/engine/bytes/cursor';
import type { Codec } from '../../../../src/engine/types/codec';
import { SnapshotReader } from '../../../../src/engine/types/serializerSnapshot';

export interface Sample {
  readonly codec: Codec;
  readonly bytes: Uint8Array;
  /** Java's hash code; null where the sample does not have it. */
  readonly hash: number | null;
}

/** Snapshots and values that Flink 2.3 wrote: see TableSamples.java beside this file. */
const samples = new Map(
  readFileSync(join(import.meta.dirname, 'samples.hex'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => {
      const [name, snapshot, bytes, hash] = line.split(' ');
      return [name, { snapshot, bytes, hash }] as const;
    }),
);

export const sampleNames = [...samples.keys()];

export function sample(name: string): Sample {
  const found = samples.get(name);
  if (found === undefined) throw new Error(`No sample ${name} in samples.hex.`);
  const cursor = new Cursor(fromHex(found.snapshot));
  const { codec } = new SnapshotReader({ kryo: 5 }).readVersioned(cursor);
  cursor.expectEnd('the snapshot');
  return { codec, bytes: fromHex(found.bytes), hash: found.hash === '-' ? null : Number(found.hash) };
}

function fromHex(hex: string): Uint8Array {
  return new Uint8Array(Buffer.from(hex, 'hex'));
}
