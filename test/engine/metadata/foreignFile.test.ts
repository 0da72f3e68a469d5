import { describe, expect, it } from 'vitest';
import type { EngineError } from '../../../src/engine/bytes/engineError';
import { newerVersionWarning, readMetadata, writeMetadata } from '../../../src/engine/metadata/metadataFile';
import { changelogOf114, everythingOf23 } from './flinkWritten';

function errorOf(bytes: Uint8Array): EngineError {
  try {
    readMetadata(bytes, 'some/_metadata');
  } catch (e) {
    return e as EngineError;
  }
  throw new Error('was read');
}

function withVersion(bytes: Uint8Array, version: number): Uint8Array {
  const changed = Uint8Array.from(bytes);
  new DataView(changed.buffer).setInt32(4, version);
  return changed;
}

describe('a file that is no snapshot', () => {
  it.each([
    ['nothing', Buffer.alloc(0), /the file is empty/],
    ['Parquet', Buffer.from('PAR1\x15\x04'), /Parquet/],
    ['Java serialization', Buffer.from([0xac, 0xed, 0, 5, 0x73]), /Java serialization, as Flink 1.0/],
    ['gzip', Buffer.from([0x1f, 0x8b, 8]), /gzip/],
    ['zip', Buffer.from('PK\x03\x04'), /zip archive/],
    ['Zstandard', Buffer.from([0x28, 0xb5, 0x2f, 0xfd]), /Zstandard/],
    ['Git LFS', Buffer.from('version https://git-lfs.github.com/spec/v1\n'), /Git LFS/],
    ['text', Buffer.from('{ "größe": 1 }\n'), /looks like text/],
    ['text whose last character is cut', Buffer.from('größ').subarray(0, 4), /looks like text/],
    ['bytes', Buffer.from([1, 2, 3, 4, 5]), /begins with 01 02 03 04, such metadata with 49 60 67 2d/],
    ['one byte', Buffer.from([0]), /begins with 00,/],
  ])('is told from its first bytes: %s', (_, bytes, message) => {
    const error = errorOf(bytes);
    expect(error).toMatchObject({
      code: 'NOT_A_SNAPSHOT',
      file: 'some/_metadata',
      offset: 0,
      hint: expect.any(String),
    });
    expect(error.message).toMatch(message);
  });
});

describe('versions', () => {
  it('of the past are refused', () => {
    expect(errorOf(withVersion(everythingOf23, 0))).toMatchObject({
      code: 'UNSUPPORTED_VERSION',
      message: expect.stringContaining('Flink 1.1'),
      offset: 4,
    });
    expect(errorOf(withVersion(everythingOf23, -1))).toMatchObject({ code: 'UNSUPPORTED_VERSION' });
  });

  it('of the future are read where the newest layout fits', () => {
    const bytes = withVersion(everythingOf23, 9);
    const metadata = readMetadata(bytes, 'f');
    expect(metadata).toMatchObject({ version: 6, declaredVersion: 9 });
    expect(newerVersionWarning(metadata)).toMatch(/version 9.*newer than 6/);
    expect(writeMetadata(metadata)).toEqual(bytes);
    expect(newerVersionWarning(readMetadata(everythingOf23, 'f'))).toBeNull();
  });

  it('of the future are refused where it does not fit', () => {
    for (const bytes of [changelogOf114, Buffer.concat([everythingOf23, Buffer.from([0])])]) {
      const error = errorOf(withVersion(bytes, 7));
      expect(error).toMatchObject({ code: 'UNSUPPORTED_VERSION', offset: 4, hint: expect.any(String) });
      expect(error.message).toMatch(/version 7.*version 6/);
      expect(error.cause).toMatchObject({ name: 'EngineError' });
    }
  });

  it('of today may end with more than the properties, as Flink reads them', () => {
    const bytes = Buffer.concat([everythingOf23, Buffer.from([0])]);
    expect(writeMetadata(readMetadata(bytes, 'f'))).toEqual(new Uint8Array(bytes));
  });
});
