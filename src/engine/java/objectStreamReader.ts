import { joinBytes } from '../bytes/byteStrings';
import type { Cursor } from '../bytes/cursor';
import { decodeModifiedUtf8 } from '../bytes/modifiedUtf8';
import type { JavaClassDescription, JavaObject, JavaValue } from './javaValue';
import {
  BASE_WIRE_HANDLE,
  SC_BLOCK_DATA,
  SC_ENUM,
  SC_EXTERNALIZABLE,
  SC_SERIALIZABLE,
  SC_WRITE_METHOD,
  STREAM_MAGIC,
  STREAM_VERSION,
  TC_ARRAY,
  TC_BLOCKDATA,
  TC_BLOCKDATALONG,
  TC_CLASS,
  TC_CLASSDESC,
  TC_ENDBLOCKDATA,
  TC_ENUM,
  TC_EXCEPTION,
  TC_LONGSTRING,
  TC_NULL,
  TC_OBJECT,
  TC_PROXYCLASSDESC,
  TC_REFERENCE,
  TC_RESET,
  TC_STRING,
} from './objectStreamConstants';
import { readFieldValue, smallestFieldSize } from './objectStreamFields';

/** More handles than any stream of Flink has; a stream of a few megabytes cannot make the reader hold more than this. */
const MAX_HANDLES = 4_000_000;
/** Classes in one class's line of ancestors. */
const MAX_ANCESTORS = 100;

type Handle =
  | { readonly kind: 'value'; readonly value: JavaValue }
  | { readonly kind: 'description'; readonly description: JavaClassDescription };

/**
 * The grammar of section 6.4.1 of the Java Object Serialization Specification (stream protocol 2), one method for each rule.
 * Handles are given out in the order of that grammar: a class description before its fields, an object before its content.
 */
export class ObjectStreamReader {
  private handles: Handle[] = [];
  private handlesEver = 0;

  constructor(private readonly cursor: Cursor) {}

  /** `short 0xACED, short 5`. */
  header(): void {
    const at = this.cursor.offset;
    const magic = this.cursor.u16();
    if (magic !== STREAM_MAGIC)
      throw this.cursor.corrupt(`A Java object stream starts with ACED, found ${hex(magic, 4)}.`, at);
    const version = this.cursor.u16();
    if (version !== STREAM_VERSION)
      throw this.cursor.error('UNSUPPORTED_VERSION', `Java object stream of version ${version}; known is 5.`, at + 2);
  }

  /** One object, null or reference; block data is refused. */
  object(): JavaValue {
    const at = this.cursor.offset;
    const content = this.content(this.cursor.u8(), at);
    if (content instanceof Uint8Array) throw this.cursor.corrupt('Block data where a Java object should be.', at);
    return content;
  }

  private content(tag: number, at: number): JavaValue | Uint8Array {
    switch (tag) {
      case TC_NULL:
        return null;
      case TC_REFERENCE:
        return this.referencedValue();
      case TC_STRING:
        return this.remember(this.cursor.utf('Java string'));
      case TC_LONGSTRING:
        return this.remember(this.longString());
      case TC_RESET:
        this.handles = [];
        return this.nextContent();
      case TC_BLOCKDATA:
        return this.cursor.take(this.cursor.u8(), 'block of data');
      case TC_BLOCKDATALONG:
        return this.cursor.bytes4('block of data');
      case TC_OBJECT:
        return this.cursor.nested(() => this.newObject(at));
      case TC_ARRAY:
        return this.cursor.nested(() => this.newArray(at));
      case TC_CLASS:
        return this.cursor.nested(() =>
          this.remember({ kind: 'class', description: this.someClassDescription('a class object') }),
        );
      case TC_ENUM:
        return this.cursor.nested(() => this.newEnum());
      case TC_CLASSDESC:
      case TC_PROXYCLASSDESC:
        // A bare ObjectStreamClass: nothing of Flink or the JDK writes one, but the grammar has it.
        return this.cursor.nested(() => ({ kind: 'class', description: this.newClassDescription(tag) }));
      case TC_EXCEPTION:
        throw this.cursor.error('UNREADABLE', 'The writer of this Java object stream failed in its middle.', at);
      default:
        throw this.cursor.corrupt(`Unknown tag ${hex(tag, 2)} in a Java object stream.`, at);
    }
  }

  /** What stands behind a reset; a run of resets is read in a loop, so that it cannot exhaust the stack. */
  private nextContent(): JavaValue | Uint8Array {
    for (;;) {
      const at = this.cursor.offset;
      const tag = this.cursor.u8();
      if (tag !== TC_RESET) return this.content(tag, at);
    }
  }

  /** `classDesc newHandle classdata[]` */
  private newObject(at: number): JavaObject {
    const description = this.someClassDescription('an object');
    if ((description.flags & (SC_SERIALIZABLE | SC_EXTERNALIZABLE)) === 0 || (description.flags & SC_ENUM) !== 0)
      throw this.cursor.corrupt(
        `An object of ${description.name}, whose description is not of a serializable class.`,
        at,
      );
    const object: JavaObject = { kind: 'object', className: description.name, description, classData: [] };
    this.remember(object);
    if ((description.flags & SC_EXTERNALIZABLE) !== 0) {
      if ((description.flags & SC_BLOCK_DATA) === 0) {
        const why = `${description.name} is externalizable in stream protocol 1, which only the class itself can read.`;
        throw this.cursor.error('UNREADABLE', why, at);
      }
      object.classData.push({ description, fields: new Map(), annotations: this.annotations() });
      return object;
    }
    for (const ancestor of lineage(description)) {
      const fields = new Map<string, JavaValue>();
      const data = { description: ancestor, fields, annotations: [] as (JavaValue | Uint8Array)[] };
      object.classData.push(data);
      for (const field of ancestor.fields) fields.set(field.name, this.fieldValue(field.descriptor));
      if ((ancestor.flags & SC_WRITE_METHOD) !== 0) data.annotations = this.annotations();
    }
    return object;
  }

  private fieldValue(descriptor: string): JavaValue {
    return readFieldValue(this.cursor, descriptor, () => this.object());
  }

  /** `classDesc newHandle int size, values[]` */
  private newArray(at: number): JavaValue {
    const description = this.someClassDescription('an array');
    if (description.name[0] !== '[') throw this.cursor.corrupt(`An array whose class is ${description.name}.`, at);
    const element = description.name.slice(1);
    const items: JavaValue[] = [];
    const array = {
      kind: 'array' as const,
      className: description.name,
      description,
      items: items as JavaValue[] | Uint8Array,
    };
    this.remember(array);
    if (element === 'B') {
      array.items = this.cursor.bytes4('Java byte array');
      return array;
    }
    const n = this.cursor.count('elements of a Java array', smallestFieldSize(this.cursor, element));
    for (let i = 0; i < n; i++) items.push(this.fieldValue(element));
    return array;
  }

  /** `classDesc newHandle (String) name` */
  private newEnum(): JavaValue {
    const description = this.someClassDescription('an enum constant');
    const constant = { kind: 'enum' as const, className: description.name, description, constant: '' };
    this.remember(constant);
    constant.constant = this.string('name of an enum constant');
    return constant;
  }

  private longString(): string {
    const length = this.cursor.size('Length of a Java string');
    const at = this.cursor.offset;
    const bytes = this.cursor.take(length, 'Java string');
    try {
      return decodeModifiedUtf8(bytes);
    } catch (e) {
      throw this.cursor.corrupt(`A long Java string is not modified UTF-8: ${e instanceof Error ? e.message : e}`, at);
    }
  }

  private string(what: string): string {
    const at = this.cursor.offset;
    const value = this.object();
    if (typeof value !== 'string') throw this.cursor.corrupt(`A ${what} should be a string.`, at);
    return value;
  }

  /** Objects and block data up to the end mark. Neighbouring blocks are one: where they are cut is the writer's buffer. */
  private annotations(): (JavaValue | Uint8Array)[] {
    const found: (JavaValue | Uint8Array)[] = [];
    let blocks: Uint8Array[] = [];
    for (;;) {
      const at = this.cursor.offset;
      const tag = this.cursor.u8();
      const content = tag === TC_ENDBLOCKDATA ? null : this.content(tag, at);
      if (content instanceof Uint8Array) {
        blocks.push(content);
        continue;
      }
      if (blocks.length > 0) found.push(blocks.length === 1 ? blocks[0] : joinBytes(blocks));
      blocks = [];
      if (tag === TC_ENDBLOCKDATA) return found;
      found.push(content);
    }
  }

  private someClassDescription(of: string): JavaClassDescription {
    const at = this.cursor.offset;
    const description = this.classDescription();
    if (description === null) throw this.cursor.corrupt(`The class description of ${of} is null.`, at);
    return description;
  }

  private classDescription(): JavaClassDescription | null {
    const at = this.cursor.offset;
    const tag = this.cursor.u8();
    if (tag === TC_NULL) return null;
    if (tag === TC_REFERENCE) {
      const handle = this.handle();
      if (handle.kind !== 'description')
        throw this.cursor.corrupt('A reference to a class description leads to something else.', at);
      return handle.description;
    }
    if (tag !== TC_CLASSDESC && tag !== TC_PROXYCLASSDESC)
      throw this.cursor.corrupt(`Tag ${hex(tag, 2)} where a class description should be.`, at);
    return this.cursor.nested(() => this.newClassDescription(tag));
  }

  private newClassDescription(tag: number): JavaClassDescription {
    const description: JavaClassDescription = {
      name: '',
      serialVersionUid: 0n,
      flags: 0,
      fields: [],
      superClass: null,
    };
    if (tag === TC_PROXYCLASSDESC) {
      this.give({ kind: 'description', description });
      const n = this.cursor.count('interfaces of a proxy class', 2);
      const interfaces: string[] = [];
      for (let i = 0; i < n; i++) interfaces.push(this.cursor.utf('interface name'));
      description.name = `$Proxy(${interfaces.join(', ')})`;
      description.flags = SC_SERIALIZABLE;
    } else {
      description.name = this.cursor.utf('class name');
      description.serialVersionUid = this.cursor.i64();
      this.give({ kind: 'description', description });
      description.flags = this.cursor.u8();
      const n = this.cursor.u16();
      for (let i = 0; i < n; i++) {
        const at = this.cursor.offset;
        const type = String.fromCharCode(this.cursor.u8());
        const name = this.cursor.utf('field name');
        const descriptor = type === 'L' || type === '[' ? this.string('type of a field') : type;
        if (descriptor[0] !== type) throw this.cursor.corrupt(`Field ${name} has the type ${descriptor}.`, at);
        smallestFieldSize(this.cursor, descriptor);
        description.fields.push({ name, descriptor });
      }
    }
    // annotateClass writes nothing unless a subclass of ObjectOutputStream says otherwise.
    this.annotations();
    const at = this.cursor.offset;
    const superClass = this.classDescription();
    let ancestors = 1;
    for (let c = superClass; c !== null; c = c.superClass) {
      if (c === description) throw this.cursor.corrupt(`Class ${description.name} is its own superclass.`, at);
      if (++ancestors > MAX_ANCESTORS)
        throw this.cursor.error('LIMIT', `Class ${description.name} has more than ${MAX_ANCESTORS} ancestors.`, at);
    }
    description.superClass = superClass;
    return description;
  }

  private referencedValue(): JavaValue {
    const at = this.cursor.offset;
    const handle = this.handle();
    if (handle.kind === 'description') return { kind: 'class', description: handle.description };
    if (handle.value === null) throw this.cursor.corrupt('A reference leads to nothing.', at);
    return handle.value;
  }

  private handle(): Handle {
    const at = this.cursor.offset;
    const number = this.cursor.i32() - BASE_WIRE_HANDLE;
    const handle = number >= 0 && number < this.handles.length ? this.handles[number] : undefined;
    if (handle === undefined)
      throw this.cursor.corrupt(`Reference to handle ${number}; ${this.handles.length} are given out so far.`, at);
    return handle;
  }

  private remember<T extends JavaValue>(value: T): T {
    this.give({ kind: 'value', value });
    return value;
  }

  private give(handle: Handle): void {
    if (++this.handlesEver > MAX_HANDLES)
      throw this.cursor.error('LIMIT', `A Java object stream with more than ${MAX_HANDLES} objects.`);
    this.handles.push(handle);
  }
}

/** A class and its serializable superclasses, the topmost first. */
function lineage(description: JavaClassDescription): JavaClassDescription[] {
  const line: JavaClassDescription[] = [];
  for (let c: JavaClassDescription | null = description; c !== null; c = c.superClass) line.unshift(c);
  return line;
}

function hex(value: number, digits: number): string {
  return value.toString(16).toUpperCase().padStart(digits, '0');
}
