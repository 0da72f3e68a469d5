import type { Form } from './forms';
import type { KryoGraph } from './graph';

/** Forms of arrays (`DefaultArraySerializers`): varint `length + 1`, 0 for null, then the elements. */

function elements(what: string, minimum: number, read: (graph: KryoGraph) => unknown): Form {
  return {
    final: true,
    read(graph) {
      const length = graph.input.varint();
      if (length === 0) return null;
      const n = graph.input.count(what, length - 1);
      if (n * minimum > graph.input.cursor.remaining) graph.input.cursor.need(n * minimum, what);
      return Array.from({ length: n }, () => read(graph));
    },
  };
}

/** By the letter of the JVM's descriptor. Ints and longs are zigzag varints, all others of fixed width. */
const PRIMITIVE_ARRAYS: Readonly<Record<string, Form>> = {
  B: {
    final: true,
    read({ input }) {
      const length = input.varint();
      return length === 0 ? null : input.cursor.take(input.count('bytes', length - 1), 'byte[]');
    },
  },
  C: elements('chars', 2, ({ input }) => input.char()),
  S: elements('shorts', 2, ({ input }) => input.short()),
  I: elements('ints', 1, ({ input }) => input.zigzag()),
  J: elements('longs', 1, ({ input }) => input.zigzagLong()),
  F: elements('floats', 4, ({ input }) => input.float()),
  D: elements('doubles', 8, ({ input }) => input.double()),
  Z: elements('booleans', 1, ({ input }) => input.cursor.bool('boolean')),
};

/** Elements whose class the array's own class says, each possibly null. */
const ofOneClass = (className: string): Form => elements('elements', 1, (graph) => graph.readObject(className, true));

/** Elements with their classes. */
const ofAnyClass = elements('elements', 1, (graph) => graph.readClassAndObject());

/** Classes and interfaces that are not final, beside those whose forms say it. */
const OPEN_CLASSES = new Set(
  (
    'java.lang.Object java.lang.Number java.lang.Comparable java.lang.CharSequence java.lang.Iterable java.lang.Throwable ' +
    'java.io.Serializable java.util.Collection java.util.List java.util.Set java.util.Map java.util.Queue java.util.Deque ' +
    'java.util.SortedMap java.util.SortedSet java.util.Map$Entry java.lang.Exception java.time.temporal.Temporal'
  ).split(' '),
);

/** The form of an array by its JVM name, `[I` or `[Ljava.lang.String;`; null for any other class. */
export function arrayForm(className: string): Form | null {
  if (!className.startsWith('[')) return null;
  const component = className.slice(1);
  const primitive = PRIMITIVE_ARRAYS[component];
  if (primitive !== undefined) return primitive;
  // An array class is always final, so an array of arrays holds exactly arrays of its component.
  if (component.startsWith('[')) return ofOneClass(component);
  const name = component.slice(1, -1);
  if (!component.startsWith('L') || !component.endsWith(';') || name === '') return null;
  if (OPEN_CLASSES.has(name)) return ofAnyClass;
  return {
    final: true,
    read(graph, array) {
      const form = graph.form(name);
      if (form === null) return readOfUnknown(graph, array);
      return (form.final === true || form.tracked === false ? ofOneClass(name) : ofAnyClass).read(graph, array);
    },
  };
}

/** Whether the job's class is final is not in the bytes; the array can only be read where that makes no difference. */
function readOfUnknown(graph: KryoGraph, className: string): unknown {
  const length = graph.input.varint();
  if (length === 0) return null;
  if (length === 1) return [];
  throw graph.unreadable(className, 'ObjectArraySerializer, which needs to know whether the class has subclasses');
}
