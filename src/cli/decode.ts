import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { Cursor } from '../engine/bytes/cursor';
import { asEngineError } from '../engine/bytes/engineError';
import { writeJson } from '../engine/json/writeJson';
import type { Codec } from '../engine/types/codec';
import type { TypeOptions } from '../engine/types/family';
import { parseHeader } from '../engine/types/serializerSnapshot';
import { spellType } from '../engine/types/typeInfo';
import { OpaqueValue } from '../engine/types/values';

const SNAPSHOT_FILE = 'serializer-snapshot';
const DATA_FILE = 'test-data';

/** Deepest folder that is looked into. */
const MAX_FOLDERS = 32;

/**
 * `decode DIR`: one line of JSON for every folder below `dir` that holds a serializer snapshot and one value written with it.
 * A value that cannot be decoded is shown as its bytes and the reason.
 */
export async function decode(dir: string, out: (line: string) => void): Promise<void> {
  for await (const folder of sampleFolders(dir, 0)) {
    const path = relative(dir, folder).split(sep).join('/');
    const snapshot = await readFile(join(folder, SNAPSHOT_FILE));
    const data = await readFile(join(folder, DATA_FILE));
    const { value, type } = decodeSample(snapshot, data, { kryo: kryoOf(path) });
    out(`{"path":${JSON.stringify(path)},"value":${writeJson(value)},"type":${JSON.stringify(type)}}`);
  }
}

async function* sampleFolders(dir: string, depth: number): AsyncGenerator<string> {
  const entries = await readdir(dir, { withFileTypes: true });
  const files = new Set(entries.filter((entry) => entry.isFile()).map((entry) => entry.name));
  if (files.has(SNAPSHOT_FILE) && files.has(DATA_FILE)) yield dir;
  if (depth >= MAX_FOLDERS) return;
  const folders = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  for (const name of folders.sort()) yield* sampleFolders(join(dir, name), depth + 1);
}

/** Samples lie in folders named after the Flink that wrote them, which alone tells the Kryo of generic values. */
function kryoOf(path: string): TypeOptions['kryo'] {
  return path.slice(path.lastIndexOf('/') + 1).startsWith('1.') ? 2 : 5;
}

/** One serializer reference and one value that was written with it. */
export function decodeSample(
  snapshot: Uint8Array,
  data: Uint8Array,
  options: TypeOptions,
): { value: unknown; type: string } {
  let codec: Codec;
  try {
    codec = readSampleCodec(snapshot, options);
  } catch (e) {
    return { value: new OpaqueValue(data, asEngineError(e).message), type: 'unknown' };
  }
  const type = spellType(codec.type);
  try {
    const cursor = new Cursor(data, { file: DATA_FILE });
    const value = codec.read(cursor);
    cursor.expectEnd('the value');
    return { value, type };
  } catch (e) {
    return { value: new OpaqueValue(data, asEngineError(e).message), type };
  }
}

/** The codec of a file that holds one serializer reference and nothing else. */
export function readSampleCodec(snapshot: Uint8Array, options: TypeOptions): Codec {
  return parseHeader(new Cursor(snapshot, { file: SNAPSHOT_FILE }), options, (cursor, reader) => {
    const { codec } = reader.readEnvelope(cursor);
    cursor.expectEnd('the serializer snapshot');
    return codec;
  });
}
