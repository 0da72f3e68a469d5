import type { Cursor } from '../../bytes/cursor';
import { javaField } from '../../java/javaValue';
import type { Codec } from '../codec';
import type { SerializerInput, TypeFamily } from '../family';
import { badValue, stringFrom } from '../jsonInput';
import { EnumValue, OpaqueValue } from '../values';
import { classNameOf, fieldOf } from './snapshotForms';

/**
 * `EnumSerializer`: `i4` index into the constants, in the order that the snapshot gives them (the writer's, not the class's).
 * No hash: Java's is by identity, and Flink refuses enums as keys.
 */
export function enumCodec(className: string, constants: readonly string[], serializer: string): Codec<EnumValue> {
  const values = constants.map((name, ordinal) => new EnumValue(name, ordinal));
  const byName = new Map(values.map((value) => [value.name, value]));
  return {
    type: { name: 'enum', className, constants, serializer },
    length: 4,
    read: (cursor) => {
      const at = cursor.offset;
      const index = cursor.i32();
      const value = index >= 0 ? values.at(index) : undefined;
      if (value === undefined)
        throw cursor.corrupt(`${className} has ${values.length} constants, none of them number ${index}.`, at);
      return value;
    },
    skip: (cursor) => cursor.skip(4, 'enum'),
    write: (sink, value) => sink.i32(value.ordinal),
    fromJson: (json) => {
      const name = stringFrom(json, `the name of a constant of ${className}`);
      const value = byName.get(name);
      if (value === undefined) throw badValue(`${className} has no constant ${JSON.stringify(name)}.`);
      return value;
    },
  };
}

/** `UTF enum class, i4 n, n x UTF constant`: version 3 (since 1.8), and 2 of the class that preceded it. */
export function readEnumConstants(cursor: Cursor): { className: string; constants: string[] } {
  const className = cursor.utf('enum class');
  const count = cursor.count('enum constants', 2);
  const constants: string[] = [];
  for (let i = 0; i < count; i++) constants.push(cursor.utf('enum constant'));
  return { className, constants };
}

/**
 * The serializer object: `Class enumClass` and, since 1.3, `Enum[] values` in the order of the indexes. Before that only the
 * class itself knows its constants.
 */
function enumOfSerializer(input: SerializerInput): Codec {
  const className = classNameOf(fieldOf(input, 'enumClass'), input.className);
  const values = javaField(input.object, 'values');
  if (typeof values !== 'object' || values === null || values.kind !== 'array' || values.items instanceof Uint8Array)
    return unnamedEnumCodec(className, input.className);
  const constants = values.items.map((item) =>
    typeof item === 'object' && item?.kind === 'enum' ? item.constant : '',
  );
  return enumCodec(className, constants, input.className);
}

function unnamedEnumCodec(className: string, serializer: string): Codec<OpaqueValue> {
  const unreadable = `The constants of ${className} are not named in the snapshot, only numbered.`;
  return {
    type: { name: 'enum', className, serializer, unreadable },
    length: 4,
    read: (cursor) => new OpaqueValue(cursor.take(4, 'enum'), unreadable),
    skip: (cursor) => cursor.skip(4, 'enum'),
    write: (sink, value) => sink.raw(value.bytes),
    fromJson: () => {
      throw badValue(unreadable);
    },
  };
}

const BASE = 'org.apache.flink.api.common.typeutils.base.';

export const enumsFamily: TypeFamily = {
  snapshots: {
    [`${BASE}EnumSerializer$EnumSerializerSnapshot`]: ({ cursor, version, className: snapshotClass }) => {
      if (version !== 2 && version !== 3)
        throw cursor.error('UNSUPPORTED_VERSION', `Version ${version} of an enum's snapshot is not known.`);
      const { className, constants } = readEnumConstants(cursor);
      return enumCodec(className, constants, snapshotClass);
    },
  },
  serializers: { [`${BASE}EnumSerializer`]: enumOfSerializer },
};
