/**
 * What an `ObjectInputStream` would find in a stream of Java's object serialization, as data: no class is loaded and nothing
 * runs. Source: Java Object Serialization Specification, version 6.0, chapter 6 (stream protocol 2).
 */
export type JavaValue =
  | null
  | boolean
  /** byte, short, int, float, double. */
  | number
  /** long. */
  | bigint
  /** String; a char is a string of one UTF-16 unit. */
  | string
  | JavaObject
  | JavaArray
  | JavaEnum
  | JavaClass;

export interface JavaField {
  name: string;
  /** JVM descriptor: `I`, `J`, `Ljava/lang/String;`, `[B` … */
  descriptor: string;
}

/** A class descriptor (`ObjectStreamClass`). */
export interface JavaClassDescription {
  name: string;
  serialVersionUid: bigint;
  /** SC_WRITE_METHOD 1, SC_SERIALIZABLE 2, SC_EXTERNALIZABLE 4, SC_BLOCK_DATA 8, SC_ENUM 16. */
  flags: number;
  fields: JavaField[];
  superClass: JavaClassDescription | null;
}

/** What one class of an object's hierarchy wrote. */
export interface JavaClassData {
  description: JavaClassDescription;
  fields: Map<string, JavaValue>;
  /** What `writeObject` or `writeExternal` wrote beyond the fields, in order: objects, and block data as bytes. */
  annotations: (JavaValue | Uint8Array)[];
}

export interface JavaObject {
  kind: 'object';
  className: string;
  description: JavaClassDescription;
  /** From the topmost serializable superclass down to the class itself. The object may contain itself. */
  classData: JavaClassData[];
}

export interface JavaArray {
  kind: 'array';
  /** JVM name of the array class: `[B`, `[Ljava.lang.Object;` … */
  className: string;
  description: JavaClassDescription;
  /** A `Uint8Array` for `byte[]`. */
  items: JavaValue[] | Uint8Array;
}

export interface JavaEnum {
  kind: 'enum';
  className: string;
  description: JavaClassDescription;
  constant: string;
}

export interface JavaClass {
  kind: 'class';
  description: JavaClassDescription;
}

/** The value of a field, looked for from the class itself upwards; undefined where no class of the object has it. */
export function javaField(object: JavaObject, name: string): JavaValue | undefined {
  for (let i = object.classData.length - 1; i >= 0; i--) {
    const value = object.classData[i].fields.get(name);
    if (value !== undefined) return value;
  }
  return undefined;
}
