import type { Cursor } from '../../bytes/cursor';
import type { Sink } from '../../bytes/sink';
import type { JsonBytes } from '../../json/jsonBytes';
import type { Json } from '../../json/jsonValue';
import { writeJson } from '../../json/writeJson';
import { type Codec, VARIABLE } from '../codec';
import { badValue, inside, objectFrom } from '../jsonInput';
import { CLOSE_OBJECT, fieldHeads, OPEN_OBJECT, type Printer, printerOf, printOrNull } from '../printer';
import type { TypeInfo } from '../typeInfo';
import { RecordValue } from '../values';
import { fromJsonOrNull, readOrNull, skipOrNull, writeOrNull } from './collections';

/** A field and its serializer, or a subclass and its. */
export interface PojoField {
  readonly name: string;
  readonly codec: Codec;
}

export interface PojoDescription {
  readonly className: string;
  /** In the order of the bytes. */
  readonly fields: readonly PojoField[];
  /** Subclasses that values name by their place in this list. */
  readonly registered: readonly PojoField[];
  /** Subclasses that values name by class. */
  readonly others: readonly PojoField[];
  readonly serializer: string;
}

const IS_NULL = 1;
/** The flags in front of the fields of an instance of the class itself. */
export const NO_SUBCLASS = 2;
const IS_SUBCLASS = 4;
const IS_TAGGED_SUBCLASS = 8;

/**
 * A subclass instance that names its class although the class is registered: written before the registration, and left as it
 * was by a backend that does not rewrite its values.
 */
class RecordByName extends RecordValue {}

/** The one field of a subclass instance that is not a POJO itself. */
const BODY = ['value'];

/**
 * `PojoSerializer` (since 1.0; Java records since 1.19): `i1 flags`: 1 null; 2 an instance of the class itself: for each field
 * `bool isNull` and, unless null, the value; 4 an instance of a subclass: `UTF class`, then what the subclass's serializer
 * writes (a POJO's own flags again); 8 the same with `i1 tag`, the subclass's place among the registered ones.
 */
export function pojoCodec(pojo: PojoDescription): Codec<RecordValue | null> {
  return new PojoCodec(pojo);
}

class PojoCodec implements Codec<RecordValue | null> {
  readonly type: TypeInfo;
  readonly length = VARIABLE;
  /** Of the fields. */
  readonly parts: readonly Codec[];
  readonly plain = 'pojo';
  private readonly names: readonly string[];
  private readonly codecs: readonly Codec[];
  private readonly heads: readonly Uint8Array[];
  private readonly printers: readonly Printer[];
  private readonly subclasses: ReadonlyMap<string, Codec>;

  constructor(private readonly pojo: PojoDescription) {
    this.names = pojo.fields.map((field) => field.name);
    this.codecs = pojo.fields.map((field) => field.codec);
    this.parts = this.codecs;
    this.heads = fieldHeads(this.names);
    this.printers = this.codecs.map(printerOf);
    this.subclasses = new Map([...pojo.others, ...pojo.registered].map(({ name, codec }) => [name, codec]));
    this.type = {
      name: 'pojo',
      className: pojo.className,
      fields: pojo.fields.map(({ name, codec }) => ({ name, type: codec.type })),
      serializer: pojo.serializer,
    };
  }

  read(cursor: Cursor): RecordValue | null {
    const at = cursor.offset;
    const flags = cursor.u8();
    switch (flags) {
      case NO_SUBCLASS: {
        const values: unknown[] = [];
        for (const codec of this.codecs) values.push(readOrNull(cursor, codec));
        return new RecordValue(this.names, values);
      }
      case IS_NULL:
        return null;
      case IS_SUBCLASS: {
        const className = cursor.utf('class of a POJO');
        const { names, values } = this.readBody(cursor, this.subclass(cursor, className));
        return this.tagOf(className) < 0
          ? new RecordValue(names, values, className)
          : new RecordByName(names, values, className);
      }
      case IS_TAGGED_SUBCLASS: {
        const { name, codec } = this.tagged(cursor);
        const { names, values } = this.readBody(cursor, codec);
        return new RecordValue(names, values, name);
      }
      default:
        throw cursor.corrupt(`The flags of a POJO are 1, 2, 4 or 8, found ${flags}.`, at);
    }
  }

  skip(cursor: Cursor): void {
    const at = cursor.offset;
    const flags = cursor.u8();
    if (flags === NO_SUBCLASS) for (const codec of this.codecs) skipOrNull(cursor, codec);
    else if (flags === IS_SUBCLASS) this.subclass(cursor, cursor.utf('class of a POJO')).skip(cursor);
    else if (flags === IS_TAGGED_SUBCLASS) this.tagged(cursor).codec.skip(cursor);
    else if (flags !== IS_NULL) throw cursor.corrupt(`The flags of a POJO are 1, 2, 4 or 8, found ${flags}.`, at);
  }

  write(sink: Sink, value: RecordValue | null): void {
    if (value === null) {
      sink.u8(IS_NULL);
      return;
    }
    const { className } = value;
    if (className === null) {
      sink.u8(NO_SUBCLASS);
      this.codecs.forEach((codec, i) => {
        writeOrNull(sink, codec, value.values[i]);
      });
      return;
    }
    const codec = this.subclasses.get(className);
    if (codec === undefined) throw this.noSubclass(className);
    const tag = value instanceof RecordByName ? -1 : this.tagOf(className);
    if (tag < 0) {
      sink.u8(IS_SUBCLASS);
      sink.utf(className);
    } else {
      sink.u8(IS_TAGGED_SUBCLASS);
      sink.u8(tag);
    }
    codec.write(sink, codec instanceof PojoCodec ? new RecordValue(value.names, value.values) : value.values[0]);
  }

  print(cursor: Cursor, out: JsonBytes): void {
    const flags = cursor.atEnd ? 0 : cursor.bytes[cursor.position];
    if (flags !== NO_SUBCLASS) {
      out.text(writeJson(this.read(cursor)));
      return;
    }
    cursor.position++;
    const { heads, printers } = this;
    if (printers.length === 0) out.byte(OPEN_OBJECT);
    for (let i = 0; i < printers.length; i++) {
      out.raw(heads[i]);
      printOrNull(cursor, out, printers[i]);
    }
    out.byte(CLOSE_OBJECT);
  }

  fromJson(json: Json): RecordValue | null {
    if (json === null) return null;
    const object = objectFrom(json, `a ${this.pojo.className} as an object`);
    const className = object.get('$class');
    if (typeof className === 'string' && className !== this.pojo.className) {
      const codec = this.subclasses.get(className);
      if (codec === undefined) throw this.noSubclass(className);
      const rest = new Map([...object].filter(([name]) => name !== '$class'));
      const body = codec instanceof PojoCodec ? codec.fromJson(rest) : codec.fromJson(rest.get(BODY[0]) ?? null);
      if (body instanceof RecordValue) return new RecordValue(body.names, body.values, className);
      return new RecordValue(BODY, [body], className);
    }
    for (const name of object.keys())
      if (name !== '$class' && !this.names.includes(name))
        throw badValue(`${this.pojo.className} has no field ${JSON.stringify(name)}.`);
    const values = this.codecs.map((codec, i) => {
      const field = object.get(this.names[i]);
      if (field === undefined) throw badValue(`The field ${this.names[i]} of ${this.pojo.className} is missing.`);
      return inside(this.names[i], () => fromJsonOrNull(codec, field));
    });
    return new RecordValue(this.names, values);
  }

  private readBody(cursor: Cursor, codec: Codec): Pick<RecordValue, 'names' | 'values'> {
    const at = cursor.offset;
    const body = codec.read(cursor);
    if (!(codec instanceof PojoCodec)) return { names: BODY, values: [body] };
    if (body instanceof RecordValue && body.className === null) return body;
    throw cursor.corrupt('An instance of a subclass is not one of the class that it names.', at);
  }

  private subclass(cursor: Cursor, className: string): Codec {
    const codec = this.subclasses.get(className);
    if (codec === undefined)
      throw cursor.error('UNREADABLE', `The value is a ${className}, a subclass that the snapshot does not describe.`);
    return codec;
  }

  private tagged(cursor: Cursor): PojoField {
    const at = cursor.offset;
    const tag = cursor.u8();
    const subclass = this.pojo.registered.at(tag);
    if (subclass === undefined)
      throw cursor.corrupt(`${this.pojo.registered.length} subclasses are registered, none of them number ${tag}.`, at);
    return subclass;
  }

  private tagOf(className: string): number {
    return this.pojo.registered.findIndex((subclass) => subclass.name === className);
  }

  private noSubclass(className: string): Error {
    return badValue(`${className} is not a subclass of ${this.pojo.className} that the snapshot describes.`);
  }
}
