import type { Cursor } from '../../bytes/cursor';
import type { Sink } from '../../bytes/sink';
import type { Json } from '../../json/jsonValue';
import { type Codec, VARIABLE } from '../codec';
import { badValue, inside, objectFrom } from '../jsonInput';
import { RecordValue } from '../values';
import { codecOf, type Part } from './fields';

const NAMES = ['one', 'two'] as const;

/** `CoGroupedStreams.UnionSerializer`: `i1` 1 or 2, then the value of that input. */
class TaggedUnionPart implements Part<RecordValue> {
  readonly length = VARIABLE;

  constructor(private readonly inputs: readonly Codec[]) {}

  read(cursor: Cursor): RecordValue {
    const tag = this.tag(cursor);
    const value = this.inputs[tag - 1].read(cursor);
    return new RecordValue(NAMES, tag === 1 ? [value, null] : [null, value]);
  }

  skip(cursor: Cursor): void {
    this.inputs[this.tag(cursor) - 1].skip(cursor);
  }

  write(sink: Sink, value: RecordValue): void {
    // TaggedUnion.isOne(): a null is always input two.
    const tag = value.values[0] !== null ? 1 : 2;
    sink.u8(tag);
    this.inputs[tag - 1].write(sink, value.values[tag - 1]);
  }

  fromJson(json: Json): RecordValue {
    const object = objectFrom(json, 'a tagged union');
    const one = object.get('one') ?? null;
    const two = object.get('two') ?? null;
    if (one !== null && two !== null)
      throw badValue('A tagged union has either `one` or `two`, and null for the other.');
    if (one !== null) return new RecordValue(NAMES, [inside('one', () => this.inputs[0].fromJson(one)), null]);
    return new RecordValue(NAMES, [null, inside('two', () => this.inputs[1].fromJson(two))]);
  }

  private tag(cursor: Cursor): number {
    const tag = cursor.u8();
    // Flink reads any tag but 1 as 2; no writer produces another.
    if (tag !== 1 && tag !== 2) throw cursor.corrupt(`A tagged union has tag 1 or 2, found ${tag}.`, cursor.offset - 1);
    return tag;
  }
}

export function taggedUnion([one, two]: Codec[], serializer: string): Codec {
  return codecOf({ name: 'union', arguments: [one.type, two.type], serializer }, new TaggedUnionPart([one, two]));
}
