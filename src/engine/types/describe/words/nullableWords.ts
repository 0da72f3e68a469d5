import { EngineError } from '../../../bytes/engineError';
import type { DescribedType } from '../describedType';
import { codecOfSnapshot } from '../snapshotCodec';
import type { SnapshotOutput } from '../snapshotOutput';
import { argumentOf, JAVA, type TypeWord } from './word';

/** `NullableSerializer`, composite, outer version 2: `i4` how many zeros stand in the place of a null. */
export function writeNullable(inner: DescribedType, padding: number, out: SnapshotOutput): void {
  out.composite(`${JAVA}NullableSerializer$NullableSerializerSnapshot`, 2, [inner], (sink) => sink.i32(padding));
}

/** Bytes of every value of a type of a fixed length. */
function lengthOf(type: DescribedType, out: SnapshotOutput): number {
  const { length } = codecOfSnapshot(out.framed(type), out.line);
  if (length <= 0) throw new EngineError('BAD_ARGUMENT', 'padded<…> takes a type whose values are all of one length.');
  return length;
}

/** Prints like `long?`, of which it is the rarer form: SQL's runtime alone asks for it. */
export const paddedWord: TypeWord = {
  name: 'padded',
  about: 'a type of fixed length that takes null, which is as long as a value (NullableSerializer with padding)',
  example: 'padded<long>',
  shape: { arguments: [1, 1] },
  write: (type, out) => writeNullable(argumentOf(type, 0), lengthOf(argumentOf(type, 0), out), out),
  javaClass: () => 'java.lang.Object',
};
