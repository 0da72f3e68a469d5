import { describe, expect, it } from 'vitest';
import { localPathOf, parseFlinkPath, segmentsOf } from '../../../src/engine/metadata/flinkPath';

/* Parts are those of org.apache.flink.core.fs.Path of Flink 2.3.0. */

describe('a path in metadata', () => {
  it.each([
    ['file:/a/b', 'file', null, '/a/b'],
    ['file:///a//b/', 'file', null, '/a/b'],
    ['/a/./b/../c', null, null, '/a/c'],
    ['s3://bucket/x y/%20z', 's3', 'bucket', '/x y/%20z'],
    ['C:\\d\\e', null, null, '/C:/d/e'],
    ['hdfs://nn:8020/x', 'hdfs', 'nn:8020', '/x'],
    ['a/b', null, null, 'a/b'],
    ['../x', null, null, '../x'],
    ['/../x', null, null, '/../x'],
    ['file:/C:/x', 'file', null, '/C:/x'],
    ['//auth/x', null, 'auth', '/x'],
  ])('is taken apart as Flink does: %s', (text, scheme, authority, path) => {
    expect(parseFlinkPath(text)).toEqual({ scheme, authority, path });
  });

  it('is local without a scheme or with that of files', () => {
    expect(localPathOf(parseFlinkPath('file:///a/b'))).toBe('/a/b');
    expect(localPathOf(parseFlinkPath('/a/b'))).toBe('/a/b');
    expect(localPathOf(parseFlinkPath('file:/C:/x'))).toBe('C:/x');
    expect(localPathOf(parseFlinkPath('s3a://bucket/a'))).toBeNull();
  });

  it('has names', () => {
    expect(segmentsOf(parseFlinkPath('hdfs://nn/a/b'))).toEqual(['a', 'b']);
    expect(segmentsOf(parseFlinkPath(''))).toEqual([]);
  });
});
