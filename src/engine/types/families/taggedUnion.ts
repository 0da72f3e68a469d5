import type { Cursor } from '../../bytes/cursor';
import type { Sink } from '../../bytes/sink';
import type { Json } from '../../json/jsonValue';
import { type Codec, VARIABLE } from '../codec';
import { badValue, inside, objectFrom } from '../jsonInput';
import { RecordValue } from '../values';
import { codecOf, type Part } from './fields';

const NAMES = ['one', 'two'] as const;

/** Knows its input, which the two values do not tell where both are null. */
class TaggedUnionValue extends RecordValue {
  constructor(
    readonly tag: 1 | 2,
    readonly value: unknown,
  ) {
    super(NAMES, tag === 1 ? [value, null] : [null, value]);
  }
}

/** `CoGroupedStreams.UnionSerializer`: `i1` 1 or 2, then the value of that input. */
class TaggedUnionPart implements Part<TaggedUnionValue> {
  readonly length = VARIABLE;

  constructor(private readonly inputs: readonly Codec[]) {}

  read(cursor: Cursor): TaggedUnionValue {
    const tag = this.tag(cursor);
    return new TaggedUnionValue(tag, this.inputs[tag - 1].read(cursor));
  }

  skip(cursor: Cursor): void {
    this.inputs[this.tag(cursor) - 1].skip(cursor);
  }

  write(sink: Sink, { tag, value }: TaggedUnionValue): void {
    sink.u8(tag);
    this.inputs[tag - 1].write(sink, value);
  }

  fromJson(json: Json): TaggedUnionValue {
    const object = objectFrom(json, 'a tagged union');
    const one = object.get('one') ?? null;
    const two = object.get('two') ?? null;
    if (one !== null && two !== null)
      throw badValue('A tagged union has either `one` or `two`, and null for the other.');
    // TaggedUnion.isOne(): a null is always input two.
    if (one === null)
      return new TaggedUnionValue(
        2,
        inside('two', () => this.inputs[1].fromJson(two)),
      );
    return new TaggedUnionValue(
      1,
      inside('one', () => this.inputs[0].fromJson(one)),
    );
  }

  private tag(cursor: Cursor): 1 | 2 {
    const tag = cursor.u8();
    // Flink reads any tag but 1 as 2; no writer produces another.
    if (tag !== 1 && tag !== 2) throw cursor.corrupt(`A tagged union has tag 1 or 2, found ${tag}.`, cursor.offset - 1);
    return tag;
  }
}

export function taggedUnion([one, two]: Codec[], serializer: string): Codec {
  return codecOf({ name: 'union', arguments: [one.type, two.type], serializer }, new TaggedUnionPart([one, two]));
}
