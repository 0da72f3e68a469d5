import { EngineError } from '../../bytes/engineError';
import type { ByteSource } from '../../storage/byteSource';
import { byteBlocks, expectUtf8 } from './byteBlocks';
import { CsvFields, type CsvMarks } from './csvFields';
import type { DataShare } from './dataSource';
import { LONGEST_ROW } from './textBlocks';

/**
 * The records of a file or a share of it, some at a time, which are good until the next are asked for; a byte order mark is left
 * out. `BAD_VALUE` at bytes that are not UTF-8.
 */
export async function* csvRecords(
  source: ByteSource,
  marks: CsvMarks,
  signal?: AbortSignal,
  { from, to }: DataShare = { from: 0, to: source.size },
  block?: number,
): AsyncGenerator<CsvFields> {
  const records = new CsvFields(source.name, marks);
  let rest: Uint8Array = new Uint8Array(0);
  let line = 1;
  for await (const { bytes, start, end, at, isLast } of byteBlocks(source, from, to, () => rest, signal, block)) {
    const next = records.split(bytes, start, end, isLast);
    if (!records.isAscii) expectUtf8(bytes.subarray(start, next), source.name, line, at);
    line = records.line;
    if (records.count > 0) yield records;
    rest = bytes.subarray(next, end);
    if (rest.length <= LONGEST_ROW) continue;
    throw new EngineError('LIMIT', `A row is longer than ${LONGEST_ROW} bytes.`, {
      file: source.name,
      where: `line ${line}`,
      hint: `Perhaps a ${marks.quote} is not closed.`,
    });
  }
}
