import type { EngineError } from '../../../bytes/engineError';
import type { JavaValue } from '../../../java/javaValue';
import { toValue } from '../../../java/jdk';
import { ObjectStreamReader } from '../../../java/objectStreamReader';
import { OpaqueValue } from '../../values';
import type { BaseIds, ClassIds, KryoConfig } from './config';
import { type Form, formOf } from './forms';
import type { KryoInput } from './input';
import { startsJavaObject } from './javaObjects';

/** Values that one record may unfold to: shared objects are shown at each place that refers to them. */
const MAX_VALUES = 1_000_000;

/** An object that later references may mean. */
interface Tracked {
  readonly className: string;
  done: boolean;
  value: unknown;
  /** Number of values that it unfolds to. */
  size: number;
}

/**
 * Reads one record: what `Kryo.readClassAndObject` reads with references on, as Flink sets them.
 *
 * A class is a varint: 0 null, 1 a name (varint number of the name, and the name itself where the number is new), any other is
 * 2 + class id. An object of a class that Kryo tracks has a varint in front: 0 null, 1 a new object, else 2 + number of an
 * earlier one of the record. Sources: Kryo, DefaultClassResolver, MapReferenceResolver of Kryo 2.24 and 5.6.
 */
export class KryoGraph {
  private readonly names: string[] = [];
  private readonly tracked: Tracked[] = [];
  private readonly javaStreams = new Map<string, ObjectStreamReader>();
  private readonly javaClasses = new Set<string>();
  private values = 0;

  constructor(
    readonly input: KryoInput,
    readonly config: KryoConfig,
    private readonly ids: ClassIds,
    readonly base: BaseIds,
  ) {}

  /** A class, by its registered name; null for null. */
  readClass(): string | null {
    const at = this.input.cursor.offset;
    const code = this.input.varint();
    if (code === 0) return null;
    if (code === 1) return this.readName();
    const registration = this.ids.get(code - 2);
    if (registration === undefined)
      throw this.input.cursor.error(
        'UNREADABLE',
        `Kryo's class id ${code - 2} is of no class that the snapshot has.`,
        at,
      );
    return registration.className;
  }

  private readName(): string {
    const at = this.input.cursor.offset;
    const number = this.input.varint();
    if (number >= 0 && number < this.names.length) return this.names[number];
    if (number !== this.names.length)
      throw this.input.cursor.corrupt(`Class name ${number} where ${this.names.length} is the next new one.`, at);
    const name = this.input.text('class name');
    this.names.push(name);
    return name;
  }

  /** A class and an object of it, or null. */
  readClassAndObject(): unknown {
    return this.readObjectOf(this.readClass());
  }

  /** The same, and whether it is of a class of text; UUIDs, characters and others are shown as strings and are none. */
  readClassified(): { value: unknown; isText: boolean } {
    const className = this.readClass();
    return { value: this.readObjectOf(className), isText: className !== null && TEXTS.has(className) };
  }

  private readObjectOf(className: string | null): unknown {
    if (className === null) {
      this.count(1);
      return null;
    }
    return this.readObject(className);
  }

  /** An object of a class that is known without the bytes; `nullable` where it may be null (`readObjectOrNull`). */
  readObject(className: string, nullable = false): unknown {
    const { cursor } = this.input;
    const form = this.form(className);
    const tracks = form === null || form.tracked !== false;
    if (nullable || tracks) {
      const at = cursor.offset;
      const code = this.input.varint();
      if (code === 0) {
        if (!nullable) throw cursor.corrupt('A reference of Kryo is 0 where no null can be.', at);
        this.count(1);
        return null;
      }
      if (tracks && code !== 1) return this.refer(code - 2, className, form, at);
      if (code !== 1) throw cursor.corrupt(`A value that is not null starts with 1, found ${code}.`, at);
    }
    if (form !== null && !tracks) return this.readForm(form, className);
    const entry: Tracked = { className, done: false, value: null, size: 0 };
    this.tracked.push(entry);
    const before = this.values;
    entry.value = form === null ? this.readUnknown(className) : this.readForm(form, className);
    entry.size = this.values - before;
    entry.done = true;
    return entry.value;
  }

  private readForm(form: Form, className: string): unknown {
    this.count(1);
    return this.input.cursor.nested(() => form.read(this, className));
  }

  private refer(number: number, className: string, form: Form | null, at: number): unknown {
    const target = this.tracked[number];
    if (target === undefined || target.className !== className) {
      // An enum of the job's own looks like this with Kryo 5, which does not track enums.
      if (form === null) throw this.unreadable(className, 'its class would be needed to read it');
      throw this.input.cursor.corrupt(`Reference to object ${number}, which is not a ${className} of this record.`, at);
    }
    if (!target.done) return new OpaqueValue(new Uint8Array(0), `Leads back to the ${className} that contains it.`);
    this.count(Math.max(1, target.size));
    return target.value;
  }

  private count(values: number): void {
    this.values += values;
    if (this.values > MAX_VALUES)
      throw this.input.cursor.error('LIMIT', 'A record of Kryo unfolds to more values than the engine follows.');
  }

  /** A class without a form: Kryo would take the class's own fields, or Java serialization for a Throwable. */
  private readUnknown(className: string): unknown {
    this.count(1);
    const { cursor } = this.input;
    const known = this.javaClasses.has(className);
    if (startsJavaObject(cursor, className, this.javaStreams.has(THROWABLES), known)) {
      this.javaClasses.add(className);
      return this.readJava(THROWABLES);
    }
    throw this.unreadable(className, 'FieldSerializer, which needs the class itself');
  }

  /** One object of Java serialization. The objects that one Kryo serializer writes share a stream. */
  readJava(serializer: string): unknown {
    return toValue(this.readJavaObject(serializer));
  }

  /** The same as data of the stream. */
  readJavaObject(serializer: string): JavaValue {
    let stream = this.javaStreams.get(serializer);
    if (stream === undefined) {
      stream = new ObjectStreamReader(this.input.cursor);
      stream.header();
      this.javaStreams.set(serializer, stream);
    }
    return stream.object();
  }

  unreadable(className: string, serializer: string): EngineError {
    return this.input.cursor.error(
      'UNREADABLE',
      `The bytes of ${className} are known to its Kryo serializer alone: ${serializer}.`,
    );
  }

  form(className: string): Form | null {
    return formOf(className, this);
  }

  /** The serializer class that the job registered for a class, or null. */
  registeredSerializer(className: string): string | null {
    return this.ids.of(className)?.serializer ?? null;
  }

  /** Whether Flink itself registers the class, so that no default serializer of the job counts for it. */
  isRegisteredByFlink(className: string): boolean {
    return this.ids.isFlinks(className);
  }
}

const TEXTS: ReadonlySet<string> = new Set(['java.lang.String', 'java.lang.StringBuilder', 'java.lang.StringBuffer']);

/** The one Java serializer that Flink gives all Throwables. */
const THROWABLES = 'java.lang.Throwable';
