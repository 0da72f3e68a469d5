import { Cursor } from '../../../src/engine/bytes/cursor';
import { EngineError } from '../../../src/engine/bytes/engineError';
import { Sink } from '../../../src/engine/bytes/sink';
import { snapshotEntries } from '../../../src/engine/entries';
import { writeJson } from '../../../src/engine/json/writeJson';
import type { Codec } from '../../../src/engine/types/codec';
import { spellType } from '../../../src/engine/types/typeInfo';
import { codedParts } from './laws';
import { mutate } from './mutation';
import { Randomness, seedOf } from './randomness';
import { withSnapshot } from './withSnapshot';

/** A type, and values of it as some Flink wrote them. */
export interface TypeSamples {
  type: string;
  codec: Codec;
  values: Uint8Array[];
}

/** Values kept of a type: mutations make more of them. */
const MAX_VALUES = 8;

/** Every type in these snapshots, and of these values. */
export async function typeSamples(
  snapshots: readonly string[],
  values: readonly { codec: Codec; bytes: Uint8Array }[] = [],
): Promise<TypeSamples[]> {
  const types = new Map<string, TypeSamples>();
  const add = (codec: Codec, bytes: Uint8Array): void => {
    const type = spellType(codec.type);
    const key = `${type} ${codec.type.serializer ?? ''}`;
    const known = types.get(key) ?? { type, codec, values: [] };
    types.set(key, known);
    if (known.values.length < MAX_VALUES) known.values.push(bytes.slice());
  };
  for (const path of snapshots) {
    await withSnapshot(path, async (snapshot) => {
      for await (const { entries } of snapshotEntries(snapshot, {}, () => {})) {
        for (const { codec, bytes } of entries.flatMap(codedParts)) add(codec, bytes);
      }
    });
  }
  for (const { codec, bytes } of values) add(codec, bytes);
  return [...types.values()];
}

export interface ValueCase {
  type: string;
  codec: Codec;
  bytes: Uint8Array;
  done: string[];
}

/** The case of a number: the same for the same seed and the same samples. */
export function valueCase(samples: readonly TypeSamples[], seed: number, run: number): ValueCase {
  const random = new Randomness(seedOf(seed, run));
  const { type, codec, values } = samples[run % samples.length];
  const value = random.oneOf(values);
  const { bytes, done } = mutate(value, random, random.oneOf(random.oneOf(samples).values));
  return { type, codec, bytes, done };
}

/**
 * What is wrong with how a codec takes damaged bytes, or null. It refuses them with an error of the engine; or it gives a
 * value, has read as far as it skips, and writes the value as bytes of the same value. Not always as the same bytes: they may
 * be bytes that Flink reads and never writes, such as a number with more digits than it needs.
 */
export function complaintAboutValue({ codec, bytes }: ValueCase): string | null {
  const reading = new Cursor(bytes);
  const skipping = new Cursor(bytes);
  try {
    const value = codec.read(reading);
    const json = writeJson(value);
    codec.skip(skipping);
    if (skipping.position !== reading.position) return `read ends at ${reading.position}, skip at ${skipping.position}`;
    const sink = new Sink();
    codec.write(sink, value);
    const again = new Cursor(sink.toBytes());
    const written = writeJson(codec.read(again));
    if (!again.atEnd) return `${json} is written with bytes behind it`;
    return written === json ? null : `${json} is written as ${written}`;
  } catch (e) {
    if (e instanceof EngineError && e.code !== 'INTERNAL' && e.code !== 'BAD_VALUE') return null;
    return e instanceof Error ? (e.stack ?? e.message) : String(e);
  }
}
