import type { Cursor } from '../bytes/cursor';
import type { JavaValue } from './javaValue';

/** Least bytes that a value of a JVM type descriptor takes in a stream; `CORRUPT` for what is no descriptor. */
export function smallestFieldSize(cursor: Cursor, descriptor: string): number {
  switch (descriptor[0]) {
    case 'Z':
    case 'B':
    case 'L':
    case '[':
      return 1;
    case 'C':
    case 'S':
      return 2;
    case 'I':
    case 'F':
      return 4;
    case 'J':
    case 'D':
      return 8;
    default:
      throw cursor.corrupt(`"${descriptor}" is no type of a Java field.`);
  }
}

/** One field or array element: primitives as they are, big-endian; anything else by `readObject`. */
export function readFieldValue(cursor: Cursor, descriptor: string, readObject: () => JavaValue): JavaValue {
  switch (descriptor[0]) {
    case 'Z':
      return cursor.u8() !== 0;
    case 'B':
      return cursor.i8();
    case 'C':
      return String.fromCharCode(cursor.u16());
    case 'S':
      return cursor.i16();
    case 'I':
      return cursor.i32();
    case 'J':
      return cursor.i64();
    case 'F':
      return cursor.f32();
    case 'D':
      return cursor.f64();
    default:
      return readObject();
  }
}
