import type { Cursor } from '../../bytes/cursor';
import type { Sink } from '../../bytes/sink';
import type { Json } from '../../json/jsonValue';
import { type Codec, VARIABLE } from '../codec';
import { badValue, objectFrom } from '../jsonInput';
import type { RecordValue } from '../values';
import { booleanShape, intShape, longShape } from './basic';
import { codecOf, type Part, RecordPart } from './fields';

/**
 * `StreamElementSerializer`: one byte that says what follows.
 *
 * | tag | element | then |
 * | --- | --- | --- |
 * | 0 | record with timestamp | `i8` milliseconds, value |
 * | 1 | record without timestamp | value |
 * | 2 | watermark | `i8` milliseconds |
 * | 3 | latency marker | `i8` marked time, `i8` lower and `i8` upper half of the operator id, `i4` subtask |
 * | 4 | watermark status (stream status before 1.14) | `i4` 0 active, -1 idle |
 * | 5 | record attributes (1.19) | `boolean` backlog |
 * | 6 | internal watermark (1.19) | `i4` subpartition, `i8` milliseconds |
 *
 * The numbering and the latency marker are those of 1.3 and later; of 1.2 only tags 0 to 2 are the same.
 */
const CONTROL_ELEMENTS: readonly Part<RecordValue>[] = [
  new RecordPart('watermark', [{ name: 'watermark', part: longShape }]),
  new RecordPart('latency marker', [
    { name: 'markedTime', part: longShape },
    { name: 'operatorIdLower', part: longShape },
    { name: 'operatorIdUpper', part: longShape },
    { name: 'subtaskIndex', part: intShape },
  ]),
  new RecordPart('watermark status', [{ name: 'watermarkStatus', part: intShape }]),
  new RecordPart('record attributes', [{ name: 'backlog', part: booleanShape }]),
  new RecordPart(
    'internal watermark',
    [
      { name: 'subpartitionIndex', part: intShape },
      { name: 'watermark', part: longShape },
    ],
    ['watermark', 'subpartitionIndex'],
  ),
];

/** A field that tells an element's tag; the first that it has counts. Records are told by `value`. */
const TELLING_FIELDS: readonly (readonly [field: string, tag: number])[] = [
  ['markedTime', 3],
  ['watermarkStatus', 4],
  ['backlog', 5],
  ['subpartitionIndex', 6],
  ['watermark', 2],
];
const FIRST_CONTROL_TAG = 2;
const LAST_TAG = FIRST_CONTROL_TAG + CONTROL_ELEMENTS.length - 1;

class StreamElementPart implements Part<RecordValue> {
  readonly length = VARIABLE;
  private readonly records: readonly Part<RecordValue>[];

  constructor(value: Codec) {
    this.records = [
      new RecordPart('stream record', [
        { name: 'timestamp', part: longShape },
        { name: 'value', part: value },
      ]),
      new RecordPart('stream record', [{ name: 'value', part: value }]),
    ];
  }

  read(cursor: Cursor): RecordValue {
    return this.byTag(cursor).read(cursor);
  }

  skip(cursor: Cursor): void {
    this.byTag(cursor).skip(cursor);
  }

  write(sink: Sink, value: RecordValue): void {
    const tag = this.tagOf(value.names);
    sink.u8(tag);
    this.known(tag).write(sink, value);
  }

  fromJson(json: Json): RecordValue {
    const names = [...objectFrom(json, 'a stream element').keys()];
    return this.known(this.tagOf(names)).fromJson(json);
  }

  private byTag(cursor: Cursor): Part<RecordValue> {
    const tag = cursor.u8();
    if (tag > LAST_TAG) throw cursor.corrupt(`Stream elements have tags 0 to 6, found ${tag}.`, cursor.offset - 1);
    return this.known(tag);
  }

  private known(tag: number): Part<RecordValue> {
    return tag < FIRST_CONTROL_TAG ? this.records[tag] : CONTROL_ELEMENTS[tag - FIRST_CONTROL_TAG];
  }

  private tagOf(names: readonly string[]): number {
    if (names.includes('value')) return names.includes('timestamp') ? 0 : 1;
    const telling = TELLING_FIELDS.find(([field]) => names.includes(field));
    if (telling === undefined) throw badValue('A stream element is a record or a watermark.');
    return telling[1];
  }
}

export function streamElement([value]: Codec[], serializer: string): Codec {
  return codecOf({ name: 'stream-record', arguments: [value.type], serializer }, new StreamElementPart(value));
}
