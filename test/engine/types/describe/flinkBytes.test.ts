import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { FlinkLine } from '../../../../src/engine/types/describe/flinkLine';
import { newSerializer } from '../../../../src/engine/types/describe/newSerializer';
import { parseTypeText, printType } from '../../../../src/engine/types/describe/typeText';

/** Lines `type TAB snapshot` that Flink wrote: see DescribedSamples.java beside this file. */
function samples(file: string): [type: string, snapshot: string][] {
  const lines = readFileSync(join(import.meta.dirname, file), 'utf8')
    .trim()
    .split('\n');
  return lines.map((line) => {
    const [type, snapshot] = line.split('\t');
    return [type, snapshot];
  });
}

const hexOf = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

describe.each<[release: string, file: string, line: FlinkLine]>([
  ['1.20', 'samples-1.20.txt', '1.16'],
  ['2.3', 'samples-2.3.txt', '2.1'],
])('snapshots of the serializers that a job on Flink %s has', (_release, file, line) => {
  it.each(samples(file))('%s', (text, snapshot) => {
    const type = parseTypeText(text);
    expect(hexOf(newSerializer(type, line).snapshot)).toBe(snapshot);
    expect(hexOf(newSerializer(parseTypeText(printType(type)), line).snapshot)).toBe(snapshot);
  });
});
