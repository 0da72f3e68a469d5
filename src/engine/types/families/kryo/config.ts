import type { Cursor } from '../../../bytes/cursor';
import type { JavaValue } from '../../../java/javaValue';
import { readJavaObject } from '../../../java/objectStream';
import {
  CHILL_IDS,
  FIRST_CHILL_ID,
  FIRST_SCALA_ID,
  FIRST_USER_ID,
  PRIMITIVE_IDS,
  primitiveCount,
  registeredName,
  SCALA_IDS,
} from './classIds';
import type { Dialect } from './input';

/** A class that the job registered, in the order of its snapshot. */
export interface Registration {
  readonly className: string;
  /** Class of the Kryo serializer that was registered with it; null for Kryo's choice. */
  readonly serializer: string | null;
}

/** What a serializer snapshot says of its Kryo. */
export interface KryoConfig {
  readonly dialect: Dialect;
  /** The class that the field or state was declared with. */
  readonly typeClass: string;
  readonly registrations: readonly Registration[];
  /** Default serializers of the job: for a class and all its subclasses, unless they are registered. */
  readonly defaults: readonly { readonly className: string; readonly serializer: string }[];
}

/** `LinkedOptionalMapSerializer.HEADER`. */
const OPTIONAL_MAP_HEADER = 0x000004f2c69a3d70n;

/**
 * `LinkedOptionalMapSerializer` (since 1.8): `i8` header, `i4 n`, n x (`UTF` name, `boolean` and framed key, `boolean` and framed
 * value); a frame is `i4 length` and as many bytes. Key and value are missing where their class was, when the map was written.
 */
function readOptionalMap(cursor: Cursor, entry: (name: string, value: Cursor | null) => void): void {
  const at = cursor.offset;
  const header = cursor.i64();
  if (header !== OPTIONAL_MAP_HEADER)
    throw cursor.corrupt(`A map of registrations starts with ${OPTIONAL_MAP_HEADER}, found ${header}.`, at);
  const n = cursor.count('registrations', 4);
  for (let i = 0; i < n; i++) {
    const name = cursor.utf('name of a registration');
    if (cursor.bool('flag of a key')) cursor.bytes4('key of a registration');
    const hasValue = cursor.bool('flag of a value');
    entry(name, hasValue ? cursor.frame(frameLength(cursor), 'registration') : null);
  }
}

function frameLength(cursor: Cursor): number {
  const length = cursor.i32();
  if (length < 0) throw cursor.corrupt(`Length of a registration is negative: ${length}.`, cursor.offset - 4);
  return length;
}

/**
 * The payload of `KryoSerializerSnapshot`, version 2 (since 1.8): `UTF` class, then three optional maps: registrations (`UTF`
 * class, `i4` 0 without serializer, 1 and `UTF` its class, 2 and the serializer in Java serialization); default serializers
 * (Java serialization); default serializer classes (`UTF`).
 */
export function readSnapshotConfig(cursor: Cursor, dialect: Dialect): KryoConfig {
  const typeClass = cursor.utf('class name');
  const registrations: Registration[] = [];
  readOptionalMap(cursor, (name, value) => {
    registrations.push(value === null ? { className: name, serializer: LOST } : readRegistration(value));
  });
  const defaults: { className: string; serializer: string }[] = [];
  readOptionalMap(cursor, (className, value) => {
    defaults.push({ className, serializer: value === null ? LOST : serializerOf(readJavaObject(value)) });
  });
  readOptionalMap(cursor, (className, value) => {
    defaults.push({ className, serializer: value === null ? LOST : value.utf('class of a serializer') });
  });
  return { dialect, typeClass, registrations, defaults };
}

/** In the place of a serializer that the snapshot lost. */
const LOST = '(not in the snapshot)';

/** Kind of a registration's serializer, `KryoRegistration.SerializerDefinitionType`. */
const UNSPECIFIED = 0;
const BY_CLASS = 1;
const BY_INSTANCE = 2;

function readRegistration(cursor: Cursor): Registration {
  const className = cursor.utf('registered class');
  const kind = cursor.i32();
  switch (kind) {
    case UNSPECIFIED:
      return { className, serializer: null };
    case BY_CLASS:
      return { className, serializer: cursor.utf('class of a serializer') };
    case BY_INSTANCE:
      return { className, serializer: serializerOf(readJavaObject(cursor)) };
    default:
      throw cursor.corrupt(`A registration has a serializer of kind 0 to 2, found ${kind}.`, cursor.offset - 4);
  }
}

/** An `ExecutionConfig.SerializableSerializer` wraps the serializer itself. */
export function serializerOf(instance: JavaValue): string {
  if (instance === null || typeof instance !== 'object' || instance.kind !== 'object') return LOST;
  for (const { fields } of instance.classData) {
    const inner = fields.get('serializer');
    if (inner !== null && typeof inner === 'object' && inner.kind === 'object') return inner.className;
  }
  return instance.className;
}

/** Which registrations stand before the job's own. */
export type BaseIds = 'chill' | 'bare';

/** Class ids of one Kryo instance. */
export class ClassIds {
  private readonly byId = new Map<number, Registration>();
  private readonly byName = new Map<string, Registration>();
  private readonly idByName = new Map<string, number>();
  private readonly flinks: ReadonlySet<string>;

  constructor(config: KryoConfig, base: BaseIds) {
    const primitives = primitiveCount(config.dialect);
    PRIMITIVE_IDS.slice(0, primitives).forEach((name, i) => {
      this.add(i, { className: name, serializer: null });
    });
    if (base === 'chill') {
      SCALA_IDS.forEach((name, i) => {
        this.add(FIRST_SCALA_ID + i, { className: name, serializer: null });
      });
      CHILL_IDS.forEach((name, i) => {
        this.add(FIRST_CHILL_ID + i, { className: name, serializer: null });
      });
    }
    this.flinks = new Set(this.byName.keys());
    let next = base === 'chill' ? FIRST_USER_ID : primitives;
    for (const { className, serializer } of config.registrations) {
      const name = registeredName(className);
      // KryoUtils.applyRegistrations: without a serializer of its own, a class that has an id keeps it, and none is used up.
      if (serializer === null && this.byName.has(name)) continue;
      this.add(next++, { className: name, serializer });
    }
  }

  /** Whether Flink or Kryo registered the class before the job could. */
  isFlinks(className: string): boolean {
    return this.flinks.has(className);
  }

  private add(id: number, registration: Registration): void {
    this.byId.set(id, registration);
    this.byName.set(registration.className, registration);
    this.idByName.set(registration.className, id);
  }

  /** The id of a class, by its registered name. */
  idOf(name: string): number | undefined {
    return this.idByName.get(name);
  }

  get(id: number): Registration | undefined {
    return this.byId.get(id);
  }

  /** The registration of a class, by any of its names. */
  of(className: string): Registration | undefined {
    return this.byName.get(registeredName(className));
  }
}
