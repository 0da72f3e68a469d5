import { EngineError } from '../bytes/engineError';
import type { Sink } from '../bytes/sink';
import type { JavaArray, JavaClassDescription, JavaObject, JavaValue } from './javaValue';
import {
  BASE_WIRE_HANDLE,
  SC_WRITE_METHOD,
  STREAM_MAGIC,
  STREAM_VERSION,
  TC_ARRAY,
  TC_BLOCKDATA,
  TC_CLASS,
  TC_CLASSDESC,
  TC_ENDBLOCKDATA,
  TC_ENUM,
  TC_NULL,
  TC_OBJECT,
  TC_REFERENCE,
  TC_STRING,
} from './objectStreamConstants';

/** Longest piece of block data with a length of one byte. */
const MAX_BLOCK = 255;

/**
 * Writes one stream of Java's object serialization that holds exactly one object, as `InstantiationUtil.serializeObject` does:
 * header `AC ED 00 05`, then the object. Source: Java Object Serialization Specification, chapter 6; java.io.ObjectOutputStream.
 *
 * An object that is met again (the same one, not an equal one) is a reference, as it is in Java. Of strings equal ones count as
 * the same: those of a class file are. Class descriptions are the same if they have the same name.
 */
export function writeJavaObject(sink: Sink, value: JavaValue): void {
  sink.i16(STREAM_MAGIC);
  sink.i16(STREAM_VERSION);
  new ObjectStreamWriter(sink).object(value);
}

class ObjectStreamWriter {
  /** Handles of objects by identity, of strings by value. */
  private readonly values = new Map<JavaValue, number>();
  /** Handles of class descriptions by name. */
  private readonly descriptions = new Map<string, number>();
  private next = BASE_WIRE_HANDLE;

  constructor(private readonly sink: Sink) {}

  object(value: JavaValue): void {
    if (value === null) {
      this.sink.u8(TC_NULL);
      return;
    }
    const handle = this.values.get(value);
    if (handle !== undefined) {
      this.reference(handle);
      return;
    }
    if (typeof value === 'string') {
      this.sink.u8(TC_STRING);
      this.values.set(value, this.next++);
      this.sink.utf(value);
      return;
    }
    if (typeof value !== 'object') throw new EngineError('INTERNAL', `A primitive ${typeof value} is no Java object.`);
    switch (value.kind) {
      case 'object':
        this.newObject(value);
        break;
      case 'array':
        this.newArray(value);
        break;
      case 'enum':
        this.sink.u8(TC_ENUM);
        this.description(value.description);
        this.values.set(value, this.next++);
        this.object(value.constant);
        break;
      case 'class':
        this.sink.u8(TC_CLASS);
        this.description(value.description);
        this.values.set(value, this.next++);
    }
  }

  private reference(handle: number): void {
    this.sink.u8(TC_REFERENCE);
    this.sink.i32(handle);
  }

  private newObject(object: JavaObject): void {
    this.sink.u8(TC_OBJECT);
    this.description(object.description);
    this.values.set(object, this.next++);
    for (const { description, fields, annotations } of object.classData) {
      for (const { name, descriptor } of description.fields) this.field(descriptor, fields.get(name) ?? null);
      if ((description.flags & SC_WRITE_METHOD) === 0) continue;
      for (const item of annotations) {
        if (item instanceof Uint8Array) this.block(item);
        else this.object(item);
      }
      this.sink.u8(TC_ENDBLOCKDATA);
    }
  }

  private newArray(array: JavaArray): void {
    this.sink.u8(TC_ARRAY);
    this.description(array.description);
    this.values.set(array, this.next++);
    if (array.items instanceof Uint8Array) {
      this.sink.bytes4(array.items);
      return;
    }
    this.sink.i32(array.items.length);
    for (const item of array.items) this.field(array.className.slice(1), item);
  }

  private block(bytes: Uint8Array): void {
    if (bytes.length > MAX_BLOCK)
      throw new EngineError('INTERNAL', 'A block of data is longer than any that is written.');
    this.sink.u8(TC_BLOCKDATA);
    this.sink.u8(bytes.length);
    this.sink.raw(bytes);
  }

  private description(description: JavaClassDescription | null): void {
    if (description === null) {
      this.sink.u8(TC_NULL);
      return;
    }
    const handle = this.descriptions.get(description.name);
    if (handle !== undefined) {
      this.reference(handle);
      return;
    }
    const { sink } = this;
    sink.u8(TC_CLASSDESC);
    sink.utf(description.name);
    sink.i64(description.serialVersionUid);
    this.descriptions.set(description.name, this.next++);
    sink.u8(description.flags);
    sink.i16(description.fields.length);
    for (const { name, descriptor } of description.fields) {
      sink.u8(descriptor.charCodeAt(0));
      sink.utf(name);
      if (descriptor[0] === 'L' || descriptor[0] === '[') this.object(descriptor);
    }
    sink.u8(TC_ENDBLOCKDATA);
    this.description(description.superClass);
  }

  private field(descriptor: string, value: JavaValue): void {
    switch (descriptor) {
      case 'Z':
        this.sink.bool(value === true);
        return;
      case 'B':
        this.sink.u8(Number(value));
        return;
      case 'C':
        this.sink.i16(String(value).charCodeAt(0));
        return;
      case 'S':
        this.sink.i16(Number(value));
        return;
      case 'I':
        this.sink.i32(Number(value));
        return;
      case 'J':
        this.sink.i64(typeof value === 'bigint' ? value : 0n);
        return;
      case 'F':
        this.sink.f32(Number(value));
        return;
      case 'D':
        this.sink.f64(Number(value));
        return;
      default:
        this.object(value);
    }
  }
}
