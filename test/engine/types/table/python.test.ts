import { expect, test } from 'vitest';
import { Cursor } from '../../../../src/engine/bytes/cursor';
import { checkLaws, checkPrefixes } from '../codecLaws';
import { codecOf, versioned } from '../snapshotBytes';

const CLASS = 'org.apache.flink.streaming.api.utils.ByteArrayWrapperSerializer';

test('keys of a Python job', () => {
  const codec = codecOf(versioned(`${CLASS}$ByteArrayWrapperSerializerSnapshot`, 3));
  const bytes = new Uint8Array([0, 0, 0, 3, 1, 0x80, 7]);
  expect(codec.read(new Cursor(bytes))).toEqual(new Uint8Array([1, 0x80, 7]));
  // ByteArrayWrapper.hashCode: ((1 * 31 + 7) * 31 - 128) * 31 + 1.
  expect(codec.hash?.(codec.read(new Cursor(bytes)))).toBe(((31 + 7) * 31 - 128) * 31 + 1);
  checkLaws(codec, bytes);
  checkPrefixes(codec, bytes);
});
