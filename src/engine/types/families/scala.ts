import type { Cursor } from '../../bytes/cursor';
import type { Sink } from '../../bytes/sink';
import type { JavaValue } from '../../java/javaValue';
import type { Json } from '../../json/jsonValue';
import { type Codec, VARIABLE } from '../codec';
import type { SerializerInput, TypeFamily } from '../family';
import { arrayFrom, badValue, inside, objectFrom } from '../jsonInput';
import { OpaqueCodec } from '../opaque';
import type { TypeInfo } from '../typeInfo';
import { AlternativeValue } from '../values';
import { codecOf, listOf, optional, type Part } from './fields';
import { scalaEnumSerializer, scalaEnumSnapshot } from './scalaEnum';
import { scalaTupleHash } from './scalaHash';
import { composite, compositeWith, fieldOf, serializerWith, serializerWithArray, simple } from './snapshotForms';

/**
 * Serializers of Flink's Scala API (`org.apache.flink.api.scala.typeutils`, up to 1.20) and of the Scala part of the Table API
 * (`org.apache.flink.table.api.typeutils`, 2.0 and later): the same classes.
 */

/** `CaseClassSerializer`: the fields one behind the other, as an array, since no snapshot has their names. */
function caseClass(fields: Codec[], className: string, serializer: string): Codec<unknown[]> {
  // TupleSerializerBase.getLength(): a field of length 0 makes the whole one variable.
  const length = fields.some((field) => field.length <= 0) ? VARIABLE : fields.reduce((sum, f) => sum + f.length, 0);
  const hash = scalaTupleHash(className, fields);
  return {
    type: { name: 'case-class', className, arguments: fields.map((field) => field.type), serializer },
    length,
    parts: fields,
    read: (cursor) => cursor.nested(() => fields.map((field) => field.read(cursor))),
    skip: (cursor) =>
      cursor.nested(() => {
        for (const field of fields) field.skip(cursor);
      }),
    write(sink, value) {
      fields.forEach((field, i) => {
        field.write(sink, value[i]);
      });
    },
    fromJson(json) {
      const given = arrayFrom(json, 'a case class');
      if (given.length !== fields.length)
        throw badValue(`${className} has ${fields.length} fields, not ${given.length}.`);
      return fields.map((field, i) => inside(`[${i}]`, () => field.fromJson(given[i])));
    },
    ...(hash !== null && { hash }),
  };
}

/** `OptionSerializer`: `boolean`, then the value if that is 1. */
function option([element]: Codec[], serializer: string): Codec {
  const type: TypeInfo = { name: 'option', arguments: [element.type], nullable: true, serializer };
  return codecOf(type, optional(element, 'option'));
}

/** One of two alternatives: `boolean`, 1 for the first, then the value. */
class AlternativePart implements Part<AlternativeValue> {
  readonly length = VARIABLE;

  constructor(
    private readonly names: readonly [AlternativeValue['name'], AlternativeValue['name']],
    private readonly codecs: readonly Codec[],
  ) {}

  read(cursor: Cursor): AlternativeValue {
    const i = this.index(cursor);
    return new AlternativeValue(
      this.names[i],
      cursor.nested(() => this.codecs[i].read(cursor)),
    );
  }

  skip(cursor: Cursor): void {
    const i = this.index(cursor);
    cursor.nested(() => this.codecs[i].skip(cursor));
  }

  write(sink: Sink, value: AlternativeValue): void {
    const i = value.name === this.names[0] ? 0 : 1;
    sink.bool(i === 0);
    this.codecs[i].write(sink, value.value);
  }

  fromJson(json: Json): AlternativeValue {
    const entries = [...objectFrom(json)];
    const [tag, inner] = entries.length === 1 ? entries[0] : [null, null];
    const i = tag === this.names[0] ? 0 : 1;
    if (tag !== this.names[i]) throw badValue(`The value is an object with one field, ${this.names.join(' or ')}.`);
    const name = this.names[i];
    return new AlternativeValue(
      name,
      inside(name, () => this.codecs[i].fromJson(inner)),
    );
  }

  private index(cursor: Cursor): 0 | 1 {
    return cursor.bool(this.names.join(' or ')) ? 0 : 1;
  }
}

/** `EitherSerializer`: `boolean`, 1 for left. */
function either(nested: Codec[], serializer: string): Codec {
  const type = { name: 'either', arguments: nested.map((codec) => codec.type), serializer };
  return codecOf(type, new AlternativePart(['left', 'right'], nested));
}

/** `TrySerializer`: `boolean`, 1 for success; a failure is a Throwable in Kryo's form. */
function tryOf(nested: Codec[], serializer: string): Codec {
  const type = { name: 'try', arguments: [nested[0].type], serializer };
  return codecOf(type, new AlternativePart(['success', 'failure'], nested));
}

/** `TraversableSerializer`: `i4 n`, each element with a `boolean` in front, 0 for null. Maps are collections of pairs. */
function traversable([element]: Codec[], serializer: string): Codec {
  const type = { name: 'traversable', arguments: [element.type], serializer };
  return codecOf(type, listOf(optional(element, 'element'), 'elements'));
}

/** `UnitSerializer`: one byte 0. */
const unit = (serializer: string): Codec<null> => ({
  type: { name: 'unit', serializer },
  length: 1,
  read(cursor) {
    readUnit(cursor);
    return null;
  },
  skip: readUnit,
  write: (sink) => sink.u8(0),
  fromJson(json) {
    if (json !== null) throw badValue('The only value of Unit is null.');
    return null;
  },
});

function readUnit(cursor: Cursor): void {
  const value = cursor.u8();
  if (value !== 0) throw cursor.corrupt(`Unit is one byte 0, found ${value}.`, cursor.offset - 1);
}

/** `NothingSerializer`: there are no values. */
const nothing = (serializer: string): Codec =>
  new OpaqueCodec({ name: 'nothing', serializer, unreadable: "Scala's Nothing has no values." });

const readClassName = (_version: number, cursor: Cursor): string => cursor.utf('class name');

/** The collection's builder, as Scala source text: what it builds makes no difference to the bytes. */
function readBuilder(_version: number, cursor: Cursor): void {
  cursor.utf('builder of a collection');
}

/** `TrySerializer` up to 1.6 keeps its second serializer in a field of its own. */
const TRY_FIELDS = ['elemSerializer', 'throwableSerializer'];

/** Class of a case class serializer: a `java.lang.Class` in the field of TupleSerializerBase. */
function tupleClass(input: SerializerInput): string {
  const value: JavaValue = fieldOf(input, 'tupleClass');
  return value !== null && typeof value === 'object' && value.kind === 'class' ? value.description.name : '?';
}

const TYPEUTILS = 'org.apache.flink.api.scala.typeutils.';

export const scala: TypeFamily = {
  snapshots: {
    [`${TYPEUTILS}ScalaCaseClassSerializerSnapshot`]: compositeWith(2, null, readClassName, caseClass),
    [`${TYPEUTILS}Tuple2CaseClassSerializerSnapshot`]: compositeWith(2, 2, readClassName, caseClass),
    [`${TYPEUTILS}ScalaOptionSerializerSnapshot`]: composite(1, 2, option),
    [`${TYPEUTILS}ScalaEitherSerializerSnapshot`]: composite(2, 1, either),
    [`${TYPEUTILS}ScalaTrySerializerSnapshot`]: composite(2, 2, tryOf),
    [`${TYPEUTILS}TraversableSerializerSnapshot`]: compositeWith(2, 1, readBuilder, (nested, _builder, name) =>
      traversable(nested, name),
    ),
    [`${TYPEUTILS}ScalaEnumSerializerSnapshot`]: scalaEnumSnapshot,
    [`${TYPEUTILS}UnitSerializer$UnitSerializerSnapshot`]: simple(unit),
    [`${TYPEUTILS}NothingSerializerSnapshot`]: simple(nothing),
  },
  serializers: {
    // Up to 1.7 the macro makes a subclass of CaseClassSerializer or TraversableSerializer for each type.
    [`${TYPEUTILS}CaseClassSerializer`]: serializerWithArray('fieldSerializers', null, (nested, input) =>
      caseClass(nested, tupleClass(input), input.className),
    ),
    [`${TYPEUTILS}OptionSerializer`]: serializerWith(['elemSerializer'], option),
    [`${TYPEUTILS}EitherSerializer`]: serializerWith(['leftSerializer', 'rightSerializer'], either),
    [`${TYPEUTILS}TrySerializer`]: serializerWith(TRY_FIELDS, tryOf),
    [`${TYPEUTILS}TraversableSerializer`]: serializerWith(['elementSerializer'], traversable),
    [`${TYPEUTILS}EnumValueSerializer`]: scalaEnumSerializer,
    [`${TYPEUTILS}UnitSerializer`]: (input) => unit(input.className),
    [`${TYPEUTILS}NothingSerializer`]: (input) => nothing(input.className),
  },
};
