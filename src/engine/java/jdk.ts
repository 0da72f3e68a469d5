import { Cursor } from '../bytes/cursor';
import { EngineError } from '../bytes/engineError';
import {
  BigIntegerValue,
  DecimalValue,
  EnumValue,
  InstantValue,
  MapValue,
  OpaqueValue,
  RecordValue,
  SetValue,
} from '../types/values';
import { type JavaObject, type JavaValue, javaField } from './javaValue';
import { dataOf, listItems, mapEntries, setItems } from './jdkCollections';
import { javaTimeValue } from './jdkTime';

/** Objects that are shared by many are converted once for each; this bounds what a small hostile stream can unfold to. */
const MAX_VALUES = 1_000_000;
/** Depth of objects in objects that is followed. */
const MAX_NESTING = 200;

/**
 * An object of a Java stream as a value: well-known classes of the JDK, of Scala's basics and Flink's tuples as what they
 * stand for, any other class as its fields by name, its own before those of its superclasses. An object that contains itself is
 * an `OpaqueValue` at the place where it does.
 */
export function toValue(value: JavaValue): unknown {
  return new Conversion().value(value);
}

/** The text of a String; null for anything else. */
export function javaString(value: JavaValue | undefined): string | null {
  return typeof value === 'string' ? value : null;
}

/** Name of the class that a `Class` object stands for; null for anything else. */
export function javaClassName(value: JavaValue | undefined): string | null {
  return typeof value === 'object' && value !== null && value.kind === 'class' ? value.description.name : null;
}

/** Constant of an enum; null for anything else. */
export function javaEnumConstant(value: JavaValue | undefined): string | null {
  return typeof value === 'object' && value !== null && value.kind === 'enum' ? value.constant : null;
}

class Conversion {
  private left = MAX_VALUES;
  private readonly open = new Set<JavaValue>();

  value(value: JavaValue): unknown {
    if (value === null || typeof value !== 'object') return value;
    if (--this.left < 0 || this.open.size > MAX_NESTING)
      throw new EngineError('LIMIT', 'A Java object unfolds to more values than the engine follows.');
    if (value.kind === 'class') return new RecordValue(['name'], [value.description.name], 'java.lang.Class');
    // The stream names an enum constant and does not number it.
    if (value.kind === 'enum') return new EnumValue(value.constant, -1);
    if (this.open.has(value))
      return new OpaqueValue(new Uint8Array(0), `Leads back to the ${value.className} that contains it.`);
    this.open.add(value);
    try {
      if (value.kind === 'object') return this.object(value);
      return value.items instanceof Uint8Array ? value.items : value.items.map((item) => this.value(item));
    } finally {
      this.open.delete(value);
    }
  }

  private object(object: JavaObject): unknown {
    const known = this.scalar(object) ?? this.collection(object) ?? this.product(object);
    if (known !== undefined) return known.value;
    const names: string[] = [];
    const values: unknown[] = [];
    for (const data of object.classData.toReversed()) {
      for (const [name, value] of data.fields) {
        names.push(names.includes(name) ? `${data.description.name}.${name}` : name);
        values.push(this.value(value));
      }
      this.annotations(data.annotations, names, values);
    }
    return new RecordValue(names, values, object.className);
  }

  /** What a class of unknown form wrote beside its fields: shown, though nobody can say what it means. */
  private annotations(written: readonly (JavaValue | Uint8Array)[], names: string[], values: unknown[]): void {
    if (written.length === 0) return;
    names.push('$written');
    values.push(written.map((part) => (part instanceof Uint8Array ? part : this.value(part))));
  }

  private collection(object: JavaObject): { value: unknown } | undefined {
    const list = listItems(object);
    if (list !== null) return { value: list.map((item) => this.value(item)) };
    const map = object.className === 'java.util.Collections$SetFromMap' ? null : mapEntries(object);
    if (map !== null) {
      const entries = map.map(([k, v]) => [this.value(k), this.value(v)] as const);
      const stringsAreNames = entries.every(([k], i) => typeof k !== 'string' || typeof map[i][0] === 'string');
      return { value: new MapValue(entries, stringsAreNames) };
    }
    const set = setItems(object);
    if (set !== null) return { value: new SetValue(set.map((item) => this.value(item))) };
    return undefined;
  }

  /** Tuples of Flink and Scala, and Scala's Option. */
  private product(object: JavaObject): { value: unknown } | undefined {
    if (object.className === 'scala.None$') return { value: null };
    if (object.className === 'scala.Some') {
      const inner = javaField(object, 'x') ?? javaField(object, 'value');
      return inner === undefined ? undefined : { value: this.value(inner) };
    }
    const tuple = /^(?:org\.apache\.flink\.api\.java\.tuple|scala)\.Tuple(\d+)(?:\$mc[A-Z]+\$sp)?$/.exec(
      object.className,
    );
    if (tuple === null) return undefined;
    const flink = object.className.startsWith('org.');
    const items: unknown[] = [];
    for (let i = 0; i < Number(tuple[1]); i++) {
      const item = flink ? javaField(object, `f${i}`) : scalaTupleField(object, `_${i + 1}`);
      if (item === undefined) return undefined;
      items.push(this.value(item));
    }
    return { value: items };
  }

  private scalar(object: JavaObject): { value: unknown } | undefined {
    const value = scalarValue(object);
    return value === undefined ? undefined : { value };
  }
}

/** A specialised tuple (`Tuple2$mcII$sp`) keeps its values in fields of another name; the plain ones are null. */
function scalaTupleField(object: JavaObject, name: string): JavaValue | undefined {
  const plain = javaField(object, name);
  if (plain !== null && plain !== undefined) return plain;
  for (const data of object.classData) {
    for (const [field, value] of data.fields) if (field.startsWith(`${name}$mc`)) return value;
  }
  return plain;
}

function scalarValue(object: JavaObject): unknown {
  switch (object.className) {
    case 'java.lang.Boolean':
    case 'java.lang.Character':
    case 'java.lang.Byte':
    case 'java.lang.Short':
    case 'java.lang.Integer':
    case 'java.lang.Long':
    case 'java.lang.Float':
    case 'java.lang.Double':
      return javaField(object, 'value');
    case 'java.math.BigInteger': {
      const integer = bigInteger(object);
      return integer === undefined ? undefined : new BigIntegerValue(integer);
    }
    case 'java.math.BigDecimal': {
      const unscaled = javaField(object, 'intVal');
      const scale = javaField(object, 'scale');
      if (typeof scale !== 'number' || typeof unscaled !== 'object' || unscaled?.kind !== 'object') return undefined;
      const integer = bigInteger(unscaled);
      return integer === undefined ? undefined : new DecimalValue(integer, scale);
    }
    case 'java.util.UUID':
      return uuid(object);
    case 'java.net.URI':
      return javaString(javaField(object, 'string')) ?? undefined;
    case 'java.util.Date':
    case 'java.sql.Date':
    case 'java.sql.Time':
    case 'java.sql.Timestamp':
      return instant(object);
    case 'java.time.Ser': {
      const block = object.classData[0]?.annotations[0];
      return block instanceof Uint8Array ? javaTimeValue(block) : undefined;
    }
    default:
      return undefined;
  }
}

/** Sign, and magnitude as big-endian bytes. */
function bigInteger(object: JavaObject): bigint | undefined {
  const signum = javaField(object, 'signum');
  const magnitude = javaField(object, 'magnitude');
  if (typeof signum !== 'number' || typeof magnitude !== 'object' || magnitude?.kind !== 'array') return undefined;
  if (!(magnitude.items instanceof Uint8Array)) return undefined;
  const hex = Array.from(magnitude.items, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return BigInt(signum) * (hex === '' ? 0n : BigInt(`0x${hex}`));
}

function uuid(object: JavaObject): string | undefined {
  const halves = [javaField(object, 'mostSigBits'), javaField(object, 'leastSigBits')];
  if (!halves.every((half) => typeof half === 'bigint')) return undefined;
  const hex = halves.map((half) => BigInt.asUintN(64, half).toString(16).padStart(16, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** `java.util.Date` writes its milliseconds as block data; a Timestamp has its nanoseconds in a field, and whole seconds there. */
function instant(object: JavaObject): InstantValue | undefined {
  const block = dataOf(object, 'java.util.Date')?.annotations[0];
  if (!(block instanceof Uint8Array) || block.length !== 8) return undefined;
  const millis = new Cursor(block).i64();
  const seconds = BigInt.asIntN(64, millis - (((millis % 1000n) + 1000n) % 1000n)) / 1000n;
  const nanos = javaField(object, 'nanos');
  return new InstantValue(seconds, typeof nanos === 'number' ? nanos : Number(millis - seconds * 1000n) * 1_000_000);
}
