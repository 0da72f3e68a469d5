import { EngineError } from '../bytes/engineError';

const ascii = (text: string): number[] => [...text].map((c) => c.charCodeAt(0));

/** What a file is that begins with these bytes, and what to do about it. */
const KNOWN: readonly { magic: readonly number[]; what: string; hint: string }[] = [
  {
    magic: ascii('PAR1'),
    what: 'a summary file of a Parquet data set, which bears the same name `_metadata`',
    hint: 'Open it with a tool for Parquet.',
  },
  {
    magic: [0xac, 0xed],
    what: 'a stream of Java serialization, as Flink 1.0 wrote savepoints',
    hint: 'Restore the savepoint with Flink 1.1 and take a new one there, or open the one of a later Flink.',
  },
  { magic: [0x1f, 0x8b], what: 'a gzip archive', hint: 'Unpack it and open the folder inside.' },
  { magic: [0x50, 0x4b, 0x03, 0x04], what: 'a zip archive', hint: 'Unpack it and open the folder inside.' },
  { magic: [0x28, 0xb5, 0x2f, 0xfd], what: 'a Zstandard archive', hint: 'Unpack it and open the folder inside.' },
  {
    magic: ascii('version https://git-lfs'),
    what: 'a pointer of Git LFS, not the file itself',
    hint: 'Fetch the file with `git lfs pull`.',
  },
];

const OPEN_A_SNAPSHOT =
  'Open a folder that holds `_metadata`, the `_metadata` file itself, or the file of a Flink 1.2 savepoint.';

/** The error for a file that is not snapshot metadata: says what it looks like instead. */
export function notASnapshot(bytes: Uint8Array, file: string): EngineError {
  const fail = (what: string, hint: string) =>
    new EngineError('NOT_A_SNAPSHOT', `This is not the metadata of a Flink snapshot: ${what}.`, {
      file,
      offset: 0,
      hint,
    });
  if (bytes.length === 0) {
    return fail(
      'the file is empty',
      'The snapshot was not completed, or not copied completely: take it from its origin.',
    );
  }
  for (const { magic, what, hint } of KNOWN) {
    if (magic.every((byte, i) => bytes[i] === byte)) return fail(`it looks like ${what}`, hint);
  }
  if (looksLikeText(bytes.subarray(0, 512))) return fail('it looks like text', OPEN_A_SNAPSHOT);
  const begin = [...bytes.subarray(0, 4)].map((b) => b.toString(16).padStart(2, '0')).join(' ');
  return fail(`it begins with ${begin}, such metadata with 49 60 67 2d`, OPEN_A_SNAPSHOT);
}

/** No control characters but white space; bytes of UTF-8 beyond ASCII may be cut at the end. */
function looksLikeText(bytes: Uint8Array): boolean {
  return bytes.every((b) => b >= 0x80 || (b >= 0x20 && b !== 0x7f) || (b >= 9 && b <= 13)) && isUtf8(bytes);
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}
